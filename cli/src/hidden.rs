//! Finds the key and the secret in the parts of a request that are shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// A text that is not shown, and the way in which a shell writes it.
#[derive(Debug)]
pub(crate) struct Hidden {
    /// Its name, for messages: `key`.
    pub(crate) name: &'static str,
    /// The text. It is not empty.
    text: Zeroizing<String>,
    /// The expansion of a shell that gives the text: `$BTSE_SPOT_KEY`; `None` if there is none.
    pub(crate) shell: Option<String>,
}

/// Returns the texts that are hidden.
pub(crate) fn texts(hidden: &[Hidden]) -> Vec<String> {
    hidden.iter().map(|hidden| hidden.text.to_string()).collect()
}

/// A part of a text.
#[derive(Debug)]
pub(crate) enum Part<'a> {
    /// A text that may be shown.
    Text(&'a str),
    /// A text that is hidden.
    Hidden(&'a Hidden),
}

/// Returns the texts to hide for a key and a secret: as they are, and in the forms in which a
/// request can have them. Each comes with the expansion of a shell that gives it.
pub(crate) fn hidden(key: (&str, &str), secret: Option<(&str, &str)>) -> Vec<Hidden> {
    let mut hidden = Vec::new();
    let mut add = |name, text: String, shell: Option<String>| {
        if !text.is_empty() && !hidden.iter().any(|known: &Hidden| *known.text == text) {
            hidden.push(Hidden { name, text: Zeroizing::new(text), shell });
        }
    };
    for (name, (text, shell)) in
        [("key", Some(key)), ("secret", secret)].into_iter().filter_map(|(name, of)| Some((name, of?)))
    {
        add(name, text.to_owned(), Some(shell.to_owned()));
        let encoded: String = text.bytes().map(percent).collect();
        add(name, encoded, None);
        let escaped = serde_json::to_string(text).unwrap_or_default();
        add(name, escaped.trim_matches('"').to_owned(), None);
        add(name, STANDARD.encode(text), Some(format!("$(printf %s \"{shell}\" | base64 | tr -d '\\n')")));
    }
    if let Some((secret, of_secret)) = secret {
        let (text, shell) = (format!("{}:{secret}", key.0), format!("{}:{of_secret}", key.1));
        let shell = format!("$(printf %s \"{shell}\" | base64 | tr -d '\\n')");
        add("secret", STANDARD.encode(text), Some(shell));
    }
    // A longer text may begin with a shorter one.
    hidden.sort_by_key(|hidden| std::cmp::Reverse(hidden.text.len()));
    hidden
}

/// Returns the texts to hide for a token.
pub(crate) fn token(text: &str, shell: &str) -> Vec<Hidden> {
    let hidden = hidden((text, shell), None).into_iter();
    hidden.map(|hidden| Hidden { name: "token", ..hidden }).collect()
}

/// Returns a byte as it stands in a query.
fn percent(byte: u8) -> String {
    match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    }
}

/// Splits a text into the parts that are hidden and those that are not. A hidden text of less than
/// 8 bytes is found only as a separate word, because it occurs in other texts by chance.
pub(crate) fn parts<'a>(text: &'a str, hidden: &'a [Hidden]) -> Vec<Part<'a>> {
    const WORD: usize = 8;
    let ends_word = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    let (mut parts, mut shown, mut at) = (Vec::new(), 0, 0);
    while let Some(rest) = text.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let found = hidden.iter().find(|hidden| {
            let is_word = || {
                let after = rest.get(hidden.text.len()..).and_then(|after| after.chars().next());
                ends_word(before) && ends_word(after)
            };
            rest.starts_with(&**hidden.text) && (hidden.text.len() >= WORD || is_word())
        });
        match found {
            Some(found) => {
                parts.extend(text.get(shown..at).filter(|text| !text.is_empty()).map(Part::Text));
                parts.push(Part::Hidden(found));
                at += found.text.len();
                shown = at;
            }
            None => at += first.len_utf8(),
        }
    }
    parts.extend(text.get(shown..).filter(|text| !text.is_empty()).map(Part::Text));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, key: &str, secret: &str) -> String {
        let hidden = hidden((key, "$K"), Some((secret, "$S")));
        let part = |part: Part<'_>| match part {
            Part::Text(text) => text.to_owned(),
            Part::Hidden(hidden) => format!("<{}>", hidden.shell.clone().unwrap_or_else(|| hidden.name.to_owned())),
        };
        parts(text, &hidden).into_iter().map(part).collect()
    }

    #[test]
    fn a_key_and_a_secret_are_found_in_every_form_in_which_they_are_sent() {
        let (key, secret) = ("key-0123456789", "s/cret \"0123\"é");
        let basic = STANDARD.encode(format!("{key}:{secret}"));
        for (text, expected) in [
            (format!("x{key}{secret}y"), "x<$K><$S>y"),
            (format!("Bearer {secret}"), "Bearer <$S>"),
            (format!("Basic {basic}"), "Basic <$(printf %s \"$K:$S\" | base64 | tr -d '\\n')>"),
            (format!("Basic {}", STANDARD.encode(secret)), "Basic <$(printf %s \"$S\" | base64 | tr -d '\\n')>"),
            ("?s=s%2Fcret%20%220123%22%C3%A9&b=1".to_owned(), "?s=<secret>&b=1"),
            (r#"{"s":"s/cret \"0123\"é"}"#.to_owned(), r#"{"s":"<secret>"}"#),
            ("nothing é".to_owned(), "nothing é"),
        ] {
            assert_eq!(shown(&text, key, secret), expected);
        }
    }

    #[test]
    fn a_short_text_is_hidden_as_a_separate_word_only() {
        assert_eq!(shown("a=ab; b=1ab; ab", "ab", "long enough"), "a=<$K>; b=1ab; <$K>");
    }
}
