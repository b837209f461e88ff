//! `venue explain`: describes an operation, with what an unknown outcome means and what to do then.

use clap::ArgMatches;
use heck::{ToKebabCase as _, ToShoutySnakeCase as _};
use serde::Serialize;
use serde_json::Value;
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::{CodeRule, Idempotent, Limit, Operation, Security};
use venuekit::wire::Json;

use crate::failure::{Exit, Failure, changes};
use crate::format::Output;
use crate::list::{OperationEntry, operation_entry};
use crate::output::one_line;
use crate::sections::Rows;
use crate::view::{self, View};
use crate::{body_flags, credentials, flags, markets, output, shell};

/// An operation, as JSON.
#[derive(Serialize)]
struct Explanation {
    venue: &'static str,
    /// The title of the venue, which tells if its client is not one of the live service.
    title: &'static str,
    #[serde(flatten)]
    operation: OperationEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials: Option<String>,
    limits: Vec<LimitEntry>,
    /// True if the operation only reads.
    reads: bool,
    moves_funds: bool,
    sent_again: SentAgain,
    unknown_outcome: UnknownOutcome,
    /// The codes that an error of this operation has a special meaning with.
    codes: Vec<CodeEntry>,
}

#[derive(Serialize)]
struct LimitEntry {
    name: &'static str,
    limit: u64,
    seconds: u64,
    counts: &'static str,
    per: &'static str,
}

impl From<&Limit> for LimitEntry {
    fn from(limit: &Limit) -> Self {
        Self {
            name: limit.name(),
            limit: limit.limit(),
            seconds: limit.window().as_secs(),
            counts: if limit.is_weighted() { "weight" } else { "requests" },
            per: match (limit.is_per_connection(), limit.is_per_key()) {
                (true, _) => "connection",
                (false, true) => "key",
                (false, false) => "address",
            },
        }
    }
}

/// The conditions under which the client repeats a request with an unknown outcome.
#[derive(Serialize)]
struct SentAgain {
    when: &'static str,
    /// The values that make it safe.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    with: Vec<&'static str>,
}

#[derive(Serialize)]
struct UnknownOutcome {
    meaning: &'static str,
    next: Vec<String>,
    /// The commands that may show whether the request was carried out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    look_up: Vec<String>,
}

#[derive(Serialize)]
struct CodeEntry {
    code: &'static str,
    meaning: &'static str,
}

/// Runs `venue explain`. `root` has the options before `explain`.
pub(crate) fn run(root: &ArgMatches, matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some((name, own)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let Some(venue) = venuekit_venues::venue(name) else { return Ok(Exit::Usage) };
    let Some((name, own)) = own.subcommand() else { return Ok(Exit::Usage) };
    let operation = venue.operations.iter().find(|meta| flags::operation(venue, meta) == name);
    let Some(operation) = operation else { return Ok(Exit::Usage) };
    let explanation = explanation(venue, operation);
    let view = View::of(root, own);
    let text = match view::output(root, own) {
        None | Some(Output::Table) if !view.has_columns() => text(venue, operation, &explanation),
        asked => {
            let (json, rows) = (serde_json::to_string(&explanation).unwrap_or_default(), parameters(&explanation));
            view.check_names(&rows.names)?;
            let shown = view.list(view.format(asked, Output::Pretty), &json, rows);
            let shown = shown.map_err(Failure::Output)?;
            shown.tell();
            shown.text
        }
    };
    output::line(&text).map_err(Failure::Output)?;
    Ok(Exit::Done)
}

fn explanation(venue: &'static VenueMeta, meta: &'static OperationMeta) -> Explanation {
    let operation = meta.operation;
    let limits = venue.venue.limits().iter().filter(|limit| operation.limits().contains(&limit.name()));
    let codes = |codes: &'static [CodeRule], meaning: &'static str| {
        codes.iter().map(move |rule| CodeEntry { code: rule.code(), meaning })
    };
    let needs_credentials = operation.security() != Security::Public;
    Explanation {
        venue: venue.venue.name(),
        title: venue.venue.title(),
        operation: operation_entry(venue, meta),
        description: meta.description,
        credentials: needs_credentials.then(|| credentials::help(venue)),
        limits: limits.map(LimitEntry::from).collect(),
        reads: !changes(operation),
        moves_funds: operation.moves_funds(),
        sent_again: match operation.idempotent() {
            Idempotent::Always => SentAgain { when: "always", with: Vec::new() },
            Idempotent::WhenPresent(names) => SentAgain { when: "with one of the values", with: names.to_vec() },
            _ => SentAgain { when: "never", with: Vec::new() },
        },
        unknown_outcome: unknown_outcome(venue, meta),
        codes: codes(operation.done_codes(), "an earlier attempt of this call was carried out")
            .chain(codes(operation.gone_codes(), "there is nothing to cancel, for an unknown reason"))
            .collect(),
    }
}

/// Returns what an unknown outcome means, and what to do then.
fn unknown_outcome(venue: &'static VenueMeta, meta: &'static OperationMeta) -> UnknownOutcome {
    let operation = meta.operation;
    if !changes(operation) {
        let next = vec!["call again: the request changed nothing (exit code 5)".to_owned()];
        return UnknownOutcome { meaning: "no response came, or none that could be read", next, look_up: Vec::new() };
    }
    let mut next = vec![match operation.idempotent() {
        Idempotent::Always => "call again with the same values: a second request has no further effect".to_owned(),
        Idempotent::WhenPresent(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let names = names.join(" or ");
            format!("give {names} beforehand: then the request can be sent again with the same values, and looked up")
        }
        _ => "do not call again before you have looked it up: a second request has a second effect".to_owned(),
    }];
    if operation.cancels() {
        next.push(
            "if the venue finds nothing to cancel (exit code 6), look the order up: it may have been filled".to_owned(),
        );
    }
    next.push("the error has the request, with its values (exit code 4)".to_owned());
    UnknownOutcome { meaning: "the request may have been carried out", next, look_up: look_ups(venue, meta, None) }
}

/// Returns the commands that may show whether a call was carried out, the most likely first: for an
/// order, those of orders and fills, and for a transfer of funds, its history and the balances.
/// Empty for an operation that changes nothing. `sent` has the values of the call, if it was made.
pub(crate) fn look_ups(venue: &'static VenueMeta, meta: &OperationMeta, sent: Option<&Json>) -> Vec<String> {
    if is_read(meta.operation) {
        return Vec::new();
    }
    let name = flags::operation(venue, meta);
    let subject = Subject::of(&name, meta.operation);
    let sent = sent.and_then(|sent| serde_json::from_str(sent.get()).ok());
    let mut reads: Vec<(String, &OperationMeta)> = venue
        .operations
        .iter()
        .filter(|read| is_read(read.operation) && !is_rehearsal(venue, read.operation))
        .map(|read| (flags::operation(venue, read), read))
        .filter(|(read, meta)| subject.is_shown_by(read, &name, meta.operation.security()))
        .collect();
    reads.sort_by_key(|(read, _)| rank(read));
    let command = |(read, meta): (String, &OperationMeta)| {
        format!("venue call {} {read}{}", venue.venue.name(), needed_flags(venue, meta, sent.as_ref()))
    };
    reads.into_iter().map(command).collect()
}

/// Returns the flags that a call needs, with placeholders. A market or the id of a user has the
/// value of that name in `sent`: other names can mean something else in a read. If the body has no
/// required property, it gets the first one whose value is known.
fn needed_flags(venue: &VenueMeta, meta: &OperationMeta, sent: Option<&Value>) -> String {
    let known = |name: &str| {
        let flag = name.to_kebab_case();
        if !markets::is_market(&flag) && !flag.ends_with("-id") {
            return None;
        }
        let value = sent?.get(name).or_else(|| sent?.get("body")?.get(name))?;
        match value {
            Value::String(text) => Some(shell::quoted(text)),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    };
    let given = |name: &str, flag: &str| {
        let value = known(name).unwrap_or_else(|| flag.to_shouty_snake_case());
        format!(" --{flag} {value}")
    };
    let parameters = meta.parameters.iter().zip(flags::parameters(meta.parameters));
    let required = meta.operation.parameters().iter().filter(|it| it.is_required()).map(|it| it.name());
    let required: Vec<&str> = required.collect();
    let parameters = parameters.filter(|(parameter, _)| required.contains(&parameter.name));
    let mut text: String = parameters.map(|(parameter, flag)| given(parameter.name, &flag)).collect();
    if meta.operation.body() != Some(true) {
        return text;
    }
    let members = body_flags::members(venue, meta);
    let mut needed: Vec<&body_flags::Member> = members.iter().filter(|member| member.is_required).collect();
    if needed.is_empty() {
        needed.extend(members.iter().find(|member| known(&member.name).is_some()));
    }
    match needed.as_slice() {
        [] => text.push_str(" --body '{}'"),
        needed => text.extend(needed.iter().map(|member| given(&member.name, &member.flag))),
    }
    text
}

/// The subject of an operation that changes something, by its name.
#[derive(Clone, Copy)]
enum Subject {
    Order,
    Funds,
    Other,
}

impl Subject {
    fn of(name: &str, operation: &Operation) -> Self {
        const FUNDS: [&str; 6] = ["withdraw", "withdrawal", "transfer", "deposit", "balance", "balances"];
        let is = |word: &str| words(name).any(|other| other == word);
        if operation.cancels() || is("order") || is("orders") {
            Self::Order
        } else if FUNDS.into_iter().any(is) {
            Self::Funds
        } else {
            Self::Other
        }
    }

    /// Returns whether a read of this name shows what the operation `name` did.
    fn is_shown_by(self, read: &str, name: &str, security: Security) -> bool {
        const ORDERS: [&str; 6] = ["order", "orders", "pending", "finished", "fill", "fills"];
        const FUNDS: [&str; 8] =
            ["withdraw", "withdrawal", "withdrawals", "transfer", "transfers", "balance", "balances", "account"];
        const STATES: [&str; 4] = ["list", "query", "status", "summary"];
        let is = |word: &str| words(read).any(|other| other == word);
        let has_own_word = || words(name).any(|word| !VERBS.contains(&word) && is(word));
        match self {
            Self::Order => {
                let is_of_market = is("book") || is("depth");
                let is_trades = (is("trade") || is("trades") || is("deals")) && (is("user") || is("history"));
                security != Security::Public && !is_of_market && (ORDERS.into_iter().any(is) || is_trades)
            }
            Self::Funds => {
                security != Security::Public && !is("address") && (FUNDS.into_iter().any(is) || has_own_word())
            }
            Self::Other => has_own_word() && STATES.into_iter().any(is),
        }
    }
}

/// Words of names that tell nothing about the subject.
const VERBS: [&str; 9] = ["get", "list", "query", "add", "create", "put", "update", "rename", "set"];

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split('-')
}

/// Returns the place of a read: open orders, one order or a state, histories, fills.
fn rank(read: &str) -> u8 {
    let is = |wanted: &[&str]| words(read).any(|word| wanted.contains(&word));
    match () {
        () if is(&["open", "pending"]) => 0,
        () if is(&["fill", "fills", "trade", "trades", "deals"]) => 3,
        () if is(&["history", "finished"]) => 2,
        () => 1,
    }
}

/// Returns whether an operation only reads. A read may be a POST.
fn is_read(operation: &Operation) -> bool {
    let may_be_repeated = operation.idempotent() == Idempotent::Always && !operation.cancels();
    !changes(operation) || may_be_repeated && !operation.moves_funds()
}

/// Returns whether a read takes all values that an operation with a lasting effect needs, such as a
/// test of a new order. It shows nothing about an order that was placed. Cancels do not count: a
/// look-up takes the same ids.
fn is_rehearsal(venue: &VenueMeta, read: &Operation) -> bool {
    let takes = |name: &str| read.parameters().iter().any(|parameter| parameter.name() == name);
    let is_rehearsed = |operation: &Operation| {
        let mut needed = operation.parameters().iter().filter(|parameter| parameter.is_required()).peekable();
        needed.peek().is_some() && needed.all(|parameter| takes(parameter.name()))
    };
    let lasting = venue.operations.iter().map(|meta| meta.operation).filter(|operation| !is_read(operation));
    changes(read) && lasting.filter(|operation| !operation.cancels()).any(is_rehearsed)
}

/// Returns the parameters and the properties of the body as rows of a table.
fn parameters(explanation: &Explanation) -> Rows {
    explanation.operation.values()
}

fn text(venue: &VenueMeta, meta: &OperationMeta, explanation: &Explanation) -> String {
    let mut text = format!("{} {}: {}\n", venue.venue.name(), explanation.operation.command, meta.summary);
    text.push_str(&format!("{}\n", explanation.title));
    if let Some(description) = meta.description {
        text.push_str(&format!("\n{}\n", description.trim_end()));
    }
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push_str(&format!("\n{title}\n"));
            for line in lines {
                text.push_str(&format!("  {line}\n"));
            }
        }
    };
    section("Route", vec![explanation.operation.route()]);
    section("Values", explanation.operation.lines());
    section("Constraints", explanation.operation.sentences());
    let security = match meta.operation.security() {
        Security::Public => "none".to_owned(),
        Security::Key => format!("a key. {}", credentials::help(venue)),
        Security::Login => format!("a connection that is logged in. {}", credentials::help(venue)),
        _ => format!("a signature. {}", credentials::help(venue)),
    };
    section("Credentials", vec![security]);
    let limit = |limit: &LimitEntry| {
        let LimitEntry { name, limit, seconds, counts, per } = limit;
        format!("{name}: {limit} in {seconds} s, counted in {counts} per {per}")
    };
    let mut limits: Vec<String> = explanation.limits.iter().map(limit).collect();
    if limits.is_empty() {
        limits.push("none are documented".to_owned());
    } else {
        limits.push(format!("weight of a call: {}", explanation.operation.weight_text()));
    }
    section("Rate limits", limits);
    let sent_again = match (explanation.sent_again.when, explanation.sent_again.with.as_slice()) {
        ("always", _) => "yes: a second request has no further effect".to_owned(),
        (_, []) => "never: a second request has a second effect".to_owned(),
        (_, names) => format!("only with {}", names.join(" or ")),
    };
    section("Sent again if the outcome is unknown", vec![sent_again]);
    let unknown = &explanation.unknown_outcome;
    let mut lines = vec![unknown.meaning.to_owned()];
    lines.extend(unknown.next.iter().map(|next| format!("- {next}")));
    if !unknown.look_up.is_empty() {
        lines.push("- these calls may show it:".to_owned());
        lines.extend(unknown.look_up.iter().map(|call| format!("    {call}")));
    }
    section("If the outcome is unknown", lines);
    let open = meta.operation.unknown_statuses();
    let status = |(status, description): &(&str, &str)| {
        let is_open = status.parse().is_ok_and(|status| open.contains(&status));
        format!("{status}: {}{}", one_line(description), if is_open { " The outcome is unknown then." } else { "" })
    };
    let mut errors: Vec<String> = meta.statuses.iter().map(status).collect();
    errors.extend(explanation.codes.iter().map(|code| format!("code {}: {}", code.code, code.meaning)));
    if errors.is_empty() {
        errors.push("the venue's document has none for this operation".to_owned());
    }
    section("Errors", errors);
    section("Example", vec![explanation.operation.example.clone()]);
    output::harmless(&text)
}

#[cfg(test)]
mod tests {
    use venuekit_venues::VENUES;

    use super::*;

    #[test]
    fn each_operation_that_changes_something_names_the_reads_of_what_it_makes() {
        let mut listed = String::new();
        for venue in VENUES {
            for meta in venue.operations.iter().filter(|meta| !is_read(meta.operation)) {
                let name = flags::operation(venue, meta);
                let reads = look_ups(venue, meta, None);
                let prefix = format!("venue call {} ", venue.venue.name());
                let reads: Vec<&str> = reads.iter().filter_map(|read| read.strip_prefix(&prefix)).collect();
                listed.push_str(&format!("{} {name}: {}\n", venue.venue.name(), reads.join(", ")));
            }
        }
        insta::assert_snapshot!(listed);
    }
}
