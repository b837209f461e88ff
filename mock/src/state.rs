//! Orders and balances.
//!
//! An account starts as the examples of the spec show it. As long as nothing was placed, cancelled or moved in it, replies are those
//! examples to the letter; from then on they tell what is really there, and only that: the example's open orders are gone, its balances
//! are what the account began with.

use std::collections::{HashMap, HashSet, VecDeque};

use venuekit::Decimal;
use venuekit_json::Tree;

use crate::clock::TimeForm;
use crate::json::{self, Amount as _, decimal};
use crate::profile::{Balances, Does, Field, From, Ids, OrderIn, Pages, Shape, Which};
use crate::record::Refusal;
use crate::refuse::No;

/// Of an account; the oldest go, finished ones first.
const MAX_ORDERS: usize = 10_000;
const MAX_ACCOUNTS: usize = 1_000;
const MAX_CHANGES: usize = 100_000;

/// A call that was checked.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) does: &'static Does,
    pub(crate) key: &'a str,
    /// The user; `None`: the key is the user, or the call names none.
    pub(crate) user: Option<String>,
    pub(crate) values: &'a [(String, Tree)],
    pub(crate) body: Option<&'a Tree>,
    /// Whether all that is given is as in the example of the spec.
    pub(crate) is_example: bool,
    /// The example that answers it.
    pub(crate) example: &'a Tree,
    /// Whether the spec has an example of null for the reply: what is not there is answered so.
    pub(crate) may_be_null: bool,
    pub(crate) now: i64,
}

/// What the examples of a venue tell of accounts.
#[derive(Debug, Default)]
pub(crate) struct Seeds {
    /// Orders that can be cancelled or asked for though nobody placed them.
    pub(crate) ids: HashSet<String>,
    /// Asset, free and reserved.
    pub(crate) balances: Vec<(String, Decimal, Decimal)>,
}

/// The accounts of a venue.
#[derive(Debug, Default)]
pub(crate) struct Book {
    accounts: HashMap<(String, String), Account>,
    /// By key.
    last_ids: HashMap<String, String>,
}

#[derive(Debug, Default)]
struct Account {
    touched: bool,
    orders: VecDeque<Order>,
    /// Orders of the examples that were cancelled.
    gone: HashSet<String>,
    /// By asset, in upper case.
    changes: HashMap<String, Decimal>,
    reserved: HashMap<String, Decimal>,
    made: HashSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Open,
    Filled,
    Cancelled,
}

#[derive(Clone, Debug)]
struct Order {
    id: String,
    own_id: Option<Tree>,
    user: String,
    market: String,
    buys: bool,
    amount: Tree,
    price: Option<Tree>,
    status: Status,
    at_once: bool,
    created: i64,
    changed: i64,
    given: Vec<(String, Tree)>,
    /// Asset and amount.
    reserves: Option<(String, Decimal)>,
}

/// An order that was placed at a mock.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlacedOrder {
    /// Its id.
    pub id: String,
    /// The market, as the request wrote it.
    pub market: String,
    /// Whether it buys.
    pub buys: bool,
    /// How much, as the request wrote it.
    pub amount: String,
    /// The limit, as the request wrote it.
    pub price: Option<String>,
    /// Whether it is still open.
    pub is_open: bool,
}

impl Book {
    /// Does what is asked. `None`: the example is the answer.
    pub(crate) fn act(&mut self, call: &Call<'_>, seeds: &Seeds) -> Result<Option<Tree>, No> {
        match call.does {
            Does::Place { from, order, reply } => self.place(call, seeds, *from, order, reply),
            Does::Cancel { from, id, market, all_without_id, reply } => {
                let scopes = scopes(call, *from);
                let named = scopes.iter().any(|scope| !wanted(scope, *id).is_empty());
                if *all_without_id && !named {
                    return self.cancel_all(call, *market, None);
                }
                self.cancel(call, seeds, &scopes, *id, reply.as_ref())
            }
            Does::CancelAll { market, count } => self.cancel_all(call, *market, *count),
            Does::List { which, market, pages, reply } => Ok(self.list(call, *which, *market, *pages, reply)),
            Does::Get { which, id, reply } => self.get(call, seeds, *which, *id, reply),
            Does::Balances(balances) => Ok(self.balances(call, balances)),
            Does::ChangeBalance { asset, change, force, once_for } => {
                self.change(call, seeds, asset, change, force, once_for)
            }
            Does::Echo(members) => Ok(echo(call, members)),
        }
    }

    /// All orders that were placed.
    pub(crate) fn orders(&self) -> Vec<PlacedOrder> {
        let orders = self.accounts.values().flat_map(|account| &account.orders);
        orders
            .map(|order| PlacedOrder {
                id: order.id.clone(),
                market: order.market.clone(),
                buys: order.buys,
                amount: order.amount.scalar().unwrap_or_default(),
                price: order.price.as_ref().and_then(Tree::scalar),
                is_open: order.status == Status::Open,
            })
            .collect()
    }

    fn account(&mut self, call: &Call<'_>) -> &mut Account {
        let name = (call.key.to_owned(), call.user.clone().unwrap_or_default());
        if self.accounts.len() >= MAX_ACCOUNTS && !self.accounts.contains_key(&name) {
            self.accounts.clear();
        }
        self.accounts.entry(name).or_default()
    }

    fn is_touched(&self, call: &Call<'_>) -> bool {
        let name = (call.key.to_owned(), call.user.clone().unwrap_or_default());
        self.accounts.get(&name).is_some_and(|account| account.touched)
    }

    /// The orders that a call can see: those of its user, or of all users of its key where it names none.
    fn visible<'a>(&'a self, call: &'a Call<'_>) -> impl Iterator<Item = &'a Order> {
        let accounts = self
            .accounts
            .iter()
            .filter(|((key, user), _)| key == call.key && call.user.as_ref().is_none_or(|wanted| wanted == user));
        accounts.flat_map(|(_, account)| &account.orders)
    }

    fn place(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        from: From,
        rules: &OrderIn,
        reply: &Shape,
    ) -> Result<Option<Tree>, No> {
        let untouched = !self.is_touched(call);
        let templates = templates(call.example, reply);
        let example_ids: Vec<Option<String>> =
            templates.iter().map(|template| field(template, reply, Field::Id)).collect();
        let first_id = example_ids.iter().flatten().next().cloned().unwrap_or_else(|| "1".to_owned());
        let as_example = untouched && call.is_example;
        let mut orders = Vec::new();
        for (index, scope) in scopes(call, from).iter().enumerate() {
            // The example of a batch shows an order that was refused; then it was.
            let refused = as_example && matches!(from, From::Each(_)) && matches!(example_ids.get(index), Some(None));
            if refused {
                continue;
            }
            orders.push(read_order(call, scope, rules)?);
        }
        // All or none of a batch, so that nothing is reserved for a request that is refused.
        let mut needed: HashMap<String, Decimal> = HashMap::new();
        for (asset, amount) in orders.iter().filter_map(|order| order.reserves.as_ref()) {
            *needed.entry(asset.clone()).or_default() += *amount;
        }
        let account = self.account(call);
        for (asset, amount) in &needed {
            if account.available(seeds, asset).is_some_and(|available| available < *amount) {
                return Err(No::new(Refusal::InsufficientBalance, format!("there is not enough {asset}")));
            }
        }
        let mut placed = Vec::new();
        for mut order in orders {
            let last = self.last_ids.get(call.key);
            order.id = last.map_or_else(|| first_id.clone(), |last| id_after(last, &first_id));
            self.last_ids.insert(call.key.to_owned(), order.id.clone());
            placed.push(order.clone());
            self.account(call).add(order);
        }
        self.account(call).touched = true;
        if as_example && placed.first().is_none_or(|order| order.id == first_id) {
            return Ok(None);
        }
        Ok(Some(with_orders(call.example, reply, &placed.iter().collect::<Vec<_>>())))
    }

    fn cancel(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        scopes: &[Vec<(String, Tree)>],
        ids: Ids,
        reply: Option<&Shape>,
    ) -> Result<Option<Tree>, No> {
        let as_example = call.is_example && !self.is_touched(call);
        let account = self.account(call);
        let mut open = Vec::new();
        let mut phantoms = Vec::new();
        for scope in scopes {
            let wanted = wanted(scope, ids);
            let found = account.orders.iter().position(|order| order.status == Status::Open && order.is_any(&wanted));
            // The id of an order that was placed is that order's, also where an example has the same.
            let was_placed = account.orders.iter().any(|order| order.is_any(&wanted));
            let is_phantom = |id: &&String| !was_placed && seeds.ids.contains(*id) && !account.gone.contains(*id);
            let phantom = wanted.iter().map(|(id, _)| id).find(is_phantom);
            match (found, phantom) {
                (Some(index), _) => open.push(index),
                (None, Some(id)) => phantoms.push(id.clone()),
                (None, None) => {
                    let names: Vec<&str> = wanted.iter().map(|(id, _)| id.as_str()).collect();
                    return Err(No::new(
                        Refusal::OrderNotFound,
                        format!("no such order is open: {}", names.join(", ")),
                    ));
                }
            }
        }
        if scopes.is_empty() {
            return Err(No::new(Refusal::OrderNotFound, "no order is named"));
        }
        account.touched = true;
        let mut cancelled = Vec::new();
        for index in open {
            cancelled.extend(account.cancel(index, call.now));
        }
        account.gone.extend(phantoms.iter().cloned());
        let Some(reply) = reply else { return Ok(None) };
        Ok(match (cancelled.first(), phantoms.first()) {
            _ if as_example => None,
            (Some(order), _) => Some(with_orders(call.example, reply, &[order])),
            (None, Some(id)) => Some(with_id(call.example, reply, id)),
            (None, None) => None,
        })
    }

    fn cancel_all(&mut self, call: &Call<'_>, market: Option<&str>, count: Option<&str>) -> Result<Option<Tree>, No> {
        let market = market.and_then(|name| market_of(call, name));
        let account = self.account(call);
        let was_touched = std::mem::replace(&mut account.touched, true);
        let is_meant = |order: &Order| {
            order.status == Status::Open && market.as_ref().is_none_or(|market| same(&order.market, market))
        };
        let indices: Vec<usize> =
            account.orders.iter().enumerate().filter(|(_, order)| is_meant(order)).map(|(index, _)| index).collect();
        for index in &indices {
            account.cancel(*index, call.now);
        }
        let Some(count) = count.filter(|_| was_touched) else { return Ok(None) };
        let mut reply = call.example.clone();
        set(reply.at_mut(count), Tree::number(indices.len()));
        Ok(Some(reply))
    }

    fn list(
        &self,
        call: &Call<'_>,
        which: Which,
        market: Option<&str>,
        pages: Option<Pages>,
        reply: &Shape,
    ) -> Option<Tree> {
        if !self.is_touched(call) {
            return None;
        }
        let market = market.and_then(|name| market_of(call, name));
        let fits = |order: &&Order| order.is(which) && market.as_ref().is_none_or(|market| same(&order.market, market));
        let orders: Vec<&Order> = self.visible(call).filter(fits).collect();
        let total = orders.len();
        let number = |name: &str| value(call.values, name)?.scalar()?.parse::<usize>().ok();
        let (offset, limit) = match pages {
            Some(pages) => (number(pages.offset).unwrap_or(0), number(pages.limit).unwrap_or(usize::MAX)),
            None => (0, usize::MAX),
        };
        let page: Vec<&Order> = orders.into_iter().skip(offset).take(limit).collect();
        let mut node = with_orders(call.example, reply, &page);
        if let Some(pages) = pages {
            set(node.get_mut(pages.offset), Tree::number(offset));
            if limit != usize::MAX {
                set(node.get_mut(pages.limit), Tree::number(limit));
            }
            if let Some(pointer) = pages.total {
                set(node.at_mut(pointer), Tree::number(total));
            }
        }
        Some(node)
    }

    fn get(&self, call: &Call<'_>, seeds: &Seeds, which: Which, ids: Ids, reply: &Shape) -> Result<Option<Tree>, No> {
        let wanted = wanted(call.values, ids);
        let found: Vec<&Order> = self.visible(call).filter(|order| order.is(which) && order.is_any(&wanted)).collect();
        let is_list = matches!(call.example.at(reply.at), Some(Tree::Array(_)));
        if let [first, ..] = *found {
            let shown = if is_list { found } else { vec![first] };
            return Ok(Some(with_orders(call.example, reply, &shown)));
        }
        let known =
            wanted.iter().any(|(id, _)| seeds.ids.contains(id) && self.visible(call).all(|order| order.id != *id));
        match (known, is_list) {
            (true, _) => Ok(None),
            (false, true) => Ok(Some(with_orders(call.example, reply, &[]))),
            (false, false) if call.may_be_null => Ok(Some(Tree::Null)),
            (false, false) => Err(No::new(Refusal::OrderNotFound, "there is no such order")),
        }
    }

    fn balances(&self, call: &Call<'_>, rules: &Balances) -> Option<Tree> {
        let name = (call.key.to_owned(), call.user.clone().unwrap_or_default());
        let account = self.accounts.get(&name).filter(|account| account.touched)?;
        let mut reply = call.example.clone();
        let only = rules.only.and_then(|name| value(call.values, name)?.scalar());
        let shown = |asset: &str| only.as_ref().is_none_or(|only| same(only, asset));
        let mut missing: HashSet<String> = account.changes.keys().cloned().collect();
        match reply.at_mut(rules.at)? {
            Tree::Array(rows) => {
                let Some(asset_member) = rules.asset else { return Some(reply) };
                let template = rows.first().cloned();
                for row in &mut *rows {
                    let asset = row.get(asset_member).and_then(Tree::scalar).unwrap_or_default().to_uppercase();
                    missing.remove(&asset);
                    account.apply(row, rules, &asset);
                }
                for asset in sorted(missing) {
                    let Some(mut row) = template.clone() else { break };
                    set(row.get_mut(asset_member), Tree::text(&asset));
                    zero(&mut row, rules);
                    account.apply(&mut row, rules, &asset);
                    rows.push(row);
                }
                rows.retain(|row| row.get(asset_member).and_then(Tree::scalar).is_none_or(|asset| shown(&asset)));
            }
            Tree::Object(rows) => {
                let template = rows.first().map(|(_, row)| row.clone());
                for (asset, row) in &mut *rows {
                    let asset = asset.to_uppercase();
                    missing.remove(&asset);
                    account.apply(row, rules, &asset);
                }
                missing.extend(only.clone().map(|only| only.to_uppercase()));
                for asset in sorted(missing) {
                    let Some(mut row) = template.clone() else { break };
                    if rows.iter().any(|(other, _)| same(other, &asset)) {
                        continue;
                    }
                    zero(&mut row, rules);
                    account.apply(&mut row, rules, &asset);
                    rows.push((asset, row));
                }
                rows.retain(|(asset, _)| shown(asset));
            }
            _ => {}
        }
        Some(reply)
    }

    fn change(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        asset: &str,
        change: &str,
        force: &str,
        once_for: &[&str],
    ) -> Result<Option<Tree>, No> {
        let text = |name: &str| value(call.values, name).and_then(Tree::scalar).unwrap_or_default();
        let once: String = once_for.iter().map(|name| format!("{}\n", text(name))).collect();
        let asset = text(asset).to_uppercase();
        let amount = decimal(&text(change)).unwrap_or_default();
        let forced = value(call.values, force).is_some_and(|force| !force.is_null());
        let account = self.account(call);
        if account.made.contains(&once) {
            return Err(No::new(Refusal::Repeated, "this change was made before"));
        }
        let available = account.available(seeds, &asset).unwrap_or_default();
        let after = available.checked_add(amount).unwrap_or(available);
        if after.is_sign_negative() && !after.is_zero() && amount.is_sign_negative() && !forced {
            return Err(No::new(Refusal::InsufficientBalance, format!("there is not enough {asset}")));
        }
        if account.made.len() >= MAX_CHANGES {
            account.made.clear();
        }
        account.made.insert(once);
        account.touched = true;
        if account.changes.len() < MAX_CHANGES {
            let changed = account.changes.entry(asset).or_default();
            *changed = changed.checked_add(amount).unwrap_or(*changed);
        }
        Ok(None)
    }
}

impl Account {
    /// What is free of an asset; `None`: nothing is known of it, and there is as much of it as anybody wants.
    fn available(&self, seeds: &Seeds, asset: &str) -> Option<Decimal> {
        let seed = seeds.balances.iter().find(|(other, ..)| same(other, asset)).map(|(_, free, _)| *free);
        let change = self.changes.get(asset).copied();
        if seed.is_none() && change.is_none() {
            return None;
        }
        let sum = seed.unwrap_or_default().checked_add(change.unwrap_or_default())?;
        sum.checked_sub(self.reserved.get(asset).copied().unwrap_or_default())
    }

    fn add(&mut self, order: Order) {
        if let Some((asset, amount)) = order.reserves.as_ref().filter(|_| order.status == Status::Open) {
            let reserved = self.reserved.entry(asset.clone()).or_default();
            *reserved = reserved.checked_add(*amount).unwrap_or(*reserved);
        }
        self.orders.push_back(order);
        if self.orders.len() > MAX_ORDERS {
            let oldest = self.orders.iter().position(|order| order.status != Status::Open).unwrap_or(0);
            self.release(oldest);
            self.orders.remove(oldest);
        }
    }

    fn cancel(&mut self, index: usize, now: i64) -> Option<Order> {
        self.release(index);
        let order = self.orders.get_mut(index)?;
        order.status = Status::Cancelled;
        order.changed = now;
        Some(order.clone())
    }

    fn release(&mut self, index: usize) {
        let open = self.orders.get(index).filter(|order| order.status == Status::Open);
        if let Some((asset, amount)) = open.and_then(|order| order.reserves.as_ref())
            && let Some(reserved) = self.reserved.get_mut(asset)
        {
            *reserved = reserved.checked_sub(*amount).unwrap_or_default();
        }
    }

    /// Moves the balances of a row of the example.
    fn apply(&self, row: &mut Tree, rules: &Balances, asset: &str) {
        let change = self.changes.get(asset).copied().unwrap_or_default();
        let reserved = self.reserved.get(asset).copied().unwrap_or_default();
        let mut add = |member: &str, amount: Decimal| {
            let Some(node) = row.get_mut(member).filter(|_| !amount.is_zero()) else { return };
            let sum = node.decimal().and_then(|balance| balance.checked_add(amount));
            if let Some(sum) = sum {
                *node = Tree::number(sum.normalize()).like(node);
            }
        };
        add(rules.free, change.checked_sub(reserved).unwrap_or_default());
        if let Some(member) = rules.reserved {
            add(member, reserved);
        }
        if let Some(member) = rules.total {
            add(member, change);
        }
    }
}

impl Order {
    fn is(&self, which: Which) -> bool {
        match which {
            Which::Open => self.status == Status::Open,
            Which::Done => self.status != Status::Open,
            Which::All => true,
        }
    }

    fn is_any(&self, wanted: &[(String, bool)]) -> bool {
        wanted.iter().any(|(id, own)| match own {
            false => self.id == *id,
            true => self.own_id.as_ref().and_then(Tree::scalar).as_ref() == Some(id),
        })
    }

    /// `None`: there is nothing to write, and the member is left out.
    fn field(&self, field: Field) -> Option<Tree> {
        let json = |json: &str| json::parse(json);
        let time = |form: TimeForm, millis: i64| {
            let text = form.write(millis);
            if form.is_text() { Tree::Text(text) } else { Tree::Number(text) }
        };
        let filled = self.status == Status::Filled;
        match field {
            Field::Id => Some(Tree::text(&self.id)),
            Field::OwnId => self.own_id.clone(),
            Field::Market => Some(Tree::text(&self.market)),
            Field::Side(buy, sell) => json(if self.buys { buy } else { sell }),
            Field::Amount => Some(self.amount.clone()),
            Field::Price => self.price.clone(),
            Field::Filled => Some(if filled { self.amount.clone() } else { Tree::number(0) }),
            Field::Left => Some(if filled { Tree::number(0) } else { self.amount.clone() }),
            Field::Status(open, done, cancelled) => json(match self.status {
                Status::Open => open,
                Status::Filled => done,
                Status::Cancelled => cancelled,
            }),
            Field::Created(form) => Some(time(form, self.created)),
            Field::Changed(form) => Some(time(form, self.changed)),
            Field::Kind(rests, at_once) => json(if self.at_once { at_once } else { rests }),
            Field::Is(always) => json(always),
            Field::User => Some(Tree::text(&self.user)),
            Field::Given(name) => value(&self.given, name).cloned(),
        }
    }

    /// This order as the example shows one.
    fn shown_as(&self, template: &Tree, shape: &Shape) -> Tree {
        let mut members = Vec::new();
        for (name, example) in template.members() {
            match shape.members.iter().find(|(member, _)| member == name) {
                None => members.push((name.clone(), example.clone())),
                Some((_, field)) => {
                    // A price that was not given is as the example has it, for some replies cannot do without.
                    let node = self.field(*field).or_else(|| matches!(field, Field::Price).then(|| Tree::number(0)));
                    members.extend(node.map(|node| (name.clone(), node.like(example))));
                }
            }
        }
        Tree::Object(members)
    }
}

fn read_order(call: &Call<'_>, scope: &[(String, Tree)], rules: &OrderIn) -> Result<Order, No> {
    let text = |name: &str| value(scope, name).and_then(Tree::scalar).unwrap_or_default();
    let market = text(rules.market);
    let side = text(rules.side).to_lowercase();
    let buys = rules.buys.contains(&side.as_str());
    if !buys && !rules.sells.contains(&side.as_str()) {
        let why = format!("`{}` is none of {}", rules.side, [rules.buys, rules.sells].concat().join(", "));
        return Err(No::new(Refusal::BadParameter, why).about(rules.side));
    }
    let at_once = rules.at_once.is_some_and(|(name, wanted)| wanted == "*" || text(name).eq_ignore_ascii_case(wanted));
    let amount = value(scope, rules.amount).cloned().unwrap_or_else(|| Tree::number(0));
    let price = value(scope, rules.price).filter(|price| !price.is_null()).cloned();
    let reserves = (!at_once).then(|| reserves(&market, buys, &amount, price.as_ref())).flatten();
    Ok(Order {
        id: String::new(),
        own_id: rules.own_id.and_then(|name| value(scope, name)).filter(|id| !id.is_null()).cloned(),
        user: call.user.clone().unwrap_or_default(),
        market,
        buys,
        amount,
        price,
        status: if at_once { Status::Filled } else { Status::Open },
        at_once,
        created: call.now,
        changed: call.now,
        given: scope.to_vec(),
        reserves,
    })
}

/// What an order sets aside: the asset, in upper case, and how much of it.
fn reserves(market: &str, buys: bool, amount: &Tree, price: Option<&Tree>) -> Option<(String, Decimal)> {
    let (base, quote) = assets(market)?;
    let amount = amount.decimal()?;
    let needed = if buys { (quote, amount.checked_mul(price?.decimal()?)?) } else { (base, amount) };
    (needed.1 > Decimal::ZERO).then_some(needed)
}

/// The two assets of a market, in upper case.
fn assets(market: &str) -> Option<(String, String)> {
    const QUOTES: [&str; 9] = ["USDT", "USDC", "BUSD", "USD", "EUR", "BTC", "ETH", "BCH", "JEX"];
    let market = market.to_uppercase();
    if let Some((base, quote)) = market.split_once(['-', '_', '/']) {
        return Some((base.to_owned(), quote.to_owned()));
    }
    let split = |quote: &&str| {
        let base = market.strip_suffix(*quote).filter(|base| !base.is_empty())?;
        Some((base.to_owned(), (*quote).to_owned()))
    };
    QUOTES.iter().find_map(split)
}

/// The values of a request, for each order that it is about.
fn scopes(call: &Call<'_>, from: From) -> Vec<Vec<(String, Tree)>> {
    match from {
        From::Parameters => vec![call.values.to_vec()],
        From::Body(pointer) => {
            let object = call.body.and_then(|body| body.at(pointer));
            vec![object.map(|object| object.members().to_vec()).unwrap_or_default()]
        }
        From::Each(pointer) => {
            let list = call.body.and_then(|body| body.at(pointer)).map(Tree::elements).unwrap_or_default();
            list.iter().map(|object| object.members().to_vec()).collect()
        }
    }
}

/// The ids that a request names, and whether each is the caller's own.
pub(crate) fn wanted(scope: &[(String, Tree)], ids: Ids) -> Vec<(String, bool)> {
    let mut wanted = Vec::new();
    for (name, own) in [(Some(ids.id), false), (ids.own, true)] {
        let Some(node) = name.and_then(|name| value(scope, name)) else { continue };
        let each = if let Tree::Array(elements) = node { elements.as_slice() } else { std::slice::from_ref(node) };
        wanted.extend(each.iter().filter_map(Tree::scalar).map(|id| (id, own)));
    }
    wanted
}

fn value<'a>(values: &'a [(String, Tree)], name: &str) -> Option<&'a Tree> {
    values.iter().find(|(other, _)| other == name).map(|(_, node)| node)
}

fn market_of(call: &Call<'_>, name: &str) -> Option<String> {
    let in_body = || call.body.and_then(|body| body.get(name));
    value(call.values, name).or_else(in_body)?.scalar()
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn sorted(assets: HashSet<String>) -> Vec<String> {
    let mut assets: Vec<String> = assets.into_iter().collect();
    assets.sort();
    assets
}

/// Replaces a value that is there, in its own JSON type.
fn set(place: Option<&mut Tree>, value: Tree) {
    if let Some(place) = place {
        *place = value.like(place);
    }
}

fn zero(row: &mut Tree, rules: &Balances) {
    for member in [Some(rules.free), rules.reserved, rules.total].into_iter().flatten() {
        set(row.get_mut(member), Tree::number(0));
    }
}

/// The orders that an example shows.
fn templates<'a>(example: &'a Tree, shape: &Shape) -> Vec<&'a Tree> {
    match example.at(shape.at) {
        Some(Tree::Array(elements)) => elements.iter().collect(),
        Some(node) => vec![node],
        None => Vec::new(),
    }
}

/// The text of the first member that is this field.
fn field(template: &Tree, shape: &Shape, wanted: Field) -> Option<String> {
    let is_wanted = |field: &Field| std::mem::discriminant(field) == std::mem::discriminant(&wanted);
    let mut names = shape.members.iter().filter(|(_, field)| is_wanted(field)).map(|(name, _)| name);
    names.find_map(|name| template.get(name)?.scalar())
}

/// The ids in an example.
pub(crate) fn ids_in(example: &Tree, shape: &Shape) -> Vec<String> {
    let ids = |template: &&Tree| [field(template, shape, Field::Id), field(template, shape, Field::OwnId)];
    templates(example, shape).iter().flat_map(ids).flatten().collect()
}

/// The example, with these orders in place of its own.
fn with_orders(example: &Tree, shape: &Shape, orders: &[&Order]) -> Tree {
    let mut reply = example.clone();
    let template = templates(example, shape).first().copied().cloned().unwrap_or(Tree::Null);
    match reply.at_mut(shape.at) {
        Some(Tree::Array(elements)) => {
            *elements = orders.iter().map(|order| order.shown_as(&template, shape)).collect();
        }
        Some(node) => {
            if let Some(order) = orders.first() {
                *node = order.shown_as(&template, shape);
            }
        }
        None => {}
    }
    reply
}

/// The example, with another id.
fn with_id(example: &Tree, shape: &Shape, id: &str) -> Tree {
    let mut reply = example.clone();
    for (name, _) in shape.members.iter().filter(|(_, field)| matches!(field, Field::Id)) {
        set(reply.at_mut(shape.at).and_then(|order| order.get_mut(name)), Tree::text(id));
    }
    reply
}

fn echo(call: &Call<'_>, members: &[(&str, &str)]) -> Option<Tree> {
    if call.is_example {
        return None;
    }
    let mut reply = call.example.clone();
    for (pointer, name) in members {
        let given = call.body.and_then(|body| body.get(name)).or_else(|| value(call.values, name));
        if let Some(given) = given.filter(|given| !given.is_null()) {
            set(reply.at_mut(pointer), given.clone());
        }
    }
    Some(reply)
}

/// The id after the last one, and not before the example's.
fn id_after(last: &str, example: &str) -> String {
    if let (Ok(last), Ok(example)) = (last.parse::<i128>(), example.parse::<i128>()) {
        return last.saturating_add(1).max(example).to_string();
    }
    let hex = |text: &str| u128::from_str_radix(&text.replace('-', ""), 16).ok().filter(|_| text.len() == 36);
    if let (Some(last), Some(example)) = (hex(last), hex(example)) {
        let next = format!("{:032x}", last.saturating_add(1).max(example));
        let part = |from: usize, to: usize| next.get(from..to).unwrap_or_default();
        return [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
    }
    format!("{last}1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_whatever_they_look_like() {
        assert_eq!(id_after("28", "2208"), "2208");
        assert_eq!(id_after("2208", "28"), "2209");
        assert_eq!(id_after("-72057594037927935", "-72057594037927935"), "-72057594037927934");
        let example = "5e1f2d1c-7b64-4d3a-9a3e-3f0a4f6c2bff";
        assert_eq!(id_after(example, example), "5e1f2d1c-7b64-4d3a-9a3e-3f0a4f6c2c00");
    }

    #[test]
    fn markets_are_taken_apart() {
        let pair = |base: &str, quote: &str| Some((base.to_owned(), quote.to_owned()));
        assert_eq!(assets("BTC-USD"), pair("BTC", "USD"));
        assert_eq!(assets("btc_usdt"), pair("BTC", "USDT"));
        assert_eq!(assets("JEXBTC"), pair("JEX", "BTC"));
        assert_eq!(assets("BTC"), None);
    }
}
