//! Tests the formats of what is printed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use support::{Ran, Venue, words};
use venuekit_test_support::{LONG, ScriptedResponse, Server};

const BOOK: &str = r#"{"symbol":"BTC-USD","timestamp":1571027094623,"buyQuote":[{"price":9523.0,"size":0.72400000},{"price":"9522.50","size":1.05}],"sellQuote":[{"price":9525.0,"size":0.00000001}]}"#;

/// Returns a call of an order book, with these options.
fn book(server: &Server, options: &str) -> Venue {
    let call =
        words("call btse-spot get-order-book --symbol BTC-USD --base-url").with([format!("{}/spot", server.url())]);
    call.with(options.split_whitespace()).within(LONG).env("TZ", "XYZ-02:30")
}

async fn shown(options: &str) -> Ran {
    let server = Server::start(ScriptedResponse::new(200, BOOK)).await;
    book(&server, options).ran().await.exits(0)
}

#[tokio::test]
async fn a_response_has_the_same_digits_in_every_format() {
    let mut all = String::new();
    for options in ["-o json", "-o pretty", "-o table", "-o csv", "-o yaml", "-o yaml --local-time"] {
        let ran = shown(options).await;
        assert_eq!(ran.stderr, "");
        for digits in ["9523.0", "0.72400000", "9522.50", "0.00000001"] {
            assert!(ran.stdout.contains(digits), "{options}: {}", ran.stdout);
        }
        all.push_str(&format!("{options}\n{}\n", ran.stdout));
    }
    insta::assert_snapshot!("formats", all);
}

#[tokio::test]
async fn columns_are_chosen_in_the_order_of_the_user_and_one_that_only_the_type_has_is_empty() {
    let ran = shown("--columns size,price").await;
    assert_eq!(
        (ran.stdout.as_str(), ran.stderr.as_str()),
        (
            "buyQuote\n      size    price\n0.72400000  9523.0\n1.05        9522.50\n\nsellQuote\n      size   price\n0.00000001  9525.0\n",
            ""
        )
    );
    let ran = shown("--columns sellQuote.price,symbol -o csv").await;
    assert_eq!(ran.stdout, "symbol,price\nBTC-USD,9525.0\n");
    let ran = shown("-o table --columns PRICE").await;
    assert!(ran.stdout.contains("9525.0") && !ran.stdout.contains("BTC-USD"), "{}", ran.stdout);
    // A column that this response does not have is empty, so that a table always has the same ones.
    let server = Server::start(ScriptedResponse::new(200, r#"[{"currency":"BTC","total":"1","available":"1"}]"#)).await;
    let account = words("call btse-spot get-account -o csv --columns currency,available --base-url");
    let account = account.with([format!("{}/spot", server.url())]).signed(support::meta("btse-spot")).within(LONG);
    assert_eq!(account.ran().await.exits(0).stdout, "currency,available\nBTC,1\n");
    for line in ["-o json", "-o yaml", "-o pretty"] {
        let call = words("call btse-spot get-order-book --symbol X --columns price").with(line.split_whitespace());
        call.run().exits(2).says("--columns: this format of the output has no columns");
    }
    words("list --columns VENUE -o json").run().exits(2).says("--columns");
    words("call btse-spot get-markets --raw --columns id").run().exits(2).says("--raw");
}

#[tokio::test]
async fn a_column_that_does_not_exist_is_refused_with_the_known_ones_before_anything_is_sent() {
    let server = Server::start(ScriptedResponse::new(200, BOOK)).await;
    for (columns, reason) in [
        ("nonsense", "--columns: there is no column `nonsense` (help: the columns are: buyQuote.price, "),
        ("price,nonsense,other", "there are no columns `nonsense`, `other`"),
        ("", "there is no column `` (help: the columns are: buyQuote.price, "),
        ("price,", "there is no column ``"),
    ] {
        for format in [&[][..], &["-o", "csv"], &["-o", "table"]] {
            let call = book(&server, "").with(["--columns", columns]).with(format.iter().copied());
            call.ran().await.exits(2).says(reason);
        }
    }
    assert!(server.take_requests().is_empty());
    for (line, reason) in [
        ("list --columns nope", "there is no column `nope` (help: the columns are: VENUE, KIND, "),
        ("list btse-spot --columns nope", "the columns are: OPERATION, ROUTE, "),
        ("explain btse-spot place-order --columns nope", "the columns are: flag, in, type"),
        ("mock btse-spot --columns nope", "the columns are: venue, url, key, secret"),
        ("list -o csv --columns=", "there is no column ``"),
    ] {
        words(line).run().exits(2).says(reason);
    }
}

#[tokio::test]
async fn a_list_without_elements_has_its_header_in_csv() {
    for (line, body, header) in [
        ("btse-spot get-account", "[]", "currency,"),
        ("jex-spot get-open-orders --symbol X", "[]", "orderId,"),
        ("altmarket get-balances", "[]", "asset,"),
        ("jex-spot get-klines --symbol X --interval 1m", "[]", ""),
    ] {
        let name = line.split(' ').next().unwrap();
        let server = Server::start(ScriptedResponse::new(200, body)).await;
        let url = format!("{}{}", server.url(), support::meta(name).venue.base_path());
        let call = words("call").with(line.split_whitespace()).with(["-o", "csv", "--base-url", &url]);
        let ran = call.signed(support::meta(name)).within(LONG).ran().await;
        assert_eq!((ran.code, ran.stdout.lines().count()), (0, 1), "{line}: {ran:?}");
        assert!(ran.stdout.to_lowercase().contains(&header.to_lowercase()), "{line}: {}", ran.stdout);
    }
}

#[test]
fn a_request_that_is_printed_has_only_the_formats_that_it_can_have() {
    let line = "call btse-spot get-order-book --symbol X";
    for (options, reason) in [
        ("--curl -o json", "--output: --curl prints a command line"),
        ("--curl -o pretty", "--output: --curl prints a command line"),
        ("--dry-run -o csv", "--output: --dry-run prints a request as text or as JSON"),
        ("--dry-run -o table", "--output: --dry-run prints a request as text or as JSON"),
        ("--dry-run -o yaml", "--output: --dry-run prints a request as text or as JSON"),
        ("--dry-run --columns price", "--columns: --dry-run prints a request, and no response"),
        ("--curl --local-time", "--local-time: --curl prints a request, and no response"),
        ("--dry-run --raw", "--raw: --dry-run prints a request, and no response"),
    ] {
        words(line).with(options.split_whitespace()).run().exits(2).says(reason);
    }
    // The format of the profile or of the environment is for responses.
    for options in ["--curl", "--dry-run"] {
        words(line).with([options]).env("VENUE_OUTPUT", "csv").run().exits(0);
    }
}

#[tokio::test]
async fn a_table_that_is_too_wide_is_cut_and_says_so() {
    let ran = words("list btse-spot --width 60").run().exits(0);
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 60), "{}", ran.stdout);
    assert!(ran.stderr.starts_with("note: the table does not fit the width; "), "{}", ran.stderr);
    let whole = words("list btse-spot --width 0").run().exits(0);
    assert_eq!((whole.stdout, whole.stderr.as_str()), (words("list btse-spot").run().stdout, ""));
}

#[tokio::test]
async fn times_are_local_on_request_with_their_offset() {
    let ran = shown("--local-time --columns timestamp").await;
    assert_eq!(ran.stdout, "timestamp  2019-10-14 06:54:54.623 +02:30\n");
    let ran = shown("--local-time -o json").await;
    assert!(ran.stdout.contains(r#""timestamp":"2019-10-14 06:54:54.623 +02:30""#), "{}", ran.stdout);
    assert!(shown("-o json").await.stdout.contains(r#""timestamp":1571027094623"#));
}

#[tokio::test]
async fn colours_are_used_on_request_and_never_in_a_pipe() {
    let has_codes = |ran: &Ran| ran.stdout.contains('\u{1b}');
    for options in ["", "-o table", "--color never", "--color auto"] {
        assert!(!has_codes(&shown(options).await), "{options}");
    }
    assert!(has_codes(&shown("--color always").await) && has_codes(&shown("--color always -o table").await));
    for format in ["json", "csv", "yaml"] {
        assert!(!has_codes(&shown(&format!("--color always -o {format}")).await), "{format}");
    }
    let error = words("call btse-spot get-ticker --symbol X --color=always --sync-clock").run().exits(2);
    assert!(error.stderr.starts_with("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m "), "{:?}", error.stderr);
}

#[test]
fn a_list_has_every_format_with_one_spelling() {
    let list = |options: &str| words("list btse-spot").with(options.split_whitespace()).run().exits(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&list("-o json")).unwrap();
    assert_eq!(list("-o json").lines().count(), 1);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&list("--json")).unwrap(), json);
    assert_eq!(list("--json"), list("-o pretty"));
    assert!(list("-o csv").starts_with("OPERATION,ROUTE,SECURITY,WEIGHT,PARAMETERS,SUMMARY\nget-market-summary,GET "));
    assert!(list("-o yaml").contains("command: get-order-book\n"));
    assert_eq!(list("-o csv --columns operation,weight").lines().nth(1), Some("get-market-summary,1"));
    words("list --json -o table").run().exits(2).says("cannot be used with");
}

#[test]
fn a_list_has_types_formats_defaults_examples_and_descriptions_of_values() {
    let list = |venue: &str| -> Vec<serde_json::Value> {
        serde_json::from_str(&words("list -o json").with([venue]).run().exits(0).stdout).unwrap()
    };
    let find = |venue: &str, id: &str, list_name: &str, name: &str| {
        let entries = list(venue);
        let entry = entries.iter().find(|entry| entry["id"] == id).unwrap();
        entry[list_name].as_array().unwrap().iter().find(|entry| entry["name"] == name).unwrap().clone()
    };
    let limit = find("jex-spot", "getKlines", "params", "limit");
    assert_eq!((&limit["type"], &limit["flag"]), (&"integer".into(), &"--limit".into()), "{limit}");
    assert!(limit["default"].is_number(), "{limit}");
    let price = find("btse-spot", "placeOrder", "members", "price");
    assert_eq!((&price["type"], &price["format"]), (&"number".into(), &"decimal".into()), "{price}");
    assert!(price["example"].is_number() && price["description"].is_string(), "{price}");
}

#[test]
fn formats_that_a_command_does_not_have_are_refused() {
    words("watch excore-ws price --markets X -o csv").run().exits(2).says("`venue watch` prints events");
    words("watch excore-ws price --markets X --columns a").run().exits(2).says("--columns has no effect");
    words("watch excore-ws price --markets X --dry-run").run().exits(2).says("--dry-run is for calls");
    words("-o json completions bash").run().exits(2).says("");
    words("call btse-spot get-markets -o xml").run().exits(2).says("possible values: json, pretty, table, csv, yaml");
}
