# SPDX-License-Identifier: Apache-2.0
"""Every public header compiles alone and with all others, as C11 and C++17, with gcc and clang, without a warning."""
import pathlib
import re
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "sdk/include"
# The glue for CMocka includes more than the others may.
HEADERS = sorted(p.name for p in (INCLUDE / "tf-atmos").glob("*.h") if p.name != "testkit_cmocka.h")
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wcast-qual -Werror".split()
C_WARNINGS = "-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition".split()
LANGUAGES = {"c": ["-x", "c", "-std=c11", *C_WARNINGS], "c++": ["-x", "c++", "-std=c++17"]}
COMPILERS = [cc for cc in ("gcc", "clang", "clang-14", "clang-19") if shutil.which(cc)]

# What an author writes: every macro and helper once.
USE = """
#define TFA_PLUGIN_ID "com.example.use"
#define TFA_PLUGIN_VERSION "1.0.0"
#define USE0001 "USE0001"
static const struct tfa_str names[] = { TFA_S_INIT("a"), TFA_S_INIT("bc") };
static const void *ext(void *self, const char *id) { (void)self; (void)id; return NULL; }
static const struct tfa_plugin plugin = { TFA_PLUGIN_HEAD, NULL, NULL, ext };
TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void) { return &plugin; }
int32_t use(const struct tfa_host *host, struct tfa_call *call, tfa_val v);
int32_t use(const struct tfa_host *host, struct tfa_call *call, tfa_val v)
{
    struct tfa_kit kit;
    struct tfa_text text = tfa_text_new();
    struct tfa_aws_request request =
            tfa_aws_request_to(TFA_AWS_REST_JSON, TFA_S("guardduty"), TFA_S("ListDetectors"));
    const struct tfa_aws_answer *answer = NULL;
    if (!TFA_HAS(struct tfa_host, host, ext) || !TFA_COVERS(struct tfa_host, host, flags)) { return TFA_E_INTERNAL; }
    tfa_kit_init(&kit, host);
    TFA_EACH(&kit, call, v, i) { tfa_text_add_val(&text, &kit, call, kit.value->at(call, v, i)); }
    tfa_text_add_int(&text, INT64_MIN);
    TFA_DIAG(&kit, call, v, USE0001, "bad", "");
    if (kit.aws->send(call, &request, &answer) != TFA_OK) { return TFA_E_INTERNAL; }
    if (answer->outcome != TFA_AWS_SUCCESS) { return tfa_result_no_answer(&kit, call, v, answer); }
    (void)tfa_get_int(&kit, call, v, TFA_S("n"), 1);
    (void)tfa_get_bool(&kit, call, v, TFA_S("b"), 1);
    (void)tfa_get_str(&kit, call, v, TFA_S("s"), tfa_str_of("x"));
    (void)tfa_is_set(&kit, call, TFA_NONE);
    (void)tfa_str_eq(names[0], TFA_STR("a", 1));
    (void)tfa_result_report(&kit, call, v, TFA_RESULT_PASS, TFA_S(""), v, v);
    return tfa_report(&kit, call, v, names[0], tfa_text_view(&text), TFA_S(""));
}
"""


def complaints(compiler, language, source, *flags):
    done = subprocess.run([compiler, *LANGUAGES[language], *WARNINGS, *flags, "-I", INCLUDE, "-fsyntax-only", "-"],
                          input=source, text=True, capture_output=True)
    return done.stdout + done.stderr if done.returncode else ""


class Headers(unittest.TestCase):
    def each(self, source, *flags):
        self.assertGreater(len(COMPILERS), 0)
        for compiler in COMPILERS:
            for language in LANGUAGES:
                with self.subTest(compiler=compiler, language=language):
                    self.assertEqual(complaints(compiler, language, source, *flags), "")

    def test_alone(self):
        self.assertGreater(len(HEADERS), 14)
        for header in HEADERS:
            with self.subTest(header):
                self.each("#include <tf-atmos/%s>\nextern int not_empty;\n" % header)

    def test_together_twice_and_backwards(self):
        lines = ["#include <tf-atmos/%s>\n" % h for h in HEADERS]
        self.each("".join(lines + lines[::-1]))

    def test_what_authors_write(self):
        self.each("#include <tf-atmos/tfa.h>\n" + USE, "-O2")

    def test_the_glue_for_cmocka(self):
        if complaints(COMPILERS[0], "c", "#include <setjmp.h>\n#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <cmocka.h>\n"):
            self.skipTest("CMocka is not here")
        self.each("""#include <tf-atmos/testkit_cmocka.h>
void use(struct tfa_testkit *kit);
void use(struct tfa_testkit *kit)
{
    TFA_ASSERT_OK(tfa_testkit_validate(kit));
    TFA_ASSERT_FINDING(kit, "USE0001", "/a");
    TFA_ASSERT_NO_FINDINGS(kit);
    TFA_ASSERT_RESULT(kit, "USE-01", TFA_RESULT_PASS);
    TFA_ASSERT_VARS(kit, "{}");
    TFA_ASSERT_GOLDEN(kit, "all.golden");
    TFA_ASSERT_NO_MISUSE(kit);
}
""")

    def test_includes_stay_few(self):
        for header in HEADERS:
            for found in re.findall(r"#include <([^>]+)>", (INCLUDE / "tf-atmos" / header).read_text()):
                self.assertTrue(found.startswith("tf-atmos/") or found in ("stddef.h", "stdint.h", "stdbool.h"),
                                "%s includes %s" % (header, found))

    def test_a_target_newer_than_the_headers_is_refused(self):
        for target in ("1", "-1"):
            said = complaints(COMPILERS[0], "c", "#include <tf-atmos/abi.h>\n", "-DTFA_ABI_TARGET=%s" % target)
            self.assertIn("newer than these headers", said)

    def test_a_literal_is_wanted_for_a_literal(self):
        said = complaints(COMPILERS[0], "c", "#include <tf-atmos/abi.h>\nstruct tfa_str f(const char *p);\n"
                                             "struct tfa_str f(const char *p) { return TFA_S(p); }\n")
        self.assertIn("error", said)


if __name__ == "__main__":
    unittest.main()
