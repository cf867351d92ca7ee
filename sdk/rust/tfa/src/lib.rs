// SPDX-License-Identifier: Apache-2.0
//! Safe wrapper of the tf-atmos plugin ABI.
//!
//! A plugin is a `cdylib` with a `manifest.json`, perhaps a `schema.json`, and a build script that calls
//! `tfa_build::manifest()`. In `src/lib.rs`:
//!
//! ```ignore
//! tfa::manifest!();                        // ID, VERSION, codes::*, checks::*, the static metadata
//!
//! struct TagPolicy;
//!
//! impl tfa::Plugin for TagPolicy {
//!     fn start(_: &tfa::Call) -> tfa::Result<Self> { Ok(TagPolicy) }
//! }
//! impl tfa::Component for TagPolicy { /* validate, generate */ }
//! impl tfa::Check for TagPolicy { /* list, run */ }
//!
//! tfa::plugin!(TagPolicy: component, check);
//! ```
//!
//! Panics are caught at the edge: the callback then counts as failed and the panic is logged. Values and
//! texts got from the host live until the callback returns; the compiler sees to it.
#![warn(missing_docs)]

mod aws;
mod call;
#[doc(hidden)]
pub mod entry;
mod error;
mod report;
pub mod sys;
mod value;

pub use aws::{Answer, AnswerOutcome, Pages, Protocol, Request};
pub use call::{Call, Level, Who};
pub use entry::{Check, Component, Plugin};
pub use error::{Error, Result};
pub use report::{CheckResult, Finding, Outcome, Severity};
pub use value::{IntoValue, Kind, List, Map, Mark, Value};

/// Includes what the build script made of `manifest.json` and `schema.json`.
#[macro_export]
macro_rules! manifest {
    () => {
        include!(concat!(env!("OUT_DIR"), "/tfa_manifest.rs"));
    };
}

/// Exports the plugin: `tfa::plugin!(Type: component, check)`. What is listed must equal `provides` of
/// the manifest.
#[macro_export]
macro_rules! plugin {
    ($type:ty : $($offer:ident),+ $(,)?) => {
        unsafe extern "C" fn tfa_ext(
            _: *mut ::std::ffi::c_void,
            id: *const ::std::ffi::c_char,
        ) -> *const ::std::ffi::c_void {
            $crate::entry::find_table(id, &[$($crate::plugin!(@offer $type, $offer)),+])
        }

        static TFA_PLUGIN: $crate::sys::Plugin = $crate::sys::Plugin {
            struct_size: ::std::mem::size_of::<$crate::sys::Plugin>() as u32,
            abi_major: $crate::sys::ABI_MAJOR,
            min_minor: ABI_MINOR,
            flags: 0,
            id: ID_WITH_NUL.as_ptr().cast(),
            version: VERSION_WITH_NUL.as_ptr().cast(),
            init: Some($crate::entry::init::<$type>),
            shutdown: Some($crate::entry::shutdown::<$type>),
            ext: Some(tfa_ext),
        };

        /// The one symbol a plugin exports.
        #[no_mangle]
        pub extern "C" fn tfa_plugin_main_v1() -> *const $crate::sys::Plugin {
            &TFA_PLUGIN
        }
    };
    (@offer $type:ty, component) => {
        ($crate::sys::EXT_COMPONENT_V1, {
            static TABLE: $crate::sys::ComponentV1 = $crate::entry::component_table::<$type>();
            ::std::ptr::from_ref(&TABLE).cast()
        })
    };
    (@offer $type:ty, check) => {
        ($crate::sys::EXT_CHECK_V1, {
            static TABLE: $crate::sys::CheckV1 = $crate::entry::check_table::<$type>();
            ::std::ptr::from_ref(&TABLE).cast()
        })
    };
}
