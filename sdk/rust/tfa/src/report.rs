// SPDX-License-Identifier: Apache-2.0
//! What a plugin has to say: findings about the configuration, results of checks.

use crate::aws::{Answer, AnswerOutcome};
use crate::call::{there, Call};
use crate::error::{Error, Result};
use crate::sys;
use crate::value::Value;
use std::mem::size_of;

const AT_KEY: u32 = 1;

/// How bad a finding is, where it is not what the manifest says of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[allow(missing_docs)]
pub enum Severity {
    Error = 1,
    Warning = 2,
    Info = 3,
    Hint = 4,
}

/// Outcome of a check. An API error is never `Pass`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Outcome {
    /// Could not find out.
    Unknown = 0,
    /// The account was read and is as intended.
    Pass = 1,
    /// The account was read and differs from the intent.
    Fail = 2,
    /// AWS is converging: the host asks again.
    Pending = 3,
    /// Not applicable.
    Skipped = 4,
}

/// Another place that explains a finding.
struct Related {
    at: sys::Val,
    message: String,
}

fn related_of(related: &[Related]) -> Vec<sys::Related> {
    let one = |r: &Related| sys::Related {
        struct_size: size_of::<sys::Related>() as u32,
        flags: 0,
        at: r.at,
        pointer: sys::Str::NONE,
        message: sys::Str::new(&r.message),
    };
    related.iter().map(one).collect()
}

/// One finding, filled in step by step and reported at the end.
#[must_use = "a finding is said only by report()"]
pub struct Finding<'c> {
    call: &'c Call,
    code: &'c str,
    at: sys::Val,
    severity: u32,
    flags: u32,
    pointer: String,
    message: String,
    detail: String,
    remediation: String,
    doc_url: String,
    resource: String,
    related: Vec<Related>,
}

/// Setters of texts that both kinds of reports have.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident),*) => {
        $($(#[$doc])*
        pub fn $name(mut self, text: impl Into<String>) -> Self {
            self.$name = text.into();
            self
        })*
    };
}

impl<'c> Finding<'c> {
    texts!(
        /// The problem in one sentence: lower-case start, no full stop, quoting what the user wrote.
        message,
        /// A paragraph: why it matters.
        detail,
        /// What to do, as an imperative; empty: the `fix` of the catalogue.
        remediation,
        /// An https address; empty: that of the manifest with the code.
        doc_url,
        /// ARN or Terraform address it is about.
        resource,
        /// JSON pointer below the value meant, also to a key that is missing.
        pointer
    );

    /// Another severity than the one of the catalogue.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity as u32;
        self
    }

    /// Points at the key of the value, for misspelt keys.
    pub fn at_key(mut self) -> Self {
        self.flags |= AT_KEY;
        self
    }

    /// Another place that explains it.
    pub fn related(mut self, at: Value<'c>, message: impl Into<String>) -> Self {
        self.related.push(Related { at: at.handle, message: message.into() });
        self
    }

    /// Says it.
    pub fn report(self) -> Result<()> {
        let table = there(self.call.services().diag)?;
        let related = related_of(&self.related);
        let places: Vec<*const sys::Related> = related.iter().map(std::ptr::from_ref).collect();
        let diag = sys::Diag {
            struct_size: size_of::<sys::Diag>() as u32,
            severity: self.severity,
            flags: self.flags,
            related_count: places.len() as u32,
            code: sys::Str::new(self.code),
            at: self.at,
            pointer: sys::Str::new(&self.pointer),
            message: sys::Str::new(&self.message),
            detail: sys::Str::new(&self.detail),
            remediation: sys::Str::new(&self.remediation),
            doc_url: sys::Str::new(&self.doc_url),
            resource: sys::Str::new(&self.resource),
            related: places.as_ptr(),
        };
        // SAFETY: everything the struct points to outlives the call, which copies it.
        Error::check(unsafe { (table.report)(self.call.raw, &diag) })
    }
}

/// One result of a check, filled in step by step and reported at the end.
#[must_use = "a result is said only by report()"]
pub struct CheckResult<'c> {
    call: &'c Call,
    outcome: Outcome,
    at: sys::Val,
    severity: u32,
    retry_after_ms: u32,
    code: String,
    pointer: String,
    expected: sys::Val,
    actual: sys::Val,
    message: String,
    detail: String,
    remediation: String,
    doc_url: String,
    resource: String,
    target: String,
    region: String,
}

impl<'c> CheckResult<'c> {
    texts!(
        /// What is so, required unless the outcome is a pass.
        message,
        /// Why; for an unknown outcome the summary of the AWS answer.
        detail,
        /// What to do; empty: the `fix` of the code.
        remediation,
        /// An https address; empty: that of the manifest with the code.
        doc_url,
        /// ARN of what was looked at.
        resource,
        /// JSON pointer below the part of the intent that was checked.
        pointer,
        /// Finding code; empty: that of the check.
        code,
        /// Alias of the target; empty: that of the check item.
        target,
        /// Region; empty: that of the check item.
        region
    );

    /// What the intent asks for.
    pub fn expected(mut self, value: impl Into<Value<'c>>) -> Self {
        self.expected = value.into().handle;
        self
    }

    /// What the account has.
    pub fn actual(mut self, value: impl Into<Value<'c>>) -> Self {
        self.actual = value.into().handle;
        self
    }

    /// Another severity than that of the code.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity as u32;
        self
    }

    /// Earliest useful next look at something pending.
    pub fn retry_after_ms(mut self, ms: u32) -> Self {
        self.retry_after_ms = ms;
        self
    }

    /// Says it.
    pub fn report(self) -> Result<()> {
        let table = there(self.call.services().diag)?;
        let result = sys::CheckResult {
            struct_size: size_of::<sys::CheckResult>() as u32,
            outcome: self.outcome as u32,
            severity: self.severity,
            flags: 0,
            related_count: 0,
            retry_after_ms: self.retry_after_ms,
            check_id: sys::Str::NONE,
            title: sys::Str::NONE,
            code: sys::Str::new(&self.code),
            at: self.at,
            pointer: sys::Str::new(&self.pointer),
            expected: self.expected,
            actual: self.actual,
            message: sys::Str::new(&self.message),
            detail: sys::Str::new(&self.detail),
            remediation: sys::Str::new(&self.remediation),
            doc_url: sys::Str::new(&self.doc_url),
            resource: sys::Str::new(&self.resource),
            target: sys::Str::new(&self.target),
            region: sys::Str::new(&self.region),
            related: std::ptr::null(),
        };
        // SAFETY: as in Finding::report.
        Error::check(unsafe { (table.result)(self.call.raw, &result) })
    }
}

impl Call {
    /// A finding about a value of the intent, with a code of the manifest. A value that is not there
    /// means the intent as a whole.
    pub fn finding<'c>(&'c self, code: &'c str, at: Value<'c>) -> Finding<'c> {
        Finding {
            call: self,
            code,
            at: at.handle,
            severity: 0,
            flags: 0,
            pointer: String::new(),
            message: String::new(),
            detail: String::new(),
            remediation: String::new(),
            doc_url: String::new(),
            resource: String::new(),
            related: Vec::new(),
        }
    }

    /// A result of the running check about the part of the intent that was checked.
    pub fn result<'c>(&'c self, outcome: Outcome, at: Value<'c>) -> CheckResult<'c> {
        CheckResult {
            call: self,
            outcome,
            at: at.handle,
            severity: 0,
            retry_after_ms: 0,
            code: String::new(),
            pointer: String::new(),
            expected: 0,
            actual: 0,
            message: String::new(),
            detail: String::new(),
            remediation: String::new(),
            doc_url: String::new(),
            resource: String::new(),
            target: String::new(),
            region: String::new(),
        }
    }

    /// For an answer that is no success and proves nothing: skipped when the service does not exist in
    /// the partition, else unknown, with the host's summary of what happened.
    pub fn no_answer<'c>(&'c self, at: Value<'c>, answer: &Answer<'c>) -> CheckResult<'c> {
        let (outcome, message) = match answer.outcome() {
            AnswerOutcome::NotThere => {
                (Outcome::Skipped, "the service does not exist in this partition")
            }
            _ => (Outcome::Unknown, "AWS did not give an answer that decides this check"),
        };
        self.result(outcome, at).message(message).detail(answer.summary())
    }
}
