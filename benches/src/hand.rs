//! Clients as one writes them by hand with reqwest: prices are floats, and nothing is kept that the
//! venue does not need. They send the same bytes as venuekit.

use std::sync::atomic::{AtomicU64, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use reqwest::{Request, RequestBuilder};
use serde::{Deserialize, Serialize};
use sha2::{Sha256, Sha384, Sha512};

use crate::orders::{AGENT, KEY, NOW, SECRET};

/// The headers of each request.
fn with_headers(builder: RequestBuilder) -> RequestBuilder {
    builder.header(ACCEPT, "application/json").header(ACCEPT_ENCODING, "identity").header(USER_AGENT, AGENT)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = |byte: &u8| [DIGITS[usize::from(byte >> 4)] as char, DIGITS[usize::from(byte & 15)] as char];
    bytes.iter().flat_map(digits).collect()
}

pub struct Btse {
    pub http: reqwest::Client,
    mac: Hmac<Sha384>,
    nonce: AtomicU64,
}

#[derive(Serialize)]
pub struct BtseOrder<'a> {
    pub amount: f64,
    pub client_oid: i64,
    pub post_only: bool,
    pub price: f64,
    pub symbol: &'a str,
    pub side: &'a str,
    pub tag: &'a str,
    #[serde(rename = "type")]
    pub kind: &'a str,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "the value is read only")]
pub struct BtsePlaced {
    id: String,
}

impl Btse {
    pub fn new() -> Self {
        let mac = Hmac::new_from_slice(SECRET.as_bytes()).unwrap();
        Self { http: reqwest::Client::new(), mac, nonce: AtomicU64::new(NOW) }
    }

    pub fn order(&self, order: &BtseOrder<'_>) -> Request {
        let (path, body) = ("/spot/v2/order", serde_json::to_string(order).unwrap());
        let nonce = self.nonce.fetch_add(1, Ordering::Relaxed).to_string();
        let mut mac = self.mac.clone();
        mac.update(path.as_bytes());
        mac.update(nonce.as_bytes());
        mac.update(body.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        with_headers(self.http.post(format!("https://api.btse.com{path}")))
            .header(CONTENT_TYPE, "application/json")
            .header("btse-api", KEY)
            .header("btse-nonce", nonce)
            .header("btse-sign", signature)
            .body(body)
            .build()
            .unwrap()
    }
}

pub struct Jex {
    pub http: reqwest::Client,
    mac: Hmac<Sha256>,
}

pub struct JexOrder<'a> {
    pub symbol: &'a str,
    pub side: &'a str,
    pub kind: &'a str,
    pub quantity: &'a str,
    pub price: &'a str,
    pub response: &'a str,
}

/// The details of an order that was placed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the values are read only")]
pub struct JexPlaced {
    symbol: String,
    order_id: i64,
    transact_time: i64,
    price: crate::floats::Float,
    orig_qty: crate::floats::Float,
    executed_qty: crate::floats::Float,
    cummulative_quote_qty: crate::floats::Float,
    status: String,
    time_in_force: String,
    #[serde(rename = "type")]
    kind: String,
    side: String,
}

impl Jex {
    pub fn new() -> Self {
        Self { http: reqwest::Client::new(), mac: Hmac::new_from_slice(SECRET.as_bytes()).unwrap() }
    }

    pub fn order(&self, order: &JexOrder<'_>) -> Request {
        let JexOrder { symbol, side, kind, quantity, price, response } = order;
        let query = format!(
            "symbol={symbol}&side={side}&type={kind}&quantity={quantity}&price={price}\
             &newOrderRespType={response}&timestamp={NOW}"
        );
        let mut mac = self.mac.clone();
        mac.update(query.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let url = format!("https://www.jex.com/api/v1/spot/order?{query}&signature={signature}");
        with_headers(self.http.post(url)).header("X-JEX-APIKEY", KEY).build().unwrap()
    }
}

pub struct Excore {
    pub http: reqwest::Client,
    mac: Hmac<Sha512>,
    id: AtomicU64,
}

#[derive(Serialize)]
struct RpcRequest<'a, P> {
    id: u64,
    method: &'a str,
    params: P,
}

#[derive(Debug, Deserialize)]
pub struct RpcResponse<T> {
    pub error: Option<RpcError>,
    pub result: Option<T>,
    pub id: u64,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "the values are read only")]
pub struct RpcError {
    code: i64,
    message: String,
}

/// The details of an order that was placed.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "the values are read only")]
pub struct ExcorePlaced {
    id: i64,
    market: String,
    source: String,
    #[serde(rename = "type")]
    kind: i64,
    side: i64,
    user: i64,
    ctime: f64,
    mtime: f64,
    price: crate::floats::Float,
    amount: crate::floats::Float,
    taker_fee: crate::floats::Float,
    maker_fee: crate::floats::Float,
    left: crate::floats::Float,
    deal_stock: crate::floats::Float,
    deal_money: crate::floats::Float,
    deal_fee: crate::floats::Float,
}

impl Excore {
    pub fn new() -> Self {
        let mac = Hmac::new_from_slice(SECRET.as_bytes()).unwrap();
        Self { http: reqwest::Client::new(), mac, id: AtomicU64::new(1) }
    }

    pub fn order(&self, params: impl Serialize) -> Request {
        let id = self.id.fetch_add(1, Ordering::Relaxed);
        let body = serde_json::to_string(&RpcRequest { id, method: "order.put_limit", params }).unwrap();
        let mut mac = self.mac.clone();
        mac.update(body.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        with_headers(self.http.post("https://private.example/v3sign/"))
            .header(CONTENT_TYPE, "application/json")
            .header("KEY", KEY)
            .header("SIGN", signature)
            .body(body)
            .build()
            .unwrap()
    }
}
