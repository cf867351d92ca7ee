# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with a configuration or a manifest: place, words, hint and exit code."""
import json
import re

from harness import atmos_yaml

CONFIG = atmos_yaml()
X = "components: { terraform: { x: { vars: {} } } }\n"

USAGE, DATA, IO, CONFIGURATION = 64, 65, 74, 78


def repo(t, files, config=CONFIG):
    made = {"atmos.yaml": config, "components/terraform/x/main.tf": ""}
    made.update({"stacks/" + name: text for name, text in files.items()})
    return t.repo(made)


def broken(t, files, code, places, *texts, config=CONFIG, args=("describe", "stacks")):
    """Fails with this code; exactly these places are shown, in this order, and each text is said. Nothing is written."""
    top = repo(t, files, config)
    with t.writes_nothing(top):
        r = t.run(*args, cwd=top).fails(code).says(*texts)
    t.equal(r.out, "", "stdout")
    t.equal(re.findall(r"^ *--> (\S+)$", r.err, re.M), places, "places")
    return r


def test_section_errors_all_at_once_in_order_of_place(t):
    broken(t, {
        "deploy/a.yaml": "vars:\nenv: text\n" + X,
        "deploy/b.yaml": "vars: { stage: dev }\ncomponents:\n  terraform:\n    x:\n      settings: [a]\n    y:\n",
    }, DATA, ["stacks/deploy/a.yaml:1:1", "stacks/deploy/a.yaml:2:6", "stacks/deploy/b.yaml:5:17", "stacks/deploy/b.yaml:6:5"],
        '"vars" must be a map, but is empty', "write vars: {} for an empty section",
        '"env" must be a map, but is a string', '"settings" of component "x" must be a map', 'the component "y" must be a map')


def test_an_error_in_a_shared_file_is_said_once(t):
    files = {"deploy/%s.yaml" % name: "import: [catalog/c]\nvars: { stage: %s }\n%s" % (name, X) for name in "abcdefgh"}
    files["catalog/c.yaml"] = "settings: 5\n"
    broken(t, files, DATA, ["stacks/catalog/c.yaml:1:11"], '"settings" must be a map, but is a number')


def test_backend_without_configuration(t):
    broken(t, {"deploy/a.yaml": "vars: { stage: dev }\nterraform: { backend: { s3: {}, local: {} } }\n"
                                "components: { terraform: { x: { backend_type: gcs } } }\n"},
           DATA, ["stacks/deploy/a.yaml:3:47"], '"x"', '"gcs"', "s3, local")


def test_two_definitions_of_one_instance(t):
    r = broken(t, {
        "deploy/a.yaml": "vars: { stage: dev }\ncomponents: { terraform: { x: { vars: { n: 1 } } } }\n",
        "deploy/b.yaml": "vars: { stage: dev }\ncomponents: { terraform: { x: { vars: { n: 2 } } } }\n"},
        DATA, ["stacks/deploy/b.yaml:2:28"], '"x"', '"dev"', '"deploy/a"', '"deploy/b"')
    t.contains(r.err, "stacks/deploy/a.yaml:2:28")


def test_stack_that_cannot_be_named(t):
    files = {"deploy/a.yaml": "vars: { tenant: core }\n" + X}
    broken(t, files, DATA, ["stacks/deploy/a.yaml:2:28"], "stacks.name_pattern", '"stage"')
    # One instance is still there, under the name of its file, with a warning.
    r = t.run("list", "stacks", cwd=repo(t, files)).ok().says("warning", '"stage"')
    t.equal(r.out, "deploy/a\n")


def named(template):
    return atmos_yaml(name="name_template: '%s'" % template)


def test_name_template_that_cannot_be_read(t):
    files = {"deploy/a.yaml": "vars: { stage: dev }\n" + X}
    r = broken(t, files, DATA, ["atmos.yaml:5:36"], "stack/bad-template", "stacks.name_template", 'no function "uper"', 'did you mean "upper"?',
               config=named("{{ .vars.stage | uper }}"))
    t.contains(r.err, "^")
    broken(t, files, DATA, ["atmos.yaml:5:19"], "stack/bad-template", 'this block has no "end"', config=named("{{ if .vars.stage }}x"))
    broken(t, files, DATA, ["atmos.yaml:5:22"], "stack/unsupported", '"env"', config=named('{{ env "HOME" }}'))


def test_name_template_that_fails(t):
    files = {"deploy/a.yaml": "vars: { stage: dev }\n" + X}
    for template, why in (("{{ .vars.none }}", '"vars.none", which has no text'), ("{{ upper 1 }}", "wants a text"), ("{{ fail `no` }}", '"fail": no')):
        broken(t, files, DATA, ["stacks/deploy/a.yaml:2:28"], "stack/name-incomplete", why, "atmos.yaml:5:2", config=named(template))
        # As with a pattern, one instance is still there.
        r = t.run("list", "stacks", cwd=repo(t, files, named(template))).ok().says("warning", why)
        t.equal(r.out, "deploy/a\n")


def test_name_template_with_conditions_and_functions(t):
    top = repo(t, {"deploy/a.yaml": "vars: { stage: dev, region: eu-west-1 }\n" + X, "deploy/b.yaml": "vars: { stage: Local, region: eu-west-1 }\n" + X},
               named('{{ if eq .vars.stage "Local" }}{{ .vars.stage | lower }}{{ else }}{{ .vars.region | replace "-" "" }}-{{ .vars.stage }}{{ end }}'))
    t.equal(t.run("list", "stacks", cwd=top).ok().out, "euwest1-dev\nlocal\n")
    for stack in ("euwest1-dev", "local"):
        r = t.run("describe", "component", "x", "-s", stack, "--format", "json", cwd=top).ok()
        t.equal(r.json()["vars"]["region"], "eu-west-1")
    t.run("describe", "component", "x", "-s", "locl", cwd=top).fails(USAGE).says('did you mean "local"?')


def test_workspace_template_with_conditions(t):
    top = repo(t, {"deploy/a.yaml": "vars: { stage: dev }\ncomponents:\n  terraform:\n    x:\n      metadata:\n        terraform_workspace_template: |-\n"
                                    "          {{ with .vars.stage }}{{ upper . }}{{ end }}/{{ .atmos_component }}\n"})
    r = t.run("describe", "component", "x", "-s", "dev", "--format", "json", env={"ATMOS_DESCRIBE_COMPONENT_FILTER": "full"}, cwd=top).ok()
    t.equal(r.json()["workspace"], "DEV-x")


def test_file_name_used_as_stack(t):
    top = repo(t, {"one.yaml": "vars: { stage: dev }\n" + X}, atmos_yaml(included="*"))
    t.run("describe", "component", "x", "-s", "one", cwd=top).fails(USAGE).says('"one"', 'did you mean the stack "dev"?')


def test_component_that_only_other_stacks_have(t):
    top = repo(t, {"deploy/a.yaml": "vars: { stage: dev }\n" + X,
                   "deploy/b.yaml": "vars: { stage: prod }\ncomponents: { terraform: { y: {} } }\n"})
    t.run("describe", "component", "y", "-s", "dev", cwd=top).fails(USAGE).says('"y"', '"dev"', 'it exists in "prod"')


def test_unknown_key_warns_for_one_instance_and_fails_for_all(t):
    files = {"deploy/a.yaml": "vars: { stage: dev }\ncomponents:\n  terraform:\n    x:\n      varz: {}\n"}
    broken(t, files, DATA, ["stacks/deploy/a.yaml:5:7"], '"varz"', 'did you mean "vars"?')
    t.run("describe", "component", "x", "-s", "dev", "--format", "json", cwd=repo(t, files)).ok().says("warning", '"varz"')


def test_what_is_not_supported_yet_is_refused_by_name(t):
    enabled = CONFIG + "templates: { settings: { enabled: true } }\n"
    cases = [
        ("locals: { a: !env HOME }\n", "1:14", "!env"),
        ("locals: { a: '{{ .vars.b }}' }\n", "1:14", "templates in a manifest with locals"),
        ("vars: { a: '{{ .vars.b }}' }\n", "1:12", "templates in values"),
        ("vars: { a: !env HOME }\n", "1:12", "!env"),
        ("vars: { a: \"!exec date\" }\n", "1:12", "!exec"),
        ("vars: { a: !terraform.state x y }\n", "1:12", "!terraform.state"),
        ("import: [\"{{ .a }}\"]\n", "1:10", "templates in import paths"),
        ("import: [\"https://example.com/a.yaml\"]\n", "1:10", "remote imports"),
        ("import: [\"catalog/t\"]\n", "1:10", "template files"),
    ]
    for text, place, word in cases:
        files = {"deploy/a.yaml": text + "settings: { }\n" + X, "catalog/t.yaml.tmpl": "vars: { a: {{ .b }} }\n"}
        r = broken(t, files, DATA, ["stacks/deploy/a.yaml:" + place], word, "not supported", config=enabled)
        t.contains(r.err, "^")


def test_delimiters_are_text_while_templates_are_off(t):
    top = repo(t, {"deploy/a.yaml": "vars: { stage: dev, a: '{{ .vars.b }}' }\n" + X})
    r = t.run("describe", "component", "x", "-s", "dev", "--format", "json", cwd=top).ok()
    t.equal(r.json()["vars"]["a"], "{{ .vars.b }}")


def test_configuration_errors_all_at_once(t):
    broken(t, {"deploy/a.yaml": X}, CONFIGURATION,
           ["atmos.yaml:1:12", "atmos.yaml:2:27", "atmos.yaml:3:1", "atmos.yaml:4:50"],
           '"base_path" must be text, not a list', '"stacks.included_paths" must be a list of texts, not a map',
           'unknown key "componets"', 'did you mean "components"?', '"components.terraform.apply_auto_approve" must be true or false, not "yes"',
           config="base_path: [a]\nstacks: { included_paths: { a: b } }\ncomponets: {}\n"
                  "components: { terraform: { apply_auto_approve:   yes } }\n")


def test_configuration_incomplete(t):
    broken(t, {"deploy/a.yaml": X}, CONFIGURATION, ["atmos.yaml:1:9", "atmos.yaml:1:9"],
           '"stacks.base_path" is not set', '"stacks.included_paths" is not set', config="stacks: { name_pattern: x }\n")


def test_stacks_folder_missing(t):
    top = t.repo({"atmos.yaml": CONFIG})
    t.run("list", "stacks", cwd=top).fails(CONFIGURATION).says("atmos.yaml:3:14", "does not exist")


def test_nothing_selected(t):
    broken(t, {"other/a.yaml": X}, CONFIGURATION, ["atmos.yaml:4:19"], '"stacks/deploy/**/*"')


def test_variable_with_a_bad_value(t):
    top = repo(t, {"deploy/a.yaml": "vars: { stage: dev }\n" + X})
    r = t.run("list", "stacks", cwd=top, env={"ATMOS_COMPONENTS_TERRAFORM_APPLY_AUTO_APPROVE": "maybe"})
    r.fails(CONFIGURATION).says("ATMOS_COMPONENTS_TERRAFORM_APPLY_AUTO_APPROVE", '"maybe"')


def test_configuration_features_that_are_not_there(t):
    for text, place, word in (("import: ['git::https://example.com/x.git']\n", 10, '"git::https://example.com/x.git"'),
                              ("logs: { level: !exec echo Info }\n", 16, "!exec"), ("env: { A: !random 1 9 }\n", 11, "!random")):
        broken(t, {"deploy/a.yaml": X}, CONFIGURATION, ["atmos.yaml:7:%d" % place], word, "not supported", config=CONFIG + text)


def test_configuration_that_does_not_hold(t):
    top = repo(t, {"deploy/a.yaml": X}, CONFIG + "unkown: 1\n")
    t.run("describe", "config", cwd=top).ok().says("config/unknown-key", "atmos.yaml:7:1")
    t.run("describe", "config", "--strict", cwd=top).fails(CONFIGURATION).says("error[config/unknown-key]", "atmos.yaml:7:1")
    t.run("list", "stacks", cwd=top, env={"ATMOS_PROFILE": "dev"}).fails(CONFIGURATION).says("config/profile-not-found", '"dev"')
    broken(t, {"deploy/a.yaml": X}, CONFIGURATION, ["atmos.yaml:7:35"], "config/version", '">= 99"',
           config=CONFIG + "version: { constraint: { require: '>= 99' } }\n")


def test_origins_of_settings(t):
    top = repo(t, {"deploy/a.yaml": X})
    r = t.run("config", "show", "--origin", "--json", "--stacks-dir", "stacks", cwd=top, env={"ATMOS_LOGS_LEVEL": "Error"}).ok()
    rows = {item["key"]: item for item in json.loads(r.out)["items"]}
    t.equal((rows["stacks.base_path"]["origin"], rows["stacks.base_path"]["origin_kind"]), ("--stacks-dir", "flag"))
    t.equal((rows["logs.level"]["value"], rows["logs.level"]["origin"]), ("Error", "ATMOS_LOGS_LEVEL"))
    t.equal(rows["stacks.included_paths"]["origin"], "atmos.yaml:4:19")
    t.equal(rows["logs.file"]["origin"], "default")
    t.run("config", "show", cwd=top).ok().prints("stacks.base_path", "Key", "Value")


def test_settings_as_flags(t):
    top = repo(t, {"deploy/a.yaml": X})
    flags = {"--workflows-dir": "workflows.base_path", "--helmfile-dir": "components.helmfile.base_path",
             "--helmfile-command": "components.helmfile.command", "--packer-dir": "components.packer.base_path",
             "--packer-command": "components.packer.command", "--schemas-jsonschema-dir": "schemas.jsonschema.base_path",
             "--schemas-opa-dir": "schemas.opa.base_path", "--schemas-cue-dir": "schemas.cue.base_path",
             "--schemas-atmos-manifest": "schemas.atmos.manifest", "--append-user-agent": "components.terraform.append_user_agent"}
    switches = {"--deploy-run-init": "components.terraform.deploy_run_init",
                "--init-run-reconfigure": "components.terraform.init_run_reconfigure",
                "--auto-generate-backend-file": "components.terraform.auto_generate_backend_file",
                "--init-pass-vars": "components.terraform.init.pass_vars", "--skip-planfile": "components.terraform.plan.skip_planfile"}
    args = ["%s=v%s" % (flag, flag) for flag in flags] + list(switches) + ["--settings-list-merge-strategy", "append", "--edition", "2024-01-01"]
    r = t.run("config", "show", "--origin", "--json", *args, cwd=top).ok()
    rows = {item["key"]: (item["value"], item["origin"]) for item in json.loads(r.out)["items"]}
    for flag, key in flags.items():
        t.equal(rows[key], ("v" + flag, flag), key)
    for flag, key in switches.items():
        t.equal(rows[key], ("true", flag), key)
    t.equal(rows["settings.list_merge_strategy"], ("append", "--settings-list-merge-strategy"))
    t.equal(rows["logs.level"], ("Info", "edition 2024-01-01"))


def test_no_repository_at_all(t):
    top = t.repo({"notes.txt": ""})
    r = t.run("list", "stacks", cwd=top).ok().says("warning[config/not-found]")
    t.equal(r.out, "")
    t.run("list", "stacks", "--strict", cwd=top).fails()
    t.run("describe", "stacks", cwd=top).fails(CONFIGURATION).says("error[config/not-found]")


def test_every_finding_is_explained(t):
    """Each id that a broken repository can print is known to explain."""
    top = repo(t, {"deploy/a.yaml": "import: [nowhere]\n" + X})
    r = t.run("describe", "stacks", cwd=top).fails(DATA)
    ids = set(re.findall(r"^(?:error|warning)\[([^]]+)\]", r.err, re.M))
    t.equal(ids, {"stack/import-not-found"})
    t.run("explain", "stack/import-not-found", cwd=top).ok().prints("skip_if_missing")


def test_filters_that_match_nothing(t):
    """The result is empty, as in Atmos, but the name is said with the nearest one."""
    top = repo(t, {"deploy/a.yaml": "vars: { stage: dev }\n" + X, "deploy/b.yaml": "vars: { stage: prod }\n" + X.replace("x:", "y:")})
    for args, word, hint in ((("describe", "stacks", "-s", "dve"), "dve", 'did you mean "dev"?'), (("list", "components", "-s", "dve"), "dve", 'did you mean "dev"?'),
                             (("list", "instances", "-s", "dve-*"), "dve-*", "tf-atmos list stacks"), (("list", "vars", "x", "-s", "dve"), "dve", 'did you mean "dev"?'),
                             (("list", "metadata", "-s", "pord"), "pord", 'did you mean "prod"?'), (("list", "stacks", "--component", "z"), "z", 'did you mean "x" or "y"?'),
                             (("describe", "stacks", "--components", "x,z"), "z", 'did you mean "x" or "y"?'),
                             (("describe", "stacks", "--component-types", "terafform"), "terafform", 'did you mean "terraform"?'),
                             (("describe", "stacks", "--sections", "vars,metdata"), "metdata", 'did you mean "metadata"?')):
        t.run(*args, cwd=top).ok().says("warning[stack/no-match]", '"%s"' % word, hint)
        t.run(*args, "--strict", cwd=top).exits(1)
    for args in (("describe", "stacks", "-s", "deploy/a"), ("list", "instances", "-s", "d*"), ("list", "components", "-s", "prod"), ("list", "stacks", "--component", "x"),
                 ("describe", "stacks", "--components", "x,y"), ("describe", "stacks", "--component-types", "terraform"),
                 ("describe", "stacks", "--sections", "vars,component_info,workspace")):
        t.equal(t.run(*args, cwd=top).ok().err, "", args)
