# SPDX-License-Identifier: Apache-2.0
"""The instructions `describe stacks` takes stay within their budget; tools/instructions has the rules."""
import json
import sys

TOOL = "tools/instructions"


def hold(t, *args):
    return t.run(t.root / TOOL, *args, t.binary, program=sys.executable, timeout=120)


def test_describe_stacks_stays_within_its_instructions(t):
    r = hold(t)
    if r.code == 77:
        t.skip(r.out.strip())
    r.ok()
    # What became much cheaper is beyond the budget too.
    record = t.tmp / "record.json"
    counts = json.loads((t.root / "tests/integration/instructions.json").read_text())
    record.write_text(json.dumps({build: int(count * 1.07) for build, count in counts.items()}))
    hold(t, "--record", record).exits(1).says("the budget is 3 %", "--write")


def test_an_unknown_build_is_said(t):
    record = t.tmp / "record.json"
    record.write_text('{"gcc 1.0, Debug, glibc 1.0, x86_64": 1}')
    r = hold(t, "--record", record).exits(77).prints("SKIPPED: the instruction budget is not held: ")
    if "no record" in r.out:
        r.prints("there is one for gcc 1.0")
