//! What the tests of the pipeline share: a scripted transport, a server on a socket, a venue, a signer, a clock, and the logs.

#![allow(dead_code, unused_imports, reason = "each test binary uses a part of it")]

mod clock;
mod logs;
mod script;
mod server;
mod signer;
mod venue;

pub(crate) use clock::{START_MS, TestClock};
pub(crate) use logs::Logs;
pub(crate) use script::{Script, Sent, Step, answer, hang, no_connection, reset, timed_out};
pub(crate) use server::{Answer, Request, Server, http};
pub(crate) use signer::TestSigner;
pub(crate) use venue::*;
