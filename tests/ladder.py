#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs tests/oracle and judges it against tests/pending.txt: all other cases must pass.

    ladder.py ARGUMENTS OF run.py...

A case that fails and stands in the list is counted as skipped; one that passes is named, so that
its line is taken out. The list must shrink to nothing."""
import collections
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PENDING = os.path.join(HERE, "pending.txt")
RUN = os.path.join(HERE, "oracle", "run.py")


def read_pending():
    with open(PENDING, encoding="utf-8") as file:
        lines = (line.split("#", 1)[0].strip() for line in file)
        return {line for line in lines if line}


def main():
    pending = read_pending()
    run = subprocess.run([sys.executable, RUN, "-v", *sys.argv[1:]], stdout=subprocess.PIPE, text=True, check=False)
    passed = failed = skipped = 0
    shown = False
    left = collections.Counter()
    for line in run.stdout.splitlines():
        case = re.match(r"(ok  |FAIL|ACCIDENTAL) (\S+)", line)
        if not case:
            if shown and line.startswith(" "):
                print(line)
            continue
        word, name = case.group(1).strip(), case.group(2)
        is_broken = word == "FAIL" and name not in pending
        passed += word == "ok"
        failed += is_broken
        if word == "FAIL" and name in pending:
            skipped += 1
            left[name.split("/")[0]] += 1
        shown = is_broken
        if is_broken:
            print(line)
        elif word == "ok" and name in pending:
            print(f"passes now, take it out of tests/pending.txt: {name}")
    for fixture, count in sorted(left.items()):
        print(f"SKIPPED: {fixture}: {count} cases: in tests/pending.txt, not supported yet")
    if not re.search(r"^\d+ passed, \d+ failed$", run.stdout, re.M):
        print(f"run.py did not come to its end (exit {run.returncode})")
        failed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
