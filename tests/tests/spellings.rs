//! Tests the other spellings of enum values that the specs list (`x-enum-spellings`). The list
//! comes from the specs, so a new spelling is tested without a change here.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use serde_json::Value;
use venuekit::meta::JsonSource;
use venuekit_tests::spellings::spellings_of;
use venuekit_venues::VENUES;
use venuekit_venues::venuekit_altmarket::types::{MarketStatus, OrderSide, OrderStatus, OrderType};
use venuekit_venues::venuekit_btse_spot::types::{PendingOrder, PendingOrderSide, PendingOrderType};
use venuekit_venues::venuekit_jex_spot::types::RateLimitType;

/// Collects the JSON pointers of all scalars in a value.
fn scalars(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            scalars(member, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(index, element)| {
            scalars(element, &format!("{pointer}/{index}"), found);
        }),
        _ => found.push(pointer.to_owned()),
    }
}

#[test]
fn every_spelling_of_every_spec_is_read_as_its_value_and_written_as_documented() {
    let (mut read, mut venues) = (0, BTreeSet::new());
    for venue in VENUES {
        let spellings = spellings_of(venue);
        for example in venue.examples {
            let value: Value = serde_json::from_str(example.json).unwrap();
            let trip = |value: &Value| -> Value {
                let json = example.round_trip(JsonSource::Slice, value.to_string().as_bytes());
                let json = json.unwrap_or_else(|error| panic!("{} {}: {error}", venue.spec, example.pointer));
                serde_json::from_str(&json).unwrap()
            };
            let documented = trip(&value);
            let mut pointers = Vec::new();
            scalars(&value, "", &mut pointers);
            for pointer in pointers {
                for other in spellings.get(&value.pointer(&pointer).unwrap().to_string()).into_iter().flatten() {
                    let mut spelt = value.clone();
                    *spelt.pointer_mut(&pointer).unwrap() = serde_json::from_str(other).unwrap();
                    // A scalar outside an enum keeps the replacement, or its type refuses it.
                    let json = example.round_trip(JsonSource::Slice, spelt.to_string().as_bytes());
                    let Ok(json) = json else { continue };
                    let json: Value = serde_json::from_str(&json).unwrap();
                    if json == documented {
                        read += 1;
                        venues.insert(venue.venue.name());
                    } else {
                        assert_eq!(json, trip(&spelt), "{} {} at `{pointer}`", venue.spec, example.pointer);
                    }
                }
            }
        }
    }
    assert!(read > 20, "{read} spellings were read as their value (expected more than 20)");
    assert_eq!(venues, BTreeSet::from(["altmarket", "btse-spot", "jex-spot"]));
}

#[test]
fn a_value_in_another_spelling_equals_the_variant_of_the_enum() {
    fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).unwrap()
    }
    assert_eq!(read::<OrderStatus>("\"completed\""), OrderStatus::Completed);
    assert_eq!(read::<MarketStatus>("\"halted\""), MarketStatus::Halted);
    assert_eq!(read::<MarketStatus>("0"), MarketStatus::Open);
    assert!(!read::<MarketStatus>("2").is_known());
    assert_eq!((read::<OrderSide>("0"), read::<OrderSide>("1")), (OrderSide::Buy, OrderSide::Sell));
    assert_eq!(read::<OrderType>("0"), OrderType::Limit);
    assert!(!read::<OrderType>("1").is_known());
    assert_eq!(read::<RateLimitType>("\"REQUESTS_WEIGHT\""), RateLimitType::RequestsWeight);
    for json in [
        r#"{"id":"a","symbol":"BTC-USD","side":66,"type":76}"#,
        r#"{"id":"a","symbol":"BTC-USD","side":"BUY","type":"LIMIT"}"#,
    ] {
        let order: PendingOrder = read(json);
        assert_eq!((order.side, order.type_), (Some(PendingOrderSide::Buy), Some(PendingOrderType::Limit)));
    }
    let order: PendingOrder = read(r#"{"id":"a","symbol":"BTC-USD","side":"hold","type":7}"#);
    assert_eq!(serde_json::to_string(&order.side).unwrap(), "\"hold\"");
    assert_eq!(serde_json::to_string(&order.type_).unwrap(), "7");
}
