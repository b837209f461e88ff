//! One side of a book.

use rust_decimal::Decimal;

use super::error::BookError;
use super::level::{Level, Side};

/// The levels of one side, the best one last, so that changes near the best price move little.
#[derive(Clone, Debug)]
pub(super) struct Levels {
    side: Side,
    limit: usize,
    levels: Vec<Level>,
}

impl Levels {
    pub(super) fn new(side: Side, limit: usize) -> Self {
        Self { side, limit, levels: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        self.levels.clear();
    }

    pub(super) fn best(&self) -> Option<Level> {
        self.levels.last().copied()
    }

    /// Returns the levels, the best one last.
    pub(super) fn best_first(&self) -> &[Level] {
        &self.levels
    }

    pub(super) fn change(&mut self, changes: impl IntoIterator<Item = Level>) -> Result<(), BookError> {
        for (price, amount) in changes {
            if price <= Decimal::ZERO || amount < Decimal::ZERO {
                return Err(BookError::NotALevel { price, amount });
            }
            self.put(price, amount);
        }
        // The cut comes after all changes: a level may be worse than the limit only until others
        // of the same message are removed.
        if self.limit > 0 && self.levels.len() > self.limit {
            self.levels.drain(..self.levels.len() - self.limit);
        }
        Ok(())
    }

    fn put(&mut self, price: Decimal, amount: Decimal) {
        let place = match self.side {
            Side::Ask => self.levels.binary_search_by(|(own, _)| price.cmp(own)),
            Side::Bid => self.levels.binary_search_by(|(own, _)| own.cmp(&price)),
        };
        match (place, amount.is_zero()) {
            (Ok(at), true) => {
                self.levels.remove(at);
            }
            (Ok(at), false) => {
                if let Some(level) = self.levels.get_mut(at) {
                    *level = (price, amount);
                }
            }
            (Err(_), true) => {}
            (Err(at), false) => self.levels.insert(at, (price, amount)),
        }
    }
}
