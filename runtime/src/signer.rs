//! The interface between the pipeline and the signing schemes of the venues.

use std::fmt;
use std::sync::Arc;

use crate::error::outcome::BoxError;
use crate::future::BoxFuture;
use crate::limits::scope::KeyLimits;
use crate::nonce::{Nonces, Stamp};
use crate::operation::operation::Security;
use crate::request::signable::SignableRequest;
use crate::state::KeyDigest;

/// A signer of requests, according to a venue's scheme.
///
/// The pipeline calls it for each attempt of an operation whose security is
/// [`Key`](crate::operation::Security::Key) or [`Signed`](crate::operation::Security::Signed), as
/// the last step before sending. The signer sees the request byte for byte as it will be sent, and
/// its additions are sent as well. A custom signer, for example one that calls a hardware module,
/// may take as long as the call's timeout allows.
///
/// The additions of a signer are kept out of errors and logs, except for times, nonces and short
/// numbers. This also holds if the venue repeats them. Use [`conceal`](SignableRequest::conceal)
/// for a secret that is not added literally.
pub trait Signer: fmt::Debug + Send + Sync {
    /// Adds to `request` the headers, query parameters and properties of the body that the venue
    /// requires.
    ///
    /// `stamp` is the time and the nonce to use. A nonce that the signer makes itself could collide
    /// with the nonces of other calls.
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Checks that the credentials are enough for an operation of this security. A call is checked
    /// before it waits for anything, and before anything is sent; the default accepts every call.
    ///
    /// # Errors
    /// When something is missing, such as the secret that a signature needs. The call then fails
    /// with this message and the kind [`Credentials`](crate::ErrorKind::Credentials).
    fn check(&self, security: Security) -> Result<(), BoxError> {
        let _ = security;
        Ok(())
    }

    /// Returns whether the signature of an operation of this security covers the body. Such a body
    /// has to be known before it is sent, so it cannot come from a stream. By default, it holds for
    /// operations that have to be signed. If it does not hold, the signer is not shown the body of
    /// a stream: [`body`](SignableRequest::body) is empty.
    fn covers_body(&self, security: Security) -> bool {
        security == Security::Signed
    }

    /// Returns the name of the scheme by which it signs, if the venue has several schemes. A client
    /// cannot be built if its host accepts only another scheme, according to the spec. With `None`,
    /// any host is accepted.
    fn scheme(&self) -> Option<&str> {
        None
    }

    /// Returns the id of the operation that logs a connection in with these credentials, if it is
    /// not the `login` of the spec but one of its `other-logins`. [`sign`](Self::sign) adds the
    /// parameters of this operation then. With `None`, it is the `login` of the spec.
    fn login(&self) -> Option<&str> {
        None
    }

    /// Returns the nonces of this key, for a signer that several clients share. The nonces then
    /// rise strictly over all these clients. With `None`, each client has its own nonces.
    fn nonces(&self) -> Option<&Nonces> {
        None
    }

    /// Returns whether [`sign`](Self::sign) uses [`Stamp::nonce`]. If it does not, a client whose
    /// state is shared by several processes draws none for it. The default is true.
    fn uses_nonces(&self) -> bool {
        true
    }

    /// Returns the hash of the key, by which a state that several processes share tells keys apart:
    /// see [`ClientBuilder::state`](crate::ClientBuilder::state). With `None`, such a client cannot
    /// be built.
    fn key_digest(&self) -> Option<KeyDigest> {
        None
    }

    /// Returns the rate limits of this key, for a signer that several clients share. These clients
    /// then share the counts of limits per key. With `None`, each client counts on its own.
    fn limits(&self) -> Option<&KeyLimits> {
        None
    }
}

impl Signer for Arc<dyn Signer> {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        (**self).sign(request, stamp)
    }

    fn check(&self, security: Security) -> Result<(), BoxError> {
        (**self).check(security)
    }

    fn covers_body(&self, security: Security) -> bool {
        (**self).covers_body(security)
    }

    fn scheme(&self) -> Option<&str> {
        (**self).scheme()
    }

    fn login(&self) -> Option<&str> {
        (**self).login()
    }

    fn nonces(&self) -> Option<&Nonces> {
        (**self).nonces()
    }

    fn uses_nonces(&self) -> bool {
        (**self).uses_nonces()
    }

    fn key_digest(&self) -> Option<KeyDigest> {
        (**self).key_digest()
    }

    fn limits(&self) -> Option<&KeyLimits> {
        (**self).limits()
    }
}

/// The credentials of a venue for which no crate can sign yet. No value of this type exists. Set a
/// signer of your own instead.
#[derive(Clone, Copy, Debug)]
pub enum NoCredentials {}

impl Signer for NoCredentials {
    fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        match *self {}
    }
}
