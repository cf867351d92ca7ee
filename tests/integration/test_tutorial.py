# SPDX-License-Identifier: Apache-2.0
"""docs/sdk/tutorial.md, line by line: what it tells to type is typed, and prints what it shows.

A block ```console holds commands (`$ ...`) and what they print on both streams; `...` stands for anything within a line or, alone, for any
lines. A command without output shown may print what it likes. It succeeds, unless the next command is `echo $?`.
`Create `path`:` writes the block that follows; `In `path`, replace` and `with` change the one place where the first block stands.
"""
import os
import pathlib
import re
import shutil

from test_sdk_outside import FILES, build_folder, new, sanitizers, sdk

PAGE = "docs/sdk/tutorial.md"
BLOCK = re.compile(r"([^\n]*)\n\n?```(\w*)\n(.*?)\n```", re.S)
ENDPOINT = "http://127.0.0.1:5000"


def steps(text):
    """("run", command, lines shown or None) | ("create", path, text) | ("replace", path, old, new), in order."""
    found, pending = [], None
    for before, language, body in BLOCK.findall(text):
        create, replace = re.match(r"Create `([^`]+)`:$", before), re.search(r"In `([^`]+)`, replace$", before)
        if language == "console":
            for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
                command, _, shown = part.partition("\n")
                found.append(("run", command, shown.rstrip("\n") or None))
        elif create:
            found.append(("create", create.group(1), body + "\n"))
        elif replace:
            pending = (replace.group(1), body)
        elif before == "with" and pending:
            found.append(("replace",) + pending + (body,))
            pending = None
    return found


def fits(shown, printed):
    """Is the output what the page shows?"""
    pattern = ""
    for line in shown.split("\n"):
        pattern += r"(?:[^\n]*\n)*?" if line.strip() == "..." else re.sub(r"(?:\\\.){3}", "[^\n]*", re.escape(line.rstrip())) + r"[ ]*\n"
    return re.fullmatch(pattern, printed.rstrip("\n") + "\n") is not None


class Shell:
    """Commands one after the other in one folder with one environment, as in a terminal."""

    def __init__(self, t, endpoint=ENDPOINT):
        self.t, self.endpoint, self.state = t, endpoint, t.tmp / "shell.env"
        self.folder = t.tmp / "terminal"
        self.folder.mkdir()
        self.status = 0
        self.env = {"PATH": "%s/.local/bin:%s" % (t.home, os.environ["PATH"]), "CFLAGS": sanitizers(t)}

    def run(self, command):
        typed = command.replace(ENDPOINT, self.endpoint)
        typed = re.sub(r"\bbuild/release\b", str(build_folder(self.t)), typed)
        script = '[ ! -e "$0" ] || . "$0"; (exit %d); { %s\n} 2>&1; s=$?; export -p >"$0"; pwd >"$0.pwd"; exit $s' % (self.status, typed)
        r = self.t.run("-c", script, str(self.state), program="/bin/bash", cwd=self.folder, env=self.env, timeout=300)
        self.folder = type(self.folder)((self.state.parent / "shell.env.pwd").read_text().rstrip("\n"))
        self.status = r.code
        return r


def replace(t, path, old, new):
    text = path.read_text()
    t.equal(text.count(old), 1, "places in %s of\n%s\n" % (path.name, old))
    path.write_text(text.replace(old, new))


def test_the_tutorial(t):
    overlay = t.overlay()
    overlay.error("AWSOrganizationsNotInUseException", message="Your account is not a member of an organization.")
    shell = Shell(t, overlay.url)
    listed = steps((t.root / PAGE).read_text(encoding="utf-8"))
    t.check(len(listed) > 30, "only %d steps were read" % len(listed))
    for i, step in enumerate(listed):
        if step[0] == "create":
            t.write(shell.folder, {step[1]: step[2]})
        elif step[0] == "replace":
            replace(t, shell.folder / step[1], step[2], step[3])
        else:
            r = shell.run(step[1])
            following = listed[i + 1] if i + 1 < len(listed) else ("", "")
            if r.code != 0 and following[1] != "echo $?":
                r.fail("`%s` failed" % step[1])
            if step[2] is not None and not fits(step[2], r.out.replace(overlay.url, ENDPOINT)):
                r.fail("`%s` does not print\n%s" % (step[1], step[2]))
    t.check({s[0] for s in listed} == {"run", "create", "replace"}, "a kind of step is missing")
    t.check(overlay.calls(), "nothing was asked of AWS")


def follow_readme(t, language, **env):
    """What the README of a new plugin tells to type, by a user whose files their group may write."""
    repo = t.repo(dict(FILES, **{"stacks/dev.yaml": FILES["stacks/dev.yaml"].replace("nobody", "team@example.com")}))
    shell = Shell(t)
    shell.env.update(env, PATH="%s/bin:%s" % (sdk(t), os.environ["PATH"]), CXXFLAGS=sanitizers(t))
    shell.folder = new(t, language)
    shell.run("umask 002").ok()
    for _, command, _ in steps((shell.folder / "README.md").read_text()):
        command = command.replace("<where the SDK is installed>", str(sdk(t))).replace("<repository>", str(repo))
        shell.run("umask 002; " + command).ok()
    t.equal(shell.folder, repo, "where the README leads")
    t.run("validate", cwd=repo).ok().prints("1 handled by plugins: no problems")


def test_the_readme_of_a_new_plugin_in_c(t):
    follow_readme(t, "c")


def test_the_readme_of_a_new_plugin_in_cpp(t):
    if not shutil.which("g++"):
        t.skip("g++ is not here")
    follow_readme(t, "cpp")


def test_the_readme_of_a_new_plugin_in_rust(t):
    if not shutil.which("cargo"):
        t.skip("cargo is not here")
    if sanitizers(t):
        t.skip("the test kit of this build needs the runtime of a sanitizer, which rustc does not link")
    home = pathlib.Path.home()
    follow_readme(t, "rust", CARGO_NET_OFFLINE="true", RUSTUP_HOME=str(os.environ.get("RUSTUP_HOME", home / ".rustup")),
                  CARGO_HOME=str(os.environ.get("CARGO_HOME", home / ".cargo")))


def test_the_tutorial_is_linked(t):
    t.contains((t.root / "README.md").read_text(), "](%s)" % PAGE)
    t.contains((t.root / "docs/sdk/README.md").read_text(), "](tutorial.md)")
