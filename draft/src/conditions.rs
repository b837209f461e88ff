//! Weights that depend on what a request sends: "1 when `symbol` is sent, 40 when it is omitted".

use crate::facts::Weight;
use crate::inline;

/// The condition of a weight.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    /// The request has a value. The name is empty if the text has a pronoun for it.
    Present(String),
    /// The request does not have a value.
    Absent(String),
    /// Another condition, such as the size of a value.
    Other,
    None,
}

/// Words that begin a condition.
const BEGINS: [&str; 13] =
    ["if", "when", "with", "without", "for", "unless", "otherwise", "else", "where", "while", "in", "on", "per"];

/// Other words behind a weight.
const FOLLOWERS: [&str; 30] = [
    "and", "or", "above", "below", "up", "over", "under", "until", "between", "from", "at", "more", "less", "point",
    "points", "weight", "weights", "credit", "credits", "token", "tokens", "unit", "units", "slot", "slots", "request",
    "requests", "call", "calls", "=",
];

/// Words before a number that is a part of a condition.
const OPERANDS: [&str; 26] = [
    "max", "maximum", "limit", "up", "to", "than", "most", "least", "exceeds", "is", "over", "above", "below", "under",
    "between", "from", "=", "<", ">", "≤", "≥", "<=", ">=", "of", "first", "last",
];

/// Words for a value that a request has.
const PRESENT: [&str; 15] = [
    "sent",
    "given",
    "present",
    "provided",
    "specified",
    "set",
    "included",
    "used",
    "passed",
    "supplied",
    "with",
    "single",
    "one",
    "includes",
    "has",
];

/// Words for a value that a request does not have.
const ABSENT: [&str; 12] = [
    "omitted",
    "absent",
    "missing",
    "without",
    "not",
    "no",
    "left",
    "otherwise",
    "else",
    "unset",
    "unspecified",
    "isn't",
];

/// A word of a text.
#[derive(Debug)]
struct Word {
    text: String,
    /// It stands in backticks.
    is_span: bool,
    /// A sign behind it ends a clause.
    ends: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            out.push(Word { text: part.trim().to_owned(), is_span: true, ends: false });
            continue;
        }
        for raw in inline::plain(part).replace('(', " ( ").split_whitespace() {
            let text = raw.trim_matches([',', ')', '"', '.', ':', ';', '*']).to_lowercase();
            let ends = raw.ends_with([',', ';', ')', '.']) || raw == "(";
            match out.last_mut().filter(|_| text.is_empty() || text == "(") {
                Some(before) => before.ends |= ends,
                None => out.push(Word { text, is_span: false, ends }),
            }
        }
    }
    out
}

fn amount(words: &[Word], at: usize) -> Option<u32> {
    let own = words.get(at)?;
    let before = at.checked_sub(1).and_then(|before| words.get(before)).filter(|own| !own.ends);
    let near = words.get(at.saturating_sub(4)..at).unwrap_or_default();
    let is_end = before.is_some_and(|own| own.text == "and") && near.iter().any(|own| own.text == "between");
    let is_operand =
        is_end || before.is_some_and(|own| own.is_span || OPERANDS.contains(&own.text.as_str())) && !is_verb(words, at);
    // The number in `2 EUR` is a price, not a weight.
    let next = words.get(at + 1).filter(|_| !own.ends);
    let goes_on = next.is_none_or(|own| BEGINS.contains(&own.text.as_str()) || FOLLOWERS.contains(&own.text.as_str()));
    // `10 per second` is a rate.
    let behind = words.get(at + 1..(at + 5).min(words.len())).unwrap_or_default();
    let is_rate = behind.iter().any(|own| {
        matches!(own.text.as_str(), "s" | "sec" | "second" | "seconds" | "min" | "minute" | "minutes" | "hour" | "day")
    });
    own.text.parse().ok().filter(|amount| goes_on && !is_operand && !is_rate && (1..=100_000).contains(amount))
}

/// Returns whether the words before a number speak of the weight itself: "the weight is 5", "costs
/// 5".
fn is_verb(words: &[Word], at: usize) -> bool {
    let near = words.get(at.saturating_sub(3)..at).unwrap_or_default();
    near.iter().any(|own| {
        matches!(
            own.text.as_str(),
            "weight" | "weights" | "cost" | "costs" | "weighs" | "consumes" | "takes" | "counts"
        )
    })
}

/// Reads the condition in some words.
fn condition(words: &[Word]) -> Condition {
    let has = |all: &[&str]| words.iter().any(|own| !own.is_span && all.contains(&own.text.as_str()));
    if words.is_empty() || !has(&BEGINS) && !has(&ABSENT) {
        return Condition::None;
    }
    let beside = || {
        let noun = words.iter().position(|own| matches!(own.text.as_str(), "parameter" | "param" | "argument"))?;
        let before = noun.checked_sub(1).and_then(|at| words.get(at));
        before.filter(|own| !matches!(own.text.as_str(), "the" | "a" | "an" | "no" | "this" | "that"))
    };
    let own = words.iter().find(|own| own.is_span).or_else(beside);
    // "when `limit` is `100`" is about a value, and "when `a` and `b` are sent" about two.
    let is_many = words.iter().filter(|own| own.is_span).count() > 1;
    let is_number = words.iter().any(|own| own.text.starts_with(|c: char| c.is_ascii_digit()));
    let name = own.map(|own| own.text.clone()).unwrap_or_default();
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let is_pronoun = has(&["it", "otherwise", "else", "none", "that"]) || words.len() == 1;
    match (has(&ABSENT), has(&PRESENT)) {
        _ if is_many || is_number || !is_name => Condition::Other,
        (true, _) if own.is_some() || is_pronoun => Condition::Absent(name),
        (false, true) if own.is_some() || is_pronoun => Condition::Present(name),
        _ => Condition::Other,
    }
}

/// Reads a weight that depends on what a request sends. Returns `None` for one weight, and for
/// several weights without a condition.
pub(crate) fn read(text: &str) -> Option<Weight> {
    let words = words(text);
    let places: Vec<usize> = (0..words.len()).filter(|at| amount(&words, *at).is_some()).collect();
    let mut found: Vec<(u32, Condition)> = Vec::new();
    for (index, at) in places.iter().enumerate() {
        let next = places.get(index + 1).copied().unwrap_or(words.len());
        let from = index.checked_sub(1).and_then(|before| places.get(before)).map_or(0, |before| before + 1);
        // "1, without it 40": the condition of the next number follows.
        let is_last = words.get(*at).is_some_and(|own| own.ends);
        let behind = words.get(at + 1..next).filter(|_| !is_last).unwrap_or_default();
        let before = words.get(from..*at).unwrap_or_default();
        // The clause of the number ends at a sign: "1 with `symbol`, without it 40".
        let end = behind.iter().position(|own| own.ends).map_or(behind.len(), |end| end + 1);
        let start = before.iter().rposition(|own| own.ends).filter(|at| at + 1 < before.len()).map_or(0, |at| at + 1);
        let own = condition(behind.get(..end).unwrap_or_default());
        let own = match own {
            Condition::None => condition(before.get(start..).unwrap_or_default()),
            own => own,
        };
        found.push((amount(&words, *at)?, own));
    }
    if found.len() < 2 || found.iter().all(|(_, own)| *own == Condition::None) {
        return None;
    }
    if let [(first, one), (second, other)] = found.as_slice() {
        let named = |present: u32, absent: u32, a: &str, b: &str| {
            let name = if a.is_empty() { b } else { a };
            let is_same = b.is_empty() || a.is_empty() || a == b;
            (!name.is_empty() && is_same)
                .then(|| Weight { without: Some((absent, name.to_owned())), ..Weight::fixed(present) })
        };
        let pair = match (one, other) {
            (Condition::Present(a), Condition::Absent(b)) => named(*first, *second, a, b),
            (Condition::Absent(b), Condition::Present(a)) => named(*second, *first, a, b),
            (Condition::None | Condition::Other, Condition::Absent(b)) => named(*first, *second, "", b),
            (Condition::Present(a), Condition::None) => named(*first, *second, a, ""),
            _ => None,
        };
        if pair.is_some() {
            return pair;
        }
    }
    let among: Vec<u32> = found.iter().map(|(amount, _)| *amount).collect();
    Some(Weight { among: among.clone(), ..Weight::fixed(among.into_iter().max()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_with_conditions_are_those_of_a_parameter_or_the_largest() {
        let show = |text: &str| {
            let own = read(text)?;
            Some(match (own.without, own.among) {
                (Some((without, name)), _) => format!("{} with {name}, {without} without", own.amount),
                (None, among) => format!("{} of {among:?}", own.amount),
            })
        };
        for (text, wanted) in [
            ("1 when `symbol` is sent, 40 when it is omitted", Some("1 with symbol, 40 without")),
            ("40 if `symbol` is not given, 1 if it is given", Some("1 with symbol, 40 without")),
            ("1 with `symbol`, 40 without it", Some("1 with symbol, 40 without")),
            ("1 (40 without `symbol`)", Some("1 with symbol, 40 without")),
            ("2 if `market` is present, otherwise 10", Some("2 with market, 10 without")),
            ("The weight is 2 with the market parameter and 10 without.", Some("2 with market, 10 without")),
            ("With `symbol` it costs 1, without it 40.", Some("1 with symbol, 40 without")),
            ("5 for a `limit` up to 100, 10 up to 500, 50 above", Some("50 of [5, 10, 50]")),
            ("1 for market orders, 2 for limit orders", Some("2 of [1, 2]")),
            ("It costs 2 EUR with `fast`, 1 EUR without it.", None),
            ("2 (max 10 per second)", None),
            ("5", None),
            ("2 and 1", None),
            ("5 points per call", None),
        ] {
            assert_eq!(show(text).as_deref(), wanted, "{text}");
        }
    }
}
