# SPDX-License-Identifier: Apache-2.0
"""plugin install, update, remove: what is placed, what is pinned, and that nothing is when something is wrong."""
import base64
import concurrent.futures
import hashlib
import http.server
import json
import os
import pathlib
import platform
import shutil
import signal
import socket
import ssl
import threading
import time

import harness
import test_plugins

ID = "com.example.probe"
ARCH = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]


class Place:
    """A repository, a home, and a plugin in versions of its own that a trusted key signs."""

    def __init__(self, t):
        self.t = t
        self.home = t.tmp / "home"
        self.repo = test_plugins.repository(t)
        self.out = t.tmp / "out"
        self.out.mkdir()
        self.plugin = self.repo / "plugins.d" / (ID + ".so")
        self.ca = ""

    def run(self, *args, cwd=None, **env):
        return self.t.run(*args, cwd=cwd or self.repo, env=dict({"HOME": self.home, "AWS_CA_BUNDLE": self.ca}, **env))

    def key(self, name="key", trusted=True):
        self.run("plugin", "keygen", self.home / name, "--comment", name).ok()
        if trusted:
            self.run("plugin", "trust", "add", self.home / (name + ".pub"), "--allow", "com.example").ok()
        return self

    def key_id(self, name="key"):
        return (self.home / (name + ".pub")).read_text().splitlines()[1].split(": ")[1]

    def build(self, version="1.2.3", key="key", detached=False, name=None, identity=ID):
        """A plugin file of this version, signed unless key is None."""
        path = self.out / (name or "probe-%s.so" % version)
        data = test_plugins.build(self.t, "good/probe").read_bytes()
        old, new = b'"version":"1.2.3"', b'"version":"%s"' % version.encode()
        self.t.check(len(old) == len(new) and data.count(old) == 1, "the version can be replaced")
        data = data.replace(old, new).replace(b'"id":"com.example.probe"', b'"id":"%s"' % identity.encode())
        path.write_bytes(data)
        if key:
            self.run("plugin", "sign", path, "--key", self.home / key, *(["--detached"] if detached else [])).ok()
        return path

    def pin(self, identity=ID):
        path = self.repo / "tf-atmos.lock.json"
        return json.loads(path.read_text())["plugins"].get(identity) if path.exists() else None

    def row(self):
        return next(r for r in self.run("plugin", "list", "--format", "json").json()["items"] if r["id"] == ID)

    def nothing(self, *args, code=77, says=(), **env):
        """The command fails for this reason and changes not a byte."""
        with self.t.writes_nothing(self.repo), self.t.writes_nothing(self.home):
            result = self.run(*args, **env).fails(code)
        result.says(*([says] if isinstance(says, str) else says))
        self.t.equal(list((self.t.tmp / "tmp").iterdir()), [], "left in the temporary folder")
        return result

    def install(self, *args, **env):
        return self.run("plugin", "install", *args, **env).ok()


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------------------------------------------------------------- from the disk

def test_a_signed_file_is_placed_pinned_and_runs(t):
    place = Place(t).key()
    made = place.build()
    result = place.install(made).prints("installed %s 1.2.3, signed by key: plugins.d/%s.so" % (ID, ID))
    result.says("changed tf-atmos.lock.json")
    t.equal(place.plugin.read_bytes(), made.read_bytes(), "placed bytes")
    t.equal(place.plugin.stat().st_mode & 0o777, 0o644, "mode")
    t.equal(sorted(p.name for p in place.plugin.parent.iterdir()), [ID + ".so"], "files in plugins.d")
    pin = place.pin()
    t.equal((pin["version"], pin["sha256"], pin["signer"]), ("1.2.3", digest(made), place.key_id()), "pin")
    t.check("source" not in pin, "a path outside of the repository is not written down")
    t.equal(place.row()["state"], "ready", "state")
    place.run("validate").ok()
    with t.writes_nothing(place.repo):
        place.install(made).prints("already there: %s 1.2.3" % ID)


def test_a_detached_signature_comes_along(t):
    place = Place(t).key()
    made = place.build(detached=True)
    place.install(made)
    beside = place.plugin.with_name(place.plugin.name + ".sig")
    t.equal(beside.read_bytes(), made.with_name(made.name + ".sig").read_bytes(), "signature")
    t.equal(place.row()["state"], "ready", "state")
    later = place.build("1.3.0")  # signed inside: the old signature must not stay
    place.install(later, "--force").prints("(before: 1.2.3)")
    t.check(not beside.exists(), "the old signature is gone")
    t.equal(place.row()["state"], "ready", "state")


def test_what_nobody_trusts_is_not_installed(t):
    place = Place(t).key("stranger", trusted=False)
    signed, unsigned = place.build(key="stranger"), place.build("1.2.4", key=None)
    place.nothing("plugin", "install", signed, says=["plugin/install-untrusted", "key " + place.key_id("stranger")])
    place.nothing("plugin", "install", unsigned, says=["plugin/install-untrusted", "is not signed", "--sha256"])
    place.nothing("plugin", "install", unsigned, "--sha256", "0" * 64, says=["plugin/install-digest", digest(unsigned)])
    place.nothing("plugin", "install", unsigned, "--sha256", "ABC", code=64, says="cli/bad-value")
    place.install(unsigned, "--sha256", digest(unsigned))
    t.equal(place.pin()["sha256"], digest(unsigned), "pinned digest")
    t.check("signer" not in place.pin(), "no signer")
    t.equal(place.row()["state"], "ready", "state")


def test_untrusted_is_placed_and_not_enabled(t):
    place = Place(t)
    made = place.build(key=None)
    place.install(made, "--untrusted").says("tf-atmos plugin enable " + ID)
    t.equal(place.pin(), None, "pin")
    t.equal(place.row()["state"], "available", "state")
    place.run("plugin", "enable", ID).ok()
    t.equal(place.row()["state"], "ready", "state")


def test_a_changed_file_is_never_placed(t):
    place = Place(t).key()
    made = place.build()
    data = bytearray(made.read_bytes())
    data[len(data) // 2] ^= 1
    made.write_bytes(data)
    for options in ((), ("--untrusted",), ("--sha256", digest(made))):
        place.nothing("plugin", "install", made, *options, says=["plugin/content-changed", str(made)])
    text = place.out / "text.so"
    text.write_text("no plugin")
    place.nothing("plugin", "install", text, "--untrusted", code=65, says="plugin/file-invalid")


def test_nothing_there(t):
    place = Place(t)
    place.nothing("plugin", "install", "./absent.so", code=65, says=["plugin/install-no-file", "does not exist"])
    place.nothing("plugin", "install", place.out, code=65, says="holds no file *.so")
    os.mkfifo(place.out / "pipe.so")
    place.nothing("plugin", "install", place.out / "pipe.so", code=65, says="is no file")
    big = place.out / "big.so"
    with big.open("wb") as file:
        file.truncate((256 << 20) + 1)
    place.nothing("plugin", "install", big, code=65, says="256 MiB")


def test_replacing_needs_a_word(t):
    place = Place(t).key()
    place.install(place.build("1.2.3"))
    later, older = place.build("1.3.0"), place.build("1.1.0")
    place.nothing("plugin", "install", later, code=65, says=["plugin/install-exists", "plugin update " + ID])
    place.nothing("plugin", "install", older, says="plugin/install-downgrade")
    place.nothing("plugin", "install", older, "--force", says="plugin/install-downgrade")
    other = place.build("1.2.3", detached=True, name="other.so")
    place.nothing("plugin", "install", other, says="plugin/install-version-reused")
    place.install(later, "--force").prints("1.3.0 (before: 1.2.3)")
    t.equal((place.pin()["version"], place.pin()["sha256"]), ("1.3.0", digest(later)), "pin")
    place.install(older, "--allow-downgrade")
    t.equal(place.row()["version"], "1.1.0", "version")


def test_replaces_a_file_of_any_name(t):
    place = Place(t).key()
    dropped = place.repo / "plugins.d/dropped.so"
    shutil.copy(place.build("1.2.3"), dropped)
    later = place.build("1.3.0")
    place.install(later, "--force")
    t.equal(dropped.read_bytes(), later.read_bytes(), "the file with this id")
    t.equal([p.name for p in dropped.parent.iterdir()], ["dropped.so"], "files")


def test_a_foreign_file_in_the_way(t):
    place = Place(t).key()
    place.plugin.write_text("somebody's notes")
    place.nothing("plugin", "install", place.build(), "--force", code=65, says=["plugin/install-exists", "remove that file"])


def test_another_signer_needs_a_word(t):
    place = Place(t).key().key("other")
    place.install(place.build("1.2.3"))
    later = place.build("1.3.0", key="other")
    place.nothing("plugin", "install", later, "--force", says=["plugin/install-signer", place.key_id("other"), place.key_id()])
    unsigned = place.build("1.4.0", key=None)
    place.nothing("plugin", "install", unsigned, "--force", "--sha256", digest(unsigned), says="plugin/install-signer")
    place.install(later, "--force", "--accept-signer")
    t.equal(place.pin()["signer"], place.key_id("other"), "signer")


def test_a_folder_with_several(t):
    place = Place(t).key()
    place.build("1.2.3", name="a.so", identity="com.example.alpha")
    place.build("1.2.3", name="b.so", key=None)
    place.build("1.2.3", name="c.so", identity="com.example.gamma")
    (place.out / "notes.txt").write_text("no plugin")
    result = place.run("plugin", "install", place.out).fails(77)
    result.prints("installed com.example.alpha", "installed com.example.gamma").says("plugin/install-untrusted", "b.so")
    t.equal(sorted(p.name for p in place.plugin.parent.iterdir()), ["com.example.alpha.so", "com.example.gamma.so"], "files")
    t.check(place.pin("com.example.alpha") and place.pin("com.example.gamma"), "both are pinned")


def test_for_the_user(t):
    place = Place(t).key()
    made = place.build()
    empty = t.tmp / "elsewhere"
    empty.mkdir()
    place.run("plugin", "install", made, cwd=empty).fails(78).says("plugin/no-repository", "--user")
    place.run("plugin", "install", made, "--user", cwd=empty).ok()
    placed = place.home / ".local/share/tf-atmos/plugins" / (ID + ".so")
    t.equal(placed.read_bytes(), made.read_bytes(), "placed bytes")
    t.equal(list(empty.iterdir()), [], "nothing elsewhere")
    t.equal(place.row()["origin"], "user", "origin")
    place.run("plugin", "remove", ID, cwd=empty).ok()
    t.check(not placed.exists(), "it is removed")


def test_what_would_never_be_used(t):
    place = Place(t).key()
    place.install(place.build())
    place.nothing("plugin", "install", place.build("1.3.0"), "--user", "--force", code=65, says=["plugin/install-exists", "comes first"])


def test_dry_run_and_locked(t):
    place = Place(t).key()
    made = place.build()
    shutil.rmtree(place.plugin.parent)
    with t.writes_nothing(place.repo):
        place.install(made, "--dry-run").prints("would install %s 1.2.3" % ID).says("would change tf-atmos.lock.json")
    for command in (("install", made), ("update",), ("remove", ID)):
        place.nothing("plugin", *command, "--locked", says="plugin/lock-drift")
    place.install(made)
    with t.writes_nothing(place.repo):
        place.run("plugin", "remove", ID, "--dry-run").ok().prints("would remove")
    for command in (("install", made), ("update",), ("remove", ID)):
        place.nothing("plugin", *command, "--locked", says="plugin/lock-drift")


def test_a_folder_that_cannot_be_written(t):
    place = Place(t).key()
    made = place.build()
    shutil.rmtree(place.plugin.parent)
    place.plugin.parent.write_text("a file")
    place.nothing("plugin", "install", made, code=74, says="plugin/install-unwritable")


def test_a_folder_that_others_can_write(t):
    place = Place(t).key()
    made = place.build()
    os.chmod(place.plugin.parent, 0o777)
    place.nothing("plugin", "install", made, says="plugin/folder-writable")


def test_work_in_progress_is_no_plugin(t):
    place = Place(t).key()
    staging = place.repo / "plugins.d/.tf-atmos-abc"
    staging.mkdir()
    shutil.copy(place.build(), staging / "candidate.so")
    t.equal([r for r in place.run("plugin", "list", "--format", "json").json()["items"] if r["origin"] != "bundled"], [], "rows")


def kept(place):
    return sorted(p.name for p in place.plugin.parent.glob(".tf-atmos-*"))


def stopped_in_the_middle(t, place):
    """An installation that has begun to write and stands still: its process."""
    big = place.out / "big.so"
    if not big.exists():
        shutil.copy(place.build(key=None, identity="com.example.delta", name="delta.so"), big)
        os.truncate(big, 128 << 20)
    before = kept(place)
    program = t.start("plugin", "install", big, "--untrusted", "--force", cwd=place.repo, env={"HOME": place.home})
    # What lies in its folder tells that it has taken hold of it.
    harness.wait_until(lambda: program.poll() is not None or any(place.plugin.parent.glob(".tf-atmos-plugin-*/*")),
                       "the installation begins to write")
    program.send_signal(signal.SIGSTOP)
    t.equal(len(kept(place)), len(before) + 1, "its folder: %s" % program.poll())
    return program


def test_what_a_killed_install_leaves(t):
    """The next command in that folder removes it; while its process lives nobody does."""
    place = Place(t).key()
    vendored = place.repo / "vendor/probe.so"
    vendored.parent.mkdir()
    shutil.copy(place.build(), vendored)
    commands = (("install", "vendor/probe.so"), ("update",), ("remove", ID))
    for command in commands:
        program = stopped_in_the_middle(t, place)
        living = kept(place)
        for other in commands:
            place.run("plugin", *other).ok()
            t.equal(kept(place), living, "what a living process works in, after plugin " + other[0])
        place.install("vendor/probe.so") if command[0] != "install" else None
        program.kill()
        program.wait()
        t.equal(kept(place), living, "after the kill")
        place.run("plugin", *command).ok()
        t.equal(kept(place), [], "after plugin " + command[0])
    place.run("validate").ok()


def test_what_is_not_ours_stays(t):
    place = Place(t).key()
    folder = place.plugin.parent
    files = {".tf-atmos-plugin-Ab12Cd/notes.txt": "mine", ".tf-atmos-plugin-Ab12Cd/candidate.so": "", ".tf-atmos-plugin-abc/candidate.so": "",
             ".tf-atmos-plugin-Ab1-Cd/candidate.so": "", ".tf-atmos-Ab12Cd/candidate.so": "", ".tf-atmos-plugin-Ef34Gh/candidate.so/x": "",
             "../elsewhere/candidate.so": ""}
    t.write(folder, files)
    (folder / ".tf-atmos-plugin-Li12Nk").symlink_to("../elsewhere")
    t.write(folder, {".tf-atmos-plugin-Gone01/" + name: "" for name in
                     ("candidate.so", ".candidate.so.a1B2c3", "candidate.so.sig", ".candidate.so.sig.a1B2c3")})
    (folder / ".tf-atmos-plugin-Gone02").mkdir()
    names = {".tf-atmos.lock.json.Old123": 7200, ".tf-atmos.lock.json.Young1": 60, ".tf-atmos.lock.json.Longer1": 7200}
    for name, age in names.items():
        t.write(place.repo, {name: "{"})
        os.utime(place.repo / name, (time.time() - age,) * 2)
    place.install(place.build())
    t.equal([name for name in files if not (folder / name).exists()], [], "gone")
    t.check((folder / ".tf-atmos-plugin-Li12Nk").is_symlink(), "the link is gone")
    t.equal([p.name for p in folder.glob("*Gone*")], [], "left")
    t.equal(sorted(p.name for p in place.repo.glob(".tf-atmos.lock*")), [".tf-atmos.lock.json.Longer1", ".tf-atmos.lock.json.Young1"],
            "unfinished lock files")


# ---------------------------------------------------------------- update and remove

def test_update_from_a_file_of_the_repository(t):
    place = Place(t).key()
    vendored = place.repo / "vendor/probe.so"
    vendored.parent.mkdir()
    shutil.copy(place.build("1.2.3"), vendored)
    place.install("vendor/probe.so")
    t.equal(place.pin()["source"], "vendor/probe.so", "source")
    with t.writes_nothing(place.repo):
        place.run("plugin", "update").ok().prints("up to date: %s 1.2.3" % ID)
    shutil.copy(place.build("1.3.0"), vendored)
    with t.writes_nothing(place.repo):
        place.run("plugin", "update", "--dry-run").ok().prints("would update %s 1.3.0" % ID)
    place.run("plugin", "update", ID).ok().prints("updated %s 1.3.0 (before: 1.2.3)" % ID)
    t.equal((place.pin()["version"], place.pin()["source"]), ("1.3.0", "vendor/probe.so"), "pin")
    shutil.copy(place.build("1.1.0"), vendored)
    place.nothing("plugin", "update", says="plugin/install-downgrade")
    place.key("other")
    shutil.copy(place.build("1.4.0", key="other"), vendored)
    place.nothing("plugin", "update", says="plugin/install-signer")
    shutil.copy(place.build("1.4.0", key=None), vendored)
    place.nothing("plugin", "update", says="plugin/install-untrusted")
    shutil.copy(place.build("1.4.0", identity="com.example.other"), vendored)
    place.nothing("plugin", "update", code=65, says="plugin/install-other-id")
    shutil.copy(place.build("1.3.0", detached=True, name="again.so"), vendored)
    shutil.copy(place.out / "again.so.sig", place.repo / "vendor/probe.so.sig")
    place.nothing("plugin", "update", says="plugin/install-version-reused")
    shutil.copy(place.build("1.4.0", key="other"), vendored)
    place.run("plugin", "update", "--accept-signer").ok()
    t.equal(place.row()["version"], "1.4.0", "version")


def test_update_brings_a_missing_file_back(t):
    place = Place(t).key()
    vendored = place.repo / "vendor/probe.so"
    vendored.parent.mkdir()
    shutil.copy(place.build("1.2.3"), vendored)
    place.install("vendor/probe.so")
    place.plugin.unlink()
    place.run("plugin", "update").ok()
    t.equal(place.plugin.read_bytes(), vendored.read_bytes(), "placed bytes")
    t.equal(place.row()["state"], "ready", "state")


def test_update_without_a_source(t):
    place = Place(t).key()
    place.install(place.build())
    place.nothing("plugin", "update", ID, code=65, says=["plugin/no-source", "plugin install"])
    place.nothing("plugin", "update", "absent", code=69, says="plugin/not-found")
    place.run("plugin", "update").ok().says("no plugin has a recorded source")


def test_remove(t):
    place = Place(t).key()
    place.install(place.build(detached=True))
    place.run("plugin", "remove", ID).ok().prints("removed %s 1.2.3" % ID)
    t.equal(list(place.plugin.parent.iterdir()), [], "files")
    t.equal(place.pin(), None, "pin")
    place.nothing("plugin", "remove", ID, code=69, says="plugin/not-found")
    place.nothing("plugin", "remove", "guardduty", says=["plugin/not-installed", "comes with tf-atmos"])
    place.install(place.build("1.3.0"))
    place.plugin.unlink()
    place.run("plugin", "remove", ID).ok()
    t.equal(place.pin(), None, "the pin of a file that is gone")


def test_remove_leaves_other_folders_alone(t):
    place = Place(t).key()
    folder = t.tmp / "more"
    folder.mkdir()
    shutil.copy(place.build(), folder / "x.so")
    place.nothing("plugin", "remove", ID, says="plugin/not-installed", TF_ATMOS_PLUGIN_PATH=folder)


def test_odd_sources_in_the_lock_file(t):
    place = Place(t).key()
    place.install(place.build())
    path = place.repo / "tf-atmos.lock.json"
    lock = json.loads(path.read_text())
    for source in ("../outside.so", "/etc/passwd", "a\nb", "", 7, "https://x/../y", "x" * 3000):
        lock["plugins"][ID]["source"] = source
        path.write_text(json.dumps(lock))
        place.nothing("plugin", "update", code=65, says=["plugin/lock-invalid", "source"])
    lock["plugins"][ID]["source"] = "http://localhost/x.so"
    path.write_text(json.dumps(lock))
    place.nothing("plugin", "update", code=64, says="plugin/fetch-address")


# ---------------------------------------------------------------- from a web server

class Server:
    """Answers over TLS from a table: {path: content, (status, headers, content) or a function of the handler}."""

    def __init__(self, t):
        if not shutil.which("openssl"):
            t.skip("openssl is not here to make a certificate")
        self.cert, key = t.tmp / "cert.pem", t.tmp / "cert-key.pem"
        t.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
              "-out", self.cert, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
              program=shutil.which("openssl")).ok()
        self.paths = {}
        self.seen = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.seen.append((self.path, dict(self.headers)))
                found = outer.paths.get(self.path.split("?")[0], (404, {}, b"no"))
                if callable(found):
                    found = found(self)
                if found is None:
                    self.close_connection = True
                    return
                status, headers, content = found if isinstance(found, tuple) else (200, {}, found)
                harness.send(self, status, content, dict({"Content-Type": "application/octet-stream"}, **headers))

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        server = Quiet(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        t.stack.callback(server.server_close)
        t.stack.callback(server.shutdown)
        self.host = "localhost:%d" % server.server_address[1]
        self.url = "https://" + self.host

    def asked(self, path):
        return [headers for seen, headers in self.seen if seen.split("?")[0] == path]


def served(t):
    place = Place(t).key()
    server = Server(t)
    place.ca = server.cert
    return place, server


def raw(data, pause=0):
    """Bytes as they are instead of an answer."""
    def act(handler):
        handler.wfile.write(data)
        handler.wfile.flush()
        time.sleep(pause)
    return act


def test_from_the_web_and_updated_from_there(t):
    place, server = served(t)
    made = place.build()
    url = server.url + "/probe.so"
    server.paths["/probe.so"] = made.read_bytes()
    with t.writes_nothing(place.repo):
        place.install(url, "--dry-run").prints("would install")
    place.install(url).prints("installed %s 1.2.3, signed by key" % ID)
    t.equal(place.plugin.read_bytes(), made.read_bytes(), "placed bytes")
    t.equal((place.pin()["source"], place.pin()["sha256"]), (url, digest(made)), "pin")
    t.equal(server.asked("/probe.so.sig"), [], "no signature is asked for: there is one inside")
    for headers in server.asked("/probe.so"):
        t.check(not {"authorization", "cookie"} & {k.lower() for k in headers}, headers)
    place.run("plugin", "update").ok().prints("up to date")
    server.paths["/probe.so"] = place.build("1.3.0").read_bytes()
    place.run("plugin", "update").ok().prints("updated %s 1.3.0 (before: 1.2.3)" % ID)
    t.equal(place.row()["state"], "ready", "state")


def test_the_signature_beside_it(t):
    place, server = served(t)
    made = place.build(detached=True)
    server.paths["/x/probe.so"] = made.read_bytes()
    place.nothing("plugin", "install", server.url + "/x/probe.so", says="plugin/install-untrusted")
    server.paths["/x/probe.so.sig"] = (place.out / (made.name + ".sig")).read_bytes()
    place.install(server.url + "/x/probe.so?token=secret")
    t.check("source" not in place.pin(), "an address with a query is not written down")
    t.check("secret" not in (place.repo / "tf-atmos.lock.json").read_text(), "nor is its secret")
    t.equal(place.row()["state"], "ready", "state")
    server.paths["/x/probe.so.sig"] = b"x" * 5000
    place.nothing("plugin", "install", server.url + "/x/probe.so", code=69, says="larger than")
    server.paths["/x/probe.so.sig"] = (500, {}, b"no")
    place.nothing("plugin", "install", server.url + "/x/probe.so", code=69, says="status 500")


def test_servers_that_lie(t):
    place, server = served(t)
    made = place.build().read_bytes()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
    cases = {
        "/absent": (None, "status 404, there is no such file"),
        "/denied": ((403, {}, b"no"), "asks for a login"),
        "/broken": ((500, {}, b"no"), "status 500"),
        "/html": ((200, {"Content-Type": "text/html"}, b"<html>Log in</html>"), "no plugin file but `text/html`"),
        "/empty": (b"", "the answer is empty"),
        "/cut": (raw(head % len(made) + made[:1000]), "ended before its announced end"),
        "/closed": (raw(b""), "without an answer"),
        "/garbled": (raw(b"\x00\x01 nothing\r\n\r\n"), ""),
        "/promise": (raw(head % (1 << 40)), "ended before its announced end"),
        "/loop": ((302, {"Location": "/loop"}, b""), "too many redirects"),
        "/down": ((302, {"Location": "http://localhost/x.so"}, b""), "not to https://"),
        "/file": ((302, {"Location": "file:///etc/passwd"}, b""), "not to https://"),
        "/user": ((302, {"Location": "https://me:pw@localhost/x.so"}, b""), "not to https://"),
    }
    for path, (answer, says) in cases.items():
        if answer is not None:
            server.paths[path] = answer
        place.nothing("plugin", "install", server.url + path, code=69, says=["plugin/fetch-failed", server.url + path, says])
    # A length that is too small gives a file that is cut off, and with its end goes its signature.
    server.paths["/short"] = raw(head % (len(made) - 100) + made)
    place.nothing("plugin", "install", server.url + "/short", says="plugin/install-untrusted")
    # What comes after an answer is not the answer to the next request.
    bare = place.build(key=None, name="bare.so").read_bytes()
    server.paths["/more"] = raw(head % len(bare) + bare + head % 3 + b"odd", pause=1)
    place.nothing("plugin", "install", server.url + "/more", says="plugin/install-untrusted")
    t.equal(len(server.asked("/more.sig")), 1, "requests for the signature")


def test_an_endless_answer_is_given_up(t):
    place, server = served(t)

    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"%x\r\n" % (1 << 20) + b"\x7fELF" * (1 << 18) + b"\r\n"
        for _ in range(300):
            handler.wfile.write(chunk)
        raise AssertionError("nobody gave up")

    server.paths["/endless"] = endless
    place.nothing("plugin", "install", server.url + "/endless", code=69, says=["plugin/fetch-failed", "larger than"])


def test_redirects_to_https_are_followed(t):
    place, server = served(t)
    made = place.build()
    server.paths["/latest.so"] = (302, {"Location": "/v1/probe.so"}, b"")
    server.paths["/v1/probe.so"] = (307, {"Location": server.url + "/files/probe.so"}, b"")
    server.paths["/files/probe.so"] = made.read_bytes()
    place.install(server.url + "/latest.so")
    t.equal(place.pin()["source"], server.url + "/latest.so", "source")


def test_addresses_that_are_refused(t):
    place = Place(t)
    for address in ("http://localhost/x.so", "http://127.0.0.1/x.so", "ftp://x/y", "https://me:pw@x/y.so", "https://x",
                    "https:///y.so", "https://x/../y.so", "https://x/y.so#z", "https://x/a b.so", "file:///etc/passwd",
                    "https://x/" + "y" * 3000,
                    "oci://x", "oci://x/y", "oci://x/y:", "oci://x/Y:1", "oci://x/y:1@sha256:" + "0" * 64, "oci://x/y@sha256:0",
                    "oci://x/y@md5:" + "0" * 32, "oci://me@x/y:1", "oci://x//y:1", "oci://x/../y:1", "oci://x/y:a b"):
        place.nothing("plugin", "install", address, code=64, says="plugin/fetch-address")


def test_no_server_and_no_trust(t):
    place = Place(t).key()
    url = "https://localhost:%d/x.so" % harness.closed_port()
    place.nothing("plugin", "install", url, code=69, says=["plugin/fetch-failed", "cannot be reached"])
    server = Server(t)
    server.paths["/x.so"] = place.build().read_bytes()
    place.nothing("plugin", "install", server.url + "/x.so", code=69, says="no secure connection")
    t.equal(server.seen, [], "requests over a connection that is not trusted")


def test_without_libcurl(t):
    place = Place(t)
    (t.tmp / "libcurl.so.4").write_text("not a library\n")
    place.nothing("plugin", "install", "https://localhost/x.so", code=69, LD_LIBRARY_PATH=t.tmp,
                  says=["plugin/fetch-library", "install the package libcurl4"])
    place.install(place.build(key=None), "--untrusted", LD_LIBRARY_PATH=t.tmp)  # nothing is fetched from the disk


# ---------------------------------------------------------------- from a registry

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
LAYER = "application/vnd.tf-atmos.plugin.v1+so"
SIGNATURE = "application/vnd.tf-atmos.plugin.v1.sig"


class Registry:
    """plugins/audit on the server, as `oras push` would leave it."""

    def __init__(self, t):
        self.place, self.server = served(t)
        self.reference = "oci://%s/plugins/audit" % self.server.host
        self.base = "/v2/plugins/audit/"

    def blob(self, data, kind="blobs"):
        name = "sha256:" + hashlib.sha256(data).hexdigest()
        self.server.paths[self.base + kind + "/" + name] = data
        return name

    def entry(self, data, media_type, **more):
        return dict({"mediaType": media_type, "digest": self.blob(data), "size": len(data)}, **more)

    def manifest(self, layers, tag="1", media_type=MANIFEST, headers=None):
        return self.document({"schemaVersion": 2, "mediaType": media_type, "layers": layers}, tag, headers)

    def document(self, value, tag="1", headers=None):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        name = self.blob(data, "manifests")
        answer = (200, dict({"Docker-Content-Digest": name}, **(headers or {})), data)
        self.server.paths[self.base + "manifests/" + name] = answer
        if tag:
            self.server.paths[self.base + "manifests/" + tag] = answer
        return name, len(data)

    def with_token(self, realm=None, answer=None):
        """Everything asks for a token first."""
        realm = realm or self.server.url + "/token"
        for path, content in list(self.server.paths.items()):
            def guarded(handler, content=content):
                if handler.headers.get("Authorization") == "Bearer abc.def":
                    return content
                return 401, {"WWW-Authenticate": 'Bearer realm="%s",service="reg istry",scope="other"' % realm}, b"{}"
            self.server.paths[path] = guarded
        self.server.paths["/token"] = answer if answer is not None else json.dumps({"token": "abc.def"}).encode()


def test_from_a_registry(t):
    registry = Registry(t)
    place = registry.place
    made = place.build()
    name, _ = registry.manifest([registry.entry(made.read_bytes(), LAYER), registry.entry(b"read me", "text/plain")])
    place.install(registry.reference + ":1").prints("installed %s 1.2.3" % ID)
    t.equal(place.plugin.read_bytes(), made.read_bytes(), "placed bytes")
    t.equal(place.pin()["source"], registry.reference + ":1", "source")
    place.run("plugin", "remove", ID).ok()
    place.install(registry.reference + "@" + name)
    t.equal(place.pin()["source"], registry.reference + "@" + name, "source")
    place.run("plugin", "update").ok().prints("up to date")
    place.run("plugin", "remove", ID).ok()
    place.install(registry.reference + ":1")
    registry.manifest([registry.entry(place.build("1.3.0").read_bytes(), "application/octet-stream")])
    place.run("plugin", "update").ok().prints("updated %s 1.3.0" % ID)  # a single layer may be of any type


def test_a_signature_layer(t):
    registry = Registry(t)
    made = registry.place.build(detached=True)
    signature = (registry.place.out / (made.name + ".sig")).read_bytes()
    registry.manifest([registry.entry(made.read_bytes(), LAYER), registry.entry(signature, SIGNATURE)])
    registry.place.install(registry.reference + ":1")
    t.equal(registry.place.row()["state"], "ready", "state")


def test_an_index_by_machine(t):
    registry = Registry(t)
    made = registry.place.build()
    name, size = registry.manifest([registry.entry(made.read_bytes(), LAYER)], tag=None)
    other, other_size = registry.manifest([registry.entry(b"\x7fELF for another", LAYER)], tag=None)
    entries = [{"mediaType": MANIFEST, "digest": other, "size": other_size, "platform": {"os": "linux", "architecture": "riscv64"}},
               {"mediaType": MANIFEST, "digest": name, "size": size, "platform": {"os": "linux", "architecture": ARCH}}]
    registry.document({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
    registry.place.install(registry.reference + ":1")
    t.equal(registry.place.plugin.read_bytes(), made.read_bytes(), "placed bytes")
    registry.document({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries[:1]})
    registry.place.nothing("plugin", "install", registry.reference + ":1", code=69, says=["plugin/fetch-registry", "linux/" + ARCH])


def nested(registry, made):
    """A manifest for this machine, as the entry of an index."""
    name, size = registry.manifest([registry.entry(made.read_bytes(), LAYER)], tag=None)
    return {"mediaType": MANIFEST, "digest": name, "size": size, "platform": {"os": "linux", "architecture": ARCH}}


def index_entry(registry, entries, **more):
    name, size = registry.document({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}, tag=None)
    return dict({"mediaType": INDEX, "digest": name, "size": size}, **more)


def test_indexes_in_indexes(t):
    registry = Registry(t)
    place = registry.place
    made = place.build()
    leaf = nested(registry, made)
    other = dict(leaf, platform={"os": "linux", "architecture": "riscv64"}, digest="sha256:" + "0" * 64)
    here = {"platform": leaf["platform"]}
    without = index_entry(registry, [other])
    trees = {
        "which says nothing": [index_entry(registry, [other, leaf])],
        "which says the machine": [index_entry(registry, [leaf], **here)],
        "after others that have nothing": [without, dict(without, **here), index_entry(registry, [index_entry(registry, [leaf])])],
        "four deep": [index_entry(registry, [index_entry(registry, [index_entry(registry, [leaf])])])],
    }
    for name, entries in trees.items():
        registry.document({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
        place.install(registry.reference + ":1")
        t.equal(place.plugin.read_bytes(), made.read_bytes(), "an index " + name)
        place.run("plugin", "remove", ID).ok()
    # What says it is for this machine comes first, and nothing else is fetched then.
    registry.document({"schemaVersion": 2, "mediaType": INDEX, "manifests": [without, leaf]})
    registry.server.seen.clear()
    place.install(registry.reference + ":1")
    t.equal(registry.server.asked(registry.base + "manifests/" + without["digest"]), [], "requests for the other index")


def test_indexes_that_lead_nowhere(t):
    registry = Registry(t)
    leaf = nested(registry, registry.place.build())
    other = dict(leaf, platform={"os": "linux", "architecture": "riscv64"})
    deep = leaf
    for _ in range(4):
        deep = index_entry(registry, [deep])
    many = [index_entry(registry, [dict(other, digest="sha256:%064x" % n)]) for n in range(20)] + [index_entry(registry, [leaf])]
    wide = index_entry(registry, [index_entry(registry, many[:8])] * 8)
    changed = index_entry(registry, [dict(leaf, annotations={"of": "its own"})])
    registry.server.paths[registry.base + "manifests/" + changed["digest"]] = json.dumps({"manifests": [leaf]}).encode()
    absent = dict(changed, digest="sha256:" + "3" * 64)
    big = dict(changed, size=1 << 40)
    for entries, says, code in (([deep], "too deep", "registry"), (many, "too many", "registry"), ([wide], "too many", "registry"),
                                ([index_entry(registry, [other])], "linux/" + ARCH, "registry"), ([index_entry(registry, [])], "linux/" + ARCH, "registry"),
                                ([changed], "promised", "registry"), ([absent], "status 404", "failed"), ([big], "too large", "registry"),
                                ([{"mediaType": INDEX}], "without a SHA-256", "registry")):
        registry.document({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
        registry.server.seen.clear()
        registry.place.nothing("plugin", "install", registry.reference + ":1", code=69, says=["plugin/fetch-" + code, says])
        t.check(len(registry.server.seen) <= 17, "%d requests" % len(registry.server.seen))


def test_tokens(t):
    registry = Registry(t)
    place = registry.place
    registry.manifest([registry.entry(place.build().read_bytes(), LAYER)])
    registry.with_token()
    place.install(registry.reference + ":1")
    asked = [path for path, _ in registry.server.seen if path.startswith("/token")]
    t.equal(asked, ["/token?service=reg%20istry&scope=repository:plugins/audit:pull"], "asked for a token once")
    t.check(all("Authorization" not in h for h in registry.server.asked("/token")), "anonymously")
    # With credentials of Docker the token is asked for with them, and nothing else is.
    docker = place.home / ".docker"
    docker.mkdir()
    (docker / "config.json").write_text(json.dumps({"auths": {registry.server.host: {"auth": "bWU6cHc="}, "other": {"auth": "eA=="}}}))
    registry.server.seen.clear()
    place.run("plugin", "update").ok()
    t.equal([h.get("Authorization") for h in registry.server.asked("/token")], ["Basic bWU6cHc="], "who we are")
    t.check(all(h.get("Authorization") in (None, "Bearer abc.def") for p, h in registry.server.seen if p.startswith("/v2")), "only there")


class Helpers:
    """A registry that asks for a login, Docker's configuration, and helper programs in a folder of PATH."""

    def __init__(self, t):
        self.registry = Registry(t)
        self.place = self.registry.place
        self.registry.manifest([self.registry.entry(self.place.build().read_bytes(), LAYER)])
        self.registry.with_token()
        self.host = self.registry.server.host
        self.folder = t.tmp / "helpers"
        self.folder.mkdir()
        (self.place.home / ".docker").mkdir()
        self.path = "%s:%s" % (self.folder, os.environ["PATH"])

    def config(self, **content):
        (self.place.home / ".docker/config.json").write_text(json.dumps(content))

    def program(self, name, script):
        file = self.folder / ("docker-credential-" + name)
        file.write_text("#!/bin/sh\n" + script)
        os.chmod(file, 0o755)

    def says(self, name, answer):
        """A helper that answers this to `get` for this host, and nothing to anything else."""
        (self.folder / (name + ".json")).write_text(answer if isinstance(answer, str) else json.dumps(answer))
        self.program(name, '[ "$*" = get ] && [ "$(cat)" = "%s" ] && cat "%s"' % (self.host, self.folder / (name + ".json")))

    def asked_as(self):
        """Installs, and gives who asked for the token."""
        self.registry.server.seen.clear()
        self.place.run("plugin", "install", self.registry.reference + ":1", "--force", PATH=self.path).ok()
        (headers,) = self.registry.server.asked("/token")
        basic = headers.get("Authorization")
        return base64.b64decode(basic.split("Basic ")[1]).decode() if basic else None

    def refused(self, *says, **env):
        result = self.place.nothing("plugin", "install", self.registry.reference + ":1", code=69, says=["plugin/fetch-login", *says],
                                    **dict({"PATH": self.path}, **env))
        return result.lacks("hunter2")


def test_logins_from_a_helper(t):
    helpers = Helpers(t)
    me = {"ServerURL": helpers.host, "Username": "me", "Secret": "p<w>&\"\\/\u20ac\U0001f600"}
    helpers.says("mine", me)
    helpers.says("all", {"Username": "all", "Secret": "x"})
    helpers.program("none", "cat >/dev/null; echo credentials not found in native keychain; exit 1")
    auths = {helpers.host: {"auth": base64.b64encode(b"plain:text").decode()}}
    mine = "me:" + me["Secret"]
    for config, who in (({"credHelpers": {helpers.host: "mine"}, "credsStore": "all", "auths": auths}, mine),
                        ({"credHelpers": {"elsewhere": "mine"}, "credsStore": "all", "auths": auths}, "all:x"),
                        ({"credsStore": "all"}, "all:x"),
                        ({"credHelpers": {helpers.host: ""}, "credsStore": "all", "auths": auths}, "plain:text"),
                        ({"credHelpers": {helpers.host: "none"}, "credsStore": "all", "auths": auths}, "plain:text"),
                        ({"credsStore": "none"}, None),
                        ({"credHelpers": [], "credsStore": {}}, None)):
        helpers.config(**config)
        t.equal(helpers.asked_as(), who, "with %s" % config)
    # Escapes of every kind, and members nobody asked for.
    helpers.config(credsStore="odd")
    helpers.says("odd", r' {"Expires":12.5, "Username":"\u006d\u00e9" ,"Fine":true,"Secret":"\u20ac\ud83d\ude00\"\\\/"} ')
    t.equal(helpers.asked_as(), "m\u00e9:\u20ac\U0001f600\"\\/", "the escaped ones")
    helpers.says("odd", {"Username": "", "Secret": ""})
    t.equal(helpers.asked_as(), None, "nobody")
    helpers.says("odd", {"Username": "long", "Secret": "x" * 30000})
    t.equal(helpers.asked_as(), "long:" + "x" * 30000, "a long one")


def test_helpers_that_misbehave(t):
    helpers = Helpers(t)
    secret = json.dumps({"Username": "me", "Secret": "hunter2"})
    cases = {
        "exit 3": "failed with exit code 3",
        "echo the key ring is locked; exit 1": "exit code 1: the key ring is locked",
        "printf '%s' '" + secret + "'; exit 1": "exit code 1",
        "kill -9 $$": "ended by signal 9",
        "true": "something else than", "echo": "something else than", "echo hunter2": "something else than", "echo []": "something else than",
        "echo '{\"Username\":\"me\",\"Secret\":[\"hunter2\"]}'": "something else than",
        "echo '{\"Username\":\"me\",\"Secret\":\"hunter2'": "something else than",
        "printf %s '" + secret + secret + "'": "something else than",
        "printf %s '" + secret.replace("hunter2", r"hunter2\u0000") + "'": "something else than",
        "yes hunter2": "more than 64 KiB", "head -c 70000 /dev/zero": "more than 64 KiB",
        "printf %s '" + secret.replace('"me"', '"<token>"') + "'": "identity token",
        "printf %s '" + secret.replace('"me"', '"a:b"') + "'": "that cannot be",
        "printf %s '" + secret.replace("hunter2", r"hunter2\r\nX-Header: 1") + "'": "that cannot be",
        "printf %s '" + secret.replace('"me"', '""') + "'": "that cannot be",
    }
    helpers.config(credsStore="bad")
    for script, says in cases.items():
        helpers.program("bad", script)
        helpers.refused("docker-credential-bad", helpers.host, says)
    (helpers.folder / "docker-credential-bad").write_text("#!/nowhere/sh\n")
    helpers.refused("cannot be started: No such file")
    os.chmod(helpers.folder / "docker-credential-bad", 0o644)
    helpers.refused("is in no folder of PATH")
    for name in ("absent", "../helpers/docker-credential-bad", "/bin/sh", "a b", "x" * 65, "$(id)", "-"):
        helpers.config(credHelpers={helpers.host: name})
        helpers.refused("is in no folder of PATH" if name in ("absent", "-") else "is no name of a program")
    t.equal(helpers.registry.server.asked("/token"), [], "requests for a token")


def test_helpers_of_the_working_folder_are_not_run(t):
    """PATH may have folders that are relative; here they lead into the repository, which may be anybody's."""
    helpers = Helpers(t)
    helpers.config(credsStore="near")
    helpers.says("near", {"Username": "me", "Secret": "hunter2"})
    shutil.copytree(helpers.folder, helpers.place.repo / "bin")
    helpers.refused("is in no folder of PATH", PATH="bin:.::" + os.environ["PATH"])


def test_helpers_that_hang(t):
    """With its output open or closed; what it has started goes with it."""
    helpers = Helpers(t)
    pids = helpers.folder / "pids"
    helpers.program("open", "sleep 300 & echo $! >>%s; wait" % pids)
    helpers.program("shut", "echo $$ >>%s; echo hunter2; exec >&- 2>&-; exec sleep 300" % pids)

    def hang(name):
        docker = helpers.folder / ("config-" + name)
        docker.mkdir()
        (docker / "config.json").write_text(json.dumps({"credsStore": name}))
        result = helpers.refused("did not end within 20 s", DOCKER_CONFIG=docker)
        t.check(20 <= result.seconds < 40, "it took %.1f s" % result.seconds)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(hang, ("open", "shut")))
    started = [int(line) for line in pids.read_text().split()]
    t.equal(len(started), 2, "processes")
    for pid in started:
        harness.wait_until(lambda: not harness.is_alive(pid), "process %d ends" % pid)


def test_tokens_that_are_odd(t):
    for realm, answer, says in (("http://localhost/token", None, "no https:// address"), ("https://me:pw@x/t", None, "no https:// address"),
                                (None, b"nothing", "gives no token"), (None, b'{"token": "a\\nb"}', "gives no token"),
                                (None, (403, {}, b"no"), "status 403"), (None, b'{"token": "wrong"}', "status 401")):
        registry = Registry(t)
        registry.manifest([registry.entry(registry.place.build().read_bytes(), LAYER)])
        registry.with_token(realm, answer)
        registry.place.nothing("plugin", "install", registry.reference + ":1", code=69, says=says)
        shutil.rmtree(t.tmp / "out")
        shutil.rmtree(t.tmp / "home")
        t.home.mkdir()


def test_the_token_stays_with_the_registry(t):
    """A blob that lies elsewhere is fetched from there, without the token."""
    registry = Registry(t)
    made = registry.place.build()
    entry = registry.entry(made.read_bytes(), LAYER)
    registry.manifest([entry])
    elsewhere = registry.server.url.replace("localhost", "LOCALHOST") + "/elsewhere"
    registry.server.paths["/elsewhere"] = made.read_bytes()
    registry.server.paths[registry.base + "blobs/" + entry["digest"]] = (307, {"Location": elsewhere}, b"")
    registry.with_token()
    registry.server.paths["/elsewhere"] = made.read_bytes()
    registry.place.install(registry.reference + ":1")
    t.equal([h.get("Authorization") for h in registry.server.asked("/elsewhere")], [None], "what was sent elsewhere")


def test_registries_that_lie(t):
    registry = Registry(t)
    place, paths = registry.place, registry.server.paths
    made = place.build().read_bytes()
    good = registry.entry(made, LAYER)
    blob = registry.base + "blobs/" + good["digest"]

    def refused(says, reference=":1", code="plugin/fetch-registry"):
        place.nothing("plugin", "install", registry.reference + reference, "--untrusted", code=69, says=[code, registry.server.host, says])

    registry.manifest([dict(good, size=len(made) - 1)])
    refused("larger than", code="plugin/fetch-failed")
    registry.manifest([dict(good, size=len(made) + 1)])
    refused("bytes, and")
    registry.manifest([dict(good, size=1 << 40)])
    refused("too large")
    for odd in ({}, {"digest": "sha256:0"}, {"digest": "md5:" + "0" * 32}, {"size": 0}, {"size": -1}, {"size": "1"}, {"digest": 3}):
        registry.manifest([dict(good, **odd) if odd else {}])
        refused("without a SHA-256 and a size")
    registry.manifest([])
    refused("it has 0 layers")
    registry.manifest([good, good])
    refused("it has 2 layers, 2 of them")
    registry.manifest([dict(good, mediaType="text/plain"), dict(good, mediaType="text/plain")])
    refused("it has 2 layers, 0 of them")
    for text in (b"", b"[", b"[]", b"null", b'{"layers": 3}', b"[" * 100000):
        registry.document(text)
        refused("")
    registry.document({"layers": [good], "manifests": []})
    refused("an index as well")
    name, size = registry.manifest([good], tag="1", headers={"Docker-Content-Digest": "sha256:" + "0" * 64})
    refused("has the digest")
    paths[registry.base + "manifests/sha256:" + "1" * 64] = paths[registry.base + "manifests/" + name]
    refused("has the digest", reference="@sha256:" + "1" * 64)
    registry.document({"manifests": [{"digest": name, "size": size + 1, "platform": {"os": "linux", "architecture": ARCH}}]})
    refused("bytes, and")
    registry.manifest([good])
    changed = bytearray(made)
    changed[-1] ^= 1
    paths[blob] = bytes(changed)
    refused("has the digest")
    paths[blob] = (404, {}, b"{}")
    refused("status 404", code="plugin/fetch-failed")
    html = registry.entry(b"<html>", LAYER)
    registry.manifest([html])
    refused("no plugin file", code="plugin/fetch-failed")
