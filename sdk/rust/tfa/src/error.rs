// SPDX-License-Identifier: Apache-2.0
//! Result codes as a type.

use crate::sys;
use std::fmt;

/// What a service call can fail with, and what a callback may return. It only says whether the call
/// worked; what was found is said through findings and results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// No memory, or a cap on it is reached.
    Memory,
    /// The user asked to stop: clean up and return this.
    Cancelled,
    /// The time for this callback is over.
    Deadline,
    /// Not allowed: an undeclared or writing AWS action, an unknown target.
    Policy,
    /// A handle of an earlier callback.
    Stale,
    /// The service may not be used in this phase.
    Phase,
    /// The value is of another kind.
    Kind,
    /// The number does not fit, the index is past the end.
    Range,
    /// There is no value.
    Absent,
    /// The value exists but is not known yet.
    Unknown,
    /// A malformed argument.
    Invalid,
    /// A documented cap is reached.
    Limit,
    /// The container can no longer be changed.
    Frozen,
    /// Called on a thread that may not call it.
    Thread,
    /// The host cannot do it, or the manifest does not list the service.
    Unsupported,
    /// A fault on the side that returns it, or a code this crate does not know.
    Internal,
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

const CODES: [(i32, Error, &str); 16] = [
    (sys::E_MEMORY, Error::Memory, "out of memory"),
    (sys::E_CANCELLED, Error::Cancelled, "cancelled"),
    (sys::E_DEADLINE, Error::Deadline, "out of time"),
    (sys::E_POLICY, Error::Policy, "not allowed"),
    (sys::E_STALE, Error::Stale, "a handle of another callback"),
    (sys::E_PHASE, Error::Phase, "not in this phase"),
    (sys::E_KIND, Error::Kind, "a value of another kind"),
    (sys::E_RANGE, Error::Range, "out of range"),
    (sys::E_ABSENT, Error::Absent, "no value"),
    (sys::E_UNKNOWN, Error::Unknown, "not known yet"),
    (sys::E_INVALID, Error::Invalid, "malformed"),
    (sys::E_LIMIT, Error::Limit, "a limit is reached"),
    (sys::E_FROZEN, Error::Frozen, "frozen"),
    (sys::E_THREAD, Error::Thread, "on the wrong thread"),
    (sys::E_UNSUPPORTED, Error::Unsupported, "unsupported"),
    (sys::E_INTERNAL, Error::Internal, "internal fault"),
];

impl Error {
    /// The code of the ABI.
    pub fn code(self) -> i32 {
        CODES.iter().find(|row| row.1 == self).map_or(sys::E_INTERNAL, |row| row.0)
    }

    /// `Ok` for zero, else the error of a code; unknown codes are internal faults.
    pub(crate) fn check(code: i32) -> Result<()> {
        if code == sys::OK {
            return Ok(());
        }
        Err(CODES.iter().find(|row| row.0 == code).map_or(Error::Internal, |row| row.1))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(CODES.iter().find(|row| row.1 == *self).map_or("internal fault", |row| row.2))
    }
}

impl std::error::Error for Error {}
