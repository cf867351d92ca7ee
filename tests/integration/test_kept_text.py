# SPDX-License-Identifier: Apache-2.0
"""Values whose text is kept instead of being evaluated: --skip, --process-functions=false, --process-templates=false."""
import json

CONFIG = """\
base_path: "."
components: { terraform: { base_path: components/terraform, command: fake-tf, plugin_cache: false, auto_generate_files: true } }
stacks: { base_path: stacks, included_paths: ["deploy/*"], name_pattern: "{stage}" }
"""
TEMPLATES = "templates: { settings: { enabled: true } }\n"
FUNCTIONS = """\
vars: { stage: dev }
components:
  terraform:
    vpc:
      vars: { run: !exec echo x, home: !env HOME, list: [ !exec echo y ], quoted: "!env USER", gone: !unset }
      settings: { out: !terraform.output vpc id }
      generate: { x.json: { run: !exec echo z } }
    other: { dependencies: { components: [ { component: vpc } ] } }
"""
TEMPLATE = """\
vars: { stage: dev }
components: { terraform: { vpc: { vars: { a: "{{ .vars.stage }}", b: plain } } } }
"""
KEPT = {"run": "!exec echo x", "home": "!env HOME", "list": ["!exec echo y"], "quoted": "!env USER", "gone": "!unset", "stage": "dev"}
NONE = ("--process-functions=false",)


def repo(t, stack=FUNCTIONS, config=CONFIG):
    top = t.repo({"atmos.yaml": config, "stacks/deploy/dev.yaml": stack, "components/terraform/vpc/main.tf": "", "components/terraform/other/main.tf": "",
                  "bin/fake-tf": "#!/bin/sh\ncat *.tfvars.json\n"})
    (top / "bin/fake-tf").chmod(0o755)
    return top


def described(t, top, *options, part=".vars"):
    return t.run("describe", "component", "vpc", "-s", "dev", "--format", "json", "--query", part, *options, cwd=top)


def test_functions_stay_text(t):
    top = repo(t)
    t.equal(described(t, top, *NONE).ok().json(), KEPT)
    t.equal(described(t, top, "--no-process-functions").ok().json(), KEPT)
    t.equal(described(t, top, *NONE, part=".settings.out").ok().json(), "!terraform.output vpc id")
    names = ("--skip", "exec", "--skip", "!env,terraform.output")
    r = described(t, top, *names).ok()
    t.equal(r.json(), {k: v for k, v in KEPT.items() if k != "gone"}, "a key that is unset goes")
    t.equal(described(t, top, *names, "--skip=unset").ok().json(), KEPT)
    t.equal(described(t, top, *names, "--skip=no.such.function").ok().json(), r.json(), "names that no function has are let be")


def test_what_is_not_skipped_is_refused(t):
    top = repo(t)
    r = described(t, top, "--skip", "exec").fails(65).says("not supported yet: !env", "not supported yet: !terraform.output", "with --skip env")
    r.lacks("yet: !exec")
    described(t, top).fails(65).says("not supported yet: !exec", "with --skip exec")
    described(t, top, "--process-functions").fails(65).says("!exec")


def test_templates_stay_text(t):
    top = repo(t, TEMPLATE, CONFIG + TEMPLATES)
    t.equal(described(t, top, "--process-templates=false").ok().json(), {"a": "{{ .vars.stage }}", "b": "plain", "stage": "dev"})
    described(t, top).fails(65).says("templates in values are not supported yet", "--process-templates=false")
    described(t, top, *NONE).fails(65).says("templates in values")
    both = repo(t, FUNCTIONS.replace("!exec echo y", '!exec "echo {{ .x }}"'), CONFIG + TEMPLATES)
    described(t, both, *NONE).fails(65).says("templates in values", "echo {{ .x }}")
    t.equal(described(t, both, *NONE, "--process-templates=false", part=".vars.list").ok().json(), ["!exec echo {{ .x }}"])


def test_every_command_that_has_the_options(t):
    """The tables say which commands have them; each takes all of them and leaves the text alone."""
    top = repo(t)
    commands = {c["path"]: {o["name"] for o in c["options"]} for c in t.run("help", "--format", "json").ok().json()["commands"]}
    having = {path for path, names in commands.items() if "process-functions" in names}
    for path, names in commands.items():
        t.equal(len(names & {"process-functions", "process-templates", "skip"}) in (0, 3), True, path)
    for path in ("describe component", "describe stacks", "describe affected", "describe dependents", "list components", "list instances",
                 "list vars", "list values", "list settings", "list metadata", "list dependencies", "list affected", "list sources",
                 "terraform plan", "terraform apply", "terraform generate varfile", "terraform generate varfiles", "terraform generate files"):
        t.check(path in having, "%s has no --process-functions" % path)
    words = {"describe component": ["vpc", "-s", "dev"], "describe dependents": ["vpc", "-s", "dev"], "list vars": ["vpc"], "list values": ["vpc"],
             "list settings": ["vpc"]}
    for path in sorted(having):
        if path.split()[0] in ("describe", "list") and not path.endswith("affected"):
            for options in (NONE, ("--skip", "exec,env", "--skip", "terraform.output")):
                t.run(*path.split(), *words.get(path, []), *options, cwd=top).ok().lacks("unsupported")


def test_values_of_lists(t):
    top = repo(t)
    t.equal(t.run("list", "vars", "vpc", *NONE, "--format", "json", cwd=top).ok().json(), {"dev": KEPT})
    t.equal(t.run("list", "instances", *NONE, "--columns", "Run={{ .vars.run }}", "--filter", '.component == "vpc"', "--format", "csv", cwd=top).ok().out,
            "Run\n!exec echo x\n")
    stacks = t.run("describe", "stacks", "--skip", "exec,env,unset,terraform.output", "--sections", "vars", "--format", "json", cwd=top).ok().json()
    t.equal(stacks["dev"]["components"]["terraform"]["vpc"]["vars"], KEPT)


def test_names_need_no_values(t):
    """Who asks for names alone is not told that values cannot be evaluated."""
    top = repo(t)
    t.equal(t.run("list", "stacks", cwd=top).ok().out, "dev\n")
    r = t.run("__complete", "--", "terraform", "plan", "-s", "dev", "", cwd=top).ok()
    t.equal(r.out.split(), ["other", "vpc"])


def test_files_for_terraform(t):
    top = repo(t)
    env = {"PATH": "%s:/usr/bin:/bin" % (top / "bin")}
    r = t.run("terraform", "generate", "varfile", "vpc", "-s", "dev", *NONE, "-f", "-", cwd=top).ok()
    t.equal(r.json(), KEPT)
    t.run("terraform", "generate", "files", "vpc", "-s", "dev", *NONE, cwd=top).ok()
    t.equal(json.loads((top / "components/terraform/vpc/x.json").read_text()), {"run": "!exec echo z"})
    t.run("terraform", "generate", "varfiles", cwd=top).fails(65).says("!exec")
    t.run("terraform", "generate", "varfiles", "--skip", "exec,env,unset,terraform.output", cwd=top).ok()
    t.equal(json.loads((top / "components/terraform/vpc/dev-vpc.terraform.tfvars.json").read_text()), KEPT)
    t.run("terraform", "plan", "vpc", "-s", "dev", cwd=top, env=env).fails(65).says("!exec")
    r = t.run("terraform", "plan", "vpc", "-s", "dev", *NONE, cwd=top, env=env).ok()
    t.contains(r.out, "!exec echo x")


def test_locals_are_evaluated_when_a_file_is_read(t):
    """No option of a command reaches them, so their functions stay refused."""
    top = repo(t, "locals: { a: !exec echo x }\n" + FUNCTIONS)
    r = described(t, top, *NONE).fails(65).says("not supported yet: !exec", "stacks/deploy/dev.yaml:1:")
    r.lacks("--skip")
