# SPDX-License-Identifier: Apache-2.0
"""Plugins in a process of their own: the same bytes as inside the program, and what becomes of a run whose plugin dies, hangs or lies."""
import inspect
import pathlib
import shutil

import test_guardduty
from test_plugins import install, repository
from test_sdk_outside import sanitizers

ALL = {"TF_ATMOS_ISOLATE": "all"}


def twice(t):
    """From here on every command runs inside the program, then with its plugins in workers, and must say the same."""
    once = t.run

    def run(*args, env=None, **more):
        here = once(*args, env=env, **more)
        there = once(*args, env={**(env or {}), **ALL}, **more)
        for name in ("code", "out", "err"):
            t.equal(getattr(there, name), getattr(here, name), "%s of %s in a worker" % (name, " ".join(map(str, args))))
        return there

    t.run = run


def in_both(group, name):
    def test(self, t):
        twice(t)
        getattr(group(), name)(t)
    test.__doc__ = getattr(group, name).__doc__
    return test


class TestGuardduty:
    """Everything the guardduty plugin does for users, in both hosts."""


for _, _group in inspect.getmembers(test_guardduty, inspect.isclass):
    if _group.__module__ == test_guardduty.__name__:
        for _name in vars(_group):
            if _name.startswith("test_"):
                setattr(TestGuardduty, _name, in_both(_group, _name))


# -- a plugin that fails

FAULTY = """
    vars: { stage: dev }
    components:
      terraform:
        app:
          settings: { faulty: { fault: "%s" } }
        other:
          settings: { faulty: { fault: "none" } }
        third:
          settings: { probe: { act: "report" , text: hello, map: {a: 1} } }
    """


def faulty_repository(t, fault="none", file="bad/faulty"):
    # What ended before in this test is in quarantine.
    shutil.rmtree(t.home / ".local/state", ignore_errors=True)
    repo = repository(t, faulty=file, probe="good/probe")
    t.write(repo, {"stacks/dev.yaml": FAULTY % fault, "components/terraform/other/main.tf": "", "components/terraform/third/main.tf": ""})
    t.run("plugin", "enable", "com.example.faulty", cwd=repo).ok()
    t.run("plugin", "enable", "com.example.probe", cwd=repo).ok()
    return repo


def ended(r):
    return [d for d in r.json()["diagnostics"] if d["id"] == "plugin/ended"]


CAUSES = {
    "crash": "was ended by signal 11 (SIGSEGV)",
    "abort": "was ended by signal 6 (SIGABRT)",
    "exit": "ended itself by exit(0)",
    "stack": "overflowed its stack",
    "garbage": "sent what cannot be read",
    "close": "closed its connection",
}


def unsanitized(t):
    """Sanitizers answer crashes and exits themselves, and keep address space of their own."""
    if sanitizers(t):
        t.skip("built with a sanitizer, which ends the worker in its own way")


def test_each_way_to_fail(t):
    """One finding that names plugin, function and cause; the other plugin and the run go on."""
    unsanitized(t)
    for kind, cause in CAUSES.items():
        repo = faulty_repository(t, "component.validate " + kind)
        r = t.run("validate", "--format", "json", cwd=repo).fails(1)
        found = ended(r)
        t.equal([d["message"] for d in found], [
            "plugin `com.example.faulty` %s in component.validate of component `app` in stack `dev`" % cause], kind)
        t.equal((found[0]["subject"], found[0]["plugin"]), ({"stack": "dev", "component": "app"}, "com.example.faulty"), kind)
        ids = [d["id"] for d in r.json()["diagnostics"]]
        t.check("PRB0001" in ids and "PRB0002" in ids, "the other plugin did not report: %s" % ids)


def test_hanging(t):
    repo = faulty_repository(t, "component.validate loop")
    r = t.run("validate", "--format", "json", cwd=repo).fails(1)
    t.check(r.seconds >= 10, "it was stopped too early")
    t.equal([d["message"] for d in ended(r)], [
        "plugin `com.example.faulty` did not return within 10 s in component.validate of component `app` in stack `dev`"], "findings")


def test_each_callback(t):
    unsanitized(t)
    for function, code, command in (("component.generate", 69, ("terraform", "generate", "varfile", "app", "-s", "dev")),
                                    ("check.list", 1, ("check", "app", "-s", "dev")), ("check.run", 1, ("check", "app", "-s", "dev"))):
        repo = faulty_repository(t, function + " crash")
        r = t.run(*command, cwd=repo, env=t.aws_env("http://127.0.0.1:9")).fails(code)
        t.contains(r.out + r.err, "was ended by signal 11 (SIGSEGV) in %s of component `app`" % function)
        t.equal((r.out + r.err).count("was ended by"), 1, "findings")
    for function in ("init", "shutdown"):
        for kind in ("crash", "exit", "garbage", "close"):
            repo = faulty_repository(t, file="bad/%s-%s" % (function, kind))
            r = t.run("validate", "--format", "json", cwd=repo).fails(1)
            t.equal([d["message"] for d in ended(r)], ["plugin `com.example.faulty` %s in %s" % (CAUSES[kind], function)],
                    function + " " + kind)


SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYPLANTED"


def test_a_planted_secret_stays_where_it_is(t):
    """Plugins that crash, lie, hang up or work, with everything logged: the secret is in no output and in no file."""
    unsanitized(t)
    env = {**t.aws_env("http://127.0.0.1:9", AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=SECRET), "HTTPS_PROXY": "http://u:%s@127.0.0.1:9" % SECRET}
    for fault in ("component.validate crash", "check.run crash", "check.run garbage", "check.run exit", "none"):
        repo = faulty_repository(t, fault)
        for command in (("validate",), ("check", "app", "-s", "dev"), ("plugin", "list"), ("plugin", "info", "com.example.faulty"), ("doctor",)):
            for form in ("json", "table"):
                r = t.run(*command, "--format", form, "--logs-level", "Trace", cwd=repo, env=env)
                t.check(r.out or r.err, "nothing was said")
                r.lacks(SECRET)
        kept = list((t.home / ".local/state/tf-atmos/quarantine").glob("*.json"))
        t.equal(len(kept), 0 if fault == "none" else 1, "reports of " + fault)
        for folder in (repo, t.home, t.tmp / "tmp"):
            for path in folder.rglob("*"):
                t.check(not path.is_file() or SECRET.encode() not in path.read_bytes(), "%s has the secret" % path)


def test_setting(t):
    """plugins.isolate and --isolate: the bundled plugins too, or nothing that does not exist."""
    repo = faulty_repository(t)
    t.run("validate", "--isolate", "some", cwd=repo).fails(64).says("third-party")
    (repo / "atmos.yaml").write_text((repo / "atmos.yaml").read_text() + "plugins: {isolate: none}\n")
    t.run("validate", cwd=repo).fails().says("plugins.isolate").says("third-party or all")


def test_worker_missing(t):
    """Without its worker program a third-party plugin does not run at all."""
    program = t.tmp / "alone" / "tf-atmos"
    program.parent.mkdir()
    shutil.copy(pathlib.Path(t.binary).resolve(), program)
    repo = faulty_repository(t)
    t.run("validate", cwd=repo, program=str(program)).fails(1).prints("plugin/worker-missing", "tf-atmos-worker")


def test_times(t):
    """plugins.callback_seconds and check_seconds: how long a plugin may take; other numbers are refused."""
    for function, key, command in (("component.validate", "callback", "validate"), ("check.list", "callback", "check"),
                                   ("check.run", "check", "check")):
        repo = faulty_repository(t, function + " loop")
        (repo / "atmos.yaml").write_text((repo / "atmos.yaml").read_text() + "plugins: {%s_seconds: 1}\n" % key)
        r = t.run(command, "--format", "json", cwd=repo, env=t.aws_env("http://127.0.0.1:9")).fails(1)
        t.equal([d["message"] for d in ended(r)], [
            "plugin `com.example.faulty` did not return within 1 s in %s of component `app` in stack `dev`" % function], key)
    (repo / "atmos.yaml").write_text((repo / "atmos.yaml").read_text().replace("seconds: 1", "seconds: 0.5"))
    t.run("validate", cwd=repo).fails().says("plugins.check_seconds", "a number from 1 to 3600", "0.5")


def seconds_left(t, repo, *options, **env):
    """The time a callback of the plugin has, which it says in a variable."""
    r = t.run("terraform", "generate", "varfile", "app", "-s", "dev", "-f", "-", *options, cwd=repo, env=env).ok()
    return r.json()["ms_left"] / 1000


def test_deadlines(t):
    """What a plugin asks for in its metadata counts, unless atmos.yaml says something else, unless --plugin-timeout does."""
    def within(limit, found):
        t.check(limit - 8 < found <= limit, "%s s left of %s" % (found, limit))

    within(10, seconds_left(t, faulty_repository(t, "component.generate look")))
    repo = faulty_repository(t, "component.generate look", "bad/patient")
    within(300, seconds_left(t, repo))
    within(500, seconds_left(t, repo, "--plugin-timeout", "500"))
    within(600, seconds_left(t, repo, TF_ATMOS_PLUGIN_TIMEOUT="600"))
    plain = (repo / "atmos.yaml").read_text()
    (repo / "atmos.yaml").write_text(plain + "plugins: {check_seconds: 30}\n")
    within(300, seconds_left(t, repo))
    (repo / "atmos.yaml").write_text(plain + "plugins: {callback_seconds: 40}\n")
    within(40, seconds_left(t, repo))
    within(500, seconds_left(t, repo, "--plugin-timeout", "500"))
    info = t.run("plugin", "info", "com.example.faulty", "--json", cwd=repo).ok().json()
    t.equal(info["deadlines"], {"callback_seconds": 300, "check_seconds": 200}, "plugin info")
    t.equal([c.get("check_seconds") for c in info["checks"]], [1], "its checks")
    t.check("deadlines" not in t.run("plugin", "info", "com.example.probe", "--json", cwd=repo).ok().json(), "one that asks for none")


def test_deadline_of_a_slow_check(t):
    """A check has the time its catalogue asks for; the user's word beats it, and the flag beats atmos.yaml."""
    for yaml, options, env, limit in (("", (), {}, "1 s"), ("plugins: {check_seconds: 2}\n", (), {}, "2 s"),
                                      ("plugins: {check_seconds: 3600}\n", ("--plugin-timeout", "1.5"), {}, "1500 ms"),
                                      ("plugins: {check_seconds: 3600}\n", ("--plugin-timeout=2",), {"TF_ATMOS_PLUGIN_TIMEOUT": "3000"}, "2 s")):
        repo = faulty_repository(t, "check.run loop", "bad/patient")
        (repo / "atmos.yaml").write_text((repo / "atmos.yaml").read_text() + yaml)
        r = t.run("check", "app", "-s", "dev", "--json", *options, cwd=repo, env=t.aws_env("http://127.0.0.1:9", **env)).fails(1)
        t.equal([d["message"] for d in ended(r)], [
            "plugin `com.example.faulty` did not return within %s in check.run of component `app` in stack `dev`" % limit], yaml)


def test_backends_are_made_without_plugins(t):
    """What a plugin does wrong cannot keep a backend from being written: it is not even loaded."""
    repo = faulty_repository(t, "component.generate garbage")
    backend = "terraform: { backend_type: local, backend: { local: { path: p } } }\n"
    (repo / "stacks/dev.yaml").write_text((repo / "stacks/dev.yaml").read_text() + backend)
    t.run("terraform", "generate", "varfile", "app", "-s", "dev", "--dry-run", cwd=repo).fails(69)
    for words in (["backend", "app", "-s", "dev"], ["backends"]):
        t.run("terraform", "generate", *words, "--dry-run", cwd=repo).ok().says("would write").lacks("faulty", "plugin")


def test_plugin_timeout_is_a_number(t):
    repo = faulty_repository(t)
    for wrong in ("0", "3601", "soon", "-5", "nan", "1s", ""):
        t.run("validate", "--plugin-timeout=" + wrong, cwd=repo).fails(64).says("cli/bad-value", "--plugin-timeout", "from 1 to 3600")
    t.run("validate", cwd=repo, env={"TF_ATMOS_PLUGIN_TIMEOUT": "soon"}).fails(64).says("TF_ATMOS_PLUGIN_TIMEOUT")
    for words in (["plugin", "list"], ["terraform", "generate", "backend", "x", "-s", "dev"], ["terraform", "generate", "backends"],
                  ["terraform", "generate", "files", "x", "-s", "dev"], ["list", "stacks"], ["describe", "stacks"]):
        for option in (["--plugin-timeout", "5"], ["--locked"]):
            if words[0] != "plugin" or option != ["--locked"]:
                t.run(*words, *option, cwd=repo).fails(64).says("cli/unknown-option")
    t.run("validate", "--plugin-timeout", "3600", cwd=repo).fails(1).lacks("plugin-timeout")


def test_malformed_deadlines(t):
    """A plugin whose metadata asks for something that is no time does not run."""
    repo = faulty_repository(t, "none", "bad/patient")
    path = repo / "plugins.d/faulty.so"
    data = path.read_bytes()
    for right, wrong, said in ((b'"callback_seconds":300', b'"callback_seconds":3.5', "`deadlines.callback_seconds` is not a whole number of seconds"),
                               (b'"deadlines":{"callback_seconds":300,"check_seconds":200}', b'"deadlines":["callback_seconds",300,"check_seconds",200]',
                                "`deadlines` is not an object")):
        t.equal((data.count(right), len(right)), (1, len(wrong)), "the note")
        path.write_bytes(data.replace(right, wrong))
        row = [p for p in t.run("plugin", "list", "--json", cwd=repo).ok().json()["items"] if p["path"].endswith("/faulty.so")][0]
        t.equal(row["state"], "refused", "its state")
        t.contains(row["reason"], said)
