// SPDX-License-Identifier: Apache-2.0
//! The functions of `testkit.h` used here. The kit is a static library of the same SDK version.

use std::ffi::{c_char, c_void};
use tfa::sys::Plugin;

#[repr(C)]
pub struct Kit {
    _data: [u8; 0],
}

#[repr(C)]
pub struct Finding {
    pub phase: u32,
    pub severity: u32,
    pub code: *const c_char,
    pub message: *const c_char,
    pub detail: *const c_char,
    pub remediation: *const c_char,
    pub doc_url: *const c_char,
    pub resource: *const c_char,
    pub file: *const c_char,
    pub line: u32,
    pub column: u32,
    pub pointer: *const c_char,
    pub related_count: u32,
    pub reserved: u32,
}

#[repr(C)]
pub struct CheckResult {
    pub outcome: u32,
    pub severity: u32,
    pub check_id: *const c_char,
    pub title: *const c_char,
    pub code: *const c_char,
    pub message: *const c_char,
    pub detail: *const c_char,
    pub remediation: *const c_char,
    pub resource: *const c_char,
    pub target: *const c_char,
    pub region: *const c_char,
    pub expected: *const c_char,
    pub actual: *const c_char,
    pub file: *const c_char,
    pub line: u32,
    pub column: u32,
    pub pointer: *const c_char,
    pub retry_after_ms: u64,
}

#[repr(C)]
pub struct Answer {
    pub action: *const c_char,
    pub target: *const c_char,
    pub region: *const c_char,
    pub path: *const c_char,
    pub contains: *const c_char,
    pub status: u32,
    pub outcome: u32,
    pub error_code: *const c_char,
    pub body: *const c_char,
    pub times: u32,
    pub reserved: u32,
}

#[repr(C)]
pub struct Request {
    pub action: *const c_char,
    pub target: *const c_char,
    pub region: *const c_char,
    pub method: *const c_char,
    pub path: *const c_char,
    pub query: *const c_char,
    pub body: *const c_char,
}

pub type Ask = unsafe extern "C" fn(*mut c_void, *const Request, *mut Answer) -> i32;

extern "C" {
    pub fn tfa_testkit_new(plugin: *const Plugin, manifest: *const c_char) -> *mut Kit;
    pub fn tfa_testkit_free(kit: *mut Kit);
    pub fn tfa_testkit_clear(kit: *mut Kit);
    pub fn tfa_testkit_intent(kit: *mut Kit, yaml: *const c_char);
    pub fn tfa_testkit_context(kit: *mut Kit, yaml: *const c_char);
    pub fn tfa_testkit_instance(kit: *mut Kit, yaml: *const c_char);
    pub fn tfa_testkit_validate(kit: *mut Kit) -> i32;
    pub fn tfa_testkit_generate(kit: *mut Kit) -> i32;
    pub fn tfa_testkit_list_checks(kit: *mut Kit) -> i32;
    pub fn tfa_testkit_run_check(kit: *mut Kit, item: *const c_char) -> i32;
    pub fn tfa_testkit_run_checks(kit: *mut Kit) -> i32;
    pub fn tfa_testkit_vars(kit: *const Kit) -> *const c_char;
    pub fn tfa_testkit_items(kit: *const Kit) -> *const c_char;
    pub fn tfa_testkit_finding_count(kit: *const Kit) -> u64;
    pub fn tfa_testkit_finding_at(kit: *const Kit, index: u64) -> *const Finding;
    pub fn tfa_testkit_result_count(kit: *const Kit) -> u64;
    pub fn tfa_testkit_result_at(kit: *const Kit, index: u64) -> *const CheckResult;
    pub fn tfa_testkit_misuse_count(kit: *const Kit) -> u64;
    pub fn tfa_testkit_misuse(kit: *const Kit, index: u64) -> *const c_char;
    pub fn tfa_testkit_log_count(kit: *const Kit) -> u64;
    pub fn tfa_testkit_log(kit: *const Kit, index: u64) -> *const c_char;
    pub fn tfa_testkit_aws(kit: *mut Kit, action: *const c_char, status: u32, body: *const c_char);
    pub fn tfa_testkit_aws_load(kit: *mut Kit, path: *const c_char);
    pub fn tfa_testkit_aws_save(kit: *mut Kit, path: *const c_char);
    pub fn tfa_testkit_aws_ask(kit: *mut Kit, ask: Option<Ask>, user: *mut c_void);
    pub fn tfa_testkit_request_at(kit: *const Kit, index: u64) -> *const Request;
    pub fn tfa_testkit_report(kit: *mut Kit) -> *const c_char;
    pub fn tfa_testkit_golden(kit: *mut Kit, path: *const c_char) -> i32;
    pub fn tfa_testkit_set_time(kit: *mut Kit, wall_ns: i64);
    pub fn tfa_testkit_request_count(kit: *const Kit) -> u64;
    pub fn tfa_testkit_cancel(kit: *mut Kit, cancelled: i32);
    pub fn tfa_testkit_fail_call(kit: *mut Kit, n: u64, code: i32);
    pub fn tfa_testkit_calls(kit: *const Kit) -> u64;
    pub fn tfa_testkit_hide(kit: *mut Kit, id: *const c_char);
}
