//! Removes every special meaning from text of specs and from their names.
//!
//! Anyone can propose a change of a spec. Its text must not move a terminal's cursor or end a line.
//! On GitHub it must stay text, without a link, an image, a mention or a tag, and it must not end a
//! table or a list.

/// Returns a text on one line, without invisible characters, and at most `limit` characters long.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let (mut line, mut length, mut gap) = (String::new(), 0, false);
    for c in text.chars() {
        if is_break(c) {
            gap = length > 0;
            continue;
        }
        if std::mem::take(&mut gap) {
            line.push(' ');
            length += 1;
        }
        if is_unseen(c) {
            let escape = c.escape_unicode();
            length += escape.len();
            line.extend(escape);
        } else {
            line.push(c);
            length += 1;
        }
        if length > limit {
            return cut(&line, limit);
        }
    }
    line
}

/// Returns the lines of a message that names files or quotes specs, each without control
/// characters.
#[must_use]
pub fn lines(text: &str) -> String {
    text.lines().map(|line| one_line(line, 2000)).collect::<Vec<_>>().join("\n")
}

fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit.saturating_sub(1)) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns whether a character is a control character, or hides or reverses its neighbours.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Returns whether a name has no special meaning anywhere, even in a command that users copy.
#[must_use]
pub fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
}

/// Returns a text as Markdown code, in which no character has a meaning.
pub(crate) fn code(text: &str, limit: usize) -> String {
    let text = one_line(text, limit);
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let ends = |c| text.starts_with(c) || text.ends_with(c);
    // Markdown removes one space at both ends.
    let pad = if ends('`') || ends(' ') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Returns a text as code in a cell of a table. A vertical bar ends a cell even in code, and some
/// Markdown readers do not support `\|`. Therefore a broken bar replaces it.
pub(crate) fn cell(text: &str, limit: usize) -> String {
    code(text, limit).replace('|', "¦")
}

/// Returns a sentence with its `quotes` as code. If the rest is not plain words, the whole sentence
/// is code.
pub(crate) fn prose(text: &str, limit: usize) -> String {
    let text = one_line(text, limit);
    let parts: Vec<&str> = text.split('`').collect();
    let balanced = parts.len() % 2 == 1;
    let quoted = |place: usize| place % 2 == 1;
    let harmless =
        parts.iter().enumerate().all(|(place, part)| if quoted(place) { !part.is_empty() } else { is_harmless(part) });
    if !balanced || !harmless {
        return code(&text, limit);
    }
    let shown = parts.iter().enumerate();
    shown.map(|(place, part)| if quoted(place) { code(part, limit) } else { (*part).to_owned() }).collect()
}

/// Returns whether words have no meaning in Markdown on GitHub, anywhere in a line.
fn is_harmless(words: &str) -> bool {
    let lower = words.to_ascii_lowercase();
    // Addresses and issues (`GH-1`) become links; `:name:` an image.
    let issue =
        lower.match_indices("gh-").any(|(at, found)| followed_by(&lower, at + found.len(), |c| c.is_ascii_digit()));
    let image = words.match_indices(':').any(|(at, found)| followed_by(words, at + found.len(), |c| c != ' '));
    let plain = |c: char| c.is_alphanumeric() || " ,;:.'\"()?-/%+=>→…’–—‘“”×".contains(c);
    words.chars().all(plain) && !lower.contains("www.") && !issue && !image
}

fn followed_by(text: &str, at: usize, is: impl Fn(char) -> bool) -> bool {
    text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line_and_shows_what_is_hidden() {
        assert_eq!(one_line("a\r\n\n\tb", 20), "a b");
        assert_eq!(one_line("\n a \n", 20), " a ");
        assert_eq!(one_line("\u{1b}[31m", 20), "\\u{1b}[31m");
        assert_eq!(one_line("a\u{202e}b", 20), "a\\u{202e}b");
        assert_eq!(one_line("äöü€", 4), "äöü€");
        assert_eq!(one_line("äöü€x", 4), "äöü…");
        assert_eq!(one_line(&"€".repeat(1_000_000), 3), "€€…");
    }

    #[test]
    fn text_of_a_spec_cannot_end_its_code_span() {
        assert_eq!(code("a", 9), "`a`");
        assert_eq!(code("a`b", 9), "``a`b``");
        assert_eq!(code("`", 9), "`` ` ``");
        assert_eq!(code("``a", 9), "``` ``a ```");
        assert_eq!(code(" a ", 9), "`  a  `");
        assert_eq!(code("", 9), "(empty)");
        assert_eq!(code("\n", 9), "(empty)");
        assert_eq!(cell(r"a\|b", 9), r"`a\¦b`");
    }

    #[test]
    fn fixed_text_stays_text_and_text_of_a_spec_becomes_code() {
        assert_eq!(prose("the setter `recv_window` is gone", 90), "the setter `recv_window` is gone");
        for hostile in [
            "@all",
            "a #1",
            "[a](b)",
            "<b>",
            "https://x",
            "www.x.y",
            "see GH-1",
            ":shipit:",
            "a `b",
            "a `` b",
            "$x$",
            "a|b",
            "a_b_",
            "\\",
        ] {
            let shown = prose(hostile, 90);
            assert!(shown.starts_with('`') && shown.ends_with('`'), "{shown}");
        }
        assert_eq!(prose("`a` @b `c`", 90), "`` `a` @b `c` ``");
        assert_eq!(prose("high-1 is: more", 90), "`high-1 is: more`");
    }
}
