//! The commands to a connection.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::event::Reason;
use super::frame::Envelope;
use super::params::Wanted;
use super::queue::Queue;
use crate::error::Error;
use crate::future::BoxFuture;
use crate::operation::family::{SubscriptionFamily, Topics};
use crate::operation::operation::Operation;
use crate::redact::Secrets;
use crate::transport::departure::{Departure, ResponseSignal};
use crate::transport::error::TransportError;

/// A command to a connection.
#[derive(Debug)]
pub(super) enum Command {
    /// Sends a call.
    Call(Box<CallCommand>),
    /// Forgets the call with this ticket: nobody waits for its response any more.
    Forget(u64),
    /// Adds a subscription.
    Subscribe(Box<NewMember>),
    /// Ends the subscription with this id.
    Unsubscribe(u64),
    /// Makes the subscription with this id again, because its consumer has read of an interruption.
    Renew(u64),
    /// Interrupts the subscription with this id, until its consumer has read so.
    Interrupt(u64, Reason),
}

/// A call to be sent.
#[derive(Debug)]
pub(super) struct CallCommand {
    pub(super) ticket: u64,
    pub(super) envelope: Envelope,
    pub(super) needs_login: bool,
    /// True if the call fails at once when a limit of the connection is full.
    pub(super) fails_when_full: bool,
    pub(super) departure: Departure,
    pub(super) signal: Option<ResponseSignal>,
    pub(super) reply: oneshot::Sender<Result<Bytes, TransportError>>,
    /// The texts that the log must not have; `None` if they were not kept.
    pub(super) secrets: Option<Secrets>,
}

/// A subscription to be made.
#[derive(Debug)]
pub(super) struct NewMember {
    pub(super) id: u64,
    pub(super) family: &'static SubscriptionFamily,
    /// The way in which the subscriptions of the family become one call, by the client's settings.
    pub(super) topics: Topics,
    pub(super) wanted: Wanted,
    pub(super) queue: Arc<Queue>,
    pub(super) stale_after: Option<Duration>,
    pub(super) deadline: Instant,
    pub(super) ready: oneshot::Sender<Result<(), Error>>,
    pub(super) place: Place,
}

/// The place of a subscription on a connection, if the connection carries only one like it.
/// Dropping it gives it back.
#[derive(Debug, Default)]
pub(super) struct Place(Option<(Places, Taken)>);

/// The places that are taken on a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Arc<Mutex<Vec<Taken>>>);

/// A family, and a topic if the connection carries one subscription of each topic.
type Taken = (&'static str, Option<Arc<str>>);

impl Places {
    /// Takes a place. Returns `None` if it is taken.
    pub(super) fn take(&self, wanted: &Taken) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.contains(wanted) {
            return None;
        }
        taken.push(wanted.clone());
        Some(Place(Some((self.clone(), wanted.clone()))))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((places, own)) = self.0.take() {
            places.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|taken| *taken != own);
        }
    }
}

/// The request that logs a connection in.
#[derive(Debug)]
pub(crate) struct LoginRequest {
    pub(crate) operation: &'static Operation,
    pub(crate) text: Bytes,
    /// The texts that must not be printed.
    pub(crate) secrets: Secrets,
}

/// Makes the request that logs a connection in, with this id and a new signature.
#[derive(Clone)]
pub(crate) struct LoginSource(pub(crate) Arc<MakeLogin>);

type MakeLogin = dyn Fn(u64) -> BoxFuture<'static, Result<LoginRequest, Error>> + Send + Sync;

impl fmt::Debug for LoginSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginSource")
    }
}
