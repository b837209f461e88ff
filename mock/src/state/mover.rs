//! A market that moves at random: other traders quote many prices, and one of them trades.

use std::collections::BTreeMap;

use venuekit::Decimal;

use crate::exchange::{Exchange, Lifetime, NewOrder, OrderId, Owner, Placed, Terms};
use crate::seed::Rng;

/// The number of prices on each side from the start.
const LEVELS: i64 = 120;

/// A market that moves at random. Prices and amounts are hundredths.
#[derive(Clone, Debug)]
pub(crate) struct Mover {
    pub(crate) rng: Rng,
    middle: i64,
    quotes: BTreeMap<(bool, i64), OrderId>,
}

/// The name of a market, and its assets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    pub(crate) market: &'a str,
    pub(crate) base: &'a str,
    pub(crate) quote: &'a str,
}

impl Mover {
    /// Creates a market, and places the quotes of other traders. Returns the orders.
    pub(crate) fn new(seed: u64, names: Names<'_>, exchange: &mut Exchange, now: i64) -> (Self, Vec<Placed>) {
        let name = names.market.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut rng = Rng::of(&[seed, 2, name]);
        let middle = 8_000 + offset(&mut rng, 400);
        let mut mover = Self { rng, middle, quotes: BTreeMap::new() };
        let mut placed = Vec::new();
        for step in 1..=LEVELS {
            for buys in [false, true] {
                let amount = 100 + offset(&mut mover.rng, 900);
                placed.extend(mover.quote(names, exchange, (buys, step, amount), now));
            }
        }
        (mover, placed)
    }

    /// Moves the market by one round. Returns the orders that were placed.
    pub(crate) fn step(&mut self, names: Names<'_>, exchange: &mut Exchange, now: i64) -> Vec<Placed> {
        let mut placed = Vec::new();
        for _ in 0..=self.rng.below(3) {
            let distance = 1 + offset(&mut self.rng, 30);
            let amount = if self.rng.below(4) == 0 { 0 } else { 50 + offset(&mut self.rng, 900) };
            let buys = self.rng.below(2) == 0;
            placed.extend(self.quote(names, exchange, (buys, distance, amount), now));
        }
        if self.rng.below(2) == 0 {
            let (buys, amount) = (self.rng.below(2) == 0, 1 + offset(&mut self.rng, 300));
            let terms = Terms::Market { amount: hundredths(amount) };
            placed.extend(place(names, exchange, (Owner::Counterparty, buys, terms), now));
        }
        placed
    }

    /// Returns a price at this number of steps from the middle, on the side of orders to buy or to
    /// sell.
    pub(crate) fn price(&self, buys: bool, steps: i64) -> Decimal {
        hundredths(self.middle + if buys { -steps } else { steps })
    }

    /// Replaces the quote at a price; an amount of 0 removes it.
    fn quote(
        &mut self,
        names: Names<'_>,
        exchange: &mut Exchange,
        (buys, steps, amount): (bool, i64, i64),
        now: i64,
    ) -> Option<Placed> {
        if let Some(id) = self.quotes.remove(&(buys, steps)) {
            // A quote that has traded away is in the book no more.
            let _ = exchange.cancel(id);
        }
        if amount == 0 {
            return None;
        }
        let terms = Terms::Limit { price: self.price(buys, steps), amount: hundredths(amount) };
        let placed = place(names, exchange, (Owner::House, buys, terms), now)?;
        if placed.rests {
            self.quotes.insert((buys, steps), placed.id);
        }
        Some(placed)
    }
}

fn place(
    names: Names<'_>,
    exchange: &mut Exchange,
    (owner, buys, terms): (Owner, bool, Terms),
    now: i64,
) -> Option<Placed> {
    let order = NewOrder {
        owner,
        market: names.market.to_owned(),
        base: names.base.to_owned(),
        quote: names.quote.to_owned(),
        buys,
        terms,
        lifetime: Lifetime::Rests,
        taker_rate: Decimal::ZERO,
        maker_rate: Decimal::ZERO,
    };
    exchange.place(order, now).ok()
}

pub(crate) fn hundredths(number: i64) -> Decimal {
    Decimal::new(number, 2).normalize()
}

pub(crate) fn offset(rng: &mut Rng, below: usize) -> i64 {
    i64::try_from(rng.below(below)).unwrap_or_default()
}
