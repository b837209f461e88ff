//! The behaviour of a venue that is called over a socket.

use std::fmt;

use serde_json::Value;
use venuekit::Decimal;
use venuekit_json::Tree;

use super::liquidity::Liquidity;
use crate::balance_change::BalanceChange;
use crate::exchange::{Trade, Wallet};
use crate::refuse::Rejection;
use crate::sign::Keys;

/// The behaviour of a venue on a connection.
#[derive(Debug)]
pub(crate) struct SocketProfile {
    /// The function that checks the parameters of a login, by its method. It returns the key.
    pub(crate) login: fn(&str, &[Value], &Keys) -> Result<String, Refused>,
    /// The error of a login that a fault refuses.
    pub(crate) login_refused: Refused,
    /// The error of a call without the login that it needs.
    pub(crate) login_needed: Refused,
    /// The result of a login, of a subscription and of its end, as JSON.
    pub(crate) success: &'static str,
    /// Creates the notifications of a connection.
    pub(crate) feed: fn() -> Box<dyn Feed>,
    /// Answers a call from the state of the venue, by the names and values of its parameters.
    /// `None`: the response is the example.
    pub(crate) query: Query,
    /// The venue whose orders, balances and markets these are too, if a server has both.
    pub(crate) shares: Option<Shares>,
}

/// A venue over HTTP whose orders, balances and markets are those of a socket too.
#[derive(Debug)]
pub(crate) struct Shares {
    pub(crate) venue: &'static str,
    /// The orders of other traders in the markets that the socket's examples name, on a server with
    /// both. Without the other venue, these markets move at random.
    pub(crate) liquidity: &'static [Liquidity],
}

/// The function that answers a call from the state of the venue.
pub(crate) type Query = fn(&dyn Market, &str, &[(String, Tree)]) -> Result<Option<Tree>, Rejection>;

/// An error of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refused {
    pub(crate) code: i64,
    pub(crate) message: &'static str,
}

/// The subscriptions of a connection, and their notifications.
pub(crate) trait Feed: fmt::Debug + Send {
    /// Subscribes. After an error, earlier subscriptions of the family may be gone.
    fn subscribe(&mut self, family: &str, params: &[Value], market: &mut dyn Market) -> Result<(), Refused>;

    /// Ends the subscriptions of a family.
    fn unsubscribe(&mut self, family: &str);

    /// Ends the subscriptions of the user, because another one has logged in.
    fn user_changed(&mut self);

    /// Returns whether there is any subscription.
    fn is_active(&self) -> bool;

    /// Returns the notifications of the next round.
    fn round(&mut self, market: &mut dyn Market) -> Vec<String>;
}

/// The state of a venue, seen from a connection.
pub(crate) trait Market {
    /// Returns the time in milliseconds since 1970.
    fn now(&self) -> i64;

    /// Returns whether a market exists. Where a market may have any name, it exists when it has
    /// orders or trades.
    fn has(&self, market: &str) -> bool;

    /// Returns whether a market may have any name.
    fn is_free(&self) -> bool;

    /// Returns the prices of a side with the amounts at them, the best price first. Prices within
    /// an interval are one price.
    fn levels(&self, market: &str, buys: bool, interval: Option<Decimal>) -> Vec<(Decimal, Decimal)>;

    /// Returns the latest trades of a market, the newest first.
    fn trades(&self, market: &str) -> Vec<Trade>;

    /// Returns whether the user has placed an order, or has had a change of a balance.
    fn is_touched(&self) -> bool;

    /// Returns the user's balance of an asset.
    fn wallet(&self, asset: &str) -> Wallet;

    /// Returns the assets of the user.
    fn assets(&self) -> Vec<String>;

    /// Returns the changes of the user's balances, the newest first.
    fn balance_changes(&self) -> Vec<BalanceChange>;

    /// Returns the user's orders in a market, the newest first: those that are open, or those that
    /// ended and traded.
    fn orders(&self, market: &str, are_open: bool) -> Vec<Tree>;

    /// Returns the number of the last change of the user's orders and balances.
    fn last_change(&self) -> u64;

    /// Returns the changes of the user's orders and balances after the one with this number.
    fn changes(&self, after: u64) -> Vec<Change>;

    /// Moves a market at random, unless orders of a venue do. `of_user`: true if the user trades in
    /// it too.
    fn step(&mut self, market: &str, of_user: bool);
}

/// A change of an order or of a balance.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// An order was placed, traded or ended.
    Order {
        market: String,
        step: OrderStep,
        order: Tree,
    },
    Asset(String),
}

/// The change of an order that a notification reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderStep {
    Placed,
    Traded,
    Ended,
}
