# SPDX-License-Identifier: Apache-2.0
"""The tools that guard the tree: each must find what it is there to find."""
import shutil

HEAD = "/* SPDX-License-Identifier: Apache-2.0 */\n/* One sentence. */\n"


def tree(t, files, *tools):
    """A small source tree with these tools of ours."""
    top = t.repo({path: HEAD + text if path.endswith((".c", ".h")) else text for path, text in files.items()})
    (top / "tools").mkdir(exist_ok=True)
    for name in tools:
        shutil.copy2(t.root / "tools" / name, top / "tools" / name)
    t.run("init", "-q", top, program="git").ok()
    return top


GOOD = {
    "core/base/base.h": "int base_one(void);\n",
    "core/base/base.c": '#include "base.h"\nint base_one(void)\n{\n    return 1;\n}\n',
    "core/value/value.h": '#include "base/base.h"\nint value_two(void);\n',
    "core/value/value.c": '#include "value.h"\nint value_two(void)\n{\n    return base_one() + 1;\n}\n',
    "core/base/CMakeLists.txt": "tfa_core_library(base SOURCES base.c)\n",
    "core/value/CMakeLists.txt": "tfa_core_library(value SOURCES value.c DEPENDS base)\n",
    "sdk/include/tf-atmos/plugin.h": '#include <stdint.h>\n#include "tf-atmos/value.h"\n',
    "plugins/x/x.c": "#include <tf-atmos/plugin.h>\n",
}


def test_include_graph(t):
    def graph(changes, code, *texts):
        top = tree(t, dict(GOOD, **changes), "include-graph")
        r = t.run(cwd=top, program=top / "tools/include-graph").exits(code)
        r.prints(*texts)

    graph({}, 0, "value      -> base")
    graph({"core/base/base.c": '#include "value/value.h"\n'}, 1, "core/base/base.c:3: base includes value,")
    graph({"core/value/value.h": '#include "base/private.h"\n'}, 1, "base/private.h is private to base/")
    graph({"core/value/value.h": '#include "../base/base.h"\n'}, 1, "relative path")
    graph({"core/base/base.c": '#include "run.h"\n'}, 1, "base includes run,")
    graph({"core/out/out.c": '#include "pipeline.h"\n', "core/pipeline.h": "int p;\n"}, 1, "out includes pipeline,")
    graph({"core/cli/cli.c": '#include "pipeline.h"\n#include "value/value_diag.h"\n'}, 0, "cli        -> value pipeline")
    graph({"plugins/x/x.c": '#include "value/value.h"\n'}, 1, "plugins/x/x.c:3: includes the core")
    graph({"sdk/include/tf-atmos/plugin.h": "#include <stdio.h>\n"}, 1, "may not include stdio.h")


def test_check_style(t):
    def style(files, code, *texts):
        top = tree(t, files, "check-style")
        t.run(cwd=top, program=top / "tools/check-style").exits(code).prints(*texts)

    style(GOOD, 0)
    style({"core/a.c": "int x;\n" * 700}, 1, "core/a.c: 702 lines")
    style({"core/a.c": "void f(void)\n{\n" + "    ;\n" * 90 + "}\n"}, 1, "function of 92 lines")
    style({"core/a.c": "/* TO" "DO later */\n"}, 1, "leftover")
    style({"core/a.c": "int a(char *b)\n{\n    return atoi(b);\n}\n"}, 1, "banned function")
    style({"core/a.c": '/* atoi(b) */\nconst char *a = "system(";\n'}, 0)
    style({"tests/unit/a/test_a.c": "static void test_x(void **state)\n{\n    (void)state;\n}\n"}, 1, "asserts nothing")


def test_check_docs(t):
    table = ('#define A_DIAGS(X) \\\n    X(A_ONE, "a/one", DIAG_ERROR, EXIT_DATA, "title" \\\n        " goes on", "cause", "fix")\n'
             "/* X(name, id) */\n")
    files = {"core/a/a_diag.h": table, "core/base/err.h": "enum exit_code { EXIT_DATA = 65 };\n",
             "sdk/testkit/rules.h": '#define RULES(RULE) RULE(ONE, "R01", "The file", "It is one", "why", "how")\n',
             "tools/api-reference": "print('api')\n", "tools/guarantees": "",
             "docs/sdk/testkit.md": "x\n", "docs/sdk/conform.md": "x\n", "docs/sdk/growth-rules.md": "x\n",
             "tests/unit/a/test_a.c": "A_ONE\n", "README.md": "[x](docs/x.md)\n", "docs/x.md": "x\n"}
    top = tree(t, files, "check-docs")
    tool = top / "tools/check-docs"
    t.run(cwd=top, program=tool).exits(1).prints("is not what the tables say")
    t.run("--write", cwd=top, program=tool).ok()
    t.run(cwd=top, program=tool).ok()
    t.contains((top / "docs/reference/diagnostics.md").read_text(), "error; exit code 65. title goes on")
    (top / "tests/unit/a/test_a.c").write_text("")
    t.run(cwd=top, program=tool).exits(1).prints("a/one: stands in no test")
    (top / "docs/x.md").unlink()
    t.run(cwd=top, program=tool).exits(1).prints("README.md: leads nowhere: docs/x.md")


def test_a_code_is_never_used_again(t):
    """docs/reference/codes.txt: what has gone must be retired, what is retired stays away, what is new is added."""
    def table(*ids):
        return "".join('#define T X(A_%d, "%s", DIAG_ERROR, EXIT_DATA, "title", "cause", "fix")\n' % (n, i) for n, i in enumerate(ids))

    manifest = '{"codes": [{"code": "AB0001"}], "checks": [{"id": "AB-01"}]}'
    top = tree(t, {"core/a/a_diag.h": table("a/one", "a/two"), "core/base/err.h": "enum exit_code { EXIT_DATA = 65 };\n",
                   "sdk/testkit/rules.h": '#define RULES(RULE) RULE(ONE, "R01", "The file", "It is one", "why", "how")\n',
                   "tools/api-reference": "print('api')\n", "tools/guarantees": "", "tests/unit/a/test_a.c": "A_0 A_1 A_2 AB0001\n",
                   "docs/sdk/testkit.md": "x\n", "docs/sdk/conform.md": "x\n", "docs/sdk/growth-rules.md": "x\n",
                   "plugins/x/manifest.json": manifest, "plugins/x/README.md": "AB0001\n"}, "check-docs")
    codes, page = top / "docs/reference/codes.txt", top / "docs/reference/diagnostics.md"

    def check(code, *texts, write=False):
        t.run(*["--write"] * write, cwd=top, program=top / "tools/check-docs").exits(code).prints(*texts)

    def change(path, old, new):
        text = path.read_text()
        t.contains(text, old)
        path.write_text(text.replace(old, new))

    check(1, "a/one is not in docs/reference/codes.txt", "AB-01 is not in")
    check(0, write=True)
    t.equal([line for line in codes.read_text().splitlines() if line[0] != "#"], ["AB-01", "AB0001", "a/one", "a/two"], "codes")
    check(0)
    # One goes: no --write gets around saying so.
    (top / "core/a/a_diag.h").write_text(HEAD + table("a/one", "a/three"))
    for write in (False, True):
        check(1, "a/two is no longer used: write `retired` and the reason", write=write)
    change(codes, "a/two\n", "a/two retired\n")
    check(1, "behind a/two stands neither nothing nor `retired` and the reason")
    change(codes, "a/two retired\n", "a/two retired nobody ever met it\n")
    check(1, "a/three is not in docs/reference/codes.txt")
    check(0, write=True)
    check(0)
    t.contains(codes.read_text(), "a/three\na/two retired nobody ever met it\n")
    t.contains(page.read_text(), "## Retired\n\nNo longer said, and never to be said with another meaning.\n\n- `a/two`: nobody ever met it\n")
    # It comes back.
    (top / "core/a/a_diag.h").write_text(HEAD + table("a/one", "a/three", "a/two"))
    for write in (False, True):
        check(1, "a/two was retired (nobody ever met it) and is used again", write=write)
    (top / "core/a/a_diag.h").write_text(HEAD + table("a/one", "a/three"))
    (top / "plugins/x/manifest.json").write_text('{"codes": []}')
    check(1, "AB-01 is no longer used", "AB0001 is no longer used")
    (top / "plugins/x/manifest.json").write_text(manifest)
    registered = codes.read_text()
    codes.write_text(registered + "a/one\n")
    check(1, "a/one stands there twice")
    # Nobody gets around it by editing the list either, once it is in a commit.
    codes.write_text(registered)
    check(0, write=True)
    t.run("add", "-A", cwd=top, program="git").ok()
    t.run("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qm", "x", cwd=top, program="git").ok()
    check(0)
    change(codes, "a/two retired nobody ever met it\n", "")
    check(1, "a/two was taken out of docs/reference/codes.txt")
    check(1, "a/two was taken out of docs/reference/codes.txt", write=True)


def test_count_junit(t):
    def count(cases, code, *texts):
        top = t.repo({"r.xml": "<testsuite>%s</testsuite>" % "".join(
            '<testcase name="%s" status="%s">%s<system-out>%s</system-out></testcase>' % case for case in cases)})
        t.run(top / "r.xml", program=t.root / "tools/count-junit").exits(code).prints(*texts)

    fine = ("unit_a", "run", "", "[ RUN      ] test_x\n[       OK ] test_x\n[  SKIPPED ] test_y\n[  SKIPPED ] 1 test(s).\n")
    count([fine], 0, "SKIPPED: unit_a: test_y\n1 passed, 0 failed, 1 skipped")
    count([fine, ("fuzz_b", "run", "", "3 inputs replayed")], 0, "2 passed, 0 failed, 1 skipped")
    count([("unit_c", "fail", "<failure/>", "[       OK ] test_x\n[  FAILED  ] test_z\n[  FAILED  ] 1 test(s), listed below:\n")], 1,
          "FAIL unit_c: test_z", "1 passed, 1 failed, 0 skipped")
    count([("unit_d", "fail", "<failure/>", "Segmentation fault")], 1, "FAIL unit_d", "0 passed, 1 failed, 0 skipped")
    count([("unit_e", "notrun", "", "")], 0, "0 passed, 0 failed, 1 skipped")


def test_wrong_include_does_not_compile(t):
    def build(changes):
        top = tree(t, dict(GOOD, **changes))
        shutil.copy2(t.root / "CMakeLists.txt", top)
        shutil.copytree(t.root / "cmake", top / "cmake")
        made = t.run("-S", top, "-B", top / "build", "-G", "Ninja", "-DBUILD_TESTING=OFF", program="cmake")
        return made if made.code != 0 else t.run("--build", top / "build", program="cmake")

    build({}).ok()
    up = build({"core/base/base.c": '#include "base.h"\n#include "value/value.h"\nint base_one(void)\n{\n    return 1;\n}\n'})
    up.fails().prints("value/value.h: No such file or directory")
    build({"core/base/CMakeLists.txt": "tfa_core_library(base SOURCES base.c DEPENDS value)\n"}).fails().says(
        "core/base depends on core/value, which does not stand to the left of it")


def test_ladder_counts_a_crash_of_a_waiting_case(t):
    """A case in tests/pending.txt may fail, but neither die nor hang; the same of one that is accidental."""
    top = t.repo({"tests/oracle/run.py": 'print(open("said.txt").read())\n', "tests/pending.txt": "a/waits\n"})
    shutil.copy2(t.root / "tests/ladder.py", top / "tests")

    def ladder(problem, code, word="FAIL", name="a/waits"):
        said = "%s %s\n     %s\nok   a/other (0.1 s)\n1 passed, 1 failed\n" % (word, name, problem)
        (top / "said.txt").write_text(said)
        return t.run("tests/ladder.py", cwd=top, program="python3").exits(code)

    ladder("exit 65, want 0: not supported yet", 0).prints("SKIPPED: a: 1 cases", "1 passed, 0 failed, 1 skipped")
    ladder("exit 65, want 0", 1, name="a/other").prints("1 passed, 1 failed, 0 skipped")
    for problem in ("exit -11, want 0: ", "died with status -6", "died with status 139", "no result after 60 s"):
        ladder(problem, 1).prints("FAIL a/waits\n     " + problem, "1 passed, 1 failed, 0 skipped")
        ladder(problem, 1, "ACCIDENTAL").prints("1 passed, 1 failed, 0 skipped")
    ladder("died with status 139", 1).lacks("SKIPPED")


def test_coverage(t):
    if not shutil.which("gcov"):
        t.skip("no gcov")
    text = "int one(int n)\n{\n    if (n > 1) {\n        return 2;\n    }\n    return 1;\n}\n"
    top = tree(t, {"core/a/a.c": text, "core/a/b.c": text.replace("one", "two"), "main.c": "int one(int), two(int);\nint main(void)\n"
                   "{\n    return one(1) + two(2) + two(0) - 4;\n}\n", "build/none": None}, "coverage")
    build, tool = top / "build", top / "tools/coverage"
    t.run(build, program=tool).exits(1).says("nothing was run")
    t.run("--coverage", "-o", "made", "../core/a/a.c", "../core/a/b.c", "../main.c", cwd=build, program=shutil.which("gcc")).ok()
    t.run(cwd=build, program=build / "made").ok()
    t.equal(t.run(build, program=tool).ok().out.splitlines(),
            [" 75.0 % of    4  core/a/a.c", "100.0 % of    4  core/a/b.c", " 87.5 % of 8 lines in 2 files"][0:1] + [" 87.5 % of 8 lines in 2 files"])
    t.equal(t.run("--below", "80", "--lines", build, program=tool).ok().out.splitlines()[:2], [" 75.0 % of    4  core/a/a.c", "        6"])
    t.equal(t.run("--below", "75", build, program=tool).ok().out.splitlines(), [" 87.5 % of 8 lines in 2 files"])
