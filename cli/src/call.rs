//! `venue call`.

use std::io::{self, Read as _, Write as _};

use clap::ArgMatches;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use venuekit::meta::{Arguments, OperationMeta, ParameterMeta, VenueMeta};
use venuekit::operation::{Environment, Security};
use venuekit::wire::Json;
use venuekit::{Error, Reply};

use crate::credentials::Loaded;
use crate::failure::{Exit, Failure};
use crate::settings::{Output, Settings};
use crate::tree::Tree;
use crate::{command, confirm, credentials, failure, flags, output, table, value};

/// A call as the command line has it.
struct Invocation<'a> {
    venue: &'static VenueMeta,
    operation: &'static OperationMeta,
    settings: Settings,
    matches: &'a ArgMatches,
}

pub(crate) fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let Some(venue) = venuekit_venues::venue(name) else { return Ok(Exit::Usage) };
    let Some((name, matches)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let operation = venue.operations.iter().find(|meta| flags::operation(venue, meta) == name);
    let Some(operation) = operation else { return Ok(Exit::Usage) };
    let settings = Settings::of(matches);
    if settings.verbose {
        log_to_stderr();
    }
    Invocation { venue, operation, settings, matches }.run()
}

/// What the clients do. Only they: what lies below them may log URLs, and some venues have the signature there.
fn log_to_stderr() {
    let ours = Targets::new().with_target("venuekit", LevelFilter::DEBUG);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    tracing_subscriber::registry().with(lines).with(ours).init();
}

impl Invocation<'_> {
    fn run(&self) -> Result<Exit, Failure> {
        let body = self.body()?;
        let arguments = self.arguments(body.as_ref())?;
        let mut builder = self.settings.apply(self.venue.builder());
        let needs_credentials = self.operation.operation.security() != Security::Public;
        let loaded = if needs_credentials { credentials::load(self.venue)? } else { None };
        // Without credentials the call will say so itself; there is nothing to agree to.
        let can_be_sent = !needs_credentials || loaded.is_some();
        if let Some(loaded) = &loaded {
            builder = builder.signer(loaded.signer.clone());
        }
        let client = builder.build().map_err(|error| self.failed(error, loaded.as_ref()))?;
        let where_to = client.base_url().to_owned();
        let call = (self.venue.connect)(client)
            .call(self.operation.operation.id(), arguments)
            .map_err(|error| Failure::Usage(format!("{} {error}", self.venue.venue.name())))?;
        let given = |name: &str| self.is_given(name, body.as_ref());
        let has_to_ask = self.settings.is_production() && confirm::is_needed(self.operation.operation, given);
        if has_to_ask && can_be_sent && !self.settings.yes {
            self.ask(&where_to, body.as_ref())?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::NotSent(error.to_string()))?;
        let result = runtime.block_on(call);
        // A name that is being looked up must not hold up the end.
        runtime.shutdown_background();
        match result {
            Ok(reply) => self.print(&reply).map(|()| Exit::Done),
            Err(error) => {
                self.explain(error.explanation());
                if let Some(body) = error.body().filter(|_| self.settings.raw) {
                    output::write(body)?;
                }
                Err(self.failed(error, loaded.as_ref()))
            }
        }
    }

    fn failed(&self, error: Error, loaded: Option<&Loaded>) -> Failure {
        let credentials = credentials::help(self.venue);
        let hint = failure::hint(&error, loaded.is_none().then_some(&credentials), self.settings.explain);
        let hidden = loaded.map(|loaded| loaded.hidden.each_ref().map(|text| text.as_str())).unwrap_or_default();
        let body = failure::body(&error, &hidden);
        Failure::Call { venue: self.venue.venue.name(), error: Box::new(error), body, hint }
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

    /// The value of a parameter, where it is given.
    fn value(&self, meta: &ParameterMeta) -> Result<Option<Json>, Failure> {
        let Some(values) = self.matches.get_many::<Json>(&command::argument_id(meta.name)) else { return Ok(None) };
        let mut values = values.cloned();
        Ok(Some(match value::Kind::of(self.venue, &value::schema(self.venue, meta.schema)) {
            value::Kind::List(_) => {
                Json::encode(&values.collect::<Vec<_>>()).map_err(|error| Failure::Usage(error.to_string()))?
            }
            _ => values.next_back().unwrap_or_default(),
        }))
    }

    /// Whether the parameter of this name says something; where it is not given, the member of the body.
    fn is_given(&self, name: &str, body: Option<&Json>) -> bool {
        let meta = self.operation.parameters.iter().find(|meta| meta.name == name);
        match meta.map(|meta| self.value(meta)) {
            Some(Ok(Some(value))) => confirm::says_something(&value),
            Some(Err(_)) => false,
            _ => body.is_some_and(|body| confirm::has_member(body, name)),
        }
    }

    fn body_text(&self) -> Option<&String> {
        self.operation.operation.body()?;
        self.matches.get_one("body")
    }

    fn is_body_from_stdin(&self) -> bool {
        self.body_text().is_some_and(|text| text == "-")
    }

    fn body(&self) -> Result<Option<Json>, Failure> {
        let Some(text) = self.body_text() else { return Ok(None) };
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
        Json::parse(text).map(Some).map_err(|error| Failure::Usage(format!("{what} is not JSON: {error}")))
    }

    /// Lets the user agree to what is about to be done.
    fn ask(&self, where_to: &str, body: Option<&Json>) -> Result<(), Failure> {
        let name = format!("{} {}", self.venue.venue.name(), flags::operation(self.venue, self.operation));
        if self.is_body_from_stdin() || !confirm::can_ask() {
            // The environment is no way out where a base URL is given, nor where the venue has no test host.
            let has_test = self.venue.venue.servers().iter().any(|server| server.environment() == Environment::Test);
            let or_test = if has_test && self.settings.base_url.is_none() { ", or --env test" } else { "" };
            return Err(Failure::Usage(format!(
                "{name} is for real at {where_to}: say --yes to have it done without being asked{or_test}"
            )));
        }
        let mut what = format!("{name} at {where_to}: {}", self.operation.summary);
        for meta in self.operation.parameters {
            for value in self.matches.get_many::<Json>(&command::argument_id(meta.name)).into_iter().flatten() {
                what.push_str(&format!("\n  {}: {value}", meta.name));
            }
        }
        if let Some(body) = body {
            what.push_str(&format!("\n  {body}"));
        }
        confirm::ask(&what)
    }

    fn print(&self, reply: &Reply<Json>) -> Result<(), Failure> {
        self.explain(reply.explanation());
        if self.settings.raw {
            return output::write(reply.raw());
        }
        let unreadable = |error: serde_json::Error| Failure::Output(error.into());
        let text = match self.settings.output {
            Output::Json => reply.get().to_owned(),
            Output::Pretty => Tree::parse(reply.get()).map_err(unreadable)?.pretty(),
            Output::Table => {
                let schema = value::schema(self.venue, self.operation.reply_schema.unwrap_or("null"));
                table::of_reply(self.venue, &schema, &Tree::parse(reply.get()).map_err(unreadable)?)
            }
        };
        output::line(&text)
    }

    fn explain(&self, explanation: Option<&str>) {
        if !self.settings.explain {
            return;
        }
        let text = match explanation {
            Some(text) => format!("signed: {}", output::harmless(text)),
            None => "signed: nothing".to_owned(),
        };
        // Without a stderr there is nobody to tell.
        let _ = writeln!(io::stderr(), "{text}");
    }
}
