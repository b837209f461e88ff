//! The failures of an invocation: exit codes, and messages on stderr.

mod effect;
mod element;
mod excerpt;
mod exit;
mod help;
mod meaning;

use std::ffi::OsString;
use std::io::{self, Write as _};

use clap::ValueEnum as _;
use clap::error::ErrorKind as UsageKind;
use serde::Serialize;
use venuekit::operation::Operation;
use venuekit::wire::Json;
use venuekit::{ElementCounts, Error, ErrorKind, FailedElement};

use crate::colour::{self, Colours};
use crate::format::Output;
use crate::{output, profile, secrets};
use effect::outcome;
pub(crate) use effect::{changes, is_to_be_looked_up};
use element::ElementReport;
pub(crate) use excerpt::body;
pub(crate) use exit::Exit;
use exit::exit_of;
use help::unwritten_help;
pub(crate) use help::{Given, clock_help, help, partial_help};
pub(crate) use meaning::meaning;

/// The reason of a failure.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The error or the help text of clap.
    CommandLine(clap::Error),
    /// A value cannot be used.
    Usage(String),
    /// The credentials cannot be used.
    Credentials {
        /// The reason.
        message: String,
        /// The advice for the user.
        help: String,
    },
    /// The call was not sent: the user did not agree, a step on this machine failed, or the venue's
    /// time could not be read.
    NotSent(String),
    /// The call failed.
    Call {
        /// The venue.
        venue: &'static str,
        /// The error.
        error: Box<Error>,
        /// The values of the request, if the user has to check its effect.
        request: Option<Json>,
        /// The beginning of the body of the response, if the venue's message is not known.
        body: Option<String>,
        /// The known meaning of the error code.
        meaning: Option<String>,
        /// The advice for the user.
        help: Option<String>,
    },
    /// The call succeeded, but elements of its batch failed, or the response lacks elements.
    Partial {
        /// The venue.
        venue: &'static str,
        /// The operation.
        operation: &'static Operation,
        /// The elements.
        failed: Vec<FailedElement>,
        /// The numbers of elements, if the response has another number than the request.
        different: Option<ElementCounts>,
        /// The values of the request, if the user has to check its effect.
        request: Option<Json>,
    },
    /// The call succeeded, but its response cannot be written to stdout.
    Unwritten {
        /// The venue.
        venue: &'static str,
        /// The operation.
        operation: &'static Operation,
        /// The response.
        response: Json,
        /// The error of stdout.
        error: io::Error,
    },
    /// The output of a command without a call cannot be written to stdout.
    Output(io::Error),
}

/// The report of a failure, as JSON.
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed_elements: Vec<ElementReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl Failure {
    /// Writes the failure to stderr, or the help text of clap to stdout. Returns the exit code.
    pub(crate) fn report(self, as_json: bool, colours: Colours) -> Exit {
        let exit = self.exit();
        if let Self::CommandLine(error) = &self
            && (exit == Exit::Done || !as_json)
        {
            let text = error.render().to_string();
            // clap writes help to stdout and errors to stderr, with colours. An error with a
            // credential loses its colours.
            match exit == Exit::Done || secrets::redact(&text) == text {
                true => drop(error.print()),
                false => output::tell(&text),
            }
            return exit;
        }
        let text = if as_json {
            let report = serde_json::to_string(&self.to_report()).unwrap_or_default();
            output::harmless_json(&secrets::redact_json(&report))
        } else {
            let text = output::harmless(self.to_text().trim_end());
            match text.strip_prefix("error:") {
                Some(rest) => {
                    let mark = colours.on(&io::stderr()).of(colour::ERROR, "error:");
                    format!("{mark}{}", secrets::redact(rest))
                }
                None => secrets::redact(&text),
            }
        };
        // If stderr is closed, the message is lost.
        let _ = writeln!(io::stderr(), "{text}");
        exit
    }

    /// Adds a hint to the help of a call.
    pub(crate) fn with_hint(mut self, hint: Option<String>) -> Self {
        if let (Self::Call { help, .. }, Some(hint)) = (&mut self, hint) {
            *help = Some(match help.take() {
                Some(help) => format!("{help}; {hint}"),
                None => hint,
            });
        }
        self
    }

    fn exit(&self) -> Exit {
        match self {
            Self::CommandLine(error) => match error.kind() {
                UsageKind::DisplayHelp | UsageKind::DisplayVersion => Exit::Done,
                _ => Exit::Usage,
            },
            Self::Usage(_) => Exit::Usage,
            Self::Credentials { .. } | Self::NotSent(_) => Exit::NotSent,
            Self::Call { error, .. } => exit_of(error),
            Self::Partial { .. } => Exit::Partial,
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
            Self::Credentials { message, help } => Report {
                outcome: "not_sent",
                kind: "credentials".into(),
                message: message.clone(),
                help: Some(help.clone()),
                ..Report::default()
            },
            Self::NotSent(message) => {
                Report { outcome: "not_sent", kind: "local".into(), message: message.clone(), ..Report::default() }
            }
            Self::Output(error) => {
                Report { outcome: "not_sent", kind: "output".into(), message: error.to_string(), ..Report::default() }
            }
            Self::Unwritten { venue, operation, response, error } => Report {
                outcome: "applied",
                kind: "output".into(),
                venue: Some(venue),
                operation: Some(operation.id()),
                message: error.to_string(),
                response: Some(response.clone()),
                help: Some(unwritten_help(operation).to_owned()),
                ..Report::default()
            },
            Self::Partial { venue, operation, failed, different, request } => Report {
                outcome: "partial",
                kind: "elements".into(),
                venue: Some(venue),
                operation: Some(operation.id()),
                message: element::message(failed, different.as_ref()),
                failed_elements: failed.iter().map(ElementReport::from).collect(),
                request: request.clone(),
                help: Some(partial_help(failed, different.is_some()).to_owned()),
                ..Report::default()
            },
            Self::Call { venue, error, request, body, meaning, help } => {
                let stated = error.api_error().and_then(|venue| venue.message());
                Report {
                    outcome: outcome(error.outcome()),
                    kind: kind(error.kind()),
                    venue: Some(venue),
                    operation: error.operation().map(Operation::id),
                    status: error.status().map(|status| status.as_u16()),
                    code: error.api_error().and_then(|venue| venue.code()).map(str::to_owned),
                    message: stated.map_or_else(|| in_flags(&error.to_string()), str::to_owned),
                    failed_elements: error.failed_elements().iter().map(ElementReport::from).collect(),
                    meaning: meaning.clone(),
                    json_path: error.json_path().map(str::to_owned),
                    request: request.clone(),
                    body: body.clone(),
                    response: None,
                    retry_after: error.retry_after().map(|wait| wait.as_secs_f64()),
                    attempts: Some(error.attempts()),
                    help: help.clone(),
                }
            }
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::CommandLine(error) => error.render().to_string(),
            Self::Usage(message) => format!("error: {message}"),
            Self::Credentials { message, help } => with_help(format!("error: {message}"), Some(help)),
            Self::NotSent(message) => format!("error: {message}"),
            Self::Output(error) => format!("error: standard output cannot be written: {error}"),
            Self::Unwritten { venue, operation, response, error } => {
                let id = operation.id();
                let text = format!("error: {venue} {id}: the response cannot be written to standard output: {error}");
                with_help(
                    format!("{text}\n  outcome: applied\n  response: {response}"),
                    Some(unwritten_help(operation)),
                )
            }
            Self::Partial { venue, operation, failed, different, request } => {
                let message = element::message(failed, different.as_ref());
                let mut text = format!("error: {venue} {}: {message}\n  outcome: partial", operation.id());
                text.push_str(&element::lines(failed));
                if let Some(request) = request {
                    text.push_str(&format!("\n  request: {request}"));
                }
                with_help(text, Some(partial_help(failed, different.is_some())))
            }
            Self::Call { error, request, body, meaning, help, .. } => {
                let (error_text, outcome) = (in_flags(&error.to_string()), outcome(error.outcome()));
                let mut text = format!("error: {error_text}\n  outcome: {}", outcome.replace('_', " "));
                text.push_str(&element::lines(error.failed_elements()));
                if let Some(meaning) = meaning {
                    text.push_str(&format!("\n  meaning: {meaning}"));
                }
                if let Some(request) = request {
                    text.push_str(&format!("\n  request: {request}"));
                }
                if let Some(wait) = error.retry_after() {
                    text.push_str(&format!("\n  retry after: {} s", wait.as_secs_f64()));
                }
                if let Some(body) = body {
                    text.push_str(&format!("\n  body: {body}"));
                }
                with_help(text, help.as_deref())
            }
        }
    }
}

/// Returns the text of an error with the flags of the command in place of the settings of the
/// client that its help names.
fn in_flags(text: &str) -> String {
    const SETTINGS: [(&str, &str); 3] = [
        ("help: change it, or turn `check_bounds` off", "help: change it, or leave --check-bounds out"),
        ("give its URL by base_url(..)", "give its URL by --base-url"),
        ("wait, or open it with reopen_limit(..)", "wait"),
    ];
    SETTINGS.iter().fold(text.to_owned(), |text, (setting, flag)| text.replace(setting, flag))
}

fn with_help(text: String, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{text}\n  help: {help}"),
        None => text,
    }
}

/// Returns the name in snake case: `too_large` for `TooLarge`.
fn kind(kind: ErrorKind) -> String {
    heck::ToSnakeCase::to_snake_case(format!("{kind:?}").as_str())
}

/// Returns whether the user asks for JSON, even if clap refuses the command line.
pub(crate) fn is_json_wanted(arguments: &[OsString]) -> bool {
    let is_output =
        |word: &OsString| word.to_str().is_some_and(|word| word.starts_with("--output") || word.starts_with("-o"));
    if !arguments.iter().any(is_output) {
        return profile::current().output == Some(Output::Json);
    }
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    let joined = ["--output=json", "-ojson", "-o=json"];
    arguments.iter().any(|argument| joined.iter().any(|joined| argument == joined))
        || pairs.into_iter().any(|(flag, value)| (flag == "--output" || flag == "-o") && value == "json")
}

/// Returns the use of colours that a command line asks for, even if clap refuses the command line.
pub(crate) fn colours(arguments: &[OsString]) -> Colours {
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    let apart = pairs.into_iter().filter(|(flag, _)| *flag == "--color").map(|(_, value)| value.to_str());
    let joined = arguments.iter().map(|argument| argument.to_str()?.strip_prefix("--color="));
    let wanted = apart.chain(joined).flatten().next();
    let wanted = wanted.and_then(|text| Colours::from_str(text, false).ok());
    wanted.or(profile::current().colours).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use venuekit::operation::{CodeRule, Idempotent, Method, Venue};
    use venuekit::{ClientBuilder, Outcome, Retry};
    use venuekit_test_support::{Script, respond};

    use super::*;

    /// Returns the failure of a cancel with these responses.
    async fn cancel(responses: &[(u16, &'static str)]) -> Failure {
        static VENUE: Venue = Venue::new("venue", "venue", "0.1.0").with_errors_at(&["/code"], &["/msg"]);
        static CANCEL: Operation = Operation::http("cancelOrder", Method::Delete, "/order")
            .with_idempotent(Idempotent::Always)
            .with_gone_codes(&[CodeRule::new("-2013")])
            .with_done_codes(&[CodeRule::new("-2014")])
            .with_refused_codes(&[CodeRule::new("-1").with_status(429)]);
        let script = Script::new(responses.iter().map(|(status, body)| respond(*status, body)));
        let retry = Retry::default().backoff(Duration::from_millis(1), Duration::from_millis(1));
        let builder = ClientBuilder::for_venue(&VENUE).base_url("https://venue.test").retry(retry);
        let client = builder.transport(script).build().unwrap();
        let error = venuekit::codegen::RequestBuilder::new(&client, &CANCEL).send_unit().await.unwrap_err();
        let request = is_to_be_looked_up(&error).then(|| Json::parse(r#"{"order_id":"17"}"#).unwrap());
        let (body, help) = (body(&error), help(&error, Given::default()));
        Failure::Call { venue: "venue", error: Box::new(error), request, body, meaning: None, help }
    }

    #[tokio::test]
    async fn a_cancel_that_finds_nothing_after_an_unknown_attempt_has_a_separate_exit_code_and_message() {
        let (lost, gone) = ((503, ""), (400, r#"{"code":-2013,"msg":"Order does not exist."}"#));
        for (responses, exit, outcome) in [
            (&[lost, gone][..], Exit::Gone, "gone"),
            (&[gone], Exit::Refused, "refused"),
            (&[lost, (400, r#"{"code":-2014}"#)], Exit::Done, "applied"),
            (&[lost, (400, r#"{"code":-1}"#)], Exit::Unknown, "unknown"),
        ] {
            let failure = cancel(responses).await;
            assert_eq!((failure.exit(), failure.to_report().outcome), (exit, outcome));
            assert_eq!(failure.to_report().request.is_some(), matches!(outcome, "gone" | "unknown"));
        }
        insta::assert_snapshot!(cancel(&[lost, gone]).await.to_text());
    }

    #[tokio::test]
    async fn only_a_refusal_for_a_rate_limit_has_the_help_to_wait() {
        for (response, waits) in [
            ((429, r#"{"code":-1003}"#), true),
            ((429, ""), true),
            ((429, r#"{"code":-1}"#), false),
            ((429, r#"{"code":-2013}"#), false),
            ((400, r#"{"code":-1}"#), false),
        ] {
            let Failure::Call { error, help, .. } = cancel(&[response, response, response]).await else {
                panic!("a call")
            };
            assert_eq!(error.outcome(), Outcome::Refused, "{error:?}");
            assert_eq!(help.as_deref() == Some("wait before you call again"), waits, "{response:?}: {help:?}");
        }
    }
}
