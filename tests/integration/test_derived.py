# SPDX-License-Identifier: Apache-2.0
"""What follows from manifests at the edges: own component types, stacks of which nothing is shown, malformed needs, arguments from outside."""
import re

from harness import atmos_yaml

CONFIG = atmos_yaml()
DEV = "vars: { stage: dev }\ncomponents: { terraform: { vpc: {} } }\n"
FULL = {"ATMOS_DESCRIBE_COMPONENT_FILTER": "full"}


def repo(t, *texts):
    files = {"stacks/deploy/%c.yaml" % (ord("a") + i): text for i, text in enumerate(texts)}
    return t.repo({"atmos.yaml": CONFIG, **files})


def describe(t, top, component="vpc", stack="dev", env=None):
    return t.run("describe", "component", component, "-s", stack, "--format", "json", cwd=top, env={**FULL, **(env or {})})


def test_own_component_types_keep_what_they_are_given(t):
    top = repo(t, "vars: { stage: dev }\nscript: { vars: { of: type } }\ncomponents:\n  script:\n"
               "    base: { metadata: { type: abstract }, steps: { a: 1, b: 1 }, stack: mine }\n"
               "    job: { metadata: { inherits: [base] }, steps: { b: !unset '' , c: 2 }, every: day }\n")
    r = describe(t, top, "job").ok()
    t.equal(r.err, "", "stderr")
    job = r.json()
    t.equal(job["steps"], {"a": 1, "c": 2})
    t.equal(job["every"], "day")
    t.equal(job["vars"], {"stage": "dev", "of": "type"})
    t.equal(job["stack"], "dev", "what is derived is not replaced")
    # No list has them, as describe stacks.
    t.equal(t.run("describe", "stacks", "--format", "json", cwd=top).ok().json(), {})
    # What this version cannot evaluate is said there, too.
    top = repo(t, "vars: { stage: dev }\ncomponents: { script: { job: { every: !env DAY } } }\n")
    describe(t, top, "job").fails(65).says("stack/unsupported", "stacks/deploy/a.yaml:2:")
    # It makes two definitions differ.
    job = "vars: { stage: dev }\ncomponents: { script: { job: { every: %s } } }\n"
    describe(t, repo(t, job % "day", job % "day"), "job").ok()
    describe(t, repo(t, job % "day", job % "week"), "job").fails(65).says("stack/duplicate-component")


def test_stacks_of_which_nothing_is_shown(t):
    top = repo(t, DEV, DEV.replace("dev", "prod"), "vars: { stage: void }\n")

    def shown(*args):
        return t.run("describe", "stacks", "--format", "json", *args, cwd=top).ok().json()

    t.equal(shown("--components", "none"), {})
    # Without a component nobody knows the name that a rule gives.
    t.equal(shown("--components", "none", "--include-empty-stacks"), {})
    t.equal(sorted(shown("--include-empty-stacks", "--stack", "deploy/a")), ["dev"])
    # Components of which nothing is left make no stack, unless that is asked for.
    t.equal(shown("--sections", "test"), {})
    t.equal(shown("--sections", "test", "--include-empty-stacks")["prod"], {"components": {"terraform": {"vpc": {}}}})
    # A name of its own needs no component.
    top = repo(t, DEV, "name: own\nvars: { stage: void }\n", "name: own\n", "name: other\n" + DEV)
    own = {"components": {}}
    t.equal(shown(), {k: v for k, v in shown().items() if k in ("dev", "other")})
    t.equal(sorted(shown("--include-empty-stacks")), ["dev", "other", "own"])
    t.equal(shown("--include-empty-stacks", "--components", "none"), {"other": own, "own": own})
    t.equal(shown("--include-empty-stacks", "--stack", "own"), {"own": own})


def test_arguments_for_terraform_from_outside(t):
    top = repo(t, DEV)
    plain = describe(t, top).ok().json()
    t.equal([key for key in plain if key.startswith("env_tf_cli")], [])
    t.equal(sorted(plain["atmos_cli_config"]), ["base_path", "components", "stacks", "workflows"])
    words = """-lock=false -var n=5 '-var=text=a b' -var tags={"a":"b c"} -var bad -var"""
    shown = describe(t, top, env={"TF_CLI_ARGS": words}).ok().json()
    t.equal(shown["env_tf_cli_args"],
            ["-lock=false", "-var", "n=5", "-var=text=a b", "-var", 'tags={"a":"b c"}', "-var", "bad", "-var"])
    t.equal(shown["env_tf_cli_vars"], {"n": 5, "text": "a b", "tags": {"a": "b c"}})
    t.check("env_tf_cli_vars" not in describe(t, top, env={"TF_CLI_ARGS": "-lock=false"}).ok().json(), "no variables")


def test_validate_stacks_without_a_folder(t):
    top = t.repo({"atmos.yaml": CONFIG})
    t.run("validate", "stacks", cwd=top).ok().prints("warning[config/folder-missing]", "atmos.yaml:3:14")
    t.run("validate", "stacks", "--strict", cwd=top).fails(1)
    t.run("describe", "stacks", cwd=top).fails(78).says("error[config/folder-missing]")
    t.run("validate", "stacks", cwd=t.repo({"a": ""})).fails(78).says("config/not-found")


def test_a_name_that_is_no_text(t):
    for name, kind in (("[x]", "a list"), ("{a: x}", "a map")):
        r = t.run("list", "stacks", cwd=repo(t, "name: %s\n%s" % (name, DEV))).fails(65)
        r.says("stack/bad-section", '"name" must be a string, but is ' + kind, "stacks/deploy/a.yaml:1:7")


def test_needs_that_name_nothing(t):
    text = "vars: { stage: dev }\ncomponents:\n  terraform:\n    vpc: {}\n    app:\n      %s\n"
    legacy, new = "settings: { depends_on: %s }", "dependencies: { %s }"
    for line, column, words in (
            (legacy % "[vpc]", 32, "must hold maps that have component, file or folder"),
            (legacy % "{1: vpc}", 35, "must hold maps"),
            (legacy % "{1: {stack: dev}}", 35, "must hold maps"),
            (legacy % "{component: vpc}", 43, "number what is needed: 1: {component: name}"),
            (legacy % "vpc", 31, "must be a map or a list of maps"),
            (new % "components: vpc", 35, "must be a list of maps"),
            (new % "components: [vpc]", 36, "must hold maps that have component, or kind and path"),
            (new % "components: [{stack: dev}]", 36, "must hold maps"),
            (new % "files: a.txt", 30, '"dependencies.files" of component "app" must be a list of paths'),
            (new % "folders: [{a: b}]", 32, '"dependencies.folders"')):
        top = repo(t, text % line)
        r = t.run("describe", "stacks", cwd=top).ok().says("warning[stack/bad-dependency]", '"app"', words)
        t.equal(re.findall(r"--> (\S+)", r.err), ["stacks/deploy/a.yaml:6:%d" % column], line)
        t.run("validate", "stacks", "--strict", cwd=top).fails(1).prints("error[stack/bad-dependency]")
        t.equal(t.run("describe", "dependents", "vpc", "-s", "dev", cwd=top).ok().json(), [], line)
    for line in (legacy % "[{component: vpc}, {file: a}]", legacy % "{1: {component: vpc}, 2: {folder: b}}", legacy % "{}", legacy % "~",
                 new % "components: [{component: vpc}, {name: vpc}, {kind: file, path: a}], files: [a], folders: [b], tools: {a: b}",
                 new % "components: []", new % "components: ~, files: ~"):
        t.equal(t.run("validate", "stacks", "--strict", cwd=repo(t, text % line)).ok().err, "", line)


def test_patterns_of_stacks(t):
    top = repo(t, DEV, DEV.replace("dev", "prod-a"), DEV.replace("dev", "prod-b"))

    def listed(*args):
        return sorted(t.run(*args, cwd=top).ok().json())

    t.equal(listed("list", "settings", "--format", "json", "--stack", "prod-*"), ["prod-a", "prod-b"])
    t.equal(listed("list", "settings", "vpc", "--format", "json", "--stack", "prod-*"), ["prod-a", "prod-b"])
    t.equal(listed("describe", "stacks", "--format", "json", "--stack", "prod-*"), ["prod-a", "prod-b"])
    t.equal(listed("describe", "stacks", "--format", "json", "--stack", "deploy/b"), ["prod-a"])


def test_a_path_means_who_uses_the_folder(t):
    files = {"atmos.yaml": CONFIG, "components/terraform/net/vpc/main.tf": "", "components/terraform/eks/main.tf": "",
             "components/terraform/none/main.tf": "",
             "stacks/deploy/a.yaml": "vars: { stage: dev }\ncomponents:\n  terraform:\n"
             "    base: { metadata: { type: abstract, component: net/vpc } }\n    main: { metadata: { inherits: [base] } }\n"
             "    eks: {}\n    blue: { metadata: { component: eks } }\n    one: { metadata: { component: two } }\n"
             "    three: { metadata: { component: two } }\n"}
    top = t.repo(files)
    for path, folder, name in (("components/terraform/net/vpc", ".", "main"), (".", "components/terraform/net/vpc", "main"),
                               ("components/terraform/eks", ".", "eks"), ("./eks", "components/terraform", "eks")):
        r = t.run("describe", "component", path, "-s", "dev", "--format", "json", cwd=top / folder, env=FULL).ok()
        t.equal(r.json()["atmos_component"], name, path)
    r = t.run("describe", "component", "components/terraform/two", "-s", "dev", cwd=top).fails(64)
    r.says("stack/unknown-component", '2 components of the stack "dev" use the folder "two"', "name one of them: one, three")
    t.run("describe", "component", "components/terraform/none", "-s", "dev", cwd=top).fails(64).says('no terraform component "none"')
    # A name is no path.
    t.run("describe", "component", "net/vpc", "-s", "dev", cwd=top).fails(64).says('no component "net/vpc"')


def test_no_bases(t):
    top = repo(t, "vars: { stage: dev }\ncomponents: { terraform: { base: {}, vpc: { metadata: { inherits: [base] } } } }\n")
    for args, empty in (((), []), (("--process-templates=false",), None)):
        r = t.run("describe", "stacks", "--format", "json", "--sections", "inheritance", *args, cwd=top).ok()
        t.equal(r.json()["dev"]["components"]["terraform"], {"base": {"inheritance": empty}, "vpc": {"inheritance": ["base"]}})


def test_q_is_quiet(t):
    for args in (("describe", "component", "vpc", "-s", "dev"), ("describe", "stacks"), ("describe", "dependents", "vpc", "-s", "dev")):
        t.run(*args, "-q", ".vars", cwd=repo(t, DEV)).fails(64).says('has no use for ".vars"', "-q is --quiet here; write --query")
        r = t.run(*args, ".vars", cwd=repo(t, DEV)).fails(64)
        t.check("--quiet" not in r.err, r)
