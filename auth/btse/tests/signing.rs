//! Tests signed requests to BTSE. `auth/core/tests/support` has the vectors and their sources.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../../core/tests/support/mod.rs"]
mod support;

use venuekit::signing::{SignableRequest, Stamp};
use venuekit_auth_btse::Credentials;

use support::{
    Vector, assert_clones_share_nonces_and_limits, assert_refuses_invalid_credentials, assert_shows_no_secret, header,
    headers, request, sign, stamp, vector, vectors_of,
};

const KEY: &str = "4e9536c79f0fdd72bf04f2430982d3f61d9d76c996f0175bbba470d69d59816x";

fn credentials(vector: &Vector) -> Credentials {
    Credentials::new(KEY, vector.secret.as_str()).unwrap()
}

/// Returns the request of a vector, with its stamp.
fn request_of(vector: &Vector) -> (SignableRequest, Stamp) {
    let get = |url| request("GET", url, "");
    let post = |url| request("POST", url, &vector.string_to_sign[vector.string_to_sign.find('{').unwrap()..]);
    match vector.id.as_str() {
        "btse-order-v3.2" | "btse-order-v3.2-reduce-only" => {
            (post("https://api.btse.com/spot/api/v3.2/order"), stamp(1_624_985_375_123))
        }
        "btse-order-v3.3-BROKEN-DOC" => (post("https://api.btse.com/spot/api/v3.3/order"), stamp(1_624_985_375_123)),
        "btse-wallet-v3.2" => (get("https://api.btse.com/spot/api/v3.2/user/wallet"), stamp(1_624_984_297_330)),
        "btse-ws-spot" => (get("https://ws.btse.com/ws/spot"), stamp(1_624_985_375_123)),
        "btse-ws-otc" | "btse-ws-otc-BROKEN-DOC" => (get("https://ws.btse.com/ws/otc"), stamp(1_624_985_375_123)),
        "btse-v2-account" => (get("https://api.btse.com/spot/v2/account"), stamp(1_624_984_297_330)),
        "btse-v2-order" => (post("https://api.btse.com/spot/v2/order"), stamp(1_624_985_375_123)),
        other => panic!("no request for {other}"),
    }
}

#[test]
fn a_whole_request_has_the_signature_of_its_vector_unless_the_vector_is_wrong() {
    for vector in vectors_of("BTSE") {
        let (request, stamp) = request_of(&vector);
        let credentials = match vector.id.contains("-v2-") {
            true => credentials(&vector),
            false => credentials(&vector).sign_path_without("/spot"),
        };
        let signed = sign(&credentials, request, stamp);
        let matches = header(&signed, "btse-sign") == vector.expected;
        assert_eq!(matches, vector.has_to_match(), "{}", vector.id);
    }
}

#[test]
fn three_headers_are_added_and_nothing_else_changes() {
    let vector = vector("btse-v2-order");
    let (request, stamp) = request_of(&vector);
    let body = request.body().to_vec();
    let signed = sign(&credentials(&vector), request, stamp);
    assert_eq!(
        headers(&signed),
        [("btse-api", KEY), ("btse-nonce", "1624985375123"), ("btse-sign", vector.expected.as_str())]
    );
    assert_eq!((signed.path(), signed.query(), signed.body()), ("/spot/v2/order", "", body.as_slice()));
}

#[test]
fn the_query_is_never_signed() {
    let vector = vector("btse-v2-account");
    let with_query = request("GET", "https://api.btse.com/spot/v2/account?symbol=BTC-USD&x=%2F", "");
    let signed = sign(&credentials(&vector), with_query, stamp(1_624_984_297_330));
    assert_eq!(header(&signed, "btse-sign"), vector.expected);
    assert_eq!(signed.query(), "symbol=BTC-USD&x=%2F");
}

#[test]
fn the_nonce_is_signed_and_not_the_time() {
    let credentials = credentials(&vector("btse-v2-account"));
    let signed_at = |stamp| {
        let signed = sign(&credentials, request("GET", "https://api.btse.com/spot/v2/account", ""), stamp);
        (header(&signed, "btse-nonce").to_owned(), header(&signed, "btse-sign").to_owned())
    };
    assert_eq!(signed_at(Stamp::new(support::at(1), 9)), signed_at(Stamp::new(support::at(2), 9)));
    assert_ne!(signed_at(stamp(9)), signed_at(stamp(10)));
}

#[test]
fn a_prefix_is_removed_from_the_signed_path_only_if_whole_segments_match() {
    let credentials = credentials(&vector("btse-v2-account"));
    let signature = |credentials: &Credentials, path: &str| {
        let signed = sign(credentials, request("GET", &format!("https://host{path}"), ""), stamp(7));
        assert_eq!(signed.path(), path, "the path that is sent has changed");
        header(&signed, "btse-sign").to_owned()
    };
    for prefix in ["/spot", "spot", "/spot/"] {
        let without = credentials.clone().sign_path_without(prefix);
        assert_eq!(signature(&without, "/spot/v2/order"), signature(&credentials, "/v2/order"));
        assert_eq!(signature(&without, "/v2/order"), signature(&credentials, "/v2/order"));
        assert_eq!(signature(&without, "/spotted/v2/order"), signature(&credentials, "/spotted/v2/order"));
        assert_eq!(signature(&without, "/spot/spot/order"), signature(&credentials, "/spot/order"));
    }
    for nothing in ["", "/"] {
        let without = credentials.clone().sign_path_without(nothing);
        assert_eq!(signature(&without, "/spot/v2/order"), signature(&credentials, "/spot/v2/order"));
    }
}

#[test]
fn invalid_credentials_are_refused() {
    assert_refuses_invalid_credentials("sesame", |key, secret| Credentials::new(key, secret));
}

#[test]
fn debug_output_shows_no_secret() {
    let vector = vector("btse-v2-order");
    assert_shows_no_secret(&credentials(&vector).sign_path_without("/spot"), KEY, &vector.secret);
}

#[test]
fn clones_share_their_nonces_and_limits() {
    assert_clones_share_nonces_and_limits(|| credentials(&vector("btse-v2-order")));
    let (first, other_setting) = {
        let credentials = credentials(&vector("btse-v2-order"));
        (credentials.clone(), credentials.sign_path_without("/spot"))
    };
    let draw = |credentials: &Credentials| {
        venuekit::signing::Signer::nonces(credentials).unwrap().draw(support::at(7)).unwrap()
    };
    assert_eq!([draw(&first), draw(&other_setting)], [7, 8]);
}
