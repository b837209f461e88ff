//! Properties that can be absent, null or a value: reading and writing keep the three apart.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use venuekit::codegen::Blank;
use venuekit::wire::{As, DecimalString, IntegerOrText, Json, Maybe, Present, Same};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
struct Amend {
    #[serde(default, skip_serializing_if = "Maybe::is_absent")]
    count: Maybe<i64>,
    #[serde(default, skip_serializing_if = "Maybe::is_absent")]
    tag: Maybe<String>,
    #[serde(default, skip_serializing_if = "Maybe::is_absent")]
    id: Maybe<IntegerOrText>,
    #[serde(default, skip_serializing_if = "Maybe::is_absent", with = "As::<Maybe<DecimalString>>")]
    price: Maybe<Decimal>,
    #[serde(
        default,
        skip_serializing_if = "Maybe::is_absent",
        with = "As::<Maybe<BTreeMap<Same, Vec<DecimalString>>>>"
    )]
    fees: Maybe<BTreeMap<String, Vec<Decimal>>>,
    #[serde(default, skip_serializing_if = "Maybe::is_absent")]
    inner: Maybe<Box<Amend>>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "As::<Present>")]
    data: Option<Json>,
}

venuekit::impl_object!(Amend);

const MEMBERS: [(&str, &str); 7] = [
    ("count", "28"),
    ("tag", r#""a""#),
    ("id", "28"),
    ("price", r#""1.50""#),
    ("fees", r#"{"BTC":["0.10"]}"#),
    ("inner", r#"{"tag":null}"#),
    ("data", r#"{ "a": null }"#),
];

#[test]
fn absent_null_and_a_value_come_back_as_they_came() {
    assert_eq!(serde_json::from_str::<Amend>("{}").unwrap(), Amend::default());
    assert_eq!(serde_json::to_string(&Amend::default()).unwrap(), "{}");
    for (name, value) in MEMBERS {
        for value in [value, "null"] {
            let json = format!(r#"{{"{name}":{value}}}"#);
            let amend: Amend = serde_json::from_str(&json).unwrap();
            assert_ne!(amend, Amend::default(), "{json}");
            assert_eq!(serde_json::to_string(&amend).unwrap(), json);
            let tree: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_value(serde_json::from_value::<Amend>(tree.clone()).unwrap()).unwrap(), tree);
        }
    }
    let all = MEMBERS.map(|(name, value)| format!(r#""{name}":{value}"#)).join(",");
    let all = format!("{{{all}}}");
    assert_eq!(serde_json::to_string(&serde_json::from_str::<Amend>(&all).unwrap()).unwrap(), all);
}

#[test]
fn a_value_is_read_as_without_the_maybe() {
    let amend: Amend = serde_json::from_str(r#"{"count":"28","price":"+01.50","inner":{"count":"7"}}"#).unwrap();
    assert_eq!((amend.count, amend.price), (Maybe::Value(28), Maybe::Value(Decimal::new(150, 2))));
    assert_eq!(amend.inner.value().unwrap().count, Maybe::Value(7));
    let error = serde_path_to_error::deserialize::<_, Amend>(&mut serde_json::Deserializer::from_str(
        r#"{"inner":{"fees":{"BTC":["x"]}}}"#,
    ));
    assert_eq!(error.unwrap_err().path().to_string(), "inner.fees.BTC[0]");
    assert!(serde_json::from_str::<Amend>(r#"{"tag":28}"#).is_err());
}

#[test]
fn a_maybe_is_made_from_a_value_an_option_or_text() {
    fn tag(tag: impl Into<Maybe<String>>) -> Maybe<String> {
        tag.into()
    }
    fn count(count: impl Into<Maybe<i64>>) -> Maybe<i64> {
        count.into()
    }
    fn id(id: impl Into<Maybe<IntegerOrText>>) -> Maybe<IntegerOrText> {
        id.into()
    }
    let text = "a".to_owned();
    for made in
        [tag("a"), tag(&text), tag(Some("a")), tag(Some(text.clone())), tag(text), tag(Maybe::Value("a".into()))]
    {
        assert_eq!(made.as_deref(), Maybe::Value("a"));
    }
    assert_eq!(
        (tag(None::<String>), tag(Maybe::Absent), tag(Maybe::Null)),
        (Maybe::Absent, Maybe::Absent, Maybe::Null)
    );
    assert_eq!((count(28), count(Some(28)), count(None)), (Maybe::Value(28), Maybe::Value(28), Maybe::Absent));
    let value = Maybe::Value(IntegerOrText::from(28));
    for made in [id(28), id(28_u64), id("28"), id("28".to_owned()), id(IntegerOrText::from(28)), id(Some(28.into()))] {
        assert_eq!(made, value);
    }
    assert_eq!(Maybe::<i64>::blank(), Maybe::Absent);
}

#[test]
fn a_maybe_shows_its_state() {
    let all = [Maybe::Absent, Maybe::Null, Maybe::Value(7)];
    assert_eq!(all.map(|one| one.is_absent()), [true, false, false]);
    assert_eq!(all.map(|one| one.is_null()), [false, true, false]);
    assert_eq!(all.map(|one| one.is_value()), [false, false, true]);
    assert_eq!(all.map(Maybe::into_option), [None, None, Some(7)]);
    assert_eq!(all.map(|one| one.value().copied()), [None, None, Some(7)]);
    assert_eq!(all.map(|one| one.map(|value| value + 1)), [Maybe::Absent, Maybe::Null, Maybe::Value(8)]);
    assert_eq!(all.map(|one| one.as_ref().map(|value| *value)), all);
}
