//! Tips for words of a command line that clap refuses.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use heck::ToKebabCase as _;
use venuekit::meta::{OperationMeta, SubscriptionMeta, VenueMeta};
use venuekit::operation::Idempotent;

use crate::shell::quoted;
use crate::{body_flags, flags, markets};

/// Flags of the same meaning, because venues name one thing in different ways. Flags of markets are
/// found by [`markets::is_market`].
const SAME: &[&[&str]] = &[
    &["quantity", "qty", "amount", "amt", "size", "volume", "vol", "units", "lots"],
    &["price", "px", "rate", "limit-price"],
    &["side", "direction", "action"],
    &["type", "kind", "order-type"],
    &["order-id", "id", "oid", "order"],
    &["client-order-id", "new-client-order-id", "client-oid", "client-id", "cl-ord-id", "cloid", "tag"],
    &["time-in-force", "tif"],
    &["stop-price", "trigger-price", "stop", "trigger"],
    &["start-time", "start-date", "start", "from", "since", "begin", "after"],
    &["end-time", "end-date", "end", "to", "until", "before"],
    &["limit", "count", "max", "page-size", "size"],
    &["interval", "resolution", "granularity", "period", "timeframe"],
    &["asset", "currency", "coin"],
];

/// Replaces the suggestions in an error with better ones: the nearest operation, the flag that has
/// the same meaning, or the flag to which a value belongs. clap suggests all similar names, among
/// them the ids of operations. The name of a venue in place of a command gets the command that
/// calls the venue.
pub(crate) fn with_nearest(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let words = arguments.iter().skip(1).filter_map(|word| word.to_str().filter(|word| !word.starts_with('-')));
    let words: Vec<&str> = words.collect();
    if error.kind() == ErrorKind::UnknownArgument {
        return with_flag(error, &words, arguments);
    }
    let command = words.first().copied();
    let has_similar = error.get(ContextKind::SuggestedSubcommand).is_some();
    let unknown = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(unknown)) => Some(unknown.clone()),
        _ => None,
    };
    let given = unknown.as_deref().filter(|given| Some(*given) == command);
    let of_venue = given.filter(|name| venuekit_venues::venue(name).is_some());
    let tip = match of_venue {
        Some(name) => Some(format!("to call an operation of {name}, use 'venue call {name} ..'")),
        None => unknown.as_deref().and_then(|unknown| tip(&words, unknown, has_similar)),
    };
    if let Some(tip) = tip {
        error.remove(ContextKind::SuggestedSubcommand);
        suggest(&mut error, tip);
    }
    if let Some(ContextValue::Strings(near)) = error.get(ContextKind::SuggestedSubcommand)
        && let Some(nearest) = near.last()
    {
        let nearest = nearest.to_kebab_case();
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![nearest]));
    }
    error
}

fn suggest(error: &mut clap::Error, tip: String) {
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
}

/// Replaces the suggestion for an argument that is not known. clap suggests the flag that is
/// written most alike, such as `--type` for `--qty`.
fn with_flag(mut error: clap::Error, words: &[&str], arguments: &[OsString]) -> clap::Error {
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else { return error };
    let unknown = unknown.clone();
    let Some((venue, operation)) = addressed(words) else { return error };
    let flags = flags_of(venue, operation);
    let Some(flag) = unknown.strip_prefix("--") else {
        if !unknown.starts_with('-') {
            let is_open = |flag: &String| arguments.iter().all(|given| *given != *format!("--{flag}"));
            let open: Vec<String> = flags.into_iter().filter(is_open).collect();
            suggest(&mut error, tip_for_value(&open, words, &unknown));
        }
        return error;
    };
    let is_far = match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(similar)) => !is_misspelt(flag, similar.trim_start_matches('-')),
        _ => false,
    };
    let same = same_meaning(&flags, flag);
    if is_far || same.is_some() {
        error.remove(ContextKind::SuggestedArg);
    }
    if let Some(same) = same {
        suggest(&mut error, format!("a flag of the same meaning exists: '--{same}'"));
    }
    error
}

/// Returns the operation that a command line of `venue call` or `venue watch` names.
fn addressed(words: &[&str]) -> Option<(&'static VenueMeta, &'static OperationMeta)> {
    let mut words = words.iter().copied();
    let command = words.find(|word| matches!(*word, "call" | "watch"))?;
    let venue = words.find_map(venuekit_venues::venue)?;
    let operation = words.find_map(|word| {
        if command == "watch" {
            let named = venue.subscriptions.iter().find(|subscription| subscription.family.name() == word);
            return named.map(|subscription| &subscription.operation);
        }
        venue.operations.iter().find(|meta| flags::operation(venue, meta) == word || meta.operation.id() == word)
    })?;
    Some((venue, operation))
}

/// Returns the flags of the parameters and of the properties of the body, without dashes.
fn flags_of(venue: &VenueMeta, operation: &OperationMeta) -> Vec<String> {
    let members = body_flags::members(venue, operation).into_iter().map(|member| member.flag);
    flags::parameters(operation.parameters).into_iter().chain(members).collect()
}

/// Returns whether a flag is so near to another that it was meant: one letter of three may differ.
fn is_misspelt(given: &str, flag: &str) -> bool {
    strsim::osa_distance(given, flag) <= (given.chars().count() / 3).max(1)
}

/// Returns the flag that means what `unknown` means at other venues; `None` if there is none.
fn same_meaning<'a>(flags: &'a [String], unknown: &str) -> Option<&'a String> {
    if markets::is_market(unknown) || unknown == "ticker" {
        return flags.iter().find(|flag| markets::is_market(flag));
    }
    let groups = SAME.iter().filter(|group| group.contains(&unknown));
    // The names at the beginning of a group are the usual ones.
    let mut names = groups.flat_map(|group| group.iter());
    names.find_map(|name| flags.iter().find(|flag| flag == name))
}

/// Returns the tip for a value without a flag.
fn tip_for_value(flags: &[String], words: &[&str], value: &str) -> String {
    let mut of_markets = flags.iter().filter(|flag| markets::is_market(flag));
    let flag = match (of_markets.next(), of_markets.next(), flags) {
        (Some(flag), None, _) | (None, _, [flag]) => Some(flag),
        _ => None,
    };
    match flag {
        Some(flag) => format!("a value stands behind its flag: '--{flag} {}'", quoted(value)),
        None => {
            // The command, the venue and the operation. Words behind them can be values of options.
            let command = words.iter().copied().skip_while(|word| !matches!(*word, "call" | "watch"));
            let command: Vec<&str> = command.take_while(|word| *word != value).take(3).collect();
            format!("a value stands behind its flag; 'venue {} --help' lists the flags", command.join(" "))
        }
    }
}

/// Returns a tip for a word after `call`, `watch` or `explain` that is not known there; `None` if
/// there is none. `words`: the command line without its options.
fn tip(words: &[&str], unknown: &str, has_similar: bool) -> Option<String> {
    let at = words.iter().position(|word| *word == unknown)?;
    let (command, venue) = (*words.first()?, words.get(1).and_then(|name| venuekit_venues::venue(name))?);
    let name = venue.venue.name();
    match (command, at) {
        ("watch", 1) => {
            // The family of another venue may be the word of a read here, such as `depth`.
            let family = words.get(2).copied().unwrap_or_default();
            let is_read = |meta: &&OperationMeta| {
                let is_of_family = flags::operation(venue, meta).split('-').any(|word| word == family);
                is_of_family && meta.operation.idempotent() == Idempotent::Always && !meta.operation.cancels()
            };
            let read = venue.operations.iter().find(is_read);
            let read = read.map_or_else(|| "OPERATION ..".to_owned(), |meta| flags::operation(venue, meta));
            Some(format!("{name} has no WebSocket; to repeat a read, use 'venue call {name} {read} --watch 2s'"))
        }
        ("call" | "explain", 2) => {
            let is_it = |meta: &&SubscriptionMeta| {
                [flags::operation(venue, &meta.operation).as_str(), meta.operation.operation.id(), meta.family.name()]
                    .contains(&unknown)
            };
            let family = venue.subscriptions.iter().find(is_it).map(|meta| meta.family.name());
            let subscription =
                family.map(|family| format!("{unknown} is a subscription; use 'venue watch {name} {family}'"));
            let list = || format!("'venue list {name}' lists the operations of {name}");
            subscription.or_else(|| (!has_similar).then(list))
        }
        ("watch", 2) if !has_similar => Some(format!("'venue watch {name} --help' lists the subscriptions of {name}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_of_the_same_meaning_is_found_at_each_venue() {
        for (venue, operation, unknown, expected) in [
            ("btse-spot", "place-order", "qty", Some("amount")),
            ("jex-spot", "place-order", "amount", Some("quantity")),
            ("excore", "order-put-limit", "size", Some("amount")),
            ("btse-spot", "place-order", "market", Some("symbol")),
            ("excore", "order-put-limit", "symbol", Some("market")),
            ("anboto", "create-order", "client-oid", Some("client-order-id")),
            ("btse-spot", "get-markets", "qty", None),
            ("btse-spot", "place-order", "xyzzy", None),
        ] {
            let (venue, operation) = addressed(&["call", venue, operation]).unwrap();
            let flags = flags_of(venue, operation);
            assert_eq!(same_meaning(&flags, unknown).map(String::as_str), expected, "{unknown}");
        }
    }

    #[test]
    fn a_flag_is_misspelt_if_few_of_its_letters_differ() {
        for (given, flag) in [("symbl", "symbol"), ("limit-ask", "limit-asks"), ("prcie", "price"), ("sid", "side")] {
            assert!(is_misspelt(given, flag), "{given} {flag}");
        }
        for (given, flag) in [("qty", "type"), ("size", "side-x"), ("tag", "type")] {
            assert!(!is_misspelt(given, flag), "{given} {flag}");
        }
    }
}
