# SPDX-License-Identifier: Apache-2.0
"""Old and new plugins meet old and new hosts: the headers grow by a minor, and every pair still works."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CC = os.environ.get("CC", "cc")
WARNINGS = "-std=c17 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wconversion -Werror".split()
CHECKED = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def grow(include):
    """Minor 1: one field more in what plugins fill, one more in what the host fills."""
    for name, old, new in (
            ("abi.h", "#define TFA_ABI_MINOR 0", "#define TFA_ABI_MINOR 1"),
            ("diag.h", "    struct tfa_str resource; /* ARN or Terraform address it is about */\n"
             "    const struct tfa_related *const *related;",
             "    struct tfa_str resource;\n    const struct tfa_related *const *related;\n"
             "#if TFA_ABI_TARGET >= 1\n    struct tfa_str fix;\n#endif"),
            ("host.h", "(*ext)(void *ctx, const char *id);",
             "(*ext)(void *ctx, const char *id);\n#if TFA_ABI_TARGET >= 1\n    struct tfa_str product;\n#endif")):
        path = include / "tf-atmos" / name
        text = path.read_text()
        assert text.count(old) == 1, name
        path.write_text(text.replace(old, new))


class Growth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tf-atmos-growth-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.tmp = pathlib.Path(cls.folder.name)
        cls.new = cls.tmp / "include"
        shutil.copytree(ROOT / "sdk/include", cls.new)
        grow(cls.new)
        cls.old = ROOT / "sdk/include"
        # tfa_diag_at() lists the fields of minor 0; C zeroes the rest, which is what -Wextra warns of.
        cls.flags = WARNINGS + CHECKED + ["-Wno-missing-field-initializers"]
        cls.hosts = {"old": cls.host("old", cls.old, 0), "new": cls.host("new", cls.new, 1)}

    @classmethod
    def compile(cls, name, source, include, target):
        out = cls.tmp / (name + ".o")
        subprocess.run([CC, *cls.flags, "-I", include, "-DTFA_ABI_TARGET=%d" % target, "-c", source, "-o", out], check=True)
        return out

    @classmethod
    def host(cls, name, include, target):
        sources = sorted((ROOT / "sdk/testkit").glob("*.c")) + [ROOT / "tests/abi/growth_driver.c"]
        return [cls.compile("%s_%s" % (name, s.stem), s, include, target) for s in sources]

    def meet(self, host, include, target):
        plugin = self.compile("plugin", ROOT / "tests/abi/growth_plugin.c", include, target)
        program = self.tmp / "program"
        subprocess.run([CC, *self.flags, *self.hosts[host], plugin, "-o", program, "-lyaml", "-lm"], check=True)
        return subprocess.run([program], text=True, capture_output=True)

    def works(self, done, detail=""):
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, 'intent.yaml:2 said by the plugin | what it is about | %s | {"a":[1,"two"]}\n' % detail)

    def test_old_plugin_on_the_old_host(self):
        self.works(self.meet("old", self.old, 0))

    def test_old_plugin_on_a_new_host(self):
        self.works(self.meet("new", self.old, 0))

    def test_new_headers_and_default_target_on_the_old_host(self):
        self.works(self.meet("old", self.new, 0))

    def test_new_plugin_on_a_new_host(self):
        self.works(self.meet("new", self.new, 1))

    def test_new_plugin_on_the_old_host_is_refused_by_name(self):
        done = self.meet("old", self.new, 1)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("the plugin needs ABI 1.1, this host has 1.0", done.stderr)

    def test_a_struct_of_a_newer_plugin_is_read_as_far_as_it_is_known(self):
        """The plugin says it can live with minor 0, fills a larger struct all the same, and asks before it reads."""
        source = (ROOT / "tests/abi/growth_plugin.c").read_text()
        source = source.replace("{ TFA_PLUGIN_HEAD,", '{ (uint32_t)sizeof(struct tfa_plugin), 1, 0, 0, "growth", "1.0.0",')
        path = self.tmp / "modest.c"
        path.write_text(source)
        plugin = self.compile("modest", path, self.new, 1)
        program = self.tmp / "program"
        subprocess.run([CC, *self.flags, *self.hosts["old"], plugin, "-o", program, "-lyaml", "-lm"], check=True)
        self.works(subprocess.run([program], text=True, capture_output=True))


if __name__ == "__main__":
    unittest.main()
