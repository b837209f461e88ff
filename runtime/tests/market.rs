//! Tests of rounding, of the rules of a market, and of ids for orders.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use venuekit::market::{OrderIds, OrderRules, Rounding, RoundingError, RuleViolation, round_to_step};
use venuekit::wire::{Maybe, Number};
use venuekit::{Decimal, dec};

#[test]
fn a_value_is_rounded_in_each_direction() {
    for (value, step, down, up, nearest) in [
        ("9498.75", "0.5", "9498.5", "9499.0", "9499.0"),
        ("9498.5", "0.5", "9498.5", "9498.5", "9498.5"),
        ("0.74", "0.5", "0.5", "1.0", "0.5"),
        ("7", "5", "5", "10", "5"),
        ("-7", "5", "-10", "-5", "-5"),
        ("-7.5", "5", "-10", "-5", "-10"),
        ("1.23456789", "0.00000001", "1.23456789", "1.23456789", "1.23456789"),
        // The result has at most the places of the step.
        ("2.000", "1", "2", "2", "2"),
        ("0", "0.1", "0", "0", "0"),
        ("0.04", "0.1", "0.0", "0.1", "0.0"),
        // A step that is no power of ten, and one with zeros at the end.
        ("1", "0.3", "0.9", "1.2", "0.9"),
        ("1.005", "0.010", "1.000", "1.010", "1.010"),
    ] {
        let round = |rounding| round_to_step(value.parse().unwrap(), step.parse().unwrap(), rounding).unwrap();
        let rounded = [Rounding::Down, Rounding::Up, Rounding::Nearest].map(|rounding| round(rounding).to_string());
        assert_eq!(rounded, [down, up, nearest], "{value} to {step}");
    }
}

#[test]
fn a_step_that_is_not_positive_and_a_result_that_does_not_fit_are_errors() {
    for step in [dec!(0), dec!(-1)] {
        let error = round_to_step(dec!(1), step, Rounding::Down).unwrap_err();
        assert!(matches!(error, RoundingError::StepNotPositive { .. }), "{error}");
        assert!(error.to_string().contains("is not positive"));
    }
    let large = Decimal::MAX - dec!(2);
    assert_eq!(round_to_step(large, Decimal::MAX, Rounding::Up), Ok(Decimal::MAX));
    let error = round_to_step(large, Decimal::MAX - dec!(3), Rounding::Up).unwrap_err();
    assert!(matches!(error, RoundingError::TooManyDigits { .. }), "{error}");
    // 0.3 below this needs more than 28 digits.
    let error = round_to_step(Decimal::MAX, dec!(0.00000000000000000000000007), Rounding::Down);
    assert!(error.is_err() || error.unwrap() % dec!(0.00000000000000000000000007) == dec!(0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5000) })]

    /// Compares with integers: the value and the step in units of their smaller place.
    #[test]
    fn rounding_is_exact(
        value in -1_000_000_000_000_000_i128..1_000_000_000_000_000,
        value_scale in 0_u32..10,
        step in 1_i128..10_000_000,
        step_scale in 0_u32..10,
    ) {
        let scale = value_scale.max(step_scale);
        let (a, b) = (value * 10_i128.pow(scale - value_scale), step * 10_i128.pow(scale - step_scale));
        let (value, step) = (Decimal::from_i128_with_scale(value, value_scale), Decimal::from_i128_with_scale(step, step_scale));
        let (down, up) = (a.div_euclid(b) * b, (a + b - 1).div_euclid(b) * b);
        let nearest = match (a - down).cmp(&(up - a)) {
            std::cmp::Ordering::Less => down,
            std::cmp::Ordering::Greater => up,
            std::cmp::Ordering::Equal if a < 0 => down,
            std::cmp::Ordering::Equal => up,
        };
        for (rounding, expected) in [(Rounding::Down, down), (Rounding::Up, up), (Rounding::Nearest, nearest)] {
            let rounded = round_to_step(value, step, rounding).unwrap();
            prop_assert_eq!(rounded, Decimal::from_i128_with_scale(expected, scale));
            prop_assert!(rounded.scale() <= step.scale());
        }
    }

    /// Whatever the digits, the result is right or an error.
    #[test]
    fn rounding_never_returns_a_value_that_is_no_multiple(
        value in any::<(u32, u32, u32, bool)>(), value_scale in 0_u32..=28,
        step in any::<(u32, u32, u32)>(), step_scale in 0_u32..=28,
        rounding in prop_oneof![Just(Rounding::Down), Just(Rounding::Up), Just(Rounding::Nearest)],
    ) {
        let value = Decimal::from_parts(value.0, value.1, value.2, value.3, value_scale);
        let step = Decimal::from_parts(step.0, step.1, step.2, false, step_scale);
        if let Ok(rounded) = round_to_step(value, step, rounding) {
            prop_assert!((rounded % step).is_zero());
            match rounding {
                Rounding::Down => prop_assert!(rounded <= value),
                Rounding::Up => prop_assert!(rounded >= value),
                _ => {}
            }
        }
    }
}

fn rules() -> OrderRules {
    let mut rules = OrderRules::default();
    rules.price.step = Some(dec!(0.5));
    rules.price.minimum = Some(dec!(1));
    rules.quantity.step = Some(dec!(0.01));
    rules.quantity.minimum = Some(dec!(0.02));
    rules.quantity.maximum = Some(dec!(10));
    rules.amount.minimum = Some(dec!(5));
    rules
}

#[test]
fn an_order_is_checked_against_each_rule() {
    for (price, quantity, expected) in [
        ("100.5", "0.05", None),
        ("100.5", "10", None),
        ("100.25", "1", Some("the price 100.25 is not a multiple of the step 0.5")),
        ("0.5", "10", Some("the price 0.5 is below the minimum 1")),
        ("0", "1", Some("the price 0 is not positive")),
        ("-100", "1", Some("the price -100 is not positive")),
        ("100", "0.015", Some("the quantity 0.015 is not a multiple of the step 0.01")),
        ("100", "0.01", Some("the quantity 0.01 is below the minimum 0.02")),
        ("100", "10.01", Some("the quantity 10.01 is above the maximum 10")),
        ("100", "-1", Some("the quantity -1 is not positive")),
        ("100", "0.04", Some("the amount 4.00 is below the minimum 5")),
    ] {
        let checked = rules().check(price.parse().unwrap(), quantity.parse().unwrap());
        assert_eq!(checked.err().map(|error| error.to_string()).as_deref(), expected, "{price} {quantity}");
    }
    assert_eq!(rules().check_quantity(dec!(1)), Ok(()));
    assert!(matches!(rules().check_quantity(dec!(11)), Err(RuleViolation::TooLarge { .. })));
    // An amount beyond a decimal is above each maximum.
    let mut rules = OrderRules::default();
    rules.amount.maximum = Some(dec!(1000));
    assert!(matches!(rules.check(Decimal::MAX, dec!(2)), Err(RuleViolation::TooLarge { .. })));
}

#[test]
fn a_value_without_a_step_stays_as_it_is() {
    assert_eq!(OrderRules::default().price.round(dec!(1.2345), Rounding::Up), Ok(dec!(1.2345)));
    assert_eq!(OrderRules::default().check(dec!(0.1), dec!(3)), Ok(()));
}

#[test]
fn stated_rules_narrow_each_other_and_zero_is_no_bound() {
    let mut rules = OrderRules::default();
    rules.price.add_scale(&2_i32);
    assert_eq!(rules.price.step, Some(dec!(0.01)));
    rules.price.add_step(&Some(dec!(0.015)));
    assert_eq!(rules.price.step, Some(dec!(0.03)));
    rules.price.add_step(&Maybe::Value(dec!(3)));
    assert_eq!(rules.price.step, Some(dec!(3)));
    rules.price.add_step(&Maybe::<Decimal>::Null);
    rules.price.add_step(&dec!(0));
    rules.price.add_scale(&28_u64);
    rules.price.add_scale(&-1_i64);
    assert_eq!(rules.price.step, Some(dec!(3)));
    rules.price.add_maximum(&dec!(0));
    assert_eq!(rules.price.maximum, None);
    let number: Number = serde_json::from_str("1e3").unwrap();
    rules.price.add_maximum(&number);
    rules.price.add_maximum(&5000_u32);
    assert_eq!(rules.price.maximum, Some(dec!(1000)));
    rules.price.add_minimum(&dec!(0));
    rules.price.add_minimum(&dec!(2));
    rules.price.add_minimum(&dec!(1));
    assert_eq!(rules.price.minimum, Some(dec!(2)));
    let mut other = OrderRules::default();
    other.price.add_step(&dec!(2));
    other.quantity.add_minimum(&dec!(7));
    let all: OrderRules = [rules, other].into_iter().collect();
    assert_eq!(
        (all.price.step, all.price.minimum, all.quantity.minimum),
        (Some(dec!(6)), Some(dec!(2)), Some(dec!(7)))
    );
}

#[test]
fn ids_differ_and_rise_also_from_many_threads() {
    let ids = OrderIds::new("q-");
    let first = ids.next_id();
    let all: BTreeSet<String> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..1000).map(|_| ids.next_id()).collect::<Vec<_>>())).collect();
        let rising = threads.into_iter().map(|thread| thread.join().unwrap());
        rising.inspect(|ids| assert!(ids.is_sorted())).flatten().collect()
    });
    assert_eq!(all.len(), 8000);
    assert!(all.first().unwrap() > &first);
    let is_plain = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    assert!(all.iter().all(|id| id.len() == 28 && id.strip_prefix("q-").is_some_and(is_plain)));
    // Two processes, or two values, give different ids.
    assert_ne!(OrderIds::default().next_id(), OrderIds::default().next_id());
    assert_eq!(OrderIds::default().next_id().len(), 26);
}
