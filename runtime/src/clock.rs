//! The time that requests state.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;

use crate::operation::TimeUnit;

/// Tells the time. [`SystemClock`] does unless another is given; tests give one of their own.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// A clock that several clients share.
impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        self.as_ref().now()
    }
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// How far a venue's clock is ahead of ours; negative when it is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockOffset {
    micros: i64,
}

impl ClockOffset {
    /// An offset by what the venue says the time is.
    pub fn between(ours: SystemTime, theirs: SystemTime) -> Self {
        let (sign, distance) = match theirs.duration_since(ours) {
            Ok(ahead) => (1, ahead),
            Err(error) => (-1, error.duration()),
        };
        Self { micros: sign * i64::try_from(distance.as_micros()).unwrap_or(i64::MAX) }
    }

    /// In microseconds.
    pub const fn as_micros(self) -> i64 {
        self.micros
    }

    /// Without its sign.
    pub const fn abs(self) -> Duration {
        Duration::from_micros(self.micros.unsigned_abs())
    }

    /// The venue's time at our `time`.
    pub fn apply(self, time: SystemTime) -> SystemTime {
        let distance = self.abs();
        let shifted = if self.micros < 0 { time.checked_sub(distance) } else { time.checked_add(distance) };
        shifted.unwrap_or(time)
    }
}

/// The offset that a client has learnt; its clones share it.
#[derive(Debug, Default)]
pub(crate) struct Learnt {
    micros: AtomicI64,
    is_doubted: AtomicBool,
}

impl Learnt {
    pub(crate) fn get(&self) -> ClockOffset {
        ClockOffset { micros: self.micros.load(Ordering::Relaxed) }
    }

    pub(crate) fn set(&self, offset: ClockOffset) {
        self.micros.store(offset.micros, Ordering::Relaxed);
        self.is_doubted.store(false, Ordering::Relaxed);
    }

    /// Notes that the venue refused a time that went by this offset.
    pub(crate) fn doubt(&self) {
        self.is_doubted.store(true, Ordering::Relaxed);
    }

    /// Returns whether the offset is in doubt; the caller is the one to ask the venue.
    pub(crate) fn take_doubt(&self) -> bool {
        self.is_doubted.load(Ordering::Relaxed) && self.is_doubted.swap(false, Ordering::Relaxed)
    }
}

/// A time of the venue that is too far from ours to be believed.
#[derive(Debug)]
pub(crate) struct ImplausibleTime {
    pub(crate) ours: SystemTime,
    pub(crate) theirs: SystemTime,
    pub(crate) most: Duration,
}

impl fmt::Display for ImplausibleTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ours, theirs, most } = self;
        write!(f, "the venue says {}, this machine {} (expected at most {most:?} apart)", shown(*theirs), shown(*ours))
    }
}

/// A time for people: a date, or milliseconds since 1970 for what no calendar shows.
fn shown(time: SystemTime) -> String {
    /// The first second of the year 10000.
    const BEYOND: Duration = Duration::from_secs(253_402_300_800);

    match time.duration_since(UNIX_EPOCH) {
        Ok(since) if since < BEYOND => httpdate::fmt_http_date(time),
        Ok(since) => format!("{} ms after 1970", since.as_millis()),
        Err(before) => format!("{} ms before 1970", before.duration().as_millis()),
    }
}

/// The time by a reply's `Date`. It has no fractions: half a second is the best guess for them.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let whole = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    whole.checked_add(Duration::from_millis(500))
}

/// Reads a time as venues write it.
pub(crate) fn parse(text: &str, unit: TimeUnit) -> Option<SystemTime> {
    match unit {
        TimeUnit::Milliseconds => UNIX_EPOCH.checked_add(Duration::from_millis(text.parse().ok()?)),
        TimeUnit::Seconds => UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(text.parse().ok()?).ok()?),
        TimeUnit::DotnetTicks => {
            /// Ticks from the year 1 to 1970.
            const EPOCH: u64 = 621_355_968_000_000_000;
            let ticks = text.parse::<u64>().ok()?.checked_sub(EPOCH)?;
            UNIX_EPOCH.checked_add(Duration::from_micros(ticks / 10))
        }
        TimeUnit::Iso8601 => iso8601(text),
    }
}

/// Reads `2024-01-28T14:15:00.123Z`, also with a space, without fractions, or with an offset (`+08:00`).
fn iso8601(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let (_, time) = text.split_once(['T', ' '])?;
    let zone = time.find(['Z', 'z', '+', '-']).and_then(|at| time.get(at..)).unwrap_or_default();
    let local = text.strip_suffix(zone)?;
    // `2024-01-28T14:15`
    let seconds = if local.len() == 16 { ":00" } else { "" };
    let local = humantime::parse_rfc3339_weak(&format!("{local}{seconds}")).ok()?;
    let time = match zone.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => local,
        Some(("+", offset)) => local.checked_sub(utc_offset(offset)?)?,
        Some(("-", offset)) => local.checked_add(utc_offset(offset)?)?,
        Some(_) => return None,
    };
    (time >= UNIX_EPOCH).then_some(time)
}

/// Reads `08:00`, `0800` or `08`.
fn utc_offset(text: &str) -> Option<Duration> {
    let (hours, minutes) = text.split_at_checked(2)?;
    let number = |digits: &str, below: u64| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|number: &u64| is_number && *number < below)
    };
    let minutes = match minutes.strip_prefix(':').unwrap_or(minutes) {
        "" => 0,
        minutes => number(minutes, 60)?,
    };
    Some(Duration::from_secs(number(hours, 24)? * 3_600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str, unit: TimeUnit) -> Option<u128> {
        Some(parse(text, unit)?.duration_since(UNIX_EPOCH).unwrap().as_millis())
    }

    #[test]
    fn times_are_read_in_every_unit() {
        assert_eq!(ms("1551270414646", TimeUnit::Milliseconds), Some(1_551_270_414_646));
        assert_eq!(ms("1515760692.8521471", TimeUnit::Seconds), Some(1_515_760_692_852));
        assert_eq!(ms("637140384000000000", TimeUnit::DotnetTicks), Some(1_578_441_600_000));
        for text in
            ["2020-01-08T00:00:00Z", "2020-01-08 00:00:00", "2020-01-08T08:00:00+08:00", "2020-01-07T19:00-0500"]
        {
            assert_eq!(ms(text, TimeUnit::Iso8601), Some(1_578_441_600_000), "{text}");
        }
        assert_eq!(ms("2020-01-08T05:30:00.0000000+0530", TimeUnit::Iso8601), Some(1_578_441_600_000));
        assert_eq!(ms("2024-02-29T23:59:59.250Z", TimeUnit::Iso8601), Some(1_709_251_199_250));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for unit in [TimeUnit::Milliseconds, TimeUnit::Seconds, TimeUnit::DotnetTicks, TimeUnit::Iso8601] {
            for text in [
                "",
                "soon",
                "-1",
                "2020-13-01T00:00:00Z",
                "2020-01-01T25:00:00Z",
                "2023-02-29T00:00:00Z",
                "1970-01-01T00:00:00+00:01",
                "2020-01-01T00:00:00+24:00",
                "2020-01-01T00:00:00.5+é",
                "2020-01-01T00:00:00ZZ",
                "2020-01-01T00:00:00+x",
                "é",
                "NaN",
                "99999999999999999999",
            ] {
                assert_eq!(ms(text, unit), None, "{text} {unit:?}");
            }
        }
    }

    #[test]
    fn an_offset_goes_both_ways() {
        let (early, late) = (UNIX_EPOCH + Duration::from_secs(10), UNIX_EPOCH + Duration::from_secs(13));
        for (ours, theirs) in [(early, late), (late, early), (early, early)] {
            assert_eq!(ClockOffset::between(ours, theirs).apply(ours), theirs);
        }
        assert_eq!(ClockOffset::between(late, early).as_micros(), -3_000_000);
    }
}
