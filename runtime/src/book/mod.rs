//! An order book that is kept up to date.
//!
//! A venue sends a [snapshot](Book::set), then [changes](Book::change). The book merges them
//! exactly. It is valid from a snapshot until it is [invalidated](Book::invalidate), or until a
//! change does not fit. Nothing can be read from a book that is not valid.
//!
//! ```
//! use venuekit::book::{Book, Side};
//! use venuekit::dec;
//!
//! let mut book = Book::new(2);
//! book.set([(dec!(101), dec!(5)), (dec!(102), dec!(1))], [(dec!(99), dec!(2))])?;
//! // The asks are absent, so they stay. An amount of 0 removes a price.
//! book.change([], [(dec!(99), dec!(0)), (dec!(98.5), dec!(4))])?;
//! assert_eq!(book.best_ask(), Some((dec!(101), dec!(5))));
//! assert_eq!(book.best_bid(), Some((dec!(98.5), dec!(4))));
//! assert_eq!(book.mid(), Some(dec!(99.75)));
//! assert_eq!(book.depth(Side::Ask, dec!(6)).map(|depth| depth.cost), Some(dec!(607)));
//! # Ok::<(), venuekit::book::BookError>(())
//! ```
//!
//! - `level`: a price with its amount, and the sides
//! - `side`: one side of a book
//! - `error`: the reasons why a book is not valid

mod error;
mod level;
mod side;

pub use error::BookError;
pub use level::{Level, Side};

use rust_decimal::Decimal;
use side::Levels;

/// What a quantity takes from one side of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Depth {
    /// The quantity that the book has, at most the one that was asked for.
    pub quantity: Decimal,
    /// The sum of price times amount.
    pub cost: Decimal,
    /// The last price that is needed.
    pub worst_price: Decimal,
    /// True if the book has the whole quantity.
    pub is_complete: bool,
}

/// An order book that is kept up to date.
///
/// Prices are compared by value: `1.0` and `1.00` are one price. An update allocates nothing once
/// the book has its full size.
#[derive(Clone, Debug)]
pub struct Book {
    asks: Levels,
    bids: Levels,
    is_valid: bool,
}

impl Book {
    /// Creates an empty book, which is not valid before its first snapshot. It keeps this number of
    /// levels on each side, as the venue does: the venue does not tell which levels leave its view
    /// of the book. 0 means no limit.
    pub fn new(limit: usize) -> Self {
        Self { asks: Levels::new(Side::Ask, limit), bids: Levels::new(Side::Bid, limit), is_valid: false }
    }

    /// Replaces both sides by a snapshot. A side without levels is empty.
    ///
    /// # Errors
    ///
    /// When an amount or a price is not valid, or when the best bid is not below the best ask. The
    /// book is not valid then.
    pub fn set(
        &mut self,
        asks: impl IntoIterator<Item = Level>,
        bids: impl IntoIterator<Item = Level>,
    ) -> Result<(), BookError> {
        self.asks.clear();
        self.bids.clear();
        self.is_valid = true;
        self.change(asks, bids)
    }

    /// Merges changes. A side without changes stays as it is. The amount of a level is the new
    /// amount, and 0 removes the level.
    ///
    /// # Errors
    ///
    /// When the book is not valid, when an amount or a price is not valid, or when the best bid is
    /// not below the best ask afterwards. The book is not valid from then on.
    pub fn change(
        &mut self,
        asks: impl IntoIterator<Item = Level>,
        bids: impl IntoIterator<Item = Level>,
    ) -> Result<(), BookError> {
        if !self.is_valid {
            return Err(BookError::NoSnapshot);
        }
        let changed = self.asks.change(asks).and_then(|()| self.bids.change(bids)).and_then(|()| self.check());
        self.is_valid = changed.is_ok();
        changed
    }

    fn check(&self) -> Result<(), BookError> {
        match (self.bids.best(), self.asks.best()) {
            (Some((bid, _)), Some((ask, _))) if bid >= ask => Err(BookError::Crossed { bid, ask }),
            _ => Ok(()),
        }
    }

    /// Makes the book invalid until the next snapshot. Call it when the feed is interrupted.
    pub fn invalidate(&mut self) {
        self.is_valid = false;
    }

    /// Returns whether the book is valid: it had a snapshot, and every change since fitted.
    pub fn is_valid(&self) -> bool {
        self.is_valid
    }

    /// Returns the best ask; `None` if there is none, or if the book is not valid.
    pub fn best_ask(&self) -> Option<Level> {
        self.side(Side::Ask)?.best()
    }

    /// Returns the best bid; `None` if there is none, or if the book is not valid.
    pub fn best_bid(&self) -> Option<Level> {
        self.side(Side::Bid)?.best()
    }

    /// Returns the mean of the best prices; `None` if a side is empty, or if the book is not valid.
    /// It is exact as long as it has at most 28 digits.
    pub fn mid(&self) -> Option<Decimal> {
        let ((ask, _), (bid, _)) = (self.best_ask()?, self.best_bid()?);
        // Half of the difference cannot overflow, and the sum of both might.
        let half = ask.checked_sub(bid)?.checked_div(Decimal::TWO)?;
        bid.checked_add(half).map(|mid| mid.normalize())
    }

    /// Returns the levels of a side, the best one first; nothing if the book is not valid.
    pub fn levels(&self, side: Side) -> impl DoubleEndedIterator<Item = Level> + ExactSizeIterator {
        self.side(side).map(Levels::best_first).unwrap_or(&[]).iter().rev().copied()
    }

    /// Returns what a quantity takes from a side: `Side::Ask` for buying, `Side::Bid` for selling.
    /// `None` if the side is empty, if the quantity is not positive, if a sum has too many digits,
    /// or if the book is not valid.
    pub fn depth(&self, side: Side, quantity: Decimal) -> Option<Depth> {
        if quantity <= Decimal::ZERO {
            return None;
        }
        let mut depth: Option<Depth> = None;
        for (price, amount) in self.levels(side) {
            let before = depth.map_or((Decimal::ZERO, Decimal::ZERO), |depth| (depth.quantity, depth.cost));
            let left = quantity.checked_sub(before.0)?;
            let taken = amount.min(left);
            let cost = before.1.checked_add(price.checked_mul(taken)?)?;
            let taken_so_far = before.0.checked_add(taken)?;
            let is_complete = taken_so_far >= quantity;
            depth = Some(Depth { quantity: taken_so_far, cost, worst_price: price, is_complete });
            if is_complete {
                break;
            }
        }
        depth
    }

    fn side(&self, side: Side) -> Option<&Levels> {
        self.is_valid.then_some(match side {
            Side::Ask => &self.asks,
            Side::Bid => &self.bids,
        })
    }
}
