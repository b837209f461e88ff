//! Helpers for the tests of several crates: a server that misbehaves, a scripted transport, a
//! clock, and the logs.
//!
//! Nothing here depends on a venue or on metadata. The tests in `runtime/tests` use this crate too.
//! The unit tests of the runtime cannot use it, because their types differ from the types of the
//! `venuekit` that this crate depends on.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod clock;
pub mod json;
mod logs;
mod patience;
mod refusing_port;
mod server;
mod transport;

pub use clock::{START_MS, TestClock};
pub use logs::Logs;
pub use patience::{LONG, patiently};
pub use refusing_port::RefusingPort;
pub use server::{Request, ScriptedResponse, Server, http};
pub use transport::{Script, Sent, Step, hang, no_connection, reset, respond, timed_out};
