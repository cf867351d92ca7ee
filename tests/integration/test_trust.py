# SPDX-License-Identifier: Apache-2.0
"""Signatures, keys, revocations, policies and the lock: what runs, and with which code everything else is refused."""
import hashlib
import json
import os
import pathlib
import shutil
import stat
import time

import test_plugins

ID = "test.constructor"
STACK = "vars: { stage: dev }\ncomponents: { terraform: { app: { settings: { test: { a: 1 } } } } }\n"


class Place:
    """A repository with a plugin that says so, and leaves a trace where it can, when any of its code runs; and keys to sign it with."""

    def __init__(self, t, name="place"):
        self.t = t
        self.home = t.tmp / name / "home"
        self.home.mkdir(parents=True)
        self.repo = t.tmp / name / "repo"
        self.trace = t.tmp / name / "trace"
        t.write(self.repo, {"atmos.yaml": test_plugins.ATMOS, "stacks/dev.yaml": STACK,
                            "components/terraform/app/main.tf": "", "plugins.d": None})
        self.so = self.repo / "plugins.d/x.so"
        test_plugins.install(t, "bad/constructor", self.so)
        self.program = None
        self.has_run = False  # any of its code, in any command so far

    def run(self, *args, **env):
        env = dict({"HOME": self.home, "TFA_TEST_TRACE": self.trace}, **env)
        options = {"program": self.program} if self.program else {}
        if args[0] in ("validate", "check"):
            args += ("--logs-level", "Debug")  # what a worker prints stands there
        result = self.t.run(*args, cwd=self.repo, env=env, **options)
        self.has_run = self.has_run or self.trace.exists() or "constructor ran" in result.err
        return result

    def keygen(self, name, **env):
        self.run("plugin", "keygen", self.home / name, "--comment", name, **env).ok()
        return self.home / (name + ".pub")

    def key_id(self, name):
        return (self.home / (name + ".pub")).read_text().splitlines()[1].split(": ")[1]

    def trust(self, name, *options):
        self.run("plugin", "trust", "add", self.home / (name + ".pub"), *(options or ("--allow", "test"))).ok()

    def sign(self, name, *options, file=None):
        return self.run("plugin", "sign", file or self.so, "--key", self.home / name, *options).ok()

    def signed(self):
        self.keygen("key")
        self.trust("key")
        self.sign("key")
        return self

    def revoke(self, serial, *lines, expires="2099-01-01T00:00:00Z", key="root"):
        """A signed list in a file of its own."""
        path = self.home / ("list-%s" % serial)
        path.write_text("tf-atmos plugin revocations 1\nserial: %s\nissued: 2026-01-01T00:00:00Z\nexpires: %s\n%s"
                        % (serial, expires, "".join(line + "\n" for line in lines)))
        self.sign(key, file=path)
        return path

    def with_root(self):
        self.keygen("root")
        self.trust("root", "--root")
        return self

    def add_list(self, *args, **kwargs):
        self.run("plugin", "trust", "add", self.revoke(*args, **kwargs)).ok()

    def own_system(self):
        """The program in a folder of its own, with etc/ beside, as an installation has it."""
        top = self.home.parent / "installed"
        (top / "bin").mkdir(parents=True)
        (top / "bin/plugins").mkdir()
        shutil.copy(self.t.binary, top / "bin/tf-atmos")
        self.program = top / "bin/tf-atmos"
        self.system = top / "etc/tf-atmos"
        self.system.mkdir(parents=True)
        return self

    def policy(self, **policy):
        (self.system / "policy.json").write_text(json.dumps(policy))

    def row(self, *options):
        items = self.run("plugin", "list", "--format", "json", *options).json()["items"]
        return next(i for i in items if i["path"].endswith("plugins.d/x.so"))

    def runs(self):
        """Whether validating executes any code of the plugin."""
        self.trace.unlink(missing_ok=True)
        self.has_run = False
        result = self.run("validate")
        return self.has_run, result


def flip(path, offset):
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


def statement_of(path):
    data = path.read_bytes()
    return data.rindex(b"tf-atmos plugin statement 1\n"), data


def rewrite(place, old, new):
    """Changes the statement without the key."""
    begin, data = statement_of(place.so)
    end = len(data) - 28
    text = data[begin:end].replace(old, new)
    place.so.write_bytes(data[:begin] + text + b"tf-atmos-statement:%08x\n" % len(text))


# ---- the attacks: each prepares a place, and the code it must be refused with ----

def flipped_file(p):
    # In the text of the summary, far from what makes it an ELF file.
    p.signed()
    begin, data = statement_of(p.so)
    offset = data.index(b"A test plugin")
    flip(p.so, offset)


def flipped_code(p):
    p.signed()
    begin, data = statement_of(p.so)
    flip(p.so, begin - 1)


def flipped_signature(p):
    p.signed()
    begin, data = statement_of(p.so)
    offset = data.index(b"signature: ", begin) + 20
    data = bytearray(data)
    data[offset] = ord("0") if data[offset] != ord("0") else ord("1")
    p.so.write_bytes(data)


def appended(p):
    p.signed()
    begin, data = statement_of(p.so)
    p.so.write_bytes(data[:begin] + b"more" + data[begin:])


def wrong_key(p):
    p.signed()
    p.keygen("other")
    p.sign("other")


def borrowed_key_id(p):
    p.signed()
    p.keygen("other")
    p.sign("other")
    rewrite(p, p.key_id("other").encode(), p.key_id("key").encode())


def out_of_scope(p):
    p.keygen("key")
    p.trust("key", "--allow", "test.con", "--allow", "com.example")
    p.sign("key")


def expired(p):
    p.keygen("key")
    p.trust("key")
    p.sign("key", "--expires", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1)))


def key_expired(p):
    p.keygen("key")
    p.trust("key", "--allow", "test", "--until", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1)))
    p.sign("key")


def key_later(p):
    p.keygen("key")
    p.trust("key", "--allow", "test", "--from", "2098-01-01")
    p.sign("key")


def other_version(p):
    p.signed()
    # A statement that was good for another file: everything in it is signed.
    other = p.home / "other.so"
    test_plugins.install(p.t, "good/probe", other)
    p.trust("key", "--allow", "test", "--allow", "com.example")
    p.sign("key", file=other)
    begin, data = statement_of(other)
    mine, own = statement_of(p.so)
    p.so.write_bytes(own[:mine] + data[begin:])


def malformed(p):
    p.signed()
    rewrite(p, b"issued:", b"isued:")


def cut_off(p):
    p.signed()
    begin, data = statement_of(p.so)
    p.so.write_bytes(data[:-28] + b"tf-atmos-statement:ffffffff\n")


def unknown_line(p):
    p.signed()
    rewrite(p, b"signature: ", b"grants: everything\nsignature: ")


def revoked_key(p):
    p.signed().with_root().add_list(3, "revoke-key: " + p.key_id("key"))


def revoked_digest(p):
    p.signed().with_root().add_list(3, "revoke-sha256: " + hashlib.sha256(p.so.read_bytes()).hexdigest())


def revoked_content(p):
    p.signed().with_root()
    begin, data = statement_of(p.so)
    p.add_list(3, "revoke-sha256: " + hashlib.sha256(data[:begin]).hexdigest())


def revoked_version(p):
    p.signed().with_root().add_list(3, "revoke-id: %s 0.9.0 1.0.0" % ID)


def rolled_back_version(p):
    p.signed().with_root().add_list(3, "minimum: %s 1.0.1" % ID)


def rolled_back_list(p):
    p.signed().with_root()
    old = p.revoke(2)
    p.add_list(3, "revoke-key: 0000000000000000")
    shutil.copyfile(old, p.home / ".config/tf-atmos/revocations")


def list_gone(p):
    p.signed().with_root().add_list(3)
    p.row()
    (p.home / ".config/tf-atmos/revocations").unlink()


def list_changed(p):
    p.signed().with_root().add_list(3)
    path = p.home / ".config/tf-atmos/revocations"
    path.write_text(path.read_text().replace("serial: 3", "serial: 4"))


def list_by_no_root(p):
    p.signed().with_root()
    shutil.copyfile(p.revoke(9, key="key"), p.home / ".config/tf-atmos/revocations")


def writable_file(p):
    p.signed()
    os.chmod(p.so, 0o664)


def writable_folder(p):
    p.signed()
    os.chmod(p.so.parent, 0o775)


def strange_owner(p):
    p.signed()
    os.chown(p.so, 4321, -1)


def strange_folder(p):
    p.signed()
    os.chown(p.so.parent, 4321, -1)


def writable_sibling(p):
    p.keygen("key")
    p.trust("key")
    p.sign("key", "--detached")
    os.chmod(str(p.so) + ".sig", 0o666)


def policy_forbids_id(p):
    p.signed().own_system().policy(deny=["test.*"])


def policy_other_signers(p):
    p.signed().own_system().policy(signers=["0123456789abcdef"])


def policy_in_repository(p):
    p.signed()
    (p.repo / "atmos.yaml").write_text((p.repo / "atmos.yaml").read_text() + "plugins: { policy: { allow: [com.example] } }\n")


def policy_wants_signature(p):
    p.own_system().policy(unsigned="never")


def unsigned(p):
    pass


def signer_gone(p):
    p.keygen("key")
    p.trust("key")
    p.sign("key", "--detached")
    p.run("plugin", "enable", ID).ok()
    os.unlink(str(p.so) + ".sig")


def enabled_then_changed(p):
    p.run("plugin", "enable", ID).ok()
    data = p.so.read_bytes()
    flip(p.so, data.index(b"A test plugin"))


def enabled_then_revoked(p):
    p.run("plugin", "enable", ID).ok()
    p.with_root().add_list(3, "revoke-id: %s 1.0.0 1.0.0" % ID)


ATTACKS = (
    (flipped_file, "plugin/content-changed", "refused"),
    (flipped_code, "plugin/content-changed", "refused"),
    (appended, "plugin/content-changed", "refused"),
    (flipped_signature, "plugin/signature-bad", "refused"),
    (borrowed_key_id, "plugin/signature-bad", "refused"),
    (wrong_key, "plugin/key-unknown", "available"),
    (out_of_scope, "plugin/key-scope", "refused"),
    (expired, "plugin/signature-expired", "expired"),
    (key_expired, "plugin/key-expired", "expired"),
    (key_later, "plugin/signature-early", "refused"),
    (other_version, "plugin/signature-differs", "refused"),
    (malformed, "plugin/signature-malformed", "refused"),
    (cut_off, "plugin/signature-malformed", "refused"),
    (unknown_line, "plugin/signature-malformed", "refused"),
    (revoked_key, "plugin/key-revoked", "revoked"),
    (revoked_digest, "plugin/digest-revoked", "revoked"),
    (revoked_content, "plugin/digest-revoked", "revoked"),
    (revoked_version, "plugin/version-revoked", "revoked"),
    (rolled_back_version, "plugin/version-rolled-back", "revoked"),
    (rolled_back_list, "plugin/revocations-rollback", "refused"),
    (list_gone, "plugin/revocations-rollback", "refused"),
    (list_changed, "plugin/revocations-invalid", "refused"),
    (list_by_no_root, "plugin/revocations-invalid", "refused"),
    (writable_file, "plugin/file-writable", "refused"),
    (writable_folder, "plugin/folder-writable", "refused"),
    (writable_sibling, "plugin/file-writable", "refused"),
    (strange_owner, "plugin/file-owner", "refused"),
    (strange_folder, "plugin/folder-owner", "refused"),
    (policy_forbids_id, "plugin/forbidden", "refused"),
    (policy_other_signers, "plugin/forbidden", "refused"),
    (policy_in_repository, "plugin/forbidden", "refused"),
    (policy_wants_signature, "plugin/unsigned", "unsigned"),
    (unsigned, "plugin/unsigned", "available"),
    (signer_gone, "plugin/signer-differs", "refused"),
    (enabled_then_changed, "plugin/digest-differs", "refused"),
    (enabled_then_revoked, "plugin/version-revoked", "revoked"),
)


def test_every_attack_has_its_code_and_runs_nothing(t):
    places = []
    for attack, code, state in ATTACKS:
        if code.endswith("-owner") and os.geteuid() != 0:
            continue  # only root can give files away
        place = Place(t, attack.__name__)
        attack(place)
        places.append((place, attack.__name__, code, state))
    time.sleep(2)  # what expires within a second has expired
    ran = 0
    for place, name, code, state in places:
        row = place.row()
        t.equal((row["code"], row["state"]), (code, state), name)
        t.check(row["reason"] and row["next"], "%s: no reason or next step: %s" % (name, row))
        if state == "unsigned":
            t.contains(row["next"], "tf-atmos plugin sign ")
        has_run, result = place.runs()
        ran += has_run
        t.check(not has_run, "%s: code ran\n%s" % (name, result))
        place.run("plugin", "info", ID).ok()
        place.run("check")
        t.check(not place.has_run, "%s: code ran in check" % name)
    t.equal(ran, 0, "constructors that ran")


def test_control_signed_plugin_runs(t):
    """The same plugin without an attack: its constructor is seen, so the table above proves something."""
    for options in ((), ("--detached",)):
        place = Place(t, "signed" + "".join(options))
        place.keygen("key")
        place.trust("key")
        place.sign("key", *options)
        row = place.row()
        t.equal((row["state"], row["code"], row["signer"], row["signer_name"]), ("ready", "", place.key_id("key"), "key"))
        has_run, result = place.runs()
        t.check(has_run, result)
        result.ok()


def test_a_signed_plugin_that_no_longer_holds_is_an_error(t):
    """Silence would look as if the settings had been validated."""
    place = Place(t)
    revoked_key(place)
    _, result = place.runs()
    result.fails()
    t.contains(result.out + result.err, "plugin/key-revoked")


def test_verify_names_the_code(t):
    for attack, code in ((flipped_file, "plugin/content-changed"), (wrong_key, "plugin/key-unknown"),
                         (revoked_version, "plugin/version-revoked"), (unsigned, "plugin/unsigned"),
                         (writable_file, "plugin/file-writable"), (policy_forbids_id, "plugin/forbidden")):
        place = Place(t, attack.__name__)
        attack(place)
        place.run("plugin", "verify", place.so).fails(77).says("error[%s]" % code)
    place = Place(t, "good").signed()
    shown = place.run("plugin", "verify", place.so, "--format", "json").ok().json()
    t.equal((shown["id"], shown["key"], shown["signer"], shown["state"]), (ID, place.key_id("key"), "key", "ready"))
    t.equal(shown["sha256"], hashlib.sha256(place.so.read_bytes()).hexdigest(), "digest")
    place.run("plugin", "verify", place.repo / "atmos.yaml").fails(65).says("plugin/file-invalid")
    place.run("plugin", "verify", place.repo / "none/x.so").fails(65)


def test_messages_name_the_chmod(t):
    place = Place(t).signed()
    os.chmod(place.so, 0o664)
    t.contains(place.row()["next"], "chmod go-w %s" % place.so)
    os.chmod(place.so, 0o644)
    os.chmod(place.so.parent, 0o775)
    t.contains(place.row()["next"], "chmod go-w %s" % place.so.parent)


def test_keys_are_kept_safe(t):
    place = Place(t)
    place.keygen("key")
    private = place.home / "key"
    t.equal(stat.S_IMODE(private.stat().st_mode), 0o600, "mode")
    before = private.read_bytes()
    place.run("plugin", "keygen", private).fails(64).says("plugin/key-exists", "exists already")
    t.equal(private.read_bytes(), before, "private key")
    (place.home / "half.pub").write_text("mine")
    place.run("plugin", "keygen", place.home / "half").fails(64).says("half.pub")
    t.check(not (place.home / "half").exists(), "a private key without its public one stayed")
    place.run("plugin", "keygen", place.home / "none/key").fails(74).says("plugin/trust-unwritable")
    # An encrypted key needs its passphrase, and it is nowhere in what is said.
    place.keygen("locked", TF_ATMOS_KEY_PASSPHRASE="open sesame")
    t.contains((place.home / "locked").read_text(), "ENCRYPTED")
    sign = ("plugin", "sign", place.so, "--key", place.home / "locked")
    place.run(*sign).fails(65).says("TF_ATMOS_KEY_PASSPHRASE is not set")
    place.run(*sign, TF_ATMOS_KEY_PASSPHRASE="wrong").fails(65).says("is not opened").lacks("wrong")
    place.run(*sign, TF_ATMOS_KEY_PASSPHRASE="open sesame").ok().lacks("open sesame")


def test_what_cannot_be_signed(t):
    place = Place(t)
    place.keygen("key")
    sign = ("plugin", "sign", "--key", place.home / "key")
    place.run(*sign, place.repo / "atmos.yaml").fails(65).says("plugin/not-signable")
    place.run(*sign, place.repo / "none.so").fails(65).says("cannot be read")
    place.run("plugin", "sign", place.so).fails(64).says("--key")
    place.run("plugin", "sign", place.so, "--key", place.repo / "atmos.yaml").fails(65).says("plugin/private-key")
    place.run(*sign, place.so, "--expires", "soon").fails(64).says("2026-03-01")
    place.sign("key")
    place.run(*sign, place.so, "--detached").fails(65).says("would count before")
    # Signing again replaces the signature instead of adding one.
    size = place.so.stat().st_size
    place.sign("key")
    t.equal(place.so.stat().st_size, size, "size")
    t.equal(stat.S_IMODE(place.so.stat().st_mode), 0o644, "mode")
    bad = place.home / "bad-list"
    bad.write_text("tf-atmos plugin revocations 1\nserial: 1\nrevoke-everything: yes\n")
    place.run(*sign, bad).fails(65).says("plugin/not-signable")


def test_trust_store(t):
    place = Place(t)
    place.keygen("key")
    public = place.home / "key.pub"
    place.run("plugin", "trust", "add", public).fails(65).says("plugin/trust-refused", "--allow com.example")
    place.run("plugin", "trust", "add", public, "--allow", "no good").fails(65).says("no id prefix")
    place.run("plugin", "trust", "add", place.repo / "atmos.yaml", "--allow", "test").fails(65).says("tf-atmos public key 1")
    with t.writes_nothing(place.home):
        place.run("plugin", "trust", "add", public, "--allow", "test", "--dry-run").ok()
    place.trust("key", "--allow", "test,com.example", "--until", "2099-01-01")
    listed = place.run("plugin", "trust", "list", "--format", "json").ok().json()
    key = listed["keys"][0]
    t.equal((key["key"], key["allow"], key["until"], key["store"]),
            (place.key_id("key"), ["test", "com.example"], "2099-01-01T00:00:00Z", "user"))
    place.run("plugin", "trust", "remove", "0" * 16).fails(77).says("no trusted key")
    place.run("plugin", "trust", "remove", place.key_id("key")).ok()
    t.equal(place.run("plugin", "trust", "list", "--format", "json").ok().json()["keys"], [], "keys")


def test_key_files_others_can_write_are_not_used(t):
    place = Place(t).signed()
    store = place.home / ".config/tf-atmos/keys"
    path = next(store.iterdir())
    os.chmod(path, 0o666)
    result = place.run("plugin", "list").ok().says("plugin/key-invalid", "chmod go-w")
    t.equal(place.row()["state"], "available", "state")
    os.chmod(path, 0o644)
    path.write_text(path.read_text() + "grants: all\n")
    place.run("plugin", "list").ok().says("plugin/key-invalid", "grants")


def test_a_repository_cannot_trust_its_own_keys(t):
    place = Place(t).own_system()
    place.keygen("key")
    place.trust("key")
    place.sign("key")
    own = next((place.home / ".config/tf-atmos/keys").iterdir())
    (place.repo / "tf-atmos.keys").mkdir()
    own.rename(place.repo / "tf-atmos.keys" / own.name)
    t.equal(place.row()["code"], "plugin/key-unknown", "without a policy")
    # Nor may it say so itself.
    text = (place.repo / "atmos.yaml").read_text()
    (place.repo / "atmos.yaml").write_text(text + "plugins: { policy: { repository_keys: true } }\n")
    place.run("plugin", "list").fails(78).says("plugin/policy-invalid", "of the system only")
    (place.repo / "atmos.yaml").write_text(text)
    place.policy(repository_keys=True)
    t.equal(place.row()["state"], "ready", "with the system's policy")
    # Its keys never sign revocation lists.
    key = place.repo / "tf-atmos.keys" / own.name
    key.write_text(key.read_text().replace("allow: ", "role: root\nallow: "))
    listed = place.run("plugin", "trust", "list", "--format", "json").ok().json()
    t.equal([k["root"] for k in listed["keys"]], [False], "root")


def test_system_keys_and_policies(t):
    place = Place(t).own_system()
    place.keygen("key")
    place.trust("key")
    place.sign("key")
    own = next((place.home / ".config/tf-atmos/keys").iterdir())
    (place.system / "keys").mkdir()
    own.rename(place.system / "keys" / own.name)
    t.equal(place.row()["state"], "ready", "state")
    place.run("plugin", "trust", "remove", place.key_id("key")).fails(65).says("trusted by the system")
    # The stricter wins, whoever says it.
    place.policy(allow=["test.*"])
    t.equal(place.row()["state"], "ready", "allowed")
    text = (place.repo / "atmos.yaml").read_text()
    (place.repo / "atmos.yaml").write_text(text + "plugins: { policy: { signers: [] } }\n")
    t.equal(place.row()["code"], "plugin/forbidden", "both must allow it")
    (place.repo / "atmos.yaml").write_text(text + "plugins: { policy: { allow: ['*'], unsigned: pinned } }\n")
    place.policy(deny=["test.constructor"])
    t.equal(place.row()["code"], "plugin/forbidden", "a repository cannot weaken the system")
    # Mode warn only says it, for its own rules.
    place.policy(deny=["test.constructor"], mode="warn")
    t.equal(place.row()["state"], "ready", "warned")
    place.run("plugin", "list").ok().says("plugin/forbidden-soon")
    # Bundled plugins are the program itself.
    t.equal(place.run("plugin", "enable", ID).ok().code, 0)
    place.policy(unsigned="never", deny=["test.*"])
    place.run("plugin", "disable", ID).ok()
    place.run("plugin", "enable", ID).fails(77).says("plugin/forbidden")
    t.check(ID not in (place.repo / "tf-atmos.lock.json").read_text(), "a forbidden plugin was pinned")
    place.policy(sandbox="optional")
    t.equal(place.row()["state"], "ready", "sandbox optional")


def test_policies_fail_closed(t):
    place = Place(t).signed().own_system()
    path = place.system / "policy.json"
    for text, said in (("{", "policy.json"), ('{"alow": []}', "did you mean"), ('{"allow": "x"}', "must be a list"),
                       ('{"unsigned": "maybe"}', "`pinned` or `never`"), ("[]", "not a map"),
                       ('{"signers": ["me"]}', "key ids"), ('{"version": 2}', "must be 1")):
        path.write_text(text)
        place.run("plugin", "list").fails().says("plugin/policy-invalid", said)
        t.check(not place.runs()[0], text)
    path.write_text("{}")
    os.chmod(path, 0o666)
    place.run("plugin", "list").fails().says("plugin/policy-invalid", "chmod go-w")
    os.chmod(path, 0o644)
    path.unlink()
    os.symlink(place.repo / "atmos.yaml", path)
    place.run("plugin", "list").fails().says("plugin/policy-invalid", "symbolic link")
    t.check(not place.runs()[0], "symbolic link")


def test_lists_that_expired(t):
    place = Place(t).signed().with_root()
    place.add_list(3, expires="2026-02-01T00:00:00Z")
    place.run("plugin", "list").ok().says("plugin/revocations-expired")
    t.equal(place.row()["state"], "ready", "state")
    t.equal(place.row("--strict")["code"], "plugin/revocations-expired", "strict")
    # An older list is not taken, and a policy can demand a newer one.
    place.run("plugin", "trust", "add", place.revoke(2)).fails(77).says("plugin/revocations-rollback")
    place.own_system().policy(minimum_serial=4)
    t.equal(place.row()["code"], "plugin/revocations-rollback", "minimum")
    (place.home / ".config/tf-atmos/revocations").unlink()
    t.equal(place.row()["code"], "plugin/revocations-rollback", "none")


def test_the_newer_of_two_lists_counts(t):
    """A user's list that lags behind the system's is no attack; one that is ahead counts beside it."""
    place = Place(t).signed().with_root().own_system()
    (place.system / "keys").mkdir()
    root = place.home / ".config/tf-atmos/keys" / (place.key_id("root") + ".pub")
    shutil.copyfile(root, place.system / "keys/root.pub")
    place.add_list(3)
    shutil.copyfile(place.revoke(5), place.system / "revocations")
    for _ in range(2):
        t.equal(place.row()["state"], "ready", "the system's is newer")
    place.add_list(6, "revoke-id: %s 1.0.0 1.0.0" % ID)
    t.equal(place.row()["code"], "plugin/version-revoked", "the user's is newer")
    # The highest serial seen holds for either place.
    (place.home / ".config/tf-atmos/revocations").unlink()
    t.equal(place.row()["code"], "plugin/revocations-rollback", "the newer list is gone")


def test_locked(t):
    place = Place(t).signed()
    for options, env in ((("--locked",), {}), ((), {"TF_ATMOS_PLUGINS_LOCKED": "true"})):
        result = place.run("plugin", "list", "--format", "json", *options, **env).fails(77).says("plugin/lock-drift")
        t.equal([i["code"] for i in result.json()["items"] if i["id"] == ID], ["plugin/lock-drift"])
        place.run("validate", *options, **env).fails()
        t.check(not place.has_run, "code that is not locked ran")
    place.run("plugin", "enable", ID, "--locked").fails(77).says("plugin/lock-drift")
    place.run("plugin", "enable", ID).ok()
    pin = json.loads((place.repo / "tf-atmos.lock.json").read_text())["plugins"][ID]
    t.equal((pin["signer"], pin["version"], pin["sha256"]),
            (place.key_id("key"), "1.0.0", hashlib.sha256(place.so.read_bytes()).hexdigest()))
    place.run("validate", "--locked").ok()
    t.check(place.has_run, "the locked plugin did not run")
    place.run("plugin", "disable", ID, "--locked").fails(77).says("may not change")
    # Another signature is other bytes, a missing file is no file.
    place.keygen("second")
    place.trust("second")
    place.sign("second")
    t.contains(place.run("validate", "--locked").fails().out, "plugin/lock-drift")
    place.run("check", "--locked").fails(77)
    place.so.unlink()
    result = place.run("validate", "--locked").fails()
    t.contains(result.out, "plugin/lock-drift")
    t.contains(result.out, "no plugin folder has")
    # The filter of the same name is another option.
    place.run("list", "instances", "--locked").ok()


def test_unsigned_plugins_need_no_libcrypto(t):
    place = Place(t)
    place.run("plugin", "enable", ID).ok()
    place.run("plugin", "list", LD_DEBUG="files", LD_DEBUG_OUTPUT=str(t.tmp / "loader")).ok()
    text = "".join(p.read_text(errors="replace") for p in t.tmp.glob("loader*"))
    t.check(text, "the loader wrote nothing")
    t.check("libcrypto" not in text, "plugin list opened libcrypto")


def test_without_libcrypto(t):
    """A signature that cannot be checked is no signature."""
    place = Place(t).signed()
    (t.tmp / "broken").mkdir()
    (t.tmp / "broken/libcrypto.so.3").write_text("not a library")
    env = {"LD_LIBRARY_PATH": t.tmp / "broken"}
    items = place.run("plugin", "list", "--format", "json", **env).ok().json()["items"]
    t.equal([i["code"] for i in items if i["id"] == ID], ["plugin/no-libcrypto"])
    place.run("validate", **env).fails()
    t.check(not place.has_run, "code ran")
    place.run("plugin", "keygen", place.home / "more", **env).fails(69).says("plugin/no-libcrypto", "libcrypto.so.3")


def test_permissions(t):
    place = Place(t)
    test_plugins.install(t, "good/probe", place.repo / "plugins.d/probe.so")
    place.run("plugin", "enable", "com.example.probe").ok()
    everything = place.run("plugin", "permissions").ok().json()
    actions = everything["Statement"][0]["Action"]
    t.equal(everything["Version"], "2012-10-17")
    t.equal(actions, sorted(set(actions)), "order")
    t.contains(actions, "sts:GetCallerIdentity")
    one = place.run("plugin", "permissions", "com.example.probe").ok().json()["Statement"][0]["Action"]
    info = place.run("plugin", "info", "com.example.probe", "--format", "json").ok().json()
    t.equal(one, sorted(info["aws_actions"]), "actions of one")
    t.equal((info["kinds"], info["interface"], info["schema"]["type"]), (["probe"], "1.0", "object"), "info")
    t.check(info["codes"] and info["checks"] and info["components"], info)
    text = place.run("plugin", "permissions", "com.example.probe", "--format", "terraform").ok().out
    t.contains(text, 'resource "aws_iam_policy" "tf_atmos_checks_1" {')
    # A stack that no plugin handles needs nothing.
    (place.repo / "stacks/dev.yaml").write_text("vars: { stage: dev }\ncomponents: { terraform: { app: { vars: { a: 1 } } } }\n")
    t.equal(place.run("plugin", "permissions", "--stack", "dev").ok().json(), [], "unused")
    (place.repo / "stacks/dev.yaml").write_text(
        "vars: { stage: dev }\ncomponents: { terraform: { app: { settings: { probe: { act: nothing } } } } }\n")
    used = place.run("plugin", "permissions", "--stack", "dev").ok().json()["Statement"][0]["Action"]
    t.equal(used, one, "actions of the stack")
    place.run("plugin", "permissions", "--stack", "prod").fails()
    place.run("plugin", "permissions", "com.example.none").fails(69)
