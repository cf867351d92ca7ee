# SPDX-License-Identifier: Apache-2.0
"""Hostile plugins: every deed in every function of a plugin, against the real program and its workers."""
import concurrent.futures
import hashlib
import os
import pathlib
import platform
import re
import signal

from harness import ANSI, is_alive, wait_until
from test_plugins import ATMOS, build, install

ID = "test.attack"
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYPLANTED"
HUSHED = "hushed-value-of-another-instance"
GIVEN = "given-to-the-plugin-itself"
STACK = """\
    vars: { stage: dev }
    components:
      terraform:
        app:
          settings:
            attack: { given: "%s" }
        third:
          vars: { password: "%s" }
          settings: { probe: { act: thread, text: hello } }
    """ % (GIVEN, HUSHED)

# Each function of a plugin: the name in messages, the command that enters it, the command's exit code when it ends there.
VARFILE = ("terraform", "generate", "varfile", "app", "-s", "dev")
PLACES = {
    "constructor": ("loading", ("validate", "--format", "json"), 1),
    "init": ("init", ("validate", "--format", "json"), 1),
    "component.validate": ("component.validate", ("validate", "--format", "json"), 1),
    "component.generate": ("component.generate", VARFILE, 69),
    "check.list": ("check.list", ("check", "--format", "json"), 1),
    "check.run": ("check.run", ("check", "--format", "json"), 1),
    "shutdown": ("shutdown", ("validate", "--format", "json"), 1),
}

# What ends a plugin, and the cause that is said.
ENDS = {
    "crash": "was ended by signal 11 (SIGSEGV)",
    "masked": "was ended by signal 11 (SIGSEGV)",
    "thread-crash": "was ended by signal 11 (SIGSEGV)",
    "abort": "was ended by signal 6 (SIGABRT)",
    "exit": "ended itself by exit(0)",
    "quick-exit": "ended itself by exit(0)",
    "overflow": "overflowed its stack",
    "memory": "used up its 512 MiB of memory",
    "garbage": "sent what cannot be read",
    "huge": "sent what cannot be read",
    "close": "closed its connection",
    "exec": "made a forbidden system call (execve)",
    "fork": "made a forbidden system call (fork)",
    # Some machines have no call of that name.
    "vfork": "made a forbidden system call (%s)" % ("vfork" if platform.machine() == "x86_64" else "fork"),
    "clone": "made a forbidden system call (fork)",
    "bomb": "made a forbidden system call (fork)",
    "ptrace": "made a forbidden system call (ptrace)",
    "kill": "made a forbidden system call (kill)",
    "kill-all": "made a forbidden system call (kill)",
    "leave": "made a forbidden system call (ptrace)",
}
HANGS = ("spin", "sleep", "stop")
# What comes to nothing: it is refused, or changes the worker alone.
REFUSED = ("read-home", "read-temporary", "read-system", "read-environment", "write-home", "write-temporary", "host", "fds",
           "environment", "surroundings", "print", "thread", "thread-left", "socket", "connect", "memory-file")


class Field:
    """A folder with one repository per attack, each with a home of its own: what crashed once is not started again."""

    def __init__(self, t):
        if any(b"libasan" in line or b"libtsan" in line for line in pathlib.Path(t.binary).read_bytes()[:1 << 20].split(b"\0")):
            t.skip("built with a sanitizer, which the sandbox does not go with")
        self.t = t
        self.bytes = build(t, "bad/attack").read_bytes()
        self.model = self.repository("model", "nothing", "constructor", "")
        for plugin in (ID, "com.example.probe"):
            t.run("plugin", "enable", plugin, cwd=self.model).ok()
        self.lock = (self.model / "tf-atmos.lock.json").read_text()
        self.digest = self.digest_of(self.model)

    @staticmethod
    def digest_of(repo):
        return hashlib.sha256((repo / "plugins.d/attack.so").read_bytes()).hexdigest()

    def repository(self, name, deed, place, thing):
        repo = self.t.repo({"atmos.yaml": ATMOS, "stacks/dev.yaml": STACK, "plugins.d": None,
                            "components/terraform/app/main.tf": "", "components/terraform/third/main.tf": ""}, name)
        install(self.t, "good/probe", repo / "plugins.d/probe.so")
        data = self.bytes
        for mark, room, text in ((b"ATTACK:DEED", 64, deed), (b"ATTACK:PLACE", 32, place), (b"ATTACK:OBJECT", 256, thing)):
            at = data.index(mark)
            data = data[:at] + str(text).encode().ljust(room, b"\0") + data[at + room:]
        (repo / "plugins.d/attack.so").write_bytes(data)
        os.chmod(repo / "plugins.d/attack.so", 0o644)
        return repo

    def prepare(self, deed, place, thing="", seconds=None):
        """Repository and environment of one attack."""
        name = "%s-in-%s" % (deed, place)
        repo = self.repository(name, re.sub("^(read|write)-.*", r"\1", deed), place, thing)
        if seconds:
            (repo / "atmos.yaml").write_text((repo / "atmos.yaml").read_text() +
                                             "plugins: { callback_seconds: %d, check_seconds: %d }\n" % (seconds, seconds))
        (repo / "tf-atmos.lock.json").write_text(self.lock.replace(self.digest, self.digest_of(repo)))
        home = self.t.tmp / (name + "-home")
        home.mkdir()
        env = self.t.aws_env("http://127.0.0.1:9", AWS_SECRET_ACCESS_KEY=SECRET, HOME=home, PLANTED=SECRET)
        return repo, env

    def attack(self, deed, place, thing="", seconds=None):
        repo, env = self.prepare(deed, place, thing, seconds)
        return repo, env, self.t.run("--logs-level", "Debug", *PLACES[place][1], cwd=repo, env=env)


def each(cases, attack):
    """Runs all cases, several at a time, and returns what failed."""
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        running = {pool.submit(attack, *case): case for case in cases}
        for future in concurrent.futures.as_completed(running):
            if future.exception():
                wrong.append("%s: %s" % (" in ".join(running[future]), future.exception()))
    return wrong


def ended_once(t, place, cause, repo, env, r):
    """One diagnostic, the other plugin, quarantine, no process left, nothing said of what is secret."""
    function, command, code = PLACES[place]
    r.exits(code)
    if command == VARFILE:
        t.equal(list(repo.rglob("*.tfvars.json")), [], "files written")
        ids, found = [], re.findall(r"^error\[(.*?)\]: (.*)$", ANSI.sub("", r.err), re.M)
    else:
        ids = [d["id"] for d in r.json()["diagnostics"]]
        found = [(d["id"], d["message"]) for d in r.json()["diagnostics"] if d["plugin"] == ID]
    t.equal([d[0] for d in found], ["plugin/ended"], "findings about it\n%s" % r)
    message = found[0][1]
    of = "" if place in ("constructor", "init", "shutdown") else " of component `app` in stack `dev`"
    t.check(re.fullmatch("plugin `%s` %s in %s%s" % (ID, cause, function, of), message), message)
    t.check(command == VARFILE or ids.count("PRB0002") == 1, "the other plugin did not finish: %s" % ids)
    row = [p for p in t.run("plugin", "list", "--format", "json", cwd=repo, env=env).ok().json()["items"] if p["id"] == ID]
    t.equal(row[0]["state"], "quarantined", "its state afterwards")
    r.lacks(SECRET, HUSHED)


def test_what_ends_a_plugin(t):
    field = Field(t)
    cases = [(deed, place) for deed in ENDS for place in PLACES]

    def attack(deed, place):
        repo, env, r = field.attack(deed, place)
        ended_once(t, place, re.escape(ENDS[deed]), repo, env, r)

    wrong = each(cases, attack)
    t.check(not wrong, "%d of %d not contained:\n%s" % (len(wrong), len(cases), "\n".join(wrong)))


def test_what_hangs(t):
    """Told to stop, then killed: also when it is deaf to signals, sleeps or has stopped itself."""
    field = Field(t)

    def attack(deed, place):
        # The time to shut down is not the plugin's to spend. All other functions of all plugins have the same time: it
        # must be more than a loaded machine needs to start a worker.
        seconds = 2 if place == "shutdown" else 5
        repo, env, r = field.attack(deed, place, seconds=5)
        ended_once(t, place, "did not return within %d s" % seconds, repo, env, r)

    wrong = each([(deed, place) for deed in HANGS for place in PLACES], attack)
    t.check(not wrong, "\n".join(wrong))


def test_jump_out(t):
    """Where a jump into a dead frame leads to is chance, a return that looks right included; that nobody else is touched is not."""
    field = Field(t)

    def attack(deed, place):
        repo, env, r = field.attack(deed, place, seconds=5)
        t.check(r.code in (0, 1, 69), "exit %d" % r.code)
        t.check(PLACES[place][1] == VARFILE or "PRB0002" in r.out, "the other plugin did not finish\n%s" % r)
        said = [d for d in r.json()["diagnostics"] if d["plugin"] == ID] if "json" in PLACES[place][1] else \
            re.findall(r"^error\[plugin/", ANSI.sub("", r.err), re.M)
        t.check(len(said) <= 1, "findings about it: %s" % said)

    wrong = each([("jump", place) for place in PLACES if place not in ("init", "shutdown")], attack)
    t.check(not wrong, "\n".join(wrong))


def test_what_is_refused(t):
    """What a plugin may try, gets an error, and goes on: nobody is told, nothing has happened."""
    field = Field(t)
    things = {"home": t.home / ".aws/credentials", "temporary": t.tmp / "tmp/notes", "system": "/etc/passwd",
              "environment": "/proc/self/environ"}
    for name in ("home", "temporary"):
        t.write(things[name].parent, {things[name].name: SECRET})
        things["write-" + name] = str(things[name]) + ".new"

    def attack(deed, place):
        kind = deed.partition("-")[2]
        repo, env, r = field.attack(deed, place, things.get(deed, things.get(kind, things["home"])))
        ids = set() if PLACES[place][1] == VARFILE else {d["id"] for d in r.json()["diagnostics"] if d["plugin"] == ID}
        # It reports no results of its checks in any case.
        t.equal(ids - {"plugin/check-no-result"}, set(), "findings about it\n%s" % r)
        t.check("plugin/ended" not in r.err, r)
        tried = re.findall(r"worker \d+: [\w-]+: ([^:]*): (.*)", r.err)
        t.check(tried or deed == "print", "it did not act\n%s" % r)
        done = {what for what, how in tried if how == "done"}
        t.equal(done - {"create", "join", "thread left", "print", "empty"} - {"fd %d" % n for n in range(7)}, set(), "done")
        if deed == "environment":
            t.check(("empty", "done") in tried, "the environment: %s" % tried)
        if deed == "fds":
            t.equal(tried[0], ("few", "Too many open files"), "descriptors")
        r.lacks(SECRET, HUSHED)

    cases = [(deed, place) for deed in REFUSED for place in PLACES]
    wrong = each(cases, attack)
    for name in ("home", "temporary"):
        t.equal(things[name].read_text(), SECRET, "a file after the attacks")
        t.check(not os.path.exists(things["write-" + name]), "a file was written")
    t.check(not wrong, "%d of %d:\n%s" % (len(wrong), len(cases), "\n".join(wrong)))


def hold(t, field, deed, place):
    """Starts a run whose plugin stays in that function: the program and the worker's process."""
    repo, env = field.prepare(deed, place)
    program = t.start("--logs-level", "Debug", *PLACES[place][1], cwd=repo, env=env)
    for line in program.stderr:
        found = re.search(r"worker (\d+): %s: now: done" % deed, line)
        if found:
            return program, int(found.group(1)), repo
    t.fail("%s in %s never came to it" % (deed, place))


def test_no_orphans(t):
    """The program is killed in the middle of each function: its worker goes with it, whatever it does."""
    field = Field(t)

    def attack(deed, place):
        program, worker, _ = hold(t, field, deed, place)
        t.check(is_alive(worker), "the worker is not there")
        os.kill(program.pid, signal.SIGKILL)
        program.wait()
        wait_until(lambda: not is_alive(worker), "the worker ends")

    wrong = each([(deed, place) for deed in HANGS for place in PLACES], attack)
    t.check(not wrong, "\n".join(wrong))


def memory_has(pid, texts):
    """Which of the texts stand anywhere in the memory of a process, its environment and arguments included."""
    found = set()
    with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as memory:
        for line in maps:
            start, end = (int(n, 16) for n in line.split()[0].split("-"))
            try:
                memory.seek(start)
                data = memory.read(min(end - start, 64 << 20))
            except (OSError, ValueError, OverflowError):
                continue
            found |= {text for text in texts if text.encode() in data}
    return found


def test_no_secret_in_a_worker(t):
    """Credentials of the environment and what other plugins were given are in no worker's memory."""
    if os.geteuid() != 0:
        t.skip("only root may look into a worker")
    field = Field(t)

    def attack(deed, place):
        program, worker, repo = hold(t, field, deed, place)
        texts = (SECRET, HUSHED, GIVEN)
        # In constructors and init nothing has been given yet.
        given = {GIVEN} if "." in place or place == "shutdown" else set()
        t.check(SECRET in memory_has(program.pid, texts), "the search finds nothing in the program either")
        t.equal(memory_has(worker, texts), given, "in the memory of the worker")
        os.kill(program.pid, signal.SIGKILL)
        out, err = program.communicate()
        t.check(SECRET not in out + err and HUSHED not in out + err, "in the report or the log")
        wait_until(lambda: not is_alive(worker), "the worker ends")
        for file in list(repo.rglob("*")) + list((t.tmp / (repo.name + "-home")).rglob("*")):
            if file.is_file() and file.suffix == ".json":
                t.check(SECRET not in file.read_text(), file)

    wrong = each([("sleep", place) for place in PLACES], attack)
    t.check(not wrong, "\n".join(wrong))
