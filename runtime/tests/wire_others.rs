//! Members of an object that no field has: they are kept as they are read, and written back.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use venuekit::Decimal;
use venuekit::wire::{As, DecimalString, Json, Number, Same};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
struct Ticker {
    symbol: String,
    #[serde(rename = "volume", default, skip_serializing_if = "Option::is_none", with = "As::<Option<DecimalString>>")]
    volume: Option<Decimal>,
    #[serde(skip)]
    others: BTreeMap<String, Json>,
}

venuekit::impl_object!(Ticker, others = others: Same);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
struct Prices {
    base: String,
    #[serde(skip)]
    prices: BTreeMap<String, Decimal>,
}

venuekit::impl_object!(Prices, others = prices: DecimalString);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
struct Node {
    #[serde(default)]
    id: i64,
    #[serde(skip)]
    children: BTreeMap<String, Node>,
}

venuekit::impl_object!(Node, others = children: Same);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
struct Counts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<i64>,
    #[serde(skip)]
    counts: BTreeMap<String, Option<i64>>,
}

venuekit::impl_object!(Counts, others = counts: Same);

fn back<T: Serialize + for<'de> Deserialize<'de>>(json: &str) -> String {
    serde_json::to_string(&serde_json::from_str::<T>(json).unwrap()).unwrap()
}

#[test]
fn members_of_other_names_are_written_back_digit_for_digit() {
    for json in [
        r#"{"symbol":"BTC"}"#,
        r#"{"symbol":"BTC","a":1.2345678901234567e-15,"b":115792089237316195423570985008687907853269984665640564039457}"#,
        r#"{"symbol":"BTC","volume":"1.50","deep":{ "x": [1.10, 2e400, null] },"n":null,"text":"a\"\u00e9"}"#,
        r#"{"symbol":"BTC","$serde_json::private::RawValue":"x"}"#,
        r#"{"symbol":"BTC","a\"b":1,"others":{}}"#,
    ] {
        assert_eq!(back::<Ticker>(json), json);
    }
    assert_eq!(
        back::<Prices>(r#"{"BTC":1.10,"base":"USD","ETH":"0.10"}"#),
        r#"{"base":"USD","BTC":"1.10","ETH":"0.10"}"#
    );
    assert_eq!(back::<Node>(r#"{"id":1,"a":{"id":2,"b":{"id":3}}}"#), r#"{"id":1,"a":{"id":2,"b":{"id":3}}}"#);
}

#[test]
fn integers_of_other_names_are_read_like_those_of_fields() {
    let counts: Counts = serde_json::from_str(r#"{"total":"7","a":"28","b":9007199254740993,"c":null}"#).unwrap();
    assert_eq!(counts.total, Some(7));
    let expected = [("a", Some(28)), ("b", Some(9_007_199_254_740_993)), ("c", None)];
    assert_eq!(counts.counts, expected.map(|(name, count)| (name.to_owned(), count)).into());
}

#[test]
fn a_value_of_another_type_is_an_error_with_its_path() {
    let mut deserializer = serde_json::Deserializer::from_str(r#"{"base":"USD","BTC":{"a":1}}"#);
    let error = serde_path_to_error::deserialize::<_, Prices>(&mut deserializer).unwrap_err();
    assert_eq!(error.path().to_string(), "BTC");
    assert!(serde_json::from_str::<Prices>(r#"["USD"]"#).is_err());
    assert!(serde_json::from_str::<Prices>(r#"{"BTC":"1"}"#).unwrap_err().to_string().contains("missing field `base`"));
    assert!(serde_json::from_str::<Prices>(r#"{"base":"a","base":"b"}"#).is_err());
}

#[test]
fn a_field_is_not_written_twice() {
    let ticker = |others: &[(&str, &str)], volume| Ticker {
        symbol: "BTC".to_owned(),
        volume,
        others: others.iter().map(|(name, json)| ((*name).to_owned(), Json::parse(*json).unwrap())).collect(),
    };
    let error = |ticker: &Ticker| serde_json::to_string(ticker).unwrap_err().to_string();
    assert!(error(&ticker(&[("symbol", "1")], None)).starts_with("`symbol` is among the properties of other names"));
    assert!(error(&ticker(&[("volume", "1")], None)).starts_with("`volume` is among the properties of other names"));
    assert_eq!(serde_json::to_string(&ticker(&[("a", "1.0")], None)).unwrap(), r#"{"symbol":"BTC","a":1.0}"#);
}

#[test]
fn a_number_inside_a_list_keeps_its_digits() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(remote = "Self")]
    struct Lists {
        #[serde(skip)]
        lists: BTreeMap<String, Vec<Number>>,
    }
    venuekit::impl_object!(Lists, others = lists: venuekit::wire::List<Same>);
    let json = r#"{"a":[1.10,"2.0",1e-400],"b":[]}"#;
    assert_eq!(back::<Lists>(json), json);
}
