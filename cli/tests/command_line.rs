//! Tests commands that reach no venue: lists, help, completions, and refusals before anything is
//! sent.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use serde_json::Value;
use support::{KEY, SECRET, private_file, venue, words};
use venuekit_test_support::RefusingPort;
use venuekit_venues::VENUES;

/// Returns the operations of a venue from `venue list`.
fn listed(name: &str) -> Vec<Value> {
    serde_json::from_str(&venue(["list", name, "--json"]).run().exits(0).stdout).unwrap()
}

/// Returns the keys of an object, without the optional ones.
fn keys<'a>(object: &'a Value, optional: &[&str]) -> Vec<&'a str> {
    let keys = object.as_object().unwrap().keys().map(String::as_str);
    keys.filter(|key| !optional.contains(key)).collect()
}

#[test]
fn every_operation_is_listed_as_json_with_the_expected_keys() {
    for meta in VENUES {
        let entries = listed(meta.venue.name());
        let subscriptions = meta.subscriptions.iter().map(|subscription| &subscription.operation);
        let operations: Vec<_> = meta.operations.iter().chain(subscriptions).collect();
        assert_eq!(entries.len(), operations.len());
        for (entry, operation) in entries.iter().zip(operations) {
            assert_eq!(entry["id"], operation.operation.id());
            let route = match entry["kind"].as_str().unwrap() {
                "http" => vec!["method", "path"],
                "rpc" => vec!["rpc_method"],
                "subscription" => {
                    assert!(entry["example"].as_str().unwrap().starts_with("venue watch "), "{entry}");
                    vec!["rpc_method"]
                }
                other => panic!("{other}"),
            };
            let mut expected =
                ["id", "command", "kind", "security", "weight", "params", "constraints", "body", "example", "summary"]
                    .to_vec();
            expected.extend(route);
            expected.sort_unstable();
            assert_eq!(
                keys(entry, &["body_bounds", "cancels", "deprecated", "members", "statuses"]),
                expected,
                "{entry}"
            );
            assert!(["none", "key", "signed"].contains(&entry["security"].as_str().unwrap()), "{entry}");
            assert_eq!(entry["body"], operation.operation.body().is_some());
            assert_eq!(entry["constraints"].as_array().unwrap().len(), operation.operation.constraints().len());
            for parameter in entry["params"].as_array().unwrap() {
                let always =
                    keys(parameter, &["bounds", "default", "deprecated", "description", "example", "format", "values"]);
                assert_eq!(always, ["flag", "in", "name", "required", "type"]);
                assert!(["path", "query", "header", "position", "name"].contains(&parameter["in"].as_str().unwrap()));
            }
        }
    }
}

#[test]
fn lists_are_as_reviewed() {
    insta::assert_snapshot!("venues", words("list").run().exits(0).stdout);
    insta::assert_snapshot!("operations", words("list jex-spot").run().exits(0).stdout);
    insta::assert_snapshot!("venues_json", words("list --json").run().exits(0).stdout);
    let order_book = listed("btse-spot").into_iter().find(|entry| entry["id"] == "getOrderBook").unwrap();
    insta::assert_snapshot!("operation_json", serde_json::to_string_pretty(&order_book).unwrap());
    let order = listed("excore").into_iter().find(|entry| entry["id"] == "order.put_limit").unwrap();
    insta::assert_snapshot!("operation_json_with_bounds", serde_json::to_string_pretty(&order["params"]).unwrap());
}

#[test]
fn every_command_venue_and_operation_has_help_with_an_example() {
    for arguments in
        ["--help", "list --help", "call --help", "mock --help", "completions --help", "explain --help", "man --help"]
    {
        let help = words(arguments).run().exits(0).stdout;
        assert!(help.contains("Example"), "{help}");
    }
    for meta in VENUES {
        let name = meta.venue.name();
        assert!(venue(["call", name, "--help"]).run().exits(0).stdout.contains("Example:"));
        for entry in listed(name).iter().filter(|entry| entry["kind"] != "subscription") {
            let help = venue(["call", name, entry["id"].as_str().unwrap(), "--help"]).run().exits(0).stdout;
            assert!(help.contains(&format!("Example:\n  venue call {name} ")), "{help}");
            let members = entry.get("members").and_then(Value::as_array).into_iter().flatten();
            for parameter in entry["params"].as_array().unwrap().iter().chain(members) {
                assert!(help.contains(&format!("{} ", parameter["flag"].as_str().unwrap())), "{help}");
            }
        }
    }
    insta::assert_snapshot!("help", words("--help").run().exits(0).stdout);
    insta::assert_snapshot!("help_of_venue", words("call anboto --help").run().exits(0).stdout);
    insta::assert_snapshot!("help_of_operation", words("call excore order-put-limit --help").run().exits(0).stdout);
    insta::assert_snapshot!("help_with_defaults", words("call jex-spot get-klines --help").run().exits(0).stdout);
    insta::assert_snapshot!("help_of_body", words("call btse-spot place-order --help").run().exits(0).stdout);
}

#[test]
fn help_has_the_constraints_and_an_example_that_keeps_them() {
    let help = |line: &str| words(&format!("call {line} --help")).run().exits(0).stdout;
    let order = help("anboto get-order");
    let constraints =
        "Constraints, checked before sending:\n  exactly one of `orderId` and `clientOrderId` has to be given\n";
    assert!(order.contains(constraints), "{order}");
    assert!(order.contains("Example:\n  venue call anboto get-order --order-id 912345\n"), "{order}");
    let cancel = help("anboto cancel-many");
    let constraint = "\n  at /orders/*: at least one of `orderId` and `clientOrderId` has to be given (a request that \
                      breaks this may do more than intended). The document";
    assert!(cancel.contains(constraint), "{cancel}");
    let not_empty = "\n  `orders` has to be given and cannot be empty (a request that breaks \
                     this may do more than intended). The document";
    assert!(cancel.contains(not_empty), "{cancel}");
    let fills = help("btse-spot get-fills");
    assert!(
        fills.contains("Constraints that the venue's document does not state, not checked:\n  exactly one of"),
        "{fills}"
    );
}

#[test]
fn a_call_that_breaks_a_constraint_is_not_sent() {
    let away = ["--base-url", "http://127.0.0.1:1/"];
    let call = words("call anboto get-order").env("ANBOTO_KEY", "key").env("ANBOTO_SECRET", "secret").with(away);
    call.run().exits(3).says("exactly one of `orderId` and `clientOrderId` has to be given; none of them is given");
}

#[test]
fn each_shell_has_a_script_of_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = venue(["completions", shell]).run().exits(0).stdout;
        assert!(script.contains("VENUE_COMPLETE") && script.contains("venue"), "{shell}: {script}");
    }
    words("completions basch").run().exits(2).says("'bash'");
}

#[test]
fn a_mistyped_name_is_an_error_that_suggests_the_nearest() {
    for (line, nearest) in [
        ("cal", "'call'"),
        ("list btse-spt", "'btse-spot'"),
        ("call btse-spt get-markets", "'btse-spot'"),
        ("call btse-spot get-orderbook", "'get-order-book'"),
        ("call excore order-putlimit", "'order-put-limit'"),
        ("call btse-spot get-order-book --limit-ask 5", "'--limit-asks'"),
        ("call jex-spot get-klines --symbol X --interval 1mm", "'1m'"),
        ("list --jsn", "'--json'"),
        ("call jex-spot test-order --symbol X --side buy --type LIMIT --quantity 1 --price 1", "exists: 'BUY'"),
        ("btse-spot get-ticker", "to call an operation of btse-spot, use 'venue call btse-spot ..'"),
        ("call btse-spot place-order --symbl X", "'--symbol'"),
        ("--yes btse-spot get-ticker", "use 'venue call btse-spot ..'"),
        ("call btse-spot get-markets --timeout 5s X", "'venue call btse-spot get-markets --help' lists the flags"),
        ("call btse-spot get-ticker --symbol BTC-USD 5", "'venue call btse-spot get-ticker --help' lists the flags"),
        (
            "call btse-spot get-fills --body fills.json",
            "(help: give --body @fills.json to send what the file contains)",
        ),
    ] {
        words(line).run().exits(2).says(nearest);
    }
}

#[test]
fn unusable_arguments_are_refused_with_a_reason() {
    for (line, reason) in [
        ("call btse-spot get-ticker", "--symbol <TEXT>"),
        (
            "call btse-spot get-order-book --symbol X --limit-asks five",
            "expected an integer without leading zeros, such as 5",
        ),
        (
            "call btse-spot get-order-book --symbol X --limit-asks 5.5",
            "expected an integer without leading zeros, such as 5",
        ),
        ("call btse-spot get-order-book --symbol X --limit-asks 99999999999", "`limit_asks`"),
        (
            "call jex-spot test-order --symbol X --side BUY --type LIMIT --quantity 1,5 --price 1",
            "expected a number, such as 0.5",
        ),
        ("call jex-spot test-order --symbol X --side BUYY --type LIMIT --quantity 1 --price 1", "'BUY'"),
        ("call jex-spot get-depth --symbol X --limit 7", "possible values: 5, 10"),
        ("call excore balance-update --change 1_0", "expected a decimal number, such as 0.5"),
        ("call excore balance-update --detail [1]", "expected an object"),
        ("call excore balance-update --detail {", "not JSON"),
        ("call altmarket get-order-history --is-hide-canceled maybe", "possible values: true, false"),
        ("call btse-spot get-fills --body {", "--body is not JSON"),
        ("call btse-spot get-fills --body @no/such/file", "no/such/file cannot be read"),
        ("call btse-spot get-fills", "--body <JSON|@FILE|->"),
        ("call btse-spot place-order --body {}", "missing field"),
        ("call btse-spot place-order", "--side <TEXT>\n  --symbol <TEXT>\n  --type <TEXT>"),
        ("call btse-spot place-order --body {} --side BUY", "cannot be used with"),
        ("call btse-spot place-order --symbol X --side BUY --type LIMIT --price 1,5", "expected a number, such as 0.5"),
        ("call btse-spot get-markets --dry-run --raw=1", "--raw"),
        ("call jex-spot get-account --sync-clock --dry-run", "--dry-run and --curl send nothing"),
        ("call btse-spot get-markets --body {}", "unexpected argument '--body'"),
        ("call btse-spot get-markets --key k", "unexpected argument '--key'"),
        ("call btse-spot get-markets --env moon", "possible values: production, test"),
        ("call btse-spot get-markets --timeout 0", "expected a duration above 0, such as 2s, 500ms or 1m"),
        ("call btse-spot get-account --recv-window 5000", "requests to btse-spot have no receive window"),
        ("call jex-spot get-depth --symbol X --recv-window 5000", "jex-spot get-depth is not signed"),
        ("call jex-spot get-account --recv-window 60001", "60001 is too long for jex-spot (expected at most 60000)"),
        ("call jex-spot get-account --recv-window 5s", "expected a number of milliseconds, such as 5000"),
        ("call jex-spot get-account --recv-window 0", "expected a number of milliseconds"),
        ("call excore market-last --market X --sync-clock", "excore has no operation that returns its time"),
        ("call jex-spot get-depth --symbol X --sync-clock", "jex-spot get-depth is not signed"),
        ("call btse-spot get-markets --retries often", "'--retries <N>'"),
        ("call btse-spot get-markets --base-url nowhere", "the client cannot be built"),
        ("call excore asset-list --offset 0 --limit 1", "--base-url"),
        ("call excore asset-list --offset 0 --limit 1 --base-url https://a.test", "give https://a.test/v3sign/"),
        ("call altmarket list-assets --env test", "no public test host"),
    ] {
        words(line).run().exits(2).says(reason);
    }
}

#[test]
fn help_states_the_unit_and_the_zone_of_times() {
    let help = words("call jex-spot get-klines --help").run().exits(0).stdout;
    assert_eq!(help.matches("Unix time in ms (UTC).").count(), 2, "{help}");
}

#[test]
fn a_missing_command_prints_help_and_is_a_usage_error() {
    for line in ["", "call", "call btse-spot"] {
        words(line).run().exits(2).says("Usage: venue");
    }
}

#[test]
fn only_calls_have_the_options_of_calls() {
    for command in ["list", "mock", "completions", "man", "explain"] {
        let help = words(command).with(["--help"]).run().exits(0).stdout;
        for option in ["--base-url", "--env", "--timeout", "--retries", "--yes", "--raw", "--verbose"] {
            // A recorder has a URL of its own.
            let is_own = command == "mock" && option == "--base-url";
            assert!(is_own || !help.contains(option), "{command}: {help}");
        }
        words(command).with(["--timeout", "5"]).run().exits(2).says("unexpected argument '--timeout'");
    }
    words("--timeout 5 list").run().exits(2).says("--timeout has no effect, because `venue list` makes no call");
    for line in ["call --help", "call btse-spot --help", "call btse-spot get-markets --help"] {
        let help = words(line).run().exits(0).stdout;
        assert_eq!(help.matches("--timeout <TIME>").count(), 1, "{help}");
    }
    let json = words("list -o json").run().exits(0).stdout;
    assert_eq!(words("--output json list").run().exits(0).stdout, json);
    let pretty = words("list --json").run().exits(0).stdout;
    assert_eq!(words("-o pretty list").run().exits(0).stdout, pretty);
    assert_eq!(words("list -o table").run().exits(0).stdout, words("list").run().exits(0).stdout);
}

#[test]
fn usage_errors_are_json_if_json_is_the_output_format() {
    for (line, message) in [
        ("call btse-spot get-orderbook --output json", "get-order-book"),
        ("call btse-spot get-orderbook --output=json", "get-order-book"),
        ("call btse-spot get-orderbook -o json", "get-order-book"),
        ("call btse-spot get-orderbook -ojson", "get-order-book"),
        ("--output json call btse-spot get-fills --body {", "--body is not JSON"),
    ] {
        let error = words(line).run().exits(2).says("").error();
        assert_eq!((&error["outcome"], &error["kind"]), (&"not_sent".into(), &"usage".into()), "{error}");
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    }
}

#[test]
fn an_operation_without_its_credentials_names_them() {
    let line = "call btse-spot get-account";
    let ran = words(line).run().exits(3).says("BTSE_SPOT_KEY and BTSE_SPOT_SECRET");
    assert!(ran.stderr.contains("outcome: not sent"), "{}", ran.stderr);
    let error = words(line).with(["--output", "json"]).run().exits(3).says("").error();
    assert_eq!((&error["outcome"], &error["kind"]), (&"not_sent".into(), &"credentials".into()));
    assert!(error["help"].as_str().unwrap().contains("BTSE_SPOT_SECRET"), "{error}");
}

#[test]
fn credentials_that_do_not_fit_together_are_refused_without_being_shown() {
    let secret_file = private_file("secret", SECRET).display().to_string();
    let pem = private_file("secret.pem", SECRET).display().to_string();
    for (variables, reason) in [
        (vec![("BTSE_SPOT_KEY", KEY)], "BTSE_SPOT_KEY is set without a secret"),
        (vec![("BTSE_SPOT_SECRET", SECRET)], "a secret or private key is set, but BTSE_SPOT_KEY is not"),
        (vec![("BTSE_SPOT_KEY", KEY), ("BTSE_SPOT_SECRET", "")], "without a secret"),
        (
            vec![("BTSE_SPOT_KEY", KEY), ("BTSE_SPOT_SECRET", SECRET), ("BTSE_SPOT_SECRET_FILE", &secret_file)],
            "both BTSE_SPOT_SECRET and BTSE_SPOT_SECRET_FILE",
        ),
        (vec![("BTSE_SPOT_KEY", KEY), ("BTSE_SPOT_SECRET_FILE", "no/such/file")], "no/such/file"),
        (vec![("BTSE_SPOT_KEY", KEY), ("BTSE_SPOT_PRIVATE_KEY_FILE", &pem)], "does not use private keys"),
        (vec![("BTSE_SPOT_KEY", "k\u{e9}y"), ("BTSE_SPOT_SECRET", SECRET)], "cannot be used"),
        (vec![("BTSE_SPOT_KEY", KEY), ("BTSE_SPOT_SECRET", &format!(" {SECRET}"))], "cannot be used"),
    ] {
        for form in [vec![], vec!["-v", "--explain"], vec!["--output", "json"]] {
            let mut call = words("call btse-spot get-account").with(form);
            for (name, value) in &variables {
                call = call.env(name, *value);
            }
            call.run().exits(3).says(reason);
        }
    }
    for (variables, reason) in [
        (vec![("ANBOTO_KEY", KEY), ("ANBOTO_PRIVATE_KEY_FILE", &*pem)], "cannot be used"),
        (
            vec![("ANBOTO_KEY", KEY), ("ANBOTO_SECRET", SECRET), ("ANBOTO_PRIVATE_KEY_FILE", &pem)],
            "both ANBOTO_SECRET and ANBOTO_PRIVATE_KEY_FILE",
        ),
    ] {
        let call = words("call anboto get-open-orders");
        variables.into_iter().fold(call, |call, (name, value)| call.env(name, value)).run().exits(3).says(reason);
    }
}

/// Returns a URL that counts as another machine, because its host is neither `localhost` nor a
/// loopback address. No request leaves this machine: for this host the system connects to itself,
/// and no server listens on the port.
fn away(refusing_port: &RefusingPort, base_path: &str) -> String {
    format!("https://0.0.0.0:{}{base_path}", refusing_port.port())
}

#[test]
fn an_order_on_production_needs_the_yes_flag_without_a_terminal() {
    let order = r#"{"symbol":"BTC-USD","side":"buy","type":"limit","price":1,"amount":1}"#;
    let place = || {
        let call = venue(["call", "btse-spot", "place-order", "--body", order]);
        call.env("BTSE_SPOT_KEY", KEY).env("BTSE_SPOT_SECRET", SECRET)
    };
    let refusing_port = RefusingPort::new();
    let away = away(&refusing_port, "/spot");
    let away = ["--base-url", &away, "--retries", "0"];
    place().run().exits(2).says("(help: add --yes");
    place().with(away).run().exits(2).says("(help: add --yes");
    place().with(away).with(["--yes"]).run().exits(3).says("outcome: not sent");
    // The environment does not describe a given URL, so `--env` is not suggested.
    let ran = place().with(away).with(["--env", "test"]).run().exits(2).says(&format!("{} (help: add --yes", away[1]));
    assert!(!ran.stderr.contains("--env"), "{}", ran.stderr);
    place().run().exits(2).says("or --env test");
    // AltMarket has no test host.
    let withdraw = r#"{"assetId":"btc","amount":1,"address":"a","transferId":"t"}"#;
    let withdraw = venue(["call", "altmarket", "withdraw", "--body", withdraw]);
    let ran =
        withdraw.env("ALTMARKET_KEY", KEY).env("ALTMARKET_SECRET", SECRET).run().exits(2).says("(help: add --yes");
    assert!(!ran.stderr.contains("--env"), "{}", ran.stderr);
    // The live service of Anboto is another one than the client's, so a cancel is asked about too.
    for cancel in [r#"cancel-order {"orderId":1}"#, r#"cancel-many {"orders":[{"orderId":1}]}"#] {
        let (name, body) = cancel.split_once(' ').unwrap();
        let cancel =
            venue(["call", "anboto", name, "--body", body]).env("ANBOTO_KEY", KEY).env("ANBOTO_SECRET", SECRET);
        let ran = cancel.run().exits(2).says("(help: add --yes");
        assert!(ran.stderr.contains("(draft of January 2024, not the live service)"), "{}", ran.stderr);
    }
    let here = ["--base-url", &format!("{}/spot", refusing_port.url()), "--retries", "0"];
    place().with(here).run().exits(3).says("no connection");
    let read = words("call btse-spot get-account").with(away);
    read.env("BTSE_SPOT_KEY", KEY).env("BTSE_SPOT_SECRET", SECRET).run().exits(3).says("outcome: not sent");
}

#[test]
fn operations_that_move_funds_and_cancels_without_an_id_need_confirmation() {
    let refusing_port = RefusingPort::new();
    let call = |line: &str, more: &[&str]| {
        let away = away(&refusing_port, if line.starts_with("excore") { "/v3sign/" } else { "/spot" });
        let call = words("call").with(line.split_whitespace());
        let call = call.with(["--base-url", &away, "--retries", "0", "--env", "test"]);
        let call = call.with(more.iter().copied());
        let call = call.env("EXCORE_KEY", KEY).env("EXCORE_SECRET", SECRET);
        call.env("BTSE_SPOT_KEY", KEY).env("BTSE_SPOT_SECRET", SECRET).run()
    };
    let credit = "excore balance-update --user-id 1 --asset BTC --business x --business-id 1 --change 1 --detail {}";
    call(credit, &[]).exits(2).says("excore balance-update needs confirmation");
    call(credit, &["--yes"]).exits(3);
    call("btse-spot cancel-all-orders", &["--body", r#"{"symbol":"BTC-USD"}"#])
        .exits(2)
        .says("btse-spot cancel-all-orders needs confirmation");
    call("btse-spot cancel-order", &["--yes", "--body", r#"{"symbol":"BTC-USD"}"#]).exits(2).says("order_id");
    for (id, code) in [
        ("", 2),
        (r#","order_id":"""#, 2),
        (r#","order_id":null"#, 2),
        (r#","\u006frder_id":"a""#, 3),
        (r#","order_id":"5e1f2d1c""#, 3),
    ] {
        let body = format!(r#"{{"symbol":"BTC-USD"{id}}}"#);
        call("btse-spot cancel-order", &["--body", &body]).exits(code);
    }
}

#[test]
fn help_explains_every_fault() {
    let help = words("mock --help").run().exits(0).stdout;
    for info in venuekit_mock::Fault::ALL {
        let is_explained = |line: &str| {
            let mut parts = line.trim().splitn(2, ' ');
            parts.next() == Some(info.name)
                && parts.next().is_some_and(|rest| rest.contains(&info.effect.replace('`', "")))
        };
        assert!(help.lines().any(is_explained), "{info:?}: {help}");
    }
    insta::assert_snapshot!("help_of_mock", help);
}

/// The program `script` of util-linux gives the command its own terminal.
#[test]
#[cfg(target_os = "linux")]
fn on_a_terminal_the_command_asks_and_continues_only_after_yes() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let refusing_port = RefusingPort::new();
    let away = away(&refusing_port, "/v3sign/");
    let line = format!(
        "{} call excore order-cancel-all --user-id 1 --market BTC_USDT --base-url {away} --retries 0",
        env!("CARGO_BIN_EXE_venue")
    );
    for (typed, expected) in [("n\n", "you did not answer yes"), ("yes\n", "outcome: not sent")] {
        let mut child = Command::new("script")
            .args(["-q", "-e", "-c", &line, "/dev/null"])
            .env("EXCORE_KEY", KEY)
            .env("EXCORE_SECRET", SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(&format!("(excore order-cancel-all) at {}", away.trim_end_matches('/'))), "{said}");
        assert!(said.contains("user_id: 1") && said.contains("[y/N]") && said.contains(expected), "{said}");
        // The request is shown as it is sent, without key and signature.
        assert!(said.contains("Sent, beside key and signature:") && said.contains(&format!("  POST {away}")), "{said}");
        assert!(said.contains(r#""method":"order.cancel","params":[1,"BTC_USDT"]"#), "{said}");
        assert!(!said.contains(SECRET) && !said.contains(KEY) && !said.contains("  sign:"), "{said}");
        assert_eq!(output.status.code(), Some(3), "{said}");
    }
}

#[test]
fn an_unknown_word_names_the_command_that_does_it() {
    for (line, tip) in [
        (
            "watch jex-spot depth",
            "jex-spot has no WebSocket; to repeat a read, use 'venue call jex-spot get-depth --watch 2s'",
        ),
        ("watch jex-spot", "use 'venue call jex-spot OPERATION .. --watch 2s'"),
        ("call excore-ws depth-subscribe", "depth-subscribe is a subscription; use 'venue watch excore-ws depth'"),
        ("call excore-ws depth.subscribe", "use 'venue watch excore-ws depth'"),
        ("call btse-spot place-order --qty 1", "a flag of the same meaning exists: '--amount'"),
        ("call jex-spot place-order --size=1", "a flag of the same meaning exists: '--quantity'"),
        ("call btse-spot get-ticker BTC-USD", "a value stands behind its flag: '--symbol BTC-USD'"),
        ("watch excore-ws price BTC_USDT", "a value stands behind its flag: '--markets BTC_USDT'"),
        ("call btse-spot get-markets BTC-USD", "'venue call btse-spot get-markets --help' lists the flags"),
        ("call jex-spot xyzzy", "'venue list jex-spot' lists the operations of jex-spot"),
    ] {
        words(line).run().exits(2).says(tip);
    }
    words("call btse-spot get-orderbook").run().exits(2).says("'get-order-book'");
    let misled = words("call btse-spot get-markets --qty 1").run().exits(2);
    assert!(!misled.stderr.contains("similar argument"), "{}", misled.stderr);
    let several = words("watch excore-ws price --markets BTC_USDT,LTC_USDT").run().exits(2);
    several.says("repeat the flag for several: --markets BTC_USDT --markets LTC_USDT");
    let help = words("watch --help").run().exits(0).stdout;
    for refused in ["--dry-run", "--curl", "--raw", "--explain", "--columns", "--width", "--local-time"] {
        assert!(!help.lines().any(|line| line.trim_start().starts_with(refused)), "{refused}: {help}");
    }
    assert!(help.contains("--stale-after"), "{help}");
    let list = words("list excore-ws").run().exits(0).stdout;
    assert!(list.contains("\nwatch depth "), "{list}");
}

#[test]
fn a_date_in_place_of_a_unix_time_gets_its_number() {
    for (text, expected) in [
        ("2026-01-01", "expected a Unix time in ms, such as 1767225600000 for 2026-01-01 (UTC)"),
        ("2026-01-01T00:00:01Z", "such as 1767225601000 for 2026-01-01T00:00:01Z (UTC)"),
        ("now", "such as 1767225600000 for 2026-01-01 (UTC)"),
    ] {
        let call = words("call jex-spot get-klines --symbol JEXBTC --interval 1m --start-time").with([text]);
        call.run().exits(2).says(expected);
    }
}

#[test]
fn a_fault_is_aimed_by_the_name_of_the_command_too_and_a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    // The fault is accepted, so the port is what fails.
    let ran = words("mock btse-spot --fault cut,on=place-order,times=1 --port").with([&*port]).run().exits(2);
    assert!(ran.stderr.contains(&format!("(port {port}; help: `--port 0` takes a free one)")), "{}", ran.stderr);
    words("mock btse-spot --fault cut,on=place-orders --port")
        .with([&*port])
        .run()
        .exits(2)
        .says("unknown operation `place-orders`");
}

#[test]
fn the_help_of_an_error_names_flags_and_no_settings_of_the_library() {
    let bounds = words("call jex-spot get-recent-trades --symbol JEXBTC --limit 61 --check-bounds");
    bounds.run().exits(3).says("help: change it, or leave --check-bounds out");
    let host = words("call altmarket list-assets --env test");
    let host = host.env("ALTMARKET_KEY", KEY).env("ALTMARKET_SECRET", SECRET);
    host.run().exits(2).says("give its URL by --base-url");
}
