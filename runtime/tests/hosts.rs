//! The base URLs and the credentials with which a client can be built.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use venuekit::operation::{Host, Server, Venue};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::{BoxError, BoxFuture, Client, ClientBuilder, Environment, Error, ErrorKind};

static SIGNED_PATH: Venue = Venue::new("signed-path", "venuekit-signed-path", "0.1.0")
    .with_servers(&[Server::new(Environment::Production, "https://api.test/v1")])
    .with_base_path("/v1");

static DOOR: Venue = Venue::new("door", "venuekit-door", "0.1.0").with_base_path("/v3sign/");

static TWO_SCHEMES: Venue = Venue::new("two-schemes", "venuekit-two-schemes", "0.1.0")
    .with_servers(&[
        Server::new(Environment::Production, "https://api.test").with_signing("document"),
        Server::new(Environment::Test, "https://any.test"),
    ])
    .with_hosts(&[Host::new("https://live.test", "live")]);

/// A signer that only names its scheme.
#[derive(Debug)]
struct Named(Option<&'static str>);

impl Signer for Named {
    fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async { Ok(()) })
    }

    fn scheme(&self) -> Option<&str> {
        self.0
    }
}

fn build(venue: &'static Venue, url: &str) -> Result<Client, Error> {
    ClientBuilder::for_venue(venue).base_url(url).build()
}

#[test]
fn a_base_url_without_the_path_that_the_venue_needs_is_refused() {
    for url in [
        "https://exchange.test/v3sign/",
        "http://127.0.0.1:8700/v3sign/",
        "http://127.0.0.1:8700/door/v3sign/",
        "https://exchange.test:8443/relay/v3sign/",
    ] {
        assert!(build(&DOOR, url).is_ok(), "{url}");
    }
    for (url, help) in [
        ("https://exchange.test", "https://exchange.test/v3sign/"),
        ("https://exchange.test/relay/", "https://exchange.test/relay/v3sign/"),
        // The slash is part of the path.
        ("https://exchange.test/v3sign", "https://exchange.test/v3sign/"),
        ("https://exchange.test/xv3sign/", "https://exchange.test/xv3sign/v3sign/"),
        ("https://exchange.test/v3sign/more", "https://exchange.test/v3sign/more/v3sign/"),
    ] {
        let error = build(&DOOR, url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Settings);
        assert!(error.to_string().ends_with(&format!("(expected one that ends with `/v3sign/`; help: give {help})")));
        assert!(build(&DOOR, help).is_ok(), "{help}");
    }
    for url in ["https://relay.test/v1", "https://relay.test/v1/", "https://relay.test/a/v1"] {
        assert!(build(&SIGNED_PATH, url).is_ok(), "{url}");
    }
    for url in ["https://relay.test", "https://relay.test/av1", "https://relay.test/v1/a"] {
        assert!(build(&SIGNED_PATH, url).is_err(), "{url}");
    }
    assert_eq!(ClientBuilder::for_venue(&SIGNED_PATH).build().unwrap().base_url(), "https://api.test/v1");
    assert_eq!(
        build(&DOOR, "https://exchange.test/").unwrap_err().to_string(),
        "the client cannot be built: the base URL of door has the path `/` (expected one that ends with `/v3sign/`; \
         help: give https://exchange.test/v3sign/)"
    );
}

#[test]
fn credentials_for_another_scheme_than_the_host_accepts_are_refused() {
    let builder = || ClientBuilder::for_venue(&TWO_SCHEMES);
    let refused = |builder: ClientBuilder, scheme| builder.signer(Named(scheme)).build().err();
    let production = refused(builder(), Some("live")).unwrap();
    assert_eq!(production.kind(), ErrorKind::Settings);
    assert_eq!(
        production.to_string(),
        "the client cannot be built: api.test accepts requests that are signed by the scheme `document` (expected \
         credentials for it, found credentials for `live`; help: create the credentials for `document`, or call \
         another host)"
    );
    for (url, accepted) in [
        ("https://api.test", "document"),
        ("https://api.test./v2", "document"),
        ("https://API.test:8443", "document"),
        ("https://live.test", "live"),
        ("http://live.test/v2", "live"),
    ] {
        for scheme in ["document", "live"] {
            let is_refused = refused(builder().base_url(url), Some(scheme)).is_some();
            assert_eq!(is_refused, scheme != accepted, "{url} {scheme}");
        }
        // A signer that does not name its scheme is the user's own.
        assert!(refused(builder().base_url(url), None).is_none(), "{url}");
        assert!(builder().base_url(url).build().is_ok(), "{url}");
    }
    // The spec does not know the scheme of these hosts.
    for builder in [
        builder().environment(Environment::Test),
        builder().base_url("http://127.0.0.1:8700"),
        builder().base_url("https://relay.test"),
    ] {
        assert!(refused(builder, Some("live")).is_none());
    }
}
