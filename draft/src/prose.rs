//! Facts in the text about a value: its enum, its bounds, its default, and when it is needed.

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
            if let Some(length) = rest.iter().position(|c| *c == close).filter(|length| *length < 60) {
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
            let is_word = chars.get(at).is_some_and(|c| c.is_alphabetic() || *c == '_');
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
            while let Some(c) = chars.get(at).copied() {
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
    loop {
        let token = tokens.get(at);
        if awaits {
            in_quotes &= matches!(token?, Token::Value(_));
            match token? {
                Token::Value(value) => values.push(value.clone()),
                Token::Number(value) => values.push(value.clone()),
                Token::Word(value) if !is_filler(value) => {
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
                if word(tokens.get(at)).is_some_and(|word| is_filler(&word))
                    || matches!(tokens.get(at), Some(Token::Word(word)) if goes_on(word.clone()))
                {
                    return Some((values, is_marked));
                }
                awaits = true;
            }
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
            Some('.' | ';' | '(' | ')' | ']') => return Some((values, is_marked)),
            _ => return None,
        }
    }
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
    let mut values = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let value = match token {
            Token::Value(value) => value,
            // `1: buy, 2: sell`
            Token::Number(value) => value,
            _ => continue,
        };
        let begins = at == 0 || matches!(sign(tokens.get(at - 1)), Some(',' | ';' | '.' | '/' | '|' | ':' | '('));
        let next = brackets(tokens, at + 1).unwrap_or(at + 1);
        let is_explained = matches!(sign(tokens.get(next)), Some(':' | '=' | '-' | '–' | '—' | '：'));
        if !begins || !is_explained {
            return None;
        }
        values.push(value.clone());
    }
    (values.len() > 1).then_some(values)
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
    let distinct = values.iter().enumerate().all(|(at, own)| !values.iter().skip(at + 1).any(|other| other == own));
    (values.len() > 1 && distinct && values.iter().all(fits)).then_some(values)
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
    let tokens = tokens(note);
    let mut found: Option<Vec<String>> =
        matches!(kind, Some("integer" | "number")).then(|| numbered(&tokens)).flatten();
    for at in 0..if found.is_some() { 0 } else { tokens.len() } {
        let rest = tokens.get(at..).unwrap_or_default();
        let Some((length, is_sure)) = announcer(rest) else { continue };
        let after = rest.get(length..).unwrap_or_default();
        let listed = list(after).filter(|(values, is_marked)| values.len() > 1 && (is_sure || *is_marked));
        found = listed.map(|(values, _)| values).or_else(|| explained(after));
        if found.is_some() {
            break;
        }
    }
    if found.is_none() && matches!(tokens.first(), Some(Token::Value(_) | Token::Word(_) | Token::Number(_))) {
        let whole = list(&tokens).filter(|(values, is_marked)| {
            let is_alone = !note.trim_end_matches('.').contains(['.', ';', '(']) && !note.contains(',');
            values.len() > 1 && (*is_marked || is_alone && matches!(kind, Some("string")))
        });
        found = whole.map(|(values, _)| values).or_else(|| explained(&tokens));
    }
    if found.is_none() {
        // Marked values in brackets: "Direction (`buy`/`sell`)".
        found = (1..tokens.len()).filter(|at| sign(tokens.get(at - 1)) == Some('(')).find_map(|at| {
            let rest = tokens.get(at..)?;
            let end = rest.iter().position(|token| *token == Token::Sign(')'))?;
            let inner = rest.get(..end)?;
            let marked = inner.iter().filter(|token| matches!(token, Token::Value(_))).count();
            let words =
                inner.iter().filter(|token| matches!(token, Token::Word(word) if !word.eq_ignore_ascii_case("or")));
            let is_list = marked > 1 && words.count() == 0;
            is_list.then(|| list(inner)).flatten().map(|(values, _)| values)
        });
    }
    if found.is_none() {
        // Marked values at the end of a text: "Order side, `buy` `sell`".
        found = (1..tokens.len()).find_map(|at| {
            let rest = tokens.get(at..)?;
            let begins = matches!(sign(tokens.get(at - 1)), Some(',' | ':' | '.' | '：'));
            let is_example = tokens.get(at.saturating_sub(4)..at).unwrap_or_default().iter().any(|token| {
                matches!(
                    word(Some(token)).as_deref(),
                    Some("e.g" | "such" | "as" | "example" | "like" | "ex" | "eg" | "i.e")
                )
            });
            let marked = rest.iter().take_while(|token| !matches!(token, Token::Word(_))).count() == rest.len();
            let starts = matches!(rest.first(), Some(Token::Value(_)));
            if !begins || is_example || !marked || !starts {
                return None;
            }
            list(rest).map(|(values, _)| values).filter(|values| values.len() > 1)
        });
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
            && !value.contains([' ', '{', '}', '=', '<', '/', '(', '[', '"'])
            && (!is_number || venuekit_json::is_number(value))
    };
    // A text of numbers is no enum, unless the type says that it is a number.
    let is_enum = values.len() > 1 && values.iter().all(fits) && (is_number || !all_numbers);
    if is_enum { values } else { Vec::new() }
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
            if matches!(sign(tokens.get(2)), Some(':' | '：')) =>
        {
            (2, true)
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
    ) || matches!(sign(tokens.get(at)), Some(':' | '：' | '(' | '['))
    {
        at += 1;
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
    let rest = tokens.get(next..)?;
    let is_listed = is_sure || matches!(sign(tokens.get(next.checked_sub(1)?)), Some(':' | '：'));
    let found = told_values(name, rest, is_listed && is_marked)?;
    let in_quotes = found.values.iter().all(|value| rest.contains(&Token::Value(value.clone())));
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
    let all_marked =
        |values: &[String]| values.iter().all(|value| rest.iter().any(|token| *token == Token::Value(value.clone())));
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

/// Words for the characters of a text.
fn is_length_unit(word: &str) -> bool {
    matches!(word, "characters" | "character" | "chars" | "char" | "letters" | "symbols" | "alphanumeric")
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
            )
        })
    };
    for at in 0..tokens.len() {
        let own = word(tokens.get(at));
        let next = word(tokens.get(at + 1));
        let (side, mut from) = match (own.as_deref(), next.as_deref(), sign(tokens.get(at))) {
            (Some("max" | "maximum"), _, _) => ('x', at + 1),
            (Some("min" | "minimum"), _, _) => ('n', at + 1),
            (Some("at"), Some("most"), _) | (Some("up"), Some("to"), _) => ('x', at + 2),
            (Some("at"), Some("least"), _) => ('n', at + 2),
            (_, _, Some('≤')) => ('x', at + 1),
            (_, _, Some('≥')) => ('n', at + 1),
            (Some("default" | "defaults" | "默认" | "默认值"), _, _) => ('d', at + 1),
            (Some("between"), _, _) => ('r', at + 1),
            _ => {
                if let Some(low) = number(at).filter(|_| !in_example(&tokens, at)) {
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
                _ => break,
            }
            from += 1;
        }
        is_length |= at > 0 && word(tokens.get(at - 1)).as_deref() == Some("length");
        if side == 'd' {
            let own = default_before(&tokens, at).or_else(|| tokens.get(from));
            out.default = out.default.take().or_else(|| default(own, kind));
            continue;
        }
        let Some(digits) = number(from) else { continue };
        let unit = word(tokens.get(from + 1));
        if side == 'r' && in_example(&tokens, at) {
            continue;
        }
        if side == 'r' {
            let high = matches!(word(tokens.get(from + 1)).as_deref(), Some("and" | "to")).then(|| number(from + 2));
            if let Some(high) = high.flatten() {
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

/// Returns whether a place is in a clause that gives an example: "e.g. if it is 1000, then 1001 to
/// 1100".
fn in_example(tokens: &[Token], at: usize) -> bool {
    let opens = |token: Option<&Token>| {
        matches!(word(token).as_deref(), Some("e.g" | "eg" | "ex" | "example" | "examples" | "instance"))
    };
    let mut inside = false;
    for (index, token) in tokens.iter().enumerate().take(at) {
        let ends = matches!(token, Token::Sign('.' | ';' | ')'))
            && !opens(index.checked_sub(1).and_then(|before| tokens.get(before)));
        inside = opens(Some(token)) || inside && !ends;
    }
    inside
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
    let says = opens || before + 1 < at;
    tokens.get(place).filter(|_| says && is_value(place))
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
    if note.starts_with("optional") || note.contains("(optional)") {
        Some(false)
    } else if note == "required"
        || note.starts_with("required.")
        || note.starts_with("required,")
        || note.contains("(required)")
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
        for other in [
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
    }

    #[test]
    fn conditions_are_found() {
        assert!(is_conditional("only for limit orders"));
        assert!(is_conditional("Required if `type` is limit"));
        assert!(!is_conditional("The only price"));
    }
}
