//! The behaviour of a venue that is called over a socket.

use std::fmt;

use serde_json::Value;

use crate::sign::Keys;

/// The behaviour of a venue on a connection.
#[derive(Debug)]
pub(crate) struct SocketProfile {
    /// The function that checks the parameters of a login.
    pub(crate) login: fn(&[Value], &Keys) -> Result<(), Refused>,
    /// The error of a login that a fault refuses.
    pub(crate) login_refused: Refused,
    /// The error of a call without the login that it needs.
    pub(crate) login_needed: Refused,
    /// The result of a login, of a subscription and of its end, as JSON.
    pub(crate) success: &'static str,
    /// Creates the notifications of a connection, by its seed.
    pub(crate) feed: fn(u64) -> Box<dyn Feed>,
}

/// An error of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refused {
    pub(crate) code: i64,
    pub(crate) message: &'static str,
}

/// The subscriptions of a connection, and their notifications.
pub(crate) trait Feed: fmt::Debug + Send {
    /// Subscribes. An error leaves no subscription of the family.
    fn subscribe(&mut self, family: &str, params: &[Value]) -> Result<(), Refused>;

    /// Ends the subscriptions of a family.
    fn unsubscribe(&mut self, family: &str);

    /// Returns whether there is any subscription.
    fn is_active(&self) -> bool;

    /// Returns the notifications of the next round. `now` is the time in seconds.
    fn round(&mut self, now: i64) -> Vec<String>;
}
