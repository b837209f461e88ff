//! Helpers for orders: rounding to a step, a market's rules, and ids that a client gives.
//!
//! A generated type that states rules of a market has a method `order_rules`, which returns
//! [`OrderRules`]. Prices and quantities are rounded and checked exactly before an order is sent:
//!
//! ```
//! use venuekit::dec;
//! use venuekit::market::{OrderRules, Rounding};
//!
//! let mut rules = OrderRules::default();
//! rules.price.step = Some(dec!(0.5));
//! rules.quantity.minimum = Some(dec!(0.001));
//!
//! let price = rules.price.round(dec!(9498.75), Rounding::Down)?;
//! assert_eq!(price, dec!(9498.5));
//! rules.check(price, dec!(0.002))?;
//! let refused = rules.check(dec!(9498.75), dec!(0.002)).unwrap_err();
//! assert_eq!(refused.to_string(), "the price 9498.75 is not a multiple of the step 0.5");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A venue may state fewer rules, or none: [`OrderRules::without_step`] tells which steps are
//! missing. Without a step, a value is not rounded.
//!
//! - `rules`: the rules of a market
//! - `rounding`: rounding to a multiple of a step
//! - `order_ids`: ids that a client gives to its orders

mod order_ids;
mod rounding;
mod rules;

pub use order_ids::OrderIds;
pub use rounding::{Rounding, RoundingError, round_to_step};
#[doc(hidden)]
pub use rules::RuleNumber;
pub use rules::{OrderRules, OrderValue, RuleViolation, ValueRules};
