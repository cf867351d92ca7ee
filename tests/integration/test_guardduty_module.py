# SPDX-License-Identifier: Apache-2.0
"""The Terraform module of the guardduty plugin: against the provider's schema, against terraform, against the plugin."""
import json
import os
import pathlib
import re

import hcl
from harness import ROOT

PLUGIN = ROOT / "plugins" / "guardduty"
MODULE = PLUGIN / "terraform"
GOLDEN = PLUGIN / "tests" / "golden"
META = {"count", "for_each", "depends_on", "lifecycle", "provider"}


def provider_schema(t):
    """The AWS provider's schema, which lies beside the source tree: not everybody has it."""
    folder = os.environ.get("TF_ATMOS_SHARED") or ROOT.parent / "shared"
    path = pathlib.Path(folder) / "aws" / "provider-schema.json"
    if not path.exists():
        t.skip("no provider schema at %s (TF_ATMOS_SHARED names the folder above aws/)" % path)
    with open(path) as file:
        return json.load(file)["provider_schemas"]["registry.terraform.io/hashicorp/aws"]


def object_arguments(kind):
    """Member names of a list or set of objects, whose attribute may be written as a block; None for other types."""
    if isinstance(kind, list) and kind[0] in ("list", "set") and isinstance(kind[1], list) and kind[1][0] == "object":
        return kind[1][1]
    return None


def compare_object(block, members, where, wrong):
    for name in block.args:
        if name not in members:
            wrong.append("%s: there is no member %s" % (where, name))
    for name, inner in block.inner():
        below = object_arguments(members.get(name))
        if below is None:
            wrong.append("%s: %s is no block" % (where, name))
        else:
            compare_object(inner, below, "%s.%s" % (where, name), wrong)


def compare(block, schema, where, wrong, top=True):
    """Arguments and blocks of one block against its schema: known, settable, required, as many as allowed."""
    attributes, nested = schema.get("attributes", {}), schema.get("block_types", {})
    for name in block.args:
        if top and name in META:
            continue
        attribute = attributes.get(name)
        if attribute is None:
            wrong.append("%s: there is no argument %s" % (where, name))
        elif not attribute.get("optional") and not attribute.get("required"):
            wrong.append("%s: %s is decided by AWS" % (where, name))
        elif attribute.get("deprecated"):
            wrong.append("%s: %s is deprecated" % (where, name))
    written = {}
    for name, inner in block.inner():
        if top and name in META:
            continue
        written.setdefault(name, 0)
        written[name] += 1
        if name in nested:
            compare(inner, nested[name]["block"], "%s.%s" % (where, name), wrong, top=False)
        elif object_arguments(attributes.get(name, {}).get("type")) is not None:
            compare_object(inner, object_arguments(attributes[name]["type"]), "%s.%s" % (where, name), wrong)
        else:
            wrong.append("%s: there is no block %s" % (where, name))
    for name, attribute in attributes.items():
        if attribute.get("required") and name not in block.args:
            wrong.append("%s: %s is required" % (where, name))
    for name, kind in nested.items():
        if written.get(name, 0) < kind.get("min_items", 0):
            wrong.append("%s: a block %s is required" % (where, name))
        if "max_items" in kind and written.get(name, 0) > kind["max_items"]:
            wrong.append("%s: too many blocks %s" % (where, name))


def test_arguments_exist_in_the_provider(t):
    schema = provider_schema(t)
    kinds = {"resource": schema["resource_schemas"], "data": schema["data_source_schemas"]}
    wrong, seen = [], 0
    for block in hcl.read_module(MODULE):
        where = "%s:%d %s" % (block.file, block.line, ".".join(block.labels))
        if block.kind == "provider":
            compare(block, schema["provider"]["block"], where, wrong)
        elif block.kind in kinds:
            seen += 1
            kind = kinds[block.kind].get(block.labels[0])
            if kind is None:
                wrong.append("%s: there is no such %s" % (where, block.kind))
            else:
                compare(block, kind["block"], where, wrong)
    t.equal(wrong, [], "differences from the provider")
    t.check(seen > 30, "only %d resources were compared" % seen)


def test_comparison_finds_mistakes(t):
    """The test above is worth something only if it can fail."""
    schema = {"attributes": {"name": {"required": True, "type": "string"}, "arn": {"computed": True, "type": "string"},
                             "actions": {"optional": True, "type": ["list", ["object", {"status": "string"}]]},
                             "old": {"optional": True, "deprecated": True, "type": "string"}},
              "block_types": {"rule": {"nesting_mode": "list", "min_items": 1, "max_items": 1, "block": {}}}}

    def mistakes(text):
        wrong = []
        compare(hcl.Reader('resource "a" "b" {\n%s\n}\n' % text, "x.tf").body(hcl.Block("file", [], 1)).blocks[0], schema, "a",
                wrong)
        return wrong

    t.equal(mistakes('name = "x"\nrule {}'), [], "mistakes in a good block")
    t.equal(mistakes('name = "x"\nrule {}\nactions {\nstatus = 1\n}'), [], "mistakes in an attribute written as a block")
    for text, part in (('rule {}', "name is required"), ('name = "x"', "a block rule is required"),
                       ('name = "x"\nrule {}\nrule {}', "too many"), ('name = 1\nrule {}\nnme = 2', "no argument nme"),
                       ('name = 1\nrule {}\narn = 2', "decided by AWS"), ('name = 1\nrule {}\nold = 2', "deprecated"),
                       ('name = 1\nrule {}\nrole {}', "no block role"),
                       ('name = 1\nrule {}\nactions {\nstate = 1\n}', "no member state"),
                       ('name = 1\ndynamic "rule" {\nfor_each = []\ncontent {\nx = 1\n}\n}', "no argument x")):
        t.contains("\n".join(mistakes(text)), part)


def test_formatted(t):
    terraform = t.terraform()
    r = t.run("fmt", "-check", "-recursive", "-diff", str(MODULE), program=terraform, cwd=t.tmp)
    r.ok()


def test_house_rules_of_modules(t):
    """What every bundled module keeps, read from its blocks."""
    blocks = hcl.read_module(MODULE)
    variables = {b.labels[0]: b for b in blocks if b.kind == "variable"}
    for name in ("enabled", "namespace", "tenant", "environment", "stage", "name", "attributes", "tags", "region"):
        t.check(name in variables, "variable %s is missing" % name)
    for name, block in variables.items():
        t.check("description" in block.args, "variable %s has no description" % name)
        t.check("any" not in re.findall(r"\w+", block.args["type"]), "variable %s has type any" % name)
    for block in blocks:
        if block.kind == "output":
            t.check("description" in block.args, "output %s has no description" % block.labels[0])
        if block.kind == "resource":
            t.check("for_each" in block.args or re.match(r"^(local\.\w+|length\(.*\) > 0) \? 1 : 0$",
                                                         block.args.get("count", "")),
                    "%s is not switched by enabled" % ".".join(block.labels))
            t.check("datasources" not in block.args and not block.all("datasources"), "datasources are deprecated")
        if block.kind == "terraform":
            t.check(not block.all("backend"), "the backend block is generated")


def test_readme_names_variables_and_outputs(t):
    text = (MODULE / "README.md").read_text()
    for block in hcl.read_module(MODULE):
        if block.kind in ("variable", "output"):
            t.contains(text, "| `%s` |" % block.labels[0])


def probe_module(t):
    """The module without its provider: variables with their rules, and what main.tf makes of them."""
    files = {name: (MODULE / name).read_text() for name in ("variables.tf", "main.tf")}
    files["probe.tf"] = """
        output "made" {
          value = {
            region_features       = local.region_features
            organization_features = local.organization_features
            member_features       = local.member_features
            filters               = local.filters
            trusted_ip_lists      = local.trusted_ip_lists
            malware_plans         = local.malware_plans
            malware_roles         = local.malware_roles
            switches = {
              bucket = local.creates_bucket, exports = local.exports, key = local.creates_key
              topic  = local.creates_topic, notifies = local.notifies
            }
          }
        }
        """
    return t.repo(files, name="probe")


def plan(t, folder, var_file, *more):
    env = {"TF_IN_AUTOMATION": "1", "TF_CLI_CONFIG_FILE": "", "CHECKPOINT_DISABLE": "1"}
    terraform = t.terraform()
    if not (folder / ".terraform.lock.hcl").exists() and not (folder / "terraform.tfstate").exists():
        t.run("init", "-no-color", program=terraform, cwd=folder, env=env).ok()
    return t.run("apply", "-auto-approve", "-no-color", "-input=false", "-var-file=%s" % var_file, *more, program=terraform,
                 cwd=folder, env=env)


def made(t, folder):
    return json.loads(t.run("output", "-json", "made", program=t.terraform(), cwd=folder).ok().out)


def test_generated_variables_are_accepted(t):
    """Each golden answer of the plugin goes through the module's types and rules."""
    declared = {b.labels[0] for b in hcl.read_module(MODULE) if b.kind == "variable"}
    goldens = sorted(GOLDEN.glob("*.tfvars.json"))
    t.check(len(goldens) >= 4, "there are %d golden files" % len(goldens))
    for path in goldens:
        unknown = set(json.loads(path.read_text())) - declared
        t.equal(unknown, set(), "variables of %s that the module does not have" % path.name)
    folder = probe_module(t)
    for path in goldens:
        extra = [] if "region" in json.loads(path.read_text()) else ["-var=region=eu-west-1"]
        plan(t, folder, path, *extra).ok()


def test_examples_are_accepted(t):
    folder = probe_module(t)
    examples = sorted((MODULE / "examples").glob("*.tfvars"))
    t.check(len(examples) >= 4, "there are %d examples" % len(examples))
    for path in examples:
        plan(t, folder, path).ok()


def test_what_is_made(t):
    folder = probe_module(t)
    plan(t, folder, MODULE / "examples" / "delegated-administrator.tfvars").ok()
    got = made(t, folder)
    t.equal(len(got["region_features"]), 2 * 8, "features of two Regions")
    t.equal(len(got["organization_features"]), 2 * 7, "features of the organization in two Regions")
    t.check("eu-west-1/AI_ANALYST" not in got["organization_features"], "AI_ANALYST is no organization feature")
    t.equal(sorted(got["filters"]), ["eu-central-1/scanner", "eu-west-1/scanner"], "filters")
    t.equal(got["switches"], {"bucket": True, "exports": True, "key": True, "topic": True, "notifies": True}, "switches")
    plan(t, folder, MODULE / "examples" / "member.tfvars").ok()
    got = made(t, folder)
    t.equal(got["region_features"], {}, "features of a member")
    t.equal(list(got["malware_plans"]), ["uploads"], "malware plans of a member")
    plan(t, folder, MODULE / "examples" / "delegated-administrator.tfvars", "-var=enabled=false").ok()
    got = made(t, folder)
    for key in ("region_features", "organization_features", "member_features", "filters", "malware_plans"):
        t.equal(got[key], {}, "%s of a module that is off" % key)


def test_wrong_variables_are_refused(t):
    """What can be checked without AWS is checked by the module too."""
    folder = probe_module(t)
    good = str(MODULE / "examples" / "standalone.tfvars")
    for argument, message in (
            ("account_role=boss", "account_role must be"),
            ("account_role=member", "delegated_administrator_account_id is required"),
            ("delegated_administrator_account_id=1234", "12 digits"),
            ("regions=[]", "at least one Region"),
            ("region=Ireland", "Region name"),
            ("auto_enable_organization_members=SOME", "ALL, NEW or NONE"),
            ("finding_publishing_frequency=HOURLY", "FIFTEEN_MINUTES"),
            ('existing_detector_ids={eu-west-1="x"}', "32 hexadecimal"),
            ('features={S3={status="ENABLED"}}', "not a GuardDuty feature"),
            ('features={S3_DATA_EVENTS={status="ON"}}', "status is ENABLED or DISABLED"),
            ('features={RUNTIME_MONITORING={status="ENABLED"},EKS_RUNTIME_MONITORING={status="DISABLED"}}', "name only one"),
            ('features={S3_DATA_EVENTS={status="ENABLED",additional={EC2_AGENT_MANAGEMENT={status="ENABLED"}}}}',
             "does not belong"),
            ('features={AI_ANALYST={status="ENABLED",auto_enable="ALL"}}', "organization-wide"),
            ("export={}", "export needs"),
            ('export={create=true,bucket_arn="arn:aws:s3:::b"}', "bucket_name"),
            ('filters={ab={rank=1,criteria={type={equals=["x"]}}}}', "3 to 64"),
            ('filters={abc={rank=101,criteria={type={equals=["x"]}}}}', "rank from 1 to 100"),
            ('filters={abc={rank=1,criteria={type={equals=["x"]}}},abd={rank=1,criteria={type={equals=["x"]}}}}', "no other"),
            ("filters={abc={rank=1,criteria={}}}", "not empty"),
            ('trusted_ip_lists={a={location="s",format="CSV"}}', "TXT, STIX"),
            ('s3_malware={a={bucket="b",region="r",prefixes=["1","2","3","4","5","6"]}}', "at most 5"),
            ('s3_malware={a={bucket="b",region="r"},c={bucket="b",region="r"}}', "one plan per bucket"),
            ("notify={severity_at_least=11}", "between 0 and 10")):
        r = plan(t, folder, good, "-var=" + argument)
        t.check(r.code != 0, "accepted: %s" % argument)
        t.contains(" ".join(re.sub(r"[│╷╵]", " ", r.err).split()), message)


def test_codes_stand_everywhere(t):
    """Every finding code of the C sources is in the catalogue, in the README and in a test, and the other way round."""
    sources = "".join(path.read_text() for path in sorted(PLUGIN.glob("*.[ch]")))
    tests = "".join(path.read_text() for path in sorted((PLUGIN / "tests").glob("*.c")))
    manifest = json.loads((PLUGIN / "manifest.json").read_text())
    readme = (PLUGIN / "README.md").read_text()
    catalogue = {c["code"] for c in manifest["codes"]}
    t.equal(set(re.findall(r"\bGD\d{4}\b", sources)), catalogue, "codes in the sources")
    t.equal(catalogue - set(re.findall(r"\bGD\d{4}\b", tests)), set(), "codes without a test")
    for code in sorted(catalogue):
        t.contains(readme, '<a id="%s"></a>%s' % (code, code))
    for check in manifest["checks"]:
        t.contains(readme, "| %s |" % check["id"])
        t.contains(tests, '"%s"' % check["id"])
    for action in manifest["aws_actions"]:
        t.contains(readme, '"%s"' % action)


def test_readme_names_every_field(t):
    readme = (PLUGIN / "README.md").read_text()
    schema = json.loads((PLUGIN / "schema.json").read_text())
    t.check(schema["additionalProperties"] is False, "unknown fields must be refused")
    for name, field in schema["properties"].items():
        t.contains(readme, "| `%s` |" % name)
        t.check("description" in field, "%s has no description" % name)
