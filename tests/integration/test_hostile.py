# SPDX-License-Identifier: Apache-2.0
"""Input of hostile size and shape: a typed error or the right result, bounded memory, nothing executed, no hang.

The bounds on memory are generous: several times what is measured, so that only growth of another order breaks them."""
import json
import os
import random
import shutil
import socket
import sys
import threading

from harness import atmos_yaml

CONFIG = atmos_yaml()
DEV = "vars: { stage: dev }\ncomponents:\n  terraform:\n    vpc: { vars: { cidr: 10.0.0.0/16 } }\n"
DATA, IO = 65, 74

MEASURE = """\
import os, subprocess, sys
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
open(sys.argv[1], "w").write(str(usage.ru_maxrss // 1024))
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
"""


def repo(t, files, config=CONFIG):
    return t.repo({"atmos.yaml": config, "components/terraform/vpc/main.tf": "", **files})


def measured(t, max_mib, *args, cwd, timeout=60):
    """A run that takes at most so much memory; a sanitizer may take ten times as much."""
    report = t.tmp / "peak"
    r = t.run("-c", MEASURE, report, t.binary, *args, cwd=cwd, timeout=timeout, program=sys.executable)
    peak = int(report.read_text())
    t.check(peak <= max_mib * (10 if "ASAN_OPTIONS" in os.environ else 1), "%d MiB, at most %d\n%s" % (peak, max_mib, r))
    return r


def chain(length):
    files = {"stacks/catalog/c%d.yaml" % n: "import: [catalog/c%d]\nvars: { v%d: 1 }\n" % (n + 1, n) for n in range(length - 1)}
    files["stacks/catalog/c%d.yaml" % (length - 1)] = "vars: { last: true }\n"
    files["stacks/deploy/dev.yaml"] = "import: [catalog/c0]\n" + DEV
    return files


# ---------------------------------------------------------------- sizes

def test_ten_thousand_stacks(t):
    files = {"stacks/deploy/s%05d.yaml" % n: "import: [catalog/c]\nvars: { stage: s%05d }\n" % n for n in range(10000)}
    files["stacks/catalog/c.yaml"] = "components: { terraform: { vpc: { vars: { a: 1 } } } }\n"
    top = repo(t, files)
    r = measured(t, 400, "list", "stacks", cwd=top).ok()
    t.equal((len(r.out.split()), r.out.split()[-1]), (10000, "s09999"))
    (top / "stacks/catalog/c.yaml").write_text("components: { terraform: { vpc: { varz: 1, vars: x } } }\n")
    r = measured(t, 400, "describe", "stacks", cwd=top).fails(DATA)
    r.says("unknown key", '"vars" of component', '"deploy/s00001", "deploy/s00002", "deploy/s00003" and 9996 more')
    t.equal(r.err.count(" --> "), 2)


def test_deep_imports(t):
    r = measured(t, 200, "describe", "component", "vpc", "-s", "dev", "--format", "json", cwd=repo(t, chain(1000))).ok()
    t.equal((len(r.json()["vars"]), r.json()["vars"]["last"]), (999 + 3, True))
    r = measured(t, 400, "list", "stacks", cwd=repo(t, chain(2100))).fails(DATA)
    r.says("error[stack/limit]", "2000 levels deep", "stacks/catalog/c1998.yaml:1:10")


def test_a_million_keys(t):
    top = repo(t, {"stacks/deploy/dev.yaml": DEV + "settings:\n" + "".join("  k%d: %d\n" % (n, n) for n in range(1000000))})
    t.equal(measured(t, 700, "list", "stacks", cwd=top, timeout=120).ok().out, "dev\n")


def test_many_keys_of_a_component(t):
    """Memory for a copy of the map with each key would be counted in gigabytes."""
    keys = "".join(f"        k{i}: {i}\n" for i in range(20000))
    secrets = "".join(f"    s{i}: {{store: a}}\n" for i in range(20000))
    top = repo(t, {"stacks/deploy/dev.yaml": "vars: {stage: dev}\nsecrets:\n  vars:\n" + secrets +
                   "components:\n  custom:\n    x:\n" + keys.replace("        ", "      ") + "  terraform:\n    y: {}\n"})
    full = measured(t, 200, "describe", "component", "x", "-s", "dev", "--format", "json", "--query", ".", cwd=top).ok().json()
    t.equal((full["k0"], full["k19999"]), (0, 19999))
    full = measured(t, 200, "describe", "component", "y", "-s", "dev", "--format", "json", "--query", ".", cwd=top).ok().json()
    t.equal(full["secrets"]["vars"]["s19999"], {"store": "a", "scope": "stack"})


def test_a_pattern_over_many_files(t):
    """100,000 is what one import may match; each of 5,000 makes a component of its own. The folder under further names
    makes more of them."""
    top = repo(t, {"stacks/deploy/dev.yaml": "import: ['catalog/**/*']\n" + DEV, "stacks/catalog/f/none": None})
    for n in range(5000):
        (top / ("stacks/catalog/f/f%d.yaml" % n)).write_text("components: { terraform: { c%d: {} } }\n" % n)
    r = measured(t, 200, "list", "components", cwd=top, timeout=120).ok()
    t.equal(len(r.out.splitlines()), 5001)
    for n in range(20):
        (top / ("stacks/catalog/g%d" % n)).symlink_to("f")
    r = measured(t, 500, "list", "components", cwd=top, timeout=120).fails(DATA)
    r.says("error[stack/limit]", "more than 100000 files", "stacks/deploy/dev.yaml:1:10")


def test_work_that_doubles_with_each_level(t):
    files = {"stacks/catalog/%s%d.yaml" % (name, n): "import: [catalog/a%d, catalog/b%d]\noverrides: { vars: { n%d: %s } }\n" % (n + 1, n + 1, n, name)
             for n in range(40) for name in "ab"}
    files.update({"stacks/catalog/a40.yaml": "", "stacks/catalog/b40.yaml": "", "stacks/deploy/dev.yaml": "import: [catalog/a0]\n" + DEV})
    measured(t, 500, "describe", "stacks", cwd=repo(t, files)).fails(DATA).says("error[stack/limit]", "different overrides")
    bases = "".join("    %s%d: { metadata: { inherits: [a%d, b%d] } }\n" % (name, n, n + 1, n + 1) for n in range(40) for name in "ab")
    top = repo(t, {"stacks/deploy/dev.yaml": DEV + bases + "    a40: {}\n    b40: {}\n"})
    measured(t, 300, "describe", "stacks", cwd=top).fails(DATA).says("error[stack/limit]", "more than 2000 steps")


def test_deep_inheritance(t):
    """As many steps as are allowed; a longer chain is said once, however long it is, and costs little."""
    def bases(form, length):
        lines = "".join("    c%d: { %s }\n" % (n, form % ("c%d" % (n + 1))) for n in range(length))
        return repo(t, {"stacks/deploy/dev.yaml": DEV + lines + "    c%d: {}\n" % length})

    for form in ("metadata: { inherits: [%s] }", "component: %s"):
        r = measured(t, 300, "describe", "component", "c0", "-s", "dev", "--query", ".inheritance | length", cwd=bases(form, 2000)).ok()
        t.equal(r.out.strip(), "2000")
        r = measured(t, 100, "list", "stacks", cwd=bases(form, 2001)).fails(DATA)
        r.says("error[stack/limit]", 'component "c0" inherits through more than 2000 steps', "stacks/deploy/dev.yaml:2005:")
        t.equal(r.err.count("error["), 1, r)
    measured(t, 400, "describe", "component", "c0", "-s", "dev", cwd=bases(form, 50000)).fails(DATA).says("more than 2000 steps")


def test_wide_inheritance(t):
    """Many components with many bases each: the same bound."""
    names = ["b%d" % n for n in range(2001)]
    lines = "".join("    %s: {}\n" % name for name in names)
    lines += "    all: { metadata: &all { inherits: [%s] } }\n" % ", ".join(names) + "".join("    x%d: { metadata: *all }\n" % n for n in range(1000))
    r = measured(t, 300, "list", "stacks", cwd=repo(t, {"stacks/deploy/dev.yaml": DEV + lines})).fails(DATA)
    r.says('component "all" inherits through more than 2000 steps')
    t.equal(r.err.count("error["), 1, r)


def test_deep_nesting_of_hcl_and_json(t):
    for name, text in (("main.tf", "a = " + "[" * 100000), ("main.tf", "b { " * 100000), ("x.tf.json", '{"a":' * 100000)):
        top = repo(t, {"stacks/deploy/dev.yaml": DEV, "components/terraform/vpc/" + name: text})
        r = t.run("describe", "component", "vpc", "-s", "dev", "--format", "json", cwd=top, env={"ATMOS_DESCRIBE_COMPONENT_FILTER": "full"})
        r.fails(DATA).says("components/terraform/vpc/" + name)


def test_sparse_file(t):
    top = repo(t, {"stacks/deploy/dev.yaml": DEV, "stacks/deploy/big.yaml": ""})
    os.truncate(top / "stacks/deploy/big.yaml", 10 << 30)
    measured(t, 100, "list", "stacks", cwd=top).fails(DATA).says("stacks/deploy/big.yaml", "larger than 64 MiB")
    os.truncate(top / "stacks/deploy/big.yaml", 0)
    os.truncate(top / "atmos.yaml", 10 << 30)
    measured(t, 100, "list", "stacks", cwd=top).fails(IO).says("atmos.yaml", "larger than 16 MiB")


# ---------------------------------------------------------------- names

NAMES = ["a\nb", 'q"q', "$(touch pwned)", "`touch pwned`", "t\tb", "\x1b[31mred\x1b[0m", "x" * 4096, "\u202erow", "; touch pwned", "-rf", "'", "%s%n"]


def test_odd_names_in_a_manifest(t):
    """As key, component, stack and value: the JSON has them as they are, a terminal gets no control character."""
    for name in NAMES:
        quoted = json.dumps(name)
        top = repo(t, {"stacks/deploy/dev.yaml": "vars: { stage: %s }\ncomponents: { terraform: { ? %s : { vars: { ? %s : %s }, varz: 1 } } }\n"
                       % (quoted, quoted, quoted, quoted)})
        with t.writes_nothing(top):
            r = t.run("describe", "stacks", "--format", "json", "--lenient", cwd=top).ok()
            t.equal(r.json()[name]["components"]["terraform"][name]["vars"][name], name)
            t.check("\x1b" not in r.err and "\u202e" not in r.err, r)
            if not name.startswith("-"):
                r = t.run("describe", "component", name, "--stack=" + name, "--format", "json", cwd=top).ok()
                t.equal(r.json()["vars"][name], name)
            t.run("validate", "stacks", "--format", "json", cwd=top).fails(1).json()
            json.loads(t.run("list", "instances", "--format", "json", cwd=top).ok().out)


def test_odd_names_of_files(t):
    for name in (b"a\nb", b'q"q', b"$(touch pwned)", b"t\tb", b"\x1b[31m", b"\xff\xfe", b"x" * 240, b"[a]", b"{b}", b"*"):
        top = repo(t, {"stacks/deploy/none": None})
        path = os.path.join(os.fsencode(top / "stacks/deploy"), name + b".yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(DEV)
        with t.writes_nothing(top):
            r = t.run("describe", "component", "vpc", "-s", "dev", "--format", "json", cwd=top, env={"ATMOS_DESCRIBE_COMPONENT_FILTER": "full"}).ok()
            t.equal(json.loads(r.out_bytes)["vars"]["stage"], "dev")
        with open(path, "a", encoding="utf-8") as file:
            file.write("env: 5\n")
        r = t.run("describe", "stacks", cwd=top).fails(DATA).says('"env" must be a map')
        t.check(b"\x1b" not in r.err_bytes and b"\xff" not in r.err_bytes, r)
        json.loads(t.run("validate", "stacks", "--format", "json", cwd=top).fails(1).out_bytes)


# ---------------------------------------------------------------- files that are something else, or become it

def test_things_in_the_place_of_files(t):
    top = repo(t, {"stacks/deploy/dev.yaml": "import: [catalog/x]\n" + DEV, "stacks/catalog/none": None})
    place = top / "stacks/catalog/x.yaml"
    server = socket.socket(socket.AF_UNIX)
    t.stack.callback(server.close)
    makers = {"fifo": lambda: os.mkfifo(place), "loop": lambda: place.symlink_to("x.yaml"), "device": lambda: place.symlink_to("/dev/zero"),
              "socket": lambda: server.bind(os.path.relpath(place)), "gone": lambda: place.symlink_to("nothing"), "folder": place.mkdir}
    here = os.getcwd()
    for what, make in makers.items():
        os.chdir(top)
        make()
        os.chdir(here)
        r = measured(t, 100, "list", "stacks", cwd=top)
        t.check(r.code in (DATA, IO), "%s\n%s" % (what, r))
        r.says("stacks/", "catalog/x")
        shutil.rmtree(place) if what == "folder" else place.unlink()


def test_folders_in_a_circle(t):
    top = repo(t, {"stacks/deploy/dev.yaml": DEV, "stacks/deploy/a/none": None})
    (top / "stacks/deploy/a/up").symlink_to("../..")
    (top / "stacks/deploy/a/self").symlink_to(".")
    t.equal(measured(t, 100, "list", "stacks", cwd=top).ok().out, "dev\n")


def test_files_that_change_while_they_are_read(t):
    """Whatever the reader meets, it ends with a result or an error of the documented codes."""
    top = repo(t, {"stacks/deploy/dev.yaml": DEV, **{"stacks/deploy/s%d.yaml" % n: DEV.replace("dev", "s%d" % n) for n in range(20)}})
    dice, done = random.Random(1), threading.Event()
    turns = []

    def write():
        while not done.is_set():
            turns.append(1)
            path = top / ("stacks/deploy/s%d.yaml" % dice.randrange(20))
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
            kind = dice.randrange(6)
            if kind == 0:
                path.mkdir()
            elif kind == 1:
                os.mkfifo(path)
            elif kind == 2:
                path.symlink_to("gone")
            elif kind > 3:
                path.write_text(DEV[: dice.randrange(len(DEV))] * dice.randrange(50))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(100):
            r = t.run(*(["describe", "stacks"], ["list", "stacks"], ["validate", "stacks"])[number % 3], cwd=top)
            t.check(r.code in (0, 1, DATA, IO), r)
    finally:
        done.set()
        writer.join()
    t.check(len(turns) > 100, "%d files were changed" % len(turns))


def test_no_room_for_the_output(t):
    top = repo(t, {"stacks/deploy/dev.yaml": DEV})
    for args in (["describe", "stacks"], ["list", "stacks"], ["describe", "component", "vpc", "-s", "dev", "--format", "json"]):
        r = t.run("-c", 'exec "$0" "$@" > /dev/full', t.binary, *args, cwd=top, program="/bin/sh")
        r.fails(IO).says("No space left on device")
