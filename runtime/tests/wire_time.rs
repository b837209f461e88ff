//! Times: the text of a value is kept, and the time is exact or an error.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};
use std::io::Cursor;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use serde_json::Value;
use venuekit::dec;
use venuekit::setters::{Nullable, Optional};
use venuekit::time::{
    DotnetTicks, Iso8601, Iso8601Utc, TimeFormat, TimeInteger, TimeText, Timestamp, UnixMicros, UnixMillis, UnixNanos,
    UnixSeconds,
};
use venuekit::wire::{As, DecodeAs, EncodeAs, Maybe};

/// Reads a time from a text, through a reader, with its path tracked and with the adaptor
/// [`TimeText`]. Asserts that all results are equal, and are written back unchanged.
fn time<F: TimeFormat>(json: &str) -> Timestamp<F> {
    let time: Timestamp<F> = serde_json::from_str(json).unwrap();
    let others = [
        serde_json::from_reader::<_, Timestamp<F>>(Cursor::new(json)).unwrap(),
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap(),
        serde_json::from_str::<DecodeAs<Timestamp<F>, TimeText>>(json).unwrap().into_inner(),
    ];
    for other in others.iter().chain([&time]) {
        assert_eq!((other, other.is_text()), (&time, json.starts_with('"')), "{json}");
        assert_eq!(serde_json::to_string(other).unwrap(), json);
        assert_eq!(serde_json::to_string(&EncodeAs::<_, TimeText>::new(other)).unwrap(), json);
        assert_eq!(other.to_string(), json.trim_matches('"'));
    }
    time
}

#[test]
fn any_number_and_any_text_is_written_as_it_came() {
    for json in [
        "1571027094623",
        "0",
        "-0",
        "-1",
        "1518074034.9090531",
        "1518074034.90905310000",
        "1.571e12",
        "18446744073709551616",
        r#""1571027094623""#,
        r#""01571027094623""#,
        r#""""#,
        r#""soon""#,
        r#""2019-10-14T04:24:54.6230000Z""#,
    ] {
        time::<venuekit::time::Millis>(json);
        time::<venuekit::time::Seconds>(json);
        time::<venuekit::time::Iso>(json);
    }
    for json in ["null", "true", "[]", "{}", "[1571027094623]"] {
        let error = serde_json::from_str::<UnixMillis>(json).unwrap_err().to_string();
        assert!(error.contains("a time, as a number or a string"), "{json} {error}");
    }
    let tree: Value = serde_json::from_str("1571027094623").unwrap();
    assert_eq!(serde_json::from_value::<UnixMillis>(tree.clone()).unwrap(), 1_571_027_094_623.into());
    assert_eq!(serde_json::to_value(UnixMillis::from(1_571_027_094_623)).unwrap(), tree);
}

#[test]
fn each_format_counts_in_its_own_unit() {
    let nanos = 1_571_027_094_623_000_000;
    assert_eq!(UnixMillis::from_millis(1_571_027_094_623).unix_nanos(), Ok(nanos));
    assert_eq!(UnixMicros::from_micros(1_571_027_094_623_000).unix_nanos(), Ok(nanos));
    assert_eq!(UnixNanos::from_nanos(1_571_027_094_623_000_000).unix_nanos(), Ok(nanos));
    assert_eq!(UnixSeconds::from(dec!(1571027094.623)).unix_nanos(), Ok(nanos));
    assert_eq!(DotnetTicks::from_ticks(637_066_238_946_230_000).unix_nanos(), Ok(nanos));
    assert_eq!(Iso8601::from("2019-10-14T04:24:54.623Z").unix_nanos(), Ok(nanos));
    assert_eq!(Iso8601Utc::from("2019-10-14 04:24:54.623").unix_nanos(), Ok(nanos));
    assert_eq!(UnixSeconds::from_secs(1_571_027_094).unix_millis(), Ok(1_571_027_094_000));
    assert_eq!(time::<venuekit::time::Millis>(r#""1571027094623""#).unix_nanos(), Ok(nanos));
}

#[test]
fn a_conversion_that_would_lose_digits_is_an_error_and_the_floor_is_before_the_time() {
    let created = time::<venuekit::time::Seconds>("1518074034.9090531");
    assert_eq!(created.unix_nanos(), Ok(1_518_074_034_909_053_100));
    for error in [created.unix_micros(), created.unix_millis(), created.unix_secs()] {
        let error = error.unwrap_err();
        assert!(error.loses_digits());
        assert_eq!(
            error.to_string(),
            r#"the conversion of "1518074034.9090531" loses digits; help: a method that ends in `_floor` drops them"#
        );
    }
    assert_eq!(created.unix_micros_floor(), Ok(1_518_074_034_909_053));
    assert_eq!(created.unix_millis_floor(), Ok(1_518_074_034_909));
    assert_eq!(created.unix_secs_floor(), Ok(1_518_074_034));

    let finer = time::<venuekit::time::Seconds>("1518074034.9090531001");
    assert!(finer.unix_nanos().unwrap_err().loses_digits());
    assert!(finer.to_system_time().unwrap_err().loses_digits());
    assert_eq!(finer.unix_nanos_floor(), Ok(1_518_074_034_909_053_100));

    let before_1970 = time::<venuekit::time::Seconds>("-0.5");
    assert_eq!(before_1970.unix_secs_floor(), Ok(-1));
    assert_eq!(before_1970.unix_millis(), Ok(-500));
}

#[test]
fn a_value_that_is_not_a_time_is_an_error_only_when_it_is_asked_for_the_time() {
    for (json, expected) in [
        (r#""soon""#, r#"expected a Unix time in milliseconds, found "soon""#),
        (r#""""#, r#"expected a Unix time in milliseconds, found """#),
        (r#""2019-10-14T04:24:54Z""#, r#"expected a Unix time in milliseconds, found "2019-10-14T04:24:54Z""#),
    ] {
        assert_eq!(time::<venuekit::time::Millis>(json).unix_millis().unwrap_err().to_string(), expected);
    }
    let error = time::<venuekit::time::Iso>("1571027094623").unix_secs_floor().unwrap_err();
    assert_eq!(error.to_string(), r#"expected an ISO 8601 date with a time, found "1571027094623""#);
    let error = time::<venuekit::time::Nanos>("9223372036854775808000").unix_millis_floor();
    assert_eq!(error, Ok(9_223_372_036_854_775));
    let error = time::<venuekit::time::Seconds>("9223372036854775807").unix_millis().unwrap_err();
    assert_eq!(error.to_string(), r#""9223372036854775807" is outside the range of the conversion"#);
}

#[test]
fn a_zero_is_a_time() {
    let zero = time::<venuekit::time::Millis>("0");
    assert_eq!(zero.to_system_time(), Ok(UNIX_EPOCH));
    assert_eq!(time::<venuekit::time::Ticks>("0").unix_secs(), Ok(-62_135_596_800));
}

#[test]
fn a_text_without_an_offset_has_a_time_only_if_the_zone_is_known() {
    let local = time::<venuekit::time::Iso>(r#""2019-10-14 04:24:54""#);
    let error = local.unix_secs().unwrap_err();
    assert!(error.lacks_zone());
    assert!(error.to_string().contains("has no offset"), "{error}");
    assert_eq!(local.assume_utc().unix_secs(), Ok(1_571_027_094));
    assert_eq!(serde_json::to_string(&local.assume_utc()).unwrap(), r#""2019-10-14 04:24:54""#);
    assert_eq!(time::<venuekit::time::IsoUtc>(r#""2019-10-14 04:24:54""#).unix_secs(), Ok(1_571_027_094));
}

fn is_one_value<F: TimeFormat>(a: &Timestamp<F>, b: &Timestamp<F>) -> bool {
    let state = RandomState::new();
    assert_eq!(a == b, a.cmp(b) == Ordering::Equal);
    if a == b {
        assert_eq!(state.hash_one(a), state.hash_one(b), "{a} {b}");
    }
    a == b
}

#[test]
fn the_same_time_is_one_value_in_every_notation() {
    let numbers = ["1571027094", "1571027094.0", "1.571027094e9", r#""1571027094""#, r#""01571027094.000""#];
    let numbers = numbers.map(time::<venuekit::time::Seconds>);
    let texts = ["2019-10-14T04:24:54Z", "2019-10-14T04:24:54.000Z", "2019-10-14 06:24:54+02:00"].map(Iso8601::from);
    for a in &numbers {
        assert!(numbers.iter().all(|b| is_one_value(a, b)));
    }
    for a in &texts {
        assert!(texts.iter().all(|b| is_one_value(a, b)));
    }
    assert!(!is_one_value(&Iso8601::from("2019-10-14T04:24:54"), &texts[0]));
    assert!(!is_one_value(&UnixSeconds::from_secs(1), &UnixSeconds::from_secs(2)));
}

#[test]
fn times_are_ordered_by_time_and_other_values_come_after_them() {
    let mut times = ["soon", "2020-01-01T00:00:00Z", "2019-12-31T23:59:59.5-01:00", "", "2020-01-01T00:00:00.1Z"]
        .map(Iso8601::from)
        .to_vec();
    times.sort();
    assert_eq!(
        times.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00.1Z", "2019-12-31T23:59:59.5-01:00", "", "soon"]
    );
    // In a format of text, numbers are ordered by their digits as text.
    let mut numbers = ["9", r#""1a""#, "10"].map(time::<venuekit::time::Iso>).to_vec();
    numbers.sort();
    assert_eq!(numbers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10", "1a", "9"]);
}

#[test]
fn a_time_is_created_from_a_value_that_its_format_can_hold() {
    let time = UNIX_EPOCH + Duration::from_millis(1_571_027_094_623);
    assert_eq!(UnixMillis::try_from(time).unwrap().to_string(), "1571027094623");
    assert_eq!(UnixSeconds::try_from(time).unwrap().to_string(), "1571027094.623");
    assert_eq!(Iso8601Utc::try_from(time).unwrap().to_string(), "2019-10-14T04:24:54.623Z");
    assert_eq!(DotnetTicks::try_from(time).unwrap().to_string(), "637066238946230000");
    let before = UNIX_EPOCH - Duration::from_millis(1_500);
    assert_eq!(UnixSeconds::try_from(before).unwrap().to_string(), "-1.5");
    assert_eq!(UnixSeconds::try_from(before).unwrap().to_system_time(), Ok(before));
    assert_eq!(UnixMillis::try_from(before).unwrap().to_system_time(), Ok(before));
    assert_eq!(SystemTime::try_from(&UnixMillis::from_millis(-1_500)), Ok(before));

    let finer = UNIX_EPOCH + Duration::from_nanos(1_571_027_094_623_999_900);
    assert!(UnixMillis::try_from(finer).unwrap_err().loses_digits());
    assert_eq!(UnixMillis::from_system_time_floor(finer), Ok(UnixMillis::from_millis(1_571_027_094_623)));
    assert_eq!(UnixNanos::try_from(finer).unwrap().to_system_time(), Ok(finer));
    assert!(UnixNanos::from_unix_nanos(i128::MAX).is_err());
    assert!(Iso8601::from_unix_nanos(i128::MIN).is_err());

    assert_eq!("1518074034.9090531".parse::<UnixSeconds>().unwrap().to_string(), "1518074034.9090531");
    assert!("soon".parse::<UnixSeconds>().is_err());
    assert!("01".parse::<UnixSeconds>().is_err());
}

#[test]
fn setters_take_a_number_a_text_and_a_time() {
    fn optional<F>(value: impl Optional<Timestamp<F>>) -> Option<Timestamp<F>> {
        value.into_optional()
    }
    fn nullable<F>(value: impl Nullable<Timestamp<F>>) -> Maybe<Timestamp<F>> {
        value.into_maybe()
    }
    fn required(value: impl Into<UnixMillis>) -> UnixMillis {
        value.into()
    }
    let time = UnixMillis::from_millis(1_571_027_094_623);
    // A literal without a suffix is an `i64` here.
    assert_eq!(required(1_571_027_094_623), time);
    assert_eq!(required(&time), time);
    assert_eq!(optional::<venuekit::time::Millis>(1_571_027_094_623), Some(time.clone()));
    assert_eq!(optional(&time), Some(time.clone()));
    assert_eq!(optional(Some(time.clone())), Some(time.clone()));
    assert_eq!(optional::<venuekit::time::Millis>(None), None);
    assert_eq!(nullable::<venuekit::time::Millis>(1_571_027_094_623), Maybe::Value(time));
    assert_eq!(optional::<venuekit::time::Seconds>(dec!(1.50)).unwrap().to_string(), "1.50");
    assert_eq!(optional::<venuekit::time::Iso>("yesterday").unwrap().to_string(), "yesterday");
    assert_eq!(nullable::<venuekit::time::IsoUtc>("soon".to_owned()), Maybe::Value(Iso8601Utc::from("soon")));
}

#[test]
fn a_created_time_is_text_where_the_venue_expects_text() {
    #[derive(serde::Serialize)]
    struct Order {
        #[serde(with = "As::<TimeText>")]
        created: UnixMillis,
        #[serde(with = "As::<Option<TimeText>>")]
        sent: Option<UnixSeconds>,
        received: UnixMillis,
    }
    let order = Order { created: 1.into(), sent: Some(dec!(2.50).into()), received: 3.into() };
    assert_eq!(serde_json::to_string(&order).unwrap(), r#"{"created":"1","sent":"2.50","received":3}"#);
}

#[test]
fn a_time_is_written_as_an_integer_or_not_at_all_where_the_venue_expects_an_integer() {
    fn written<F: TimeFormat>(json: &str) -> Result<String, String> {
        let time: DecodeAs<Timestamp<F>, TimeInteger> = serde_json::from_str(json).unwrap();
        let time = time.into_inner();
        assert_eq!(serde_json::to_string(&time).unwrap(), json, "a value that is read stays as it came");
        serde_json::to_string(&EncodeAs::<_, TimeInteger>::new(&time)).map_err(|error| error.to_string())
    }
    for (json, expected) in [
        ("1515761485", Some("1515761485")),
        ("0", Some("0")),
        ("-1", Some("-1")),
        ("1515761485.000", Some("1515761485")),
        ("1.515e9", Some("1515000000")),
        (r#""1515761485""#, Some("1515761485")),
        ("1515761485.7350211", None),
        ("0.0000000001", None),
        ("1e30", None),
        (r#""soon""#, None),
        (r#""""#, None),
    ] {
        assert_eq!(written::<venuekit::time::Seconds>(json).ok().as_deref(), expected, "{json}");
    }
    assert_eq!(written::<venuekit::time::Ticks>("637140384000000001").unwrap(), "637140384000000001");
    let error = written::<venuekit::time::Seconds>("1515761485.7350211").unwrap_err();
    let expected = "expected a whole number of seconds, found \"1515761485.7350211\"; help: `unix_secs_floor` drops";
    assert!(error.contains(expected), "{error}");
    let error = written::<venuekit::time::Millis>("1571027094623.5").unwrap_err();
    assert!(error.contains("whole number of milliseconds") && error.contains("`unix_millis_floor`"), "{error}");
}

#[cfg(feature = "jiff")]
#[test]
fn times_convert_from_and_to_jiff() {
    let time = "2019-10-14T04:24:54.623Z".parse::<jiff::Timestamp>().unwrap();
    assert_eq!(UnixMillis::try_from(time).unwrap(), UnixMillis::from_millis(1_571_027_094_623));
    assert_eq!(UnixMillis::from_millis(1_571_027_094_623).to_jiff(), Ok(time));
    assert_eq!(Iso8601::try_from(time).unwrap().to_string(), "2019-10-14T04:24:54.623Z");
    assert_eq!(jiff::Timestamp::try_from(&UnixSeconds::from(dec!(1571027094.623))), Ok(time));

    let finer = self::time::<venuekit::time::Seconds>("1571027094.6230000001");
    assert!(finer.to_jiff().unwrap_err().loses_digits());
    assert_eq!(finer.to_jiff_floor(), Ok(time));
    let nanos = time + jiff::SignedDuration::from_nanos(1);
    assert!(UnixMillis::try_from(nanos).unwrap_err().loses_digits());
    assert_eq!(UnixMillis::from_jiff_floor(nanos), Ok(UnixMillis::from_millis(1_571_027_094_623)));
    assert!(UnixSeconds::from_secs(i64::MAX).to_jiff().is_err());
}

proptest! {
    #[test]
    fn no_text_makes_a_method_panic_and_every_text_stays(text in ".{0,40}") {
        let json = serde_json::to_string(&text).unwrap();
        let unix: UnixSeconds = serde_json::from_str(&json).unwrap();
        let iso: Iso8601 = serde_json::from_str(&json).unwrap();
        let _ = (unix.unix_millis(), unix.to_system_time_floor(), iso.unix_nanos_floor(), iso.assume_utc().unix_secs());
        prop_assert_eq!(unix.to_string(), &*text);
        prop_assert_eq!(iso.to_string(), text);
    }

    #[test]
    fn a_text_like_a_date_makes_no_method_panic(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{0,14}[Z+-]?[0-9:]{0,6}") {
        let iso = Iso8601Utc::from(&text);
        if let Ok(nanos) = iso.unix_nanos() {
            prop_assert_eq!(Iso8601Utc::from_unix_nanos(nanos).unwrap(), iso);
        }
    }

    #[test]
    fn a_time_comes_back_from_iso_8601_and_from_seconds(nanos in -62_135_596_800_000_000_000..253_402_300_800_000_000_000_i128) {
        prop_assert_eq!(Iso8601::from_unix_nanos(nanos).unwrap().unix_nanos(), Ok(nanos));
        prop_assert_eq!(UnixSeconds::from_unix_nanos(nanos).unwrap().unix_nanos(), Ok(nanos));
        let seconds = UnixSeconds::from_unix_nanos(nanos).unwrap();
        prop_assert_eq!(UnixSeconds::from_secs(seconds.unix_secs_floor().unwrap()) <= seconds, true);
        let millis = UnixMillis::from_unix_nanos_floor(nanos).unwrap();
        prop_assert_eq!(millis.unix_millis().unwrap(), i64::try_from(nanos.div_euclid(1_000_000)).unwrap());
    }

    #[test]
    fn equal_numbers_have_one_hash(digits in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,14})?", zeros in 1..4_usize) {
        let a: UnixSeconds = serde_json::from_str(&digits).unwrap();
        let padded = if digits.contains('.') { digits.clone() } else { format!("{digits}.") } + &"0".repeat(zeros);
        let b: UnixSeconds = serde_json::from_str(&padded).unwrap();
        if a.unix_nanos_floor().is_ok() {
            prop_assert!(is_one_value(&a, &b));
        }
    }
}
