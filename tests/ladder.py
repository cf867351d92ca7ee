#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs tests/oracle and judges it against tests/pending.txt: all other cases must pass.

    ladder.py ARGUMENTS OF run.py...

A case that fails and stands in the list is counted as skipped, unless the program crashed or hung;
one that passes is named, so that its line is taken out. The list must shrink to nothing."""
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


def is_crash(problem):
    """Whether a failed case says that the program died (a signal, or the code a shell gives for one) or hung."""
    died = re.search(r"^ *(?:exit|died with status) (-?\d+)", problem, re.M)
    return bool(died) and not 0 <= int(died.group(1)) < 128 or bool(re.search(r"^ *no result after", problem, re.M))


def split_cases(text):
    """(word, name, problem) of each case of a run."""
    cases = []
    for line in text.splitlines():
        case = re.match(r"(ok  |FAIL|ACCIDENTAL) (\S+)", line)
        if case:
            cases.append([case.group(1).strip(), case.group(2), ""])
        elif cases and line.startswith(" "):
            cases[-1][2] += line + "\n"
    return cases


def judge(text, code, pending):
    """Prints what is to be known of a run; its verdict as an exit code. A crash fails wherever it happens."""
    passed = failed = 0
    left = collections.Counter()
    for word, name, problem in split_cases(text):
        if is_crash(problem) or (word == "FAIL" and name not in pending):
            failed += 1
            print("%s %s\n%s" % (word, name, problem), end="")
        elif word == "FAIL":
            left[name.split("/")[0]] += 1
        elif word == "ok":
            passed += 1
            if name in pending:
                print(f"passes now, take it out of tests/pending.txt: {name}")
    for fixture, count in sorted(left.items()):
        print(f"SKIPPED: {fixture}: {count} cases: in tests/pending.txt, not supported yet")
    if not re.search(r"^\d+ passed, \d+ failed$", text, re.M):
        print(f"run.py did not come to its end (exit {code})")
        failed += 1
    print(f"{passed} passed, {failed} failed, {sum(left.values())} skipped")
    return 1 if failed else 0


def main():
    run = subprocess.run([sys.executable, RUN, "-v", *sys.argv[1:]], stdout=subprocess.PIPE, text=True, check=False)
    return judge(run.stdout, run.returncode, read_pending())


if __name__ == "__main__":
    sys.exit(main())
