//! The settings of connections.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::ClientConfig;

use crate::retry::Retry;

/// The waits before a connection is opened again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reconnect(Retry);

impl Default for Reconnect {
    /// Returns waits from 250 ms, doubled each time, up to 30 s.
    fn default() -> Self {
        Self(Retry::default().backoff(Duration::from_millis(250), Duration::from_secs(30)))
    }
}

impl Reconnect {
    /// Sets the wait before the first attempt, which doubles before each later one, and the longest
    /// wait. Half of each wait is random, so that clients that lost their connections together do
    /// not return together.
    #[must_use]
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0 = self.0.backoff(first, longest);
        self
    }

    pub(super) fn wait(&self, attempts: u32) -> Duration {
        self.0.wait(attempts, fastrand::f64())
    }
}

/// The settings of the connections of a client.
#[derive(Clone)]
#[non_exhaustive]
pub struct SocketSettings {
    /// The maximum number of connections. More than one is needed if several subscriptions of a
    /// family cannot share a connection. 0 counts as 1.
    pub max_connections: usize,
    /// True if the host takes several rows in one call, where the specification says that some
    /// hosts do. Subscriptions that differ in their topic then share a connection.
    pub several_rows: bool,
    /// The waits before a connection is opened again.
    pub reconnect: Reconnect,
    /// The timeout of opening a connection, TLS and handshake included.
    pub connect_timeout: Duration,
    /// The time after which a ping is sent on a connection that is quiet in one of its directions;
    /// `None` for the interval of the spec.
    pub ping_interval: Option<Duration>,
    /// The time without any message after which a connection is given up; `None` for twice the
    /// interval of pings.
    pub silence_timeout: Option<Duration>,
    /// The timeout of logins, of subscribing again, and of the queries after an interruption.
    pub request_timeout: Duration,
    /// The maximum number of bytes of a message. A longer one ends the connection.
    pub max_message_bytes: usize,
    /// The configuration of TLS; `None` for the certificates that the system trusts.
    pub tls: Option<Arc<ClientConfig>>,
    /// The `User-Agent` of the handshake.
    pub user_agent: Option<String>,
}

impl Default for SocketSettings {
    fn default() -> Self {
        Self {
            max_connections: 8,
            several_rows: false,
            reconnect: Reconnect::default(),
            connect_timeout: Duration::from_secs(5),
            ping_interval: None,
            silence_timeout: None,
            request_timeout: Duration::from_secs(10),
            max_message_bytes: 16 << 20,
            tls: None,
            user_agent: None,
        }
    }
}

impl fmt::Debug for SocketSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketSettings")
            .field("max_connections", &self.max_connections)
            .field("several_rows", &self.several_rows)
            .field("reconnect", &self.reconnect)
            .field("connect_timeout", &self.connect_timeout)
            .field("ping_interval", &self.ping_interval)
            .field("silence_timeout", &self.silence_timeout)
            .field("request_timeout", &self.request_timeout)
            .field("max_message_bytes", &self.max_message_bytes)
            .finish_non_exhaustive()
    }
}
