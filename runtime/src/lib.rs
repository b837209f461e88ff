#![doc = include_str!("../README.md")]

pub mod builder;
#[cfg(feature = "meta")]
pub mod meta;
pub mod operation;
pub mod setters;
pub mod wire;

mod call;
mod classify;
mod client;
mod clock;
mod dec;
mod draft;
mod encode;
mod error;
#[cfg(feature = "reqwest")]
mod http_transport;
mod json_find;
mod limits;
mod pipeline;
mod printable;
mod redact;
mod retry;
mod retry_after;
mod settings;
mod sign;
mod transport;

pub use bytes;
pub use call::{Call, CallWithResponse, Response};
pub use client::{Client, ClientBuilder, VenueClient};
pub use clock::{Clock, ClockOffset, SystemClock};
#[doc(hidden)]
pub use dec::decimal as __decimal;
pub use draft::Draft;
pub use encode::encode;
pub use error::{ApiError, BoxError, Error, ErrorKind, Outcome, RawResponse};
pub use http;
#[cfg(feature = "reqwest")]
pub use http_transport::{HttpSettings, HttpTransport};
pub use limits::{KeyLimits, LimitState, LimitsSnapshot, Throttle};
pub use operation::Environment;
pub use printable::is_printable;
pub use redact::SensitiveText;
#[cfg(feature = "reqwest")]
pub use reqwest;
pub use retry::Retry;
pub use rust_decimal::Decimal;
pub use sign::{NoCredentials, Nonces, SignableRequest, Signer, Stamp};
pub use transport::{
    Answered, BodyEnd, BoxFuture, Departure, Transport, TransportError, TransportRequest, TransportResponse,
};
pub use url;
