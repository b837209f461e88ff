//! The weights of operations that running text, tables and the headers of samples state: "placing
//! orders costs 2", "each call counts as 5 unless stated".

use std::collections::BTreeSet;
use std::ops::Range;

use crate::access::{self, paragraphs, sentences};
use crate::calls::METHODS;
use crate::conditions;
use crate::document::Lines;
use crate::facts::{Confidence, Facts, Limit, LimitScope, Operation, Remark, RemarkKind, Weight};
use crate::inline;
use crate::paths;
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

/// Words after a weight that do not say what it counts.
const FOLLOWERS: [&str; 17] = [
    "unless", "and", "or", "if", "when", "by", "for", "each", "in", "towards", "against", "but", "while", "then", "to",
    "-", "/",
];

/// Units that count weights only.
const POINTS: [&str; 10] =
    ["weight", "weights", "point", "points", "credit", "credits", "token", "tokens", "unit", "units"];

/// Signs at the end of a clause.
const STOPS: [char; 4] = ['.', ';', ',', ')'];

/// Nouns for operations: the beginnings of the words.
const CALLS: [&str; 5] = ["call", "request", "endpoint", "operation", "method"];

/// The operations that a sentence about a weight is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    /// The operation of the section, or nothing that is named.
    Own,
    /// Operations that the sentence names by their methods and paths.
    Routes(Vec<(String, String)>),
    Placing,
    Cancelling,
    /// Operations without a weight of their own.
    All,
    /// Something else, such as each order of a batch.
    Other,
}

/// A weight in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stated {
    subject: Subject,
    amount: u32,
    /// The sentence allows other weights: "unless stated".
    is_default: bool,
    /// The words of its clause.
    words: Range<usize>,
}

/// The source of a weight. A source that is more specific about the operation comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The section of the operation.
    Own,
    /// A table or a sentence that names the operation.
    Named,
    /// A sentence about placing or cancelling orders.
    Kind,
    /// A sentence about all operations of a chapter.
    Chapter,
    /// A sentence about all operations.
    All,
}

/// A weight that the document states for an operation.
#[derive(Clone, Copy, Debug)]
struct Claim {
    /// The index of the operation.
    operation: usize,
    rank: Rank,
    amount: u32,
    at: Lines,
    /// It does not contradict a source that is more specific.
    is_default: bool,
}

/// Adds the weights that a document states. The most specific source decides; a weight whose
/// operations are not clear becomes a point of the checklist.
pub(crate) fn fill(facts: &mut Facts, sections: &[Section]) {
    let mut claims: Vec<Claim> = Vec::new();
    let mut tables: Vec<Lines> = Vec::new();
    for (place, section) in sections.iter().enumerate() {
        let index = operation_of(facts, section);
        for (text, at) in paragraphs(section) {
            let all: Vec<&str> = sentences(&text);
            let all = all.into_iter().filter(|sentence| {
                let at = conditions::read(sentence).map(|own| line_of(section, at, sentence, own.amount));
                !at.is_some_and(|at| conditional(facts, index, sentence, at))
            });
            let all: Vec<&str> = all.collect();
            for (sentence, stated) in
                all.into_iter().flat_map(|one| of_sentence(one).into_iter().map(move |own| (one, own)))
            {
                let line = line_of(section, at, sentence, stated.amount);
                if stated.subject == Subject::Own && index.is_none() && !is_about(&section.heading) {
                    continue;
                }
                let before = claims.len();
                for (operation, rank, is_fallback) in meant(facts, sections, place, index, &stated.subject) {
                    let is_default = stated.is_default || is_fallback;
                    claims.push(Claim { operation, rank, amount: stated.amount, at: line, is_default });
                }
                if claims.len() == before {
                    facts.open_weights.push((stated.amount.to_string(), line));
                }
            }
        }
        for item in &section.items {
            match &item.kind {
                ItemKind::Table { table, .. } if of_table(facts, table, item.at, index, &mut claims) => {
                    tables.push(item.at);
                }
                ItemKind::Code { text, first, .. } => headers(facts, text, *first, item),
                _ => {}
            }
        }
    }
    decide(facts, &claims);
    facts.remarks.retain(|own| !(own.kind == RemarkKind::Unread && tables.contains(&own.at)));
}

/// Gives the operation of a section the weight with conditions that a sentence states. Returns
/// whether it states one.
fn conditional(facts: &mut Facts, index: Option<usize>, sentence: &str, at: Lines) -> bool {
    let words = words_of_sentence(sentence);
    let verbs = ["cost", "costs", "weighs", "consumes", "deducts"];
    let speaks = words.iter().any(|own| verbs.contains(&own.text.as_str()) || POINTS.contains(&own.text.as_str()));
    let Some(operation) = index.and_then(|index| facts.operations.get_mut(index)).filter(|_| speaks) else {
        return false;
    };
    let Some(own) = conditions::read(sentence) else { return false };
    operation.weight.get_or_insert((own, at));
    true
}

/// Returns the operation that a section describes.
fn operation_of(facts: &Facts, section: &Section) -> Option<usize> {
    let is_own = |own: &Operation| own.at.document == section.at.document && own.at.first == section.at.first;
    facts.operations.iter().position(is_own)
}

/// Returns the operations that the subject of a sentence means, each with the rank of the sentence
/// for it, and whether the sentence is about it only if no other one is.
fn meant(
    facts: &Facts,
    sections: &[Section],
    place: usize,
    index: Option<usize>,
    subject: &Subject,
) -> Vec<(usize, Rank, bool)> {
    let all = || facts.operations.iter().enumerate();
    let of_kind = |is_kind: fn(&Operation) -> bool| {
        // In the section of such an operation, the sentence is about this one.
        let own = index.filter(|index| facts.operations.get(*index).is_some_and(is_kind));
        match own {
            Some(index) => vec![(index, Rank::Own, false)],
            None => all().filter(|(_, own)| is_kind(own)).map(|(at, _)| (at, Rank::Kind, false)).collect(),
        }
    };
    match (subject, index) {
        (Subject::Own | Subject::All, Some(index)) => vec![(index, Rank::Own, false)],
        (Subject::Routes(routes), _) => {
            let is_named = |own: &Operation| routes.iter().any(|(method, path)| has_route(own, method, path));
            all().filter(|(_, own)| is_named(own)).map(|(at, _)| (at, Rank::Named, false)).collect()
        }
        (Subject::Placing, _) => of_kind(places),
        (Subject::Cancelling, _) => of_kind(cancels),
        (Subject::All, None) => {
            let below = below(facts, sections, place);
            let rank = |at: usize| match below.contains(&at) {
                true => (at, Rank::Chapter, false),
                // A chapter of some operations says little about those of others.
                false => (at, Rank::All, !below.is_empty()),
            };
            (0..facts.operations.len()).map(rank).collect()
        }
        (Subject::Own, None) | (Subject::Other, _) => Vec::new(),
    }
}

/// Returns the operations in the chapter that a section begins, if the document has others too.
fn below(facts: &Facts, sections: &[Section], place: usize) -> Vec<usize> {
    let Some(own) = sections.get(place) else { return Vec::new() };
    let later = sections.get(place + 1..).unwrap_or_default().iter();
    let later = later.take_while(|section| section.at.document == own.at.document && section.level > own.level);
    let below: Vec<usize> = later.filter_map(|section| operation_of(facts, section)).collect();
    let of_document = facts.operations.iter().filter(|operation| operation.at.document == own.at.document);
    if below.len() == of_document.count() { Vec::new() } else { below }
}

fn has_route(operation: &Operation, method: &str, path: &str) -> bool {
    operation.method == method && access::normal(&operation.path) == access::normal(path)
}

/// Gives each operation its weight: that of the most specific source. Sources that differ from it
/// are contradictions, except for those that allow other weights.
fn decide(facts: &mut Facts, claims: &[Claim]) {
    let mut remarks: Vec<Remark> = Vec::new();
    let mut exceptions: Vec<(Claim, String, Lines, usize)> = Vec::new();
    for (index, operation) in facts.operations.iter_mut().enumerate() {
        let mut own: Vec<&Claim> = claims.iter().filter(|claim| claim.operation == index).collect();
        own.sort_by_key(|claim| (claim.rank, claim.is_default));
        let name = operation.name();
        // A line such as `Weight: 5` was read with the operation.
        let rank = match (&operation.weight, own.first()) {
            (Some(_), _) | (None, None) => Rank::Own,
            (None, Some(best)) => {
                operation.weight = Some((Weight::fixed(best.amount), best.at));
                best.rank
            }
        };
        let Some((weight, at)) = &operation.weight else { continue };
        let amount = weight.amount;
        if rank == Rank::Kind {
            let verb = if cancels(operation) { "cancels" } else { "places" };
            let confidence = if is_bulk(operation) { Confidence::Low } else { Confidence::Medium };
            remarks.push(Remark {
                kind: RemarkKind::Guess(confidence),
                at: *at,
                other: Some(operation.route_at),
                text: format!("`{name}` has the weight {amount}: by its route and its title it {verb} orders"),
            });
        }
        let is_same = |other: &Claim| {
            other.amount == amount
                || weight.among.contains(&other.amount)
                || weight.without.as_ref().is_some_and(|(without, _)| *without == other.amount)
        };
        for other in own.into_iter().filter(|other| !is_same(other)) {
            let is_general = matches!(other.rank, Rank::Chapter | Rank::All);
            let is_rival = rank == other.rank && is_general;
            if other.is_default && !is_rival {
                continue;
            }
            if is_rival {
                remarks.push(contradiction(
                    *at,
                    other.at,
                    format!(
                        "each call has the weight {amount} here and {} there; the draft has {amount}",
                        other.amount
                    ),
                ));
            } else if is_general {
                match exceptions.iter_mut().find(|(claim, ..)| claim.at == other.at && claim.amount == other.amount) {
                    Some((.., count)) => *count += 1,
                    None => exceptions.push((*other, format!("`{name}` has {amount}"), *at, 0)),
                }
            } else {
                let text =
                    format!("`{name}` has the weight {amount} here and {} there; the draft has {amount}", other.amount);
                remarks.push(contradiction(*at, other.at, text));
            }
        }
    }
    for (claim, text, at, count) in exceptions {
        let more = match count {
            0 => String::new(),
            1 => ", as 1 more operation has another one".to_owned(),
            count => format!(", as {count} more operations have other ones"),
        };
        let text = format!(
            "each call has the weight {} here, and {text} there{more}; the draft has the weights of the operations",
            claim.amount
        );
        remarks.push(contradiction(claim.at, at, text));
    }
    for remark in remarks {
        if !facts.remarks.contains(&remark) {
            facts.remarks.push(remark);
        }
    }
}

fn contradiction(at: Lines, other: Lines, text: String) -> Remark {
    Remark { kind: RemarkKind::Contradiction, at, other: Some(other), text }
}

/// Returns whether a heading is about rate limits.
fn is_about(heading: &str) -> bool {
    inline::words(heading).iter().any(|word| {
        matches!(word.as_str(), "limit" | "limits" | "weight" | "weights" | "rate" | "cost" | "costs" | "throttling")
    })
}

/// Verbs for placing an order, in titles and paths.
const PLACE: [&str; 15] = [
    "put",
    "insert",
    "place",
    "placing",
    "create",
    "creating",
    "new",
    "submit",
    "submitting",
    "enter",
    "entering",
    "send",
    "sending",
    "add",
    "post",
];

/// Words of the path of an operation that places orders, beside the verbs.
const ORDERS: [&str; 17] = [
    "order",
    "orders",
    "batch",
    "bulk",
    "multi",
    "multiple",
    "mass",
    "spot",
    "margin",
    "futures",
    "limit",
    "market",
    "stop",
    "trigger",
    "conditional",
    "algo",
    "oco",
];

/// Words of operations that only try an order, or ask about it.
const TRIES: [&str; 8] = ["test", "preview", "validate", "check", "estimate", "simulate", "dry", "amend"];

/// Words of titles of operations that do something else with orders.
const OTHERS: [&str; 24] = [
    "amend", "edit", "modify", "change", "update", "replace", "query", "get", "list", "read", "fetch", "find",
    "search", "show", "view", "retrieve", "lookup", "status", "details", "history", "info", "book", "close", "count",
];

/// Returns the words of a path or a title: `placeorder` has two.
fn route_words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in inline::words(text) {
        let noun = ["orders", "order"].into_iter().find(|noun| word.len() > noun.len() && word.ends_with(noun));
        match noun.and_then(|noun| word.strip_suffix(noun).map(|verb| (verb, noun))) {
            Some((verb, noun)) if PLACE.contains(&verb) || verb == "cancel" => {
                out.extend([verb.to_owned(), noun.to_owned()]);
            }
            _ => out.push(word),
        }
    }
    out
}

fn has_any(words: &[String], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(&word.as_str()))
}

fn words_of_operation(operation: &Operation) -> Vec<String> {
    let mut words = route_words(&operation.path);
    words.extend(route_words(&operation.heading));
    words
}

fn is_about_orders(operation: &Operation) -> bool {
    has_any(&words_of_operation(operation), &["order", "orders"])
}

fn is_cancel(operation: &Operation) -> bool {
    let words = words_of_operation(operation);
    operation.method == "DELETE" || has_any(&words, &["cancel", "cancels", "cancelling", "canceling"])
}

/// Returns whether an operation is about several orders.
fn is_bulk(operation: &Operation) -> bool {
    has_any(&words_of_operation(operation), &["batch", "bulk", "multi", "multiple", "mass", "all", "list", "after"])
}

/// Returns whether an operation places orders: its title begins with such a verb, or its path ends
/// with words for orders.
fn places(operation: &Operation) -> bool {
    let title = route_words(&operation.heading);
    let is_other = is_cancel(operation) || has_any(&words_of_operation(operation), &TRIES);
    if operation.method != "POST" || !is_about_orders(operation) || is_other {
        return false;
    }
    // `3. Place an order` begins with its number.
    let mut named = title.iter().filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    if named.next().is_some_and(|word| PLACE.contains(&word.as_str())) {
        return true;
    }
    let mut segments = operation.path.rsplit('/').filter(|own| !own.is_empty() && !paths::is_parameter(own));
    let last = segments.next().map(route_words).unwrap_or_default();
    let is_known = |word: &String| ORDERS.contains(&word.as_str()) || PLACE.contains(&word.as_str());
    last.iter().all(is_known) && !has_any(&title, &OTHERS)
}

fn cancels(operation: &Operation) -> bool {
    let replaces = has_any(&words_of_operation(operation), &["replace", "history", "query", "test"]);
    operation.method != "GET" && is_about_orders(operation) && is_cancel(operation) && !replaces
}

/// Returns a sentence without its clauses about weights, and whether it has any.
pub(crate) fn without(sentence: &str) -> (String, bool) {
    let stated = of_sentence(sentence);
    if stated.is_empty() {
        return (sentence.to_owned(), false);
    }
    let words = words_of_sentence(sentence);
    let mut is_left = vec![true; words.len()];
    for own in &stated {
        is_left.get_mut(own.words.clone()).unwrap_or_default().fill(false);
    }
    // What follows a clause about a weight, such as `unless stated`, says nothing alone.
    let left = words.iter().zip(is_left).filter(|(_, is_left)| *is_left);
    let mut text: Vec<&str> = left.map(|(word, _)| word.raw.as_str()).collect();
    if !text.iter().any(|raw| raw.contains(|c: char| c.is_ascii_digit())) {
        text.clear();
    }
    let text = text.join(" ");
    let text = text.trim_end_matches([',', ' ', '.', ';']);
    (if text.is_empty() { String::new() } else { format!("{text}.") }, true)
}

/// A word of a sentence.
#[derive(Clone, Debug)]
struct Word {
    /// The word in lower case, without the signs around it. A text in backticks has none, unless it
    /// is a number.
    text: String,
    raw: String,
}

impl Word {
    fn ends_with(&self, signs: &[char]) -> bool {
        self.raw.trim_end_matches(['"', '\'']).ends_with(signs)
    }

    fn amount(&self) -> Option<u32> {
        self.text.parse().ok().filter(|amount| (1..=100_000).contains(amount))
    }

    fn has_digit(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    fn is_call(&self) -> bool {
        CALLS.iter().any(|noun| self.text.starts_with(noun))
    }
}

/// Returns the words of a sentence. A text in backticks is one word, since it names something of
/// the API and is no part of the language.
fn words_of_sentence(sentence: &str) -> Vec<Word> {
    let sentence = inline::without_links(&sentence.replace("<code>", "`").replace("</code>", "`"));
    let parts: Vec<&str> = sentence.split('`').collect();
    let mut out: Vec<Word> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 && index + 1 < parts.len() {
            let digits = part.trim();
            let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
            let text = if is_number { digits.to_owned() } else { String::new() };
            out.push(Word { text, raw: format!("`{digits}`") });
            continue;
        }
        for raw in inline::plain(part).split_whitespace() {
            let signs = [',', '(', ')', '"', '.', ':', ';', '*'];
            let text = raw.to_lowercase().trim_matches(signs).to_owned();
            match out.last_mut().filter(|_| text.is_empty()) {
                // Signs belong to the word before them. Other ones, such as `=`, are words.
                Some(before) => before.raw.push_str(raw),
                None => out.push(Word { text, raw: raw.to_owned() }),
            }
        }
    }
    out
}

/// Returns the weights that a sentence states.
fn of_sentence(sentence: &str) -> Vec<Stated> {
    let words = words_of_sentence(sentence);
    let mut out: Vec<Stated> = Vec::new();
    let mut clause = Clause::default();
    // The end of the last clause about a weight.
    let mut end = 0;
    for (at, word) in words.iter().enumerate() {
        if out.len() == MOST {
            break;
        }
        if at >= end
            && let Some(stated) = stated_at(&words, clause.start(at), at)
        {
            end = stated.words.end;
            out.push(stated);
        }
        clause.push(at, word);
    }
    out
}

/// The clause that a word is in. Only a clause with a number ends before the sentence does: "1200
/// points per minute, and each call costs 1".
#[derive(Debug, Default)]
struct Clause {
    /// A number stands before the word.
    has_number: bool,
    /// The first word of a clause behind the last number.
    begins: Option<usize>,
    /// A comma ends the word before.
    after_comma: bool,
}

impl Clause {
    /// Adds a word of the sentence.
    fn push(&mut self, at: usize, word: &Word) {
        if word.has_digit() {
            self.has_number = true;
            self.begins = None;
        } else if self.has_number && (self.after_comma || matches!(word.text.as_str(), "and" | "but" | "while")) {
            self.begins.get_or_insert(at);
        }
        self.after_comma = word.ends_with(&[',']);
    }

    /// Returns the first word of the clause of a word.
    fn start(&self, at: usize) -> usize {
        self.begins.unwrap_or(0).max(at.saturating_sub(MOST_IN_CLAUSE))
    }
}

/// The maximum number of weights in a sentence.
const MOST: usize = 32;

/// The maximum number of words on each side of the verb of a clause.
const MOST_IN_CLAUSE: usize = 300;

/// Reads the weight behind a verb or a noun for weights. `from` is the first word of the clause.
fn stated_at(words: &[Word], from: usize, at: usize) -> Option<Stated> {
    let own = words.get(at)?;
    let word = own.text.as_str();
    let text = |at: usize| words.get(at).map_or("", |own| own.text.as_str());
    let before = words.get(from..at)?;
    let joint = before.first().is_some_and(|own| matches!(own.text.as_str(), "and" | "but" | "while"));
    let before = before.get(usize::from(joint)..)?;
    let is_noun = matches!(word, "weight" | "weights") || word == "cost" && matches!(text(at + 1), "of" | "for");
    // "`POST /orders`: 3 points" has no verb.
    let is_entry = own.ends_with(&[':']) && POINTS.contains(&text(at + 2));
    if !is_noun && !is_entry && !VERBS.contains(&word) {
        return None;
    }
    // "The weight of this call is 10."
    let object = Some(at + 2).filter(|start| {
        is_noun && matches!(text(at + 1), "of" | "for") && words.get(*start).is_some_and(|own| !own.has_digit())
    });
    let is = object.and_then(|start| {
        let is_end = |at: &usize| {
            matches!(text(*at), "is" | "are" | "=") || words.get(*at).is_some_and(|own| own.ends_with(&[':']))
        };
        (start..start + 8).find(is_end)
    });
    let skips = match is_noun {
        true => matches!(text(at + 1), "of" | "is" | "=" | "are"),
        false => !is_entry && matches!(text(at + 1), "as" | "for" | "a"),
    };
    let place = is.map_or(at + 1 + usize::from(skips), |is| is + 1);
    let number = words.get(place)?;
    let amount = number.amount()?;
    let in_brackets = words.get(place + 1).is_some_and(|own| own.raw.starts_with('('));
    let ends = number.ends_with(&STOPS) || place + 1 == words.len() || in_brackets && text(place + 1) != "per";
    let unit = if ends { "" } else { text(place + 1) };
    let has_unit = UNITS.contains(&unit);
    // `costs 2 EUR` states a price, and `1200 weight per minute` a limit.
    let goes_on = !ends && !has_unit && !FOLLOWERS.contains(&unit);
    let behind = words.get(place + 1..).filter(|_| !ends).unwrap_or_default();
    // Another number has a time of its own.
    let stop = behind.iter().position(Word::has_digit).unwrap_or(behind.len());
    let stop = behind.iter().take(stop).position(|own| own.ends_with(&STOPS)).map_or(stop, |at| at + 1);
    let is_limit = behind.iter().take(stop.min(4)).any(|own| matches!(own.text.as_str(), "per" | "every"));
    if goes_on || is_limit {
        return None;
    }
    let named = match is {
        // The words of the object name the operations: `of this call`.
        Some(is) => words.get(at + 2..=is)?,
        None if is_entry => words.get(at.min(from)..=at)?,
        None => before,
    };
    let near = words.get(at.saturating_sub(MOST_IN_CLAUSE)..words.len().min(at + MOST_IN_CLAUSE))?;
    let subject = subject(named, near, is_noun);
    if is_entry && !matches!(subject, Subject::Routes(_) | Subject::Placing | Subject::Cancelling) {
        return None;
    }
    // "cost 2 and 1" has a weight for each of several operations.
    let next = place + 1 + usize::from(matches!(text(place + 1), "and" | "or" | "to" | "-" | "/"));
    let has_others = next > place + 1 || number.ends_with(&[',']) || in_brackets;
    let subject = if has_others && words.get(next).is_some_and(Word::has_digit) { Subject::Other } else { subject };
    let is_count = word.starts_with("count");
    let is_cost = word.starts_with("cost") || word == "weighs";
    let subject = match (is_noun || has_unit || is_entry, is_count || is_cost) {
        (true, _) => subject,
        (false, false) => return None,
        (false, true) => {
            // `count` can be a noun, and a price can be 2 too.
            let begins = before.is_empty() && word.ends_with('s');
            let is_price = word == "cost" && (own.ends_with(&[':']) || before.iter().any(|own| own.text == "default"));
            let is_plural = before.last().is_some_and(|own| {
                own.text.ends_with('s') && (own.is_call() || own.text == "orders") || own.raw.starts_with('`')
            });
            let is_verb = begins || is_price || names_operation(before, &subject);
            match (is_count, is_verb && (word != "count" || skips || is_plural)) {
                (_, true) => subject,
                (true, false) => return None,
                (false, false) => Subject::Other,
            }
        }
    };
    let is_default = near.iter().any(|own| {
        matches!(
            own.text.as_str(),
            "unless" | "default" | "other" | "others" | "otherwise" | "else" | "except" | "most"
        )
    });
    let end = place + 1 + usize::from(has_unit);
    // The words before the number of another clause are not about the weight.
    let from = if before.iter().any(Word::has_digit) { at } else { from };
    Some(Stated { subject, amount, is_default, words: from..end })
}

/// Returns whether the words before a verb name operations.
fn names_operation(before: &[Word], subject: &Subject) -> bool {
    match subject {
        Subject::Routes(_) | Subject::Placing | Subject::Cancelling => true,
        Subject::Other => false,
        Subject::Own | Subject::All => {
            before.iter().any(Word::is_call)
                || matches!(before, [only] if matches!(only.text.as_str(), "this" | "it" | "each"))
        }
    }
}

/// Returns the operations that the words before a weight name.
fn subject(before: &[Word], all: &[Word], is_noun: bool) -> Subject {
    let has = |words: &[&str]| before.iter().any(|own| words.contains(&own.text.as_str()));
    let starts_in = |list: &[Word], prefixes: &[&str]| {
        list.iter().any(|own| prefixes.iter().any(|prefix| own.text.starts_with(prefix)))
    };
    let starts = |prefixes: &[&str]| starts_in(before, prefixes);
    let routes = routes(before);
    if !routes.is_empty() {
        return Subject::Routes(routes);
    }
    let is_bulk = starts(&["batch", "bulk", "multiple"]) || has(&["all"]);
    if starts(&["placing", "creating", "submitting", "entering"]) && starts_in(all, &["order"]) {
        return if is_bulk { Subject::Other } else { Subject::Placing };
    }
    if starts(&["cancel"]) && (starts_in(all, &["order"]) || before.len() == 1) {
        return if is_bulk { Subject::Other } else { Subject::Cancelling };
    }
    let is_unless = all.iter().any(|own| own.text == "unless");
    if is_noun && starts(&["max", "limit", "remaining", "used", "total"]) {
        return Subject::Other;
    }
    if has(&["this", "its", "it", "the"]) && !has(&["each", "every", "all", "default"]) {
        let is_own = before.iter().any(Word::is_call) || before.len() <= 2;
        return if is_own { Subject::Own } else { Subject::Other };
    }
    if has(&["each", "every", "any", "all", "default", "other", "others"]) || is_unless {
        let is_own = before.iter().any(Word::is_call) || is_unless || has(&["default"]);
        return if is_own { Subject::All } else { Subject::Other };
    }
    let is_filler = |own: &Word| own.is_call() || matches!(own.text.as_str(), "ip" | "api" | "a" | "has" | "with");
    let is_bare = before.len() <= 1 || before.iter().all(is_filler);
    if is_bare { Subject::Own } else { Subject::Other }
}

/// Returns the methods and paths in the words before a weight.
fn routes(before: &[Word]) -> Vec<(String, String)> {
    let text = before.iter().map(|own| own.raw.as_str()).collect::<Vec<_>>().join(" ");
    let text = text.replace('`', " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let route = |pair: &[&str]| match pair {
        [method, path] if METHODS.contains(method) && path.starts_with('/') => {
            Some(((*method).to_owned(), path.trim_end_matches([',', ':', '.', ')']).to_owned()))
        }
        _ => None,
    };
    words.windows(2).filter_map(route).collect()
}

/// Returns the line of a paragraph that has a number, and the most words of its sentence.
fn line_of(section: &Section, at: Lines, sentence: &str, amount: u32) -> Lines {
    let digits = amount.to_string();
    let words: BTreeSet<&str> = sentence.split_whitespace().collect();
    let inside = |item: &&Item| item.at.document == at.document && at.first <= item.at.first && item.at.last <= at.last;
    let shared = |item: &Item| match &item.kind {
        ItemKind::Line(line) if line.split(|c: char| !c.is_ascii_digit()).any(|own| own == digits) => {
            let count = line.split_whitespace().filter(|word| words.contains(word)).count();
            Some((count, item.at))
        }
        _ => None,
    };
    let better = |best: (usize, Lines), own: (usize, Lines)| if own.0 > best.0 { own } else { best };
    section.items.iter().filter(inside).filter_map(shared).reduce(better).map_or(at, |(_, at)| at)
}

/// Reads a table of operations and their weights, or a row `Weight | 5` about the own operation.
/// Returns whether it states any.
fn of_table(facts: &mut Facts, table: &Table, at: Lines, own: Option<usize>, claims: &mut Vec<Claim>) -> bool {
    let claim = |operation: usize, rank: Rank, amount: u32, at: Lines| Claim {
        operation,
        rank,
        amount,
        at,
        is_default: rank == Rank::All,
    };
    let is_weight = |cell: &String| {
        let words = inline::words(&inline::plain(cell));
        words.len() <= 3
            && words
                .iter()
                .any(|word| matches!(word.as_str(), "weight" | "cost" | "costs" | "credits" | "points" | "权重"))
    };
    let number = |cell: &String| inline::plain(cell).trim().parse::<u32>().ok().filter(|amount| *amount > 0);
    let has_digit = |cell: &String| inline::plain(cell).contains(|c: char| c.is_ascii_digit());
    let Some(column) = table.header.iter().position(is_weight) else {
        let row = table.rows.iter().find(|row| row.cells.first().is_some_and(is_weight));
        let with = row.filter(|_| table.header.len() == 2).and_then(|row| Some((row.cells.get(1)?, row.line)));
        if let (Some((cell, line)), Some(own)) = (with, own)
            && let Some(condition) = conditions::read(cell)
        {
            set(facts, own, condition, Lines::one(at.document, line));
            return true;
        }
        let found = row.and_then(|row| Some((number(row.cells.get(1)?)?, Lines::one(at.document, row.line))));
        let found = own.zip(found.filter(|_| table.header.len() == 2));
        claims.extend(found.map(|(own, (amount, line))| claim(own, Rank::Own, amount, line)));
        return found.is_some();
    };
    let mut found = false;
    let mut rest: Option<(u32, Lines)> = None;
    if let Some(own) = own.filter(|own| is_of_values(facts, *own, table)) {
        // `Limit | Weight`: each row is for some values of a parameter.
        let all: Vec<u32> = table.rows.iter().filter_map(|row| row.cells.get(column).and_then(number)).collect();
        if let Some(amount) = all.iter().copied().max().filter(|_| all.len() == table.rows.len()) {
            set(facts, own, Weight { among: all, ..Weight::fixed(amount) }, at);
            return true;
        }
    }
    for row in &table.rows {
        let line = Lines::one(at.document, row.line);
        let Some(amount) = row.cells.get(column).and_then(number) else {
            let cell = row.cells.get(column).filter(|cell| has_digit(cell));
            let condition = cell.and_then(|cell| conditions::read(cell));
            let route = access::route_of(table, row);
            let named =
                route.and_then(|(method, path)| facts.operations.iter().position(|own| has_route(own, &method, &path)));
            match (condition, named) {
                (Some(condition), Some(index)) => {
                    set(facts, index, condition, line);
                    found = true;
                }
                _ => facts.open_weights.extend(cell.map(|cell| (inline::plain(cell), line))),
            }
            continue;
        };
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
            Some((method, path)) => has_route(operation, method, path),
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
        let before = claims.len();
        let all = facts.operations.iter().enumerate().filter(|(_, operation)| is_meant(operation));
        claims.extend(all.map(|(index, _)| claim(index, Rank::Named, amount, line)));
        // A single row without a name is about the operation of the section.
        if let (true, [_], Some(own)) = (claims.len() == before, table.rows.as_slice(), own) {
            claims.push(claim(own, Rank::Own, amount, line));
        }
        if claims.len() > before {
            found = true;
        } else {
            facts.open_weights.push((amount.to_string(), line));
        }
    }
    if let Some((amount, line)) = rest {
        claims.extend((0..facts.operations.len()).map(|index| claim(index, Rank::All, amount, line)));
    }
    found || rest.is_some()
}

/// Gives an operation a weight with conditions.
fn set(facts: &mut Facts, index: usize, own: Weight, at: Lines) {
    if let Some(operation) = facts.operations.get_mut(index) {
        operation.weight.get_or_insert((own, at));
    }
}

/// Returns whether the first column of a table has values of a parameter of an operation.
fn is_of_values(facts: &Facts, index: usize, table: &Table) -> bool {
    let head = table.header.first().map(|name| inline::words(&inline::plain(name)).concat()).unwrap_or_default();
    let Some(operation) = facts.operations.get(index).filter(|_| table.rows.len() > 1) else { return false };
    operation.parameters.iter().any(|own| inline::words(&own.member.name).concat() == head)
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
                states_per: false,
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
        let own = |amount| vec![(Subject::Own, amount)];
        let route = |path: &str| Subject::Routes(vec![("POST".to_owned(), path.to_owned())]);
        for (text, wanted) in [
            ("Placing orders costs 2.", vec![(Subject::Placing, 2)]),
            ("Cancelling an order costs 1 point.", vec![(Subject::Cancelling, 1)]),
            (
                "Placing an order costs 2 and cancelling one costs 1.",
                vec![(Subject::Placing, 2), (Subject::Cancelling, 1)],
            ),
            ("Placing orders in a batch costs 5 points.", vec![(Subject::Other, 5)]),
            ("Each call counts as 5 unless stated.", vec![(Subject::All, 5)]),
            ("All calls count 2.", vec![(Subject::All, 2)]),
            ("This call has a weight of 10.", own(10)),
            ("Costs 4 credits.", own(4)),
            ("Costs `4`.", own(4)),
            ("This endpoint consumes 3 tokens", own(3)),
            ("The default weight is 1.", vec![(Subject::All, 1)]),
            ("The maximum weight is 1200.", vec![(Subject::Other, 1200)]),
            ("Each order of a batch costs 2 points.", vec![(Subject::Other, 2)]),
            ("`POST /orders/batch` costs 10.", vec![(route("/orders/batch"), 10)]),
            ("[`POST /orders`](#orders) costs 3.", vec![(route("/orders"), 3)]),
            ("POST /orders: weight 3", vec![(route("/orders"), 3)]),
            ("You may use 1200 points per minute, and each call costs 1 point.", vec![(Subject::All, 1)]),
            (
                "`POST /a` and `POST /b` cost 2.",
                vec![(
                    Subject::Routes(vec![("POST".to_owned(), "/a".to_owned()), ("POST".to_owned(), "/b".to_owned())]),
                    2,
                )],
            ),
            ("`POST /a` and `POST /b` cost 2 and 1.", vec![(Subject::Other, 2)]),
            ("This call costs 2, 3 or 4 points.", vec![(Subject::Other, 2)]),
            ("This call costs 2 to 5 points.", vec![(Subject::Other, 2)]),
            ("This call has a weight of 10 (20 with `full`).", vec![(Subject::Other, 10)]),
            ("This call has a weight of 10 (by address).", own(10)),
            ("The weight of this call is 10.", own(10)),
            ("The cost of each call is 3 unless stated.", vec![(Subject::All, 3)]),
            ("The weight of an order is 2.", vec![(Subject::Other, 2)]),
            ("The weight of `POST /orders` is 7.", vec![(route("/orders"), 7)]),
            ("Weight of POST /orders: 7", vec![(route("/orders"), 7)]),
            ("`POST /orders`: 9 points", vec![(route("/orders"), 9)]),
            ("Placing orders: 3 points", vec![(Subject::Placing, 3)]),
            ("Limit: 1200 points", vec![]),
            ("`POST /orders`: 10 points per second", vec![]),
            ("Each key may use a weight of 1200 (per minute).", vec![]),
            ("A withdrawal costs 2.", vec![(Subject::Other, 2)]),
            ("A withdrawal costs 2 EUR.", vec![]),
            ("1200 weight per minute", vec![]),
            ("Each key may use a weight of 1200 per minute.", vec![]),
            ("The fee is 2.", vec![]),
            ("It takes 5 seconds.", vec![]),
            // The name of a parameter is no verb.
            ("Send `count` 100 for the largest page.", vec![]),
            ("Default `count` 50.", vec![]),
            ("This call takes `weight` 5 and `cost` 3.", vec![]),
            ("Use <code>count</code> 5.", vec![]),
            ("Send count 100 for the largest page.", vec![]),
            ("Default count 50.", vec![]),
            ("This call has a default count 50.", vec![]),
        ] {
            let found: Vec<(Subject, u32)> =
                of_sentence(text).into_iter().map(|own| (own.subject, own.amount)).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn only_the_clause_of_a_weight_is_removed_from_a_sentence() {
        let left = |text| without(text).0;
        assert_eq!(
            left("Each call costs 1 point, and you may use up to 1200 points per minute."),
            "and you may use up to 1200 points per minute."
        );
        assert_eq!(
            left("You may use up to 1200 points per minute, and placing orders costs 1."),
            "You may use up to 1200 points per minute."
        );
        assert_eq!(left("Each call costs 1 point of 1200 per minute."), "of 1200 per minute.");
        assert_eq!(left("Each call counts as 5 unless stated."), "");
        assert_eq!(left("Send `count` 100 per request."), "Send `count` 100 per request.");
    }
}
