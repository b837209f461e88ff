//! Completions in a shell: the script that a shell loads, and the candidates for a word.
//!
//! The candidates are computed when the user asks for them, because the names of markets, faults
//! and profiles are not known before.

use std::ffi::{OsStr, OsString};
use std::io;
use std::time::Duration;

use clap::{ArgMatches, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};
use venuekit::meta::{Arguments, VenueMeta};
use venuekit::operation::Environment;
use venuekit_json::Tree;
use venuekit_mock::Fault;
use venuekit_venues::VENUES;

use crate::command::{self, Wanted};
use crate::failure::{Exit, Failure};
use crate::markets::{self, Host};
use crate::{output, profile};

/// The variable with which a script asks for candidates.
const VARIABLE: &str = "VENUE_COMPLETE";

/// The maximum time to wait for a venue's list of markets, while the user waits for candidates.
const PATIENCE: Duration = Duration::from_secs(2);

/// Runs `venue completions`: prints the script of a shell.
pub(crate) fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let shell = matches.get_one::<String>("shell").map(String::as_str).unwrap_or_default();
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(shell) else { return Ok(Exit::Usage) };
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "venue", "venue", "venue", &mut script).map_err(Failure::Output)?;
    output::line(&String::from_utf8_lossy(&script)).map_err(Failure::Output)?;
    Ok(Exit::Done)
}

/// Prints candidates if a script asks for them. Returns false if none does.
pub(crate) fn answer(arguments: &[OsString]) -> io::Result<bool> {
    if std::env::var_os(VARIABLE).is_none() {
        return Ok(false);
    }
    // A fault in the config file is told by the commands. Candidates do without it.
    let _ = profile::load(None);
    let words = arguments.to_vec();
    let complete = CompleteEnv::with_factory(move || root(&words)).var(VARIABLE).bin("venue").completer("venue");
    complete.try_complete(arguments.iter().cloned(), std::env::current_dir().ok().as_deref()).map_err(io::Error::other)
}

/// Returns the command `venue` with candidates for values.
fn root(words: &[OsString]) -> Command {
    let given: Vec<String> = words.iter().filter_map(|word| word.to_str()).map(str::to_owned).collect();
    let mut root = command::root(&Wanted::of(words));
    root = root.mut_arg("profile", |arg| arg.add(ArgValueCompleter::new(profiles)));
    let named = VENUES.iter().filter(|meta| given.iter().any(|word| word == meta.venue.name()));
    let named: Vec<&'static VenueMeta> = named.copied().collect();
    let of_faults = named.clone();
    root = root.mut_subcommand("mock", |mock| {
        mock.mut_arg("fault", |arg| arg.add(ArgValueCompleter::new(move |word: &OsStr| faults(word, &of_faults))))
    });
    for above in ["call", "watch"] {
        for meta in &named {
            root = root.mut_subcommand(above, |command| with_markets(command, meta, &given));
        }
    }
    root
}

/// Adds candidates to the parameters of a venue's operations that are markets.
fn with_markets(command: Command, meta: &'static VenueMeta, given: &[String]) -> Command {
    let command = command.mut_args(|arg| match arg.get_id().as_str() {
        "profile" => arg.add(ArgValueCompleter::new(profiles)),
        _ => arg,
    });
    let name = meta.venue.name();
    if command.find_subcommand(name).is_none() {
        return command;
    }
    command.mut_subcommand(name, |venue| {
        let operations: Vec<String> =
            venue.get_subcommands().map(|operation| operation.get_name().to_owned()).collect();
        operations.into_iter().fold(venue, |venue, operation| {
            venue.mut_subcommand(operation, |operation| {
                operation.mut_args(|arg| {
                    let id = arg.get_id().as_str();
                    let value = id.strip_prefix("parameter ").or(id.strip_prefix("member "));
                    if !value.is_some_and(markets::is_market) || !arg.get_possible_values().is_empty() {
                        return arg;
                    }
                    let given = given.to_vec();
                    arg.add(ArgValueCompleter::new(move |word: &OsStr| symbols(word, meta, &given)))
                })
            })
        })
    })
}

/// Returns the candidates that begin with a word. If none does, upper and lower case do not matter.
fn beginning_with(word: &OsStr, all: impl Iterator<Item = (String, Option<String>)>) -> Vec<CompletionCandidate> {
    let word = word.to_string_lossy().into_owned();
    let all: Vec<(String, Option<String>)> = all.collect();
    let begins = |text: &str, is_exact: bool| match is_exact {
        true => text.starts_with(&word),
        false => text.to_lowercase().starts_with(&word.to_lowercase()),
    };
    let is_exact = all.iter().any(|(text, _)| begins(text, true));
    let found = all.into_iter().filter(|(text, _)| begins(text, is_exact));
    found.map(|(text, help)| CompletionCandidate::new(text).help(help.map(Into::into))).collect()
}

fn profiles(word: &OsStr) -> Vec<CompletionCandidate> {
    beginning_with(word, profile::current().all.iter().map(|name| (name.clone(), None)))
}

/// Returns the candidates for a fault: its name, then its options.
fn faults(word: &OsStr, venues: &[&'static VenueMeta]) -> Vec<CompletionCandidate> {
    const OPTIONS: [(&str, &str); 6] = [
        ("before", "the venue does not carry the request out"),
        ("after", "the venue has carried the request out"),
        ("on=", "only requests of this operation"),
        ("after=", "not the first N requests"),
        ("times=", "at most N requests"),
        ("share=", "a fraction of the requests"),
    ];
    let text = word.to_string_lossy().into_owned();
    let Some((first, last)) = text.rsplit_once(',') else {
        let names = Fault::ALL.iter().map(|info| (info.name.to_owned(), Some(info.effect.replace('`', ""))));
        return beginning_with(word, names);
    };
    let more: Vec<(String, Option<String>)> = match last.strip_prefix("on=") {
        Some(_) => {
            let venues = if venues.is_empty() { VENUES } else { venues };
            let mut ids: Vec<&str> =
                venues.iter().flat_map(|venue| venue.operations).map(|meta| meta.operation.id()).collect();
            ids.sort_unstable();
            ids.dedup();
            ids.into_iter().map(|id| (format!("{first},on={id}"), None)).collect()
        }
        None => OPTIONS.iter().map(|(name, help)| (format!("{first},{name}"), Some((*help).to_owned()))).collect(),
    };
    beginning_with(word, more.into_iter())
}

/// Returns the candidates for a market: those of the venue's own list, or else the examples of the
/// spec.
fn symbols(word: &OsStr, meta: &'static VenueMeta, given: &[String]) -> Vec<CompletionCandidate> {
    let value_of = |flag: &str| {
        let apart = given.iter().zip(given.iter().skip(1)).filter(|(word, _)| *word == flag).map(|(_, value)| value);
        let joined = given.iter().filter_map(|word| word.strip_prefix(flag)?.strip_prefix('='));
        apart.map(String::as_str).chain(joined).next_back()
    };
    let (profile, name) = (profile::current(), meta.venue.name());
    let environment = value_of("--env").map(|name| match name {
        "test" => Environment::Test,
        _ => Environment::Production,
    });
    let of_profile = || if environment.is_none() { profile.base_url(name) } else { None };
    let host = Host {
        venue: meta,
        base_url: value_of("--base-url").or_else(of_profile),
        environment: environment.or(profile.environment(name)).unwrap_or(Environment::Production),
    };
    let known = host.known();
    let fresh = match &known {
        Some(known) if !known.is_old() => None,
        _ => ask(&host),
    };
    let markets = fresh.or(known.map(|known| known.markets)).unwrap_or_else(|| examples(meta));
    beginning_with(word, markets.into_iter().map(|market| (market, None)))
}

/// Asks a venue for its markets, and keeps the list. A public host is asked only if it is a test
/// host, or if the user allows it: a key press must not call production without being asked to.
fn ask(host: &Host<'_>) -> Option<Vec<String>> {
    let operation = markets::list_operation(host.venue).filter(|operation| markets::is_public(operation))?;
    let builder = host.venue.builder().environment(host.environment).timeout(PATIENCE);
    let builder = match host.base_url {
        Some(url) => builder.base_url(url),
        None => builder,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let client = builder.build().ok()?;
    let is_test = host.base_url.is_none() && host.environment == Environment::Test;
    if !is_test && !client.is_on_this_machine() && !profile::current().may_complete_by_calls {
        return None;
    }
    let call = (host.venue.connect)(client).call(operation.operation.id(), Arguments::new()).ok()?;
    let response = runtime.block_on(call).ok()?;
    runtime.shutdown_background();
    let markets = markets::names(host.venue, operation, &Tree::parse(response.value().get()).ok()?);
    // A list that cannot be kept is asked for again.
    let _ = host.keep(markets.clone());
    Some(markets).filter(|markets| !markets.is_empty())
}

/// Returns the markets in the examples of a venue's parameters.
fn examples(meta: &VenueMeta) -> Vec<String> {
    let parameters = meta.operations.iter().flat_map(|operation| operation.parameters);
    let examples = parameters.filter(|parameter| markets::is_market(parameter.name));
    let texts = examples.filter_map(|parameter| serde_json::from_str::<String>(parameter.example?).ok());
    let mut texts: Vec<String> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}
