//! The state of a connection, as users see it.

use std::sync::{Arc, Mutex, PoisonError};

/// The state of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionState {
    /// True if the connection is open.
    pub is_connected: bool,
    /// True if the connection is logged in.
    pub is_logged_in: bool,
    /// The reason why the last login failed; `None` if it succeeded. A login that may succeed later
    /// is tried again.
    pub login_error: Option<String>,
    /// The reason why the connection is not open: the last attempt to connect failed, or the
    /// connection broke. `None` if it is open, or was not needed yet.
    pub connect_error: Option<String>,
    /// The number of times the connection was opened.
    pub connects: u64,
    /// The number of subscriptions.
    pub subscriptions: usize,
    /// The number of responses whose id belongs to no request that is waiting: unknown ids, ids
    /// that came twice, and responses after a timeout.
    pub unmatched_responses: u64,
    /// The number of notifications that belong to no subscription.
    pub unmatched_notifications: u64,
    /// The number of messages that are neither a response nor a notification.
    pub unreadable_messages: u64,
}

/// A state that a connection changes and users read.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedState(Arc<Mutex<ConnectionState>>);

impl SharedState {
    pub(super) fn get(&self) -> ConnectionState {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the reason why a request waits, as a text for the end of a message; empty if none is
    /// known. A request that needs no login does not wait for one.
    pub(super) fn obstacle(&self, needs_login: bool) -> String {
        let state = self.get();
        match (state.connect_error, state.login_error.filter(|_| needs_login)) {
            (Some(reason), _) => format!(" (no connection: {reason})"),
            (None, Some(reason)) => format!(" (no login: {reason})"),
            (None, None) => String::new(),
        }
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut ConnectionState)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
