//! Returns sentences about a value that follow from its type or its role, in addition to its
//! description.

use crate::model::{Api, Field, MarketRule, OrderValue, RuleKind, TimeFormat, TimeUnit, Type};

/// Returns sentences about the values of a type: the unit and the zone of times.
pub(super) fn type_sentences(api: &Api, ty: &Type) -> Vec<String> {
    match api.resolve(ty) {
        Type::Time(format) => vec![time(*format).to_owned()],
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Maybe(inner) => type_sentences(api, inner),
        _ => Vec::new(),
    }
}

/// Returns sentences about the values of a property: those about its type, and one about its role
/// in the rules of a market.
pub(super) fn field_sentences(api: &Api, field: &Field) -> Vec<String> {
    let rule = field.market_rule.map(|rule| market_rule(rule, field.market_rule_is_hint));
    type_sentences(api, &field.ty).into_iter().chain(rule).collect()
}

fn market_rule(rule: MarketRule, is_hint: bool) -> String {
    let kind = match rule.is {
        RuleKind::Step => "Step",
        RuleKind::Scale => "Maximum number of decimal places",
        RuleKind::Minimum => "Minimum",
        RuleKind::Maximum => "Maximum",
    };
    let value = match rule.of {
        OrderValue::Price => "price",
        OrderValue::Quantity => "quantity",
        OrderValue::Amount => "amount, which is price times quantity",
    };
    if is_hint {
        let kind = kind.to_lowercase();
        return format!("By sources other than the venue's document: {kind} of the {value}.");
    }
    format!("{kind} of the {value}.")
}

fn time(format: TimeFormat) -> &'static str {
    match format.unit {
        TimeUnit::Milliseconds => "Unix time in ms (UTC).",
        TimeUnit::Microseconds => "Unix time in µs (UTC).",
        TimeUnit::Nanoseconds => "Unix time in ns (UTC).",
        TimeUnit::Seconds if format.is_integer => "Unix time in whole s (UTC).",
        TimeUnit::Seconds => "Unix time in s (UTC).",
        TimeUnit::Iso8601 if format.is_utc => "Time as ISO 8601 text, in UTC if it has no offset.",
        TimeUnit::Iso8601 => "Time as ISO 8601 text. The zone of a text without an offset is not known.",
        TimeUnit::DotnetTicks => "Time in .NET ticks, 100 ns since the year 1 (UTC).",
    }
}
