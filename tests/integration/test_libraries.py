# SPDX-License-Identifier: Apache-2.0
"""Plugins with libraries of their own: static and shared ones of different versions in one run, each plugin with its own."""
import json
import os
import pathlib
import shutil
import subprocess

import harness
from test_plugins import ATMOS

TEXT = "const char *%s { return VERSION; }"
# Package that knows the version, linker name, and the function that tells it, as a library of ours has it.
LIBRARIES = {
    "json_c": ("json-c", "json-c", TEXT % "json_c_version(void)"),
    "yaml": ("yaml-0.1", "yaml", TEXT % "yaml_get_version_string(void)"),
    "openssl": ("libcrypto", "crypto", TEXT % "OpenSSL_version(int kind)"),
    "curl": ("libcurl", "curl", "static const struct { int age; const char *version; } facts = { 0, VERSION };"
                                "const void *curl_version_info(int age) { return &facts; }"
                                "int curl_global_init(long flags) { return 0; } const char *curl_version(void) { return VERSION; }"
                                "void *curl_easy_init(void) { return 0; } int curl_easy_setopt(void *t, int o, ...) { return 0; }"
                                "int curl_easy_perform(void *t) { return 7; }"),
}


def execute(t, *argv):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True)
    t.check(done.returncode == 0, "%s\n%s" % (" ".join(map(str, argv)), done.stderr))
    return done.stdout.strip()


def packages(t):
    """The versions of the system's libraries, which must come with headers and archives."""
    if not (shutil.which("pkg-config") and shutil.which("gcc")):
        t.skip("no pkg-config or gcc")
    versions = {}
    for name, (package, _, _) in LIBRARIES.items():
        done = subprocess.run(["pkg-config", "--modversion", package], capture_output=True, text=True)
        if done.returncode != 0:
            t.skip("%s is not installed" % package)
        versions[name] = done.stdout.strip()
    return versions


def other_versions(t, folder, kind):
    """Sources of four libraries with the names of those of the system and versions that nobody has."""
    sources = {}
    for name, (_, _, code) in LIBRARIES.items():
        sources[name] = folder / (name + ".c")
        t.write(folder, {name + ".c": '#define VERSION "other %s"\n%s\n' % (kind, code)})
    return sources


def archives(t, folder):
    arguments = []
    for name, source in other_versions(t, folder, "static").items():
        execute(t, "gcc", "-c", "-fPIC", "-o", folder / (name + ".o"), source)
        execute(t, "ar", "rcs", folder / ("lib%s.a" % name), folder / (name + ".o"))
        arguments.append(folder / ("lib%s.a" % name))
    return arguments


def shared_objects(t, folder):
    arguments = []
    for name, source in other_versions(t, folder, "shared").items():
        file = folder / ("lib%s.so.99" % LIBRARIES[name][1])
        execute(t, "gcc", "-shared", "-fPIC", "-Wl,-soname," + file.name, "-o", file, source)
        arguments.append(file)
    return arguments


def static_arguments(t):
    """The system's archives, and what its libcurl needs on top; None where that cannot be linked."""
    folder = pathlib.Path(execute(t, "gcc", "-print-file-name=libc.so.6")).resolve().parent
    folder = folder if (folder / "libcrypto.a").exists() else pathlib.Path("/usr/lib") / folder.name
    names = ["libjson-c.a", "libyaml.a", "libcurl.a", "libssl.a", "libcrypto.a"]
    if not all((folder / name).exists() for name in names):
        return None
    arguments = ["-l:" + name for name in names] + ["-Wl,--as-needed"]
    for word in execute(t, "pkg-config", "--libs", "--static", "libcurl").split():
        name = word[2:]
        if word.startswith("-l") and name not in ("curl", "ssl", "crypto"):
            found = sorted(folder.glob("lib%s.so*" % name)) or sorted(folder.glob("lib%s-*.so*" % name))
            arguments += ["-l:" + found[0].name] if found else []
    return arguments


def plugin(t, repo, name, arguments):
    execute(t, "gcc", "-shared", "-fPIC", "-fvisibility=hidden", "-I", harness.ROOT / "sdk/include", "-I", harness.ROOT / "tests/plugins",
            '-DLIBRARIES="%s"' % name, "-o", repo / "plugins.d" / (name + ".so"), harness.ROOT / "tests/plugins/libraries.c",
            "-Wl,-z,now,--exclude-libs,ALL", *arguments)
    os.chmod(repo / "plugins.d" / (name + ".so"), 0o644)


def run_with_installed(t, repo, folder, *args):
    """Runs the program where these libraries are installed beside the system's, for this run alone."""
    script = """
        set -e
        mount -t tmpfs none /usr/local/lib
        cp "$1"/*.so.99 /usr/local/lib/
        echo /usr/local/lib | cat - /etc/ld.so.conf > "$1/ld.so.conf"
        ldconfig -X -C "$1/cache" -f "$1/ld.so.conf" 2>/dev/null
        mount --bind "$1/cache" /etc/ld.so.cache
        shift
        exec "$@"
        """
    return t.run("-m", "sh", "-c", script, "sh", folder, t.binary, *args, cwd=repo, program="unshare", timeout=120)


def may_mount(t):
    return shutil.which("ldconfig", path="/usr/sbin:/sbin") and shutil.which("unshare") and subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /usr/local/lib"], capture_output=True).returncode == 0


def variables(t, repo, r):
    r.ok()
    found = list(repo.rglob("*.tfvars.json"))
    t.equal(len(found), 1, "variable files")
    return json.loads(found[0].read_text())


def test_versions_side_by_side(t):
    """Shared ones of the system, static ones of it, and other versions under the same names: all in one run."""
    installed = packages(t)
    names = {"shared": ["-ljson-c", "-lyaml", "-lcrypto", "-lcurl"], "static": static_arguments(t)}
    other, beside = t.tmp / "other", t.tmp / "beside"
    names["otherstatic"] = archives(t, other)
    names["othershared"] = shared_objects(t, beside) if may_mount(t) else None
    names = {name: arguments for name, arguments in names.items() if arguments}
    t.check(len(names) >= 2, names)
    repo = t.repo({"atmos.yaml": ATMOS, "components/terraform/app/main.tf": "", "plugins.d": None,
                   "stacks/dev.yaml": "vars: { stage: dev }\ncomponents: { terraform: { app: { settings: { %s } } } }\n" %
                                      ", ".join("%s: {}" % name for name in names)})
    for name, arguments in names.items():
        plugin(t, repo, name, arguments)
        t.run("plugin", "enable", "test.libraries-" + name, cwd=repo).ok()
    command = ("terraform", "generate", "varfile", "app", "-s", "dev")
    r = run_with_installed(t, repo, beside, *command) if "othershared" in names else t.run(*command, cwd=repo)
    said = variables(t, repo, r)
    for name in names:
        for library in LIBRARIES:
            version = said["%s_%s" % (name, library)]
            if name.startswith("other"):
                t.equal(version, "other " + name[5:], "%s of the plugin %s" % (library, name))
            else:
                t.contains(version, installed[library])
        # libcurl looks for a network when it starts, finds none, and goes on.
        t.equal(said[name + "_curl_start"], "started", "curl_global_init of the plugin " + name)
        t.contains(said[name + "_curl_line"], "other " if name.startswith("other") else "libcurl/" + installed["curl"])
        t.equal(said[name + "_curl_transfer"], "failed", "a transfer of the plugin " + name)


def test_missing_library(t):
    """A shared library that is in no folder of the system is not found, and the message says which one."""
    packages(t)
    beside = t.tmp / "beside"
    repo = t.repo({"atmos.yaml": ATMOS, "components/terraform/app/main.tf": "", "plugins.d": None,
                   "stacks/dev.yaml": "vars: { stage: dev }\ncomponents: { terraform: { app: { settings: { away: {} } } } }\n"})
    plugin(t, repo, "away", shared_objects(t, beside))
    t.run("plugin", "enable", "test.libraries-away", cwd=repo).ok()
    r = t.run("validate", cwd=repo, env={"LD_LIBRARY_PATH": beside}).fails(1)
    r.prints("plugin/load-failed", ".so.99: cannot open shared object file")
    # Nobody's fault but the machine's: it is tried again.
    t.run("plugin", "list", cwd=repo).ok().lacks("quarantined")
