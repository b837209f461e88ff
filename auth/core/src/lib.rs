#![doc = include_str!("../README.md")]

pub mod time;

mod error;
mod hmac;
mod key;
mod rsa;
mod schemes;
mod secret;
mod signature;
mod window;

pub use error::CredentialError;
pub use hmac::{Digest, Hmac};
pub use key::KeyId;
pub use rsa::RsaKey;
pub use schemes::{Scheme, SchemeCredentials};
pub use secret::Secret;
pub use signature::Signature;
pub use window::recv_window_millis;

#[doc(hidden)]
pub use venuekit;
