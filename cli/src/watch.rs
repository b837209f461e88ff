//! Runs `venue watch`: subscribes, and prints each event.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::ArgMatches;
use serde_json::json;
use venuekit::meta::{AnyClient, Arguments, SubscriptionMeta, VenueMeta};
use venuekit::operation::Security;
use venuekit::wire::Json;
use venuekit::ws::{Event, Reason, Subscription};
use venuekit::{Client, Error};
use venuekit_json::Tree;

use crate::failure::{self, Exit, Failure};
use crate::settings::{Output, Settings};
use crate::signals::Signals;
use crate::{call, credentials, output, table, value};

/// The maximum time to wait until the end of a subscription has left.
const FAREWELL: Duration = Duration::from_secs(1);

/// Clears the terminal, and moves the cursor to its beginning.
const CLEAR: &str = "\x1b[H\x1b[J";

struct Watch<'a> {
    venue: &'static VenueMeta,
    subscription: &'static SubscriptionMeta,
    settings: Settings,
    matches: &'a ArgMatches,
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
    Watch { venue, subscription, settings, matches }.run()
}

impl Watch<'_> {
    fn run(&self) -> Result<Exit, Failure> {
        let operation = &self.subscription.operation;
        let mut arguments = Arguments::new();
        for meta in operation.parameters {
            if let Some(value) = call::value_of(self.venue, self.matches, meta)? {
                arguments = arguments.set(meta.name, value);
            }
        }
        let mut builder = self.settings.apply(self.venue.builder());
        if operation.operation.security() != Security::Public
            && let Some(credentials) = credentials::load(self.venue, operation)?
        {
            builder = builder.signer(credentials.signer);
        }
        let here = |error: io::Error| Failure::NotSent(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(here)?;
        let ended = runtime.block_on(async {
            let client = builder.build().map_err(|error| self.failed(error))?;
            let by_name = (self.venue.connect)(client.clone());
            let subscribe = by_name
                .subscribe(operation.operation.id(), arguments)
                .map_err(|error| Failure::Usage(format!("{} {error}", self.venue.venue.name())))?;
            let mut signals = Signals::listen().map_err(here)?;
            let subscription = tokio::select! {
                biased;
                () = signals.first() => return Ok(Exit::Done),
                made = subscribe.timeout(self.settings.timeout) => made.map_err(|error| self.failed(error))?,
            };
            let printed = self.print(subscription, &mut signals).await;
            self.leave(&client, &*by_name).await;
            printed
        });
        runtime.shutdown_background();
        ended
    }

    /// Prints events until a signal comes or the subscription ends. Dropping the subscription ends
    /// it at the venue.
    async fn print(&self, mut subscription: Subscription<Json>, signals: &mut Signals) -> Result<Exit, Failure> {
        loop {
            let event = tokio::select! {
                biased;
                () = signals.first() => return Ok(Exit::Done),
                event = subscription.next() => event,
            };
            let written = match event {
                None => return Ok(Exit::Done),
                Some(Ok(event)) => self.write(&event),
                // The subscription goes on after a notification that cannot be read. If it does
                // not, no event follows.
                Some(Err(error)) => {
                    let line = json!({"event": "error", "message": error.to_string()});
                    output::line(&line.to_string())
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
            return output::line(&line(event));
        }
        let text = match event.value() {
            Some(value) => {
                let schema = value::schema(self.venue, self.subscription.params_schema);
                table::of_response(self.venue, &schema, &Tree::parse(value.get())?)
            }
            None => format!("{}\n", line(event)),
        };
        if io::stdout().is_terminal() {
            output::write(format!("{CLEAR}{text}").as_bytes())?;
            return io::stdout().flush();
        }
        output::write(text.as_bytes())
    }

    /// Waits until the end of the subscription has left. The client sends a ping after it, on the
    /// same connection, and the response to the ping shows that both arrived.
    async fn leave(&self, client: &Client, by_name: &dyn AnyClient) {
        let ping = self.venue.venue.socket().and_then(|socket| socket.ping());
        if let Some(call) = ping.and_then(|ping| by_name.call(ping.id(), Arguments::new()).ok()) {
            // If there is no response, the end of the connection ends the subscription.
            let _ = tokio::time::timeout(FAREWELL, call).await;
        }
        client.abort_calls();
    }

    fn failed(&self, error: Error) -> Failure {
        let advice = credentials::advice(self.venue);
        let is_given = matches!(credentials::load(self.venue, &self.subscription.operation), Ok(Some(_)));
        let given = failure::Given {
            credentials: (!is_given).then_some(&advice),
            explained: self.settings.explain,
            base_url: self.settings.base_url.as_deref(),
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

/// Returns an event as JSON on one line.
fn line(event: &Event<Json>) -> String {
    let value = |name: &str, value: &Json| format!(r#"{{"event":"{name}","value":{}}}"#, value.get());
    match event {
        Event::Snapshot(snapshot) => value("snapshot", snapshot),
        Event::Update(update) => value("update", update),
        Event::Recovered(recovered) => value("recovered", recovered),
        Event::Interrupted(interrupted) => {
            let reason = match interrupted.reason() {
                Reason::Disconnected => "disconnected",
                Reason::Overflow => "overflow",
                Reason::Replaced => "replaced",
                Reason::Undecodable => "undecodable",
                _ => "other",
            };
            json!({"event": "interrupted", "since": seconds(interrupted.since()), "reason": reason}).to_string()
        }
        Event::Resumed(resumed) => json!({
            "event": "resumed", "gap": resumed.gap().as_secs_f64(), "missing": resumed.missing(),
            "may_have_hole": resumed.may_have_hole(), "recovery_failed": resumed.recovery_failed(),
        })
        .to_string(),
        Event::Stale(stale) => json!({"event": "stale", "since": seconds(stale.since())}).to_string(),
        _ => json!({"event": "other"}).to_string(),
    }
}

/// Returns a time as seconds since 1970.
fn seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
