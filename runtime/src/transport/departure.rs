//! The state that a transport and the pipeline share while a request is in flight.
//!
//! A cancellation token (`tokio_util`) does not fit, because it only signals. Here exactly one side
//! has to win: the call that abandons the request, or the transport that writes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::time::Instant;

use crate::limits::place::ResponseNotice;
use crate::turn::Turn;

/// The progress of a request: not reported, waiting, leaving or abandoned.
///
/// A transport calls [`wait`](Self::wait) first, and [`leave`](Self::leave) right before it writes
/// the first byte. Then a call that is abandoned in between ends as not sent. If a transport calls
/// neither, the outcome of an abandoned call is unknown.
#[derive(Clone, Debug, Default)]
pub struct Departure(Arc<State>);

#[derive(Debug, Default)]
struct State {
    progress: AtomicU8,
    /// After this time the request must not begin to leave. `None` if the time does not matter.
    latest: Option<Instant>,
}

impl Departure {
    const UNSTATED: u8 = 0;
    const WAITING: u8 = 1;
    const LEAVING: u8 = 2;
    const ABANDONED: u8 = 3;

    /// Creates the state of a request that must not begin to leave after `latest`: its places and
    /// its turn, which other processes know too, end by themselves.
    pub(crate) fn until(latest: Instant) -> Self {
        Self(Arc::new(State { latest: Some(latest), ..State::default() }))
    }

    /// Reports that no byte of the request was written, and that [`leave`](Self::leave) will be
    /// called before the first byte is written.
    pub fn wait(&self) {
        self.advance(Self::UNSTATED, Self::WAITING);
    }

    /// Reports that the request begins to leave. Returns false if the request was abandoned before,
    /// or if its time is over, and then it must not be sent.
    #[must_use]
    pub fn leave(&self) -> bool {
        if self.0.latest.is_some_and(|latest| Instant::now() > latest) {
            self.abandon();
        }
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
        self.0.progress.load(Ordering::Acquire) == Self::ABANDONED
    }

    /// Changes the state to `to` if it is `from`. Returns the earlier state.
    fn advance(&self, from: u8, to: u8) -> u8 {
        match self.0.progress.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire) {
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
    _turn: Option<Turn>,
    notice: Option<ResponseNotice>,
}

impl ResponseSignal {
    pub(crate) fn new(turn: Option<Turn>, notice: Option<ResponseNotice>) -> Self {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_whose_time_is_over_does_not_begin_to_leave_and_one_that_leaves_goes_on() {
        let latest = Instant::now() + Duration::from_secs(1);
        let [late, leaving] = [(); 2].map(|()| Departure::until(latest));
        late.wait();
        leaving.wait();
        assert!(leaving.leave());
        tokio::time::advance(Duration::from_millis(1_001)).await;
        assert!(!late.leave());
        assert!(late.abandon(), "it was not sent");
        assert!(leaving.leave(), "the rest of its body follows");
        assert!(!leaving.abandon());
    }
}
