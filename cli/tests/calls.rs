//! Tests calls of the command over a real socket to a scripted server.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use support::{KEY, SECRET, Venue, example, file, meta, private_file, venue, words};

use venuekit_test_support::{LONG, RefusingPort, Request, ScriptedResponse, Server, json, patiently};

/// Returns a call to a server that responds. The timeout of the call is long.
fn call(server: &Server, line: &str) -> Venue {
    call_at(&server.url(), line).within(LONG)
}

fn call_at(url: &str, line: &str) -> Venue {
    let name = line.split(' ').next().unwrap();
    let url = format!("{url}{}", meta(name).venue.base_path());
    words("call").with(line.split_whitespace()).with(["--base-url", &url]).signed(meta(name))
}

/// Makes a call to a server that responds with `body`, and returns the request that the server
/// received.
async fn request(line: &str, more: &[&str], body: &str) -> Request {
    let server = Server::start(ScriptedResponse::new(200, body)).await;
    call(&server, line).with(more.iter().copied()).ran().await.exits(0);
    server.take_request()
}

#[tokio::test]
async fn values_are_sent_in_the_form_of_their_schemas() {
    let book = example("btse-spot", "getOrderBook");
    let sent = request("btse-spot get-order-book --symbol 123 --limit-asks 5", &[], book).await;
    assert_eq!(sent.line, "GET /spot/v2/orderbook/123?limit_asks=5 HTTP/1.1");
    let line = "altmarket get-order-history --asc-order market --asc-order side --is-hide-canceled --page 2";
    let sent = request(line, &[], example("altmarket", "getOrderHistory")).await;
    let query = "GET /api/order_history?AscOrder=market&AscOrder=side&IsHideCanceled=true&Page=2&";
    assert!(sent.line.starts_with(query), "{}", sent.line);
    let positions = |sent: &Request| {
        let body: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
        body["params"].to_string()
    };
    let done = json::rpc_response(1, example("excore", "balance.update"));
    let line = r#"excore balance-update --user-id 1 --asset BTC --business deposit --business-id 7 --change -0.10 --detail {"a":[1]}"#;
    let sent = request(line, &[], &done).await;
    assert_eq!(positions(&sent), r#"[1,"BTC","deposit",7,"-0.10",{"a":[1]}]"#);
    let placed = json::rpc_response(1, example("excore", "order.put_limit"));
    let line = "excore order-put-limit --user 1 --market BTC_USDT --side sell --amount 1.50 --price 8000 --taker-fee 0 --maker-fee 0 --source x";
    let sent = request(line, &[], &placed).await;
    assert_eq!(positions(&sent), r#"[1,"BTC_USDT",1,"1.50","8000","0","0","x"]"#);
    let assets = json::rpc_response(1, example("excore", "asset.summary"));
    let sent = request("excore asset-summary --asset-list BTC --asset-list 007", &[], &assets).await;
    assert_eq!(positions(&sent), r#"["BTC","007"]"#);
}

#[tokio::test]
async fn a_value_outside_its_bounds_is_sent_unless_bounds_are_checked() {
    let trades = example("jex-spot", "getRecentTrades");
    let line = "jex-spot get-recent-trades --symbol JEXBTC --limit 61";
    assert!(request(line, &[], trades).await.line.contains("limit=61"));
    let server = Server::start(ScriptedResponse::new(200, trades)).await;
    let refused = call(&server, line).with(["--check-bounds"]).ran().await.exits(3);
    assert!(refused.stderr.contains("`limit` is 61 (expected at most 60)"), "{}", refused.stderr);
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn a_given_recv_window_is_sent() {
    let account = example("jex-spot", "getAccount");
    for (more, stated) in [(&[][..], false), (&["--recv-window", "2500"], true)] {
        let sent = request("jex-spot get-account", more, account).await;
        assert_eq!(sent.line.contains("recvWindow=2500&timestamp="), stated, "{}", sent.line);
    }
    let orders = example("anboto", "getOpenOrders");
    let sent = request("anboto get-open-orders", &["--recv-window", "2500"], orders).await;
    assert_eq!(sent.header("anboto-recv-window"), Some("2500"));
}

#[tokio::test]
async fn null_is_sent_by_a_separate_flag_and_the_text_null_stays_text() {
    let page = json::rpc_response(1, example("excore", "market.user_deals"));
    let line = "excore market-user-deals --user-id 1 --offset 0 --limit 2";
    for (market, sent_as) in [
        (&["--market-null"][..], "null"),
        (&["--market", "null"], r#""null""#),
        (&["--market", "DPY_USDT"], r#""DPY_USDT""#),
    ] {
        let sent = request(line, market, &page).await;
        let body: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
        assert_eq!(body["params"].to_string(), format!("[1,{sent_as},0,2]"));
    }
    let refusing_port = RefusingPort::new();
    for (more, reason) in [
        (&[][..], "--market <TEXT>"),
        (&["--market", "DPY_USDT", "--market-null"], "cannot be used with '--market-null'"),
        (&["--market-null=1"], "--market-null"),
    ] {
        call_at(&refusing_port.url(), line).with(more.iter().copied()).ran().await.exits(2).says(reason);
    }
    // The other required parameters have no flag for null.
    call_at(&refusing_port.url(), line).with(["--user-id-null"]).ran().await.exits(2).says("--user-id-null");
}

#[tokio::test]
async fn a_key_without_its_secret_is_enough_for_operations_that_need_only_the_key() {
    let server = Server::start(ScriptedResponse::new(200, example("jex-spot", "getHistoricalTrades"))).await;
    let call = |line: &str| words("call").with(line.split_whitespace()).with(["--base-url", &server.url()]);
    let trades = "jex-spot get-historical-trades --symbol BTCUSDT";
    call(trades).within(LONG).env("JEX_SPOT_KEY", KEY).ran().await.exits(0);
    assert_eq!(server.take_request().header("x-jex-apikey"), Some(KEY));
    let account = call("jex-spot get-account").env("JEX_SPOT_KEY", KEY);
    account.ran().await.exits(3).says("JEX_SPOT_KEY is set without a secret");
    call(trades).env("JEX_SPOT_KEY", " ").ran().await.exits(3).says("the credentials cannot be used");
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn an_operation_is_found_by_its_id_too() {
    let sent = request("btse-spot getOrderBook --symbol X", &[], example("btse-spot", "getOrderBook")).await;
    assert_eq!(sent.line, "GET /spot/v2/orderbook/X HTTP/1.1");
    let last = json::rpc_response(1, example("excore", "market.last"));
    let sent = request("excore market.last --market X", &[], &last).await;
    assert!(sent.body.contains(r#""method":"market.last""#), "{}", sent.body);
}

#[tokio::test]
async fn a_body_comes_as_text_from_a_file_or_from_standard_input() {
    let order = meta("btse-spot").operation("placeOrder").unwrap().body.as_ref().unwrap().example.unwrap();
    let path = format!("@{}", file("order.json", &format!("{order}\n")).display());
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "placeOrder"))).await;
    let mut sent = Vec::new();
    for (body, input) in [(order, ""), (path.as_str(), ""), ("-", order)] {
        call(&server, "btse-spot place-order").with(["--body", body]).input(input).ran().await.exits(0);
        sent.push(json::canonical(&server.take_request().body));
    }
    assert!(sent.iter().all(|body| *body == sent[0]), "{sent:?}");
    assert!(sent[0].contains(r#""price":8500.5"#), "{}", sent[0]);
}

/// A body that a shell, curl or a terminal could change.
const ODD: &str = r#"it's "$HOME" `id` \\ {[a,b]} %41 @x é"#;

/// Returns the call of an order with an odd tag, in flags of the body.
fn odd_order(server: &Server) -> Venue {
    let line =
        "btse-spot place-order --symbol BTC-USD --side BUY --type LIMIT --price 8500.50 --amount -0.10 --post-only";
    call(server, line).with(["--tag", &format!("{ODD}\u{1b}\u{202e}\n")])
}

#[tokio::test]
async fn the_properties_of_a_body_are_flags_and_keep_their_digits() {
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "placeOrder"))).await;
    odd_order(&server).ran().await.exits(0);
    let body = server.take_request().body;
    for member in [r#""symbol":"BTC-USD""#, r#""price":8500.50"#, r#""amount":-0.10"#, r#""post_only":true"#] {
        assert!(body.contains(member), "{body}");
    }
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["tag"], format!("{ODD}\u{1b}\u{202e}\n"));
}

/// The headers of a request that a client makes: without those of the connection, and those whose
/// values differ from attempt to attempt.
fn headers(request: &Request) -> Vec<(String, String)> {
    let is_own = |name: &str| !["host", "content-length", "connection", "btse-nonce", "btse-sign"].contains(&name);
    let headers = request.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone()));
    let mut headers: Vec<_> = headers.filter(|(name, _)| is_own(name)).collect();
    headers.sort();
    headers
}

#[tokio::test]
async fn a_dry_run_shows_the_request_with_its_signature_and_without_the_key_and_sends_nothing() {
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "placeOrder"))).await;
    let line = "btse-spot place-order --symbol BTC-USD --side BUY --type LIMIT --price 8500.50 --amount 0.1";
    call(&server, line).ran().await.exits(0);
    let sent = server.take_request();
    let ran = call(&server, line).with(["--dry-run", "--explain"]).ran().await.exits(0);
    let json = call(&server, line).with(["--dry-run", "-o", "json"]).ran().await.exits(0);
    assert!(server.take_requests().is_empty());
    assert!(ran.stderr.starts_with("signed: /spot/v2/order"), "{}", ran.stderr);
    assert!(!ran.stdout.contains(KEY) && !json.stdout.contains(KEY), "{}", ran.stdout);
    let (head, body) = ran.stdout.split_once("\n\n").unwrap();
    assert_eq!(body.trim_end(), sent.body);
    assert!(head.starts_with(&format!("POST {}/spot/v2/order\n", server.url())), "{head}");
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&json["method"], &json["body"]), (&"POST".into(), &sent.body.as_str().into()));
    for (name, value) in headers(&sent) {
        let value = if name == "btse-api" { "$BTSE_SPOT_KEY".to_owned() } else { value };
        assert!(head.contains(&format!("\n{name}: {value}")), "{name}: {head}");
        let listed = json["headers"].as_array().unwrap().iter().find(|header| header["name"] == *name).unwrap();
        assert_eq!(listed["value"], value);
    }
    let sign = head.split_once("\nbtse-sign: ").unwrap().1.lines().next().unwrap();
    assert_eq!(sign.len(), 96, "{head}");
    // Without credentials nothing would be sent, so no request is printed.
    let ran = words("call btse-spot get-account --dry-run").ran().await.exits(3);
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
}

#[tokio::test]
#[cfg(unix)]
async fn curl_sends_the_same_bytes_as_the_command() {
    if std::process::Command::new("curl").arg("--version").output().is_err() {
        support::skipped("curl is not installed");
        return;
    }
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "placeOrder"))).await;
    let of_curl = async |line: String, variable: &'static str, value: String| {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &line]).env(variable, value);
        let output = tokio::task::spawn_blocking(move || shell.output()).await.unwrap().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        server.take_request()
    };
    odd_order(&server).ran().await.exits(0);
    let sent = server.take_request();
    let line = odd_order(&server).with(["--curl"]).ran().await.exits(0).stdout;
    assert!(!line.contains(KEY) && !line.contains(['\u{1b}', '\u{202e}']), "{line}");
    let curled = of_curl(line, "BTSE_SPOT_KEY", KEY.to_owned()).await;
    assert_eq!((&curled.line, &curled.body), (&sent.line, &sent.body));
    assert_eq!(headers(&curled), headers(&sent));

    // The key comes from a file too, and a request without a body has none.
    let url = format!("{}/spot", server.url());
    let account = || words("call btse-spot get-account --base-url").with([&url]).within(LONG);
    server.respond_with(ScriptedResponse::new(200, example("btse-spot", "getAccount")));
    account().signed(meta("btse-spot")).ran().await.exits(0);
    let sent = server.take_request();
    let key = private_file("key-for-curl", &format!("{KEY}\n")).display().to_string();
    let from_file = account().env("BTSE_SPOT_KEY_FILE", &*key).env("BTSE_SPOT_SECRET", SECRET);
    let line = from_file.with(["--curl"]).ran().await.exits(0).stdout;
    let curled = of_curl(line, "BTSE_SPOT_KEY_FILE", key).await;
    assert_eq!((&curled.line, &*curled.body, headers(&curled)), (&sent.line, "", headers(&sent)));
}

#[tokio::test]
async fn stdout_has_the_response_and_nothing_else() {
    let body = r#"{"symbol":"BTC-USD","timestamp":1583927372,"buyQuote":[{"price":"8500.50","size":"0.10"}],"sellQuote":[],"new":1}"#;
    let server = Server::start(ScriptedResponse::new(200, body)).await;
    let line = "btse-spot get-order-book --symbol BTC-USD";
    let ran = call(&server, line).with(["--output", "json"]).ran().await.exits(0);
    assert_eq!((ran.stdout.lines().count(), &*ran.stderr), (1, ""));
    // The response is decoded into the types and encoded again. Digits stay, and unknown properties
    // are dropped.
    assert!(ran.stdout.contains(r#""8500.50""#) && !ran.stdout.contains("new"), "{}", ran.stdout);
    let pretty = call(&server, line).ran().await.exits(0).stdout;
    assert_eq!(json::canonical(&pretty), json::canonical(&ran.stdout));
    assert!(pretty.starts_with("{\n  \""), "{pretty}");
    assert_eq!(call(&server, line).with(["--raw"]).ran().await.exits(0).stdout, body);
    let ran = call(&server, line).with(["--output", "json", "-v", "--explain"]).ran().await.exits(0);
    assert_eq!(ran.stdout.lines().count(), 1);
    assert!(ran.stderr.contains("status=200") && ran.stderr.contains("signed: nothing"), "{}", ran.stderr);
}

#[tokio::test]
async fn the_signed_string_is_printed_on_success_and_on_failure_without_a_secret() {
    for (status, body, code) in
        [(200, example("btse-spot", "getAccount"), 0), (401, r#"{"errorCode":-7,"message":"bad signature"}"#, 1)]
    {
        let server = Server::start(ScriptedResponse::new(status, body)).await;
        let ran = call(&server, "btse-spot get-account").with(["-v", "--explain"]).ran().await.exits(code);
        assert!(ran.stderr.contains("signed: /spot/v2/account"), "{}", ran.stderr);
        assert!(!ran.stderr.contains(KEY), "{}", ran.stderr);
        // The server received the key.
        assert_eq!(server.take_request().header("btse-api"), Some(KEY));
    }
}

#[tokio::test]
async fn credentials_come_from_files_too() {
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "getAccount"))).await;
    let words = |line: &str| {
        let path = if line.contains("btse-spot") { "/spot" } else { "" };
        words(line).with(["--base-url", &format!("{}{path}", server.url())])
    };
    let signed = words("call btse-spot get-account")
        .env("BTSE_SPOT_KEY_FILE", private_file("key", &format!("{KEY}\r\n")).display().to_string())
        .env("BTSE_SPOT_SECRET_FILE", private_file("secret-of-call", &format!("{SECRET}\n")).display().to_string());
    signed.ran().await.exits(0);
    assert_eq!(server.take_request().header("btse-api"), Some(KEY));
    server.respond_with(ScriptedResponse::new(200, example("anboto", "getOpenOrders")));
    let pem = concat!(env!("CARGO_MANIFEST_DIR"), "/../auth/core/tests/support/keys/pkcs8.pem");
    let pem = private_file("key-of-call.pem", &std::fs::read_to_string(pem).unwrap()).display().to_string();
    let signed = words("call anboto get-open-orders").env("ANBOTO_KEY", KEY).env("ANBOTO_PRIVATE_KEY_FILE", pem);
    signed.ran().await.exits(0);
    let sent = server.take_request();
    // The signature is RSA with 2048 bits in base64; an HMAC would have 64 hexadecimal digits.
    assert_eq!(sent.header("anboto-sign").unwrap().len(), 344, "{sent:?}");
}

#[tokio::test]
#[cfg(unix)]
async fn a_file_of_credentials_that_every_user_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "getAccount"))).await;
    let path = file("secret-with-modes", SECRET);
    for (mode, code) in [(0o644, 3), (0o604, 3), (0o602, 3), (0o640, 0), (0o600, 0), (0o400, 0)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let shown = path.display().to_string();
        let call = words("call btse-spot get-account --base-url").with([format!("{}/spot", server.url())]).within(LONG);
        let ran = call.env("BTSE_SPOT_KEY", KEY).env("BTSE_SPOT_SECRET_FILE", &*shown).ran().await;
        assert_eq!(ran.code, code, "{mode:o}: {}", ran.stderr);
        if code == 3 {
            let said = format!("{shown}, which BTSE_SPOT_SECRET_FILE names, can be read by every user of this machine");
            ran.says(&said).says(&format!("help: chmod o= {shown}"));
            assert!(server.take_requests().is_empty(), "{mode:o}");
        }
    }
}

/// Each help text names the cause that the user can remove.
#[tokio::test]
async fn the_help_names_the_cause() {
    let server = Server::start(ScriptedResponse::new(404, "no such page")).await;
    let read = |url: &str, more: &[&str]| {
        let call = words("call btse-spot get-order-book --symbol X --retries 0 --base-url").with([url]);
        call.with(more.iter().copied()).within(LONG)
    };
    let unknown = "help: the server does not know this path: check the path of --base-url";
    read(&format!("{}/spot", server.url()), &[]).ran().await.exits(1).says(unknown);
    let refusal = r#"{"errorCode":-1121,"message":"no such market"}"#;
    server.respond_with(ScriptedResponse::new(404, refusal));
    let ran = read(&format!("{}/spot", server.url()), &[]).ran().await.exits(1);
    assert!(!ran.stderr.contains("help:"), "{}", ran.stderr);
    let plain = venuekit_mock::MockVenue::builder("btse-spot").start().await.unwrap();
    read(&plain.url().replace("http:", "https:"), &[])
        .ran()
        .await
        .exits(3)
        .says("help: the server speaks no TLS on this port: give --base-url with http://");
    for (url, given) in [
        ("127.0.0.1:8700/spot", "http://127.0.0.1:8700/spot"),
        ("localhost:8700/spot", "http://localhost:8700/spot"),
        ("api.example/spot", "https://api.example/spot"),
    ] {
        let reason = format!("give the base URL with http:// or https://: --base-url {given}");
        read(url, &[]).ran().await.exits(2).says("has to start with https:// or http://").says(&reason);
    }
    let ran = read("user:pw-marked@api.example/spot", &[]).ran().await.exits(2);
    assert!(!ran.stderr.contains("pw-marked"), "{}", ran.stderr);
}

#[tokio::test]
async fn an_error_at_an_unreadable_key_shows_no_unknown_path_and_latencies_have_three_digits() {
    let server = Server::start(ScriptedResponse::new(200, "{\"a")).await;
    let ran = call(&server, "btse-spot get-order-book --symbol X").with(["-v", "--retries", "0"]).ran().await.exits(5);
    assert!(!ran.stderr.contains("at ?"), "{}", ran.stderr);
    let latencies: Vec<_> = ran.stderr.split("latency_ms=").skip(1).collect();
    assert_eq!(latencies.len(), 2, "{}", ran.stderr);
    for latency in latencies {
        let number = latency.split_whitespace().next().unwrap();
        let digits = number.split_once('.').map_or("", |(_, digits)| digits);
        assert!(digits.len() <= 3, "{number}");
    }
}

#[tokio::test]
async fn a_body_is_sent_whole_or_refused() {
    let server = Server::start(ScriptedResponse::new(200, example("anboto", "cancelOrder"))).await;
    let cancel = |body: &str| call(&server, "anboto cancel-order").with(["--body", body]);
    for (body, reason) in [
        (r#"{"orderId":7,"clientOrderld":"a"}"#, "the body has no `clientOrderld`"),
        (r#"{"orderId":7,"orderId":8}"#, "duplicate field `orderId`"),
    ] {
        cancel(body).ran().await.exits(2).says(reason);
    }
    let order = r#"{"symbol":"BTC-USD","side":"buy","type":"limit","price":1,"amount":1,"tag":null}"#;
    let ran = call(&server, "btse-spot place-order").with(["--body", order]).ran().await;
    ran.exits(2).says("cannot have null at `tag`");
    assert!(server.take_requests().is_empty());

    // A null that the schema allows is sent.
    let body = r#"{"orderId":7,"clientOrderId":null}"#;
    cancel(body).ran().await.exits(0);
    assert_eq!(server.take_request().body, body);
}

/// A read and an order of each protocol.
const READ: [&str; 2] = ["btse-spot get-order-book --symbol BTC-USD", "excore market-last --market BTC_USDT"];
const ORDER: [&str; 2] = [
    r#"btse-spot place-order --body {"symbol":"BTC-USD","side":"buy","type":"limit","price":1,"amount":1}"#,
    "excore order-put-limit --user 1 --market BTC_USDT --side buy --amount 1 --price 1 --taker-fee 0 --maker-fee 0 --source x",
];

#[tokio::test]
async fn the_exit_code_tells_the_outcome() {
    let page = "<html>502 Bad Gateway</html>";
    let elsewhere = RefusingPort::new();
    let refusal =
        [r#"{"errorCode":-1121,"message":"no such market"}"#.to_owned(), json::rpc_error(1, 11, "no such market")];
    for at in [0, 1] {
        for (response, read, order, outcome) in [
            (ScriptedResponse::new(400, &*refusal[at]), 1, 1, "refused"),
            (ScriptedResponse::new(502, page), 5, 4, "unknown"),
            (ScriptedResponse::new(307, "").header("location", &elsewhere.url()), 5, 4, "unknown"),
            (ScriptedResponse::new(200, page), 5, 4, "unknown"),
            (ScriptedResponse::new(200, "{").cut(), 5, 4, "unknown"),
            (ScriptedResponse::new(200, r#"{"id":2}"#), 5, 4, "unknown"),
            (ScriptedResponse::close(), 5, 4, "unknown"),
        ] {
            let server = Server::start(response.clone()).await;
            for (line, code) in [(READ[at], read), (ORDER[at], order)] {
                let context = format!("{line}: {response:?}");
                let ran = call(&server, line).with(["--retries", "0", "--output", "json"]).ran().await;
                assert_eq!(ran.code, code, "{context}: {}", ran.stderr);
                assert_eq!((ran.stdout.as_str(), &ran.error()["outcome"]), ("", &outcome.into()), "{context}");
                assert_eq!(server.take_requests().len(), 1, "{context}");
            }
        }
        for (line, code) in [(READ[at], 5), (ORDER[at], 4)] {
            let ran = patiently(async |timeout| {
                let server = Server::start(ScriptedResponse::hang()).await;
                let call = call_at(&server.url(), line).within(timeout).with(["--retries", "0", "--output", "json"]);
                let ran = call.ran().await;
                (server.take_requests().len() == 1).then_some(ran)
            })
            .await
            .exits(code);
            assert_eq!((ran.stdout.as_str(), &ran.error()["outcome"]), ("", &"unknown".into()), "{line}");
            let may_have_been = ran.stderr.contains("may have been carried out");
            assert_eq!(may_have_been, code == 4, "{}", ran.stderr);
        }
    }
}

#[tokio::test]
async fn a_read_is_sent_again_and_an_order_is_not() {
    let server = Server::start(ScriptedResponse::new(503, "")).await;
    let more = ["--retries", "1", "--output", "json"];
    for at in [0, 1] {
        call(&server, READ[at]).with(more).ran().await.exits(5);
        assert_eq!(server.take_requests().len(), 2);
        let ran = call(&server, ORDER[at]).with(more).ran().await.exits(4);
        assert_eq!(server.take_requests().len(), 1);
        assert!(ran.error()["help"].as_str().unwrap().contains("may have been carried out"), "{}", ran.stderr);
    }
}

#[tokio::test]
async fn an_error_has_the_message_of_the_venue() {
    let body = r#"{"errorCode":-1121,"message":"no such \u001b[2J market"}"#;
    let server = Server::start(ScriptedResponse::new(429, body).header("retry-after", "7")).await;
    let line = "btse-spot get-order-book --symbol X --retries 0";
    let error = call(&server, line).with(["--output", "json"]).ran().await.exits(1).error();
    insta::assert_snapshot!(serde_json::to_string_pretty(&error).unwrap());
    let ran = call(&server, line).ran().await.exits(1);
    insta::assert_snapshot!("error_for_people", ran.stderr);
    let ran = call(&server, line).with(["--raw"]).ran().await.exits(1);
    assert_eq!(ran.stdout, body, "expected the unchanged body of the error on stdout");
}

#[tokio::test]
async fn a_batch_that_failed_in_part_has_an_exit_code_of_its_own_and_its_elements_on_stderr() {
    const BODY: &str = r#"{"order_id":"a","symbol":"BTC-USD"}"#;
    let line = "btse-spot cancel-order --retries 0";
    let refused = r#"{"code":-9,"success":false,"msg":"no \u001b[2J order"}"#;
    let unknown = format!(r#"{{"code":4,"msg":"timeout for {KEY}"}}"#);
    let partial = format!(r#"[{{"success":true}},{refused},{unknown}]"#);
    let server = Server::start(ScriptedResponse::new(200, &*partial)).await;
    let cancel = |more: &[&str]| call(&server, line).with(["--body", BODY]).with(more.iter().copied());
    let ran = cancel(&[]).ran().await.exits(8);
    assert!(ran.stdout.contains("true"), "{}", ran.stdout);
    insta::assert_snapshot!(ran.stderr);
    let ran = cancel(&["--output", "json"]).ran().await.exits(8);
    insta::assert_snapshot!("a_partial_failure_as_json", serde_json::to_string_pretty(&ran.error()).unwrap());
    // The response of a failure has no credential.
    assert_eq!(cancel(&["--raw"]).ran().await.exits(8).stdout, partial.replace(KEY, "***"));

    let server = Server::start(ScriptedResponse::new(200, format!("[{refused},{unknown}]"))).await;
    let error = call(&server, line).with(["--body", BODY, "--output", "json"]).ran().await.exits(4).error();
    assert_eq!(error["failed_elements"][0]["outcome"], "refused");
    assert_eq!(error["failed_elements"][1]["outcome"], "unknown");
    let server = Server::start(ScriptedResponse::new(200, r#"[{"success":true}]"#)).await;
    assert_eq!(call(&server, line).with(["--body", BODY]).ran().await.exits(0).stderr, "");
}

#[tokio::test]
async fn a_batch_whose_response_lacks_elements_is_partial_and_says_so() {
    const BODY: &str = r#"{"orders":[{"orderId":1},{"orderId":2}]}"#;
    let line = "anboto cancel-many --retries 0";
    let good = r#"{"orderId":1,"status":"PENDING_CANCEL","createdAt":null}"#;
    let refused = r#"{"orderId":1,"status":"CANCEL_REJECTED","createdAt":null}"#;
    let mut texts = String::new();
    for (summaries, exit) in [(good.to_owned(), 8), (format!("{refused},{good},{good}"), 8), (refused.to_owned(), 4)] {
        let server = Server::start(ScriptedResponse::new(200, format!("[{summaries}]"))).await;
        let ran = call(&server, line).with(["--body", BODY]).ran().await.exits(exit);
        texts.push_str(&ran.stderr);
    }
    insta::assert_snapshot!(texts);
    let server = Server::start(ScriptedResponse::new(200, format!("[{good},{good}]"))).await;
    assert_eq!(call(&server, line).with(["--body", BODY]).ran().await.exits(0).stderr, "");
}

#[tokio::test]
async fn an_error_has_the_known_meaning_of_its_code() {
    let symbol = "No such trading pair; symbols are written in upper case.";
    let book = "jex-spot get-depth --symbol X --retries 0";
    let order = "excore order-book --market X --side sell --offset 0 --limit 1000 --retries 0";
    for (line, answer, meaning) in [
        (book, ScriptedResponse::new(400, r#"{"code":-1121,"msg":"Invalid symbol."}"#), Some(symbol)),
        (book, ScriptedResponse::new(400, r#"{"code":-1121}"#), Some(&*format!("Invalid symbol: {symbol}"))),
        (book, ScriptedResponse::new(400, r#"{"code":-9,"msg":"Invalid symbol."}"#), None),
        (
            order,
            ScriptedResponse::new(200, json::rpc_error(1, 27, "limit too big")),
            Some("`limit` is above what the method allows."),
        ),
        (
            "anboto get-open-orders --retries 0",
            ScriptedResponse::new(400, r#"{"errorCode":"QUANTITY_EXCEED"}"#),
            Some(
                "By its name, the quantity is too large. Beside `REJECTED` it is taken for a refusal of the whole \
                 order; that is a guess. If slices may have been traded, look the order up.",
            ),
        ),
    ] {
        let server = Server::start(answer).await;
        let error = call(&server, line).with(["--output", "json"]).ran().await.exits(1).error();
        assert_eq!(error.get("meaning").and_then(|meaning| meaning.as_str()), meaning, "{error}");
        let shown = call(&server, line).ran().await.exits(1).stderr;
        assert_eq!(shown.contains("\n  meaning: "), meaning.is_some(), "{shown}");
        assert!(meaning.is_none_or(|meaning| shown.contains(&format!("\n  meaning: {meaning}\n"))), "{shown}");
    }
}

#[tokio::test]
async fn an_error_without_a_message_has_the_beginning_of_the_body() {
    let line = "btse-spot get-account --retries 0";
    for (status, code) in [(404, 1), (502, 5), (200, 5)] {
        let said = format!("<html>\n\u{1b}[31mno {SECRET} here, {KEY}: {}</html>\n", "far too much ".repeat(1_000));
        let server = Server::start(ScriptedResponse::new(status, &*said)).await;
        // `ran` searches the output of every run for the secret.
        let ran = call(&server, line).ran().await.exits(code);
        let shown = ran.stderr.lines().find_map(|line| line.strip_prefix("  body: ")).unwrap();
        assert!(shown.starts_with("<html> [31mno *** here, ***: far too"), "{shown}");
        assert_eq!((shown.chars().count(), ran.stdout.as_str()), (200, ""), "{shown}");
        let error = call(&server, line).with(["--output", "json"]).ran().await.exits(code).error();
        assert_eq!(error["body"], shown);
    }
    for (status, body) in [(404, ""), (400, r#"{"errorCode":-1121,"message":"no such market"}"#)] {
        let server = Server::start(ScriptedResponse::new(status, body)).await;
        let ran = call(&server, line).with(["--output", "json"]).ran().await.exits(1);
        assert_eq!(ran.error().get("body"), None, "{}", ran.stderr);
        assert!(!call(&server, line).ran().await.exits(1).stderr.contains("body:"));
    }
}

#[tokio::test]
async fn a_key_or_secret_that_a_venue_repeats_is_not_shown() {
    let line = "btse-spot get-account --retries 0";
    for repeated in
        [format!("{KEY} {SECRET}"), KEY.to_uppercase(), KEY.replace('-', "%2D"), KEY.replace('-', "\\u002d")]
    {
        let body = format!(r#"{{"errorCode":-7,"message":"bad signature of {repeated}!"}}"#);
        let server = Server::start(ScriptedResponse::new(401, &*body)).await;
        for more in [&["-v", "--explain"][..], &["--output", "json"]] {
            let ran = call(&server, line).with(more.iter().copied()).ran().await.exits(1);
            assert!(ran.stderr.contains("bad signature of ***"), "{}", ran.stderr);
            assert!(!ran.stderr.contains(&repeated), "{}", ran.stderr);
        }
    }
}

#[tokio::test]
async fn amounts_are_printed_in_aligned_columns() {
    for (name, line, id) in [
        ("book", "btse-spot get-order-book --symbol BTC-USD", "getOrderBook"),
        ("klines", "jex-spot get-klines --symbol X --interval 1m", "getKlines"),
        ("depth", "jex-spot get-depth --symbol X", "getDepth"),
        ("balances_by_asset", "excore balance-query --user-id 1", "balance.query"),
        ("balances", "btse-spot get-account", "getAccount"),
        ("orders", "anboto get-open-orders", "getOpenOrders"),
        ("ticker", "jex-spot get-day-ticker --symbol X", "getDayTicker"),
        ("rpc_book", "excore order-depth --market X --limit 10 --interval 0", "order.depth"),
    ] {
        let venue = line.split(' ').next().unwrap();
        let body = example(venue, id);
        let body = if venue == "excore" { json::rpc_response(1, body) } else { body.to_owned() };
        let server = Server::start(ScriptedResponse::new(200, body)).await;
        let ran = call(&server, line).with(["--output", "table"]).ran().await.exits(0);
        insta::assert_snapshot!(name, ran.stdout);
    }
}

#[tokio::test]
async fn settings_may_come_before_the_command() {
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "getOrderBook"))).await;
    let url = format!("{}/spot", server.url());
    let front = venue(["--base-url", &url, "--output", "json", "call", "btse-spot", "get-order-book", "--symbol", "X"]);
    front.ran().await.exits(0);
    server.take_request();
    let read = ["get-order-book", "--symbol", "X", "-o", "table"];
    let ran = venue(["--base-url", "https://127.0.0.1:1/spot", "-o", "json", "call", "--base-url", &url, "btse-spot"]);
    let ran = ran.with(read).ran().await.exits(0);
    assert!(ran.stdout.starts_with("symbol "), "the later option does not take precedence: {}", ran.stdout);
    server.take_request();
}

#[cfg(feature = "redis")]
#[tokio::test]
async fn a_call_whose_shared_state_cannot_be_used_is_not_sent_and_the_password_is_not_shown() {
    let server = Server::start(ScriptedResponse::new(200, example("jex-spot", "getAccount"))).await;
    let nowhere = RefusingPort::new();
    let url = format!("redis://desk:s3cret-of-redis@127.0.0.1:{}", nowhere.port());
    // The limits of this operation are per address, so they are shared by the name of one.
    for ran in [
        call(&server, "jex-spot get-account").with(["--state", &url, "--egress", "desk"]).ran().await,
        call(&server, "jex-spot get-account").env("VENUE_STATE", &url).with(["--egress", "desk"]).ran().await,
    ] {
        let ran = ran.exits(3).says("the shared state cannot be used").says("check the server of --state");
        assert!(!ran.stderr.contains("s3cret-of-redis"), "{}", ran.stderr);
    }
    assert!(server.requests().is_empty());
    call(&server, "jex-spot get-account").with(["--state", "http://host"]).ran().await.exits(2).says("redis://");
}

#[tokio::test]
async fn a_response_that_broke_off_keeps_the_id_at_its_end_and_hides_the_beginning_of_a_secret() {
    for (end, shown) in [("5e1f2d1c-0b7c", "5e1f2d1c-0b7c"), ("17", "17"), (&SECRET[..5], "***")] {
        let body = format!(r#"{{"total":"1.50","id":"{end}"#);
        let server = Server::start(ScriptedResponse::new(200, body).cut()).await;
        let order = "btse-spot place-order --symbol BTC-USD --side BUY --type LIMIT --price 1 --amount 1";
        let ran = call(&server, order).ran().await.exits(4);
        assert!(ran.stderr.contains(&format!(r#"body: {{"total":"1.50","id":"{shown}"#)), "{end}: {}", ran.stderr);
    }
}

#[tokio::test]
async fn an_order_of_unknown_outcome_names_the_commands_that_may_show_it() {
    let server = Server::start(ScriptedResponse::close()).await;
    let order = "btse-spot place-order --symbol BTC-USD --side BUY --type LIMIT --price 1 --amount 1";
    let ran = call(&server, order).ran().await.exits(4);
    for read in ["get-pending-orders", "get-fills --symbol BTC-USD"] {
        assert!(ran.stderr.contains(&format!("`venue call btse-spot {read}`")), "{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("call btse-spot get-account"), "{}", ran.stderr);
    let moved = ScriptedResponse::new(307, "").header("location", "https://venue.test/v3/order?sign=1234#x");
    let server = Server::start(moved).await;
    let ran = call(&server, order).ran().await.exits(4);
    let help = "redirects are not followed (to https://venue.test/v3/order): check --base-url; the request may";
    assert!(ran.stderr.contains(help) && !ran.stderr.contains("1234"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_read_that_broke_off_with_raw_prints_its_bytes_and_an_error_on_a_line_of_its_own() {
    let server = Server::start(ScriptedResponse::new(200, r#"[{"id":17"#).cut()).await;
    let line = "btse-spot get-markets --retries 0";
    let ran = call(&server, line).with(["--raw"]).ran().await.exits(5);
    assert_eq!(ran.stdout, r#"[{"id":17"#);
    assert!(ran.stderr.starts_with("\nerror: "), "{}", ran.stderr);
    assert!(!ran.stderr.contains("--raw"), "{}", ran.stderr);
    call(&server, line).ran().await.exits(5).says("--raw shows the venue's response");
}

#[tokio::test]
async fn the_meaning_of_a_refused_cancel_begins_with_the_sentence_about_its_message() {
    let server =
        Server::start(ScriptedResponse::new(429, r#"{"code":-1,"msg":"Not found","message":"Not found"}"#)).await;
    let cancel = call(&server, "btse-spot cancel-order --retries 0");
    let ran = cancel.with(["--body", r#"{"order_id":"a","symbol":"BTC-USD"}"#]).ran().await.exits(1);
    assert!(ran.stderr.contains("meaning: With HTTP 429 and exactly the message `Not found`"), "{}", ran.stderr);
}
