//! Decoding exactly, against floats on `serde_json` and on other readers.

use serde::de::DeserializeOwned;
use venuekit_btse_spot::types as btse;
use venuekit_jex_spot::types as jex;

use crate::measure::{Contestant, Effort, compare};
use crate::{floats, responses};

#[cfg(not(feature = "base"))]
pub fn exact<T: DeserializeOwned>(json: &[u8]) -> T {
    venuekit::wire::from_slice(json).unwrap()
}

/// For the runtime before it had its own reader.
#[cfg(feature = "base")]
pub fn exact<T: DeserializeOwned>(json: &[u8]) -> T {
    serde_json::from_slice(json).unwrap()
}

pub fn measure(effort: Effort) {
    shape::<btse::OrderBook, floats::BtseBook>("a book of BTSE, 1,000 levels of text", responses::btse_book("\""), effort);
    shape::<btse::OrderBook, floats::BtseBook>("a book of BTSE, 1,000 levels of numbers", responses::btse_book(""), effort);
    shape::<jex::OrderBook, floats::JexBook>("a book of JEX, 1,000 levels", responses::jex_book(), effort);
    shape::<Vec<jex::Kline>, Vec<floats::Kline>>("1,000 klines of JEX", responses::klines(), effort);
    shape::<Vec<jex::OrderInfo>, Vec<floats::Order>>("500 orders of JEX", responses::orders(), effort);
    shape::<jex::ExchangeInfo, floats::ExchangeInfo>("rules of JEX, 600 symbols", responses::exchange_info(), effort);
}

fn shape<E: DeserializeOwned, F: DeserializeOwned>(title: &str, json: String, effort: Effort) {
    let json = json.as_bytes();
    let contestants = vec![
        Contestant::new("floats, serde_json", || serde_json::from_slice::<F>(json).unwrap()),
        Contestant::new("exact, venuekit", || exact::<E>(json)),
        Contestant::new("exact types, serde_json", || serde_json::from_slice::<E>(json).unwrap()),
        Contestant::new("floats, sonic-rs", || sonic_rs::from_slice::<F>(json).unwrap()),
        Contestant::new("floats, simd-json (with a copy of the text)", || {
            simd_json::from_slice::<F>(&mut json.to_vec()).unwrap()
        }),
        Contestant::new("serde_json::Value", || serde_json::from_slice::<serde_json::Value>(json).unwrap()),
    ];
    compare(&format!("{title} ({} bytes)", json.len()), effort, contestants);
}

/// Decodes one shape a hundred times, for a profiler: `exact:orders`, `floats:orders` ..
pub fn once(name: &str) {
    match name.split_once(':').unwrap() {
        (kind, "book") => repeat::<btse::OrderBook, floats::BtseBook>(kind, &responses::btse_book("\"")),
        (kind, "numbers") => repeat::<btse::OrderBook, floats::BtseBook>(kind, &responses::btse_book("")),
        (kind, "jex-book") => repeat::<jex::OrderBook, floats::JexBook>(kind, &responses::jex_book()),
        (kind, "klines") => repeat::<Vec<jex::Kline>, Vec<floats::Kline>>(kind, &responses::klines()),
        (kind, "orders") => repeat::<Vec<jex::OrderInfo>, Vec<floats::Order>>(kind, &responses::orders()),
        (kind, "rules") => repeat::<jex::ExchangeInfo, floats::ExchangeInfo>(kind, &responses::exchange_info()),
        (_, other) => panic!("there is no shape {other}"),
    }
}

fn repeat<E: DeserializeOwned, F: DeserializeOwned>(kind: &str, json: &str) {
    for _ in 0..100 {
        match kind {
            "exact" => drop(exact::<E>(json.as_bytes())),
            "floats" => drop(serde_json::from_slice::<F>(json.as_bytes()).unwrap()),
            other => panic!("there is no kind {other}"),
        }
    }
}
