// SPDX-License-Identifier: Apache-2.0
//! Unit tests of the plugin on the mock host.

use crate::codes;
use tfa::{Error, Outcome};
use tfa_testkit::Kit;

const INTENT: &str = "owner: team@example.com\norganization: o-exampleorg1\n";
const ACTION: &str = "organizations:DescribeOrganization";

fn kit() -> Kit {
    Kit::new(
        crate::tfa_plugin_main_v1(),
        concat!(env!("CARGO_MANIFEST_DIR"), "/manifest.json"),
    )
}

#[test]
fn the_owner_is_an_address() {
    let mut kit = kit();
    kit.intent("cost_center: cc-1\nowner: nobody\n");
    kit.validate().unwrap();
    let findings = kit.findings();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, codes::TAG0001);
    assert_eq!(
        (findings[0].line, findings[0].pointer.as_str()),
        (2, "/owner")
    );
    assert_eq!(
        findings[0].message,
        "the owner \"nobody\" is not an e-mail address"
    );

    kit.clear();
    kit.intent(INTENT);
    kit.validate().unwrap();
    assert!(kit.findings().is_empty());
    assert!(kit.misuses().is_empty());
}

#[test]
fn the_owner_becomes_a_tag() {
    let mut kit = kit();
    kit.intent("owner: team@example.com\n");
    assert_eq!(
        kit.generate().unwrap(),
        "{\"tags\":{\"Owner\":\"team@example.com\"}}"
    );
    assert!(kit.misuses().is_empty());
}

#[test]
fn the_organization_is_compared() {
    let mut kit = kit();
    for (status, body, outcome) in [
        (
            200,
            "{\"Organization\":{\"Id\":\"o-exampleorg1\"}}",
            Outcome::Pass,
        ),
        (
            200,
            "{\"Organization\":{\"Id\":\"o-otherorg1234\"}}",
            Outcome::Fail,
        ),
        (
            400,
            "{\"__type\":\"AWSOrganizationsNotInUseException\"}",
            Outcome::Fail,
        ),
        (
            403,
            "{\"__type\":\"AccessDeniedException\"}",
            Outcome::Unknown,
        ),
        (200, "<html>", Outcome::Unknown),
    ] {
        kit.clear();
        kit.intent(INTENT);
        kit.aws(ACTION, status, body);
        kit.run_checks().unwrap();
        let outcomes: Vec<Outcome> = kit.results().iter().map(|result| result.outcome).collect();
        assert_eq!(outcomes, [outcome], "{body}");
    }
    assert!(kit.misuses().is_empty());
}

/// Whatever service call fails: no crash, no half of a map, and never a pass.
#[test]
fn failures_never_pass() {
    let mut kit = kit();
    kit.intent(INTENT);
    kit.generate().unwrap();
    for n in 1..=kit.calls() {
        kit.fail_call(n, Error::Memory);
        assert!(kit.generate().is_err(), "call {n}");
    }
    kit.fail_call(0, Error::Memory);
    kit.run_check("{id: TAG-01}").unwrap();
    for n in 1..=kit.calls() {
        kit.clear();
        kit.aws(
            ACTION,
            200,
            "{\"Organization\":{\"Id\":\"o-otherorg1234\"}}",
        );
        kit.fail_call(n, Error::Memory);
        let _ = kit.run_check("{id: TAG-01}");
        assert!(
            kit.results()
                .iter()
                .all(|result| result.outcome != Outcome::Pass),
            "call {n}"
        );
    }
}
