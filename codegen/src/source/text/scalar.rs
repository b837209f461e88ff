//! Reads plain YAML scalars by the core schema of YAML 1.2, as far as JSON has the same values.
//!
//! The booleans of YAML 1.1 (`yes`, `on`) are text. A number has to be written in JSON's grammar,
//! so that its text can be kept exactly. The other forms of the core schema (`0x1F`, `0o17`, `.5`,
//! `5.`, `+1`, `007`, `.inf`, `.nan`) and those of YAML 1.1 (`1_000`, `0b11`) are refused together
//! with the number that they mean. Their place in the document then decides whether they are text
//! (`yaml_numbers`). A strict document cannot have them.

use crate::source::node::Kind;
use crate::source::number::{is_digits, is_json_number};

/// The finding on a scalar that is a number in some version of YAML, but not in JSON.
pub(super) struct Refusal {
    /// The fault.
    pub(super) message: String,
    /// The advice.
    pub(super) help: String,
    /// The number that the scalar means in YAML 1.2, in JSON's grammar; `None` if it means no such
    /// number.
    pub(super) number: Option<String>,
}

/// Returns the value of a plain (unquoted) scalar.
pub(super) fn resolve(text: &str) -> Result<Kind, Refusal> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Kind::Null),
        "true" | "True" | "TRUE" => return Ok(Kind::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Kind::Bool(false)),
        _ => {}
    }
    if is_json_number(text) {
        return match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Kind::Number(text.into())),
            _ => Err(refuse("is larger than any JSON reader can hold", text, None)),
        };
    }
    match foreign_number(text) {
        Some(instead) => Err(refuse("is a number to YAML but not to JSON", text, instead)),
        None => Ok(Kind::String(text.into())),
    }
}

fn refuse(what: &str, text: &str, instead: Option<String>) -> Refusal {
    let shown: String = text.chars().take(40).collect();
    let ellipsis = if shown.len() < text.len() { ".." } else { "" };
    let quoted = format!("quote it if it is text: '{shown}{ellipsis}'");
    // YAML 1.2 has neither digits in groups nor binary numbers.
    let is_current = !text.contains('_') && !text.trim_start_matches(['-', '+']).starts_with("0b");
    Refusal {
        number: instead.clone().filter(|_| is_current),
        message: format!("`{shown}{ellipsis}` {what}"),
        help: instead.map_or_else(|| quoted.clone(), |number| format!("write {number}, or {quoted}")),
    }
}

/// Returns `None` if a scalar is not a number in any version of YAML. Otherwise returns the JSON
/// number that it means, or `Some(None)` if JSON has no such number.
fn foreign_number(text: &str) -> Option<Option<String>> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(None);
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = unsigned.strip_prefix(prefix) {
            let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix) || c == '_');
            let value = u128::from_str_radix(&digits.replace('_', ""), radix).ok();
            return is_number.then(|| value.map(|value| format!("{sign}{value}")));
        }
    }
    let decimal = unsigned.replace('_', "");
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') || !is_core_float(&decimal) {
        return None;
    }
    Some(normalised(&decimal).map(|number| format!("{sign}{number}")))
}

/// Returns whether a text is a float of the core schema, without its sign:
/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_core_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa_holds = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            (is_digits(whole) && (fraction.is_empty() || is_digits(fraction)))
                || (whole.is_empty() && is_digits(fraction))
        }
        None => is_digits(mantissa),
    };
    mantissa_holds && exponent.is_none_or(|e| is_digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// Returns a float of the core schema in JSON's grammar; `None` if it is too large.
fn normalised(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => text.split_at_checked(at)?,
        None => (text, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{whole}{point}{fraction}{exponent}"))
        .filter(|number| is_json_number(number) && number.parse::<f64>().is_ok_and(f64::is_finite))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Kind {
        resolve(text).unwrap_or_else(|refusal| panic!("{text}: {}", refusal.message))
    }

    fn help(text: &str) -> String {
        match resolve(text) {
            Err(refusal) => refusal.help,
            Ok(kind) => panic!("{text} is {kind:?}"),
        }
    }

    #[test]
    fn json_numbers_keep_their_text() {
        for text in [
            "0",
            "-0",
            "0.10",
            "1518074034.9090531",
            "0.00000001000000000000",
            "1e5",
            "-1.5E-7",
            "12345678901234567890123",
        ] {
            assert_eq!(kind(text), Kind::Number(text.into()));
        }
    }

    #[test]
    fn text_that_only_looks_like_a_number_stays_text() {
        for text in [
            "yes",
            "No",
            "on",
            "1s",
            "5m",
            "1.2.3",
            "12:30",
            "2024-01-28",
            "-",
            ".",
            "e5",
            "_1",
            "0xZZ",
            "nan",
            "x",
            "1e",
        ] {
            assert_eq!(kind(text), Kind::String(text.into()));
        }
    }

    #[test]
    fn numbers_in_a_notation_that_json_does_not_have_are_refused_with_help() {
        for (text, instead) in [
            ("0x1F", "31"),
            ("0o17", "15"),
            ("+1", "1"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("5.", "5"),
            ("1_000", "1000"),
            ("007", "7"),
            ("00", "0"),
        ] {
            assert_eq!(help(text), format!("write {instead}, or quote it if it is text: '{text}'"));
            assert_eq!(kind(instead), Kind::Number(instead.into()), "what is advised is accepted");
        }
        // A number that is too large is not suggested.
        assert_eq!(help("1_000e999"), "quote it if it is text: '1_000e999'");
        assert_eq!(help(".inf"), "quote it if it is text: '.inf'");
        assert_eq!(help("-.INF"), "quote it if it is text: '-.INF'");
        assert_eq!(help(".NaN"), "quote it if it is text: '.NaN'");
        assert_eq!(help("1e999"), "quote it if it is text: '1e999'");
    }
}
