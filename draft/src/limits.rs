//! The rate limits that sentences state, such as `10 requests per second`.

use crate::access::sentences;
use crate::document::Lines;
use crate::facts::{Confidence, Limit, LimitScope};
use crate::inline;
use crate::sections::{ItemKind, Section};
use crate::table::{Row, Table};
use crate::weights;

/// Words for what a limit counts.
const SUBJECTS: [&str; 26] = [
    "request", "requests", "req", "reqs", "call", "calls", "query", "queries", "times", "hits", "order", "orders",
    "weight", "weights", "point", "points", "credit", "credits", "token", "tokens", "unit", "units", "slot", "slots",
    "rps", "tps",
];

/// Words for weights.
const WEIGHTS: [&str; 12] =
    ["weight", "weights", "point", "points", "credit", "credits", "token", "tokens", "unit", "units", "slot", "slots"];

/// Words for weights that stand for something else too.
const RARE: [&str; 6] = ["token", "tokens", "unit", "units", "slot", "slots"];

/// The maximum number of limits in one paragraph.
const MOST: usize = 32;

/// The maximum number of words on each side of a limit that are about it.
const NEAR: usize = 500;

/// The maximum number of words between a number and what it counts.
const GAP: usize = 3;

/// Returns the limits that the text of a section states.
pub(crate) fn of_section(section: &Section) -> Vec<Limit> {
    let mut out = Vec::new();
    let lines = section.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Line(line) => Some((line.as_str(), item.at, item.block)),
        _ => None,
    });
    let lines: Vec<(&str, Lines, usize)> = lines.collect();
    for paragraph in lines.chunk_by(|a, b| a.2 == b.2 && a.1.document == b.1.document) {
        let texts: Vec<&str> = paragraph.iter().map(|(line, _, _)| *line).collect();
        let Some((_, first, _)) = paragraph.first() else { continue };
        // A clause about weights says nothing about the operations of a limit.
        let text = texts.join(" ");
        let parts: Vec<(String, bool)> = sentences(&text).into_iter().map(weights::without).collect();
        let states_weights = parts.iter().any(|(_, states)| *states);
        let text =
            parts.into_iter().map(|(part, _)| part).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        for mut limit in read(&text, &section.heading, *first) {
            // Beside weights, a number that does not say what it counts counts them.
            if states_weights && limit.confidence == Confidence::Low && !limit.is_weight {
                limit.is_weight = true;
                limit.text = format!("{} weight per {}", limit.number, limit.window);
            }
            let has = |line: &str| tokens(&inline::plain(line)).contains(&Token::Number(limit.number));
            if let Some((_, at, _)) = paragraph.iter().find(|(line, _, _)| has(line)) {
                limit.at = *at;
            }
            out.push(limit);
        }
    }
    out
}

/// Returns the limits that the rows of a table state.
pub(crate) fn of_table(table: &Table, heading: &str, document: usize) -> Vec<Limit> {
    let of = |row: &Row| read(&row.cells.join(" "), heading, Lines::one(document, row.line));
    table.rows.iter().flat_map(of).collect()
}

/// Returns the limits that a text states. `heading` is the text above it.
pub(crate) fn read(line: &str, heading: &str, at: Lines) -> Vec<Limit> {
    let plain = inline::plain(line);
    let tokens = tokens(&plain);
    let context = format!("{heading} {plain}").to_lowercase();
    let is_about = ["rate limit", "limit", "frequency", "throttl", "weight", "at most", "maximum", "up to", "no more"]
        .iter()
        .any(|word| context.contains(word));
    let mut out: Vec<Limit> = chinese(&plain, at);
    // Names of the API, such as `X-KEY`, do not say whom a limit is for.
    let context_words = inline::words(&format!("{heading} {}", without_spans(line)).to_lowercase());
    let mut from = 0;
    while let Some(token) = tokens.get(from) {
        let start = from;
        from += 1;
        let number = match token {
            Token::Number(number) => number,
            // "One request every two seconds."
            Token::Word(word) if word == "one" => &1,
            Token::Word(word) if word == "two" => &2,
            _ => continue,
        };
        let Some((subject, window, length)) = rest(tokens.get(from..).unwrap_or(&[])) else { continue };
        if subject.is_none() && matches!(token, Token::Word(_)) {
            continue;
        }
        // A number without a subject is a limit only where limits are the topic.
        if subject.is_none() && !is_about || *number == 0 {
            continue;
        }
        from += length;
        // In a long text, the words far from a limit are about something else.
        let first = start.saturating_sub(NEAR);
        let near = tokens.get(first..tokens.len().min(from + NEAR)).unwrap_or_default();
        let (begin, end) = (start - first, from - first);
        if is_other(near, begin, end) {
            continue;
        }
        if out.iter().any(|own| own.number == *number && own.window == window) {
            continue;
        }
        if out.len() == MOST {
            break;
        }
        let is_weight = subject.as_deref().is_some_and(|own| WEIGHTS.contains(&own))
            || subject.is_none() && context.contains("weight");
        let is_orders = subject.as_deref().is_some_and(|own| own.starts_with("order"));
        let scope = if is_orders { LimitScope::Orders } else { scope(near, begin, end, heading) };
        let (per, is_stated) = per(&clauses(near, begin, end), &context_words, scope);
        // "Five tokens per day" can be tokens that a user makes.
        let is_rare = subject.as_deref().is_some_and(|own| RARE.contains(&own));
        if is_rare && (makes(near, begin) || !is_about && !is_stated) {
            continue;
        }
        let confidence = match (&subject, is_stated) {
            (Some(_), true) => Confidence::High,
            (Some(_), false) => Confidence::Medium,
            (None, _) => Confidence::Low,
        };
        let subject = subject.unwrap_or_else(|| if is_weight { "weight" } else { "requests" }.to_owned());
        let subject = if matches!(subject.as_str(), "rps" | "tps") { "requests".to_owned() } else { subject };
        let limit = Limit {
            text: format!("{number} {subject} per {window}"),
            at,
            number: *number,
            window,
            is_weight,
            per,
            states_per: is_stated,
            scope,
            confidence,
        };
        out.push(limit);
    }
    out
}

/// Returns the limit that a text in Chinese states for orders and not for requests: `300个/2s`.
pub(crate) fn of_entries(text: &str) -> Option<&str> {
    let plain = text.trim().trim_matches(['#', '*', '`', ' ']);
    let (index, _) = plain.match_indices(['个', '笔', '单']).find(|(index, mark)| {
        let behind = plain.get(index + mark.len()..).unwrap_or("").trim_start();
        let is_window = behind.strip_prefix('/').is_some_and(|rest| {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
            rest.starts_with(['秒', 's', '分', '小', '天', '日'])
        });
        is_window && plain.get(..*index).is_some_and(|before| before.trim_end().ends_with(|c: char| c.is_ascii_digit()))
    })?;
    let before = plain.get(..index)?.trim_end();
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    plain.get(before.len() - digits..)
}

/// Returns the limits of a text in Chinese: `每个IP每秒10次`, `20次/2秒`.
fn chinese(text: &str, at: Lines) -> Vec<Limit> {
    let mut out = Vec::new();
    let digits_before = |text: &str| -> Option<u64> {
        let trimmed = text.trim_end();
        let digits = trimmed.len() - trimmed.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        trimmed.get(trimmed.len() - digits..)?.parse().ok()
    };
    let window = |text: &str| -> Option<String> {
        let text = text.trim_start();
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let count: u64 = match text.get(..text.len() - rest.len())? {
            "" => 1,
            digits => digits.parse().ok().filter(|count| (1..=10_000).contains(count))?,
        };
        let units = [("秒", "s"), ("s", "s"), ("分", "m"), ("小时", "h"), ("天", "d"), ("日", "d")];
        let (_, unit) = units.iter().find(|(word, _)| rest.trim_start().starts_with(word))?;
        Some(format!("{count}{unit}"))
    };
    for (index, mark) in text.match_indices('次') {
        let (Some(before), Some(behind)) = (text.get(..index), text.get(index + mark.len()..)) else { continue };
        let ends = before.char_indices().rev().take(NEAR).find(|(_, c)| matches!(c, '，' | ',' | '。' | ';' | '；'));
        let start = ends.map(|(at, c)| at + c.len_utf8());
        let start = start.or_else(|| before.char_indices().rev().nth(NEAR).map(|(at, _)| at)).unwrap_or(0);
        let before = before.get(start..).unwrap_or(before);
        let Some(number) = digits_before(before).filter(|number| *number > 0) else { continue };
        // The time stands behind `/` or `每`, or before the number: `每秒10次`.
        let behind = behind.trim_start().strip_prefix(['/', '每']).and_then(window);
        let found = behind.or_else(|| {
            before.match_indices('每').filter_map(|(at, own)| window(before.get(at + own.len()..)?)).next_back()
        });
        let Some(window) = found else { continue };
        if out.len() == MOST {
            break;
        }
        let upper = before.to_uppercase();
        let is_key = ["用户", "账户", "账号", "UID", "API KEY", "APIKEY"].iter().any(|word| upper.contains(word));
        let per = if is_key { "key" } else { "ip" };
        if out.iter().any(|own: &Limit| own.number == number && own.window == window && own.per == per) {
            continue;
        }
        out.push(Limit {
            text: format!("{number} requests per {window}"),
            at,
            number,
            window,
            is_weight: false,
            per,
            states_per: is_key || upper.contains("IP"),
            scope: LimitScope::All,
            confidence: if is_key || upper.contains("IP") { Confidence::High } else { Confidence::Medium },
        });
    }
    out
}

/// Returns the operations that a limit is for: those that its own part of the sentence names. The
/// text before it and the heading tell otherwise.
fn scope(tokens: &[Token], start: usize, end: usize, heading: &str) -> LimitScope {
    let is_number = |token: &Token| matches!(token, Token::Number(_));
    let is_stop = |token: &Token| *token == Token::Stop;
    let before = tokens.get(..start).unwrap_or_default();
    let behind = tokens.get(end..).unwrap_or_default();
    let first = before.iter().rposition(is_stop).map_or(0, |at| at + 1);
    let lead = before.get(first..).unwrap_or_default();
    let own = lead.get(lead.iter().rposition(is_number).map_or(0, |at| at + 1)..).unwrap_or_default();
    let inside = tokens.get(start..end).unwrap_or_default();
    let stop = behind.iter().position(|token| is_stop(token) || is_number(token)).unwrap_or(behind.len());
    let next = behind.get(..stop).unwrap_or_default();
    // `public: 5/s, private: 10/s`, or `5/s for public and 10/s for private`.
    let leads = named(lead.get(..lead.iter().position(is_number).unwrap_or(lead.len())).unwrap_or_default()).is_some();
    let near = if leads { named(own).or_else(|| named(next)) } else { named(next).or_else(|| named(own)) };
    let is_last = !behind.iter().any(is_number);
    let heading = self::tokens(heading);
    named(inside)
        .or(near)
        .or_else(|| (is_rest(own) || is_new_topic(lead)).then_some(LimitScope::All))
        .or_else(|| named(before))
        .or_else(|| named(&heading))
        .or_else(|| named(behind).filter(|_| is_last))
        .unwrap_or(LimitScope::All)
}

/// Returns whether a rate counts something else than requests: connections, how often data is
/// refreshed, or the requests of a burst.
fn is_other(tokens: &[Token], start: usize, end: usize) -> bool {
    let is_stop = |token: &Token| *token == Token::Stop;
    let before = tokens.get(..start).unwrap_or_default();
    let behind = tokens.get(end..).unwrap_or_default();
    let first = before.iter().rposition(is_stop).map_or(0, |at| at + 1);
    let lead = before.get(first..).unwrap_or_default();
    // The words up to the number before, and those up to the next one.
    let own = lead.get(lead.iter().rposition(|token| matches!(token, Token::Number(_))).map_or(0, |at| at + 1)..);
    let own = own.unwrap_or_default();
    let inside = tokens.get(start..end).unwrap_or_default();
    let stop = behind.iter().position(|token| is_stop(token) || matches!(token, Token::Number(_)));
    let next = behind.get(..stop.unwrap_or(behind.len())).unwrap_or_default();
    let has = |tokens: &[Token], words: &[&str]| {
        tokens.iter().any(|token| matches!(token, Token::Word(word) if words.contains(&word.as_str())))
    };
    let connections = ["connection", "connections", "subscription", "subscriptions", "logins", "withdrawals"];
    let refreshes = [
        "refreshed",
        "refreshes",
        "updated",
        "updates",
        "pushed",
        "published",
        "sampled",
        "recalculated",
        "generated",
        "sent",
        "streamed",
        "snapshots",
    ];
    let requests =
        ["request", "requests", "call", "calls", "query", "queries", "rest", "called", "requested", "polled"];
    let counts_requests = has(own, &requests) || has(inside, &requests);
    let is_burst = has(next, &["burst", "bursts", "bursting"]) || has(own, &["burst", "bursts", "bursting"]);
    let is_connection = (has(own, &connections) || has(inside, &connections)) && !counts_requests;
    is_connection || has(own, &refreshes) && !counts_requests || is_burst
}

/// Returns whether the sentence before a number speaks of making something.
fn makes(tokens: &[Token], start: usize) -> bool {
    let mut before = tokens.get(..start).unwrap_or_default().iter().rev().take_while(|token| **token != Token::Stop);
    before.any(|token| {
        matches!(token, Token::Word(word) if matches!(
            word.as_str(),
            "create" | "creates" | "make" | "makes" | "generate" | "issue" | "issued" | "buy" | "sell" | "trade"
        ))
    })
}

/// Returns whether words name the operations without a limit of their own: `all others`.
fn is_rest(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .any(|token| matches!(token, Token::Word(word) if matches!(word.as_str(), "others" | "other" | "else")))
}

/// Returns whether a sentence begins with `Rate limit`, so that the one before it does not say
/// which operations it is about.
fn is_new_topic(lead: &[Token]) -> bool {
    let is = |token: &Token, all: &[&str]| matches!(token, Token::Word(word) if all.contains(&word.as_str()));
    matches!(lead, [first, second, ..] if is(first, &["rate", "request"]) && is(second, &["limit", "limits"]))
}

/// Returns the operations that words name: the last word decides.
fn named(tokens: &[Token]) -> Option<LimitScope> {
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    (0..tokens.len()).rev().find_map(|at| {
        let before = at.checked_sub(1).map_or("", word);
        match word(at) {
            "public" | "market" => Some(LimitScope::Public),
            "private" | "signed" | "trading" | "authenticated" => Some(private(before, word(at + 1))),
            "matching" if word(at + 1) == "engine" => Some(LimitScope::Orders),
            "order" | "orders" => {
                let is_phrase = before == "in" && word(at + 1) == "to";
                // These are read, and not placed.
                let reads = matches!(
                    word(at + 1),
                    "book" | "books" | "history" | "status" | "depth" | "details" | "data" | "query" | "list"
                ) || matches!(
                    before,
                    "open" | "past" | "closed" | "historical" | "get" | "query" | "list" | "fetch" | "active" | "all"
                );
                (!is_phrase && !reads).then_some(LimitScope::Orders)
            }
            _ => None,
        }
    })
}

/// Returns the private operations that the words beside `private` name: `Private, read`.
fn private(before: &str, next: &str) -> LimitScope {
    let reads = |word: &str| matches!(word, "read" | "reads" | "reading" | "get" | "query" | "queries");
    let writes = |word: &str| matches!(word, "write" | "writes" | "writing" | "post" | "trade");
    if reads(next) || matches!(before, "read" | "reads" | "reading") {
        LimitScope::PrivateReads
    } else if writes(next) || matches!(before, "write" | "writes" | "writing") {
        LimitScope::PrivateWrites
    } else {
        LimitScope::Private
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Number(u64),
    Word(String),
    Slash,
    /// The end of a sentence or of a part of one.
    Stop,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let next = |by: usize| chars.get(at + by).copied().unwrap_or(' ');
        if c.is_ascii_digit() {
            let mut digits = String::new();
            let mut is_plain = true;
            while let Some(c) = chars.get(at).copied() {
                let follows = chars.get(at + 1).is_some_and(char::is_ascii_digit);
                match c {
                    c if c.is_ascii_digit() => digits.push(c),
                    // `1,200` and `1_200`; a number such as `1.5` is no limit.
                    ',' | '_' if follows => {}
                    '.' | ':' if follows => is_plain = false,
                    _ => break,
                }
                at += 1;
            }
            match digits.parse() {
                Ok(number) if is_plain => out.push(Token::Number(number)),
                _ => out.push(Token::Stop),
            }
            continue;
        }
        if c.is_alphabetic() {
            let mut word = String::new();
            while let Some(c) = chars.get(at).copied().filter(|c| c.is_alphanumeric()) {
                word.push(c);
                at += 1;
            }
            out.push(Token::Word(word));
            continue;
        }
        match c {
            '/' => out.push(Token::Slash),
            '.' | ';' | '!' | '?' if next(1).is_whitespace() => out.push(Token::Stop),
            _ => {}
        }
        at += 1;
    }
    out
}

/// Reads what follows a number: what it counts, and the time. Returns the number of words too.
fn rest(tokens: &[Token]) -> Option<(Option<String>, String, usize)> {
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    // Up to three words, such as `private`, stand before the subject.
    let mut subject: Option<(usize, &str)> = None;
    for at in 0..=GAP {
        let Some(own) = word(at) else { break };
        if is_connector(own) {
            break;
        }
        if SUBJECTS.contains(&own) {
            subject = Some((at, own));
        }
    }
    if let Some((at, own @ ("rps" | "tps"))) = subject {
        return Some((Some(own.to_owned()), "1s".to_owned(), at + 1));
    }
    let start = subject.map_or(0, |(at, _)| at + 1);
    // `10 requests per IP per second`, `10 requests per key every 2 seconds`.
    let mut is_joined = false;
    for at in start..start + 8 {
        match tokens.get(at)? {
            Token::Slash => is_joined = true,
            Token::Word(own) if is_connector(own) => is_joined = true,
            Token::Word(own) if is_joined && unit(own).is_some() => {
                let window = window(1, own)?;
                return Some((subject.map(|(_, own)| own.to_owned()), window, at + 1));
            }
            Token::Word(own) if is_joined && own == "two" => {
                let window = window(2, word(at + 1)?)?;
                return Some((subject.map(|(_, own)| own.to_owned()), window, at + 2));
            }
            Token::Word(_) if subject.is_some() => {}
            Token::Number(count) if is_joined => {
                let window = window(*count, word(at + 1)?)?;
                return Some((subject.map(|(_, own)| own.to_owned()), window, at + 2));
            }
            _ => return None,
        }
    }
    None
}

fn is_connector(word: &str) -> bool {
    matches!(word, "per" | "every" | "each" | "a" | "an" | "in" | "within")
}

fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        "ms" | "millisecond" | "milliseconds" => "ms",
        _ => return None,
    })
}

fn window(count: u64, word: &str) -> Option<String> {
    match unit(word).filter(|_| (1..=10_000).contains(&count))? {
        "ms" => count.is_multiple_of(1000).then(|| format!("{}s", count / 1000)),
        unit => Some(format!("{count}{unit}")),
    }
}

/// Returns the words around a limit, the nearest first: those behind it up to the next number, and
/// those before it.
fn clauses(tokens: &[Token], start: usize, end: usize) -> [Vec<String>; 3] {
    let words = |tokens: &mut dyn Iterator<Item = &Token>| {
        let own = tokens.take_while(|token| !matches!(token, Token::Number(_) | Token::Stop));
        own.filter_map(|token| match token {
            Token::Word(word) => Some(word.clone()),
            _ => None,
        })
        .collect::<Vec<String>>()
    };
    let inside = tokens.get(start + 1..end).unwrap_or(&[]);
    let behind = tokens.get(end..).unwrap_or(&[]);
    let before = tokens.get(..start).unwrap_or(&[]);
    [words(&mut inside.iter()), words(&mut behind.iter()), words(&mut before.iter().rev())]
}

/// Returns the kind of limit that words name: per address or per key.
fn kind<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    words.find_map(|word| match word {
        "ip" | "ips" | "address" | "addresses" => Some("ip"),
        "key" | "keys" | "account" | "accounts" | "user" | "users" | "uid" | "apikey" | "subaccount" => Some("key"),
        _ => None,
    })
}

/// Returns whether a limit holds for an address or for a key, and whether the text says so.
fn per(clauses: &[Vec<String>; 3], words: &[String], scope: LimitScope) -> (&'static str, bool) {
    let near = clauses.iter().find_map(|words| kind(words.iter().map(String::as_str)));
    match near.or_else(|| kind(words.iter().map(String::as_str))) {
        Some(own) => (own, true),
        None if matches!(scope, LimitScope::All | LimitScope::Public) => ("ip", false),
        None => ("key", false),
    }
}

/// Returns a text without the names in backticks.
fn without_spans(text: &str) -> String {
    inline::plain(&text.split('`').step_by(2).collect::<Vec<&str>>().join(" ")).to_lowercase()
}

/// Returns the kind of limit that a line about limits names, such as `Rate limit rule: User ID`.
pub(crate) fn rule(line: &str) -> Option<&'static str> {
    let plain = inline::plain(line).to_lowercase();
    let is_rule = ["limit rule", "limited by", "limit type", "限速规则", "限频规则", "限速维度", "限频维度"]
        .iter()
        .any(|words| plain.contains(words));
    kind(inline::words(&plain).iter().map(String::as_str)).filter(|_| is_rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_people_state_them() {
        let shown = |line: &str| {
            let all = read(line, "Rate limits", Lines::default());
            let all: Vec<String> = all
                .iter()
                .map(|own| {
                    format!("{} {} {} {}", own.number, own.window, own.per, if own.is_weight { "w" } else { "r" })
                })
                .collect();
            all.join("; ")
        };
        assert_eq!(shown("Each key may send 10 orders per second."), "10 1s key r");
        assert_eq!(shown("1,200 request weight per minute per IP"), "1200 1m ip w");
        assert_eq!(shown("**20 requests / 2s**"), "20 2s ip r");
        assert_eq!(shown("public endpoints: 10 requests/second; private endpoints: 5 req/s"), "10 1s ip r; 5 1s key r");
        assert_eq!(shown("up to 100 calls in 5 minutes"), "100 5m ip r");
        assert_eq!(shown("3 requests per IP per second"), "3 1s ip r");
        assert_eq!(shown("Limit: 10/s for each account"), "10 1s key r");
        assert_eq!(shown("频率限制：每个IP每秒10次"), "10 1s ip r");
        assert_eq!(shown("访问频率: 20次/2秒"), "20 2s ip r");
        assert_eq!(shown("每个用户每分钟100次，重试3次"), "100 1m key r");
        assert_eq!(shown("15 rps"), "15 1s ip r");
        assert_eq!(shown("Each key has 1200 tokens per minute."), "1200 1m key w");
        assert_eq!(shown("60 slots / 10s / IP"), "60 10s ip w");
        assert_eq!(shown("You can make 5 tokens per day."), "");
        assert_eq!(shown("One request every 2 seconds."), "1 2s ip r");
        assert_eq!(shown("One request every two seconds per key."), "1 2s key r");
        assert_eq!(shown("限速：300个/2s"), "");
        assert_eq!(of_entries("#### 限速：300个/2s"), Some("300个/2s"));
        assert_eq!(of_entries("每个IP每秒10次"), None);
        for line in
            ["Version 3.0 per the document", "429 Too many requests", "0 requests per second", "valid for 5 minutes"]
        {
            assert_eq!(shown(line), "", "{line}");
        }
        let scopes = |line: &str| {
            let all = read(line, "Rate limits", Lines::default());
            all.iter().map(|own| format!("{:?} {}", own.scope, own.number)).collect::<Vec<String>>().join("; ")
        };
        for (line, wanted) in [
            ("5 requests/second on private endpoints; 60 requests/minute on public ones.", "Private 5; Public 60"),
            ("public endpoints: 10 requests/second; private endpoints: 5 req/s", "Public 10; Private 5"),
            ("10 requests/s for public endpoints and 5 requests/s for private ones", "Public 10; Private 5"),
            ("Public: 10 requests/s, private: 5 requests/s", "Public 10; Private 5"),
            ("Order entry is limited to 20 requests per second per account.", "Orders 20"),
            ("At most 50 order requests per 10 seconds.", "Orders 50"),
            ("Matching engine: 5 requests per second. All others: 20 requests per second.", "Orders 5; All 20"),
            ("Signed requests have a body. Rate limit: 90 requests per minute.", "All 90"),
            ("In order to be fair, 10 requests per second are allowed.", "All 10"),
            ("The order book may be read with 10 requests per second.", "All 10"),
            ("Each key has 100 requests per minute. Private endpoints: 5 requests per second.", "All 100; Private 5"),
        ] {
            assert_eq!(scopes(line), wanted, "{line}");
        }
        assert!(read("The price moved 10 in a day", "News", Lines::default()).is_empty());
        for line in [
            "The order book is refreshed 10 times per second.",
            "WebSocket connections: 5 per second per IP.",
            "Short bursts of 20 requests per second are fine.",
        ] {
            assert_eq!(shown(line), "", "{line}");
        }
        let line = "By user ID: 5 requests per second, up to 10 requests per second in bursts.";
        assert_eq!(shown(line), "5 1s key r");
        let line = "WebSocket connections: 5 per second per IP. REST: 20 requests per second per IP.";
        assert_eq!(shown(line), "20 1s ip r");
        assert_eq!(rule("限速规则：User ID"), Some("key"));
        assert_eq!(rule("限速规则：IP"), Some("ip"));
    }
}
