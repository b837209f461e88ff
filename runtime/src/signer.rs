//! The seam between the pipeline and the signing schemes of the venues.

use std::fmt;
use std::sync::Arc;

use crate::error::outcome::BoxError;
use crate::limits::scope::KeyLimits;
use crate::nonce::{Nonces, Stamp};
use crate::request::signable::SignableRequest;
use crate::transport::transport::BoxFuture;

/// Signs requests as a venue wants it.
///
/// The pipeline calls it for each attempt of an operation whose security is
/// [`Key`](crate::operation::Security::Key) or [`Signed`](crate::operation::Security::Signed), as
/// the last step before sending. What the request shows is byte for byte what will be sent; what
/// the signer adds is sent as well. An own signer, one that asks a hardware module for instance,
/// may be as slow as the call's timeout allows.
///
/// What the signer adds is kept out of errors and logs, also when the venue repeats it; see
/// [`conceal`](SignableRequest::conceal) for a secret that it does not add as it is.
pub trait Signer: fmt::Debug + Send + Sync {
    /// Adds to `request` what the venue wants: headers, query parameters, members of the body.
    ///
    /// `stamp` is the time and the nonce to use: a nonce of the signer's own would collide with
    /// those of other calls.
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Returns the nonces of this key, for a signer that several clients share: its nonces then
    /// rise strictly over all of them. Without any, each client counts on its own.
    fn nonces(&self) -> Option<&Nonces> {
        None
    }

    /// Returns the rate limits of this key, for a signer that several clients share: they then
    /// count together what the venue counts per key. Without any, each client counts on its own.
    fn limits(&self) -> Option<&KeyLimits> {
        None
    }
}

impl Signer for Arc<dyn Signer> {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        (**self).sign(request, stamp)
    }

    fn nonces(&self) -> Option<&Nonces> {
        (**self).nonces()
    }

    fn limits(&self) -> Option<&KeyLimits> {
        (**self).limits()
    }
}

/// The credentials of a venue that no crate can sign for yet: there are none. Give the client a
/// signer of your own.
#[derive(Clone, Copy, Debug)]
pub enum NoCredentials {}

impl Signer for NoCredentials {
    fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        match *self {}
    }
}
