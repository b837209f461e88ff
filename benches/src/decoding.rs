//! Measures decoding into exact types (by venuekit and by `serde_json`) beside decoding into floats
//! (by `serde_json`, `sonic-rs` and `simd-json`).

use serde::de::DeserializeOwned;
use venuekit_btse_spot::types as btse;
use venuekit_jex_spot::types as jex;

use crate::measure::{Contestant, Row};
use crate::{floats, responses};

pub fn exact<T: DeserializeOwned>(json: &[u8]) -> T {
    venuekit::wire::from_slice(json).unwrap()
}

pub fn rows() -> Vec<Row> {
    vec![
        row::<btse::OrderBook, floats::BtseBook>(
            "decoding-book",
            "a book of BTSE, 1,000 levels of text",
            responses::btse_book("\""),
        ),
        row::<btse::OrderBook, floats::BtseBook>(
            "decoding-numbers",
            "a book of BTSE, 1,000 levels of numbers",
            responses::btse_book(""),
        ),
        row::<jex::OrderBook, floats::JexBook>(
            "decoding-jex-book",
            "a book of JEX, 1,000 levels",
            responses::jex_book(),
        ),
        row::<Vec<jex::Kline>, Vec<floats::Kline>>("decoding-klines", "1,000 klines of JEX", responses::klines()),
        row::<Vec<jex::OrderInfo>, Vec<floats::Order>>("decoding-orders", "500 orders of JEX", responses::orders()),
        row::<jex::ExchangeInfo, floats::ExchangeInfo>(
            "decoding-rules",
            "the rules of JEX, 600 symbols",
            responses::exchange_info(),
        ),
    ]
}

fn row<E: DeserializeOwned + 'static, F: DeserializeOwned + 'static>(
    name: &'static str,
    title: &str,
    json: String,
) -> Row {
    let json: &'static [u8] = json.leak().as_bytes();
    #[cfg_attr(not(feature = "json-libraries"), expect(unused_mut, reason = "nothing is added"))]
    let mut contestants = vec![
        Contestant::new("floats, serde_json", || serde_json::from_slice::<F>(json).unwrap()),
        Contestant::new("exact, venuekit", || exact::<E>(json)),
        Contestant::new("exact types, serde_json", || serde_json::from_slice::<E>(json).unwrap()),
        Contestant::new("serde_json::Value", || serde_json::from_slice::<serde_json::Value>(json).unwrap()),
    ];
    #[cfg(feature = "json-libraries")]
    contestants.extend([
        Contestant::new("floats, sonic-rs", || sonic_rs::from_slice::<F>(json).unwrap()),
        Contestant::new("floats, simd-json (with a copy of the text)", || {
            simd_json::from_slice::<F>(&mut json.to_vec()).unwrap()
        }),
    ]);
    Row { name, title: format!("decoding: {title} ({} bytes)", json.len()), contestants }
}
