#![doc = include_str!("../README.md")]

pub mod time;

mod error;
mod hmac;
mod key;
mod rsa;
mod secret;
mod signature;
mod window;

pub use error::CredentialError;
pub use hmac::{Digest, Hmac};
pub use key::KeyId;
pub use rsa::RsaKey;
pub use secret::Secret;
pub use signature::Signature;
pub use window::recv_window_millis;
