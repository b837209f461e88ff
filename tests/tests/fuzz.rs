//! Tests responses that no venue should send. They are made from seeds, so each run has the same
//! responses.
//!
//! `VENUEKIT_FUZZ_INPUTS` sets the number of inputs of each test (1,000 if not set).
//! `VENUEKIT_FUZZ_SEED` sets the first seed. `VENUEKIT_FUZZ_SECONDS`, if set, is the duration of
//! each test; it replaces the number of inputs.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use serde_json::Value;
use serde_json::value::RawValue;
use venuekit::meta::{Example, JsonSource, OperationMeta, VenueMeta};
use venuekit::reqwest::StatusCode;
use venuekit::reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use venuekit::{Error, ErrorKind, Outcome};
use venuekit_test_support::{Script, Step, json, no_connection, reset, respond, timed_out};
use venuekit_tests::examples::{ExampleCall, Values, base_url, operations, responses, unsigned};
use venuekit_tests::mutation::{Rng, mutated};
use venuekit_tests::spellings::spellings_of;
use venuekit_venues::VENUES;

/// Makes and checks inputs until the number or the duration is reached that the variables set.
fn fuzz<I: fmt::Debug>(make: impl Fn(&mut Rng) -> I, check: impl Fn(&I)) {
    fn set<T: FromStr>(name: &str) -> Option<T> {
        std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
    }
    let first: u64 = set("VENUEKIT_FUZZ_SEED").unwrap_or(0);
    let inputs: u64 = set("VENUEKIT_FUZZ_INPUTS").unwrap_or(1_000);
    let time = set("VENUEKIT_FUZZ_SECONDS").map(Duration::from_secs_f64);
    let started = Instant::now();
    let is_done = |made| time.map_or(made >= inputs, |time| started.elapsed() >= time);
    for seed in (first..).take_while(|seed| !is_done(seed - first)) {
        let input = make(&mut Rng::new(seed));
        // The panic was printed when it happened.
        if catch_unwind(AssertUnwindSafe(|| check(&input))).is_err() {
            panic!("run again with VENUEKIT_FUZZ_SEED={seed}; the input was {input:?}");
        }
    }
}

/// Bytes whose `Debug` output is a byte string literal.
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// Returns all examples of all venues.
fn examples() -> Vec<&'static Example> {
    VENUES.iter().flat_map(|venue| venue.examples).collect()
}

/// Returns the JSON of the examples, from which damaged inputs take pieces.
fn texts() -> Vec<&'static str> {
    examples().into_iter().map(|example| example.json).collect()
}

#[test]
fn any_decoded_value_survives_encoding_and_decoding_and_nothing_panics() {
    let (examples, texts) = (examples(), texts());
    let make = |rng: &mut Rng| {
        let example = *rng.pick(&examples);
        (example, Bytes(mutated(rng, example.json, &texts)))
    };
    fuzz(make, |(example, Bytes(bytes))| {
        let [slice, reader, value] =
            [JsonSource::Slice, JsonSource::Reader, JsonSource::Value].map(|source| example.round_trip(source, bytes));
        assert_eq!(slice.as_ref().ok(), reader.as_ref().ok(), "a slice and a reader differ: {slice:?} {reader:?}");
        if let Ok(json) = &slice {
            assert_same(String::from_utf8_lossy(bytes).trim_ascii(), json);
        }
        for json in [slice, value].into_iter().flatten() {
            let again = example.round_trip(JsonSource::Slice, json.as_bytes());
            assert_eq!(again.ok().as_ref(), Some(&json), "does not decode to the same again");
        }
    });
}

/// Returns whether the specs list `came` as another spelling of the enum value `went`. Both are
/// scalars in JSON.
fn is_spelling(came: &str, went: &str) -> bool {
    static SPELLINGS: LazyLock<Vec<BTreeMap<String, BTreeSet<String>>>> =
        LazyLock::new(|| VENUES.iter().map(|venue| spellings_of(venue)).collect());
    let compact =
        |json: &str| serde_json::from_str(json).map_or_else(|_| json.to_owned(), |json: Value| json.to_string());
    let (came, went) = (compact(came), compact(went));
    // An integer is also read from its digits as text.
    let digits = came.trim_matches('"');
    SPELLINGS.iter().filter_map(|known| known.get(&went)).any(|known| known.contains(&came) || known.contains(digits))
}

/// Asserts that each value in `went` (the written JSON) has the same exact value in `came` (the
/// JSON that was read), at the same place, or is the enum value of which `came` is a spelling. A
/// missing value in `came` counts as null.
fn assert_same(came: &str, went: &str) {
    if came == went {
        return;
    }
    match went.as_bytes()[0] {
        b'{' => {
            let [came, went]: [BTreeMap<String, &RawValue>; 2] =
                [came, went].map(|json| serde_json::from_str(json).unwrap());
            for (name, value) in went {
                assert_same(came.get(&name).map_or("null", |value| value.get()), value.get());
            }
        }
        b'[' => {
            let (came, went) = (json::elements(came), json::elements(went));
            for (index, value) in went.into_iter().enumerate() {
                assert_same(came.get(index).copied().unwrap_or("null"), value);
            }
        }
        _ => {
            let ([came_text], [went_text]) = (&json::texts(came)[..], &json::texts(went)[..]) else {
                panic!("{came} became {went}");
            };
            let is_text = |json: &str| json.starts_with('"');
            let same_text = is_text(came) && is_text(went) && came_text == went_text;
            let number = exact(came_text);
            let same_number = number.is_some() && number == exact(went_text);
            assert!(same_text || same_number || is_spelling(came, went), "{came} became {went}");
        }
    }
}

/// Returns the value of a number in any notation: true if it is negative, its digits, and the power
/// of ten of the last digit. Returns `None` if the text is not a number.
fn exact(text: &str) -> Option<(bool, String, i128)> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    let power = exponent.parse::<i128>().ok()? + i128::try_from(digits.len() - significant.len()).ok()?
        - i128::try_from(fraction.len()).ok()?;
    Some((negative, significant.trim_start_matches('0').to_owned(), power))
}

/// A call and the scripted response to it.
#[derive(Debug)]
struct Play {
    venue: &'static VenueMeta,
    operation: &'static OperationMeta,
    values: Values,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Complete,
    Limit,
    Timeout,
    Cut,
    /// The connection fails, and no request is sent.
    NotSent,
    MaybeSent,
    TimedOut,
}

impl Play {
    fn make(rng: &mut Rng, stage: &[(&'static VenueMeta, &'static OperationMeta)], texts: &[&str]) -> Self {
        let (venue, operation) = *rng.pick(stage);
        let response = rng.pick(&responses(venue, operation)).json.unwrap_or("null");
        let is_rpc = operation.operation.route().rpc_method().is_some();
        let envelope = match rng.below(4) {
            _ if !is_rpc => response.to_owned(),
            0 => json::rpc_error(1, 11, "no"),
            1 => json::rpc_response(2, response),
            _ => json::rpc_response(1, response),
        };
        let body = match rng.below(6) {
            0 | 1 => envelope.into_bytes(),
            2 => mutated(rng, response, texts),
            _ => mutated(rng, &envelope, texts),
        };
        let usual =
            [200, 200, 200, 200, 200, 200, 200, 200, 201, 204, 302, 400, 401, 404, 408, 418, 429, 500, 502, 503, 504];
        let status = if rng.once_in(4) { 100 + rng.below(900) } else { *rng.pick(&usual) };
        let ends = [End::Limit, End::Timeout, End::Cut, End::NotSent, End::MaybeSent, End::TimedOut];
        Self {
            venue,
            operation,
            values: *rng.pick(&[Values::Required, Values::All]),
            status: StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap(),
            headers: headers(rng, texts),
            body: Bytes(body),
            end: if rng.once_in(4) { *rng.pick(&ends) } else { End::Complete },
        }
    }

    fn step(&self) -> Step {
        let response = respond(self.status.as_u16(), self.body.0.clone()).headers(self.headers.clone());
        match self.end {
            End::Complete => response,
            End::Limit => response.too_long(),
            End::Timeout => response.timing_out(),
            End::Cut => response.cut(),
            End::NotSent => no_connection(),
            End::MaybeSent => reset(),
            End::TimedOut => timed_out(),
        }
    }

    /// Asserts the properties of an error that hold for every response.
    fn check(&self, error: &Error) {
        let _ = (error.to_string(), format!("{error:?}"), error.source().map(ToString::to_string), error.json_path());
        let answered = !matches!(self.end, End::NotSent | End::MaybeSent | End::TimedOut);
        match self.end {
            End::NotSent => assert_eq!(error.outcome(), Outcome::NotSent),
            End::MaybeSent | End::TimedOut => assert_eq!(error.outcome(), Outcome::Unknown),
            // Only a 4xx other than 408, or a 2xx whose body reports an error, can be a refusal.
            _ => {
                let says_no = self.status.is_client_error() && self.status != StatusCode::REQUEST_TIMEOUT
                    || self.status.is_success();
                let refused = error.outcome() == Outcome::Refused;
                assert!(
                    if refused {
                        says_no && error.kind() == ErrorKind::Venue
                    } else {
                        error.outcome() == Outcome::Unknown
                    },
                    "{error:?}"
                );
            }
        }
        assert_eq!(error.body().map(|body| &body[..]), answered.then_some(&self.body.0[..]), "{error:?}");
        assert_eq!(error.status(), answered.then_some(self.status));
        assert_eq!(error.headers(), answered.then_some(&self.headers));
        assert_eq!(error.is_truncated(), answered && self.end != End::Complete);
        assert_eq!(error.attempts(), u32::from(self.end != End::NotSent));
    }
}

fn headers(rng: &mut Rng, texts: &[&str]) -> HeaderMap {
    let values = [
        "",
        "0",
        "7",
        "0.5",
        "-1",
        "1.e999",
        "5.5e400",
        "NaN",
        "99999999999",
        "99999999999999999999",
        "18446744073709551615",
        "soon",
    ];
    let dates = [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sun, 00 Nov 0000 99:99:99 GMT",
    ];
    let mut headers = HeaderMap::new();
    for name in ["retry-after", "content-type", "date", "content-length"] {
        let value = match rng.below(4) {
            0 => continue,
            1 => mutated(rng, "1700000012", texts),
            2 => rng.pick(&dates).as_bytes().to_vec(),
            _ => rng.pick(&values).as_bytes().to_vec(),
        };
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    headers
}

#[test]
fn a_call_ends_in_a_value_or_in_an_error_with_the_response_for_any_response() {
    let (stage, texts) = (operations(VENUES).collect::<Vec<_>>(), texts());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    fuzz(
        |rng| Arc::new(Play::make(rng, &stage, &texts)),
        |play| {
            let client = unsigned(play.venue)
                .base_url(base_url(play.venue, "https://venue.invalid"))
                .transport(Script::new([play.step()]));
            let arguments = ExampleCall::of(play.operation, play.values).arguments();
            let call =
                (play.venue.connect)(client.build().unwrap()).call(play.operation.operation.id(), arguments).unwrap();
            match runtime.block_on(call) {
                Ok(response) => {
                    assert!(play.status.is_success() && play.end == End::Complete);
                    assert_eq!(
                        (response.status(), response.headers(), &response.body()[..]),
                        (play.status, &play.headers, &play.body.0[..])
                    );
                }
                Err(error) => play.check(&error),
            }
        },
    );
}
