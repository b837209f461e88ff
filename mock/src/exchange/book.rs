//! The order book of one market.

use std::collections::BTreeMap;

use venuekit::Decimal;

use super::exact::{add, divide_down, multiply, subtract};
use super::order::{OrderId, Owner, Terms};

/// The place of an order in its side of the book: the price, negated for an order to buy, and the
/// id. The first order of a side is the best, and the oldest of its price.
pub(crate) type Place = (Decimal, OrderId);

/// An order in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resting {
    pub(crate) owner: Owner,
    pub(crate) price: Decimal,
    pub(crate) left: Decimal,
    pub(crate) maker_rate: Decimal,
}

/// A match of an incoming order with an order in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) place: Place,
    pub(crate) maker: Resting,
    pub(crate) amount: Decimal,
    pub(crate) value: Decimal,
    /// The amount of the order in the book that is left after the match.
    pub(crate) maker_left: Decimal,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    bids: BTreeMap<Place, Resting>,
    asks: BTreeMap<Place, Resting>,
}

impl Book {
    pub(crate) fn side(&self, buys: bool) -> &BTreeMap<Place, Resting> {
        if buys { &self.bids } else { &self.asks }
    }

    fn side_mut(&mut self, buys: bool) -> &mut BTreeMap<Place, Resting> {
        if buys { &mut self.bids } else { &mut self.asks }
    }

    /// Returns the matches of an incoming order, and the amount that is left; the amount left of
    /// an order for money is zero. `None` if a number has too many digits.
    pub(crate) fn matches(&self, buys: bool, terms: Terms) -> Option<(Vec<Match>, Decimal)> {
        let (limit, mut left) = match terms {
            Terms::Limit { price, amount } => (Some(price), amount),
            Terms::Market { amount } => (None, amount),
            Terms::Money { .. } => (None, Decimal::ZERO),
        };
        let mut money_left = if let Terms::Money { money, .. } = terms { money } else { Decimal::ZERO };
        let mut matches = Vec::new();
        for (place, maker) in self.side(!buys) {
            let crosses = limit.is_none_or(|limit| if buys { maker.price <= limit } else { maker.price >= limit });
            let wanted = match terms {
                Terms::Money { places, .. } => divide_down(money_left, maker.price, places)?,
                _ => left,
            };
            if !crosses || wanted.is_zero() {
                break;
            }
            let amount = wanted.min(maker.left);
            let value = multiply(maker.price, amount)?;
            match terms {
                Terms::Money { .. } => money_left = subtract(money_left, value)?,
                _ => left = subtract(left, amount)?,
            }
            let maker_left = subtract(maker.left, amount)?;
            matches.push(Match { place: *place, maker: maker.clone(), amount, value, maker_left });
        }
        Some((matches, left))
    }

    /// Sets the amount that is left of an order in the book; for zero, the order leaves it.
    pub(crate) fn set_left(&mut self, buys: bool, place: Place, left: Decimal) {
        let side = self.side_mut(buys);
        if left.is_zero() {
            side.remove(&place);
        } else if let Some(order) = side.get_mut(&place) {
            order.left = left;
        }
    }

    pub(crate) fn rest(&mut self, buys: bool, id: OrderId, order: Resting) -> Place {
        let place = (if buys { -order.price } else { order.price }, id);
        self.side_mut(buys).insert(place, order);
        place
    }

    pub(crate) fn remove(&mut self, buys: bool, place: Place) -> Option<Resting> {
        self.side_mut(buys).remove(&place)
    }

    /// Returns the prices of a side with the amounts at them, the best price first.
    pub(crate) fn levels(&self, buys: bool) -> Vec<(Decimal, Decimal)> {
        let mut levels: Vec<(Decimal, Decimal)> = Vec::new();
        for order in self.side(buys).values() {
            match levels.last_mut().filter(|(price, _)| *price == order.price) {
                // A sum that does not fit stays at what fits: it is only shown.
                Some((_, total)) => *total = add(*total, order.left).unwrap_or(*total),
                None => levels.push((order.price, order.left)),
            }
        }
        levels
    }
}
