//! Numbers that count time.

use super::error::Reason;
use super::exact::Exact;
use crate::wire::decimal::{Grammar, Number};

/// The nanoseconds from the year 1 to 1970.
const DOTNET_EPOCH: i128 = 62_135_596_800_000_000_000;

/// A scale of numbers that count time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// One unit has 10 to this power nanoseconds.
    power: u8,
    /// The nanoseconds from the zero of the scale to 1970.
    epoch: i128,
}

impl Scale {
    pub(super) const SECONDS: Self = Self { power: 9, epoch: 0 };
    pub(super) const MILLISECONDS: Self = Self { power: 6, epoch: 0 };
    pub(super) const MICROSECONDS: Self = Self { power: 3, epoch: 0 };
    pub(super) const NANOSECONDS: Self = Self { power: 0, epoch: 0 };
    pub(super) const DOTNET_TICKS: Self = Self { power: 2, epoch: DOTNET_EPOCH };

    /// Returns the nanoseconds of one unit.
    fn unit(self) -> i128 {
        10_i128.pow(u32::from(self.power))
    }

    /// Returns the time that a number of whole units stands for.
    pub(super) fn time(self, units: i64) -> Exact {
        Exact::new(i128::from(units) * self.unit() - self.epoch, Vec::new())
    }

    /// Returns the whole units at or before a time, and the nanoseconds after them.
    ///
    /// # Errors
    /// When the units do not fit into 64 bits.
    pub(super) fn units(self, nanos: i128) -> Result<(i64, i128), Reason> {
        let nanos = nanos.checked_add(self.epoch).ok_or(Reason::Range)?;
        let units = i64::try_from(nanos.div_euclid(self.unit())).map_err(|_| Reason::Range)?;
        Ok((units, nanos.rem_euclid(self.unit())))
    }

    /// Parses a number: an integer, a decimal or a number with an exponent. Returns `None` for
    /// other text, for nanoseconds that do not fit into 128 bits, for a first digit too far after
    /// the nanoseconds, and for a negative number with digits after the nanoseconds.
    pub(super) fn parse(self, text: &str) -> Option<Exact> {
        /// The maximum number of zeros between the nanoseconds and the first digit.
        const MOST_ZEROS: u64 = 64;

        let number = Number::scan(text, Grammar::Text).ok()?;
        if number.digits().all(|digit| digit == 0) {
            return Some(Exact::new(-self.epoch, Vec::new()));
        }
        // The number of digits before the point if the number is written in nanoseconds.
        let point = i64::try_from(number.whole.len()).ok()?.checked_add(number.exponent)?;
        let point = point.checked_add(i64::from(self.power))?;
        let before = usize::try_from(point.max(0)).ok()?;
        let length = number.whole.len() + number.fraction.len();
        let push = |nanos: i128, digit: u8| nanos.checked_mul(10)?.checked_add(i128::from(digit));
        let mut nanos = number.digits().take(before).try_fold(0, push)?;
        for _ in length..before {
            nanos = push(nanos, 0)?;
        }
        let zeros = if point < 0 { point.unsigned_abs() } else { 0 };
        if zeros > MOST_ZEROS {
            return None;
        }
        let zeros = std::iter::repeat_n(0, usize::try_from(zeros).ok()?);
        let rest = zeros.chain(number.digits().skip(before)).map(|digit| digit + b'0').collect();
        let time = Exact::new(if number.negative { -nanos } else { nanos }.checked_sub(self.epoch)?, rest);
        (!number.negative || time.is_whole_nanos()).then_some(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<(i128, bool)> {
        Scale::SECONDS.parse(text).map(|time| (time.floor_nanos(), time.is_whole_nanos()))
    }

    #[test]
    fn every_digit_of_a_number_counts() {
        assert_eq!(seconds("1518074034.9090531"), Some((1_518_074_034_909_053_100, true)));
        assert_eq!(seconds("1518074034.909053199999"), Some((1_518_074_034_909_053_199, false)));
        assert_eq!(seconds("1.518e9"), Some((1_518_000_000_000_000_000, true)));
        assert_eq!(seconds("15e-1"), Some((1_500_000_000, true)));
        assert_eq!(seconds("1e-10"), Some((0, false)));
        assert_eq!(seconds("-1.5"), Some((-1_500_000_000, true)));
        assert_eq!(seconds("0"), Some((0, true)));
        assert_eq!(seconds("0.000"), Some((0, true)));
        assert_eq!(seconds("0e99999999999999999999"), Some((0, true)));
    }

    #[test]
    fn each_scale_has_its_unit_and_its_zero() {
        let nanos = |scale: Scale, text: &str| scale.parse(text).map(|time| time.floor_nanos());
        assert_eq!(nanos(Scale::MILLISECONDS, "1571027094623"), Some(1_571_027_094_623_000_000));
        assert_eq!(nanos(Scale::MICROSECONDS, "1571027094623001"), Some(1_571_027_094_623_001_000));
        assert_eq!(nanos(Scale::NANOSECONDS, "1571027094623001002"), Some(1_571_027_094_623_001_002));
        assert_eq!(nanos(Scale::DOTNET_TICKS, "637140384000000001"), Some(1_578_441_600_000_000_100));
        assert_eq!(nanos(Scale::DOTNET_TICKS, "0"), Some(-DOTNET_EPOCH));
    }

    #[test]
    fn units_are_split_off_a_time_without_loss() {
        for scale in [Scale::SECONDS, Scale::MILLISECONDS, Scale::MICROSECONDS, Scale::NANOSECONDS, Scale::DOTNET_TICKS]
        {
            for nanos in [0, 1, -1, 1_571_027_094_623_001_002, -62_135_596_800_000_000_000] {
                let Ok((units, rest)) = scale.units(nanos) else { continue };
                assert_eq!(scale.time(units).floor_nanos() + rest, nanos, "{scale:?}");
            }
        }
        assert_eq!(Scale::SECONDS.units(-1), Ok((-1, 999_999_999)));
        assert_eq!(Scale::SECONDS.units(i128::MAX), Err(Reason::Range));
        assert_eq!(Scale::DOTNET_TICKS.units(i128::MAX), Err(Reason::Range));
    }

    #[test]
    fn a_text_that_is_not_a_number_or_is_too_large_is_none() {
        for text in ["", "-", "soon", "NaN", "1_000", " 1", "1e", "1e99", "-0.0000000001", "1e-999999999", "1e-99"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds(&"9".repeat(60)), None);
        assert_eq!(seconds("1e99999999999999999999"), None);
    }
}
