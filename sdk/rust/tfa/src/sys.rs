// SPDX-License-Identifier: Apache-2.0
//! The plugin ABI as the C headers in `tf-atmos/` define it, minor 0: constants, structs and tables.
//!
//! The contract of every function stands in the header of the same name. Layouts are compared with the
//! C side by a test, so nothing here may be reordered. Tables and structs are `Copy` views on memory of
//! the host or the plugin; everything in this module is plain data.
#![allow(missing_docs)]

use std::ffi::{c_char, c_void};
use std::marker::{PhantomData, PhantomPinned};

pub const ABI_MAJOR: u32 = 1;

pub const OK: i32 = 0;
pub const E_MEMORY: i32 = -1;
pub const E_CANCELLED: i32 = -2;
pub const E_DEADLINE: i32 = -3;
pub const E_POLICY: i32 = -4;
pub const E_STALE: i32 = -5;
pub const E_PHASE: i32 = -6;
pub const E_KIND: i32 = -7;
pub const E_RANGE: i32 = -8;
pub const E_ABSENT: i32 = -9;
pub const E_UNKNOWN: i32 = -10;
pub const E_INVALID: i32 = -11;
pub const E_LIMIT: i32 = -12;
pub const E_FROZEN: i32 = -13;
pub const E_THREAD: i32 = -14;
pub const E_UNSUPPORTED: i32 = -15;
pub const E_INTERNAL: i32 = -16;

/// Ids of the services and capabilities, NUL-terminated as the tables are asked for.
pub const EXT_VALUE_V1: &str = "tfa.value/1\0";
pub const EXT_BUILD_V1: &str = "tfa.build/1\0";
pub const EXT_DIAG_V1: &str = "tfa.diag/1\0";
pub const EXT_LOG_V1: &str = "tfa.log/1\0";
pub const EXT_CALL_V1: &str = "tfa.call/1\0";
pub const EXT_LOOKUP_V1: &str = "tfa.lookup/1\0";
pub const EXT_CLOCK_V1: &str = "tfa.clock/1\0";
pub const EXT_AWS_V1: &str = "tfa.aws/1\0";
pub const EXT_COMPONENT_V1: &str = "tfa.component/1\0";
pub const EXT_CHECK_V1: &str = "tfa.check/1\0";

pub const PHASE_CHECK: u32 = 5;

/// A view on UTF-8 text; `{null, 0}` means "not given".
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub ptr: *const c_char,
    pub len: u64,
}

impl Str {
    pub const NONE: Str = Str { ptr: std::ptr::null(), len: 0 };

    /// A view on a text; it must outlive its use by the host, which copies during the call.
    pub fn new(text: &str) -> Str {
        Str { ptr: text.as_ptr().cast(), len: text.len() as u64 }
    }
}

/// Handle of a value; 0 is none.
pub type Val = u64;

/// One callback in progress; made by the host.
#[repr(C)]
pub struct Call {
    _data: [u8; 0],
    _marker: PhantomData<(*mut u8, PhantomPinned)>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Field {
    pub key: Str,
    pub text: Str,
    pub value: Val,
    pub reserved: u64,
}

#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub flags: u32,
    pub ctx: *mut c_void,
    pub ext: Option<unsafe extern "C" fn(ctx: *mut c_void, id: *const c_char) -> *const c_void>,
}

#[repr(C)]
pub struct Plugin {
    pub struct_size: u32,
    pub abi_major: u32,
    pub min_minor: u32,
    pub flags: u32,
    pub id: *const c_char,
    pub version: *const c_char,
    pub init: Option<unsafe extern "C" fn(*const Host, *mut Call, *mut *mut c_void) -> i32>,
    pub shutdown: Option<unsafe extern "C" fn(*mut c_void)>,
    pub ext: Option<unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void>,
}

// SAFETY: a descriptor is constant data; its pointers lead to constants and functions.
unsafe impl Sync for Plugin {}

#[repr(C)]
pub struct ComponentV1 {
    pub validate: unsafe extern "C" fn(*mut c_void, *mut Call, Val, Val) -> i32,
    pub generate: unsafe extern "C" fn(*mut c_void, *mut Call, Val, Val, *mut Val) -> i32,
}

#[repr(C)]
pub struct CheckV1 {
    pub list: unsafe extern "C" fn(*mut c_void, *mut Call, Val, Val, *mut Val) -> i32,
    pub run: unsafe extern "C" fn(*mut c_void, *mut Call, Val, Val, Val) -> i32,
}

#[repr(C)]
pub struct Mark {
    pub struct_size: u32,
    pub line: u32,
    pub column: u32,
    pub flags: u32,
    pub file: Str,
}

#[repr(C)]
pub struct ValueV1 {
    pub kind: unsafe extern "C" fn(*mut Call, Val) -> i32,
    pub count: unsafe extern "C" fn(*mut Call, Val) -> u64,
    pub get: unsafe extern "C" fn(*mut Call, Val, Str) -> Val,
    pub at: unsafe extern "C" fn(*mut Call, Val, u64) -> Val,
    pub key_at: unsafe extern "C" fn(*mut Call, Val, u64, *mut Str) -> i32,
    pub find: unsafe extern "C" fn(*mut Call, Val, Str) -> Val,
    pub as_string: unsafe extern "C" fn(*mut Call, Val, *mut Str) -> i32,
    pub as_int: unsafe extern "C" fn(*mut Call, Val, *mut i64) -> i32,
    pub as_double: unsafe extern "C" fn(*mut Call, Val, *mut f64) -> i32,
    pub as_bool: unsafe extern "C" fn(*mut Call, Val, *mut i32) -> i32,
    pub text: unsafe extern "C" fn(*mut Call, Val, *mut Str) -> i32,
    pub tag: unsafe extern "C" fn(*mut Call, Val, *mut Str) -> i32,
    pub mark: unsafe extern "C" fn(*mut Call, Val) -> *const Mark,
    pub is_sensitive: unsafe extern "C" fn(*mut Call, Val) -> i32,
    pub equal: unsafe extern "C" fn(*mut Call, Val, Val) -> i32,
    pub to_json: unsafe extern "C" fn(*mut Call, Val, *mut Str) -> i32,
}

#[repr(C)]
pub struct BuildV1 {
    pub map: unsafe extern "C" fn(*mut Call) -> Val,
    pub list: unsafe extern "C" fn(*mut Call) -> Val,
    pub null: unsafe extern "C" fn(*mut Call) -> Val,
    pub boolean: unsafe extern "C" fn(*mut Call, i32) -> Val,
    pub integer: unsafe extern "C" fn(*mut Call, i64) -> Val,
    pub real: unsafe extern "C" fn(*mut Call, f64) -> Val,
    pub number: unsafe extern "C" fn(*mut Call, Str) -> Val,
    pub string: unsafe extern "C" fn(*mut Call, Str) -> Val,
    pub set: unsafe extern "C" fn(*mut Call, Val, Str, Val) -> i32,
    pub append: unsafe extern "C" fn(*mut Call, Val, Val) -> i32,
    pub sensitive: unsafe extern "C" fn(*mut Call, Val) -> Val,
    pub derived: unsafe extern "C" fn(*mut Call, Val, Val) -> Val,
    pub from_json: unsafe extern "C" fn(*mut Call, Str, *mut Val) -> i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Related {
    pub struct_size: u32,
    pub flags: u32,
    pub at: Val,
    pub pointer: Str,
    pub message: Str,
}

#[repr(C)]
pub struct Diag {
    pub struct_size: u32,
    pub severity: u32,
    pub flags: u32,
    pub related_count: u32,
    pub code: Str,
    pub at: Val,
    pub pointer: Str,
    pub message: Str,
    pub detail: Str,
    pub remediation: Str,
    pub doc_url: Str,
    pub resource: Str,
    pub related: *const *const Related,
}

#[repr(C)]
pub struct CheckResult {
    pub struct_size: u32,
    pub outcome: u32,
    pub severity: u32,
    pub flags: u32,
    pub related_count: u32,
    pub retry_after_ms: u32,
    pub check_id: Str,
    pub title: Str,
    pub code: Str,
    pub at: Val,
    pub pointer: Str,
    pub expected: Val,
    pub actual: Val,
    pub message: Str,
    pub detail: Str,
    pub remediation: Str,
    pub doc_url: Str,
    pub resource: Str,
    pub target: Str,
    pub region: Str,
    pub related: *const *const Related,
}

#[repr(C)]
pub struct DiagV1 {
    pub report: unsafe extern "C" fn(*mut Call, *const Diag) -> i32,
    pub result: unsafe extern "C" fn(*mut Call, *const CheckResult) -> i32,
}

#[repr(C)]
pub struct LogV1 {
    pub enabled: unsafe extern "C" fn(*mut Call, u32) -> i32,
    pub write: unsafe extern "C" fn(*mut Call, u32, Str, *const Field, u64),
}

#[repr(C)]
pub struct Who {
    pub struct_size: u32,
    pub phase: u32,
    pub stack: Str,
    pub component: Str,
    pub module: Str,
    pub kind: Str,
    pub check_id: Str,
}

#[repr(C)]
pub struct CallV1 {
    pub who: unsafe extern "C" fn(*mut Call) -> *const Who,
    pub cancelled: unsafe extern "C" fn(*mut Call) -> i32,
    pub time_left_ms: unsafe extern "C" fn(*mut Call) -> i64,
    pub progress: unsafe extern "C" fn(*mut Call, u64, u64, Str),
    pub alloc: unsafe extern "C" fn(*mut Call, u64) -> *mut c_void,
}

#[repr(C)]
pub struct LookupV1 {
    pub instance: unsafe extern "C" fn(*mut Call, Str, Str, *mut Val) -> i32,
    pub instances: unsafe extern "C" fn(*mut Call, Str, *mut Val) -> i32,
}

#[repr(C)]
pub struct ClockV1 {
    pub wall_ns: unsafe extern "C" fn(*mut Call, *mut i64) -> i32,
    pub monotonic_ns: unsafe extern "C" fn(*mut Call, *mut i64) -> i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct AwsRequest {
    pub struct_size: u32,
    pub protocol: u32,
    pub flags: u32,
    pub reserved: u32,
    pub service: Str,
    pub operation: Str,
    pub action: Str,
    pub target: Str,
    pub region: Str,
    pub method: Str,
    pub path: Str,
    pub path_parts: Val,
    pub query: Val,
    pub target_prefix: Str,
    pub version: Str,
    pub body: Val,
    pub body_text: Str,
}

#[repr(C)]
pub struct AwsPages {
    pub struct_size: u32,
    pub max_pages: u32,
    pub flags: u32,
    pub reserved: u32,
    pub items: Str,
    pub token_out: Str,
    pub token_in: Str,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct AwsAnswer {
    pub struct_size: u32,
    pub outcome: u32,
    pub http_status: u32,
    pub attempts: u32,
    pub pages: u32,
    pub complete: u32,
    pub body: Val,
    pub items: Val,
    pub error_code: Str,
    pub error_message: Str,
    pub action: Str,
    pub account_id: Str,
    pub region: Str,
    pub request_id: Str,
    pub summary: Str,
}

#[repr(C)]
pub struct AwsV1 {
    pub send: unsafe extern "C" fn(*mut Call, *const AwsRequest, *mut *const AwsAnswer) -> i32,
    pub batch: unsafe extern "C" fn(
        *mut Call,
        *const *const AwsRequest,
        u64,
        *mut *const *const AwsAnswer,
    ) -> i32,
    pub paginate: unsafe extern "C" fn(
        *mut Call,
        *const AwsRequest,
        *const AwsPages,
        *mut *const AwsAnswer,
    ) -> i32,
}
