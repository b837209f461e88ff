//! The bounds and defaults of a document and those of a specification.

use venuekit_json::Tree;

use crate::facts::{Form, Schema};
use crate::write;

use super::finding::{Difference, Finding};
use super::schema::{Comparison, Mode};
use super::specification::Node;

/// The keys that are compared, and their names in messages.
const KEYS: [(&str, &str); 5] = [
    ("minimum", "minimum"),
    ("maximum", "maximum"),
    ("minLength", "least length"),
    ("maxLength", "greatest length"),
    ("default", "default"),
];

impl<'a> Comparison<'a, '_> {
    /// Compares the bounds and the default of a scalar.
    pub(super) fn bounds(
        &mut self,
        subject: &str,
        stated: &Schema,
        node: &Node<'a>,
        carriers: &[&Node<'a>],
        mode: Mode,
    ) {
        let Form::Scalar { kind, .. } = &stated.form else { return };
        let own = write::bounds(stated, kind);
        // A sample states no bounds. A text beside it can.
        if mode.is_sample && own.is_empty() {
            return;
        }
        for (key, name) in KEYS {
            let wanted = own.iter().find(|(other, _)| other == key).map(|(_, value)| value);
            let found = self.specification.keyword(node, key);
            let shown = |tree: &Tree| tree.scalar().unwrap_or_else(|| tree.to_json());
            let (kind, text, holds) = match (wanted, &found) {
                (None, None) => continue,
                (Some(wanted), None) => {
                    let text = format!("the specification does not have the {name} {}", shown(wanted));
                    (Difference::Missing, text, follows(key, wanted, &self.specification.values(node)))
                }
                (Some(wanted), Some(found)) => {
                    let text = format!(
                        "the {name} is {} in the document and {} in the specification",
                        shown(wanted),
                        shown(found)
                    );
                    (Difference::Contradicts, text, is_same(wanted, found))
                }
                (None, Some(found)) => {
                    let states = if key == "default" { self.stated.defaults } else { self.stated.bounds };
                    if !mode.both_ways || !states {
                        continue;
                    }
                    let text = format!("the document does not state the {name} {}", shown(found));
                    // The text can state it in words that are not read.
                    let is_mentioned = stated.bounds.mentioned.iter().any(|own| is_same(&Tree::text(own), found));
                    (Difference::Undocumented, text, is_mentioned)
                }
            };
            let finding =
                || Finding { at: stated.at, kind, subject: subject.to_owned(), text, pointer: node.pointer.clone() };
            self.check(holds, finding, carriers);
        }
    }
}

/// Returns whether a bound follows from the values of an enum.
fn follows(key: &str, bound: &Tree, values: &[String]) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    let Some(bound) = bound.scalar().as_deref().and_then(number) else { return false };
    let within = |value: &String| match key {
        "minimum" => number(value).is_some_and(|value| value >= bound),
        "maximum" => number(value).is_some_and(|value| value <= bound),
        _ => false,
    };
    !values.is_empty() && values.iter().all(within)
}

/// Returns whether two scalars have the same text, or the same value as numbers.
fn is_same(one: &Tree, other: &Tree) -> bool {
    let text = |tree: &Tree| tree.scalar().unwrap_or_default();
    let (one, other) = (text(one), text(other));
    one == other || plain(&one).is_some_and(|one| plain(&other).is_some_and(|other| one == other))
}

/// Returns a decimal number without zeros that do not change its value; `None` for any other text.
fn plain(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let sign = if whole.is_empty() && fraction.is_empty() { "" } else { sign };
    Some(format!("{sign}{whole}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_can_follow_from_an_enum() {
        let values = ["5", "60"].map(str::to_owned);
        let holds = |key, digits: &str| follows(key, &Tree::number(digits), &values);
        assert!(holds("maximum", "60") && holds("maximum", "100") && holds("minimum", "5"));
        assert!(!holds("maximum", "50") && !holds("minimum", "6") && !holds("default", "5"));
        assert!(!follows("maximum", &Tree::number("60"), &[]));
    }

    #[test]
    fn numbers_are_compared_by_their_value() {
        let same = |one: &str, other: &str| is_same(&Tree::text(one), &Tree::number(other));
        assert!(same("1000", "1000.0") && same("0.10", "0.1") && same("-0", "0") && same("ACK", "ACK"));
        assert!(!same("10", "1") && !same("-1", "1") && !same("1e3", "1000") && !same("", "0"));
    }
}
