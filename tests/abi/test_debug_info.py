# SPDX-License-Identifier: Apache-2.0
"""abidiff compares the debug information of the headers with that of each frozen version, without any suppression."""
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CC = os.environ.get("CC", "cc")
FROZEN = sorted((ROOT / "tests/abi/frozen").glob("*/%s/reach.so" % platform.machine()))
WHY = ("abidiff is not installed, debug information of the headers was not compared" if not shutil.which("abidiff") else
       "" if FROZEN else "nothing is frozen for this machine (%s), debug information was not compared" % platform.machine())
BREAKING = (("plugin.h", "    uint32_t flags; /* 0 */", "    uint64_t flags; /* 0 */"),
            ("plugin.h", "void (*shutdown)(void *self);", "int32_t (*shutdown)(void *self);"),
            ("call.h", "    struct tfa_str check_id; /* in CHECK: the check that runs */\n", ""),
            ("diag.h", "    struct tfa_str message; /* required, at most", "    struct tfa_str hint;\n    struct tfa_str message; /* required, at most"),
            ("component.h", "struct tfa_call *call, tfa_val config, tfa_val context);",
             "struct tfa_call *call, tfa_val config, uint32_t context);"))


@unittest.skipIf(WHY, WHY)
class DebugInfo(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tf-atmos-abidiff-")
        self.addCleanup(folder.cleanup)
        self.tmp = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "sdk/include", self.tmp / "include")

    def diff(self, old):
        include, source, library = self.tmp / "include", self.tmp / "reach.c", self.tmp / "reach.so"
        source.write_text(subprocess.run([sys.executable, ROOT / "sdk/abi/layout.py", "reach"], text=True,
                                         stdout=subprocess.PIPE, check=True).stdout)
        subprocess.run([CC, "-std=c17", "-g", "-O0", "-fPIC", "-shared", "-I", include, "-o", library, source], check=True)
        done = subprocess.run(["abidiff", old, library], text=True, capture_output=True)
        return done.returncode, done.stdout + done.stderr

    def test_nothing_has_changed(self):
        for old in FROZEN:
            with self.subTest(old.parent.parent.name):
                self.assertEqual(self.diff(old)[0], 0, self.diff(old)[1])

    def test_breaking_edits_are_seen(self):
        """Without debug information abidiff reports no change at all; this shows that it has some."""
        for header, old, new in BREAKING:
            path = self.tmp / "include/tf-atmos" / header
            text = path.read_text()
            self.assertIn(old, text)
            path.write_text(text.replace(old, new, 1))
            with self.subTest(header=header, edit=new):
                code, said = self.diff(FROZEN[-1])
                self.assertEqual(code & 4, 4, "exit %d\n%s" % (code, said))
            path.write_text(text)


if __name__ == "__main__":
    if WHY:
        print("SKIPPED: %s\n[  SKIPPED ] DebugInfo" % WHY)
    unittest.main()
