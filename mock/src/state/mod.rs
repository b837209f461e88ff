//! Orders and balances.
//!
//! An account starts as the examples of the spec show it. As long as nothing was placed, cancelled
//! or moved in it, replies are those examples to the letter; from then on they tell what is really
//! there, and only that: the example's open orders are gone, its balances are what the account
//! began with.

mod account;
mod book;
mod call;
mod order;
mod reply;

pub(crate) use book::Book;
pub(crate) use call::{Call, Seeds, wanted};
pub use order::PlacedOrder;
pub(crate) use reply::ids_in;
