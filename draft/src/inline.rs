//! The text of a line or a cell, without its markup.

/// Returns the text without the markup of Markdown and HTML.
pub(crate) fn plain(text: &str) -> String {
    let text = without_tags(&without_links(text));
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for c in text.chars() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '`' | '*' if !escaped => {}
            c => out.push(c),
        }
        escaped = false;
    }
    entities(out.trim()).trim().to_owned()
}

/// Replaces `[text](target)` by its text.
pub(crate) fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(middle) = rest.find("](") {
        let (before, after) = rest.split_at(middle);
        let Some(open) = before.rfind('[') else {
            out.push_str(before);
            out.push_str("](");
            rest = after.get(2..).unwrap_or("");
            continue;
        };
        let Some(close) = after.find(')') else { break };
        out.push_str(before.get(..open).unwrap_or(""));
        out.push_str(before.get(open + 1..).unwrap_or(""));
        rest = after.get(close + 1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// Removes HTML tags. `<br>` becomes a space. `<name>` with no known tag stays, as a placeholder.
pub(crate) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        match Some(from).filter(|from| is_tag(from)).map(|from| from.find('>')) {
            // Nothing closes this tag, or a later one.
            Some(None) => {
                rest = from;
                break;
            }
            Some(Some(close)) => {
                let is_break = from.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("<br"));
                if is_break {
                    out.push(' ');
                }
                rest = from.get(close + 1..).unwrap_or("");
            }
            None => {
                out.push('<');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "aside",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "codegroup",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "nobr",
    "ol",
    "p",
    "pre",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "tab",
    "tabitem",
    "table",
    "tabs",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "wbr",
];

/// Returns whether a text that begins with `<` begins with a tag or a comment.
pub(crate) fn is_tag(text: &str) -> bool {
    // A long row of such signs is a line, and no tag.
    let marks = text.bytes().take(9).take_while(|c| *c == b'<').count();
    let rest = text.get(marks..).unwrap_or("");
    if rest.starts_with("!--") {
        return true;
    }
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    TAGS.contains(&name.as_str())
}

/// Replaces the entities of HTML by their characters. Unknown ones stay.
pub(crate) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.char_indices().take(10).find(|(_, c)| *c == ';').map(|(end, _)| end);
        let name = end.and_then(|end| from.get(1..end)).unwrap_or("");
        match (entity(name), end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = from.get(end + 1..).unwrap_or("");
            }
            _ => {
                out.push('&');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32).map(|c| if c == '\u{a0}' { ' ' } else { c });
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" => ' ',
        "amp" => '&',
        "raquo" => '»',
        "vert" => '|',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "le" => '≤',
        "ge" => '≥',
        "lowbar" => '_',
        "ast" => '*',
        _ => return None,
    })
}

/// Returns the texts in backticks.
pub(crate) fn code_spans(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(|span| span.trim().to_owned()).filter(|span| !span.is_empty()).collect()
}

/// Returns the words of a text in lower case. Signs and changes of case separate words.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in text.chars() {
        if c.is_alphanumeric() {
            if c.is_uppercase() && before.is_lowercase() && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Returns the words as one name: `getOrderBook`.
pub(crate) fn camel(words: &[String]) -> String {
    let mut out = String::new();
    for word in words.iter().filter(|word| word.is_ascii()) {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if !out.is_empty() => {
                out.extend(first.to_uppercase());
                out.extend(chars);
            }
            _ => out.push_str(word),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_removed_and_placeholders_stay() {
        assert_eq!(plain("**a** `b` [c](#d) <br/>e <code>f</code> <id> &lt;g&gt; \\*"), "a b c  e f <id> <g> *");
        assert_eq!(without_links("[[Order](#schemaorder)]"), "[Order]");
        assert_eq!(camel(&words("Get order-book 24hr")), "getOrderBook24hr");
    }
}
