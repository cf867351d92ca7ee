# SPDX-License-Identifier: Apache-2.0
"""plugin conform: what it prints, what it exits with, and that a bad plugin is caught by the rule it breaks."""
import json
import os
import pathlib
import re
import shutil
import xml.etree.ElementTree as xml

from test_sdk_outside import sanitizers


def build(t):
    return pathlib.Path(os.path.realpath(t.binary)).parent


def bad(t, name):
    found = sorted((build(t) / "test-plugins/conform").glob("*-%s.so" % name))
    if not found:
        t.skip("the plugin %s is not built" % name)
    return found[0]


def template(t):
    module = build(t) / "tests/plugins/tag-policy.so"
    if not module.exists():
        t.skip("%s is not built" % module)
    return module


def test_a_good_plugin_passes(t):
    r = t.run("plugin", "conform", template(t), timeout=120).ok()
    t.check(re.search(r"^30 passed, 0 failed, 0 skipped; \d+ intents, seed 1$", r.out, re.M), r.out)
    t.contains(r.out, "ok   pure")
    t.equal(r.err, "", "standard error")


def test_a_bundled_plugin_is_found_by_its_name(t):
    t.contains(t.run("plugin", "conform", "guardduty", "-k", "file,notes", timeout=60).ok().out, "2 passed, 0 failed")


def test_json(t):
    r = t.run("plugin", "conform", template(t), "--format", "json", "-k", "types", "--seed", "7", timeout=60).ok().json()
    t.equal((r["plugin"], r["seed"], r["passed"], r["failed"]), ("com.example.tag-policy", 7, 1, 0), "summary")
    t.equal([x["name"] for x in r["tests"]], ["types"], "tests")
    t.check(r["tests"][0]["callbacks"] > 100, "too few callbacks: %s" % r["tests"][0])


def test_a_failure_in_every_format(t):
    crash = bad(t, "crash-on-null")
    r = t.run("plugin", "conform", crash, "-k", "types").exits(1)
    t.contains(r.out, "R21 No callback crashes")
    # Sanitizers end the process themselves.
    t.contains(r.out, "exit status 1" if sanitizers(t) else "SIGSEGV")
    test = t.run("plugin", "conform", crash, "-k", "types", "--format", "json").exits(1).json()["tests"][0]
    failure = test["failures"][0]
    t.equal((test["outcome"], failure["rule"], failure["place"]), ("failed", "R21", "validate"), "failure")
    json.loads(failure["input"])
    suite = xml.fromstring(t.run("plugin", "conform", crash, "-k", "types,file", "--format", "junit").exits(1).out)
    t.equal((suite.get("tests"), suite.get("failures")), ("2", "1"), "counts")
    element = suite.find("testcase/failure")
    t.equal(element.get("type"), "R21", "type")
    t.contains(element.text, "R21")


def test_a_fuzz_failure_is_repeated_by_its_options(t):
    crash = bad(t, "crash-on-null")
    test = t.run("plugin", "conform", crash, "-k", "fuzz", "--format", "json").exits(1).json()["tests"][0]
    replay = test["failures"][0]["replay"].split()
    t.equal((replay[:3], replay[-2:]), (["--test", "fuzz", "--seed"], ["--cases", "1"]), "replay")
    again = t.run("plugin", "conform", crash, *replay, "--format", "json").exits(1).json()["tests"][0]
    t.equal(again["failures"][0]["input"], test["failures"][0]["input"], "input")


def test_intents_and_answers_of_the_author(t):
    module = template(t)
    intent, answers = t.tmp / "mine.yaml", t.tmp / "answers.json"
    intent.write_text("owner: team@example.com\norganization: o-exampleorg1\n")
    answers.write_text(json.dumps([{"action": "organizations:DescribeOrganization", "body": {"Organization": {"Id": "o-exampleorg1"}}}]))
    r = t.run("plugin", "conform", module, "-k", "aws-errors", "--intent", intent, "--answers", answers, "--format", "json").ok().json()
    t.check(r["tests"][0]["callbacks"] > 20, "nothing was asked")
    intent.write_text("owner: 7\n")
    t.run("plugin", "conform", module, "--intent", intent).exits(65).says("violates the schema")
    t.run("plugin", "conform", module, "--answers", intent).exits(65).says("cannot be read as a JSON list")


def test_what_is_no_plugin(t):
    text = t.tmp / "text.so"
    text.write_text("hello")
    r = t.run("plugin", "conform", text).exits(1)
    t.contains(r.out, "R01")
    t.contains(r.out, "skip intents")
    t.run("plugin", "conform", t.tmp / "nothing.so").exits(65).says("does not exist")
    t.run("plugin", "conform", template(t), "-k", "nonsense").exits(64).says("no test has this in its name")
    t.run("plugin", "conform", template(t), "--seed", "x").exits(64)
    t.run("plugin", "conform").exits(64)


def test_without_the_runner(t):
    alone = t.tmp / "bin"
    alone.mkdir()
    shutil.copy(os.path.realpath(t.binary), alone / "tf-atmos")
    r = t.run("plugin", "conform", "./x.so", program=alone / "tf-atmos").exits(69)
    r.says("tf-atmos-conform is not installed")
    t.contains(r.err, "cli/no-conform")
