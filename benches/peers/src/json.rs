//! JSON of both clients, compared.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Number, Value};

use crate::differences::{Difference, Ledger};

/// Returns whether two values are equal, apart from differences that are documented.
pub fn are_equal(mut ours: Value, mut theirs: Value, ledger: &mut Ledger) -> bool {
    type Change = fn(Value) -> Value;
    let steps: [(Difference, Change); 4] = [
        (Difference::Numbers, |value| if let Value::Number(number) = &value { whole(number) } else { value }),
        (Difference::Times, |value| if let Value::String(text) = &value { time(text).into() } else { value }),
        (Difference::Null, |value| without(value, Value::is_null)),
        (Difference::Empty, |value| without(value, is_empty)),
    ];
    for (difference, change) in steps {
        if ours == theirs {
            return true;
        }
        let (our_change, their_change) = (changed(ours.clone(), change), changed(theirs.clone(), change));
        if our_change != ours || their_change != theirs {
            ledger.saw(difference);
        }
        (ours, theirs) = (our_change, their_change);
    }
    ours == theirs
}

/// Returns the value with all values in it changed, from the inside out.
fn changed(value: Value, change: fn(Value) -> Value) -> Value {
    change(match value {
        Value::Array(elements) => elements.into_iter().map(|element| changed(element, change)).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, changed(value, change))).collect(),
        value => value,
    })
}

/// Returns an integer for a number that is one: `5.0` is 5.
fn whole(number: &Number) -> Value {
    match number.as_f64() {
        Some(float) if number.as_i64().is_none() && float.fract() == 0.0 && float.abs() < 9e15 => (float as i64).into(),
        _ => number.clone().into(),
    }
}

/// Returns a time in one form, and any other text as it is.
pub fn time(text: &str) -> String {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => time.to_utc().to_rfc3339_opts(SecondsFormat::Nanos, true),
        Err(_) => text.to_owned(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Returns an object without some of its members, and any other value as it is.
fn without(value: Value, is_left_out: fn(&Value) -> bool) -> Value {
    match value {
        Value::Object(members) => members.into_iter().filter(|(_, value)| !is_left_out(value)).collect(),
        value => value,
    }
}
