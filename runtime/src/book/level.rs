//! A price with its amount, and the sides of a book.

use rust_decimal::Decimal;

/// A price and the amount at this price.
pub type Level = (Decimal, Decimal);

/// A side of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The offers to sell. The lowest price is the best.
    Ask,
    /// The offers to buy. The highest price is the best.
    Bid,
}
