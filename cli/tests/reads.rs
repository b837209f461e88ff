//! Tests reads that are repeated (`--watch`), lists in pages (`--all`), and `-v`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use support::{KEY, SECRET, Venue, example, meta, words};
use venuekit_mock::MockVenue;
use venuekit_test_support::{LONG, ScriptedResponse, Server, json};

fn call(url: &str, line: &str) -> Venue {
    let name = line.split(' ').next().unwrap();
    let url = format!("{url}{}", meta(name).venue.base_path());
    words("call").with(line.split_whitespace()).with(["--base-url", &url]).signed(meta(name)).within(LONG)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_follows_the_pages_until_one_has_no_items() {
    let pages = [
        r#"{"offset":0,"limit":2,"records":[{"name":"A","prec":1},{"name":"B","prec":2}]}"#,
        r#"{"offset":2,"limit":2,"records":[{"name":"B","prec":2},{"name":"C","prec":3}]}"#,
        r#"{"offset":4,"limit":2,"records":[]}"#,
    ];
    let server =
        Server::scripted((1..).zip(pages).map(|(id, page)| ScriptedResponse::new(200, json::rpc_response(id, page))))
            .await;
    let ran = call(&server.url(), "excore asset-list --offset 0 --limit 2 --all -o csv").ran().await.exits(0);
    assert_eq!(ran.stdout, "name,prec\nA,1\nB,2\nB,2\nC,3\n");
    assert!(ran.stderr.starts_with("note: 1 of the items came twice"), "{}", ran.stderr);
    let sent: Vec<String> = server.take_requests().into_iter().map(|request| request.body).collect();
    for (sent, params) in sent.iter().zip(["[0,2]", "[2,2]", "[4,2]"]) {
        assert!(sent.contains(params), "{sent}");
    }
    assert_eq!(sent.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_ends_with_an_error_if_the_venue_sends_the_same_page_again() {
    let page = r#"{"offset":0,"limit":2,"records":[{"name":"A","prec":1}]}"#;
    let server = Server::scripted([1, 2].map(|id| ScriptedResponse::new(200, json::rpc_response(id, page)))).await;
    let ran = call(&server.url(), "excore asset-list --offset 0 --limit 1 --all").ran().await.exits(5);
    ran.says("a page has only items of earlier pages, so the venue does not follow `offset`");
    assert_eq!(server.take_requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_from_which_no_next_page_follows_are_refused_before_anything_is_sent() {
    let page = json::rpc_response(1, r#"{"offset":0,"limit":1,"records":[]}"#);
    let server = Server::start(ScriptedResponse::new(200, page)).await;
    for (line, reason) in [
        (
            "excore asset-list --offset -5 --limit 2",
            "--offset: -5 is not valid with --all (expected a whole number of at least 0)",
        ),
        (
            "excore asset-list --offset 0 --limit 0",
            "--limit: 0 is not valid with --all (expected a whole number of at least 1)",
        ),
        ("excore market-list --offset 0 --limit -1", "--limit: -1 is not valid with --all"),
        (
            "altmarket get-order-history --page 0",
            "--page: 0 is not valid with --all (expected a whole number of at least 1)",
        ),
    ] {
        call(&server.url(), line).with(["--all"]).ran().await.exits(2).says(reason);
        let error = call(&server.url(), line).with(["--all", "-o", "json"]).ran().await.exits(2).error();
        assert_eq!(error["outcome"], "not_sent", "{error}");
    }
    assert!(server.take_requests().is_empty());
}

/// The errors of a page have what the errors of a call have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_a_later_page_has_attempts_status_and_help() {
    let page = |id, page: &str| ScriptedResponse::new(200, json::rpc_response(id, page));
    let first = || page(1, r#"{"offset":0,"limit":1,"records":[{"name":"A","prec":1}]}"#);
    let line = "excore asset-list --offset 0 --limit 1 --all --retries 1 -o json";
    // The second page is asked for twice. Its response only repeats the first page.
    let again = page(3, r#"{"offset":0,"limit":1,"records":[{"name":"A","prec":1}]}"#);
    let server = Server::scripted([first(), ScriptedResponse::new(503, ""), again]).await;
    let error = call(&server.url(), line).ran().await.exits(5).error();
    assert_eq!(
        (&error["attempts"], &error["status"], &error["kind"]),
        (&2.into(), &200.into(), &"decode".into()),
        "{error}"
    );
    assert_eq!((&error["operation"], &error["venue"]), (&"asset.list".into(), &"excore".into()), "{error}");
    assert!(error["help"].is_string() && error["body"].is_string(), "{error}");
    let server = Server::scripted([first(), ScriptedResponse::new(503, ""), ScriptedResponse::new(503, "")]).await;
    let error = call(&server.url(), line).ran().await.exits(5).error();
    assert_eq!((&error["attempts"], &error["status"]), (&2.into(), &503.into()), "{error}");
    assert!(error["help"].is_string(), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_in_pages_of_a_mock_venue_can_be_followed() {
    let mock = MockVenue::builder("excore").key(KEY, SECRET).start().await.unwrap();
    for line in ["asset-list --offset 0 --limit 1", "market-list --offset 0 --limit 1"] {
        let call =
            words("call excore").with(line.split_whitespace()).with(["--all", "-o", "json", "--base-url", mock.url()]);
        let ran = call.signed(meta("excore")).within(LONG).ran().await.exits(0);
        let items: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(mock.take_requests().len(), items.len() + 1, "{line}: {items:?}");
    }
}

#[test]
fn options_of_a_read_are_refused_where_they_have_no_effect() {
    for (line, reason) in [
        ("call btse-spot place-order --body {} --watch 2s", "--watch: btse-spot place-order may change something"),
        ("call btse-spot cancel-order --body {} --all", "--all: btse-spot cancel-order may change something"),
        ("call btse-spot get-markets --all", "the document does not describe pages of this operation"),
        ("call btse-spot get-markets --watch 0s", "expected a duration above 0, such as 2s"),
        ("call btse-spot get-markets --watch 2s --dry-run", "cannot be used with"),
        ("call excore asset-list --offset 0 --limit 1 --all --watch 2s", "cannot be used with"),
        ("--watch 2s list", "--watch has no effect"),
    ] {
        words(line).run().exits(2).says(reason);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[cfg(unix)]
async fn watch_prints_what_has_changed_and_a_signal_is_its_normal_end() {
    let book = |price: &str| format!(r#"{{"buyQuote":[{{"price":{price},"size":1}}],"sellQuote":[]}}"#);
    let responses = ["8000.10", "8000.10", "8000.20"].map(|price| ScriptedResponse::new(200, book(price)));
    let server = Server::scripted(responses).await;
    let watch = call(&server.url(), "btse-spot get-order-book --symbol X --watch 20ms -o json");
    let ended = tokio::task::spawn_blocking(move || {
        let mut child = watch.started(Stdio::piped());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let printed = [lines.next().unwrap(), lines.next().unwrap()];
        let signal = format!("kill -INT {}", child.id());
        assert!(std::process::Command::new("sh").args(["-c", &signal]).status().unwrap().success());
        (printed, child.wait().unwrap().code())
    });
    let (printed, code) = ended.await.unwrap();
    assert!(printed[0].contains("8000.10") && printed[1].contains("8000.20"), "{printed:?}");
    assert_eq!(code, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watch_ends_with_the_error_of_its_first_read() {
    let server = Server::start(ScriptedResponse::new(400, r#"{"code":400,"msg":"no"}"#)).await;
    call(&server.url(), "btse-spot get-ticker --symbol X --watch 1s").ran().await.exits(1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verbose_shows_request_and_response_without_key_secret_and_signature() {
    let body = format!(r#"[{{"currency":"BTC","total":"1","available":"1","echo":"{KEY}"}}]"#);
    let response = ScriptedResponse::new(200, body).header("set-cookie", "session=abcdefgh");
    let server = Server::start(response).await;
    let ran = call(&server.url(), "btse-spot get-account -v").ran().await.exits(0);
    let request = server.take_request();
    let shown = &ran.stderr;
    for part in [
        "> GET /spot/v2/account\n",
        "> host: 127.0.0.1:",
        "> btse-api: ***\n",
        "> btse-sign: ***\n",
        "< 200 OK\n",
        "< set-cookie: ***\n",
        "\"currency\":\"BTC\"",
    ] {
        assert!(shown.contains(part), "no `{part}` in {shown}");
    }
    let signature = request.header("btse-sign").unwrap();
    for secret in [KEY, SECRET, signature, "abcdefgh"] {
        assert!(!shown.contains(secret), "`{secret}` in {shown}");
    }
}

/// Signatures in headers, in the query, in the form and in the body.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verbose_never_shows_a_signature_wherever_the_venue_has_it() {
    for (line, of) in [
        ("btse-spot get-account", ("btse-spot", "getAccount")),
        ("jex-spot get-account", ("jex-spot", "getAccount")),
        ("anboto get-open-orders", ("anboto", "getOpenOrders")),
        ("altmarket get-balances", ("altmarket", "getBalances")),
    ] {
        let server = Server::start(ScriptedResponse::new(200, example(of.0, of.1))).await;
        let ran = call(&server.url(), &format!("{line} -v")).ran().await.exits(0);
        let request = server.take_request();
        let texts = request
            .headers
            .iter()
            .map(|(_, value)| value.as_str())
            .chain([request.line.as_str(), request.body.as_str()]);
        // A signature is a long word of letters and digits.
        let words =
            texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric())).filter(|word| word.len() >= 32);
        for word in words {
            assert!(!ran.stderr.contains(word), "{line}: `{word}` in {}", ran.stderr);
        }
        assert!(ran.stderr.contains("***") && !ran.stderr.contains(KEY), "{line}: {}", ran.stderr);
    }
}

/// `-v` shows the headers, the query and the body that the server gets, besides what is secret.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verbose_shows_what_goes_out_and_comes_back() {
    let order = r#"{"Amount":"0.5","Direction":"Buy","Market":"btc_usdt","Price":"1","Type":"Limit"}"#;
    let of_order =
        meta("altmarket").operation("placeOrder").and_then(|meta| meta.body.as_ref()?.example).unwrap_or(order);
    for (line, more, of) in [
        ("altmarket get-balances", &[][..], ("altmarket", "getBalances")),
        ("altmarket place-order", &["--body", of_order], ("altmarket", "placeOrder")),
        ("jex-spot get-account --recv-window 2500", &[], ("jex-spot", "getAccount")),
        ("btse-spot get-order-book --symbol X", &[], ("btse-spot", "getOrderBook")),
    ] {
        let server = Server::start(ScriptedResponse::new(200, example(of.0, of.1))).await;
        let ran = call(&server.url(), line).with(more.iter().copied()).with(["-v"]).ran().await.exits(0);
        let request = server.take_request();
        let shown: Vec<&str> = ran.stderr.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        for (name, value) in &request.headers {
            let (name, line) = (name.to_lowercase(), format!("{}: {value}", name.to_lowercase()));
            let is_hidden = shown.contains(&format!("{name}: ***").as_str());
            assert!(shown.contains(&line.as_str()) || is_hidden, "no `{line}` in {}", ran.stderr);
            let is_plain = ["accept", "content-type", "content-length", "host", "user-agent"].contains(&name.as_str());
            assert!(!(is_plain && is_hidden), "{name} is hidden: {}", ran.stderr);
        }
        // The values of the query that are no secret: times, windows, and those of the user.
        let query = request.line.split_once('?').map(|(_, query)| query.split(' ').next().unwrap()).unwrap_or_default();
        let sent = query
            .split('&')
            .filter(|pair| pair.starts_with("ts=") || pair.contains("recvWindow=") || pair.contains("timestamp="));
        for pair in sent {
            assert!(shown[0].contains(pair), "no `{pair}` in {}", ran.stderr);
        }
        if !request.body.is_empty() {
            assert!(shown.contains(&request.body.as_str()), "{}", ran.stderr);
        }
    }
}

#[tokio::test]
async fn a_dry_run_logs_nothing_and_shows_the_request_once() {
    for line in
        ["call btse-spot get-order-book --symbol X --dry-run", "call btse-spot get-order-book --symbol X --curl"]
    {
        let (plain, verbose) = (words(line).ran().await.exits(0), words(line).with(["-v"]).ran().await.exits(0));
        assert_eq!((plain.stdout, &*verbose.stderr), (verbose.stdout, ""));
    }
}
