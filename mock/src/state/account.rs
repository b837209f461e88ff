//! An account: its orders, and what happened to its balances beside trades.

use std::collections::{HashSet, VecDeque};

use super::changes::BalanceChanges;
use super::order::{Order, Status};
use crate::exchange::OrderId;

/// The maximum number of orders of an account. The oldest are dropped, finished ones first.
const MAX_ORDERS: usize = 10_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) touched: bool,
    pub(crate) orders: VecDeque<Order>,
    /// The ids of the examples' orders that were cancelled.
    pub(crate) gone: HashSet<String>,
    /// The assets, in upper case, whose balance was changed by a request. Of any other asset
    /// without an example, the mock deposits what an order needs.
    pub(crate) managed: HashSet<String>,
    pub(crate) made: HashSet<String>,
    pub(crate) changes: BalanceChanges,
}

impl Account {
    /// Adds an order. Returns the order that was dropped for it, if there is one.
    pub(crate) fn add(&mut self, order: Order) -> Option<Order> {
        self.orders.push_back(order);
        if self.orders.len() <= MAX_ORDERS {
            return None;
        }
        let oldest = self.orders.iter().position(|order| order.status != Status::Open).unwrap_or(0);
        self.orders.remove(oldest)
    }

    /// Returns the order with this id in the matching core.
    pub(crate) fn by_core(&mut self, id: OrderId) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.core == Some(id))
    }
}
