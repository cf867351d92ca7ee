# SPDX-License-Identifier: Apache-2.0
"""The layout lock catches what would break plugins that exist, and lets the ABI grow."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "sdk/abi/layout.py"
LOCK = ROOT / "sdk/abi/layout.lock"


class Edit:
    """A copy of the headers to be edited, and the lock to compare them with."""

    def __init__(self, folder):
        self.include = pathlib.Path(folder) / "include"
        self.lock = pathlib.Path(folder) / "layout.lock"
        shutil.copytree(ROOT / "sdk/include", self.include)
        shutil.copy(LOCK, self.lock)

    def replace(self, header, old, new):
        path = self.include / "tf-atmos" / header
        text = path.read_text()
        assert text.count(old) == 1, "%s: %r stands there %d times" % (header, old, text.count(old))
        path.write_text(text.replace(old, new))

    def minor(self, number):
        self.replace("abi.h", "#define TFA_ABI_MINOR 0", "#define TFA_ABI_MINOR %d" % number)

    def run(self, command):
        done = subprocess.run([sys.executable, LAYOUT, command, "--include", self.include, "--lock", self.lock],
                              text=True, capture_output=True)
        return done.returncode, done.stderr


class Layout(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tf-atmos-layout-")
        self.addCleanup(folder.cleanup)
        self.edit = Edit(folder.name)

    def broken(self, *parts):
        """The headers are refused for a reason that names these parts, and no lock is written over it."""
        before = self.edit.lock.read_text()
        code, said = self.edit.run("check")
        self.assertEqual(code, 2, said)
        for part in parts:
            self.assertIn(part, said)
        self.assertEqual(self.edit.run("update")[0], 2)
        self.assertEqual(self.edit.lock.read_text(), before)

    def test_the_headers_are_what_the_lock_says(self):
        code, said = self.edit.run("check")
        self.assertEqual((code, said), (0, ""))

    def test_every_struct_is_locked(self):
        text = "".join(p.read_text() for p in (ROOT / "sdk/include/tf-atmos").glob("*.h")
                       if p.name not in ("tfa.h", "testkit.h", "testkit_cmocka.h"))
        lock = LOCK.read_text()
        structs = set(re.findall(r"^struct (tfa_\w+) \{", text, re.M))
        self.assertGreater(len(structs), 15)
        for struct in structs:
            self.assertIn("\nsize %s " % struct, lock)
        for name in re.findall(r"^#define (TFA_(?:E|EXT|KIND|PHASE|RESULT|AWS|SEVERITY)_\w+)", text, re.M):
            self.assertIn("\nconst %s " % name, lock)

    # The five breaking edits.

    def test_insert(self):
        self.edit.replace("diag.h", "    struct tfa_str message; /* required, at most",
                          "    struct tfa_str hint;\n    struct tfa_str message; /* required, at most")
        self.broken("tfa_diag", "message", "hint")

    def test_reorder(self):
        self.edit.replace("value.h", "(*as_int)(struct tfa_call *call, tfa_val v, int64_t *ret_number);",
                          "(*as_none)(struct tfa_call *call, tfa_val v, double *ret_number);")
        self.edit.replace("value.h", "(*as_double)(struct tfa_call *call, tfa_val v, double *ret_number);",
                          "(*as_int)(struct tfa_call *call, tfa_val v, int64_t *ret_number);")
        self.edit.replace("value.h", "(*as_none)", "(*as_double)")
        self.broken("tfa_value_v1", "as_int", "as_double")

    def test_resize(self):
        self.edit.replace("plugin.h", "    uint32_t flags; /* 0 */", "    uint64_t flags; /* 0 */")
        self.broken("tfa_plugin", "flags")

    def test_signature_change(self):
        self.edit.replace("component.h", "int32_t (*validate)(void *self, struct tfa_call *call, tfa_val config, tfa_val context);",
                          "int32_t (*validate)(void *self, struct tfa_call *call, tfa_val config, uint32_t context);")
        self.broken("tfa_component_v1", "validate", "uint32_t")

    def test_removal(self):
        self.edit.replace("call.h", "    struct tfa_str check_id; /* in CHECK: the check that runs */\n", "")
        self.broken("gone", "tfa_who", "check_id")

    # More ways to break it.

    def test_result_of_a_function(self):
        self.edit.replace("plugin.h", "void (*shutdown)(void *self);", "int32_t (*shutdown)(void *self);")
        self.broken("tfa_plugin", "shutdown")

    def test_const_lost_in_a_parameter(self):
        self.edit.replace("diag.h", "int32_t (*report)(struct tfa_call *call, const struct tfa_diag *diag);",
                          "int32_t (*report)(struct tfa_call *call, struct tfa_diag *diag);")
        self.broken("tfa_diag_v1", "report")

    def test_signedness(self):
        self.edit.replace("aws.h", "    uint32_t attempts;", "    int32_t attempts;")
        self.broken("tfa_aws_answer", "attempts")

    def test_value_of_a_constant(self):
        self.edit.replace("abi.h", "#define TFA_E_PHASE       (-6)", "#define TFA_E_PHASE       (-60)")
        self.broken("TFA_E_PHASE", "-60")

    def test_id_of_an_extension(self):
        self.edit.replace("log.h", 'V1 "tfa.log/1"', 'V1 "tfa.log/2"')
        self.broken("TFA_EXT_LOG_V1")

    def test_type_of_a_handle(self):
        self.edit.replace("abi.h", "typedef uint64_t tfa_val;", "typedef int64_t tfa_val;")
        self.broken("tfa_val")

    def test_entry(self):
        self.edit.replace("plugin.h", "TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void);",
                          "TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(uint32_t host);")
        self.broken("function", "tfa_plugin_main_v1")

    def test_append_within_a_locked_minor(self):
        self.edit.replace("host.h", "(*ext)(void *ctx, const char *id);", "(*ext)(void *ctx, const char *id);\n    void *more;")
        self.broken("tfa_host", "more", "minor 0")

    def test_append_without_a_guard(self):
        self.edit.minor(1)
        self.edit.replace("host.h", "(*ext)(void *ctx, const char *id);", "(*ext)(void *ctx, const char *id);\n    void *more;")
        self.broken("tfa_host", "more", "minor 0")

    def guarded(self, header, before, field):
        self.edit.minor(1)
        self.edit.replace(header, before, before + "\n#if TFA_ABI_TARGET >= 1\n    %s\n#endif" % field)

    def test_append_to_a_table(self):
        self.guarded("clock.h", "int32_t (*monotonic_ns)(struct tfa_call *call, int64_t *ret_ns);",
                     "int32_t (*boot_ns)(struct tfa_call *call, int64_t *ret_ns);")
        self.broken("tfa_clock_v1", "table", "boot_ns")

    def test_append_to_a_frozen_struct(self):
        self.guarded("abi.h", "    const char *ptr;\n    uint64_t len;", "uint64_t hash;")
        self.broken("tfa_str", "frozen")

    def test_append_that_is_no_multiple_of_8(self):
        self.guarded("host.h", "(*ext)(void *ctx, const char *id);", "uint32_t more;")
        self.broken("tfa_host", "multiple of 8")

    def test_a_later_minor_hides_a_field(self):
        self.edit.minor(1)
        self.edit.replace("call.h", "    struct tfa_str check_id; /* in CHECK: the check that runs */\n",
                          "#if TFA_ABI_TARGET < 1\n    struct tfa_str check_id;\n#endif\n")
        self.broken("hides", "check_id")

    def test_forbidden_types(self):
        for field, why in (("size_t more;", "size_t"), ("_Bool more[8];", "arrays"), ("unsigned long more;", "unsigned long"),
                           ("uint64_t more : 8;", "bit-fields"), ("struct tfa_mark more;", "tfa_mark"),
                           ("void (*more)(const char *format, ...);", "variadic"), ("void (*more)(_Bool on);", "_Bool")):
            with self.subTest(field), tempfile.TemporaryDirectory() as folder:
                self.edit = Edit(folder)
                # value.h is read after diag.h only by name, so the struct exists where the field stands.
                self.edit.replace("diag.h", "#include <tf-atmos/abi.h>", "#include <tf-atmos/abi.h>\n#include <tf-atmos/value.h>")
                self.guarded("diag.h", "    struct tfa_str resource; /* ARN or Terraform address it is about */\n"
                             "    const struct tfa_related *const *related;", field)
                self.broken(why)

    # What is allowed.

    def test_a_guarded_append_adds_lines_only(self):
        self.guarded("host.h", "(*ext)(void *ctx, const char *id);", "struct tfa_str product;")
        code, said = self.edit.run("check")
        self.assertEqual(code, 1, said)
        before = self.edit.lock.read_text()
        self.assertEqual(self.edit.run("update"), (0, ""))
        after = self.edit.lock.read_text()
        self.assertTrue(after.startswith(before))
        self.assertEqual(after[len(before):].split("\n"),
                         ["", "minor 1", "field tfa_host 32 16 struct tfa_str product", "size tfa_host 48", ""])
        self.assertEqual(self.edit.run("check"), (0, ""))

    def test_new_structs_and_constants_in_a_new_minor(self):
        self.edit.minor(1)
        self.edit.replace("lookup.h", "TFA_END_DECLS\n\n#endif", """#if TFA_ABI_TARGET >= 1
#define TFA_EXT_LOOKUP_V2 "tfa.lookup/2"
struct tfa_lookup_v2 {
    int32_t (*stacks)(struct tfa_call *call, tfa_val *ret_list);
};
#endif
TFA_END_DECLS

#endif""")
        before = self.edit.lock.read_text()
        self.assertEqual(self.edit.run("update"), (0, ""))
        added = self.edit.lock.read_text()[len(before):]
        self.assertIn('const TFA_EXT_LOOKUP_V2 "tfa.lookup/2"\n', added)
        self.assertIn("field tfa_lookup_v2 0 8 int32_t(*)(struct tfa_call *, tfa_val *) stacks\n", added)

    def test_names_of_parameters_and_comments_do_not_count(self):
        self.edit.replace("log.h", "int32_t (*enabled)(struct tfa_call *call, uint32_t level);",
                          "int32_t (*enabled)(struct tfa_call *c, /* which */ uint32_t wanted);")
        self.assertEqual(self.edit.run("check"), (0, ""))


if __name__ == "__main__":
    unittest.main()
