# SPDX-License-Identifier: Apache-2.0
"""A generated repository of 953 instances has the values the reference program gives it."""
import hashlib
import json
import subprocess
import sys

# Of the reference program's `describe stacks --format json`, keys sorted, for scale 0.1 and seed 1.
REFERENCE = "e1ddf429ecbd653c"


def test_values_of_a_large_repository(t):
    repo = t.tmp / "repo"
    generator = t.root / "tests/bench/genrepo.py"
    subprocess.run([sys.executable, str(generator), "--scale", "0.1", "--templates", "0", "--yaml-functions", "0", "--locals", "0",
                    "--out", str(repo)], check=True, stdout=subprocess.DEVNULL)
    streamed = t.run("describe", "stacks", "--format", "json", cwd=repo).ok().out
    t.run("describe", "stacks", "--format", "json", "--file", "whole.json", cwd=repo).ok()
    t.check(streamed == (repo / "whole.json").read_text(), "what is written stack by stack is what is written at once")
    stacks = json.loads(streamed)
    text = json.dumps(stacks, sort_keys=True, separators=(",", ":"))
    t.equal(hashlib.sha256(text.encode()).hexdigest()[:16], REFERENCE, "hash of all values")
