# SPDX-License-Identifier: Apache-2.0
"""The guardduty plugin as users run it: validate, variables, and checks of a simulated account over HTTP."""
import json
import re

from harness import ROOT, atmos_yaml

MANAGEMENT, SECURITY, MEMBER = "111122223333", "222233334444", "333344445555"
REGION = "eu-west-1"
DETECTOR = "/detector/(?P<id>[0-9a-f]+)"
GOLDEN = ROOT / "plugins" / "guardduty" / "tests" / "golden"

ON = [{"name": name, "status": "ENABLED"} for name in
      ("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS")]
ON.append({"name": "RUNTIME_MONITORING", "status": "ENABLED", "additionalConfiguration": [
    {"name": name, "status": "ENABLED"} for name in
    ("EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT")]})

INTENT = """
delegated_admin_account: "%s"
""" % SECURITY


def indented(text, by):
    return "".join(" " * by + line + "\n" if line else "" for line in text.strip("\n").split("\n"))


def repository(t, intent=INTENT, account=SECURITY, region=REGION, variables=""):
    """A repository with one stack `it` and the component guardduty; the intent starts in line 10."""
    stack = ("vars:\n  stage: it\n  region: %s\n  account_id: \"%s\"\n" % (region, account) +
             "components:\n  terraform:\n    guardduty:\n      settings:\n        guardduty:\n" + indented(intent, 10) +
             ("      vars:\n" + indented(variables, 8) if variables else ""))
    return t.repo({
        "atmos.yaml": atmos_yaml(included="*"),
        "stacks/it.yaml": stack,
        "components/terraform/guardduty/main.tf": "",
    })


def line_of(repo, text):
    """The first line of the stack with this text."""
    for number, line in enumerate((repo / "stacks" / "it.yaml").read_text().split("\n"), 1):
        if text in line:
            return number
    raise ValueError(text)


def findings(r):
    return r.json()["diagnostics"]


def validate(t, repo, *args):
    return t.run("validate", "--format", "json", *args, cwd=repo)


def check(t, repo, endpoint, *args, **env):
    """Runs the checks; (result, {check id: [diagnostic, ...]})."""
    r = t.run("check", "guardduty", "-s", "it", "--format", "json", *args, cwd=repo, env=t.aws_env(endpoint, **env))
    found = {}
    for diagnostic in findings(r):
        if diagnostic["check_id"]:
            found.setdefault(diagnostic["check_id"], []).append(diagnostic)
    return r, found


def outcomes(found, check_id):
    return [d["check"] for d in found.get(check_id, [])]


def seed_detector(moto, frequency="FIFTEEN_MINUTES", features=None, account=None, region=REGION):
    body = {"enable": True, "findingPublishingFrequency": frequency, "features": ON if features is None else features}
    return moto.call("guardduty", "POST", "/detector", body, region=region, account=account)["detectorId"]


class TestValidate:
    def test_good_intents_are_accepted(self, t):
        for path in sorted(GOLDEN.glob("*.yaml")):
            account = MEMBER if path.stem == "member" else MANAGEMENT if path.stem == "management" else SECURITY
            intent = re.sub(r"(?m)^#.*\n", "", path.read_text())
            r = validate(t, repository(t, intent, account=account))
            t.equal([d["message"] for d in findings(r) if d["severity"] == "error"], [], path.name)
            r.ok()

    def test_finding_points_at_the_line(self, t):
        repo = repository(t, INTENT + """
protection:
  runtime:
    mode: new
    agents:
      ec2: all
""")
        r = validate(t, repo).fails(1)
        finding, = [d for d in findings(r) if d["id"] == "GD0013"]
        t.equal(finding["range"]["start"]["line"], line_of(repo, "ec2: all"), "line")
        t.contains(finding["file"], "stacks/it.yaml")
        t.contains(finding["doc_url"], "plugins/guardduty/README.md#GD0013")
        t.check(finding["hint"], "there is no remediation")

    def test_unknown_field_names_the_nearest(self, t):
        repo = repository(t, INTENT + "publish_evry: 1h\n")
        r = validate(t, repo).fails(1)
        t.contains(json.dumps(findings(r)), "publish_every")
        t.equal(findings(r)[0]["range"]["start"]["line"], line_of(repo, "publish_evry"), "line")

    def test_account_id_without_quotes(self, t):
        """222233334444 is a number, and so is 012345678901: the schema asks for text."""
        repo = repository(t, "delegated_admin_account: 222233334444\n")
        r = validate(t, repo).fails(1)
        t.equal(findings(r)[0]["range"]["start"]["line"], line_of(repo, "delegated_admin_account"), "line")

    def test_off_stays_text(self, t):
        """YAML 1.1 would read `off` as false."""
        validate(t, repository(t, INTENT + "protection: {s3: off, runtime: {mode: all, agents: {ec2: off}}}\n")).ok()

    def test_explain_knows_every_code(self, t):
        manifest = json.loads((ROOT / "plugins" / "guardduty" / "manifest.json").read_text())
        for code in (manifest["codes"][0], manifest["codes"][-1]):
            r = t.run("explain", code["code"], cwd=repository(t)).ok()
            t.contains(" ".join(r.out.split()), code["cause"])


class TestGenerate:
    def test_golden_variables(self, t):
        """The whole way, from the stack to the var file, gives what the plugin alone gives."""
        for path in sorted(GOLDEN.glob("*.yaml")):
            if path.stem == "defaults":
                continue
            account = {"member": MEMBER, "management": MANAGEMENT}.get(path.stem, SECURITY)
            repo = repository(t, re.sub(r"(?m)^#.*\n", "", path.read_text()), account=account)
            t.run("terraform", "generate", "varfile", "guardduty", "-s", "it", cwd=repo).ok()
            written, = repo.glob("components/terraform/guardduty/*.tfvars.json")
            want = json.loads(path.with_name(path.stem + ".tfvars.json").read_text())
            want.update(stage="it", region=REGION, account_id=account)
            t.equal(json.loads(written.read_text()), want, path.name)

    def test_users_variable_wins(self, t):
        repo = repository(t, variables="finding_publishing_frequency: SIX_HOURS")
        r = t.run("terraform", "generate", "varfile", "guardduty", "-s", "it", cwd=repo).ok()
        written, = repo.glob("components/terraform/guardduty/*.tfvars.json")
        t.equal(json.loads(written.read_text())["finding_publishing_frequency"], "SIX_HOURS", "variable")
        r.says("finding_publishing_frequency")

    def test_invalid_intent_writes_nothing(self, t):
        repo = repository(t, INTENT + "export: {bucket_arn: 'arn:aws:s3:::findings'}\n")
        with t.writes_nothing(repo):
            r = t.run("terraform", "generate", "varfile", "guardduty", "-s", "it", cwd=repo)
        r.fails(1).says("GD0020")


class TestCheckWithMoto:
    """What the simulator answers by itself."""

    def test_detector_and_features(self, t):
        moto = t.moto()
        seed_detector(moto)
        r, found = check(t, repository(t), moto)
        r.ok()
        t.equal(outcomes(found, "GD-01"), ["pass"], "GD-01")
        t.equal(outcomes(found, "GD-02"), ["pass"], "GD-02")

    def test_no_detector(self, t):
        r, found = check(t, repository(t), t.moto())
        r.fails(1)
        t.equal([d["id"] for d in found["GD-01"]], ["GD0101"], "GD-01")
        t.equal(outcomes(found, "GD-02"), ["unknown"], "GD-02")

    def test_frequency_points_at_the_intent(self, t):
        moto = t.moto()
        seed_detector(moto, "SIX_HOURS")
        repo = repository(t, INTENT + "publish_every: 15m\n")
        r, found = check(t, repo, moto)
        r.fails(1)
        finding, = found["GD-01"]
        t.equal((finding["id"], finding["check"]), ("GD0104", "fail"), "finding")
        t.equal(finding["range"]["start"]["line"], line_of(repo, "publish_every"), "line")
        t.contains(finding["expected"], "FIFTEEN_MINUTES")
        t.contains(finding["actual"], "SIX_HOURS")

    def test_wanted_and_unwanted_features(self, t):
        moto = t.moto()
        features = [f for f in ON if f["name"] != "S3_DATA_EVENTS"] + [{"name": "AI_PROTECTION", "status": "ENABLED"}]
        seed_detector(moto, features=features)
        repo = repository(t, INTENT + "protection:\n  s3: all\n  ai: off\n")
        r, found = check(t, repo, moto)
        r.fails(1)
        t.equal([(d["id"], d["range"]["start"]["line"]) for d in found["GD-02"]],
                [("GD0111", line_of(repo, "s3: all")), ("GD0112", line_of(repo, "ai: off"))], "GD-02")

    def test_put_right(self, t):
        moto = t.moto()
        detector = seed_detector(moto, "SIX_HOURS")
        repo = repository(t)
        check(t, repo, moto)[0].fails(1)
        moto.call("guardduty", "POST", "/detector/" + detector, {"findingPublishingFrequency": "FIFTEEN_MINUTES",
                                                                 "features": ON}, region=REGION)
        check(t, repo, moto)[0].ok()

    def test_every_region(self, t):
        moto = t.moto()
        seed_detector(moto)
        repo = repository(t, INTENT + "regions: [eu-west-1, eu-central-1]\n")
        _, found = check(t, repo, moto)
        t.equal(sorted(outcomes(found, "GD-01")), ["fail", "pass"], "GD-01")

    def test_delegation(self, t):
        moto = t.moto()
        moto.target("organizations", "AWSOrganizationsV20161128.CreateOrganization", {"FeatureSet": "ALL"})
        repo = repository(t, INTENT + "role: management\n", account=moto.DEFAULT_ACCOUNT)
        r, found = check(t, repo, moto)
        r.fails(1)
        t.equal([d["id"] for d in found["GD-03"]], ["GD0121"], "no administrator")
        moto.call("guardduty", "POST", "/admin/enable", {"adminAccountId": SECURITY}, region=REGION)
        r, found = check(t, repo, moto)
        r.ok()
        t.equal(outcomes(found, "GD-03"), ["pass"], "the wanted administrator")
        repo = repository(t, "delegated_admin_account: \"%s\"\nrole: management\n" % MEMBER, account=moto.DEFAULT_ACCOUNT)
        r, found = check(t, repo, moto)
        r.fails(1)
        t.equal([d["id"] for d in found["GD-03"]], ["GD0122"], "another administrator")

    def test_rules(self, t):
        """The simulator has no list of filters: what is looked at one by one is still compared."""
        moto = t.moto()
        detector = seed_detector(moto)
        body = {"name": "scanner", "action": "NOOP", "rank": 1,
                "findingCriteria": {"criterion": {"type": {"equals": ["Recon:EC2/Portscan"]}}}}
        moto.call("guardduty", "POST", "/detector/%s/filter" % detector, body, region=REGION)
        repo = repository(t, INTENT + "suppress:\n  - {name: scanner, rank: 1, when: {type: ['Recon:EC2/Portscan']}}\n")
        r, found = check(t, repo, moto)
        r.fails(1)
        t.equal(sorted(outcomes(found, "GD-09")), ["fail", "unknown"], "GD-09")

    def test_what_the_simulator_lacks_is_unknown(self, t):
        moto = t.moto()
        seed_detector(moto)
        repo = repository(t, INTENT + "export: {create: true}\ns3_malware: [{bucket: uploads}]\n")
        r, found = check(t, repo, moto)
        r.ok()
        for check_id in ("GD-04", "GD-05", "GD-06", "GD-07", "GD-08", "GD-10"):
            t.equal(set(outcomes(found, check_id)), {"unknown"}, check_id)
            t.check(all(d["message"] for d in found[check_id]), "%s gives no reason" % check_id)


class TestCheckWithCannedAnswers:
    """The operations that the simulator lacks, answered as AWS answers them."""

    def overlay(self, t):
        moto = t.moto()
        seed_detector(moto)
        return t.overlay(moto)

    def answer(self, overlay, path, body, method="GET", **more):
        overlay.answer(body, service="guardduty", method=method, path=re.compile(path), **more)

    def test_organization(self, t):
        overlay = self.overlay(t)
        features = [{"name": f["name"], "autoEnable": "ALL"} for f in ON[:-1]]
        runtime = {"name": "RUNTIME_MONITORING", "autoEnable": "ALL", "additionalConfiguration": [
            {"name": a["name"], "autoEnable": "ALL"} for a in ON[-1]["additionalConfiguration"]]}
        pages = [{"autoEnableOrganizationMembers": "ALL", "features": features, "nextToken": "two"},
                 {"autoEnableOrganizationMembers": "ALL", "features": [runtime]}]
        self.answer(overlay, DETECTOR + "/admin", lambda request: pages["nextToken" in request.query])
        _, found = check(t, repository(t), overlay)
        t.equal(outcomes(found, "GD-04"), ["pass"], "GD-04 over two pages")
        runtime["additionalConfiguration"][2]["autoEnable"] = "NONE"
        _, found = check(t, repository(t), overlay)
        t.equal([d["id"] for d in found["GD-04"]], ["GD0133"], "GD-04 with an agent off")

    def test_members(self, t):
        overlay = self.overlay(t)
        member = {"accountId": MEMBER, "relationshipStatus": "Enabled"}
        accounts = [{"Id": SECURITY, "Status": "ACTIVE"}, {"Id": MEMBER, "Status": "ACTIVE"}]
        self.answer(overlay, DETECTOR + "/member", {"members": [member], "nextToken": ""})
        self.answer(overlay, DETECTOR + "/member/detector/get", method="POST", body=lambda request: {
            "members": [{"accountId": a, "features": ON} for a in request.json()["accountIds"]], "unprocessedAccounts": []})
        overlay.answer(lambda _: {"Accounts": accounts}, service="organizations", target="ListAccounts")
        _, found = check(t, repository(t), overlay)
        t.equal(outcomes(found, "GD-05"), ["pass"], "GD-05")
        t.equal(outcomes(found, "GD-06"), ["pass"], "GD-06")
        accounts.append({"Id": "444455556666", "Status": "ACTIVE"})
        r, found = check(t, repository(t), overlay)
        r.fails(1)
        t.equal([d["id"] for d in found["GD-05"]], ["GD0141"], "an account that is no member")
        t.contains(found["GD-05"][0]["message"], "444455556666")
        query = next(r.query for r in overlay.requests if r.path.endswith("/member"))
        t.equal(query["onlyAssociated"], ["false"], "onlyAssociated")

    def test_coverage(self, t):
        overlay = self.overlay(t)
        self.answer(overlay, DETECTOR + "/coverage/statistics", method="POST", body={
            "coverageStatistics": {"countByCoverageStatus": {"HEALTHY": 10, "UNHEALTHY": 140}}})
        self.answer(overlay, DETECTOR + "/coverage", method="POST", body={"resources": [
            {"resourceId": "i-0abc", "accountId": MEMBER, "issue": "VPC_ENDPOINT_NOT_FOUND"}]})
        repo = repository(t, INTENT + "coverage_minimum_percent: 95\n")
        r, found = check(t, repo, overlay)
        r.fails(1)
        finding, = found["GD-07"]
        t.equal(finding["range"]["start"]["line"], line_of(repo, "coverage_minimum"), "line")
        t.contains(finding["message"], "10 of 150")
        t.contains(finding["detail"], "VPC_ENDPOINT_NOT_FOUND")

    def test_export(self, t):
        overlay = self.overlay(t)
        status = ["PUBLISHING"]
        key = "arn:aws:kms:eu-west-1:%s:key/1234abcd" % SECURITY
        self.answer(overlay, DETECTOR + "/publishingDestination", {"destinations": [
            {"destinationId": "d1", "destinationType": "S3", "status": "PUBLISHING"}]})
        self.answer(overlay, DETECTOR + "/publishingDestination/d1", lambda _: {
            "status": status[0], "destinationProperties": {"destinationArn": "arn:aws:s3:::findings/gd", "kmsKeyArn": key}})
        repo = repository(t, INTENT + "export: {bucket_arn: 'arn:aws:s3:::findings/gd', kms_key_arn: '%s'}\n" % key)
        _, found = check(t, repo, overlay)
        t.equal(outcomes(found, "GD-08"), ["pass"], "GD-08")
        status[0] = "UNABLE_TO_PUBLISH_FIX_DESTINATION_PROPERTY"
        r, found = check(t, repo, overlay)
        r.fails(1)
        t.equal([d["id"] for d in found["GD-08"]], ["GD0173"], "GD-08 that cannot publish")

    def test_unexpected_suppression(self, t):
        overlay = self.overlay(t)
        self.answer(overlay, DETECTOR + "/filter", {"filterNames": ["quiet"]})
        self.answer(overlay, DETECTOR + "/filter/quiet", {"name": "quiet", "action": "ARCHIVE", "rank": 1})
        r, found = check(t, repository(t), overlay)
        r.fails(1)
        t.equal([d["id"] for d in found["GD-09"]], ["GD0182"], "GD-09")

    def test_malware_plan(self, t):
        overlay = self.overlay(t)
        plan = {"arn": "arn:aws:guardduty:eu-west-1:%s:malware-protection-plan/p1" % SECURITY, "status": "WARNING",
                "protectedResource": {"s3Bucket": {"bucketName": "uploads"}}, "actions": {"tagging": {"status": "ENABLED"}},
                "statusReasons": [{"code": "INSUFFICIENT_TEST_OBJECT_PERMISSIONS", "message": "no validation object"}]}
        self.answer(overlay, "/malware-protection-plan", {"malwareProtectionPlans": [{"malwareProtectionPlanId": "p1"}]})
        self.answer(overlay, "/malware-protection-plan/p1", lambda _: plan)
        repo = repository(t, INTENT + "s3_malware: [{bucket: uploads}]\n")
        r, found = check(t, repo, overlay)
        r.fails(1)
        t.equal([d["id"] for d in found["GD-10"]], ["GD0192"], "GD-10")
        t.contains(found["GD-10"][0]["detail"], "INSUFFICIENT_TEST_OBJECT_PERMISSIONS")
        plan["status"] = "ACTIVE"
        _, found = check(t, repo, overlay)
        t.equal(outcomes(found, "GD-10"), ["pass"], "GD-10")

    def test_member_view(self, t):
        overlay = self.overlay(t)
        self.answer(overlay, DETECTOR + "/administrator", {"administrator": {
            "accountId": SECURITY, "relationshipStatus": "Enabled"}})
        _, found = check(t, repository(t, account=MEMBER), overlay)
        t.equal(outcomes(found, "GD-11"), ["pass"], "GD-11")
        self.answer(overlay, DETECTOR + "/administrator", {})
        _, found = check(t, repository(t, account=MEMBER), overlay)
        t.equal([d["id"] for d in found["GD-11"]], ["GD0201"], "GD-11 without administrator")


class TestCheckWithBadAnswers:
    """Whatever is in the way, no check passes because of it."""

    def verdicts(self, t, misbehave, code):
        overlay = t.overlay(t.moto())
        misbehave(overlay)
        r, found = check(t, repository(t, "members: all\n"), overlay)
        r.fails(code)  # nothing at all is known of the account
        t.check(found, "there is no result at all")
        for check_id in found:
            t.equal(set(outcomes(found, check_id)), {"unknown"}, check_id)
        return found

    def test_refused(self, t):
        found = self.verdicts(t, lambda o: o.error("AccessDeniedException", 403, service="guardduty"), 1)
        t.equal(found["GD-01"][0]["id"], "GD0901", "reason")
        t.contains(found["GD-01"][0]["message"], "guardduty:ListDetectors")

    def test_html(self, t):
        self.verdicts(t, lambda o: o.html(200, service="guardduty"), 69)

    def test_html_404(self, t):
        self.verdicts(t, lambda o: o.html(404, service="guardduty"), 69)

    def test_truncated(self, t):
        self.verdicts(t, lambda o: o.truncate(service="guardduty"), 69)

    def test_pages_without_end(self, t):
        self.verdicts(t, lambda o: o.answer({"detectorIds": ["a"], "nextToken": "again"}, service="guardduty"), 69)
