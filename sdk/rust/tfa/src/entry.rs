// SPDX-License-Identifier: Apache-2.0
//! What the host calls: functions with C linkage around the traits, each of which catches panics.

use crate::call::{Call, Level, Services};
use crate::error::{Error, Result};
use crate::sys;
use crate::value::Value;
use std::any::Any;
use std::cell::RefCell;
use std::ffi::{c_char, c_void, CStr};
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe};
use std::ptr;
use std::sync::Once;

/// A plugin: what lives from the start to the end of the program.
pub trait Plugin: Sized + Send + 'static {
    /// Makes it. Only logging and findings may be used; an error means that the plugin cannot start.
    fn start(call: &Call) -> Result<Self>;
}

/// Judging an instance's intent and generating its Terraform variables; `tfa.component/1`.
pub trait Component: Plugin {
    /// Reports what is wrong or doubtful, all of it in one go. Pure. `Ok` whatever was found.
    fn validate<'c>(&self, call: &'c Call, config: Value<'c>, context: Value<'c>) -> Result<()>;

    /// Returns a map of Terraform variables, or no value. Pure: same input, same bytes.
    fn generate<'c>(
        &self,
        call: &'c Call,
        config: Value<'c>,
        context: Value<'c>,
    ) -> Result<Value<'c>>;
}

/// Comparing the real account with the intent; `tfa.check/1`.
pub trait Check: Plugin {
    /// Returns a list of check items {id, target?, region?, data?}, or no value. Pure, no AWS.
    fn list<'c>(&self, call: &'c Call, config: Value<'c>, context: Value<'c>) -> Result<Value<'c>>;

    /// Runs one item of that list and reports at least one result.
    fn run<'c>(
        &self,
        call: &'c Call,
        config: Value<'c>,
        context: Value<'c>,
        item: Value<'c>,
    ) -> Result<()>;
}

/// What `self` of the ABI points to.
struct State<P> {
    plugin: P,
    services: Services,
}

thread_local! {
    /// Where and why the last panic of this thread happened.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Plugins may not write to standard error, which is what the usual hook does.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_hook(Box::new(|info| {
            LAST_PANIC.with(|last| *last.borrow_mut() = info.to_string());
        }));
    });
}

/// Runs one callback; a panic in it is logged and becomes an internal fault.
fn guard(call: &Call, body: impl FnOnce() -> Result<()>) -> i32 {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => sys::OK,
        Ok(Err(error)) => error.code(),
        Err(payload) => {
            let text = LAST_PANIC.with(|last| std::mem::take(&mut *last.borrow_mut()));
            call.log(Level::Error, "the plugin panicked", &[("panic", &text)]);
            forget_payload(payload);
            sys::E_INTERNAL
        }
    }
}

/// A payload whose drop panics would end the process.
fn forget_payload(payload: Box<dyn Any + Send>) {
    if catch_unwind(AssertUnwindSafe(|| drop(payload))).is_err() {
        LAST_PANIC.with(|last| last.borrow_mut().clear());
    }
}

/// # Safety
/// Called by the host with its own host and call; `ret_self` is writable.
pub unsafe extern "C" fn init<P: Plugin>(
    host: *const sys::Host,
    raw: *mut sys::Call,
    ret_self: *mut *mut c_void,
) -> i32 {
    quiet_panics();
    let services = Services::of(host);
    let call = Call::new(raw, &services);
    let mut started = None;
    let code = guard(&call, || {
        started = Some(P::start(&call)?);
        Ok(())
    });
    match started {
        Some(plugin) if code == sys::OK => {
            *ret_self = Box::into_raw(Box::new(State { plugin, services })).cast();
            sys::OK
        }
        _ if code == sys::OK => sys::E_INTERNAL,
        _ => code,
    }
}

/// # Safety
/// `this` came from [`init`], and nothing else is called after.
pub unsafe extern "C" fn shutdown<P: Plugin>(this: *mut c_void) {
    if !this.is_null() {
        let state = Box::from_raw(this.cast::<State<P>>());
        let _ = catch_unwind(AssertUnwindSafe(move || drop(state)));
    }
}

/// Enters a callback: state and call from the raw pointers.
unsafe fn enter<P: Plugin>(
    this: *mut c_void,
    raw: *mut sys::Call,
    body: impl FnOnce(&P, &Call) -> Result<()>,
) -> i32 {
    let Some(state) = this.cast::<State<P>>().as_ref() else {
        return sys::E_INVALID;
    };
    let call = Call::new(raw, &state.services);
    guard(&call, || body(&state.plugin, &call))
}

/// # Safety
/// Called by the host during a callback with handles of it; so are those below.
pub unsafe extern "C" fn validate<P: Component>(
    this: *mut c_void,
    raw: *mut sys::Call,
    config: sys::Val,
    context: sys::Val,
) -> i32 {
    enter::<P>(this, raw, |plugin, call| {
        plugin.validate(call, Value::new(call, config), Value::new(call, context))
    })
}

/// # Safety
/// As [`validate`]; `ret_vars` is writable.
pub unsafe extern "C" fn generate<P: Component>(
    this: *mut c_void,
    raw: *mut sys::Call,
    config: sys::Val,
    context: sys::Val,
    ret_vars: *mut sys::Val,
) -> i32 {
    enter::<P>(this, raw, |plugin, call| {
        let vars = plugin.generate(call, Value::new(call, config), Value::new(call, context))?;
        *ret_vars = vars.handle;
        Ok(())
    })
}

/// # Safety
/// As [`validate`]; `ret_items` is writable.
pub unsafe extern "C" fn list<P: Check>(
    this: *mut c_void,
    raw: *mut sys::Call,
    config: sys::Val,
    context: sys::Val,
    ret_items: *mut sys::Val,
) -> i32 {
    enter::<P>(this, raw, |plugin, call| {
        let items = plugin.list(call, Value::new(call, config), Value::new(call, context))?;
        *ret_items = items.handle;
        Ok(())
    })
}

/// # Safety
/// As [`validate`].
pub unsafe extern "C" fn run<P: Check>(
    this: *mut c_void,
    raw: *mut sys::Call,
    config: sys::Val,
    context: sys::Val,
    item: sys::Val,
) -> i32 {
    enter::<P>(this, raw, |plugin, call| {
        plugin.run(
            call,
            Value::new(call, config),
            Value::new(call, context),
            Value::new(call, item),
        )
    })
}

/// The table of component functions of a plugin.
pub const fn component_table<P: Component>() -> sys::ComponentV1 {
    sys::ComponentV1 { validate: validate::<P>, generate: generate::<P> }
}

/// The table of check functions of a plugin.
pub const fn check_table<P: Check>() -> sys::CheckV1 {
    sys::CheckV1 { list: list::<P>, run: run::<P> }
}

/// The table among `offers` with the id asked for, NULL when there is none.
///
/// # Safety
/// `id` is NUL-terminated; the tables are static.
pub unsafe fn find_table(id: *const c_char, offers: &[(&str, *const c_void)]) -> *const c_void {
    if id.is_null() {
        return ptr::null();
    }
    let wanted = CStr::from_ptr(id).to_bytes_with_nul();
    offers.iter().find(|offer| offer.0.as_bytes() == wanted).map_or(ptr::null(), |offer| offer.1)
}

impl From<std::str::Utf8Error> for Error {
    fn from(_: std::str::Utf8Error) -> Error {
        Error::Invalid
    }
}
