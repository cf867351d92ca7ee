// SPDX-License-Identifier: Apache-2.0
//! The mock host of the SDK for unit tests of plugins: values from YAML, scripted AWS answers, captured
//! findings, results and misuse, faults on demand. `testkit.h` tells what each part does.
//!
//! ```ignore
//! let mut kit = Kit::new(crate::tfa_plugin_main_v1(), concat!(env!("CARGO_MANIFEST_DIR"), "/manifest.json"));
//! kit.intent("owner: nobody\n");
//! kit.validate().unwrap();
//! assert_eq!(kit.findings()[0].code, crate::codes::TAG0001);
//! assert!(kit.misuses().is_empty());
//! ```
#![warn(missing_docs)]

mod sys;

use std::ffi::{c_char, CStr, CString};
use tfa::sys::Plugin;
use tfa::{Error, Outcome, Result, Severity};

/// A host with one plugin, for one thread.
pub struct Kit(*mut sys::Kit);

/// What the plugin found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Finding {
    pub severity: Severity,
    pub code: String,
    pub message: String,
    pub remediation: String,
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub pointer: String,
}

/// What a check reported; values as canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct CheckResult {
    pub outcome: Outcome,
    pub check_id: String,
    pub code: String,
    pub message: String,
    pub detail: String,
    pub expected: String,
    pub actual: String,
    pub line: u32,
    pub pointer: String,
}

/// # Safety
/// NUL-terminated, or NULL.
unsafe fn owned(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    CStr::from_ptr(text).to_string_lossy().into_owned()
}

fn c_text(text: &str) -> CString {
    CString::new(text).expect("a text of a test holds no NUL")
}

fn outcome_of(code: i32) -> Result<()> {
    const ALL: [Error; 16] = [
        Error::Memory,
        Error::Cancelled,
        Error::Deadline,
        Error::Policy,
        Error::Stale,
        Error::Phase,
        Error::Kind,
        Error::Range,
        Error::Absent,
        Error::Unknown,
        Error::Invalid,
        Error::Limit,
        Error::Frozen,
        Error::Thread,
        Error::Unsupported,
        Error::Internal,
    ];
    match ALL.into_iter().find(|error| error.code() == code) {
        _ if code == 0 => Ok(()),
        Some(error) => Err(error),
        None => Err(Error::Internal),
    }
}

impl Kit {
    /// A host that enforces what the manifest says. The plugin starts with the first callback.
    pub fn new(plugin: *const Plugin, manifest: &str) -> Kit {
        // SAFETY (here and below): texts are NUL-terminated and copied, the kit is alive.
        Kit(unsafe { sys::tfa_testkit_new(plugin, c_text(manifest).as_ptr()) })
    }

    /// Forgets what was found, sent and scripted; keeps intent and context.
    pub fn clear(&mut self) {
        unsafe { sys::tfa_testkit_clear(self.0) }
    }

    /// The intent, as YAML; `!unknown` and `!sensitive` are tags of their own.
    pub fn intent(&mut self, yaml: &str) {
        unsafe { sys::tfa_testkit_intent(self.0, c_text(yaml).as_ptr()) }
    }

    /// Keys that replace those of the default context.
    pub fn context(&mut self, yaml: &str) {
        unsafe { sys::tfa_testkit_context(self.0, c_text(yaml).as_ptr()) }
    }

    /// Another instance, for look-ups.
    pub fn instance(&mut self, yaml: &str) {
        unsafe { sys::tfa_testkit_instance(self.0, c_text(yaml).as_ptr()) }
    }

    /// Calls validate.
    pub fn validate(&mut self) -> Result<()> {
        outcome_of(unsafe { sys::tfa_testkit_validate(self.0) })
    }

    /// Calls generate and returns the variables as canonical JSON, "" for none.
    pub fn generate(&mut self) -> Result<String> {
        outcome_of(unsafe { sys::tfa_testkit_generate(self.0) })?;
        Ok(unsafe { owned(sys::tfa_testkit_vars(self.0)) })
    }

    /// Calls list and returns the check items as canonical JSON, "" for none.
    pub fn list_checks(&mut self) -> Result<String> {
        outcome_of(unsafe { sys::tfa_testkit_list_checks(self.0) })?;
        Ok(unsafe { owned(sys::tfa_testkit_items(self.0)) })
    }

    /// Runs one check item given as YAML.
    pub fn run_check(&mut self, item: &str) -> Result<()> {
        outcome_of(unsafe { sys::tfa_testkit_run_check(self.0, c_text(item).as_ptr()) })
    }

    /// Lists, then runs each item in order.
    pub fn run_checks(&mut self) -> Result<()> {
        outcome_of(unsafe { sys::tfa_testkit_run_checks(self.0) })
    }

    /// What was found so far.
    pub fn findings(&self) -> Vec<Finding> {
        let count = unsafe { sys::tfa_testkit_finding_count(self.0) };
        let one = |index| unsafe {
            let raw = &*sys::tfa_testkit_finding_at(self.0, index);
            Finding {
                severity: match raw.severity {
                    2 => Severity::Warning,
                    3 => Severity::Info,
                    4 => Severity::Hint,
                    _ => Severity::Error,
                },
                code: owned(raw.code),
                message: owned(raw.message),
                remediation: owned(raw.remediation),
                file: owned(raw.file),
                line: raw.line,
                column: raw.column,
                pointer: owned(raw.pointer),
            }
        };
        (0..count).map(one).collect()
    }

    /// What checks reported so far.
    pub fn results(&self) -> Vec<CheckResult> {
        let count = unsafe { sys::tfa_testkit_result_count(self.0) };
        let one = |index| unsafe {
            let raw = &*sys::tfa_testkit_result_at(self.0, index);
            CheckResult {
                outcome: match raw.outcome {
                    1 => Outcome::Pass,
                    2 => Outcome::Fail,
                    3 => Outcome::Pending,
                    4 => Outcome::Skipped,
                    _ => Outcome::Unknown,
                },
                check_id: owned(raw.check_id),
                code: owned(raw.code),
                message: owned(raw.message),
                detail: owned(raw.detail),
                expected: owned(raw.expected),
                actual: owned(raw.actual),
                line: raw.line,
                pointer: owned(raw.pointer),
            }
        };
        (0..count).map(one).collect()
    }

    /// Breaches of the contract, one sentence each; a good plugin has none in any test.
    pub fn misuses(&self) -> Vec<String> {
        let count = unsafe { sys::tfa_testkit_misuse_count(self.0) };
        (0..count).map(|index| unsafe { owned(sys::tfa_testkit_misuse(self.0, index)) }).collect()
    }

    /// Log lines "level message key=value".
    pub fn logs(&self) -> Vec<String> {
        let count = unsafe { sys::tfa_testkit_log_count(self.0) };
        (0..count).map(|index| unsafe { owned(sys::tfa_testkit_log(self.0, index)) }).collect()
    }

    /// Scripts the answer to an action: "guardduty:ListDetectors", HTTP status, JSON body.
    pub fn aws(&mut self, action: &str, status: u32, body: &str) {
        let (action, body) = (c_text(action), c_text(body));
        unsafe { sys::tfa_testkit_aws(self.0, action.as_ptr(), status, body.as_ptr()) }
    }

    /// Scripts the answers of a file of recorded ones.
    pub fn aws_load(&mut self, path: &str) {
        unsafe { sys::tfa_testkit_aws_load(self.0, c_text(path).as_ptr()) }
    }

    /// Everything the plugin did since the kit was cleared, one thing a line.
    pub fn report(&mut self) -> String {
        unsafe { owned(sys::tfa_testkit_report(self.0)) }
    }

    /// Whether the report is what the file holds; `TFA_UPDATE_GOLDEN=1` writes the file first.
    pub fn golden(&mut self, path: &str) -> bool {
        unsafe { sys::tfa_testkit_golden(self.0, c_text(path).as_ptr()) == 1 }
    }

    /// The time the plugin sees, in nanoseconds since 1970.
    pub fn set_time(&mut self, wall_ns: i64) {
        unsafe { sys::tfa_testkit_set_time(self.0, wall_ns) }
    }

    /// Requests that would have been sent.
    pub fn request_count(&self) -> u64 {
        unsafe { sys::tfa_testkit_request_count(self.0) }
    }

    /// From now on the callback is told to stop, or no longer.
    pub fn cancel(&mut self, is_cancelled: bool) {
        unsafe { sys::tfa_testkit_cancel(self.0, i32::from(is_cancelled)) }
    }

    /// The n-th service call (from 1) of each following callback fails; 0 ends it.
    pub fn fail_call(&mut self, n: u64, error: Error) {
        unsafe { sys::tfa_testkit_fail_call(self.0, n, error.code()) }
    }

    /// Service calls of the last callback.
    pub fn calls(&self) -> u64 {
        unsafe { sys::tfa_testkit_calls(self.0) }
    }

    /// Hides an extension from the plugin, as an older host would; before the first callback.
    pub fn hide(&mut self, id: &str) {
        unsafe { sys::tfa_testkit_hide(self.0, c_text(id).as_ptr()) }
    }
}

impl Drop for Kit {
    fn drop(&mut self) {
        unsafe { sys::tfa_testkit_free(self.0) }
    }
}
