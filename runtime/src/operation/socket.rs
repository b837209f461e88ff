//! A venue that is called over a WebSocket, as its spec describes it.

use std::time::Duration;

use super::family::SubscriptionFamily;
use super::operation::Operation;

/// The protocol of a venue that is called over a WebSocket.
#[derive(Debug)]
pub struct Socket {
    login: Option<&'static Operation>,
    other_logins: &'static [&'static Operation],
    ping: Option<&'static Operation>,
    ping_interval: Duration,
    families: &'static [&'static SubscriptionFamily],
}

impl Default for Socket {
    fn default() -> Self {
        Self::new()
    }
}

impl Socket {
    /// Describes a protocol without a login, a ping and subscriptions. The interval of pings is
    /// 20 s.
    pub const fn new() -> Self {
        Self { login: None, other_logins: &[], ping: None, ping_interval: Duration::from_secs(20), families: &[] }
    }

    /// Sets the operation by which a connection is logged in. Its request is signed.
    #[must_use]
    pub const fn with_login(mut self, login: &'static Operation) -> Self {
        self.login = Some(login);
        self
    }

    /// Sets further operations that change the login of a connection. The client calls one of them
    /// if its signer names it ([`Signer::login`](crate::signing::Signer::login)).
    #[must_use]
    pub const fn with_other_logins(mut self, logins: &'static [&'static Operation]) -> Self {
        self.other_logins = logins;
        self
    }

    /// Sets the operation without parameters that keeps a connection alive.
    #[must_use]
    pub const fn with_ping(mut self, ping: &'static Operation) -> Self {
        self.ping = Some(ping);
        self
    }

    /// Sets the time in seconds after which a ping is sent on a connection that is quiet in one of
    /// its directions. 0 counts as 1.
    #[must_use]
    pub const fn with_ping_interval(mut self, seconds: u64) -> Self {
        self.ping_interval = Duration::from_secs(if seconds == 0 { 1 } else { seconds });
        self
    }

    /// Sets the families of subscriptions.
    #[must_use]
    pub const fn with_families(mut self, families: &'static [&'static SubscriptionFamily]) -> Self {
        self.families = families;
        self
    }

    /// Returns the operation by which a connection is logged in.
    pub const fn login(&self) -> Option<&'static Operation> {
        self.login
    }

    /// Returns further operations that change the login of a connection.
    pub const fn other_logins(&self) -> &'static [&'static Operation] {
        self.other_logins
    }

    /// Returns all operations that log a connection in.
    pub fn logins(&self) -> impl Iterator<Item = &'static Operation> + use<> {
        self.login.into_iter().chain(self.other_logins.iter().copied())
    }

    /// Returns the login with this id; `None` stands for the first one.
    #[cfg(feature = "ws")]
    pub(crate) fn login_named(&self, id: Option<&str>) -> Option<&'static Operation> {
        id.map_or(self.login, |id| self.logins().find(|login| login.id() == id))
    }

    /// Returns the reason why a program must not call an operation by hand: its effect on the
    /// connection would differ from what the client knows of it.
    pub(crate) fn reserves(&self, operation: &Operation) -> Option<&'static str> {
        let is_same = |other: &Operation| other.route.template() == operation.route.template();
        if self.logins().any(is_same) {
            return Some(
                "the login of a connection belongs to the client, which logs in by itself (help: give the client \
                 credentials)",
            );
        }
        if self.families.iter().any(|family| is_same(family.subscribe)) {
            return Some(
                "a call of this operation would replace the subscriptions of the connection (help: make a \
                 subscription, which shares the connection with the others)",
            );
        }
        let ends = self.families.iter().any(|family| is_same(family.unsubscribe));
        ends.then_some(
            "a call of this operation would end the subscriptions of the connection (help: drop the subscription)",
        )
    }

    /// Returns the operation that keeps a connection alive.
    pub const fn ping(&self) -> Option<&'static Operation> {
        self.ping
    }

    /// Returns the time after which a ping is sent on a quiet connection.
    pub const fn ping_interval(&self) -> Duration {
        self.ping_interval
    }

    /// Returns the families of subscriptions.
    pub const fn families(&self) -> &'static [&'static SubscriptionFamily] {
        self.families
    }
}
