//! The destinations of requests: hosts, redirects, proxies and connections.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::process::Command;
use std::time::Duration;

use http::Method;
use serde_json::Value;
use support::{
    LONG, RefusingPort, Script, ScriptedResponse, Server, TIME, TestSigner, VENUE, book, builder, call, http, order,
    patiently, respond,
};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Operation, Security};
use venuekit::{Client, ClientBuilder, ErrorKind, Outcome, reqwest};

static WITH_KEY: Operation =
    Operation::http("withKey", venuekit::operation::Method::Get, "/key").with_security(Security::Key);

fn of_server(server: &Server) -> ClientBuilder {
    of_url(server.url())
}

fn of_url(url: String) -> ClientBuilder {
    ClientBuilder::for_venue(&VENUE).base_url(url).http(http()).signer(TestSigner::new()).timeout(LONG)
}

fn public(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &TIME)
}

fn with_key(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &WITH_KEY)
}

#[tokio::test(start_paused = true)]
async fn credentials_do_not_go_over_plain_http_to_other_machines() {
    for host in [
        "venue.test",
        "10.0.0.1",
        "0.0.0.0",
        "169.254.1.1",
        "127.0.0.1.venue.test",
        "localhost.venue.test",
        "notlocalhost",
        "evil.localhost",
        "venue.localhost",
        "localhost.",
        "venue.localhost.",
        "[::2]",
        "[::ffff:10.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]",
        "1.0.0.127",
    ] {
        let script = Script::new([respond(200, "1")]);
        let builder = || builder(&script).base_url(format!("http://{host}:8080/api"));
        let client = builder().build().unwrap();
        for request_builder in [order, book, with_key] {
            let error = call(request_builder(&client)).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Credentials, Outcome::NotSent), "{host}");
            assert_eq!((error.attempts(), script.count()), (0, 0), "{host}");
            assert!(error.to_string().contains("allow_credentials_over_http(true)"), "it says what to do: {error}");
        }
        call(public(&client)).await.unwrap();
        let client = builder().allow_credentials_over_http(true).build().unwrap();
        call(order(&client)).await.unwrap();
        assert_eq!(script.count(), 2, "{host}");
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_go_over_https_and_to_this_machine() {
    for url in [
        "https://venue.test",
        "HTTPS://venue.test",
        "http://127.0.0.1:1",
        "http://127.1",
        "http://127.9.9.9",
        "http://[::1]:1",
        "http://localhost:1",
        "http://LOCALHOST",
    ] {
        let script = Script::new([respond(200, "1")]);
        let client = builder(&script).base_url(url).build().unwrap();
        call(order(&client)).await.unwrap();
        call(with_key(&client)).await.unwrap();
        assert_eq!(script.sent()[0].header("x-key"), "test-key");
        assert_eq!(script.sent()[1].method, Method::GET);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_whatever_reqwest_is_set_to() {
    let elsewhere = Server::start(ScriptedResponse::json(200, "1")).await;
    for status in [301, 302, 303, 307, 308] {
        for to in [format!("{}/order", elsewhere.url()), "/elsewhere".to_owned()] {
            let server = Server::start(ScriptedResponse::json(status, "").header("location", &to)).await;
            let following = http().redirect(reqwest::redirect::Policy::limited(10)).referer(true);
            let client = of_server(&server).http(following).build().unwrap();
            for request_builder in [order, book, public] {
                let error = call(request_builder(&client)).await.unwrap_err();
                assert_eq!(error.status().unwrap().as_u16(), status);
                assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
                assert_eq!(error.headers().unwrap()["location"], to);
            }
            assert_eq!((server.requests().len(), elsewhere.connections()), (3, 0), "{status}");
        }
    }
}

#[tokio::test]
async fn the_retries_of_reqwest_stay_off_whatever_it_is_set_to() {
    let server = Server::start(ScriptedResponse::json(503, "")).await;
    let retrying = reqwest::retry::for_host("127.0.0.1").no_budget().classify_fn(|attempt| attempt.retryable());
    let client = of_server(&server).http(http().retry(retrying)).build().unwrap();
    call(order(&client)).await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_proxy_gets_no_plain_http_wherever_it_is_set() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let proxy = Server::start(ScriptedResponse::json(200, "2")).await;
    for made in [reqwest::Proxy::all::<String>, reqwest::Proxy::http] {
        let proxied = || of_server(&server).http(http().proxy(made(proxy.url()).unwrap()));
        for builder in [proxied(), proxied().proxy(proxy.url())] {
            let client = builder.build().unwrap();
            for request_builder in [order, book, public] {
                assert_eq!(call(request_builder(&client)).await.unwrap(), 1);
            }
        }
    }
    assert_eq!((proxy.connections(), server.requests().len()), (0, 12));
}

#[tokio::test]
async fn a_proxy_of_the_client_tunnels_https_and_sees_no_request() {
    let proxy = Server::start(ScriptedResponse::json(502, "")).await;
    let client = of_url("https://venue.test".to_owned()).proxy(proxy.url()).build().unwrap();
    let error = call(order(&client)).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent), "{error:?}");
    for request in proxy.requests() {
        assert_eq!(request.line, "CONNECT venue.test:443 HTTP/1.1");
        assert_eq!((request.header("x-key"), request.header("x-sign")), (None, None));
        assert!(request.body.is_empty());
    }
    assert!(!proxy.requests().is_empty());
}

#[tokio::test]
async fn a_proxy_in_the_given_reqwest_builder_is_not_used() {
    let proxy = Server::start(ScriptedResponse::json(502, "")).await;
    let reqwest = http().proxy(reqwest::Proxy::all(proxy.url()).unwrap());
    // The server has no TLS, so the call fails. The test only asserts that the proxy gets no
    // request.
    let server = Server::start(ScriptedResponse::reset_at_once()).await;
    let builder = of_url(server.url().replace("http:", "https:")).http(reqwest).retry(venuekit::Retry::never());
    let error = call(order(&builder.build().unwrap())).await.unwrap_err();
    assert_eq!((server.connections(), proxy.connections()), (1, 0), "{error:?}");
}

const SERVER: &str = "VENUEKIT_TEST_SERVER";

#[tokio::test]
async fn a_proxy_of_the_environment_gets_no_request() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let proxy = Server::start(ScriptedResponse::json(200, "2")).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "child_with_a_proxy_in_its_environment", "--ignored"]).env(SERVER, server.url());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        child.env(name, proxy.url()).env(name.to_lowercase(), proxy.url());
    }
    for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        child.env_remove(name);
    }
    let child = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    let proxied: Vec<String> = proxy.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(
        proxied,
        [format!("GET {}/plain HTTP/1.1", server.url())],
        "only the request that a client without venuekit sent"
    );
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
#[ignore = "the test above runs it, with a proxy in the environment"]
async fn child_with_a_proxy_in_its_environment() {
    let Ok(url) = std::env::var(SERVER) else { return };
    // The environment variables do take effect for a client that uses them.
    let plain = http().build().unwrap().get(format!("{url}/plain")).send().await.unwrap();
    assert_eq!(plain.text().await.unwrap(), "2");
    let builder = ClientBuilder::for_venue(&VENUE).base_url(url).signer(TestSigner::new());
    let client = builder.timeout(LONG).build().unwrap();
    for request_builder in [order, book, public] {
        assert_eq!(request_builder(&client).send::<Value>().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn over_a_socket_the_next_request_of_a_key_is_sent_when_the_headers_have_arrived() {
    let server =
        Server::scripted([ScriptedResponse::json(200, "1").hang_after(), ScriptedResponse::json(200, "2")]).await;
    let client = of_server(&server).one_signed_request_at_a_time(true).build().unwrap();
    let first = async { call(order(&client)).await.unwrap_err() };
    let second = async {
        server.arrived(1).await;
        let response = call(order(&client)).await.unwrap();
        (response, server.requests().len())
    };
    // The second call ends while the first still waits for its body.
    tokio::select! {
        biased;
        (response, count) = second => assert_eq!((response, count), (Value::from(2), 2)),
        error = first => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn over_a_socket_the_next_request_of_a_key_is_not_sent_before_the_headers() {
    let server = Server::start(ScriptedResponse::hang()).await;
    let client = of_server(&server).one_signed_request_at_a_time(true).build().unwrap();
    let both = async { tokio::join!(call(order(&client)), call(order(&client))) };
    let some_time_after_the_first = async {
        server.arrived(1).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    tokio::select! {
        responses = both => panic!("{responses:?}"),
        () = some_time_after_the_first => assert_eq!(server.connections(), 1),
    }
}

#[tokio::test]
async fn the_signed_bytes_are_the_sent_bytes() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let signer = TestSigner::new().in_query();
    let client = of_server(&server).signer(signer.clone()).build().unwrap();
    let symbol = "BTC/USDT a+b&c=d é😀%20";
    call(support::cancel_all(&client).set(0, symbol)).await.unwrap();
    let request = server.only_request();
    let [signature] = signer.signatures().try_into().unwrap();
    let encoded = "BTC%2FUSDT%20a%2Bb%26c%3Dd%20%C3%A9%F0%9F%98%80%2520";
    assert!(request.line.starts_with(&format!("DELETE /order?symbol={encoded}&timestamp=")), "{}", request.line);
    assert!(request.line.ends_with(&format!("&signature={signature} HTTP/1.1")), "{}", request.line);
}

#[tokio::test]
async fn a_timeout_within_the_handshake_sends_nothing() {
    for in_all in [true, false] {
        let error = patiently(async |timeout| {
            // The server waits for the head of a request, so a TLS handshake with it does not end.
            let silent = Server::start(ScriptedResponse::hang()).await;
            let (timeout, connect_timeout) = if in_all { (timeout, LONG) } else { (LONG, timeout) };
            let client = of_url(silent.url().replace("http:", "https:"))
                .connect_timeout(connect_timeout)
                .timeout(timeout)
                .retry(venuekit::Retry::never())
                .build()
                .unwrap();
            let error = call(order(&client)).await.unwrap_err();
            (silent.connections() == 1).then_some(error)
        })
        .await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent), "{error:?}");
        assert_eq!((error.attempts(), error.is_timeout()), (0, true), "{error:?}");
        assert!(error.to_string().contains("timed out"), "{error}");
    }
}

#[tokio::test]
async fn a_timeout_after_the_request_left_has_an_unknown_outcome() {
    for response in [ScriptedResponse::hang(), ScriptedResponse::json(400, "{").hang_after()] {
        for request_builder in [order as fn(&Client) -> RequestBuilder, support::cancel_all] {
            let error = patiently(async |timeout| {
                let server = Server::start(response.clone()).await;
                let error =
                    call(request_builder(&of_server(&server).timeout(timeout).build().unwrap())).await.unwrap_err();
                (server.requests().len() == 1).then_some(error)
            })
            .await;
            assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_url_that_is_too_long_for_the_http_library_is_not_sent() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = of_server(&server).build().unwrap();
    let error = call(support::cancel_all(&client).set(1, &"7".repeat(70_000))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent), "{error:?}");
    assert_eq!((error.attempts(), server.connections()), (0, 0));
}

#[tokio::test]
async fn timeouts_of_the_given_reqwest_builder_do_not_apply_and_maximum_timeouts_do_not_panic() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let moment = Duration::from_nanos(1);
    let own = http().timeout(moment).read_timeout(moment).connect_timeout(moment).pool_idle_timeout(moment);
    let client = of_server(&server).http(own).build().unwrap();
    assert_eq!(call(order(&client)).await.unwrap(), Value::from(1));
    let client = of_server(&server)
        .read_timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .timeout(Duration::MAX)
        .http(http().timeout(Duration::MAX).read_timeout(Duration::MAX).tcp_keepalive(Duration::MAX));
    assert_eq!(call(order(&client.build().unwrap())).await.unwrap(), Value::from(1));
}

#[tokio::test]
async fn the_read_timeout_ends_a_response_that_stalls() {
    let server = Server::start(ScriptedResponse::json(200, "[1").hang_after()).await;
    let error = patiently(async |timeout| {
        let client = of_server(&server).timeout(10 * LONG).read_timeout(timeout).build().unwrap();
        let error = call(order(&client)).await.unwrap_err();
        let has_begun = error.body().is_some_and(|body| !body.is_empty());
        has_begun.then_some(error)
    })
    .await;
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::Unknown));
    assert_eq!(error.body().unwrap(), &b"[1"[..]);
}

#[tokio::test]
async fn a_response_in_gzip_that_was_not_requested_is_not_decoded() {
    let server = Server::start(ScriptedResponse::json(200, "1").header("content-encoding", "gzip")).await;
    let error = call(order(&of_server(&server).build().unwrap())).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown));
    assert_eq!(error.body().unwrap(), &b"1"[..]);
    assert_eq!(server.only_request().header("accept-encoding"), Some("identity"));
}

#[tokio::test]
async fn a_failure_to_connect_names_its_cause() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        std::future::pending::<()>().await;
    });
    let to = |url: String| of_url(url).retry(venuekit::Retry::never()).build().unwrap();
    // The error comes from the TLS client, because the server speaks plain HTTP.
    let error = call(order(&to(format!("https://127.0.0.1:{port}")))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent));
    assert!(error.to_string().contains("InvalidContentType"), "{error}");
    let refusing_port = RefusingPort::new();
    let error = call(order(&to(refusing_port.url()))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent));
    assert!(error.to_string().ends_with("no connection: connection refused"), "{error}");
}
