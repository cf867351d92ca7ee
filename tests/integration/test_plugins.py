# SPDX-License-Identifier: Apache-2.0
"""Plugins through the program: what is listed, why, what runs, and that listing is fast and runs nothing."""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import time

from harness import atmos_yaml, processor_seconds

PROBE = "com.example.probe"
ATMOS = atmos_yaml(included="**/*")
STACK = """\
    vars:
      stage: dev
    components:
      terraform:
        app:
          settings:
            probe:
              act: %s
              text: hello
              map: { size: 3, made: true }
          vars:
            size: 5
    """


def build(t, name):
    folder = pathlib.Path(os.path.realpath(t.binary)).parent / "test-plugins"
    if not folder.exists():
        t.skip("the test plugins are not built")
    return folder / (name + ".so")


def repository(t, act="nothing", **files):
    repo = t.repo({"atmos.yaml": ATMOS, "stacks/dev.yaml": STACK % act,
                   "components/terraform/app/main.tf": 'variable "size" {}\nvariable "made" {}\n', "plugins.d": None})
    for name, source in files.items():
        install(t, source, repo / "plugins.d" / (name + ".so"))
    return repo


def install(t, source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(build(t, source), target)
    os.chmod(target, 0o644)


def rows(t, repo, **env):
    listed = t.run("plugin", "list", "--format", "json", cwd=repo, env=env).ok().json()
    t.equal(listed["format_version"], "1.0", "format_version")
    return {pathlib.Path(r["path"]).name: r for r in listed["items"] if r["origin"] != "bundled"}


def test_each_file_has_a_reason_and_a_next_step(t):
    repo = repository(t, probe="good/probe", lazy="bad/lazy", library="bad/library-entry", major="bad/newer-major",
                      service="bad/needs-more", nothing="bad/no-note", entry="bad/no-entry", path="bad/run-path")
    folder = repo / "plugins.d"
    t.write(folder, {"text.so": "not an object\n", "old.la": "dlname='x'\n", "sub.so": None})
    os.mkfifo(folder / "pipe.so")
    os.symlink("probe.so", folder / "link.so")
    whole = (folder / "probe.so").read_bytes()
    (folder / "half.so").write_bytes(whole[:3000])
    (folder / "narrow.so").write_bytes(whole[:4] + b"\x01" + whole[5:])
    (folder / "machine.so").write_bytes(whole[:18] + struct.pack("<H", 22) + whole[20:])
    install(t, "good/probe", folder / "zz-writable.so")
    os.chmod(folder / "zz-writable.so", 0o666)
    with t.writes_nothing(repo):
        found = rows(t, repo)
    want = {
        "probe.so": ("available", "untrusted", "plugin enable"), "lazy.so": ("refused", "-z now", "-Wl,-z,now"),
        "library.so": ("refused", "in a library it needs", "tfa_add_plugin"), "major.so": ("incompatible", "major 2", "newer"),
        "service.so": ("incompatible", "tfa.teleport/1", "newer"), "nothing.so": ("refused", "TFATMOS", "tfa_add_plugin"),
        "entry.so": ("refused", "tfa_plugin_main_v1", "tfa_add_plugin"), "path.so": ("refused", "RUNPATH", "rpath"),
        "text.so": ("refused", "not an ELF", "move it"), "old.la": ("refused", "libtool archive", "move it"),
        "sub.so": ("refused", "is a folder", "move it"), "pipe.so": ("refused", "named pipe", "move it"),
        "link.so": ("refused", "symbolic link", "move it"), "half.so": ("refused", "cut off", "copy"),
        "narrow.so": ("incompatible", "32-bit", "this machine"), "machine.so": ("incompatible", "IBM Z", "this machine"),
        "zz-writable.so": ("refused", "written by everyone", "chmod go-w"),
    }
    t.equal(sorted(found), sorted(want), "files")
    for name, (state, reason, step) in want.items():
        row = found[name]
        t.equal(row["state"], state, name)
        t.contains(row["reason"], reason)
        t.contains(row["next"], step)
        t.check("not found" not in row["reason"], row)
    # Whatever lies there, commands that have nothing to do with it work.
    t.run("list", "stacks", cwd=repo).ok()


def test_listing_runs_no_code(t):
    repo = repository(t, constructor="bad/constructor")
    trace = t.tmp / "trace"
    env = {"TFA_TEST_TRACE": trace}
    for command in (("plugin", "list"), ("plugin", "info", "test.constructor"), ("plugin", "manifest", "test.constructor"),
                    ("plugin", "enable", "test.constructor"), ("plugin", "list"), ("explain", "TST0001"), ("doctor",),
                    ("list", "plugins"), ("describe", "stacks")):
        r = t.run(*command, "--logs-level", "Debug", cwd=repo, env=env)
        t.check(not trace.exists() and "constructor ran" not in r.err, "%s ran plugin code" % " ".join(command))
    (repo / "stacks/dev.yaml").write_text((repo / "stacks/dev.yaml").read_text().replace("probe:", "test:"))
    r = t.run("validate", "--logs-level", "Debug", cwd=repo, env=env).ok()
    t.check("constructor ran" in r.err, "the enabled plugin did not run in validate: this test proves nothing")
    t.check(not trace.exists(), "it reached a file from its sandbox")


def test_search_order(t):
    repo = repository(t, probe="good/probe")
    (repo / "atmos.yaml").write_text((repo / "atmos.yaml").read_text() + "plugins: { paths: [tools/plugins] }\n")
    install(t, "good/probe", repo / "tools/plugins/probe.so")
    install(t, "good/probe", t.tmp / "from-env/probe.so")
    install(t, "good/probe", t.home / ".local/share/tf-atmos/plugins/probe.so")
    r = t.run("plugin", "list", "--format", "json", cwd=repo, env={"TF_ATMOS_PLUGIN_PATH": t.tmp / "from-env"}).ok()
    mine = [(i["origin"], i["state"]) for i in r.json()["items"] if i["id"] == PROBE]
    t.equal(mine, [("environment", "available"), ("configured", "shadowed"), ("repository", "shadowed"),
                   ("user", "shadowed")], "order")


def test_enable_writes_a_stable_lock_file(t):
    repo = repository(t, probe="good/probe", idle="bad/idle")
    lock = repo / "tf-atmos.lock.json"
    t.run("plugin", "enable", "test.variant", cwd=repo).ok()
    t.run("plugin", "enable", PROBE, cwd=repo).ok()
    first = lock.read_bytes()
    pinned = json.loads(first)
    t.equal(sorted(pinned), ["plugins", "version"], "keys")
    t.equal(list(pinned["plugins"]), [PROBE, "test.variant"], "order")
    t.run("plugin", "enable", PROBE, cwd=repo).ok().prints("nothing to change")
    t.equal(lock.read_bytes(), first, "lock file")
    t.run("plugin", "disable", PROBE, cwd=repo).ok()
    t.run("plugin", "enable", PROBE, cwd=repo).ok()
    t.equal(lock.read_bytes(), first, "lock file after off and on")
    # The pin is of bytes, not of a place.
    (repo / "plugins.d/probe.so").rename(repo / "plugins.d/other-name.so")
    t.equal(rows(t, repo)["other-name.so"]["state"], "ready", "state elsewhere")


def test_bundled_plugins_can_be_switched_off(t):
    repo = repository(t)

    def state():
        items = t.run("plugin", "list", "--format", "json", cwd=repo).ok().json()["items"]
        return [(i["state"], i["reason"]) for i in items if i["id"] == "guardduty"][0]

    if not any(i["id"] == "guardduty" for i in
               t.run("plugin", "list", "--format", "json", cwd=repo).ok().json()["items"]):
        t.skip("guardduty is not built")
    t.equal(state()[0], "ready")
    t.run("plugin", "disable", "guardduty", cwd=repo).ok()
    t.equal(state(), ("disabled", "disabled in tf-atmos.lock.json"))
    t.run("plugin", "enable", "guardduty", cwd=repo).ok()
    t.equal(state()[0], "ready")
    (repo / "atmos.yaml").write_text((repo / "atmos.yaml").read_text() + 'plugins: { disabled: ["guard*"] }\n')
    t.equal(state(), ("disabled", "disabled by plugins.disabled in atmos.yaml"))
    t.run("plugin", "enable", "guardduty", cwd=repo).fails().says("plugins.disabled")


def test_lock_file_that_cannot_be_used(t):
    repo = repository(t, probe="good/probe")
    for text, said in (("{", "unexpected end"), ('{"version": 9}', "version 9"), ("[]", "not a JSON object")):
        (repo / "tf-atmos.lock.json").write_text(text)
        t.run("plugin", "list", cwd=repo).fails(65).says("tf-atmos.lock.json is not usable", said)
        t.contains(t.run("validate", cwd=repo).fails().out, "--> tf-atmos.lock.json:1:")


def test_unknown_plugin(t):
    repo = repository(t, probe="good/probe")
    t.run("plugin", "enable", "com.example.porbe", cwd=repo).fails(69).says("no plugin `com.example.porbe`", PROBE)


def test_settings_of_a_plugin_nobody_enabled(t):
    repo = repository(t, act="report", probe="good/probe")
    r = t.run("validate", cwd=repo).ok()
    t.contains(r.out + r.err, "tf-atmos plugin enable " + PROBE)
    t.contains(r.out + r.err, "stacks/dev.yaml:7:9")
    t.check("PRB0001" not in r.out + r.err, r)


def test_enabled_and_gone(t):
    """What a repository relies on may not vanish in silence: terraform would get other variables."""
    repo = repository(t, act="echo", probe="good/probe")
    t.run("plugin", "enable", PROBE, cwd=repo).ok()
    t.run("terraform", "generate", "varfile", "app", "-s", "dev", "--file", "vars.json", cwd=repo).ok()
    t.equal(json.loads((repo / "vars.json").read_text()), {"made": True, "size": 5, "stage": "dev"}, "variables")
    (repo / "vars.json").unlink()
    (repo / "plugins.d/probe.so").unlink()
    with t.writes_nothing(repo):
        t.run("terraform", "generate", "varfile", "app", "-s", "dev", "--file", "vars.json", cwd=repo).fails(69).says(
            "needs plugin `com.example.probe`")
        t.run("validate", cwd=repo).fails()


def test_overridden_intent_is_told(t):
    repo = repository(t, act="echo", probe="good/probe")
    t.run("plugin", "enable", PROBE, cwd=repo).ok()
    r = t.run("validate", cwd=repo).ok()
    r = t.run("terraform", "generate", "varfile", "app", "-s", "dev", "--file", "vars.json", cwd=repo).ok()
    t.contains(r.out + r.err, "vars.size is set to 5 and overrides 3, which settings.probe asks for")


def test_same_bytes_in_any_surroundings(t):
    repo = repository(t, act="all", probe="good/probe")
    t.run("plugin", "enable", PROBE, cwd=repo).ok()
    first = None
    for i, env in enumerate(({}, {"TZ": "Asia/Kathmandu", "LC_ALL": "de_DE.UTF-8"}, {"LANG": "tr_TR.UTF-8", "NOISE": "x"},
                             {"HOME": "/nonexistent", "TERM": "xterm"})):
        target = t.tmp / ("vars-%d.json" % i)
        folder = repo if i % 2 == 0 else repo / "stacks"
        t.run("-C", repo, "terraform", "generate", "varfile", "app", "-s", "dev", "--file", target, cwd=folder, env=env).ok()
        first = first or target.read_bytes()
        t.equal(target.read_bytes(), first, "varfile")


def test_replaced_while_it_is_used(t):
    """The file changes all the time; only enabled bytes ever run, every other try is refused with a reason."""
    repo = repository(t, act="report", probe="good/probe")
    t.run("plugin", "enable", PROBE, cwd=repo).ok()
    target = repo / "plugins.d/probe.so"
    swap = r"""
        import os, sys, shutil
        good, bad, target = sys.argv[1:]
        while True:
            for source in (bad, good):
                shutil.copyfile(source, target + ".new"); os.chmod(target + ".new", 0o644)
                os.rename(target + ".new", target)
        """
    script = t.tmp / "swap.py"
    t.write(t.tmp, {"swap.py": swap})
    # The same id outside, other code inside: what an attacker would drop in.
    bad = build(t, "bad/impostor")
    trace = t.tmp / "trace"
    process = subprocess.Popen(["python3", script, build(t, "good/probe"), bad, str(target)])
    try:
        ran = tries = 0
        end = time.monotonic() + 60
        while tries < 100 or (ran == 0 and time.monotonic() < end):
            tries += 1
            r = t.run("validate", cwd=repo, env={"TFA_TEST_TRACE": trace})
            ran += "PRB0001" in r.out + r.err
            t.check(r.code > 0, r)
            t.check(not trace.exists(), "code that was not enabled ran")
    finally:
        process.kill()
        process.wait()
    t.check(ran > 0, "the enabled plugin never ran: this test proves nothing")


def test_two_hundred_plugins(t):
    """None of their constructors runs. Generous, because it runs unoptimized too; tests/bench/plugins.py measures."""
    repo = repository(t)
    trace = t.tmp / "trace"
    for i in range(200):
        install(t, "bad/constructor", repo / "plugins.d" / ("constructor-%03d.so" % i))
    started = processor_seconds()
    r = t.run("plugin", "list", "--format", "json", cwd=repo, env={"TFA_TEST_TRACE": trace}).ok()
    spent = processor_seconds() - started
    t.equal(len([i for i in r.json()["items"] if i["id"] == "test.constructor"]), 200, "rows")
    t.check(spent < 2, "%.3f s of a processor" % spent)
    t.check(not trace.exists(), "listing ran a constructor")


def test_a_group_that_owns_the_program(t):
    """A build tree made with umask 002 works; a plugin easier to replace than the program does not."""
    home = t.tmp / "home-of-program"
    (home / "plugins").mkdir(parents=True)
    shutil.copy(t.binary, home / "tf-atmos")
    install(t, "good/probe", home / "plugins/probe.so")
    repo = repository(t)

    def state():
        items = t.run("plugin", "list", "--format", "json", cwd=repo, program=home / "tf-atmos").ok().json()["items"]
        return [(i["state"], i["next"]) for i in items if i["id"] == PROBE][0]

    t.equal(state()[0], "ready", "state")
    os.chmod(home / "plugins", 0o775)
    os.chmod(home / "plugins/probe.so", 0o664)
    t.equal(state()[0], "refused", "state")
    t.contains(state()[1], "chmod go-w")
    for path in (home, home / "tf-atmos"):
        os.chmod(path, 0o775)
    t.equal(state()[0], "ready", "state where the program is as open")
    os.chmod(home / "plugins/probe.so", 0o666)
    t.equal(state()[0], "refused", "state of what everyone can write")


def test_quarantine(t):
    repo = repository(t, probe="good/probe")
    t.run("plugin", "enable", PROBE, cwd=repo).ok()
    digest = t.run("plugin", "info", PROBE, "--format", "json", cwd=repo).ok().json()["sha256"]
    version = t.run("version", "--format", "json", cwd=repo).ok().json()["version"]
    folder = t.home / ".local/state/tf-atmos/quarantine"
    record = {"plugin": PROBE, "version": "1.0.0", "tf_atmos": version, "function": "generate",
              "reason": "was ended by signal 11 (SIGSEGV)", "time": "2026-01-02T03:04:05Z", "count": 1}
    t.write(folder, {digest + ".json": json.dumps(record)})
    row = rows(t, repo)["probe.so"]
    t.equal(row["state"], "quarantined", "state")
    t.contains(row["reason"], "2026-01-02T03:04:05Z it was ended by signal 11 (SIGSEGV) in generate")
    t.equal(row["next"], "tf-atmos plugin reset " + PROBE, "next")
    t.run("validate", cwd=repo).fails(1).prints("is quarantined", "plugin reset " + PROBE)
    t.run("plugin", "reset", "com.example.none", cwd=repo).fails(69)
    t.contains(t.run("plugin", "reset", PROBE, "--dry-run", cwd=repo).ok().out, "would reset " + PROBE)
    t.equal(rows(t, repo)["probe.so"]["state"], "quarantined", "after a dry run")
    t.contains(t.run("plugin", "reset", PROBE, cwd=repo).ok().out, "1 file is out of quarantine")
    t.equal(rows(t, repo)["probe.so"]["state"], "ready", "after reset")
    t.contains(t.run("plugin", "reset", cwd=repo).ok().out, "0 files are out of quarantine")
