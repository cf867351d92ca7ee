# SPDX-License-Identifier: Apache-2.0
"""Trees, matrices, delimiters and columns of the lists; vendor manifests."""
from harness import atmos_yaml

CONFIG = atmos_yaml()
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
    t.equal(lists(t, "stacks", "-c", "vpc").ok().out, lists(t, "stacks", "--component", "vpc").ok().out)
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


def test_dependencies_for_programs(t):
    """A tree unless another form is asked for; JSON and YAML name the next ones in both ways."""
    tree = lists(t, "dependencies", "app").ok().out
    t.check(tree.startswith("app in dev\n├── needs\n"), tree)
    ref = lambda name, stack="dev": {"component": name, "stack": stack}
    want = [dict(ref("app"), depends_on=[ref("eks"), ref("vpc")], required_by=[]),
            dict(ref("eks"), depends_on=[ref("vpc")], required_by=[ref("app")]),
            dict(ref("vpc"), depends_on=[], required_by=[ref("app"), ref("eks"), ref("peer", "prod")]),
            dict(ref("peer", "prod"), depends_on=[ref("vpc")], required_by=[])]
    t.equal(lists(t, "dependencies", "--format", "json").ok().json(), want)
    t.equal(lists(t, "dependencies", "-s", "prod", "--format", "json").ok().json(), want[3:], "a stack chooses who is shown, not whom they need")
    for way, gone in (("forward", "required_by"), ("reverse", "depends_on")):
        r = lists(t, "dependencies", "vpc", "--format", "json", "--direction", way).ok()
        t.equal(r.json(), [{k: v for k, v in want[2].items() if k != gone}])
    t.contains(lists(t, "dependencies", "eks", "--format", "yaml", "-d", "forward").ok().out,
               "- component: eks\n  depends_on:\n    - component: vpc\n      stack: dev\n  stack: dev\n")
    t.equal(lists(t, "dependencies", "eks", "--format", "csv").ok().out, "Component,Stack,Needs,In Stack\neks,dev,vpc,dev\n")
    lists(t, "dependencies", "--format", "json", "--sort", "Stack").fails(64).says("--sort has no use with --format json")


OLD_FORM = """\
vars: { stage: dev }
components:
  terraform:
    vpc: {}
    empty: { dependencies: { components: [] }, settings: { depends_on: { 1: { component: vpc } } } }
    null: { dependencies: { components: ~ }, settings: { depends_on: { 1: { component: vpc } } } }
    file: { dependencies: { components: [{ kind: file, path: x }] }, settings: { depends_on: { 1: { component: vpc } } } }
    other: { dependencies: { files: [y] }, settings: { depends_on: { 1: { component: vpc } } } }
"""


def test_an_empty_list_of_needs_is_an_answer(t):
    """dependencies.components, once written, is what counts; only describe dependents goes on to the old form while nothing is listed there."""
    files = {"stacks/deploy/dev.yaml": OLD_FORM.replace("null:", "'null':")}
    rows = {row["component"]: row for row in lists(t, "dependencies", "-s", "dev", "--format", "json", **files).ok().json()}
    t.equal({name: [n["component"] for n in row["depends_on"]] for name, row in rows.items()},
            {"empty": [], "file": [], "null": [], "other": ["vpc"], "vpc": []})
    t.equal([n["component"] for n in rows["vpc"]["required_by"] if n["stack"] == "dev"], ["other"])
    t.equal([line for line in lists(t, "dependencies", "-s", "dev", "--format", "csv", **files).ok().out.splitlines() if ",vpc," in line], ["other,dev,vpc,dev"])
    r = t.run("describe", "dependents", "vpc", "-s", "dev", "--query", "[.[] | .component]", "--format", "json", cwd=t.repo({**FILES, **files})).ok()
    t.equal(r.json()[:4], ["empty", "file", "null", "other"])


def test_a_query_is_asked_in_each_stack(t):
    two = {"stacks/deploy/prod.yaml": "vars: { stage: prod }\nsettings: { a: 1 }\ncomponents: { terraform: { vpc: { vars: { tags: { x: y } } } } }\n"}
    t.equal(lists(t, "values", "vpc", "--query", ".vars.stage", "--format", "json", **two).ok().json(),
            {"dev": {"value": "dev"}, "prod": {"value": "prod"}})
    t.equal(lists(t, "values", "vpc", "--query", ".settings", "--format", "json", **two).ok().json(), {"dev": {}, "prod": {"a": 1}})
    t.equal(lists(t, "values", "vpc", "--query", ".vars.tags", "--format", "json", **two).ok().json(), {"prod": {"x": "y"}}, "no answer, no stack")
    t.equal(lists(t, "values", "vpc", "--query", ".vars.stage", "--format", "csv", **two).ok().out, "Key,dev,prod\nvalue,dev,prod\n")
    t.equal(lists(t, "vars", "vpc", "--query", ".stage", "--format", "csv", **two).ok().out, "Key,dev,prod\nvalue,dev,prod\n")
    t.equal(lists(t, "settings", "vpc", "--query", ".a", "--format", "json", **two).ok().json(), {"prod": {"value": 1}})
    lists(t, "values", "vpc", "--query", ".[", **two).fails(64).says('cannot use the query ".["')


def test_matrix_of_stacks_and_its_file(t):
    repo = t.repo(FILES)
    run = lambda *args: t.run("list", *args, cwd=repo)
    jobs = run("stacks", "--format", "matrix").ok().json()["include"]
    t.equal([(j["stack"], j["component"], j["component_type"]) for j in jobs],
            [("dev", "app", "terraform"), ("dev", "eks", "terraform"), ("dev", "vpc", "terraform"), ("prod", "peer", "terraform")])
    t.equal(len(run("stacks", "--format", "matrix", "--component", "peer").ok().json()["include"]), 1)
    out = repo / "job.txt"
    out.write_text("before=1\n")
    for args, count in ((["instances", "-s", "prod"], 1), (["stacks"], 4), (["affected", "--repo-path", "."], 0)):
        r = run(*args, "--format", "matrix", "--output-file", "job.txt").ok()
        t.equal(r.out, "")
        t.check(out.read_text().endswith("\naffected_count=%d\n" % count), out.read_text())
    t.check(out.read_text().startswith('before=1\nmatrix={"include":[{"component":"peer",'), out.read_text())
    r = t.run("describe", "affected", "--repo-path", ".", "--format", "matrix", "--output-file", "other.txt", cwd=repo).ok()
    t.equal((repo / "other.txt").read_text(), 'matrix={"include":[]}\naffected_count=0\n')
    run("instances", "--output-file", "job.txt").fails(64).says("--output-file needs --format matrix")
    run("stacks", "--format", "matrix", "--output-file", "no/such").fails(74).says('cannot write "no/such"')


def test_affected_by_tags_and_labels(t):
    repo = t.repo(FILES)
    base = t.copy(repo, "base")
    (repo / "stacks/deploy/prod.yaml").write_text(
        "vars: { stage: prod }\ncomponents:\n  terraform:\n    peer: { metadata: { tags: [net], labels: { team: a } } }\n"
        "    other: { metadata: { tags: [app], labels: { team: a } } }\n")
    names = lambda *args: t.run("list", "affected", "--repo-path", base, "--columns", "C={{ .component }}", "--format", "csv", *args, cwd=repo).ok().out.split()[1:]
    t.equal(names(), ["other", "peer"])
    t.equal(names("--tags", "net,web"), ["peer"])
    t.equal(names("--labels", "team=a"), ["other", "peer"])
    t.equal(names("--labels", "team=a", "--tags", "app"), ["other"])
    t.equal(names("--labels", "team=b"), [])


def test_columns_of_the_configuration(t):
    """`list.columns` of a section stands for --columns, which beats it."""
    columns = "[{ name: N, value: 'x-{{ .%s }}' }, { name: T, value: t }]"
    config = atmos_yaml(stacks="list: { columns: %s }" % (columns % "stack"), components="list: { columns: %s }" % (columns % "component"))
    config += "workflows: { base_path: flows, list: { columns: %s } }\n" % (columns % "workflow")
    config += "vendor: { list: { columns: %s } }\n" % (columns % "component")
    files = {"atmos.yaml": config, "flows/a.yaml": "workflows: { up: { steps: [{ command: x }] } }\n", "vendor.yaml": VENDOR.replace("imports: [vendor/more]", "imports: []")}
    for name, first in (("stacks", "x-dev,t"), ("components", "x-app,t"), ("instances", "x-app,t"), ("workflows", "x-up,t"), ("vendor", "x-vpc,t")):
        t.equal(lists(t, name, "--format", "csv", **files).ok().out.splitlines()[:2], ["N,T", first], name)
    t.equal(lists(t, "stacks", "--format", "csv", "--columns", "S={{ .stack }}", **files).ok().out.split(), ["S", "dev", "prod"])
    bad = {"atmos.yaml": atmos_yaml(stacks="list: { columns: [{ value: x }] }")}
    lists(t, "stacks", **bad).fails(78).says("config/bad-value", "atmos.yaml:3:21", '"stacks.list.columns"', "a name and a value")
    odd = {"atmos.yaml": atmos_yaml(stacks="list: { columns: [{ name: N, value: '{{ .stack }}', width: 9, nmae: x }], colums: [] }")}
    r = lists(t, "stacks", "--format", "csv", **odd).ok().says("config/unknown-key", "atmos.yaml:3:55", '"width" has no effect in a column of "stacks.list.columns"',
                                                              "atmos.yaml:3:65", 'did you mean "name"?', "atmos.yaml:3:77", 'unknown key "stacks.list.colums"', 'did you mean "columns"?')
    t.equal(r.out, "N\ndev\nprod\n")
    t.equal(lists(t, "stacks", "--strict", **odd).fails(78).out, "")


def test_formats_of_the_configuration(t):
    """`list.format` of a section stands for --format, which beats it."""
    config = atmos_yaml("workflows: { base_path: flows, list: { format: yaml } }\nvendor: { list: { format: tsv } }\n",
                        stacks="list: { format: json }", components="list: { format: csv }")
    files = {"atmos.yaml": config, "flows/a.yaml": "workflows: { up: { steps: [{ command: x }] } }\n", "vendor.yaml": VENDOR.replace("imports: [vendor/more]", "imports: []")}
    t.equal(lists(t, "stacks", **files).ok().json(), lists(t, "stacks", "--format", "json").ok().json())
    for name, format in (("components", "csv"), ("instances", "csv"), ("workflows", "yaml"), ("vendor", "tsv")):
        r = lists(t, name, **files).ok()
        t.equal(r.out, lists(t, name, "--format", format, **files).ok().out, name)
        t.check(r.out != lists(t, name, "--format", "table", **files).ok().out, name)
    t.equal(lists(t, "stacks", "--format", "csv", **files).ok().out, "Stack\ndev\nprod\n")
    t.equal(lists(t, "components", "--json", **files).ok().json(), lists(t, "components", "--format", "json").ok().json())
    # A form that only one of two lists has concerns that one.
    tree = {"atmos.yaml": atmos_yaml(components="list: { format: tree }")}
    t.equal(lists(t, "instances", **tree).ok().out, lists(t, "instances", "--format", "tree").ok().out)
    t.equal(lists(t, "components", **tree).ok().out, lists(t, "components").ok().out)
    lists(t, "instances", "--sort", "Stack", **tree).fails(64).says("--sort has no use with --format tree")
    bad = {"atmos.yaml": atmos_yaml(components="list: { format: jsno }")}
    lists(t, "components", **bad).fails(78).says("config/bad-value", "atmos.yaml:6:31", '"components.list.format" must be one of', 'did you mean "json"?')


def test_formats_that_a_list_does_not_have(t):
    for name, format in (("components", "tree"), ("metadata", "matrix"), ("vendor", "tree"), ("vars", "matrix"), ("workflows", "tree")):
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
