//! The state of a venue, seen from a connection.

use std::collections::HashSet;

use venuekit::Decimal;
use venuekit_json::Tree;

use super::book::Book;
use super::call::{Call, Seeds};
use super::journal::Changed;
use super::mover::{hundredths, offset};
use super::order::{Order, Status};
use super::views::grouped;
use crate::balance_change::BalanceChange;
use crate::exchange::{Owner, Trade, Wallet, add};
use crate::profile::socket::{Change, Market, OrderStep};
use crate::profile::{OrderFilter, StreamedOrders};

/// The number of open orders in a market that a simulated user has at most.
const OPEN_ORDERS: usize = 3;

/// The state of a venue, seen from a connection.
pub(crate) struct Stream<'a> {
    pub(crate) book: &'a mut Book,
    pub(crate) seeds: &'a Seeds,
    /// The key of the login; `None` before it.
    pub(crate) key: Option<&'a str>,
    pub(crate) now: i64,
    pub(crate) orders: &'a StreamedOrders,
    /// The examples of an open order, and of one that ended.
    pub(crate) templates: &'a (Tree, Tree),
    /// True if the orders of another venue move the markets.
    pub(crate) is_shared: bool,
}

impl Stream<'_> {
    fn account(&self) -> (String, String) {
        let key = self.key.unwrap_or_default();
        let user = self.book.first_user(key).unwrap_or(self.orders.user);
        (key.to_owned(), user.to_owned())
    }

    fn owner(&self) -> Owner {
        let (key, user) = self.account();
        Owner::Account(key, user)
    }

    fn shown(&self, order: &Order, is_open: bool) -> Tree {
        let (open, ended) = self.templates;
        order.shown_as(if is_open { open } else { ended }, &self.orders.shape, None)
    }

    /// Lets the user cancel its oldest order in a market, or place another one.
    fn trade(&mut self, market: &str) {
        let (key, user) = self.account();
        let open: Vec<String> = self
            .book
            .orders_of(&(key.clone(), user.clone()))
            .filter(|order| order.status == Status::Open && order.market == market)
            .map(|order| order.id.clone())
            .collect();
        let Some(mover) = self.book.mover(market) else { return };
        let text = |name: &str, value: String| (name.to_owned(), Tree::Text(value));
        let number = |name: &str, value: i64| (name.to_owned(), Tree::number(value));
        let (effect, values) = match open.first().filter(|_| open.len() >= OPEN_ORDERS) {
            Some(oldest) => {
                (self.orders.cancel, vec![text("market", market.to_owned()), text("order_id", oldest.clone())])
            }
            None => {
                let (buys, steps) = (mover.rng.below(2) == 0, offset(&mut mover.rng, 5) - 1);
                let amount = hundredths(1 + offset(&mut mover.rng, 300));
                let price = mover.price(buys, steps);
                let rate = || "0.001".to_owned();
                let values = vec![
                    text("market", market.to_owned()),
                    number("side", if buys { 2 } else { 1 }),
                    text("amount", amount.to_string()),
                    text("price", price.to_string()),
                    text("taker_fee", rate()),
                    text("maker_fee", rate()),
                    text("source", "mock".to_owned()),
                ];
                (self.orders.place, values)
            }
        };
        let call = Call {
            effect,
            key: &key,
            user: Some(user),
            values: &values,
            example_values: &[],
            defaults: Vec::new(),
            body: None,
            is_example: false,
            example: &self.templates.0,
            may_be_null: false,
            now: self.now,
        };
        // An order that does not fit is not placed.
        let _ = self.book.act(&call, self.seeds);
    }
}

impl Market for Stream<'_> {
    fn now(&self) -> i64 {
        self.now
    }

    fn has(&self, market: &str) -> bool {
        if self.is_shared {
            return self.seeds.markets.is_known(market);
        }
        let exchange = self.book.exchange();
        exchange.trades(market).next().is_some() || [true, false].iter().any(|buys| exchange.has_side(market, *buys))
    }

    fn is_free(&self) -> bool {
        !self.is_shared
    }

    fn levels(&self, market: &str, buys: bool, interval: Option<Decimal>) -> Vec<(Decimal, Decimal)> {
        grouped(self.book.exchange().levels(market, buys), buys, interval)
    }

    fn trades(&self, market: &str) -> Vec<Trade> {
        self.book.exchange().trades(market).cloned().collect()
    }

    fn is_touched(&self) -> bool {
        self.book.is_touched_account(&self.account())
    }

    fn wallet(&self, asset: &str) -> Wallet {
        let wallet = self.book.exchange().wallet(&self.owner(), asset);
        Wallet { locked: add(wallet.locked, self.seeds.reserved(asset)).unwrap_or(wallet.locked), ..wallet }
    }

    fn assets(&self) -> Vec<String> {
        self.book.exchange().wallets(&self.owner()).map(|(asset, _)| asset.to_owned()).collect()
    }

    fn balance_changes(&self) -> Vec<BalanceChange> {
        self.book.changes_of(&self.account()).cloned().collect()
    }

    fn orders(&self, market: &str, are_open: bool) -> Vec<Tree> {
        let which = if are_open { OrderFilter::Open } else { OrderFilter::Traded };
        let account = self.account();
        let orders = self.book.orders_of(&account).filter(|order| order.market == market && order.is(which));
        let mut orders: Vec<Tree> = orders.map(|order| self.shown(order, are_open)).collect();
        orders.reverse();
        orders
    }

    fn last_change(&self) -> u64 {
        self.book.journal().last()
    }

    fn changes(&self, after: u64) -> Vec<Change> {
        let account = self.account();
        let mut changes = Vec::new();
        let mut assets = HashSet::new();
        for changed in self.book.journal().after(after, &account) {
            match changed {
                Changed::Order { order, is_new } => {
                    let step = match (Changed::has_ended(order), is_new) {
                        (true, _) => OrderStep::Ended,
                        (false, true) => OrderStep::Placed,
                        (false, false) => OrderStep::Traded,
                    };
                    let shown = self.shown(order, true);
                    changes.push(Change::Order { market: order.market.clone(), step, order: shown });
                    let (base, quote) = self.seeds.assets(&order.market);
                    assets.extend([base, quote]);
                }
                Changed::Asset(asset) => drop(assets.insert(asset.clone())),
            }
        }
        // Balances are read when they are sent, so one message for each is enough.
        let mut assets: Vec<String> = assets.into_iter().collect();
        assets.sort();
        changes.extend(assets.into_iter().map(Change::Asset));
        changes
    }

    fn step(&mut self, market: &str, of_user: bool) {
        if self.is_shared {
            return;
        }
        self.book.move_market(market, self.seeds, self.now);
        if of_user && self.key.is_some() {
            self.trade(market);
        }
    }
}
