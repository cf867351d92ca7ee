# SPDX-License-Identifier: Apache-2.0
"""The pages of the SDK against its headers: an extension has a page, a function stands in it, names exist."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs/sdk"
HEADERS = {p.name: p.read_text() for p in (ROOT / "sdk/include/tf-atmos").glob("*.h")}
EVERYTHING = "\n".join(HEADERS.values())
# Made by the build, not by a header.
WRAPPER = "".join(p.read_text() for p in (ROOT / "sdk/include/tf-atmos").rglob("*.hpp"))
MADE = {"TFA_TESTKIT_MANIFEST", "TFA_PLUGIN_ID", "TFA_PLUGIN_VERSION"}


class Docs(unittest.TestCase):
    def test_every_extension_has_a_page_with_every_function(self):
        tables = re.findall(r"struct tfa_(\w+)_v1 \{(.*?)\n\};", EVERYTHING, re.S)
        self.assertGreater(len(tables), 9)
        for name, body in tables:
            page = DOCS / ("component.md" if name in ("review", "plan") else name + ".md")
            text = page.read_text()
            self.assertIn("tfa.%s/1" % name, text)
            for function in re.findall(r"\(\*(\w+)\)\(", body):
                self.assertIn("`%s`" % function, text, "%s says nothing of %s" % (page.name, function))

    def test_every_name_in_a_page_exists(self):
        for page in DOCS.glob("*.md"):
            for name in re.findall(r"\b(?:TFA_[A-Z0-9_]+[A-Z0-9]|tfa_[a-z0-9_]+[a-z0-9])\b(?!_?<|\.cmake|\.h)", page.read_text()):
                known = name in EVERYTHING or name in WRAPPER or name in MADE or name.startswith(("tfa_plugin_", "tfa_add_"))
                self.assertTrue(known, "%s names %s" % (page.name, name))

    def test_the_reference_has_every_name_of_the_headers(self):
        text = (DOCS / "api.md").read_text()
        plain = re.sub(r"/\*.*?\*/", "", EVERYTHING, flags=re.S)
        names = set(re.findall(r"#define (TFA_\w+)", plain)) | set(re.findall(r"\b(tfa_\w+)\(", plain))
        for body in re.findall(r"struct \w+ \{(.*?)\n\};", plain, re.S):
            names |= set(re.findall(r"\(\*(\w+)\)\(", body)) | set(re.findall(r"^    [^()\n]*?(\w+)(?:\[\d+\])?;", body, re.M))
        self.assertGreater(len(names), 250)
        for name in sorted(names):
            self.assertTrue(re.search(r"\b%s\b" % name, text), name)
        for name in re.findall(r"^class (\w+)\n", WRAPPER, re.M):
            self.assertTrue("### tfa::%s\n" % name in text, name)

    def test_short_names_of_the_test_kit_exist(self):
        for name in re.findall(r"`_(\w+)`", (DOCS / "testkit.md").read_text()):
            self.assertIn("tfa_testkit_%s(" % name, EVERYTHING)

    def test_rule_numbers(self):
        rules = set(re.findall(r"^(\d+)\. ", (DOCS / "growth-rules.md").read_text(), re.M))
        used = set()
        for group in re.findall(r"\(rules? ([\d, ]+)\)", (ROOT / "sdk/abi/layout.py").read_text()):
            used.update(re.findall(r"\d+", group))
        self.assertTrue(used and used <= rules, used - rules)

    def test_manifest_keys(self):
        known = re.search(r'only_keys\("\$\{manifest\}" "" (.*?)\)', (ROOT / "sdk/cmake/tfa_manifest.cmake").read_text(), re.S)
        text = (DOCS / "manifest.md").read_text()
        for key in known.group(1).split():
            if key != "$schema":
                self.assertIn("`%s`" % key, text)

    def test_results_and_outcomes(self):
        for prefix, page in (("TFA_RESULT_", "check.md"), ("TFA_AWS_", "aws.md")):
            text = (DOCS / page).read_text()
            names = re.findall(r"#define %s(\w+)\s+\d+ /\*" % prefix, HEADERS["diag.h" if page == "check.md" else "aws.h"])
            for name in names:
                if not re.match(r"REST_|JSON_|QUERY|EC2|FRESH", name):
                    self.assertRegex(text, r"\b%s\b" % name)


if __name__ == "__main__":
    unittest.main()
