//! Tests the base URLs and the credentials with which the client of each venue can be built.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use venuekit::Environment;
use venuekit_tests::examples::base_url;
use venuekit_venues::{VENUES, venuekit_anboto as anboto, venuekit_excore as excore};

const KEY: &str = "key";
const SECRET: &str = "c2VjcmV0";

#[test]
fn the_credentials_of_each_venue_fit_each_of_its_servers() {
    for venue in VENUES {
        let Some(credentials) = venue.credentials else { continue };
        for server in venue.venue.servers() {
            let builder = venue.builder().environment(server.environment());
            let client = builder.signer(credentials(KEY, SECRET).unwrap()).build();
            assert_eq!(client.unwrap().base_url(), server.url());
        }
    }
}

#[test]
fn a_mock_on_this_machine_can_be_called_as_any_venue() {
    for venue in VENUES {
        for below in ["http://127.0.0.1:8700", "http://localhost:8700/relay", "http://[::1]:8700/"] {
            let builder = venue.builder().base_url(base_url(venue, below));
            let credentials = venue.credentials.map(|credentials| credentials(KEY, SECRET).unwrap());
            let builder = match credentials {
                Some(credentials) => builder.signer(credentials),
                None => builder,
            };
            assert!(builder.build().is_ok(), "{} {below}", venue.venue.name());
        }
    }
}

#[test]
fn a_base_url_of_excore_without_its_path_is_refused() {
    for url in ["https://exchange.example", "https://exchange.example/", "https://exchange.example/v3/"] {
        let credentials = excore::Credentials::new(KEY, SECRET).unwrap();
        let error = excore::Client::builder().base_url(url).credentials(credentials).build().unwrap_err();
        assert!(error.to_string().contains("v3sign/)"), "{error}");
    }
}

#[test]
fn only_live_credentials_fit_anboto_s_live_hosts_and_they_do_not_fit_its_documented_host() {
    const LIVE: [&str; 3] =
        ["https://api.trade.anboto.xyz", "https://api.pro.anboto.xyz", "https://api.testnet.anboto.xyz"];
    let document = || anboto::Credentials::new(KEY, SECRET).unwrap();
    let live = || anboto::Credentials::live(KEY, SECRET).unwrap();
    for url in LIVE {
        assert!(anboto::Client::builder().base_url(url).credentials(live()).build().is_ok());
        let error = anboto::Client::builder().base_url(url).credentials(document()).build().unwrap_err();
        assert!(error.to_string().contains("found credentials for `document`"), "{error}");
    }
    let production = anboto::Client::builder().environment(Environment::Production);
    let error = production.credentials(live()).build().unwrap_err();
    assert!(error.to_string().contains("found credentials for `live`"), "{error}");
    let relay = anboto::Client::builder().base_url("https://relay.example").credentials(live());
    assert!(relay.build().is_ok());
}
