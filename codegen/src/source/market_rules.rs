//! Reads `x-market-rule`: the role of a property in the rules of a market, such as a step, a scale
//! or a bound.

use std::fmt;

use super::findings::leave_out;
use super::located::Located;
use super::object::Object;
use super::pointer::parent;
use super::refusal::Refusal;
use super::schema::types::JsonType;
use super::shapes::extensions::MARKET_RULE_SHAPE;

/// A value of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderValue {
    /// The price.
    Price,
    /// The quantity, in the base asset.
    Quantity,
    /// The amount, which is price times quantity.
    Amount,
}

/// The kind of a rule for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// The value is a multiple of this step.
    Step,
    /// The value has at most this number of decimal places.
    Scale,
    /// The value is at least this.
    Minimum,
    /// The value is at most this.
    Maximum,
}

/// The role of a property in the rules of a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketRule {
    /// The value of an order that the rule limits.
    pub of: OrderValue,
    /// The kind of the rule.
    pub is: RuleKind,
}

/// The choices of `of`.
pub(crate) const ORDER_VALUES: [(&str, OrderValue); 3] =
    [("price", OrderValue::Price), ("quantity", OrderValue::Quantity), ("amount", OrderValue::Amount)];

/// The choices of `is`.
pub(crate) const RULE_KINDS: [(&str, RuleKind); 4] = [
    ("step", RuleKind::Step),
    ("scale", RuleKind::Scale),
    ("minimum", RuleKind::Minimum),
    ("maximum", RuleKind::Maximum),
];

impl MarketRule {
    /// Reads the `x-market-rule` of a schema; `None` if the schema has none.
    ///
    /// # Errors
    /// Returns a refusal if the value has a wrong form, if the schema is not a property, or if the
    /// type of the property does not fit the rule.
    pub(crate) fn read<'a>(schema: &Located<'a>) -> Result<Option<Self>, Refusal<'a>> {
        let Some(at) = schema.get("x-market-rule") else { return Ok(None) };
        let object = Object::new(at.clone(), &MARKET_RULE_SHAPE);
        let rule = Self { of: object.need_choice("of", &ORDER_VALUES)?, is: object.need_choice("is", &RULE_KINDS)? };
        if !parent(&schema.pointer).is_some_and(|parent| parent.ends_with("/properties")) {
            let message = "`x-market-rule` is allowed only on a property of an object";
            return Err(Refusal::new(at.pointer, message, leave_out("leave it out here")).on_key());
        }
        let json_type = JsonType::from_schema(schema);
        if json_type == Some(JsonType::String) && schema.text("format") != Some("decimal") {
            return Err(Refusal::new(at.pointer, "a rule of a market is a number", "write format: decimal"));
        }
        if rule.is == RuleKind::Scale && matches!(json_type, Some(JsonType::String | JsonType::Number)) {
            let help = "write type: integer, or is: step if the value is a step";
            return Err(Refusal::new(at.pointer, "a scale is a number of decimal places", help));
        }
        Ok(Some(rule))
    }
}

impl fmt::Display for MarketRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = ORDER_VALUES.iter().find(|(_, of)| *of == self.of).map_or("", |(name, _)| name);
        let is = RULE_KINDS.iter().find(|(_, is)| *is == self.is).map_or("", |(name, _)| name);
        write!(f, "{of} {is}")
    }
}
