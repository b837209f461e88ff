//! Tests completions by running the shells.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{example, file, skipped, words};
use venuekit_test_support::{LONG, ScriptedResponse, Server};

/// A shell, and a script that prints the candidates for the last word of `$LINE`.
const SHELLS: [(&str, &str); 3] = [
    (
        "bash",
        r#"source <(venue completions bash)
           COMP_LINE="$LINE"; COMP_POINT=${#LINE}
           _venue_complete venue "" ""
           printf '%s\n' "${COMPREPLY[@]}""#,
    ),
    (
        "zsh",
        r#"compdef() { }; _describe() { print -rl -- "${(@P)3}"; }
           source <(venue completions zsh)
           words=("${(@s: :)LINE}"); CURRENT=${#words}
           _clap_dynamic_completer_venue"#,
    ),
    ("fish", r#"venue completions fish | source; complete -C"$LINE""#),
];

/// Returns an empty folder for the files of a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Returns the candidates of a shell for the last word of a line; `None` if the shell is not
/// installed. `home` is the home folder.
fn candidates(shell: &str, line: &str, home: &Path, variables: &[(&str, &str)]) -> Option<Vec<String>> {
    let (_, script) = SHELLS.iter().find(|(name, _)| *name == shell).unwrap();
    let folder = Path::new(env!("CARGO_BIN_EXE_venue")).parent().unwrap();
    let output = Command::new(shell)
        .args(["-c", script])
        .env_clear()
        .env("PATH", format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()))
        .env("HOME", home)
        .env("LINE", line)
        .envs(variables.iter().copied())
        .output();
    let Ok(output) = output else {
        skipped(&format!("{shell} is not installed"));
        return None;
    };
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && stderr.is_empty(), "{shell} {line}: {stderr}");
    // zsh has `value:help`, and fish `value<tab>help`. bash adds a space after a whole candidate.
    let value = |line: &str| line.split(['\t', ':']).next().unwrap_or_default().trim_end().to_owned();
    let lines = String::from_utf8(output.stdout).unwrap();
    Some(lines.lines().map(value).filter(|value| !value.is_empty()).collect())
}

/// bash replaces only what stands behind the last `=`; other shells replace the whole word.
#[test]
fn values_behind_an_equals_sign_are_completed() {
    let home = folder("equals");
    for (shell, _) in SHELLS {
        for (line, before, expected) in [
            ("venue call jex-spot place-order --side=b", "--side=", &["BUY"][..]),
            ("venue call jex-spot place-order --side=", "--side=", &["BUY", "SELL"]),
            ("venue call jex-spot get-klines --symbol X --interval=1m", "--interval=", &["1m"]),
            ("venue call excore order-put-limit --side=b", "--side=", &["buy"]),
            ("venue call btse-spot get-markets --output=c", "--output=", &["csv"]),
            ("venue call btse-spot get-ticker --symbol=BTC-", "--symbol=", &["BTC-USD"]),
            ("venue mock btse-spot --fault cut,on=placeO", "cut,on=", &["placeOrder"]),
            ("venue mock btse-spot --fault=cut,on=placeO", "--fault=cut,on=", &["placeOrder"]),
            ("venue mock btse-spot --fault=lat", "--fault=", &["latency"]),
        ] {
            let Some(found) = candidates(shell, line, &home, &[]) else { continue };
            let before = if shell == "bash" { "" } else { before };
            let expected: Vec<String> = expected.iter().map(|value| format!("{before}{value}")).collect();
            assert_eq!(found, expected, "{shell}: {line}");
        }
    }
}

/// The list of Excore has pages, and is signed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markets_come_from_a_list_in_pages_that_needs_credentials() {
    let mock = venuekit_mock::MockVenue::start("excore").await.unwrap();
    let home = folder("markets-in-pages");
    let line = format!("venue call excore order-depth --base-url {} --market=", mock.url());
    let (key, secret) = (mock.key().to_owned(), mock.secret().to_owned());
    for (is_signed, is_asked) in [(false, false), (true, true), (true, false)] {
        let (line, home, key, secret) = (line.clone(), home.clone(), key.clone(), secret.clone());
        let found = tokio::task::spawn_blocking(move || {
            let credentials = [("EXCORE_KEY", &*key), ("EXCORE_SECRET", &*secret)];
            candidates("bash", &line, &home, if is_signed { &credentials } else { &[] })
        });
        let Some(found) = found.await.unwrap() else { return };
        assert!(found.iter().any(|market| market.contains('_') || market.contains("BTC")), "{found:?}");
        assert_eq!(!mock.take_requests().is_empty(), is_asked, "{found:?}");
    }
}

#[test]
fn each_shell_completes_commands_operations_flags_and_values() {
    let home = folder("completes");
    let config = file("completions.toml", "[profiles.paper]\n[profiles.papyrus]\n[profiles.real]\n");
    let config = [("VENUE_CONFIG", config.to_str().unwrap())];
    for (shell, _) in SHELLS {
        for (line, expected) in [
            ("venue ca", &["call"][..]),
            ("venue call btse-spot get-ti", &["get-ticker"]),
            ("venue explain excore order-put-l", &["order-put-limit", "order-put-limit-reference"]),
            ("venue call btse-spot get-order-book --limit-", &["--limit-asks", "--limit-bids"]),
            ("venue call jex-spot get-klines --symbol X --interval 1", &["1m", "15m", "1h", "12h", "1d", "1w"]),
            ("venue call jex-spot get-klines --env te", &["test"]),
            ("venue call btse-spot get-markets -o c", &["csv"]),
            ("venue --profile pap", &["paper", "papyrus"]),
            ("venue call btse-spot get-markets --profile re", &["real"]),
            ("venue call --profile re", &["real"]),
            ("venue watch --profile re", &["real"]),
            ("venue list --profile pap", &["paper", "papyrus"]),
            ("venue explain --profile re", &["real"]),
            ("venue mock --profile re", &["real"]),
            ("venue mock --fault lat", &["latency"]),
            ("venue mock --fault cut,ti", &["cut,times="]),
            ("venue completions z", &["zsh"]),
        ] {
            if let Some(found) = candidates(shell, line, &home, &config) {
                assert_eq!(found, expected, "{shell}: {line}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markets_come_from_the_list_of_the_venue_which_is_kept() {
    let home = folder("markets");
    let found = |line: String, home: &Path| candidates("bash", &line, home, &[]);
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "getMarkets"))).await;
    let url = format!("{}/spot", server.url());
    let line = format!("venue call btse-spot get-ticker --base-url {url} --symbol BTC-U");
    // A venue on this machine is asked.
    let (asked, own) = (line.clone(), home.clone());
    let first = tokio::task::spawn_blocking(move || found(asked, &own)).await.unwrap();
    let Some(first) = first else { return };
    assert!(first.iter().any(|market| market == "BTC-USD"), "{first:?}");
    assert_eq!(server.take_requests().len(), 1);
    // The list is kept.
    let (asked, own) = (line.clone(), home.clone());
    assert_eq!(tokio::task::spawn_blocking(move || found(asked, &own)).await.unwrap(), Some(first.clone()));
    assert!(server.take_requests().is_empty());
    // A call of the list keeps it too, also where a completion does not ask.
    let other = folder("markets-of-a-call");
    let call = words("call btse-spot get-markets --base-url").with([url.as_str()]).within(LONG);
    call.env("HOME", other.to_str().unwrap()).ran().await.exits(0);
    server.take_requests();
    let (asked, own) = (line, other);
    assert_eq!(tokio::task::spawn_blocking(move || found(asked, &own)).await.unwrap(), Some(first));
    assert!(server.take_requests().is_empty());
}

/// The hint comes from the list that is kept; nobody is asked for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_market_that_the_last_list_does_not_have_gets_a_hint_and_the_call_is_made() {
    let home = folder("hints");
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "getMarkets"))).await;
    let url = format!("{}/spot", server.url());
    let call =
        |line: &str| words("call btse-spot").with(line.split(' ')).with(["--base-url", url.as_str()]).within(LONG);
    let at_home = |line: &str| call(line).env("HOME", home.to_str().unwrap());
    let near = "the list of markets that btse-spot last sent does not have `BTCUSD`; nearest: BTC-USD";
    let refusal = r#"{"errorCode":-1121,"message":"no such market"}"#;
    server.respond_with(ScriptedResponse::new(400, refusal));
    let ran = at_home("get-ticker --symbol BTCUSD").ran().await.exits(1);
    assert!(!ran.stderr.contains("the list of markets"), "{}", ran.stderr);
    server.respond_with(ScriptedResponse::new(200, example("btse-spot", "getMarkets")));
    at_home("get-markets").ran().await.exits(0);
    server.take_requests();
    server.respond_with(ScriptedResponse::new(400, refusal));
    for line in ["get-ticker --symbol BTCUSD", "get-ticker --symbol BTCUSD -o json"] {
        let ran = at_home(line).ran().await.exits(1);
        assert!(ran.stderr.contains(near), "{}", ran.stderr);
        assert_eq!(server.take_requests().len(), 1);
    }
    let order = "place-order --symbol BTCUSD --side BUY --type LIMIT --price 1 --amount 1";
    let ran = at_home(order).signed(support::meta("btse-spot")).ran().await.exits(1);
    assert!(ran.stderr.contains(near), "{}", ran.stderr);
    let ran = at_home("get-ticker --symbol BTC-USD").ran().await.exits(1);
    assert!(!ran.stderr.contains("the list of markets"), "{}", ran.stderr);
    let ran = at_home("get-ticker").with(["--symbol", ""]).ran().await;
    assert!(ran.stderr.contains("`symbol` is empty: name a market, such as BTC-USD"), "{}", ran.stderr);
    // A call that succeeds has a note.
    server.respond_with(ScriptedResponse::new(200, example("btse-spot", "getTicker")));
    let ran = at_home("get-ticker --symbol BTCUSD -o json").ran().await.exits(0);
    assert_eq!((ran.stdout.lines().count(), ran.stderr.trim_end()), (1, format!("note: {near}").as_str()));
}

/// The host `0.0.0.0` counts as another machine, and the system connects to itself for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_is_not_asked_for_markets_unless_the_user_allows_it() {
    let home = folder("production");
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "getMarkets"))).await;
    let line = format!("venue call btse-spot get-ticker --base-url http://0.0.0.0:{}/spot --symbol BTC", server.port());
    for (allowed, connections) in [("0", 0), ("1", 1)] {
        let (line, own) = (line.clone(), home.clone());
        let ask = move || candidates("bash", &line, &own, &[("VENUE_COMPLETE_CALLS", allowed)]);
        let Some(found) = tokio::task::spawn_blocking(ask).await.unwrap() else { return };
        // Without the list, the candidates are the examples of the spec.
        assert!(found.iter().any(|market| market == "BTC-USD"), "{found:?}");
        assert_eq!(server.connections(), connections, "VENUE_COMPLETE_CALLS={allowed}");
        assert_eq!(home.join(".cache").exists(), connections > 0);
    }
}

#[test]
fn manual_pages_exist_for_every_command_and_groff_reads_them_without_a_warning() {
    let folder = folder("man");
    words("man --out").with([folder.to_str().unwrap()]).run().exits(0);
    let pages = ["venue.1", "venue-call.1", "venue-call-btse-spot-get-order-book.1", "venue-mock.1", "venue-man.1"];
    for page in pages {
        let text = std::fs::read_to_string(folder.join(page)).unwrap();
        assert!(text.contains(".TH"), "{page}");
    }
    assert!(words("man").run().exits(0).stdout.contains(".TH venue"));
    for page in pages {
        let Ok(output) = Command::new("groff").args(["-man", "-Tutf8", "-ww"]).arg(folder.join(page)).output() else {
            skipped("groff is not installed");
            return;
        };
        assert!(output.status.success() && output.stderr.is_empty(), "{page}: {output:?}");
    }
}
