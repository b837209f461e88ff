//! Days and dates of the Gregorian calendar.

/// Returns the days from 1970-01-01 to a date; `None` if there is no such date.
pub(super) fn days_from_date(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=days_of_month(year, month)).contains(&day) {
        return None;
    }
    // A year that begins in March has its leap day at the end.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    Some(era * DAYS_OF_ERA + year * 365 + year / 4 - year / 100 + day_of_year - DAYS_TO_1970)
}

/// Returns the year, the month and the day of a date, given the days from 1970-01-01 to it.
pub(super) fn date_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_TO_1970;
    let (era, day) = (days.div_euclid(DAYS_OF_ERA), days.rem_euclid(DAYS_OF_ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    (year, month, day_of_year - (153 * from_march + 2) / 5 + 1)
}

/// The days of 400 years, after which the calendar repeats.
const DAYS_OF_ERA: i64 = 146_097;

/// The days from the first of March of the year 0 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_has_one_date_and_follows_the_day_before() {
        let mut before = (-1, 12, 31);
        for days in -719_528..=2_932_896 {
            let (year, month, day) = date_from_days(days);
            assert_eq!(days_from_date(year, month, day), Some(days));
            assert!((year, month, day) > before);
            before = (year, month, day);
        }
        assert_eq!(before, (9999, 12, 31));
        assert_eq!(date_from_days(-719_528), (0, 1, 1));
        assert_eq!(date_from_days(0), (1970, 1, 1));
    }

    #[test]
    fn a_day_that_does_not_exist_is_none() {
        for (year, month, day) in
            [(2023, 2, 29), (1900, 2, 29), (2020, 13, 1), (2020, 0, 1), (2020, 4, 31), (2020, 1, 0)]
        {
            assert_eq!(days_from_date(year, month, day), None, "{year}-{month}-{day}");
        }
        assert!(days_from_date(2000, 2, 29).is_some());
    }
}
