// SPDX-License-Identifier: Apache-2.0
//! A whole plugin on one page: one validation, one generated variable, one check.

use tfa::{AnswerOutcome, Call, Outcome, Protocol, Request, Result, Value};

tfa::manifest!();

/// What lives as long as the plugin.
struct TagPolicy;

impl tfa::Plugin for TagPolicy {
    fn start(_: &Call) -> Result<Self> {
        Ok(TagPolicy)
    }
}

impl tfa::Component for TagPolicy {
    /// Everything that is wrong with the intent, without asking anyone.
    fn validate<'c>(&self, call: &'c Call, config: Value<'c>, _: Value<'c>) -> Result<()> {
        let owner = config.get("owner");
        match owner.as_str() {
            Ok(text) if !text.contains('@') => call
                .finding(codes::TAG0001, owner)
                .message(format!("the owner {owner} is not an e-mail address"))
                .report(),
            // Missing is the schema's business, unknown is nobody's.
            _ => Ok(()),
        }
    }

    /// The variables of the root module; what the user wrote in vars wins over them.
    fn generate<'c>(&self, call: &'c Call, config: Value<'c>, _: Value<'c>) -> Result<Value<'c>> {
        // Values of the configuration keep their line; a missing one is simply not set.
        let tags = call
            .map()
            .set("Owner", config.get("owner"))
            .set("CostCenter", config.get("cost_center"));
        Ok(call.map().set("tags", tags).into())
    }
}

impl tfa::Check for TagPolicy {
    /// One item, and only where the intent names an organization.
    fn list<'c>(&self, call: &'c Call, config: Value<'c>, _: Value<'c>) -> Result<Value<'c>> {
        let mut items = call.list();
        if config.get("organization").is_set() {
            items = items.push(call.map().set("id", checks::TAG_01));
        }
        Ok(items.into())
    }

    /// Asks AWS which organization the account is in and compares. An error that proves the point is a
    /// failure, every other one leaves the outcome unknown.
    fn run<'c>(&self, call: &'c Call, config: Value<'c>, _: Value<'c>, _: Value<'c>) -> Result<()> {
        let wanted = config.get("organization");
        let request = Request::new(Protocol::Json11, "organizations", "DescribeOrganization")
            .target_prefix("AWSOrganizationsV20161128");
        let answer = call.send(&request)?;
        if answer.outcome() == AnswerOutcome::Error
            && answer.error_code() == "AWSOrganizationsNotInUseException"
        {
            return call
                .result(Outcome::Fail, wanted)
                .message("the account is in no organization")
                .expected(wanted)
                .report();
        }
        if !answer.is_success() {
            return call.no_answer(wanted, &answer).report();
        }
        let found = answer.body().find("/Organization/Id");
        let (outcome, message) = if !found.is_set() {
            (Outcome::Unknown, "the answer names no organization")
        } else if wanted.equals(found)? {
            (Outcome::Pass, "")
        } else {
            (Outcome::Fail, "the account is in another organization")
        };
        call.result(outcome, wanted)
            .message(message)
            .expected(wanted)
            .actual(found)
            .report()
    }
}

tfa::plugin!(TagPolicy: component, check);

#[cfg(test)]
mod tests;
