//! The weights of operations that running text, tables and the headers of samples state: "placing
//! orders costs 2", "each call counts as 5 unless stated".

use crate::access::{self, paragraphs, sentences};
use crate::document::Lines;
use crate::facts::{Confidence, Facts, Limit, LimitScope, Operation, Remark, RemarkKind, Weight};
use crate::inline;
use crate::sections::{Item, ItemKind, Section};
use crate::table::Table;

/// Words for what a weight counts.
const UNITS: [&str; 17] = [
    "weight", "weights", "point", "points", "credit", "credits", "token", "tokens", "unit", "units", "request",
    "requests", "call", "calls", "slot", "slots", "times",
];

/// Verbs before a weight.
const VERBS: [&str; 10] =
    ["costs", "cost", "consumes", "consume", "uses", "takes", "deducts", "counts", "count", "weighs"];

/// The operations that a sentence about a weight is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// The operation of the section, or nothing that is named.
    Own,
    /// Operations without a weight of their own.
    All,
    Placing,
    Cancelling,
    /// Something else, such as each order of a batch.
    Other,
}

/// Adds the weights that a document states. A weight whose operations are not clear becomes a point
/// of the checklist.
pub(crate) fn fill(facts: &mut Facts, sections: &[Section]) {
    let mut general: Vec<(u32, Lines)> = Vec::new();
    let mut tables: Vec<Lines> = Vec::new();
    for section in sections {
        let is_own = |own: &Operation| own.at.document == section.at.document && own.at.first == section.at.first;
        let index = facts.operations.iter().position(is_own);
        for (text, at) in paragraphs(section) {
            for (subject, amount) in sentences(&text).into_iter().filter_map(of_sentence) {
                let line = line_of(section, at, amount);
                let set = |operation: &mut Operation| {
                    operation.weight.get_or_insert((Weight { amount, without: None }, line));
                };
                let is_clear = match (subject, index) {
                    (Subject::Own, Some(index)) => facts.operations.get_mut(index).map(set).is_some(),
                    (Subject::All, None) => {
                        general.push((amount, line));
                        true
                    }
                    (Subject::All, Some(index)) => facts.operations.get_mut(index).map(set).is_some(),
                    (Subject::Placing, _) => each(facts, places, set),
                    (Subject::Cancelling, _) => each(facts, cancels, set),
                    (Subject::Own, None) if !section.heading.is_empty() && is_about(&section.heading) => false,
                    (Subject::Own, None) => continue,
                    (Subject::Other, _) => false,
                };
                if !is_clear {
                    facts.open_weights.push((format!("{amount}"), line));
                }
            }
        }
        for item in &section.items {
            match &item.kind {
                ItemKind::Table { table, .. } if of_table(facts, table, item.at, index) => tables.push(item.at),
                ItemKind::Code { text, first, .. } => headers(facts, text, *first, item),
                _ => {}
            }
        }
    }
    general.append(&mut facts.rest_weights);
    if let Some((amount, at)) = general.first() {
        for operation in &mut facts.operations {
            operation.weight.get_or_insert((Weight { amount: *amount, without: None }, *at));
        }
        for (other, there) in general.iter().filter(|(other, _)| other != amount) {
            facts.remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at: *at,
                other: Some(*there),
                text: format!("each call has the weight {amount} here and {other} there; the draft has the first"),
            });
        }
    }
    facts.remarks.retain(|own| !(own.kind == RemarkKind::Unread && tables.contains(&own.at)));
}

/// Returns whether a heading is about rate limits.
fn is_about(heading: &str) -> bool {
    inline::words(heading).iter().any(|word| {
        matches!(word.as_str(), "limit" | "limits" | "weight" | "weights" | "rate" | "cost" | "costs" | "throttling")
    })
}

/// Changes the operations of a kind. Returns whether there are any.
fn each(facts: &mut Facts, is_own: fn(&Operation) -> bool, set: impl Fn(&mut Operation)) -> bool {
    let mut found = false;
    for operation in facts.operations.iter_mut().filter(|operation| is_own(operation)) {
        set(operation);
        found = true;
    }
    found
}

fn is_about_orders(operation: &Operation) -> bool {
    let has = |text: &str| inline::words(text).iter().any(|word| word.starts_with("order"));
    has(&operation.path) || has(&operation.heading)
}

fn is_cancel(operation: &Operation) -> bool {
    let has = |text: &str| inline::words(text).iter().any(|word| word.starts_with("cancel"));
    operation.method == "DELETE" || has(&operation.path) || has(&operation.heading)
}

fn places(operation: &Operation) -> bool {
    operation.method == "POST" && is_about_orders(operation) && !is_cancel(operation)
}

fn cancels(operation: &Operation) -> bool {
    operation.method != "GET" && is_about_orders(operation) && is_cancel(operation)
}

/// Returns whether a sentence states the weight of operations.
pub(crate) fn states(sentence: &str) -> bool {
    of_sentence(sentence).is_some()
}

/// Reads a sentence that states a weight.
fn of_sentence(sentence: &str) -> Option<(Subject, u32)> {
    let plain = inline::plain(sentence).to_lowercase();
    let words: Vec<&str> = plain.split_whitespace().map(|word| word.trim_matches([',', '(', ')', '"'])).collect();
    let amount = |at: usize| {
        let word = words.get(at)?.trim_end_matches(['.', ':', ';']);
        word.parse::<u32>().ok().filter(|amount| (1..=100_000).contains(amount))
    };
    let ends = |at: usize| words.get(at).is_none_or(|word| word.ends_with(['.', ';']));
    for (at, word) in words.iter().enumerate() {
        let word = word.trim_end_matches([':', '.', ';']);
        let (place, needs_unit) = if VERBS.contains(&word) {
            let skip = words.get(at + 1).is_some_and(|next| matches!(*next, "as" | "for" | "a"));
            let is_count = word.starts_with("count") || word == "weighs" || word.starts_with("cost");
            (at + 1 + usize::from(skip), !is_count)
        } else if matches!(word, "weight" | "weights") {
            let skip = words.get(at + 1).is_some_and(|next| matches!(*next, "of" | "is" | "=" | "are"));
            (at + 1 + usize::from(skip), false)
        } else {
            continue;
        };
        let Some(number) = amount(place) else { continue };
        let unit = words.get(place + 1).map_or("", |next| next.trim_end_matches(['.', ';', ':']));
        let has_unit = UNITS.contains(&unit);
        // `costs 2 EUR` is no weight, and `1200 weight per minute` is a limit.
        let goes_on = !has_unit
            && !ends(place)
            && !matches!(
                unit,
                "" | "unless" | "and" | "or" | "if" | "when" | "by" | "for" | "each" | "in" | "towards" | "against"
            );
        let is_limit =
            words.get(place + 1..).unwrap_or_default().iter().take(4).any(|word| matches!(*word, "per" | "every"));
        if goes_on || needs_unit && !has_unit || is_limit {
            continue;
        }
        return Some((subject(words.get(..at).unwrap_or_default(), &words), number));
    }
    None
}

/// Returns the operations that the words before a weight name.
fn subject(before: &[&str], all: &[&str]) -> Subject {
    let has = |words: &[&str]| before.iter().any(|word| words.contains(word));
    let starts = |prefixes: &[&str]| before.iter().any(|word| prefixes.iter().any(|prefix| word.starts_with(prefix)));
    let is_call =
        |word: &&str| ["call", "request", "endpoint", "operation", "method"].iter().any(|noun| word.starts_with(noun));
    if starts(&["placing", "creating", "submitting", "entering"]) && starts(&["order"]) {
        return Subject::Placing;
    }
    if starts(&["cancel"]) && (starts(&["order"]) || before.len() == 1) {
        return Subject::Cancelling;
    }
    if has(&["this", "its", "it", "the"]) && !has(&["each", "every", "all", "default"]) {
        let is_own = before.iter().any(is_call) || before.len() <= 2;
        return if is_own { Subject::Own } else { Subject::Other };
    }
    if has(&["each", "every", "any", "all", "default", "other", "others"]) || all.contains(&"unless") {
        let is_own = before.iter().any(is_call) || all.contains(&"unless") || has(&["default"]);
        return if is_own { Subject::All } else { Subject::Other };
    }
    let is_bare = before.len() <= 1
        || before.iter().all(|word| is_call(word) || matches!(*word, "request" | "ip" | "api" | "a" | "has" | "with"));
    if is_bare { Subject::Own } else { Subject::Other }
}

/// Returns the line of a paragraph that has a number.
fn line_of(section: &Section, at: Lines, amount: u32) -> Lines {
    let digits = amount.to_string();
    let inside = |item: &&Item| item.at.document == at.document && at.first <= item.at.first && item.at.last <= at.last;
    let has = |item: &Item| matches!(&item.kind, ItemKind::Line(line) if line.split(|c: char| !c.is_ascii_digit()).any(|own| own == digits));
    section.items.iter().filter(inside).find(|item| has(item)).map_or(at, |item| item.at)
}

/// Reads a table of operations and their weights, or a row `Weight | 5` about the own operation.
/// Returns whether it states any.
fn of_table(facts: &mut Facts, table: &Table, at: Lines, own: Option<usize>) -> bool {
    let is_weight = |cell: &String| {
        let words = inline::words(&inline::plain(cell));
        words.len() <= 3
            && words
                .iter()
                .any(|word| matches!(word.as_str(), "weight" | "cost" | "costs" | "credits" | "points" | "权重"))
    };
    let number = |cell: &String| inline::plain(cell).trim().parse::<u32>().ok().filter(|amount| *amount > 0);
    let Some(column) = table.header.iter().position(is_weight) else {
        let row = table.rows.iter().find(|row| row.cells.first().is_some_and(is_weight));
        let found = row.and_then(|row| Some((number(row.cells.get(1)?)?, Lines::one(at.document, row.line))));
        let operation = own.and_then(|index| facts.operations.get_mut(index));
        return match (operation, found.filter(|_| table.header.len() == 2)) {
            (Some(operation), Some((amount, line))) => {
                operation.weight.get_or_insert((Weight { amount, without: None }, line));
                true
            }
            _ => false,
        };
    };
    let mut found = false;
    let mut rest: Option<(u32, Lines)> = None;
    for row in &table.rows {
        let Some(amount) = row.cells.get(column).and_then(number) else { continue };
        let line = Lines::one(at.document, row.line);
        let route = access::route_of(table, row);
        let names: Vec<String> = row.cells.iter().map(|cell| words_of(cell)).collect();
        let is_named = |operation: &Operation| {
            let id = operation.id.as_deref().map(words_of);
            names.iter().filter(|name| !name.is_empty()).any(|name| {
                *name == words_of(&operation.heading)
                    || id.as_ref() == Some(name)
                    || row.cells.iter().any(|cell| inline::plain(cell) == operation.path)
            })
        };
        let is_meant = |operation: &Operation| match &route {
            Some((method, path)) => {
                operation.method == *method && access::normal(&operation.path) == access::normal(path)
            }
            None => is_named(operation),
        };
        let is_rest = |name: &String| {
            matches!(
                name.as_str(),
                "everything else" | "all others" | "all other" | "others" | "other" | "default" | "anything else"
            ) || name.starts_with("all other ")
                || name.starts_with("other ")
        };
        if route.is_none() && names.first().is_some_and(is_rest) {
            rest.get_or_insert((amount, line));
            continue;
        }
        let mut is_clear = false;
        for operation in facts.operations.iter_mut().filter(|operation| is_meant(operation)) {
            operation.weight.get_or_insert((Weight { amount, without: None }, line));
            is_clear = true;
        }
        // A single row without a name is about the operation of the section.
        if let (false, [_], Some(operation)) =
            (is_clear, table.rows.as_slice(), own.and_then(|own| facts.operations.get_mut(own)))
        {
            operation.weight.get_or_insert((Weight { amount, without: None }, line));
            is_clear = true;
        }
        if is_clear {
            found = true;
        } else {
            facts.open_weights.push((amount.to_string(), line));
        }
    }
    if let Some((amount, line)) = rest {
        facts.rest_weights.push((amount, line));
    }
    found || rest.is_some()
}

fn words_of(text: &str) -> String {
    let plain = inline::plain(text);
    let title = plain.split(['(', '（']).next().unwrap_or("");
    inline::words(title)
        .into_iter()
        .filter(|word| !matches!(word.as_str(), "a" | "an" | "the"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Reads the headers about limits in a sample of a response: those with a time are limits, and the
/// others are points.
fn headers(facts: &mut Facts, text: &str, first: usize, item: &Item) {
    if !text.trim_start().starts_with("HTTP/") {
        return;
    }
    for (index, line) in text.lines().enumerate() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let lower = name.trim().to_ascii_lowercase();
        let folded = lower.replace(['-', '_'], "");
        let is_limit = folded.contains("ratelimit") && (folded.contains("limitlimit") || folded.ends_with("policy"))
            || folded.contains("ratelimitlimit");
        if !is_limit {
            continue;
        }
        let at = Lines::one(item.at.document, first + index);
        let digits = |text: &str| text.trim().chars().take_while(char::is_ascii_digit).collect::<String>();
        let Ok(number) = digits(value).parse::<u64>() else { continue };
        let policy = value.split(';').find_map(|part| part.trim().strip_prefix("w=")).map(digits);
        let window = policy.filter(|digits| !digits.is_empty()).map(|digits| format!("{digits}s")).or_else(|| {
            let unit = lower.rsplit('-').next().unwrap_or("");
            let unit = match unit {
                "second" | "1s" => "1s",
                "minute" | "1m" => "1m",
                "hour" | "1h" => "1h",
                "day" | "1d" => "1d",
                _ => return None,
            };
            Some(unit.to_owned())
        });
        let Some(window) = window.filter(|_| number > 0) else {
            facts.open_limits.push((format!("{}: {number}", name.trim()), at));
            continue;
        };
        let is_known = facts.limits.iter().any(|own| own.number == number && own.window == window);
        if !is_known {
            let text = format!("{number} requests per {window}");
            facts.remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::Low),
                at,
                other: None,
                text: format!("`{text}` is a rate limit of all requests, by a header of a sample"),
            });
            facts.limits.push(Limit {
                text,
                at,
                number,
                window,
                is_weight: false,
                per: "ip",
                scope: LimitScope::All,
                confidence: Confidence::Low,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_state_weights() {
        for (text, wanted) in [
            ("Placing orders costs 2.", Some((Subject::Placing, 2))),
            ("Cancelling an order costs 1 point.", Some((Subject::Cancelling, 1))),
            ("Each call counts as 5 unless stated.", Some((Subject::All, 5))),
            ("This call has a weight of 10.", Some((Subject::Own, 10))),
            ("Costs 4 credits.", Some((Subject::Own, 4))),
            ("This endpoint consumes 3 tokens", Some((Subject::Own, 3))),
            ("The default weight is 1.", Some((Subject::All, 1))),
            ("Each order of a batch costs 2 points.", Some((Subject::Other, 2))),
            ("A withdrawal costs 2 EUR.", None),
            ("1200 weight per minute", None),
            ("Each key may use a weight of 1200 per minute.", None),
            ("The fee is 2.", None),
            ("It takes 5 seconds.", None),
        ] {
            assert_eq!(of_sentence(text), wanted, "{text}");
        }
    }
}
