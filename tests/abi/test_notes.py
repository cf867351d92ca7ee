# SPDX-License-Identifier: Apache-2.0
"""The notes in a plugin: what tfa_add_plugin() writes, that it survives tools, and what it refuses."""
import copy
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "sdk/cmake/tfa_notes.cmake"
TEMPLATE = ROOT / "sdk/templates/common"
CMAKE = os.environ.get("CMAKE", "cmake")
CC = os.environ.get("CC", "cc")
BUILT = pathlib.Path(os.environ.get("TFA_BUILD_DIR", ROOT / "build/dev")) / "tests/plugins/tag-policy.so"


def notes(path):
    """[(type, desc)] of owner TFATMOS, through PT_NOTE as hosts read them."""
    data = pathlib.Path(path).read_bytes()
    assert data[:5] == b"\x7fELF\x02", "not an ELF file of 64 bits"
    phoff, = struct.unpack_from("<Q", data, 32)
    phentsize, phnum = struct.unpack_from("<HH", data, 54)
    found = []
    for i in range(phnum):
        kind, _, offset, _, _, size, _, align = struct.unpack_from("<IIQQQQQQ", data, phoff + i * phentsize)
        end = offset + size
        while kind == 4 and align == 4 and offset + 12 <= end:
            namesz, descsz, ntype = struct.unpack_from("<III", data, offset)
            name = data[offset + 12:offset + 12 + namesz]
            start = offset + 12 + (namesz + 3) // 4 * 4
            if name == b"TFATMOS\0":
                assert start + descsz <= end
                found.append((ntype, data[start:start + descsz]))
            offset = start + (descsz + 3) // 4 * 4
    return found


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tf-atmos-notes-")
        self.addCleanup(folder.cleanup)
        self.tmp = pathlib.Path(folder.name)

    def generate(self, manifest, schema=None):
        """Runs the generator; (exit status, what it said in one line)."""
        path = self.tmp / "manifest.json"
        path.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest), encoding="utf-8")
        args = ["-DNAME=x", "-DMANIFEST=%s" % path, "-DOUT=%s" % (self.tmp / "out")]
        if schema is not None:
            (self.tmp / "schema.json").write_text(schema)
            args.append("-DSCHEMA=%s" % (self.tmp / "schema.json"))
        done = subprocess.run([CMAKE, *args, "-P", SCRIPT], text=True, capture_output=True)
        return done.returncode, re.sub(r"\s+", " ", done.stderr)

    def compile(self, *flags, cc=CC):
        target = self.tmp / "x.so"
        code = self.tmp / "code.c"
        code.write_text("int tfa_plugin_main_v1(void);\nint tfa_plugin_main_v1(void) { return 1; }\n")
        subprocess.run([cc, "-shared", "-fPIC", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", *flags,
                        "-o", target, self.tmp / "out/x_notes.c", code], check=True)
        return target


GOOD = json.loads((TEMPLATE / "manifest.json").read_text())


class Written(Folder):
    def test_what_the_notes_say(self):
        self.assertEqual(self.generate(GOOD, '{"type": "object"}\n'), (0, ""))
        found = notes(self.compile())
        self.assertEqual([kind for kind, _ in found], [1, 2, 3])
        identity = json.loads(found[0][1])
        self.assertEqual(identity, {k: sorted(v) if isinstance(v, list) else v for k, v in GOOD.items()
                                    if k not in ("codes", "checks", "extensions")}
                         | {"extensions": {k: sorted(v) for k, v in GOOD["extensions"].items()}})
        self.assertEqual(found[0][1], json.dumps(identity, sort_keys=True, separators=(",", ":")).encode())
        self.assertEqual(found[1][1], b'{"type": "object"}\n')
        catalogue = json.loads(found[2][1])
        self.assertEqual(catalogue["codes"], sorted(GOOD["codes"], key=lambda c: c["code"]))
        self.assertEqual([c["id"] for c in catalogue["checks"]], ["TAG-01"])

    def test_deadlines(self):
        """Where they are asked for, they stand in both notes; a manifest without any gets the notes it always got."""
        self.assertEqual(self.generate(GOOD), (0, ""))
        self.assertNotIn("deadlines", json.loads(dict(notes(self.compile()))[1]))
        manifest = copy.deepcopy(GOOD)
        manifest["deadlines"] = {"check_seconds": 3600, "callback_seconds": 1}
        manifest["checks"][0]["check_seconds"] = 900
        self.assertEqual(self.generate(manifest), (0, ""))
        found = dict(notes(self.compile()))
        identity = json.loads(found[1])
        self.assertEqual(identity["deadlines"], manifest["deadlines"])
        self.assertEqual(found[1], json.dumps(identity, sort_keys=True, separators=(",", ":")).encode())
        self.assertEqual(json.loads(found[3])["checks"][0]["check_seconds"], 900)

    def test_retired_codes_are_the_authors_alone(self):
        self.assertEqual(self.generate(GOOD), (0, ""))
        want = notes(self.compile())
        self.assertEqual(self.generate(dict(GOOD, retired=["TAG0009", "TAG-07"])), (0, ""))
        self.assertEqual(notes(self.compile()), want)

    def test_texts_survive(self):
        manifest = copy.deepcopy(GOOD)
        hard = 'quote " backslash \\ semicolon ; brackets [x] ${y} @z@ $<w> tab \t line \n umlaut \u00fc \U0001f600 end\\'
        manifest["codes"][0]["cause"] = hard
        manifest["summary"] = hard.replace("\n", " ")
        self.assertEqual(self.generate(manifest), (0, ""))
        found = dict(notes(self.compile()))
        self.assertEqual(json.loads(found[3])["codes"][0]["cause"], hard)
        self.assertEqual(json.loads(found[1])["summary"], manifest["summary"])
        self.assertNotIn(2, found)

    def test_the_header(self):
        self.assertEqual(self.generate(GOOD), (0, ""))
        header = (self.tmp / "out/x_manifest.h").read_text()
        for line in ('#define TFA_PLUGIN_ID "com.example.tag-policy"', '#define TFA_PLUGIN_VERSION "0.1.0"',
                     '#define TAG0001 "TAG0001"', '#define CHECK_TAG_01 "TAG-01"'):
            self.assertIn(line + "\n", header)
        source = self.tmp / "use.c"
        source.write_text('#include "out/x_manifest.h"\n')
        done = subprocess.run([CC, "-fsyntax-only", "-DTFA_ABI_TARGET=9", source], text=True, capture_output=True)
        self.assertIn("is not abi.minor of the manifest", done.stderr)

    def test_sizes(self):
        blanks = lambda n: "{" + " " * (n - 2) + "}"
        self.assertEqual(self.generate(GOOD, blanks(262144)), (0, ""))
        self.assertEqual(len(dict(notes(self.compile()))[2]), 262144)
        code, said = self.generate(GOOD, blanks(262145))
        self.assertNotEqual(code, 0)
        self.assertIn("the schema has 262145 bytes, at most 262144 are allowed", said)
        manifest = dict(GOOD, summary="x" * 4096)
        code, said = self.generate(manifest)
        self.assertNotEqual(code, 0)
        self.assertRegex(said, r"the identity has \d+ bytes, at most 4096 are allowed")

    def test_every_size_keeps_the_next_note_in_step(self):
        for extra in range(1, 6):
            schema = '{"title": "%s"}' % ("x" * extra)
            self.assertEqual(self.generate(dict(GOOD, summary="s" * extra), schema), (0, ""))
            found = notes(self.compile())
            self.assertEqual([kind for kind, _ in found], [1, 2, 3])
            self.assertEqual(found[1][1].decode(), schema)

    def test_survives(self):
        self.assertEqual(self.generate(GOOD, "{}"), (0, ""))
        want = notes(self.compile())
        for flags in (["-O2", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"], ["-O3", "-flto"],
                      ["-O2", "-Wl,-s"]):
            with self.subTest(flags):
                self.assertEqual(notes(self.compile(*flags)), want)
        if shutil.which("ld.gold"):
            self.assertEqual(notes(self.compile("-fuse-ld=gold", "-Wl,--gc-sections")), want)
        for clang in ("clang-14", "clang-19"):
            if shutil.which(clang):
                self.assertEqual(notes(self.compile("-O2", cc=clang)), want)
        for tool in (["strip", "--strip-all"], ["objcopy", "--strip-unneeded"]):
            target = self.compile()
            subprocess.run([*tool, target], check=True)
            self.assertEqual(notes(target), want)


@unittest.skipUnless(BUILT.exists(), "%s is not built" % BUILT)
class Built(unittest.TestCase):
    def readelf(self, *flags):
        return subprocess.run(["readelf", "-W", *flags, BUILT], text=True, capture_output=True, check=True).stdout

    def test_exports_the_entry_and_nothing_else(self):
        defined = [line.split()[7] for line in self.readelf("--dyn-syms").splitlines()
                   if len(line.split()) > 7 and line.split()[6] not in ("UND", "Ndx")]
        self.assertEqual(defined, ["tfa_plugin_main_v1"])

    def test_needs_no_library_of_the_core_and_binds_at_once(self):
        dynamic = self.readelf("-d")
        needed = re.findall(r"NEEDED.*\[(.*)\]", dynamic)
        for name in needed:
            self.assertRegex(name, r"^(libc\.so|lib[a-z]+san\.so|ld-linux)")
        self.assertIn("BIND_NOW", dynamic)
        self.assertNotRegex(dynamic, r"RPATH|RUNPATH|TEXTREL")
        self.assertIn("GNU_RELRO", self.readelf("-l"))

    def test_carries_its_notes(self):
        found = dict(notes(BUILT))
        self.assertEqual(json.loads(found[1])["id"], "com.example.tag-policy")
        self.assertEqual(found[2], (TEMPLATE / "schema.json").read_bytes())


class Refused(Folder):
    def refuse(self, manifest, *parts):
        code, said = self.generate(manifest)
        self.assertNotEqual(code, 0, manifest)
        for part in ("manifest.json: ",) + parts:
            self.assertIn(part, said)
        self.assertFalse((self.tmp / "out/x_notes.c").exists())

    def change(self, path, value):
        """The good manifest with one thing changed; None takes it away."""
        manifest = copy.deepcopy(GOOD)
        *steps, last = path.split(".")
        at = manifest
        for step in steps:
            at = at[int(step)] if step.isdigit() else at[step]
        last = int(last) if last.isdigit() else last
        if value is None:
            del at[last]
        else:
            at[last] = value
        return manifest

    def test_texts_that_are_no_manifest(self):
        self.refuse("", "not valid JSON")
        self.refuse("{", "not valid JSON")
        self.refuse("[]", "must hold one JSON object, found ARRAY")
        done = subprocess.run([CMAKE, "-DNAME=x", "-DMANIFEST=/nonexistent/m.json", "-DOUT=%s" % self.tmp, "-P", SCRIPT],
                              text=True, capture_output=True)
        self.assertIn("/nonexistent/m.json: there is no such file", re.sub(r"\s+", " ", done.stderr))

    def test_missing_keys(self):
        for key in ("id", "version", "abi", "kinds", "summary", "license", "code_prefix", "documentation", "extensions",
                    "provides", "codes"):
            with self.subTest(key):
                self.refuse(self.change(key, None), "%s: " % key)

    def test_optional_keys(self):
        manifest = {k: v for k, v in GOOD.items() if k not in ("components", "aws_actions", "checks")}
        manifest["provides"] = ["tfa.component/1"]
        manifest["codes"] = []
        self.assertEqual(self.generate(manifest), (0, ""))

    def test_wrong_values(self):
        cases = [
            ("id", "Upper", "id: \"Upper\" is not"),
            ("id", "a..b", "id: "),
            ("id", "x" * 65, "longer than 64"),
            ("id", 5, "id: must be STRING, found NUMBER"),
            ("version", "1.0", "version: \"1.0\" is not a version"),
            ("abi.major", 2, "abi.major: this SDK builds plugins of major 1, found 2"),
            ("abi.minor", 1, "abi.minor: this SDK knows minor 0, found 1"),
            ("abi.minor", "0", "abi.minor: must be NUMBER, found STRING"),
            ("deadlines", 30, "deadlines: must be OBJECT, found NUMBER"),
            ("deadlines", {"seconds": 1}, "deadlines.seconds: unknown key; known are callback_seconds, check_seconds"),
            ("deadlines", {"callback_seconds": 0}, "deadlines.callback_seconds: 0 is not a whole number of seconds from 1 to 3600"),
            ("deadlines", {"check_seconds": 3601}, "deadlines.check_seconds: 3601 is not"),
            ("deadlines", {"check_seconds": 1.5}, "deadlines.check_seconds: 1.5 is not"),
            ("deadlines", {"check_seconds": "9"}, "deadlines.check_seconds: must be NUMBER, found STRING"),
            ("checks.0.check_seconds", -1, "checks[0].check_seconds: -1 is not"),
            ("retired", ["TAG0001"], "retired: \"TAG0001\" is declared again; codes and checks are never used again"),
            ("retired", ["TAG-09", "TAG-01"], "retired: \"TAG-01\" is declared again"),
            ("retired", ["ABC0001"], "retired[0]: \"ABC0001\" is not a code or the id of a check"),
            ("retired", "TAG0009", "retired: must be ARRAY, found STRING"),
            ("abi.patch", 1, "abi.patch: unknown key; known are major, minor"),
            ("kinds", [], "kinds: needs at least one entry"),
            ("kinds", "tag-policy", "kinds: must be ARRAY, found STRING"),
            ("kinds", ["a", "a"], "kinds[1]: \"a\" stands there twice"),
            ("kinds", ["A"], "kinds[0]: \"A\" is not a kind"),
            ("kinds", [1], "kinds[0]: must be STRING, found NUMBER"),
            ("components", ["a;b"], "components[0]: "),
            ("summary", "two\nlines", "summary: "),
            ("summary", "bell \u0007", "control character"),
            ("license", "", "license: "),
            ("code_prefix", "T", "code_prefix: "),
            ("documentation", "http://example.com", "documentation: \"http://example.com\" is not an https address"),
            ("extension", [], "extension: unknown key; known are $schema, id,"),
            ("extensions.requires", [], "extensions.requires: unknown key; known are required, optional"),
            ("extensions.required", ["tfa.valeu/1"], "\"tfa.valeu/1\" is not an extension of this SDK; known are tfa.value/1"),
            ("extensions.required", ["tfa.value"], "extensions.required[0]: \"tfa.value\" is not an extension id"),
            ("provides", ["tfa.component/2"], "provides: \"tfa.component/2\" is not an extension of this SDK"),
            ("provides", ["tfa.component/1"], "checks: needs tfa.check/1 among provides"),
            ("checks", [], "provides: offers tfa.check/1, but checks is empty"),
            ("aws_actions", ["organizations:Describe*"], "aws_actions[0]: \"organizations:Describe*\" is not an IAM action that only reads"),
            ("aws_actions", ["guardduty:CreateDetector"], "aws_actions[0]: \"guardduty:CreateDetector\" is not an IAM action that only reads"),
            ("aws_actions", ["guardduty:Getaway"], "aws_actions[0]: "),
            ("extensions.required", ["tfa.value/1"], "aws_actions: needs tfa.aws/1 among extensions"),
            ("aws_actions", ["sts:GetCallerIdentity"], "checks[0].actions: \"organizations:DescribeOrganization\" is not among aws_actions"),
            ("codes.1.code", "TAG0001", "codes[1].code: \"TAG0001\" stands there twice"),
            ("codes.0.code", "TAG1", "codes[0].code: \"TAG1\" is not the code_prefix and four digits"),
            ("codes.0.code", "GD0001", "codes[0].code: "),
            ("codes.0.severity", "warn", "codes[0].severity: \"warn\" is not one of error, warning, info, hint"),
            ("codes.0.fix", "", "codes[0].fix: "),
            ("codes.0.hint", "x", "codes[0].hint: unknown key"),
            ("codes.0", "TAG0001", "codes[0]: must be OBJECT, found STRING"),
            ("checks.0.id", "tag-01", "checks[0].id: \"tag-01\" is not"),
            ("checks.0.code", "TAG0009", "checks[0].code: \"TAG0009\" is not among codes"),
            ("checks.0.title", None, "checks[0].title: is missing"),
        ]
        for path, value, said in cases:
            with self.subTest(path=path, value=value):
                self.refuse(self.change(path, value), said)

    def test_a_schema_that_is_no_json(self):
        code, said = self.generate(GOOD, "{")
        self.assertNotEqual(code, 0)
        self.assertIn("schema.json: not valid JSON", said)

    def test_ids_of_third_parties(self):
        manifest = copy.deepcopy(GOOD)
        manifest["extensions"]["optional"] = ["com.example.name/3"]
        manifest["provides"].append("com.example.thing/1")
        self.assertEqual(self.generate(manifest), (0, ""))


if __name__ == "__main__":
    unittest.main()
