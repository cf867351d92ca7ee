# SPDX-License-Identifier: Apache-2.0
"""What a check makes of AWS answers is the same on the mock host of the test kit and in the program, over real HTTP."""
import json
import os
import pathlib
import shutil
import textwrap

import harness

INDENT = 10
STACK = "vars: { stage: dev, region: eu-west-1 }\ncomponents:\n  terraform:\n    app:\n      settings:\n        contract:\n"

# status, error code (header), body
ANSWERS = [
    (200, "", '{"status":"ENABLED","n":18446744073709551615,"x":null}'),
    (200, "", "{}"), (200, "", "[]"), (200, "", '"text"'), (200, "", "null"),
    (200, "", ""), (200, "", "<html>"), (200, "", '{"a":'), (200, "", "\xff"), (204, "", ""), (302, "", "{}"),
    (400, "BadRequestException", '{"message":"m","__type":"InvalidInputException"}'),
    (400, "", '{"__type":"com.amazonaws.x#BadRequestException:http://y","Message":"m"}'),
    (400, "", '{"code":"NotHere"}'), (400, "", '{"Code":"NotHere"}'), (400, "", "{}"), (400, "", "<html>"),
    (401, "InvalidAccessException", "{}"), (403, "AccessDeniedException", "{}"), (403, "", "{}"), (403, "", "<html>"),
    (403, "SubscriptionRequiredException", "{}"), (400, "AccessDenied", ""), (403, "ExpiredTokenException", "{}"),
    (403, "UnrecognizedClientException", "{}"), (404, "", "<html>"), (404, "ResourceNotFoundException", "{}"), (404, "", "{}"),
    (429, "", "{}"), (429, "LimitExceededException", "{}"), (400, "ThrottlingException", "{}"), (400, "TooManyRequestsException", "{}"),
    (500, "", "<html>"), (500, "InternalServerErrorException", "{}"), (503, "", ""), (501, "", "{}"),
]
# (answers in order, by contained token), items
PAGES = [
    [('{"members":[1,2],"nextToken":"t1"}', ""), ('{"members":[3],"nextToken":"t2"}', "t1"), ('{"members":[4],"nextToken":""}', "t2")],
    [('{"members":[1]}', "")],
    [('{"members":[1],"nextToken":"t1"}', ""), ('{"members":[2],"nextToken":"t1"}', "t1")],
    [('{"members":[1],"nextToken":null}', "")],
    [('{"other":[1]}', "")],
    [('{"members":[],"nextToken":"t1"}', ""), ('{"members":[{"a":1}]}', "t1")],
    [('{"members":[1],"nextToken":"t1"}', ""), ("<html>", "t1")],
    [('{"members":[%d],"nextToken":"p%d"}' % (n, n + 1), "p%d" % n if n else "") for n in range(7)],
]


def calls():
    """The requests of the intent, and (path, contains, status, code, body) of what answers them."""
    wanted, answers = [], []
    for i, (status, code, body) in enumerate(ANSWERS):
        wanted.append({"name": "answer %d" % i, "service": "guardduty", "operation": "GetDetector", "method": "GET",
                       "path": "/detector/{id}", "parts": {"id": "answer %d/x" % i}})
        answers.append(("/detector/answer%%20%d%%2Fx" % i, "", status, code, body))
    for i, pages in enumerate(PAGES):
        wanted.append({"name": "pages %d" % i, "service": "guardduty", "operation": "ListMembers", "method": "GET",
                       "path": "/detector/p%d/member" % i, "query": {"max": 5, "only": False}, "items": "/members"})
        for body, token in reversed(pages):
            answers.append(("/detector/p%d/member" % i, token, 200, "", body))
    answers.sort(key=lambda a: a[1] == "")  # those for a token before the one for none
    # What is never sent.
    for name, change in (("writes", {"operation": "DeleteDetector"}), ("undeclared", {"operation": "ListFilters"}),
                         ("nowhere", {"target": "moon"}), ("renamed", {"action": "guardduty:CreateDetector"}),
                         ("protocol", {"protocol": 0}), ("post", {"operation": "GetMemberDetectors", "method": "DELETE"})):
        wanted.append(dict({"name": name, "service": "guardduty", "operation": "GetDetector", "method": "GET", "path": "/never"}, **change))
    return wanted, answers


def clean(result):
    """The parts that a contract can fix; a DELETE is refused by the program alone."""
    return {k: v for k, v in result.items() if not (k in ("body", "items") and v is None)}


def test_answers(t):
    build = pathlib.Path(os.path.realpath(t.binary)).parent
    module = build / "tests/plugins/contract.so"
    if not module.exists():
        t.skip("%s is not built" % module)
    wanted, answers = calls()
    intent = "calls:\n" + "".join("  - %s\n" % json.dumps(call) for call in wanted)
    script = "".join("%s\t%s\t%d\t%s\t%s\n" % answer for answer in answers)
    repo = t.repo({"atmos.yaml": "base_path: .\ncomponents: { terraform: { base_path: modules } }\n"
                                 "stacks: { base_path: stacks, included_paths: [\"**/*\"], name_pattern: \"{stage}\" }\n",
                   "modules/app/main.tf": "", "intent.yaml": intent, "plugins.d": None})
    (repo / "answers").write_bytes(script.encode("latin-1"))
    (repo / "stacks").mkdir()
    (repo / "stacks/dev.yaml").write_text(STACK + textwrap.indent(intent, " " * INDENT))
    shutil.copy(module, repo / "plugins.d")
    os.chmod(repo / "plugins.d/contract.so", 0o644)

    mock = {}
    for line in t.run(repo / "intent.yaml", repo / "answers", program=build / "tests/abi_contract").ok().out.splitlines():
        check, code, name, pointer, _, _, actual = line.split("\t")
        mock[name] = (check, code, pointer, clean(json.loads(actual)))

    overlay = t.overlay()
    for path in {answer[0] for answer in answers}:
        def act(handler, request, path=path):
            token = request.query.get("nextToken", [""])[0]
            _, _, status, code, body = next(a for a in answers if a[0] == path and a[1] == token)
            headers = {"Content-Type": "application/json", **({"x-amzn-errortype": code} if code else {})}
            harness.send(handler, status, body.encode("latin-1"), headers)
        overlay.rule(act, path=path)
    t.run("plugin", "enable", "com.example.contract", cwd=repo).ok()
    env = t.aws_env(overlay, AWS_MAX_ATTEMPTS="1")
    found = t.run("check", "--format", "json", cwd=repo, env=env, timeout=120).json()
    real = {}
    for diag in found["diagnostics"]:
        if diag["check_id"] == "CON-01" and diag["actual"]:
            real[diag["message"]] = (diag["check_id"], diag["id"], diag["pointer"].replace("/settings/contract", "", 1),
                                     clean(json.loads(diag["actual"])))
    t.equal(sorted(real), sorted(mock), "results")
    wrong = ["%s\n   mock %s\n   real %s" % (name, mock[name], real[name]) for name in mock if mock[name] != real[name]]
    t.check(not wrong, "the two hosts differ:\n" + "\n".join(wrong))
    t.check(not any("/never" in str(r.path) for r in overlay.requests), "something was sent that must not be")
