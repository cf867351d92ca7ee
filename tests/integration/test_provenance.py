# SPDX-License-Identifier: Apache-2.0
"""Comments of `describe component` that say where each value is written."""
import re

from harness import atmos_yaml

CONFIG = atmos_yaml("env:\n  FROM: config\n")
DEEP = "vars:\n  deep: 1\n  both: deep\n  list: [a]\n"
MID = "import: [catalog/deep]\nvars:\n  mid:\n    x: 1\n  both: mid\n"
DEV = """\
import: [catalog/mid]
vars: { stage: dev }
terraform: { backend_type: s3, backend: { s3: { bucket: b } } }
components:
  terraform:
    x:
      vars:
        both: own
        list: !append
          - c
        mid: { z: 2 }
        text: |
          one
          two
        long: a value that is so long that no comment fits behind it
"""


def repo(t, config=CONFIG):
    return t.repo({"atmos.yaml": config, "components/terraform/x/main.tf": "", "stacks/catalog/deep.yaml": DEEP,
                   "stacks/catalog/mid.yaml": MID, "stacks/deploy/dev.yaml": DEV})


def describe(t, top, *args, env=None):
    return t.run("describe", "component", "x", "-s", "dev", *args, cwd=top, env=env or {}).ok().out


def test_every_line_says_where_it_is_written(t):
    out = describe(t, repo(t))
    head, body = out.split("\n\n", 1)
    t.contains(head, "deploy/dev")
    t.contains(head, "● [1]")
    for key, place in (
            ("deep: 1", "○ [3] catalog/deep.yaml:2"), ("both: own", "● [1] deploy/dev.yaml:8"), ("mid:", "● [1] deploy/dev.yaml:11"),
            ("x: 1", "○ [2] catalog/mid.yaml:4"), ("z: 2", "● [1] deploy/dev.yaml:11"), ("stage: dev", "● [1] deploy/dev.yaml:2"),
            ("text: |", "● [1] deploy/dev.yaml:12"), ("- c ", "● [1] deploy/dev.yaml:10"), ("bucket: b", "● [1] deploy/dev.yaml:3"),
            ("FROM: config", "∴ atmos.yaml:8")):
        found = [line for line in body.splitlines() if line.strip().startswith(key)]
        t.equal(len(found), 1, key)
        t.equal(found[0].index("#"), 50, key)
        t.equal(found[0].split("# ")[1], place, key)
    lines = body.splitlines()
    long = next(i for i, line in enumerate(lines) if "long:" in line)
    t.equal(lines[long + 1], " " * 50 + "# ● [1] deploy/dev.yaml:15")
    t.check("workspace_key_prefix: x\n" in body, "what is derived has no comment")
    t.check("      one\n      two\n" in body or "    one\n    two\n" in body, body)


def test_it_is_the_same_document(t):
    top = repo(t)
    plain = describe(t, top, "--provenance=false")
    noted = describe(t, top)
    cut = re.sub(r"\n {50}# .*", "", noted.split("\n\n", 1)[1])
    t.equal(re.sub(r" +# [●○∴] .*", "", cut), plain)
    t.equal("#" in plain, False)


def test_when_comments_are_written(t):
    top = repo(t)
    for args in (("--format", "json"), ("--query", ".vars"), ("--provenance=false",)):
        t.equal("●" in describe(t, top, *args), False, args)
    t.equal("●" in describe(t, top, env={"ATMOS_DESCRIBE_PROVENANCE": "false"}), False)
    t.equal("●" in describe(t, top, "--provenance", env={"ATMOS_DESCRIBE_PROVENANCE": "false"}), True)
    t.equal("●" in describe(t, top, "--edition", "2026-07-15"), False)
    t.equal("●" in describe(t, repo(t, CONFIG + "describe: { provenance: false }\n")), False)
    t.equal("●" in t.run("describe", "stacks", cwd=top).ok().out, False)
    t.equal(describe(t, top, "--file", "out.yaml"), "")
    t.contains((top / "out.yaml").read_text(), "●")
