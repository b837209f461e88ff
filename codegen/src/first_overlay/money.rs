//! The fields that are decimals, by their names and their examples.

use std::collections::BTreeMap;

use heck::ToSnakeCase;

use super::evidence::{Evidence, Shown};
use crate::diagnostic::Location;
use crate::source::DecimalField;

/// Words in the names of prices and quantities. A field with such a word is a decimal, unless its
/// examples show something else.
const MONEY: [&str; 16] = [
    "amount",
    "amt",
    "balance",
    "commission",
    "equity",
    "fee",
    "fees",
    "margin",
    "notional",
    "pnl",
    "price",
    "px",
    "qty",
    "quantity",
    "turnover",
    "volume",
];

/// Words that prices and quantities often have in their names. The examples have to show decimals.
const OFTEN_MONEY: [&str; 27] = [
    "ask",
    "available",
    "average",
    "avg",
    "bid",
    "close",
    "collateral",
    "cost",
    "credit",
    "equity",
    "free",
    "funding",
    "high",
    "interest",
    "last",
    "locked",
    "loss",
    "low",
    "mark",
    "open",
    "premium",
    "profit",
    "quote",
    "rate",
    "size",
    "vol",
    "vwap",
];

/// Words in the names of fields that are no decimals, whatever their examples look like.
const OTHER: [&str; 20] = [
    "asset",
    "code",
    "coin",
    "count",
    "currency",
    "date",
    "decimals",
    "id",
    "mode",
    "name",
    "precision",
    "scale",
    "side",
    "status",
    "symbol",
    "time",
    "timestamp",
    "type",
    "unit",
    "version",
];

/// A name of fields that are decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) name: String,
    /// A value in an example; `None` if there is none, and the name alone tells.
    pub(super) example: Option<String>,
    /// The place of the first field.
    pub(super) at: Location,
}

/// A name of fields that may be decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doubtful {
    pub(super) name: String,
    /// The first example value that is not a decimal; `None` if the fields have no examples.
    pub(super) because: Option<String>,
    pub(super) at: Location,
}

/// Returns the names of fields that are decimals, in their order, and those that may be.
pub(super) fn decimals(fields: &[DecimalField], evidence: &Evidence) -> (Vec<Decimal>, Vec<Doubtful>) {
    let mut by_name: BTreeMap<&str, Vec<&DecimalField>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for field in fields {
        let known = by_name.entry(&field.name).or_default();
        if known.is_empty() {
            order.push(&field.name);
        }
        known.push(field);
    }
    let (mut decimals, mut doubtful) = (Vec::new(), Vec::new());
    for name in order {
        let Some(fields @ [first, ..]) = by_name.get(name).map(Vec::as_slice) else { continue };
        let own = fields.iter().flat_map(|field| &field.examples).filter_map(Shown::of);
        let values: Vec<Shown> = own.chain(evidence.values(name).iter().cloned()).collect();
        let (name, at) = (name.to_owned(), first.at.clone());
        match judge(&name, &values) {
            Verdict::Decimal(example) => decimals.push(Decimal { name, example, at }),
            Verdict::Doubtful(because) => doubtful.push(Doubtful { name, because, at }),
            // A number without a sign of money keeps its exact text.
            Verdict::Other if fields.iter().any(|field| field.is_number) && !words(&name).any(is_other) => {
                doubtful.push(Doubtful { name, because: None, at });
            }
            Verdict::Other => {}
        }
    }
    (decimals, doubtful)
}

enum Verdict {
    /// A decimal, with an example.
    Decimal(Option<String>),
    /// The name says so, and an example contradicts it.
    Doubtful(Option<String>),
    Other,
}

fn judge(name: &str, values: &[Shown]) -> Verdict {
    let is_money = words(name).any(|word| MONEY.contains(&word.as_str()));
    let is_often = is_money || words(name).any(|word| OFTEN_MONEY.contains(&word.as_str()));
    if words(name).any(is_other) {
        return Verdict::Other;
    }
    let contradiction = values.iter().find(|value| !matches!(value, Shown::Scalar(text) if is_decimal(text)));
    match contradiction {
        Some(Shown::Scalar(text)) if is_money => return Verdict::Doubtful(Some(text.clone())),
        Some(_) => return Verdict::Other,
        None => {}
    }
    let texts = || values.iter().filter_map(|value| if let Shown::Scalar(text) = value { Some(text) } else { None });
    let with_fraction = texts().find(|text| text.contains('.'));
    match with_fraction.or(texts().next().filter(|_| is_often)) {
        Some(example) => Verdict::Decimal(Some(example.clone())),
        None if is_money && values.is_empty() => Verdict::Decimal(None),
        None => Verdict::Other,
    }
}

/// Returns the words of a name: `last`, `price` for `lastPrice`.
fn words(name: &str) -> impl Iterator<Item = String> {
    let words = name.to_snake_case();
    let words: Vec<String> = words.split('_').map(str::to_owned).collect();
    words.into_iter()
}

fn is_other(word: String) -> bool {
    OTHER.contains(&word.as_str())
}

/// Returns whether a text is a plain decimal of a size that `Decimal` has in any case.
fn is_decimal(text: &str) -> bool {
    const DIGITS: usize = 28;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_other_zeros = whole.len() > 1 && whole.starts_with('0');
    is_number(whole) && is_number(fraction) && !has_other_zeros && whole.len() + fraction.len() <= DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(name: &str, values: &[&str]) -> Option<Option<String>> {
        let values: Vec<Shown> = values.iter().map(|value| Shown::Scalar((*value).to_owned())).collect();
        match judge(name, &values) {
            Verdict::Decimal(example) => Some(example),
            Verdict::Doubtful(_) | Verdict::Other => None,
        }
    }

    #[test]
    fn a_name_of_money_or_an_example_with_a_fraction_makes_a_decimal() {
        let example = |text: &str| Some(Some(text.to_owned()));
        assert_eq!(verdict("price", &[]), Some(None));
        assert_eq!(verdict("origQty", &["1", "2"]), example("1"));
        assert_eq!(verdict("last", &["64000.10"]), example("64000.10"));
        assert_eq!(verdict("c", &["1", "-0.5"]), example("-0.5"));
    }

    #[test]
    fn other_names_and_other_values_make_none() {
        for (name, values) in [
            ("last", &[][..]),
            ("orderId", &["28.5"]),
            ("timestamp", &["1518074034.9"]),
            ("apiVersion", &["1.0"]),
            ("price", &["market"]),
            ("price", &["1.5", ""]),
            ("price", &["1e-7"]),
            ("c", &["28"]),
            ("code", &["007"]),
            ("amount", &["12345678901234567890123456789"]),
        ] {
            assert_eq!(verdict(name, values), None, "{name} {values:?}");
        }
    }
}
