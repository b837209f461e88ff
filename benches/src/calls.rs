//! A whole call without the network, against the decoding of its response alone.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use venuekit::transport::{Transport, TransportError, TransportRequest, TransportResponse};
use venuekit::{BoxFuture, Retry, Throttle};
use venuekit_btse_spot::types as btse;
use venuekit_jex_spot::types as jex;

use crate::decoding::exact;
use crate::measure::{Contestant, Effort, compare};
use crate::responses;

/// A transport that always returns the same body.
#[derive(Debug)]
struct Canned(Bytes);

impl Transport for Canned {
    fn send(&self, _: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        Box::pin(async { Ok(TransportResponse::new(StatusCode::OK, HeaderMap::new(), self.0.clone())) })
    }
}

pub fn measure(effort: Effort) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let btse_client = |body: &Bytes| {
        let builder = venuekit_btse_spot::Client::builder().transport(Canned(body.clone()));
        builder.retry(Retry::never()).throttle(Throttle::Off).build().unwrap()
    };
    let jex_client = |body: &Bytes| {
        let credentials = venuekit_jex_spot::Credentials::new("key", "secret").unwrap();
        let builder = venuekit_jex_spot::Client::builder().transport(Canned(body.clone())).credentials(credentials);
        builder.retry(Retry::never()).throttle(Throttle::Off).build().unwrap()
    };

    let body = Bytes::from(responses::btse_book("\""));
    let client = btse_client(&body);
    compare("a call: a book of BTSE", effort, vec![
        Contestant::new("decoding alone", || exact::<btse::OrderBook>(&body)),
        Contestant::new("the call", || runtime.block_on(client.get_order_book().symbol("BTC-USD").send()).unwrap()),
    ]);

    let body = Bytes::from(responses::jex_book());
    let client = jex_client(&body);
    compare("a call: a book of JEX", effort, vec![
        Contestant::new("decoding alone", || exact::<jex::OrderBook>(&body)),
        Contestant::new("the call", || runtime.block_on(client.get_depth().symbol("BTCUSDT").send()).unwrap()),
    ]);

    let body = Bytes::from(responses::klines());
    let client = jex_client(&body);
    compare("a call: 1,000 klines of JEX", effort, vec![
        Contestant::new("decoding alone", || exact::<Vec<jex::Kline>>(&body)),
        Contestant::new("the call", || {
            let call = client.get_klines().symbol("BTCUSDT").interval(jex::KlineInterval::OneMinute);
            runtime.block_on(call.send()).unwrap()
        }),
    ]);

    let body = Bytes::from(responses::orders());
    let client = jex_client(&body);
    compare("a call: 500 orders of JEX, signed", effort, vec![
        Contestant::new("decoding alone", || exact::<Vec<jex::OrderInfo>>(&body)),
        Contestant::new("the call", || runtime.block_on(client.get_open_orders().symbol("BTCUSDT").send()).unwrap()),
    ]);

    let body = Bytes::from(responses::exchange_info());
    let client = jex_client(&body);
    compare("a call: the rules of JEX", effort, vec![
        Contestant::new("decoding alone", || exact::<jex::ExchangeInfo>(&body)),
        Contestant::new("the call", || runtime.block_on(client.get_exchange_info().send()).unwrap()),
    ]);
}
