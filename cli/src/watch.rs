//! Runs `venue watch`: subscribes, and prints each event.
//!
//! - `book`: the order book of a watched subscription

mod book;

use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::ArgMatches;
use serde_json::json;
use venuekit::book::Book;
use venuekit::meta::{AnyClient, Arguments, SubscriptionMeta, VenueMeta};
use venuekit::operation::{Content, Security};
use venuekit::wire::Json;
use venuekit::ws::{Event, Reason, Subscription};
use venuekit::{Client, Error};
use venuekit_json::Tree;

use crate::credentials::Credentials;
use crate::failure::{self, Exit, Failure};
use crate::markets::{self, Host};
use crate::settings::{Output, STALE_AFTER, Settings};
use crate::signals::Signals;
use crate::{call, credentials, output, secrets, table, value};

/// The time without an event after which a hint about the market is shown: a venue may accept a
/// market that it does not have.
const SILENCE: Duration = Duration::from_secs(3);

/// The maximum time to wait until the end of a subscription has left.
const FAREWELL: Duration = Duration::from_secs(1);

struct Watch<'a> {
    venue: &'static VenueMeta,
    subscription: &'static SubscriptionMeta,
    settings: Settings,
    matches: &'a ArgMatches,
    credentials: Option<Credentials>,
}

/// Runs `venue watch`. `root` has the options before `watch`.
pub(crate) fn run(root: &ArgMatches, matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let Some(venue) = venuekit_venues::venue(name) else { return Ok(Exit::Usage) };
    let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let subscription = venue.subscriptions.iter().find(|subscription| subscription.family.name() == name);
    let Some(subscription) = subscription else { return Ok(Exit::Usage) };
    let settings = Settings::of(root, matches);
    if settings.verbose {
        call::log_to_stderr();
    }
    let operation = &subscription.operation;
    let credentials = match operation.operation.security() {
        Security::Public => None,
        _ => credentials::load(venue, operation)?,
    };
    Watch { venue, subscription, settings, matches, credentials }.run()
}

impl Watch<'_> {
    fn run(&self) -> Result<Exit, Failure> {
        let operation = &self.subscription.operation;
        let mut arguments = Arguments::new();
        let (mut kept, mut markets) = (None, Vec::new());
        for meta in operation.parameters {
            if let Some(value) = call::value_of(self.venue, self.matches, meta)? {
                if meta.name == book::LIMIT {
                    kept = book::kept(self.subscription.family, &value);
                }
                if markets::is_market(meta.name) {
                    markets.push((meta.name.to_owned(), value.clone()));
                }
                arguments = arguments.set(meta.name, value);
            }
        }
        let (base_url, environment) = (self.settings.base_url.as_deref(), self.settings.environment);
        let hint = Host { venue: self.venue, base_url, environment }.hint_of_silence(&markets);
        let mut builder = self.settings.apply(self.venue.builder());
        if let Some(credentials) = &self.credentials {
            builder = builder.signer(Arc::clone(&credentials.signer));
        }
        let here = |error: io::Error| Failure::NotSent(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(here)?;
        let ended = runtime.block_on(async {
            let client = builder.build().map_err(|error| self.failed(error))?;
            let by_name = (self.venue.connect)(client.clone());
            let subscribe = by_name
                .subscribe(operation.operation.id(), arguments)
                .map_err(|error| Failure::Usage(format!("{} {error}", self.venue.venue.name())))?;
            let subscribe = match self.matches.get_one(STALE_AFTER) {
                Some(silence) => subscribe.stale_after(*silence),
                None => subscribe,
            };
            let mut signals = Signals::listen().map_err(here)?;
            let subscription = tokio::select! {
                biased;
                () = signals.first() => return Ok(Exit::Done),
                made = subscribe.timeout(self.settings.timeout) => {
                    made.map_err(|error| self.failed(error).with_hint(hint.clone()))?
                }
            };
            let printed = self.print(subscription, kept, hint, &mut signals).await;
            self.leave(&client, &*by_name).await;
            printed
        });
        runtime.shutdown_background();
        ended
    }

    /// Prints events until a signal comes or the subscription ends. Dropping the subscription ends
    /// it at the venue. A book that does not fit is reported, and the subscription is made again.
    ///
    /// # Errors
    ///
    /// When the subscription ends by an error, or an event cannot be written.
    async fn print(
        &self,
        mut subscription: Subscription<Json>,
        mut kept: Option<Book>,
        mut hint: Option<String>,
        signals: &mut Signals,
    ) -> Result<Exit, Failure> {
        // The subscription goes on after a notification that cannot be read. If no event follows an
        // error, the error is the reason of the end.
        let mut last_error = None;
        let mut silence = pin!(tokio::time::sleep(SILENCE));
        loop {
            let event = tokio::select! {
                biased;
                () = signals.first() => return Ok(Exit::Done),
                event = subscription.next() => event,
                () = &mut silence, if hint.is_some() => {
                    let hint = hint.take().unwrap_or_default();
                    output::tell(&format!("note: nothing came so far; {}", output::harmless(&hint)));
                    continue;
                }
            };
            // The market exists if something comes.
            hint = None;
            let written = match event {
                None => return last_error.map_or(Ok(Exit::Done), |error| Err(self.failed(error))),
                Some(Ok(event)) => {
                    last_error = None;
                    let written = self.write(&event);
                    match kept.as_mut().map_or(Ok(()), |book| book::merge(book, &event)) {
                        Ok(()) => written,
                        Err(error) => {
                            subscription.renew();
                            written.and_then(|()| print_line(&error_line(&error.to_string())))
                        }
                    }
                }
                Some(Err(error)) => {
                    let line = error_line(&error.to_string());
                    last_error = Some(error);
                    print_line(&line)
                }
            };
            match written {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Done),
                written => written.map_err(Failure::Output)?,
            }
        }
    }

    fn write(&self, event: &Event<Json>) -> io::Result<()> {
        if self.settings.output != Output::Table {
            return print_line(&line(event));
        }
        let text = text_of(self.venue, self.subscription, event)?;
        if io::stdout().is_terminal() && replaces_screen(self.subscription.family.content(), event) {
            output::write(format!("{}{text}", output::CLEAR).as_bytes())?;
        } else {
            output::write(text.as_bytes())?;
        }
        io::stdout().flush()
    }

    /// Waits until the end of the subscription has left. The client sends a ping after it, on the
    /// same connection, and the response to the ping shows that both arrived.
    async fn leave(&self, client: &Client, by_name: &dyn AnyClient) {
        let ping = self.venue.venue.socket().and_then(|socket| socket.ping());
        if let Some(call) = ping.and_then(|ping| by_name.call(ping.id(), Arguments::new()).ok()) {
            // Without a response, the venue ends the subscription when the connection closes.
            let _ = tokio::time::timeout(FAREWELL, call).await;
        }
        client.abort_calls();
    }

    fn failed(&self, error: Error) -> Failure {
        let advice = credentials::advice(self.venue);
        let given = failure::Given {
            credentials: self.credentials.is_none().then_some(&advice),
            explained: self.settings.explain,
            raw: false,
            base_url: self.settings.base_url.as_deref(),
            look_ups: &[],
        };
        Failure::Call {
            venue: self.venue.venue.name(),
            request: None,
            body: failure::body(&error),
            meaning: failure::meaning(self.venue, &error),
            help: failure::help(&error, given),
            error: Box::new(error),
        }
    }
}

/// Returns an event as its name above a table. An event without a value is a line of JSON.
fn text_of(venue: &VenueMeta, subscription: &SubscriptionMeta, event: &Event<Json>) -> io::Result<String> {
    Ok(match (name(event), event.value()) {
        (name, Some(value)) => {
            let schema = value::schema(venue, subscription.params_schema);
            format!("{name}\n{}", table::of_response(venue, &schema, &Tree::parse(value.get())?))
        }
        (_, None) => format!("{}\n", line(event)),
    })
}

/// Prints a line. A closed pipe is an error here: nobody reads the events any more.
fn print_line(text: &str) -> io::Result<()> {
    output::write(output::with_line_break(text).as_bytes())
}

/// Returns whether an event makes all that a terminal shows obsolete. A change does not: it is
/// shown below the state that it changes.
fn replaces_screen<T>(content: Content, event: &Event<T>) -> bool {
    content == Content::States || matches!(event, Event::Snapshot(_) | Event::Interrupted(_))
}

/// Returns the name of an event.
fn name<T>(event: &Event<T>) -> &'static str {
    match event {
        Event::Snapshot(_) => "snapshot",
        Event::Update(_) => "update",
        Event::Recovered(_) => "recovered",
        Event::Interrupted(_) => "interrupted",
        Event::Resumed(_) => "resumed",
        Event::Stale(_) => "stale",
        _ => "other",
    }
}

/// Returns an error as JSON on one line.
fn error_line(message: &str) -> String {
    secrets::redact_json(&json!({"event": "error", "message": message}).to_string())
}

/// Returns an event as JSON on one line.
fn line(event: &Event<Json>) -> String {
    let name = name(event);
    match event {
        Event::Snapshot(value) | Event::Update(value) | Event::Recovered(value) => {
            format!(r#"{{"event":"{name}","value":{}}}"#, value.get())
        }
        Event::Interrupted(interrupted) => {
            let reason = match interrupted.reason() {
                Reason::Disconnected => "disconnected",
                Reason::Overflow => "overflow",
                Reason::Replaced => "replaced",
                Reason::Undecodable => "undecodable",
                Reason::Renewed => "renewed",
                _ => "other",
            };
            json!({"event": name, "since": seconds(interrupted.since()), "reason": reason}).to_string()
        }
        Event::Resumed(resumed) => json!({
            "event": name, "gap": resumed.gap().as_secs_f64(), "missing": resumed.missing(),
            "may_have_hole": resumed.may_have_hole(), "recovery_failed": resumed.recovery_failed(),
        })
        .to_string(),
        Event::Stale(stale) => json!({"event": name, "since": seconds(stale.since())}).to_string(),
        _ => json!({"event": name}).to_string(),
    }
}

/// Returns a time as seconds since 1970.
fn seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the notifications of all families. Nothing that has a name is JSON in a
    /// cell.
    #[test]
    fn a_book_is_two_sides_of_prices_and_amounts_and_an_order_is_its_fields() {
        let venue = venuekit_venues::venue("excore-ws").unwrap();
        let mut shown = String::new();
        for subscription in venue.subscriptions {
            let schema = value::schema(venue, subscription.params_schema);
            let Some(example) = schema.get("example") else { continue };
            let event = Event::Update(Json::parse(example.to_string()).unwrap());
            let text = text_of(venue, subscription, &event).unwrap();
            assert!(!text.contains(['{', '[']), "{text}");
            shown.push_str(&format!("{}: {text}\n", subscription.family.name()));
        }
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn a_change_of_a_book_or_a_trade_leaves_on_the_screen_what_came_before() {
        let (snapshot, update) = (Event::Snapshot(()), Event::Update(()));
        for content in [Content::deltas(Some("/0")), Content::Events] {
            assert!(replaces_screen(content, &snapshot), "{content:?}");
            assert!(!replaces_screen(content, &update), "{content:?}");
        }
        assert!(replaces_screen(Content::States, &snapshot) && replaces_screen(Content::States, &update));
    }
}
