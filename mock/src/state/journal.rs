//! The latest changes of orders and balances, for the notifications of connections.

use std::collections::VecDeque;

use super::order::{Order, Status};

/// The number of changes that are kept.
const MAX_CHANGES: usize = 10_000;

/// The latest changes of all accounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    /// The number of the last change.
    last: u64,
    /// True if anybody reads the changes.
    pub(crate) is_read: bool,
}

#[derive(Clone, Debug)]
struct Entry {
    number: u64,
    /// The key and the user of the account.
    account: (String, String),
    change: Changed,
}

/// The thing that changed.
#[derive(Clone, Debug)]
pub(crate) enum Changed {
    /// An order; `is_new`: true if it was placed just now.
    Order { order: Box<Order>, is_new: bool },
    /// The balance of an asset.
    Asset(String),
}

impl Journal {
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Adds a change of an order.
    pub(crate) fn order(&mut self, account: &(String, String), order: &Order, is_new: bool) {
        if self.is_read {
            self.push(account, Changed::Order { order: Box::new(order.without_fills()), is_new });
        }
    }

    /// Adds a change of a balance.
    pub(crate) fn asset(&mut self, account: &(String, String), asset: &str) {
        if self.is_read {
            self.push(account, Changed::Asset(asset.to_owned()));
        }
    }

    fn push(&mut self, account: &(String, String), change: Changed) {
        self.last += 1;
        if self.entries.len() >= MAX_CHANGES {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry { number: self.last, account: account.clone(), change });
    }

    /// Returns the changes of an account after the one with this number.
    pub(crate) fn after<'a>(
        &'a self,
        number: u64,
        account: &'a (String, String),
    ) -> impl Iterator<Item = &'a Changed> + 'a {
        let start = self.entries.partition_point(|entry| entry.number <= number);
        self.entries.range(start..).filter(move |entry| entry.account == *account).map(|entry| &entry.change)
    }
}

impl Changed {
    /// Returns whether an order ended.
    pub(crate) fn has_ended(order: &Order) -> bool {
        order.status != Status::Open
    }
}
