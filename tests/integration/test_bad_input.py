# SPDX-License-Identifier: Apache-2.0
"""Bad input: each is one clear error with its place and its exit code, and nothing is written."""
import json
import os
import re
import shutil

import harness

CONFIG = harness.atmos_yaml(included="**/*", stacks='excluded_paths: ["catalog/**"]')

DEV = """\
vars:
  stage: dev
components:
  terraform:
    vpc:
      vars:
        cidr: 10.0.0.0/16
"""

DATA, UNAVAILABLE, IO, PERMISSION, CONFIGURATION = 65, 69, 74, 77, 78


def with_files(t, files, config=CONFIG):
    made = {"atmos.yaml": config, "stacks/dev.yaml": DEV, "components/terraform/vpc/main.tf": 'variable "cidr" {}\n'}
    made.update(files)
    return t.repo(made)


def refused(t, repo, code, *texts, args=("describe", "stacks"), timeout=60, env=None):
    """The command fails with this code and says these texts, as text and as JSON, and changes no file."""
    with t.writes_nothing(repo):
        r = t.run(*args, cwd=repo, timeout=timeout, env=env).fails(code).says(*texts)
    t.equal(r.out, "", "stdout")
    t.check(len(r.err) < 20000, "%d bytes of errors" % len(r.err))
    return r


def points_at(t, result, place):
    """The place stands in the error, followed by the line itself and a caret under it."""
    lines = result.err.splitlines()
    where = [i for i, line in enumerate(lines) if place in line]
    t.check(where, "no %s in:\n%s" % (place, result.err))
    t.check(any(re.search(r"\^", line) for line in lines[where[0]:where[0] + 5]), "no caret after %s in:\n%s" % (place, result.err))


def test_no_configuration(t):
    refused(t, t.repo({"x": None}), CONFIGURATION, "atmos.yaml")


def test_configuration_is_not_yaml(t):
    r = refused(t, with_files(t, {}, "base_path: [\n"), CONFIGURATION, "atmos.yaml")
    t.check(re.search(r"atmos\.yaml:\d+:\d+", r.err), r)


def test_syntax_error(t):
    r = refused(t, with_files(t, {"stacks/dev.yaml": "vars:\n  stage: dev\n  zone: [a, b\nx: 1\n"}), DATA)
    t.check(re.search(r"stacks/dev\.yaml:[345]:\d+", r.err), r)
    t.contains(r.err, "^")


def test_tab_as_indentation(t):
    r = refused(t, with_files(t, {"stacks/dev.yaml": "vars:\n\tstage: dev\n"}), DATA)
    points_at(t, r, "stacks/dev.yaml:2:1")


def test_import_missing(t):
    r = refused(t, with_files(t, {"stacks/dev.yaml": "import:\n  - catalog/vpc\n" + DEV}), DATA, "catalog/vpc")
    points_at(t, r, "stacks/dev.yaml:2:5")


def test_import_cycle(t):
    r = refused(t, with_files(t, {
        "stacks/dev.yaml": "import:\n  - catalog/a\n" + DEV,
        "stacks/catalog/a.yaml": "import:\n  - catalog/b\n",
        "stacks/catalog/b.yaml": "import:\n  - catalog/a\n"}), DATA, "catalog/a", "catalog/b")
    points_at(t, r, "stacks/catalog/b.yaml:2:5")


def test_import_of_itself(t):
    refused(t, with_files(t, {"stacks/dev.yaml": "import:\n  - dev\n" + DEV}), DATA, "stacks/dev.yaml:2:5")


def test_import_by_an_absolute_path(t):
    (t.tmp / "outside.yaml").write_text("vars: { secret: found }\n")
    repo = with_files(t, {"stacks/dev.yaml": "import:\n  - %s\n%s" % (t.tmp / "outside.yaml", DEV)})
    refused(t, repo, DATA, "outside").lacks("found")


def test_unknown_base(t):
    r = refused(t, with_files(t, {"stacks/dev.yaml": DEV + "      metadata:\n        inherits: [vcp]\n"}), DATA, "vcp")
    points_at(t, r, "stacks/dev.yaml:9:20")


def test_circular_inheritance(t):
    r = refused(t, with_files(t, {"stacks/dev.yaml": DEV + """\
      metadata: { inherits: [a] }
    a:
      metadata: { inherits: [b] }
    b:
      metadata: { inherits: [a] }
"""}), DATA, "circular", "a", "b")
    t.check(re.search(r"stacks/dev\.yaml:1[02]:", r.err), r)


def test_vars_not_a_map(t):
    r = refused(t, with_files(t, {"stacks/dev.yaml": DEV.replace("        cidr: 10.0.0.0/16", "        - cidr")}), DATA, "vars")
    t.check(re.search(r"stacks/dev\.yaml:[67]:\d+", r.err), r)


def test_unknown_stack_and_component(t):
    repo = with_files(t, {})
    refused(t, repo, 64, '"dve"', 'did you mean "dev"', args=("describe", "component", "vpc", "-s", "dve"))
    refused(t, repo, 64, '"vcp"', 'did you mean "vpc"', args=("describe", "component", "vcp", "-s", "dev"))


def test_alias_bomb(t):
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += ["a%d: &a%d [%s]" % (n, n, ", ".join(["*a%d" % (n - 1)] * 10)) for n in range(1, 10)]
    repo = with_files(t, {"stacks/dev.yaml": DEV + "settings:\n  " + "\n  ".join(levels) + "\n"})
    refused(t, repo, DATA, "stacks/dev.yaml", "expands to more than")


def test_depth_100000(t):
    for text in ("settings: " + "[" * 100000 + "]" * 100000,
                 "settings: " + "{a: " * 100000 + "1" + "}" * 100000,
                 "\n".join(" " * n + "a:" for n in range(2000))):
        refused(t, with_files(t, {"stacks/dev.yaml": text + "\n"}), DATA, "stacks/dev.yaml", "deep")


def test_scalar_of_100_megabytes(t):
    repo = with_files(t, {})
    with open(repo / "stacks/dev.yaml", "ab") as file:
        file.write(b"settings:\n  big: ")
        for _ in range(100):
            file.write(b"a" * 1000000)
        file.write(b"\n")
    refused(t, repo, DATA, "stacks/dev.yaml", "larger than")


def test_invalid_utf8(t):
    r = refused(t, with_files(t, {"stacks/dev.yaml": DEV.encode() + b"settings:\n  name: caf\xe9\n"}), DATA, "UTF-8")
    t.contains(r.err, "stacks/dev.yaml")


def test_nul_bytes(t):
    for text in (DEV.encode() + b"settings: { a: b\0c }\n", b"\0" * 4096):
        refused(t, with_files(t, {"stacks/dev.yaml": text}), DATA, "stacks/dev.yaml")


def test_things_that_are_no_files(t):
    repo = with_files(t, {})
    os.mkfifo(repo / "stacks/pipe.yaml")
    refused(t, repo, None, "stacks/pipe.yaml")
    repo = with_files(t, {"stacks/folder.yaml": None})
    t.run("list", "stacks", cwd=repo).ok().prints("dev")
    repo = with_files(t, {})
    os.symlink("loop.yaml", repo / "stacks/loop.yaml")
    refused(t, repo, None, "stacks/loop.yaml")
    repo = with_files(t, {})
    os.symlink("gone.yaml", repo / "stacks/link.yaml")
    refused(t, repo, None, "stacks/link.yaml")


def test_unreadable_manifest(t):
    repo = with_files(t, {})
    os.chmod(repo / "stacks/dev.yaml", 0)
    with t.writes_nothing(repo):
        r = t.run("list", "stacks", cwd=repo, **t.nobody())
    r.fails().says("stacks/dev.yaml", "ermission denied")


def test_unreadable_folder(t):
    repo = with_files(t, {"stacks/secret/prod.yaml": DEV.replace("stage: dev", "stage: prod")})
    os.chmod(repo / "stacks/secret", 0)
    t.run("list", "stacks", cwd=repo, **t.nobody()).fails().says("stacks/secret", "ermission denied")
    (repo / "atmos.yaml").write_text(harness.atmos_yaml(included="**/*", stacks='excluded_paths: ["catalog/**", "secret/**"]'))
    t.equal(t.run("list", "stacks", cwd=repo, **t.nobody()).ok().out.split(), ["dev"])


def test_keys_that_are_to_be_split(t):
    config = CONFIG + 'settings: { yaml: { key_delimiter: "." } }\n'
    repo = with_files(t, {"stacks/split.yaml": "vars.stage: split\ncomponents.terraform.vpc.vars: { a.b: 1, a.c: 2 }\n"}, config)
    r = t.run("describe", "component", "vpc", "-s", "split", "--query", ".vars.a", "--json", cwd=repo).ok()
    t.equal(json.loads(r.out), {"b": 1, "c": 2})
    refused(t, with_files(t, {"stacks/split.yaml": "vars.stage: split\nvars: { stage: other }\n"}, config), DATA,
            "yaml/key-clash", "stacks/split.yaml:2")


def test_unreadable_lock_file(t):
    repo = with_files(t, {"tf-atmos.lock.json": "{}\n"})
    os.chmod(repo / "tf-atmos.lock.json", 0)
    r = t.run("plugin", "list", cwd=repo, **t.nobody()).fails(IO)
    r.says("plugin/lock-unreadable", "ermission denied")


# ---------------------------------------------------------------- terraform

def test_no_terraform(t):
    repo = with_files(t, {})
    empty = t.repo({"x": None})
    refused(t, repo, UNAVAILABLE, "terraform", args=("terraform", "plan", "vpc", "-s", "dev"), env={"PATH": empty})


def test_terraform_fails(t):
    repo = with_files(t, {})
    tools = t.repo({"terraform": "#!/bin/sh\necho it broke >&2\nexit 3\n"}, "tools")
    os.chmod(tools / "terraform", 0o755)
    r = t.run("terraform", "plan", "vpc", "-s", "dev", cwd=repo, env={"PATH": "%s:%s" % (tools, os.environ["PATH"])})
    r.exits(3).says("it broke")


def test_terraform_killed(t):
    repo = with_files(t, {})
    tools = t.repo({"terraform": "#!/bin/sh\nkill -KILL $$\n"}, "tools")
    os.chmod(tools / "terraform", 0o755)
    r = t.run("terraform", "plan", "vpc", "-s", "dev", cwd=repo, env={"PATH": "%s:%s" % (tools, os.environ["PATH"])})
    t.check(r.code not in (0, -9), r)
    r.says("signal")


# ---------------------------------------------------------------- places that cannot be written

VARFILE = ("terraform", "generate", "varfile", "vpc", "-s", "dev")


def test_read_only_repository(t):
    repo = with_files(t, {})
    for top, dirs, _ in os.walk(repo):
        os.chmod(top, 0o555)
    with t.writes_nothing(repo):
        t.run(*VARFILE, cwd=repo, **t.nobody()).fails().says("components/terraform/vpc")


def test_full_disk(t):
    repo = with_files(t, {"stacks/dev.yaml": DEV + "        big: %s\n" % ("x" * 300000)})
    folder = repo / "components/terraform/vpc"
    made = t.run("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder, program=shutil.which("mount") or "/bin/mount")
    if made.code != 0:
        t.skip("mounting a small file system is not allowed here")
    try:
        (folder / "dev-vpc.terraform.tfvars.json").write_text("before\n")
        t.run(*VARFILE, cwd=repo).fails(IO).says("No space left")
        t.equal(sorted(os.listdir(folder)), ["dev-vpc.terraform.tfvars.json"])
        t.equal((folder / "dev-vpc.terraform.tfvars.json").read_text(), "before\n")
    finally:
        t.run(folder, program=shutil.which("umount") or "/bin/umount").ok()


# ---------------------------------------------------------------- plugins

def guardduty(**changes):
    """A repository whose one instance has an intent for guardduty."""
    intent = {"delegated_admin_account": '"222233334444"', "members": "all", "publish_every": "15m", "regions": "[eu-west-1]"}
    intent.update(changes)
    lines = "".join("          %s: %s\n" % item for item in intent.items())
    return {"stacks/dev.yaml": "vars:\n  stage: dev\n  region: eu-west-1\n  account_id: \"222233334444\"\ncomponents:\n  terraform:\n    guardduty:\n"
                               "      settings:\n        guardduty:\n" + lines,
            "components/terraform/guardduty/main.tf": ""}


def test_plugin_reports_an_error(t):
    repo = with_files(t, guardduty(delegated_admin_account="222233334444"))
    with t.writes_nothing(repo):
        r = t.run("validate", cwd=repo)
    r.exits(1)
    t.check(re.search(r"stacks/dev\.yaml:10:\d+", r.out + r.err), r)


def test_plugin_error_stops_apply_before_anything_is_written(t):
    repo = with_files(t, guardduty(publish_every="7m"))
    tools = t.repo({"terraform": "#!/bin/sh\ntouch %s/was-run\n" % t.tmp}, "tools")
    os.chmod(tools / "terraform", 0o755)
    with t.writes_nothing(repo):
        r = t.run("terraform", "apply", "guardduty", "-s", "dev", "-auto-approve", cwd=repo,
                  env={"PATH": "%s:%s" % (tools, os.environ["PATH"])})
    r.exits(1)
    t.contains(r.err, "publish_every")
    t.check(not (t.tmp / "was-run").exists(), "terraform was run")


def test_plugin_folder_full_of_garbage(t):
    repo = with_files(t, {"plugins.d/%s" % name: content for name, content in {
        "text.so": "not an object\n", "empty.so": "", "short.so": b"\x7fELF\x02\x01", "noise.so": os.urandom(70000),
        "archive.la": "# libtool\n", "folder.so": None, "none": "x\n"}.items()})
    os.mkfifo(repo / "plugins.d/pipe.so")
    os.symlink("gone.so", repo / "plugins.d/dangling.so")
    with t.writes_nothing(repo):
        r = t.run("plugin", "list", cwd=repo).ok()
        for name in ("text.so", "empty.so", "short.so", "noise.so", "folder.so", "pipe.so", "dangling.so"):
            t.contains(r.out + r.err, name)
        r.lacks("file not found")
        t.run("validate", cwd=repo, timeout=20).ok()


# ---------------------------------------------------------------- endpoints

def checked(t, prepare, timeout=60, **env):
    repo = with_files(t, guardduty())
    o = t.overlay()
    prepare(o)
    with t.writes_nothing(repo):
        r = t.run("check", "guardduty", "-s", "dev", cwd=repo, timeout=timeout, env=t.aws_env(o, **env))
    t.check(r.code > 0, r)
    t.check("traceback" not in r.err.lower() and len(r.out + r.err) < 50000, r)
    return o, r


def test_endpoint_refuses(t):
    repo = with_files(t, guardduty())
    url = "http://127.0.0.1:%d" % harness.closed_port()
    r = t.run("check", "guardduty", "-s", "dev", cwd=repo, env=t.aws_env(url))
    t.check(r.code > 0, r)
    t.contains(r.out + r.err, "127.0.0.1")


def test_endpoint_answers_html(t):
    _, r = checked(t, lambda o: o.html())
    t.check("JSON" in r.out + r.err or "HTML" in r.out + r.err, r)


def test_endpoint_truncates(t):
    checked(t, lambda o: o.truncate())


def test_endpoint_resets(t):
    checked(t, lambda o: o.reset_connection())


def test_endpoint_fails_once(t):
    """One 500 and one 429 are retried; what then comes is what counts."""
    def prepare(o):
        o.answer({"detectorIds": []}, path="/detector")
        o.error("InternalServerErrorException", 500, times=1, path="/detector")
        o.throttle(times=1, path="/detector")
    o, r = checked(t, prepare)
    t.check(len(o.calls(path="/detector")) >= 3, o.requests)
    t.contains(r.out + r.err, "GD-01")


def test_endpoint_always_500(t):
    o, _ = checked(t, lambda o: o.error("InternalServerErrorException", 500))
    t.check(len(o.requests) < 200, "%d requests" % len(o.requests))


def test_endpoint_always_throttles(t):
    o, _ = checked(t, lambda o: o.throttle(), timeout=180)
    t.check(len(o.requests) < 200, "%d requests" % len(o.requests))


def test_endpoint_hangs(t):
    checked(t, lambda o: o.hang(), timeout=180)


def test_endpoint_sends_without_end(t):
    checked(t, lambda o: o.huge(), timeout=120)
