//! What the tests of the pipeline share: a scripted transport, a server on a socket, a venue, a
//! signer, a clock, and the logs.

#![allow(dead_code, unused_imports, unreachable_pub, reason = "each test binary uses a part of it")]
#![allow(clippy::panic, reason = "a test fails by panicking")]

mod clock;
mod logs;
// The crate `venuekit-tests` cannot be a dependency here: it stands on this one, with all of its
// features.
#[path = "../../../tests/src/nobody.rs"]
mod nobody;
#[path = "../../../tests/src/patience.rs"]
mod patience;
mod script;
mod server;
mod signer;
mod venue;

pub(crate) use clock::{START_MS, TestClock};
pub(crate) use logs::Logs;
pub(crate) use nobody::Nobody;
pub(crate) use patience::{LONG, patiently};
pub(crate) use script::{Script, Sent, Step, answer, hang, no_connection, reset, timed_out};
pub(crate) use server::{Answer, Request, Server, http};
pub(crate) use signer::TestSigner;
pub(crate) use venue::*;
