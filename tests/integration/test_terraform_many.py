# SPDX-License-Identifier: Apache-2.0
"""One terraform subcommand on many instances: who is chosen, in which order, and what a failure does."""
import os

from harness import atmos_yaml

CONFIG = atmos_yaml(terraform="command: fake-tf, plugin_cache: false")
# Writes down the folder and what was asked of it; fails where the file `broken` lies.
FAKE = """#!/bin/sh
case "$1" in init|workspace|version) exit 0 ;; esac
echo "$1 $TF_VAR_none$(basename "$PWD") $(ls *.tfvars.json | tr '\\n' ' ')" >> "$CALLS"
if [ -e broken ]; then exit 7; fi
if [ -e changed ]; then exit 2; fi
exit 0
"""
# net <- db <- app, net <- app; other needs nothing; two kinds of needs.
DEV = """\
vars: { stage: dev }
components:
  terraform:
    app: { metadata: { tags: [web], labels: { team: a } }, dependencies: { components: [ { component: db } ] }, vars: { tier: 1 } }
    db: { settings: { depends_on: { 1: { component: net } } }, metadata: { tags: [data], labels: { team: a } }, vars: { tier: 2 } }
    idea: { metadata: { type: abstract } }
    net: { metadata: { labels: { team: b } }, vars: { tier: 2 } }
    off: { metadata: { enabled: false } }
    other: { vars: { tier: 1 } }
  helmfile: { chart: {} }
"""
PROD = "vars: { stage: prod }\ncomponents: { terraform: { net: { dependencies: { components: [ { component: app, stack: dev } ] } } } }\n"
NAMES = ("app", "db", "net", "other", "off", "idea")
USAGE, DATA = 64, 65


class Repo:
    def __init__(self, t, more=()):
        self.t = t
        files = {"atmos.yaml": CONFIG, "stacks/deploy/dev.yaml": DEV, "stacks/deploy/prod.yaml": PROD, "bin/fake-tf": FAKE}
        files.update({"components/terraform/%s/main.tf" % name: "" for name in NAMES})
        files.update(dict(more))
        self.top = t.repo(files)
        os.chmod(self.top / "bin/fake-tf", 0o755)
        self.log = self.top / "calls.log"

    def run(self, *args):
        """Runs `terraform ARGS`; the result, with the components it was run on in .order."""
        self.log.write_text("")
        env = {"CALLS": str(self.log), "PATH": "%s:%s" % (self.top / "bin", os.environ["PATH"])}
        result = self.t.run("terraform", *args, cwd=self.top, env=env)
        result.order = [line.split()[1] for line in self.log.read_text().splitlines()]
        return result

    def mark(self, component, what):
        (self.top / "components/terraform" / component / what).write_text("")


def test_needs_come_first_and_the_rest_keeps_its_order(t):
    repo = Repo(t)
    r = repo.run("plan", "--all", "-s", "dev").ok()
    t.equal(r.order, ["net", "db", "app", "other"])
    r.says("1 of 4: net in stack dev", "4 of 4: other in stack dev")
    t.equal(repo.run("plan", "--all").ok().order, ["net", "db", "app", "other", "net"])
    t.equal(repo.run("destroy", "--all", "-s", "dev", "-auto-approve").ok().order, ["other", "app", "db", "net"])
    t.equal(repo.run("apply", "--all", "-s", "deploy/prod", "-auto-approve").ok().order, ["net"])


def test_an_empty_list_of_needs_frees_from_the_old_form(t):
    dev = DEV.replace("db: { settings", "db: { dependencies: { components: [] }, settings")
    r = Repo(t, {"stacks/deploy/dev.yaml": dev}).run("plan", "--all", "-s", "dev").ok()
    t.equal(r.order, ["db", "app", "net", "other"])


def test_choosing(t):
    repo = Repo(t)
    cases = [
        (("--components", "app,net", "-s", "dev"), ["net", "app"]),
        (("--components", "net"), ["net", "net"]),
        (("--tags", "web,data"), ["db", "app"]),
        (("--labels", "team=a", "--tags", "web"), ["app"]),
        (("--query", ".vars.tier == 1"), ["app", "other"]),
        (("--query", ".vars.tier == 1", "--components", "other"), ["other"]),
        (("--query", '.atmos_component == "db"', "-s", "dev"), ["db"]),
    ]
    for args, want in cases:
        t.equal(repo.run("plan", *args).ok().order, want, " ".join(args))
    t.equal(repo.run("plan", "--components", "idea,off").ok().says("terraform/nothing").order, [])


def test_what_cannot_be_chosen(t):
    repo = Repo(t)
    cases = [
        (("plan", "app", "--all", "-s", "dev"), USAGE, ("a component or --all",)),
        (("plan", "app", "--tags", "x", "-s", "dev"), USAGE, ("a component or --tags",)),
        (("plan", "--all", "--affected"), USAGE, ("--all or --affected",)),
        (("plan",), USAGE, ("needs a component", "--all")),
        (("plan", "--components", "apq"), USAGE, ('no stack has a component "apq"', 'did you mean "app"?')),
        (("plan", "--all", "-s", "dew"), USAGE, ('no stack "dew"', 'did you mean "dev"?')),
        (("plan", "--query", ".vars.["), USAGE, ("cannot use the query",)),
        (("plan", "--all", "--max-concurrency", "4"), USAGE, ("--max-concurrency can only be 1",)),
        (("plan", "--all", "--failure-mode", "never"), USAGE, ("keep-going",)),
        (("apply", "--all", "--planfile", "x"), USAGE, ("--planfile with one component only",)),
        (("plan", "--components", "app", "--include-dependencies"), USAGE, ("cli/unsupported",)),
    ]
    for args, code, texts in cases:
        r = repo.run(*args).fails(code).says(*texts)
        t.equal(r.order, [], " ".join(args))
    t.equal(repo.run("plan", "--all", "-s", "dev", "--max-concurrency", "1").ok().order, ["net", "db", "app", "other"])


def test_first_failure_ends_the_run(t):
    repo = Repo(t)
    repo.mark("db", "broken")
    r = repo.run("plan", "--all", "-s", "dev").exits(7)
    t.equal(r.order, ["net", "db"])
    r.says("ended with exit code 7", "terraform/left-out", "2 more instances were not run")


def test_keep_going_leaves_out_what_needs_the_failed_one(t):
    repo = Repo(t)
    repo.mark("net", "broken")
    r = repo.run("plan", "--all", "-s", "dev", "--failure-mode", "keep-going").exits(7)
    t.equal(r.order, ["net", "other"])
    r.says('"db" in stack "dev" was not run: "net" failed before it', '"app" in stack "dev" was not run: "db" failed before it')
    r = repo.run("destroy", "--all", "-s", "dev", "--failure-mode", "keep-going", "-auto-approve").exits(7)
    t.equal(r.order, ["other", "app", "db", "net"])
    r = repo.run("plan", "--components", "app,net", "-s", "dev", "--failure-mode", "keep-going").exits(7)
    t.equal(r.order, ["net"])
    r.says('"app" in stack "dev" was not run: "db" failed before it').lacks('"db" in stack "dev" was not run')
    repo.mark("app", "broken")
    r = repo.run("destroy", "--all", "-s", "dev", "--failure-mode", "keep-going", "-auto-approve").exits(7)
    t.equal(r.order, ["other", "app"])


def test_plans_with_changes_are_no_failures(t):
    repo = Repo(t)
    repo.mark("net", "changed")
    r = repo.run("plan", "--all", "-s", "dev", "--", "-detailed-exitcode").exits(2)
    t.equal(r.order, ["net", "db", "app", "other"])
    t.equal(repo.run("plan", "--all", "-s", "dev").exits(2).order, ["net"])
    repo.mark("other", "broken")
    repo.run("plan", "--all", "-s", "dev", "--", "-detailed-exitcode").exits(7)


def test_a_circle_is_said_and_nothing_runs(t):
    repo = Repo(t, {"stacks/deploy/dev.yaml": "vars: { stage: dev }\ncomponents:\n  terraform:\n"
                    "    app: { dependencies: { components: [ { component: db } ] } }\n"
                    "    db: { dependencies: { components: [ { component: net } ] } }\n"
                    "    net: { dependencies: { components: [ { component: db } ] } }\n"})
    r = repo.run("plan", "--all").fails(DATA)
    t.equal(r.order, [])
    r.says("terraform/cycle", "db in dev -> net in dev -> db in dev", "stacks/deploy/dev.yaml:5:5")


def test_dry_run_writes_nothing(t):
    repo = Repo(t)
    with t.writes_nothing(repo.top / "components"):
        r = repo.run("plan", "--all", "-s", "dev", "--dry-run").ok()
    t.equal(r.order, [])
    r.says("would run: fake-tf plan")


def test_affected(t):
    repo = Repo(t)
    base = t.repo({"atmos.yaml": CONFIG, "stacks/deploy/dev.yaml": DEV.replace("db: { settings", "db: { env: { A: b }, settings"),
                   "stacks/deploy/prod.yaml": PROD, **{"components/terraform/%s/main.tf" % name: "" for name in NAMES}}, "base")
    t.run("init", "-q", repo.top, program="git").ok()
    t.equal(repo.run("plan", "--affected", "--repo-path", str(base)).ok().order, ["db"])
