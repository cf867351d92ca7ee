# SPDX-License-Identifier: Apache-2.0
"""Trees, matrices, delimiters and columns of the lists; vendor manifests."""

CONFIG = """\
base_path: "."
stacks:
  base_path: stacks
  included_paths: ["deploy/**/*"]
  name_pattern: "{stage}"
components: { terraform: { base_path: components/terraform } }
"""
FILES = {
    "atmos.yaml": CONFIG,
    "components/terraform/vpc/main.tf": "",
    "stacks/catalog/net.yaml": "import: [catalog/tags]\nvars: { cidr: a }\n",
    "stacks/catalog/tags.yaml": "import: [catalog/leaf]\nvars: { team: net }\n",
    "stacks/catalog/leaf.yaml": "vars: { leaf: 1 }\n",
    "stacks/deploy/dev.yaml":
        "import: [catalog/tags, catalog/net]\nvars: { stage: dev }\n"
        "components:\n  terraform:\n    vpc: { vars: { n: 1 } }\n"
        "    eks: { metadata: { component: k8s }, dependencies: { components: [{ component: vpc }] } }\n"
        "    app: { vars: { note: 'a;b' }, dependencies: { components: [{ component: eks }, { component: vpc }] } }\n",
    "stacks/deploy/prod.yaml":
        "vars: { stage: prod }\n"
        "components: { terraform: { peer: { dependencies: { components: [{ component: vpc, stage: x, stack: dev }] } } } }\n",
}
UTF8 = {"LC_ALL": "C.UTF-8"}


def lists(t, *args, **files):
    return t.run("list", *args, cwd=t.repo(dict(FILES, **files)), env=UTF8)


def test_stacks_as_a_tree(t):
    t.equal(lists(t, "stacks", "--format", "tree").ok().out, "dev\nprod\n")
    t.equal(lists(t, "stacks", "--format", "tree", "--provenance").ok().out,
            "dev\n└── deploy/dev\n    ├── catalog/tags\n    │   └── catalog/leaf\n    └── catalog/net\n"
            "        └── catalog/tags (its imports: above)\nprod\n└── deploy/prod\n")
    t.equal(lists(t, "stacks", "--format", "tree", "--component", "vpc").ok().out, "dev\n")
    lists(t, "stacks", "--provenance").fails(64).says("--provenance needs --format tree")
    lists(t, "instances", "--provenance", "--format", "json").fails(64).says("--provenance needs --format tree")
    repo = t.repo(FILES)
    r = t.run("list", "stacks", "--format", "tree", "--provenance", cwd=repo, env={"LC_ALL": "C"}).ok()
    t.contains(r.out, "dev\n`-- deploy/dev\n    |-- catalog/tags\n    |   `-- catalog/leaf\n    `-- catalog/net\n")


def test_instances_as_a_tree_and_as_a_matrix(t):
    t.equal(lists(t, "instances", "--format", "tree").ok().out,
            "dev\n├── app (components/terraform/app)\n├── eks (components/terraform/k8s)\n└── vpc (components/terraform/vpc)\n"
            "prod\n└── peer (components/terraform/peer)\n")
    r = lists(t, "instances", "--format", "tree", "--provenance", "-s", "dev").ok()
    t.contains(r.out, "├── eks (components/terraform/k8s)\n│   ├── catalog/tags\n│   │   └── catalog/leaf\n│   └── catalog/net\n")
    t.equal(lists(t, "instances", "--format", "matrix", "-s", "prod").ok().out,
            '{"include":[{"component":"peer","component_path":"components/terraform/peer","component_type":"terraform","stack":"prod"}]}\n')
    for option, format in (("--filter=.x", "tree"), ("--columns=A={{ .x }}", "matrix"), ("--sort=Stack", "tree")):
        r = lists(t, "instances", option, "--format", format).fails(64)
        r.says(option.partition("=")[0] + " has no use with --format " + format)
    lists(t, "instances", "--upload").fails(64).says("cli/unsupported", "nothing is sent anywhere")


def test_dependencies_as_a_tree(t):
    t.equal(lists(t, "dependencies", "app", "--format", "tree").ok().out,
            "app in dev\n├── needs\n│   ├── eks\n│   │   └── vpc\n│   └── vpc (above)\n└── is needed by\n    └── (none)\n")
    t.equal(lists(t, "dependencies", "vpc", "--format", "tree", "--direction", "reverse").ok().out,
            "vpc in dev\n├── app\n├── eks\n│   └── app (above)\n└── peer in prod\n")
    t.equal(lists(t, "dependencies", "vpc", "--format", "tree", "-d", "forward").ok().out, "vpc in dev\n└── (none)\n")
    circle = FILES["stacks/deploy/dev.yaml"].replace("vpc: { vars: { n: 1 }", "vpc: { dependencies: { components: [{ component: app }] }")
    r = lists(t, "dependencies", "vpc", "--format", "tree", "-d", "forward", **{"stacks/deploy/dev.yaml": circle}).ok()
    t.equal(r.out, "vpc in dev\n└── app\n    ├── eks\n    │   └── vpc (above)\n    └── vpc (above)\n", "a circle ends")


def test_formats_that_a_list_does_not_have(t):
    for name, format in (("components", "tree"), ("metadata", "matrix"), ("vendor", "tree"), ("stacks", "matrix"), ("workflows", "tree")):
        lists(t, name, "--format", format).fails(64).says("cli/bad-value", "cannot be", format)


def test_delimiter_and_number_of_columns(t):
    columns = ("--columns", "C={{ .component }}", "--columns", "N={{ .vars.note }}", "--columns", "S={{ .stack }}")
    t.equal(lists(t, "instances", *columns, "--format", "csv", "--delimiter", ";", "-s", "dev").ok().out,
            'C;N;S\napp;"a;b";dev\neks;;dev\nvpc;;dev\n')
    t.equal(lists(t, "instances", *columns, "--format", "tsv", "--delimiter", "::", "--max-columns", "2", "--sort", "S:desc,C").ok().out,
            "C::N\npeer::\napp::a;b\neks::\nvpc::\n")
    t.equal(lists(t, "vars", "vpc", "--format", "csv", "--delimiter", "|", "--max-columns", "1").ok().out,
            "Key|dev\ncidr|a\nleaf|1\nn|1\nstage|dev\nteam|net\n")
    t.equal(lists(t, "instances", "--max-columns", "0", "--format", "csv").ok().out.splitlines()[0], "Component,Stack")
    for value in ("x", "-1", "1.5"):
        lists(t, "instances", "--max-columns=" + value).fails(64).says("--max-columns cannot be", "it is a number")
    lists(t, "vars", "vpc", "--query", ".dev").fails(64).says("--query needs --format json or yaml")


def test_workflows_of_one_file(t):
    files = {"atmos.yaml": CONFIG + "workflows: { base_path: flows }\n",
             "flows/a.yaml": "workflows: { up: { steps: [{ command: x }] } }\n",
             "flows/b.yaml": "workflows: { down: { steps: [{ command: x }] } }\n"}
    t.equal(lists(t, "workflows", "--file", "b.yaml", "--format", "csv", **files).ok().out,
            "File,Workflow,Description,Steps\nb.yaml,down,,1\n")


VENDOR = """\
apiVersion: atmos/v1
kind: AtmosVendorConfig
spec:
  imports: [vendor/more]
  sources:
    - component: vpc
      source: "github.com/acme/modules.git//vpc?ref={{ .Version }}"
      version: 1.2.3
      targets: ["components/terraform/{{ .Component }}", "old/{{.Component}}/{{ .Version }}", { path: "new/{{ .Other }}" }]
      tags: [net, core]
"""
MORE = "kind: AtmosVendorConfig\nspec: { imports: [vendor.yaml], sources: [{ component: eks, source: x, targets: [components/terraform/eks], tags: [apps] }] }\n"
COMPONENT = "kind: ComponentVendorConfig\nspec: { source: { uri: github.com/acme/iam, version: 2.0.0 } }\n"


def test_vendor(t):
    files = {"vendor.yaml": VENDOR, "vendor/more.yaml": MORE, "components/terraform/iam/role/component.yaml": COMPONENT,
             "components/terraform/vpc/.terraform/modules/x/component.yaml": COMPONENT,
             "components/terraform/vpc/component.yaml": "kind: Component\n"}
    r = lists(t, "vendor", "--format", "csv", **files).ok()
    t.equal(r.out, "Component,Type,Tags,Manifest,Folder\n"
                   "eks,Vendor Manifest,apps,vendor/more.yaml,components/terraform/eks\n"
                   "iam/role,Component Manifest,,components/terraform/iam/role/component.yaml,components/terraform/iam/role\n"
                   'vpc,Vendor Manifest,"net, core",vendor.yaml,components/terraform/vpc\n'
                   'vpc,Vendor Manifest,"net, core",vendor.yaml,new/{{ .Other }}\n'
                   'vpc,Vendor Manifest,"net, core",vendor.yaml,old/vpc/1.2.3\n')
    t.equal(lists(t, "vendor", "--tags", "apps,other", "--columns", "S={{ .source }} {{ .version }}", **files).ok().out, "x \n")
    t.equal(lists(t, "vendor", "--filter", ".version == \"2*\"", "--columns", "C={{ .component }}", **files).ok().out, "iam/role\n")
    # A folder of manifests, and one file by name.
    folder = CONFIG + "vendor: { base_path: vendor }\n"
    r = lists(t, "vendor", "--format", "csv", **dict(files, **{"atmos.yaml": folder, "vendor/notes.yaml": "a: 1\n"})).ok()
    t.equal(r.out.count("Vendor Manifest"), 4, "the import of vendor.yaml counts too")
    t.equal(lists(t, "vendor").ok().out, "")


def test_vendor_manifests_that_are_wrong(t):
    named = {"atmos.yaml": CONFIG + "vendor: { base_path: nowhere.yaml }\n"}
    lists(t, "vendor", **named).fails(78).says("stack/no-vendor-manifest", 'no vendor manifest "nowhere.yaml"', "atmos.yaml:7:22")
    for text, say in (("kind: Other\n", "stack/bad-vendor-manifest"), ("kind: [\n", "vendor.yaml:"),
                      ("kind: AtmosVendorConfig\nspec: { sources: [x] }\n", "vendor.yaml:2:19"),
                      ("kind: AtmosVendorConfig\nspec: { sources: [{ targets: x }] }\n", "the targets of a source are a list"),
                      ("kind: AtmosVendorConfig\nspec: { imports: [gone] }\n", 'no vendor manifest "gone"')):
        r = lists(t, "vendor", **{"vendor.yaml": text}).fails()
        t.check(r.code in (65, 78), r)
        r.says(say)
        t.equal(r.out, "", "stdout")
