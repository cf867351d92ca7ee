# SPDX-License-Identifier: Apache-2.0
"""Commands that the configuration adds: aliases stand for command lines; others are refused by name."""
from harness import atmos_yaml

CONFIG = atmos_yaml("""\
aliases:
  ls: list stacks
  show: describe   component --format json
  stacks: list components
  again: ls
  wrong: lst stacks
  describe: list stacks
  one: list instances --filter '.stack == "dev"' --columns "The stack={{ .stack }}" --format csv
  odd: list instances --columns A\\ B={{.stack}} --columns \\$HOME=x  --format csv
  open: list stacks --filter '.name
commands:
  - { name: greet all, steps: [echo hi] }
""")
FILES = {"atmos.yaml": CONFIG, "stacks/deploy/dev.yaml": "vars: { stage: dev }\ncomponents: { terraform: { vpc: {} } }\n"}


def test_aliases(t):
    top = t.repo(FILES)
    t.equal(t.run("ls", cwd=top).ok().out, "dev\n")
    t.equal(t.run("-C", top, "--format", "csv", "ls", cwd=t.tmp).ok().out, "Stack\ndev\n", "options may stand before it")
    t.equal(t.run("-C", top.name, "ls", cwd=top.parent).ok().out, "dev\n", "the folder is entered once")
    t.equal(t.run("show", "vpc", "-s", "dev", "--query", ".vars", cwd=top).ok().json(), {"stage": "dev"})
    t.equal(t.run("stacks", "--format", "csv", cwd=top).ok().out, "Component,Type,Stacks\nvpc,terraform,1\n")
    t.contains(t.run("ls", "--help", cwd=top).ok().out, "tf-atmos list stacks [options]")
    t.run("ls", "--frmat", "csv", cwd=top).fails(64).says("`list stacks` has no option --frmat", 'did you mean "--format"?')
    # What the configuration has to say is said once.
    (top / "atmos.yaml").write_text(CONFIG + "unkown: 1\n")
    r = t.run("ls", cwd=top).ok()
    t.equal(r.err.count("config/unknown-key"), 1)


def test_words_in_quotes(t):
    """As in a shell, with nothing expanded."""
    top = t.repo(FILES)
    (top / "stacks/deploy/prod.yaml").write_text("vars: { stage: prod }\ncomponents: { terraform: { vpc: {} } }\n")
    t.equal(t.run("one", cwd=top).ok().out, "The stack\ndev\n")
    t.equal(t.run("odd", "-s", "dev", cwd=top).ok().out, "A B,$HOME\ndev,x\n")
    r = t.run("open", cwd=top).fails(78).says("error[cli/bad-alias]", 'a quote in the alias "open" is not closed', "atmos.yaml:16:9", "close the quote").lacks("no command")
    t.equal(r.out, "")


def test_what_is_no_alias(t):
    top = t.repo(FILES)
    t.run("describe", cwd=top).fails(64).says("cli/missing-command", "component, stacks")
    t.run("wrong", cwd=top).fails(64).says('there is no command "lst"', 'did you mean "list"')
    t.run("again", cwd=top).fails(64).says('there is no command "ls"')
    t.run("lss", cwd=top).fails(64).says('there is no command "lss"').lacks("atmos.yaml")
    t.run("greet", "all", cwd=top).fails(64).says('there is no command "greet"', "atmos.yaml:18:13", "not supported yet")
    t.run("ls", cwd=t.tmp).fails(64).says('there is no command "ls"').lacks("config/")
    (top / "atmos.yaml").write_text("aliases: [\n")
    t.run("ls", cwd=top).fails(64).says('there is no command "ls"').lacks("yaml/")
