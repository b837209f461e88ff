//! The interface below the pipeline, by which bytes reach the venue and come back.
//!
//! `HttpTransport` is the transport for production. A program, or a test, can set its own with
//! [`ClientBuilder::transport`](crate::ClientBuilder::transport).

pub(crate) mod body;
pub(crate) mod departure;
pub(crate) mod error;
#[cfg(feature = "reqwest")]
pub(crate) mod http_transport;
#[expect(clippy::module_inception, reason = "the module is named after its main type")]
pub(crate) mod transport;

pub use body::{BodyEnd, ByteSource, RequestBody};
pub use departure::{Departure, ResponseSignal};
pub use error::TransportError;
#[cfg(feature = "reqwest")]
pub use http_transport::{HttpSettings, HttpTransport};
pub use transport::{Transport, TransportRequest, TransportResponse};
