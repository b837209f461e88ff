//! Mock venues on a port.

mod builder;
mod connection;
mod venue;

pub use builder::{Builder, StartError};
pub use venue::{MockVenue, Server};
