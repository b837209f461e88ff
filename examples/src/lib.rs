//! Two example programs to start from. Both run against `venue mock`, as their tests do.
//!
//! - [`collector`]: polls order books of JEX, and writes one line per book.
//! - [`quoter`]: keeps a bid and an ask in a market of BTSE, and determines what happened to an
//!   order with an unknown outcome.

pub mod collector;
pub mod quoter;
