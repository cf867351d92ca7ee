# SPDX-License-Identifier: Apache-2.0
"""The mock host of the test kit and the core make the same of one plugin: values, places, findings."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TFA_BUILD_DIR", ROOT / "build/dev"))
INTENT = (ROOT / "tests/abi/contract/intent.yaml").read_text()
INDENT = 10
STACK = "vars: { stage: dev, region: eu-west-1 }\ncomponents:\n  terraform:\n    app:\n      settings:\n        contract:\n"
LINES = STACK.count("\n")


def run(*argv):
    done = subprocess.run(argv, text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    variables, *findings = done.stdout.splitlines()
    return json.loads(variables, parse_float=str, parse_int=str), [f.split("\t") for f in findings]


def in_program(intent, module):
    """(variables, findings) that the core gets from a contract plugin, places taken back to the intent's own file.
    In a worker and inside the program they must be the same."""
    with tempfile.TemporaryDirectory(prefix="tf-atmos-contract-") as folder:
        repo = pathlib.Path(os.path.realpath(folder))
        for path, text in (("atmos.yaml", "base_path: .\ncomponents: { terraform: { base_path: modules } }\n"
                            "stacks: { base_path: stacks, included_paths: [\"**/*\"], name_pattern: \"{stage}\" }\n"),
                           ("modules/app/main.tf", ""),
                           ("stacks/dev.yaml", STACK + textwrap.indent(intent, " " * INDENT))):
            (repo / path).parent.mkdir(parents=True, exist_ok=True)
            (repo / path).write_text(text)
        (repo / "plugins.d").mkdir(mode=0o755)
        shutil.copy(module, repo / "plugins.d/contract.so")
        os.chmod(repo / "plugins.d/contract.so", 0o644)
        real = run(BUILD / "tests/abi_contract_real", repo)
        (repo / "plugins.d").rename(repo / "bundled")
        here = run(BUILD / "tests/abi_contract_real", repo, repo / "bundled")
        if here != real:
            raise AssertionError("inside the program %s, in a worker %s" % (here, real))
    for finding in real[1]:
        finding[2] = str(int(finding[2]) - LINES)
        finding[3] = str(int(finding[3]) - INDENT)
        for prefix in ("/settings/contract", "/settings/contract/"):
            if finding[4].startswith(prefix):
                finding[4] = finding[4][len(prefix):]
                break
    return real


def both(intent):
    """((variables, findings) of the mock host, the same of the core)."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(intent)
        file.flush()
        mock = run(BUILD / "tests/abi_contract", file.name)
    return mock, in_program(intent, BUILD / "tests/plugins/contract.so")


@unittest.skipUnless((BUILD / "tests/abi_contract_real").exists(), "not built")
class Contract(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.mock, cls.real = both(INTENT)

    def test_there_is_something_to_compare(self):
        self.assertGreater(len(self.mock[0]["seen"]), 35)
        self.assertGreater(len(self.mock[1]), 100)

    def test_values(self):
        mock, real = self.mock[0]["seen"], self.real[0]["seen"]
        self.assertEqual(sorted(mock), sorted(real))
        for pointer in mock:
            with self.subTest(pointer):
                self.assertEqual(real[pointer], mock[pointer])

    def test_equality(self):
        probes = [p for p in self.mock[0]["seen"]]
        self.assertEqual(len(self.mock[0]["equal"]), len(self.real[0]["equal"]))
        for i, (mock, real) in enumerate(zip(self.mock[0]["equal"], self.real[0]["equal"])):
            self.assertEqual(real, mock, "row %d of %d" % (i, len(probes)))

    def test_the_rest(self):
        for part in ("built", "parsed", "context"):
            with self.subTest(part):
                self.assertEqual(self.real[0][part], self.mock[0][part])

    def test_wrong_use(self):
        mock, real = both("first: one\nwrong: true\nprobes: []\n")
        self.assertGreater(len(mock[0]["wrong"]), 90)
        self.assertEqual(real[0]["wrong"], mock[0]["wrong"])
        own = lambda findings: [f[0] for f in findings if f[5] == "wrong use"]
        self.assertEqual(own(real[1]), own(mock[1]))
        self.assertTrue(any(f[0] == "plugin/misuse" for f in real[1]))

    def test_findings(self):
        key = lambda f: f[5] + f[0] + f[4]
        mock, real = sorted(self.mock[1], key=key), sorted(self.real[1], key=key)
        self.assertEqual(len(mock), len(real))
        for a, b in zip(mock, real):
            self.assertEqual(b, a)


if __name__ == "__main__":
    unittest.main()
