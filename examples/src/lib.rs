//! Four example programs to start from. They run against `venue mock`, as their tests do.
//!
//! - [`books`]: keeps order books of Excore over a WebSocket, and writes a line per change.
//! - [`collector`]: polls order books of JEX, and writes one line per book.
//! - [`quoter`]: keeps a bid and an ask in a market of BTSE, and determines what happened to an
//!   order with an unknown outcome.
//! - [`rebalancer`]: spreads an asset over BTSE and AltMarket, with one path for all errors.

pub mod books;
pub mod collector;
pub mod quoter;
pub mod rebalancer;

/// The samples of `docs/streams.md`. They are compiled as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/streams.md")]
mod streams {}
