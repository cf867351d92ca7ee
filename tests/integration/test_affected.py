# SPDX-License-Identifier: Apache-2.0
"""describe affected and list affected: bases, reasons, what does not count, and that nothing is left behind."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

from harness import ROOT, Skipped, atmos_yaml, wait_until

CONFIG = atmos_yaml()
FILES = {
    "atmos.yaml": CONFIG,
    ".gitignore": "*.tfvars.json\n",
    "components/terraform/vpc/main.tf": 'module "label" {\n  source = "../modules/label"\n}\n',
    "components/terraform/eks/main.tf": 'module "label" {\n  source = "example/label/aws"\n}\n',
    "components/terraform/modules/label/main.tf": 'module "inner" {\n  source = "../inner"\n}\n',
    "components/terraform/modules/inner/main.tf": "# inner\n",
    "config/eks/a.json": "{}\n",
    "stacks/catalog/vpc.yaml": "components: { terraform: { vpc: { vars: { cidr: a } } } }\n",
    "stacks/deploy/dev.yaml":
        "import: [catalog/vpc]\nvars: { stage: dev }\n"
        "components:\n  terraform:\n    eks:\n      vars: { n: 1 }\n      hooks: { h: { command: x } }\n"
        "      dependencies: { folders: [config/eks] }\n"
        "    base: { metadata: { type: abstract }, vars: { n: 1 } }\n"
        "    off: { metadata: { enabled: false }, vars: { n: 1 } }\n",
    "stacks/deploy/prod.yaml": "import: [catalog/vpc]\nvars: { stage: prod }\n",
}


def git(top, *args):
    env = dict(os.environ, GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.net",
               GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.net")
    try:
        subprocess.run(["git", "-C", str(top), *args], env=env, check=True, capture_output=True)
    except FileNotFoundError:
        raise Skipped("there is no git")


def repo(t, config=CONFIG):
    top = pathlib.Path(t.repo(dict(FILES, **{"atmos.yaml": config})))
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "base")
    return top


def edit(top, name, old, new):
    path = top / name
    text = path.read_text()
    assert old in text, (name, old)
    path.write_text(text.replace(old, new))


def affected(t, top, *args):
    """{instance: reasons}; the order of the list is that of stacks and names. No scratch folder stays."""
    scratch = t.tmp / "tmp"
    with t.writes_nothing(top):
        r = t.run("describe", "affected", "--base", "main", "--format", "json", *args, cwd=top, env={"TMPDIR": str(scratch)}).exits(0)
    items = r.json()
    t.equal(list(scratch.iterdir()), [], "scratch folder")
    t.equal([i["affected"] for i in items], [i["affected_all"][0] for i in items], "first reason")
    names = [(i["stack"], i["component"]) for i in items]
    t.equal(names, sorted(names), "order")
    return {"%s/%s" % (i["stack"], i["component"]): " ".join(i["affected_all"]) for i in items}


def test_nothing_changed_but_comments_and_ignored_files(t):
    top = repo(t)
    edit(top, "stacks/deploy/dev.yaml", "vars: { stage: dev }", "# note\nvars: { stage:   dev }")
    (top / "components/terraform/vpc/dev-vpc.terraform.tfvars.json").write_text("{}")
    t.equal(affected(t, top), {}, "affected")


def test_uncommitted_and_new_files_count(t):
    top = repo(t)
    edit(top, "stacks/catalog/vpc.yaml", "cidr: a", "cidr: b")
    (top / "components/terraform/eks/new.tf").write_text("# new\n")
    t.equal(affected(t, top), {"dev/vpc": "stack.vars", "prod/vpc": "stack.vars", "dev/eks": "component"}, "affected")


def test_modules_and_the_modules_they_call(t):
    top = repo(t)
    edit(top, "components/terraform/modules/inner/main.tf", "inner", "other")
    t.equal(affected(t, top), {"dev/vpc": "component.module", "prod/vpc": "component.module"}, "affected")
    edit(top, "components/terraform/vpc/main.tf", "label", "label")
    edit(top, "stacks/catalog/vpc.yaml", "cidr: a", "cidr: b")
    (top / "components/terraform/vpc/main.tf").write_text('module "l" {\n  source = "../modules/label"\n}\n# x\n')
    t.equal(affected(t, top, "--stack", "dev"), {"dev/vpc": "component.module component stack.vars"}, "reasons in order")


def test_folder_dependency(t):
    top = repo(t)
    (top / "config/eks/a.json").unlink()
    t.equal(affected(t, top), {"dev/eks": "folder"}, "affected")
    item = t.run("describe", "affected", "--base", "main", cwd=top).exits(0).json()[0]
    t.equal(item["folder"], "config/eks", "folder")


def test_abstract_and_disabled_ones_are_left_out(t):
    top = repo(t)
    edit(top, "stacks/deploy/dev.yaml", "abstract }, vars: { n: 1", "abstract }, vars: { n: 2")
    edit(top, "stacks/deploy/dev.yaml", "false }, vars: { n: 1", "false }, vars: { n: 2")
    t.equal(affected(t, top), {}, "affected")


def test_types_that_describe_stacks_does_not_know_are_left_out(t):
    """Of the changed, the deleted and those that need something."""
    top = repo(t)
    edit(top, "stacks/deploy/prod.yaml", "vars: { stage: prod }\n",
         "vars: { stage: prod }\ncomponents:\n  script:\n    job: { dependencies: { components: [{ component: vpc }] } }\n"
         "    old: {}\n  packer: { image: { dependencies: { components: [{ component: vpc }] } } }\n")
    git(top, "commit", "-qam", "types")
    edit(top, "stacks/deploy/prod.yaml", "    old: {}\n", "")
    edit(top, "stacks/deploy/prod.yaml", "{ stage: prod }", "{ stage: prod, n: 2 }")
    r = t.run("describe", "affected", "--base", "HEAD", "--include-dependents", cwd=top).ok()
    t.equal([(i["component"], [d["component"] for d in i["dependents"]]) for i in r.json()], [("image", []), ("vpc", ["image"])])
    r = t.run("describe", "dependents", "vpc", "-s", "prod", cwd=top).ok()
    t.equal([i["component"] for i in r.json()], ["image"])


def test_hooks_count_only_when_the_configuration_says_so(t):
    top = repo(t)
    edit(top, "stacks/deploy/dev.yaml", "command: x", "command: y")
    edit(top, "stacks/deploy/dev.yaml", "vars: { n: 1 }\n      hooks", "vars: { n: 2 }\n      hooks")
    t.equal(affected(t, top), {"dev/eks": "stack.vars"}, "default")
    (top / "atmos.yaml").write_text(CONFIG + "describe: { affected: { sections: [hooks, env] } }\n")
    t.equal(affected(t, top), {"dev/eks": "stack.hooks"}, "sections chosen")


def test_chosen_sections_come_in_their_order_and_settings_always(t):
    top = repo(t)
    (top / "atmos.yaml").write_text(CONFIG + "describe: { affected: { sections: [locals, vars] } }\n")
    (top / "stacks/deploy/dev.yaml").write_text("vars: { stage: dev }\ncomponents: { terraform: { one: { locals: { a: 1 } } } }\n")
    git(top, "commit", "-qam", "before")
    (top / "stacks/deploy/dev.yaml").write_text(
        "vars: { stage: dev, n: 1 }\nsettings: { s: 1 }\nenv: { E: 1 }\nmetadata: { tags: [t] }\n"
        "components: { terraform: { one: { locals: { a: 2 } } } }\n")
    r = t.run("describe", "affected", "--base", "HEAD", cwd=top).ok()
    t.equal([i["affected_all"] for i in r.json()], [["stack.metadata", "stack.locals", "stack.vars", "stack.settings"]])


def test_a_section_that_is_taken_away_does_not_count(t):
    top = repo(t)
    (top / "stacks/deploy/dev.yaml").write_text(
        "vars: { stage: dev }\ncomponents: { terraform: { one: { dependencies: { files: [x] } }, two: { required_version: '1' } } }\n")
    git(top, "commit", "-qam", "before")
    (top / "stacks/deploy/dev.yaml").write_text(
        "vars: { stage: dev }\ncomponents: { terraform: { one: {}, two: {} }, helmfile: { new: {} } }\n")
    r = t.run("describe", "affected", "--base", "HEAD", cwd=top).ok()
    # What is always shown changes when it becomes empty.
    t.equal({i["component"]: i["affected_all"] for i in r.json() if i["component"] != "new"}, {"two": ["stack.required_version"]})
    new = [i["affected_all"] for i in r.json() if i["component"] == "new"]
    t.check("stack.vars" in new[0] and "stack.backend_type" not in new[0], "sections of a new chart: %s" % new)


def test_files_of_the_folder_that_terraform_runs_in_count(t):
    top = repo(t)
    edit(top, "stacks/deploy/prod.yaml", "vars: { stage: prod }\n",
         "vars: { stage: prod }\ncomponents: { terraform: { d: { metadata: { type: abstract, component: eks } }, net/a: { metadata: { inherits: [d] } } } }\n")
    git(top, "commit", "-qam", "one more")
    edit(top, "components/terraform/eks/main.tf", "example", "exbmple")
    t.equal(affected(t, top), {"dev/eks": "component", "prod/net/a": "component"}, "affected")
    items = t.run("describe", "affected", "--base", "main", cwd=top).exits(0).json()
    t.equal(items[1]["component_path"], "components/terraform/net/a", "path as describe stacks shows it")


def test_deleted(t):
    top = repo(t)
    (top / "stacks/deploy/prod.yaml").unlink()
    edit(top, "stacks/deploy/dev.yaml", "import: [catalog/vpc]\n", "")
    t.equal(affected(t, top), {"dev/vpc": "deleted", "prod/vpc": "deleted.stack"}, "affected")
    r = t.run("describe", "affected", "--base", "main", "--format", "matrix", cwd=top).exits(0)
    t.equal(r.out, '{"include":[]}\n', "matrix")


def test_matrix_and_list(t):
    top = repo(t)
    edit(top, "stacks/deploy/dev.yaml", "n: 1 }\n      hooks", "n: 2 }\n      hooks")
    r = t.run("describe", "affected", "--base", "main", "--format", "matrix", cwd=top).exits(0)
    t.equal(r.out, '{"include":[{"component":"eks","component_path":"components/terraform/eks","component_type":"terraform",'
                   '"stack":"dev"}]}\n', "matrix")
    r = t.run("list", "affected", "--base", "main", "--format", "csv", cwd=top).exits(0)
    t.equal(r.out, "Status,Component,Stack,Type,Affected,File\nchanged,eks,dev,terraform,stack.vars,\n", "csv")


def tree(items):
    """{instance: (included, tree of dependents)}."""
    return {"%s/%s" % (i["stack"], i["component"]): (i["included_in_dependents"], tree(i["dependents"])) for i in items}


CHAIN = """\
vars: { stage: dev }
components:
  terraform:
    vpc: { vars: { n: 1 } }
    eks: { vars: { n: 1 }, settings: { owner: core }, dependencies: { components: [{ component: vpc }] } }
    app: { vars: { n: 1 }, dependencies: { components: [{ component: eks }, { component: vpc }] } }
    off: { metadata: { enabled: false }, dependencies: { components: [{ component: vpc }] } }
"""
FAR = "vars: { stage: prod }\ncomponents: { terraform: { peer: { dependencies: { components: [{ component: vpc, stack: dev }] } } } }\n"


def chain(t):
    top = repo(t)
    (top / "stacks/deploy/dev.yaml").write_text(CHAIN)
    (top / "stacks/deploy/prod.yaml").write_text(FAR)
    git(top, "commit", "-qam", "chain")
    return top


def dependents(t, top, *args):
    r = t.run("describe", "affected", "--base", "main", "--include-dependents", *args, cwd=top).exits(0)
    return tree(r.json()), r


def test_patterns_of_stacks(t):
    top = repo(t)
    edit(top, "stacks/catalog/vpc.yaml", "cidr: a", "cidr: b")
    for stack, expected in (("*", ["dev", "prod"]), ("p*", ["prod"]), ("prod", ["prod"]), ("deploy/prod", ["prod"]), ("x*", [])):
        r = t.run("list", "affected", "--base", "HEAD", "--stack", stack, "--format", "json", cwd=top).ok()
        t.equal([row["Stack"] for row in r.json()], expected, stack)
        r = t.run("describe", "affected", "--base", "HEAD", "--stack", stack, cwd=top).ok()
        t.equal([item["stack"] for item in r.json()], expected, stack)


def test_dependents_of_dependents(t):
    top = chain(t)
    edit(top, "stacks/deploy/dev.yaml", "vpc: { vars: { n: 1", "vpc: { vars: { n: 2")
    app = (False, {})
    eks = (False, {"dev/app": app})
    got, r = dependents(t, top)
    # What stands below a neighbor is marked, so that nobody runs it twice.
    t.equal(got, {"dev/vpc": (False, {"dev/app": (True, {}), "dev/eks": eks, "prod/peer": (False, {})})}, "tree")
    first = r.json()[0]["dependents"][1]
    t.equal((first["component"], first["stage"], first["settings"]), ("eks", "dev", None), "dependent")
    got, r = dependents(t, top, "--include-settings")
    t.equal(r.json()[0]["dependents"][1]["settings"], {"owner": "core"}, "settings")
    got, r = dependents(t, top, "--stack", "dev")
    t.equal(sorted(got["dev/vpc"][1]), ["dev/app", "dev/eks"], "only of the stack")


def test_affected_ones_below_others_are_marked(t):
    top = chain(t)
    edit(top, "stacks/deploy/dev.yaml", "vpc: { vars: { n: 1", "vpc: { vars: { n: 2")
    edit(top, "stacks/deploy/dev.yaml", "eks: { vars: { n: 1", "eks: { vars: { n: 2")
    (top / "stacks/deploy/prod.yaml").unlink()
    got, r = dependents(t, top)
    app = {"dev/app": (False, {})}
    t.equal(got, {"dev/eks": (True, app), "dev/vpc": (False, {"dev/app": (True, {}), "dev/eks": (False, app)}),
                  "prod/peer": (False, {})}, "tree")
    without = t.run("describe", "affected", "--base", "main", cwd=top).exits(0).json()
    t.equal([i["dependents"] for i in without], [None, None, None], "not asked for")


def test_list_affected_shows_dependents_once(t):
    top = chain(t)
    edit(top, "stacks/deploy/dev.yaml", "vpc: { vars: { n: 1", "vpc: { vars: { n: 2")
    r = t.run("list", "affected", "--base", "main", "--include-dependents", "--format", "csv", "--columns", "S={{ .status }}",
              "--columns", "I={{ .stack }}/{{ .component }}", "--columns", "A={{ .affected }}", cwd=top).exits(0)
    t.equal(r.out, "S,I,A\nchanged,dev/vpc,stack.vars\ndependent,dev/app,dependent\ndependent,dev/eks,dependent\n"
                   "dependent,prod/peer,dependent\n", "rows")
    r = t.run("list", "affected", "--base", "main", "--include-dependents", "--sort", "Component:desc", "--filter", '.stack == "dev"',
              "--delimiter", ";", "--format", "csv", cwd=top).exits(0)
    t.equal([line.split(";")[1] for line in r.out.splitlines()], ["Component", "vpc", "eks", "app"], "sorted")
    t.run("list", "affected", "--base", "main", "--format", "matrix", cwd=top).exits(0).prints('"component":"vpc"')


def test_a_circle_of_needs_is_cut(t):
    top = chain(t)
    edit(top, "stacks/deploy/dev.yaml", "vpc: { vars: { n: 1 }", "vpc: { vars: { n: 2 }, dependencies: { components: [{ component: app }] }")
    got, r = dependents(t, top, "--stack", "dev")
    r.says("stack/dependency-cycle", '"vpc" of stack "dev" needs something that needs it', "stacks/deploy/dev.yaml:4:5")
    app = got["dev/vpc"][1]["dev/app"]
    t.equal(app, (True, {"dev/vpc": (False, {})}), "the circle ends where it closes")


def test_too_many_dependents_are_an_error(t):
    top = repo(t)
    lines = ["vars: { stage: dev }", "components:", "  terraform:", "    c0: { vars: { n: 1 } }"]
    lines += ["    c%d: { dependencies: { components: [%s] } }" % (i, ", ".join("{ component: c%d }" % k for k in range(i))) for i in range(1, 30)]
    (top / "stacks/deploy/dev.yaml").write_text("\n".join(lines) + "\n")
    t.run("describe", "affected", "--base", "main", "--include-dependents", cwd=top, timeout=60).fails(65).says(
        "stack/many-dependents", '"c0" of stack "dev"', "1000000 in all")


def test_secret_files_count(t):
    top = repo(t)
    edit(top, "stacks/deploy/dev.yaml", "vars: { n: 1 }\n      hooks",
         "vars: { n: 1 }\n      secrets: { vars: { A: { sops: own }, B: { store: x } }, providers: { own: { kind: sops/age, spec: { file: secrets/a.enc } } } }\n      hooks")
    (top / "atmos.yaml").write_text(CONFIG + "secrets: { providers: { shared: { kind: sops/age, spec: { file: secrets/b.enc } } } }\n")
    edit(top, "stacks/catalog/vpc.yaml", "vars: { cidr: a }", "vars: { cidr: a }, secrets: { vars: { A: { sops: shared } } }")
    (top / "secrets").mkdir()
    for name in "abc":
        (top / "secrets" / (name + ".enc")).write_text("x\n")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "secrets")
    (top / "secrets/a.enc").write_text("y\n")
    (top / "secrets/c.enc").write_text("y\n")
    t.equal(affected(t, top), {"dev/eks": "secret.file"}, "of the component")
    (top / "secrets/b.enc").write_text("y\n")
    t.equal(affected(t, top, "--stack", "prod"), {"prod/vpc": "secret.file"}, "of the configuration")


def test_what_describe_affected_cannot_do_is_said(t):
    top = repo(t)
    for option, word in (("--upload", "nothing is sent"), ("--clone-target-ref", "clone"),
                         ("--ssh-key=x", "nothing is cloned"), ("--ssh-key-password=x", "nothing is cloned")):
        r = t.run("describe", "affected", "--base", "main", option, cwd=top).fails(64)
        r.says("cli/unsupported", option.partition("=")[0], word)
    t.run("describe", "affected", "--base", "main", "--upload=false", "--no-clone-target-ref", cwd=top).exits(0)


ADMIN = """\
import: [catalog/vpc]
vars: { tenant: acme, stage: ops }
components:
  terraform:
    admin: { settings: { spacelift: { workspace_enabled: true, admin_stack_selector: { component: top } } } }
    top: { settings: { spacelift: { workspace_enabled: true } } }
    off: { settings: { spacelift: { workspace_enabled: false } } }
"""


def test_spacelift_admin_stacks(t):
    """What the selector of an affected component means is affected by that alone; its own selector is not followed."""
    top = repo(t)
    select = "settings: { spacelift: { admin_stack_selector: { component: admin, tenant: acme, stage: ops } } }\n"
    (top / "stacks/deploy/ops.yaml").write_text(ADMIN)
    (top / "stacks/deploy/lab.yaml").write_text(ADMIN.replace("stage: ops", "stage: lab"))
    (top / "stacks/deploy/dev.yaml").write_text((top / "stacks/deploy/dev.yaml").read_text() + select)
    for name in ("admin", "top", "off"):
        (top / "components/terraform" / name).mkdir()
    git(top, "add", "-A")
    git(top, "commit", "-qm", "admins")
    edit(top, "stacks/deploy/dev.yaml", "n: 1 }\n      hooks", "n: 2 }\n      hooks")
    admin = "stack.settings.spacelift.admin_stack_selector"
    t.equal(affected(t, top), {"dev/eks": "stack.vars"})
    t.equal(affected(t, top, "--include-spacelift-admin-stacks=false"), {"dev/eks": "stack.vars"})
    r = t.run("describe", "affected", "--base", "main", "--include-spacelift-admin-stacks", cwd=top).ok()
    t.equal([(i["stack"], i["component"], i["affected"], i["affected_all"]) for i in r.json()],
            [("dev", "eks", "stack.vars", ["stack.vars"]), ("ops", "admin", admin, [admin])])
    edit(top, "stacks/deploy/ops.yaml", "import: [catalog/vpc]", "import: []\nenv: { A: b }")
    r = t.run("describe", "affected", "--base", "main", "--include-spacelift-admin-stacks", cwd=top).ok()
    t.equal([i["affected_all"] for i in r.json() if (i["stack"], i["component"]) == ("ops", "admin")], [["stack.env", admin]])
    t.equal([i["affected"] for i in r.json() if (i["stack"], i["component"]) == ("ops", "top")], ["stack.env"])
    edit(top, "stacks/deploy/dev.yaml", "component: admin", "component: off")
    r = t.run("describe", "affected", "--base", "main", "--include-spacelift-admin-stacks", cwd=top).fails(65)
    r.says("stack/admin-stack-disabled", '"off"', "workspace_enabled", "stacks/deploy/dev.yaml:")


def test_another_folder_as_base(t):
    top = repo(t)
    other = pathlib.Path(t.repo(FILES))
    (top / "components/terraform/vpc/.terraform").mkdir()
    edit(top, "stacks/catalog/vpc.yaml", "cidr: a", "cidr: b")
    edit(top, "components/terraform/eks/main.tf", "example", "exbmple")
    r = t.run("describe", "affected", "--repo-path", other, cwd=top).exits(0)
    t.equal([(i["stack"], i["component"], i["affected"]) for i in r.json()],
            [("dev", "eks", "component"), ("dev", "vpc", "stack.vars"), ("prod", "vpc", "stack.vars")], "affected")


def test_base_without_stacks_makes_everything_affected(t):
    top = pathlib.Path(t.repo({"README": "x\n"}))
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "base")
    for name, text in FILES.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    t.equal(sorted(affected(t, top)), ["dev/eks", "dev/vpc", "prod/vpc"], "affected")


def test_old_names_of_the_base_are_said_on_stderr(t):
    top = repo(t)
    for option in ("--ref", "--sha"):
        r = t.run("describe", "affected", option, "main", cwd=top).exits(0)
        t.equal(r.json(), [], "stdout")
        t.contains(r.err, "cli/old-option")
        t.contains(r.err, option + " is now called --base")


def test_default_base_is_the_head_of_origin(t):
    top = repo(t)
    t.run("describe", "affected", cwd=top).fails(64).says('"refs/remotes/origin/HEAD"', "git remote set-head origin --auto")
    git(top, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(top, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    edit(top, "stacks/catalog/vpc.yaml", "cidr: a", "cidr: b")
    git(top, "commit", "-qam", "change")
    t.equal(len(t.run("describe", "affected", cwd=top).exits(0).json()), 2, "items")


def test_bases_that_are_none(t):
    top = repo(t)
    for base in ("nowhere", "--upload-pack=x", "-x", "main:stacks"):
        r = t.run("describe", "affected", "--base=" + base, cwd=top).fails(64)
        t.equal(r.out, "", "stdout")
    t.run("describe", "affected", "--repo-path", "nowhere", cwd=top).fails(64).says("stack/unknown-revision", 'no folder "nowhere"')


def test_without_git(t):
    top = pathlib.Path(t.repo(FILES))
    t.run("describe", "affected", "--base", "main", cwd=top).fails(69).says("stack/git", "git cannot find a repository")
    empty = t.repo({}, "no-programs")
    t.run("describe", "affected", "--base", "main", cwd=top, env={"PATH": str(empty)}).fails(69).says("no program git")
    other = pathlib.Path(t.repo(FILES))
    r = t.run("describe", "affected", "--repo-path", other, cwd=top, env={"PATH": str(empty)}).exits(0)
    t.equal(r.json(), [], "folders need no git")


def test_variables_that_point_git_elsewhere_do_not_count(t):
    top = repo(t)
    scratch = t.repo({}, "elsewhere")
    env = {"GIT_DIR": str(scratch), "GIT_WORK_TREE": str(scratch), "GIT_INDEX_FILE": str(scratch) + "/index"}
    t.equal(t.run("describe", "affected", "--base", "main", cwd=top, env=env).exits(0).json(), [], "affected")


def test_a_base_with_errors_is_shown_as_git_writes_it(t):
    top = repo(t)
    edit(top, "stacks/catalog/vpc.yaml", "{ cidr: a }", "")
    git(top, "commit", "-qam", "broken")
    edit(top, "stacks/catalog/vpc.yaml", "vars: ", "vars: {}")
    scratch = t.tmp / "tmp"
    r = t.run("describe", "affected", "--base", "main", cwd=top, env={"TMPDIR": str(scratch)}).fails(65)
    r.says("main:stacks/catalog/vpc.yaml:1:", 'the stacks of "main" cannot be resolved')
    t.equal(r.out, "", "stdout")
    t.equal(list(scratch.iterdir()), [], "scratch folder")


def test_a_scratch_folder_that_cannot_be_made(t):
    top = repo(t)
    t.run("describe", "affected", "--base", "main", cwd=top, env={"TMPDIR": "/nowhere/at/all"}).fails(74).says("stack/scratch", '"/nowhere/at/all"')


COMPARED = ("metadata", "vars", "env", "providers", "required_providers", "required_version", "generate", "backend", "backend_type",
            "remote_state_backend", "remote_state_backend_type", "auth", "command", "dependencies", "source", "provision", "settings")


def instances(t, top):
    """{"stack/name": what describe stacks shows} of real, enabled components."""
    stacks = t.run("describe", "stacks", "--format", "json", cwd=top).exits(0).json()
    return {"%s/%s" % (stack, name): shown for stack, body in stacks.items() for name, shown in body["components"]["terraform"].items()
            if shown["metadata"].get("type") != "abstract" and shown["metadata"].get("enabled", True)}


def calls(top, folder):
    """The local modules of a component folder of a generated repository, and theirs."""
    found, queue = set(), [os.path.normpath(folder)]
    while queue:
        at = queue.pop()
        for path in sorted((top / at).glob("*.tf")):
            for source in re.findall(r'source = "(\.[^"]*)"', path.read_text()):
                module = os.path.normpath(os.path.join(at, source))
                if module not in found:
                    found.add(module)
                    queue.append(module)
    return found


def test_generated_repositories_name_exactly_what_was_changed(t):
    total = 0
    for seed in (1, 2, 3, 4):
        base, top = t.tmp / ("r%d" % seed), t.tmp / ("r%d-next" % seed)
        made = subprocess.run([sys.executable, str(ROOT / "tests/bench/genrepo.py"), "--scale", "0.05", "--seed", str(seed), "--templates", "0",
                               "--yaml-functions", "0", "--locals", "0", "--mutate", "25", "--out", str(base)], capture_output=True, text=True)
        if "No such file or directory: 'git'" in made.stderr:
            raise Skipped("there is no git")
        t.equal(made.returncode, 0, made.stderr)
        changed = {m["file"] for m in json.loads(made.stdout)["mutations"]}
        before, now, want = instances(t, base), instances(t, top), {}
        for name, shown in now.items():
            old = before.get(name)
            reasons = ["stack." + key for key in COMPARED if old is None or shown.get(key) != old.get(key)]
            folder = "components/terraform/" + (shown["metadata"].get("component") or shown["component"])
            if any(os.path.dirname(file) in calls(top, folder) for file in changed):
                reasons.insert(1 if "stack.metadata" in reasons else 0, "component.module")
            if reasons:
                want[name] = " ".join(reasons)
        total += len(want)
        for how in (("--repo-path", str(base)), ("--base", "HEAD~1")):
            items = t.run("describe", "affected", *how, "--format", "json", cwd=top).exits(0).json()
            got = {("%s/%s" % (i["stack"], i["component"]), " ".join(i["affected_all"])) for i in items}
            t.equal(sorted(got ^ set(want.items())), [], "differences, seed %d, %s" % (seed, how[0]))
    t.check(total > 100, "only %d instances were affected" % total)


def test_a_signal_waits_until_the_scratch_folder_is_gone(t):
    top = repo(t)
    real = shutil.which("git")
    programs = t.repo({"git": '#!/bin/sh\ncase "$*" in *checkout-index*) : >"%s/here"; while [ ! -e "%s/go" ]; do sleep 0.05; done ;; esac\n'
                              'exec %s "$@"\n' % (t.home, t.home, real)}, "programs")
    (programs / "git").chmod(0o755)
    scratch = t.tmp / "tmp"
    child = t.start("describe", "affected", "--base", "main", cwd=top, env={"PATH": "%s:%s" % (programs, os.environ["PATH"])})
    wait_until(lambda: (t.home / "here").exists() or child.poll() is not None, "git is not run")
    t.check(child.poll() is None, "it ended before git")
    t.check(list(scratch.iterdir()), "there was no scratch folder")
    child.send_signal(signal.SIGTERM)
    (t.home / "go").touch()
    t.equal(child.wait(60), -signal.SIGTERM, "status")
    t.equal(list(scratch.iterdir()), [], "scratch folder")
