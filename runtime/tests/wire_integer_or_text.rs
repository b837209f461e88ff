//! Ids that are an integer or text. 28 and "28" are equal, and each is written as it was read.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::Cursor;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use venuekit::codegen::Blank;
use venuekit::wire::{IntegerOrText, OneOrMany};

/// Reads an id in three ways: from a text, from a reader, and with `serde_path_to_error`. Asserts
/// that all results are equal, and that each is written back unchanged.
fn id(json: &str) -> IntegerOrText {
    let id: IntegerOrText = serde_json::from_str(json).unwrap();
    let others = [
        serde_json::from_reader::<_, IntegerOrText>(Cursor::new(json)).unwrap(),
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap(),
    ];
    for other in others.iter().chain([&id]) {
        assert_eq!((other, other.is_text()), (&id, id.is_text()), "{json}");
        assert_eq!(serde_json::to_string(other).unwrap(), json);
    }
    id
}

#[test]
fn an_id_is_written_as_it_came() {
    for json in ["28", "-28", "0", "9223372036854775807", "18446744073709551615", "-9223372036854775808"] {
        assert!(!id(json).is_text());
        let tree: Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::from_value::<IntegerOrText>(tree.clone()).unwrap(), id(json));
        assert_eq!(IntegerOrText::deserialize(&tree).unwrap(), id(json));
        assert_eq!(serde_json::to_value(id(json)).unwrap(), tree);
    }
    for json in [r#""28""#, r#""028""#, r#""""#, r#"" 28""#, r#""x-17""#, r#""\"\\""#, r#""ä""#, r#""1.50""#] {
        assert!(id(json).is_text());
        assert_eq!(serde_json::to_value(id(json)).unwrap(), serde_json::from_str::<Value>(json).unwrap());
    }
}

#[test]
fn integers_of_any_length_keep_their_digits() {
    for json in ["18446744073709551616", "-9223372036854775809", "123456789012345678901234567890"] {
        let id = id(json);
        assert_eq!((id.as_str(), id.as_i64(), id.as_u64(), id.is_text()), (json, None, None, false));
        assert_eq!(id, IntegerOrText::from(json));
    }
}

#[test]
fn an_integer_and_the_text_of_its_digits_are_one_value() {
    for (integer, text) in
        [("28", r#""28""#), ("-7", r#""-7""#), ("0", r#""0""#), ("18446744073709551616", r#""18446744073709551616""#)]
    {
        let (integer, text) = (id(integer), id(text));
        assert_eq!(integer, text);
        assert_eq!(integer.cmp(&text), Ordering::Equal);
        assert_eq!(HashSet::from([integer.clone(), text.clone()]).len(), 1);
        assert_eq!(BTreeSet::from([integer.clone(), text]).len(), 1);
    }
    for text in ["028", "+28", "28.0", " 28", "28 ", "2.8e1", "-0", "00"] {
        let other = IntegerOrText::from(text);
        for integer in [28, 0] {
            assert_ne!(other, IntegerOrText::from(integer), "{text}");
            assert_ne!(other, integer, "{text}");
        }
        assert_eq!((other.as_i64(), other.as_u64()), (None, None), "{text}");
        assert_eq!(other.as_str(), text);
    }
}

#[test]
fn ids_convert_from_integers_and_text_and_compare_with_both() {
    assert_eq!(IntegerOrText::from(28), IntegerOrText::from(28_u64));
    assert_eq!(IntegerOrText::from(28_i64), IntegerOrText::from("28"));
    assert_eq!(IntegerOrText::from(28_u32), IntegerOrText::from("28".to_owned()));
    assert_eq!("28".parse::<IntegerOrText>().unwrap(), IntegerOrText::from(&"28".to_owned()));
    let id = IntegerOrText::from(28);
    assert_eq!(IntegerOrText::from(&id), id);
    assert_eq!(id, 28);
    assert_eq!(28_u64, id);
    assert_eq!(id, "28");
    assert_eq!(id, *"28");
    assert_eq!(id, "28".to_owned());
    assert_eq!("28", id);
    assert_eq!(*"28", id);
    assert_eq!("28".to_owned(), id);
    assert_ne!("028", id);
    assert_eq!((AsRef::<str>::as_ref(&id), String::from(id.clone())), ("28", "28".to_owned()));
    assert_ne!(id, -28_i64);
    assert_eq!((id.as_i64(), id.as_u64(), id.as_str()), (Some(28), Some(28), "28"));
    assert_eq!((IntegerOrText::from(-7).as_i64(), IntegerOrText::from(-7).as_u64()), (Some(-7), None));
    assert_eq!(IntegerOrText::from(u64::MAX).as_u64(), Some(u64::MAX));
    assert_eq!(format!("{:>4}|{}|{:?}|{:?}", id, id, id, IntegerOrText::from("28")), r#"  28|28|28|"28""#);
    assert_eq!(IntegerOrText::blank(), "");
}

#[test]
fn integers_come_first_ordered_by_value_and_other_text_follows() {
    let ordered = [
        "-18446744073709551616",
        "-10",
        "-9",
        "0",
        "7",
        "28",
        "100",
        "18446744073709551616",
        "",
        "+1",
        "-0",
        "007",
        "028",
        "28a",
        "x",
    ];
    let mut ids: Vec<IntegerOrText> = ordered.iter().rev().map(|text| IntegerOrText::from(*text)).collect();
    ids.sort();
    assert_eq!(ids, ordered);
}

#[test]
fn ids_can_be_keys_of_maps_and_values_in_a_one_or_many() {
    let orders: HashMap<IntegerOrText, i32> = serde_json::from_str(r#"{"28":1,"x":2}"#).unwrap();
    assert_eq!((orders.get(&IntegerOrText::from(28)), orders.get(&IntegerOrText::from("x"))), (Some(&1), Some(&2)));
    let orders: BTreeMap<IntegerOrText, i32> = BTreeMap::from([(IntegerOrText::from(28), 1)]);
    assert_eq!(serde_json::to_string(&orders).unwrap(), r#"{"28":1}"#);
    let ids: OneOrMany<IntegerOrText> = serde_json::from_str(r#"[28,"28"]"#).unwrap();
    assert_eq!(serde_json::to_string(&ids).unwrap(), r#"[28,"28"]"#);
    let ids: OneOrMany<IntegerOrText> = serde_json::from_str("28").unwrap();
    assert_eq!(ids, OneOrMany::One(IntegerOrText::from(28)));
}

#[test]
fn values_other_than_integers_and_text_are_refused() {
    for (json, found) in [
        ("1.0", "a number"),
        ("1e3", "a number"),
        ("true", "a boolean"),
        ("null", "null"),
        ("[28]", "an array"),
        (r#"{"id":28}"#, "an object"),
    ] {
        let error = serde_json::from_str::<IntegerOrText>(json).unwrap_err().to_string();
        assert!(error.starts_with(&format!("expected an integer or a string, found {found}")), "{error}");
    }
    assert!(serde_json::from_str::<IntegerOrText>("028").is_err());
}

fn any_id() -> impl Strategy<Value = IntegerOrText> {
    prop_oneof![
        any::<i64>().prop_map(IntegerOrText::from),
        any::<u64>().prop_map(IntegerOrText::from),
        "-?[0-9]{0,3}".prop_map(IntegerOrText::from),
        "-?[0-9]{0,25}".prop_map(IntegerOrText::from),
        any::<String>().prop_map(IntegerOrText::from),
        "[+-]?0{0,2}[0-9]{0,3}(\\.0)?".prop_map(IntegerOrText::from),
        // JSON integers of any length, including `-0`.
        "-?(0|[1-9][0-9]{0,40})".prop_map(|json| serde_json::from_str(&json).unwrap()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn equality_order_and_hash_agree(a in any_id(), b in any_id(), c in any_id()) {
        let hasher = RandomState::new();
        let other = IntegerOrText::from(a.as_str());
        prop_assert_eq!(hasher.hash_one(&a), hasher.hash_one(&other));
        prop_assert_eq!(&a, &other);
        prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a == b, hasher.hash_one(&a) == hasher.hash_one(&b));
        prop_assert_eq!(a == b, HashSet::from([&a, &b]).len() == 1);
        prop_assert_eq!(a == b, BTreeSet::from([&a, &b]).len() == 1);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
        if let (Some(a_integer), Some(b_integer)) = (a.as_i64(), b.as_i64()) {
            prop_assert_eq!(a.cmp(&b), a_integer.cmp(&b_integer));
        }
    }

    #[test]
    fn integers_of_any_length_are_ordered_by_value(a in any::<i128>(), b in any::<i128>()) {
        let id = |integer: i128| IntegerOrText::from(integer.to_string());
        prop_assert_eq!(id(a).cmp(&id(b)), a.cmp(&b));
        prop_assert_eq!(id(a) == id(b), a == b);
    }

    #[test]
    fn any_id_comes_back_as_it_was_written(id in any_id()) {
        let json = serde_json::to_string(&id).unwrap();
        let read: IntegerOrText = serde_json::from_str(&json).unwrap();
        prop_assert_eq!((&read, read.is_text()), (&id, id.is_text()));
    }
}
