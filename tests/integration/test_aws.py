# SPDX-License-Identifier: Apache-2.0
"""The AWS client over real HTTP: against the simulator, and against an endpoint that misbehaves."""
import calendar
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse

import harness

KEY = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzEXAMPLEsessionTOKEN/with+signs=="

LIST = {"service": "guardduty", "operation": "ListDetectors", "method": "GET", "path": "/detector"}
LIST_ALL = dict(LIST, pages={"items": "/detectorIds"})
FAST = {"connect_ms": 2000, "idle_ms": 1000, "attempt_ms": 3000, "max_attempts": 1}


def driver(t):
    path = pathlib.Path(t.binary).parent / "drivers" / "driver_aws_call"
    if not path.exists():
        t.skip("%s is not built" % path)
    return path


def drive(t, url, *calls, options=None, env=None, batches=1, fails=None):
    """Runs the calls through the client: the answers, with the run itself as `.run` of the list."""
    given = t.aws_env(url, AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET, TFA_DRIVER_LOG="1") if url else {}
    given.update(env or {})
    r = t.run(program=driver(t), env=given,
              stdin=json.dumps({"options": options or {}, "calls": calls, "batches": batches}))
    r.lacks(SECRET, TOKEN)
    if fails is None:
        r.ok()
    else:
        r.fails(fails)
    return Answers(r)


class Answers(list):
    def __init__(self, run):
        super().__init__(run.json() if run.out.strip() else [])
        self.run = run


def one_fault(t, answers, outcome, kind, *texts):
    """Every answer has this outcome and a fault of this kind, whose message has the texts."""
    t.check(answers, answers.run)
    for answer in answers:
        t.equal(answer["outcome"], outcome, "outcome of %s" % json.dumps(answer))
        t.equal(answer["fault"]["id"], kind, "fault")
        t.check(answer["fault"]["hint"], "a fault without a hint")
        for text in texts:
            t.contains(answer["fault"]["message"], text)


# ---------------------------------------------------------------- a signer of its own

UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"


def encode(data, safe=b""):
    return "".join(chr(b) if b in UNRESERVED + safe else "%%%02X" % b for b in data)


def signature_of(request, secret):
    """What the Authorization header of a received request should say, from the bytes received."""
    auth = request.headers["Authorization"]
    names = auth.split("SignedHeaders=")[1].split(",")[0].split(";")
    path, _, query = request.raw_path.partition("?")
    path = re.sub("/+", "/", path)
    pairs = sorted((encode(urllib.parse.unquote_to_bytes(n)), encode(urllib.parse.unquote_to_bytes(v)))
                   for n, _, v in (p.partition("=") for p in query.split("&") if p))
    lines = [request.method, encode(path.encode(), b"/"), "&".join("%s=%s" % p for p in pairs)]
    lines += ["%s:%s" % (n, " ".join(request.headers[n].split())) for n in names]
    lines += ["", ";".join(names), hashlib.sha256(request.body).hexdigest()]
    scope = "/".join([request.date, request.region, request.service, "aws4_request"])
    text = "\n".join(["AWS4-HMAC-SHA256", request.headers["X-Amz-Date"], scope,
                      hashlib.sha256("\n".join(lines).encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signed_right(t, request, secret=SECRET):
    t.contains(request.headers["Authorization"], "Signature=" + signature_of(request, secret))


def test_what_is_sent_is_what_was_signed(t):
    overlay = t.overlay()
    overlay.answer({})
    drive(t, overlay,
          LIST,
          dict(LIST, path="/query", query={"b": "x y/z", "a": ["+", "%2f", ""], "c": "\u1234=&"}),
          {"service": "guardduty", "operation": "ListTagsForResource", "path": "/tags/{resourceArn}/x:y//z",
           "labels": {"resourceArn": "arn:aws:guardduty:us-east-1:123456789012:detector/ab c"}},
          {"service": "guardduty", "operation": "X", "method": "POST", "path": "/post", "body": {"enable": True, "t": "\u00e9"}},
          {"service": "guardduty", "operation": "X", "method": "POST", "path": "/empty"},
          {"service": "guardduty", "operation": "X", "method": "PUT", "path": "/put", "body": {}},
          {"service": "guardduty", "operation": "X", "method": "PATCH", "path": "/patch", "body_text": "{ }"},
          {"service": "guardduty", "operation": "X", "method": "DELETE", "path": "/delete"},
          {"service": "organizations", "operation": "ListAccounts", "body": {"MaxResults": 20}},
          {"service": "network-firewall", "operation": "ListFirewalls"})
    t.equal(len(overlay.requests), 10, "requests")
    for request in overlay.requests:
        signed_right(t, request)
        t.check("Expect" not in request.headers, "an Expect header")
    sent = {r.path: r for r in overlay.requests}
    t.equal(sent["/post"].method, "POST", "method")
    t.equal(sent["/post"].headers["Content-Type"], "application/json", "content type")
    t.equal(sent["/post"].json(), {"enable": True, "t": "\u00e9"}, "body")
    t.check("/tags/arn%3Aaws%3Aguardduty%3Aus-east-1%3A123456789012%3Adetector%2Fab%20c/x%3Ay//z" in sent, list(sent))
    t.equal((sent["/empty"].method, sent["/empty"].body), ("POST", b""), "empty body")
    t.check("Content-Type" not in sent["/empty"].headers, "a content type without content")
    t.equal((sent["/put"].method, sent["/put"].body), ("PUT", b"{}"), "put")
    t.equal((sent["/patch"].method, sent["/patch"].body), ("PATCH", b"{ }"), "patch")
    t.equal((sent["/delete"].method, sent["/delete"].body), ("DELETE", b""), "delete")
    targets = {r.target: r for r in overlay.requests if r.target}
    t.equal(targets["AWSOrganizationsV20161128.ListAccounts"].headers["Content-Type"], "application/x-amz-json-1.1", "type")
    t.equal(targets["NetworkFirewall_20201112.ListFirewalls"].headers["Content-Type"], "application/x-amz-json-1.0", "type")
    t.equal(targets["NetworkFirewall_20201112.ListFirewalls"].body, b"{}", "body")


def test_session_token_is_sent_and_signed(t):
    overlay = t.overlay()
    overlay.answer({})
    drive(t, overlay, LIST, env={"AWS_SESSION_TOKEN": TOKEN})
    request = overlay.requests[0]
    t.equal(request.headers["X-Amz-Security-Token"], TOKEN, "token")
    t.contains(request.headers["Authorization"], "x-amz-security-token")
    signed_right(t, request)


# ---------------------------------------------------------------- the simulator

class TestSimulator:
    def test_list_detectors(self, t):
        moto = t.moto()
        drive(t, moto, LIST)
        answers = drive(t, moto, LIST)
        t.equal(answers[0]["body"], {"detectorIds": []}, "no detector")
        made = moto.call("guardduty", "POST", "/detector", {"enable": True})["detectorId"]
        answers = drive(t, moto, LIST_ALL, dict(LIST_ALL, region="eu-west-1"))
        t.equal([a["items"] for a in answers], [[made], []], "detectors")
        t.equal([a["region"] for a in answers], ["us-east-1", "eu-west-1"], "regions")
        answers = drive(t, moto, {"service": "guardduty", "operation": "GetDetector", "path": "/detector/{id}",
                                  "labels": {"id": made}})
        t.equal(answers[0]["body"]["status"], "ENABLED", "detector")

    def test_json_1_1_with_real_pages(self, t):
        moto = t.moto()
        moto.target("organizations", "AWSOrganizationsV20161128.CreateOrganization", {"FeatureSet": "ALL"})
        for i in range(5):
            moto.target("organizations", "AWSOrganizationsV20161128.CreateAccount",
                        {"Email": "a%d@example.com" % i, "AccountName": "account%d" % i})
        answers = drive(t, moto, {"service": "organizations", "operation": "ListAccounts", "region": "eu-west-1",
                                  "body": {"MaxResults": 2}, "pages": {"items": "/Accounts"}})
        answer = answers[0]
        t.equal(answer["outcome"], "ok", answers.run)
        names = sorted(a["Name"] for a in answer["items"])
        t.equal(names, ["account%d" % i for i in range(5)] + ["master"], "accounts")
        t.equal(answer["region"], "us-east-1", "the Region of a global service")

    def test_errors_of_a_service(self, t):
        moto = t.moto()
        answers = drive(t, moto, {"service": "securityhub", "operation": "DescribeHub", "path": "/accounts"}, fails=65)
        one_fault(t, answers, "rejected", "aws/rejected", "securityhub DescribeHub in us-east-1", "HTTP 401",
                  "InvalidAccessException")
        t.equal(answers[0]["code"], "InvalidAccessException", "code")
        answers = drive(t, moto, {"service": "guardduty", "operation": "GetDetector", "path": "/detector/none"}, fails=65)
        t.equal(answers[0]["code"], "BadRequestException", "the header wins over __type")

    def test_what_the_simulator_lacks_is_never_an_answer(self, t):
        moto = t.moto()
        answers = drive(t, moto, {"service": "guardduty", "operation": "NoSuch", "path": "/no/such/path"}, fails=69)
        one_fault(t, answers, "unreadable", "aws/answer-not-json", "HTTP 404")
        answers = drive(t, moto, {"service": "organizations", "operation": "NoSuchOperation"}, fails=75,
                        options={"max_attempts": 2})
        one_fault(t, answers, "server-fault", "aws/server-error", "HTTP 500", "(2 attempts)")

    def test_other_accounts_by_key(self, t):
        moto = t.moto()
        overlay = t.overlay(moto)
        overlay.accounts["AKIDOTHER"] = "111122223333"
        made = moto.call("guardduty", "POST", "/detector", {"enable": True}, account="111122223333")["detectorId"]
        (t.home / ".aws").mkdir()
        (t.home / ".aws" / "credentials").write_text(
            "[here]\naws_access_key_id=AKIDHERE\naws_secret_access_key=s\n"
            "[other]\naws_access_key_id=AKIDOTHER\naws_secret_access_key=s\n")
        answers = drive(t, overlay, dict(LIST_ALL, profile="here"), dict(LIST_ALL, profile="other"))
        t.equal([a["items"] for a in answers], [[], [made]], "detectors of the two accounts")


# ---------------------------------------------------------------- pages

def test_pages_over_http(t):
    overlay = t.overlay()
    pages = {None: ("a/b=", [1, 2]), "a/b=": ("c", []), "c": ("", [3])}

    def body(request):
        token, items = pages[request.query.get("nextToken", [None])[0]]
        return {"detectorIds": items, "nextToken": token}

    overlay.answer(body)
    answer = drive(t, overlay, LIST_ALL)[0]
    t.equal(answer["items"], [1, 2, 3], "items")
    t.equal((answer["pages"], answer["complete"]), (3, True), "pages")
    for request in overlay.requests:
        signed_right(t, request)


def test_a_token_that_repeats(t):
    overlay = t.overlay()
    overlay.answer({"detectorIds": [1], "nextToken": "again"})
    answers = drive(t, overlay, LIST_ALL, fails=69)
    one_fault(t, answers, "unreadable", "aws/pages-endless", "same page token twice")
    t.equal((answers[0]["items"], answers[0]["complete"]), ([1, 1], False), "items")
    t.equal(len(overlay.requests), 2, "requests")


# ---------------------------------------------------------------- faults and retries

class TestRetries:
    def test_5xx_then_success(self, t):
        overlay = t.overlay()
        overlay.answer({"detectorIds": []})
        overlay.answer(b"", 503, times=1)
        overlay.html(502, times=1)
        answer = drive(t, overlay, LIST)[0]
        t.equal((answer["outcome"], answer["attempts"]), ("ok", 3), "answer")

    def test_5xx_for_good(self, t):
        overlay = t.overlay()
        overlay.error("InternalServerErrorException", 500, "broken", headers={"x-amzn-RequestId": "req-1"})
        answers = drive(t, overlay, LIST, fails=75)
        one_fault(t, answers, "server-fault", "aws/server-error", "guardduty ListDetectors in us-east-1: HTTP 500",
                  "InternalServerErrorException: broken", "(3 attempts)", "(request id req-1)")
        t.equal(len(overlay.requests), 3, "requests")

    def test_429_is_waited_for(self, t):
        overlay = t.overlay()
        overlay.answer({})
        overlay.throttle(times=1, retry_after=2)
        answer = drive(t, overlay, LIST)[0]
        t.equal((answer["outcome"], answer["attempts"]), ("ok", 2), "answer")
        pause = overlay.requests[1].time - overlay.requests[0].time
        t.check(1.9 < pause < 3.5, "waited %.2f s, asked for 2" % pause)

    def test_429_for_good(self, t):
        overlay = t.overlay()
        overlay.throttle()
        answers = drive(t, overlay, LIST, fails=75, options={"max_attempts": 2})
        one_fault(t, answers, "throttled", "aws/throttled", "HTTP 429, ThrottlingException: Rate exceeded")

    def test_reset_then_success(self, t):
        overlay = t.overlay()
        overlay.answer({})
        overlay.reset_connection(times=2)
        t.equal(drive(t, overlay, LIST)[0]["outcome"], "ok", "outcome")

    def test_truncated_then_success(self, t):
        overlay = t.overlay()
        overlay.answer({})
        overlay.truncate(times=2)
        t.equal(drive(t, overlay, LIST)[0]["outcome"], "ok", "outcome")

    def test_wrong_clock(self, t):
        """The other side is an hour ahead: its Date header is believed once."""
        overlay, said = t.overlay(), []
        overlay.answer({})

        def refuse(handler, request):
            said.append(int(time.time()))
            ahead = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(said[0] + 3600))
            body = b'{"__type":"InvalidSignatureException","message":"Signature expired"}'
            handler.send_response_only(403)
            handler.send_header("Date", ahead)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        overlay.rule(refuse, times=1)
        t.equal(drive(t, overlay, LIST)[0]["outcome"], "ok", "outcome")
        dates = [calendar.timegm(time.strptime(r.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")) for r in overlay.requests]
        t.check(said[0] + 3600 <= dates[1] <= time.time() + 3601, "%s after %s" % (dates, said))
        signed_right(t, overlay.requests[1])

    def test_denied_and_expired(self, t):
        overlay = t.overlay()
        overlay.error("AccessDeniedException", 403, "User is not authorized")
        answers = drive(t, overlay, LIST, fails=77)
        one_fault(t, answers, "denied", "aws/denied", "guardduty:ListDetectors is not allowed")
        overlay.error("ExpiredTokenException", 403, "expired")
        one_fault(t, drive(t, overlay, LIST, fails=77), "bad-credentials", "aws/credentials-expired", "expired")
        overlay.error("UnrecognizedClientException", 403, "invalid token")
        one_fault(t, drive(t, overlay, LIST, fails=77), "bad-credentials", "aws/credentials-refused")
        t.equal(len(overlay.requests), 3, "none of these is retried")


class TestBadEndpoints:
    def test_refused(self, t):
        url = "http://127.0.0.1:%d" % harness.closed_port()
        answers = drive(t, url, LIST, fails=69)
        one_fault(t, answers, "unreachable", "aws/unreachable", "cannot reach " + url, "Connection refused", "(3 attempts)")

    def test_unknown_host(self, t):
        answers = drive(t, "https://no-such-host.invalid", LIST, fails=69, options=FAST)
        one_fault(t, answers, "unreachable", "aws/unreachable", "no-such-host.invalid")

    def test_hanging(self, t):
        overlay = t.overlay()
        overlay.hang()
        answers = drive(t, overlay, LIST, fails=75, options=FAST)
        one_fault(t, answers, "timed-out", "aws/time-out", "did not answer in time", "not a byte for 1.0 s")
        t.equal(len(overlay.requests), 1, "requests")

    def test_hanging_after_the_headers(self, t):
        overlay = t.overlay()
        overlay.hang(after_headers=True)
        one_fault(t, drive(t, overlay, LIST, fails=75, options=FAST), "timed-out", "aws/time-out")

    def test_dripping(self, t):
        overlay = t.overlay()
        overlay.drip(0.1)
        answers = drive(t, overlay, LIST, fails=75, options=FAST)
        one_fault(t, answers, "timed-out", "aws/time-out", "no complete answer within 3.0 s")
        t.equal(len(overlay.requests), 1, "requests")

    def test_many_calls_to_a_hanging_endpoint_cost_the_time_of_one(self, t):
        overlay = t.overlay()
        overlay.hang()
        answers = drive(t, overlay, *[LIST] * 30, fails=75, options=dict(FAST, max_attempts=2))
        # Two rounds of those that are under way at once; the others learn from them that nobody answers.
        t.check(len(overlay.requests) <= 12, "%d requests" % len(overlay.requests))
        t.check(all(a["outcome"] in ("timed-out", "unreachable") for a in answers), "outcomes")

    def test_connecting_to_a_black_hole(self, t):
        """A listener with a full backlog does not complete the handshake."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            address = listener.getsockname()
            fillers, has_room = [], True
            while has_room:
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(address)
                fillers.append(filler)
                has_room = select.select([], [filler], [], 0.5)[1]
            answers = drive(t, "http://127.0.0.1:%d" % address[1], LIST, fails=75, options=dict(FAST, connect_ms=500))
            one_fault(t, answers, "timed-out", "aws/time-out", "not connected within 0.5 s")
            for filler in fillers:
                filler.close()

    def test_truncated(self, t):
        overlay = t.overlay()
        overlay.truncate()
        answers = drive(t, overlay, LIST, fails=69)
        one_fault(t, answers, "unreadable", "aws/answer-truncated", "truncated after 11 bytes", "(3 attempts)")

    def test_cut_without_announced_length(self, t):
        overlay = t.overlay()
        overlay.raw(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"detectorIds": ["a"')
        one_fault(t, drive(t, overlay, LIST, fails=69), "unreadable", "aws/answer-not-json", "not JSON")

    def test_html(self, t):
        overlay = t.overlay()
        overlay.html(200)
        answers = drive(t, overlay, LIST, fails=69)
        one_fault(t, answers, "unreadable", "aws/answer-not-json", "HTTP 200", "a page of HTML")
        t.equal(len(overlay.requests), 1, "requests")

    def test_not_http(self, t):
        overlay = t.overlay()
        overlay.raw(b"SSH-2.0-OpenSSH_9.2\r\n")
        one_fault(t, drive(t, overlay, LIST, fails=69), "unreadable", "aws/answer-not-json", "does not speak HTTP")

    def test_huge_body(self, t):
        overlay = t.overlay()
        overlay.huge(256 << 20)
        answers = drive(t, overlay, LIST, fails=69, options={"max_answer_bytes": 1 << 20})
        one_fault(t, answers, "unreadable", "aws/answer-too-large", "1048576 bytes")
        t.equal(len(overlay.requests), 1, "requests")

    def test_huge_headers(self, t):
        overlay = t.overlay()
        overlay.raw(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"a" * 900) for i in range(90)) +
                    b"Content-Length: 2\r\n\r\n{}")
        one_fault(t, drive(t, overlay, LIST, fails=69), "unreadable", "aws/answer-too-large")

    def test_redirect_is_not_followed(self, t):
        elsewhere = t.overlay()
        elsewhere.answer({})
        overlay = t.overlay()
        overlay.answer(b"", 307, {"Location": elsewhere.url + "/detector"})
        answers = drive(t, overlay, LIST, fails=69)
        one_fault(t, answers, "unreadable", "aws/answer-redirect", "redirects (HTTP 307) to `%s/detector`" % elsewhere.url)
        t.equal(len(elsewhere.requests), 0, "requests that followed")

    def test_plain_http_only_to_this_machine(self, t):
        answers = drive(t, "http://192.0.2.1", LIST, fails=78)
        one_fault(t, answers, "bad-call", "aws/bad-endpoint", "AWS_ENDPOINT_URL is plain http")

    def test_proxies_are_not_used_for_loopback(self, t):
        proxy = t.overlay()
        overlay = t.overlay()
        overlay.answer({})
        drive(t, overlay, LIST, env={"http_proxy": proxy.url, "HTTP_PROXY": proxy.url, "ALL_PROXY": proxy.url})
        t.equal((len(proxy.requests), len(overlay.requests)), (0, 1), "requests")


# ---------------------------------------------------------------- connections

def test_connections_are_used_again(t):
    overlay = t.overlay()
    overlay.answer({})
    drive(t, overlay, LIST, batches=20)
    t.equal((len(overlay.requests), overlay.connections), (20, 1), "requests, connections")


def test_parallel_calls_share_few_connections(t):
    overlay = t.overlay()

    def slow(handler, request):
        time.sleep(0.02)
        harness.send(handler, 200, {}, {})

    overlay.rule(slow)
    drive(t, overlay, *[LIST] * 60, batches=2)
    t.equal(len(overlay.requests), 120, "requests")
    t.check(2 <= overlay.connections <= 6, "%d connections" % overlay.connections)


def test_a_connection_closed_between_batches(t):
    overlay = t.overlay()

    def answer_and_close(handler, request):
        harness.send(handler, 200, {}, {})
        handler.close_connection = True

    overlay.rule(answer_and_close)
    drive(t, overlay, LIST, batches=5)
    t.equal((len(overlay.requests), overlay.connections), (5, 5), "requests, connections")


def test_interrupt(t):
    overlay = t.overlay()
    overlay.hang()
    proc = subprocess.Popen([driver(t)], env=t.env(t.aws_env(overlay)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, cwd=t.tmp)
    patient = {"idle_ms": 300000, "attempt_ms": 300000}
    proc.stdin.write(json.dumps({"options": patient, "calls": [LIST] * 3}).encode())
    proc.stdin.close()
    proc.stdin = None
    harness.wait_until(lambda: len(overlay.requests) == 3, "three requests come")
    proc.send_signal(signal.SIGINT)
    out, err = proc.communicate(timeout=60)
    t.equal([a["outcome"] for a in json.loads(out)], ["cancelled"] * 3, "outcomes")
    t.equal(proc.returncode, 75, err)


# ---------------------------------------------------------------- credentials

class TestCredentials:
    def key_used(self, t, overlay):
        return overlay.requests[-1].access_key

    def test_precedence(self, t):
        overlay = t.overlay()
        overlay.answer({})
        (t.home / ".aws").mkdir()
        (t.home / ".aws" / "credentials").write_text(
            "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = %s\n"
            "[dev]\naws_access_key_id = AKIDDEV\naws_secret_access_key = %s\naws_session_token = %s\n" % (SECRET, SECRET, TOKEN))
        none = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
        drive(t, overlay, LIST, env={"AWS_PROFILE": "dev"})
        t.equal(self.key_used(t, overlay), KEY, "the environment wins over AWS_PROFILE")
        drive(t, overlay, LIST, env=none)
        t.equal(self.key_used(t, overlay), "AKIDDEFAULT", "default profile")
        drive(t, overlay, LIST, env=dict(none, AWS_PROFILE="dev"))
        t.equal(self.key_used(t, overlay), "AKIDDEV", "AWS_PROFILE")
        drive(t, overlay, LIST, options={"profile": "dev"})
        t.equal(self.key_used(t, overlay), "AKIDDEV", "a profile asked for wins over the environment")
        signed_right(t, overlay.requests[-1])

    def test_none(self, t):
        overlay = t.overlay()
        r = drive(t, overlay, LIST, env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, fails=77)
        one_fault(t, r, "bad-credentials", "aws/no-credentials", "no AWS credentials were found")
        t.contains(r[0]["fault"]["detail"], str(t.home / ".aws" / "credentials"))
        t.equal(len(overlay.requests), 0, "requests")

    def test_unsupported_construct(self, t):
        overlay = t.overlay()
        (t.home / ".aws").mkdir()
        (t.home / ".aws" / "config").write_text("[profile prod]\nregion = eu-west-1\ncredential_process = echo %s\n" % SECRET)
        r = drive(t, overlay, LIST, options={"profile": "prod"}, fails=77)
        one_fault(t, r, "bad-credentials", "aws/credentials-unsupported", "profile `prod`", "`credential_process`",
                  "%s:3" % (t.home / ".aws" / "config"))

    def test_broken_file_shows_no_line_of_it(self, t):
        overlay = t.overlay()
        (t.home / ".aws").mkdir()
        (t.home / ".aws" / "credentials").write_text("[default]\naws_access_key_id = X\n%s\n" % SECRET)
        r = drive(t, overlay, LIST, fails=78)
        one_fault(t, r, "bad-credentials", "aws/file-invalid", "credentials:3: ")

    def test_a_service_that_echoes_secrets(self, t):
        overlay = t.overlay()
        overlay.error("SignatureDoesNotMatch", 403, "canonical string: %s and %s" % (SECRET, TOKEN),
                      headers={"x-amzn-requestid": TOKEN})
        r = drive(t, overlay, LIST, env={"AWS_SESSION_TOKEN": TOKEN}, fails=77)
        one_fault(t, r, "bad-credentials", "aws/credentials-refused", "canonical string: (hidden) and (hidden)")


# ---------------------------------------------------------------- the command `check`

class TestCheckCommand:
    """When nothing was learned of the account, the cause is said once, with help and its own exit code."""

    def check(self, t, url, code, kind, *texts, **env):
        repo = t.copy("examples/quickstart")
        given = t.aws_env(url, AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET, AWS_MAX_ATTEMPTS="2")
        given.update(env)
        with t.writes_nothing(repo):
            r = t.run("check", "guardduty", cwd=repo, env=given, timeout=120)
        r.exits(code).lacks(SECRET, TOKEN)
        t.equal(r.out.count("error[%s]: " % kind), 1, "errors in\n%s" % r)
        block = r.out.split("error[%s]: " % kind)[1].split("\n\n")[0]
        t.contains(block, "= help: ")
        for text in texts:
            t.contains(block, text)
        t.check("pass" not in r.out.split("unknown")[-1], r)
        return r

    def test_refused(self, t):
        self.check(t, "http://127.0.0.1:%d" % harness.closed_port(), 69, "aws/unreachable",
                   "guardduty ListDetectors in eu-", "Connection refused")

    def test_html(self, t):
        overlay = t.overlay()
        overlay.html()
        self.check(t, overlay, 69, "aws/answer-not-json", "a page of HTML")

    def test_truncated(self, t):
        overlay = t.overlay()
        overlay.truncate()
        self.check(t, overlay, 69, "aws/answer-truncated", "is truncated")

    def test_5xx(self, t):
        overlay = t.overlay()
        overlay.error("InternalServerErrorException", 500, "oops", headers={"x-amzn-requestid": "req-7"})
        self.check(t, overlay, 75, "aws/server-error", "InternalServerErrorException: oops", "(request id req-7)")

    def test_429(self, t):
        overlay = t.overlay()
        overlay.throttle()
        self.check(t, overlay, 75, "aws/throttled", "ThrottlingException: Rate exceeded")

    def test_hanging(self, t):
        overlay = t.overlay()
        overlay.hang()
        self.check(t, overlay, 75, "aws/time-out", "did not answer in time", AWS_MAX_ATTEMPTS="1")

    def test_one_question_is_asked_once(self, t):
        """Many checks ask for the detectors; the account is asked once in each Region."""
        overlay = t.overlay()
        overlay.answer({"detectorIds": []}, path="/detector")
        t.run("check", "guardduty", cwd=t.copy("examples/quickstart"), env=t.aws_env(overlay))
        asked = [(r.access_key, r.region) for r in overlay.calls(path="/detector")]
        t.check(asked, "nothing was asked")
        t.equal(sorted(asked), sorted(set(asked)), "questions")

    def test_no_credentials(self, t):
        overlay = t.overlay()
        self.check(t, overlay, 77, "aws/no-credentials", "no AWS credentials were found",
                   AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
        t.equal(len(overlay.requests), 0, "requests")

    def test_expired(self, t):
        overlay = t.overlay()
        overlay.error("ExpiredTokenException", 403, "The security token included in the request is expired " + TOKEN)
        self.check(t, overlay, 77, "aws/credentials-expired", "is expired (hidden)", AWS_SESSION_TOKEN=TOKEN)


# ---------------------------------------------------------------- TLS

def test_tls(t):
    if not shutil.which("openssl"):
        t.skip("openssl is not here to make a certificate")
    cert, key = t.tmp / "cert.pem", t.tmp / "key.pem"
    made = t.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                 "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                 program=shutil.which("openssl"))
    made.ok()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            harness.send(self, 200, {"detectorIds": ["tls"]}, {})

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    t.stack.callback(server.server_close)
    t.stack.callback(server.shutdown)
    url = "https://localhost:%d" % server.server_address[1]
    answers = drive(t, url, LIST, fails=69, options=FAST)
    one_fault(t, answers, "unreachable", "aws/tls-failed", "no secure connection to " + url)
    answers = drive(t, url, LIST, env={"AWS_CA_BUNDLE": str(cert)}, options=FAST)
    t.equal(answers[0]["body"], {"detectorIds": ["tls"]}, "body")
    by_address = "https://127.0.0.1:%d" % server.server_address[1]
    answers = drive(t, by_address, LIST, env={"AWS_CA_BUNDLE": str(cert)}, fails=69, options=FAST)
    one_fault(t, answers, "unreachable", "aws/tls-failed")


# ---------------------------------------------------------------- libraries

def test_missing_library(t):
    for name, package in (("libcurl.so.4", "libcurl4"), ("libcrypto.so.3", "libssl3")):
        folder = t.tmp / name.split(".")[0]
        folder.mkdir()
        (folder / name).write_text("not a library\n")
        r = t.run(program=driver(t), env=dict(t.aws_env("http://127.0.0.1:1"), LD_LIBRARY_PATH=str(folder)),
                  stdin=json.dumps({"calls": [LIST]}))
        r.fails(69).says("error[aws/library-missing]: cannot load %s" % name, "install the package " + package)


def test_commands_without_aws_do_not_load_the_libraries(t):
    """Neither by linking nor at run time: the loader names every library it opens."""
    if not os.path.exists(t.binary):
        t.skip("%s is not built" % t.binary)
    repo = t.copy("tests/oracle/01-flat-stack/repo")
    for args in (["list", "stacks"], ["version"], ["describe", "stacks"], ["plugin", "list"], ["validate"], ["help"]):
        r = t.run(*args, cwd=repo, env={"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(t.tmp / "loader")})
        r.ok()
        logs = list(t.tmp.glob("loader*"))
        t.check(logs, "the loader wrote nothing")
        text = "".join(p.read_text(errors="replace") for p in logs)
        t.contains(text, "libc.so.6")
        for library in ("libcurl", "libcrypto", "libssl"):
            t.check(library not in text, "%s maps %s" % (" ".join(args), library))
        for path in logs:
            path.unlink()
