//! The settings of a store.

use std::fmt;
use std::time::Duration;

/// A builder of a [`RedisStore`](crate::RedisStore).
#[derive(Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct RedisBuilder {
    pub(crate) urls: Vec<String>,
    pub(crate) namespace: String,
    pub(crate) timeout: Duration,
    pub(crate) nonce_ahead: Duration,
    pub(crate) longest_hold: Duration,
    #[cfg(feature = "tls")]
    pub(crate) root_certificate: Option<Vec<u8>>,
}

impl RedisBuilder {
    pub(crate) fn new(url: String) -> Self {
        Self {
            urls: vec![url],
            namespace: "venuekit".to_owned(),
            timeout: Duration::from_millis(800),
            nonce_ahead: Duration::from_secs(1),
            longest_hold: Duration::from_secs(15),
            #[cfg(feature = "tls")]
            root_certificate: None,
        }
    }

    /// Adds the URL of another node of a cluster. With more than one URL, the store is a cluster.
    #[cfg(feature = "cluster")]
    pub fn node(mut self, url: impl Into<String>) -> Self {
        self.urls.push(url.into());
        self
    }

    /// Sets the beginning of all keys. Programs with another namespace share nothing. The default
    /// is `venuekit`.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// Sets the longest time of one request to the server, and of connecting. The default is 800
    /// ms. [`SharedState::timeout`](venuekit::state::SharedState::timeout) bounds both together.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how far a nonce may be ahead of the server's clock. The default is a second.
    ///
    /// Nonces are milliseconds of the server's clock, so a key has a thousand of them in a second.
    /// If calls draw more at once, nonces run ahead by this time at most, and then calls wait.
    /// After the server forgot the last nonce, the next one is this far ahead, so it is larger than
    /// all before.
    pub fn nonce_ahead(mut self, time: Duration) -> Self {
        self.nonce_ahead = time;
        self
    }

    /// Sets the longest time for which a request of any process may be on its way: the longest
    /// timeout of a call, and [`limit_grace`](venuekit::ClientBuilder::limit_grace). The default is
    /// 15 s, for the defaults of both.
    ///
    /// After a restart or a failover of the server, a limit stays closed for this time and its
    /// window, because requests may be on their way that the server forgot. All processes need the
    /// same value.
    pub fn longest_hold(mut self, time: Duration) -> Self {
        self.longest_hold = time;
        self
    }

    /// Trusts this certificate (PEM) of an authority, in place of those of the system.
    #[cfg(feature = "tls")]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificate = Some(pem.into());
        self
    }
}

impl fmt::Debug for RedisBuilder {
    /// Hides the URLs, which may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBuilder")
            .field("namespace", &self.namespace)
            .field("timeout", &self.timeout)
            .field("nonce_ahead", &self.nonce_ahead)
            .field("longest_hold", &self.longest_hold)
            .finish_non_exhaustive()
    }
}
