//! An account: its orders and the changes of its balances.

use std::collections::{HashMap, HashSet, VecDeque};

use venuekit::Decimal;
use venuekit_json::Tree;

use super::call::{Seeds, same};
use super::order::{Order, Status};
use crate::json::Amount as _;
use crate::profile::Balances;
use crate::record::Refusal;
use crate::refuse::Rejection;

/// The maximum number of orders of an account. The oldest are dropped, finished ones first.
const MAX_ORDERS: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) touched: bool,
    pub(crate) orders: VecDeque<Order>,
    /// The ids of the examples' orders that were cancelled.
    pub(crate) gone: HashSet<String>,
    /// The change of each asset's balance, by asset in upper case.
    pub(crate) changes: HashMap<String, Decimal>,
    pub(crate) reserved: HashMap<String, Decimal>,
    pub(crate) made: HashSet<String>,
}

impl Account {
    /// Returns the free amount of an asset; `None` if the asset is unknown. Any amount of an
    /// unknown asset is available.
    pub(crate) fn available(&self, seeds: &Seeds, asset: &str) -> Option<Decimal> {
        let seed = seeds.balances.iter().find(|(other, ..)| same(other, asset)).map(|(_, free, _)| *free);
        let change = self.changes.get(asset).copied();
        if seed.is_none() && change.is_none() {
            return None;
        }
        let sum = seed.unwrap_or_default().checked_add(change.unwrap_or_default())?;
        sum.checked_sub(self.reserved.get(asset).copied().unwrap_or_default())
    }

    /// Returns an error if the balances do not cover these orders.
    pub(crate) fn afford(&self, seeds: &Seeds, orders: &[Order]) -> Result<(), Rejection> {
        let mut needed: HashMap<&str, Decimal> = HashMap::new();
        for (asset, amount) in orders.iter().filter_map(|order| order.reserves.as_ref()) {
            let needed = needed.entry(asset).or_default();
            let sum = needed.checked_add(*amount);
            let available = self.available(seeds, asset);
            if sum.is_none_or(|sum| available.is_some_and(|available| available < sum)) {
                return Err(Rejection::new(Refusal::InsufficientBalance, format!("the balance of {asset} is too low")));
            }
            *needed = sum.unwrap_or_default();
        }
        Ok(())
    }

    pub(crate) fn add(&mut self, order: Order) {
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

    pub(crate) fn cancel(&mut self, index: usize, now: i64) -> Option<Order> {
        self.release(index);
        let order = self.orders.get_mut(index)?;
        order.status = Status::Cancelled;
        order.changed = now;
        Some(order.clone())
    }

    pub(crate) fn release(&mut self, index: usize) {
        let open = self.orders.get(index).filter(|order| order.status == Status::Open);
        if let Some((asset, amount)) = open.and_then(|order| order.reserves.as_ref())
            && let Some(reserved) = self.reserved.get_mut(asset)
        {
            *reserved = reserved.checked_sub(*amount).unwrap_or_default();
        }
    }

    /// Adds the account's changes to the balances in a row of the example.
    pub(crate) fn apply(&self, row: &mut Tree, rules: &Balances, asset: &str) {
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
