//! How an invocation fails: exit codes, and what is said on stderr.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind as UsageKind;
use serde::Serialize;
use venuekit::operation::{Idempotent, Method, Operation, Route, Venue};
use venuekit::wire::Json;
use venuekit::{ClockOffset, Error, ErrorKind, Outcome};

use crate::output;

/// How it ended: the exit code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Exit {
    /// It is done.
    Done = 0,
    /// The venue said no.
    Refused = 1,
    /// The command line, or what it names, cannot be used.
    Usage = 2,
    /// The request did not leave.
    NotSent = 3,
    /// It may have been carried out.
    Unknown = 4,
    /// A reply came that could not be read.
    Unreadable = 5,
    /// There is nothing to cancel, and nobody knows why.
    Gone = 6,
    /// It is done, but stdout does not take the reply.
    Unwritten = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why it failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// clap refused the command line, or was asked for help.
    CommandLine(clap::Error),
    /// A value cannot be used.
    Usage(String),
    /// The credentials cannot be used.
    Credentials {
        /// Why.
        message: String,
        /// What to do about it.
        hint: String,
    },
    /// The user said no, or this machine did.
    NotSent(String),
    /// The call failed.
    Call {
        /// Of which venue.
        venue: &'static str,
        /// How.
        error: Box<Error>,
        /// What was asked of the venue, where that has to be looked up now: JSON.
        request: Option<Json>,
        /// The beginning of the answer's body, where the venue's own message is not known.
        body: Option<String>,
        /// What to do about it.
        hint: Option<String>,
    },
    /// The call is done, and stdout does not take its reply.
    Unwritten {
        /// Of which venue.
        venue: &'static str,
        /// What was called.
        operation: &'static Operation,
        /// The reply.
        reply: Json,
        /// Why not.
        error: io::Error,
    },
    /// What stdout is connected to failed.
    Output(io::Error),
}

/// What is said about a failure, as JSON.
#[derive(Debug, Default, Serialize)]
struct Report {
    outcome: &'static str,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    venue: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl Failure {
    /// Says it on stderr (help on stdout).
    pub(crate) fn report(self, as_json: bool) -> Exit {
        let exit = self.exit();
        if let Self::CommandLine(error) = &self
            && (exit == Exit::Done || !as_json)
        {
            // clap knows where help goes, and where errors.
            let _ = error.print();
            return exit;
        }
        let text = if as_json {
            serde_json::to_string(&self.to_report()).unwrap_or_default()
        } else {
            output::harmless(self.to_text().trim_end())
        };
        // Without a stderr there is nobody to tell.
        let _ = writeln!(io::stderr(), "{text}");
        exit
    }

    fn exit(&self) -> Exit {
        match self {
            Self::CommandLine(error) => match error.kind() {
                UsageKind::DisplayHelp | UsageKind::DisplayVersion => Exit::Done,
                _ => Exit::Usage,
            },
            Self::Usage(_) => Exit::Usage,
            Self::Credentials { .. } | Self::NotSent(_) => Exit::NotSent,
            Self::Call { error, .. } => of_call(error),
            Self::Unwritten { .. } | Self::Output(_) => Exit::Unwritten,
        }
    }

    fn to_report(&self) -> Report {
        let usage =
            |message: String| Report { outcome: "not_sent", kind: "usage".into(), message, ..Report::default() };
        match self {
            Self::CommandLine(error) => {
                let text = error.render().to_string();
                usage(text.trim().trim_start_matches("error: ").to_owned())
            }
            Self::Usage(message) => usage(message.clone()),
            Self::Credentials { message, hint } => Report {
                outcome: "not_sent",
                kind: "credentials".into(),
                message: message.clone(),
                hint: Some(hint.clone()),
                ..Report::default()
            },
            Self::NotSent(message) => {
                Report { outcome: "not_sent", kind: "local".into(), message: message.clone(), ..Report::default() }
            }
            Self::Output(error) => {
                Report { outcome: "not_sent", kind: "output".into(), message: error.to_string(), ..Report::default() }
            }
            Self::Unwritten { venue, operation, reply, error } => Report {
                outcome: "applied",
                kind: "output".into(),
                venue: Some(venue),
                operation: Some(operation.id()),
                message: error.to_string(),
                reply: Some(reply.clone()),
                hint: Some(unwritten_hint(operation).to_owned()),
                ..Report::default()
            },
            Self::Call { venue, error, request, body, hint } => {
                let stated = error.api_error().and_then(|venue| venue.message());
                Report {
                    outcome: outcome(error.outcome()),
                    kind: kind(error.kind()),
                    venue: Some(venue),
                    operation: error.operation().map(Operation::id),
                    status: error.status().map(|status| status.as_u16()),
                    code: error.api_error().and_then(|venue| venue.code()).map(str::to_owned),
                    message: stated.map_or_else(|| error.to_string(), str::to_owned),
                    json_path: error.json_path().map(str::to_owned),
                    request: request.clone(),
                    body: body.clone(),
                    reply: None,
                    retry_after: error.retry_after().map(|wait| wait.as_secs_f64()),
                    attempts: Some(error.attempts()),
                    hint: hint.clone(),
                }
            }
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::CommandLine(error) => error.render().to_string(),
            Self::Usage(message) => format!("error: {message}"),
            Self::Credentials { message, hint } => with_hint(format!("error: {message}"), Some(hint)),
            Self::NotSent(message) => format!("error: {message}"),
            Self::Output(error) => format!("error: standard output cannot be written: {error}"),
            Self::Unwritten { venue, operation, reply, error } => {
                let id = operation.id();
                let text = format!("error: {venue} {id}: the reply cannot be written to standard output: {error}");
                with_hint(format!("{text}\n  outcome: applied\n  reply: {reply}"), Some(unwritten_hint(operation)))
            }
            Self::Call { error, request, body, hint, .. } => {
                let mut text = format!("error: {error}\n  outcome: {}", outcome(error.outcome()).replace('_', " "));
                if let Some(request) = request {
                    text.push_str(&format!("\n  request: {request}"));
                }
                if let Some(wait) = error.retry_after() {
                    text.push_str(&format!("\n  retry after: {} s", wait.as_secs_f64()));
                }
                if let Some(body) = body {
                    text.push_str(&format!("\n  body: {body}"));
                }
                with_hint(text, hint.as_deref())
            }
        }
    }
}

fn with_hint(text: String, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("{text}\n  hint: {hint}"),
        None => text,
    }
}

/// Whether an operation may change something: all but GET; of JSON-RPC all that must not be sent twice, or say when they were.
pub(crate) fn changes(operation: &Operation) -> bool {
    match operation.route() {
        Route::Http { method, .. } => method != Method::Get,
        Route::Rpc { .. } => {
            operation.idempotent() != Idempotent::Always
                || !operation.done_codes().is_empty()
                || !operation.gone_codes().is_empty()
        }
    }
}

fn of_call(error: &Error) -> Exit {
    let changes = error.operation().is_some_and(changes);
    match (error.outcome(), error.kind()) {
        (Outcome::Applied, _) => Exit::Done,
        (Outcome::Gone, _) => Exit::Gone,
        (Outcome::Refused, _) => Exit::Refused,
        (Outcome::NotSent, ErrorKind::Settings) => Exit::Usage,
        (Outcome::NotSent, _) => Exit::NotSent,
        (_, ErrorKind::Decode | ErrorKind::Cut | ErrorKind::TooLarge) if !changes => Exit::Unreadable,
        _ => Exit::Unknown,
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "not_sent",
        Outcome::Refused => "refused",
        Outcome::Applied => "applied",
        Outcome::Gone => "gone",
        _ => "unknown",
    }
}

/// `too_large` for `TooLarge`.
fn kind(kind: ErrorKind) -> String {
    heck::ToSnakeCase::to_snake_case(format!("{kind:?}").as_str())
}

/// What to do about a request whose time the venue refused; `offset`: how far the venue's clock is ahead of this machine's, where that
/// is known.
pub(crate) fn clock_hint(offset: Option<ClockOffset>, venue: &Venue) -> String {
    /// What a request takes to arrive is no fault of the clock.
    const NEAR: Duration = Duration::from_millis(500);
    let again = "call again with --sync-clock, or set the clock";
    let Some(offset) = offset else { return "see whether this machine's clock is right".to_owned() };
    if offset.abs() > NEAR {
        let apart = format!("{:.1} s", offset.abs().as_secs_f64());
        let side = if offset.as_micros() > 0 { "behind" } else { "ahead of" };
        let again = if venue.server_time().is_some() { again } else { "set the clock" };
        format!("this machine's clock is {apart} {side} the venue's: {again}")
    } else if venue.recv_window().is_some() {
        "this machine's clock agrees with the venue's to half a second: give the request more time with --recv-window"
            .to_owned()
    } else {
        "this machine's clock agrees with the venue's to half a second: the request took too long to arrive".to_owned()
    }
}

/// What to do about a reply that stdout did not take.
fn unwritten_hint(operation: &Operation) -> &'static str {
    if changes(operation) {
        "it was carried out, and this is the reply: do not call again"
    } else {
        "nothing was changed by it: call again once standard output can be written"
    }
}

/// Whether somebody has to look up what became of a call.
pub(crate) fn is_to_be_looked_up(error: &Error) -> bool {
    matches!(error.outcome(), Outcome::Unknown | Outcome::Gone) && error.operation().is_some_and(changes)
}

/// What to do about a call that failed; `credentials`: where they would come from, where there are none.
pub(crate) fn hint(error: &Error, credentials: Option<&str>, explained: bool) -> Option<String> {
    let changes = error.operation().is_some_and(changes);
    let status = error.status().map(|status| status.as_u16());
    let text = match (error.outcome(), error.kind()) {
        (_, ErrorKind::Credentials) => credentials.unwrap_or("give --base-url with https"),
        (Outcome::NotSent, ErrorKind::Settings) => {
            "give the venue's URL with --base-url, or choose its host with --env"
        }
        (Outcome::NotSent, ErrorKind::Connect) => "see whether the host can be reached; nothing was sent",
        (Outcome::NotSent, ErrorKind::Throttled) => "wait, or give it more time with --timeout",
        (Outcome::NotSent, ErrorKind::Aborted) => "nothing was sent",
        (Outcome::Applied, _) => "an earlier attempt of this call was carried out",
        (Outcome::Gone, _) => {
            "the order is not there any more, and the venue does not say why: an earlier attempt cancelled it, or it was \
             filled, or it was never placed; look it up (open orders, fills, history) before you act on it"
        }
        (Outcome::Unknown, _) if changes => {
            "it may have been carried out: ask the venue (open orders, balances, history) before you call again"
        }
        (Outcome::Unknown, ErrorKind::Decode | ErrorKind::Cut | ErrorKind::TooLarge) => {
            "--raw shows what the venue answered"
        }
        (Outcome::Unknown, ErrorKind::Timeout) => "give it more time with --timeout",
        (Outcome::Unknown, _) if status.is_some_and(|status| (300..400).contains(&status)) => {
            "redirects are not followed: see whether --base-url is right"
        }
        (Outcome::Unknown, _) => "nothing was changed by it: call again",
        (Outcome::Refused, _) if error.is_rate_limit_refusal() => "wait before you call again",
        (Outcome::Refused, _) if matches!(status, Some(401 | 403)) && !explained => {
            "see whether key, secret and --env belong together; --explain shows the string that was signed"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// The beginning of an answer's body, for an error of which the venue's own message is not known.
pub(crate) fn body(error: &Error) -> Option<String> {
    let is_stated = error.api_error().is_some_and(|venue| venue.message().is_some());
    error.excerpt().filter(|_| !is_stated).map(excerpt).filter(|text| !text.is_empty())
}

/// The beginning of a text as one printable line. Whatever is long enough to be a signature is not shown: a venue that finds a
/// signature wrong may tell the right one.
fn excerpt(text: &str) -> String {
    const MOST: usize = 200;
    const SIGNATURE: usize = 40;
    let in_signature = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '%');
    let printable = |c: char| if venuekit::is_printable(c) { c } else { char::REPLACEMENT_CHARACTER };
    let mut line: Vec<char> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        let mut rest = word;
        while let Some(first) = rest.chars().next().filter(|_| line.len() <= MOST) {
            let is_run = in_signature(first);
            let end = rest.find(|c| in_signature(c) != is_run).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            if is_run && part.len() >= SIGNATURE {
                line.extend("***".chars());
            } else {
                line.extend(part.chars().map(printable).take(MOST + 1));
            }
            rest = after;
        }
        if line.len() > MOST {
            line.truncate(MOST - 2);
            line.extend("..".chars());
            break;
        }
    }
    line.into_iter().collect()
}

/// Whether a command line asks for JSON, also where it cannot be read.
pub(crate) fn is_json_wanted(arguments: &[OsString]) -> bool {
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    arguments.iter().any(|argument| argument == "--output=json")
        || pairs.into_iter().any(|(flag, value)| flag == "--output" && value == "json")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::UNIX_EPOCH;

    use venuekit::operation::{CodeRule, RecvWindow, ServerTime, TimeUnit};
    use venuekit::reqwest::StatusCode;
    use venuekit::reqwest::header::HeaderMap;
    use venuekit::{
        BoxFuture, Client, ClientBuilder, Retry, Transport, TransportError, TransportRequest, TransportResponse,
    };

    use super::*;

    #[test]
    fn an_excerpt_is_one_printable_line() {
        for (body, expected) in [
            ("", ""),
            (" \r\n\t\0 ", ""),
            ("<html>\r\n <b>404</b>\n", "<html> <b>404</b>"),
            (r#"{"a": "it's \n"}"#, r#"{"a": "it's \n"}"#),
            ("a\x1b[2Jb", "a [2Jb"),
            ("a\u{202e}b\u{feff}c é🚀", "a\u{fffd}b\u{fffd}c é🚀"),
        ] {
            assert_eq!(excerpt(body), expected, "{body:?}");
        }
    }

    #[test]
    fn an_excerpt_is_never_longer_than_200_characters() {
        for (unit, is_cut) in [("é-", true), ("ab ", true), ("-", true), ("a", false), ("a\n", true)] {
            for count in [1, 66, 67, 100, 101, 199, 200, 201, 100_000] {
                let text = unit.repeat(count);
                let shown = excerpt(&text);
                assert!(shown.chars().count() <= 200, "{unit} {count}: {shown}");
                assert_eq!(
                    shown.ends_with(".."),
                    is_cut && text.trim().chars().count() > 200,
                    "{unit} {count}: {shown}"
                );
            }
        }
    }

    #[test]
    fn an_excerpt_shows_no_signature_nor_a_part_of_one() {
        let signature = "0123456789abcdef".repeat(4);
        assert_eq!(excerpt(&format!("/x?signature={signature}&y")), "/x?signature=***&y");
        for before in 100..210 {
            let shown = excerpt(&format!("{}{signature}", "-".repeat(before)));
            assert!(!shown.contains("01"), "{shown}");
        }
    }

    /// Answers one request after the other by a script.
    #[derive(Debug)]
    struct Script(Mutex<Vec<(u16, &'static str)>>);

    impl Transport for Script {
        fn send(&self, _: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
            let (status, body) = self.0.lock().unwrap().remove(0);
            let status = StatusCode::from_u16(status).unwrap();
            Box::pin(async move { Ok(TransportResponse::new(status, HeaderMap::new(), body)) })
        }
    }

    /// The failure of a cancel that is answered so.
    async fn cancel(answers: &[(u16, &'static str)]) -> Failure {
        static VENUE: Venue = Venue::new("venue", "venue", "0.1.0").with_errors_at(&["/code"], &["/msg"]);
        static CANCEL: Operation = Operation::http("cancelOrder", Method::Delete, "/order")
            .with_idempotent(Idempotent::Always)
            .with_gone_codes(&[CodeRule::new("-2013")])
            .with_done_codes(&[CodeRule::new("-2014")])
            .with_refused_codes(&[CodeRule::new("-1").with_status(429)]);
        let script = Script(Mutex::new(answers.to_vec()));
        let retry = Retry::default().backoff(Duration::from_millis(1), Duration::from_millis(1));
        let builder = ClientBuilder::<Client>::for_venue(&VENUE).base_url("https://venue.test").retry(retry);
        let client = builder.transport(script).build().unwrap();
        let error = venuekit::Draft::new(&client, &CANCEL).send_unit().await.unwrap_err();
        let request = is_to_be_looked_up(&error).then(|| Json::parse(r#"{"order_id":"17"}"#).unwrap());
        let (body, hint) = (body(&error), hint(&error, None, false));
        Failure::Call { venue: "venue", error: Box::new(error), request, body, hint }
    }

    #[tokio::test]
    async fn a_cancel_that_finds_nothing_after_an_unknown_attempt_has_an_exit_code_and_words_of_its_own() {
        let (lost, gone) = ((503, ""), (400, r#"{"code":-2013,"msg":"Order does not exist."}"#));
        for (answers, exit, outcome) in [
            (&[lost, gone][..], Exit::Gone, "gone"),
            (&[gone], Exit::Refused, "refused"),
            (&[lost, (400, r#"{"code":-2014}"#)], Exit::Done, "applied"),
            (&[lost, (400, r#"{"code":-1}"#)], Exit::Unknown, "unknown"),
        ] {
            let failure = cancel(answers).await;
            assert_eq!((failure.exit(), failure.to_report().outcome), (exit, outcome));
            assert_eq!(failure.to_report().request.is_some(), matches!(outcome, "gone" | "unknown"));
        }
        insta::assert_snapshot!(cancel(&[lost, gone]).await.to_text());
    }

    #[tokio::test]
    async fn only_a_refusal_for_a_rate_limit_has_the_hint_to_wait() {
        for (answer, waits) in [
            ((429, r#"{"code":-1003}"#), true),
            ((429, ""), true),
            ((429, r#"{"code":-1}"#), false),
            ((429, r#"{"code":-2013}"#), false),
            ((400, r#"{"code":-1}"#), false),
        ] {
            let Failure::Call { error, hint, .. } = cancel(&[answer, answer, answer]).await else { panic!("a call") };
            assert_eq!(error.outcome(), Outcome::Refused, "{error:?}");
            assert_eq!(hint.as_deref() == Some("wait before you call again"), waits, "{answer:?}: {hint:?}");
        }
    }

    #[test]
    fn a_hint_about_the_clock_says_which_way_it_is_off_and_what_helps() {
        static TIME: Operation = Operation::http("time", Method::Get, "/time");
        static PLAIN: Venue = Venue::new("plain", "plain", "0.1.0");
        static RICH: Venue = Venue::new("rich", "rich", "0.1.0")
            .with_server_time(ServerTime::new(&TIME, "/time", TimeUnit::Milliseconds))
            .with_recv_window(RecvWindow::new());
        let now = UNIX_EPOCH + Duration::from_secs(1_706_451_300);
        let ahead = |millis| Some(ClockOffset::between(now, now + Duration::from_millis(millis)));
        let behind = |millis| Some(ClockOffset::between(now, now - Duration::from_millis(millis)));
        let hints = [ahead(8_000), behind(1_250), ahead(40), None]
            .map(|offset| format!("{}\n{}\n", clock_hint(offset, &PLAIN), clock_hint(offset, &RICH)));
        insta::assert_snapshot!(hints.concat());
    }
}
