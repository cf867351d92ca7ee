# SPDX-License-Identifier: Apache-2.0
"""What every command owes its user: streams, exit codes, help, suggestions, formats, completion, documentation."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time

import harness

CONFIG = harness.atmos_yaml(included="*")

DEV = """\
vars: { stage: dev, region: eu-west-1 }
components:
  terraform:
    vpc: { vars: { cidr: 10.0.0.0/16, tags: { owner: net } } }
    eks: { metadata: { component: eks/cluster, tags: [core], labels: { team: run } } }
    base: { metadata: { type: abstract } }
"""

PROD = """\
vars: { stage: prod, region: eu-west-1 }
components:
  terraform:
    vpc: { vars: { cidr: 10.1.0.0/16 } }
"""


def repository(t, **more):
    files = {"atmos.yaml": CONFIG, "stacks/dev.yaml": DEV, "stacks/prod.yaml": PROD,
             "components/terraform/vpc/main.tf": 'variable "cidr" {}\n'}
    files.update(more)
    return t.repo(files)


def commands(t):
    return t.run("help", "--format", "json").ok().json()


# ---------------------------------------------------------------- help

def test_help_is_a_result(t):
    """On stdout, exit code 0, at most 80 columns, whatever way it is asked for."""
    for args in ((), ("-h",), ("--help",), ("help",), ("describe", "-h"), ("help", "describe"), ("describe", "component", "--help"),
                 ("help", "describe", "component"), ("--help", "describe", "component"), ("help", "exit-codes"), ("help", "environment"),
                 ("help", "formats"), ("help", "config"), ("help", "plugins"), ("help", "options"), ("terraform", "-h")):
        r = t.run(*args).ok()
        t.equal(r.err, "", "stderr of %s" % (args,))
        t.check(r.out.endswith("\n") and len(r.out) > 100, r)
        for line in r.out.splitlines():
            t.check(len(line) <= 80, "%d columns: %s" % (len(line), line))
    t.equal(t.run("help", "describe", "component").out, t.run("describe", "component", "-h").out, "both ways")


def test_help_follows_the_terminal_up_to_100_columns(t):
    for width, most in ((40, 40), (90, 90), (200, 100)):
        r = t.run("help", "validate", env={"TF_ATMOS_FORCE_TTY": width}).ok()
        longest = max(len(line) for line in r.out.splitlines() if not line.startswith("  tf-atmos") and "# " not in line)
        t.check(longest <= most, "%d columns at width %d" % (longest, width))


def test_help_of_every_command(t):
    table = commands(t)
    t.equal(table["format_version"], "1.0")
    t.check(len(table["commands"]) > 20, table)
    for command in table["commands"]:
        r = t.run(*command["path"].split(), "--help").ok().prints(command["summary"], command["usage"].split()[0])
        for option in command["options"]:
            r.prints("--" + option["name"])


def test_version(t):
    text = t.run("--version").ok().out
    t.check(re.fullmatch(r"tf-atmos \d+\.\d+\.\d+ \(plugin interface \d+\.\d+\)\n", text), text)
    t.equal(t.run("version").ok().out, text)
    t.equal(t.run("-V").ok().out, text)
    got = t.run("version", "--format", "json").ok().json()
    t.equal(got, t.run("--version", "--json").ok().json())
    t.check(got["version"] in text and got["plugin_interface"] in text, got)


# ---------------------------------------------------------------- mistakes

def test_mistakes_are_talk(t):
    """One error on stderr with its id and what to do, nothing on stdout, exit code 64."""
    repo = repository(t)
    for args, texts in (
            (("lst", "stacks"), ("cli/unknown-command", 'did you mean "list"?')),
            (("list", "stakcs"), ("cli/unknown-command", 'did you mean "stacks"?')),
            (("list",), ("cli/missing-command", "stacks, components, instances, affected, vars, values, settings, metadata, dependencies, sources, workflows, vendor, plugins")),
            (("list", "stacks", "--fromat", "json"), ("cli/unknown-option", 'did you mean "--format"?')),
            (("list", "stacks", "--format", "xml"), ("cli/bad-value", "table, json, yaml, csv, tsv")),
            (("list", "stacks", "--format"), ("cli/option-value", "--format needs a value")),
            (("list", "stacks", "extra"), ("cli/arguments", '"extra"')),
            (("describe", "component"), ("cli/arguments", "<component>")),
            (("describe", "component", "vpc"), ("cli/missing-option", "--stack")),
            (("describe", "component", "vpc", "-s", "dve"), ("stack/unknown-stack", 'did you mean "dev"?')),
            (("describe", "component", "vcp", "-s", "dev"), ("stack/unknown-component", 'did you mean "vpc"?')),
            (("describe", "component", "vpc", "-s", "dev", "--query", ".vars."), ("cli/query", "name is missing")),
            (("list", "stacks", "--columns", "A={{ upper .x }}"), ("cli/listing", "fields such as")),
            (("list", "stacks", "--profile", "x"), ("config/profile-not-found", '"x"')),
            (("terraform", "plan", "--all", "--include-dependencies"), ("cli/unsupported", "--components")),
            (("validate", "-s", "dve"), ("stack/unknown-stack", "dve")),
            (("check", "vcp"), ("stack/unknown-component", 'did you mean "vpc"?')),
            (("-C", "nowhere", "list", "stacks"), ("cli/folder", "nowhere", "No such file")),
            (("completion", "tcsh"), ("cli/bad-value", "bash, zsh, fish")),
            (("help", "validat"), ("cli/unknown-topic", "validate")),
            (("explain", "stack/import-not-fund"), ("cli/unknown-diagnostic", "stack/import-not-found")),
            (("plugin", "info", "gardduty"), ("gardduty",))):
        with t.writes_nothing(repo):
            r = t.run(*args, cwd=repo).fails().says(*texts)
        if texts[0].startswith("cli/") or texts[0].startswith("stack/"):
            r.exits(64)
        t.equal(r.out, "", "stdout of %s" % (args,))
        t.equal(r.err.count("error["), 1, "errors of %s\n%s" % (args, r.err))


def test_names_are_never_guessed(t):
    repo = repository(t)
    for args in (("val",), ("list", "stack"), ("describe", "component", "vpc", "--stac", "dev")):
        t.run(*args, cwd=repo).exits(64)


def test_unknown_variables_are_named_once(t):
    repo = repository(t)
    r = t.run("list", "stacks", cwd=repo, env={"TF_ATMOS_STAK": "dev"}).ok().says("cli/unknown-variable", "TF_ATMOS_STAK", "TF_ATMOS_STACK")
    t.equal(r.err.count("warning["), 1, r.err)
    t.run("list", "stacks", cwd=repo, env={"TF_ATMOS_STAK": "dev", "TF_ATMOS_STRICT": "1"}).exits(1)
    t.equal(t.run("list", "stacks", cwd=repo, env={"TF_ATMOS_STACK": "dev"}).ok().err, "")


# ---------------------------------------------------------------- exit codes, one per row that can be reached here

def test_exit_codes(t):
    repo = repository(t)
    rows = t.run("help", "exit-codes").ok().out
    broken = repository(t, **{"stacks/dev.yaml": "vars: [\n"})
    odd = repository(t, **{"stacks/dev.yaml": DEV.replace("base: {", "base: { vras: {},")})
    cases = {
        "0": t.run("list", "stacks", cwd=repo),
        "1": t.run("validate", cwd=odd),
        "64": t.run("nonsense"),
        "65": t.run("list", "stacks", cwd=broken),
        "69": t.run("terraform", "plan", "vpc", "-s", "dev", cwd=repo, env={"PATH": "/nonexistent"}),
        "74": t.run("describe", "stacks", "--file", "/nonexistent/x", cwd=repo),
        "78": t.run("list", "components", cwd=t.repo({"x": None})),
    }
    for code, r in cases.items():
        t.contains(rows, "  %s " % code)
        r.exits(int(code))
    tools = t.repo({"terraform": "#!/bin/sh\n[ $1 = plan ] && exit $TF_VAR_code\nexit 0\n"}, "tools")
    os.chmod(tools / "terraform", 0o755)
    for code in (1, 2, 3, 63):
        env = {"PATH": "%s:%s" % (tools, os.environ["PATH"]), "TF_VAR_code": code}
        t.run("terraform", "plan", "vpc", "-s", "dev", cwd=repo, env=env).exits(code)


def test_validate_reports_on_stdout(t):
    repo = repository(t, **{"stacks/dev.yaml": DEV + "    bad: { vars: [1] }\n"})
    r = t.run("validate", cwd=repo).exits(1).prints("stacks/dev.yaml:7:", "^", "1 error")
    t.equal(r.err, "")
    line = t.run("validate", "--format", "concise", cwd=repo).exits(1).out.splitlines()[0]
    t.check(re.match(r"stacks/dev\.yaml:7:\d+: error stack/[a-z-]+ ", line), line)
    got = t.run("validate", "--format", "json", cwd=repo).exits(1).json()
    t.equal(got["format_version"], "1.0")
    t.equal(got["summary"]["errors"], 1)
    found = got["diagnostics"][0]
    t.equal((found["file"], found["range"]["start"]["line"]), ("stacks/dev.yaml", 7))
    text = (repo / "stacks/dev.yaml").read_bytes()
    start = found["range"]["start"]
    t.equal(text[:start["offset"]].count(b"\n") + 1, start["line"], "line of the offset")
    again = repository(t, **{"stacks/dev.yaml": "# moved\n" + DEV + "    bad: { vars: [1] }\n"})
    other = t.run("validate", "--format", "json", cwd=again).json()["diagnostics"][0]
    t.equal(other["range"]["start"]["line"], 8)
    t.equal(other["fingerprint"], found["fingerprint"], "fingerprint after an edit above")
    t.run("validate", cwd=repository(t)).ok().prints("no problems")


# ---------------------------------------------------------------- streams

def test_closed_pipe_ends_quietly(t):
    repo = repository(t)
    lines = "".join("    c%04d: { vars: { text: %s } }\n" % (i, "x" * 200) for i in range(2000))
    repo = repository(t, **{"stacks/dev.yaml": DEV + lines})
    proc = subprocess.Popen([t.binary, "describe", "stacks"], cwd=repo, env=t.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    proc.stdout.read(10)
    proc.stdout.close()
    err = proc.stderr.read()
    t.check(proc.wait(20) >= 0, "killed by a signal")
    t.equal(err, b"", "stderr")


def test_output_that_cannot_be_written(t):
    repo = repository(t)
    for args in (("list", "stacks"), ("describe", "stacks"), ("help",), ("validate",), ("plugin", "list")):
        with open("/dev/full", "wb") as full:
            proc = subprocess.run([t.binary] + list(args), cwd=repo, env=t.env(), stdout=full, stderr=subprocess.PIPE)
        t.equal(proc.returncode, 74, "exit code of %s" % (args,))
        t.contains(proc.stderr.decode(), "cli/output")
        t.contains(proc.stderr.decode(), "No space left")
    closed = subprocess.run(["sh", "-c", 'exec "$0" list stacks >&-', t.binary], cwd=repo, env=t.env(), stderr=subprocess.PIPE)
    t.equal(closed.returncode, 74, "exit code with stdout closed")


def test_all_descriptors_closed(t):
    repo = repository(t)
    code = subprocess.run(["sh", "-c", 'exec "$0" list stacks <&- >&- 2>&-', t.binary], cwd=repo, env=t.env()).returncode
    t.equal(code, 74)


def test_no_color_in_pipes(t):
    repo = repository(t)
    for args in (("list", "stacks"), ("plugin", "list"), ("validate",), ("nonsense",), ("doctor",)):
        r = t.run(*args, cwd=repo, env={"NO_COLOR": None, "TERM": "xterm-256color"})
        t.check("\x1b" not in r.out + r.err, r)


def test_color_rules(t):
    repo = repository(t)
    for env, args, want in (
            ({"NO_COLOR": None, "FORCE_COLOR": "1"}, (), True),
            ({"NO_COLOR": None, "CLICOLOR_FORCE": "1"}, (), True),
            ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, (), False),
            ({"NO_COLOR": "1"}, ("--color", "always"), True),
            ({"NO_COLOR": None, "FORCE_COLOR": "1"}, ("--color", "never"), False),
            ({"NO_COLOR": None, "FORCE_COLOR": "1"}, ("--no-color",), False),
            ({"NO_COLOR": None, "FORCE_COLOR": "1", "TF_ATMOS_NO_COLOR": "1"}, (), False),
            ({"NO_COLOR": None, "TF_ATMOS_FORCE_TTY": "80", "TERM": "xterm"}, (), True),
            ({"NO_COLOR": None, "TF_ATMOS_FORCE_TTY": "80", "TERM": "dumb"}, (), False)):
        r = t.run("list", "components", "-f", "table", *args, cwd=repo, env=env).ok()
        t.equal("\x1b[" in r.out, want, "color with %s %s" % (env, args))
        r = t.run("nonsense", *args, cwd=repo, env=env)
        t.equal("\x1b[" in r.err, want, "color of errors with %s %s" % (env, args))


def test_ascii_where_the_locale_is_not_utf8(t):
    repo = repository(t, **{"stacks/dev.yaml": DEV.replace("vpc:", "%s:" % ("a-very-long-component-name-" * 4))})
    env = {"TF_ATMOS_FORCE_TTY": "60", "LC_ALL": "C"}
    for args in (("doctor",), ("list", "components"), ("plugin", "list"), ("explain", "--list")):
        r = t.run(*args, cwd=repo, env=env)
        t.check(all(byte < 128 for byte in r.out_bytes + r.err_bytes), r)


def test_tables_fit_the_terminal_and_are_whole_in_a_pipe(t):
    repo = repository(t)
    for width in (60, 100):
        for line in t.run("explain", "--list", cwd=repo, env={"TF_ATMOS_FORCE_TTY": width}).ok().out.splitlines():
            t.check(len(line) <= width, line)
    piped = t.run("explain", "--list", cwd=repo).ok().out
    t.check("\u2026" not in piped and not re.search(r" $", piped, re.M), "cut or padded in a pipe")


def in_terminal(t, argv, cwd, env, columns):
    """Runs in a real pseudo-terminal and gives what stood on its screen, line by line."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.chdir(cwd)
        os.execve(argv[0], argv, env)
    out, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out.decode()


def test_a_real_terminal(t):
    repo = repository(t)
    env = t.env({"NO_COLOR": None, "TERM": "xterm"})
    code, out = in_terminal(t, [t.binary, "list", "components"], repo, env, 80)
    t.equal(code, 0, out)
    t.contains(out, "\x1b[1mComponent\x1b[0m")
    code, out = in_terminal(t, [t.binary, "nonsense"], repo, env, 80)
    t.equal(code, 64, out)
    t.contains(out, "\x1b[1;31merror\x1b[0m")


# ---------------------------------------------------------------- golden outputs

GOLDEN = {
    "list stacks": "dev\nprod\n",
    "list stacks --component eks": "dev\teks\n",
    "list components": "eks\tterraform\t1\nvpc\tterraform\t2\n",
    "list components --type all": "base\tterraform\t1\neks\tterraform\t1\nvpc\tterraform\t2\n",
    "list components --type abstract": "base\tterraform\t1\n",
    "list components --tags core": "eks\tterraform\t1\n",
    "list components --tags other": "",
    "list components --labels team=run": "eks\tterraform\t1\n",
    "list components --labels team=other": "",
    "list components -s 'p*'": "vpc\tterraform\t1\n",
    "list components --quiet": "eks\nvpc\n",
    "list components -f table": "Component  Type       Stacks\neks        terraform       1\nvpc        terraform       2\n",
    "list instances --format csv": "Component,Stack\neks,dev\nvpc,dev\nvpc,prod\n",
    "list instances --format tsv": "Component\tStack\neks\tdev\nvpc\tdev\nvpc\tprod\n",
    "list instances --format yaml": "- Component: eks\n  Stack: dev\n- Component: vpc\n  Stack: dev\n- Component: vpc\n  Stack: prod\n",
    "list stacks --format json": '[\n  {\n    "Stack": "dev"\n  },\n  {\n    "Stack": "prod"\n  }\n]\n',
    "describe component vpc -s dev --query .vars": "cidr: 10.0.0.0/16\nregion: eu-west-1\nstage: dev\ntags:\n  owner: net\n",
    "describe component vpc -s dev --query .vars.cidr": "10.0.0.0/16\n",
    "describe component vpc -s dev --json --query .vars.cidr": '"10.0.0.0/16"\n',
    "describe component vpc -s dev --json --query '.vars | keys'": '[\n  "cidr",\n  "region",\n  "stage",\n  "tags"\n]\n',
    "describe component components/terraform/vpc -s dev --query .vars.stage": "dev\n",
    "describe component ./components/terraform/vpc -s dev --query .vars.stage": "dev\n",
    "describe stacks -s prod --sections vars": "prod:\n  components:\n    terraform:\n      vpc:\n        vars:\n          cidr: 10.1.0.0/16\n"
                                               "          region: eu-west-1\n          stage: prod\n",
    "validate stacks": "2 stacks, 4 instances: no problems\n",
    "list vars vpc": "Key     dev              prod\ncidr    10.0.0.0/16      10.1.0.0/16\nregion  eu-west-1        eu-west-1\n"
                     "stage   dev              prod\ntags    {\"owner\":\"net\"}\n",
    "list vars vpc -s 'd*' --format csv": "Key,dev\ncidr,10.0.0.0/16\nregion,eu-west-1\nstage,dev\ntags,{\"owner\":\"net\"}\n",
    "list values vpc --json --query .vars.cidr": '{\n  "dev": {\n    "value": "10.0.0.0/16"\n  },\n  "prod": {\n    "value": "10.1.0.0/16"\n  }\n}\n',
    "list settings vpc --format yaml": "dev: {}\nprod: {}\n",
    "list settings -s prod --json --query '.prod.components.terraform | keys'": '[\n  "vpc"\n]\n',
    "list metadata eks --format csv": "Stack,Component,Type,Enabled,Locked,Component (base),Inherits,Description\ndev,eks,real,true,false,eks/cluster,,\n",
    "list sources": "",
    "list dependencies": "".join("%s\n├── needs\n│   └── (none)\n└── is needed by\n    └── (none)\n" % name
                                 for name in ("eks in dev", "vpc in dev", "vpc in prod")),
    "list instances --columns 'C={{ .component }}' --columns 'R={{ .vars.region }}!' --format csv":
        "C,R\neks,eu-west-1!\nvpc,eu-west-1!\nvpc,eu-west-1!\n",
    "list instances --filter '.stack == \"p*\"'": "vpc\tprod\n",
    "list instances --sort Stack:desc,Component": "vpc\tprod\neks\tdev\nvpc\tdev\n",
    "list components --sort Stacks:desc": "vpc\tterraform\t2\neks\tterraform\t1\n",
    "describe dependents vpc -s dev": "[]\n",
}


def test_lists_that_cannot_be_made(t):
    repo = repository(t)
    for args, say in ((("list", "components", "--columns", "Nothing"), "Name={{ .field }}"),
                      (("list", "components", "--columns", "A={{ upper .type }}"), "fields such as"),
                      (("list", "components", "--sort", "Nothing"), "no such column"),
                      (("list", "components", "--sort", "Type:up"), "asc or desc"),
                      (("list", "instances", "--filter", "stack =="), "path is made of"),
                      (("list", "vars", "vcp"), 'did you mean "vpc"'),
                      (("list", "settings"), "--format json or yaml"),
                      (("describe", "dependents", "vpc", "-s", "dve"), 'did you mean "dev"'),
                      (("list", "workflows"), "stack/no-workflow-folder")):
        r = t.run(*args, cwd=repo)
        t.check(r.code in (64, 2, 1, 78) and say in r.err and r.out == "", r)
    t.check("error[cli/listing]" in t.run("list", "components", "--columns", "Nothing", cwd=repo).err)


def test_validate_stacks_reads_what_nobody_imports(t):
    """All problems of all files, with their places; other commands do not mind them."""
    repo = repository(t, **{"stacks/catalog/a.yaml": "vars: []\n", "stacks/catalog/b.yml": "components: { terraform: { y: { shape: round } } }\n",
                            "stacks/catalog/c.yaml": "import: [absent]\n", "stacks/catalog/d.yaml.tmpl": "{{ if }}\n",
                            "stacks/catalog/e.yaml": "components: { terraform: { z: { metadata: { inherits: [elsewhere] } } } }\n"})
    r = t.run("validate", "stacks", cwd=repo)
    t.equal(r.code, 1)
    for text in ("stacks/catalog/a.yaml:1:7", "stacks/catalog/b.yml:1:33", 'unknown key "shape"', "stacks/catalog/c.yaml:1:10", "3 errors"):
        t.check(text in r.out, "%s\n%s" % (text, r))
    t.run("describe", "stacks", cwd=repo).ok()
    (repo / "atmos.yaml").write_text(harness.atmos_yaml(included="*", stacks='excluded_paths: ["catalog/**"]'))
    t.run("validate", "stacks", cwd=repo).ok()


def test_validate_stacks_says_everything_once_in_order(t):
    """A problem does not hide others: not those behind it in the file, not those of what the file imports."""
    repo = repository(t, **{
        "stacks/catalog/a.yaml": "vars: []\ncomponents:\n  terraform:\n    x: { metadata: { inherits: text } }\n    y: 3\n    z: { shape: round }\n",
        "stacks/dev.yaml": "import: [catalog/a, gone]\nvars: { stage: dev }\n",
        "stacks/prod.yaml": "import: [catalog/a]\nvars: { stage: prod }\nsettings: 3\ncomponents: { terraform: { v: 4 } }\n"})
    r = t.run("validate", "stacks", "--format", "concise", cwd=repo).exits(1)
    places = [line.partition(" ")[0].rstrip(":") for line in r.out.splitlines()[:-1]]
    t.equal(places, ["stacks/catalog/a.yaml:1:7", "stacks/catalog/a.yaml:4:32", "stacks/catalog/a.yaml:5:8", "stacks/catalog/a.yaml:6:10",
                     "stacks/dev.yaml:1:21", "stacks/prod.yaml:3:11", "stacks/prod.yaml:4:31"], r.out)


def test_workflows_are_shown(t):
    config = CONFIG + "workflows: { base_path: flows }\n"
    repo = repository(t, **{"atmos.yaml": config, "flows/b/two.yaml": "workflows: { z: { steps: [] }, a: { description: d, steps: [{ command: x }] } }\n",
                            "flows/one.yml": "name: one\nworkflows: { up: { steps: [{ name: n, command: c }, { type: shell, command: e }] } }\n",
                            "flows/other.yaml": "a: 1\n"})
    r = t.run("list", "workflows", "--format", "csv", cwd=repo).ok()
    t.equal(r.out, "File,Workflow,Description,Steps\nb/two.yaml,a,d,1\nb/two.yaml,z,,0\none.yml,up,,2\n")
    t.check("warning[stack/no-workflows]" in r.err and "flows/other.yaml" in r.err, r)
    t.equal(t.run("describe", "workflows", "-o", "map", "--json", cwd=repo).ok().json(), {"b/two.yaml": ["a", "z"], "one.yml": ["up"]})
    t.equal(len(t.run("describe", "workflows", "--json", cwd=repo).ok().json()), 3)
    steps = t.run("describe", "workflows", "-o", "all", "--json", cwd=repo).ok().json()["one.yml"]["workflows"]["up"]["steps"]
    t.equal(steps, [{"name": "n", "command": "c", "continue": None, "when": None},
                    {"name": "step2", "type": "shell", "command": "e", "continue": None, "when": None}])
    (repo / "flows/bad.yaml").write_text("workflows: { up: [], down: { steps: 1 } }\n")
    r = t.run("describe", "workflows", cwd=repo)
    t.check(r.code != 0 and r.err.count("error[stack/bad-workflow]") == 2 and "flows/bad.yaml:1:14" in r.err, r)


def test_golden_outputs(t):
    repo = repository(t)
    with t.writes_nothing(repo):
        for line, want in GOLDEN.items():
            r = t.run(*shlex.split(line), cwd=repo).ok()
            t.equal(r.out, want, line)
            t.equal(r.err, "", "stderr of " + line)


def test_golden_outputs_whatever_surrounds_them(t):
    """The same bytes with another locale, time zone, folder and order of the environment."""
    repo = repository(t)
    for env in ({"LC_ALL": "C", "TZ": "Asia/Tokyo"}, {"LC_ALL": "tr_TR.UTF-8", "COLUMNS": "20"}, {"NO_COLOR": None, "TERM": None}):
        for line in ("list components", "describe stacks -s prod --sections vars", "list instances --format yaml"):
            t.equal(t.run(*shlex.split(line), cwd=repo, env=env).ok().out, GOLDEN[line], line)
    for args in (("-C", str(repo)), ("--chdir=%s" % repo,)):
        t.equal(t.run(*args, "list", "stacks").ok().out, GOLDEN["list stacks"])
    t.equal(t.run("list", "stacks", cwd=repo / "components/terraform").ok().out, GOLDEN["list stacks"])


def test_golden_in_a_terminal(t):
    repo = repository(t)
    r = t.run("list", "components", cwd=repo, env={"TF_ATMOS_FORCE_TTY": "80"}).ok()
    t.equal(r.out, GOLDEN["list components -f table"])
    t.equal(t.run("list", "components", "--tags", "other", cwd=repo, env={"TF_ATMOS_FORCE_TTY": "80"}).ok().out, "no components\n")


def test_file_option(t):
    repo = repository(t)
    r = t.run("describe", "stacks", "--file", "out.yaml", cwd=repo).ok()
    t.equal(r.out, "")
    t.equal((repo / "out.yaml").read_text(), t.run("describe", "stacks", cwd=repo).ok().out)
    t.equal(t.run("describe", "stacks", "--file", "-", cwd=repo).ok().out, (repo / "out.yaml").read_text())


# ---------------------------------------------------------------- examples of the table

def signing_files(t, repo):
    """What the examples of keys and signatures name."""
    plugin = pathlib.Path(t.binary).resolve().parent / "tests/plugins/tag-policy.so"
    (repo / "build/plugins").mkdir(parents=True)
    for name in ("audit.so", "other.so", "build/plugins/audit.so"):
        shutil.copyfile(plugin, repo / name)
        os.chmod(repo / name, 0o644)
    (repo / "full.yaml").write_text("owner: team@example.com\n")
    (repo / "keys").mkdir()
    (repo / "revocations").write_text("tf-atmos plugin revocations 1\nserial: 1\nissued: 2026-01-01T00:00:00Z\n"
                                      "expires: 2099-01-01T00:00:00Z\n")
    for name, trust in (("release", ("--allow", "com.example")), ("root", ("--root",))):
        t.run("plugin", "keygen", "keys/" + name, cwd=repo).ok()
        t.run("plugin", "trust", "add", "keys/%s.pub" % name, *trust, cwd=repo).ok()
    t.run("plugin", "sign", "audit.so", "--key", "keys/release", cwd=repo).ok()


def test_every_example_runs(t):
    """Each example of the command table, in a copy of examples/quickstart, ends with an exit code its command documents."""
    repo = t.copy("examples/quickstart")
    t.run("init", "-q", repo, program="git").ok()
    terraform = shutil.which("terraform") or shutil.which("tofu")
    env = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_MAX_ATTEMPTS": "1"}
    if terraform:
        env["ATMOS_COMPONENTS_TERRAFORM_COMMAND"] = terraform
    t.run("component", "add", "guardduty", cwd=repo).ok()
    signing_files(t, repo)
    seen = 0
    for command in commands(t)["commands"]:
        for example in command["examples"]:
            if "terraform" in command["needs"] and not terraform:
                continue
            allowed = {0}
            if "aws" in command["needs"]:
                allowed = {0, 1, 69}
            if command["path"] == "terraform generate backend":
                allowed = {0, 78}  # the repository keeps its state where terraform puts it
            if command["path"] == "plugin trust remove":
                allowed = {77}  # nobody trusts the key of the example
            if command["path"] in ("plugin install", "plugin update", "plugin remove"):
                allowed = {0, 69, 77}  # nothing serves what they name, and nobody signed it
            if command["path"] == "describe locals":
                allowed = {0, 64}  # its manifests have no locals
            if "-detailed-exitcode" in example["line"]:
                allowed = {0, 2}
            r = t.run(*shlex.split(example["line"]), cwd=repo, env=env, timeout=120)
            t.check(r.code in allowed, "example of %s\n%s" % (command["path"], r))
            t.check("cli/" not in r.err, r)
            seen += 1
    t.check(seen > 30, "%d examples" % seen)


def test_dry_runs_write_nothing(t):
    repo = t.copy("examples/quickstart")
    t.run("init", "-q", repo, program="git").ok()
    tools = t.repo({"terraform": "#!/bin/sh\ntouch %s/was-run\n" % t.tmp}, "tools")
    os.chmod(tools / "terraform", 0o755)
    env = {"PATH": "%s:%s" % (tools, os.environ["PATH"])}
    seen = 0
    for command in commands(t)["commands"]:
        if command["mutates"]:
            line = shlex.split(command["examples"][0]["line"])
            split = line.index("--") if "--" in line else len(line)
            with t.writes_nothing(repo):
                r = t.run(*line[:split], "--dry-run", *line[split:], cwd=repo, env=env)
            t.check(r.code in (0, 64, 65, 69, 77, 78), r)
            t.check(not (t.tmp / "was-run").exists(), "terraform was run by %s" % command["path"])
            seen += 1
    t.check(seen > 10, "%d commands" % seen)


# ---------------------------------------------------------------- check

def checked(t):
    repo = t.copy("examples/quickstart")
    t.run("init", "-q", repo, program="git").ok()
    return repo


def test_ctrl_c_stops_a_check(t):
    repo, overlay = checked(t), t.overlay()
    overlay.hang()
    proc = t.start("check", "guardduty", "-s", "security-ew1", cwd=repo, env=t.aws_env(overlay))
    harness.wait_until(lambda: overlay.requests, "a request comes")
    proc.send_signal(signal.SIGINT)
    out, err = proc.communicate(timeout=60)
    t.equal(proc.returncode, 130, out + err)
    sent = [(r.access_key, r.region, repr(r)) for r in overlay.requests]
    t.equal(sorted(sent), sorted(set(sent)), "requests: none was tried again")


def test_check_says_at_once_what_it_does(t):
    repo, overlay, read, held = checked(t), t.overlay(), threading.Event(), []

    def after_the_line(handler, _):
        held.append(read.wait(60))
        harness.send(handler, 404, {}, {})

    overlay.rule(after_the_line)
    proc = t.start("check", "guardduty", "-s", "security-ew1", cwd=repo, env=t.aws_env(overlay, AWS_MAX_ATTEMPTS="1"))
    t.equal(proc.stderr.readline(), "checking guardduty in security-ew1\n")
    read.set()
    proc.communicate(timeout=60)
    t.check(held and all(held), "it was said after the answers: %s" % held)
    env = t.aws_env("http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")
    for flag in ("--quiet", "--no-progress"):
        r = t.run("check", "guardduty", "-s", "security-ew1", flag, cwd=repo, env=env).fails()
        t.check("checking" not in r.err, r)


def test_nothing_to_check(t):
    r = t.run("check", cwd=repository(t)).ok().prints("no plugin has anything to check here")
    t.equal(r.err, "")


# ---------------------------------------------------------------- component add

def test_component_add(t):
    repo = t.copy("examples/quickstart")
    folder = repo / "components/terraform/guardduty"
    with t.writes_nothing(repo):
        t.run("component", "add", "guardduty", "--dry-run", cwd=repo).ok().prints("would add components/terraform/guardduty/variables.tf")
        t.run("component", "add", "gardduty", cwd=repo).fails().says("gardduty", "guardduty")
    t.run("component", "add", "guardduty", cwd=repo).ok().prints("add components/terraform/guardduty/variables.tf")
    stamp = json.loads((folder / ".tf-atmos-module.json").read_text())
    t.equal((stamp["format_version"], stamp["plugin"]), ("1.0", "guardduty"))
    t.equal(sorted(stamp["files"]), sorted(p.name for p in folder.iterdir() if p.name[0] != "."))
    t.check("examples" not in os.listdir(folder), os.listdir(folder))
    t.equal(sorted(p.name for p in folder.parent.iterdir() if p.name.startswith(".tf-atmos")), [], "leftovers")
    with t.writes_nothing(folder):
        pass
    t.run("component", "add", "guardduty", cwd=repo).ok().prints("up to date")

    main = (folder / "variables.tf").read_text()
    (folder / "variables.tf").write_text(main + "# mine\n")
    (folder / "mine.tf").write_text("# mine\n")
    with t.writes_nothing(repo):
        t.run("component", "add", "guardduty", cwd=repo).exits(1).says("terraform/module-edited", "variables.tf", "--force")
    t.run("component", "add", "guardduty", "--force", cwd=repo).ok().prints("change components/terraform/guardduty/variables.tf")
    t.equal((folder / "variables.tf").read_text(), main)
    t.equal((folder / "mine.tf").read_text(), "# mine\n", "a file of the user")

    # An older version: its unedited files are updated, and the ones that are gone are removed.
    stamp["files"]["old.tf"] = __import__("hashlib").sha256(b"old\n").hexdigest()
    stamp["files"]["variables.tf"] = __import__("hashlib").sha256(b"before\n").hexdigest()
    stamp["files"]["../../../atmos.yaml"] = "0" * 64
    (folder / ".tf-atmos-module.json").write_text(json.dumps(stamp))
    (folder / "old.tf").write_text("old\n")
    (folder / "variables.tf").write_text("before\n")
    r = t.run("component", "add", "guardduty", cwd=repo).ok().prints("remove components/terraform/guardduty/old.tf", "change ")
    r.lacks("atmos.yaml")
    t.check(not (folder / "old.tf").exists() and (repo / "atmos.yaml").exists())
    t.equal((folder / "variables.tf").read_text(), main)


def test_what_a_component_folder_declares(t):
    repo = t.copy("examples/quickstart")
    t.run("component", "add", "guardduty", cwd=repo).ok()
    folder = repo / "components/terraform/guardduty"
    describe = ("describe", "component", "guardduty", "-s", "security-ew1", "--format", "json")
    info = t.run(*describe, "--query", ".component_info", cwd=repo).ok().json()
    t.equal((info["component_path"], info["component_type"]), (str(folder), "terraform"))
    facts = info["terraform_config"]
    t.equal(facts["path"], str(folder))
    t.equal(facts["required_providers"]["aws"]["source"], "hashicorp/aws")
    t.equal(facts["required_core"], re.findall(r'required_version *= *"([^"]+)"', (folder / "versions.tf").read_text()))
    for kind, key, file in (("variable", "variables", "variables.tf"), ("output", "outputs", "outputs.tf")):
        lines = {name: number for number, line in enumerate((folder / file).read_text().splitlines(), 1)
                 for name in re.findall(r'^%s "(\w+)"' % kind, line)}
        t.check(len(lines) > 5, lines)
        t.equal({name: one["pos"] for name, one in facts[key].items()},
                {name: {"filename": str(folder / file), "line": line} for name, line in lines.items()})
    text = "".join(path.read_text() for path in folder.glob("*.tf"))
    for word, key, prefix in (("resource", "managed_resources", ""), ("data", "data_resources", "data.")):
        declared = {"%s%s.%s" % (prefix, *labels) for labels in re.findall(r'^%s "(\w+)" "(\w+)"' % word, text, re.M)}
        t.check(declared and declared == set(facts[key]), declared ^ set(facts[key]))

    # Only who asks for it looks into the folder.
    (folder / "mine.tf").write_text('variable "x" {\n  default = [1,\n')
    t.run(*describe, "--query", ".vars", cwd=repo).ok()
    t.run(*describe, "--query", ".component_info == 1 // [.]", cwd=repo).exits(65)
    r = t.run(*describe, "--query", ".component_info", cwd=repo).exits(65).says("hcl/syntax", "a bracket is not closed")
    t.contains(r.err, "components/terraform/guardduty/mine.tf:2:13")
    t.equal(r.out, "")
    t.run(*describe, cwd=repo, env={"ATMOS_DESCRIBE_COMPONENT_FILTER": "schema"}).ok().lacks("terraform_config")
    t.run("describe", "stacks", "--format", "json", cwd=repo).ok().lacks("terraform_config")


def test_component_add_where_it_cannot_be_done(t):
    repo = t.copy("examples/quickstart")
    (repo / "components/terraform/guardduty/variables.tf").mkdir(parents=True)
    with t.writes_nothing(repo):
        t.run("component", "add", "guardduty", cwd=repo).exits(74).says("terraform/module-unreadable", "variables.tf")
    # An installation without the modules.
    place = t.repo({"plugins": None}, "place")
    shutil.copy(t.binary, place / "tf-atmos")
    shutil.copy(os.path.join(os.path.dirname(t.binary), "plugins/guardduty.so"), place / "plugins/guardduty.so")
    os.chmod(place / "plugins/guardduty.so", 0o644)
    t.run("component", "add", "guardduty", cwd=repo, program=place / "tf-atmos").exits(69).says("terraform/module-missing", "guardduty")


def test_component_add_without_permission(t):
    if os.geteuid() != 0:
        t.skip("needs root to become nobody")
    repo = t.copy("examples/quickstart")
    os.chmod(t.tmp, 0o755)
    with t.writes_nothing(repo):
        t.run("component", "add", "guardduty", cwd=repo, **t.nobody()).exits(74).says("Permission denied")
    shutil.copytree(t.root / "plugins/guardduty/terraform", repo / "components/terraform/guardduty")
    with t.writes_nothing(repo):
        t.run("component", "add", "guardduty", cwd=repo, **t.nobody()).exits(74)


# ---------------------------------------------------------------- explain, doctor, completion

def test_explain(t):
    t.run("explain", "stack/import-not-found").ok().prints("stack/import-not-found", "Why:", "What to do:", "Exit code:  65")
    t.run("explain", "GD0001").ok().prints("GD0001", "Plugin:     guardduty")
    got = t.run("explain", "cli/unknown-option", "--format", "json").ok().json()
    t.equal((got["format_version"], got["id"], got["exit_code"]), ("1.0", "cli/unknown-option", "64"))
    listed = t.run("explain", "--list", "--format", "json").ok().json()["items"]
    ids = [item["id"] for item in listed]
    t.equal(len(ids), len(set(ids)), "ids once each")
    t.check({"cli/query", "yaml/syntax", "terraform/failed", "aws/time-out", "GD0001"} <= set(ids), ids)
    # In a broken repository, where it is needed most.
    broken = t.repo({"atmos.yaml": "a: [\n"})
    t.run("explain", "GD0001", cwd=broken).ok().prints("guardduty")


def test_every_core_diagnostic_can_be_explained(t):
    known = {item["id"] for item in t.run("explain", "--list", "--format", "json").ok().json()["items"]}
    for path in sorted((t.root / "core").glob("*/*_diag.h")):
        if not (path.parent / "CMakeLists.txt").exists():
            continue
        for ident in re.findall(r'X\(\w+,\s*"([a-z]+/[a-z0-9-]+)"', path.read_text().replace("\\\n", " ")):
            t.check(ident in known, "%s of %s is not explained" % (ident, path.name))


def test_doctor(t):
    repo = repository(t)
    secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"
    env = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "tokentoken"}
    with t.writes_nothing(repo):
        r = t.run("doctor", cwd=repo, env=env).ok().prints("NO_COLOR is set", "2 stacks", "credentials of environment")
    r.lacks(secret, "tokentoken")
    got = t.run("doctor", "--format", "json", cwd=repo).ok().json()
    t.equal(got["format_version"], "1.0")
    t.equal(set(got["items"][0]), {"area", "state", "finding", "fix"})
    t.check({"program", "configuration", "stacks", "plugins", "terraform", "aws", "terminal"} <= {i["area"] for i in got["items"]}, got)
    broken = repository(t, **{"stacks/dev.yaml": "vars: [\n"})
    r = t.run("doctor", cwd=broken, env={"TF_ATMOS_STAK": "x"}).exits(1).prints("failed", "stacks/dev.yaml:2", "TF_ATMOS_STAK")
    t.equal(r.err, "")
    t.run("doctor", cwd=t.repo({"x": None})).exits(1).prints("atmos.yaml")


def complete(t, repo, *words):
    started = harness.processor_seconds()
    r = t.run("__complete", "--", *words, cwd=repo).ok()
    spent = harness.processor_seconds() - started
    t.equal(r.err, "", "stderr")
    slow = "ASAN_OPTIONS" in os.environ or "TF_ATMOS_SLOW" in os.environ
    t.check(slow or spent < 0.5, "%.0f ms" % (spent * 1000))
    return [line.split("\t")[0] for line in r.out.splitlines()]


def test_the_temporary_folder_is_an_absolute_path(t):
    for value, shown in ((str(t.tmp), str(t.tmp)), ("sub", "/tmp"), ("", "/tmp")):
        r = t.run("doctor", "--format", "json", env={"TMPDIR": value})
        found = [i["finding"] for i in r.json()["items"] if i["area"] == "folders"]
        t.equal(found, ["temporary folder " + shown], "TMPDIR=" + value)


def test_completion(t):
    repo = repository(t)
    t.equal(complete(t, repo, "des"), ["describe"])
    t.equal(complete(t, repo, "describe", ""), ["component", "stacks", "config", "affected", "dependents", "locals", "workflows"])
    t.equal(complete(t, repo, "describe", "component", ""), ["base", "eks", "vpc"])
    t.equal(complete(t, repo, "describe", "component", "-s", "prod", ""), ["vpc"])
    t.equal(complete(t, repo, "describe", "component", "vpc", "-s", ""), ["dev", "prod"])
    t.equal(complete(t, repo, "describe", "component", "vpc", "--stack", "p"), ["prod"])
    t.equal(complete(t, repo, "describe", "component", "vpc", "--stack=p"), ["--stack=prod"])
    t.equal(complete(t, repo, "describe", "component", "vpc", "--stack", "=", "p"), ["prod"])
    t.equal(complete(t, repo, "describe", "component", "vpc", "--stack", "="), ["dev", "prod"])
    t.equal(complete(t, repo, "list", "stacks", "--format", ""), ["table", "json", "yaml", "csv", "tsv", "tree", "matrix"])
    t.equal(complete(t, repo, "validate", "--format", "c"), ["concise"])
    t.equal(complete(t, repo, "list", "stacks", "--compon"), ["--component"])
    t.equal(complete(t, repo, "plugin", "info", "g"), ["guardduty"])
    t.check("stack/import-not-found" in complete(t, repo, "explain", "stack/"))
    t.check("exit-codes" in complete(t, repo, "help", "e"))
    t.equal(complete(t, repo, "--color", "a"), ["auto", "always"])
    t.equal(complete(t, t.tmp, "-C", str(repo), "list", "components", "-s", ""), ["dev", "prod"])
    # Nothing to say is said with nothing.
    for words in ((), ("nonsense", ""), ("list", "stacks", "--nonsense", ""), ("describe", "component", "vpc", "x", "")):
        complete(t, repo, *words)
    complete(t, t.repo({"atmos.yaml": "a: [\n"}), "describe", "component", "")
    complete(t, repository(t, **{"stacks/dev.yaml": "\0"}), "describe", "component", "x", "-s", "")


def test_completion_scripts(t):
    for shell in ("bash", "zsh", "fish"):
        r = t.run("completion", shell).ok().prints("__complete", "tf-atmos")
        program = shutil.which(shell)
        if program:
            t.run("-n", "/dev/stdin", program=program, stdin=r.out, cwd=t.tmp).ok()


def test_completion_in_bash(t):
    bash = shutil.which("bash")
    if not bash:
        t.skip("no bash")
    repo = repository(t)
    tools = t.repo({"x": None}, "tools")
    os.symlink(t.binary, tools / "tf-atmos")
    script = """
        source <(tf-atmos completion bash)
        COMP_WORDS=(tf-atmos describe component vpc -s p) COMP_CWORD=5
        compopt() { :; }
        _tf_atmos
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    r = t.run("-c", script, program=bash, cwd=repo, env={"PATH": "%s:%s" % (tools, os.environ["PATH"])}).ok()
    t.equal(r.out, "prod\n")


# ---------------------------------------------------------------- what is loaded, what is written down

def test_reading_loads_no_network_libraries(t):
    """Commands that call nobody start without libcurl and libcrypto."""
    repo = repository(t)
    for args in (("list", "stacks"), ("plugin", "list"), ("validate",), ("describe", "stacks")):
        r = t.run(*args, cwd=repo, env={"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(t.tmp / "ld")})
        r.ok()
        loaded = "".join(p.read_text(errors="replace") for p in t.tmp.glob("ld.*"))
        t.contains(loaded, "libyaml")
        t.check("libcurl" not in loaded and "libcrypto" not in loaded and "libssl" not in loaded, "loaded by %s" % (args,))


def test_reference_pages(t):
    t.run(t.root / "tools/reference", t.binary, program=sys.executable).ok()


def test_log(t):
    repo = repository(t)
    t.equal(t.run("list", "stacks", cwd=repo).ok().err, "")
    log = t.tmp / "log"
    t.equal(t.run("-vvv", "--logs-file", log, "list", "stacks", cwd=repo).ok().err, "")
    t.check(log.exists())
    t.run("list", "stacks", "--logs-file", "/nonexistent/log", cwd=repo).exits(74).says("cli/output", "/nonexistent/log")
    t.run("list", "stacks", "--logs-level", "loud", cwd=repo).exits(64).says("cli/bad-value")


def test_log_of_the_configuration(t):
    """logs.level and logs.file, unless an option says otherwise; files of a repository stay in the repository."""
    repo = repository(t)
    text = (repo / "atmos.yaml").read_text()
    line = "DEBU configuration: %s" % (repo / "atmos.yaml")

    def run(logs, *args, env=None):
        (repo / "atmos.yaml").write_text(text + "logs: { %s }\n" % logs)
        return t.run("list", "stacks", *args, cwd=repo, env=env).ok()

    run("level: Debug").says(line)
    run("level: Info").lacks("configuration:")
    run("level: Info", env={"ATMOS_LOGS_LEVEL": "Debug"}).says(line)
    run("level: Debug", "--logs-level", "Error").lacks("configuration:")
    run("level: Off", "-vv").says(line)
    run("level: Debug, file: /dev/stdout").prints(line)
    t.equal(run("level: Debug, file: log").err, "")
    t.equal((repo / "log").read_text(), line + "\n")
    t.equal(run("level: Debug, file: log", "--logs-file", t.tmp / "other").err, "")
    t.equal((t.tmp / "other").read_text(), line + "\n")
    (repo / "link").symlink_to(t.tmp)
    (repo / "name").symlink_to(t.tmp / "outside")
    for file in ("../outside", t.tmp / "outside", "link/outside"):
        run("level: Debug, file: %s" % file).says("warning[config/ignored]", "atmos.yaml:", str(file), "outside the repository", "--logs-file")
    t.run("list", "stacks", cwd=repo, env={"ATMOS_LOGS_FILE": str(t.tmp / "mine")}).ok()
    (repo / "atmos.yaml").write_text(text + "logs: { level: Debug, file: name }\n")
    t.run("list", "stacks", cwd=repo).exits(74).says("cli/output", "name")
    t.check(not (t.tmp / "outside").exists(), "a file outside was written")
