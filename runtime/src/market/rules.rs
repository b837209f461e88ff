//! The rules of a market for the price, the quantity and the amount of an order.

use std::error::Error;
use std::fmt;

use rust_decimal::Decimal;

use super::rounding::{Rounding, RoundingError, round_to_step};
use crate::wire::{Maybe, Number};

/// A value of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderValue {
    /// The price.
    Price,
    /// The quantity, in the base asset.
    Quantity,
    /// The amount, which is price times quantity.
    Amount,
}

impl fmt::Display for OrderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Price => "price",
            Self::Quantity => "quantity",
            Self::Amount => "amount",
        })
    }
}

/// The rules of a market for one value of an order. A rule that is `None` is not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValueRules {
    /// The value is a multiple of this. If it is `None`, [`round`](Self::round) rounds nothing, and
    /// [`OrderRules::check`] accepts every number of digits.
    pub step: Option<Decimal>,
    /// The value is at least this.
    pub minimum: Option<Decimal>,
    /// The value is at most this.
    pub maximum: Option<Decimal>,
}

impl ValueRules {
    /// Rounds a value to a multiple of the step, as [`round_to_step`] does.
    ///
    /// **Without a step, it returns the value as it is, with all its digits.** Some venues state no
    /// step, and some state it in some responses only. [`OrderRules::without_step`] tells whether a
    /// step is missing. Then look at the venue's documentation, and set [`step`](Self::step).
    ///
    /// The minimum and the maximum are not applied: [`OrderRules::check`] does it.
    ///
    /// # Errors
    ///
    /// When the step is not positive, or the result does not fit into a decimal.
    pub fn round(&self, value: Decimal, rounding: Rounding) -> Result<Decimal, RoundingError> {
        self.step.map_or(Ok(value), |step| round_to_step(value, step, rounding))
    }

    /// Adds a step. With two steps, a value has to be a multiple of both. A step of 0 is none. If
    /// the common multiple does not fit into a decimal, the larger step stays.
    #[doc(hidden)]
    pub fn add_step(&mut self, step: &impl RuleNumber) {
        let Some(step) = step.rule().filter(|step| *step > Decimal::ZERO) else { return };
        self.step = Some(self.step.map_or(step, |other| common_multiple(step, other)));
    }

    /// Adds a maximum number of decimal places, as a step of 1, 0.1, 0.01 and so on.
    #[doc(hidden)]
    pub fn add_scale(&mut self, places: &impl RuleNumber) {
        let places = places.rule().and_then(|places| u32::try_from(places).ok());
        // A decimal never has more than 28 places.
        if let Some(places) = places.filter(|places| *places < Decimal::MAX_SCALE) {
            self.add_step(&Decimal::new(1, places));
        }
    }

    /// Adds a minimum. The larger of two minima counts.
    #[doc(hidden)]
    pub fn add_minimum(&mut self, minimum: &impl RuleNumber) {
        self.minimum = self.minimum.max(minimum.rule());
    }

    /// Adds a maximum. The smaller of two maxima counts. A maximum of 0 is none: it would forbid
    /// every order, and venues write 0 where they have no bound.
    #[doc(hidden)]
    pub fn add_maximum(&mut self, maximum: &impl RuleNumber) {
        let maximum = maximum.rule().filter(|maximum| !maximum.is_zero());
        self.maximum = self.maximum.into_iter().chain(maximum).min();
    }

    fn add_all(&mut self, others: &Self) {
        self.add_step(&others.step);
        self.add_minimum(&others.minimum);
        self.add_maximum(&others.maximum);
    }

    fn check(&self, of: OrderValue, value: Decimal) -> Result<(), RuleViolation> {
        if value <= Decimal::ZERO {
            return Err(RuleViolation::NotPositive { of, value });
        }
        // A step of 0 or below is a mistake of the caller; such a step is not checked.
        if let Some(step) = self.step.filter(|step| *step > Decimal::ZERO)
            && value.checked_rem(step).is_none_or(|rest| !rest.is_zero())
        {
            return Err(RuleViolation::NotAMultiple { of, value, step });
        }
        if let Some(minimum) = self.minimum.filter(|minimum| value < *minimum) {
            return Err(RuleViolation::TooSmall { of, value, minimum });
        }
        if let Some(maximum) = self.maximum.filter(|maximum| value > *maximum) {
            return Err(RuleViolation::TooLarge { of, value, maximum });
        }
        Ok(())
    }
}

/// The rules of a market for orders. The method `order_rules` of a generated type returns those
/// that the venue states in its description of a market. A rule that it does not state is `None`:
/// it is neither applied nor checked. `docs/orders.md` of the repository lists the rules that each
/// venue states.
///
/// A venue may state its rules in several objects, such as one per filter. Their rules are
/// collected into one: `filters.iter().map(|filter| filter.order_rules()).collect::<OrderRules>()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderRules {
    /// The rules for the price.
    pub price: ValueRules,
    /// The rules for the quantity, in the base asset.
    pub quantity: ValueRules,
    /// The rules for the amount, which is price times quantity.
    pub amount: ValueRules,
}

impl OrderRules {
    /// Returns the values of an order whose step is not stated: the price, the quantity, both or
    /// none. They are not rounded, and their digits are not checked.
    ///
    /// ```
    /// use venuekit::dec;
    /// use venuekit::market::{OrderRules, OrderValue, Rounding};
    ///
    /// let mut rules = OrderRules::default();
    /// rules.price.step = Some(dec!(0.5));
    /// assert_eq!(rules.without_step().collect::<Vec<_>>(), [OrderValue::Quantity]);
    /// assert_eq!(rules.quantity.round(dec!(0.123456789), Rounding::Down)?, dec!(0.123456789));
    /// # Ok::<(), venuekit::market::RoundingError>(())
    /// ```
    pub fn without_step(&self) -> impl Iterator<Item = OrderValue> + use<> {
        let values = [(OrderValue::Price, self.price.step), (OrderValue::Quantity, self.quantity.step)];
        values.into_iter().filter(|(_, step)| step.is_none()).map(|(value, _)| value)
    }

    /// Checks an order with a price. Every value has to be positive and to follow its rules. The
    /// amount is rounded to the digits of a decimal before it is compared.
    ///
    /// A rule that is not stated is not checked: an order that passes can be refused by the venue.
    /// [`without_step`](Self::without_step) tells which steps are missing.
    ///
    /// # Errors
    ///
    /// The first rule that the order breaks: of the price, then of the quantity, then of the
    /// amount.
    pub fn check(&self, price: Decimal, quantity: Decimal) -> Result<(), RuleViolation> {
        self.price.check(OrderValue::Price, price)?;
        self.quantity.check(OrderValue::Quantity, quantity)?;
        let amount = price.checked_mul(quantity).unwrap_or(Decimal::MAX);
        self.amount.check(OrderValue::Amount, amount)
    }

    /// Checks the quantity of an order without a price, such as a market order.
    ///
    /// # Errors
    ///
    /// The first rule that the quantity breaks.
    pub fn check_quantity(&self, quantity: Decimal) -> Result<(), RuleViolation> {
        self.quantity.check(OrderValue::Quantity, quantity)
    }
}

impl FromIterator<Self> for OrderRules {
    /// Collects rules that all apply.
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        let mut rules = Self::default();
        for part in parts {
            rules.price.add_all(&part.price);
            rules.quantity.add_all(&part.quantity);
            rules.amount.add_all(&part.amount);
        }
        rules
    }
}

/// The rule of a market that an order breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleViolation {
    /// The value is zero or negative.
    #[non_exhaustive]
    NotPositive {
        /// The value of the order.
        of: OrderValue,
        /// Its number.
        value: Decimal,
    },
    /// The value is not a multiple of the step.
    #[non_exhaustive]
    NotAMultiple {
        /// The value of the order.
        of: OrderValue,
        /// Its number.
        value: Decimal,
        /// The step.
        step: Decimal,
    },
    /// The value is below the minimum.
    #[non_exhaustive]
    TooSmall {
        /// The value of the order.
        of: OrderValue,
        /// Its number.
        value: Decimal,
        /// The minimum.
        minimum: Decimal,
    },
    /// The value is above the maximum.
    #[non_exhaustive]
    TooLarge {
        /// The value of the order.
        of: OrderValue,
        /// Its number.
        value: Decimal,
        /// The maximum.
        maximum: Decimal,
    },
}

impl fmt::Display for RuleViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPositive { of, value } => write!(f, "the {of} {value} is not positive"),
            Self::NotAMultiple { of, value, step } => {
                write!(f, "the {of} {value} is not a multiple of the step {step}")
            }
            Self::TooSmall { of, value, minimum } => write!(f, "the {of} {value} is below the minimum {minimum}"),
            Self::TooLarge { of, value, maximum } => write!(f, "the {of} {value} is above the maximum {maximum}"),
        }
    }
}

impl Error for RuleViolation {}

/// Returns the least common multiple of two positive decimals; the larger one if it does not fit.
fn common_multiple(one: Decimal, other: Decimal) -> Decimal {
    let (larger, smaller) = if one > other { (one, other) } else { (other, one) };
    if larger.checked_rem(smaller).is_some_and(|rest| rest.is_zero()) {
        return larger;
    }
    let scale = larger.scale().max(smaller.scale());
    let integer = |decimal: Decimal| {
        let zeros = 10_u128.checked_pow(scale - decimal.scale())?;
        decimal.mantissa().unsigned_abs().checked_mul(zeros)
    };
    let multiple = || {
        let (a, b) = (integer(larger)?, integer(smaller)?);
        let (mut divisor, mut rest) = (a, b);
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        let multiple = (a / divisor).checked_mul(b)?;
        Decimal::try_from_i128_with_scale(i128::try_from(multiple).ok()?, scale).ok()
    };
    multiple().map_or(larger, |multiple| multiple.normalize())
}

/// A type of a property that states a rule. A number that no decimal holds limits no decimal, so it
/// is no rule.
#[doc(hidden)]
pub trait RuleNumber {
    /// Returns the number; `None` if the property is absent or null.
    fn rule(&self) -> Option<Decimal>;
}

impl RuleNumber for Decimal {
    fn rule(&self) -> Option<Decimal> {
        Some(*self)
    }
}

impl RuleNumber for Number {
    fn rule(&self) -> Option<Decimal> {
        self.as_decimal().ok()
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl RuleNumber for $integer {
            fn rule(&self) -> Option<Decimal> {
                Some(Decimal::from(*self))
            }
        }
    )*};
}

integers!(i32 i64 u32 u64);

impl<T: RuleNumber> RuleNumber for Option<T> {
    fn rule(&self) -> Option<Decimal> {
        self.as_ref().and_then(T::rule)
    }
}

impl<T: RuleNumber> RuleNumber for Maybe<T> {
    fn rule(&self) -> Option<Decimal> {
        self.value().and_then(T::rule)
    }
}
