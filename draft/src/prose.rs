//! Facts in the text about a value: its enum, its bounds, its default, and when it is needed.

use std::collections::BTreeSet;

use crate::inline;

/// Bounds and a default, as a text states them. Numbers keep their digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) minimum: Option<String>,
    pub(crate) maximum: Option<String>,
    pub(crate) min_length: Option<String>,
    pub(crate) max_length: Option<String>,
    pub(crate) default: Option<String>,
    /// The numbers and the marked values of the text, each of which may state something that is not
    /// read.
    pub(crate) mentioned: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A text in backticks or quotes.
    Value(String),
    Word(String),
    Number(String),
    Sign(char),
}

/// Splits a text into words, numbers, marked values and signs.
fn tokens(text: &str) -> Vec<Token> {
    let text = inline::without_links(&text.replace("<br>", ". ").replace("<br/>", ". ").replace("<br />", ". "));
    let text = inline::entities(&text.replace("<code>", "`").replace("</code>", "`"));
    let text = text.replace('’', "'").replace("don't", "do not").replace("doesn't", "does not");
    let chars: Vec<char> = inline::without_tags(&text).chars().collect();
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let next = |by: usize| chars.get(at + by).copied().unwrap_or(' ');
        let close = match c {
            '`' | '"' => Some(c),
            '“' => Some('”'),
            '\'' if !chars.get(at.wrapping_sub(1)).is_some_and(|c| c.is_alphanumeric()) => Some('\''),
            _ => None,
        };
        if let Some(close) = close {
            let rest = chars.get(at + 1..).unwrap_or_default();
            if let Some(length) = rest.iter().take(MOST_IN_VALUE).position(|c| *c == close) {
                let value: String = rest.iter().take(length).collect();
                out.push(Token::Value(value.trim().trim_matches(['"', '\'']).to_owned()));
                at += length + 2;
                continue;
            }
        }
        let is_number =
            c.is_ascii_digit() || c == '-' && next(1).is_ascii_digit() && !matches!(out.last(), Some(Token::Number(_)));
        if is_number {
            let mut digits = String::new();
            while let Some(c) = chars.get(at).copied() {
                let follows = chars.get(at + 1).is_some_and(char::is_ascii_digit);
                let groups = c == ',' && (1..4).all(|by| chars.get(at + by).is_some_and(char::is_ascii_digit));
                match c {
                    c if c.is_ascii_digit() || c == '-' && digits.is_empty() => digits.push(c),
                    '.' if follows => digits.push('.'),
                    '_' if follows => {}
                    ',' if groups && !chars.get(at + 4).is_some_and(char::is_ascii_digit) => {}
                    _ => break,
                }
                at += 1;
            }
            // `100条` is a number and its unit.
            let is_word = chars.get(at).is_some_and(|c| (c.is_alphabetic() && !is_ideograph(*c)) || *c == '_');
            if !is_word {
                out.push(Token::Number(digits));
                continue;
            }
            let mut word = digits;
            while let Some(c) = chars.get(at).copied().filter(|c| c.is_alphanumeric() || *c == '_') {
                word.push(c);
                at += 1;
            }
            out.push(Token::Word(word));
            continue;
        }
        if c.is_alphanumeric() || c == '_' {
            let mut word = String::new();
            while let Some(c) = chars.get(at).copied().filter(|own| is_ideograph(*own) == is_ideograph(c)) {
                let joins = matches!(c, '-' | '.') && chars.get(at + 1).is_some_and(|c| c.is_alphanumeric());
                if !(c.is_alphanumeric() || c == '_' || joins) {
                    break;
                }
                word.push(c);
                at += 1;
            }
            out.push(Token::Word(word));
            continue;
        }
        if !c.is_whitespace() && c != '*' {
            out.push(Token::Sign(match c {
                '（' => '(',
                '）' => ')',
                '，' => ',',
                '；' => ';',
                '。' => '.',
                c => c,
            }));
        }
        at += 1;
    }
    out
}

/// The maximum number of characters of a marked value.
const MOST_IN_VALUE: usize = 60;

/// The maximum number of words of a sentence. A longer text is read as several.
const MOST_IN_SENTENCE: usize = 500;

/// The maximum number of values of a list, and of words that explain them.
const MOST_IN_LIST: usize = 2000;

/// Returns whether a character is of a script that writes no spaces between words.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

fn word(token: Option<&Token>) -> Option<String> {
    match token {
        Some(Token::Word(word)) => Some(word.to_lowercase()),
        _ => None,
    }
}

fn sign(token: Option<&Token>) -> Option<char> {
    match token {
        Some(Token::Sign(sign)) => Some(*sign),
        _ => None,
    }
}

/// Words that are no value of an enum.
fn is_filler(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "the"
            | "a"
            | "an"
            | "any"
            | "your"
            | "null"
            | "empty"
            | "omitted"
            | "yes"
            | "no"
            | "true"
            | "false"
            | "etc"
            | "more"
            | "others"
            | "other"
            | "not"
            | "is"
            | "are"
            | "be"
            | "in"
            | "of"
            | "for"
            | "with"
            | "if"
            | "following"
            | "values"
            | "these"
            | "this"
            | "used"
            | "set"
            | "sent"
            | "either"
            | "both"
            | "and"
            | "or"
            | "default"
            | "optional"
            | "required"
            | "number"
            | "string"
            | "integer"
            | "id"
            | "left"
    )
}

/// Reads a list at the beginning of the tokens. Returns the values, and whether all of them are
/// marked or in upper case. The list ends with its sentence.
fn list(tokens: &[Token]) -> Option<(Vec<String>, bool)> {
    let mut values: Vec<String> = Vec::new();
    let mut is_marked = true;
    let mut in_quotes = true;
    let mut at = 0;
    let mut awaits = true;
    // The values of an enum are few.
    while values.len() <= MOST_IN_LIST {
        let token = tokens.get(at);
        if awaits {
            in_quotes &= matches!(token?, Token::Value(_));
            match token? {
                Token::Value(value) => values.push(value.clone()),
                Token::Number(value) => values.push(value.clone()),
                // A value without a mark is sent as it is, so that it has no other letters.
                Token::Word(value) if !is_filler(value) && value.is_ascii() => {
                    is_marked &= value.len() > 1 && !value.chars().any(|c| c.is_lowercase());
                    values.push(value.clone());
                }
                _ => return None,
            }
            awaits = false;
            at += 1;
            continue;
        }
        if ["is", "the", "default"]
            .iter()
            .enumerate()
            .all(|(by, own)| word(tokens.get(at + by)).as_deref() == Some(own))
        {
            at += 3;
            continue;
        }
        if in_quotes && sign(token) == Some(';') && matches!(tokens.get(at + 1), Some(Token::Value(_))) {
            at += 1;
            awaits = true;
            continue;
        }
        // A remark in brackets is about one value: "`GTC` (default), `IOC`".
        if let Some(end) = remark(tokens, at) {
            at = end;
            continue;
        }
        let is_or = matches!(word(token).as_deref(), Some("or" | "and"));
        match sign(token) {
            Some(',') => {
                at += 1;
                at += usize::from(matches!(word(tokens.get(at)).as_deref(), Some("or" | "and")));
                // What follows the list is no part of it: `1-1000, default 100`.
                let goes_on = |word: String| in_quotes && word.chars().any(char::is_lowercase);
                let is_known = |value: &String| values.contains(value);
                if word(tokens.get(at)).is_some_and(|word| is_filler(&word) || !word.is_ascii())
                    || matches!(tokens.get(at), Some(Token::Word(word)) if goes_on(word.clone()))
                    || matches!(tokens.get(at), Some(Token::Value(value)) if is_known(value))
                {
                    return Some((values, is_marked));
                }
                awaits = true;
            }
            // `A \| B`, as in a table.
            Some('\\') if sign(tokens.get(at + 1)) == Some('|') => at += 1,
            Some('/' | '|' | '、') => {
                at += 1;
                awaits = true;
            }
            // An open list is no enum.
            Some('…') => return None,
            Some('.') if sign(tokens.get(at + 1)) == Some('.') => return None,
            None if is_or => {
                at += 1;
                awaits = true;
            }
            None if matches!(
                (token, tokens.get(at.wrapping_sub(1))),
                (Some(Token::Value(_)), Some(Token::Value(_)))
            ) =>
            {
                awaits = true;
            }
            None if token.is_none() => return Some((values, is_marked)),
            Some('.' | ';' | '(' | ')' | ']' | '}') => return Some((values, is_marked)),
            _ => return None,
        }
    }
    None
}

/// Returns the place behind the brackets that begin here, if the list goes on behind them.
fn remark(tokens: &[Token], at: usize) -> Option<usize> {
    let end = brackets(tokens, at)?;
    let goes_on = matches!(sign(tokens.get(end)), Some(',' | '/' | '|' | '、'))
        || matches!(word(tokens.get(end)).as_deref(), Some("or" | "and"));
    let last = tokens.get(end).is_none() || matches!(sign(tokens.get(end)), Some('.' | ';'));
    (goes_on || last).then_some(end)
}

/// Returns the place behind the brackets that begin here.
fn brackets(tokens: &[Token], at: usize) -> Option<usize> {
    if sign(tokens.get(at)) != Some('(') {
        return None;
    }
    let inner = tokens.get(at + 1..)?.iter().take(MOST_IN_BRACKETS);
    let close = inner.clone().position(|token| *token == Token::Sign(')'))?;
    let is_nested = inner.take(close).any(|token| *token == Token::Sign('('));
    (!is_nested).then_some(at + close + 2)
}

/// The maximum number of words of a remark in brackets.
const MOST_IN_BRACKETS: usize = 16;

/// Reads values that are each explained: "`GTC`: good till cancelled, `IOC`: immediate or cancel".
fn explained(tokens: &[Token]) -> Option<Vec<String>> {
    if tokens.len() > MOST_IN_LIST {
        return None;
    }
    let mut values = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let value = match token {
            Token::Value(value) => value,
            // `1: buy, 2: sell`
            Token::Number(value) => value,
            _ => continue,
        };
        let begins = at == 0
            || matches!(sign(tokens.get(at - 1)), Some(',' | ';' | '.' | '/' | '|' | ':' | '：' | '、' | '('))
            || values.is_empty() && is_choice(tokens.get(at - 1));
        let next = brackets(tokens, at + 1).unwrap_or(at + 1);
        let is_explained = matches!(sign(tokens.get(next)), Some(':' | '=' | '-' | '–' | '—' | '：'))
            || matches!(token, Token::Value(_)) && is_told_for(tokens, next);
        if !begins || !is_explained {
            return None;
        }
        values.push(value.clone());
    }
    (values.len() > 1).then_some(values)
}

/// Returns whether one or two words explain a value: "`B` for buy, `S` means sell".
fn is_told_for(tokens: &[Token], at: usize) -> bool {
    let says = matches!(word(tokens.get(at)).as_deref(), Some("for" | "means"));
    let words = tokens.iter().skip(at + 1).take_while(|token| matches!(token, Token::Word(_))).count();
    let behind = sign(tokens.get(at + 1 + words));
    let ends = tokens.get(at + 1 + words).is_none() || matches!(behind, Some(',' | ';' | '.' | ')'));
    let joins =
        tokens.iter().skip(at + 2).take(2).any(|token| matches!(word(Some(token)).as_deref(), Some("and" | "or")));
    says && (1..=3).contains(&words) && (ends || joins)
}

/// Reads values that are explained in lines of their own: `side<br>buy: Buy<br>sell: Sell`.
fn explained_lines(note: &str, kind: Option<&str>) -> Option<Vec<String>> {
    let lower = note.replace("<br/>", "<br>").replace("<br />", "<br>").replace("<BR>", "<br>");
    let parts: Vec<&str> = lower.split("<br>").map(str::trim).filter(|part| !part.is_empty()).collect();
    let value = |part: &&str| {
        let part = part.trim_start_matches(['•', '-', ' ']).trim_start_matches(['*', '`', '"']);
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+')))?;
        let (value, rest) = (part.get(..end)?, part.get(end..)?);
        let rest = rest.trim_start_matches(['*', '`', '"', ' ']);
        let text = rest.strip_prefix([':', '：', '=', '–', '—']).or_else(|| rest.strip_prefix("- "))?;
        let is_value = !value.is_empty() && !is_filler(value) && !is_remark(value) && !text.trim().is_empty();
        is_value.then(|| value.to_owned())
    };
    // The first line can be the title.
    let all = if parts.first().is_some_and(|first| value(first).is_none()) { parts.get(1..)? } else { &parts };
    let mut values: Vec<String> = all.iter().map(value).collect::<Option<Vec<String>>>()?;
    // `minute: 1min,3min` explains a group of values.
    let group = |part: &&str| -> Option<Vec<String>> {
        let (_, text) = part.split_once([':', '：'])?;
        let names: Vec<String> = text.split([',', '、']).map(|name| name.trim().to_owned()).collect();
        let is_name = |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        names.iter().all(is_name).then_some(names)
    };
    let groups = all.iter().map(group).collect::<Option<Vec<Vec<String>>>>();
    if let Some(groups) = groups.filter(|groups| groups.iter().any(|names| names.len() > 1)) {
        values = groups.concat();
    }
    let is_number = matches!(kind, Some("integer" | "number"));
    let fits = |own: &String| venuekit_json::is_number(own) == is_number;
    let is_distinct = values.iter().collect::<BTreeSet<_>>().len() == values.len();
    (values.len() > 1 && is_distinct && values.iter().all(fits)).then_some(values)
}

/// Reads marked values in lines of their own: "`buy`<br>`sell`".
fn marked_lines(note: &str, kind: Option<&str>) -> Option<Vec<String>> {
    let note = note.replace("<br/>", "<br>").replace("<br />", "<br>").replace("<BR>", "<br>");
    let parts: Vec<&str> = note.split("<br>").map(str::trim).filter(|part| !part.is_empty()).collect();
    let value = |part: &&str| {
        let inner = part.trim_end_matches([',', ';', '.']).strip_prefix('`')?.strip_suffix('`')?;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+');
        let is_value = !inner.is_empty() && inner.len() < 40 && inner.chars().all(is_part);
        is_value.then(|| inner.to_owned())
    };
    let values = parts.iter().map(value).collect::<Option<Vec<String>>>()?;
    let is_distinct = values.iter().collect::<BTreeSet<_>>().len() == values.len();
    let is_number = matches!(kind, Some("integer" | "number"));
    let fits = values.iter().all(|own| venuekit_json::is_number(own) == is_number);
    (values.len() > 1 && is_distinct && fits).then_some(values)
}

/// Words that begin a remark in a line of its own.
fn is_remark(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "note"
            | "notes"
            | "example"
            | "examples"
            | "format"
            | "unit"
            | "units"
            | "range"
            | "max"
            | "min"
            | "maximum"
            | "minimum"
            | "type"
            | "value"
            | "see"
            | "warning"
            | "tip"
            | "attention"
            | "precision"
            | "defaults"
    )
}

/// Reads numbers in their order, each with a word: `1-limit 2-market`, `1:买 2:卖`, `0 未成交 1 部分成交`.
fn numbered(tokens: &[Token]) -> Option<Vec<String>> {
    let first = tokens.iter().position(|token| matches!(token, Token::Number(_)))?;
    let mut values: Vec<i64> = Vec::new();
    let mut at = first;
    while at < tokens.len() {
        let (digits, is_glued) = match tokens.get(at) {
            Some(Token::Number(digits)) => (digits.as_str(), false),
            // `6Completed`
            Some(Token::Word(word)) => (word.trim_end_matches(|c: char| !c.is_ascii_digit()), true),
            _ => return None,
        };
        let own: i64 = digits.parse().ok()?;
        if values.last().is_some_and(|last| last + 1 != own) || values.is_empty() && !(-1..=1).contains(&own) {
            return None;
        }
        let is_marked = matches!(sign(tokens.get(at + 1)), Some(':' | '：' | '=' | '-' | '–' | '—'));
        at += 1 + usize::from(is_marked && !is_glued);
        // Without a sign, a word in Latin letters can be a unit.
        let is_word = matches!(tokens.get(at), Some(Token::Word(word)) if is_marked || !word.is_ascii());
        if !is_word && !is_glued {
            return None;
        }
        values.push(own);
        let is_next = |token: &Token| match token {
            Token::Number(_) => true,
            Token::Word(word) => word
                .strip_prefix(&(own + 1).to_string())
                .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit())),
            _ => false,
        };
        while tokens.get(at).is_some_and(|token| !is_next(token)) {
            at += 1;
        }
    }
    (values.len() > 1).then(|| values.iter().map(i64::to_string).collect())
}

/// Returns the values that a text lists: "`buy` or `sell`", `one of: a, b, c`, `either a or b`,
/// `GTC / IOC`. Returns none if the text lists something else.
pub(crate) fn values(note: &str, kind: Option<&str>) -> Vec<String> {
    if matches!(kind, Some("boolean")) {
        return Vec::new();
    }
    if let Some(values) = explained_lines(note, kind) {
        return values;
    }
    if let Some(values) = marked_lines(note, kind) {
        return values;
    }
    let all = tokens(note);
    let tokens = without_mark(&all);
    let mut found: Option<Vec<String>> = matches!(kind, Some("integer" | "number")).then(|| numbered(tokens)).flatten();
    for at in 0..if found.is_some() { 0 } else { tokens.len() } {
        let rest = tokens.get(at..).unwrap_or_default();
        let Some((length, is_sure)) = announcer(rest) else { continue };
        if is_conditioned(tokens, at) {
            continue;
        }
        let after = rest.get(length..).unwrap_or_default();
        let listed = list(after).filter(|(values, is_marked)| values.len() > 1 && (is_sure || *is_marked));
        found = listed.map(|(values, _)| values).or_else(|| explained(after));
        if found.is_some() {
            break;
        }
    }
    // "Must be one of 60, 300, 900" of a value without a type.
    let is_plain = kind.is_none()
        && found.as_ref().is_some_and(|all| all.iter().all(|own| tokens.contains(&Token::Number(own.clone()))));
    if found.is_none() && matches!(tokens.first(), Some(Token::Value(_) | Token::Word(_) | Token::Number(_))) {
        let whole = list(tokens).filter(|(values, is_marked)| {
            let is_alone = !note.trim_end_matches('.').contains(['.', ';', '(']) && !note.contains(',');
            values.len() > 1 && (*is_marked || is_alone && matches!(kind, Some("string")))
        });
        found = whole.map(|(values, _)| values).or_else(|| explained(tokens));
    }
    if let (None, [Token::Sign('{'), inner @ .., Token::Sign('}')]) = (&found, tokens) {
        found = list(inner).map(|(values, _)| values);
    }
    if found.is_none() {
        found = (1..tokens.len()).find_map(|at| in_brackets(tokens, at, kind));
    }
    if found.is_none() {
        found = (1..tokens.len()).find_map(|at| at_end(tokens, at));
    }
    let mut values: Vec<String> = Vec::new();
    for value in found.unwrap_or_default() {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let is_number = matches!(kind, Some("integer" | "number"));
    let all_numbers = values.iter().all(|value| venuekit_json::is_number(value));
    let fits = |value: &String| {
        !value.is_empty()
            && value.len() < 40
            && !value.contains(['{', '}', '=', '<', '/', '(', '[', '"'])
            && (!value.contains(' ') || is_constant(value))
            && (!is_number || venuekit_json::is_number(value))
    };
    // A text of numbers is no enum, unless the type says that it is a number.
    let is_enum = values.len() > 1 && values.iter().all(fits) && (is_number || is_plain || !all_numbers);
    if is_enum { values } else { Vec::new() }
}

/// Returns whether a value with spaces is one constant, such as `EXCHANGE LIMIT`.
fn is_constant(value: &str) -> bool {
    value.split(' ').count() <= 3 && value.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ')
}

/// Returns the tokens behind a mark such as `[optional]` or `Required.`
fn without_mark(tokens: &[Token]) -> &[Token] {
    let is_mark = |token: Option<&Token>| {
        matches!(
            word(token).as_deref(),
            Some("optional" | "required" | "mandatory" | "可选" | "必填" | "选填" | "必选")
        )
    };
    let length = match (sign(tokens.first()), is_mark(tokens.first())) {
        (Some('['), _) if is_mark(tokens.get(1)) && sign(tokens.get(2)) == Some(']') => 3,
        (Some('('), _) if is_mark(tokens.get(1)) && sign(tokens.get(2)) == Some(')') => 3,
        (_, true) if matches!(sign(tokens.get(1)), Some('.' | ',' | ';' | ':' | '：')) => 2,
        _ => return tokens,
    };
    let length = length + usize::from(length == 3 && matches!(sign(tokens.get(3)), Some('.' | ',' | ':')));
    tokens.get(length..).filter(|rest| !rest.is_empty()).unwrap_or(tokens)
}

/// Returns whether a word is a noun for a value that is one of several.
fn is_choice(token: Option<&Token>) -> bool {
    let Some(word) = word(token) else { return false };
    let nouns = [
        "type",
        "types",
        "kind",
        "side",
        "direction",
        "status",
        "state",
        "mode",
        "value",
        "values",
        "option",
        "options",
        "flag",
        "category",
        "sort",
        "interval",
        "period",
        "granularity",
        "level",
        "force",
        "policy",
        "scope",
        "role",
        "strategy",
        "class",
        "order",
        "size",
        "action",
        "reason",
    ];
    let ends = ["类型", "方向", "状态", "模式", "方式", "粒度", "周期", "级别", "策略", "种类", "类别"];
    nouns.contains(&word.as_str()) || ends.iter().any(|end| word.ends_with(end))
}

/// Returns whether a word is a short form that a point ends.
fn is_short(token: Option<&Token>) -> bool {
    matches!(
        word(token).as_deref(),
        Some("e.g" | "eg" | "ex" | "i.e" | "ie" | "etc" | "max" | "min" | "vs" | "no" | "incl")
    )
}

/// Returns the place of the first token of the sentence of a token.
fn sentence(tokens: &[Token], at: usize) -> usize {
    let is_end = |at: &usize| match sign(tokens.get(*at)) {
        Some('.') => !is_short(at.checked_sub(1).and_then(|before| tokens.get(before))),
        end => matches!(end, Some(';' | '!' | '?')),
    };
    let start = at.saturating_sub(MOST_IN_SENTENCE);
    (start..at).rev().find(is_end).map_or(start, |end| end + 1)
}

/// Returns whether the words before a place make its statement one about some requests only: "if
/// `type` is", "for market orders,". A condition that the value is there at all changes nothing.
fn is_conditioned(tokens: &[Token], at: usize) -> bool {
    let own = |at: usize| word(tokens.get(at));
    let start = sentence(tokens, at);
    let clause = (start..at)
        .rev()
        .find(|at| matches!(sign(tokens.get(*at)), Some(',' | ':' | '：' | '(')))
        .map_or(start, |end| end + 1);
    (start..at).any(|place| {
        let next = own(place + 1);
        match own(place).as_deref() {
            Some("if" | "when" | "whenever" | "unless" | "where" | "while" | "provided" | "如果" | "若" | "当") => {
                let is_presence = |word: &str| {
                    matches!(
                        word,
                        "given"
                            | "set"
                            | "present"
                            | "specified"
                            | "provided"
                            | "used"
                            | "sent"
                            | "passed"
                            | "any"
                            | "needed"
                            | "supplied"
                            | "not"
                            | "defined"
                    )
                };
                !next.as_deref().is_some_and(is_presence)
            }
            Some("for") => {
                let is_all = matches!(next.as_deref(), Some("each" | "every" | "all" | "any" | "the"));
                !is_all && (place >= clause || own(place + 1).is_some() && place == start)
            }
            Some("only" | "with" | "case" | "requires") => place >= clause,
            Some("except" | "without") => true,
            _ => false,
        }
    })
}

/// Reads values in brackets: "Direction (`buy`/`sell`)", "Type of order (buy/sell)".
fn in_brackets(tokens: &[Token], at: usize, kind: Option<&str>) -> Option<Vec<String>> {
    if sign(tokens.get(at.checked_sub(1)?)) != Some('(') {
        return None;
    }
    let rest = tokens.get(at..)?;
    let end = rest.iter().take(MOST_IN_SENTENCE).position(|token| *token == Token::Sign(')'))?;
    let inner = rest.get(..end)?;
    let marked = inner.iter().filter(|token| matches!(token, Token::Value(_))).count();
    let words = inner.iter().filter(|token| matches!(token, Token::Word(word) if !word.eq_ignore_ascii_case("or")));
    if marked > 1 && words.count() == 0 {
        return list(inner).map(|(values, _)| values);
    }
    // Words without marks are values of a text that calls itself a choice. `(BTC/USD)` is none.
    let is_slashed = inner.len() > 2
        && inner.iter().enumerate().all(|(at, token)| matches!(token, Token::Sign('/' | '|')) == (at % 2 == 1));
    if !is_slashed || inner.len().is_multiple_of(2) {
        return None;
    }
    let start = sentence(tokens, at);
    let names = tokens.get(start..at).unwrap_or_default();
    let numbers = || {
        inner.iter().step_by(2).map(|token| match token {
            Token::Number(digits) if !digits.starts_with('0') => digits.parse::<u64>().ok(),
            _ => None,
        })
    };
    let fits = match kind {
        Some("string") => {
            inner.iter().step_by(2).all(|token| matches!(token, Token::Word(_)))
                && names.iter().any(|token| is_choice(Some(token)))
        }
        Some("integer" | "number") => {
            let numbers: Option<Vec<u64>> = numbers().collect();
            numbers.is_some_and(|numbers| numbers.is_sorted() && !ends_in_example(tokens, at))
        }
        _ => false,
    };
    if fits { list(inner).map(|(values, _)| values) } else { None }
}

/// Reads marked values at the end of a sentence: "Order side, `buy` `sell`", "Which price: `open`
/// or `close`". The first of them begins the list.
fn at_end(tokens: &[Token], at: usize) -> Option<Vec<String>> {
    let rest = tokens.get(at..)?;
    if !matches!(rest.first(), Some(Token::Value(_))) || rest.len() > MOST_IN_LIST {
        return None;
    }
    let before = at.checked_sub(1)?;
    let is_noun = is_choice(tokens.get(before));
    let is_point = sign(tokens.get(before)) == Some('.');
    if is_point && is_short(before.checked_sub(1).and_then(|before| tokens.get(before))) {
        return None;
    }
    let mark = sign(tokens.get(before)).filter(|sign| matches!(sign, ',' | ':' | '.' | '：' | '(' | ']' | ')'));
    if mark.is_none() && !is_noun {
        return None;
    }
    let start = at.saturating_sub(MOST_IN_SENTENCE);
    let clause = (start..at)
        .rev()
        .find(|at| matches!(sign(tokens.get(*at)), Some(':' | '：' | '.' | ';' | '(' | ')' | ']')))
        .map_or(start, |end| end + 1);
    let lead = tokens.get(clause..at).unwrap_or_default();
    let sentence = tokens.get(sentence(tokens, at)..at).unwrap_or_default();
    let has = |tokens: &[Token], words: &[&str]| {
        tokens.iter().any(|token| word(Some(token)).is_some_and(|word| words.contains(&word.as_str())))
    };
    let is_later = lead.iter().any(|token| matches!(token, Token::Value(_)));
    let is_example = has(sentence, &["e.g", "eg", "ex", "i.e", "such", "as", "example", "examples", "like", "see"]);
    let is_other = has(
        lead,
        &[
            "not",
            "cannot",
            "for",
            "with",
            "without",
            "only",
            "except",
            "from",
            "by",
            "to",
            "via",
            "use",
            "than",
            "combined",
            "unless",
            "if",
            "when",
            "fields",
            "field",
            "parameters",
            "between",
            "ignored",
            "before",
            "after",
        ],
    );
    if is_later || is_example || is_other || is_conditioned(tokens, at) {
        return None;
    }
    let (values, _) = list(rest)?;
    let in_quotes = values.iter().all(|value| rest.contains(&Token::Value(value.clone())));
    // "The order, `id` or `cid`" names two other values.
    let end = rest.iter().position(|token| *token == Token::Sign('.')).unwrap_or(rest.len());
    let has_words = rest.iter().take(end).any(|token| matches!(token, Token::Word(_)));
    let is_clear = is_noun || !has_words || matches!(mark, Some(':' | '：' | '.'));
    // A text with values behind the list can have several lists.
    let is_all = rest.iter().all(|token| !matches!(token, Token::Value(value) if !values.contains(value)));
    (values.len() > 1 && in_quotes && is_clear && is_all).then_some(values)
}

/// Returns the number of tokens that announce a list, and whether words in lower case can be its
/// values.
fn announcer(tokens: &[Token]) -> Option<(usize, bool)> {
    let own = |at: usize| word(tokens.get(at));
    let first = own(0)?;
    let (mut at, is_sure) = match (first.as_str(), own(1).as_deref()) {
        ("one", Some("of")) => (2, true),
        ("either", _) => (1, true),
        (
            "possible" | "valid" | "allowed" | "available" | "accepted" | "supported",
            Some("value" | "values" | "options"),
        ) => (2, true),
        // `Valid limits: [5, 10, 20]`
        ("possible" | "valid" | "allowed" | "available" | "accepted" | "supported", Some(_))
            if matches!(sign(tokens.get(2)), Some(':' | '：'))
                || matches!(own(2).as_deref(), Some("are" | "include")) =>
        {
            (2, true)
        }
        ("valid" | "allowed" | "possible" | "accepted" | "supported", None)
            if matches!(sign(tokens.get(1)), Some(':' | '：')) =>
        {
            (1, true)
        }
        ("enum" | "enums", _) => (1, true),
        ("可选值" | "取值" | "枚举值" | "枚举", _) if matches!(sign(tokens.get(1)), Some(':' | '：')) => {
            (1, true)
        }
        ("values" | "options" | "choices", _) if matches!(sign(tokens.get(1)), Some(':' | '：')) => (1, true),
        ("can" | "must" | "may" | "should", Some("be")) => (2, false),
        _ => return None,
    };
    while matches!(
        own(at).as_deref(),
        Some("are" | "is" | "the" | "following" | "values" | "include" | "either" | "one" | "of")
    ) || matches!(sign(tokens.get(at)), Some(':' | '：' | '(' | '[' | '{'))
    {
        at += 1;
        // So many words announce nothing.
        if at > MOST_IN_BRACKETS {
            return None;
        }
    }
    Some((at, is_sure))
}

/// A value that a sentence names, with the values that it can have: "`state` is one of `open` and
/// `filled`". The values are empty if a list of them follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
    /// The name stands in backticks.
    pub(crate) is_marked: bool,
}

/// Reads a sentence that lists the values of a member.
pub(crate) fn told(sentence: &str) -> Option<Told> {
    let tokens = tokens(sentence);
    (0..tokens.len()).find_map(|at| told_of(&tokens, at).or_else(|| told_by(&tokens, at)))
}

/// Returns whether a text can be the name of a member.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() < 40
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// Returns the last part of a name such as `order.state`.
fn last_part(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_owned()
}

/// Reads "`state` is one of `open`, `filled`", "`state` can be: `a` or `b`".
fn told_of(tokens: &[Token], at: usize) -> Option<Told> {
    let own = |at: usize| word(tokens.get(at));
    let is_the = at.checked_sub(1).is_some_and(|before| own(before).as_deref() == Some("the"));
    let (name, is_marked) = match tokens.get(at)? {
        Token::Value(name) => (name, true),
        // "The status is `new` or `done`."
        Token::Word(name) if is_the && is_name(name) && !is_filler(name) => (name, false),
        _ => return None,
    };
    let mut next = at + 1;
    let is_noun = |word: Option<String>| {
        matches!(
            word.as_deref(),
            Some("field" | "property" | "member" | "parameter" | "value" | "attribute" | "column" | "flag" | "key")
        )
    };
    next += usize::from(is_noun(own(next)));
    // "`state` of an order is one of .."
    if matches!(own(next).as_deref(), Some("of" | "in" | "for")) {
        let is_verb = |at: &usize| {
            matches!(own(*at).as_deref(), Some("is" | "can" | "may" | "must" | "will" | "takes" | "has" | "holds"))
        };
        next = (next + 1..next + 5).find(is_verb)?;
    }
    let (mut next, is_sure) = match (own(next).as_deref(), own(next + 1).as_deref(), own(next + 2).as_deref()) {
        (Some("is" | "has" | "takes" | "holds" | "contains" | "are" | "be"), Some("one"), Some("of")) => {
            (next + 3, true)
        }
        (Some("is" | "takes" | "holds"), Some("either"), _) => (next + 2, true),
        (Some("can" | "may" | "must" | "will" | "should"), Some("be" | "have" | "take"), _) => (next + 2, false),
        (Some("is" | "takes" | "holds" | "has" | "becomes"), _, _) => (next + 1, false),
        _ => return None,
    };
    while matches!(
        own(next).as_deref(),
        Some("one" | "of" | "the" | "these" | "following" | "values" | "value" | "either" | "any" | "states")
    ) || matches!(sign(tokens.get(next)), Some(':' | '：' | '(' | '['))
    {
        next += 1;
    }
    // "`price` is required if `type` is `limit` or `stop`" does not list the types.
    if is_conditioned(tokens, at) {
        return None;
    }
    let rest = tokens.get(next..)?;
    let is_listed = is_sure || matches!(sign(tokens.get(next.checked_sub(1)?)), Some(':' | '：'));
    let found = told_values(name, rest, is_listed && is_marked)?;
    let in_quotes = found.values.iter().all(|value| near(rest).contains(&Token::Value(value.clone())));
    (is_marked || in_quotes && !found.values.is_empty()).then_some(Told { is_marked, ..found })
}

/// Reads "possible values of `state`: `open`, `filled`" and "the values for `state` are ..".
fn told_by(tokens: &[Token], at: usize) -> Option<Told> {
    let own = |at: usize| word(tokens.get(at));
    let is_noun = matches!(own(at).as_deref(), Some("values" | "options" | "choices"));
    let joins = matches!(own(at + 1).as_deref(), Some("of" | "for"));
    if !is_noun || !joins {
        return None;
    }
    let mut next = at + 2;
    next += usize::from(matches!(own(next).as_deref(), Some("the" | "field" | "property" | "member")));
    next += usize::from(matches!(own(next).as_deref(), Some("field" | "property" | "member")));
    let name = match tokens.get(next)? {
        Token::Value(name) => name,
        Token::Word(name) if is_name(name) && !is_filler(name) => name,
        _ => return None,
    };
    next += 1;
    while matches!(own(next).as_deref(), Some("are" | "is" | "the" | "following" | "include" | "field" | "property"))
        || matches!(sign(tokens.get(next)), Some(':' | '：' | '(' | '['))
    {
        next += 1;
    }
    told_values(name, tokens.get(next..)?, true)
}

/// Returns the values of a list at the beginning of the tokens. A name without values announces the
/// list that follows.
fn told_values(name: &str, rest: &[Token], is_listed: bool) -> Option<Told> {
    if !is_name(name) {
        return None;
    }
    let name = last_part(name);
    if rest.iter().all(|token| matches!(token, Token::Sign('.'))) && is_listed {
        return Some(Told { name, values: Vec::new(), is_marked: true });
    }
    let all_marked = |values: &[String]| values.iter().all(|value| near(rest).contains(&Token::Value(value.clone())));
    let found = list(rest).filter(|(values, is_marked)| all_marked(values) || is_listed && *is_marked);
    let mut values = found.map(|(values, _)| values).or_else(|| explained(rest))?;
    let mut seen: Vec<String> = Vec::new();
    values.retain(|value| {
        let is_new = !seen.contains(value);
        seen.push(value.clone());
        is_new
    });
    let fits = |value: &String| {
        !value.is_empty() && value.len() < 40 && !value.contains([' ', '{', '}', '=', '<', '/', '(', '[', '"'])
    };
    let is_enum = values.len() > 1 && values.iter().all(fits) && !values.contains(&name);
    is_enum.then_some(Told { name, values, is_marked: true })
}

/// Returns the tokens in which the longest list ends.
fn near(tokens: &[Token]) -> &[Token] {
    tokens.get(..tokens.len().min(4 * MOST_IN_LIST)).unwrap_or_default()
}

/// Words for the characters of a text.
fn is_length_unit(word: &str) -> bool {
    matches!(word, "characters" | "character" | "chars" | "char" | "letters" | "alphanumeric" | "字符")
}

/// Returns whether a text has two marked values, one beside the word `default`, or a number that is
/// no part of an example.
pub(crate) fn is_telling(note: &str) -> bool {
    let tokens = tokens(note);
    let marked = |token: &&Token| matches!(token, Token::Value(_));
    let examples = examples(&tokens);
    let is_own = |at: &usize| matches!(tokens.get(*at), Some(Token::Number(_))) && !is_set(&examples, *at);
    let is_default = |token: &Token| {
        word(Some(token)).is_some_and(|word| word.starts_with("default") || side_of(&word) == Some('d'))
    };
    let marks = tokens.iter().filter(marked).count();
    marks > 1 || marks == 1 && tokens.iter().any(is_default) || (0..tokens.len()).any(|at| is_own(&at))
}

/// Returns the bounds and the default that a text states for a value of this kind.
pub(crate) fn bounds(note: &str, kind: &str) -> Bounds {
    let tokens = tokens(note);
    let is_number = matches!(kind, "integer" | "number");
    let is_text = kind == "string";
    let mentioned = tokens.iter().filter_map(|token| match token {
        Token::Number(text) | Token::Value(text) => Some(text.clone()),
        // `1：maker`, also if its signs were broken on the way.
        Token::Word(word) => {
            let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = word.get(..word.len() - rest.len()).unwrap_or_default();
            (!digits.is_empty() && !rest.is_ascii()).then(|| digits.to_owned())
        }
        Token::Sign(_) => None,
    });
    let mut out = Bounds { mentioned: mentioned.collect(), ..Bounds::default() };
    let fits = |digits: &str| kind != "integer" || !digits.contains('.');
    let number = |at: usize| match tokens.get(at) {
        Some(Token::Number(digits)) => Some(digits.clone()),
        Some(Token::Value(text)) if venuekit_json::is_number(text) => Some(text.clone()),
        _ => None,
    };
    // A number that counts something else is no bound.
    let counts = |at: usize| {
        word(tokens.get(at)).filter(|word| {
            !matches!(
                word.as_str(),
                "and"
                    | "or"
                    | "default"
                    | "defaults"
                    | "inclusive"
                    | "entries"
                    | "records"
                    | "rows"
                    | "results"
                    | "items"
                    | "levels"
                    | "min"
                    | "max"
                    | "minimum"
                    | "maximum"
                    | "is"
                    | "are"
                    | "by"
                    | "if"
                    | "exclusive"
                    | "trades"
                    | "candles"
                    | "elements"
                    | "条"
                    | "档"
                    | "行"
                    | "倍"
            )
        })
    };
    let examples = examples(&tokens);
    // `[1, 100]`
    if let [Token::Sign('['), Token::Number(low), Token::Sign(','), Token::Number(high), Token::Sign(']'), ..] =
        tokens.as_slice()
        && low.parse::<f64>().ok() < high.parse::<f64>().ok()
    {
        set(&mut out, low.clone(), high.clone(), None, is_number, is_text);
    }
    for at in 0..tokens.len() {
        let own = word(tokens.get(at));
        let next = word(tokens.get(at + 1));
        let is_denied =
            at > 0 && matches!(word(tokens.get(at - 1)).as_deref(), Some("not" | "no" | "cannot" | "never"));
        let is_equal = usize::from(sign(tokens.get(at + 1)) == Some('='));
        // "If omitted, 20 is used", "`desc` if omitted".
        if own.as_deref() == Some("if")
            && let Some(value) = without(&tokens, at)
        {
            out.default = out.default.take().or_else(|| default(tokens.get(value), kind));
            continue;
        }
        let (side, mut from) = match (own.as_deref(), next.as_deref(), sign(tokens.get(at))) {
            (Some("max" | "maximum"), _, _) => ('x', at + 1),
            (Some("min" | "minimum"), _, _) => ('n', at + 1),
            (Some("at"), Some("most"), _) | (Some("up"), Some("to"), _) => ('x', at + 2),
            (Some("at"), Some("least"), _) => ('n', at + 2),
            (Some("exceed" | "exceeds" | "exceeding"), _, _) if is_denied => ('x', at + 1),
            (Some("more" | "greater" | "larger" | "higher" | "longer"), Some("than"), _) if is_denied => ('x', at + 2),
            (Some("less" | "fewer" | "smaller" | "lower" | "shorter"), Some("than"), _) if is_denied => ('n', at + 2),
            // `1 ≤ levels`
            (_, _, Some('≤' | '<')) if number(at + 1 + is_equal).is_none() && at > 0 && is_number => {
                let is_open = sign(tokens.get(at)) == Some('<') && is_equal == 0;
                if let Some(digits) = number(at - 1).and_then(|digits| closed(digits, i64::from(is_open), kind)) {
                    out.minimum.get_or_insert(digits);
                }
                continue;
            }
            (_, _, Some('≤')) => ('x', at + 1),
            (_, _, Some('≥')) => ('n', at + 1),
            (_, _, Some('<')) if is_equal == 1 => ('x', at + 2),
            (_, _, Some('>')) if is_equal == 1 => ('n', at + 2),
            (_, _, Some(mark @ ('<' | '>'))) if kind == "integer" => {
                let step = if mark == '>' { 1 } else { -1 };
                let slot = if mark == '>' { &mut out.minimum } else { &mut out.maximum };
                let digits = number(at + 1).filter(|_| counts(at + 2).is_none());
                if let Some(digits) = digits.and_then(|digits| closed(digits, step, kind)) {
                    slot.get_or_insert(digits);
                }
                continue;
            }
            (Some("default" | "defaults"), _, _) => ('d', at + 1),
            (Some("between"), _, _) => ('r', at + 1),
            (Some(own), _, _) if side_of(own).is_some() => (side_of(own).unwrap_or('x'), at + 1),
            _ => {
                if let Some(low) = number(at).filter(|_| !is_set(&examples, at)) {
                    let range = range(&tokens, at, low);
                    let begins = at == 0
                        || matches!(sign(tokens.get(at - 1)), Some(',' | '(' | ':' | '[' | '.' | ';'))
                        || matches!(
                            word(tokens.get(at - 1)).as_deref(),
                            Some("from" | "range" | "valid" | "values" | "is" | "of" | "allowed" | "be")
                        );
                    if let Some((low, high, end)) = range.filter(|_| begins) {
                        set(&mut out, low, high, word(tokens.get(end)), is_number && counts(end).is_none(), is_text);
                    }
                }
                continue;
            }
        };
        let mut is_length = false;
        while let Some(next) = tokens.get(from) {
            match next {
                Token::Word(word) if word.eq_ignore_ascii_case("length") => is_length = true,
                Token::Word(word)
                    if matches!(
                        word.to_lowercase().as_str(),
                        "is" | "of" | "to" | "value" | "limit" | "allowed" | "size" | "are" | "and" | "number"
                    ) && side != 'r' => {}
                Token::Sign(':' | '=' | '：') => {}
                // "Max. length"
                Token::Sign('.') if from == at + 1 && matches!(own.as_deref(), Some("max" | "min")) => {}
                _ => break,
            }
            from += 1;
        }
        is_length |= at > 0 && word(tokens.get(at - 1)).as_deref() == Some("length");
        if side == 'd' {
            let own = default_before(&tokens, at).or_else(|| tokens.get(from).filter(|_| is_whole(&tokens, from)));
            out.default = out.default.take().or_else(|| default(own, kind));
            continue;
        }
        let Some(digits) = number(from) else { continue };
        let unit = word(tokens.get(from + 1));
        if side == 'r' && is_set(&examples, at) {
            continue;
        }
        if side == 'r' {
            let high = matches!(word(tokens.get(from + 1)).as_deref(), Some("and" | "to")).then(|| number(from + 2));
            if let Some((low, high, end)) = range(&tokens, from, digits.clone()) {
                set(&mut out, low, high, word(tokens.get(end)), is_number && counts(end).is_none(), is_text);
            } else if let Some(high) = high.flatten() {
                let end = from + 3;
                set(&mut out, digits, high, word(tokens.get(end)), is_number && counts(end).is_none(), is_text);
            }
            continue;
        }
        let is_length =
            is_text && (is_length || unit.as_deref().is_some_and(is_length_unit)) && !digits.contains(['.', '-']);
        let slot = match side {
            'x' if is_length => &mut out.max_length,
            'n' if is_length => &mut out.min_length,
            'x' if is_number && counts(from + 1).is_none() && fits(&digits) => &mut out.maximum,
            'n' if is_number && counts(from + 1).is_none() && fits(&digits) => &mut out.minimum,
            _ => continue,
        };
        slot.get_or_insert(digits);
    }
    out
}

/// Returns the bound that a word of a language without spaces states: `最大为`, `默认值`.
fn side_of(word: &str) -> Option<char> {
    let word = word.trim_end_matches(['为', '是', '值']);
    let ends = |all: &[&str]| all.iter().any(|end| word.ends_with(end));
    if ends(&["默认", "默认返回", "默认取", "缺省"]) {
        Some('d')
    } else if ends(&["最大", "最多", "最高", "不超过", "上限", "最长"]) {
        Some('x')
    } else if ends(&["最小", "最少", "最低", "不低于", "不少于", "下限"]) {
        Some('n')
    } else {
        None
    }
}

/// Returns the least or the greatest integer beside an open bound.
fn closed(digits: String, step: i64, kind: &str) -> Option<String> {
    if step == 0 {
        return Some(digits);
    }
    let own: i64 = digits.parse().ok().filter(|_| kind == "integer")?;
    own.checked_add(step).map(|own| own.to_string())
}

/// Returns the place of the value that holds without one: "If omitted, 20 is used", "`a` if
/// omitted".
fn without(tokens: &[Token], at: usize) -> Option<usize> {
    let own = |at: usize| word(tokens.get(at));
    let is_absent = |word: Option<String>| {
        matches!(word.as_deref(), Some("omitted" | "absent" | "unset" | "unspecified" | "missing" | "empty"))
    };
    let is_value = |at: &usize| matches!(tokens.get(*at), Some(Token::Value(_) | Token::Number(_)));
    let end = if is_absent(own(at + 1)) {
        at + 2
    } else if own(at + 1).as_deref() == Some("not")
        && matches!(own(at + 2).as_deref(), Some("set" | "given" | "specified" | "provided" | "sent" | "present"))
    {
        at + 3
    } else if let (Some("you"), Some("do"), Some("not"), Some("say" | "give" | "send" | "set" | "specify" | "ask")) =
        (own(at + 1).as_deref(), own(at + 2).as_deref(), own(at + 3).as_deref(), own(at + 4).as_deref())
    {
        at + 5
    } else {
        return None;
    };
    let begins = |at: &usize| *at == 0 || sign(tokens.get(*at - 1)).is_some();
    let before = at.checked_sub(1).filter(is_value).filter(begins);
    let behind = (sign(tokens.get(end)) == Some(',')).then_some(end + 1).filter(is_value);
    let is_used = |at: &usize| {
        own(*at + 1).as_deref() == Some("is")
            && matches!(own(*at + 2).as_deref(), Some("used" | "assumed" | "taken" | "applied"))
    };
    before.or(behind.filter(is_used))
}

/// Returns whether a default ends with its value. "Default is 24 hours ago" and "by default `GTC`
/// orders are shown" state something else.
fn is_whole(tokens: &[Token], at: usize) -> bool {
    let own = |at: usize| word(tokens.get(at));
    let is_text = matches!(tokens.get(at), Some(Token::Value(_)));
    let behind = match own(at + 1).as_deref() {
        None => return true,
        // The unit of the value.
        Some("ms" | "milliseconds" | "s" | "sec" | "seconds" | "second" | "percent") if !is_text => at + 2,
        Some(
            "hours" | "hour" | "days" | "day" | "weeks" | "week" | "months" | "month" | "minutes" | "minute" | "h"
            | "d",
        ) => {
            return false;
        }
        Some("and" | "or" | "max" | "min" | "maximum" | "minimum" | "but" | "otherwise" | "up" | "with" | "is") => {
            return true;
        }
        Some("if" | "when" | "unless" | "where" | "for") => at + 1,
        // "By default 100 orders are returned"
        Some(word) if word.is_ascii() => return !is_text && !is_relative(own(at + 2)),
        Some(_) => return true,
    };
    let is_absence = matches!(
        own(behind + 1).as_deref(),
        Some("omitted" | "not" | "absent" | "empty" | "unset" | "missing" | "unspecified" | "none" | "left")
    );
    match own(behind).as_deref() {
        Some("if" | "when" | "unless") => is_absence,
        Some("where" | "for") => false,
        next => !is_relative(next.map(str::to_owned)),
    }
}

fn is_relative(word: Option<String>) -> bool {
    matches!(
        word.as_deref(),
        Some("ago" | "after" | "before" | "later" | "earlier" | "back" | "prior" | "from" | "since")
    )
}

/// Returns for each place, and for the end, whether it is in a clause that gives an example: "e.g.
/// if it is 1000, then 1001 to 1100".
fn examples(tokens: &[Token]) -> Vec<bool> {
    let opens = |token: Option<&Token>| {
        matches!(word(token).as_deref(), Some("e.g" | "eg" | "ex" | "example" | "examples" | "instance"))
    };
    let mut inside = false;
    let mut out = Vec::with_capacity(tokens.len() + 1);
    for (index, token) in tokens.iter().enumerate() {
        out.push(inside);
        let ends = matches!(token, Token::Sign('.' | ';' | ')'))
            && !opens(index.checked_sub(1).and_then(|before| tokens.get(before)));
        inside = opens(Some(token)) || inside && !ends;
    }
    out.push(inside);
    out
}

/// Returns whether a place is in a clause that gives an example.
fn ends_in_example(tokens: &[Token], at: usize) -> bool {
    let before = tokens.get(at.saturating_sub(MOST_IN_LIST)..at).unwrap_or_default();
    examples(before).last().copied().unwrap_or(false)
}

fn is_set(all: &[bool], at: usize) -> bool {
    all.get(at).copied().unwrap_or(false)
}

/// Returns the two ends of a range, such as `1-1000` or `1 to 100`, and the place behind it.
fn range(tokens: &[Token], at: usize, low: String) -> Option<(String, String, usize)> {
    let joins = matches!(sign(tokens.get(at + 1)), Some('-' | '–' | '—' | '~'))
        || word(tokens.get(at + 1)).as_deref() == Some("to");
    let dots = sign(tokens.get(at + 1)) == Some('.') && sign(tokens.get(at + 2)) == Some('.');
    let from = if joins {
        at + 2
    } else if dots {
        at + 3
    } else {
        return None;
    };
    let Some(Token::Number(high)) = tokens.get(from) else { return None };
    let value = |digits: &str| digits.parse::<f64>().ok();
    // A date such as 2024-01-02 is no range.
    let goes_on = matches!(sign(tokens.get(from + 1)), Some('-' | '–' | ':'));
    (value(&low)? < value(high)? && !goes_on).then(|| (low, high.clone(), from + 1))
}

fn set(out: &mut Bounds, low: String, high: String, unit: Option<String>, is_number: bool, is_text: bool) {
    if is_number {
        out.minimum.get_or_insert(low);
        out.maximum.get_or_insert(high);
    } else if is_text && unit.as_deref().is_some_and(is_length_unit) && !low.contains(['.', '-']) {
        out.min_length.get_or_insert(low);
        out.max_length.get_or_insert(high);
    }
}

/// Returns the value that the word `default` follows: "`GTC` (default)", "`10` is the default".
fn default_before(tokens: &[Token], at: usize) -> Option<&Token> {
    let ends = tokens.get(at + 1).is_none() || matches!(sign(tokens.get(at + 1)), Some(')' | ',' | ';' | '.'));
    let is_filler = |at: &usize| matches!(word(tokens.get(*at)).as_deref(), Some("is" | "the" | "by" | "as"));
    let before = (0..at).rev().find(|at| !is_filler(at)).filter(|_| ends)?;
    let is_value = |at: usize| {
        matches!(tokens.get(at), Some(Token::Value(_) | Token::Number(_)))
            || matches!(tokens.get(at), Some(Token::Word(word)) if !word.chars().any(char::is_lowercase))
    };
    // "`gtc` (until it is cancelled, default)"
    let closes = sign(tokens.get(at + 1)) == Some(')');
    let open = (0..=before).rev().take(MOST_IN_BRACKETS).find(|at| matches!(sign(tokens.get(*at)), Some('(' | ')')));
    let open = open.filter(|open| sign(tokens.get(*open)) == Some('(') && (closes || *open == before));
    let opens = open.is_some();
    let place = match open {
        Some(open) => open.checked_sub(1)?,
        None => before,
    };
    // "`info`: all of them (default)"
    let place = if opens && !is_value(place) { explained_before(tokens, place).unwrap_or(place) } else { place };
    let says = opens || before + 1 < at;
    tokens.get(place).filter(|_| says && is_value(place))
}

/// Returns the place of the marked value that the words up to a place explain.
fn explained_before(tokens: &[Token], at: usize) -> Option<usize> {
    let words = (0..=at).rev().take(MOST_IN_BRACKETS).take_while(|at| matches!(tokens.get(*at), Some(Token::Word(_))));
    let sign_at = at.checked_sub(words.count())?;
    let is_sign = matches!(sign(tokens.get(sign_at)), Some('=' | ':' | '-' | '–' | '—' | '：'));
    sign_at.checked_sub(1).filter(|at| is_sign && matches!(tokens.get(*at), Some(Token::Value(_))))
}

/// Returns a default of this kind.
fn default(token: Option<&Token>, kind: &str) -> Option<String> {
    let text = match token? {
        Token::Number(text) => text.clone(),
        Token::Value(text) => text.clone(),
        Token::Word(text) => {
            // A plain word is a default only if it cannot be anything else.
            let is_constant = text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            let is_flag = kind == "boolean";
            (is_constant && text.len() > 1 || is_flag).then(|| text.clone())?
        }
        Token::Sign(_) => return None,
    };
    is_default(&text, kind).then_some(text)
}

/// Returns whether a text can be the default of a value of this kind.
pub(crate) fn is_default(text: &str, kind: &str) -> bool {
    match kind {
        "integer" => text.parse::<i64>().is_ok(),
        "number" => venuekit_json::is_number(text),
        "boolean" => matches!(text, "true" | "false"),
        "string" => !text.is_empty() && text.len() < 40 && !text.contains(' '),
        _ => false,
    }
}

/// Returns whether a text begins by saying that a value is required, or optional.
pub(crate) fn required(text: &str) -> Option<bool> {
    let note = inline::plain(text).to_lowercase();
    if note.starts_with("optional") || note.contains("(optional)") || note.starts_with("[optional]") {
        Some(false)
    } else if note == "required"
        || note.starts_with("required.")
        || note.starts_with("required,")
        || note.contains("(required)")
        || note.starts_with("[required]")
        || note.starts_with("mandatory")
    {
        Some(true)
    } else {
        None
    }
}

/// Returns whether a text says that a value is needed in some requests only.
pub(crate) fn is_conditional(text: &str) -> bool {
    let lower = inline::plain(text).to_lowercase();
    [
        "required for",
        "required if",
        "required when",
        "required unless",
        "required only",
        "mandatory for",
        "mandatory if",
        "mandatory when",
        "only for",
        "only required",
        "only if",
        "only when",
        "only with",
        "orders only",
        "must be sent if",
        "must be set if",
        "needed for",
        "needed if",
        "conditional",
        "depends on",
        "yes, if",
        "yes if",
        "yes for",
        "if type",
        "if `type`",
    ]
    .iter()
    .any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enums_are_read_from_prose() {
        let text = |note| values(note, Some("string")).join(" ");
        assert_eq!(text("`buy` or `sell`"), "buy sell");
        assert_eq!(text("`limit` or `market`. Default is `limit`."), "limit market");
        assert_eq!(text("Side, one of: buy, sell"), "buy sell");
        assert_eq!(text("Either limit or market."), "limit market");
        assert_eq!(text("The side: either \"bid\" or \"ask\""), "bid ask");
        assert_eq!(text("GTC, IOC, FOK"), "GTC IOC FOK");
        assert_eq!(text("Order side. Possible values are BUY and SELL."), "BUY SELL");
        assert_eq!(text("buy/sell"), "buy sell");
        assert_eq!(text("Order side, `buy` `sell`"), "buy sell");
        assert_eq!(text("Direction (`buy`/`sell`)"), "buy sell");
        assert_eq!(text("Pair (e.g. `A` or `B`)"), "");
        assert_eq!(text("buy or sell"), "buy sell");
        assert_eq!(text("`GTC`: good till cancelled; `IOC`: immediate or cancel"), "GTC IOC");
        assert_eq!(text("Must be `asc` or `desc`"), "asc desc");
        assert_eq!(text("`GTC` (default), `IOC` or `FOK`"), "GTC IOC FOK");
        assert_eq!(text("`GTC`, `IOC` (limit orders only), or `FOK` (the rest is dropped)."), "GTC IOC FOK");
        assert_eq!(text("One of: buy (bid), sell (ask)"), "buy sell");
        assert_eq!(text("`GTC` (default): rests, `IOC`: does not rest"), "GTC IOC");
        assert_eq!(text("ASC (default) / DESC"), "ASC DESC");
        assert_eq!(text("`limit`（限价，默认）、`market`（市价）"), "limit market");
        assert_eq!(text("`GTC` is the default; `IOC`; `FOK`"), "GTC IOC FOK");
        assert_eq!(values("1: buy, 2: sell", Some("integer")).join(" "), "1 2");
        assert_eq!(values("One of 5, 10, 20", Some("integer")).join(" "), "5 10 20");
        assert_eq!(values("Valid limits: [5, 10, 20]", Some("integer")).join(" "), "5 10 20");
        assert_eq!(values("Type: 1-limit 2-market", Some("integer")).join(" "), "1 2");
        assert_eq!(values("档位, 可选值: 5,10,20", Some("integer")).join(" "), "5 10 20");
        assert_eq!(values("1:买 2:卖", Some("integer")).join(" "), "1 2");
        assert_eq!(values("状态: 0 未成交 1 部分成交 2 成交", Some("integer")).join(" "), "0 1 2");
        assert_eq!(values("0:Sent,1:Cancelled 2Completed", Some("integer")).join(" "), "0 1 2");
        assert_eq!(values("1 second or 2 minutes", Some("integer")), Vec::<String>::new());
        assert_eq!(text("Order side<br>buy: Buy<br>sell: Sell"), "buy sell");
        assert_eq!(text("Interval<br>minute: 1min,3min<br>hour: 1h"), "1min 3min 1h");
        assert_eq!(text("<br>**gtc**: Normal<br>**ioc**: Immediate<br>"), "gtc ioc");
        assert_eq!(text("The price<br>Note: in the quote asset<br>Format: decimal"), "");
        for (note, wanted) in [
            // The first value counts, whatever stands before it.
            ("The order type `limit`, `market`, `stop`", "limit market stop"),
            ("Order type `limit`, `market` or `stop`.", "limit market stop"),
            ("Type `limit`: limit order, `market`: market order, `stop`: stop order", "limit market stop"),
            ("Type `limit` (default), `market`, `stop`", "limit market stop"),
            ("Time in force, `gtc`, `ioc`", "gtc ioc"),
            ("Which time to use: `open`, `close`, or `both` (default)", "open close both"),
            ("[optional] `a` or `b` (default is `a`)", "a b"),
            ("Optional. `a` or `b`", "a b"),
            ("Type of order (buy/sell)", "buy sell"),
            ("`LIMIT`, `EXCHANGE LIMIT`, `MARKET`", "LIMIT EXCHANGE LIMIT MARKET"),
            ("Possible values: [`NEW`, `FILLED`]", "NEW FILLED"),
            ("\"asc\" or \"desc\", \"desc\" if omitted", "asc desc"),
            ("Valid: `a` \\| `b`", "a b"),
            ("{x, y, z}", "x y z"),
            ("Valid kinds are `a`, `b` and `c`", "a b c"),
            ("If given, must be `a` or `b`", "a b"),
            ("订单方向 `buy`：买， `sell`：卖", "buy sell"),
            ("产品类型，`SPOT`：币币，`SWAP`：永续合约", "SPOT SWAP"),
            ("模式<br>保证金：`isolated`：逐仓 ；`cross`：全仓<br>非保证金：`cash`：非保证金", "isolated cross cash"),
            ("方向，BUY、SELL", ""),
            ("`buy`<br>`sell`", "buy sell"),
            ("`buy`<br/>`sell`,", "buy sell"),
            ("`buy`<br>see above", ""),
        ] {
            assert_eq!(text(note), wanted, "{note}");
        }
        assert_eq!(
            values("Must be one of the following values: {60, 300, 900}", Some("integer")).join(" "),
            "60 300 900"
        );
        assert_eq!(values("Valid levels are 1, 2 and 3.", Some("integer")).join(" "), "1 2 3");
        assert_eq!(values("Page size (10/20/50)", Some("integer")).join(" "), "10 20 50");
        assert_eq!(values("[1, 100]", Some("integer")).join(" "), "");
        for other in [
            // Words of another language are no values.
            "数量，以基础货币计",
            "返回结果的数量，最大为100，默认100条",
            "时间，毫秒",
            "价格、数量",
            // A condition, and values of something else.
            "Required if `type` is one of `a`, `b`",
            "If `type` is `limit`, must be `GTC` or `IOC`",
            "Not for `market`, `limit`, `stop`",
            "Only with `type` `limit`, `stop`, `oco`",
            "Cannot be `a`, `b`",
            "Must not be `a` or `b`",
            "Ignored if `type` is `limit` or `stop`",
            "Cursor from `next`, `prev`",
            "Like `BTC-USD`, `ETH-USD`",
            "A market, `BTC-USD`, `ETH-USD`, ...",
            "Use `id` or `cid`",
            "Can be combined with `a`, `b`",
            "Fields: `id`, `price`, `qty` separated by commas",
            "`limit` orders, `market`, `stop`",
            "Sorted by time, `id` or `cid`",
            "Pair (BTC/USD)",
            "Trade mode<br>Margin mode `cross` `isolated`<br>Other mode `cash`",
            "Market name, e.g. `BTC-EUR` or `ETH-EUR`",
            "`symbol` or `orderId` must be sent",
            "Limit or stop price",
            "One of the markets",
            "One of your accounts, or all of them",
            "yes or no",
            "One of BTC, ETH, ...",
            "The name of a pair, as in `GET /pairs`",
            "Price, in the quote currency",
        ] {
            assert_eq!(text(other), "", "{other}");
        }
    }

    #[test]
    fn a_sentence_lists_the_values_of_a_member() {
        let show = |text| told(text).map(|own| format!("{} = {}", own.name, own.values.join(" ")));
        for (text, wanted) in [
            ("`state` is one of `open`, `filled` and `gone`.", "state = open filled gone"),
            ("`state` can be: `open`, `filled` or `gone`.", "state = open filled gone"),
            ("The `side` field is `buy` or `sell`.", "side = buy sell"),
            ("Here `order.state` may be one of the following values: OPEN, GONE", "state = OPEN GONE"),
            ("Possible values of `state`: `a` (new), `b`", "state = a b"),
            ("The values for `state` are `a` and `b`.", "state = a b"),
            ("The `state` of a pair can be: `live`, `paused`, or `dead`.", "state = live paused dead"),
            ("Possible values of `state`:", "state = "),
            ("The status is `new`, `part` or `done`.", "status = new part done"),
            ("`state` can be one of:", "state = "),
            ("`kind` is either `spot` or `swap`, as in the list of markets", "kind = spot swap"),
            ("`type` is one of 1, 2 and 3", "type = 1 2 3"),
            ("For each order, `state` is one of `open` and `gone`.", "state = open gone"),
            ("If set, `state` is `open` or `gone`.", "state = open gone"),
        ] {
            assert_eq!(show(text).as_deref(), Some(wanted), "{text}");
        }
        for text in [
            "`price` is required.",
            "`price` or `size` is given.",
            "`state` is `open`.",
            "`from` must be smaller than `to`.",
            "`id` is the number of the order.",
            "`limit` can be up to 100.",
            "The values of the market are cached.",
            "Use `GET` or `POST`.",
            "The order is placed by `POST` or `PUT` of it.",
            "`price` is required if `type` is `limit` or `stop_limit`.",
            "The field `tif` is ignored unless `tif` is `IOC` or `FOK`.",
            "Invalid when `tif` is `IOC` or `FOK`.",
            "For market orders, `tif` is `IOC` or `FOK`.",
            "Only with `type` is `a` or `b`.",
        ] {
            assert_eq!(show(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_and_defaults_are_read_from_prose() {
        let show = |note, kind| {
            let own = bounds(note, kind);
            let all = [own.minimum, own.maximum, own.min_length, own.max_length, own.default];
            all.map(|own| own.unwrap_or_else(|| "-".to_owned())).join(" ")
        };
        assert_eq!(show("Levels per side, 1 to 100. Default is 20.", "integer"), "1 100 - - 20");
        assert_eq!(show("1-1000, default 100", "integer"), "1 1000 - - 100");
        assert_eq!(show("Default 500; max 1,000.", "integer"), "- 1000 - - 500");
        assert_eq!(show("Must be between 0.1 and 5", "number"), "0.1 5 - - -");
        assert_eq!(show("Your own id, up to 36 characters", "string"), "- - - 36 -");
        assert_eq!(show("Maximum length is 32", "string"), "- - - 32 -");
        assert_eq!(show("Defaults to `GTC`", "string"), "- - - - GTC");
        assert_eq!(show("Whether to wait (default: false)", "boolean"), "- - - - false");
        assert_eq!(show("At most 10 orders per request", "integer"), "- - - - -");
        assert_eq!(show("A date, 2024-01-02", "integer"), "- - - - -");
        assert_eq!(show("An id, e.g. if it is 1000, those with ids from 1001 to 1100", "integer"), "- - - - -");
        assert_eq!(show("Levels, e.g. 5. Range is 1 to 100", "integer"), "1 100 - - -");
        assert_eq!(show("Default is the current time", "integer"), "- - - - -");
        assert_eq!(show("The maximum price", "number"), "- - - - -");
        assert_eq!(show("`GTC` (default), `IOC` or `FOK`", "string"), "- - - - GTC");
        assert_eq!(show("`asc` or `desc` (the default)", "string"), "- - - - desc");
        assert_eq!(show("`LIMIT` is the default, `MARKET`", "string"), "- - - - LIMIT");
        assert_eq!(show("10 (default) or 20", "integer"), "- - - - 10");
        assert_eq!(show("`gtc` (until it is cancelled, default), `ioc`", "string"), "- - - - gtc");
        assert_eq!(show("`limit`（限价，默认）、`market`（市价）", "string"), "- - - - limit");
        assert_eq!(show("Without it, the account is the default.", "string"), "- - - - -");
        for (note, kind, wanted) in [
            // These state something else.
            ("Start in ms. Default is 24 hours ago", "integer", "- - - - -"),
            ("Default: 7 days after the start", "integer", "- - - - -"),
            ("Default `price` of the last trade", "string", "- - - - -"),
            ("By default `GTC` orders are shown", "string", "- - - - -"),
            ("Default `GTC` if `type` is `limit`", "string", "- - - - -"),
            ("Up to 10 symbols, separated by commas", "string", "- - - - -"),
            ("Between 1 and 3 days ago", "integer", "- - - - -"),
            // And these state the value.
            ("Default 5000 ms, max 60000", "integer", "- 60000 - - 5000"),
            ("By default 100 orders are returned", "integer", "- - - - 100"),
            ("Default `GTC` if omitted", "string", "- - - - GTC"),
            ("Default `x` (see the guide)", "string", "- - - - x"),
            ("If omitted, 20 is used", "integer", "- - - - 20"),
            ("\"asc\" or \"desc\", \"desc\" if omitted", "string", "- - - - desc"),
            ("返回结果的数量，最大为100，默认100条", "integer", "- 100 - - 100"),
            ("最大为300，不填默认返回100条", "integer", "- 300 - - 100"),
            ("默认`false`", "boolean", "- - - - false"),
            ("时间粒度，默认值`1m`", "string", "- - - - 1m"),
            ("Leverage, between 1-100 inclusive", "integer", "1 100 - - -"),
            ("Defaults to 20 and cannot exceed 100", "integer", "- 100 - - 20"),
            ("Not more than 100", "integer", "- 100 - - -"),
            ("Must be > 0 and < 10", "integer", "1 9 - - -"),
            ("Must be > 0", "number", "- - - - -"),
            ("Possible values: >= 1 and <= 500", "integer", "1 500 - - -"),
            ("Possible values: non-empty and <= 36 characters", "string", "- - - 36 -"),
            ("1 ≤ j ≤ 100", "integer", "1 100 - - -"),
            ("[1, 100]", "integer", "1 100 - - -"),
            ("Max. length 36", "string", "- - - 36 -"),
            ("[optional] `a` or `b` (default is `a`)", "string", "- - - - a"),
        ] {
            assert_eq!(show(note, kind), wanted, "{note}");
        }
    }

    #[test]
    fn conditions_are_found() {
        assert!(is_conditional("only for limit orders"));
        assert!(is_conditional("Required if `type` is limit"));
        assert!(!is_conditional("The only price"));
    }
}
