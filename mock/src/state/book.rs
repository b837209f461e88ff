//! The accounts of a venue, and the effects of calls on them.

use std::collections::{BTreeMap, HashMap, HashSet};

use venuekit::Decimal;
use venuekit_json::Tree;

use super::account::Account;
use super::call::{Call, Seeds, limit_of, market_of, same, scopes, value, wanted};
use super::changes::{Moved, moved_by};
use super::counterparty::Counterparty;
use super::journal::Journal;
use super::mover::{Mover, Names};
use super::order::{Order, OrderFill, PlacedOrder, Status, id_after, read_order};
use super::page::Page;
use super::response::{echo, field, set, templates, with_id, with_orders, with_rows, zero};
use super::views;
use crate::balance_change::BalanceChange;
use crate::exchange::{self, Exchange, Fill, Lifetime, NewOrder, OrderId, Owner, Placed, Refused, Terms};
use crate::json::exact;
use crate::profile::{
    BalanceChangeParameters, Balances, Effect, Field, History, Ids, OrderFilter, OrderParameters, Pages, Shape,
    ValuesIn,
};
use crate::record::Refusal;
use crate::refuse::Rejection;

/// The maximum number of accounts. A call of another one is refused if all of them are touched.
const MAX_ACCOUNTS: usize = 1_000;
const MAX_CHANGES: usize = 100_000;

/// The accounts of a venue, and the exchange on which their orders meet.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    accounts: HashMap<AccountName, Account>,
    /// The id of the last order, by key.
    last_ids: HashMap<String, String>,
    exchange: Exchange,
    /// The ids of the accounts' orders, by their ids in the matching core.
    ids: HashMap<OrderId, String>,
    /// The markets in which an order was placed. Their market data is not that of the examples.
    moved: HashSet<String>,
    counterparty: Option<Counterparty>,
    /// The user that the requests of a key named first.
    first_users: HashMap<String, String>,
    /// The markets that move at random, for connections.
    movers: BTreeMap<String, Mover>,
    seed: u64,
    journal: Journal,
}

/// The key and the user of an account.
type AccountName = (String, String);

fn owner((key, user): &AccountName) -> Owner {
    Owner::Account(key.clone(), user.clone())
}

fn name_of(call: &Call<'_>) -> AccountName {
    (call.key.to_owned(), call.user.clone().unwrap_or_default())
}

/// Returns whether a call can see an account: that of its user, or of any user of the key if it
/// names no user.
fn is_visible(call: &Call<'_>, (key, user): &AccountName) -> bool {
    key == call.key && call.user.as_ref().is_none_or(|wanted| wanted == user)
}

impl Book {
    /// Makes the books of a venue with the orders of other traders, and a counterparty if there is
    /// a seed for it. `seed` is that of the markets that move at random.
    pub(crate) fn new(seeds: &Seeds, counterparty: Option<u64>, seed: u64) -> Self {
        let mut exchange = Exchange::after(seeds.last_trade);
        for liquidity in &seeds.liquidity {
            for (buys, rows) in [(true, liquidity.bids), (false, liquidity.asks)] {
                for (price, amount) in rows {
                    let (Some(price), Some(amount)) = (exact(price), exact(amount)) else { continue };
                    let (base, quote) = seeds.assets(liquidity.market);
                    let order = NewOrder {
                        owner: Owner::House,
                        market: liquidity.market.to_owned(),
                        base,
                        quote,
                        buys,
                        terms: Terms::Limit { price, amount },
                        lifetime: Lifetime::Rests,
                        taker_rate: Decimal::ZERO,
                        maker_rate: Decimal::ZERO,
                    };
                    // The tests of the profiles place all of them.
                    let _ = exchange.place(order, 0);
                }
            }
        }
        Self {
            accounts: HashMap::new(),
            last_ids: HashMap::new(),
            exchange,
            ids: HashMap::new(),
            moved: HashSet::new(),
            counterparty: counterparty.map(Counterparty::new),
            first_users: HashMap::new(),
            movers: BTreeMap::new(),
            seed,
            journal: Journal::default(),
        }
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Keeps the changes of orders and balances from now on, because connections tell of them.
    pub(crate) fn keep_changes(&mut self) {
        self.journal.is_read = true;
    }

    /// Returns the user that the requests of a key named first.
    pub(crate) fn first_user(&self, key: &str) -> Option<&str> {
        self.first_users.get(key).map(String::as_str)
    }

    /// Returns the orders of an account, the oldest first.
    pub(crate) fn orders_of(&self, account: &AccountName) -> impl Iterator<Item = &Order> {
        self.accounts.get(account).into_iter().flat_map(|account| &account.orders)
    }

    pub(crate) fn is_touched_account(&self, account: &AccountName) -> bool {
        self.accounts.get(account).is_some_and(|account| account.touched)
    }

    pub(crate) fn mover(&mut self, market: &str) -> Option<&mut Mover> {
        self.movers.get_mut(market)
    }

    /// Moves a market at random. The first time, other traders begin to quote in it.
    pub(crate) fn move_market(&mut self, market: &str, seeds: &Seeds, now: i64) {
        let (base, quote) = seeds.assets(market);
        let names = Names { market, base: &base, quote: &quote };
        let placed = match self.movers.get_mut(market) {
            Some(mover) => mover.step(names, &mut self.exchange, now),
            None => {
                let (mover, placed) = Mover::new(self.seed, names, &mut self.exchange, now);
                self.movers.insert(market.to_owned(), mover);
                placed
            }
        };
        self.moved.insert(market.to_owned());
        self.fill_makers(&placed, seeds, now);
    }

    /// Returns whether an order was placed in a market.
    pub(crate) fn has_moved(&self, market: &str) -> bool {
        self.moved.contains(market)
    }

    /// Lets the counterparty trade once in each of its markets. Does nothing without one.
    pub(crate) fn step(&mut self, seeds: &Seeds, now: i64) {
        let Some(counterparty) = &mut self.counterparty else { return };
        let placed = counterparty.step(seeds, &mut self.exchange, now);
        self.moved.extend(seeds.liquidity.iter().map(|liquidity| liquidity.market.to_owned()));
        self.fill_makers(&placed, seeds, now);
    }

    fn fill_makers(&mut self, placed: &[Placed], seeds: &Seeds, now: i64) {
        let mut moved = Vec::new();
        for fill in placed.iter().flat_map(|placed| &placed.fills) {
            moved.extend(self.fill_maker(fill, seeds, now));
        }
        self.write_down(moved, seeds, now);
    }

    /// Adds changes to the histories of their accounts. All of them have happened.
    fn write_down(&mut self, moved: Vec<Moved>, seeds: &Seeds, now: i64) {
        // The balance after a change is the balance of now without the changes after it.
        let mut after: HashMap<(AccountName, String), Decimal> = HashMap::new();
        let mut written = Vec::new();
        for Moved { account, asset, business, change, detail } in moved.into_iter().rev() {
            let balance = after.entry((account.clone(), asset.clone())).or_insert_with(|| {
                let wallet = self.exchange.wallet(&owner(&account), &asset);
                let reserved = exchange::add(wallet.locked, seeds.reserved(&asset));
                reserved.and_then(|reserved| exchange::add(wallet.free, reserved)).unwrap_or(wallet.free)
            });
            let shown = *balance;
            *balance = exchange::subtract(shown, change).unwrap_or(shown);
            written.push((account, BalanceChange { time: now, asset, business, change, balance: shown, detail }));
        }
        for (name, change) in written.into_iter().rev() {
            if let Some(account) = self.accounts.get_mut(&name) {
                account.changes.push(change);
            }
        }
    }

    /// Returns the changes of the balances of an account, the newest first.
    pub(crate) fn changes_of(&self, account: &AccountName) -> impl Iterator<Item = &BalanceChange> {
        self.accounts.get(account).into_iter().flat_map(|account| account.changes.newest_first())
    }

    /// Carries a call out. Returns `None` if the response is the example.
    pub(crate) fn act(&mut self, call: &Call<'_>, seeds: &Seeds) -> Result<Option<Tree>, Rejection> {
        self.make_room(call)?;
        match call.effect {
            Effect::Place { from, order, response } => self.place(call, seeds, *from, order, response),
            Effect::Test { from, order } => self.test(call, seeds, *from, order).map(|()| None),
            Effect::Cancel { from, id, response } => self.cancel(call, seeds, *from, *id, response.as_ref()),
            Effect::CancelAll { market, count } => self.cancel_all(call, seeds, *market, *count),
            Effect::List { which, market, pages, response } => Ok(self.list(call, *which, *market, *pages, response)),
            Effect::Fills { order, market, limit, pages, response } => {
                Ok(self.fills(call, (*order, *market, *limit), *pages, response))
            }
            Effect::Get { which, id, response } => self.get(call, seeds, *which, *id, response),
            Effect::Balances(balances) => Ok(self.balances(call, seeds, balances)),
            Effect::ChangeBalance(rules) => self.change(call, seeds, rules),
            Effect::History(rules) => Ok(self.history(call, rules)),
            Effect::OpenMarkets { pages, at, name, total } => Ok(self.open_markets(call, *pages, at, (name, total))),
            Effect::BookCounts(rules) => Ok(views::counts(call, &self.exchange, &self.moved, rules)),
            Effect::Candles(rules) => Ok(views::candles(call, &self.exchange, &self.moved, rules)),
            Effect::Resting { market, side, pages, response } => {
                Ok(self.resting(call, market, *side, *pages, response))
            }
            Effect::Depth(rules) => Ok(views::depth(call, &self.exchange, &self.moved, rules)),
            Effect::Ticker(rules) => Ok(views::ticker(call, &self.exchange, &self.moved, rules)),
            Effect::Trades(rules) => Ok(views::trades(call, &self.exchange, &self.moved, rules)),
            Effect::Echo(members) => Ok(echo(call, members)),
        }
    }

    /// Returns all placed orders.
    pub(crate) fn orders(&self) -> Vec<PlacedOrder> {
        let orders = self.accounts.values().flat_map(|account| &account.orders);
        orders
            .map(|order| PlacedOrder {
                id: order.id.clone(),
                market: order.market.clone(),
                buys: order.buys,
                amount: order.amount.scalar().unwrap_or_default(),
                price: order.price.as_ref().and_then(Tree::scalar),
                filled: order.filled.normalize().to_string(),
                is_open: order.status == Status::Open,
            })
            .collect()
    }

    /// Makes room for the account of a call that may change it, if there are as many accounts as a
    /// mock keeps: untouched ones are dropped, because they are made again when they are needed.
    fn make_room(&mut self, call: &Call<'_>) -> Result<(), Rejection> {
        let changes = matches!(
            call.effect,
            Effect::Place { .. }
                | Effect::Test { .. }
                | Effect::Cancel { .. }
                | Effect::CancelAll { .. }
                | Effect::ChangeBalance(_)
        );
        if !changes || self.accounts.len() < MAX_ACCOUNTS || self.accounts.contains_key(&name_of(call)) {
            return Ok(());
        }
        let exchange = &mut self.exchange;
        self.accounts.retain(|name, account| {
            if !account.touched {
                exchange.forget(&owner(name));
            }
            account.touched
        });
        if self.accounts.len() < MAX_ACCOUNTS {
            return Ok(());
        }
        let why = format!("the mock keeps at most {MAX_ACCOUNTS} touched accounts; `reset()` removes them");
        Err(Rejection::new(Refusal::Rejected, why))
    }

    /// Returns the account of a call. A new account has the balances of the examples.
    fn account(&mut self, call: &Call<'_>, seeds: &Seeds) -> &mut Account {
        let name = name_of(call);
        if !name.1.is_empty() {
            self.first_users.entry(name.0.clone()).or_insert_with(|| name.1.clone());
        }
        let (owner, exchange) = (owner(&name), &mut self.exchange);
        self.accounts.entry(name).or_insert_with(|| {
            for (asset, free, _) in &seeds.balances {
                // The first deposit of an account fits.
                let _ = exchange.deposit(&owner, asset, *free);
            }
            Account::default()
        })
    }

    /// Returns whether an account that the call can see is touched.
    fn is_touched(&self, call: &Call<'_>) -> bool {
        self.accounts.iter().any(|(name, account)| account.touched && is_visible(call, name))
    }

    /// Returns the orders that a call can see: the orders of its user, or of all users of the key
    /// if it names no user.
    fn visible<'a>(&'a self, call: &'a Call<'_>) -> impl Iterator<Item = &'a Order> {
        let accounts = self.accounts.iter().filter(|(name, _)| is_visible(call, name));
        accounts.flat_map(|(_, account)| &account.orders)
    }

    fn place(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        from: ValuesIn,
        rules: &OrderParameters,
        shape: &Shape,
    ) -> Result<Option<Tree>, Rejection> {
        let untouched = !self.is_touched(call);
        let templates = templates(call.example, shape);
        let example_ids: Vec<Option<String>> =
            templates.iter().map(|template| field(template, shape, Field::Id)).collect();
        let first_id = example_ids.iter().flatten().next().cloned().unwrap_or_else(|| "1".to_owned());
        let as_example = untouched && call.is_example;
        let mut orders = Vec::new();
        for (index, scope) in scopes(call, from).iter().enumerate() {
            // In the example of a batch, an order without an id is a refused one.
            let refused =
                as_example && matches!(from, ValuesIn::Each(_)) && matches!(example_ids.get(index), Some(None));
            if refused {
                continue;
            }
            orders.push(read_order(call, seeds, scope, rules)?);
        }
        // A batch succeeds or fails as a whole.
        let before = (orders.len() > 1).then(|| self.clone());
        let mut placed = Vec::new();
        for mut order in orders {
            let last = self.last_ids.get(call.key);
            order.id = last.map_or_else(|| first_id.clone(), |last| id_after(last, &first_id));
            let id = order.id.clone();
            match self.enter(call, seeds, rules, order) {
                Ok(order) => {
                    self.last_ids.insert(call.key.to_owned(), id);
                    placed.push(order.clone());
                    self.journal.order(&name_of(call), &order, true);
                    if let Some(dropped) = self.account(call, seeds).add(order).and_then(|order| order.core) {
                        self.exchange.cancel(dropped);
                        if !self.exchange.is_open(dropped) {
                            self.ids.remove(&dropped);
                        }
                    }
                }
                Err(no) => {
                    if let Some(before) = before {
                        *self = before;
                    }
                    return Err(no);
                }
            }
        }
        self.account(call, seeds).touched = true;
        if as_example && placed.first().is_none_or(|order| order.id == first_id) {
            return Ok(None);
        }
        Ok(Some(with_orders(call.example, shape, &placed.iter().collect::<Vec<_>>())))
    }

    /// Returns the order in the form of the matching core; `None` for an order that does not trade.
    /// Deposits what the order needs of an asset whose balance is stated nowhere, and returns that
    /// asset and amount too.
    fn prepare(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        rules: &OrderParameters,
        order: &Order,
    ) -> Result<Option<(NewOrder, (String, Decimal))>, Rejection> {
        let Some(terms) = order.terms else { return Ok(None) };
        let digits = || {
            let why = format!("`{}` or `{}` has too many digits", rules.amount, rules.price);
            Rejection::new(Refusal::BadParameter, why).about(rules.amount)
        };
        let best = self.exchange.levels(&order.market, !order.buys).first().map(|(price, _)| *price);
        if rules.needs_trader && order.at_once && best.is_none() {
            return Err(Rejection::new(Refusal::NoTrader, "the other side of the book is empty"));
        }
        if let (Terms::Money { money, .. }, Some(best), Some(least)) =
            (terms, best, seeds.markets.minimum(&order.market))
            && exchange::multiply(best, least).is_some_and(|least| money < least)
        {
            let why = format!("`{}` is below the price of the smallest amount", rules.amount);
            return Err(Rejection::new(Refusal::TooSmall, why).about(rules.amount));
        }
        let (base, quote) = seeds.assets(&order.market);
        let new = NewOrder {
            owner: owner(&name_of(call)),
            market: order.market.clone(),
            base,
            quote,
            buys: order.buys,
            terms,
            lifetime: order.lifetime,
            taker_rate: order.rates.0,
            maker_rate: order.rates.1,
        };
        let (asset, needed) = self.exchange.needs(&new).ok_or_else(digits)?;
        let is_managed = self.account(call, seeds).managed.contains(&asset);
        let free = self.exchange.wallet(&new.owner, &asset).free;
        let mut missing = Decimal::ZERO;
        if free < needed {
            if is_managed || seeds.balances.iter().any(|(other, ..)| *other == asset) {
                return Err(too_low(&asset));
            }
            missing = exchange::subtract(needed, free).ok_or_else(digits)?;
            self.exchange.deposit(&new.owner, &asset, missing).ok_or_else(digits)?;
        }
        Ok(Some((new, (asset, missing))))
    }

    /// Places orders at a copy of the books.
    fn test(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        from: ValuesIn,
        rules: &OrderParameters,
    ) -> Result<(), Rejection> {
        let mut tested = self.clone();
        for scope in &scopes(call, from) {
            let order = read_order(call, seeds, scope, rules)?;
            tested.enter(call, seeds, rules, order)?;
        }
        Ok(())
    }

    /// Lets an order meet those in the book, and returns it with what traded.
    fn enter(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        rules: &OrderParameters,
        mut order: Order,
    ) -> Result<Order, Rejection> {
        let Some((new, (asset, deposited))) = self.prepare(call, seeds, rules, &order)? else { return Ok(order) };
        let owner = new.owner.clone();
        let placed = self.exchange.place(new, call.now);
        if placed.is_err() {
            self.exchange.deposit(&owner, &asset, -deposited);
        }
        let placed = placed.map_err(|refused| match refused {
            Refused::Balance(asset) => too_low(&asset),
            Refused::Trades => {
                let name = rules.kinds.post_only.unwrap_or_default();
                Rejection::new(Refusal::WouldTrade, format!("an order with `{name}` would trade at once")).about(name)
            }
            Refused::Digits => {
                let why = format!("`{}` or `{}` has too many digits", rules.amount, rules.price);
                Rejection::new(Refusal::BadParameter, why).about(rules.amount)
            }
        })?;
        order.core = Some(placed.id);
        self.ids.insert(placed.id, order.id.clone());
        self.moved.insert(order.market.clone());
        let (account, assets) = (name_of(call), seeds.assets(&order.market));
        let mut moved = Vec::new();
        if !deposited.is_zero() {
            let (business, detail) = ("deposit".to_owned(), Tree::Object(Vec::new()));
            moved.push(Moved { account: account.clone(), asset, business, change: deposited, detail });
        }
        for fill in &placed.fills {
            let other = self.id_of(fill.maker);
            order.trade(fill_of(fill, false, other, call.now));
            moved.extend(moved_by(fill, &account, &order, &assets, false));
            moved.extend(self.fill_maker(fill, seeds, call.now));
        }
        self.write_down(moved, seeds, call.now);
        if order.status == Status::Open && !placed.rests {
            let is_done = matches!(order.terms, Some(Terms::Money { .. })) && !placed.fills.is_empty();
            order.status = if is_done { Status::Filled } else { Status::Cancelled };
        }
        Ok(order)
    }

    /// Returns the id of an order as the venue shows it.
    fn id_of(&self, core: OrderId) -> String {
        self.ids.get(&core).cloned().unwrap_or_else(|| core.to_string())
    }

    /// Adds a fill to the order that was in the book. Returns what it moved.
    fn fill_maker(&mut self, fill: &Fill, seeds: &Seeds, now: i64) -> Vec<Moved> {
        let Owner::Account(key, user) = &fill.maker_owner else { return Vec::new() };
        let other = self.id_of(fill.taker);
        let name = (key.clone(), user.clone());
        let account = self.accounts.get_mut(&name);
        let Some(order) = account.and_then(|account| account.by_core(fill.maker)) else { return Vec::new() };
        order.trade(fill_of(fill, true, other, now));
        self.journal.order(&name, order, false);
        moved_by(fill, &name, order, &seeds.assets(&order.market), true)
    }

    /// Cancels the orders at these indices of an account, all or none of them.
    fn cancel_at(&mut self, call: &Call<'_>, seeds: &Seeds, indices: &[usize]) -> Result<Vec<Order>, Rejection> {
        let before = (indices.len() > 1).then(|| self.exchange.clone());
        let orders = &self.account(call, seeds).orders;
        let placed: Vec<OrderId> = indices.iter().filter_map(|index| orders.get(*index)?.core).collect();
        if placed.into_iter().any(|core| self.exchange.cancel(core).is_none()) {
            if let Some(before) = before {
                self.exchange = before;
            }
            let why = "the order cannot be cancelled: its balance would have too many digits";
            return Err(Rejection::new(Refusal::Rejected, why));
        }
        let account = self.account(call, seeds);
        let mut cancelled = Vec::new();
        for index in indices {
            let Some(order) = account.orders.get_mut(*index) else { continue };
            order.status = Status::Cancelled;
            order.changed = call.now;
            cancelled.push(order.clone());
        }
        for order in &cancelled {
            self.journal.order(&name_of(call), order, false);
        }
        Ok(cancelled)
    }

    fn cancel(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        from: ValuesIn,
        ids: Ids,
        shape: Option<&Shape>,
    ) -> Result<Option<Tree>, Rejection> {
        let as_example = call.is_example && !self.is_touched(call);
        let scopes = scopes(call, from);
        let market = ids.market.and_then(|name| market_of(call, name));
        let account = self.account(call, seeds);
        let mut open = Vec::new();
        let mut phantoms = Vec::new();
        for scope in &scopes {
            let wanted = wanted(scope, ids);
            let is_meant =
                |order: &Order| order.status == Status::Open && order.is_any(&wanted) && order.is_in(market.as_deref());
            let found = account.orders.iter().position(is_meant);
            // A placed order has priority over an example's order with the same id.
            let was_placed = account.orders.iter().any(|order| order.is_any(&wanted));
            let is_phantom = |id: &&String| !was_placed && seeds.ids.contains(*id) && !account.gone.contains(*id);
            let phantom = wanted.iter().map(|(id, _)| id).find(is_phantom);
            match (found, phantom) {
                // A list may name an order twice.
                (Some(index), _) if open.contains(&index) => {}
                (Some(index), _) => open.push(index),
                (None, Some(id)) => phantoms.push(id.clone()),
                (None, None) => {
                    let names: Vec<&str> = wanted.iter().map(|(id, _)| id.as_str()).collect();
                    let why = format!("no open order has the id {}", names.join(", "));
                    let was_phantom = wanted.iter().any(|(id, _)| account.gone.contains(id));
                    return Err(Rejection::new(Refusal::OrderNotFound, why).of_done_order(was_placed || was_phantom));
                }
            }
        }
        if scopes.is_empty() {
            return Err(Rejection::new(Refusal::OrderNotFound, "the request names no order"));
        }
        let cancelled = self.cancel_at(call, seeds, &open)?;
        let account = self.account(call, seeds);
        account.touched = true;
        account.gone.extend(phantoms.iter().cloned());
        let Some(shape) = shape else { return Ok(None) };
        Ok(match (cancelled.first(), phantoms.first()) {
            _ if as_example => None,
            (Some(order), _) => Some(with_orders(call.example, shape, &[order])),
            (None, Some(id)) => Some(with_id(call.example, shape, id)),
            (None, None) => None,
        })
    }

    fn cancel_all(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        market: Option<&str>,
        count: Option<&str>,
    ) -> Result<Option<Tree>, Rejection> {
        let market = market.and_then(|name| market_of(call, name));
        let account = self.account(call, seeds);
        let is_meant = |order: &Order| order.status == Status::Open && order.is_in(market.as_deref());
        let indices: Vec<usize> =
            account.orders.iter().enumerate().filter(|(_, order)| is_meant(order)).map(|(index, _)| index).collect();
        self.cancel_at(call, seeds, &indices)?;
        let was_touched = std::mem::replace(&mut self.account(call, seeds).touched, true);
        let Some(count) = count.filter(|_| was_touched) else { return Ok(None) };
        let mut response = call.example.clone();
        set(response.at_mut(count), Tree::number(indices.len()));
        Ok(Some(response))
    }

    fn list(
        &self,
        call: &Call<'_>,
        which: OrderFilter,
        market: Option<&str>,
        pages: Option<Pages>,
        shape: &Shape,
    ) -> Option<Tree> {
        if !self.is_touched(call) {
            return None;
        }
        let market = market.and_then(|name| market_of(call, name));
        let fits = |order: &&Order| order.is(which) && order.is_in(market.as_deref());
        let mut orders: Vec<&Order> = self.visible(call).filter(fits).collect();
        if pages.is_some_and(|pages| pages.newest_first) {
            orders.reverse();
        }
        let Some(pages) = pages else { return Some(with_orders(call.example, shape, &orders)) };
        let page = Page::new(pages, call.values);
        let total = orders.len();
        let mut node = with_orders(call.example, shape, &page.select(orders, |order| &order.id));
        page.show(&mut node, total);
        Some(node)
    }

    /// Returns the fills of an account, in their order. The names are those of the order, the
    /// market and the limit in a request.
    fn fills(
        &self,
        call: &Call<'_>,
        (order, market, limit): (Option<&str>, Option<&str>, Option<&str>),
        pages: Option<Pages>,
        shape: &Shape,
    ) -> Option<Tree> {
        if !self.is_touched(call) {
            return None;
        }
        // They are parameters, or properties of the body.
        let given = |name: Option<&str>| name.and_then(|name| market_of(call, name));
        let (id, market) = (given(order), given(market));
        let fits = |order: &&Order| order.is_in(market.as_deref()) && id.as_ref().is_none_or(|id| order.id == *id);
        let orders = self.visible(call).filter(fits);
        let mut rows: Vec<(&Order, &OrderFill)> =
            orders.flat_map(|order| order.fills.iter().map(move |fill| (order, fill))).collect();
        rows.sort_by_key(|(_, fill)| fill.number);
        if pages.is_some_and(|pages| pages.newest_first) {
            rows.reverse();
        }
        let total = rows.len();
        let page = pages.map(|pages| Page::new(pages, call.values));
        let rows = match &page {
            Some(page) => page.select(rows, |(order, _)| &order.id),
            None => rows.into_iter().take(limit_of(call, limit)).collect(),
        };
        let rows: Vec<_> = rows.into_iter().map(|(order, fill)| (order, Some(fill))).collect();
        let mut response = with_rows(call.example, shape, &rows);
        if let Some(page) = page {
            page.show(&mut response, total);
        }
        Some(response)
    }

    /// Returns the orders in the book of a market, the best first.
    fn resting(&self, call: &Call<'_>, market: &str, side: (&str, &str), pages: Pages, shape: &Shape) -> Option<Tree> {
        let market = views::shown(call, &self.moved, market)?;
        let buys = value(call.values, side.0)?.scalar()? == side.1;
        let resting = self.exchange.resting(market, buys);
        let page = Page::new(pages, call.values);
        let total = resting.len();
        // Only an offset and a limit select a page of these orders.
        let shown = page.select(resting, |_| "");
        let orders = shown.into_iter().map(|(core, resting)| {
            let own = match &resting.owner {
                Owner::Account(key, user) => self.accounts.get(&(key.clone(), user.clone())),
                _ => None,
            };
            let own = own.and_then(|account| account.orders.iter().find(|order| order.core == Some(core)));
            own.cloned().unwrap_or_else(|| Order::of_another(core, market, buys, resting, call.values))
        });
        let orders: Vec<Order> = orders.collect();
        let mut response = with_orders(call.example, shape, &orders.iter().collect::<Vec<_>>());
        page.show(&mut response, total);
        Some(response)
    }

    fn get(
        &self,
        call: &Call<'_>,
        seeds: &Seeds,
        which: OrderFilter,
        ids: Ids,
        shape: &Shape,
    ) -> Result<Option<Tree>, Rejection> {
        let wanted = wanted(call.values, ids);
        let market = ids.market.and_then(|name| market_of(call, name));
        let is_meant = |order: &&Order| order.is(which) && order.is_any(&wanted) && order.is_in(market.as_deref());
        let found: Vec<&Order> = self.visible(call).filter(is_meant).collect();
        let is_list = matches!(call.example.at(shape.at), Some(Tree::Array(_)));
        if let [first, ..] = *found {
            let shown = if is_list { found } else { vec![first] };
            return Ok(Some(with_orders(call.example, shape, &shown)));
        }
        let known =
            wanted.iter().any(|(id, _)| seeds.ids.contains(id) && self.visible(call).all(|order| order.id != *id));
        match (known, is_list) {
            (true, _) => Ok(None),
            (false, true) => Ok(Some(with_orders(call.example, shape, &[]))),
            (false, false) if call.may_be_null => Ok(Some(Tree::Null)),
            (false, false) => Err(Rejection::new(Refusal::OrderNotFound, "the order does not exist")),
        }
    }

    fn balances(&self, call: &Call<'_>, seeds: &Seeds, rules: &Balances) -> Option<Tree> {
        if !self.is_touched(call) {
            return None;
        }
        let owner = owner(&name_of(call));
        let apply = |row: &mut Tree, asset: &str| {
            let wallet = self.exchange.wallet(&owner, asset);
            views::balance(row, rules, wallet, seeds.free(asset));
        };
        let mut response = call.example.clone();
        let only = rules.only.and_then(|name| value(call.values, name)?.scalar());
        let shown = |asset: &str| only.as_ref().is_none_or(|only| same(only, asset));
        let mut missing: HashSet<String> = self.exchange.wallets(&owner).map(|(asset, _)| asset.to_owned()).collect();
        match response.at_mut(rules.at)? {
            Tree::Array(rows) => {
                let Some(asset_member) = rules.asset else { return Some(response) };
                let template = rows.first().cloned();
                for row in &mut *rows {
                    let asset = row.get(asset_member).and_then(Tree::scalar).unwrap_or_default().to_uppercase();
                    missing.remove(&asset);
                    apply(row, &asset);
                }
                for asset in sorted(missing) {
                    let Some(mut row) = template.clone() else { break };
                    set(row.get_mut(asset_member), Tree::text(&asset));
                    zero(&mut row, rules);
                    apply(&mut row, &asset);
                    rows.push(row);
                }
                rows.retain(|row| row.get(asset_member).and_then(Tree::scalar).is_none_or(|asset| shown(&asset)));
            }
            Tree::Object(rows) => {
                let template = rows.first().map(|(_, row)| row.clone());
                for (asset, row) in &mut *rows {
                    let asset = asset.to_uppercase();
                    missing.remove(&asset);
                    apply(row, &asset);
                }
                missing.extend(only.clone().map(|only| only.to_uppercase()));
                for asset in sorted(missing) {
                    let Some(mut row) = template.clone() else { break };
                    if rows.iter().any(|(other, _)| same(other, &asset)) {
                        continue;
                    }
                    zero(&mut row, rules);
                    apply(&mut row, &asset);
                    rows.push((asset, row));
                }
                rows.retain(|(asset, _)| shown(asset));
            }
            _ => {}
        }
        Some(response)
    }

    /// Lists the changes of the balances of a user.
    fn history(&self, call: &Call<'_>, rules: &History) -> Option<Tree> {
        if !self.is_touched(call) {
            return None;
        }
        let names = self.accounts.keys().filter(|name| is_visible(call, name));
        Some(views::history(call, names.flat_map(|name| self.changes_of(name)), rules))
    }

    /// Lists the markets in which a user has open orders, with their numbers.
    fn open_markets(&self, call: &Call<'_>, pages: Pages, at: &str, (name, total): (&str, &str)) -> Option<Tree> {
        if !self.is_touched(call) {
            return None;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for order in self.visible(call).filter(|order| order.is(OrderFilter::Open)) {
            *counts.entry(&order.market).or_default() += 1;
        }
        let page = Page::new(pages, call.values);
        let mut response = call.example.clone();
        let all = counts.len();
        if let Some(Tree::Array(rows)) = response.at_mut(at) {
            let template = rows.first().cloned().unwrap_or(Tree::Null);
            let shown = page.select(counts.into_iter().collect(), |(market, _): &(&str, usize)| *market);
            let row = |(market, count): (&str, usize)| {
                let mut row = template.clone();
                set(row.get_mut(name), Tree::text(market));
                set(row.get_mut(total), Tree::number(count));
                row
            };
            *rows = shown.into_iter().map(row).collect();
        }
        page.show(&mut response, all);
        Some(response)
    }

    fn change(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        rules: &BalanceChangeParameters,
    ) -> Result<Option<Tree>, Rejection> {
        let BalanceChangeParameters { asset, change, force, once_for, business, number, detail } = rules;
        let text = |name: &str| value(call.values, name).and_then(Tree::scalar).unwrap_or_default();
        let once: String = once_for.iter().map(|name| format!("{}\n", text(name))).collect();
        let asset = text(asset).to_uppercase();
        let Some(amount) = exact(&text(change)) else {
            let why = format!("`{change}` is not a number, or has too many digits");
            return Err(Rejection::new(Refusal::BadParameter, why).about(*change));
        };
        let forced = value(call.values, force).is_some_and(|force| !force.is_null());
        let owner = owner(&name_of(call));
        if self.account(call, seeds).made.contains(&once) {
            return Err(Rejection::new(Refusal::Repeated, "this change was already made"));
        }
        let after = exchange::add(self.exchange.wallet(&owner, &asset).free, amount);
        if after.is_some_and(|after| after < Decimal::ZERO) && amount < Decimal::ZERO && !forced {
            return Err(too_low(&asset));
        }
        if self.exchange.deposit(&owner, &asset, amount).is_none() {
            return Err(Rejection::new(Refusal::BadParameter, "the balance has too many digits").about(*change));
        }
        let mut members = value(call.values, detail).map(Tree::members).unwrap_or_default().to_vec();
        // The core writes the number of the change over an `id` in the detail.
        members.retain(|(name, _)| name != "id");
        members.extend(value(call.values, number).map(|number| ("id".to_owned(), number.clone())));
        let moved = Moved {
            account: name_of(call),
            asset: asset.clone(),
            business: text(business),
            change: amount,
            detail: Tree::Object(members),
        };
        self.account(call, seeds);
        self.write_down(vec![moved], seeds, call.now);
        let account = self.account(call, seeds);
        if account.made.len() >= MAX_CHANGES {
            account.made.clear();
        }
        account.made.insert(once);
        account.managed.insert(asset.clone());
        account.touched = true;
        self.journal.asset(&name_of(call), &asset);
        Ok(None)
    }
}

fn too_low(asset: &str) -> Rejection {
    Rejection::new(Refusal::InsufficientBalance, format!("the balance of {asset} is too low"))
}

fn fill_of(fill: &Fill, is_maker: bool, other: String, now: i64) -> OrderFill {
    let fee = if is_maker { fill.maker_fee } else { fill.taker_fee };
    let Fill { number, price, amount, value, .. } = *fill;
    OrderFill { number, time: now, price, amount, value, fee, is_maker, other }
}

fn sorted(assets: HashSet<String>) -> Vec<String> {
    let mut assets: Vec<String> = assets.into_iter().collect();
    assets.sort();
    assets
}
