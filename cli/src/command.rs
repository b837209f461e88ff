//! Builds the command line. Only the venues and operations that an invocation names are built in
//! full; all others have only a name and a line of help.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, ValueHint, value_parser};
use venuekit::meta::{OperationMeta, ParameterMeta, SubscriptionMeta, VenueMeta};
use venuekit::operation::{Constraint, Idempotent, Parameter, Security};
use venuekit::wire::Json;
use venuekit_venues::VENUES;

use crate::body_flags::{self, Member};
use crate::output::one_line;
use crate::shell::quoted;
use crate::value::{Kind, Reader};
use crate::{credentials, flags, markets, mock, profile, settings, spec_help, value, view};

/// The venues and operations whose commands are built in full. To build all of them takes longer
/// than a call over a fast connection.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// All venues and operations.
    All,
    /// The venues and operations that one of these arguments names.
    Named(HashSet<String>),
}

impl Wanted {
    /// Returns the venues and operations that a command line names.
    pub(crate) fn of(arguments: &[OsString]) -> Self {
        let words: HashSet<String> = arguments.iter().filter_map(|word| word.to_str()).map(str::to_owned).collect();
        Self::Named(words)
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(words) => words.contains(name),
        }
    }
}

/// Returns the command `venue`.
pub(crate) fn root(wanted: &Wanted) -> Command {
    Command::new("venue")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Calls the operations of trading venues")
        .after_help(
            "Examples:\n  venue list\n  venue list btse-spot\n  venue call btse-spot get-order-book --symbol BTC-USD --limit-asks 5 --output table",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(false)
        .args(settings::arguments())
        .args(settings::reading_arguments())
        .args(view::arguments())
        .arg(profile::argument())
        .subcommand(list())
        .subcommand(explain(wanted))
        .subcommand(call(wanted))
        .subcommand(watch(wanted))
        .subcommand(mock::command())
        .subcommand(
            Command::new("completions")
                .about("Prints a script with which a shell completes commands, flags and values")
                .after_help("Examples:\n  bash: source <(venue completions bash)\n  zsh:  source <(venue completions zsh)\n  fish: venue completions fish | source\n\nThe script calls `venue` for the candidates: operations, flags, values, faults, profiles, and the markets of a venue.\nMarkets come from the venue's own list. It is kept for a day, after each call that returns it. A completion itself asks\nonly a venue on this machine or a test host for it. VENUE_COMPLETE_CALLS=1, or `complete-calls = true` in the config\nfile, allows it to ask production too.")
                .arg(Arg::new("shell").required(true).value_name("SHELL").value_parser(SHELLS)),
        )
        .subcommand(
            Command::new("man")
                .about("Writes manual pages: one for each command, venue and operation")
                .after_help("Examples:\n  venue man | man -l -\n  venue man --out ~/.local/share/man/man1")
                .arg(
                    Arg::new("out")
                        .long("out")
                        .value_name("DIR")
                        .value_hint(ValueHint::DirPath)
                        .value_parser(value_parser!(PathBuf))
                        .help("The folder of the pages; without it, the page of `venue` goes to stdout"),
                ),
        )
}

/// The shells for which there is a script of completions.
const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// Returns the command that describes an operation.
fn explain(wanted: &Wanted) -> Command {
    let venue = |meta: &'static VenueMeta| {
        let name = meta.venue.name();
        let command = Command::new(name)
            .about(meta.venue.title())
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_value_name("OPERATION")
            .subcommand_help_heading("Operations")
            .disable_help_subcommand(true);
        if !wanted.has(name) {
            return command;
        }
        command.subcommands(meta.operations.iter().map(|operation| {
            let (name, id) = (flags::operation(meta, operation), operation.operation.id());
            let command = Command::new(name.clone()).about(operation.summary);
            if id == name { command } else { command.alias(id) }
        }))
    };
    Command::new("explain")
        .about("Describes an operation: route, values, limits, errors, and what to do if its outcome is unknown")
        .after_help("Examples:\n  venue explain btse-spot place-order\n  venue explain excore order-put-limit -o json")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand_value_name("VENUE")
        .subcommand_help_heading("Venues")
        .disable_help_subcommand(true)
        .args(view::arguments().into_iter().chain([profile::argument()]).map(|arg| arg.global(true)))
        .subcommands(VENUES.iter().map(|meta| venue(meta)))
}

fn list() -> Command {
    Command::new("list")
        .about("Lists the venues, or the operations of one")
        .after_help("Examples:\n  venue list\n  venue list jex-spot\n  venue list jex-spot -o json")
        .arg(flags::venue_argument("venue").help("The venue whose operations to list"))
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .conflicts_with("output")
                .help("Print indented JSON, as -o pretty does"),
        )
        .args(view::arguments())
        .arg(profile::argument())
}

/// Returns the options that stand after `call` or `watch`.
fn call_options() -> impl Iterator<Item = Arg> {
    settings::arguments().into_iter().chain(view::arguments()).chain([profile::argument()])
}

fn call(wanted: &Wanted) -> Command {
    Command::new("call")
        .about("Calls an operation of a venue, and prints the response as JSON")
        .after_help(
            "Examples:\n  venue call btse-spot get-order-book --symbol BTC-USD --limit-asks 5\n  venue call btse-spot place-order --body @order.json --env test\n  venue call btse-spot --help\n\nExit codes:\n  0 done\n  1 the venue refused\n  2 usage\n  3 not sent\n  4 outcome unknown: it may have been carried out\n  5 a read got no response, or none that could be read; it changed nothing\n  6 nothing to cancel, for an unknown reason: look the order up\n  7 done, but the response could not be written to standard output: it is on standard error\n  8 done in part: elements of the batch failed; they are on standard error",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand_value_name("VENUE")
        .subcommand_help_heading("Venues")
        .disable_help_subcommand(true)
        .args(call_options().chain(settings::reading_arguments()).map(|arg| arg.global(true)))
        .subcommands(VENUES.iter().map(|meta| venue(meta, wanted)))
}

fn venue(meta: &'static VenueMeta, wanted: &Wanted) -> Command {
    let name = meta.venue.name();
    let command = Command::new(name)
        .about(meta.venue.title())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand_value_name("OPERATION")
        .subcommand_help_heading("Operations")
        .disable_help_subcommand(true);
    if !wanted.has(name) {
        return command;
    }
    let example = meta.operations.iter().find(|operation| operation.operation.security() == Security::Public);
    let example = example.or(meta.operations.first()).map(|operation| example_call(meta, operation));
    command
        .long_about(long_about(meta.venue.title(), meta.description))
        .after_help(format!("{}\n\nExample:\n  {}", credentials::help(meta), example.unwrap_or_default()))
        .subcommands(meta.operations.iter().map(|operation| self::operation(meta, operation, wanted)))
}

/// Returns the command, with the venues that have subscriptions.
fn watch(wanted: &Wanted) -> Command {
    Command::new("watch")
        .about("Subscribes at a venue, and prints each event as JSON on one line")
        .after_help(
            "Examples:\n  venue watch excore-ws depth --market BTC_USDT --limit 20 --interval 0 --base-url wss://exchange.example/\n  venue watch excore-ws price --markets BTC_USDT --markets LTC_USDT --output table\n\nEvents: snapshot, update, recovered (found by a query after an interruption), interrupted, resumed, stale, error.\nWith --output table, a terminal is cleared for a snapshot or another whole state; changes follow below it.\nIf the subscription ends by an error, the exit codes are those of `venue call`.\nCtrl-C ends the subscription at the venue, and leaves.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand_value_name("VENUE")
        .subcommand_help_heading("Venues")
        .disable_help_subcommand(true)
        .args(call_options().map(|arg| arg.global(true)).map(|arg| {
            let is_refused = view::REFUSED_BY_WATCH.iter().any(|id| arg.get_id() == id);
            arg.hide(is_refused)
        }))
        .arg(settings::stale_argument())
        .subcommands(
            VENUES
                .iter()
                .filter(|meta| !meta.subscriptions.is_empty())
                .map(|meta| watched_venue(meta, wanted)),
        )
}

/// Returns the command of a venue below `watch`, with one command per family of subscriptions.
fn watched_venue(meta: &'static VenueMeta, wanted: &Wanted) -> Command {
    let name = meta.venue.name();
    let command = Command::new(name)
        .about(meta.venue.title())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand_value_name("FAMILY")
        .subcommand_help_heading("Subscriptions")
        .disable_help_subcommand(true);
    if !wanted.has(name) {
        return command;
    }
    command
        .after_help(credentials::help(meta))
        .subcommands(meta.subscriptions.iter().map(|subscription| family(meta, subscription, wanted)))
}

fn family(venue: &'static VenueMeta, meta: &'static SubscriptionMeta, wanted: &Wanted) -> Command {
    let (name, operation) = (meta.family.name(), &meta.operation);
    let command = Command::new(name).about(operation.summary);
    if !wanted.has(name) {
        return command;
    }
    let flags = flags::parameters(operation.parameters);
    let nulls = flags::nulls(&flags);
    let parameters = operation.operation.parameters().iter().zip(operation.parameters);
    let parameters = parameters.zip(flags.into_iter().zip(nulls));
    let arguments = parameters.flat_map(|((one, meta), flags)| parameter(venue, one, meta, flags));
    command
        .long_about(long_about(operation.summary, operation.description))
        .next_help_heading("Parameters")
        .args(arguments)
}

fn operation(venue: &'static VenueMeta, meta: &'static OperationMeta, wanted: &Wanted) -> Command {
    let (name, id) = (flags::operation(venue, meta), meta.operation.id());
    let command = Command::new(name.clone()).about(meta.summary);
    let command = if id == name { command } else { command.alias(id) };
    if !wanted.has(&name) && !wanted.has(id) {
        return command;
    }
    let security = match meta.operation.security() {
        Security::Public => "Needs no credentials.".to_owned(),
        _ => credentials::help(venue),
    };
    let again = match meta.operation.idempotent() {
        Idempotent::Always => "May be sent again automatically if the outcome is unknown.".to_owned(),
        Idempotent::WhenPresent(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("Sent again automatically only with {}.", names.join(" or "))
        }
        _ => "Never sent again automatically once it may have arrived.".to_owned(),
    };
    let flags = flags::parameters(meta.parameters);
    let nulls = flags::nulls(&flags);
    let parameters = meta.operation.parameters().iter().zip(meta.parameters).zip(flags.into_iter().zip(nulls));
    let after = format!("{security} {again}{}\n\nExample:\n  {}", constraints(meta), example_call(venue, meta));
    let sections = [spec_help::body(venue, meta), spec_help::statuses(meta), Some(after.clone())];
    let deprecated = if meta.deprecated { "\n\nDeprecated by the venue." } else { "" };
    command
        .long_about(format!("{}{deprecated}", long_about(meta.summary, meta.description)))
        .after_help(after)
        .after_long_help(sections.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
        .next_help_heading("Parameters")
        .args(parameters.flat_map(|((parameter, meta), flags)| self::parameter(venue, parameter, meta, flags)))
        .args(body(venue, meta))
}

/// Returns the id of a parameter's argument.
pub(crate) fn argument_id(parameter: &str) -> String {
    format!("parameter {parameter}")
}

/// Returns the id of the argument that sends null for a parameter.
pub(crate) fn null_id(parameter: &str) -> String {
    format!("null {parameter}")
}

/// Returns the argument of a parameter. If the parameter is required and may be null, also returns
/// the argument that sends null. This needs a separate flag, because `--market null` sends the text
/// `null`.
fn parameter(
    venue: &'static VenueMeta,
    parameter: &Parameter,
    meta: &'static ParameterMeta,
    (flag, null_flag): (String, String),
) -> Vec<Arg> {
    let schema = value::schema(venue, meta.schema);
    let arg = value_argument(Kind::of(venue, &schema), &schema, parameter, meta, flag.clone());
    if !parameter.is_required() || !value::is_nullable(&schema) {
        return vec![arg];
    }
    let null = Arg::new(null_id(parameter.name()))
        .long(null_flag)
        .action(ArgAction::SetTrue)
        .conflicts_with(argument_id(parameter.name()))
        .help(format!("Sends null in place of --{flag}"));
    vec![arg.required(false).required_unless_present(null_id(parameter.name())), null]
}

fn value_argument(
    kind: Kind,
    schema: &serde_json::Value,
    parameter: &Parameter,
    meta: &'static ParameterMeta,
    flag: String,
) -> Arg {
    let description = meta.description.map(one_line).into_iter();
    let repeated = matches!(kind, Kind::List(_)).then(|| "May be repeated.".to_owned());
    let sentences = description.chain(repeated).chain(spec_help::parameter(parameter, meta));
    let help = sentences.collect::<Vec<_>>().join(" ");
    let reader = Reader::new(kind.clone(), schema);
    let arg = Arg::new(argument_id(parameter.name()))
        .long(flag.clone())
        .value_name(kind.placeholder())
        .required(parameter.is_required())
        .help(help)
        .allow_negative_numbers(kind.may_begin_with_minus())
        .value_parser(if markets::is_market(parameter.name()) { reader.with_flag_of_markets(&flag) } else { reader });
    match kind {
        Kind::List(_) => arg.action(ArgAction::Append),
        // `--force` means `--force true`.
        Kind::Boolean => arg.num_args(0..=1).default_missing_value("true"),
        _ => arg,
    }
}

/// Returns the arguments of a body: `--body`, and a flag for each property. Either is given, never
/// both.
fn body(venue: &VenueMeta, meta: &'static OperationMeta) -> Vec<Arg> {
    let Some(is_required) = meta.operation.body() else { return Vec::new() };
    let about = meta.body.as_ref().and_then(|body| body.description).map(one_line).unwrap_or_default();
    let members = body_flags::members(venue, meta);
    let place = if members.is_empty() { "" } else { ", in place of the other flags of the body" };
    let whole = Arg::new("body")
        .long("body")
        .value_name("JSON|@FILE|-")
        .value_hint(ValueHint::FilePath)
        .help_heading("Body")
        .help(format!("{about} JSON, a file that has it, or - for standard input{place}").trim().to_owned());
    // If a flag is required unless `--body` is given, an error names that flag.
    let whole = match is_required && !members.iter().any(|member| member.is_required) {
        true => whole.required_unless_present_any(members.iter().map(Member::id)),
        false => whole,
    };
    members.iter().map(|member| member.argument(is_required)).chain([whole]).collect()
}

/// Returns the constraints between the values of an operation; empty if there are none.
fn constraints(meta: &OperationMeta) -> String {
    let (checked, others): (Vec<_>, Vec<_>) =
        meta.operation.constraints().iter().partition(|constraint| constraint.is_checked());
    let line = |constraint: &Constraint| {
        let place = constraint.within().map(|place| format!("at {place}: ")).unwrap_or_default();
        let widens =
            if constraint.can_widen() { " (a request that breaks this may do more than intended)" } else { "" };
        let more = constraint.description().map(|text| format!(". {}", one_line(text))).unwrap_or_default();
        format!("\n  {place}{}{widens}{more}", constraint.sentence())
    };
    let list = |title: &str, constraints: Vec<&Constraint>| match constraints.is_empty() {
        true => String::new(),
        false => format!("\n\n{title}{}", constraints.into_iter().map(line).collect::<String>()),
    };
    let checked = list("Constraints, checked before sending:", checked);
    checked + &list("Constraints that the venue's document does not state, not checked:", others)
}

/// Returns an example call to copy to a shell: the required parameters and those that a constraint
/// needs, with the examples of the spec.
pub(crate) fn example_call(venue: &VenueMeta, meta: &OperationMeta) -> String {
    let mut line = format!("venue call {} {}", venue.venue.name(), flags::operation(venue, meta));
    let parameters = meta.operation.parameters().iter().zip(meta.parameters).zip(flags::parameters(meta.parameters));
    for ((parameter, meta), flag) in parameters.filter(|((parameter, _), _)| meta.is_in_short_example(parameter)) {
        let kind = Kind::of(venue, &value::schema(venue, meta.schema));
        for text in meta.example.map(|json| example_texts(&kind, json)).unwrap_or_default() {
            debug_assert_eq!(parameter.name(), meta.name);
            line.push_str(&format!(" --{flag} {}", quoted(&text)));
        }
    }
    if let (Some(true), Some(example)) = (meta.operation.body(), meta.body.as_ref().and_then(|body| body.example)) {
        match body_flags::of_example(&body_flags::members(venue, meta), example) {
            Some(flags) => {
                for (flag, kind, json) in flags {
                    for text in example_texts(&kind, &json) {
                        line.push_str(&format!(" --{flag} {}", quoted(&text)));
                    }
                }
            }
            None => line.push_str(&format!(" --body {}", quoted(example))),
        }
    }
    line
}

/// Returns an example as the texts that follow its flag: one text for each use of the flag.
fn example_texts(kind: &Kind, json: &str) -> Vec<String> {
    match kind {
        Kind::List(kind) => {
            let elements: Vec<Json> = serde_json::from_str(json).unwrap_or_default();
            elements.iter().flat_map(|element| example_texts(kind, element.get())).collect()
        }
        Kind::Json(_) => vec![json.to_owned()],
        _ => vec![serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())],
    }
}

fn long_about(line: &str, more: Option<&str>) -> String {
    match more {
        Some(more) => format!("{line}\n\n{}", more.trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_parameter_has_the_flag_of_an_option() {
        let root = root(&Wanted::Named(HashSet::new()));
        for name in ["call", "watch"] {
            let command = root.find_subcommand(name).unwrap();
            for option in command.get_arguments().filter_map(Arg::get_long) {
                assert!(flags::GLOBAL.contains(&option), "--{option} of `venue {name}`");
            }
        }
    }
}
