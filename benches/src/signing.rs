//! Signing alone, against the HMAC of the same bytes.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::hmac;
use http::Method;
use venuekit::operation::Security;
use venuekit::signing::{SignableRequest, Signer, Stamp};

use crate::measure::{Contestant, Row};
use crate::orders::{KEY, NOW, SECRET};

const BTSE_BODY: &str = r#"{"amount":0.002,"client_oid":9070001,"post_only":false,"price":8500.5,"symbol":"BTC-USD","side":"BUY","tag":"grid-7","type":"LIMIT"}"#;
const JEX_QUERY: &str = "symbol=JEXBTC&side=BUY&type=LIMIT&quantity=1&price=0.00001464&newOrderRespType=RESULT";
const EXCORE_BODY: &str =
    r#"{"id":1,"method":"order.put_limit","params":[1,"BTCBCH",1,"10","8000","0.002","0.001","api.v1"]}"#;

pub fn rows() -> Vec<Row> {
    let btse = SignableRequest::new(Method::POST, "https://api.btse.com/spot/v2/order", BTSE_BODY, Security::Signed);
    let jex = format!("https://www.jex.com/api/v1/spot/order?{JEX_QUERY}");
    let jex = SignableRequest::new(Method::POST, &jex, "", Security::Signed);
    let excore = SignableRequest::new(Method::POST, "https://private.example/v3sign/", EXCORE_BODY, Security::Signed);
    vec![
        row(
            "signing-btse",
            "BTSE",
            (hmac::HMAC_SHA384, format!("/spot/v2/order{NOW}{BTSE_BODY}")),
            (venuekit_btse_spot::Credentials::new(KEY, SECRET).unwrap(), btse.unwrap()),
        ),
        row(
            "signing-jex",
            "JEX",
            (hmac::HMAC_SHA256, format!("{JEX_QUERY}&timestamp={NOW}")),
            (venuekit_jex_spot::Credentials::new(KEY, SECRET).unwrap(), jex.unwrap()),
        ),
        row(
            "signing-excore",
            "Excore",
            (hmac::HMAC_SHA512, EXCORE_BODY.to_owned()),
            (venuekit_excore::Credentials::new(KEY, SECRET).unwrap(), excore.unwrap()),
        ),
    ]
}

fn row<S: Signer + 'static>(
    name: &'static str,
    venue: &str,
    (algorithm, text): (hmac::Algorithm, String),
    (signer, request): (S, SignableRequest),
) -> Row {
    let key = hmac::Key::new(algorithm, SECRET.as_bytes());
    let sign = move |request: &mut SignableRequest| {
        let stamp = Stamp::new(UNIX_EPOCH + Duration::from_millis(NOW), NOW);
        let mut signed = pin!(signer.sign(request, stamp));
        let Poll::Ready(result) = signed.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("the signer does not wait for anything");
        };
        result.unwrap();
    };
    let contestants = vec![
        Contestant::new("the HMAC alone (aws-lc-rs)", move || hmac::sign(&key, text.as_bytes())),
        Contestant::on_inputs("venuekit", move || request.clone(), sign),
    ];
    Row { name, title: format!("signing an order of {venue}"), contestants }
}
