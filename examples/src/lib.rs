//! Two programs to read and to start from. Both run against `venue mock`; their tests do just that.
//!
//! - [`collector`]: polls order books of JEX and writes a line a book.
//! - [`quoter`]: keeps a bid and an ask in a market of BTSE, and finds out what became of an order
//!   when nobody told.

pub mod collector;
pub mod quoter;
