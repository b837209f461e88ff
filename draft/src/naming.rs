//! The ids of operations: those of the document, those of titles such as `Place an order`, and
//! those of routes.

use crate::facts::{Facts, Operation};
use crate::inline;

/// Verbs that begin the title of an operation.
const VERBS: [&str; 33] = [
    "drop", "find", "make", "move", "pull", "search", "send", "add", "amend", "cancel", "check", "close", "convert",
    "create", "delete", "edit", "fetch", "get", "list", "modify", "open", "place", "query", "remove", "replace",
    "request", "retrieve", "set", "submit", "test", "transfer", "update", "withdraw",
];

/// Verbs that mean `get`.
const READS: [&str; 5] = ["read", "see", "show", "view", "look"];

/// Words that say nothing in an id.
const FILLERS: [&str; 12] = ["a", "an", "the", "new", "your", "my", "our", "of", "for", "by", "specific", "single"];

/// The maximum number of words in an id from a title.
const MOST: usize = 5;

/// Returns the ids of the operations, in their order. No two are the same.
pub(crate) fn operation_ids(facts: &Facts) -> Vec<String> {
    let titles: Vec<Option<String>> = facts.operations.iter().map(|own| of_heading(&own.heading)).collect();
    // A title of several operations tells none of them.
    let is_single = |title: &String| titles.iter().flatten().filter(|other| *other == title).count() == 1;
    let mut out: Vec<String> = Vec::new();
    for (operation, title) in facts.operations.iter().zip(&titles) {
        let stated = operation.id.clone().filter(|id| !id.is_empty());
        let base =
            stated.or_else(|| title.clone().filter(|title| is_single(title))).unwrap_or_else(|| of_route(operation));
        let mut id = base.clone();
        let mut number = 2;
        while out.contains(&id) {
            id = format!("{base}{number}");
            number += 1;
        }
        out.push(id);
    }
    out
}

/// Returns an id from a title that begins with a verb: `placeOrder` for `Place an order (SIGNED)`.
fn of_heading(heading: &str) -> Option<String> {
    let plain = inline::plain(heading);
    let title = plain.split(['(', '（', '[', ':', '–', '—']).next().unwrap_or("");
    let title = title
        .split(" - ")
        .next()
        .unwrap_or("")
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
    // A title in two languages: `下单 Place order`.
    let (latin, other): (Vec<String>, Vec<String>) = inline::words(title).into_iter().partition(|word| word.is_ascii());
    let is_title = other.is_empty() || latin.len() > 1;
    let mut words = if is_title { latin } else { other };
    let first = words.first_mut()?;
    if let Some(verb) = VERBS.iter().find(|verb| is_gerund(first, verb)) {
        (*verb).clone_into(first);
    }
    if READS.contains(&first.as_str()) {
        "get".clone_into(first);
    }
    let is_action = VERBS.contains(&first.as_str());
    let named: Vec<String> = words.into_iter().filter(|word| !FILLERS.contains(&word.as_str())).collect();
    let fits = (2..=MOST).contains(&named.len()) && named.iter().all(|word| word.is_ascii());
    (is_action && fits).then(|| inline::camel(&named))
}

/// Returns whether a word is the form with `-ing` of a verb: `placing`, `cancelling`, `getting`.
fn is_gerund(word: &str, verb: &str) -> bool {
    let Some(stem) = word.strip_suffix("ing") else { return false };
    let last = verb.chars().last().unwrap_or(' ');
    stem == verb || verb.strip_suffix('e') == Some(stem) || stem.strip_suffix(last) == Some(verb)
}

fn of_route(operation: &Operation) -> String {
    let mut words = vec![operation.method.to_ascii_lowercase()];
    for segment in operation.path.split('/').filter(|segment| !segment.is_empty()) {
        let lower = segment.to_ascii_lowercase();
        let is_version =
            lower.strip_prefix('v').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
        if is_version || matches!(lower.as_str(), "api" | "rest" | "sapi" | "wapi" | "fapi") {
            continue;
        }
        if segment.starts_with('{') {
            words.push("by".to_owned());
        }
        words.extend(inline::words(segment));
    }
    inline::camel(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_begin_with_a_verb_are_ids() {
        for (heading, id) in [
            ("Place an order", "placeOrder"),
            ("Get my open orders (SIGNED)", "getOpenOrders"),
            ("4.2 Cancelling all orders", "cancelAllOrders"),
            ("**Query** the `fills` of an order", "queryFillsOrder"),
            ("See the pairs", "getPairs"),
            ("下单 Place order", "placeOrder"),
            ("2. Pull an order", "pullOrder"),
            ("Withdraw - private", ""),
            ("Order book", ""),
            ("Closing", ""),
            ("Get 订单", ""),
            ("Get the whole history of all of the orders that were ever placed", ""),
        ] {
            assert_eq!(of_heading(heading).unwrap_or_default(), id, "{heading}");
        }
    }
}
