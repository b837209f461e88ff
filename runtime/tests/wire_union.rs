//! Unions: how the type of a value is selected, and which values keep their JSON.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde::{Deserialize, Serialize};
use venuekit::wire::{As, DecimalNumber, DecimalString, Json};
use venuekit::{Decimal, dec};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Limit {
    kind: Kind,
    #[serde(with = "As::<DecimalString>")]
    price: Decimal,
}
venuekit::impl_object!(Limit);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Group {
    kind: Kind,
    orders: Vec<Order>,
}
venuekit::impl_object!(Group);

venuekit::open_enum! {
    pub enum Kind: str {
        Limit = "limit",
        Group = "group",
        Post = "post\"only",
    }
}

venuekit::tagged! {
    pub enum Order by "kind" {
        "limit" | "post\"only" => Limit(Limit),
        "group" => Group(Box<Group>),
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct One {
    id: i64,
    a: i64,
    b: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Two {
    id: i64,
    c: i64,
}

venuekit::by_presence! {
    pub enum Either {
        ["a", "b"] => One(One),
        ["c"] => Two(Two),
    }
}

venuekit::tagged! {
    pub enum Numbered by "code" {
        0 => Fine(Fine),
        -1 | 2 => Bad(Bad),
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fine {
    code: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bad {
    code: Json,
}

venuekit::raw_union! {
    pub struct Untold {
        /// A price.
        as_price, from_price: Decimal as DecimalNumber,
        /// Both sides.
        as_sides, from_sides: Vec<Decimal> as Vec<DecimalString>,
    }
}

fn read<T: for<'de> Deserialize<'de>>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn the_tag_decides_and_no_other_type_is_tried() {
    assert!(matches!(read(r#"{"price":"1.50","kind":"limit"}"#), Ok(Order::Limit(limit)) if limit.price == dec!(1.50)));
    assert!(matches!(read(r#"{"kind":"post\"only","price":2}"#), Ok(Order::Limit(_))));
    // The tag says that it is a group, so the error is that of a group.
    assert_eq!(read::<Order>(r#"{"kind":"group","price":"1"}"#), Err("missing field `orders`".into()));
    assert_eq!(read::<Order>("[1]"), Err("expected an object, found an array".into()));
}

#[test]
fn an_object_with_an_unknown_tag_or_none_or_two_keeps_its_json() {
    for json in [
        r#"{ "kind":"stop", "trigger":1.00000000000000000001 }"#,
        r#"{"price":"1"}"#,
        r#"{"kind":null,"price":"1"}"#,
        r#"{"kind":"limit","kind":"group","price":"1"}"#,
        "{}",
    ] {
        let order: Order = read(json).unwrap();
        assert!(matches!(&order, Order::Unrecognized(kept) if kept.get() == json), "{order:?}");
        assert_eq!(serde_json::to_string(&order).unwrap(), json);
    }
}

#[test]
fn a_tag_can_be_an_integer() {
    assert!(matches!(read(r#"{"code":0}"#), Ok(Numbered::Fine(_))));
    assert!(matches!(read(r#"{"code":-1}"#), Ok(Numbered::Bad(_))));
    assert!(matches!(read(r#"{"code":"2"}"#), Ok(Numbered::Bad(_))));
    assert!(matches!(read(r#"{"code":0.0}"#), Ok(Numbered::Unrecognized(_))));
}

#[test]
fn unions_are_read_inside_lists_and_options_and_from_a_serde_json_value() {
    let json = r#"{"kind":"group","orders":[{"kind":"limit","price":"1.10"},{"kind":"x","y":1.0}]}"#;
    let order: Order = read(json).unwrap();
    assert_eq!(serde_json::to_string(&order).unwrap(), json);
    assert_eq!(read::<Option<Order>>("null"), Ok(None));
    assert!(matches!(read::<Option<Order>>(json), Ok(Some(Order::Group(_)))));
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    assert!(matches!(serde_json::from_value(value).unwrap(), Order::Group(_)));
}

#[test]
fn unions_inside_each_other_are_bounded() {
    let mut json = r#"{"kind":"limit","price":"1"}"#.to_owned();
    for _ in 0..100 {
        json = format!(r#"{{"kind":"group","orders":[{json}]}}"#);
    }
    assert!(read::<Order>(&json).unwrap_err().contains("too many objects are inside each other"));
    // The count starts again after an error.
    assert!(read::<Order>(r#"{"kind":"limit","price":"1"}"#).is_ok());
}

#[test]
fn an_object_has_a_type_if_it_has_all_listed_members_of_that_type_and_no_listed_one_of_another() {
    assert!(matches!(read(r#"{"id":1,"a":1,"b":2}"#), Ok(Either::One(_))));
    assert!(matches!(read(r#"{"c":1,"id":1}"#), Ok(Either::Two(_))));
    // A member that is null counts as absent.
    assert!(matches!(read(r#"{"c":1,"id":1,"a":null}"#), Ok(Either::Two(_))));
    for json in [r#"{"id":1}"#, r#"{"id":1,"a":1}"#, r#"{"id":1,"a":1,"b":1,"c":1}"#, r#"{"id":1,"a":1,"c":1}"#] {
        assert!(matches!(read(json), Ok(Either::Unrecognized(kept)) if kept.get() == json), "{json}");
    }
}

#[test]
fn a_raw_union_keeps_its_json_and_can_be_decoded_as_any_alternative_that_fits() {
    let untold: Untold = read("1.50").unwrap();
    assert_eq!(untold.as_price().unwrap(), dec!(1.50));
    assert!(untold.as_sides().is_err());
    assert_eq!(serde_json::to_string(&untold).unwrap(), "1.50");
    assert_eq!(serde_json::to_string(&Untold::from_sides(&vec![dec!(2.0)]).unwrap()).unwrap(), r#"["2.0"]"#);
}
