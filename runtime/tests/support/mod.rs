//! Helpers of the runtime's tests: a venue, a signer, and the contents of `venuekit-test-support`.

#![allow(dead_code, unused_imports, unreachable_pub, reason = "each test binary uses a part of it")]
#![allow(clippy::panic, reason = "a test fails by panicking")]

mod signer;
mod venue;

pub(crate) use signer::TestSigner;
pub(crate) use venue::*;
pub(crate) use venuekit_test_support::{
    LONG, Logs, RefusingPort, Request, START_MS, Script, ScriptedResponse, Sent, Server, Step, TestClock, hang, http,
    no_connection, patiently, reset, respond, timed_out,
};
