//! A whole call without the network, against the decoding of its response alone.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use venuekit::transport::{Transport, TransportError, TransportRequest, TransportResponse};
use venuekit::{BoxFuture, Call, Retry, Throttle};
use venuekit_btse_spot::types as btse;
use venuekit_jex_spot::types as jex;

use crate::decoding::exact;
use crate::measure::{Contestant, Row};
use crate::responses;

/// A transport that always returns the same body.
#[derive(Debug)]
pub struct Canned(pub Bytes);

impl Transport for Canned {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        drop(std::hint::black_box(request));
        Box::pin(async { Ok(TransportResponse::new(StatusCode::OK, HeaderMap::new(), self.0.clone())) })
    }
}

/// Returns a runtime on this thread.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

pub fn rows() -> Vec<Row> {
    let book = responses::btse_book("\"");
    let btse = venuekit_btse_spot::Client::builder().transport(Canned(book.clone().into()));
    let btse = btse.retry(Retry::never()).throttle(Throttle::Off).build().unwrap();
    vec![
        row::<btse::OrderBook, _>("call-book", "a book of BTSE", book, move |_| {
            btse.get_order_book().symbol("BTC-USD").send().into()
        }),
        row::<jex::OrderBook, _>("call-jex-book", "a book of JEX", responses::jex_book(), |client| {
            client.get_depth().symbol("BTCUSDT").send().into()
        }),
        row::<Vec<jex::Kline>, _>("call-klines", "1,000 klines of JEX", responses::klines(), |client| {
            client.get_klines().symbol("BTCUSDT").interval(jex::KlineInterval::OneMinute).send().into()
        }),
        row::<Vec<jex::OrderInfo>, _>("call-orders", "500 orders of JEX, signed", responses::orders(), |client| {
            client.get_open_orders().symbol("BTCUSDT").send().into()
        }),
        row::<jex::ExchangeInfo, _>("call-rules", "the rules of JEX", responses::exchange_info(), |client| {
            client.get_exchange_info().send().into()
        }),
    ]
}

fn row<T, F>(name: &'static str, title: &str, json: String, call: F) -> Row
where
    T: DeserializeOwned + 'static,
    F: Fn(&venuekit_jex_spot::Client) -> Call<T> + 'static,
{
    let body = Bytes::from(json);
    let credentials = venuekit_jex_spot::Credentials::new("key", "secret").unwrap();
    let builder = venuekit_jex_spot::Client::builder().transport(Canned(body.clone())).credentials(credentials);
    let client = builder.retry(Retry::never()).throttle(Throttle::Off).build().unwrap();
    let runtime = runtime();
    let contestants = vec![
        Contestant::new("decoding alone", move || exact::<T>(&body)),
        Contestant::new("the call", move || runtime.block_on(call(&client)).unwrap()),
    ];
    Row { name, title: format!("a call: {title}"), contestants }
}
