//! The markets of an exchange: orders are placed, meet, and are cancelled.

use std::collections::{BTreeMap, HashMap, VecDeque};

use venuekit::Decimal;

use super::book::{Book, Place, Resting};
use super::exact::{add, multiply};
use super::order::{Fill, Lifetime, NewOrder, OrderId, Owner, Refused, Terms, Trade};
use super::wallets::{Changes, Wallet, Wallets};

/// The number of trades of a market that are kept.
const MAX_TRADES: usize = 1_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    markets: BTreeMap<String, Market>,
    wallets: Wallets,
    /// The orders in the books.
    open: HashMap<OrderId, Open>,
    last_order: OrderId,
    last_fill: u64,
}

#[derive(Clone, Debug, Default)]
struct Market {
    book: Book,
    /// The latest trades, the newest first.
    trades: VecDeque<Trade>,
}

/// The place of an order in a book, and the asset that it reserves.
#[derive(Clone, Debug)]
struct Open {
    market: String,
    buys: bool,
    place: Place,
    asset: String,
}

/// An order that was placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) id: OrderId,
    pub(crate) fills: Vec<Fill>,
    /// The amount that did not trade. It is in the book if `rests` is set.
    pub(crate) left: Decimal,
    pub(crate) rests: bool,
}

impl Exchange {
    /// Returns an exchange whose first fill has the number after `last_fill`.
    pub(crate) fn after(last_fill: u64) -> Self {
        Self { last_fill, ..Self::default() }
    }

    pub(crate) fn wallet(&self, owner: &Owner, asset: &str) -> Wallet {
        self.wallets.get(owner, asset)
    }

    pub(crate) fn wallets<'a>(&'a self, owner: &'a Owner) -> impl Iterator<Item = (&'a str, Wallet)> {
        self.wallets.of(owner)
    }

    /// Removes the balances of an owner that has no orders and has not traded.
    pub(crate) fn forget(&mut self, owner: &Owner) {
        self.wallets.forget(owner);
    }

    /// Adds to the free balance of an owner; a negative amount is taken from it. Returns `None`,
    /// and changes nothing, if the balance would have too many digits.
    pub(crate) fn deposit(&mut self, owner: &Owner, asset: &str, amount: Decimal) -> Option<()> {
        let mut changes = Changes::default();
        changes.free(&self.wallets, owner, asset, amount)?;
        self.wallets.make(changes);
        Some(())
    }

    /// Returns the prices of a side of a book with the amounts at them, the best price first.
    pub(crate) fn levels(&self, market: &str, buys: bool) -> Vec<(Decimal, Decimal)> {
        self.markets.get(market).map(|market| market.book.levels(buys)).unwrap_or_default()
    }

    /// Returns whether a side of a book has an order.
    pub(crate) fn has_side(&self, market: &str, buys: bool) -> bool {
        self.markets.get(market).is_some_and(|market| !market.book.side(buys).is_empty())
    }

    /// Returns the orders of a side of a book with their owners and amounts, the best first.
    pub(crate) fn resting(&self, market: &str, buys: bool) -> Vec<(OrderId, &Resting)> {
        let side = self.markets.get(market).map(|market| market.book.side(buys));
        side.into_iter().flatten().map(|((_, id), order)| (*id, order)).collect()
    }

    /// Returns the latest trades of a market, the newest first.
    pub(crate) fn trades(&self, market: &str) -> impl Iterator<Item = &Trade> {
        self.markets.get(market).into_iter().flat_map(|market| &market.trades)
    }

    /// Returns the asset that an order needs, and the amount. An order for money needs all of it.
    pub(crate) fn needs(&self, order: &NewOrder) -> Option<(String, Decimal)> {
        let (asset, amount) = match (order.buys, order.terms) {
            (false, Terms::Limit { amount, .. } | Terms::Market { amount }) => (&order.base, amount),
            (true, Terms::Limit { price, amount }) => (&order.quote, multiply(price, amount)?),
            (true, Terms::Market { .. }) => {
                let book = self.markets.get(&order.market).map(|market| &market.book);
                let matches = book.map_or(Some(Vec::new()), |book| Some(book.matches(true, order.terms)?.0))?;
                (&order.quote, matches.iter().try_fold(Decimal::ZERO, |sum, one| add(sum, one.value))?)
            }
            (_, Terms::Money { money, .. }) => (&order.quote, money),
        };
        Some((asset.clone(), amount))
    }

    /// Places an order. It trades with the orders in the book that it crosses.
    ///
    /// # Errors
    ///
    /// If its owner does not have what it needs, a number would have too many digits, or an order
    /// that only rests would trade. Then nothing changes.
    pub(crate) fn place(&mut self, order: NewOrder, now: i64) -> Result<Placed, Refused> {
        let (asset, needed) = self.needs(&order).ok_or(Refused::Digits)?;
        let is_account = matches!(order.owner, Owner::Account(..));
        if is_account && self.wallet(&order.owner, &asset).free < needed {
            return Err(Refused::Balance(asset));
        }
        let book = self.markets.get(&order.market).map(|market| &market.book);
        let (mut matches, mut left) =
            book.unwrap_or(&Book::default()).matches(order.buys, order.terms).ok_or(Refused::Digits)?;
        match (order.lifetime, order.terms) {
            (Lifetime::OnlyRests, _) if !matches.is_empty() => return Err(Refused::Trades),
            (Lifetime::WholeAtOnce, Terms::Limit { amount, .. } | Terms::Market { amount }) if !left.is_zero() => {
                matches.clear();
                left = amount;
            }
            _ => {}
        }
        let id = self.last_order + 1;
        let mut changes = Changes::default();
        let mut fills = Vec::new();
        for (number, one) in (self.last_fill + 1..).zip(&matches) {
            // The taker receives stock if it buys, and the maker money.
            let received = |buys: bool| if buys { one.amount } else { one.value };
            let fee = |rate: Decimal, buys: bool| multiply(rate, received(buys)).ok_or(Refused::Digits);
            let (taker_fee, maker_fee) = (fee(order.taker_rate, order.buys)?, fee(one.maker.maker_rate, !order.buys)?);
            fills.push(Fill {
                number,
                maker: one.place.1,
                maker_owner: one.maker.owner.clone(),
                taker: id,
                taker_buys: order.buys,
                price: one.maker.price,
                amount: one.amount,
                value: one.value,
                maker_fee,
                taker_fee,
            });
            let (stock, money) = (order.base.as_str(), order.quote.as_str());
            let (pays, gets) = if order.buys { (money, stock) } else { (stock, money) };
            let (paid, got) = (received(!order.buys), received(order.buys));
            let mut settle = || {
                let (before, taker, maker) = (&self.wallets, &order.owner, &one.maker.owner);
                changes.free(before, taker, pays, -paid)?;
                changes.receive(before, taker, gets, (got, taker_fee))?;
                changes.lock(before, maker, gets, -got)?;
                changes.receive(before, maker, pays, (paid, maker_fee))
            };
            settle().ok_or(Refused::Digits)?;
        }
        let rests = match order.terms {
            Terms::Limit { price, .. } if !left.is_zero() && order.lifetime.rests() => {
                let reserved = if order.buys { multiply(price, left) } else { Some(left) };
                let mut reserve = || {
                    changes.free(&self.wallets, &order.owner, &asset, -reserved?)?;
                    changes.lock(&self.wallets, &order.owner, &asset, reserved?)
                };
                reserve().ok_or(Refused::Digits)?;
                Some(price)
            }
            _ => None,
        };
        // Nothing fails from here on.
        let market = self.markets.entry(order.market.clone()).or_default();
        self.wallets.make(changes);
        self.last_order = id;
        self.last_fill += fills.len() as u64;
        for (one, fill) in matches.iter().zip(&fills) {
            market.book.set_left(!order.buys, one.place, one.maker_left);
            if one.maker_left.is_zero() {
                self.open.remove(&one.place.1);
            }
            let (number, price, amount, taker_buys) = (fill.number, fill.price, fill.amount, order.buys);
            market.trades.push_front(Trade { number, time: now, price, amount, taker_buys });
        }
        market.trades.truncate(MAX_TRADES);
        if let Some(price) = rests {
            let resting = Resting { owner: order.owner, price, left, maker_rate: order.maker_rate };
            let place = market.book.rest(order.buys, id, resting);
            self.open.insert(id, Open { market: order.market, buys: order.buys, place, asset });
        }
        Ok(Placed { id, fills, left, rests: rests.is_some() })
    }

    /// Returns whether an order is in a book.
    pub(crate) fn is_open(&self, id: OrderId) -> bool {
        self.open.contains_key(&id)
    }

    /// Cancels an order that is in a book, and returns the amount that was left of it. Returns
    /// `None`, and changes nothing, if it is in no book, or if a balance would have too many
    /// digits.
    pub(crate) fn cancel(&mut self, id: OrderId) -> Option<Decimal> {
        let open = self.open.get(&id)?;
        let book = &mut self.markets.get_mut(&open.market)?.book;
        let order = book.side(open.buys).get(&open.place)?;
        let reserved = if open.buys { multiply(order.price, order.left)? } else { order.left };
        let mut changes = Changes::default();
        changes.lock(&self.wallets, &order.owner, &open.asset, -reserved)?;
        changes.free(&self.wallets, &order.owner, &open.asset, reserved)?;
        self.wallets.make(changes);
        let order = book.remove(open.buys, open.place)?;
        self.open.remove(&id);
        Some(order.left)
    }

    #[cfg(test)]
    pub(crate) fn total(&self, asset: &str) -> Option<Decimal> {
        self.wallets.total(asset)
    }
}
