# SPDX-License-Identifier: Apache-2.0
"""A plugin written outside this tree, from an installed SDK alone, is dropped into a repository and enabled."""
import hashlib
import json
import os
import pathlib
import re
import shutil

from harness import atmos_yaml

ID = "com.example.tag-policy"
FILES = {
    "atmos.yaml": atmos_yaml(included="**/*"),
    "stacks/dev.yaml": """\
        vars:
          stage: dev
        components:
          terraform:
            app:
              settings:
                tag-policy:
                  owner: nobody
                  cost_center: cc-1
              vars:
                size: 3
        """,
    "components/terraform/app/main.tf": 'variable "size" {}\nvariable "tags" {}\n',
}
installed = {}  # one SDK and one built plugin serve all tests of this module


def build_folder(t):
    return pathlib.Path(os.path.realpath(t.binary)).parent


def sanitizers(t):
    """Flags that make outside code fit a build with sanitizers."""
    cache = (build_folder(t) / "CMakeCache.txt").read_text()
    found = re.search(r"^TFA_SANITIZE:\w+=(.+)$", cache, re.M)
    return "-fsanitize=%s" % found.group(1).replace(";", ",") if found else ""


def tool(t, *argv, **more):
    return t.run(*argv[1:], program=shutil.which(argv[0]), timeout=300, **more).ok()


def sdk(t):
    """The prefix the SDK is installed to."""
    if "sdk" not in installed:
        # Not below t.tmp, which goes with its test.
        folder = pathlib.Path(os.path.realpath(t.tmp)).parent / ("tf-atmos-sdk-%d" % os.getpid())
        import atexit
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        tool(t, "cmake", "--install", build_folder(t), "--prefix", folder / "sdk")
        installed["folder"], installed["sdk"] = folder, folder / "sdk"
    return installed["sdk"]


def new(t, language, name="tag-policy", folder=None):
    """A folder written by the installed program."""
    target = folder or t.tmp / ("new-" + language)
    t.run("plugin", "new", "com.example." + name, "--lang", language, "--folder", target,
          program=sdk(t) / "bin/tf-atmos").ok()
    return target


def cmake_build(t, source, build):
    """Builds a folder of `plugin new` and runs its unit tests; returns where the plugins are."""
    flags = "-Wall -Wextra -Wpedantic -Wconversion -Werror " + sanitizers(t)
    tool(t, "cmake", "-S", source, "-B", build, "-DCMAKE_PREFIX_PATH=%s" % sdk(t), "-DCMAKE_C_FLAGS=%s" % flags,
         "-DCMAKE_CXX_FLAGS=%s" % flags, env={"CC": "gcc", "CXX": "g++"})
    tool(t, "cmake", "--build", build)
    said = tool(t, "ctest", "--test-dir", build, "--no-tests=error", "--output-on-failure")
    t.check(re.search(r"conform_[a-z-]+ \.+ +Passed", said.out), "ctest does not run the conformance tests\n%s" % said)
    return build / "plugins"


def conforms(t, library):
    """The installed program finds its conformance runner, and the plugin keeps every rule."""
    r = t.run("plugin", "conform", library, program=sdk(t) / "bin/tf-atmos", timeout=120).ok()
    t.check(re.search(r"^(30|29) passed, 0 failed, [01] skipped; \d+ intents, seed 1$", r.out, re.M), r.out)


def plugin(t):
    """The template built outside the tree; its unit tests have passed."""
    sdk(t)
    if "plugin" not in installed:
        build = installed["folder"] / "build"
        cmake_build(t, new(t, "c", folder=installed["folder"] / "source"), build)
        installed["plugin"] = build / "plugins/tag-policy.so"
    return installed["plugin"]


def repository(t):
    repo = t.repo(FILES)
    (repo / "plugins.d").mkdir()
    shutil.copy(plugin(t), repo / "plugins.d")
    os.chmod(repo / "plugins.d/tag-policy.so", 0o644)
    return repo


def row(t, repo):
    listed = t.run("plugin", "list", "--format", "json", cwd=repo).ok().json()
    mine = [r for r in listed["items"] if r.get("id") == ID]
    t.equal(len(mine), 1, "rows of " + ID)
    return mine[0]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_installed_sdk_is_whole(t):
    prefix = sdk(t)
    headers = {p.name for p in (prefix / "include/tf-atmos").iterdir()}
    t.equal(headers, {p.name for p in (t.root / "sdk/include/tf-atmos").iterdir()}, "headers")
    inside = "".join(p.read_text() for p in (prefix / "lib").rglob("*") if p.suffix in (".cmake", ".pc", ".map"))
    t.check(str(t.root) not in inside, "the installed SDK names the source tree")


def test_conform_is_found_where_it_is_installed(t):
    conforms(t, plugin(t))
    gone = t.tmp / "prefix"
    shutil.copytree(sdk(t), gone, ignore=shutil.ignore_patterns("tf-atmos-conform"))
    t.run("plugin", "conform", plugin(t), program=gone / "bin/tf-atmos").exits(69).says("tf-atmos-conform is not installed")


def test_pkg_config(t):
    if not shutil.which("pkg-config"):
        t.skip("pkg-config is not here")
    pc = next(sdk(t).rglob("tf-atmos-sdk.pc"))
    env = {"PKG_CONFIG_PATH": pc.parent}
    flags = tool(t, "pkg-config", "--cflags", "tf-atmos-sdk", env=env).out.split()
    source = t.tmp / "use.c"
    source.write_text("#include <tf-atmos/tfa.h>\nint main(void) { return TFA_ABI_MAJOR - 1; }\n")
    tool(t, "gcc", "-Wall", "-Werror", *flags, "-o", t.tmp / "use", source)
    folder = pathlib.Path(tool(t, "pkg-config", "--variable=version_script", "tf-atmos-sdk", env=env).out.strip())
    t.check(folder.exists(), "%s is not there" % folder)


def test_a_new_plugin_in_cpp_says_the_same(t):
    if not shutil.which("g++"):
        t.skip("g++ is not here")
    built = cmake_build(t, new(t, "cpp"), t.tmp / "build") / "tag-policy.so"
    conforms(t, built)
    manifests = [t.run("plugin", "manifest", path).ok().json() for path in (built, plugin(t))]
    t.equal(manifests[0], manifests[1], "static metadata")
    answers = []
    for path in (built, plugin(t)):
        repo = t.repo(FILES)
        (repo / "plugins.d").mkdir()
        shutil.copy(path, repo / "plugins.d")
        os.chmod(repo / "plugins.d/tag-policy.so", 0o644)
        t.run("plugin", "enable", ID, cwd=repo).ok()
        answers.append(t.run("validate", "--format", "json", cwd=repo).fails().out.replace(digest(path), ""))
    t.contains(answers[0], "is not an e-mail address")
    t.equal(answers[0], answers[1], "findings")


THROWS = """\
    #include <stdexcept>
    #include <tf-atmos/tfa.hpp>
    #include "tag-policy_manifest.h"

    struct Throws {
        explicit Throws(const tfa::Call &) {}
        void validate(const tfa::Call &, tfa::Value config, tfa::Value) const
        {
            auto owner = config.get("owner").as_string();
            if (owner == "code") {
                throw tfa::Error(TFA_E_LIMIT);
            }
            if (owner == "memory") {
                throw std::bad_alloc();
            }
            throw std::runtime_error("thrown on purpose");
        }
        tfa::Value generate(const tfa::Call &call, tfa::Value, tfa::Value) const { return call.none(); }
    };
    TFA_CPP_PLUGIN(Throws)
    """


def test_an_exception_is_one_finding(t):
    if not shutil.which("g++"):
        t.skip("g++ is not here")
    source = new(t, "cpp")
    t.write(source, {"tag_policy.cc": THROWS})
    manifest = json.loads((source / "manifest.json").read_text())
    manifest.update(provides=["tfa.component/1"], checks=[], aws_actions=[])
    (source / "manifest.json").write_text(json.dumps(manifest))
    tool(t, "cmake", "-S", source, "-B", source / "build", "-DCMAKE_PREFIX_PATH=%s" % sdk(t), "-DBUILD_TESTING=OFF",
         "-DCMAKE_CXX_FLAGS=" + sanitizers(t), "-DCMAKE_C_FLAGS=" + sanitizers(t), env={"CC": "gcc", "CXX": "g++"})
    tool(t, "cmake", "--build", source / "build")
    for owner, said in (("code", "limit"), ("memory", "memory"), ("other", "internal")):
        repo = t.repo(dict(FILES, **{"stacks/dev.yaml": FILES["stacks/dev.yaml"].replace("nobody", owner)}))
        (repo / "plugins.d").mkdir()
        shutil.copy(source / "build/plugins/tag-policy.so", repo / "plugins.d")
        os.chmod(repo / "plugins.d/tag-policy.so", 0o644)
        t.run("plugin", "enable", ID, cwd=repo).ok()
        r = t.run("validate", cwd=repo).fails()
        t.equal((r.out + r.err).count("could not validate component"), 1, r)
        t.contains(r.out + r.err, said)
    debug = t.run("validate", cwd=repo, env={"TF_ATMOS_LOGS_LEVEL": "Debug"}).fails()
    t.contains(debug.err, "thrown on purpose")


def test_new_writes_the_names_of_the_plugin_everywhere(t):
    source = new(t, "c", "static")
    texts = {str(p.relative_to(source)): p.read_text() for p in source.rglob("*") if p.is_file()}
    t.check({"static_plugin.c", "test_static_plugin.c", "manifest.json", "schema.json", "CMakeLists.txt", "README.md",
             ".github/workflows/plugin.yml"} <= set(texts), sorted(texts))
    for name, text in texts.items():
        t.check(not re.search(r"tag.?policy|TagPolicy|TAG[-_0]", text), "%s still has names of the template" % name)
    manifest = json.loads(texts["manifest.json"])
    t.equal((manifest["id"], manifest["kinds"], manifest["code_prefix"]), ("com.example.static", ["static"], "STATIC"))
    cmake_build(t, source, t.tmp / "build")


def test_new_writes_nothing_on_a_mistake(t):
    program = sdk(t) / "bin/tf-atmos"
    there = t.repo({"mine/file": "x"})
    for argv, said in ((("com.example.x", "--folder", "mine"), "plugin/new-exists"), (("Bad.Id",), "plugin/bad-id"),
                       (("com.example.1x",), "plugin/bad-id"), (("a", "--lang", "cobol"), "c, cpp"),
                       (("a", "--folder", "mine/file/x"), "plugin/new-io")):
        with t.writes_nothing(there):
            t.run("plugin", "new", *argv, cwd=there, program=program).fails().says(said)
    with t.writes_nothing(there):
        t.run("plugin", "new", "com.example.x", "--dry-run", cwd=there, program=program).ok().prints("would add x/manifest.json")
        alone = t.tmp / "alone"
        shutil.copy2(program, alone)
        t.run("plugin", "new", "com.example.x", cwd=there, program=alone).fails().says("plugin/no-sdk")


CPP = """\
    #include <string>
    #include <tf-atmos/tfa.h>
    #include "cpp_manifest.h"

    namespace {
    tfa_kit kit;

    std::int32_t validate(void *, tfa_call *call, tfa_val config, tfa_val)
    {
        try {
            tfa_val v = kit.value->get(call, config, TFA_S("name"));
            const tfa_str text = tfa_get_str(&kit, call, config, TFA_S("name"), TFA_S(""));
            const std::string message = "hello " + std::string(text.ptr, text.len);
            return tfa_report(&kit, call, v, TFA_S(CPP0001), tfa_str_of(message.c_str()), TFA_S(""));
        } catch (...) {
            return TFA_E_INTERNAL;
        }
    }

    std::int32_t generate(void *, tfa_call *, tfa_val, tfa_val, tfa_val *ret_vars)
    {
        *ret_vars = TFA_NONE;
        return TFA_OK;
    }

    std::int32_t init(const tfa_host *host, tfa_call *, void **)
    {
        tfa_kit_init(&kit, host);
        return TFA_OK;
    }

    const tfa_component_v1 component = { validate, generate };

    const void *ext(void *, const char *id)
    {
        return std::string(id) == TFA_EXT_COMPONENT_V1 ? &component : nullptr;
    }

    const tfa_plugin plugin = { TFA_PLUGIN_HEAD, init, nullptr, ext };
    } // namespace

    TFA_EXPORT const tfa_plugin *tfa_plugin_main_v1(void)
    {
        return &plugin;
    }
    """


def test_a_plugin_in_cpp(t):
    if not shutil.which("g++"):
        t.skip("g++ is not here")
    manifest = {"id": "com.example.cpp", "version": "1.0.0", "abi": {"major": 1, "minor": 0}, "kinds": ["cpp"], "summary": "C++",
                "license": "MIT", "code_prefix": "CPP", "documentation": "https://example.com", "provides": ["tfa.component/1"],
                "extensions": {"required": ["tfa.value/1", "tfa.diag/1"]},
                "codes": [{"code": "CPP0001", "severity": "info", "title": "t", "cause": "c", "fix": "f"}]}
    cmake = """\
        cmake_minimum_required(VERSION 3.25)
        project(cpp LANGUAGES %s)
        set(CMAKE_CXX_STANDARD 17)
        find_package(tf-atmos-sdk REQUIRED)
        tfa_add_plugin(NAME cpp SOURCES cpp.cc MANIFEST manifest.json)
        """
    source = t.repo({"cpp.cc": CPP, "manifest.json": json.dumps(manifest), "CMakeLists.txt": cmake % "C CXX",
                     "wrong/CMakeLists.txt": cmake % "C"}, "source")
    flags = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror " + sanitizers(t)
    common = ("-DCMAKE_PREFIX_PATH=%s" % sdk(t), "-DCMAKE_CXX_FLAGS=%s" % flags, "-DCMAKE_C_FLAGS=%s" % flags)
    t.run("-S", source / "wrong", "-B", source / "no", *common, program=shutil.which("cmake")).fails().says("needs LANGUAGES C")
    tool(t, "cmake", "-S", source, "-B", source / "build", *common, env={"CC": "gcc", "CXX": "g++"})
    tool(t, "cmake", "--build", source / "build")
    repo = t.repo(FILES)
    path = repo / "stacks/dev.yaml"
    path.write_text(path.read_text().replace("tag-policy:", "cpp:").replace("owner: nobody", "name: world"))
    (repo / "plugins.d").mkdir()
    shutil.copy(source / "build/plugins/cpp.so", repo / "plugins.d")
    os.chmod(repo / "plugins.d/cpp.so", 0o644)
    t.run("plugin", "enable", "com.example.cpp", cwd=repo).ok()
    t.run("validate", cwd=repo).ok().prints("CPP0001", "hello world", "stacks/dev.yaml:8:17")


def test_no_code_runs_before_it_is_enabled(t):
    repo = repository(t)
    found = row(t, repo)
    t.equal(found["state"], "available", "state")
    t.contains(found["reason"], "untrusted")
    t.equal(found["next"], "tf-atmos plugin enable " + ID, "next command")
    t.run("plugin", "list", cwd=repo).ok().prints(ID, "untrusted")
    t.run("plugin", "info", ID, cwd=repo).ok().prints("TAG0001", "TAG-01", "organizations:DescribeOrganization")
    t.run("validate", cwd=repo).ok().lacks("TAG0001").prints("plugin enable " + ID)


def test_explain_knows_the_codes_without_running_the_plugin(t):
    t.run("explain", "TAG0001", cwd=repository(t)).ok().prints("owner is not an e-mail address")


def test_enabled_its_finding_appears(t):
    repo = repository(t)
    t.run("plugin", "enable", ID, cwd=repo).ok()
    lock = (repo / "tf-atmos.lock.json").read_text()
    t.contains(lock, ID)
    t.contains(lock, digest(repo / "plugins.d/tag-policy.so"))
    t.equal(row(t, repo)["state"], "ready", "state")
    r = t.run("validate", cwd=repo).fails()
    flat = r.out + r.err
    for part in ("TAG0001", "stacks/dev.yaml:8:18", 'the owner "nobody" is not an e-mail address'):
        t.contains(flat, part)


def test_generated_variables_lie_under_those_of_the_user(t):
    repo = repository(t)
    path = repo / "stacks/dev.yaml"
    path.write_text(path.read_text().replace("owner: nobody", "owner: team@example.com")
                    .replace("size: 3", "size: 3\n        tags: { CostCenter: mine }"))
    t.run("plugin", "enable", ID, cwd=repo).ok()
    t.run("validate", cwd=repo).ok()
    t.run("terraform", "generate", "varfile", "app", "-s", "dev", "--file", "vars.json", cwd=repo).ok()
    made = json.loads((repo / "vars.json").read_text())
    t.equal(made["tags"], {"Owner": "team@example.com", "CostCenter": "mine"}, "tags")
    t.equal(made["size"], 3, "size")


def test_a_schema_violation_stops_before_the_plugin(t):
    repo = repository(t)
    path = repo / "stacks/dev.yaml"
    path.write_text(path.read_text().replace("cost_center: cc-1", "cost_centre: cc-1"))
    t.run("plugin", "enable", ID, cwd=repo).ok()
    r = t.run("validate", cwd=repo).fails()
    t.contains(r.out + r.err, "cost_centre")
    t.check("TAG0001" not in r.out + r.err, r)


def test_changed_bytes_are_refused_with_both_digests(t):
    repo = repository(t)
    so = repo / "plugins.d/tag-policy.so"
    t.run("plugin", "enable", ID, cwd=repo).ok()
    before = digest(so)
    so.write_bytes(so.read_bytes() + b"\0")
    r = t.run("validate", cwd=repo)
    listed = t.run("plugin", "list", "--format", "json", cwd=repo)
    text = r.out + r.err + listed.out
    t.check("TAG0001" not in r.out + r.err, "code of a changed plugin ran:\n%s" % r)
    t.contains(text, before)
    t.contains(text, digest(so))


def test_disabled_again(t):
    repo = repository(t)
    t.run("plugin", "enable", ID, cwd=repo).ok()
    t.run("plugin", "disable", ID, cwd=repo).ok()
    t.check(ID not in (repo / "tf-atmos.lock.json").read_text() if (repo / "tf-atmos.lock.json").exists() else True)
    t.run("validate", cwd=repo).lacks("TAG0001")
