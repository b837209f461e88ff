#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(feature = "all-venues"),
    allow(dead_code, reason = "the profile of a venue that is not built may be the only one that uses an item")
)]

mod balance_change;
mod clock;
mod engine;
mod exchange;
mod excore_line;
mod fault;
mod fault_set;
mod http;
mod json;
mod limits;
mod markets;
mod profile;
mod record;
mod recording;
mod refuse;
mod schema;
mod seed;
mod server;
mod sign;
mod state;
mod venues;

pub use fault::{FAULT_HEADER, Fault, FaultError, FaultInfo};
pub use record::{Received, Refusal, Verdict};
pub use recording::{
    Exchange, Forward, ForwardedRequest, ForwardedResponse, Recorder, Recording, RecordingError, Replay, WrongVenue,
};
pub use server::{Builder, MockVenue, Server, StartError};
pub use state::PlacedOrder;
