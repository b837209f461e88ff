//! Calls every operation that `venue list --json` names with `venue call`, at the mock venue over a
//! real socket. Also tries every fault of the mock on a read, an order and a cancel of every venue.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;
use support::{KEY, Ran, SECRET, Venue, venue, words};
use venuekit::meta::{ExampleOf, JsonSource, OperationMeta, VenueMeta};
use venuekit::wire::Json;
use venuekit_mock::{Fault, MockVenue, Refusal, Verdict};
use venuekit_test_support::{LONG, RefusingPort, json, patiently};
use venuekit_tests::examples::{ExampleCall, Values, is_over_socket};
use venuekit_venues::VENUES;

/// Returns the venues of `venue list`.
async fn venues() -> Vec<&'static VenueMeta> {
    let listed: Vec<Value> = serde_json::from_str(&words("list --json").ran().await.exits(0).stdout).unwrap();
    let listed: Vec<_> =
        listed.iter().map(|entry| venuekit_venues::venue(entry["name"].as_str().unwrap()).unwrap()).collect();
    assert_eq!(listed.len(), VENUES.len());
    listed
}

/// Returns the operations of a venue from `venue list`.
async fn operations(meta: &VenueMeta) -> Vec<Value> {
    let listed = venue(["list", meta.venue.name(), "--json"]).ran().await.exits(0).stdout;
    let listed: Vec<Value> = serde_json::from_str(&listed).unwrap();
    listed.into_iter().filter(|entry| entry["kind"] != "subscription").collect()
}

async fn mock(meta: &VenueMeta, faults: &[Fault], seed: u64) -> MockVenue {
    let mock = MockVenue::builder(meta.venue.name()).key(KEY, SECRET).faults(faults.to_vec()).seed(seed);
    mock.limits(false).start().await.unwrap()
}

/// Returns a call of a listed operation with the values of the spec's examples.
fn call(mock: &MockVenue, entry: &Value, values: Values) -> Venue {
    let meta: &'static VenueMeta = mock.meta();
    let operation: &'static OperationMeta = meta.operation(entry["id"].as_str().unwrap()).unwrap();
    let example = ExampleCall::of(operation, values);
    let listed: BTreeMap<&str, &Value> = entry["params"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| (parameter["name"].as_str().unwrap(), parameter))
        .collect();
    let mut call = venue(["call", meta.venue.name(), entry["id"].as_str().unwrap(), "--base-url", mock.url()]);
    for (parameter, value) in example.values {
        let listed = listed[parameter.name()];
        let texts = match listed["type"].as_str().unwrap() {
            "object" => vec![value.to_owned()],
            _ => json::texts(value),
        };
        let flag = listed["flag"].as_str().unwrap();
        call = call.with(texts.into_iter().map(|text| format!("{flag}={text}")));
    }
    if let Some(body) = example.body {
        assert_eq!(entry["body"], true);
        call = call.with(["--body", body]);
    }
    call.signed(meta)
}

/// Makes a call at a new mock, and repeats it if the mock shows that the request was late.
///
/// A request can miss the window of its timestamp. If no response comes, it can also miss the
/// timeout.
async fn run_at_mock(
    meta: &VenueMeta,
    faults: &[Fault],
    seed: u64,
    call: impl Fn(&MockVenue) -> Venue,
) -> (MockVenue, Ran) {
    let is = |name: &str| faults.iter().any(|fault| fault.to_string() == name);
    let (hangs, is_skewed) = (is("hang") || is("stall"), is("skew"));
    patiently(async |timeout| {
        let mock = mock(meta, faults, seed).await;
        let ran = call(&mock).within(if hangs { timeout } else { LONG }).ran().await;
        let requests = mock.requests();
        let is_stale = requests
            .iter()
            .any(|request| matches!(request.verdict, Verdict::Refused { refusal: Refusal::StaleTime, .. }));
        let is_late = (hangs && requests.is_empty()) || (is_stale && !is_skewed);
        (!is_late).then_some((mock, ran))
    })
    .await
}

/// Returns the successful responses that the spec has for an operation, decoded into their types
/// and encoded again.
fn responses(meta: &VenueMeta, id: &str) -> Vec<String> {
    // For JSON-RPC the status is the name of an example, and all examples are successes.
    let is_http = meta.operation(id).unwrap().operation.route().http().is_some();
    let is_success = |status: &str| !is_http || status.starts_with('2');
    let of = |of: ExampleOf| match of {
        ExampleOf::Response { operation, status, .. } => operation == id && is_success(status),
        _ => false,
    };
    let responses = meta.examples.iter().filter(|example| of(example.subject));
    responses
        .map(|example| json::canonical(&example.round_trip(JsonSource::Slice, example.json.as_bytes()).unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_of_every_venue_responds_as_in_its_spec() {
    let mut called = 0;
    for meta in venues().await {
        for entry in operations(meta).await {
            let id = entry["id"].as_str().unwrap();
            let all = |mock: &MockVenue| call(mock, &entry, Values::All).with(["--output", "json", "--retries", "0"]);
            let (mock, ran) = run_at_mock(meta, &[], 0, all).await;
            let context = format!("{} {id}: {}{:?}\n", meta.venue.name(), ran.stderr, mock.log().last());
            // The example of a batch has an order that is refused.
            let is_partial = ran.stderr.contains(r#""outcome":"partial""#);
            assert_eq!(ran.code, if is_partial { 8 } else { 0 }, "{context}");
            let (response, expected) = (json::canonical(&ran.stdout), responses(meta, id));
            let is_expected = expected.contains(&response) || expected.is_empty() && response == "null";
            assert!(is_expected, "{context}{response}\n{expected:#?}");
            // The login of a connection is not an operation of the client, so it is not counted.
            let requests = mock.take_requests().into_iter().filter(|request| request.operation.is_some());
            let requests: Vec<_> = requests.collect();
            let [request] = requests.try_into().unwrap_or_else(|all| panic!("{context}{all:?}"));
            assert!(request.is_accepted() && request.operation == Some(id), "{context}{request:?}");
            called += 1;
        }
    }
    let expected: usize = VENUES.iter().map(|venue| venue.operations.len()).sum();
    assert_eq!(called, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_refused_order_of_a_batch_is_on_stderr_and_in_the_exit_code() {
    let meta = venuekit_venues::venue("anboto").unwrap();
    let entries = operations(meta).await;
    let entry = entries.iter().find(|entry| entry["id"] == "createBatchOrders").unwrap();
    for (more, expected) in [
        (
            &["--output", "json"][..],
            r#""failed_elements":[{"index":1,"pointer":"/responses/1","outcome":"refused","code":"INSUFFICIENT_FUNDS","message":"margin is not sufficient"}]"#,
        ),
        (
            &[],
            "\n  element 1: refused, code INSUFFICIENT_FUNDS: margin is not sufficient\n  help: the venue stated no failure",
        ),
    ] {
        let all = |mock: &MockVenue| call(mock, entry, Values::All).with(more.iter().copied());
        let ran = run_at_mock(meta, &[], 0, all).await.1.exits(8);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
        assert!(ran.stdout.contains("rebalance-7"), "{}", ran.stdout);
    }
}

/// Returns the flags of a body's properties, with the values of this body.
fn body_flags(entry: &Value, body: &str) -> Vec<String> {
    let body: BTreeMap<String, Json> = serde_json::from_str(body).unwrap();
    let member =
        |name: &str| entry["members"].as_array().unwrap().iter().find(|member| member["name"] == name).unwrap();
    let mut flags = Vec::new();
    for (name, value) in &body {
        let texts = match member(name)["type"].as_str().unwrap() {
            "object" => vec![value.get().to_owned()],
            _ => json::texts(value.get()),
        };
        flags.extend(texts.into_iter().map(|text| format!("{}={text}", member(name)["flag"].as_str().unwrap())));
    }
    flags
}

/// A dry run shows the body. What a signature adds to it differs from run to run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flags_give_the_same_body_as_its_json() {
    let mut compared = 0;
    for meta in venues().await {
        let mock = mock(meta, &[], 0).await;
        for entry in operations(meta).await.iter().filter(|entry| entry.get("members").is_some()) {
            let id = entry["id"].as_str().unwrap();
            let operation = meta.operation(id).unwrap();
            let Some(example) = operation.body.as_ref().and_then(|body| body.example) else { continue };
            let base = || venue(["call", meta.venue.name(), id, "--base-url", mock.url(), "--dry-run", "-o", "json"]);
            let whole = base().with(["--body", example]).signed(meta).ran().await.exits(0).stdout;
            let flags = base().with(body_flags(entry, example)).signed(meta).ran().await.exits(0).stdout;
            let body = |shown: &str| -> BTreeMap<String, Json> {
                let shown: Value = serde_json::from_str(shown).unwrap();
                serde_json::from_str(shown["body"].as_str().unwrap()).unwrap()
            };
            let (whole, flags) = (body(&whole), body(&flags));
            let example: BTreeMap<String, Json> = serde_json::from_str(example).unwrap();
            for name in example.keys() {
                assert_eq!(flags.get(name).map(Json::get), whole.get(name).map(Json::get), "{id} {name}");
                compared += 1;
            }
            assert!(flags.keys().eq(whole.keys()), "{id}: {flags:?}");
        }
        assert!(mock.requests().is_empty());
    }
    assert!(compared > 20, "{compared}");
}

/// Each line of curl is run by a shell, and the mock checks the request and its signature.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[cfg(unix)]
async fn the_mock_accepts_the_request_that_curl_sends_for_every_operation() {
    if Command::new("curl").arg("--version").output().is_err() {
        support::skipped("curl is not installed");
        return;
    }
    for meta in venues().await {
        for entry in operations(meta).await {
            let id = entry["id"].as_str().unwrap();
            if is_over_socket(meta) {
                let mock = mock(meta, &[], 0).await;
                let refused = call(&mock, &entry, Values::All).with(["--curl"]).ran().await.exits(2);
                assert!(refused.stderr.contains("is called over a WebSocket"), "{}", refused.stderr);
                continue;
            }
            let (request, line) = patiently(async |_| {
                let mock = mock(meta, &[], 0).await;
                let line = call(&mock, &entry, Values::All).with(["--curl"]).ran().await.exits(0).stdout;
                assert!(!line.contains(KEY) && mock.requests().is_empty(), "{line}");
                let name = meta.venue.name().to_uppercase().replace('-', "_");
                let mut shell = Command::new("sh");
                shell.args(["-c", &line]).env(format!("{name}_KEY"), KEY);
                let output = tokio::task::spawn_blocking(move || shell.output()).await.unwrap().unwrap();
                assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
                let [request] = mock.take_requests().try_into().unwrap();
                // A busy machine may exceed the window of the timestamp.
                let is_late = matches!(request.verdict, Verdict::Refused { refusal: Refusal::StaleTime, .. });
                (!is_late).then_some((request, line))
            })
            .await;
            assert!(request.is_accepted() && request.operation == Some(id), "{line}\n{request:?}");
        }
    }
}

/// The effect of an operation on the account.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Read,
    Place,
    Cancel,
}

/// A read, an order and a cancel of each venue.
const KINDS: [(&str, [&str; 3]); 5] = [
    ("altmarket", ["getBalances", "placeOrder", "cancelOrder"]),
    ("anboto", ["getOpenOrders", "createOrder", "cancelOrder"]),
    ("btse-spot", ["getAccount", "placeOrder", "cancelOrder"]),
    ("excore", ["balance.query", "order.put_limit", "order.cancel"]),
    ("jex-spot", ["getAccount", "placeOrder", "cancelOrder"]),
];

/// Returns the expected exit codes for a fault.
fn expected(fault: &str, does: Does) -> &'static [i32] {
    match fault {
        "latency=50" | "slow=1" | "content-type" | "enum" | "spelling" | "extra" => &[0],
        "429" | "418" | "rejected" => &[1],
        "unsure" | "503" | "redirect" | "hang" | "stall" | "reset" | "reset-early" | "close" | "cut" | "huge"
        | "garbage" => {
            if does == Does::Read {
                &[5]
            } else {
                &[4]
            }
        }
        // An operation whose request has no time succeeds. A read whose time is refused may be sent
        // again with the time that the client has learnt.
        "skew" => &[0, 1],
        other => panic!("no expected exit code for the fault {other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_fault_the_exit_code_is_right_and_an_order_is_sent_at_most_once() {
    let mut venues = tokio::task::JoinSet::new();
    for (name, ids) in KINDS {
        venues.spawn(faults_of(venuekit_venues::venue(name).unwrap(), ids));
    }
    let mut findings = venues.join_all().await.concat();
    findings.sort();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Tries every fault on the operations of a venue. Returns a message for each wrong result.
async fn faults_of(meta: &'static VenueMeta, ids: [&str; 3]) -> Vec<String> {
    let listed = operations(meta).await;
    let mut findings = Vec::new();
    for info in Fault::ALL.iter().filter(|info| info.applied != "socket") {
        let name = match info.name {
            "latency" => "latency=50",
            "slow" => "slow=1",
            name => name,
        };
        let fault: Fault = name.parse().unwrap();
        for (id, does) in ids.into_iter().zip([Does::Read, Does::Place, Does::Cancel]) {
            let entry = listed.iter().find(|entry| entry["id"] == id).unwrap();
            let more = ["--output", "json", "--retries", "1", "-v", "--explain"];
            // As in every run, the output is searched for the secret.
            let call = |mock: &MockVenue| call(mock, entry, Values::Required).with(more);
            let (mock, ran) = run_at_mock(meta, std::slice::from_ref(&fault), 0, call).await;
            let error = ran.stderr.lines().find_map(|line| serde_json::from_str::<Value>(line).ok());
            let outcome = error.as_ref().map_or("done", |error| error["outcome"].as_str().unwrap());
            let placed = mock.requests().iter().filter(|request| request.is_accepted()).count();
            let mut wrong = |what: String| findings.push(format!("{} {id} {name}: {what}", meta.venue.name()));
            if mock.requests().is_empty() || mock.requests().iter().any(|request| request.faults != [name]) {
                wrong(format!("the fault was not applied to each request: {:?}", mock.requests()));
            }
            if !expected(name, does).contains(&ran.code) {
                wrong(format!("exit code {} (expected one of {:?}): {}", ran.code, expected(name, does), ran.stderr));
            }
            let matching = match ran.code {
                0 => "done",
                1 => "refused",
                _ => "unknown",
            };
            if outcome != matching {
                wrong(format!("exit code {} and outcome {outcome}", ran.code));
            }
            if (ran.code == 0) == ran.stdout.is_empty() {
                wrong(format!("exit code {} and stdout {:?}", ran.code, ran.stdout));
            }
            if does == Does::Place && (placed > 1 || mock.orders().len() > 1 || mock.requests().len() > 1) {
                wrong(format!("{placed} placed, {} sent", mock.requests().len()));
            }
        }
    }
    findings
}

/// The response to the first attempt is lost, and the second attempt finds no order. If the venue's
/// code proves that the first attempt was carried out, the outcome is `applied`. If the code only
/// means that the order does not exist, the outcome is `gone`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_that_finds_nothing_is_applied_only_if_the_code_proves_it() {
    let mut tried = Vec::new();
    for (name, ids) in KINDS {
        let meta = venuekit_venues::venue(name).unwrap();
        let id = ids[2];
        let cancel = meta.operation(id).unwrap().operation;
        let expected = match (cancel.done_codes(), cancel.gone_codes()) {
            ([], []) => continue,
            (_, []) => (0, "applied"),
            (_, _) => (6, "gone"),
        };
        let entry = operations(meta).await.into_iter().find(|entry| entry["id"] == id).unwrap();
        let mut repeated = 0;
        for seed in 0..16 {
            let more = ["--output", "json", "--retries", "1"];
            let call = |mock: &MockVenue| call(mock, &entry, Values::All).with(more);
            let (mock, ran) = run_at_mock(meta, &["reset,share=0.5".parse().unwrap()], seed, call).await;
            let struck: Vec<bool> = mock.requests().iter().map(|request| !request.faults.is_empty()).collect();
            match *struck.as_slice() {
                [false] => assert_eq!((ran.code, ran.stderr.as_str()), (0, "")),
                [true, true] => assert_eq!((ran.code, &ran.error()["outcome"]), (4, &"unknown".into()), "{ran:?}"),
                [true, false] => {
                    assert_eq!((ran.code, ran.error()["outcome"].as_str().unwrap()), expected, "{name}: {ran:?}");
                    repeated += 1;
                }
                _ => panic!("{name}: {struck:?}"),
            }
        }
        assert!(repeated > 0, "{name}");
        tried.push(expected.1);
    }
    assert!(tried.contains(&"gone"), "{tried:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_refused_for_its_time_is_not_sent_again_and_the_error_has_the_offset_of_the_clock() {
    let meta = venuekit_venues::venue("jex-spot").unwrap();
    let order = operations(meta).await.into_iter().find(|entry| entry["id"] == "placeOrder").unwrap();
    let time = ["getServerTime"];
    // The offset is so large that the duration of the test does not matter.
    for (offset, side) in [(36_000_000, "behind"), (-36_000_000, "ahead of")] {
        let mock = MockVenue::builder("jex-spot").key(KEY, SECRET).clock_offset(offset).limits(false);
        let mock = mock.start().await.unwrap();
        let asked = || -> Vec<_> { mock.take_requests().iter().filter_map(|request| request.operation).collect() };
        let call = || call(&mock, &order, Values::All).within(LONG);
        let ran = call().with(["--output", "json"]).ran().await.exits(1);
        let help = ran.error()["help"].as_str().unwrap().to_owned();
        assert!(help.starts_with("this machine's clock is 3") && help.contains(side), "{help}");
        assert!(help.contains("--sync-clock"), "{help}");
        assert_eq!(asked().iter().filter(|id| **id == "placeOrder").count(), 1);
        assert_eq!(mock.orders().len(), 0);
        // A busy machine may exceed the usual window.
        call().with(["--sync-clock", "--recv-window", "60000"]).ran().await.exits(0);
        assert_eq!(asked(), [&time[..], &["placeOrder"]].concat());
        assert_eq!(mock.orders().len(), 1);
    }
}

#[tokio::test]
async fn a_call_with_sync_clock_is_not_sent_without_the_time_of_the_venue() {
    let refusing_port = RefusingPort::new();
    let call = words("call jex-spot get-account --retries 0 --sync-clock --base-url").with([refusing_port.url()]);
    call.signed(venuekit_venues::venue("jex-spot").unwrap())
        .ran()
        .await
        .exits(3)
        .says("the venue's time could not be read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_is_refused_and_the_right_secret_is_not_shown() {
    for meta in venues().await {
        let mock = MockVenue::builder(meta.venue.name()).key(KEY, "another-secret").start().await.unwrap();
        if !mock.has_profile() {
            continue;
        }
        let entries = operations(meta).await;
        let entry = entries.iter().find(|entry| entry["security"] == "signed" && entry["method"] != "POST").unwrap();
        let more = ["--output", "json", "--explain", "--retries", "0"];
        // A connection whose login is refused sends no call.
        let code = if is_over_socket(meta) { 3 } else { 1 };
        let ran = call(&mock, entry, Values::Required).within(LONG).with(more).ran().await.exits(code);
        assert!(ran.stderr.contains("signed: "), "{}", ran.stderr);
        assert!(!ran.stderr.contains("another-secret"), "{}", ran.stderr);
    }
}

/// A running `venue mock`, which ends with its test.
struct Mocking(Child);

impl Drop for Mocking {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts `venue mock` and waits until it is ready. Returns the process, the JSON that it printed,
/// and its log.
fn mocking() -> (Mocking, Vec<Value>, ChildStderr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_venue"))
        .args(["mock", "btse-spot", "excore", "--fault", "latency=1", "--seed", "7", "--output", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let mocking = Mocking(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    (mocking, serde_json::from_str(&line).unwrap(), stderr)
}

#[test]
fn venue_mock_prints_the_urls_and_logs_each_request() {
    let (mocking, started, stderr) = mocking();
    let names: Vec<_> = started.iter().map(|venue| venue["venue"].as_str().unwrap()).collect();
    assert_eq!(names, ["btse-spot", "excore"]);
    let text = |at: usize, name: &str| started[at][name].as_str().unwrap().to_owned();
    let account = words("call btse-spot get-account").with(["--base-url", &text(0, "url")]).within(LONG);
    account.env("BTSE_SPOT_KEY", text(0, "key")).env("BTSE_SPOT_SECRET", text(0, "secret")).run().exits(0);
    let last = words("call excore market-last --market BTCBCH").with(["--base-url", &text(1, "url")]).within(LONG);
    last.env("EXCORE_KEY", text(1, "key")).env("EXCORE_SECRET", "another").run().exits(1);
    drop(mocking);
    let log: Vec<String> = BufReader::new(stderr).lines().map(Result::unwrap).collect();
    assert!(log[0].contains("getAccount: 200") && log[1].contains("the string to sign is"), "{log:?}");
}

#[test]
fn a_mock_with_invalid_arguments_is_refused() {
    words("mock btse").run().exits(2).says("'btse-spot'");
    words("mock --fault nonsense").run().exits(2).says("unknown fault `nonsense` (expected one of latency, 429, 418, ");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    words("mock --port").with([port]).run().exits(2).says("the port cannot be bound");
}
