# SPDX-License-Identifier: Apache-2.0
"""The harness itself: a test tool that cannot fail proves nothing."""
import re
import time

import harness


def raises(t, kind, function, part=""):
    try:
        function()
    except kind as error:
        t.contains(str(error), part)
        return
    t.fail("nothing was raised")


def test_run_has_a_clean_environment(t):
    r = t.run(program="/usr/bin/env", env={"EXTRA": "1", "TZ": None})
    names = {line.split("=")[0] for line in r.ok().out.splitlines()}
    t.check(not [n for n in names if n.startswith(("ATMOS_", "TF_", "AWS_")) and n != "AWS_EC2_METADATA_DISABLED"], names)
    t.check("EXTRA" in names and "TZ" not in names, names)
    t.contains(r.out, "HOME=%s" % t.home)


def test_a_configuration_has_its_keys_in_their_lines(t):
    """Tests say where in it something stands."""
    lines = harness.atmos_yaml("more: 1\n", "x/*", "name_template: y", "list: {}", "list: {}", "command: z").split("\n")
    t.equal(lines, ['base_path: "."', "stacks:", "  list: {}", "  base_path: stacks", '  included_paths: ["x/*"]', "  name_template: y",
                    "components: { list: {}, terraform: { base_path: components/terraform, command: z } }", "more: 1", ""])
    t.equal(harness.atmos_yaml().split("\n")[2:], ["  base_path: stacks", '  included_paths: ["deploy/**/*"]', '  name_pattern: "{stage}"',
                                                   "components: { terraform: { base_path: components/terraform } }", ""])


def test_checks_of_a_result_fail(t):
    r = t.run("-c", "echo out; echo 'err  one\ntwo' >&2; exit 3", program="/bin/sh")
    r.exits(3).fails(3).says("err one two").prints("out").lacks("other")
    raises(t, harness.Failed, r.ok, "exit 3, want 0")
    raises(t, harness.Failed, lambda: r.says("three"), "does not say")
    raises(t, harness.Failed, lambda: r.prints("err"), "does not have")
    raises(t, harness.Failed, lambda: r.lacks("one"), "output has")
    raises(t, harness.Failed, r.json, "not JSON")
    killed = t.run("-c", "kill -9 $$", program="/bin/sh")
    raises(t, harness.Failed, killed.fails, "want a failure")


def test_timeout_is_a_failure(t):
    raises(t, harness.Failed, lambda: t.run("30", program="/bin/sleep", timeout=0.2), "still running")


def test_writes_nothing_sees_every_change(t):
    def touched(action):
        repo = t.repo({"a/b.yaml": "x: 1\n", "empty": None})

        def body():
            with t.writes_nothing(repo):
                action(repo)
        return body

    touched(lambda repo: (repo / "a/b.yaml").read_text())()
    raises(t, harness.Failed, touched(lambda repo: (repo / "a/c").write_text("")), "new a/c")
    raises(t, harness.Failed, touched(lambda repo: (repo / "a/b.yaml").write_text("x: 1\n")), "changed a/b.yaml")
    raises(t, harness.Failed, touched(lambda repo: (repo / "a/b.yaml").chmod(0o600)), "changed a/b.yaml")
    raises(t, harness.Failed, touched(lambda repo: (repo / "empty").rmdir()), "gone empty")


def test_overlay_answers_and_records(t):
    o = t.overlay()
    o.answer({"n": 1}, service="guardduty", method="GET", path=re.compile(r"/detector/\w+"))
    o.error("ThrottlingException", 429, target="ListAccounts", times=1)
    headers = harness.aws_headers("guardduty", "eu-west-1")
    t.equal(harness.http_call(o.url, "GET", "/detector/abc?x=1", headers).json(), {"n": 1})
    t.equal(harness.http_call(o.url, "GET", "/other", headers).status, 501)
    orgs = harness.aws_headers("organizations", "us-east-1", target="AWSOrganizationsV20161128.ListAccounts")
    first = harness.http_call(o.url, "POST", "/", orgs, "{}")
    t.equal((first.status, first.headers["x-amzn-errortype"]), (429, "ThrottlingException"))
    t.equal(harness.http_call(o.url, "POST", "/", orgs, "{}").status, 501)
    t.equal([(r.service, r.region, r.path) for r in o.calls(service="guardduty")],
            [("guardduty", "eu-west-1", "/detector/abc"), ("guardduty", "eu-west-1", "/other")])
    t.equal(len(o.calls(target="ListAccounts")), 2)


def test_overlay_misbehaves(t):
    o = t.overlay()
    o.reset_connection(path="/reset")
    o.truncate(path="/cut")
    o.hang(path="/hang")
    o.drip(path="/drip", interval=0.01)
    o.html(path="/html")
    o.huge(1 << 20, path="/huge")

    def broken(path, kind, timeout=60):
        raises(t, kind, lambda: harness.http_call(o.url, "GET", path, timeout=timeout))

    broken("/reset", ConnectionError)
    broken("/cut", harness.http.client.IncompleteRead)
    broken("/hang", TimeoutError, 0.3)
    t.contains(harness.http_call(o.url, "GET", "/html").body.decode(), "<!DOCTYPE html>")
    t.equal(len(harness.http_call(o.url, "GET", "/huge").body), (1 << 20) + 2)
    connection = harness.http.client.HTTPConnection("127.0.0.1", o.server.server_address[1], timeout=60)
    started = time.monotonic()
    connection.request("GET", "/drip")
    answer = connection.getresponse()
    t.equal(len(answer.read(30)), 30)
    t.check(time.monotonic() - started > 0.2)
    connection.close()
    raises(t, OSError, lambda: harness.http_call("http://127.0.0.1:%d" % harness.closed_port(), "GET", "/"), "refused")


def test_moto_answers_and_is_emptied(t):
    moto = t.moto()
    made = moto.call("guardduty", "POST", "/detector", {"enable": True})
    t.equal(moto.call("guardduty", "GET", "/detector")["detectorIds"], [made["detectorId"]])
    t.equal(moto.call("guardduty", "GET", "/detector", account="111122223333")["detectorIds"], [])
    t.contains(moto.query("sts", "GetCallerIdentity", Version="2011-06-15"), "<Account>123456789012</Account>")
    t.equal(t.moto().call("guardduty", "GET", "/detector")["detectorIds"], [])


def test_overlay_before_moto(t):
    moto = t.moto()
    o = t.overlay(moto)
    o.accounts["AKIDEXAMPLE"] = "111122223333"
    headers = harness.aws_headers("guardduty", "us-east-1", content_type="application/json")
    made = harness.http_call(o.url, "POST", "/detector", headers, '{"enable": true}').json()
    t.equal(moto.call("guardduty", "GET", "/detector", account="111122223333")["detectorIds"], [made["detectorId"]])
    o.throttle(times=1, method="GET", path="/detector")
    t.equal(harness.http_call(o.url, "GET", "/detector", headers).status, 429)
    t.equal(harness.http_call(o.url, "GET", "/detector", headers).json()["detectorIds"], [made["detectorId"]])


def test_exit_codes_that_help_does_not_list_fail(t):
    codes = {("plugin", "verify"): {0, 1, 64, 77}, ("validate",): {0, 1, 64}, ("validate", "stacks"): {0, 64}, ("terraform", "plan"): {0, 2, 3}}
    valued = {"--config", "-C"}
    for arguments, path in (("plugin verify x", ("plugin", "verify")), ("-C x validate", ("validate",)), ("validate stacks", ("validate", "stacks")),
                            ("--config=a validate app", ("validate",)), ("--config a -v plugin --json verify f", ("plugin", "verify")),
                            ("terraform plan app -- validate", ("terraform", "plan")), ("plugin", None), ("-- validate", None)):
        t.equal(harness.command_of(arguments.split(), codes, valued), path, arguments)
    found, valued = harness.command_table(t.binary)
    t.check(77 in found[("plugin", "verify")] and 77 in found[("plugin", "install")], found)
    t.check({2, 63} <= found[("terraform", "plan")] and 2 not in found[("validate",)], found)
    t.check({"-s", "--stack", "--config"} <= valued and "--strict" not in valued, valued)
    t.contains(harness.undocumented(t.binary, ["version"], 75), "exit 75 is not among the exit codes of `version` (0, 1, 64, 74)")
    for code in (0, 64, -9, 130):
        t.equal(harness.undocumented(t.binary, ["version"], code), None, code)
