# SPDX-License-Identifier: Apache-2.0
"""Every kind of error that a repository can cause, one row each: finding, exit code, places in order, words, hints."""
import re

from harness import atmos_yaml

CONFIG = atmos_yaml()
DEV = "vars: { stage: dev }\ncomponents:\n  terraform:\n    vpc: {}\n"

FAILED, USAGE, DATA, CONFIGURATION = 1, 64, 65, 78
ALL = ("describe", "stacks")


class Row:
    """What is wrong (files, configuration, arguments, environment) and what must be said of it."""

    def __init__(self, name, finding, code, places, *texts, files=None, config=CONFIG, args=ALL, env=None):
        self.name, self.finding, self.code, self.places, self.texts = name, finding, code, places, texts
        self.files, self.config, self.args, self.env = files or {}, config, args, env


def dev(text):
    return {"stacks/deploy/dev.yaml": text}


ROWS = [
    # ---- the configuration
    Row("no configuration", "config/not-found", CONFIGURATION, [], "atmos.yaml", config=None),
    Row("configuration is not YAML", "yaml/syntax", CONFIGURATION, ["atmos.yaml:2:1"], config="base_path: [\n"),
    Row("bad boolean in a variable", "config/bad-override", CONFIGURATION, [], "ATMOS_COMPONENTS_TERRAFORM_APPLY_AUTO_APPROVE",
        '"maybe"', files=dev(DEV), env={"ATMOS_COMPONENTS_TERRAFORM_APPLY_AUTO_APPROVE": "maybe"}),
    Row("bad log level", "config/bad-value", CONFIGURATION, ["atmos.yaml:7:16"], '"Wram"', "Warning, Error or Off", files=dev(DEV),
        config=CONFIG + "logs: { level: Wram }\n"),
    Row("bad log level in a variable", "config/bad-override", CONFIGURATION, [], "ATMOS_LOGS_LEVEL", '"Errr"', 'did you mean "Error"?', files=dev(DEV),
        env={"ATMOS_LOGS_LEVEL": "Errr"}),
    Row("bad boolean", "config/bad-value", CONFIGURATION, ["atmos.yaml:6:75"], '"components.terraform.plugin_cache"', "true or false", '"yes"', files=dev(DEV),
        config=atmos_yaml(terraform="plugin_cache: yes")),
    Row("bad strategy", "config/bad-value", CONFIGURATION, ["atmos.yaml:7:34"], '"repalce"', "replace, append or merge", 'did you mean "replace"?', files=dev(DEV),
        config=CONFIG + "settings: { list_merge_strategy: repalce }\n"),
    Row("bad strategy of a flag", "config/bad-override", CONFIGURATION, [], "--settings-list-merge-strategy", '"repalce"', 'did you mean "replace"?', files=dev(DEV),
        args=("describe", "stacks", "--settings-list-merge-strategy", "repalce")),
    Row("no stacks folder set", "config/incomplete", CONFIGURATION, ["atmos.yaml:1:9"], '"stacks.base_path" is not set',
        config="stacks: { included_paths: ['*'], name_pattern: x }\n"),
    Row("no patterns set", "config/incomplete", CONFIGURATION, ["atmos.yaml:1:9"], '"stacks.included_paths" is not set',
        config="stacks: { base_path: stacks, name_pattern: x }\n"),
    Row("another version wanted", "config/version", CONFIGURATION, ["atmos.yaml:7:35"], '">= 99"', files=dev(DEV),
        config=CONFIG + "version: { constraint: { require: '>= 99' } }\n"),
    Row("unknown key", "config/unknown-key", CONFIGURATION, ["atmos.yaml:7:1"], '"componets"', 'did you mean "components"?', files=dev(DEV),
        config=CONFIG + "componets: {}\n", args=("describe", "config", "--strict")),
    # ---- manifests that are not there
    Row("nothing selected", "stack/no-manifests", CONFIGURATION, ["atmos.yaml:4:19"], '"stacks/deploy/**/*"', files={"stacks/a.yaml": DEV}),
    Row("import not found", "stack/import-not-found", DATA, ["stacks/deploy/dev.yaml:1:10"], '"catalog/vcp"', '"deploy/dev"',
        'did you mean "catalog/vpc"?', files={"stacks/catalog/vpc.yaml": "", **dev("import: [catalog/vcp]\n" + DEV)}),
    Row("import from a misspelled folder", "stack/import-not-found", DATA, ["stacks/deploy/dev.yaml:1:10"], '"../catlog/net/vpc"', 'did you mean "../catalog/net/vpc"?',
        files={"stacks/catalog/net/vpc.yaml": "", **dev("import: [../catlog/net/vpc]\n" + DEV)}),
    Row("pattern without a match", "stack/import-not-found", DATA, ["stacks/deploy/dev.yaml:1:10"], '"catalog/x*"', '"deploy/dev"', files=dev("import: ['catalog/x*']\n" + DEV)),
    # ---- imports that cannot be
    Row("import is no list", "stack/bad-import", DATA, ["stacks/deploy/dev.yaml:1:9"], '"import" must be a list', files=dev("import: catalog/vpc\n" + DEV)),
    Row("null item", "stack/bad-import", DATA, ["stacks/deploy/dev.yaml:1:10"], "is empty", files=dev("import: [null]\n" + DEV)),
    Row("item without a path", "stack/bad-import", DATA, ["stacks/deploy/dev.yaml:1:10"], 'no "path"', files=dev("import: [{context: {a: 1}}]\n" + DEV)),
    Row("a folder", "stack/bad-import", DATA, ["stacks/deploy/dev.yaml:1:10"], "is a folder", '"catalog/*"',
        files={"stacks/catalog/vpc.yaml": "", **dev("import: [catalog]\n" + DEV)}),
    Row("import of itself", "stack/import-cycle", DATA, ["stacks/deploy/dev.yaml:1:10"], '"deploy/dev" imports itself', files=dev("import: [deploy/dev]\n" + DEV)),
    Row("import cycle", "stack/import-cycle", DATA, ["stacks/catalog/b.yaml:1:10"], "catalog/a -> catalog/b -> catalog/a",
        files={"stacks/catalog/a.yaml": "import: [catalog/b]\n", "stacks/catalog/b.yaml": "import: [catalog/a]\n", **dev("import: [catalog/a]\n" + DEV)}),
    # ---- manifests that cannot be read
    Row("manifest is not YAML", "yaml/syntax", DATA, ["stacks/deploy/dev.yaml:2:1"], files=dev("vars:\n\tstage: dev\n")),
    Row("template in a plain file", "yaml/bad-key", DATA, ["stacks/catalog/a.yaml:1:12"], 'must be called "a.yaml.tmpl"', "between quotes",
        files={"stacks/catalog/a.yaml": "vars: {a: {{ .x }} }\n", **dev("import: [{ path: catalog/a, context: { x: 1 } }]\n" + DEV)}),
    Row("template line in a plain file", "yaml/bad-key", DATA, ["stacks/deploy/dev.yaml:1:2"], 'must be called "dev.yaml.tmpl"', files=dev("{{ if .x }}\n" + DEV + "{{ end }}\n")),
    Row("manifest is no map", "stack/not-a-map", DATA, ["stacks/deploy/dev.yaml:1:1"], '"deploy/dev"', files=dev("[a, b]\n")),
    Row("unknown tag", "yaml/unknown-tag", DATA, ["stacks/deploy/dev.yaml:1:12"], '"!evn"', 'did you mean "!env"?', "!terraform.output", files=dev("vars: { a: !evn HOME }\n" + DEV.split("\n", 1)[1])),
    # ---- sections
    Row("section is no map", "stack/bad-section", DATA, ["stacks/deploy/dev.yaml:1:7"], '"vars" must be a map, but is a list', files=dev("vars: [a]\n")
        | {"stacks/deploy/b.yaml": DEV}),
    Row("section is empty", "stack/bad-section", DATA, ["stacks/deploy/dev.yaml:5:1"], '"env" must be a map, but is empty',
        "write env: {} for an empty section", files=dev(DEV + "env:\n")),
    Row("component is no map", "stack/bad-component", DATA, ["stacks/deploy/dev.yaml:5:5"], 'the component "eks" must be a map, but is empty',
        "write eks: {}", files=dev(DEV + "    eks:\n")),
    Row("forbidden metadata", "stack/forbidden-metadata", DATA, ["stacks/deploy/dev.yaml:5:13"], '"owner"', "--lenient", files=dev(DEV + "metadata: { owner: me }\n")),
    Row("misspelled metadata", "stack/forbidden-metadata", DATA, ["stacks/deploy/dev.yaml:5:13"], '"label"', 'did you mean "labels"?', files=dev(DEV + "metadata: { label: {} }\n")),
    Row("component types are no map", "stack/bad-section", DATA, ["stacks/deploy/dev.yaml:2:13"], '"components" must be a map', files=dev("vars: { stage: dev }\ncomponents: [a]\n")),
    Row("section of a type is no map", "stack/bad-section", DATA, ["stacks/deploy/dev.yaml:5:20"], '"vars" of "terraform" must be a map, but is a list',
        files=dev(DEV + "terraform: { vars: [a] }\n")),
    Row("unknown key of a component", "stack/unknown-key", DATA, ["stacks/deploy/dev.yaml:5:12"], '"varz"', 'did you mean "vars"?', "--lenient",
        files=dev(DEV + "    eks: { varz: {} }\n")),
    # ---- bases, backends, names
    Row("unknown base", "stack/unknown-base", DATA, ["stacks/deploy/dev.yaml:5:35"], '"eks"', '"vcp"', '"deploy/dev"', 'did you mean "vpc"?',
        files=dev(DEV + "    eks: { metadata: { inherits: [vcp] } }\n")),
    Row("circular inheritance", "stack/circular-inheritance", DATA, ["stacks/deploy/dev.yaml:6:33"], "a -> b -> a",
        files=dev(DEV + "    a: { metadata: { inherits: [b] } }\n    b: { metadata: { inherits: [a] } }\n")),
    Row("backend without configuration", "stack/backend-mismatch", DATA, ["stacks/deploy/dev.yaml:5:26"], '"eks"', '"gcs"', "s3",
        files=dev(DEV + "    eks: { backend_type: gcs, backend: { s3: {} } }\n")),
    Row("backend misspelled", "stack/backend-mismatch", DATA, ["stacks/deploy/dev.yaml:5:26"], '"s33"', 'did you mean "s3"?',
        files=dev(DEV + "    eks: { backend_type: s33, backend: { s3: {} } }\n")),
    Row("remote state of another backend", "stack/backend-mismatch", DATA, ["stacks/deploy/dev.yaml:6:26"], '"eks"', 'remote_state_backend_type "local"', "configured is: s3",
        'it follows backend_type: add "remote_state_backend.local", or set "remote_state_backend_type"',
        files=dev("vars: { stage: dev }\nterraform: { backend_type: s3, backend: { s3: {} }, remote_state_backend: { s3: { role_arn: r } } }\n"
                  "components:\n  terraform:\n    vpc: {}\n    eks: { backend_type: local, backend: { local: { path: p } } }\n")),
    Row("two definitions", "stack/duplicate-component", DATA, ["stacks/deploy/two.yaml:4:5"], '"vpc"', '"dev"', '"deploy/dev"', '"deploy/two"',
        "stacks/deploy/dev.yaml:4:5", files={**dev(DEV), "stacks/deploy/two.yaml": DEV.replace("{}", "{ vars: { n: 2 } }")}),
    Row("no value for the name", "stack/name-incomplete", DATA, ["stacks/deploy/dev.yaml:4:5"], "stacks.name_pattern", '"stage"',
        'there is a variable "stag": should it be "stage"?', files=dev(DEV.replace("stage", "stag"))),
    Row("no value for the template", "stack/name-incomplete", DATA, ["stacks/deploy/dev.yaml:4:5"], "stacks.name_template", '"vars.stage"',
        'there is a variable "stag": should it be "stage"?', files=dev(DEV.replace("stage", "stag")), config=atmos_yaml(name='name_template: "{{ .vars.stage }}"')),
    # ---- what the command line asks for
    Row("component not found", "stack/unknown-component", USAGE, [], '"vcp"', '"dev"', 'did you mean "vpc"?', files=dev(DEV),
        args=("describe", "component", "vcp", "-s", "dev")),
    Row("component of other stacks", "stack/unknown-component", USAGE, [], '"eks"', '"dev"', 'it exists in "prod"',
        files={**dev(DEV), "stacks/deploy/prod.yaml": DEV.replace("dev", "prod").replace("vpc", "eks")}, args=("describe", "component", "eks", "-s", "dev")),
    Row("stack not found", "stack/unknown-stack", USAGE, [], '"dve"', 'did you mean "dev"?', files=dev(DEV), args=("describe", "component", "vpc", "-s", "dve")),
    Row("file name as stack", "stack/not-its-name", USAGE, [], '"one"', 'did you mean the stack "dev"?', files={"stacks/one.yaml": DEV},
        config=atmos_yaml(included="*"), args=("describe", "component", "vpc", "-s", "one")),
    Row("far from all components", "stack/unknown-component", USAGE, [], '"database"', '"dev"', 'check what "deploy/dev" imports', "tf-atmos list components -s dev",
        files=dev(DEV), args=("describe", "component", "database", "-s", "dev")),
    Row("far from all stacks", "stack/unknown-stack", USAGE, [], '"nowhere"', "tf-atmos list stacks", files=dev(DEV), args=("describe", "component", "vpc", "-s", "nowhere")),
    Row("name of the rule", "stack/not-its-name", USAGE, [], '"dev" is what the naming rule gives', 'did you mean the stack "special"?', files=dev("name: special\n" + DEV),
        args=("describe", "component", "vpc", "-s", "dev")),
    Row("name of the template", "stack/not-its-name", USAGE, [], '"x-dev"', 'did you mean the stack "special"?', files=dev("name: special\n" + DEV),
        config=atmos_yaml(name='name_template: "x-{{ .vars.stage }}"'), args=("terraform", "plan", "vpc", "-s", "x-dev")),
    Row("stacks of many files", "stack/unknown-stack", USAGE, [], '"dve"', 'did you mean "dev"?', files=dev(DEV), args=("terraform", "generate", "varfiles", "--stacks", "dve", "--file-template", "{stage}.json")),
    Row("components of many files", "stack/unknown-component", USAGE, [], '"vcp"', 'did you mean "vpc"?', files=dev(DEV),
        args=("terraform", "generate", "varfiles", "--components", "vcp", "--file-template", "{stage}.json")),
    Row("abstract", "terraform/abstract", FAILED, ["stacks/deploy/dev.yaml:5:5"], '"eks"', files=dev(DEV + "    eks: { metadata: { type: abstract } }\n"), args=("terraform", "plan", "eks", "-s", "dev")),
    Row("locked", "terraform/locked", FAILED, ["stacks/deploy/dev.yaml:5:5"], '"eks"', files=dev(DEV + "    eks: { metadata: { locked: true } }\n"), args=("terraform", "apply", "eks", "-s", "dev")),
    Row("no stack given", "cli/missing-option", USAGE, [], "--stack", files=dev(DEV), args=("describe", "component", "vpc")),
    Row("no component given", "cli/arguments", USAGE, [], "needs <component>", files=dev(DEV), args=("describe", "component", "-s", "dev")),
    # ---- Terraform code
    Row("broken Terraform code", "hcl/syntax", DATA, ["components/terraform/vpc/main.tf:1:14"], files={**dev(DEV), "components/terraform/vpc/main.tf": 'variable "a" { \n'},
        args=("describe", "component", "vpc", "-s", "dev", "--format", "json"), env={"ATMOS_DESCRIBE_COMPONENT_FILTER": "full"}),
    # ---- workflows
    Row("no folder of workflows", "stack/no-workflow-folder", CONFIGURATION, [], "workflows.base_path", files=dev(DEV), args=("describe", "workflows")),
    Row("workflow is no map", "stack/bad-workflow", DATA, ["workflows/w.yaml:2:3"], '"up"', files={**dev(DEV), "workflows/w.yaml": "workflows:\n  up: [a]\n"},
        config=CONFIG + "workflows: { base_path: workflows }\n", args=("describe", "workflows")),
    Row("running workflows", "cli/unknown-command", USAGE, [], '"workflow"', files=dev(DEV), args=("workflow", "up")),
    Row("many instances", "cli/arguments", USAGE, [], "takes a component or --all, not both", files=dev(DEV), args=("terraform", "plan", "vpc", "--all")),
]


def check(t, row):
    made = {} if row.config is None else {"atmos.yaml": row.config}
    made.update({"components/terraform/vpc/main.tf": "", "components/terraform/eks/main.tf": ""})
    made.update(row.files)
    top = t.repo(made)
    with t.writes_nothing(top):
        r = t.run(*row.args, cwd=top, env=row.env).fails(row.code).says("error[%s]" % row.finding, *row.texts)
    t.equal(r.out, "", "stdout")
    t.equal(re.findall(r"^ *--> (\S+)$", r.err, re.M), row.places, "places")
    if row.places:
        t.contains(r.err, "^")


def test_rows(t):
    wrong = []
    for row in ROWS:
        try:
            check(t, row)
        except AssertionError as error:
            wrong.append("%s:\n%s" % (row.name, error))
    t.check(not wrong, "\n\n".join(wrong))


# ---------------------------------------------------------------- all at once, strictly, leniently

MANY = {
    "stacks/deploy/a.yaml": DEV.replace("dev", "a") + "    one: { metadata: { inherits: [none] } }\n    two:\n",
    "stacks/deploy/b.yaml": "import: [nowhere, catalog/c]\n" + DEV.replace("dev", "b"),
    "stacks/deploy/c.yaml": "import: [catalog/c]\n" + DEV.replace("dev", "c"),
    "stacks/deploy/d.yaml": "import: [catalog/c]\nvars: { stage: d, zone: [ }\n",
    "stacks/catalog/c.yaml": "settings: 5\nmetadata: { owner: me }\n",
}
PLACES = ["stacks/catalog/c.yaml:1:11", "stacks/catalog/c.yaml:2:13", "stacks/deploy/a.yaml:5:35", "stacks/deploy/a.yaml:6:5",
          "stacks/deploy/b.yaml:1:10", "stacks/deploy/d.yaml:2:27"]


def repo(t, files, config=CONFIG):
    return t.repo({"atmos.yaml": config, "components/terraform/vpc/main.tf": "", **files})


def places(r):
    return re.findall(r"^ *--> (\S+)$", r.err, re.M)


def test_all_errors_in_order_of_place(t):
    top = repo(t, MANY)
    t.equal(places(t.run("describe", "stacks", cwd=top).fails(DATA)), PLACES, "places")
    r = t.run("validate", "stacks", "--format", "json", cwd=top).fails(FAILED)
    t.equal(["%s:%d:%d" % (d["file"], d["range"]["start"]["line"], d["range"]["start"]["column"]) for d in r.json()["diagnostics"]], PLACES, "as JSON")


def test_cycles_of_any_length(t):
    for length in (1, 2, 3, 7, 50, 400):
        ring = {"stacks/catalog/c%d.yaml" % n: "import: [catalog/c%d]\n" % ((n + 1) % length) for n in range(length)}
        r = t.run("describe", "stacks", cwd=repo(t, {**ring, **dev("import: [catalog/c0]\n" + DEV)})).fails(DATA)
        r.says("error[stack/import-cycle]", "catalog/c0")
        t.equal(places(r), ["stacks/catalog/c%d.yaml:1:10" % (length - 1)], "imports, %d" % length)
        bases = "".join("    c%d: { metadata: { inherits: [c%d] } }\n" % (n, (n + 1) % length) for n in range(length))
        r = t.run("describe", "stacks", cwd=repo(t, dev(DEV + bases)))
        t.equal(len(places(r)), 1, "bases, %d" % length)
        if length == 1:
            r.ok().says("warning[stack/own-base]", '"c0" names itself')
        else:
            r.fails(DATA).says("error[stack/circular-inheritance]", "c0 ->")


def test_what_is_left_out_is_said(t):
    """Ignored documents and dropped parts of a pattern: a warning each, and a failure with --strict."""
    for files, config, finding, place in (
            (dev(DEV + "---\nx: 1\n"), CONFIG, "yaml/second-document", "stacks/deploy/dev.yaml:5:1"),
            (dev(DEV), atmos_yaml(name='name_pattern: "{stage}-{dir}"'), "stack/name-dropped", "atmos.yaml:5:17")):
        top = repo(t, files, config)
        r = t.run("list", "stacks", cwd=top).ok().says("warning[%s]" % finding)
        t.equal((r.out, places(r)), ("dev\n", [place]))
        t.run("list", "stacks", "--strict", cwd=top).exits(FAILED).says(finding, place)


def test_imports_that_leave_the_repository(t):
    (t.tmp / "outside.yaml").write_text("vars: { outside: found }\n")
    for text in ("../outside", "../outside.yaml", "../out*"):
        top = t.tmp / "inside"
        t.write(top, {"atmos.yaml": CONFIG, "stacks/deploy/dev.yaml": "import: ['../../../%s']\n%s" % (text[3:], DEV)})
        (top / ".git").mkdir(exist_ok=True)
        r = t.run("describe", "component", "vpc", "-s", "dev", "--format", "json", cwd=top).ok().says("warning[stack/import-escapes]")
        t.equal((r.json()["vars"]["outside"], places(r)), ("found", ["stacks/deploy/dev.yaml:1:10"]))
        r = t.run("describe", "component", "vpc", "-s", "dev", "--strict", cwd=top).fails(DATA).says("error[stack/import-escapes]")
        t.equal((r.out, places(r)), ("", ["stacks/deploy/dev.yaml:1:10"]))


def test_lenient(t):
    files = dev(DEV + "    eks: { varz: {} }\nmetadata: { owner: me }\n")
    two = ["stacks/deploy/dev.yaml:5:12", "stacks/deploy/dev.yaml:6:13"]
    for args, env, more in ((["--lenient"], None, ""), ([], {"TF_ATMOS_LENIENT": "1"}, ""), ([], None, "lenient: true")):
        top = repo(t, files, atmos_yaml(stacks=more))
        r = t.run("describe", "stacks", "--format", "json", *args, cwd=top, env=env).ok().says("warning[stack/unknown-key]", "warning[stack/forbidden-metadata]")
        t.equal(places(r), two)
        t.run("describe", "stacks", "--strict", *args, cwd=top, env=env).exits(FAILED)
    t.run("describe", "stacks", cwd=repo(t, files)).fails(DATA).says("--lenient")
