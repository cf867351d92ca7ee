# SPDX-License-Identifier: Apache-2.0
"""Plugins in Rust: the crates of the SDK, the template built outside the tree with cargo alone, panics at the edge."""
import json
import os
import pathlib
import shutil

from test_sdk_outside import FILES, ID, conforms, digest, installed, new, plugin, sanitizers, sdk

PANIC = """\
    use tfa::{Call, Result, Value};
    tfa::manifest!();
    struct Panics;
    impl tfa::Plugin for Panics {
        fn start(_: &Call) -> Result<Self> { Ok(Panics) }
    }
    impl tfa::Component for Panics {
        fn validate<'c>(&self, call: &'c Call, config: Value<'c>, _: Value<'c>) -> Result<()> {
            let owner = config.get("owner");
            if owner.as_str() == Ok("panic") {
                let nothing: Option<i32> = None;
                nothing.unwrap();
            }
            call.finding(codes::TAG0001, owner).message("still here").report()
        }
        fn generate<'c>(&self, call: &'c Call, _: Value<'c>, _: Value<'c>) -> Result<Value<'c>> {
            Ok(Value::none(call))
        }
    }
    tfa::plugin!(Panics: component);
    """


def cargo(t, *argv, cwd, **env):
    """cargo as the user has it; nothing is fetched."""
    program = shutil.which("cargo")
    if not program:
        t.skip("cargo is not here")
    home = pathlib.Path.home()
    env.setdefault("CARGO_TARGET_DIR", installed["folder"] / "rust")
    return t.run(*argv, program=program, cwd=cwd, timeout=300, env={
        "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", home / ".rustup"),
        "CARGO_HOME": os.environ.get("CARGO_HOME", home / ".cargo"),
        "CARGO_NET_OFFLINE": "true", "TFA_SDK_PREFIX": sdk(t), **env})


def unit_tests(t, folder, **env):
    """Runs those of a template, which link the test kit."""
    if sanitizers(t):
        t.skip("the test kit of this build needs the runtime of a sanitizer, which rustc does not link")
    return cargo(t, "test", cwd=folder, **env).ok()


def source(t):
    """What `plugin new` writes. A target folder serves all tests, so the package has one path."""
    sdk(t)
    folder = installed["folder"] / "rust-source"
    shutil.rmtree(folder, ignore_errors=True)
    return new(t, "rust", folder=folder)


def repository(t, library, owner="nobody"):
    repo = t.repo(dict(FILES, **{"stacks/dev.yaml": FILES["stacks/dev.yaml"].replace("owner: nobody", "owner: " + owner)}))
    (repo / "plugins.d").mkdir()
    shutil.copy(library, repo / "plugins.d/tag-policy.so")
    os.chmod(repo / "plugins.d/tag-policy.so", 0o644)
    t.run("plugin", "enable", ID, cwd=repo).ok()
    return repo


def built(t, folder):
    cargo(t, "build", "--release", cwd=folder).ok()
    return installed["folder"] / "rust/release/libtag_policy.so"


def test_the_crates_fit_the_headers(t):
    sdk(t)
    r = cargo(t, "test", "--locked", "-p", "tfa", "-p", "tfa-build", cwd=t.root / "sdk/rust").ok()
    t.contains(r.out, "layouts_are_those_of_the_headers ... ok")
    t.contains(r.out, "every_mistake_names_its_key ... ok")


def test_the_template_builds_and_its_tests_pass(t):
    r = unit_tests(t, source(t))
    t.contains(r.out, "4 passed; 0 failed")


def test_the_same_metadata_and_findings_as_in_c(t):
    library = built(t, source(t))
    conforms(t, library)
    manifests = [t.run("plugin", "manifest", path).ok().json() for path in (library, plugin(t))]
    t.equal(manifests[0], manifests[1], "static metadata")
    answers = []
    for path in (library, plugin(t)):
        r = t.run("validate", "--format", "json", cwd=repository(t, path)).fails()
        answers.append(r.out.replace(digest(pathlib.Path(path)), ""))
    t.contains(answers[0], 'the owner \\"nobody\\" is not an e-mail address')
    t.equal(answers[0], answers[1], "findings")
    repo = repository(t, library, "team@example.com")
    made = t.run("terraform", "generate", "varfile", "app", "-s", "dev", "--file", "vars.json", cwd=repo).ok()
    t.equal(json.loads((repo / "vars.json").read_text())["tags"], {"Owner": "team@example.com", "CostCenter": "cc-1"}, made)


def test_a_panic_is_one_finding_and_the_run_goes_on(t):
    folder = source(t)
    (folder / "src/lib.rs").write_text(PANIC)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest.update(provides=["tfa.component/1"], checks=[], aws_actions=[])
    (folder / "manifest.json").write_text(json.dumps(manifest))
    repo = repository(t, built(t, folder), "panic")
    path = repo / "stacks/dev.yaml"
    path.write_text(path.read_text().replace("cost_center: cc-1", "cost_center: cc-1\n        other:\n"
                                             "          metadata: { component: app }\n"
                                             "          settings: { tag-policy: { owner: calm } }\n        last: {}")
                    .replace("        last: {}\n", ""))
    r = t.run("validate", cwd=repo).fails()
    text = r.out + r.err
    t.equal(text.count("could not validate component"), 1, text)
    t.check("panicked at" not in text, "a panic was printed:\n%s" % text)
    debug = t.run("validate", cwd=repo, env={"TF_ATMOS_LOGS_LEVEL": "Debug"}).fails()
    t.contains(debug.err, "the plugin panicked")
    t.contains(debug.err, "src/lib.rs:")


FILES_OF_THE_KIT = """
#[test]
fn answers_and_golden_files() {
    let mut kit = kit();
    kit.intent(INTENT);
    kit.set_time(1);
    kit.aws_load(concat!(env!("CARGO_MANIFEST_DIR"), "/answers.json"));
    kit.run_checks().unwrap();
    assert!(kit.report().contains("pass TAG-01"), "{}", kit.report());
    assert!(kit.golden(concat!(env!("CARGO_MANIFEST_DIR"), "/all.golden")));
    kit.clear();
    assert!(!kit.golden(concat!(env!("CARGO_MANIFEST_DIR"), "/all.golden")));
}
"""


def test_files_of_the_test_kit(t):
    folder = source(t)
    with open(folder / "src/tests.rs", "a", encoding="utf-8") as tests:
        tests.write(FILES_OF_THE_KIT)
    t.write(folder, {"answers.json": json.dumps([{"action": "organizations:DescribeOrganization",
                                                  "body": {"Organization": {"Id": "o-exampleorg1"}}}])})
    golden = ('items [{"id":"TAG-01"}]\nrequest organizations:DescribeOrganization to self POST /\n'
              'pass TAG-01 in self at /organization expected "o-exampleorg1" actual "o-exampleorg1"\n')
    t.write(folder, {"all.golden": golden})
    t.contains(unit_tests(t, folder).out, "5 passed; 0 failed")


RECORDING = """
use std::cell::RefCell;
use std::rc::Rc;
use tfa_testkit::{Answer, Request};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/recorded.json");
const HERE: &str = r#"{"Organization":{"Id":"o-exampleorg1"}}"#;

#[test]
fn recorded_answers_are_played_again() {
    let asked: Rc<RefCell<Vec<Request>>> = Rc::default();
    let seen = asked.clone();
    let mut kit = kit();
    kit.intent(INTENT);
    kit.aws_ask(move |request| {
        seen.borrow_mut().push(request.clone());
        Some(match seen.borrow().len() {
            1 => Answer::new(200, HERE),
            2 => Answer { error_code: "AccessDeniedException".into(), ..Answer::new(403, "<html>") },
            _ => return None,
        })
    });
    for _ in 0..3 {
        kit.run_checks().unwrap();
    }
    kit.aws_save(RECORDED);
    let outcomes = |kit: &Kit| kit.results().iter().map(|r| r.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes(&kit), [Outcome::Pass, Outcome::Unknown, Outcome::Unknown]);
    assert_eq!(asked.borrow().len(), 3);
    assert_eq!(kit.requests(), *asked.borrow());
    let first = &asked.borrow()[0];
    assert_eq!((first.action.as_str(), first.method.as_str(), first.path.as_str()), (ACTION, "POST", "/"));

    let mut again = self::kit();
    again.intent(INTENT);
    again.aws_load(RECORDED);
    for _ in 0..3 {
        again.run_checks().unwrap();
    }
    assert_eq!(again.report(), kit.report());
    // What is scripted comes first, and nobody is asked once recording has ended.
    kit.aws_ask_nobody();
    assert_eq!(Rc::strong_count(&asked), 1);
    kit.run_checks().unwrap();
    assert_eq!(asked.borrow().len(), 3);
    assert!(kit.misuses().is_empty() && again.misuses().is_empty());
}

#[test]
fn who_is_asked_may_change() {
    let mut one = kit();
    let mut other = kit();
    one.intent(INTENT);
    one.aws_ask(|_| Some(Answer::new(500, "")));
    one.aws_ask(|request| (request.action == ACTION).then(|| Answer::new(200, HERE)));
    // A kit is a value: what it asks goes along.
    std::mem::swap(&mut one, &mut other);
    drop(one);
    other.run_checks().unwrap();
    assert_eq!(other.results()[0].outcome, Outcome::Pass);
}

#[test]
#[should_panic(expected = "nobody knows organizations:DescribeOrganization")]
fn a_panic_of_who_is_asked_is_one_of_the_test() {
    let mut kit = kit();
    kit.intent(INTENT);
    kit.aws_ask(|request| panic!("nobody knows {}", request.action));
    let _ = kit.run_checks();
    unreachable!();
}

#[test]
#[should_panic(expected = "holds no NUL")]
fn a_text_that_cannot_be_is_one_too() {
    let mut kit = kit();
    kit.intent(INTENT);
    kit.aws_ask(|_| Some(Answer::new(200, "a\\0b")));
    let _ = kit.run_checks();
}
"""


def test_recording_with_the_test_kit(t):
    folder = source(t)
    with open(folder / "src/tests.rs", "a", encoding="utf-8") as tests:
        tests.write(RECORDING)
    t.contains(unit_tests(t, folder).out, "8 passed; 0 failed")
    recorded = json.loads((folder / "recorded.json").read_text())
    t.equal([(a["action"], a.get("status"), a.get("error_code"), a.get("body"), a.get("text"), a["times"]) for a in recorded],
            [("organizations:DescribeOrganization", 200, None, {"Organization": {"Id": "o-exampleorg1"}}, None, 1),
             ("organizations:DescribeOrganization", 403, "AccessDeniedException", None, "<html>", 1)], "recorded")


def test_a_name_that_is_a_keyword(t):
    sdk(t)
    folder = new(t, "rust", "match")
    t.contains(unit_tests(t, folder, CARGO_TARGET_DIR=t.tmp / "target").out, "4 passed; 0 failed")


def test_mistakes_in_the_manifest_end_the_build_with_the_key(t):
    folder = source(t)
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace("TAG0002", "TAG2"))
    r = cargo(t, "build", cwd=folder).fails()
    t.contains(r.err, 'manifest.json: codes[1].code: "TAG2" is not the code_prefix and four digits (TAG0001)')
