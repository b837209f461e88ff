//! What a transport and the pipeline tell each other while a request is on its way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::OwnedSemaphorePermit;

use crate::limits::place::ResponseNotice;

/// Whether a request has begun to leave: what the transport knows, for a call that is given up.
///
/// A transport that calls [`wait`](Self::wait) first and [`leave`](Self::leave) right before it
/// writes the first byte lets a call that is given up in between end as not sent. The outcome of a
/// transport that calls neither is unknown then.
#[derive(Clone, Debug, Default)]
pub struct Departure(Arc<AtomicU8>);

impl Departure {
    const UNTOLD: u8 = 0;
    const WAITING: u8 = 1;
    const LEAVING: u8 = 2;
    const ABANDONED: u8 = 3;

    /// States that nothing of the request was written, and that [`leave`](Self::leave) will be
    /// called before anything is.
    pub fn wait(&self) {
        self.advance(Self::UNTOLD, Self::WAITING);
    }

    /// States that the request begins to leave. Returns false if it was given up before: then it
    /// must not be sent.
    #[must_use]
    pub fn leave(&self) -> bool {
        let before = self.advance(Self::WAITING, Self::LEAVING);
        before != Self::ABANDONED
    }

    /// Gives the request up unless it is leaving. Returns whether nothing was sent, and nothing
    /// will be.
    pub fn abandon(&self) -> bool {
        let before = self.advance(Self::WAITING, Self::ABANDONED);
        matches!(before, Self::WAITING | Self::ABANDONED)
    }

    /// Returns whether the request was given up.
    pub fn is_abandoned(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::ABANDONED
    }

    /// Goes from one state to another if it is in the first. Returns the state that it was in.
    fn advance(&self, from: u8, to: u8) -> u8 {
        match self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire) {
            Ok(before) | Err(before) => before,
        }
    }
}

/// Learns from the transport when the head of the response is in.
///
/// The next request of the key may wait for that, and so do the rate limits: the venue has counted
/// the request by then. A transport that only drops the value lets the next request of the key go;
/// the limits then take the response to have begun when
/// [`Transport::send`](crate::transport::Transport::send) returns it. Both are safe, and only cost
/// time.
#[derive(Debug)]
pub struct ResponseSignal {
    _turn: Option<OwnedSemaphorePermit>,
    notice: Option<ResponseNotice>,
}

impl ResponseSignal {
    pub(crate) fn new(turn: Option<OwnedSemaphorePermit>, notice: Option<ResponseNotice>) -> Self {
        Self { _turn: turn, notice }
    }

    /// States that status and headers of the response are in. Its body may still be on its way.
    pub fn response_began(self) {
        if let Some(notice) = self.notice {
            notice.response_began();
        }
    }
}
