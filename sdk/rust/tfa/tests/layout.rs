// SPDX-License-Identifier: Apache-2.0
//! The structs and tables of `tfa::sys` against the layout lock of the C headers: same fields, same
//! offsets, same sizes, none missing.

use std::collections::BTreeMap;
use std::mem::{offset_of, size_of};
use tfa::sys;

/// C name of a struct -> its size and, by name, the offset of each field.
type Layouts = BTreeMap<String, (usize, BTreeMap<String, usize>)>;

/// Structs of drafts nobody calls yet.
const NOT_WRAPPED: [&str; 2] = ["tfa_plan_v1", "tfa_review_v1"];

fn locked() -> Layouts {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../abi/layout.lock");
    let lock = std::fs::read_to_string(path).expect("the layout lock lies beside the crates");
    let mut layouts = Layouts::new();
    for line in lock.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["field", name, offset, .., field] => {
                let entry = layouts.entry(name.to_string()).or_default();
                entry.1.insert(field.to_string(), offset.parse().unwrap());
            }
            ["size", name, size] => {
                layouts.entry(name.to_string()).or_default().0 = size.parse().unwrap()
            }
            _ => {}
        }
    }
    layouts
}

macro_rules! layouts {
    ($($c:literal = $type:ident { $($field:ident),* })*) => {{
        let mut layouts = Layouts::new();
        $(
            let fields = [$((stringify!($field), offset_of!(sys::$type, $field))),*];
            let fields = fields.into_iter().map(|(name, at)| (name.to_string(), at)).collect();
            layouts.insert($c.to_string(), (size_of::<sys::$type>(), fields));
        )*
        layouts
    }};
}

fn ours() -> Layouts {
    layouts! {
        "tfa_str" = Str { ptr, len }
        "tfa_field" = Field { key, text, value, reserved }
        "tfa_host" = Host { struct_size, abi_major, abi_minor, flags, ctx, ext }
        "tfa_plugin" = Plugin { struct_size, abi_major, min_minor, flags, id, version, init, shutdown, ext }
        "tfa_component_v1" = ComponentV1 { validate, generate }
        "tfa_check_v1" = CheckV1 { list, run }
        "tfa_mark" = Mark { struct_size, line, column, flags, file }
        "tfa_value_v1" = ValueV1 { kind, count, get, at, key_at, find, as_string, as_int, as_double,
            as_bool, text, tag, mark, is_sensitive, equal, to_json }
        "tfa_build_v1" = BuildV1 { map, list, null, boolean, integer, real, number, string, set, append,
            sensitive, derived, from_json }
        "tfa_related" = Related { struct_size, flags, at, pointer, message }
        "tfa_diag" = Diag { struct_size, severity, flags, related_count, code, at, pointer, message,
            detail, remediation, doc_url, resource, related }
        "tfa_result" = CheckResult { struct_size, outcome, severity, flags, related_count,
            retry_after_ms, check_id, title, code, at, pointer, expected, actual, message, detail,
            remediation, doc_url, resource, target, region, related }
        "tfa_diag_v1" = DiagV1 { report, result }
        "tfa_log_v1" = LogV1 { enabled, write }
        "tfa_who" = Who { struct_size, phase, stack, component, module, kind, check_id }
        "tfa_call_v1" = CallV1 { who, cancelled, time_left_ms, progress, alloc }
        "tfa_lookup_v1" = LookupV1 { instance, instances }
        "tfa_clock_v1" = ClockV1 { wall_ns, monotonic_ns }
        "tfa_aws_request" = AwsRequest { struct_size, protocol, flags, reserved, service, operation,
            action, target, region, method, path, path_parts, query, target_prefix, version, body,
            body_text }
        "tfa_aws_pages" = AwsPages { struct_size, max_pages, flags, reserved, items, token_out, token_in }
        "tfa_aws_answer" = AwsAnswer { struct_size, outcome, http_status, attempts, pages, complete, body,
            items, error_code, error_message, action, account_id, region, request_id, summary }
        "tfa_aws_v1" = AwsV1 { send, batch, paginate }
    }
}

#[test]
fn layouts_are_those_of_the_headers() {
    let mut locked = locked();
    locked.retain(|name, _| !NOT_WRAPPED.contains(&name.as_str()));
    assert!(locked.len() > 20);
    for (name, layout) in ours() {
        assert_eq!(locked.remove(&name), Some(layout), "{name}");
    }
    assert!(locked.is_empty(), "not wrapped: {:?}", locked.keys());
}
