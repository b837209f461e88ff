#![doc = include_str!("../README.md")]

// Documentation inside macros links to `venuekit::..`, both here and in generated crates.
extern crate self as venuekit;

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod book;
#[doc(hidden)]
pub mod codegen;
pub mod market;
#[cfg(feature = "meta")]
pub mod meta;
pub mod operation;
pub mod paging;
pub mod setters;
pub mod state;
pub mod time;
pub mod transport;
pub mod wire;
#[cfg(feature = "ws")]
pub mod ws;

mod bounded;
mod call;
mod client;
mod clock;
mod dec;
mod error;
mod file;
mod future;
mod json_find;
mod json_places;
mod json_rpc;
mod limits;
mod nonce;
mod pipeline;
mod printable;
mod redact;
mod request;
mod response;
mod retry;
mod signer;
mod turn;
mod upload;

pub use bytes;
pub use call::{Call, CallWithResponse, LenientCall};
pub use client::Client;
pub use client::builder::ClientBuilder;
pub use clock::{Clock, ClockOffset, SystemClock};
pub use error::Error;
pub use error::api_error::ApiError;
pub use error::documented::NotDocumented;
pub use error::outcome::{BoxError, ErrorKind, Outcome};
pub use file::File;
pub use future::BoxFuture;
pub use http;
pub use limits::Throttle;
pub use limits::snapshot::{LimitState, LimitsSnapshot};
pub use operation::Environment;
pub use printable::is_printable;
#[cfg(feature = "reqwest")]
pub use reqwest;
pub use response::byte_stream::ByteStream;
pub use response::element_counts::ElementCounts;
pub use response::failed_element::FailedElement;
pub use response::lenient::{ElementError, Lenient};
pub use response::raw::RawResponse;
pub use response::typed::Response;
pub use retry::Retry;
pub use rust_decimal::Decimal;
pub use upload::Upload;
pub use url;

/// The interface between the pipeline and the signing schemes of the venues.
///
/// A scheme implements [`Signer`](signing::Signer). The signing crate of a venue contains its
/// scheme. A program can supply its own, such as one that calls a hardware module.
pub mod signing {
    pub use crate::limits::scope::KeyLimits;
    pub use crate::nonce::{Nonces, Stamp};
    pub use crate::redact::{Redactor, SensitiveText, is_time_or_count};
    pub use crate::request::encode::encode;
    pub use crate::request::signable::SignableRequest;
    pub use crate::signer::{NoCredentials, Signer};
}
