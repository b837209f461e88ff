//! Decimals keep their digits in every form in which they are read and written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::Cursor;

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use venuekit::wire::{As, DecimalNumber, DecimalString, DecodeAs, EncodeAs, Same, parse_decimal};

/// Reads a text with our reader, as a slice, through a reader and with its path tracked. All
/// results must be equal.
fn read<T: DeserializeOwned + PartialEq + Debug>(json: &str) -> Result<T, String> {
    let slice = serde_json::from_slice::<T>(json.as_bytes()).map_err(|error| error.to_string());
    let own = venuekit_json::reader::from_slice::<T>(json.as_bytes()).map_err(|error| error.to_string());
    assert_eq!(slice, own, "our reader and serde_json differ for {json}");
    let reader = serde_json::from_reader::<_, T>(Cursor::new(json)).map_err(|error| error.to_string());
    let tracked = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(json));
    assert_eq!(slice, reader, "slice and reader differ for {json}");
    assert_eq!(slice.is_ok(), tracked.is_ok());
    slice
}

fn read_decimal(json: &str) -> Result<Decimal, String> {
    let as_number: DecodeAs<Decimal, DecimalNumber> =
        serde_json::from_reader(Cursor::new(json)).map_err(|error| error.to_string())?;
    let as_string: DecodeAs<Decimal, DecimalString> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let (as_number, as_string) = (as_number.into_inner(), as_string.into_inner());
    assert_eq!(as_number.serialize(), as_string.serialize(), "both forms read alike");
    Ok(as_number)
}

fn number(value: &Decimal) -> String {
    serde_json::to_string(&EncodeAs::<_, DecimalNumber>::new(value)).unwrap()
}

fn string(value: &Decimal) -> String {
    serde_json::to_string(&EncodeAs::<_, DecimalString>::new(value)).unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Ticker {
    #[serde(with = "As::<DecimalString>")]
    price: Decimal,
    #[serde(default, with = "As::<Option<DecimalNumber>>", skip_serializing_if = "Option::is_none")]
    volume: Option<Decimal>,
    #[serde(default, with = "As::<Vec<DecimalNumber>>")]
    last: Vec<Decimal>,
    #[serde(default, with = "As::<BTreeMap<Same, DecimalString>>")]
    fees: BTreeMap<String, Decimal>,
    #[serde(default, with = "As::<Option<Vec<Option<DecimalString>>>>", skip_serializing_if = "Option::is_none")]
    holes: Option<Vec<Option<Decimal>>>,
}

#[test]
fn a_struct_of_decimals_comes_back_byte_for_byte() {
    let json = concat!(
        r#"{"price":"0.00000001000000000000","volume":10106854.1032393852063269,"#,
        r#""last":[1518074034.9090531,1000000.00000000000000000000,-0.10,0,79228162514264337593543950335],"#,
        r#""fees":{"BTC":"0.0010","USD":"-79228162514264337593543950335"},"holes":["1.50",null]}"#,
    );
    let ticker: Ticker = read(json).unwrap();
    assert_eq!(serde_json::to_string(&ticker).unwrap(), json);
}

#[test]
fn a_missing_or_null_decimal_is_none() {
    for json in [r#"{"price":1}"#, r#"{"price":1,"volume":null}"#] {
        assert_eq!(read::<Ticker>(json).unwrap().volume, None);
        assert_eq!(serde_json::from_value::<Ticker>(serde_json::from_str(json).unwrap()).unwrap().volume, None);
    }
    assert!(read::<Ticker>(r#"{"price":null}"#).unwrap_err().contains("expected a decimal, as a number or a string"));
}

#[test]
fn decimals_are_read_from_a_serde_json_value_as_exactly_as_it_holds_them() {
    let json =
        r#"{"price":"10106854.1032393852063269","volume":0.1,"last":[1e-8,18446744073709551615,-5],"fees":{"a":1}}"#;
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    for ticker in [Ticker::deserialize(&value).unwrap(), serde_json::from_value(value.clone()).unwrap()] {
        assert_eq!(ticker.price.to_string(), "10106854.1032393852063269");
        assert_eq!(ticker.volume, Some(Decimal::new(1, 1)));
        assert_eq!(
            ticker.last.iter().map(Decimal::to_string).collect::<Vec<_>>(),
            ["0.00000001", "18446744073709551615", "-5"]
        );
        assert_eq!(serde_json::to_value(&ticker).unwrap()["volume"], serde_json::json!(0.1));
    }
}

#[test]
fn decimals_are_read_from_other_formats_as_exactly_as_these_hold_them() {
    use serde::de::IntoDeserializer;
    use serde::de::value::Error;
    use serde_with::DeserializeAs;

    fn via<'de, T: IntoDeserializer<'de, Error>>(value: T) -> Result<String, String> {
        DecimalNumber::deserialize_as(value.into_deserializer())
            .map(|decimal: Decimal| decimal.to_string())
            .map_err(|error| error.to_string())
    }

    assert_eq!(via("1.50").unwrap(), "1.50");
    assert_eq!(via(String::from("1e3")).unwrap(), "1000");
    assert_eq!(via(-7i64).unwrap(), "-7");
    assert_eq!(via(u64::MAX).unwrap(), "18446744073709551615");
    assert_eq!(via(-79_228_162_514_264_337_593_543_950_335i128).unwrap(), "-79228162514264337593543950335");
    assert_eq!(via(0.1f64).unwrap(), "0.1");
    assert_eq!(via(0.1f32).unwrap(), "0.1");
    assert_eq!(via(f64::NAN).unwrap_err(), "NaN is not a JSON number");
    assert!(via(1e30).unwrap_err().contains("larger than a decimal can be"));
    assert_eq!(via(true).unwrap_err(), "expected a decimal, as a number or a string, found a boolean");
    assert_eq!(via(()).unwrap_err(), "expected a decimal, as a number or a string, found null");
    assert_eq!(via(vec![1]).unwrap_err(), "expected a decimal, as a number or a string, found an array");
    assert_eq!(
        via(BTreeMap::from([("a", "1.5")])).unwrap_err(),
        "expected a decimal, as a number or a string, found an object"
    );
}

#[test]
fn a_string_is_unescaped_before_it_is_read() {
    assert_eq!(read_decimal(r#""1\u002e5""#).unwrap().to_string(), "1.5");
    assert_eq!(serde_json::from_str::<Ticker>(r#"{"price":"\u0031"}"#).unwrap().price, Decimal::ONE);
    assert!(read_decimal(r#""\ud800""#).is_err());
    assert!(read_decimal(r#""1\n""#).unwrap_err().starts_with(r#""1\n" is not a decimal: unexpected '\n' at byte 1"#));
}

#[test]
fn exponents_are_read_and_never_written() {
    for (json, digits) in [
        ("1e-8", "0.00000001"),
        ("1.5E3", "1500"),
        ("1.50e1", "15.0"),
        ("1.5e+0", "1.5"),
        ("12.5e-2", "0.125"),
        ("1e28", "10000000000000000000000000000"),
        ("7.9228162514264337593543950335e28", "79228162514264337593543950335"),
        ("100e-30", "0.0000000000000000000000000001"),
        ("0e999999999999999999999999", "0"),
        ("0e-999999999999999999999999", "0.0000000000000000000000000000"),
    ] {
        let value = read_decimal(json).unwrap();
        assert_eq!(number(&value), digits, "{json}");
        assert_eq!(string(&value), format!("\"{digits}\""), "{json}");
        assert_eq!(string(&read_decimal(&format!("\"{json}\"")).unwrap()), format!("\"{digits}\""));
    }
}

#[test]
fn trailing_zeros_are_dropped_if_there_is_no_room() {
    for (text, digits) in [
        ("1.00000000000000000000000000000000", "1.0000000000000000000000000000"),
        ("10000000000000000000.0000000000000000000", "10000000000000000000.000000000"),
        ("79228162514264337593543950335.0", "79228162514264337593543950335"),
        ("7922816251426433759354395033.500", "7922816251426433759354395033.5"),
        ("0.00000000000000000000000000000000000000", "0.0000000000000000000000000000"),
    ] {
        assert_eq!(parse_decimal(text).unwrap().to_string(), digits);
    }
}

#[test]
fn a_number_that_does_not_fit_is_an_error_and_is_never_rounded() {
    for text in [
        "0.00000000000000000000000000001",
        "1.00000000000000000000000000001",
        "1e-29",
        "15e-29",
        "79228162514264337593543950336",
        "-79228162514264337593543950336",
        "7922816251426433759354395033.51",
        "100000000000000000000000000000",
        "1e29",
        "1e999999999999999999999999",
        "1e-999999999999999999999999",
    ] {
        let error = parse_decimal(text).unwrap_err();
        assert!(error.does_not_fit(), "{error}");
        assert!(read_decimal(text).is_err(), "{text} as a number");
        assert!(read_decimal(&format!("\"{text}\"")).is_err(), "{text} as a string");
    }
}

#[test]
fn only_json_numbers_are_decimals() {
    for text in [
        "",
        "-",
        "+1",
        "1_000",
        "1,5",
        "06",
        "-06",
        "00",
        " 1",
        "1 ",
        "1.",
        ".5",
        "-.5",
        "1.e5",
        "1e",
        "1e+",
        "1e1.5",
        "e5",
        "0x1f",
        "NaN",
        "nan",
        "inf",
        "Infinity",
        "-Infinity",
        "null",
        "true",
        "١",
        "1\u{a0}",
        "--1",
        "1-",
        "1.5.5",
        "１",
    ] {
        let error = parse_decimal(text).expect_err(text);
        assert!(!error.does_not_fit(), "{error}");
        // A string may also have a plus or leading zeros.
        let is_exact = ["+1", "06", "-06", "00"].contains(&text);
        assert_eq!(read_decimal(&serde_json::to_string(text).unwrap()).is_ok(), is_exact, "{text}");
    }
    for json in
        ["true", "null", "[]", "[1]", "{}", r#"{"a":1}"#, r#"{"$serde_json::private::RawValue":"1"}"#, "06", "+1", "1."]
    {
        assert!(read_decimal(json).is_err(), "{json}");
    }
}

#[test]
fn a_string_may_have_leading_zeros_and_a_plus_which_a_number_may_not() {
    for (text, digits) in [
        ("06", "6"),
        ("+1.5", "1.5"),
        ("-007.50", "-7.50"),
        ("+0.10", "0.10"),
        ("00", "0"),
        ("00.00", "0.00"),
        ("-00", "0"),
        ("+000001e-8", "0.00000001"),
        ("0079228162514264337593543950335", "79228162514264337593543950335"),
        ("00000000000000000000000000000000000000001.50", "1.50"),
    ] {
        let read = read_decimal(&format!("\"{text}\"")).unwrap();
        assert_eq!(string(&read), format!("\"{digits}\""), "{text}");
        assert_eq!(number(&read), digits, "{text}");
        assert!(read_decimal(text).is_err(), "{text} as a number");
        assert!(parse_decimal(text).is_err(), "{text}");
    }
    for text in ["+", "++1", "+-1", "-+1", "+.5", "06.", "+ 1", "0_6", "0x6", "0.1e", "00e"] {
        assert!(read_decimal(&format!("\"{text}\"")).is_err(), "{text}");
    }
    // A value with too many digits is refused with and without leading zeros.
    let error = read_decimal("\"0079228162514264337593543950336\"").unwrap_err();
    assert!(error.contains("is larger than a decimal can be"), "{error}");
    let zeros = "0".repeat(1_000_000);
    assert_eq!(read_decimal(&format!("\"{zeros}1\"")).unwrap(), Decimal::ONE);
}

#[test]
fn the_sign_of_a_zero_is_dropped() {
    for text in ["-0", "-0.00", "-0e5"] {
        assert!(!parse_decimal(text).unwrap().is_sign_negative());
    }
    let mut zero = Decimal::new(0, 2);
    zero.set_sign_negative(true);
    assert_eq!((number(&zero), string(&zero)), ("0.00".to_owned(), "\"0.00\"".to_owned()));
}

#[test]
fn errors_have_the_value_the_path_and_the_reason() {
    for (text, message) in [
        ("", "an empty text is not a decimal"),
        ("1_000", r#""1_000" is not a decimal: unexpected '_' at byte 1"#),
        ("06", r#""06" is not a decimal: JSON numbers have no leading zero"#),
        ("1.", r#""1." is not a decimal: digits are missing at its end"#),
        ("1e-29", r#""1e-29" has more than the 28 decimal places that a decimal has room for"#),
        ("1e29", r#""1e29" is larger than a decimal can be (96 bits)"#),
        (
            "1234567890123456789012345678.95",
            r#""1234567890123456789012345678.95" has more digits than the 96 bits that a decimal has room for"#,
        ),
    ] {
        assert_eq!(parse_decimal(text).unwrap_err().to_string(), message);
    }
    let long = parse_decimal(&"ä".repeat(1000)).unwrap_err().to_string();
    assert!(long.len() < 200, "{long}");

    let json = r#"{"price":"1","last":[1,"x"]}"#;
    let error =
        serde_path_to_error::deserialize::<_, Ticker>(&mut serde_json::Deserializer::from_str(json)).unwrap_err();
    assert_eq!(error.path().to_string(), "last[1]");
}

fn decimals() -> impl Strategy<Value = Decimal> {
    (any::<u128>(), 0u32..=96, any::<bool>(), 0u32..=28).prop_map(|(bits, width, negative, scale)| {
        let mantissa = i128::try_from(bits & ((1 << width) - 1)).unwrap();
        Decimal::from_i128_with_scale(if negative { -mantissa } else { mantissa }, scale)
    })
}

/// Returns the value of a number's text, computed with strings: the digits without zeros at either
/// end, the power of ten of the last digit, and the number of decimal places written.
fn reference(text: &str) -> (String, i64, i64) {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().unwrap();
    let (whole, fraction) =
        number.trim_start_matches('-').split_once('.').unwrap_or((number.trim_start_matches('-'), ""));
    let digits = format!("{whole}{fraction}");
    let places = fraction.len() as i64 - exponent;
    let stripped = digits.trim_end_matches('0');
    (stripped.trim_start_matches('0').to_owned(), (digits.len() - stripped.len()) as i64 - places, places)
}

fn has_room(digits: &str) -> bool {
    (digits.len(), digits) <= (29, "79228162514264337593543950335")
}

fn check_number(text: &str) {
    let (digits, power, places) = reference(text);
    let fits = digits.is_empty()
        || if power < 0 {
            power >= -28 && has_room(&digits)
        } else {
            power < 30 && has_room(&format!("{digits}{}", "0".repeat(power as usize)))
        };
    match parse_decimal(text) {
        Err(error) => assert!(!fits && error.does_not_fit(), "{error}"),
        Ok(value) => {
            assert!(fits, "{text} was read as {value}");
            let mantissa = value.mantissa().unsigned_abs().to_string();
            let (scale, wanted) = (i64::from(value.scale()), places.clamp(0, 28));
            assert!(scale == wanted || scale < wanted && !has_room(&format!("{mantissa}0")), "{text}: scale {scale}");
            if digits.is_empty() {
                assert_eq!(mantissa, "0");
            } else {
                assert_eq!(mantissa, format!("{digits}{}", "0".repeat((power + scale) as usize)), "{text}");
                assert_eq!(value.is_sign_negative(), text.starts_with('-'));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_decimal_round_trips_in_both_forms(value in decimals()) {
        for json in [number(&value), string(&value)] {
            prop_assert!(!json.contains(['e', 'E']));
            for read in [
                read_decimal(&json).unwrap(),
                serde_json::from_slice::<DecodeAs<Decimal, DecimalString>>(json.as_bytes()).unwrap().into_inner(),
                serde_json::from_reader::<_, DecodeAs<Decimal, DecimalString>>(Cursor::new(&json)).unwrap().into_inner(),
            ] {
                prop_assert_eq!((read, read.scale()), (value, value.scale()));
            }
        }
        let in_value: DecodeAs<Decimal, DecimalString> =
            serde_json::from_value(serde_json::to_value(EncodeAs::<_, DecimalString>::new(&value)).unwrap()).unwrap();
        prop_assert_eq!(in_value.into_inner().serialize(), value.serialize());
    }

    #[test]
    fn a_decimal_that_a_float_can_hold_survives_a_value(mantissa in -999_999_999_999_999i64..=999_999_999_999_999, scale in 0u32..=15) {
        let value = Decimal::new(mantissa, scale);
        let json = serde_json::to_value(EncodeAs::<_, DecimalNumber>::new(&value)).unwrap();
        let read: DecodeAs<Decimal, DecimalNumber> = serde_json::from_value(json).unwrap();
        prop_assert_eq!(read.into_inner(), value);
    }

    #[test]
    fn any_json_number_is_read_exactly_or_refused(
        text in "-?(0|[1-9][0-9]{0,31})(\\.[0-9]{1,34})?([eE][+-]?[0-9]{1,2})?"
    ) {
        check_number(&text);
    }

    #[test]
    fn leading_zeros_and_a_plus_make_no_difference_in_a_string(
        number in "(0|[1-9][0-9]{0,20})(\\.[0-9]{1,10})?([eE][+-]?[0-9])?", zeros in "0{0,40}", sign in "[+-]?"
    ) {
        let minus = if sign == "-" { "-" } else { "" };
        let read = |text: String| read_decimal(&format!("\"{text}\"")).map(|value| (value, value.scale())).ok();
        prop_assert_eq!(read(format!("{sign}{zeros}{number}")), read(format!("{minus}{number}")));
    }

    #[test]
    fn numbers_full_of_zeros_are_read_exactly_or_refused(
        text in "-?(0|[1-9]{1,3}0{0,28})(\\.0{0,30}[0-9]{0,3}0{1,30})?([eE][+-]?0?[0-9]{1,2})?"
    ) {
        check_number(&text);
    }

    #[test]
    fn text_is_read_exactly_if_it_is_a_json_number(text in "[-+0-9.eE_ ]{0,8}") {
        let is_number = serde_json::from_str::<&RawValue>(&text).is_ok_and(|raw| raw.get() == text);
        match parse_decimal(&text) {
            Ok(_) => prop_assert!(is_number, "{text:?} is not a JSON number"),
            Err(error) => prop_assert_eq!(is_number, error.does_not_fit(), "{}", error),
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        let _ = parse_decimal(&text).map_err(|error| error.to_string());
        let _ = read_decimal(&text);
        let _ = read_decimal(&serde_json::to_string(&text).unwrap());
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in any::<Vec<u8>>()) {
        let _ = serde_json::from_slice::<Ticker>(&bytes);
        let _ = serde_json::from_slice::<DecodeAs<Decimal, DecimalNumber>>(&[b"\"", bytes.as_slice(), b"\""].concat());
    }
}
