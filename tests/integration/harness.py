# SPDX-License-Identifier: Apache-2.0
"""What an integration test works with: the binary, throw-away repositories, a simulated AWS, a bad AWS.

A test is a function `test_<what>(t)` (or a method of a class `Test<Group>`) in a module `test_<area>.py`; `t` is a
`Case`. It fails by raising; the helpers `t.equal`, `t.contains` … raise with everything needed to understand why.

    def test_unknown_stack(t):
        repo = t.repo({"atmos.yaml": "...", "stacks/dev.yaml": "..."})
        with t.writes_nothing(repo):
            r = t.run("describe", "component", "vpc", "-s", "prod", cwd=repo)
        r.fails(65).says("no stack `prod`")

Python 3 standard library only.
"""
import atexit
import contextlib
import functools
import hashlib
import http.client
import http.server
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Passed through to the programs under test; everything else is left out.
KEEP_ENV = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\]8;[^\x1b]*\x1b\\")


class Failed(AssertionError):
    """The test found the program wrong."""


class Skipped(Exception):
    """The test cannot run here; the text says why."""


def clip(text, limit=4000):
    """The text, or its two ends when it is long."""
    return text if len(text) <= limit else text[: limit // 2] + "\n[...]\n" + text[-limit // 2:]


def atmos_yaml(more="", included="deploy/**/*", name='name_pattern: "{stage}"', stacks="", components="", terraform=""):
    """The configuration of a repository: which manifests below stacks/ are included, what names a stack, components of
    Terraform in components/terraform. Further keys: `stacks` has one of stacks, in line 3; `components` of components and
    `terraform` of components.terraform, in the last line; `more` stands behind it, from line 7, or 8, on."""
    return ('base_path: "."\nstacks:\n%s  base_path: stacks\n  included_paths: ["%s"]\n  %s\n'
            "components: { %sterraform: { base_path: components/terraform%s } }\n%s" % (
                stacks and "  %s\n" % stacks, included, name, components and components + ", ", terraform and ", " + terraform, more))


class Result:
    """One finished run: code (negative: killed by that signal), out, err, seconds. Checks return self, to be chained."""

    def __init__(self, argv, code, out, err, seconds):
        self.argv, self.code, self.seconds = argv, code, seconds
        self.out_bytes, self.err_bytes = out, err
        self.out = out.decode("utf-8", "surrogateescape")
        self.err = err.decode("utf-8", "surrogateescape")

    def __str__(self):
        return "$ %s\nexit %s after %.2f s\n--- stdout\n%s\n--- stderr\n%s" % (
            " ".join(self.argv), self.code, self.seconds, clip(self.out), clip(self.err))

    def fail(self, why):
        raise Failed("%s\n%s" % (why, self))

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as error:
            self.fail("stdout is not JSON: %s" % error)

    def exits(self, code):
        return self if self.code == code else self.fail("exit %s, want %s" % (self.code, code))

    def ok(self):
        return self.exits(0)

    def fails(self, code=None):
        """Exited with this code, or any but 0; never by a signal."""
        if self.code == 0 or self.code < 0 or self.code >= 128:
            self.fail("exit %s, want a failure" % self.code)
        return self if code is None else self.exits(code)

    def says(self, *texts):
        """Each text stands on stderr, not minding line breaks and runs of white space."""
        flat = " ".join(ANSI.sub("", self.err).split())
        for text in texts:
            if " ".join(text.split()) not in flat:
                self.fail("stderr does not say %r" % text)
        return self

    def prints(self, *texts):
        """Each text stands on stdout as it is."""
        for text in texts:
            if text not in self.out:
                self.fail("stdout does not have %r" % text)
        return self

    def lacks(self, *texts):
        """No text stands on stdout or stderr."""
        for text in texts:
            if text in self.out or text in self.err:
                self.fail("output has %r" % text)
        return self


def snapshot(folder):
    """Every path below the folder with its kind, mode, time of change and content."""
    seen = {}
    for top, dirs, files in os.walk(folder):
        dirs.sort()
        for name in dirs + files:
            path = os.path.join(top, name)
            st = os.lstat(path)
            what = ["%o" % st.st_mode, st.st_mtime_ns if not os.path.isdir(path) else 0]
            if os.path.islink(path):
                what.append(os.readlink(path))
            elif os.path.isfile(path):
                try:
                    with open(path, "rb") as file:
                        what.append(hashlib.sha256(file.read()).hexdigest())
                except OSError:
                    what.append("unreadable")
            seen[os.path.relpath(path, folder)] = tuple(what)
    return seen


def changes(before, after):
    """What differs between two snapshots, one line each."""
    return ["%s %s" % ("new" if p not in before else "gone" if p not in after else "changed", p)
            for p in sorted(set(before) | set(after)) if before.get(p) != after.get(p)]


_closed_ports = []


def closed_port():
    """A loopback port on which nothing listens: connecting is refused. It stays taken, so that nobody else gets it."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    _closed_ports.append(sock)
    return sock.getsockname()[1]


def wait_until(condition, what, limit=60):
    """Waits for something that is certain to come, on a loaded machine late."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise Failed("waited %d s in vain: %s" % (limit, what))
        time.sleep(0.01)


def is_alive(pid):
    """Whether the process is there and no mere entry that nobody has waited for."""
    try:
        return ") Z" not in pathlib.Path("/proc/%s/stat" % pid).read_text()
    except OSError:
        return False


def processor_seconds():
    """What the children that have ended took of the processors: says how much work it was, however long it had to wait."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def find_binary():
    path = os.environ.get("TF_ATMOS_BIN") or str(ROOT / "build" / "dev" / "tf-atmos")
    return os.path.abspath(path)


def find_terraform():
    """terraform or tofu as ./test found it; None when there is neither."""
    given = os.environ.get("TFA_TERRAFORM")
    if given is not None:
        return given or None
    return shutil.which("terraform") or shutil.which("tofu")


# ---------------------------------------------------------------- exit codes

@functools.lru_cache(maxsize=None)
def command_table(binary):
    """({command words: exit codes its help lists}, options that are followed by a value) of the program."""
    done = subprocess.run([binary, "help", "--format", "json"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, check=True)
    table = json.loads(done.stdout)
    options = table["global_options"] + [o for c in table["commands"] for o in c["options"]]
    valued = {"--" + o["name"] for o in options if o["value"]} | {"-" + o["letter"] for o in options if o["value"] and o["letter"]}
    codes = {}
    for command in table["commands"]:
        spans = [list(map(int, code.split("-"))) for code in command["exit_codes"]]
        codes[tuple(command["path"].split())] = {code for span in spans for code in range(span[0], span[-1] + 1)}
    return codes, valued


def command_of(arguments, codes, valued):
    """The words of the command that these arguments name; None: none that help shows."""
    words, at = [], 0
    while at < len(arguments) and arguments[at] != "--":
        if not arguments[at].startswith("-"):
            words.append(arguments[at])
        elif arguments[at] in valued:
            at += 1
        at += 1
    return max((path for path in codes if tuple(words[:len(path)]) == path), key=len, default=None)


def undocumented(binary, arguments, code):
    """What is wrong with an exit code that the help of its command does not list; signals are not judged."""
    if code < 0 or code >= 128:
        return None
    codes, valued = command_table(binary)
    path = command_of(arguments, codes, valued)
    if path is None or code in codes[path]:
        return None
    return "exit %d is not among the exit codes of `%s` (%s)" % (code, " ".join(path), ", ".join(map(str, sorted(codes[path]))))


# ---------------------------------------------------------------- one test

class Case:
    """Everything one test may use. Its folder `t.tmp` is removed afterwards."""

    root = ROOT

    def __init__(self, name):
        self.name = name
        # realpath: the programs print resolved paths.
        self.tmp = pathlib.Path(os.path.realpath(tempfile.mkdtemp(prefix="tf-atmos-test-")))
        self.home = self.tmp / "home"
        self.home.mkdir()
        (self.tmp / "tmp").mkdir()
        self.binary = find_binary()
        self.stack = contextlib.ExitStack()
        self._repos = 0

    def close(self):
        self.stack.close()
        for top, dirs, _ in os.walk(self.tmp):
            for name in dirs:
                path = os.path.join(top, name)
                if not os.path.islink(path):
                    with contextlib.suppress(OSError):
                        os.chmod(path, 0o700)
        shutil.rmtree(self.tmp, ignore_errors=True)

    # -- files

    def repo(self, files, name=None):
        """A folder with these files: {path: text, bytes, or None for a folder}. Texts are dedented."""
        self._repos += 1
        top = self.tmp / (name or "repo%d" % self._repos)
        self.write(top, files)
        return top

    def write(self, top, files):
        top.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            full = top / path
            full.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                full.mkdir(exist_ok=True)
            elif isinstance(content, bytes):
                full.write_bytes(content)
            else:
                full.write_text(textwrap.dedent(content), encoding="utf-8")

    def copy(self, source, name=None):
        """A working copy of a folder of the source tree, for example "examples/quickstart"."""
        self._repos += 1
        top = self.tmp / (name or "repo%d" % self._repos)
        shutil.copytree(ROOT / source, top, symlinks=True)
        return top

    @contextlib.contextmanager
    def writes_nothing(self, folder):
        """Fails when anything below the folder is another thing at the end than at the beginning."""
        before = snapshot(folder)
        yield
        found = changes(before, snapshot(folder))
        if found:
            raise Failed("written in %s:\n  %s" % (folder, "\n  ".join(found)))

    # -- programs

    def env(self, extra=None):
        """The clean environment, with these variables more (value None: without it)."""
        env = {k: os.environ[k] for k in KEEP_ENV if k in os.environ}
        env.update(HOME=str(self.home), TMPDIR=str(self.tmp / "tmp"), LC_ALL="C.UTF-8", TZ="UTC", TERM="dumb",
                   NO_COLOR="1", AWS_EC2_METADATA_DISABLED="true", GIT_CONFIG_NOSYSTEM="1", CHECKPOINT_DISABLE="1",
                   CMAKE_GENERATOR="Ninja")
        for key, value in (extra or {}).items():
            if value is None:
                env.pop(key, None)
            else:
                env[key] = str(value)
        return env

    def run(self, *args, cwd=None, env=None, timeout=60, stdin=None, program=None, **popen):
        """Runs the binary (or another program) to its end. Running into the time-out is a failure."""
        argv = [str(program or self.binary)] + [str(a) for a in args]
        started = time.monotonic()
        if stdin is not None:
            popen.setdefault("stdin", subprocess.PIPE)
            stdin = stdin.encode() if isinstance(stdin, str) else stdin
        popen.setdefault("stdin", subprocess.DEVNULL)
        proc = subprocess.Popen(argv, cwd=cwd or self.tmp, env=self.env(env), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, start_new_session=True, **popen)
        try:
            out, err = proc.communicate(stdin, timeout)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(proc.pid, signal.SIGKILL)
            out, err = proc.communicate()
            Result(argv, proc.returncode, out, err, time.monotonic() - started).fail("still running after %s s" % timeout)
        result = Result(argv, proc.returncode, out, err, time.monotonic() - started)
        if "Sanitizer" in result.err and re.search(r"(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:", result.err):
            result.fail("a sanitizer found an error")
        wrong = program is None and undocumented(self.binary, argv[1:], result.code)
        if wrong:
            result.fail(wrong)
        return result

    def nobody(self):
        """Options of `run` that give up the rights of root, for whom everything can be read and written. The program
        is run from a copy that everybody can reach."""
        os.chmod(self.tmp, 0o755)
        if os.geteuid() != 0:
            return {}
        copy = self.tmp / "bin" / "tf-atmos"
        if not copy.exists():
            copy.parent.mkdir()
            shutil.copy2(self.binary, copy)
            shutil.copy2(os.path.join(os.path.dirname(self.binary), "tf-atmos-worker"), copy.parent)
            for name in ("plugins", "modules"):
                beside = os.path.join(os.path.dirname(self.binary), name)
                if os.path.isdir(beside):
                    shutil.copytree(beside, copy.parent / name)
        return {"user": 65534, "group": 65534, "extra_groups": [], "program": copy}

    def start(self, *args, cwd=None, env=None, program=None, **popen):
        """Starts the binary and returns its Popen (text pipes); it is killed when the test ends."""
        argv = [str(program or self.binary)] + [str(a) for a in args]
        proc = subprocess.Popen(argv, cwd=cwd or self.tmp, env=self.env(env), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **popen)

        def stop():
            with contextlib.suppress(OSError):
                os.killpg(proc.pid, signal.SIGKILL)
            proc.communicate()

        self.stack.callback(stop)
        return proc

    # -- AWS

    def moto(self):
        """The simulator, started once per module and emptied now. Skips the test where moto is not installed."""
        moto = Moto.shared()
        moto.reset()
        return moto

    def overlay(self, upstream=None):
        """An HTTP endpoint of our own, before the simulator or alone."""
        overlay = Overlay(upstream)
        self.stack.callback(overlay.stop)
        return overlay

    def aws_env(self, url, **more):
        """Environment of a command that is to talk to this endpoint."""
        env = {"AWS_ENDPOINT_URL": getattr(url, "url", url), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
               "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
        env.update(more)
        return env

    def terraform(self):
        """terraform or tofu. Skips the test where there is neither."""
        path = find_terraform()
        if path is None:
            self.skip("neither terraform nor tofu is here")
        return path

    # -- verdicts

    def skip(self, why):
        raise Skipped(why)

    def fail(self, why):
        raise Failed(why)

    def check(self, condition, why="condition does not hold"):
        if not condition:
            raise Failed(str(why))

    def equal(self, got, want, what="value"):
        if got != want:
            raise Failed("%s:\n  got  %s\n  want %s" % (what, clip(repr(got)), clip(repr(want))))

    def contains(self, text, part):
        if part not in text:
            raise Failed("%r is not in:\n%s" % (part, clip(str(text))))


# ---------------------------------------------------------------- AWS calls of our own

class AwsAnswer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body or b"null")


def aws_headers(service, region, account=None, target=None, content_type=None):
    """Headers that route a call in the simulator; it reads the credential's scope and checks no signature."""
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/%s/%s/aws4_request, "
                         "SignedHeaders=host;x-amz-date, Signature=%s" % (region, service, "0" * 64),
        "X-Amz-Date": "20260101T000000Z",
    }
    if account:
        headers["x-moto-account-id"] = account
    if target:
        headers["X-Amz-Target"] = target
    if content_type:
        headers["Content-Type"] = content_type
    return headers


def http_call(url, method, path, headers=None, body=None, timeout=30):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return AwsAnswer(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


class Moto:
    """A moto server on a free loopback port."""

    _shared = None
    DEFAULT_ACCOUNT = "123456789012"

    @classmethod
    def shared(cls):
        if cls._shared is None:
            cls._shared = cls()
            atexit.register(cls._shared.stop)
        return cls._shared

    @staticmethod
    def program():
        given = os.environ.get("TFA_MOTO_SERVER")
        if given is not None:
            return given or None
        here = ROOT / "build" / "moto-venv" / "bin" / "moto_server"
        return str(here) if here.exists() else shutil.which("moto_server")

    @classmethod
    def at(cls, url):
        """A server that somebody else has started."""
        moto = cls.__new__(cls)
        moto.url = url
        return moto

    def __init__(self, log=None):
        program = self.program()
        if program is None:
            raise Skipped("moto is not installed (./test installs it under build/moto-venv)")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "MOTO_"))}
        env.update(PYTHONUNBUFFERED="1", AWS_EC2_METADATA_DISABLED="true")
        # Its log goes to a file that outlives this process: the server may too.
        if log is None:
            handle, self.log = tempfile.mkstemp(prefix="moto-", suffix=".log")
        else:
            handle, self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), str(log)
        self.proc = subprocess.Popen([program, "-H", "127.0.0.1", "-p", "0"], env=env, stdin=subprocess.DEVNULL,
                                     stdout=handle, stderr=handle, start_new_session=True)
        os.close(handle)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.proc.poll() is None:
            text = pathlib.Path(self.log).read_text(errors="replace")
            match = re.search(r"Running on (http://127\.0\.0\.1:\d+)", text)
            if match:
                self.url = match.group(1)
                with contextlib.suppress(OSError, http.client.HTTPException):
                    if http_call(self.url, "GET", "/moto-api/data.json").status == 200:
                        return
            time.sleep(0.05)
        text = pathlib.Path(self.log).read_text(errors="replace")
        self.stop()
        raise Failed("moto did not start:\n" + clip(text))

    def stop(self):
        with contextlib.suppress(OSError):
            os.killpg(self.proc.pid, signal.SIGTERM)
        try:
            self.proc.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.proc.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.unlink(self.log)

    def reset(self, seed=42):
        """Forgets all accounts; the ids of what is made next repeat from run to run."""
        answer = http_call(self.url, "POST", "/moto-api/reset")
        if answer.status != 200:
            raise Failed("moto: reset answered %d" % answer.status)
        http_call(self.url, "POST", "/moto-api/seed?a=%d" % seed)

    def call(self, service, method, path, body=None, region="us-east-1", account=None, expect=range(200, 300)):
        """One REST-JSON call: the answer's JSON. Used to put an account into a state."""
        data = None if body is None else json.dumps(body)
        answer = http_call(self.url, method, path, aws_headers(
            service, region, account, content_type="application/json" if data else None), data)
        if expect is not None and answer.status not in expect:
            raise Failed("moto: %s %s %s answered %d: %s" % (service, method, path, answer.status, clip(repr(answer.body))))
        return answer.json() if answer.body and answer.body[:1] in b"{[" else None

    def target(self, service, target, body=None, region="us-east-1", account=None, version="1.1", expect=range(200, 300)):
        """One JSON 1.0 or 1.1 call by X-Amz-Target."""
        answer = http_call(self.url, "POST", "/", aws_headers(
            service, region, account, target, "application/x-amz-json-" + version), json.dumps(body or {}))
        if expect is not None and answer.status not in expect:
            raise Failed("moto: %s answered %d: %s" % (target, answer.status, clip(repr(answer.body))))
        return answer.json() if answer.body and answer.body[:1] in b"{[" else None

    def query(self, service, action, region="us-east-1", account=None, expect=range(200, 300), **parameters):
        """One Query call (STS, IAM, EC2, SNS): the answer's XML as text."""
        form = urllib.parse.urlencode(dict(parameters, Action=action))
        answer = http_call(self.url, "POST", "/", aws_headers(
            service, region, account, content_type="application/x-www-form-urlencoded"), form)
        if expect is not None and answer.status not in expect:
            raise Failed("moto: %s answered %d: %s" % (action, answer.status, clip(repr(answer.body))))
        return answer.body.decode("utf-8", "replace")


# ---------------------------------------------------------------- an endpoint that can misbehave

class Request:
    """One request as the overlay received it. service and region come from the credential's scope."""

    def __init__(self, method, raw_path, headers, body):
        self.method, self.headers, self.body = method, headers, body
        parts = urllib.parse.urlsplit(raw_path)
        self.path, self.query, self.raw_path = parts.path, urllib.parse.parse_qs(parts.query, True), raw_path
        scope = re.search(r"Credential=([^/,]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request", headers.get("Authorization", ""))
        self.access_key, self.date, self.region, self.service = scope.groups() if scope else (None,) * 4
        self.target = headers.get("X-Amz-Target")
        form = urllib.parse.parse_qs(body.decode("latin-1")) if "x-www-form-urlencoded" in headers.get("Content-Type", "") else {}
        self.action = form.get("Action", self.query.get("Action", [None]))[0]
        self.time = time.monotonic()

    def json(self):
        return json.loads(self.body or b"null")

    def __repr__(self):
        return "%s %s %s %s" % (self.service, self.method, self.raw_path, self.target or self.action or "")


def _fits(want, got):
    if want is None:
        return True
    if got is None:
        return False
    return bool(want.fullmatch(got)) if hasattr(want, "fullmatch") else want == got


class Rule:
    def __init__(self, match, act, times):
        self.match, self.act, self.times = match, act, times

    def fits(self, request):
        m = self.match
        target = request.target
        if m.get("target") is not None and isinstance(m["target"], str) and "." not in m["target"] and target:
            target = target.rsplit(".", 1)[-1]
        return (self.times != 0 and _fits(m.get("service"), request.service) and _fits(m.get("method"), request.method)
                and _fits(m.get("path"), request.path) and _fits(m.get("target"), target)
                and _fits(m.get("action"), request.action) and _fits(m.get("region"), request.region))


class Overlay:
    """An HTTP endpoint: canned answers and faults for the requests that match, the rest goes upstream (or is 501).

    A rule matches by service, region, method, path, target (whole, or the part after the dot) and action; each is
    a string, a compiled pattern for the whole text, or absent. The rule added last wins; `times` limits its use.
    """

    def __init__(self, upstream=None):
        self.upstream = getattr(upstream, "url", upstream)
        self.requests, self.rules, self.connections = [], [], 0
        self.accounts = {}  # access key -> account id, for the simulator
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        overlay = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server_version = "overlay"

            def setup(self):
                with overlay.lock:
                    overlay.connections += 1
                super().setup()

            def serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                request = Request(self.command, self.path, self.headers, self.rfile.read(length))
                with overlay.lock:
                    overlay.requests.append(request)
                    rule = next((r for r in reversed(overlay.rules) if r.fits(request)), None)
                    if rule is not None and rule.times is not None:
                        rule.times -= 1
                try:
                    (rule.act if rule else overlay.forward)(self, request)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = serve

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128  # a connection too many would be tried again only after a second

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()

    # -- what to answer

    def rule(self, act, times=None, **match):
        unknown = set(match) - {"service", "region", "method", "path", "target", "action"}
        if unknown:
            raise TypeError("unknown match: %s" % unknown)
        with self.lock:
            self.rules.append(Rule(match, act, times))

    def answer(self, body=b"", status=200, headers=None, times=None, content_type="application/json", **match):
        """A canned answer: body is bytes, text, a JSON value, or a function of the request giving one."""
        def act(handler, request):
            content = body(request) if callable(body) else body
            send(handler, status, content, dict({"Content-Type": content_type}, **(headers or {})))
        self.rule(act, times, **match)

    def error(self, code, status=400, message="no", times=None, headers=None, **match):
        """An AWS-shaped error."""
        self.answer({"__type": code, "message": message}, status, dict({"x-amzn-errortype": code}, **(headers or {})), times, **match)

    def throttle(self, times=None, retry_after=None, **match):
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        self.error("ThrottlingException", 429, "Rate exceeded", times, headers, **match)

    def html(self, status=200, times=None, **match):
        self.answer(b"<!DOCTYPE html><html><title>proxy</title><h1>It works</h1></html>", status, None, times, "text/html", **match)

    def hang(self, times=None, after_headers=False, **match):
        """Takes the request and says nothing more (or only the headers) until the test ends."""
        def act(handler, _):
            if after_headers:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
                handler.wfile.flush()
            self.stopping.wait(120)
            handler.close_connection = True
        self.rule(act, times, **match)

    def drip(self, interval=0.2, times=None, **match):
        """Sends one byte of a body per interval, for ever: no time-out of a single read ends it."""
        def act(handler, _):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{")
            while not self.stopping.wait(interval):
                handler.wfile.write(b" ")
                handler.wfile.flush()
            handler.close_connection = True
        self.rule(act, times, **match)

    def truncate(self, body=b'{"cut": "he', claimed=1000, times=None, **match):
        """Announces more bytes than it sends, then closes."""
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (claimed, body), times, **match)

    def reset_connection(self, times=None, **match):
        """Closes without an answer, by RST."""
        def act(handler, _):
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            handler.connection.close()
        self.rule(act, times, **match)

    def huge(self, size=1 << 30, times=None, **match):
        """A JSON string of that many bytes, chunked, so its size is not announced."""
        def act(handler, _):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\n")
            chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
            for _ in range(size // 65536):
                if self.stopping.is_set():
                    break
                handler.wfile.write(chunk)
            handler.wfile.write(b"0\r\n\r\n")
            handler.close_connection = True
        self.rule(act, times, **match)

    def raw(self, data, times=None, **match):
        """Exactly these bytes, then closes."""
        def act(handler, _):
            handler.wfile.write(data)
            handler.wfile.flush()
            handler.close_connection = True
        self.rule(act, times, **match)

    # -- what came

    def calls(self, **match):
        """The requests so far that match as a rule would."""
        rule = Rule(match, None, None)
        with self.lock:
            return [r for r in self.requests if rule.fits(r)]

    def forward(self, handler, request):
        if self.upstream is None:
            send(handler, 501, {"message": "the overlay has no answer to: %r" % request}, {"x-amzn-errortype": "NoAnswer"})
            return
        headers = {k: v for k, v in request.headers.items() if k.lower() not in ("host", "connection", "content-length")}
        if request.access_key in self.accounts:
            headers["x-moto-account-id"] = self.accounts[request.access_key]
        try:
            answer = http_call(self.upstream, request.method, request.raw_path, headers, request.body or None)
        except OSError as error:
            send(handler, 502, {"message": str(error)}, {})
            return
        skip = ("connection", "content-length", "transfer-encoding", "date", "server")
        send(handler, answer.status, answer.body, {k: v for k, v in answer.headers.items() if k.lower() not in skip})


def send(handler, status, content, headers):
    if isinstance(content, str):
        content = content.encode()
    elif not isinstance(content, bytes):
        content = json.dumps(content).encode()
    handler.send_response(status)
    for key, value in headers.items():
        handler.send_header(key, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(content)
    handler.wfile.flush()


if __name__ == "__main__":
    sys.exit("run tests/integration/run.py")
