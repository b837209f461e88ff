//! Completions in a shell: the script that a shell loads, and the candidates for a word.
//!
//! The candidates are computed when the user asks for them, because the names of markets, faults
//! and profiles are not known before.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use clap::builder::PossibleValue;
use clap::{Arg, ArgMatches, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};
use clap_complete::env::{CompleteEnv, Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};
use venuekit::Client;
use venuekit::meta::{Arguments, OperationMeta, ParameterMeta, VenueMeta};
use venuekit::operation::{Environment, Security};
use venuekit::paging::Pager;
use venuekit::wire::Json;
use venuekit_json::Tree;
use venuekit_mock::Fault;
use venuekit_venues::VENUES;

use crate::command::{self, Wanted};
use crate::failure::{Exit, Failure};
use crate::markets::{self, Host};
use crate::{credentials, output, pages, profile, value};

/// The variable with which a script asks for candidates.
const VARIABLE: &str = "VENUE_COMPLETE";

/// The maximum time to wait for a venue's list of markets, while the user waits for candidates.
const PATIENCE: Duration = Duration::from_secs(2);

/// The shells.
const SHELLS: Shells<'static> = Shells(&[&Bash, &Elvish, &Fish, &Powershell, &Zsh]);

/// Bash. It cuts words at the characters of `COMP_WORDBREAKS`, among them `=` and `:`, and replaces
/// only the piece behind the last one. The script of `clap_complete` takes these pieces for words.
/// This one gives the line, so that it is divided as bash does when it runs the command.
#[derive(Debug)]
struct Bash;

/// The variables in which the script of bash gives the line, the position of the cursor and the
/// characters at which bash cuts words.
const LINE: &str = "_VENUE_LINE";
const POINT: &str = "_VENUE_POINT";
const BREAKS: &str = "_VENUE_BREAKS";

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        write!(
            out,
            r#"_{name}_complete() {{
    local IFS=$'\n'
    COMPREPLY=( $({LINE}="$COMP_LINE" {POINT}="$COMP_POINT" {BREAKS}="$COMP_WORDBREAKS" {var}=bash {completer} -- {bin}) )
    if [[ $? != 0 ]]; then
        unset COMPREPLY
    elif [[ ${{#COMPREPLY[@]}} == 1 && ! "${{COMPREPLY-}}" =~ [=/:]$ ]]; then
        compopt +o nospace 2> /dev/null
    fi
}}
complete -o nospace -o bashdefault -F _{name}_complete {bin}
"#
        )
    }

    fn write_complete(
        &self,
        command: &mut Command,
        _: Vec<OsString>,
        current_dir: Option<&Path>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let variable = |name: &str| std::env::var(name).unwrap_or_default();
        let (words, index) = words_of(&variable(LINE), variable(POINT).parse().unwrap_or(usize::MAX));
        let word = words.get(index).cloned().unwrap_or_default();
        let breaks = variable(BREAKS);
        // Bash replaces what stands behind the last of these characters.
        let kept = word.rfind(|c| "=:".contains(c) && breaks.contains(c)).map_or(0, |at| at + 1);
        let kept = word.get(..kept).unwrap_or_default();
        let found = complete(command, words.into_iter().map(OsString::from).collect(), index, current_dir)?;
        for candidate in found {
            let text = candidate.get_value().to_string_lossy();
            writeln!(out, "{}", text.strip_prefix(kept).unwrap_or(&text))?;
        }
        Ok(())
    }
}

/// Divides a line into words, as a shell does. Returns the index of the word at the cursor too; it
/// ends there. A word whose quote is not closed yet is divided at its spaces.
fn words_of(line: &str, point: usize) -> (Vec<String>, usize) {
    let (before, after) = line.split_at_checked(point).unwrap_or((line, ""));
    let split = |text: &str| shlex::split(text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect());
    let mut words = split(before);
    if before.is_empty() || before.ends_with(char::is_whitespace) {
        words.push(String::new());
    }
    let index = words.len().saturating_sub(1);
    // The rest of the word at the cursor is not a word of its own.
    let after = after.find(char::is_whitespace).and_then(|at| after.get(at..)).unwrap_or_default();
    words.extend(split(after));
    (words, index)
}

/// Runs `venue completions`: prints the script of a shell.
pub(crate) fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let shell = matches.get_one::<String>("shell").map(String::as_str).unwrap_or_default();
    let Some(shell) = SHELLS.completer(shell) else { return Ok(Exit::Usage) };
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
    // The words of bash are in its line.
    let words: Vec<OsString> = match std::env::var(LINE) {
        Ok(line) => words_of(&line, usize::MAX).0.into_iter().map(OsString::from).collect(),
        Err(_) => arguments.to_vec(),
    };
    let texts: Vec<String> = words.iter().filter_map(|word| word.to_str()).map(str::to_owned).collect();
    // The name of the profile may not be whole yet. A fault in the config file is told by the
    // commands; candidates do without it.
    let chosen = value_of(&texts, "--profile");
    if chosen.is_none() || profile::load(chosen).is_err() {
        let _ = profile::load(None);
    }
    let complete = CompleteEnv::with_factory(move || root(&words));
    let complete = complete.var(VARIABLE).bin("venue").completer("venue").shells(SHELLS);
    complete.try_complete(arguments.iter().cloned(), std::env::current_dir().ok().as_deref()).map_err(io::Error::other)
}

/// Returns the command `venue` with candidates for values.
fn root(words: &[OsString]) -> Command {
    let given: Vec<String> = words.iter().filter_map(|word| word.to_str()).map(str::to_owned).collect();
    let mut root = command::root(&Wanted::of(words));
    root = with_profiles(root);
    let commands: Vec<String> = root.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    root = commands.into_iter().fold(root, |root, command| root.mut_subcommand(command, with_profiles));
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

/// Adds the names of profiles to the option of a command that takes one.
fn with_profiles(command: Command) -> Command {
    command.mut_args(|arg| match arg.get_id().as_str() {
        "profile" => arg.add(ArgValueCompleter::new(profiles)),
        _ => arg,
    })
}

/// Adds candidates to the parameters of a venue's operations that are markets.
fn with_markets(command: Command, meta: &'static VenueMeta, given: &[String]) -> Command {
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
                    let Some(value) = id.strip_prefix("parameter ").or(id.strip_prefix("member ")) else { return arg };
                    let choices = arg.get_possible_values();
                    if !choices.is_empty() {
                        return with_choices(arg, choices);
                    }
                    if !markets::is_market(value) {
                        return arg;
                    }
                    let given = given.to_vec();
                    arg.add(ArgValueCompleter::new(move |word: &OsStr| symbols(word, meta, &given)))
                })
            })
        })
    })
}

/// Adds the values of an enumeration as candidates, in upper or lower case, and by their names if
/// they are numbers.
fn with_choices(arg: Arg, choices: Vec<PossibleValue>) -> Arg {
    arg.add(ArgValueCompleter::new(move |word: &OsStr| {
        let help = |choice: &PossibleValue| choice.get_help().map(ToString::to_string);
        let names = choices.iter().map(|choice| (choice.get_name().to_owned(), help(choice)));
        let found = beginning_with(word, names);
        if !found.is_empty() {
            return found;
        }
        let aliases = choices.iter().flat_map(|choice| {
            choice.get_name_and_aliases().skip(1).map(move |alias| (alias.to_owned(), help(choice)))
        });
        beginning_with(word, aliases)
    }))
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

/// Returns the last value of a flag in the words of a line.
fn value_of<'a>(words: &'a [String], flag: &str) -> Option<&'a str> {
    let apart = words.iter().zip(words.iter().skip(1)).filter(|(word, _)| *word == flag).map(|(_, value)| value);
    let joined = words.iter().filter_map(|word| word.strip_prefix(flag)?.strip_prefix('='));
    apart.map(String::as_str).chain(joined).next_back()
}

/// Returns the candidates for a market: those of the venue's own list, or else the examples of the
/// spec.
fn symbols(word: &OsStr, meta: &'static VenueMeta, given: &[String]) -> Vec<CompletionCandidate> {
    let value_of = |flag: &str| value_of(given, flag);
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
    let markets = fresh.or(known.map(|known| known.markets)).unwrap_or_else(|| markets::examples(meta));
    beginning_with(word, markets.into_iter().map(|market| (market, None)))
}

/// Asks a venue for its markets, and keeps the list. A public host is asked only if it is a test
/// host, or if the user allows it: a key press must not call production without being asked to.
fn ask(host: &Host<'_>) -> Option<Vec<String>> {
    let operation = markets::list_operation(host.venue)?;
    let builder = host.venue.builder().environment(host.environment).timeout(PATIENCE);
    let builder = match host.base_url {
        Some(url) => builder.base_url(url),
        None => builder,
    };
    let builder = match operation.operation.security() {
        Security::Public => builder,
        _ => builder.signer(credentials::at_hand(host.venue, operation)?.signer),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let client = builder.build().ok()?;
    let is_test = host.base_url.is_none() && host.environment == Environment::Test;
    if !is_test && !client.is_on_this_machine() && !profile::current().may_complete_by_calls {
        return None;
    }
    let found = runtime.block_on(listed(host.venue, operation, client));
    runtime.shutdown_background();
    let (markets, is_whole) = found?;
    if is_whole {
        // A list that cannot be kept is asked for again.
        let _ = host.keep(markets.clone());
    }
    Some(markets).filter(|markets| !markets.is_empty())
}

/// Asks for the list of markets, page by page if it has pages. Returns whether it is whole, too:
/// the user does not wait for all pages of a long list.
async fn listed(venue: &VenueMeta, operation: &OperationMeta, client: Client) -> Option<(Vec<String>, bool)> {
    /// The number of markets of a page. Venues with pages refuse more.
    const SIZE: u64 = 100;
    let began = Instant::now();
    let by_name = (venue.connect)(client);
    let call = |arguments: Arguments| by_name.call(operation.operation.id(), arguments).ok();
    let whole = value::schema(venue, operation.response_schema?);
    let Some(pages) = operation.operation.pagination() else {
        let response = call(Arguments::new())?.await.ok()?;
        return Some((markets::names(venue, &whole, &Tree::parse(response.value().get()).ok()?), true));
    };
    let schema = value::list_at(venue, &whole, pages.items());
    // A number in the form of its parameter.
    let number = |meta: &ParameterMeta, number: u64| match value::json_type(&value::schema(venue, meta.schema)) {
        "string" => Json::encode(&number.to_string()).ok(),
        _ => Json::encode(&number).ok(),
    };
    let parameter = |is: &dyn Fn(&str) -> bool| operation.parameters.iter().find(|meta| is(meta.name));
    let page = parameter(&|name| name == pages.parameter())?;
    let first = pages::first(pages).and_then(|first| number(page, first));
    let mut pager = Pager::new(venue.venue, operation.operation, first)?;
    let mut names = Vec::new();
    while !pager.is_done() && began.elapsed() < PATIENCE {
        let mut arguments = Arguments::new();
        if let Some(size) = parameter(&pages::is_size) {
            arguments = arguments.set(size.name, number(size, SIZE)?);
        }
        if let Some(value) = pager.value() {
            arguments = arguments.set(page.name, value.clone());
        }
        let response = call(arguments)?.await.ok()?;
        let items = pager.accept_response(&response).ok()?;
        names.extend(markets::names(venue, &schema, &Tree::parse(Json::encode(&items).ok()?.get()).ok()?));
    }
    Some((names, pager.is_done()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_divided_as_a_shell_does() {
        for (line, point, expected, index) in [
            ("venue call ", 11, &["venue", "call", ""][..], 2),
            ("venue ca", 8, &["venue", "ca"], 1),
            ("venue --base-url http://a:1/x --side=b", 38, &["venue", "--base-url", "http://a:1/x", "--side=b"], 3),
            ("venue call --env test", 8, &["venue", "ca", "--env", "test"], 1),
            (r#"venue --note "a b" x"#, 20, &["venue", "--note", "a b", "x"], 3),
            ("venue 'a b", 10, &["venue", "'a", "b"], 2),
            ("venue é", 99, &["venue", "é"], 1),
            ("", 0, &[""], 0),
        ] {
            let (words, at) = words_of(line, point);
            assert_eq!(
                (words.iter().map(String::as_str).collect::<Vec<_>>(), at),
                (expected.to_vec(), index),
                "{line}"
            );
        }
    }
}
