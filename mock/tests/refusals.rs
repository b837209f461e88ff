//! Tests requests that a venue refuses, and its responses: the status, the code, and the reason in
//! the log.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use support::{
    arguments, builder, call, call_example, client, connect, last_refusal, request, start, start_as, with_credentials,
};
use venuekit::meta::VenueMeta;
use venuekit::operation::Security;
use venuekit::{Clock, Error, ErrorKind, Outcome, Retry};
use venuekit_mock::{MockVenue, Refusal};
use venuekit_venues::VENUES;

/// Computes an HMAC in lower-case hex.
macro_rules! hex_hmac {
    ($hash:ty, $secret:expr, $text:expr) => {{
        let mut mac = Hmac::<$hash>::new_from_slice($secret.as_bytes()).unwrap();
        mac.update($text.as_bytes());
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    }};
}

/// Returns the status and the code of a refusal.
fn seen(error: &Error) -> (u16, String) {
    let code = error.api_error().and_then(|venue| venue.code()).unwrap_or_default();
    (error.status().map_or(0, |status| status.as_u16()), code.to_string())
}

/// Returns the venues whose refusals these tests cover. Each has a profile.
fn known() -> impl Iterator<Item = &'static VenueMeta> {
    ["altmarket", "anboto", "btse-spot", "excore", "jex-spot"].into_iter().filter_map(venuekit_venues::venue)
}

/// Returns a signed operation that changes nothing.
fn signed(venue: &VenueMeta) -> &'static str {
    match venue.venue.name() {
        "btse-spot" | "jex-spot" => "getAccount",
        "excore" => "market.last",
        "altmarket" => "getBalances",
        _ => "getOpenOrders",
    }
}

/// A clock with an offset in milliseconds.
#[derive(Debug)]
struct Skewed(Arc<dyn Clock>, i64);

impl Clock for Skewed {
    fn now(&self) -> SystemTime {
        let distance = Duration::from_millis(self.1.unsigned_abs());
        if self.1 < 0 { self.0.now() - distance } else { self.0.now() + distance }
    }
}

fn since_1970(mock: &MockVenue) -> Duration {
    mock.clock().now().duration_since(UNIX_EPOCH).unwrap()
}

#[tokio::test]
async fn every_profile_refuses_a_signed_call_without_a_key() {
    for venue in VENUES {
        let mock = start(venue.venue.name()).await;
        if !mock.has_profile() || venuekit_tests::examples::is_over_socket(venue) {
            continue;
        }
        let unsigned = connect(&mock, venuekit_tests::examples::unsigned(venue).base_url(mock.url()));
        let needs_key = venue.operations.iter().find(|op| op.operation.security() == Security::Signed).unwrap();
        let _ = call_example(&*unsigned, needs_key.operation.id()).await.unwrap_err();
        assert_eq!(last_refusal(&mock).unwrap().0, Refusal::MissingKey, "{}", venue.spec);
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_the_log_has_the_string_to_sign() {
    for venue in known() {
        let mock = start(venue.venue.name()).await;
        let client = connect(&mock, with_credentials(&mock, mock.key(), "another-secret"));
        let error = call_example(&*client, signed(venue)).await.unwrap_err();
        let expected = match venue.venue.name() {
            "altmarket" => (401, "unauthorized"),
            "anboto" => (401, "AUTHENTICATION_ERROR"),
            "btse-spot" => (401, "401"),
            "excore" => (401, "1"),
            "jex-spot" => (400, "-1022"),
            other => panic!("{other} is not one of `known`"),
        };
        assert_eq!(seen(&error), (expected.0, expected.1.to_owned()), "{error:?}");
        assert_eq!(error.outcome(), Outcome::Refused);
        let (refusal, _, string_to_sign) = last_refusal(&mock).unwrap();
        assert_eq!(refusal, Refusal::BadSignature);
        let string_to_sign = string_to_sign.unwrap();
        let request = mock.requests().pop().unwrap();
        let part = match venue.venue.name() {
            "btse-spot" => format!("/spot/v2/account{}", request.header("btse-nonce").unwrap()),
            "excore" => request.text().into_owned(),
            "altmarket" => format!("?{}", request.query),
            "anboto" => format!("{}mock-key5000", request.header("anboto-ts").unwrap()),
            _ => request.query.split("&signature=").next().unwrap().to_owned(),
        };
        assert!(
            string_to_sign.starts_with(&part) || string_to_sign.starts_with("timestamp="),
            "{string_to_sign} {part}"
        );
        let log = mock.log().join("\n");
        assert!(log.contains("bad signature") && log.contains("the string to sign is"), "{log}");
        assert!(!log.contains("mock-secret"), "{log}");
    }
}

#[tokio::test]
async fn an_unknown_key_is_refused() {
    for venue in known() {
        let mock = start(venue.venue.name()).await;
        let client = connect(&mock, with_credentials(&mock, "nobody", mock.secret()));
        let error = call_example(&*client, signed(venue)).await.unwrap_err();
        let status = if venue.venue.name() == "jex-spot" { 400 } else { 401 };
        assert_eq!(seen(&error).0, status, "{error:?}");
        assert_eq!(last_refusal(&mock).unwrap().0, Refusal::UnknownKey);
    }
}

#[tokio::test]
async fn a_key_without_its_secret_calls_only_operations_without_a_signature() {
    let mock = start("jex-spot").await;
    let credentials = mock.meta().key_only.unwrap()(mock.key()).unwrap();
    let client = connect(&mock, builder(&mock).signer(credentials));
    call_example(&*client, "getHistoricalTrades").await.unwrap();
    assert_eq!(mock.requests().len(), 1);
    for operation in mock.meta().operations.iter().filter(|op| op.operation.security() == Security::Signed) {
        let error = call_example(&*client, operation.operation.id()).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Credentials, Outcome::NotSent, 0));
        assert!(error.to_string().contains("the secret is missing"), "{error}");
    }
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn a_key_is_enough_where_no_signature_is_needed() {
    let mock = start("jex-spot").await;
    let client = connect(&mock, with_credentials(&mock, mock.key(), "another-secret"));
    call_example(&*client, "getHistoricalTrades").await.unwrap();
    let client = connect(&mock, with_credentials(&mock, "nobody", "another-secret"));
    let error = call_example(&*client, "getHistoricalTrades").await.unwrap_err();
    assert_eq!(seen(&error), (400, "-1022".to_owned()));
}

#[tokio::test]
async fn added_keys_replace_the_default_key() {
    let mock = start_as(MockVenue::builder("altmarket").key("one", "1").key("two", "2")).await;
    assert_eq!((mock.key(), mock.secret()), ("one", "1"));
    for (key, secret) in [("one", "1"), ("two", "2")] {
        call_example(&*connect(&mock, with_credentials(&mock, key, secret)), "getBalances").await.unwrap();
    }
    let default = connect(&mock, with_credentials(&mock, "mock-key", "mock-secret"));
    call_example(&*default, "getBalances").await.unwrap_err();
}

#[tokio::test]
async fn a_time_out_of_the_window_is_refused() {
    for (venue, off, fits) in [
        ("jex-spot", -4_000, true),
        ("jex-spot", -7_000, false),
        ("jex-spot", 2_000, false),
        ("altmarket", -4_000, true),
        ("altmarket", -7_000, false),
        ("altmarket", 7_000, false),
        ("anboto", -4_000, true),
        ("anboto", -7_000, false),
        ("anboto", 7_000, false),
    ] {
        let mock = start(venue).await;
        let client = connect(&mock, builder(&mock).clock(Skewed(mock.clock(), off)).retry(Retry::default()));
        let result = call_example(&*client, signed(mock.meta())).await;
        assert!(mock.requests().len() == 1 || venue == "jex-spot");
        if fits {
            result.unwrap();
        } else if venue == "jex-spot" {
            // The client learns the time from the venue's time operation, and its second attempt
            // succeeds.
            result.unwrap();
            let first = &mock.requests()[0];
            assert_eq!(first.status, Some(400));
            assert!(mock.log()[0].contains("time outside the window"), "{:?}", mock.log());
        } else {
            let error = result.unwrap_err();
            assert_eq!(seen(&error).0, 401, "{error:?}");
            assert_eq!(last_refusal(&mock).unwrap().0, Refusal::StaleTime);
        }
    }
}

#[tokio::test]
async fn a_client_learns_the_time_of_a_venue_whose_clock_is_ahead() {
    let mock = start("jex-spot").await;
    mock.set_clock_offset(8_000);
    // After the refusal, the client calls the time operation, which now returns the current time.
    let client = connect(&mock, builder(&mock).retry(Retry::default()));
    call_example(&*client, "getAccount").await.unwrap();
    assert_eq!(mock.requests().len(), 3);
}

/// A clock that always returns the same time, so that every first nonce is the same.
#[derive(Debug, Default)]
struct Stopped(AtomicU64);

impl Clock for Stopped {
    fn now(&self) -> SystemTime {
        self.0.fetch_add(1, Ordering::Relaxed);
        UNIX_EPOCH + Duration::from_secs(1_600_000_000)
    }
}

#[tokio::test]
async fn a_nonce_that_does_not_rise_is_refused() {
    let mock = start("btse-spot").await;
    for round in 0..2 {
        // The client of each round has new credentials, which do not know the earlier nonces.
        let client = connect(&mock, builder(&mock).clock(Stopped::default()));
        let result = call_example(&*client, "getAccount").await;
        if round == 0 {
            result.unwrap();
        } else {
            assert_eq!(seen(&result.unwrap_err()), (401, "401".to_owned()));
            let (refusal, why, _) = last_refusal(&mock).unwrap();
            assert_eq!(refusal, Refusal::NonceNotRising);
            assert_eq!(why, "the nonce 1600000000000 is not above the last one, 1600000000000");
        }
    }
}

#[tokio::test]
async fn parameters_in_another_order_are_refused() {
    let mock = start("jex-spot").await;
    // Only the order of the parameters is wrong; the signature is valid.
    let key = format!("X-JEX-APIKEY: {}\r\n", mock.key());
    let now = since_1970(&mock).as_millis();
    let query = format!("orderId=2208&symbol=JEXBTC&timestamp={now}");
    let signature = hex_hmac!(sha2::Sha256, mock.secret(), query);
    let target = format!("/api/v1/spot/order?{query}&signature={signature}");
    let (status, body) = request(&mock, "GET", &target, &key, "").await;
    assert_eq!(status, 400);
    assert!(body.contains("-1022"), "{body}");
    let (refusal, why, _) = last_refusal(&mock).unwrap();
    assert_eq!(refusal, Refusal::BadSignature);
    assert!(why.contains("orderId, symbol, timestamp"), "{why}");
}

#[tokio::test]
async fn values_that_break_a_constraint_are_refused() {
    let mock = start("anboto").await;
    let now = since_1970(&mock).as_millis();
    let (order, cancel) = ("/api/v2/trading/order/id", "/api/v2/trading/order/cancelMany");
    for (method, path, query, body, status) in [
        ("GET", order, "", "", 400),
        ("GET", order, "orderId=912345&clientOrderId=a", "", 400),
        ("GET", order, "orderId=912345", "", 200),
        ("POST", cancel, "", r#"{"orders":[{"orderId":912345},{"orderId":null}]}"#, 400),
        ("POST", cancel, "", r#"{"orders":[{"orderId":912345}]}"#, 200),
    ] {
        let signature = hex_hmac!(sha2::Sha256, mock.secret(), format!("{now}{}5000{query}{body}", mock.key()));
        let headers = format!(
            "ANBOTO-API-KEY: {}\r\nANBOTO-TS: {now}\r\nANBOTO-RECV-WINDOW: 5000\r\nANBOTO-SIGN: {signature}\r\n",
            mock.key()
        );
        let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let (found, said) = request(&mock, method, &target, &headers, body).await;
        assert_eq!(found, status, "{query}{body}: {said}");
        if status == 400 {
            let (refusal, why, _) = last_refusal(&mock).unwrap();
            assert_eq!(refusal, Refusal::BrokenConstraint);
            assert!(why.contains("one of `orderId` and `clientOrderId` has to be given"), "{why}");
        }
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_with_the_error_of_the_venue() {
    for (venue, method, target, body, status, says) in [
        ("btse-spot", "GET", "/spot/v2/nothing", "", 404, r#""status":404,"error":"Not Found""#),
        ("btse-spot", "PUT", "/spot/v2/time", "", 405, r#""status":405"#),
        ("btse-spot", "GET", "/v2/time", "", 404, r#""status":404"#),
        ("jex-spot", "GET", "/api/v9/time", "", 404, r#""code":-1020"#),
        ("jex-spot", "POST", "/api/v1/time", "", 405, r#""code":-1020"#),
        ("altmarket", "GET", "/api/nothing", "", 404, r#"{"errors":[{"code":"not_found""#),
        ("anboto", "GET", "/api/v2/nothing", "", 404, ""),
        (
            "excore",
            "POST",
            "/v3sign/",
            r#"{"id":7,"method":"market.nothing","params":[]}"#,
            404,
            r#"{"error":{"code":4,"message":"method not found"},"result":null,"id":7}"#,
        ),
        ("excore", "GET", "/v3sign/", "", 400, ""),
        ("excore", "POST", "/elsewhere", "{}", 404, ""),
        ("excore", "POST", "/v3sign/", "nonsense", 400, ""),
        ("excore", "POST", "/v3sign/", r#"{"method":"market.last","params":{}}"#, 400, ""),
    ] {
        let mock = start(venue).await;
        let (got, response) = request(&mock, method, target, "", body).await;
        assert_eq!(got, status, "{venue} {method} {target}: {response}");
        assert!(
            response.contains(says) && response.is_empty() == says.is_empty(),
            "{venue} {method} {target}: {response}"
        );
    }
}

#[tokio::test]
async fn an_unknown_path_is_in_the_log_as_it_was_sent() {
    for (venue, method, target, under) in [
        ("btse-spot", "GET", "/v2/time", "/spot/"),
        ("btse-spot", "GET", "/spot/v2/nothing", "/spot/"),
        ("btse-spot", "GET", "/", "/spot/"),
        ("excore", "POST", "/elsewhere", "/v3sign/"),
    ] {
        let mock = start(venue).await;
        let (_, response) = request(&mock, method, target, "", "").await;
        let why = last_refusal(&mock).unwrap().1;
        assert!(why.starts_with(&format!("no operation has the path {target}; ")) && why.ends_with(under), "{why}");
        assert!(venue == "excore" || response.contains(&why), "{response}");
    }
}

/// An order of each venue, and the values of its side that buy, that sell, and that are refused.
const SIDES: [(&str, &str, &str, &str, [&[&str]; 3]); 5] = [
    (
        "btse-spot",
        "placeOrder",
        "{}",
        r#"{"symbol":"A-B","side":SIDE,"type":"limit","amount":1,"price":1}"#,
        [&[r#""buy""#, r#""BUY""#], &[r#""sell""#, r#""SELL""#], &[r#""banana""#, r#""""#, r#""1""#]],
    ),
    (
        "jex-spot",
        "placeOrder",
        r#"{"symbol":"AB","side":SIDE,"type":"LIMIT","quantity":1,"price":1}"#,
        "",
        [&[r#""BUY""#], &[r#""SELL""#], &[r#""BANANA""#]],
    ),
    (
        "altmarket",
        "placeOrder",
        "{}",
        r#"{"order":{"instrument":"a_b","type":SIDE,"amount":1,"price":1,"isLimit":true}}"#,
        [&[r#""buy""#], &[r#""sell""#], &[r#""banana""#]],
    ),
    (
        "anboto",
        "createOrder",
        "{}",
        r#"{"exchange":"BINANCE","symbol":"A/B","assetClass":"SPOT","side":SIDE,"quantity":1,"strategy":"LIMIT","limitPrice":1}"#,
        [&[r#""BUY""#], &[r#""SELL""#, r#""SHORT_SELL""#], &[r#""BANANA""#]],
    ),
    (
        "excore",
        "order.put_limit",
        r#"{"user":1,"market":"AB","side":SIDE,"amount":"1","price":"1","taker_fee":"0","maker_fee":"0","source":"s"}"#,
        "",
        [&["2"], &["1"], &["3"]],
    ),
];

#[tokio::test]
async fn an_order_that_neither_buys_nor_sells_is_refused() {
    for ((venue, operation, parameters, body, [buys, sells, neither]), market) in
        SIDES.into_iter().zip(["A-B", "AB", "a_b", "A/B", "AB"])
    {
        for (sides, expected) in [(buys, Some(true)), (sells, Some(false)), (neither, None)] {
            for side in sides {
                let mock = start_as(MockVenue::builder(venue).market(market)).await;
                let (parameters, body) = (parameters.replace("SIDE", side), body.replace("SIDE", side));
                let result = call(&*client(&mock), operation, &parameters, &body).await;
                let orders: Vec<bool> = mock.orders().iter().map(|order| order.buys).collect();
                assert_eq!(orders, Vec::from_iter(expected), "{venue} {side}: {result:?}");
                assert_eq!(result.is_err(), expected.is_none(), "{venue} {side}: {result:?}");
                if let Err(error) = result {
                    assert_eq!(error.outcome(), Outcome::Refused, "{venue} {side}: {error:?}");
                }
            }
        }
    }
    let mock = start_as(MockVenue::builder("btse-spot").market("A-B")).await;
    let (_, operation, parameters, body, _) = SIDES[0];
    let error = call(&*client(&mock), operation, parameters, &body.replace("SIDE", r#""banana""#)).await.unwrap_err();
    assert_eq!(seen(&error), (400, "400".to_owned()));
    let stated = error.api_error().unwrap().message();
    assert_eq!(stated, Some("BADREQUEST: `side` is not one of buy, sell"));
    assert_eq!(last_refusal(&mock).unwrap().0, Refusal::BadParameter);
}

#[tokio::test]
async fn parameters_are_checked_against_the_spec() {
    for (target, code, subject) in [
        ("/api/v1/spot/depth", "-1102", "symbol"),
        ("/api/v1/spot/depth?symbol=A&limit=7", "-1100", "limit"),
        ("/api/v1/spot/depth?symbol=A&limit=x", "-1100", "limit"),
        ("/api/v1/spot/depth?symbol=A&symbol=B", "-1100", "symbol"),
        ("/api/v1/spot/depth?symbol=A&color=red", "-1104", "color"),
        ("/api/v1/spot/trades?symbol=A&limit=61", "-1100", "limit"),
        ("/api/v1/spot/klines?symbol=A&interval=7h", "-1100", "interval"),
        ("/api/v1/spot/klines?symbol=A&interval=1h&startTime=1.5", "-1100", "startTime"),
    ] {
        let mock = start("jex-spot").await;
        let (status, body) = request(&mock, "GET", target, "", "").await;
        assert_eq!(status, 400, "{target}");
        assert!(body.contains(code) && body.contains(subject), "{target}: {body}");
    }
    let mock = start("btse-spot").await;
    let (status, body) = request(&mock, "GET", "/spot/v2/orderbook/BTC-USD?limit_asks=many", "", "").await;
    assert_eq!(
        (status, body.as_str()),
        (400, r#"{"code":400,"errorCode":400,"message":"BADREQUEST: `limit_asks` is not an integer"}"#)
    );
}

#[tokio::test]
async fn values_that_the_types_allow_are_checked_against_the_spec() {
    // Enums keep unknown values, but a venue refuses them.
    let mock = start("jex-spot").await;
    let order = r#"{"symbol":"JEXBTC","side":"HOLD","type":"LIMIT","quantity":1,"price":1}"#;
    let error = call(&*client(&mock), "placeOrder", order, "").await.unwrap_err();
    assert_eq!(seen(&error), (400, "-1100".to_owned()));
    assert_eq!(last_refusal(&mock).unwrap().0, Refusal::BadParameter);

    let mock = start("altmarket").await;
    let client_ = client(&mock);
    let error = call(&*client_, "getOrderHistory", r#"{"StartDate":"soon"}"#, "").await.unwrap_err();
    assert_eq!(seen(&error), (400, "validation".to_owned()));
    let body = r#"{"order":{"instrument":"btc_usdt","type":"hold","amount":1,"price":1,"isLimit":true}}"#;
    let error = call(&*client_, "placeOrder", "{}", body).await.unwrap_err();
    assert_eq!(seen(&error), (400, "validation".to_owned()));
    assert_eq!(last_refusal(&mock).unwrap().1, r#"the body/order/type is not one of ["buy","sell"]"#);
    // A filter with several values.
    call(&*client_, "getOrderHistory", r#"{"AscOrder":["Status","CreatedAt"]}"#, "").await.unwrap();

    let mock = start("anboto").await;
    let body =
        r#"{"exchange":"BINANCE","symbol":"A/B","assetClass":"SPOT","side":"BUY","quantity":1,"strategy":"GUESS"}"#;
    let error = call(&*client(&mock), "createOrder", "{}", body).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.body().unwrap().len()), (400, 0));

    let mock = start("excore").await;
    let client_ = client(&mock);
    for (operation, parameters, code) in [
        ("order.pending", r#"{"user_id":1,"market":"A","offset":0,"limit":101}"#, "27"),
        ("order.book", r#"{"market":"A","side":3,"offset":0,"limit":1}"#, "26"),
    ] {
        let error = call(&*client_, operation, parameters, "").await.unwrap_err();
        assert_eq!(seen(&error), (200, code.to_owned()), "{operation}");
    }
}

#[tokio::test]
async fn the_number_and_types_of_positions_are_checked() {
    for (method, params, fits) in [
        ("market.last", "[]", false),
        ("market.last", r#"["A"]"#, true),
        ("market.last", r#"["A",1]"#, false),
        ("market.last", "[1]", false),
        ("asset.summary", "[]", true),
        ("asset.summary", r#"["A","B","C"]"#, true),
        ("market.summary", "[]", false),
        ("market.summary", r#"["A",2]"#, false),
        ("balance.history", r#"[1,"","",0,0,0,10]"#, true),
        ("balance.history", r#"[1,null,"",0,0,0,10]"#, false),
        ("balance.history", r#"[null,"","",0,0,0,10]"#, false),
        ("market.summary", r#"["A",null]"#, false),
        ("market.user_deals", r#"[1,null,0,10]"#, true),
        ("order.put_limit", r#"[1,"AB",1,"1","1","0","0","s"]"#, true),
        ("order.put_limit", r#"[1,"AB",1,"1","1","0","0",7,"0","s"]"#, true),
        ("order.put_limit", r#"[1,"AB",1,"1","1","0","0",7,"s"]"#, false),
        ("order.put_limit", r#"[1,"AB",1,"1_0","1","0","0","s"]"#, false),
    ] {
        let mock = start_as(MockVenue::builder("excore").market("A").market("AB")).await;
        let body = format!(r#"{{"id":5,"method":"{method}","params":{params}}}"#);
        let signature = hex_hmac!(sha2::Sha512, mock.secret(), body);
        let headers = format!("KEY: {}\r\nSIGN: {signature}\r\n", mock.key());
        let (status, response) = request(&mock, "POST", "/v3sign/", &headers, &body).await;
        assert_eq!(status, 200, "{body}");
        let is_refused = response == r#"{"error":{"code":1,"message":"invalid argument"},"result":null,"id":5}"#;
        assert_eq!(!is_refused, fits, "{body}: {response}");
        assert!(response.ends_with(r#","id":5}"#), "{response}");
    }
}

#[tokio::test]
async fn bodies_are_checked_against_the_spec() {
    let mock = start("btse-spot").await;
    // The types require these properties, so the test sends the bodies as raw text.
    for (body, why) in [
        ("", "the body is missing"),
        ("nonsense", "the body is not valid JSON"),
        ("[]", "the body is not an object"),
        ("{}", "the body/symbol is missing"),
        (r#"{"symbol":"A","side":"buy","type":"limit","amount":"1"}"#, "the body/amount is not a number"),
        (r#"{"symbol":"A","side":"buy","type":7}"#, "the body/type is not a string"),
        (r#"{"symbol":"A","symbol":"B","side":"buy","type":"limit"}"#, "the body/symbol is given twice"),
    ] {
        let nonce = since_1970(&mock).as_nanos();
        let signature = hex_hmac!(sha2::Sha384, mock.secret(), format!("/spot/v2/order{nonce}{body}"));
        let headers = format!("btse-api: {}\r\nbtse-nonce: {nonce}\r\nbtse-sign: {signature}\r\n", mock.key());
        let (status, response) = request(&mock, "POST", "/spot/v2/order", &headers, body).await;
        assert_eq!(
            (status, last_refusal(&mock).unwrap()),
            (400, (Refusal::BadBody, why.to_owned(), None)),
            "{response}"
        );
    }
}

#[tokio::test]
async fn requests_that_the_client_refuses_do_not_arrive() {
    let mock = start("btse-spot").await;
    assert!(client(&mock).call("getTicker", arguments("{}", "")).is_err());
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn the_live_scheme_of_anboto_is_recognised_by_its_headers() {
    use venuekit_auth_anboto::Credentials;
    let mock = start_as(MockVenue::builder("anboto").key("k", "c2VjcmV0LXNlY3JldA==")).await;
    let sign = |secret: &str| builder(&mock).signer(Credentials::live("k", secret).unwrap());
    let client = connect(&mock, sign("c2VjcmV0LXNlY3JldA=="));
    call_example(&*client, "getOrders").await.unwrap();
    call_example(&*client, "createOrder").await.unwrap();
    let client = connect(&mock, sign("b3RoZXItc2VjcmV0"));
    call_example(&*client, "getOrders").await.unwrap_err();
    assert_eq!(last_refusal(&mock).unwrap().0, Refusal::BadSignature);
}

#[tokio::test]
async fn rsa_signatures_of_anboto_are_checked_with_the_public_key() {
    use venuekit_auth_anboto::Credentials;
    const PRIVATE: &str = include_str!("../../auth/core/tests/support/keys/pkcs8.pem");
    const PUBLIC: &str = include_str!("../../auth/core/tests/support/keys/public.pem");
    let mock = start_as(MockVenue::builder("anboto").rsa_key("mine", PUBLIC)).await;
    let signed_by = |signer: Credentials| connect(&mock, builder(&mock).signer(signer));
    for signer in [Credentials::rsa("mine", PRIVATE).unwrap(), Credentials::live_rsa("mine", PRIVATE).unwrap()] {
        let client = signed_by(signer);
        call_example(&*client, "getOrders").await.unwrap();
        mock.reset();
        call_example(&*client, "createOrder").await.unwrap();
    }
    // The default key with its secret is accepted as well.
    call_example(&*connect(&mock, builder(&mock)), "getOrders").await.unwrap();
    let error = call_example(&*signed_by(Credentials::new("mine", "text").unwrap()), "getOrders").await.unwrap_err();
    assert_eq!(seen(&error), (401, "AUTHENTICATION_ERROR".to_owned()));
    let no_pem = MockVenue::builder("anboto").rsa_key("mine", PRIVATE).start().await.unwrap_err();
    assert_eq!(no_pem.to_string(), "the text for the key `mine` is not the PEM of a public key");
}

#[tokio::test]
async fn a_signature_is_correct_for_any_values() {
    let long = "long-".repeat(600);
    for any in [
        "BTC/USDT",
        "a b",
        "1+1",
        "a&b=c",
        "=",
        "%41%2F",
        "é🚀",
        "\"quoted\\\"",
        "a;b:c@d",
        "line\nbreak",
        long.as_str(),
    ] {
        let text = serde_json::Value::from(any);
        for (venue, operation, parameters, body) in [
            ("btse-spot", "getPendingOrders", format!(r#"{{"symbol":{text}}}"#), String::new()),
            ("btse-spot", "getFills", "{}".to_owned(), format!(r#"{{"symbol":{text}}}"#)),
            ("jex-spot", "getTradeFees", format!(r#"{{"symbol":{text}}}"#), String::new()),
            ("altmarket", "getOrderHistory", format!(r#"{{"Market":{text},"AscOrder":[{text},"x"]}}"#), String::new()),
            ("altmarket", "getDepositAddress", "{}".to_owned(), format!(r#"{{"assetId":{text}}}"#)),
            ("anboto", "getOrders", format!(r#"{{"orderIds":[{text},"912345"]}}"#), String::new()),
            ("excore", "market.last", format!(r#"{{"market":{text}}}"#), String::new()),
        ] {
            let mock = start_as(MockVenue::builder(venue).market(any)).await;
            call(&*client(&mock), operation, &parameters, &body)
                .await
                .unwrap_or_else(|error| panic!("{venue} {text}: {error:?}"));
        }
    }
}
