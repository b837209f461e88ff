//! A simulated trader: it quotes both sides of its markets and trades at random, so that books and
//! prices move. The same seed and the same orders of others give the same orders.

use std::collections::BTreeMap;

use venuekit::Decimal;

use super::call::Seeds;
use crate::exchange::{Exchange, Lifetime, NewOrder, OrderId, Owner, Placed, Terms, add, multiply, subtract};
use crate::json::exact;
use crate::profile::Liquidity;
use crate::seed::Rng;

/// The number of prices on each side at which the counterparty quotes.
const LEVELS: u32 = 3;

#[derive(Clone, Debug)]
pub(crate) struct Counterparty {
    rng: Rng,
    /// The price around which it quotes, by market.
    middles: BTreeMap<&'static str, Decimal>,
    quotes: Vec<OrderId>,
}

impl Counterparty {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: Rng::of(&[seed]), middles: BTreeMap::new(), quotes: Vec::new() }
    }

    /// Cancels its quotes, quotes anew around prices that moved by a few ticks, and trades at
    /// random. Returns the orders that it placed.
    pub(crate) fn step(&mut self, seeds: &Seeds, exchange: &mut Exchange, now: i64) -> Vec<Placed> {
        // A quote that could not be cancelled is cancelled later.
        self.quotes.retain(|id| exchange.cancel(*id).is_none() && exchange.is_open(*id));
        let mut placed = Vec::new();
        for liquidity in seeds.liquidity.iter().copied() {
            // The tests of the profiles read all numbers.
            placed.extend(self.trade(liquidity, seeds, exchange, now).into_iter().flatten());
        }
        placed
    }

    fn trade(
        &mut self,
        liquidity: &'static Liquidity,
        seeds: &Seeds,
        exchange: &mut Exchange,
        now: i64,
    ) -> Option<Vec<Placed>> {
        let (tick, unit) = (exact(liquidity.tick)?, exact(liquidity.unit)?);
        let middle = self.middles.get(liquidity.market).copied().or_else(|| exact(liquidity.middle))?;
        let moved = Decimal::from(self.rng.below(5)) - Decimal::TWO;
        // The price stays far above zero.
        let middle = add(middle, multiply(moved, tick)?)?.max(multiply(tick, Decimal::from(LEVELS * 2))?);
        self.middles.insert(liquidity.market, middle);
        let mut orders = Vec::new();
        for level in 1..=LEVELS {
            let distance = multiply(tick, Decimal::from(level))?;
            for (buys, price) in [(true, subtract(middle, distance)?), (false, add(middle, distance)?)] {
                let amount = multiply(unit, Decimal::from(self.rng.below(5) + 1))?;
                orders.push((buys, Terms::Limit { price, amount }));
            }
        }
        let (trades, buys) = (self.rng.below(2) == 0, self.rng.below(2) == 0);
        let amount = multiply(unit, Decimal::from(self.rng.below(3) + 1))?;
        if trades {
            orders.push((buys, Terms::Market { amount }));
        }
        let (base, quote) = seeds.assets(liquidity.market);
        let mut placed = Vec::new();
        for (buys, terms) in orders {
            let order = NewOrder {
                owner: Owner::Counterparty,
                market: liquidity.market.to_owned(),
                base: base.clone(),
                quote: quote.clone(),
                buys,
                terms,
                lifetime: Lifetime::Rests,
                taker_rate: Decimal::ZERO,
                maker_rate: Decimal::ZERO,
            };
            let Ok(done) = exchange.place(order, now) else { continue };
            if done.rests {
                self.quotes.push(done.id);
            }
            placed.push(done);
        }
        Some(placed)
    }
}
