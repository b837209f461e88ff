//! Colours on a terminal.

use std::env;
use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use clap::builder::PossibleValue;

/// The headers of a table.
pub(crate) const HEADER: Style = Style::new().bold();
/// The word `error`.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The name of a property in JSON.
pub(crate) const NAME: Style = AnsiColor::Blue.on_default();
/// A text in JSON.
pub(crate) const TEXT: Style = AnsiColor::Green.on_default();
/// A value that has changed.
pub(crate) const CHANGED: Style = AnsiColor::Yellow.on_default().bold();

/// The use of colours, as the user wants it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Colours {
    /// On a terminal, unless the variable `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

impl ValueEnum for Colours {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Always, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Auto => PossibleValue::new("auto").help("On a terminal, unless NO_COLOR is set"),
            Self::Always => PossibleValue::new("always"),
            Self::Never => PossibleValue::new("never"),
        })
    }
}

/// The decision whether a text gets colours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Paint {
    Always,
    #[default]
    Never,
}

impl Colours {
    /// Decides for a stream.
    pub(crate) fn on(self, stream: &impl IsTerminal) -> Paint {
        // By its convention, an empty variable counts as not set.
        let is_set = |name: &str| env::var_os(name).is_some_and(|text| !text.is_empty());
        let is_refused = || is_set("NO_COLOR") || env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self {
            Self::Always => Paint::Always,
            Self::Auto if stream.is_terminal() && !is_refused() => Paint::Always,
            Self::Auto | Self::Never => Paint::Never,
        }
    }
}

impl Paint {
    /// Returns a text with the codes of a style.
    pub(crate) fn of(self, style: Style, text: &str) -> String {
        match self {
            Self::Always => format!("{style}{text}{style:#}"),
            Self::Never => text.to_owned(),
        }
    }

    /// Returns JSON with the styles of its parts. It is read as text, so that it keeps its layout.
    pub(crate) fn json(self, json: &str) -> String {
        if self == Self::Never {
            return json.to_owned();
        }
        let mut out = String::with_capacity(json.len().saturating_mul(2));
        let mut rest = json;
        while let Some(begin) = rest.find('"') {
            let (before, string) = rest.split_at(begin);
            let end = end_of_string(string);
            let (string, after) = string.split_at(end);
            let is_name = after.trim_start().starts_with(':');
            out.push_str(before);
            out.push_str(&self.of(if is_name { NAME } else { TEXT }, string));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// Returns the position after the string with which a text begins.
fn end_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_without_the_codes_of_its_colours_is_the_same_json() {
        for json in [r#"{"a": "b\"c: é", "d": [1.50, null, "\\"]}"#, "1", "\"open", r#"{"x":{}}"#] {
            let painted = Paint::Always.json(json);
            let codes = [NAME, TEXT].map(|style| style.render().to_string());
            let text = codes.iter().fold(painted, |text, code| text.replace(code, ""));
            assert_eq!(text.replace("\x1b[0m", ""), json);
            assert_eq!(Paint::Never.json(json), json);
        }
        assert_eq!(Paint::Always.json(r#"{"a": "b"}"#), "{\x1b[34m\"a\"\x1b[0m: \x1b[32m\"b\"\x1b[0m}");
    }
}
