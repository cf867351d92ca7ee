// SPDX-License-Identifier: Apache-2.0
//! One callback in progress: who is asked, how long it may take, and the way to every service.

use crate::error::{Error, Result};
use crate::sys;
use crate::value::Value;
use std::ffi::{c_char, c_void};
use std::marker::PhantomData;

/// The tables of the host, fetched once at the start. Services the manifest does not list are absent.
pub(crate) struct Services {
    pub value: Option<&'static sys::ValueV1>,
    pub build: Option<&'static sys::BuildV1>,
    pub diag: Option<&'static sys::DiagV1>,
    pub log: Option<&'static sys::LogV1>,
    pub call: Option<&'static sys::CallV1>,
    pub lookup: Option<&'static sys::LookupV1>,
    pub clock: Option<&'static sys::ClockV1>,
    pub aws: Option<&'static sys::AwsV1>,
}

impl Services {
    /// # Safety
    /// `host` is the one init was given; tables live until shutdown returns, and so does what holds
    /// this object, since the host drops it in shutdown.
    pub(crate) unsafe fn of(host: *const sys::Host) -> Services {
        Services {
            value: table(host, sys::EXT_VALUE_V1),
            build: table(host, sys::EXT_BUILD_V1),
            diag: table(host, sys::EXT_DIAG_V1),
            log: table(host, sys::EXT_LOG_V1),
            call: table(host, sys::EXT_CALL_V1),
            lookup: table(host, sys::EXT_LOOKUP_V1),
            clock: table(host, sys::EXT_CLOCK_V1),
            aws: table(host, sys::EXT_AWS_V1),
        }
    }
}

unsafe fn table<T>(host: *const sys::Host, id: &str) -> Option<&'static T> {
    let ext = (*host).ext?;
    let found: *const c_void = ext((*host).ctx, id.as_ptr().cast::<c_char>());
    found.cast::<T>().as_ref()
}

/// Gives `Err(Unsupported)` where a service is not there.
pub(crate) fn there<T>(table: Option<&'static T>) -> Result<&'static T> {
    table.ok_or(Error::Unsupported)
}

/// One callback in progress. It, and everything got from it, lives until the callback returns.
pub struct Call {
    pub(crate) raw: *mut sys::Call,
    pub(crate) services: *const Services,
    not_to_be_sent: PhantomData<*const ()>,
}

/// Who is being asked.
#[derive(Clone, Copy, Debug)]
pub struct Who<'c> {
    /// Logical name of the stack; empty at the start.
    pub stack: &'c str,
    /// Name of the component in the stack, as the user types it.
    pub component: &'c str,
    /// The root module it is an instance of.
    pub module: &'c str,
    /// Which of the plugin's kinds is meant.
    pub kind: &'c str,
    /// The check that runs; empty elsewhere.
    pub check_id: &'c str,
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[allow(missing_docs)]
pub enum Level {
    Error = 1,
    Warn = 2,
    Info = 3,
    Debug = 4,
    Trace = 5,
}

impl Call {
    pub(crate) fn new(raw: *mut sys::Call, services: &Services) -> Call {
        Call { raw, services, not_to_be_sent: PhantomData }
    }

    pub(crate) fn services(&self) -> &Services {
        // SAFETY: the trampoline that made this call holds the services for its duration.
        unsafe { &*self.services }
    }

    /// Text of the host, which lives as long as the callback.
    ///
    /// # Safety
    /// `text` was given by the host in this callback.
    pub(crate) unsafe fn text(&self, text: sys::Str) -> Result<&str> {
        if text.len == 0 {
            return Ok("");
        }
        let len = usize::try_from(text.len).map_err(|_| Error::Range)?;
        let bytes = std::slice::from_raw_parts(text.ptr.cast::<u8>(), len);
        std::str::from_utf8(bytes).map_err(|_| Error::Invalid)
    }

    /// Who is being asked.
    pub fn who(&self) -> Result<Who<'_>> {
        let table = there(self.services().call)?;
        // SAFETY: never NULL by contract, valid until the callback returns; minor 0 has all fields.
        unsafe {
            let who = (table.who)(self.raw).as_ref().ok_or(Error::Internal)?;
            Ok(Who {
                stack: self.text(who.stack)?,
                component: self.text(who.component)?,
                module: self.text(who.module)?,
                kind: self.text(who.kind)?,
                check_id: self.text(who.check_id)?,
            })
        }
    }

    /// `Err(Cancelled)` when the callback should stop. Ask in every loop that can take longer than
    /// 50 ms: `call.go_on()?`.
    pub fn go_on(&self) -> Result<()> {
        match self.services().call {
            // SAFETY: the table is of this host, the call in progress.
            Some(table) if unsafe { (table.cancelled)(self.raw) } != 0 => Err(Error::Cancelled),
            _ => Ok(()),
        }
    }

    /// Milliseconds left for this callback; for giving up in time, never for deciding what to find.
    pub fn time_left_ms(&self) -> i64 {
        // SAFETY: as above.
        self.services().call.map_or(i64::MAX, |table| unsafe { (table.time_left_ms)(self.raw) })
    }

    /// Tells how far the callback is; `total` 0 means unknown.
    pub fn progress(&self, done: u64, total: u64, what: &str) {
        if let Some(table) = self.services().call {
            // SAFETY: the text outlives the call.
            unsafe { (table.progress)(self.raw, done, total, sys::Str::new(what)) }
        }
    }

    /// Writes a line for whoever debugs the plugin. Without the log service nothing happens.
    pub fn log(&self, level: Level, message: &str, fields: &[(&str, &str)]) {
        let Some(table) = self.services().log else { return };
        let fields: Vec<sys::Field> = fields
            .iter()
            .map(|(key, text)| sys::Field {
                key: sys::Str::new(key),
                text: sys::Str::new(text),
                value: 0,
                reserved: 0,
            })
            .collect();
        // SAFETY: message and fields outlive the call, which copies them.
        unsafe {
            (table.write)(
                self.raw,
                level as u32,
                sys::Str::new(message),
                fields.as_ptr(),
                fields.len() as u64,
            );
        }
    }

    /// The resolved configuration of another instance; an empty `stack` means the one of this call.
    pub fn instance(&self, stack: &str, component: &str) -> Result<Value<'_>> {
        let table = there(self.services().lookup)?;
        let mut found = 0;
        // SAFETY: texts outlive the call; `found` is written only on success.
        Error::check(unsafe {
            (table.instance)(self.raw, sys::Str::new(stack), sys::Str::new(component), &mut found)
        })?;
        Ok(Value::new(self, found))
    }

    /// All instances of a plugin kind as a list of maps {stack, component, module}; empty: all.
    pub fn instances(&self, kind: &str) -> Result<Value<'_>> {
        let table = there(self.services().lookup)?;
        let mut found = 0;
        // SAFETY: as above.
        Error::check(unsafe { (table.instances)(self.raw, sys::Str::new(kind), &mut found) })?;
        Ok(Value::new(self, found))
    }

    /// Nanoseconds since 1970, in checks only.
    pub fn wall_ns(&self) -> Result<i64> {
        let table = there(self.services().clock)?;
        let mut now = 0;
        // SAFETY: `now` is written only on success.
        Error::check(unsafe { (table.wall_ns)(self.raw, &mut now) })?;
        Ok(now)
    }

    /// Nanoseconds since some point in the past, in checks only; never goes back.
    pub fn monotonic_ns(&self) -> Result<i64> {
        let table = there(self.services().clock)?;
        let mut now = 0;
        // SAFETY: as above.
        Error::check(unsafe { (table.monotonic_ns)(self.raw, &mut now) })?;
        Ok(now)
    }
}
