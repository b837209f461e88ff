//! Open enums whose values have several spellings: each is read, and the first one is written.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::io::Cursor;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

venuekit::open_enum! {
    /// The side of an order.
    pub enum Side: str {
        /// Buys.
        Buy = "BUY" | "buy" | 66,
        /// Sells.
        #[deprecated]
        Sell = "SELL" | "sell" | "Verkauf \"x\"" | 83 | -1,
        /// Has one spelling.
        Short = "1",
    }
}

venuekit::open_enum! {
    /// The kind of an order.
    enum Kind: i64 { Limit = 76 | "LIMIT" | "limit" | 0, Market = 77 | "MARKET", Peg = 80 }
}

/// Reads a value from a text, through a reader, with its path tracked and through a
/// [`serde_json::Value`]. Asserts that all results are equal.
fn read<T: DeserializeOwned + PartialEq + Debug>(json: &str) -> T {
    let value: T = serde_json::from_str(json).unwrap();
    assert_eq!(venuekit_json::reader::from_str::<T>(json).unwrap(), value, "{json}");
    assert_eq!(serde_json::from_reader::<_, T>(Cursor::new(json)).unwrap(), value, "{json}");
    let tracked = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(json));
    assert_eq!(tracked.unwrap(), value, "{json}");
    assert_eq!(serde_json::from_value::<T>(serde_json::from_str(json).unwrap()).unwrap(), value, "{json}");
    value
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

const SELL: &Side = &Side::KNOWN[1];

#[test]
fn each_spelling_of_a_value_is_read_as_the_value_and_written_as_documented() {
    for json in [r#""BUY""#, r#""buy""#, r#""\u0062uy""#, "66", r#""66""#] {
        let side: Side = read(json);
        assert_eq!((&side, written(&side).as_str(), side.as_str()), (&Side::Buy, r#""BUY""#, "BUY"), "{json}");
        assert!(matches!(side, Side::Buy) && side.is_known(), "{json}");
    }
    for json in [r#""SELL""#, r#""sell""#, r#""Verkauf \"x\"""#, "83", "-1", r#""-1""#] {
        let side: Side = read(json);
        assert_eq!((&side, written(&side).as_str()), (SELL, r#""SELL""#), "{json}");
    }
    for json in ["76", r#""76""#, r#""LIMIT""#, r#""limit""#, "0", r#""0""#] {
        let kind: Kind = read(json);
        assert_eq!((&kind, written(&kind).as_str(), kind.as_i64()), (&Kind::Limit, "76", Some(76)), "{json}");
        assert_eq!(kind.to_string(), "76");
    }
    assert_eq!(written(&read::<Vec<Kind>>(r#"["MARKET",77,80]"#)), "[77,77,80]");
}

#[test]
fn the_spellings_of_a_value_are_one_key_and_one_hash() {
    let sides: HashSet<Side> = serde_json::from_str(r#"["BUY","buy",66,"66","SELL",83,-1]"#).unwrap();
    assert_eq!(sides.len(), 2);
    let counts: HashMap<Side, i32> = serde_json::from_str(r#"{"buy":1,"83":2}"#).unwrap();
    assert_eq!((counts.get(&Side::Buy), counts.get(SELL)), (Some(&1), Some(&2)));
    assert_eq!(serde_json::to_value(&counts).unwrap(), serde_json::json!({"BUY": 1, "SELL": 2}));
}

#[test]
fn a_variant_is_created_from_each_of_its_spellings() {
    assert_eq!((Side::from("buy"), Side::from("66".to_owned())), (Side::Buy, Side::Buy));
    assert_eq!("sell".parse(), Ok(SELL.clone()));
    assert_eq!((Kind::from(0), Kind::from(76)), (Kind::Limit, Kind::Limit));
}

#[test]
fn only_the_listed_spellings_are_known_and_all_others_are_kept() {
    // A value that is documented as text is not read from an integer with the same digits.
    for json in [
        "1",
        "67",
        "-83",
        "66.0",
        "6.6e1",
        "-0",
        r#""066""#,
        r#""+66""#,
        r#"" 66""#,
        r#""Buy""#,
        r#""buy ""#,
        r#""-""#,
        "true",
    ] {
        let side: Side = serde_json::from_str(json).unwrap();
        assert!(!side.is_known(), "{json}");
        assert_eq!(written(&side), json);
    }
    for json in ["75", "0.0", "-0", r#""00""#, r#""Limit""#, r#""PEG""#, r#""080""#, "false", "76.0"] {
        let kind: Kind = serde_json::from_str(json).unwrap();
        assert!(!kind.is_known(), "{json}");
        assert_eq!(written(&kind), json);
    }
    assert_eq!(read::<Side>(r#""1""#), Side::Short);
}

#[test]
fn an_enum_lists_each_value_once() {
    assert_eq!(Side::KNOWN.iter().map(Side::as_str).collect::<Vec<_>>(), ["BUY", "SELL", "1"]);
    assert_eq!(Kind::KNOWN, [Kind::Limit, Kind::Market, Kind::Peg]);
}

/// Returns JSON texts that are near the known values, and others.
fn any_scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        (-100_i64..100).prop_map(|integer| integer.to_string()),
        (-100_i64..100).prop_map(|integer| format!("\"{integer}\"")),
        "(BUY|buy|SELL|sell|LIMIT|limit|[+-]?0?[0-9]{1,2})".prop_map(|text| written(&text)),
        any::<String>().prop_map(|text| written(&text)),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,5})?".prop_map(|number| number),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn a_value_is_known_and_written_as_documented_or_unknown_and_written_as_it_came(json in any_scalar()) {
        fn check<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str, known: &[T]) -> bool {
            let value: T = serde_json::from_str(json).unwrap();
            let again: T = serde_json::from_str(&written(&value)).unwrap();
            assert_eq!(value, again);
            known.contains(&value) || written(&value) == written(&serde_json::from_str::<&serde_json::value::RawValue>(json).unwrap())
        }
        let as_string = written(&serde_json::from_str::<String>(&json).unwrap_or_default());
        // Escapes of a text may be written in another way.
        let json = if json.starts_with('"') { as_string } else { json };
        prop_assert!(check(&json, Side::KNOWN));
        prop_assert!(check(&json, Kind::KNOWN));
    }
}
