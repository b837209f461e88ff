//! The reasons why a book is not valid.

use std::error::Error;
use std::fmt;

use rust_decimal::Decimal;

/// The reason why a book is not valid. It becomes valid again with the next snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BookError {
    /// A change came before a snapshot, or after the book became invalid.
    NoSnapshot,
    /// The best bid is not below the best ask: a change is missing, or came out of order.
    #[non_exhaustive]
    Crossed {
        /// The best bid.
        bid: Decimal,
        /// The best ask.
        ask: Decimal,
    },
    /// A price is not positive, or an amount is negative.
    #[non_exhaustive]
    NotALevel {
        /// The price.
        price: Decimal,
        /// The amount.
        amount: Decimal,
    },
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSnapshot => f.write_str("the book has no snapshot, so a change cannot be merged"),
            Self::Crossed { bid, ask } => {
                write!(f, "the best bid {bid} is not below the best ask {ask}; help: wait for the next snapshot")
            }
            Self::NotALevel { price, amount } => {
                write!(f, "{amount} at {price} is not a level (expected a positive price and an amount from 0 on)")
            }
        }
    }
}

impl Error for BookError {}
