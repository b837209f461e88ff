//! Exchanges with a venue that were recorded, and their replay in tests.
//!
//! [`Recorder`] stands between a client and a venue, and keeps each exchange without its secrets.
//! [`Replay`] responds to the same requests with the recorded responses. Both are for venues over
//! HTTP.

mod exchange;
mod recorder;
mod replay;
mod serving;

pub use exchange::{Exchange, Recording, RecordingError, WrongVenue};
pub use recorder::{Forward, ForwardedRequest, ForwardedResponse, Recorder};
pub use replay::Replay;
