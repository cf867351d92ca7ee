// SPDX-License-Identifier: Apache-2.0
//! Recording: a closure of the test answers what nobody has scripted.

use crate::{owned, sys};
use std::any::Any;
use std::ffi::{c_void, CString};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr;

/// A request of the plugin, as it would be sent; query and body as canonical JSON, "" for none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Request {
    pub action: String,
    pub target: String,
    pub region: String,
    pub method: String,
    pub path: String,
    pub query: String,
    pub body: String,
}

/// What AWS answers: the HTTP status, the code as in the header of the answer, "" for none, and JSON or
/// any other text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Answer {
    pub status: u32,
    pub error_code: String,
    pub body: String,
}

impl Answer {
    /// An answer without a code in its header.
    pub fn new(status: u32, body: impl Into<String>) -> Answer {
        Answer { status, error_code: String::new(), body: body.into() }
    }
}

impl Request {
    /// # Safety
    /// A request of a kit that is alive.
    pub(crate) unsafe fn of(raw: &sys::Request) -> Request {
        Request {
            action: owned(raw.action),
            target: owned(raw.target),
            region: owned(raw.region),
            method: owned(raw.method),
            path: owned(raw.path),
            query: owned(raw.query),
            body: owned(raw.body),
        }
    }
}

/// What the kit holds a pointer to while it asks.
pub(crate) struct Asking {
    ask: Box<dyn FnMut(&Request) -> Option<Answer>>,
    /// The kit copies them after the function has returned.
    texts: [CString; 2],
    panic: Option<Box<dyn Any + Send>>,
}

impl Asking {
    pub(crate) fn new(ask: impl FnMut(&Request) -> Option<Answer> + 'static) -> Box<Asking> {
        Box::new(Asking { ask: Box::new(ask), texts: Default::default(), panic: None })
    }

    /// Goes on with a panic of the closure, now that no C stands between.
    pub(crate) fn go_on(&mut self) {
        if let Some(panic) = self.panic.take() {
            resume_unwind(panic);
        }
    }

    fn answer(&mut self, request: &Request) -> Option<u32> {
        if self.panic.is_some() {
            return None;
        }
        let ask = &mut self.ask;
        let told = catch_unwind(AssertUnwindSafe(|| {
            ask(request).map(|answer| {
                let texts = [crate::c_text(&answer.error_code), crate::c_text(&answer.body)];
                (answer.status, texts)
            })
        }));
        match told {
            Ok(Some((status, texts))) => {
                self.texts = texts;
                Some(status)
            }
            Ok(None) => None,
            Err(panic) => {
                self.panic = Some(panic);
                None
            }
        }
    }
}

/// # Safety
/// Called by the kit with the `Asking` it was given; nobody else uses that one meanwhile.
pub(crate) unsafe extern "C" fn ask(
    user: *mut c_void,
    request: *const sys::Request,
    answer: *mut sys::Answer,
) -> i32 {
    let asking = &mut *user.cast::<Asking>();
    let Some(status) = asking.answer(&Request::of(&*request)) else {
        return 0;
    };
    let [error_code, body] = &asking.texts;
    (*answer).status = status;
    (*answer).error_code =
        if error_code.as_bytes().is_empty() { ptr::null() } else { error_code.as_ptr() };
    (*answer).body = body.as_ptr();
    1
}
