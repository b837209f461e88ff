//! The venue's time, as far as a client has learnt it.
//!
//! An NTP library does not fit: requests are checked against the clock of the venue's API, and only
//! its responses state the time of that clock.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use http::HeaderMap;

use super::format::{date, shown};
use super::{Clock, ClockOffset};

/// The venue's time: the client's clock, and the offset of the venue's clock.
#[derive(Debug)]
pub(crate) struct VenueClock {
    venue: &'static str,
    clock: Arc<dyn Clock>,
    offset_micros: AtomicI64,
    /// True after the venue refused a time that was calculated with the current offset.
    is_doubted: AtomicBool,
    max_offset: Duration,
}

/// A time of the venue that is not accepted, because it differs too much from the client's time.
#[derive(Debug)]
pub(crate) struct ImplausibleTime {
    ours: SystemTime,
    theirs: SystemTime,
    max_offset: Duration,
}

impl fmt::Display for ImplausibleTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ours, theirs, max_offset } = self;
        let (ours, theirs) = (shown(*ours), shown(*theirs));
        write!(f, "the venue's time is {theirs}, this machine's is {ours} (expected at most {max_offset:?} apart)")
    }
}

impl VenueClock {
    /// Creates a clock without an offset. An offset of more than `max_offset` is not accepted.
    pub(crate) fn new(venue: &'static str, clock: Arc<dyn Clock>, max_offset: Duration) -> Self {
        Self { venue, clock, offset_micros: AtomicI64::new(0), is_doubted: AtomicBool::new(false), max_offset }
    }

    /// Returns the time by the client's own clock.
    pub(crate) fn own_time(&self) -> SystemTime {
        self.clock.now()
    }

    /// Returns the time at the venue, as far as it is known.
    pub(crate) fn venue_time(&self) -> SystemTime {
        self.offset().apply(self.own_time())
    }

    pub(crate) fn offset(&self) -> ClockOffset {
        ClockOffset { micros: self.offset_micros.load(Ordering::Relaxed) }
    }

    fn set_offset(&self, offset: ClockOffset) {
        self.offset_micros.store(offset.micros, Ordering::Relaxed);
        self.is_doubted.store(false, Ordering::Relaxed);
    }

    /// Marks the offset as doubted, because the venue refused a time that was calculated with it.
    pub(crate) fn doubt(&self) {
        self.is_doubted.store(true, Ordering::Relaxed);
    }

    /// Returns whether the offset is in doubt, and clears the doubt. The caller then has to ask the
    /// venue for its time.
    pub(crate) fn take_doubt(&self) -> bool {
        self.is_doubted.load(Ordering::Relaxed) && self.is_doubted.swap(false, Ordering::Relaxed)
    }

    /// Sets the offset from two times of the same moment: `theirs` at the venue, and `ours` here.
    ///
    /// # Errors
    ///
    /// When the two differ too much to be accepted.
    pub(crate) fn learn(&self, ours: SystemTime, theirs: SystemTime) -> Result<ClockOffset, ImplausibleTime> {
        let offset = self.plausible_offset(ours, theirs)?;
        self.set_offset(offset);
        Ok(offset)
    }

    /// Sets the offset from the `Date` of a response. A date has whole seconds, so an offset within
    /// 1.5 s of it is kept. Returns whether the offset changed, or `None` if there is no acceptable
    /// date.
    pub(crate) fn learn_from_date(&self, headers: &HeaderMap) -> Option<bool> {
        let theirs = date(headers)?;
        let ours = self.own_time();
        let offset = match self.plausible_offset(ours, theirs) {
            Ok(offset) => offset,
            Err(implausible) => {
                tracing::warn!(venue = self.venue, "the date of a response is not accepted: {implausible}");
                return None;
            }
        };
        let is_off = ClockOffset::between(self.offset().apply(ours), theirs).abs() > Duration::from_millis(1500);
        if is_off {
            self.set_offset(offset);
        }
        Some(is_off)
    }

    /// Sets the offset from a response that refuses the time of its request. If that does not
    /// change the offset, the offset is in doubt, and the next signed call asks the venue for its
    /// time.
    pub(crate) fn learn_from_refusal(&self, headers: Option<&HeaderMap>) {
        // A date that agrees with our time to the second is too coarse to correct it.
        if headers.and_then(|headers| self.learn_from_date(headers)) != Some(true) {
            self.doubt();
        }
    }

    fn plausible_offset(&self, ours: SystemTime, theirs: SystemTime) -> Result<ClockOffset, ImplausibleTime> {
        let (offset, max_offset) = (ClockOffset::between(ours, theirs), self.max_offset);
        if offset.abs() <= max_offset { Ok(offset) } else { Err(ImplausibleTime { ours, theirs, max_offset }) }
    }
}
