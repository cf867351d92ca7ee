# SPDX-License-Identifier: Apache-2.0
"""Each plugin of tests/conform/bad breaks one rule, and tf-atmos-conform names that rule and no other."""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("TFA_BUILD_DIR", ROOT / "build/dev"))
SOURCES = sorted((ROOT / "tests/conform/bad").glob("*.c"))
RUNNER = BUILD / "tf-atmos-conform"


def conform(module, *options):
    """(exit code, report as a map)"""
    done = subprocess.run([RUNNER, "--format", "json", "--limit", "3000", "--cases", "100", *options, module],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, text=True)
    return done.returncode, json.loads(done.stdout)


def broken(report):
    return {failure["rule"] for test in report["tests"] for failure in test["failures"]}


class Conform(unittest.TestCase):
    def judge(self, module, rule):
        code, report = conform(module)
        with self.subTest(plugin=module.name):
            said = ["%s: %s %s: %s" % (test["name"], f["rule"], f["place"], f["message"]) for test in report["tests"] for f in test["failures"]]
            self.assertEqual((code, broken(report)), (1, {rule}), "\n".join(said))

    def test_bad_plugins(self):
        cases = [(BUILD / "test-plugins/conform" / (s.stem + ".so"), "R" + s.stem[:2]) for s in SOURCES]
        self.assertGreaterEqual(len(cases), 30)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for done in [pool.submit(self.judge, *case) for case in cases]:
                done.result()

    def test_each_rule_has_a_bad_plugin(self):
        rules = set(re.findall(r'RULE\([A-Z_]+, "(R\d\d)"', (ROOT / "sdk/testkit/rules.h").read_text()))
        self.assertEqual(rules - {"R" + s.stem[:2] for s in SOURCES}, {"R01"})
        for source in SOURCES:
            self.assertEqual(source.read_text().split("\n")[1][:7], "/* R%s:" % source.stem[:2], source)

    def test_damaged_files(self):
        whole = (BUILD / "tests/plugins/tag-policy.so").read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            damaged = pathlib.Path(folder) / "damaged.so"
            for content in (whole[:2000], b"", b"#!/bin/sh\n", whole[:18] + b"\x03\x00" + whole[20:]):
                damaged.write_bytes(content)
                code, report = conform(damaged)
                self.assertEqual((code, broken(report)), (1, {"R01"}))


if __name__ == "__main__":
    unittest.main()
