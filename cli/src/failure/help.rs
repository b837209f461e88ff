//! Help texts for failed calls: the next step for the user.

use std::time::Duration;

use venuekit::operation::{Operation, Venue};
use venuekit::transport::TransportError;
use venuekit::{ClockOffset, Error, ErrorKind, FailedElement, Outcome};

use super::effect::changes;

/// Returns the help text for a request whose time the venue refused. `offset` is the time by which
/// the venue's clock is ahead of this machine's, if that is known.
pub(crate) fn clock_help(offset: Option<ClockOffset>, venue: &Venue) -> String {
    /// A smaller offset can be the time that the request took to arrive.
    const NEAR: Duration = Duration::from_millis(500);
    let again = "call again with --sync-clock, or set the clock";
    let Some(offset) = offset else { return "check the clock of this machine".to_owned() };
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

/// Returns the help text for a response that could not be written.
pub(super) fn unwritten_help(operation: &Operation) -> &'static str {
    if changes(operation) {
        "the request was carried out, and the response is complete: do not call again"
    } else {
        "the request changed nothing: call again when standard output can be written"
    }
}

/// Returns the help text for a batch with failed elements. `is_different`: true if the response
/// has another number of elements than the request.
pub(crate) fn partial_help(failed: &[FailedElement], is_different: bool) -> &'static str {
    if is_different {
        "an element that the response lacks may have been carried out: compare the ids, and ask the venue (open \
         orders, balances, history) before you send it again; do not send the whole batch again"
    } else if failed.iter().any(|element| element.outcome() == Outcome::Unknown) {
        "an element of unknown outcome may have been carried out: ask the venue (open orders, balances, history) \
         before you send it again; do not send the whole batch again"
    } else {
        "the venue stated no failure for the other elements in its response: do not send the whole batch again"
    }
}

/// The settings of a call that its help texts depend on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given<'a> {
    /// The help text for missing credentials; `None` if they are not missing.
    pub(crate) credentials: Option<&'a str>,
    /// True if the command has printed the string that was signed (`--explain`).
    pub(crate) explained: bool,
    /// True if the command prints the bytes of the response (`--raw`).
    pub(crate) raw: bool,
    /// The base URL, if the user gave one.
    pub(crate) base_url: Option<&'a str>,
    /// The commands that may show whether the request was carried out.
    pub(crate) look_ups: &'a [String],
}

/// Returns the help text for a failed call; `None` if there is none.
pub(crate) fn help(error: &Error, given: Given<'_>) -> Option<String> {
    let changes = error.operation().is_some_and(changes);
    let status = error.status().map(|status| status.as_u16());
    let text = match (error.outcome(), error.kind()) {
        (_, ErrorKind::Credentials) if given.credentials.is_none() && is_refused_login(error) => {
            "check the key and the secret"
        }
        (_, ErrorKind::Credentials) => given.credentials.unwrap_or("give --base-url with https"),
        (Outcome::NotSent, ErrorKind::Settings) => return Some(settings_help(given.base_url)),
        (Outcome::NotSent, ErrorKind::Connect) => connect_help(error),
        // A subscription waits for its connection until its time has run out.
        (Outcome::NotSent, ErrorKind::Timeout) if error.to_string().contains("no connection") => connect_help(error),
        (Outcome::NotSent, ErrorKind::State) => "check the server of --state; nothing was sent",
        (Outcome::NotSent, ErrorKind::Throttled) => "wait, or give it more time with --timeout",
        (Outcome::NotSent, ErrorKind::Aborted) => "nothing was sent",
        (Outcome::Applied, _) => "an earlier attempt of this call was carried out",
        (Outcome::Gone, _) => {
            let reasons = "the venue found no order to cancel, and does not state the reason: an earlier attempt \
                           cancelled it, or it was filled, or it was never placed, or it is not found yet and may \
                           still appear; check open orders, fills and history before you act on it";
            return Some(format!("{reasons}{}", with_commands(given.look_ups)));
        }
        (Outcome::Unknown, _) if changes => {
            let redirect = redirect_help(error).map(|help| format!("{help}; ")).unwrap_or_default();
            let check = "the request may have been carried out: check open orders, balances and history before you \
                         call again";
            return Some(format!("{redirect}{check}{}", with_commands(given.look_ups)));
        }
        (Outcome::Unknown, ErrorKind::Decode | ErrorKind::Cut | ErrorKind::TooLarge) if given.raw => {
            "the request changed nothing: call again"
        }
        (Outcome::Unknown, ErrorKind::Decode | ErrorKind::Cut | ErrorKind::TooLarge) => {
            "--raw shows the venue's response"
        }
        (Outcome::Unknown, ErrorKind::Timeout) => "give it more time with --timeout",
        (Outcome::Unknown, _) if redirect_help(error).is_some() => return redirect_help(error),
        (Outcome::Unknown, _) if status == Some(501) => "the server does not carry out this request",
        (Outcome::Unknown, _) => "the request changed nothing: call again",
        (Outcome::Refused, _) if error.is_rate_limit_refusal() => "wait before you call again",
        (Outcome::Refused, _) if matches!(status, Some(401 | 403)) && !given.explained => {
            "check that key, secret and --env belong together; --explain shows the signed string"
        }
        // A 404 in the venue's own form is about an order or a market.
        (Outcome::Refused, _) if status == Some(404) && error.api_error().is_none() => match given.base_url {
            Some(_) => "the server does not know this path: check the path of --base-url",
            None => "the venue does not know this path: it may have changed since the spec was written",
        },
        _ => return None,
    };
    Some(text.to_owned())
}

/// Returns the commands as the end of a help text.
fn with_commands(look_ups: &[String]) -> String {
    let commands: Vec<String> = look_ups.iter().map(|command| format!("`{command}`")).collect();
    if commands.is_empty() { String::new() } else { format!(" ({})", commands.join(", ")) }
}

/// Returns the help text for a redirect, with its target; `None` if the response is none. The query
/// of the target is left out, because it may repeat the one of the request, with its signature.
fn redirect_help(error: &Error) -> Option<String> {
    error.status().filter(|status| status.is_redirection())?;
    let target = error.headers().and_then(|headers| headers.get("location")).and_then(|value| value.to_str().ok());
    let target = target.and_then(|target| target.split(['?', '#']).next()).filter(|target| !target.contains('@'));
    let target = target.map(|target| format!(" (to {target})")).unwrap_or_default();
    Some(format!("redirects are not followed{target}: check --base-url"))
}

/// Returns whether the venue refused the login of a connection.
fn is_refused_login(error: &Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<TransportError>());
    source.is_some_and(TransportError::is_not_logged_in)
}

/// Returns the help text for a base URL or an environment that cannot be used.
fn settings_help(base_url: Option<&str>) -> String {
    // A URL with a password is not repeated.
    match base_url.filter(|url| !url.contains("://") && !url.contains('@')) {
        Some(url) => {
            let is_here = ["localhost", "127.", "[::1]"].iter().any(|host| url.starts_with(host));
            let scheme = if is_here { "http" } else { "https" };
            format!("give the base URL with http:// or https://: --base-url {scheme}://{url}")
        }
        None => "give the venue's URL with --base-url, or choose its host with --env".to_owned(),
    }
}

/// Returns the help text for a connection that was not established. Only the texts of the
/// libraries tell the causes apart.
fn connect_help(error: &Error) -> &'static str {
    let mut causes = String::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = next {
        causes.push_str(&format!("{cause}\n"));
        next = cause.source();
    }
    let has = |texts: &[&str]| texts.iter().any(|text| causes.contains(text));
    // The response to the request that asks for a WebSocket.
    if has(&["HTTP error: "]) {
        return "the server opens no WebSocket at this address: check the path of --base-url; nothing was sent";
    }
    if has(&["InvalidContentType"]) {
        "the server speaks no TLS on this port: give --base-url with http://, or with the port of https; nothing was \
         sent"
    } else if has(&["invalid peer certificate"]) {
        "the server's certificate is not valid for this host: check the host, and the clock of this machine; nothing \
         was sent"
    } else if has(&["dns error", "failed to lookup address"]) {
        "the name of the host is not known: check it, and the network; nothing was sent"
    } else {
        "check that the host can be reached; nothing was sent"
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use venuekit::operation::{Method, RecvWindow, ServerTime, TimeUnit};

    use super::*;

    #[test]
    fn help_about_the_clock_says_whether_it_is_ahead_or_behind_and_what_to_do() {
        static TIME: Operation = Operation::http("time", Method::Get, "/time");
        static PLAIN: Venue = Venue::new("plain", "plain", "0.1.0");
        static RICH: Venue = Venue::new("rich", "rich", "0.1.0")
            .with_server_time(ServerTime::new(&TIME, "/time", TimeUnit::Milliseconds))
            .with_recv_window(RecvWindow::new());
        let now = UNIX_EPOCH + Duration::from_secs(1_706_451_300);
        let ahead = |millis| Some(ClockOffset::between(now, now + Duration::from_millis(millis)));
        let behind = |millis| Some(ClockOffset::between(now, now - Duration::from_millis(millis)));
        let texts = [ahead(8_000), behind(1_250), ahead(40), None]
            .map(|offset| format!("{}\n{}\n", clock_help(offset, &PLAIN), clock_help(offset, &RICH)));
        insta::assert_snapshot!(texts.concat());
    }
}
