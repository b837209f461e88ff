//! The state that a transport and the pipeline share while a request is in flight.
//!
//! A cancellation token (`tokio_util`) does not fit, because it only signals. Here exactly one side
//! has to win: the call that abandons the request, or the transport that writes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::OwnedSemaphorePermit;

use crate::limits::place::ResponseNotice;

/// The progress of a request: not reported, waiting, leaving or abandoned.
///
/// A transport calls [`wait`](Self::wait) first, and [`leave`](Self::leave) right before it writes
/// the first byte. Then a call that is abandoned in between ends as not sent. If a transport calls
/// neither, the outcome of an abandoned call is unknown.
#[derive(Clone, Debug, Default)]
pub struct Departure(Arc<AtomicU8>);

impl Departure {
    const UNSTATED: u8 = 0;
    const WAITING: u8 = 1;
    const LEAVING: u8 = 2;
    const ABANDONED: u8 = 3;

    /// Reports that no byte of the request was written, and that [`leave`](Self::leave) will be
    /// called before the first byte is written.
    pub fn wait(&self) {
        self.advance(Self::UNSTATED, Self::WAITING);
    }

    /// Reports that the request begins to leave. Returns false if the request was abandoned before,
    /// and then it must not be sent.
    #[must_use]
    pub fn leave(&self) -> bool {
        let before = self.advance(Self::WAITING, Self::LEAVING);
        before != Self::ABANDONED
    }

    /// Abandons the request unless it is leaving. Returns true if no byte was sent and none will be
    /// sent.
    pub fn abandon(&self) -> bool {
        let before = self.advance(Self::WAITING, Self::ABANDONED);
        matches!(before, Self::WAITING | Self::ABANDONED)
    }

    /// Returns whether the request was abandoned.
    pub fn is_abandoned(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::ABANDONED
    }

    /// Changes the state to `to` if it is `from`. Returns the earlier state.
    fn advance(&self, from: u8, to: u8) -> u8 {
        match self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire) {
            Ok(before) | Err(before) => before,
        }
    }
}

/// The signal by which a transport reports that the head of the response has arrived.
///
/// The rate limits wait for the signal, because the venue has counted the request by then. So does
/// the next request of the key, if the requests of the key are sent one after the other. A
/// transport may drop the value without the signal. Then the next request of the key may go, and
/// the limits assume that the response began when
/// [`Transport::send`](crate::transport::Transport::send) returned it. This is safe, and only costs
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

    /// Reports that status and headers of the response have arrived. The body may still be in
    /// transit.
    pub fn response_began(self) {
        if let Some(notice) = self.notice {
            notice.response_began();
        }
    }
}
