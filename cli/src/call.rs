//! Runs `venue call`: calls an operation of a venue and prints the response.

use std::io::{self, IsTerminal as _, Read as _};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::ArgMatches;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use venuekit::http::HeaderMap;
use venuekit::meta::{AnyCall, Arguments, OperationMeta, ParameterMeta, VenueMeta};
use venuekit::operation::{Bounds, Environment, Pagination, ResponseContent, Security};
use venuekit::paging::Pager;
use venuekit::wire::Json;
use venuekit::{Client, ClientBuilder, ClockOffset, Decimal, Error, ErrorKind, Outcome, Response, Retry};
use venuekit_json::{Tree, quoted};

use crate::credentials::Credentials;
use crate::dry_run::{Recorded, Recorder, Unsigned};
use crate::failure::{Exit, Failure};
use crate::hidden::Hidden;
use crate::markets::{self, Host};
use crate::repeat::Repeated;
use crate::settings::{Output, Settings};
use crate::signals::Signals;
use crate::stream::Printer;
use crate::view::Shown;
use crate::{
    body_flags, command, confirm, credentials, explain, failure, flags, hidden, output, pages, secrets, value, verbose,
};

/// A call as the command line gives it.
struct Invocation<'a> {
    venue: &'static VenueMeta,
    operation: &'static OperationMeta,
    settings: Settings,
    matches: &'a ArgMatches,
}

/// Runs `venue call`. `root` has the options before `call`.
pub(crate) fn run(root: &ArgMatches, matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let Some(venue) = venuekit_venues::venue(name) else { return Ok(Exit::Usage) };
    let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let operation = venue.operations.iter().find(|meta| flags::operation(venue, meta) == name);
    let Some(operation) = operation else { return Ok(Exit::Usage) };
    let settings = Settings::of(root, matches);
    // A dry run sends nothing, so there is nothing to log.
    if settings.verbose && !settings.dry_run && !settings.curl {
        log_to_stderr();
    }
    Invocation { venue, operation, settings, matches }.run()
}

/// Logs the events of the clients only. The libraries that the clients use may log URLs, and the
/// URLs of some venues hold the signature.
pub(crate) fn log_to_stderr() {
    let ours = Targets::new().with_target("venuekit", LevelFilter::DEBUG);
    let lines = tracing_subscriber::fmt::layer().with_writer(|| output::Log).with_ansi(false).with_filter(ours);
    let messages = Targets::new().with_target(venuekit::ws::LOG_TARGET, LevelFilter::TRACE);
    let messages = verbose::Messages.with_filter(messages);
    tracing_subscriber::registry().with(lines).with(messages).init();
}

/// Returns the help for a body that is not JSON but the name of a file; empty if it is neither.
fn file_help(text: &str) -> String {
    let is_name = !text.contains(['{', '[', '"', '\n']) && !text.is_empty();
    let is_file = is_name && (text.ends_with(".json") || std::path::Path::new(text).is_file());
    if is_file { format!(" (help: give --body @{text} to send what the file contains)") } else { String::new() }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::NotSent(error.to_string()))
}

/// Returns whether the command line sends null for a parameter.
fn is_null(matches: &ArgMatches, meta: &ParameterMeta) -> bool {
    // clap knows the flag only of parameters that may be null.
    let flag = matches.try_get_one::<bool>(&command::null_id(meta.name));
    matches!(flag, Ok(Some(true)))
}

/// Returns the value that the command line gives for a parameter; `None` if it gives none.
pub(crate) fn value_of(venue: &VenueMeta, matches: &ArgMatches, meta: &ParameterMeta) -> Result<Option<Json>, Failure> {
    if is_null(matches, meta) {
        return Ok(Some(Json::default()));
    }
    let Some(values) = matches.get_many::<Json>(&command::argument_id(meta.name)) else { return Ok(None) };
    let mut values = values.cloned();
    Ok(Some(match value::Kind::of(venue, &value::schema(venue, meta.schema)) {
        value::Kind::List(_) => {
            Json::encode(&values.collect::<Vec<_>>()).map_err(|error| Failure::Usage(error.to_string()))?
        }
        _ => values.next_back().unwrap_or_default(),
    }))
}

/// The result of a call.
struct Ended {
    result: Result<Response<Json>, Error>,
    /// The help text about this machine's clock, if the venue refused the time of the request.
    clock: Option<String>,
}

/// The parts of a stream that were printed.
#[derive(Debug, Default)]
enum Streamed {
    /// None: the response is not a stream.
    #[default]
    No,
    /// All pieces so far.
    Printed,
    /// A piece could not be printed.
    Failed(io::Error),
}

impl Invocation<'_> {
    fn run(&self) -> Result<Exit, Failure> {
        self.check_settings()?;
        let body = self.body()?;
        let streamed = Arc::new(Mutex::new(Streamed::No));
        let arguments = self.arguments(body.as_ref())?.on_stream(self.stream_to(&streamed));
        let mut builder = self.settings.apply(self.venue.builder());
        let takes_credentials = self.operation.operation.security() != Security::Public;
        let credentials = if takes_credentials { credentials::load(self.venue, self.operation)? } else { None };
        let needs_credentials = takes_credentials && !self.operation.operation.has_optional_credentials();
        // Without credentials the call fails before it is sent, so there is nothing to confirm.
        let can_be_sent = !needs_credentials || credentials.is_some();
        if let Some(credentials) = &credentials {
            builder = builder.signer(Arc::clone(&credentials.signer));
        }
        if self.settings.dry_run || self.settings.curl {
            let (recorded, explanation) = self.record(builder, arguments, body.as_ref(), can_be_sent)?;
            self.explain(explanation.as_deref());
            return self.show(&recorded, credentials.as_ref().map_or(&[], |credentials| &credentials.hidden));
        }
        // The messages of a socket are in the log, because another transport would replace the
        // socket.
        if self.settings.verbose && self.venue.venue.socket().is_none() {
            let (shown, hidden) = (verbose::Shown::default(), credentials.as_ref().map(|own| own.hidden.as_slice()));
            if let Some(credentials) = &credentials {
                builder = builder.signer(shown.signer(Arc::clone(&credentials.signer)));
            }
            let transport = shown.transport(hidden::texts(hidden.unwrap_or_default()));
            builder = builder.transport(transport.map_err(|error| self.failed(error, None, can_be_sent, None))?);
        }
        let runtime = runtime()?;
        #[cfg(feature = "redis")]
        let (builder, state) = {
            let _inside = runtime.enter();
            let applied = self.settings.state.apply(builder);
            applied.map_err(|error| Failure::Usage(format!("--state: {error}")))?
        };
        let client = builder.build().map_err(|error| self.failed(error, None, can_be_sent, None))?;
        if let Some(every) = self.settings.watch {
            let ended = runtime.block_on(self.watch(&client, &arguments, every, can_be_sent));
            runtime.shutdown_background();
            return ended;
        }
        let call = self.call(&client, arguments.clone())?;
        let given = |name: &str| self.is_given(name, body.as_ref());
        let has_to_ask = self.settings.is_production(&client) && confirm::is_needed(self.operation.operation, given);
        if has_to_ask && can_be_sent && !self.settings.yes {
            self.ask(client.base_url(), arguments.clone(), body.as_ref(), credentials.as_ref())?;
        }
        let ended = runtime.block_on(async {
            let mut signals = Signals::listen().map_err(|error| Failure::NotSent(error.to_string()))?;
            let mut ending = pin!(async {
                match self.settings.all {
                    true => self.follow(&client, &arguments).await,
                    false => self.exchange(&client, call).await,
                }
            });
            tokio::select! {
                biased;
                // This ends the call at once. The error of the call has the outcome.
                () = signals.first() => client.abort_calls(),
                ended = &mut ending => return ended,
            }
            ending.await
        });
        #[cfg(feature = "redis")]
        if let Some(state) = state {
            // If it fails, the places of this call count for longer than they need. That changes no
            // result.
            let _ = runtime.block_on(state.flush());
        }
        // A name lookup in progress must not delay the exit.
        runtime.shutdown_background();
        let Ended { result, clock } = ended?;
        match result {
            Ok(response) => {
                self.keep_markets(&response);
                let ended = self.exit_of(&response, body.as_ref());
                match std::mem::take(&mut *streamed.lock().unwrap_or_else(PoisonError::into_inner)) {
                    Streamed::No => self.print(&response, ended.is_err())?,
                    Streamed::Printed => self.explain(response.explanation()),
                    Streamed::Failed(error) => self.written(Err(error), &response)?,
                }
                // An empty name may mean all markets.
                let is_empty = matches!(response.value().get(), "null" | "[]" | "{}");
                match (ended, self.market_hint(body.as_ref(), is_empty)) {
                    (Ok(exit), Some(hint)) => {
                        output::tell(&format!("note: {}", output::harmless(&hint)));
                        Ok(exit)
                    }
                    (Ok(exit), None) => Ok(exit),
                    (Err(failure), hint) => Err(failure.with_hint(hint)),
                }
            }
            Err(error) => {
                self.explain(error.explanation());
                // A request that was not sent failed for another reason, unless the client refused
                // it.
                let may_be_market = error.outcome() != Outcome::NotSent || error.kind() == ErrorKind::Request;
                let hint = self.market_hint(body.as_ref(), true).filter(|_| may_be_market);
                let was_printed = matches!(*streamed.lock().unwrap_or_else(PoisonError::into_inner), Streamed::Printed);
                if was_printed && is_end_of_stream(error.kind(), failure::changes(self.operation.operation)) {
                    return Ok(Exit::Done);
                }
                let silence = || was_printed.then(|| "the stream sent nothing more: call again".to_owned());
                let help = clock.or_else(|| silence().filter(|_| error.kind() == ErrorKind::Timeout));
                if let Some(body) = error.body().filter(|_| self.settings.raw) {
                    // The failure is reported even if stdout fails.
                    let written = output::write(&secrets::redact_bytes(body, error.is_truncated()));
                    // The bytes stay as they are; the error begins on a line of its own.
                    if written.is_ok() && !body.ends_with(b"\n") && self.settings.output != Output::Json {
                        output::tell("");
                    }
                }
                let failure = self.failed(error, body.as_ref(), can_be_sent, help);
                Err(failure.with_hint(hint))
            }
        }
    }

    fn call(&self, client: &Client, arguments: Arguments) -> Result<AnyCall, Failure> {
        (self.venue.connect)(client.clone())
            .call(self.operation.operation.id(), arguments)
            .map_err(|error| Failure::Usage(format!("{} {error}", self.venue.venue.name())))
    }

    /// Makes the request of this call without sending it. Returns the signed string too, if the
    /// user wants it.
    fn record(
        &self,
        builder: ClientBuilder,
        arguments: Arguments,
        body: Option<&Json>,
        can_be_sent: bool,
    ) -> Result<(Recorded, Option<String>), Failure> {
        let recorder = Recorder::default();
        let builder = builder.transport(recorder.clone()).retry(Retry::default().attempts(1));
        let client = builder.build().map_err(|error| self.failed(error, None, can_be_sent, None))?;
        let call = self.call(&client, arguments)?;
        let result = runtime()?.block_on(call);
        match (recorder.take(), result) {
            (Some(recorded), result) => {
                let explanation = result.err().as_ref().and_then(Error::explanation).map(str::to_owned);
                Ok((recorded, explanation))
            }
            (None, Err(error)) => Err(self.failed(error, body, can_be_sent, None)),
            (None, Ok(_)) => Err(Failure::NotSent("the call made no request".to_owned())),
        }
    }

    /// Prints a request that was not sent.
    fn show(&self, recorded: &Recorded, hidden: &[Hidden]) -> Result<Exit, Failure> {
        let text = match (self.settings.curl, self.settings.output) {
            (true, _) => recorded.to_curl(hidden).map_err(|reason| Failure::Usage(format!("--curl: {reason}")))?,
            (false, Output::Json) => recorded.to_json(hidden),
            (false, _) => recorded.to_text(hidden),
        };
        output::line(&text).map_err(Failure::Output)?;
        Ok(Exit::Done)
    }

    /// Refuses settings that have no effect on this call, and a receive window that is too long for
    /// the venue.
    fn check_settings(&self) -> Result<(), Failure> {
        let (venue, operation) = (self.venue.venue, self.operation.operation);
        let refused = |flag: &str, reason: String| Err(Failure::Usage(format!("--{flag}: {reason}")));
        let unsigned = || {
            let name = flags::operation(self.venue, self.operation);
            format!("only signed requests have a time, and {} {name} is not signed", venue.name())
        };
        if let Some(window) = self.settings.recv_window {
            match venue.recv_window() {
                None => return refused("recv-window", format!("requests to {} have no receive window", venue.name())),
                Some(_) if operation.security() != Security::Signed => return refused("recv-window", unsigned()),
                Some(taken) if taken.max().is_some_and(|max| window > max) => {
                    let (given, max) = (window.as_millis(), taken.max().unwrap_or_default().as_millis());
                    let reason = format!("{given} is too long for {} (expected at most {max})", venue.name());
                    return refused("recv-window", reason);
                }
                Some(_) => {}
            }
        }
        if self.settings.curl && venue.socket().is_some() {
            let reason = format!("{} is called over a WebSocket, and curl sends HTTP requests", venue.name());
            return refused("curl", format!("{reason} (help: give --dry-run)"));
        }
        if let Some(flag) = [("watch", self.settings.watch.is_some()), ("all", self.settings.all)]
            .into_iter()
            .find_map(|(flag, is_given)| is_given.then_some(flag))
        {
            if failure::changes(operation) || operation.moves_funds() {
                let name = flags::operation(self.venue, self.operation);
                return refused(flag, format!("{} {name} may change something, so it is called once", venue.name()));
            }
            if operation.response() != ResponseContent::Json {
                return refused(flag, "the response is not JSON".to_owned());
            }
        }
        if self.settings.all {
            let Some(pages) = operation.pagination() else {
                let reason = "the document does not describe pages of this operation";
                return refused("all", reason.to_owned());
            };
            self.check_pages(pages)?;
        }
        self.check_output()?;
        if self.settings.raw && (self.settings.view.is_local_time() || self.settings.view.has_columns()) {
            return refused("raw", "the bytes of the response have no columns and no local times".to_owned());
        }
        if self.settings.sync_clock {
            if self.settings.dry_run || self.settings.curl {
                let reason = "--dry-run and --curl send nothing, so the venue is not asked for its time";
                return refused("sync-clock", reason.to_owned());
            }
            if venue.server_time().is_none() {
                return refused("sync-clock", format!("{} has no operation that returns its time", venue.name()));
            }
            if operation.security() != Security::Signed {
                return refused("sync-clock", unsigned());
            }
        }
        Ok(())
    }

    /// Refuses options of the output that have no effect on what is printed, and columns that the
    /// response does not have. If the response may have any, they are checked when it is there.
    fn check_output(&self) -> Result<(), Failure> {
        let refused = |flag: &str, reason: &str| Err(Failure::Usage(format!("--{flag}: {reason}")));
        let (settings, view) = (&self.settings, &self.settings.view);
        if settings.curl || settings.dry_run {
            let own = if settings.curl { "curl" } else { "dry-run" };
            let without_effect =
                [("columns", view.has_columns()), ("local-time", view.is_local_time()), ("raw", settings.raw)];
            if let Some((flag, _)) = without_effect.into_iter().find(|(_, is_given)| *is_given) {
                return refused(flag, &format!("--{own} prints a request, and no response"));
            }
            return match settings.asked_output {
                Some(_) if settings.curl => refused(
                    "output",
                    "--curl prints a command line (help: for the request as JSON, give --dry-run -o json)",
                ),
                Some(Output::Table | Output::Csv | Output::Yaml) => refused(
                    "output",
                    "--dry-run prints a request as text or as JSON (help: give -o json, or leave -o out)",
                ),
                _ => Ok(()),
            };
        }
        if settings.raw || self.operation.operation.response() != ResponseContent::Json {
            return Ok(());
        }
        let checked = view.check_columns(self.venue, &self.response_schema());
        checked.map_err(|reason| Failure::Usage(format!("--columns: {reason}")))
    }

    /// Checks the page and the size of a list in pages before the first page is asked for: a venue
    /// may answer any page to a number that it does not expect, and the next number follows from
    /// it.
    fn check_pages(&self, pages: Pagination) -> Result<(), Failure> {
        let flags = flags::parameters(self.operation.parameters);
        let all = self.operation.operation.parameters().iter().zip(self.operation.parameters).zip(flags);
        for ((parameter, meta), flag) in all {
            let Some(value) = self.value(meta)? else { continue };
            let text: String = serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned());
            let refused = |expected: &str| {
                Err(Failure::Usage(format!("--{flag}: {text} is not valid with --all (expected {expected})")))
            };
            let least = match meta.name == pages.parameter() {
                true => pages::first(pages),
                false => pages::is_size(meta.name).then_some(1),
            };
            if let Some(least) = least
                && !text.parse::<u64>().is_ok_and(|number| number >= least)
            {
                return refused(&format!("a whole number of at least {least}"));
            }
            if least.is_some()
                && let (Some(bounds), Some(number)) = (parameter.bounds(), decimal(&text))
                && !is_within(bounds, number)
            {
                return refused(&bounds.phrases().join(", "));
            }
        }
        Ok(())
    }

    /// Makes the call. If the user asks for it, learns the venue's time first; fails if the time
    /// cannot be read. If the venue refuses the time of the request, prepares the help text about
    /// the clock.
    async fn exchange(&self, client: &Client, call: AnyCall) -> Result<Ended, Failure> {
        if self.settings.sync_clock
            && let Err(error) = client.sync_clock().await
        {
            return Err(Failure::NotSent(format!("the venue's time could not be read: {error}")));
        }
        let result = call.await;
        let clock = match &result {
            Err(error) if error.is_clock_refusal() => Some(self.clock_help(client).await),
            _ => None,
        };
        Ok(Ended { result, clock })
    }

    /// Calls an operation for one page after the other. The value of the response is the list of
    /// the items of all pages.
    async fn follow(&self, client: &Client, arguments: &Arguments) -> Result<Ended, Failure> {
        let operation = self.operation.operation;
        let no_pages = || Failure::Usage("--all: the document does not describe pages of this operation".to_owned());
        let name = operation.pagination().ok_or_else(no_pages)?.parameter();
        let meta = self.operation.parameters.iter().find(|meta| meta.name == name).ok_or_else(no_pages)?;
        let is_text = value::json_type(&value::schema(self.venue, meta.schema)) == "string";
        let mut pager = Pager::new(self.venue.venue, operation, self.value(meta)?).ok_or_else(no_pages)?;
        let mut items: Vec<Json> = Vec::new();
        loop {
            let arguments = match pager.value() {
                // The id of an item may be a number where the parameter is a text.
                Some(value) if is_text && !value.get().starts_with('"') => {
                    let text = Json::encode(value.get()).map_err(|error| Failure::NotSent(error.to_string()))?;
                    arguments.clone().set(name, text)
                }
                Some(value) => arguments.clone().set(name, value.clone()),
                None => arguments.clone(),
            };
            let Ended { result, clock } = self.exchange(client, self.call(client, arguments)?).await?;
            let response = match result {
                Ok(response) => response,
                Err(error) => return Ok(Ended { result: Err(error), clock }),
            };
            match pager.accept_response(&response) {
                Ok(page) => items.extend(page),
                Err(error) => return Ok(Ended { result: Err(error), clock }),
            }
            if pager.is_done() {
                if pager.repeated() > 0 {
                    let note = format!(
                        "note: {} of the items came twice, because the list moved while its pages were read",
                        pager.repeated()
                    );
                    output::tell(&note);
                }
                let all = Json::encode(&items).map_err(|error| Failure::NotSent(error.to_string()))?;
                return Ok(Ended { result: Ok(response.map(|_| all)), clock });
            }
        }
    }

    /// Repeats a read until a signal comes. Prints a response if it differs from the one before.
    async fn watch(
        &self,
        client: &Client,
        arguments: &Arguments,
        every: Duration,
        can_be_sent: bool,
    ) -> Result<Exit, Failure> {
        let mut signals = Signals::listen().map_err(|error| Failure::NotSent(error.to_string()))?;
        let (mut repeated, mut is_first) = (Repeated::default(), true);
        let format = self.settings.output;
        let is_for_people = matches!(format, Output::Pretty | Output::Table);
        let paint = self.settings.view.paint();
        loop {
            let begin = Instant::now();
            let call = self.call(client, arguments.clone())?;
            let ended = tokio::select! {
                biased;
                () = signals.first() => {
                    client.abort_calls();
                    return Ok(Exit::Done);
                }
                ended = self.exchange(client, call) => ended?,
            };
            match ended.result {
                Ok(response) => {
                    let shown = self.shown(response.value()).map_err(Failure::Output)?;
                    let text = output::with_line_break(&shown.text);
                    let text = if is_for_people { repeated.marked(&text, paint) } else { repeated.changed(&text) };
                    let clear = if is_for_people && io::stdout().is_terminal() { output::CLEAR } else { "" };
                    match text.map(|text| output::write(format!("{clear}{text}").as_bytes())) {
                        Some(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Done),
                        Some(Err(error)) => return Err(Failure::Output(error)),
                        Some(Ok(())) => shown.tell(),
                        None => {}
                    }
                }
                Err(error) if is_first || error.outcome() == Outcome::Refused => {
                    return Err(self.failed(error, None, can_be_sent, ended.clock));
                }
                // The read is repeated anyway.
                Err(error) => output::tell(&format!("note: {}", output::harmless(&error.to_string()))),
            }
            is_first = false;
            tokio::select! {
                biased;
                () = signals.first() => return Ok(Exit::Done),
                () = tokio::time::sleep(every.saturating_sub(begin.elapsed())) => {}
            }
        }
    }

    /// Returns the help text for a request whose time was refused. The client has learnt the
    /// venue's time from the response, or requests it now.
    async fn clock_help(&self, client: &Client) -> String {
        let has_learnt = client.clock_offset() != ClockOffset::default();
        let has_learnt = has_learnt || client.sync_clock().await.is_ok();
        let known = has_learnt.then(|| client.clock_offset());
        failure::clock_help(known, self.venue.venue)
    }

    fn failed(&self, error: Error, body: Option<&Json>, can_be_sent: bool, clock: Option<String>) -> Failure {
        let credentials = credentials::advice(self.venue);
        let sent = self.request(body);
        let look_ups = explain::look_ups(self.venue, self.operation, sent.as_ref());
        let given = failure::Given {
            credentials: (!can_be_sent).then_some(&credentials),
            explained: self.settings.explain,
            raw: self.settings.raw,
            base_url: self.settings.base_url.as_deref(),
            look_ups: &look_ups,
        };
        let help = failure::help(&error, given);
        Failure::Call {
            venue: self.venue.venue.name(),
            request: sent.filter(|_| failure::is_to_be_looked_up(&error)),
            body: failure::body(&error),
            meaning: failure::meaning(self.venue, &error),
            help: clock.or(help),
            error: Box::new(error),
        }
    }

    /// Returns the exit code of a call that succeeded, or a failure if elements of its batch failed
    /// or are missing.
    fn exit_of(&self, response: &Response<Json>, body: Option<&Json>) -> Result<Exit, Failure> {
        let failed = response.failed_elements();
        let different = response.element_counts().filter(|counts| !counts.are_equal());
        if failed.is_empty() && different.is_none() {
            return Ok(Exit::Done);
        }
        let is_to_be_looked_up =
            different.is_some() || failed.iter().any(|element| element.outcome() != Outcome::Refused);
        Err(Failure::Partial {
            venue: self.venue.venue.name(),
            operation: self.operation.operation,
            failed: failed.to_vec(),
            different,
            request: is_to_be_looked_up.then(|| self.request(body)).flatten(),
        })
    }

    /// Returns the request as JSON: the parameters by their names on the wire, and the body.
    fn request(&self, body: Option<&Json>) -> Option<Json> {
        let mut members = Vec::new();
        for meta in self.operation.parameters {
            if let Ok(Some(value)) = self.value(meta) {
                members.push(format!("{}:{value}", quoted(meta.name)));
            }
        }
        members.extend(body.map(|body| format!("\"body\":{body}")));
        Json::parse(format!("{{{}}}", members.join(","))).ok()
    }

    fn arguments(&self, body: Option<&Json>) -> Result<Arguments, Failure> {
        let mut arguments = Arguments::new();
        for meta in self.operation.parameters {
            if let Some(value) = self.value(meta)? {
                arguments = arguments.set(meta.name, value);
            }
        }
        Ok(match body {
            Some(body) => arguments.set_body(body.clone()),
            None => arguments,
        })
    }

    fn is_null(&self, meta: &ParameterMeta) -> bool {
        is_null(self.matches, meta)
    }

    fn value(&self, meta: &ParameterMeta) -> Result<Option<Json>, Failure> {
        value_of(self.venue, self.matches, meta)
    }

    /// Returns whether the parameter of this name has a value. If the parameter is not given or
    /// does not exist, returns whether the property of the body has a value.
    fn is_given(&self, name: &str, body: Option<&Json>) -> bool {
        let meta = self.operation.parameters.iter().find(|meta| meta.name == name);
        match meta.map(|meta| self.value(meta)) {
            Some(Ok(Some(value))) => confirm::has_value(&value),
            Some(Err(_)) => false,
            _ => body.is_some_and(|body| confirm::has_property(body, name)),
        }
    }

    fn body_text(&self) -> Option<&String> {
        self.operation.operation.body()?;
        self.matches.get_one::<String>("body")
    }

    fn is_body_from_stdin(&self) -> bool {
        self.body_text().is_some_and(|text| text == "-")
    }

    fn body(&self) -> Result<Option<Json>, Failure> {
        let Some(text) = self.body_text() else {
            let given = body_flags::body(self.venue, self.operation, self.matches).map(Json::parse).transpose();
            return given.map_err(|error| Failure::Usage(format!("the body is not JSON: {error}")));
        };
        let (what, text) = match text.strip_prefix('@') {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| Failure::Usage(format!("--body: {path} cannot be read: {error}")))?;
                (path, text)
            }
            None if text == "-" => {
                let mut text = String::new();
                io::stdin()
                    .read_to_string(&mut text)
                    .map_err(|error| Failure::Usage(format!("--body: standard input cannot be read: {error}")))?;
                ("standard input", text)
            }
            None => ("--body", text.clone()),
        };
        Json::parse(text.as_str()).map(Some).map_err(|error| {
            let help = if what == "--body" { file_help(&text) } else { String::new() };
            Failure::Usage(format!("{what} is not JSON: {error}{help}"))
        })
    }

    /// Asks the user to confirm the operation. Returns an error if the user cannot be asked or does
    /// not agree.
    fn ask(
        &self,
        where_to: &str,
        arguments: Arguments,
        body: Option<&Json>,
        credentials: Option<&Credentials>,
    ) -> Result<(), Failure> {
        let name = format!("{} {}", self.venue.venue.name(), flags::operation(self.venue, self.operation));
        if self.is_body_from_stdin() || !confirm::can_ask() {
            // `--env test` is not suggested if a base URL is given, or if the venue has no test
            // host.
            let has_test = self.venue.venue.servers().iter().any(|server| server.environment() == Environment::Test);
            let or_test = if has_test && self.settings.base_url.is_none() { ", or --env test" } else { "" };
            return Err(Failure::Usage(format!(
                "{name} needs confirmation, because it goes to production of {} at {where_to} (help: add --yes{or_test})",
                self.venue.venue.title()
            )));
        }
        let mut what = format!("{} ({name}) at {where_to}: {}", self.venue.venue.title(), self.operation.summary);
        for meta in self.operation.parameters {
            if self.is_null(meta) {
                what.push_str(&format!("\n  {}: null", meta.name));
            }
            for value in self.matches.get_many::<Json>(&command::argument_id(meta.name)).into_iter().flatten() {
                what.push_str(&format!("\n  {}: {value}", meta.name));
            }
        }
        // Key, time and signature are left out: a signature is only for the venue and `--dry-run`.
        let mut builder = self.settings.apply(self.venue.builder());
        if let Some(credentials) = credentials {
            builder = builder.signer(Unsigned(Arc::clone(&credentials.signer)));
        }
        let (recorded, _) = self.record(builder, arguments, body, true)?;
        let hidden = credentials.map_or(&[][..], |credentials| &credentials.hidden);
        let beside = if credentials.is_some() { ", beside key and signature" } else { "" };
        what.push_str(&format!("\nSent{beside}:"));
        for line in recorded.to_text(hidden).lines() {
            what.push_str(&format!("\n  {line}"));
        }
        confirm::ask(&what)
    }

    /// Prints a response. Credentials are hidden in the response of a failure only: that of a
    /// success goes to the program that asked for it as it is.
    fn print(&self, response: &Response<Json>, is_failure: bool) -> Result<(), Failure> {
        self.explain(response.explanation());
        let hidden = is_failure.then(|| Json::parse(secrets::redact_json(response.value().get())).unwrap_or_default());
        let value = hidden.as_ref().unwrap_or(response.value());
        let written = match self.settings.raw {
            true if is_failure => output::write(&secrets::redact_bytes(response.body(), false)),
            true => output::write(response.body()),
            false => self.shown(value).and_then(|shown| {
                output::write(output::with_line_break(&shown.text).as_bytes())?;
                shown.tell();
                Ok(())
            }),
        };
        if written.is_ok() && failure::changes(self.operation.operation) && output::may_have_been_closed() {
            let name = flags::operation(self.venue, self.operation);
            // Elements of a batch that failed were not carried out.
            let done = if is_failure { "was answered" } else { "was carried out" };
            output::tell(&format!(
                "note: {} {name} {done}, and standard output is closed; the response is: {}",
                self.venue.venue.name(),
                output::harmless(value.get())
            ));
        }
        self.written(written, response)
    }

    /// Returns a function that prints the pieces of a stream. It closes the stream if stdout
    /// fails.
    fn stream_to(&self, streamed: &Arc<Mutex<Streamed>>) -> impl Fn(&HeaderMap, &[u8]) -> bool + use<> {
        let (streamed, printer) = (Arc::clone(streamed), Mutex::new(Printer::new(self.settings.raw)));
        move |headers, piece| {
            let media_type = headers.get("content-type").and_then(|media_type| media_type.to_str().ok());
            let result = printer.lock().unwrap_or_else(PoisonError::into_inner).print(media_type, piece);
            let is_printed = result.is_ok();
            *streamed.lock().unwrap_or_else(PoisonError::into_inner) = match result {
                Ok(()) => Streamed::Printed,
                Err(error) => Streamed::Failed(error),
            };
            is_printed
        }
    }

    /// Returns an error if the response could not be printed.
    fn written(&self, written: io::Result<()>, response: &Response<Json>) -> Result<(), Failure> {
        match written {
            // An operation that changes nothing can be repeated, so a closed pipe is not a failure.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && !failure::changes(self.operation.operation) => {
                Ok(())
            }
            Err(error) => Err(Failure::Unwritten {
                venue: self.venue.venue.name(),
                operation: self.operation.operation,
                response: response.value().clone(),
                error,
            }),
            Ok(()) => Ok(()),
        }
    }

    /// Returns the response in the chosen format.
    fn shown(&self, response: &Json) -> io::Result<Shown> {
        self.settings.view.response(self.settings.output, self.venue, &self.response_schema(), response.get())
    }

    /// Returns the schema of what is printed: the response, or the items of all pages.
    fn response_schema(&self) -> serde_json::Value {
        let schema = value::schema(self.venue, self.operation.response_schema.unwrap_or("null"));
        match self.operation.operation.pagination().filter(|_| self.settings.all) {
            Some(pages) => value::list_at(self.venue, &schema, pages.items()),
            None => schema,
        }
    }

    /// Keeps the names of markets for completions, if the response has the venue's list.
    fn keep_markets(&self, response: &Response<Json>) {
        if !markets::list_operation(self.venue).is_some_and(|list| std::ptr::eq(list, self.operation)) {
            return;
        }
        // A page has some of the markets only.
        if self.operation.operation.pagination().is_some_and(|pages| !self.is_whole_list(pages)) {
            return;
        }
        let Ok(tree) = Tree::parse(response.value().get()) else { return };
        // Without the file, completions show fewer candidates.
        let _ = self.host().keep(markets::names(self.venue, &self.response_schema(), &tree));
    }

    /// Returns whether the pages of a list are followed from the first one on.
    fn is_whole_list(&self, pages: Pagination) -> bool {
        let meta = self.operation.parameters.iter().find(|meta| meta.name == pages.parameter());
        let value = meta.and_then(|meta| self.value(meta).ok().flatten());
        let number = value.and_then(|value| value.get().trim_matches('"').parse::<u64>().ok());
        self.settings.all && number.is_none_or(|number| Some(number) == pages::first(pages))
    }

    fn host(&self) -> Host<'_> {
        Host { venue: self.venue, base_url: self.settings.base_url.as_deref(), environment: self.settings.environment }
    }

    /// Returns a hint about a market that is empty, or that the venue's list does not have. The
    /// list is the one that is kept: nobody is asked for it. `is_nothing`: whether the call failed,
    /// or returned nothing.
    fn market_hint(&self, body: Option<&Json>, is_nothing: bool) -> Option<String> {
        let of_parameters = self.operation.parameters.iter().filter(|meta| markets::is_market(meta.name));
        let mut given: Vec<(String, Json)> =
            of_parameters.filter_map(|meta| Some((meta.name.to_owned(), self.value(meta).ok().flatten()?))).collect();
        if let Some(Ok(Tree::Object(members))) = body.map(|body| Tree::parse(body.get())) {
            let members = members.iter().filter(|(name, _)| markets::is_market(name));
            given.extend(members.filter_map(|(name, value)| Some((name.clone(), Json::parse(value.to_json()).ok()?))));
        }
        self.host().hint(&given, is_nothing)
    }

    fn explain(&self, explanation: Option<&str>) {
        if !self.settings.explain {
            return;
        }
        let text = match explanation {
            Some(text) => format!("signed: {}", output::harmless(text)),
            None => "signed: nothing".to_owned(),
        };
        output::tell(&text);
    }
}

/// Returns the number of a text; `None` if it is not a number, or has too many digits.
fn decimal(text: &str) -> Option<Decimal> {
    text.parse().or_else(|_| Decimal::from_scientific(text)).ok()
}

/// Returns whether a number is within its bounds.
fn is_within(bounds: &Bounds, number: Decimal) -> bool {
    let is = |bound: Option<&str>, fits: fn(&Decimal, &Decimal) -> bool| {
        bound.and_then(decimal).is_none_or(|bound| fits(&number, &bound))
    };
    is(bounds.minimum(), Decimal::ge)
        && is(bounds.exclusive_minimum(), Decimal::gt)
        && is(bounds.maximum(), Decimal::le)
        && is(bounds.exclusive_maximum(), Decimal::lt)
}

/// Returns whether a call whose stream was printed ended as the user wanted. Ctrl-C is the end of
/// a stream of an operation that only reads.
fn is_end_of_stream(kind: ErrorKind, changes: bool) -> bool {
    kind == ErrorKind::Aborted && !changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_compared_with_its_bounds_without_rounding() {
        static BOUNDS: Bounds = Bounds::new().with_minimum("1").with_maximum("1000");
        static OPEN: Bounds = Bounds::new().with_exclusive_minimum("0").with_exclusive_maximum("1e3");
        for (text, in_bounds, in_open) in [
            ("1", true, true),
            ("1000", true, false),
            ("0.9999999999999999999999", false, true),
            ("1000.0000000000000000000001", false, false),
            ("-5", false, false),
            ("1e2", true, true),
        ] {
            let number = decimal(text).unwrap();
            assert_eq!((is_within(&BOUNDS, number), is_within(&OPEN, number)), (in_bounds, in_open), "{text}");
        }
        assert_eq!(decimal("now"), None);
    }

    #[test]
    fn ctrl_c_is_the_end_of_a_stream_that_only_reads_and_a_silence_is_an_error() {
        assert!(is_end_of_stream(ErrorKind::Aborted, false));
        assert!(!is_end_of_stream(ErrorKind::Aborted, true));
        assert!(!is_end_of_stream(ErrorKind::Timeout, false));
        assert!(!is_end_of_stream(ErrorKind::Cut, false));
    }
}
