// SPDX-License-Identifier: Apache-2.0
//! Reading and making values.

use crate::call::{there, Call};
use crate::error::{Error, Result};
use crate::sys;
use std::fmt;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// There is no value.
    None,
    /// `null`.
    Null,
    /// true or false.
    Bool,
    /// Integer or real, with its text kept.
    Number,
    /// Text.
    String,
    /// List.
    List,
    /// Map with text keys in the order they were written.
    Map,
    /// Known only later, or of a kind this crate does not know: neither judge nor require it.
    Unknown,
}

/// A value of the configuration, of an AWS answer, or made by the plugin. Absence carries through:
/// `get`, `at` and `find` of what is not there give a value that is not there, so a chain needs one test
/// at its end.
#[derive(Clone, Copy)]
pub struct Value<'c> {
    pub(crate) call: &'c Call,
    pub(crate) handle: sys::Val,
}

/// Where a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<'c> {
    /// Relative to the repository where it lies inside it.
    pub file: &'c str,
    /// From 1; 0 where the place is not known.
    pub line: u32,
    /// From 1, in code points.
    pub column: u32,
}

impl<'c> Value<'c> {
    pub(crate) fn new(call: &'c Call, handle: sys::Val) -> Value<'c> {
        Value { call, handle }
    }

    /// No value.
    pub fn none(call: &'c Call) -> Value<'c> {
        Value::new(call, 0)
    }

    fn table(self) -> Result<&'static sys::ValueV1> {
        there(self.call.services().value)
    }

    /// What the value is; failures show as `Kind::None`.
    pub fn kind(self) -> Kind {
        // SAFETY (here and below): the table is of this host, the call in progress, texts and out
        // parameters outlive the call, and what comes back lives until the callback returns.
        match self.table().map_or(0, |t| unsafe { (t.kind)(self.call.raw, self.handle) }) {
            1 => Kind::Null,
            2 => Kind::Bool,
            3 => Kind::Number,
            4 => Kind::String,
            5 => Kind::List,
            6 => Kind::Map,
            code if code <= 0 => Kind::None,
            _ => Kind::Unknown,
        }
    }

    /// Is there a value, known or not: neither missing nor null?
    pub fn is_set(self) -> bool {
        !matches!(self.kind(), Kind::None | Kind::Null)
    }

    /// Number of entries of a list or map; 0 for everything else.
    pub fn len(self) -> u64 {
        self.table().map_or(0, |t| unsafe { (t.count)(self.call.raw, self.handle) })
    }

    /// Are there no entries?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    fn step(self, take: impl FnOnce(&sys::ValueV1) -> sys::Val) -> Value<'c> {
        Value::new(self.call, self.table().map_or(0, take))
    }

    /// The value under `key` of a map.
    pub fn get(self, key: &str) -> Value<'c> {
        self.step(|t| unsafe { (t.get)(self.call.raw, self.handle, sys::Str::new(key)) })
    }

    /// Entry `index` of a list, or value of entry `index` of a map.
    pub fn at(self, index: u64) -> Value<'c> {
        self.step(|t| unsafe { (t.at)(self.call.raw, self.handle, index) })
    }

    /// The value a JSON pointer leads to: "/agents/eks".
    pub fn find(self, pointer: &str) -> Value<'c> {
        self.step(|t| unsafe { (t.find)(self.call.raw, self.handle, sys::Str::new(pointer)) })
    }

    /// Key of entry `index` of a map.
    pub fn key_at(self, index: u64) -> Result<&'c str> {
        self.string(|t, out| unsafe { (t.key_at)(self.call.raw, self.handle, index, out) })
    }

    /// The entries of a list, or the values of a map.
    pub fn items(self) -> impl Iterator<Item = Value<'c>> {
        (0..self.len()).map(move |index| self.at(index))
    }

    /// Keys and values of a map.
    pub fn entries(self) -> impl Iterator<Item = (&'c str, Value<'c>)> {
        (0..self.len()).filter_map(move |index| Some((self.key_at(index).ok()?, self.at(index))))
    }

    fn string(self, take: impl FnOnce(&sys::ValueV1, *mut sys::Str) -> i32) -> Result<&'c str> {
        let mut found = sys::Str::NONE;
        Error::check(take(self.table()?, &mut found))?;
        unsafe { self.call.text(found) }
    }

    /// The text of a string.
    pub fn as_str(self) -> Result<&'c str> {
        self.string(|t, out| unsafe { (t.as_string)(self.call.raw, self.handle, out) })
    }

    /// A number whose value is integral and fits.
    pub fn as_int(self) -> Result<i64> {
        let mut found = 0;
        Error::check(unsafe { (self.table()?.as_int)(self.call.raw, self.handle, &mut found) })?;
        Ok(found)
    }

    /// The nearest double of a number.
    pub fn as_f64(self) -> Result<f64> {
        let mut found = 0.0;
        Error::check(unsafe { (self.table()?.as_double)(self.call.raw, self.handle, &mut found) })?;
        Ok(found)
    }

    /// A bool.
    pub fn as_bool(self) -> Result<bool> {
        let mut found = 0;
        Error::check(unsafe { (self.table()?.as_bool)(self.call.raw, self.handle, &mut found) })?;
        Ok(found != 0)
    }

    /// The text of any scalar, numbers as they were written.
    pub fn text(self) -> Result<&'c str> {
        self.string(|t, out| unsafe { (t.text)(self.call.raw, self.handle, out) })
    }

    /// Explicit YAML tag with its exclamation mark.
    pub fn tag(self) -> Result<&'c str> {
        self.string(|t, out| unsafe { (t.tag)(self.call.raw, self.handle, out) })
    }

    /// Canonical JSON; sensitive values stand in clear.
    pub fn to_json(self) -> Result<&'c str> {
        self.string(|t, out| unsafe { (t.to_json)(self.call.raw, self.handle, out) })
    }

    /// Where the value was written, if anywhere.
    pub fn mark(self) -> Option<Mark<'c>> {
        let table = self.table().ok()?;
        let mark = unsafe { (table.mark)(self.call.raw, self.handle).as_ref() }?;
        let file = unsafe { self.call.text(mark.file) }.ok()?;
        Some(Mark { file, line: mark.line, column: mark.column })
    }

    /// Is the value, or one of its parts, marked sensitive? True when that cannot be told.
    pub fn is_sensitive(self) -> bool {
        self.table().map_or(true, |t| unsafe { (t.is_sensitive)(self.call.raw, self.handle) } != 0)
    }

    /// Are both deeply equal? `Err(Unknown)` when one is not known yet.
    pub fn equals(self, other: Value<'_>) -> Result<bool> {
        match unsafe { (self.table()?.equal)(self.call.raw, self.handle, other.handle) } {
            code if code < 0 => Err(Error::check(code).err().unwrap_or(Error::Internal)),
            truth => Ok(truth != 0),
        }
    }

    /// The same value marked sensitive, for good.
    pub fn sensitive(self) -> Value<'c> {
        let build = self.call.services().build;
        let handle = build.map_or(0, |t| unsafe { (t.sensitive)(self.call.raw, self.handle) });
        Value::new(self.call, handle)
    }

    /// The same value with the place of `from`, which the user wrote and which it stands for.
    pub fn derived_from(self, from: Value<'c>) -> Value<'c> {
        let build = self.call.services().build;
        let handle =
            build.map_or(0, |t| unsafe { (t.derived)(self.call.raw, self.handle, from.handle) });
        Value::new(self.call, handle)
    }
}

/// For messages: the text of a scalar in double quotes, "..." for what is no scalar or is sensitive.
impl fmt::Display for Value<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.is_sensitive() { Err(Error::Policy) } else { self.text() };
        write!(out, "\"{}\"", text.unwrap_or("..."))
    }
}

/// Shows the kind only: what is printed by accident must not give away secrets.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Value({:?})", self.kind())
    }
}

/// What can be put into a map or list.
pub trait IntoValue<'c> {
    /// The value of it, made by the host.
    fn into_value(self, call: &'c Call) -> Value<'c>;
}

impl<'c> IntoValue<'c> for Value<'c> {
    fn into_value(self, _: &'c Call) -> Value<'c> {
        self
    }
}

/// A scalar type by the function of the build table that makes it.
macro_rules! scalar {
    ($type:ty, $make:ident, $self:ident => $argument:expr) => {
        impl<'c> IntoValue<'c> for $type {
            fn into_value($self, call: &'c Call) -> Value<'c> {
                let build = call.services().build;
                // SAFETY: as in Value; the text is copied during the call.
                Value::new(call, build.map_or(0, |t| unsafe { (t.$make)(call.raw, $argument) }))
            }
        }
    };
}

scalar!(&str, string, self => sys::Str::new(self));
scalar!(&String, string, self => sys::Str::new(self));
scalar!(bool, boolean, self => i32::from(self));
scalar!(i64, integer, self => self);
scalar!(i32, integer, self => i64::from(self));
scalar!(u32, integer, self => i64::from(self));
scalar!(f64, real, self => self);

/// Nothing becomes no value: putting it somewhere does nothing.
impl<'c, T: IntoValue<'c>> IntoValue<'c> for Option<T> {
    fn into_value(self, call: &'c Call) -> Value<'c> {
        self.map_or(Value::none(call), |inner| inner.into_value(call))
    }
}

/// A map under construction. What is put in as "no value" is left out. A failure sticks: the host then
/// discards what the callback returns, so results need not be tested one by one.
#[derive(Clone, Copy, Debug)]
pub struct Map<'c>(Value<'c>);

/// A list under construction; otherwise as [`Map`].
#[derive(Clone, Copy, Debug)]
pub struct List<'c>(Value<'c>);

impl<'c> Map<'c> {
    /// Puts a value under a key, replacing what was there.
    pub fn set(self, key: &str, value: impl IntoValue<'c>) -> Map<'c> {
        let call = self.0.call;
        let value = value.into_value(call).handle;
        if let Some(table) = call.services().build {
            // SAFETY: as in Value. The code is dropped on purpose: failures stick in the host.
            let _ = unsafe { (table.set)(call.raw, self.0.handle, sys::Str::new(key), value) };
        }
        self
    }
}

impl<'c> List<'c> {
    /// Puts a value at the end.
    pub fn push(self, value: impl IntoValue<'c>) -> List<'c> {
        let call = self.0.call;
        let value = value.into_value(call).handle;
        if let Some(table) = call.services().build {
            // SAFETY: as above.
            let _ = unsafe { (table.append)(call.raw, self.0.handle, value) };
        }
        self
    }
}

impl<'c> From<Map<'c>> for Value<'c> {
    fn from(map: Map<'c>) -> Value<'c> {
        map.0
    }
}

impl<'c> From<List<'c>> for Value<'c> {
    fn from(list: List<'c>) -> Value<'c> {
        list.0
    }
}

impl<'c> IntoValue<'c> for Map<'c> {
    fn into_value(self, _: &'c Call) -> Value<'c> {
        self.0
    }
}

impl<'c> IntoValue<'c> for List<'c> {
    fn into_value(self, _: &'c Call) -> Value<'c> {
        self.0
    }
}

impl Call {
    /// A new, empty map.
    pub fn map(&self) -> Map<'_> {
        let build = self.services().build;
        // SAFETY: as in Value.
        Map(Value::new(self, build.map_or(0, |t| unsafe { (t.map)(self.raw) })))
    }

    /// A new, empty list.
    pub fn list(&self) -> List<'_> {
        let build = self.services().build;
        // SAFETY: as in Value.
        List(Value::new(self, build.map_or(0, |t| unsafe { (t.list)(self.raw) })))
    }

    /// A null.
    pub fn null(&self) -> Value<'_> {
        let build = self.services().build;
        // SAFETY: as in Value.
        Value::new(self, build.map_or(0, |t| unsafe { (t.null)(self.raw) }))
    }

    /// A scalar.
    pub fn value<'c>(&'c self, scalar: impl IntoValue<'c>) -> Value<'c> {
        scalar.into_value(self)
    }

    /// A number of any size from its JSON text.
    pub fn number(&self, text: &str) -> Value<'_> {
        let build = self.services().build;
        // SAFETY: as in Value.
        Value::new(self, build.map_or(0, |t| unsafe { (t.number)(self.raw, sys::Str::new(text)) }))
    }

    /// A frozen value from one JSON text; malformed text is `Err(Invalid)`.
    pub fn from_json(&self, json: &str) -> Result<Value<'_>> {
        let table = there(self.services().build)?;
        let mut found = 0;
        // SAFETY: as in Value.
        Error::check(unsafe { (table.from_json)(self.raw, sys::Str::new(json), &mut found) })?;
        Ok(Value::new(self, found))
    }
}
