//! Integers are read from numbers and from text of digits, wherever a schema says `integer`.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::Cursor;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use venuekit::wire::{Json, OneOrMany, Same};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
struct Order {
    id: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mins: Option<i32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fills: Vec<i64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    counts: BTreeMap<String, Vec<Option<u32>>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    children: Vec<Order>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rows: Option<OneOrMany<Row>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    more: Option<Json>,
}

venuekit::impl_object!(Order);

#[derive(Clone, Debug, PartialEq)]
struct Row {
    time: i64,
    trades: Option<i32>,
    inner: Option<Vec<Row>>,
    order: Option<Box<Order>>,
}

venuekit::impl_row!(Row, required = 1, { time: Same, trades: Same, inner: Same, order: Same });

venuekit::either! {
    enum Status { integer => Code(i64), object => Order(Order), array => Codes(Vec<i64>) }
}

venuekit::open_enum! {
    enum Role: i64 { Maker = 1, Taker = -2 }
}

/// Reads a text with our reader, as a slice, through a reader, with its path tracked and through a
/// [`serde_json::Value`]; all results must be equal.
fn read<T: DeserializeOwned + PartialEq + Debug>(json: &str) -> Result<T, String> {
    let slice = serde_json::from_slice::<T>(json.as_bytes()).map_err(|error| error.to_string());
    let own = venuekit_json::reader::from_slice::<T>(json.as_bytes()).map_err(|error| error.to_string());
    assert_eq!(slice, own, "our reader and serde_json differ for {json}");
    let tracked = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(json));
    let value = serde_json::from_str::<serde_json::Value>(json).and_then(serde_json::from_value::<T>);
    let reader = serde_json::from_reader::<_, T>(Cursor::new(json));
    for other in [reader.ok(), tracked.ok(), value.ok()] {
        assert_eq!(slice.as_ref().ok(), other.as_ref(), "{json}");
    }
    slice
}

/// Returns the path and the message of the error.
fn fault<T: DeserializeOwned + Debug>(json: &str) -> (String, String) {
    let error = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(json)).unwrap_err();
    let message = error.inner().to_string();
    let own = venuekit_json::reader::from_str::<T>(json).unwrap_err();
    assert_eq!((own.path(), own.to_string()), (error.path().to_string(), message.clone()));
    (error.path().to_string(), message.split(" at line").next().unwrap_or_default().to_owned())
}

#[test]
fn integers_are_read_from_text_in_properties_options_lists_maps_and_rows() {
    let text = concat!(
        r#"{"id":"-9223372036854775808","sequence":"18446744073709551615","mins":"-5","fills":["7",8],"#,
        r#""counts":{"a":["0",null,4294967295]},"children":[{"id":"1","children":[{"id":"2"}]}],"#,
        r#""rows":[["1499040000000","308",[["3"],[4,"5"]],{"id":"6","fills":["7"]}]]}"#,
    );
    let numbers = concat!(
        r#"{"id":-9223372036854775808,"sequence":18446744073709551615,"mins":-5,"fills":[7,8],"#,
        r#""counts":{"a":[0,null,4294967295]},"children":[{"id":1,"children":[{"id":2}]}],"#,
        r#""rows":[[1499040000000,308,[[3],[4,5]],{"id":6,"fills":[7]}]]}"#,
    );
    let order: Order = read(text).unwrap();
    assert_eq!(order, read::<Order>(numbers).unwrap());
    assert_eq!(serde_json::to_string(&order).unwrap(), numbers);
}

#[test]
fn the_text_of_an_integer_may_have_escapes() {
    assert_eq!(read::<Order>(r#"{"id":"2\u0038"}"#).unwrap(), read::<Order>(r#"{"id":28}"#).unwrap());
}

#[test]
fn strings_and_raw_json_are_not_read_as_integers() {
    let json = r#"{"id":1,"label":"28","more":{"id":"28"}}"#;
    assert_eq!(serde_json::to_string(&read::<Order>(json).unwrap()).unwrap(), json);
    assert!(read::<Order>(r#"{"id":1,"label":28}"#).is_err());
}

#[test]
fn text_is_an_integer_only_as_json_writes_integers() {
    for text in [
        "", " 1", "1 ", "+1", "-0", "00", "028", "-01", "1.0", "1.", "1e3", "0x1", "1_000", "NaN", "null", "-",
        "\u{661}",
    ] {
        let json = serde_json::to_string(&BTreeMap::from([("id", text)])).unwrap();
        assert!(read::<Order>(&json).is_err(), "{text:?}");
        let message = format!("invalid value: string {text:?}, expected i64");
        assert_eq!(fault::<Order>(&json), ("id".to_owned(), message));
    }
    // JSON numbers keep the grammar of JSON, and an integer has no fraction.
    for number in ["028", "+1", "1.0", "1e3", "-0"] {
        assert!(read::<Order>(&format!(r#"{{"id":{number}}}"#)).is_err(), "{number}");
    }
}

#[test]
fn an_integer_that_does_not_fit_and_a_value_of_another_type_are_errors_with_their_path() {
    for (json, path, message) in [
        (r#"{"id":"9223372036854775808"}"#, "id", "invalid value: integer `9223372036854775808`, expected i64"),
        (r#"{"id":"18446744073709551616"}"#, "id", r#"invalid value: string "18446744073709551616", expected i64"#),
        (r#"{"id":1,"mins":"2147483648"}"#, "mins", "invalid value: integer `2147483648`, expected i32"),
        (r#"{"id":1,"sequence":"-1"}"#, "sequence", "invalid value: integer `-1`, expected u64"),
        (
            r#"{"id":1,"counts":{"a":[null,"4294967296"]}}"#,
            "counts.a[1]",
            "invalid value: integer `4294967296`, expected u32",
        ),
        (r#"{"id":1,"rows":[[1],["2",3,[["x"]]]]}"#, "rows[1][2][0][0]", r#"invalid value: string "x", expected i64"#),
        (r#"{"id":1,"children":[{"id":true}]}"#, "children[0].id", "invalid type: boolean `true`, expected i64"),
        (r#"{"id":1,"fills":[{}]}"#, "fills[0]", "invalid type: map, expected i64"),
    ] {
        assert_eq!(fault::<Order>(json), (path.to_owned(), message.to_owned()), "{json}");
        assert!(read::<Order>(json).is_err());
    }
    let (_, message) = fault::<Order>(&format!(r#"{{"id":"{}"}}"#, "1".repeat(10_000)));
    assert!(message.len() < 200, "{message}");
}

#[test]
fn text_is_an_integer_if_no_alternative_is_text() {
    assert_eq!(read::<Status>(r#""28""#).unwrap(), Status::Code(28));
    assert_eq!(read::<Status>(r#"["28",29]"#).unwrap(), Status::Codes(vec![28, 29]));
    assert_eq!(read::<Status>(r#"{"id":"28"}"#).unwrap(), read::<Status>(r#"{"id":28}"#).unwrap());
    assert!(read::<Status>(r#""x""#).is_err());
    assert_eq!(read::<OneOrMany<i64>>(r#""28""#).unwrap(), OneOrMany::One(28));
    assert_eq!(read::<OneOrMany<i64>>(r#"["28",29]"#).unwrap(), OneOrMany::Many(vec![28, 29]));
}

#[test]
fn a_known_value_of_an_enum_of_integers_comes_as_text() {
    assert_eq!(read::<Vec<Role>>(r#"["1","-2",1]"#).unwrap(), [Role::Maker, Role::Taker, Role::Maker]);
    for unknown in [r#""01""#, r#""+1""#, r#""1.0""#, r#"" 1""#, r#""7""#] {
        let role: Role = read(unknown).unwrap();
        assert!(!role.is_known());
        assert_eq!(serde_json::to_string(&role).unwrap(), unknown);
    }
}
