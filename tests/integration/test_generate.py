# SPDX-License-Identifier: Apache-2.0
"""terraform generate varfiles, backends and files: which instances, which places, what is refused."""
import json
import os
import stat

from harness import atmos_yaml

CONFIG = atmos_yaml(included="deploy/*")

CATALOG = """\
components:
  terraform:
    base: { metadata: { type: abstract } }
    net/vpc: { metadata: { component: vpc }, vars: { n: 1 }, backend_type: s3, backend: { s3: { bucket: state } } }
    dns: { vars: { zone: x } }
"""


def repo(t, more=None, catalog=CATALOG):
    files = {"atmos.yaml": CONFIG, "stacks/catalog.yaml": catalog,
             "components/terraform/vpc/main.tf": "", "components/terraform/dns/main.tf": ""}
    for stage in ("dev", "prod"):
        files["stacks/deploy/%s.yaml" % stage] = "import: [catalog]\nvars: { stage: %s }\n" % stage
    files.update(more or {})
    return t.repo(files)


def test_variables_of_all_instances(t):
    top = repo(t)
    with t.writes_nothing(top):
        r = t.run("terraform", "generate", "varfiles", "--dry-run", cwd=top).ok().says("would write")
    t.equal(r.out, "")
    r = t.run("terraform", "generate", "varfiles", cwd=top).ok()
    written = sorted(line.removeprefix("wrote ") for line in r.err.splitlines())
    t.equal(written, ["components/terraform/dns/dev-dns.terraform.tfvars.json", "components/terraform/dns/prod-dns.terraform.tfvars.json",
                      "components/terraform/vpc/dev-vpc.terraform.tfvars.json", "components/terraform/vpc/prod-vpc.terraform.tfvars.json"])
    path = top / "components/terraform/vpc/prod-vpc.terraform.tfvars.json"
    t.equal(json.loads(path.read_text()), {"n": 1, "stage": "prod"})
    t.equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)


def test_places_by_template(t):
    top = repo(t)
    t.run("terraform", "generate", "varfiles", "--file-template", "out/{stage}/{component}.{base-component}{tenant}.json", "--components",
          "net/vpc", "--stacks", "prod", "--format", "json", cwd=top).ok()
    t.equal(os.listdir(top / "out"), ["prod"])
    t.equal(os.listdir(top / "out/prod"), ["net-vpc.vpc.json"])
    t.run("terraform", "generate", "backends", "--file-template", "b/{component-path}/{stage}.tf.json", cwd=top).ok()
    t.equal(sorted(os.listdir(top / "b/components/terraform/vpc")), ["dev.tf.json", "prod.tf.json"])
    t.check(not (top / "b/components/terraform/dns").exists(), "dns has no backend")
    with t.writes_nothing(top):
        t.run("terraform", "generate", "varfiles", "--file-template", "{stage}/{wrong}", cwd=top).exits(64).says(
            "terraform/file-template", '"{wrong}"', "{component-path}")
        t.run("terraform", "generate", "varfiles", "--format", "hcl", cwd=top).exits(64).says("hcl", "json")


def test_one_file_for_two_that_differ(t):
    top = repo(t)
    with t.writes_nothing(top):
        t.run("terraform", "generate", "varfiles", "--file-template", "{component}.json", cwd=top).exits(78).says(
            "terraform/file-twice", '"net/vpc" in stack "dev"', '"net/vpc" in stack "prod"', "--stacks")
    # The same backend for both is no conflict.
    r = t.run("terraform", "generate", "backends", cwd=top).ok()
    t.equal(r.err, "wrote components/terraform/vpc/backend.tf.json\n")


def test_names_that_nothing_has(t):
    top = repo(t)
    with t.writes_nothing(top):
        t.run("terraform", "generate", "varfiles", "--components", "nope,dns", cwd=top).fails().says('a component "nope"').lacks('"dns"')
        t.run("terraform", "generate", "backends", "--stacks", "nowhere", cwd=top).fails().says('"nowhere"')
        t.run("terraform", "generate", "backends", "--components", "dns", cwd=top).exits(78).says("terraform/no-backend")


def test_files_of_the_section_generate(t):
    stack = """\
vars: { stage: dev }
components:
  terraform:
    vpc:
      generate:
        locals.tf: |
          locals {}
        sub/x.tf.json: { locals: { a: "<" } }
    bad:
      metadata: { component: vpc }
      generate:
        a.tf: "x {{ .vars.stage "
        ../b.tf: ""
        c.tf: { variable: { a: 1 } }
"""
    top = t.repo({"atmos.yaml": CONFIG, "stacks/deploy/dev.yaml": stack, "components/terraform/vpc/main.tf": ""})
    with t.writes_nothing(top):
        t.run("terraform", "generate", "files", "vpc", "-s", "dev", "--dry-run", cwd=top).ok().says(
            "would write components/terraform/vpc/locals.tf")
        t.run("terraform", "generate", "files", "bad", "-s", "dev", cwd=top).exits(78).says(
            "terraform/generate-escapes", "terraform/generate-content", "holds a template that cannot be filled in: line 1, column", "stacks/deploy/dev.yaml:12:15")
        t.run("terraform", "generate", "files", "vpc", cwd=top).fails().says("stack")
    t.run("terraform", "generate", "files", "vpc", "-s", "dev", cwd=top).ok().says("wrote components/terraform/vpc/sub/x.tf.json")
    folder = top / "components/terraform/vpc"
    t.equal((folder / "locals.tf").read_text(), "locals {}\n")
    t.equal(json.loads((folder / "sub/x.tf.json").read_text()), {"locals": {"a": "<"}})
    t.equal(stat.S_IMODE(os.stat(folder / "locals.tf").st_mode), 0o644)


HCL = """\
components:
  terraform:
    made:
      vars: { name: world, ports: [80], open: true }
      generate:
        main.tf:
          terraform: { required_version: ">= 1.4" }
          locals:
            text: "a \\"b\\" \\\\ ${x} %{y} $${z} 100% é\\ttab\\nline"
            tags: { "a b": 1, for: [1, {n: ~}, {}], plain-key: x }
            rules: [{ from: 1, to: 2 }, { from: 3, to: -4.5 }]
            numbers: [0777, 0x1f, 1e30, 12345678901234567890, 1e-7]
          variable:
            name: { type: string, description: who }
            ports: { type: list(number), default: [] }
            open: { type: bool, nullable: false }
            stage: { type: string, default: none }
            shape:
              type: |
                object({
                  n     = number
                  label = optional(string, "}")
                })
              default: { n: 1 }
          resource:
            terraform_data:
              two: { lifecycle: { create_before_destroy: true }, triggers_replace: [1] }
              one: { input: "${two}", provisioner: { local-exec: { command: "exit 0" } } }
        outputs.tf: |
          output "all" { value = [local.text, local.tags, local.rules, local.numbers, var.name, var.ports, var.shape] }
          output "one" { value = terraform_data.one.input }
        sub/child/main.tf: { output: { o: { value: { a: [1] } } } }
        child.tf: { module: { child: { source: ./sub/child } } }
        check.auto.tfvars: { stage: dev, unused: { a: { b: [] } } }
        extra.tofu: { locals: { a: 1 } }
"""


def test_a_component_of_maps_alone(t):
    """Real terraform reads what is written, finds nothing to format in it, and sees the values of the manifest."""
    terraform = t.terraform()
    top = t.repo({"atmos.yaml": CONFIG.replace("path: components/terraform", "path: components/terraform, auto_generate_files: true"),
                  "stacks/deploy/dev.yaml": "vars: { stage: dev }\n" + HCL})
    folder = top / "components/terraform/made"
    with t.writes_nothing(top):
        t.run("terraform", "generate", "files", "made", "-s", "dev", "--dry-run", cwd=top).ok()
    t.run("terraform", "generate", "files", "made", "-s", "dev", cwd=top).ok()
    t.run("fmt", "-check", "-diff", "-recursive", program=terraform, cwd=folder).ok().prints()
    before = (folder / "main.tf").read_bytes()
    env = {"ATMOS_COMPONENTS_TERRAFORM_COMMAND": terraform}
    t.run("terraform", "apply", "made", "-s", "dev", "-auto-approve", cwd=top, env=env, timeout=180).ok()
    t.equal((folder / "main.tf").read_bytes(), before, "the same section gives the same text")
    r = t.run("terraform", "output", "made", "-s", "dev", "-json", "--skip-init", cwd=top, env=env).ok()
    outputs = json.loads(r.out[r.out.index("{"):])
    t.equal(outputs["one"]["value"], "${two}")
    t.equal(outputs["all"]["value"], [
        'a "b" \\ ${x} %{y} $${z} 100% \u00e9\ttab\nline', {"a b": 1, "for": [1, {"n": None}, {}], "plain-key": "x"},
        [{"from": 1, "to": 2}, {"from": 3, "to": -4.5}], [511, 31, 10**30, 12345678901234567890, 1e-7], "world", [80],
        {"n": 1, "label": "}"}])


def test_a_folder_that_only_generating_makes(t):
    """Without auto_generate_files nothing comes into being, and the missing folder is said."""
    top = t.repo({"atmos.yaml": CONFIG, "stacks/deploy/dev.yaml": "vars: { stage: dev }\n" + HCL})
    with t.writes_nothing(top):
        t.run("terraform", "plan", "made", "-s", "dev", cwd=top).fails().says("terraform/no-folder")


def test_where_generate_may_stand(t):
    """Root, type, base, component and overrides are merged by file and, where both have maps, within it."""
    top = t.repo({"atmos.yaml": CONFIG, "components/terraform/vpc/main.tf": "", "stacks/deploy/dev.yaml": """\
import: [catalog/base]
vars: { stage: dev }
generate: { a.tf: { locals: { root: 1, who: root } }, root.txt: { x: 1 } }
terraform:
  generate: { a.tf: { locals: { type: 1, who: type } }, b.tf: text of the type }
  overrides: { generate: { a.tf: { locals: { overrides: 1, who: overrides } } } }
components:
  terraform:
    vpc:
      metadata: { inherits: [base] }
      generate: { a.tf: { locals: { own: 1, who: own } }, b.tf: { locals: {} }, c.yml: { z: 1, a: x } }
""", "stacks/catalog/base.yaml": """\
components: { terraform: { base: { metadata: { type: abstract }, generate: { a.tf: { locals: { base: 1, who: base } } } } } }
"""})
    t.run("terraform", "generate", "files", "vpc", "-s", "dev", cwd=top).ok()
    folder = top / "components/terraform/vpc"
    t.equal((folder / "a.tf").read_text(), "locals {\n  base      = 1\n  overrides = 1\n  own       = 1\n  root      = 1\n"
            "  type      = 1\n  who       = \"overrides\"\n}\n")
    t.equal((folder / "b.tf").read_text(), "locals {\n}\n")
    t.equal((folder / "c.yml").read_text(), "a: x\nz: 1\n")
    t.equal((folder / "root.txt").read_text(), '{\n  "x": 1\n}\n')


MANY = """\
components:
  terraform:
    base: { metadata: { type: abstract }, generate: { base.tf: { locals: {} } } }
    vpc: { generate: { a.tf: same, sub/b.json: { x: 1 } } }
    dns: { generate: { %s.tf: "# text" } }
    plain: {}
"""


def many(t, names=("one", "two"), more=None):
    files = {"atmos.yaml": CONFIG, "components/terraform/vpc/main.tf": "", "components/terraform/dns/main.tf": ""}
    for stage, name in zip(("dev", "prod"), names):
        files["stacks/deploy/%s.yaml" % stage] = "vars: { stage: %s }\n" % stage + MANY % name
    files.update(more or {})
    return t.repo(files)


def said(r):
    return sorted(line.split()[-1].removeprefix("components/terraform/") for line in r.err.splitlines())


def test_templates_in_contents(t):
    """Texts are templates over the instance, in text and in maps, whatever templates.settings.enabled says of values."""
    top = t.repo({"atmos.yaml": CONFIG, "components/terraform/vpc/main.tf": "", "stacks/deploy/dev.yaml": """\
vars: { stage: dev, names: [a, b] }
components:
  terraform:
    blue:
      metadata: { component: vpc }
      backend_type: s3
      backend: { s3: { bucket: b } }
      generate:
        README.md: "{{ .atmos_component }} of {{ .atmos_stack }}: {{ range .vars.names }}{{ . }} {{ end }}in {{ .workspace }} {{ .backend.workspace_key_prefix }}"
        locals.tf: { locals: { stage: "{{ .stage }}", none: "{{ .vars.none }}" } }
"""})
    t.run("terraform", "generate", "files", "blue", "-s", "dev", cwd=top).ok()
    folder = top / "components/terraform/vpc"
    t.equal((folder / "README.md").read_text(), "blue of dev: a b in dev-blue vpc")
    t.equal((folder / "locals.tf").read_text(), 'locals {\n  none  = "<no value>"\n  stage = "dev"\n}\n')


def test_files_of_many_instances(t):
    top = many(t)
    files = lambda *args: t.run("terraform", "generate", "files", *args, cwd=top)
    with t.writes_nothing(top):
        r = files("--all", "--dry-run").ok().says("would write")
        t.equal(said(r), ["dns/one.tf", "dns/two.tf", "vpc/a.tf", "vpc/sub/b.json"], "what two instances share is said once")
        t.equal(said(files("--all", "--stacks", "pr*", "--dry-run").ok()), ["dns/two.tf", "vpc/a.tf", "vpc/sub/b.json"])
        t.equal(said(files("--all", "-s", "dev", "--dry-run").ok()), ["dns/one.tf", "vpc/a.tf", "vpc/sub/b.json"])
        t.equal(said(files("--stacks", "deploy/dev", "--components", "dns,plain", "--dry-run").ok()), ["dns/one.tf"])
        files("--all", "--stacks", "lab*").fails().says('"lab*"')
        files("--components", "nope").fails().says('"nope"')
        files().fails(64).says("needs a component, or --all")
        files("vpc", "-s", "dev", "--all").fails(64).says("takes a component, or --all")
        files("vpc").fails(64).says("stack")
    files("--all").ok().says("wrote components/terraform/vpc/sub/b.json")
    folder = top / "components/terraform"
    t.equal(sorted(os.listdir(folder / "dns")), ["main.tf", "one.tf", "two.tf"])
    t.equal((folder / "vpc/a.tf").read_text(), "same")


def test_one_file_that_two_instances_want_otherwise(t):
    other = {"stacks/deploy/prod.yaml": "vars: { stage: prod }\n" + (MANY % "two").replace("same", "other")}
    top = many(t, more=other)
    with t.writes_nothing(top):
        r = t.run("terraform", "generate", "files", "--all", cwd=top).exits(78)
        r.says("terraform/file-twice", '"a.tf"', '"vpc" in stack "dev"', '"vpc" in stack "prod"', "--stacks", "stacks/deploy/prod.yaml:5:")
    t.run("terraform", "generate", "files", "--all", "--stacks", "prod", cwd=top).ok()
    t.equal((top / "components/terraform/vpc/a.tf").read_text(), "other")


def test_files_are_removed_again(t):
    """Only what the section names goes; contents that could not be written are no obstacle."""
    top = many(t)
    folder = top / "components/terraform"
    t.run("terraform", "generate", "files", "--all", cwd=top).ok()
    (folder / "vpc/sub/mine.json").write_text("{}")
    clean = lambda *args: t.run("terraform", "generate", "files", *args, "--clean", cwd=top)
    with t.writes_nothing(top):
        t.equal(said(clean("vpc", "-s", "dev", "--dry-run").ok().says("would remove")), ["vpc/a.tf", "vpc/sub/b.json"])
    t.equal(said(clean("vpc", "-s", "dev").ok().says("removed components/terraform/vpc/a.tf")), ["vpc/a.tf", "vpc/sub/b.json"])
    t.equal(sorted(os.listdir(folder / "vpc")) + os.listdir(folder / "vpc/sub"), ["main.tf", "sub", "mine.json"])
    t.equal(clean("vpc", "-s", "dev").ok().err, "", "what is gone is not said again")
    t.equal(said(clean("--all").ok()), ["dns/one.tf", "dns/two.tf"])
    t.equal(os.listdir(folder / "dns"), ["main.tf"])
    bad = {"stacks/deploy/dev.yaml": "vars: { stage: dev }\ncomponents: { terraform: { vpc: { generate: { a.tf: 'x {{ .vars.stage ', up/b.tf: '' } } } }\n"}
    top = many(t, more=bad)
    folder = top / "components/terraform"
    (folder / "vpc/a.tf").write_text("old")
    (top / "elsewhere").mkdir()
    (top / "elsewhere/b.tf").write_text("theirs")
    t.equal(said(clean("vpc", "-s", "dev").ok()), ["vpc/a.tf"])
    (folder / "vpc/up").symlink_to(top / "elsewhere")
    clean("vpc", "-s", "dev").exits(78).says("terraform/generate-escapes", "symbolic link")
    t.equal((top / "elsewhere/b.tf").read_text(), "theirs")


def test_one_instance_of_a_broken_repository(t):
    top = repo(t, {"stacks/deploy/qa.yaml": "import: [absent]\nvars: { stage: qa }\n",
                   "stacks/deploy/lab.yaml": "vars: { stage: lab }\ncomponents: { terraform: { dns: [] } }\n"})
    t.run("terraform", "generate", "varfile", "dns", "-s", "dev", "--dry-run", cwd=top).ok()
    t.run("terraform", "generate", "files", "dns", "-s", "dev", "--dry-run", cwd=top).ok()
    t.run("validate", "component", "dns", "-s", "dev", cwd=top).ok()
    t.run("terraform", "plan", "dns", "-s", "dev", "--dry-run", cwd=top).ok()
    t.equal(t.run("describe", "component", "dns", "-s", "dev", "--format", "json", "--query", ".vars.stage", cwd=top).ok().out, '"dev"\n')
    t.run("terraform", "generate", "varfile", "dns", "-s", "lab", cwd=top).exits(65).says("stack/bad-component", "stacks/deploy/lab.yaml")
    t.run("terraform", "generate", "varfiles", "--dry-run", cwd=top).exits(65).says("absent", "stack/bad-component")
    r = t.run("validate", cwd=top).exits(1)
    t.check("absent" in r.out and "stack/bad-component" in r.out, "validate says both")
    r = t.run("__complete", "--", "terraform", "plan", "dns", "-s", "", cwd=top).ok()
    t.equal(sorted(r.out.split())[:3], ["dev", "lab", "prod"])
    r = t.run("__complete", "--", "terraform", "plan", "-s", "prod", "", cwd=top).ok()
    t.equal(r.out.split(), ["base", "dns", "net/vpc"])
