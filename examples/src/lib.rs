//! The example programs of the folders beside this one, as modules, so that they can be tested
//! together. They run against `venue mock`, as their tests do. `README.md` says how to copy one of
//! them out of the repository.
//!
//! - [`books`]: keeps order books of Excore over a WebSocket, and writes a line per change.
//! - [`collector`]: polls order books of JEX, and writes one line per book.
//! - [`quoter`]: keeps a bid and an ask in a market of BTSE, and determines what happened to an
//!   order with an unknown outcome.
//! - [`rebalancer`]: spreads an asset over BTSE and AltMarket, with one path for all errors.

#[allow(dead_code, reason = "the tests call what `main` calls")]
#[path = "../books/src/main.rs"]
pub mod books;
#[allow(dead_code, reason = "the tests call what `main` calls")]
#[path = "../collector/src/main.rs"]
pub mod collector;
#[allow(dead_code, reason = "the tests call what `main` calls")]
#[path = "../quoter/src/main.rs"]
pub mod quoter;
#[allow(dead_code, reason = "the tests call what `main` calls")]
#[path = "../rebalancer/src/main.rs"]
pub mod rebalancer;

/// The samples of `docs/streams.md`. They are compiled as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/streams.md")]
mod streams {}

/// The samples of `docs/orders.md`. They are compiled as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/orders.md")]
mod orders {}
