// SPDX-License-Identifier: Apache-2.0
//! Reading from AWS, in checks. The host finds endpoint and credentials, signs, sends and retries; only
//! actions of the manifest are sent, and only reading ones.

use crate::call::{there, Call};
use crate::error::{Error, Result};
use crate::sys;
use crate::value::Value;
use std::mem::size_of;

/// Wire protocol of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[allow(missing_docs)]
pub enum Protocol {
    RestJson = 1,
    Json10 = 2,
    Json11 = 3,
    Query = 4,
    Ec2 = 5,
    RestXml = 6,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum AnswerOutcome {
    /// Unreachable, timed out, TLS, unknown protocol.
    NoAnswer,
    Success,
    /// AWS answered with an error, which may be a fact: see `error_code`.
    Error,
    Denied,
    Throttled,
    /// 5xx after all retries, or an outcome this crate does not know.
    Fault,
    Unreadable,
    NoCredentials,
    /// Absent from this partition.
    NotThere,
    /// The user's limit of requests is spent.
    Budget,
    /// Pages without end.
    Incomplete,
}

/// One request, filled in step by step.
#[derive(Clone, Copy)]
#[must_use]
pub struct Request<'c> {
    raw: sys::AwsRequest,
    texts: std::marker::PhantomData<&'c str>,
}

macro_rules! request_texts {
    ($($(#[$doc:meta])* $name:ident),*) => {
        $($(#[$doc])*
        pub fn $name(mut self, text: &'c str) -> Self {
            self.raw.$name = sys::Str::new(text);
            self
        })*
    };
}

impl<'c> Request<'c> {
    /// "organizations" and "DescribeOrganization": they name the endpoint and the IAM action.
    pub fn new(protocol: Protocol, service: &'c str, operation: &'c str) -> Request<'c> {
        let none = sys::Str::NONE;
        Request {
            raw: sys::AwsRequest {
                struct_size: size_of::<sys::AwsRequest>() as u32,
                protocol: protocol as u32,
                flags: 0,
                reserved: 0,
                service: sys::Str::new(service),
                operation: sys::Str::new(operation),
                action: none,
                target: none,
                region: none,
                method: none,
                path: none,
                path_parts: 0,
                query: 0,
                target_prefix: none,
                version: none,
                body: 0,
                body_text: none,
            },
            texts: std::marker::PhantomData,
        }
    }

    request_texts!(
        /// IAM action when it is not service:operation.
        action,
        /// Alias of a target; empty: that of the check item.
        target,
        /// Empty: that of the check item.
        region,
        /// REST: "GET", "POST".
        method,
        /// REST: "/detector/{id}/member".
        path,
        /// JSON protocols: "AWSOrganizationsV20161128".
        target_prefix,
        /// Query and EC2: API version.
        version,
        /// Sent as it is, instead of a body.
        body_text
    );

    /// Map that fills {name} in the path.
    pub fn path_parts(mut self, map: impl Into<Value<'c>>) -> Self {
        self.raw.path_parts = map.into().handle;
        self
    }

    /// Map of query parameters.
    pub fn query(mut self, map: impl Into<Value<'c>>) -> Self {
        self.raw.query = map.into().handle;
        self
    }

    /// Map sent as JSON or as form members.
    pub fn body(mut self, map: impl Into<Value<'c>>) -> Self {
        self.raw.body = map.into().handle;
        self
    }

    /// Asks AWS again even if this run already knows the answer.
    pub fn fresh(mut self) -> Self {
        self.raw.flags |= 1;
        self
    }
}

/// How to follow pages: JSON pointers to the items and to the next token, and the token's name in the
/// request.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Pages<'a> {
    pub items: &'a str,
    pub token_out: &'a str,
    pub token_in: &'a str,
    /// 0: 100.
    pub max_pages: u32,
}

/// One answer.
#[derive(Clone, Copy)]
pub struct Answer<'c> {
    call: &'c Call,
    raw: &'c sys::AwsAnswer,
}

impl<'c> Answer<'c> {
    fn text(&self, text: sys::Str) -> &'c str {
        // SAFETY: the answer and its texts are the host's and live until the callback returns.
        unsafe { self.call.text(text) }.unwrap_or("")
    }

    /// What became of the request.
    pub fn outcome(&self) -> AnswerOutcome {
        match self.raw.outcome {
            0 => AnswerOutcome::NoAnswer,
            1 => AnswerOutcome::Success,
            2 => AnswerOutcome::Error,
            3 => AnswerOutcome::Denied,
            4 => AnswerOutcome::Throttled,
            6 => AnswerOutcome::Unreadable,
            7 => AnswerOutcome::NoCredentials,
            8 => AnswerOutcome::NotThere,
            9 => AnswerOutcome::Budget,
            10 => AnswerOutcome::Incomplete,
            _ => AnswerOutcome::Fault,
        }
    }

    /// Did AWS answer with a success?
    pub fn is_success(&self) -> bool {
        self.outcome() == AnswerOutcome::Success
    }

    /// The answer, for pages the last one.
    pub fn body(&self) -> Value<'c> {
        Value::new(self.call, self.raw.body)
    }

    /// The lists of all pages joined.
    pub fn items(&self) -> Value<'c> {
        Value::new(self.call, self.raw.items)
    }

    /// Is no page missing?
    pub fn is_complete(&self) -> bool {
        self.raw.complete != 0
    }

    /// Of the last attempt; 0 without an answer.
    pub fn http_status(&self) -> u32 {
        self.raw.http_status
    }

    /// "AccessDeniedException", shortened to its name.
    pub fn error_code(&self) -> &'c str {
        self.text(self.raw.error_code)
    }

    /// What AWS said of the error.
    pub fn error_message(&self) -> &'c str {
        self.text(self.raw.error_message)
    }

    /// The IAM action that was needed.
    pub fn action(&self) -> &'c str {
        self.text(self.raw.action)
    }

    /// Where it was asked; empty when not known.
    pub fn account_id(&self) -> &'c str {
        self.text(self.raw.account_id)
    }

    /// Where it was asked.
    pub fn region(&self) -> &'c str {
        self.text(self.raw.region)
    }

    /// One line for the detail of an unknown result.
    pub fn summary(&self) -> &'c str {
        self.text(self.raw.summary)
    }
}

impl Call {
    fn answer(&self, raw: *const sys::AwsAnswer) -> Result<Answer<'_>> {
        // SAFETY: the host's answer lives until the callback returns. Hosts of this major give at least
        // the struct of minor 0.
        let raw = unsafe { raw.as_ref() }.ok_or(Error::Internal)?;
        if (raw.struct_size as usize) < size_of::<sys::AwsAnswer>() {
            return Err(Error::Internal);
        }
        Ok(Answer { call: self, raw })
    }

    /// Sends one request. `Ok` means that there is an answer; what AWS said stands in its outcome.
    pub fn send<'c>(&'c self, request: &Request<'_>) -> Result<Answer<'c>> {
        let table = there(self.services().aws)?;
        let mut answer = std::ptr::null();
        // SAFETY: what the request points to outlives the call.
        Error::check(unsafe { (table.send)(self.raw, &request.raw, &mut answer) })?;
        self.answer(answer)
    }

    /// Sends a request and follows its pages.
    pub fn paginate<'c>(&'c self, request: &Request<'_>, pages: &Pages<'_>) -> Result<Answer<'c>> {
        let table = there(self.services().aws)?;
        let mut answer = std::ptr::null();
        let pages = sys::AwsPages {
            struct_size: size_of::<sys::AwsPages>() as u32,
            max_pages: pages.max_pages,
            flags: 0,
            reserved: 0,
            items: sys::Str::new(pages.items),
            token_out: sys::Str::new(pages.token_out),
            token_in: sys::Str::new(pages.token_in),
        };
        // SAFETY: as above.
        Error::check(unsafe { (table.paginate)(self.raw, &request.raw, &pages, &mut answer) })?;
        self.answer(answer)
    }

    /// Sends many requests, in parallel as far as limits allow; answers come in the same order.
    pub fn batch<'c>(&'c self, requests: &[Request<'_>]) -> Result<Vec<Answer<'c>>> {
        let table = there(self.services().aws)?;
        let raw: Vec<*const sys::AwsRequest> =
            requests.iter().map(|request| std::ptr::from_ref(&request.raw)).collect();
        let mut answers = std::ptr::null();
        // SAFETY: as above; the host gives as many answers as there were requests.
        Error::check(unsafe {
            (table.batch)(self.raw, raw.as_ptr(), raw.len() as u64, &mut answers)
        })?;
        (0..raw.len()).map(|index| self.answer(unsafe { *answers.add(index) })).collect()
    }
}
