//! Tests the times in the examples of the specs, and some times in requests and responses.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/specs.rs"]
mod specs;

use serde_json::Value;
use venuekit::Outcome;
use venuekit::time::{TimeError, TimeFormat as Format, Timestamp, UnixMillis, UnixSeconds};
use venuekit_codegen::model::{Api, Field, TimeFormat, TimeUnit, Type, TypeKind};
use venuekit_test_support::{Script, respond};
use venuekit_venues::{venuekit_btse_spot, venuekit_excore, venuekit_jex_spot};

/// Calls `found` with each time in a value of a type.
fn times(api: &Api, ty: &Type, value: &Value, found: &mut dyn FnMut(TimeFormat, &Value)) {
    let fields = |fields: &[Field], values: Vec<&Value>, found: &mut dyn FnMut(TimeFormat, &Value)| {
        fields.iter().zip(values).for_each(|(field, value)| times(api, &field.ty, value, found));
    };
    match (api.resolve(ty), value) {
        (_, Value::Null) => {}
        (Type::Time(format), value) => found(*format, value),
        (Type::List(inner), Value::Array(values)) => values.iter().for_each(|value| times(api, inner, value, found)),
        (Type::Map(inner), Value::Object(values)) => values.values().for_each(|value| times(api, inner, value, found)),
        (Type::Nullable(inner) | Type::Maybe(inner), value) => times(api, inner, value, found),
        (Type::Named(name), value) => match (&api.type_def(name).unwrap().kind, value) {
            (TypeKind::Struct(all), value) => {
                fields(all, all.iter().map(|field| &value[field.wire.as_str()]).collect(), found);
            }
            (TypeKind::Row { columns, .. }, Value::Array(values)) => fields(columns, values.iter().collect(), found),
            (TypeKind::OneOrMany(inner), Value::Array(values)) => {
                values.iter().for_each(|value| times(api, inner, value, found));
            }
            (TypeKind::OneOrMany(inner), value) => times(api, inner, value, found),
            (TypeKind::Either(alternatives), value) => {
                // An alternative of another JSON type finds no time in the value.
                alternatives.iter().for_each(|alternative| times(api, &alternative.ty, value, found));
            }
            _ => {}
        },
        _ => {}
    }
}

/// Returns the seconds since 1970 of a value in a format.
fn seconds(format: TimeFormat, value: &Value) -> Result<i64, TimeError> {
    fn read<F: Format>(value: &Value) -> Result<i64, TimeError> {
        serde_json::from_value::<Timestamp<F>>(value.clone()).unwrap().unix_secs_floor()
    }
    match format.unit {
        TimeUnit::Milliseconds => read::<venuekit::time::Millis>(value),
        TimeUnit::Microseconds => read::<venuekit::time::Micros>(value),
        TimeUnit::Nanoseconds => read::<venuekit::time::Nanos>(value),
        TimeUnit::Seconds => read::<venuekit::time::Seconds>(value),
        TimeUnit::Iso8601 if format.is_utc => read::<venuekit::time::IsoUtc>(value),
        TimeUnit::Iso8601 => read::<venuekit::time::Iso>(value),
        TimeUnit::DotnetTicks => read::<venuekit::time::Ticks>(value),
    }
}

#[test]
fn each_time_in_the_examples_is_from_2010_to_2040_in_the_unit_that_the_spec_states() {
    /// 2010-01-01.
    const FIRST: i64 = 1_262_304_000;
    /// 2040-01-01.
    const LAST: i64 = 2_208_988_800;

    for venue in venuekit_venues::VENUES {
        let api = specs::api(venue);
        let mut count = 0;
        for example in &api.examples {
            let value = serde_json::from_str(&example.json).unwrap();
            times(&api, &example.ty, &value, &mut |format, value| {
                count += 1;
                let place = format!("{} {}: {value}", venue.spec, example.pointer);
                match seconds(format, value) {
                    // A 0 stands for no time.
                    Ok(0) => {}
                    Ok(seconds) => assert!((FIRST..LAST).contains(&seconds), "{place}"),
                    Err(error) => assert!(error.lacks_zone(), "{place}: {error}"),
                }
            });
        }
        assert!(count > 0, "{} has no time in its examples", venue.spec);
    }
}

#[test]
fn seconds_with_decimals_stay_exact() {
    let order: venuekit_excore::types::PendingOrder = example(&venuekit_excore::meta::META, "order.pending_detail");
    assert_eq!(serde_json::to_string(&order.ctime).unwrap(), order.ctime.to_string());
    assert_eq!(order.ctime.unix_nanos(), Ok(nanos(&order.ctime.to_string())));
    assert!(order.ctime.unix_millis().unwrap_err().loses_digits(), "{}", order.ctime);
}

/// Returns the nanoseconds of seconds with at most nine decimals.
fn nanos(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap();
    format!("{whole}{fraction:0<9}").parse().unwrap()
}

fn example<T: serde::de::DeserializeOwned>(meta: &venuekit::meta::VenueMeta, operation: &str) -> T {
    let is_response = |example: &&venuekit::meta::Example| matches!(&example.subject, venuekit::meta::ExampleOf::Response { operation: of, .. } if *of == operation);
    let mut responses = meta.examples.iter().filter(is_response);
    responses.find_map(|example| serde_json::from_str(example.json).ok()).unwrap()
}

#[test]
fn a_time_of_zero_is_read_and_a_text_without_a_zone_lacks_the_zone() {
    let trades: Vec<venuekit_jex_spot::types::Trade> =
        serde_json::from_str(r#"[{"id":1,"price":1,"qty":1,"time":0,"isBuyerMaker":true}]"#).unwrap();
    assert_eq!(trades.first().unwrap().time, UnixMillis::from_millis(0));
    let fills: Vec<venuekit_btse_spot::types::Fill> = example(&venuekit_btse_spot::meta::META, "getFills");
    let created = fills.first().unwrap().created_at.clone().unwrap();
    assert!(created.unix_secs().unwrap_err().lacks_zone());
    assert!(created.assume_utc().unix_secs().is_ok());
}

/// A venue may read a number with decimals as 0, and 0 as no limit.
#[tokio::test]
async fn a_time_with_decimals_is_not_sent_where_the_venue_expects_an_integer() {
    let records = r#"{"error":null,"result":{"offset":0,"limit":1,"records":[]},"id":1}"#;
    let transport = Script::new([respond(200, records)]);
    let client = venuekit_excore::Client::builder()
        .base_url("https://exchange.test/v3sign/")
        .transport(transport.clone())
        .credentials(venuekit_excore::Credentials::new("key", "secret").unwrap())
        .build()
        .unwrap();
    let finished = |start: UnixSeconds| {
        let call = client.order_finished().user_id(1).market("BTCBCH").start_time(start).end_time(0).offset(0).limit(1);
        call.side(venuekit_excore::types::SideFilter::Both).send()
    };
    let order: venuekit_excore::types::PendingOrder = example(&venuekit_excore::meta::META, "order.pending_detail");
    let error = finished(order.ctime.clone()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let text = error.to_string();
    assert!(text.contains("`start_time`") && text.contains("`unix_secs_floor`"), "{text}");

    finished(UnixSeconds::from_secs(order.ctime.unix_secs_floor().unwrap())).await.unwrap();
    let [sent] = transport.sent().try_into().unwrap();
    assert!(sent.text().contains(r#""params":[1,"BTCBCH",1515684147,0,0,1,0]"#), "{}", sent.text());
}

/// The value of a response stays as the venue sent it, whatever the spec says.
#[test]
fn a_time_in_a_response_can_have_decimals_even_if_the_spec_says_integer() {
    let json = r#"[1515718800.5,"1","1","1","1","0","0","BTCBCH"]"#;
    let kline: venuekit_excore::types::Kline = serde_json::from_str(json).unwrap();
    assert_eq!(kline.time.unix_millis(), Ok(1_515_718_800_500));
    assert_eq!(serde_json::to_string(&kline).unwrap(), json);
}
