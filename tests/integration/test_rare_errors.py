# SPDX-License-Identifier: Apache-2.0
"""Errors that are rarely met: what is in the place of a file, lists of configuration files, patterns, findings in numbers."""
import hashlib
import os
import shutil
import socket

import harness
from test_plugins import build
from test_sdk_outside import sanitizers

CONFIG = harness.atmos_yaml("workflows: { base_path: workflows }\n")
DEV = "vars: { stage: dev }\ncomponents:\n  terraform:\n    vpc: { vars: { cidr: 10.0.0.0/16 } }\n"
USAGE, DATA, IO, CONFIGURATION, DENIED = 64, 65, 74, 78, 77


def repo(t, files=(), config=CONFIG):
    return t.repo({"atmos.yaml": config, "stacks/deploy/dev.yaml": DEV, "components/terraform/vpc/main.tf": "", **dict(files)})


# ---------------------------------------------------------------- configuration

def test_lists_of_configuration_files(t):
    top = repo(t, {"other.yaml": harness.atmos_yaml(included="other/**/*"), "stacks/other/prod.yaml": DEV.replace("dev", "prod"),
                   "sub/atmos.yaml": harness.atmos_yaml(included="third/**/*"), "stacks/third/lab.yaml": DEV.replace("dev", "lab")})
    for variable, value, want in (("ATMOS_CONFIG", "atmos.yaml", "dev"), ("ATMOS_CONFIG", "atmos.yaml, other.yaml", "prod"),
                                  ("ATMOS_CONFIG", "other.yaml,atmos.yaml,", "dev"), ("ATMOS_CONFIG_PATH", ".", "dev"),
                                  ("ATMOS_CONFIG_PATH", ".,sub", "lab"), ("ATMOS_CLI_CONFIG_PATH", "sub", "lab")):
        r = t.run("list", "stacks", "--base-path", ".", cwd=top, env={variable: value}).ok()
        t.equal(r.out, want + "\n", "%s=%s" % (variable, value))
    for variable, value, missing in (("ATMOS_CONFIG", "atmos.yaml,gone.yaml", "gone.yaml"), ("ATMOS_CONFIG_PATH", "gone", "gone"),
                                     ("ATMOS_CONFIG_PATH", "stacks", "stacks"), ("ATMOS_CLI_CONFIG_PATH", "gone", "gone")):
        t.run("list", "stacks", cwd=top, env={variable: value}).fails(CONFIGURATION).says(
            'error[config/not-found]: there is no configuration at "%s", which %s names' % (missing, variable))


def test_patterns_that_are_malformed(t):
    for key, config, line in (("included_paths", harness.atmos_yaml(included="deploy/[a"), 4),
                              ("excluded_paths", harness.atmos_yaml(stacks='excluded_paths: ["deploy/[a"]'), 3)):
        r = t.run("list", "stacks", cwd=repo(t, config=config)).fails(CONFIGURATION)
        r.says("error[stack/bad-pattern]", 'the pattern "deploy/[a" of "stacks.%s" is malformed' % key, "atmos.yaml:%d:" % line)


# ---------------------------------------------------------------- things in the place of files

def test_things_in_the_place_of_workflows(t):
    top = repo(t, {"workflows/w.yaml": "workflows: { go: { steps: [ { command: plan } ] } }\n"})
    t.run("list", "workflows", cwd=top).ok().prints("go")
    place = top / "workflows/w.yaml"
    place.write_text("")
    os.truncate(place, 1 << 30)
    t.run("list", "workflows", cwd=top).fails(IO).says("stack/unreadable", 'cannot read "workflows/w.yaml": it is larger than 64 MiB')
    place.chmod(0o000)
    r = t.run("list", "workflows", cwd=top, **t.nobody()).fails(IO)
    r.says('cannot read "workflows/w.yaml": Permission denied')
    place.unlink()
    os.mkfifo(place)
    t.run("list", "workflows", cwd=top).fails(IO).says("stack/unreadable", 'cannot read "workflows/w.yaml": it is not a regular file')


def test_fifos_in_the_place_of_files(t):
    """None is waited for or passed over."""
    unreadable = lambda name: 'cannot read "%s": it is not a regular file' % name
    for name, args, files in (
            ("atmos.yaml", ("list", "stacks"), {}), (".atmos.yaml", ("list", "stacks"), {}),
            ("more.yaml", ("list", "stacks"), {"atmos.yaml": CONFIG + "import: [more.yaml]\n"}),
            ("atmos.d/more.yaml", ("list", "stacks"), {}),
            ("profiles/ci/atmos.yaml", ("list", "stacks", "--profile", "ci"), {}),
            ("stacks/deploy/prod.yaml", ("list", "stacks"), {}),
            ("stacks/catalog/x.yaml", ("list", "stacks"), {"stacks/deploy/dev.yaml": "import: [catalog/x]\n" + DEV}),
            ("stacks/catalog/x.yaml.tmpl", ("list", "stacks"), {"stacks/deploy/dev.yaml": "import: [catalog/x.yaml]\n" + DEV, "stacks/catalog/x.yaml": "{}"}),
            ("stacks/catalog/more/x.yaml", ("list", "stacks"), {"stacks/deploy/dev.yaml": "import: ['catalog/**/*']\n" + DEV}),
            ("vendor.yaml", ("list", "vendor"), {}), ("vendor.yml", ("list", "vendor"), {}),
            ("own.yaml", ("list", "vendor"), {"atmos.yaml": CONFIG + "vendor: { base_path: own.yaml }\n"}),
            ("own/more.yaml", ("list", "vendor"), {"atmos.yaml": CONFIG + "vendor: { base_path: own }\n"}),
            ("components/terraform/vpc/component.yaml", ("list", "vendor"), {})):
        top = repo(t, {**files, name: ""})
        (top / name).unlink()
        os.mkfifo(top / name)
        if name == ".atmos.yaml":
            (top / "atmos.yaml").unlink()
        r = t.run(*args, cwd=top, timeout=20).fails(IO).says(unreadable(name))
        t.equal(r.out, "", name)


def test_fifos_to_write_to(t):
    """One that nobody reads is an error; what is written to another one arrives."""
    top = repo(t)
    pipe = top / "pipe"
    os.mkfifo(pipe)
    matrix = ("list", "instances", "--format", "matrix", "--output-file", "pipe")
    t.run(*matrix, cwd=top, timeout=20).fails(IO).says("cli/output", 'cannot write "pipe": Broken pipe')
    t.run("list", "stacks", "--logs-file", "pipe", cwd=top, timeout=20).fails(IO).says("cli/output", 'cannot write to the log file "pipe": Broken pipe')
    (top / "atmos.yaml").write_text(CONFIG + "logs: { level: Debug, file: pipe }\n")
    t.run("list", "stacks", cwd=top, timeout=20).fails(IO).says("cli/output", "Broken pipe")
    (top / "atmos.yaml").write_text(CONFIG)
    with open(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), encoding="utf-8") as reader:
        t.run(*matrix, cwd=top, timeout=20).ok()
        t.check("affected_count=1" in reader.read(), "what the reader gets")
        t.run("-vv", "--logs-file", "pipe", "list", "stacks", cwd=top, timeout=20).ok()
        t.check("DEBU configuration" in reader.read(), "what the reader gets")


def test_things_in_the_place_of_terraform_files(t):
    full = {"ATMOS_DESCRIBE_COMPONENT_FILTER": "full"}
    top = repo(t)
    place = top / "components/terraform/vpc/x.tf"
    os.mkfifo(place)
    t.run("describe", "component", "vpc", "-s", "dev", cwd=top, env=full).fails(IO).says(
        'error[hcl/unreadable]: cannot read "x.tf": not a regular file', "components/terraform/vpc/x.tf")
    place.unlink()
    place.write_text("")
    os.truncate(place, 1 << 30)
    t.run("describe", "component", "vpc", "-s", "dev", cwd=top, env=full).fails(DATA).says(
        'error[hcl/limit]: "x.tf" is larger than 16 MiB', "components/terraform/vpc/x.tf")


def test_things_in_the_place_of_plugins(t):
    top = repo(t, {"plugins.d": None})
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(top / "plugins.d")
        server.bind("socket.so")
        os.chdir(here)
    (top / "plugins.d/it's.so").symlink_to("/dev/null")
    want = {"socket.so": "is a socket, not a regular file", "it's.so": "is a symbolic link (to `/dev/null`), not a file itself"}
    if os.geteuid() == 0:
        os.mknod(top / "plugins.d/device.so", 0o20644, os.makedev(1, 3))
        want["device.so"] = "is a device, not a regular file"
    rows = t.run("plugin", "list", "--format", "json", cwd=top).ok().json()["items"]
    got = {os.path.basename(row["path"]): row["reason"] for row in rows if row["origin"] == "repository"}
    t.equal(got, want, "reasons")


def test_links_of_a_component_that_change_count(t):
    top, base = repo(t), repo(t)
    for at, target in ((top, "main.tf"), (base, "main.tf")):
        (at / "components/terraform/vpc/link.tf").symlink_to(target)
    t.run("init", "-q", top, program="git").ok()
    r = t.run("describe", "affected", "--repo-path", base, "--format", "json", cwd=top)
    t.equal(r.ok().json(), [], "the same links")
    (base / "components/terraform/vpc/link.tf").unlink()
    (base / "components/terraform/vpc/link.tf").symlink_to("./main.tf")
    found = t.run("describe", "affected", "--repo-path", base, "--format", "json", cwd=top).ok().json()
    t.equal([(i["component"], i["affected"]) for i in found], [("vpc", "component")], "other links")


# ---------------------------------------------------------------- plugins

def test_signatures_that_are_none_and_digests_of_many(t):
    top, given = repo(t), t.repo({"none": None}, "given")
    shutil.copy(build(t, "good/probe"), given / "probe.so")
    (given / "probe.so.sig").write_text("nothing\n")
    with t.writes_nothing(top):
        t.run("plugin", "install", given / "probe.so", "--untrusted", cwd=top).fails(DENIED).says("plugin/signature-malformed", "it was not installed")
        (given / "probe.so.sig").unlink()
        shutil.copy(build(t, "good/probe"), given / "second.so")
        digest = hashlib.sha256((given / "probe.so").read_bytes()).hexdigest()
        r = t.run("plugin", "install", given, "--untrusted", "--sha256", digest, cwd=top).fails()
        r.says("is a second plugin, and --sha256 is the digest of one", "name the file instead of its folder")
        t.run("plugin", "update", "guardduty", cwd=top).fails(DENIED).says("plugin/not-installed", "does not lie in plugins.d")


# ---------------------------------------------------------------- doctor

def test_doctor_says_what_is_missing(t):
    top = repo(t, {"stacks/deploy/bad%d.yaml" % n: "vars: [\n" for n in range(9)})
    r = t.run("doctor", "--format", "json", cwd=top, env={"PATH": t.repo({}, "no-programs"), "TMPDIR": t.tmp / "gone"}).fails(1)
    items = r.json()["items"]

    def row(area, text):
        found = [(i["state"], i["fix"]) for i in items if i["area"] == area and text in i["finding"]]
        t.equal(len(found), 1, "rows of %s with %r in\n%s" % (area, text, r))
        return found[0]

    t.equal(row("terraform", "neither terraform nor tofu is in PATH"), ("warning", "install one, or set components.terraform.command"))
    t.equal(row("folders", str(t.tmp / "gone")), ("failed", "name another one in TMPDIR"))
    shown = [i for i in items if i["area"] == "stacks" and "bad" in i["finding"]]
    t.equal(row("stacks", "and %d more" % (9 - len(shown))), ("failed", "see `tf-atmos validate`"))


def test_doctor_and_a_terraform_that_does_not_end(t):
    """It has closed its output and goes on; it and what it started are gone afterwards."""
    pids = t.tmp / "pids"
    folder = t.repo({"terraform": "#!/bin/sh\nsleep 300 >&- 2>&- & echo $! $$ >%s\nexec >&- 2>&-\nwait\n" % pids}, "programs")
    os.chmod(folder / "terraform", 0o755)
    r = t.run("doctor", "--format", "json", cwd=repo(t, {"stacks/deploy/dev.yaml": DEV}), env={"PATH": "%s:%s" % (folder, os.environ["PATH"])})
    t.equal([i["finding"] for i in r.json()["items"] if i["area"] == "terraform"], ["does not end within 10 s, %s/terraform" % folder])
    t.check(10 <= r.seconds < 30, "it took %.1f s" % r.seconds)
    for pid in pids.read_text().split():
        harness.wait_until(lambda: not harness.is_alive(pid), "process %s ends" % pid)


def test_a_stamp_of_another_shape_is_none(t):
    """The stamp of a module is a file of the repository: anything can stand in it."""
    top = t.copy("examples/quickstart")
    shutil.rmtree(top / "components/terraform/guardduty", ignore_errors=True)
    t.run("component", "add", "guardduty", cwd=top).ok()
    stamp = top / "components/terraform/guardduty/.tf-atmos-module.json"
    for files in ('[1, 2, 3]', '["a", ["b"]]', '[{"x": 1}]', '"text"', 'null', '7', '{"a": [1]}'):
        stamp.write_text('{"format_version": "1.0", "plugin": "guardduty", "files": %s}' % files)
        t.run("component", "add", "guardduty", cwd=top).ok().prints("up to date")


# ---------------------------------------------------------------- memory

def test_memory_that_ends_at_any_point(t):
    """Said in one line with the exit code for it; the file that was there stays as it was, or the new one is whole."""
    if sanitizers(t):
        t.skip("a sanitizer keeps address space of its own")
    keys = "".join("        k%d: %d\n" % (n, n) for n in range(20000))
    top = repo(t, {"stacks/deploy/dev.yaml": "vars: { stage: dev }\ncomponents:\n  terraform:\n    vpc:\n      vars:\n" + keys, "vars.json": "before\n"})
    command = ("terraform", "generate", "varfile", "vpc", "-s", "dev", "--file", "vars.json")
    t.run(*command, cwd=top).ok()
    whole, failures = (top / "vars.json").read_text(), 0
    for limit_kib in range(8000, 200000, 200):
        (top / "vars.json").write_text("before\n")
        r = t.run("-c", 'ulimit -v %d && exec "$0" "$@"' % limit_kib, t.binary, *command, cwd=top, program="/bin/sh")
        if r.code == 0:
            break
        r.exits(70)
        t.equal(r.err, "tf-atmos: out of memory; no file was changed\n")
        t.equal((top / "vars.json").read_text(), "before\n", "the file after %d KiB" % limit_kib)
        failures += 1
    t.equal((top / "vars.json").read_text(), whole, "the file")
    t.equal(sorted(p.name for p in top.iterdir()), ["atmos.yaml", "components", "stacks", "vars.json"], "files")
    t.check(failures > 15, "only %d runs had too little" % failures)
