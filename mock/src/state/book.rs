//! The accounts of a venue, and the effects of calls on them.

use std::collections::{HashMap, HashSet};

use venuekit_json::Tree;

use super::account::Account;
use super::call::{Call, Seeds, market_of, same, scopes, value, wanted};
use super::order::{Order, PlacedOrder, Status, id_after, read_order};
use super::page::Page;
use super::response::{echo, field, set, templates, with_id, with_orders, zero};
use crate::json::decimal;
use crate::profile::{Balances, Effect, Field, Ids, OrderFilter, OrderParameters, Pages, Shape, ValuesIn};
use crate::record::Refusal;
use crate::refuse::Rejection;

const MAX_ACCOUNTS: usize = 1_000;
const MAX_CHANGES: usize = 100_000;

/// The accounts of a venue.
#[derive(Debug, Default)]
pub(crate) struct Book {
    accounts: HashMap<(String, String), Account>,
    /// The id of the last order, by key.
    last_ids: HashMap<String, String>,
}

impl Book {
    /// Carries a call out. Returns `None` if the response is the example.
    pub(crate) fn act(&mut self, call: &Call<'_>, seeds: &Seeds) -> Result<Option<Tree>, Rejection> {
        match call.effect {
            Effect::Place { from, order, response } => self.place(call, seeds, *from, order, response),
            Effect::Test { from, order } => {
                let orders = scopes(call, *from).into_iter().map(|scope| read_order(call, seeds, &scope, order));
                let orders: Vec<Order> = orders.collect::<Result<_, _>>()?;
                self.account(call).afford(seeds, &orders).map(|()| None)
            }
            Effect::Cancel { from, id, response } => self.cancel(call, seeds, *from, *id, response.as_ref()),
            Effect::CancelAll { market, count } => self.cancel_all(call, *market, *count),
            Effect::List { which, market, pages, response } => Ok(self.list(call, *which, *market, *pages, response)),
            Effect::Fills { order, market, limit, response } => Ok(self.fills(call, order, market, limit, response)),
            Effect::Get { which, id, response } => self.get(call, seeds, *which, *id, response),
            Effect::Balances(balances) => Ok(self.balances(call, balances)),
            Effect::ChangeBalance { asset, change, force, once_for } => {
                self.change(call, seeds, asset, change, force, once_for)
            }
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

    /// Returns the orders that a call can see: the orders of its user, or of all users of the key
    /// if it names no user.
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
        // A batch succeeds or fails as a whole, so that a refused request reserves nothing.
        self.account(call).afford(seeds, &orders)?;
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
        Ok(Some(with_orders(call.example, shape, &placed.iter().collect::<Vec<_>>())))
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
        let account = self.account(call);
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
        account.touched = true;
        let mut cancelled = Vec::new();
        for index in open {
            cancelled.extend(account.cancel(index, call.now));
        }
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
        market: Option<&str>,
        count: Option<&str>,
    ) -> Result<Option<Tree>, Rejection> {
        let market = market.and_then(|name| market_of(call, name));
        let account = self.account(call);
        let was_touched = std::mem::replace(&mut account.touched, true);
        let is_meant = |order: &Order| order.status == Status::Open && order.is_in(market.as_deref());
        let indices: Vec<usize> =
            account.orders.iter().enumerate().filter(|(_, order)| is_meant(order)).map(|(index, _)| index).collect();
        for index in &indices {
            account.cancel(*index, call.now);
        }
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
        let mut node = with_orders(call.example, shape, &page.select(orders));
        page.show(&mut node, total);
        Some(node)
    }

    /// Returns the fills of an account, the oldest first.
    fn fills(&self, call: &Call<'_>, order: &str, market: &str, limit: &str, shape: &Shape) -> Option<Tree> {
        if !self.is_touched(call) {
            return None;
        }
        // They are parameters, or properties of the body.
        let (id, market) = (market_of(call, order), market_of(call, market));
        let limit = market_of(call, limit).and_then(|limit| limit.parse().ok()).unwrap_or(usize::MAX);
        let fits = |order: &&Order| {
            order.status == Status::Filled
                && order.is_in(market.as_deref())
                && id.as_ref().is_none_or(|id| order.id == *id)
        };
        let filled: Vec<&Order> = self.visible(call).filter(fits).take(limit).collect();
        Some(with_orders(call.example, shape, &filled))
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

    fn balances(&self, call: &Call<'_>, rules: &Balances) -> Option<Tree> {
        let name = (call.key.to_owned(), call.user.clone().unwrap_or_default());
        let account = self.accounts.get(&name).filter(|account| account.touched)?;
        let mut response = call.example.clone();
        let only = rules.only.and_then(|name| value(call.values, name)?.scalar());
        let shown = |asset: &str| only.as_ref().is_none_or(|only| same(only, asset));
        let mut missing: HashSet<String> = account.changes.keys().cloned().collect();
        match response.at_mut(rules.at)? {
            Tree::Array(rows) => {
                let Some(asset_member) = rules.asset else { return Some(response) };
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
        Some(response)
    }

    fn change(
        &mut self,
        call: &Call<'_>,
        seeds: &Seeds,
        asset: &str,
        change: &str,
        force: &str,
        once_for: &[&str],
    ) -> Result<Option<Tree>, Rejection> {
        let text = |name: &str| value(call.values, name).and_then(Tree::scalar).unwrap_or_default();
        let once: String = once_for.iter().map(|name| format!("{}\n", text(name))).collect();
        let asset = text(asset).to_uppercase();
        let amount = decimal(&text(change)).unwrap_or_default();
        let forced = value(call.values, force).is_some_and(|force| !force.is_null());
        let account = self.account(call);
        if account.made.contains(&once) {
            return Err(Rejection::new(Refusal::Repeated, "this change was already made"));
        }
        let available = account.available(seeds, &asset).unwrap_or_default();
        let after = available.checked_add(amount).unwrap_or(available);
        if after.is_sign_negative() && !after.is_zero() && amount.is_sign_negative() && !forced {
            return Err(Rejection::new(Refusal::InsufficientBalance, format!("the balance of {asset} is too low")));
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

fn sorted(assets: HashSet<String>) -> Vec<String> {
    let mut assets: Vec<String> = assets.into_iter().collect();
    assets.sort();
    assets
}
