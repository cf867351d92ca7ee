# SPDX-License-Identifier: Apache-2.0
"""Keys of manifests that nobody reads: a warning with place and nearest name, an error with --strict; what holds anchors is left alone."""
import re

from harness import atmos_yaml

CONFIG = atmos_yaml()
DEV = "vars: { stage: dev }\ncomponents: { terraform: { vpc: {} } }\n"
DATA = 65


def repo(t, text, more=None):
    return t.repo({"atmos.yaml": CONFIG, "stacks/deploy/dev.yaml": text, "stacks/catalog/c.yaml": "vars: { c: 1 }\n", **(more or {})})


def warns(t, text, places, *texts):
    """Each place is warned of, nothing else; with --strict these are errors, and nothing is printed."""
    top = repo(t, text)
    for args in (("list", "stacks"), ("describe", "stacks"), ("describe", "component", "vpc", "-s", "dev")):
        r = t.run(*args, cwd=top).ok().says(*texts)
        t.equal(re.findall(r"^ *--> (\S+)$", r.err, re.M), ["stacks/deploy/dev.yaml:" + place for place in places], "places")
        t.equal(re.findall(r"^(\w+)\[(\S+)\]", r.err, re.M), [("warning", "stack/unknown-key")] * len(places))
        r = t.run(*args, "--strict", cwd=top).fails(DATA).says("error[stack/unknown-key]", *texts)
        t.equal(r.out, "", "stdout")


def test_items_of_import(t):
    warns(t, "import:\n  - path: catalog/c\n    contxt: { a: 1 }\n  - { path: catalog/c, skip_if_mising: true, other: 1 }\n" + DEV, ["3:5", "4:24", "4:46"],
          '"contxt" has no effect in an item of "import"', 'did you mean "context"?', 'did you mean "skip_if_missing"?', '"other"')


def test_switches_of_import(t):
    for key in ("skip_if_missing", "skip_templates_processing", "ignore_missing_template_values"):
        r = t.run("describe", "stacks", cwd=repo(t, "import: [{ path: catalog/c, %s: 'yes' }]\n%s" % (key, DEV))).fails(DATA)
        r.says("error[stack/bad-import]", "stacks/deploy/dev.yaml:1:%d" % (31 + len(key)), '"%s"' % key, "neither true nor false")
    for value, fails in (("local", False), ("remote", False), ("", False), ("both", True), ("true", True)):
        r = t.run("describe", "stacks", cwd=repo(t, "import: [{ path: catalog/c, nested_imports: %s }]\n%s" % (value, DEV)))
        if fails:
            r.fails(DATA).says("error[stack/bad-import]", "stacks/deploy/dev.yaml:1:45", 'neither "local" nor "remote"')
        else:
            t.equal(r.ok().err, "")


def test_top_of_a_manifest(t):
    warns(t, DEV + "componets: {}\nowner: me\n", ["3:1", "4:1"], '"componets" has no effect at the top of a manifest', 'did you mean "components"?', '"owner"')
    # Sections that have their place elsewhere.
    warns(t, DEV + "backend_type: s3\nretry: {}\n", ["3:1", "4:1"], "write it below terraform (or another component type), or into the components it is meant for",
          "write it into the components it is meant for")


def test_component_types(t):
    warns(t, DEV + "terraform:\n  vasr: {}\n  required_providers: { aws: { source: hashicorp/aws } }\n  required_version: '>= 1'\nhelmfile: { metadata: {} }\n",
          ["4:3", "5:3", "6:3", "7:13"], '"vasr" has no effect in "terraform"', 'did you mean "vars"?', '"required_providers" has no effect in "terraform"',
          "write it into the components it is meant for", '"metadata" has no effect in "helmfile"')


def test_what_is_nearly_another_word(t):
    """Component types and metadata may be one's own; a misspelled `inherits` would drop the bases in silence."""
    warns(t, "vars: { stage: dev }\ncomponents:\n  terraform:\n    vpc: { metadata: { inherit: [base], owner: me } }\n    base: { metadata: { typ: abstract } }\n  terrafrom: { a: {} }\n",
          ["4:24", "5:25", "6:3"], '"inherit" is not a key of metadata that is read, but nearly one', 'did you mean "inherits"?', '"typ"', 'did you mean "type"?',
          '"terrafrom" is not a component type that is read, but nearly one', 'did you mean "terraform"?')


def test_what_has_an_effect(t):
    """Keys of the reference, names of one's own, and what holds anchors that are used."""
    silent = [
        "".join("%s: {}\n" % key for key in "env settings hooks generate auth secrets dependencies metadata locals overrides helmfile packer ansible kubernetes helm workflows".split())
        + "name: dev\nversion: '1'\nterraform: {" + ", ".join("%s: {}" % key for key in "vars env settings providers hooks generate auth backend remote_state_backend source"
                                                           " provision dependencies overrides locals".split()) + ", command: tofu, backend_type: s3, remote_state_backend_type: s3}\n",
        "x-owner: me\n_owner: me\n.owner: me\nterraform: { x-a: 1, _b: 2, .c: 3 }\n",
        "tags: &tags { a: 1 }\nsettings: { tags: *tags }\n",
        "tags: &tags { a: 1 }\nsettings: { <<: *tags }\n",
        "shared:\n  deep: [{ one: &one text }]\nsettings: { one: *one }\n",
        "terraform:\n  shared: &shared { a: 1 }\n  vars: *shared\n",
    ]
    for text in silent:
        t.equal(t.run("list", "stacks", "--strict", cwd=repo(t, text + DEV)).ok().err, "", text)
    own = ("vars: { stage: dev }\ncomponents:\n  terraform: { vpc: { metadata: { team: a, owner: b, tier: 1, custom: {}, description: d, labels: {}, tags: [] } } }\n"
           "  script: { a: {} }\n  my-tool: {}\n")
    t.equal(t.run("list", "stacks", "--strict", cwd=repo(t, own)).ok().err, "")
    # An anchor that nobody uses, and anchors of other entries, change nothing.
    warns(t, "tags: &tags { a: 1 }\n" + DEV, ["1:1"], '"tags"')
    warns(t, "owner: me\nterraform: { ownr: me }\nx-a: &a { b: 1 }\nsettings: *a\n" + DEV, ["1:1", "2:14"], '"owner"', '"ownr"')


TYPES = """\
vars: { stage: dev }
compositions: { shop: { services: [web] } }
kubernetes: { provider: kustomize, render: { output: { split: true } } }
helm: { release: { timeout: 5m } }
components:
  terraform:
    vpc: {}
  helm:
    base: { metadata: { type: abstract }, repositories: [{ name: r }], values: { a: 1, b: { c: 1 } } }
    api: { metadata: { inherits: [base] }, chart: r/api, version: 1.2.3, values: { b: { d: 2 } }, create_namespace: false }
  helmfile:
    edge: { plugins: [diff] }
  kubernetes:
    web: { paths: [base], render: { output: { path: out } } }
"""


def test_keys_of_one_type(t):
    """What only charts and Kubernetes manifests have is theirs: no finding, shown, merged along types and bases."""
    top = repo(t, TYPES)
    t.equal(t.run("validate", "stacks", "--strict", cwd=top).ok().err, "")
    types = t.run("describe", "stacks", "--format", "json", cwd=top).ok().json()["dev"]["components"]
    api = types["helm"]["api"]
    t.equal({k: api.get(k) for k in ("chart", "version", "repositories", "values", "create_namespace", "release", "namespace")},
            {"chart": "r/api", "version": "1.2.3", "repositories": [{"name": "r"}], "values": {"a": 1, "b": {"c": 1, "d": 2}}, "create_namespace": False,
             "release": {"timeout": "5m"}, "namespace": None})
    web = types["kubernetes"]["web"]
    t.equal((web["provider"], web["paths"], web["render"]), ("kustomize", ["base"], {"output": {"split": True, "path": "out"}}))
    t.equal(types["helmfile"]["edge"]["plugins"], ["diff"])
    t.equal(set(types["terraform"]["vpc"]) & {"provider", "render", "release"}, set())
    # Elsewhere they are unknown as ever.
    for text in ("    vpc: { chart: a }\n", "    vpc: {}\n  helm: { api: { playbook: a } }\n"):
        bad = repo(t, "vars: { stage: dev }\ncomponents:\n  terraform:\n" + text)
        t.run("describe", "stacks", cwd=bad).fails(DATA).says("error[stack/unknown-key]")
    warns(t, DEV + "terraform: { release: {} }\n", ["3:14"], '"release" has no effect in "terraform"')


def test_needs_beside_settings(t):
    warns(t, "vars: { stage: dev }\ncomponents: { terraform: { vpc: { depends_on: { 1: { component: dns } } }, dns: {} } }\n", ["2:35"],
          '"depends_on" has no effect in the component "vpc"', "below settings")
