# SPDX-License-Identifier: Apache-2.0
"""`describe locals`, and what locals and `!unset` do to the other commands."""
import json

from harness import atmos_yaml

CONFIG = atmos_yaml()
USAGE, DATA = 64, 65


def repo(t, more=()):
    return t.repo(dict({
        "atmos.yaml": CONFIG,
        "components/terraform/x/main.tf": 'variable "own" {}\n',
        "stacks/catalog/c.yaml": "locals: { hidden: 1 }\ncomponents: { terraform: { base: { locals: { b: 1 } } } }\n",
        "stacks/deploy/dev.yaml": "import: [catalog/c]\nlocals: { a: 1, m: 3 }\nterraform: { locals: { m: 4 } }\nvars: { stage: dev }\n"
                                  "components: { terraform: { x: { metadata: { inherits: [base] }, vars: { own: 1 } } } }\n",
        "stacks/deploy/prod.yaml": "vars: { stage: prod }\ncomponents: { terraform: { x: { vars: { gone: !unset , own: 2 } } } }\n",
    }, **dict(more)))


def test_locals_of_a_stack(t):
    top = repo(t)
    want = {"locals": {"a": 1, "m": 3}, "terraform": {"locals": {"m": 4}}}
    for stack in ("dev", "deploy/dev"):
        t.equal(t.run("describe", "locals", "-s", stack, "--format", "json", cwd=top).ok().json(), want)
    t.equal(t.run("describe", "locals", "-s", "dev", cwd=top).ok().out, "locals:\n  a: 1\n  m: 3\nterraform:\n  locals:\n    m: 4\n")
    t.equal(t.run("describe", "locals", "--query", ".locals.a", cwd=top, env={"ATMOS_STACK": "dev"}).ok().out, "1\n")
    t.equal(t.run("describe", "locals", "-s", "dev", "--format", "json", "--file", "out.json", cwd=top).ok().out, "")
    t.equal(json.loads((top / "out.json").read_text()), want)


def test_locals_of_a_component(t):
    top = repo(t)
    want = {"components": {"terraform": {"x": {"locals": {"a": 1, "b": 1, "m": 4}}}}}
    for name in ("x", "components/terraform/x"):
        t.equal(t.run("describe", "locals", name, "-s", "dev", "--format", "json", cwd=top).ok().json(), want)


def test_nothing_to_show_is_an_error(t):
    top = repo(t)
    t.run("describe", "locals", "-s", "prod", cwd=top).fails(USAGE).says("no-locals", '"prod" has no locals')
    t.run("describe", "locals", "x", "-s", "prod", cwd=top).fails(USAGE).says('"prod" has no locals')
    t.run("describe", "locals", "-s", "prud", cwd=top).fails(USAGE).says('no stack "prud"', 'did you mean "prod"?')
    t.run("describe", "locals", "y", "-s", "dev", cwd=top).fails(USAGE).says('no component "y"')
    t.run("describe", "locals", cwd=top).fails(USAGE).says("--stack")
    t.run("describe", "locals", "x", "y", "-s", "dev", cwd=top).fails(USAGE)


def test_other_commands_do_not_show_them(t):
    top = repo(t)
    r = t.run("describe", "stacks", "--format", "json", cwd=top).ok()
    t.equal(r.json()["dev"]["components"]["terraform"]["x"]["locals"], {"b": 1})
    t.equal("locals" in r.json()["prod"]["components"]["terraform"]["x"], False)
    t.run("validate", "stacks", cwd=top).ok()


def test_an_imported_section_that_counts_for_nothing_is_said(t):
    top = repo(t, {"stacks/catalog/c.yaml": "vars: { lost: 1 }\ncomponents: { terraform: { base: {} } }\n"})
    r = t.run("describe", "component", "x", "-s", "dev", "--format", "json", cwd=top).ok()
    t.equal(r.json()["vars"], {"stage": "dev", "own": 1})
    r.says("hint[stack/replaced]", '"catalog/c"', '"deploy/dev"', "stacks/catalog/c.yaml:1:1")


def test_unset_reaches_files_and_sources(t):
    top = repo(t)
    t.equal(t.run("terraform", "generate", "varfile", "x", "-s", "prod", "--file", "-", cwd=top).ok().json(), {"own": 2, "stage": "prod"})
    sources = t.run("describe", "component", "x", "-s", "prod", "--query", ".sources.vars | keys", "--format", "json", cwd=top).ok()
    t.equal(sources.json(), ["own", "stage"])
