//! The time for which a limit is closed after the venue refused a request with 429 or 418.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use super::instant::later;

/// The settings of a client for how long requests without a response count, and how long limits
/// stay closed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Policy {
    /// The time for which a request without a response may still arrive after its attempt ended.
    pub grace: Duration,
    /// The length of the first closing by a refusal that states no time. Each further one is twice
    /// as long.
    pub first: Duration,
    /// The maximum length of a closing by a refusal that states no time.
    pub longest: Duration,
    /// The maximum length of a closing by a 429; `None` for the longest closing of each limit.
    pub max_closing: Option<Duration>,
    /// The maximum length of a closing by a 418.
    pub max_ban: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            // Linux retransmits a lost packet after 0.2 s, and doubles that each time. Within 3 s a
            // packet is sent five times. Two more seconds allow for the transmission.
            grace: Duration::from_secs(5),
            first: Duration::from_secs(1),
            longest: Duration::from_secs(300),
            max_closing: None,
            max_ban: Duration::from_secs(3 * 86_400),
        }
    }
}

impl Policy {
    /// Returns the time for which a limit is closed after the venue refused `refusals` requests in
    /// a row.
    ///
    /// `stated` is the time that the venue stated; without it, the closing doubles with each
    /// refusal, up to `longest`. A stated time is cut to `most`, or to the doubled closing if the
    /// doubled closing is longer.
    pub(super) fn closing(&self, stated: Option<Duration>, most: Duration, refusals: u32) -> Duration {
        let doublings = refusals.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        let grown = self.first.saturating_mul(factor).min(self.longest);
        match stated {
            Some(stated) => stated.min(most.max(grown)),
            None => grown,
        }
    }
}

/// The refusals of a limit since a request last passed it.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    count: u32,
    last: Option<Instant>,
}

impl Refusals {
    /// Counts a refusal of a request that was sent at `sent_at`, and returns how many there are.
    ///
    /// Requests that were in flight together and are all refused count once.
    pub(super) fn add(&mut self, now: Instant, sent_at: Instant) -> u32 {
        if self.last.is_none_or(|last| sent_at > last) {
            self.count = self.count.saturating_add(1);
            self.last = Some(now);
        }
        self.count
    }

    /// Forgets the refusals if a request that was sent after the last of them passed the limit.
    /// `sent_at` is the time at which the request was sent.
    pub(super) fn passed(&mut self, sent_at: Instant) {
        if self.last.is_some_and(|last| sent_at > last) {
            *self = Self::default();
        }
    }
}

/// Returns the end of the window in which the venue counted the use that a response states.
///
/// A window of the venue ends one window after the response at the latest. Windows of more than an
/// hour are assumed to start at multiples of their length in the venue's time, such as at midnight
/// UTC. Otherwise a limit that is used up late in a day would stay closed for most of the next. If
/// the venue's windows slide instead, its next response corrects the count.
pub(super) fn window_ends(now: Instant, venue_time: SystemTime, window: Duration) -> Instant {
    const LONG: Duration = Duration::from_secs(3_600);
    /// The window divided by this number is the possible error of our estimate of the venue's time:
    /// a minute for a window of a day.
    const PARTS: u32 = 1_440;

    let since_1970 = venue_time.duration_since(UNIX_EPOCH).unwrap_or_default();
    if window <= LONG {
        return later(now, window);
    }
    // A count that comes just after a start may still belong to the window before.
    let since_start = since_1970.saturating_sub(window / PARTS).as_nanos() % window.as_nanos();
    let passed = u64::try_from(since_start / 1_000_000).map_or(Duration::ZERO, Duration::from_millis);
    later(now, window.saturating_sub(passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_closing_lasts_as_long_as_the_venue_states_up_to_the_maximum() {
        let policy = Policy::default();
        assert_eq!(policy.closing(Some(s(30)), s(60), 1), s(30));
        assert_eq!(policy.closing(Some(Duration::MAX), s(60), 1), s(60));
        assert_eq!(policy.closing(Some(Duration::MAX), s(1), 5), s(16), "repeated refusals raise the maximum");
        assert_eq!(policy.closing(Some(s(3)), s(1), 5), s(3));
        assert_eq!(policy.closing(Some(Duration::MAX), s(1), u32::MAX), s(300));
    }

    #[test]
    fn a_closing_without_a_stated_time_doubles_up_to_the_maximum() {
        let policy = Policy::default();
        let closings = [0, 1, 2, 3, 9, 10, 32, 33, u32::MAX].map(|refusals| policy.closing(None, s(9), refusals));
        assert_eq!(closings, [1, 1, 2, 4, 256, 300, 300, 300, 300].map(s));
        let endless = Policy { first: Duration::MAX, longest: Duration::MAX, ..policy };
        assert_eq!(endless.closing(None, s(1), u32::MAX), Duration::MAX);
    }

    #[test]
    fn refusals_that_were_in_flight_together_count_once_and_a_pass_sent_before_them_resets_nothing() {
        let start = Instant::now();
        let mut refusals = Refusals::default();
        assert_eq!([refusals.add(start + s(1), start), refusals.add(start + s(2), start)], [1, 1]);
        refusals.passed(start);
        assert_eq!(refusals.add(start + s(4), start + s(3)), 2);
        refusals.passed(start + s(5));
        assert_eq!(refusals.add(start + s(7), start + s(6)), 1);
    }

    #[test]
    fn a_long_window_ends_at_the_next_boundary_in_the_venue_s_time_and_a_short_one_a_window_later() {
        let (now, day) = (Instant::now(), 86_400);
        let midnight = UNIX_EPOCH + s(19_000 * day);
        let ends = |time: SystemTime, window| (window_ends(now, time, s(window)) - now).as_secs();
        assert_eq!(ends(midnight + s(7), 60), 60);
        assert_eq!(ends(midnight + s(10 * 3_600), day), 14 * 3_600 + 60);
        assert_eq!(ends(midnight + s(day - 1), day), 61);
        assert_eq!(ends(midnight + s(20), day), 40, "the count is of the day before");
        assert_eq!(ends(midnight + s(60), day), day);
        for odd in [UNIX_EPOCH, UNIX_EPOCH - s(day), UNIX_EPOCH + s(u64::MAX >> 2)] {
            assert!(ends(odd, day) <= day);
            assert!(window_ends(now, odd, Duration::MAX) >= now);
        }
    }
}
