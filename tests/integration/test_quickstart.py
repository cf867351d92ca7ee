# SPDX-License-Identifier: Apache-2.0
"""The way of the data from end to end on examples/quickstart: the steps of ./quickstart, each looked at."""
import importlib.machinery
import importlib.util
import json
import pathlib
import re

STACKS = ["payments-ec1", "payments-ew1", "security-ec1", "security-ew1"]
INTENT = "stacks/catalog/guardduty.yaml"


def example(t):
    repo = t.copy("examples/quickstart")
    t.run("init", "-q", repo, program="git").ok()
    return repo


def sandbox(t):
    """tools/sandbox as a module; it has no suffix."""
    path = str(t.root / "tools/sandbox")
    loader = importlib.machinery.SourceFileLoader("sandbox", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("sandbox", loader))
    loader.exec_module(module)
    return module


def line_of(repo, path, text):
    lines = (repo / path).read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


def test_reading_writes_nothing(t):
    repo = example(t)
    with t.writes_nothing(repo):
        t.equal(t.run("list", "stacks", cwd=repo).ok().out.split(), STACKS)
        instances = t.run("list", "instances", cwd=repo).ok().out
        t.equal(instances.count("baseline"), 4)
        t.equal(instances.count("guardduty"), 2)
        t.run("plugin", "list", cwd=repo).ok().prints("guardduty", "bundled")
        t.run("validate", cwd=repo).ok()


def test_inherited_values(t):
    repo = example(t)
    got = t.run("describe", "component", "baseline", "-s", "payments-ec1", "--format", "json", cwd=repo).ok().json()
    t.equal(got["vars"]["tags"], {"owner": "payments", "managed-by": "terraform"})
    t.equal(got["vars"]["account_id"], "111122223333")
    t.equal((got["vars"]["region"], got["vars"]["environment"], got["vars"]["stage"]), ("eu-central-1", "ec1", "payments"))


def test_from_intent_to_variables(t):
    repo = example(t)
    t.run("component", "add", "guardduty", cwd=repo).ok()
    folder = repo / "components/terraform/guardduty"
    t.check((folder / "variables.tf").exists(), list(folder.iterdir()))
    t.run("terraform", "generate", "varfile", "guardduty", "-s", "security-ew1", cwd=repo).ok()
    path = folder / "security-ew1-guardduty.terraform.tfvars.json"
    t.equal(path.stat().st_mode & 0o777, 0o600)
    generated = json.loads(path.read_text())
    declared = set(re.findall(r'^variable "(\w+)"', "".join(f.read_text() for f in folder.glob("*.tf")), re.M))
    user = {"region", "environment", "stage", "account_id"}
    t.check(set(generated) - user, "the plugin generated nothing")
    t.equal(sorted(set(generated) - declared - user), [], "generated variables the module does not declare")


def test_apply_baseline(t):
    terraform = t.terraform()
    repo = example(t)
    env = {"ATMOS_COMPONENTS_TERRAFORM_COMMAND": terraform}
    r = t.run("terraform", "apply", "baseline", "-s", "payments-ew1", "-auto-approve", cwd=repo, env=env, timeout=120).ok()
    t.contains(r.out + r.err, "Apply complete")
    r = t.run("terraform", "output", "baseline", "-s", "payments-ew1", "--", "-json", cwd=repo, env=env, timeout=120).ok()
    t.equal(json.loads(r.out[r.out.index("{"):])["contacts"]["value"],
            {"billing": "billing@example.com", "security": "security@example.com"})
    r = t.run("terraform", "plan", "baseline", "-s", "payments-ew1", "--", "-detailed-exitcode", cwd=repo, env=env, timeout=120).ok()
    t.contains(r.out + r.err, "No changes")


def test_check_finds_the_wrong_setting_and_its_line(t):
    repo = example(t)
    moto = t.moto()
    folder = pathlib.Path(t.tmp)
    (folder / "url").write_text(moto.url)
    tool = sandbox(t)

    tool.seed(folder, "SIX_HOURS")
    command = ("check", "guardduty", "-s", "security-ew1")
    r = t.run(*command, cwd=repo, env=t.aws_env(moto)).exits(1)
    line = line_of(repo, INTENT, "publish_every")
    t.contains(r.out + r.err, "%s:%d:" % (INTENT, line))
    t.contains(r.out + r.err, "GD-01")
    t.contains(r.out + r.err, "SIX_HOURS")

    tool.seed(folder, "FIFTEEN_MINUTES")
    r = t.run(*command, cwd=repo, env=t.aws_env(moto)).ok()
    t.contains(r.out + r.err, "GD-01")
    # What the simulator cannot answer is unknown, never passed.
    got = t.run(*command, "--format", "json", cwd=repo, env=t.aws_env(moto)).ok().json()
    text = json.dumps(got)
    t.contains(text, '"unknown"')
    t.contains(text, '"pass"')
