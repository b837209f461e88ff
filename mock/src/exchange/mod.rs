//! The matching core: orders meet by price and then time, and move balances. It has no I/O and no
//! clock; all numbers are exact.
//!
//! A trade has the price of the order that was in the book. The fee is taken from the asset that an
//! owner receives. An order can trade with another order of its owner: no document of a venue says
//! what happens then, and the mock does the simplest.

mod book;
mod exact;
mod market;
mod order;
#[cfg(test)]
mod properties;
mod span;
mod wallets;

pub(crate) use book::Resting;
pub(crate) use exact::{add, multiply, subtract};
pub(crate) use market::{Exchange, Placed};
pub(crate) use order::{Fill, Lifetime, NewOrder, OrderId, Owner, Refused, Terms, Trade};
pub(crate) use span::{Span, candles};
pub(crate) use wallets::Wallet;
