//! Orders and balances.
//!
//! An account starts in the state that the examples of the spec show. As long as no order was
//! placed or cancelled and no balance moved, responses are exactly these examples. After that,
//! responses show the state of the account: the example's open orders are gone, and the example's
//! balances are the initial ones.

mod account;
mod book;
mod call;
mod changes;
mod counterparty;
mod journal;
mod mover;
mod order;
mod page;
mod response;
mod stream;
mod views;

pub(crate) use book::Book;
pub(crate) use call::{Call, Seeds, wanted};
pub use order::PlacedOrder;
pub(crate) use response::ids_in;
pub(crate) use stream::Stream;
