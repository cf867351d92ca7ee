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

mod recording;
mod sys;

pub use recording::{Answer, Request};

use recording::Asking;
use std::ffi::{c_char, CStr, CString};
use std::ptr;
use tfa::sys::Plugin;
use tfa::{Error, Outcome, Result, Severity};

/// A host with one plugin, for one thread.
pub struct Kit {
    raw: *mut sys::Kit,
    /// Kept as a pointer, since the kit has it too; made by a box, and freed by `stop_asking`.
    asking: *mut Asking,
}

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
        let raw = unsafe { sys::tfa_testkit_new(plugin, c_text(manifest).as_ptr()) };
        Kit { raw, asking: ptr::null_mut() }
    }

    /// Forgets what was found, sent and scripted; keeps intent and context.
    pub fn clear(&mut self) {
        unsafe { sys::tfa_testkit_clear(self.raw) }
    }

    /// The intent, as YAML; `!unknown` and `!sensitive` are tags of their own.
    pub fn intent(&mut self, yaml: &str) {
        unsafe { sys::tfa_testkit_intent(self.raw, c_text(yaml).as_ptr()) }
    }

    /// Keys that replace those of the default context.
    pub fn context(&mut self, yaml: &str) {
        unsafe { sys::tfa_testkit_context(self.raw, c_text(yaml).as_ptr()) }
    }

    /// Another instance, for look-ups.
    pub fn instance(&mut self, yaml: &str) {
        unsafe { sys::tfa_testkit_instance(self.raw, c_text(yaml).as_ptr()) }
    }

    /// Calls validate.
    pub fn validate(&mut self) -> Result<()> {
        let code = unsafe { sys::tfa_testkit_validate(self.raw) };
        self.ended(code)
    }

    /// Calls generate and returns the variables as canonical JSON, "" for none.
    pub fn generate(&mut self) -> Result<String> {
        let code = unsafe { sys::tfa_testkit_generate(self.raw) };
        self.ended(code)?;
        Ok(unsafe { owned(sys::tfa_testkit_vars(self.raw)) })
    }

    /// Calls list and returns the check items as canonical JSON, "" for none.
    pub fn list_checks(&mut self) -> Result<String> {
        let code = unsafe { sys::tfa_testkit_list_checks(self.raw) };
        self.ended(code)?;
        Ok(unsafe { owned(sys::tfa_testkit_items(self.raw)) })
    }

    /// Runs one check item given as YAML.
    pub fn run_check(&mut self, item: &str) -> Result<()> {
        let code = unsafe { sys::tfa_testkit_run_check(self.raw, c_text(item).as_ptr()) };
        self.ended(code)
    }

    /// Lists, then runs each item in order.
    pub fn run_checks(&mut self) -> Result<()> {
        let code = unsafe { sys::tfa_testkit_run_checks(self.raw) };
        self.ended(code)
    }

    /// After a callback: first a panic of the closure that was asked, then what the callback returned.
    fn ended(&mut self, code: i32) -> Result<()> {
        if let Some(asking) = unsafe { self.asking.as_mut() } {
            asking.go_on();
        }
        outcome_of(code)
    }

    /// What was found so far.
    pub fn findings(&self) -> Vec<Finding> {
        let count = unsafe { sys::tfa_testkit_finding_count(self.raw) };
        let one = |index| unsafe {
            let raw = &*sys::tfa_testkit_finding_at(self.raw, index);
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
        let count = unsafe { sys::tfa_testkit_result_count(self.raw) };
        let one = |index| unsafe {
            let raw = &*sys::tfa_testkit_result_at(self.raw, index);
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
        let count = unsafe { sys::tfa_testkit_misuse_count(self.raw) };
        (0..count).map(|index| unsafe { owned(sys::tfa_testkit_misuse(self.raw, index)) }).collect()
    }

    /// Log lines "level message key=value".
    pub fn logs(&self) -> Vec<String> {
        let count = unsafe { sys::tfa_testkit_log_count(self.raw) };
        (0..count).map(|index| unsafe { owned(sys::tfa_testkit_log(self.raw, index)) }).collect()
    }

    /// Scripts the answer to an action: "guardduty:ListDetectors", HTTP status, JSON body.
    pub fn aws(&mut self, action: &str, status: u32, body: &str) {
        let (action, body) = (c_text(action), c_text(body));
        unsafe { sys::tfa_testkit_aws(self.raw, action.as_ptr(), status, body.as_ptr()) }
    }

    /// Scripts the answers of a file of recorded ones.
    pub fn aws_load(&mut self, path: &str) {
        unsafe { sys::tfa_testkit_aws_load(self.raw, c_text(path).as_ptr()) }
    }

    /// Recording: requests without a scripted answer go to the closure, which may ask AWS or a
    /// simulator; `None` is no answer. What it says is scripted from then on, for one request each. A
    /// panic in it is one of the method that ran the plugin.
    pub fn aws_ask(&mut self, ask: impl FnMut(&Request) -> Option<Answer> + 'static) {
        self.stop_asking();
        self.asking = Box::into_raw(Asking::new(ask));
        unsafe { sys::tfa_testkit_aws_ask(self.raw, Some(recording::ask), self.asking.cast()) }
    }

    /// Ends recording.
    pub fn aws_ask_nobody(&mut self) {
        self.stop_asking();
    }

    /// Writes a file for `aws_load`: everything scripted since the kit was cleared, with what was
    /// recorded.
    pub fn aws_save(&mut self, path: &str) {
        unsafe { sys::tfa_testkit_aws_save(self.raw, c_text(path).as_ptr()) }
    }

    fn stop_asking(&mut self) {
        unsafe { sys::tfa_testkit_aws_ask(self.raw, None, ptr::null_mut()) }
        if !self.asking.is_null() {
            // SAFETY: from Box::into_raw, and the kit has forgotten it.
            drop(unsafe { Box::from_raw(self.asking) });
            self.asking = ptr::null_mut();
        }
    }

    /// Everything the plugin did since the kit was cleared, one thing a line.
    pub fn report(&mut self) -> String {
        unsafe { owned(sys::tfa_testkit_report(self.raw)) }
    }

    /// Whether the report is what the file holds; `TFA_UPDATE_GOLDEN=1` writes the file first.
    pub fn golden(&mut self, path: &str) -> bool {
        unsafe { sys::tfa_testkit_golden(self.raw, c_text(path).as_ptr()) == 1 }
    }

    /// The time the plugin sees, in nanoseconds since 1970.
    pub fn set_time(&mut self, wall_ns: i64) {
        unsafe { sys::tfa_testkit_set_time(self.raw, wall_ns) }
    }

    /// Requests that would have been sent.
    pub fn request_count(&self) -> u64 {
        unsafe { sys::tfa_testkit_request_count(self.raw) }
    }

    /// Those requests, in their order.
    pub fn requests(&self) -> Vec<Request> {
        let one = |index| unsafe { Request::of(&*sys::tfa_testkit_request_at(self.raw, index)) };
        (0..self.request_count()).map(one).collect()
    }

    /// From now on the callback is told to stop, or no longer.
    pub fn cancel(&mut self, is_cancelled: bool) {
        unsafe { sys::tfa_testkit_cancel(self.raw, i32::from(is_cancelled)) }
    }

    /// The n-th service call (from 1) of each following callback fails; 0 ends it.
    pub fn fail_call(&mut self, n: u64, error: Error) {
        unsafe { sys::tfa_testkit_fail_call(self.raw, n, error.code()) }
    }

    /// Service calls of the last callback.
    pub fn calls(&self) -> u64 {
        unsafe { sys::tfa_testkit_calls(self.raw) }
    }

    /// Hides an extension from the plugin, as an older host would; before the first callback.
    pub fn hide(&mut self, id: &str) {
        unsafe { sys::tfa_testkit_hide(self.raw, c_text(id).as_ptr()) }
    }
}

impl Drop for Kit {
    fn drop(&mut self) {
        self.stop_asking();
        unsafe { sys::tfa_testkit_free(self.raw) }
    }
}
