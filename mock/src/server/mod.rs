//! Mock venues on a port.

mod builder;
mod connection;
mod frames;
mod shared;
mod socket;
mod venue;

pub use builder::{Builder, StartError};
pub use venue::{MockVenue, Server};
