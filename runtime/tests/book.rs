//! The book that is kept, against a naive one.

use std::collections::BTreeMap;

use proptest::prelude::*;
use venuekit::book::{Book, BookError, Level, Side};
use venuekit::{Decimal, dec};

/// A book that sorts everything anew for each question.
#[derive(Clone, Debug, Default)]
struct Naive {
    asks: BTreeMap<Decimal, Decimal>,
    bids: BTreeMap<Decimal, Decimal>,
    is_valid: bool,
}

impl Naive {
    fn change(&mut self, limit: usize, asks: &[Level], bids: &[Level]) -> bool {
        for (side, changes) in [(&mut self.asks, asks), (&mut self.bids, bids)] {
            for (price, amount) in changes {
                side.remove(price);
                if !amount.is_zero() {
                    side.insert(*price, *amount);
                }
            }
        }
        while limit > 0 && self.asks.len() > limit {
            self.asks.pop_last();
        }
        while limit > 0 && self.bids.len() > limit {
            self.bids.pop_first();
        }
        let crossed =
            self.bids.last_key_value().zip(self.asks.first_key_value()).is_some_and(|(bid, ask)| bid.0 >= ask.0);
        self.is_valid &= !crossed;
        self.is_valid
    }

    fn levels(&self, side: Side) -> Vec<Level> {
        let pair = |(price, amount): (&Decimal, &Decimal)| (*price, *amount);
        match side {
            _ if !self.is_valid => Vec::new(),
            Side::Ask => self.asks.iter().map(pair).collect(),
            Side::Bid => self.bids.iter().rev().map(pair).collect(),
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Set(Vec<Level>, Vec<Level>),
    Change(Vec<Level>, Vec<Level>),
    Invalidate,
}

/// Returns levels near a price, with the same price in several scales, and zeros in several forms.
fn levels(from: i64, to: i64) -> impl Strategy<Value = Vec<Level>> {
    let price = (from..to, 0_u32..3).prop_map(|(price, zeros)| Decimal::new(price * 10_i64.pow(zeros), 1 + zeros));
    let amount = prop_oneof![Just(dec!(0)), Just(dec!(0.00)), (1_i64..50).prop_map(|amount| Decimal::new(amount, 2))];
    prop::collection::vec((price, amount), 0..6)
}

fn step() -> impl Strategy<Value = Step> {
    // Asks and bids overlap a little, so that some books are crossed.
    prop_oneof![
        2 => (levels(98, 130), levels(70, 101)).prop_map(|(asks, bids)| Step::Set(asks, bids)),
        9 => (levels(99, 130), levels(70, 101)).prop_map(|(asks, bids)| Step::Change(asks, bids)),
        1 => Just(Step::Invalidate),
    ]
}

proptest! {
    #[test]
    fn the_book_is_equal_to_a_naive_one(limit in 0_usize..6, steps in prop::collection::vec(step(), 1..40)) {
        let (mut book, mut naive) = (Book::new(limit), Naive::default());
        for step in steps {
            match step {
                Step::Set(asks, bids) => {
                    naive = Naive { is_valid: true, ..Naive::default() };
                    let is_valid = naive.change(limit, &asks, &bids);
                    prop_assert_eq!(book.set(asks, bids).is_ok(), is_valid);
                }
                Step::Change(asks, bids) if naive.is_valid => {
                    let is_valid = naive.change(limit, &asks, &bids);
                    prop_assert_eq!(book.change(asks, bids).is_ok(), is_valid);
                }
                Step::Change(asks, bids) => prop_assert_eq!(book.change(asks, bids), Err(BookError::NoSnapshot)),
                Step::Invalidate => {
                    book.invalidate();
                    naive.is_valid = false;
                }
            }
            prop_assert_eq!(book.is_valid(), naive.is_valid);
            for side in [Side::Ask, Side::Bid] {
                let expected = naive.levels(side);
                prop_assert_eq!(book.levels(side).collect::<Vec<_>>(), expected.clone());
                let quantity = dec!(0.3);
                let mut sums = (dec!(0), dec!(0));
                for (price, amount) in &expected {
                    let taken = (*amount).min(quantity - sums.0);
                    sums = (sums.0 + taken, sums.1 + taken * price);
                }
                let depth = book.depth(side, quantity);
                prop_assert_eq!(depth.map(|depth| (depth.quantity, depth.cost)), (!expected.is_empty()).then_some(sums));
                prop_assert_eq!(depth.is_some_and(|depth| depth.is_complete), sums.0 == quantity);
            }
            let (asks, bids) = (naive.levels(Side::Ask), naive.levels(Side::Bid));
            prop_assert_eq!(book.best_ask(), asks.first().copied());
            prop_assert_eq!(book.best_bid(), bids.first().copied());
            let mid = asks.first().zip(bids.first()).map(|(ask, bid)| (ask.0 + bid.0) / dec!(2));
            prop_assert_eq!(book.mid(), mid);
        }
    }
}

#[test]
fn an_absent_side_stays_and_an_amount_of_zero_in_any_form_removes_a_price_in_any_form() {
    let mut book = Book::new(0);
    book.set([(dec!(2.0), dec!(1)), (dec!(3), dec!(1))], [(dec!(1), dec!(1))]).unwrap();
    for zero in ["0", "0.00", "0e-8"] {
        let zero = Decimal::from_scientific(zero).or_else(|_| zero.parse()).unwrap();
        book.change([(dec!(2.000), zero)], []).unwrap();
        assert_eq!(book.levels(Side::Ask).collect::<Vec<_>>(), [(dec!(3), dec!(1))]);
        assert_eq!(book.best_bid(), Some((dec!(1), dec!(1))));
        book.change([(dec!(2), dec!(1))], []).unwrap();
    }
    // The removal of a level that was cut off before has no effect.
    book.change([(dec!(9), dec!(0))], []).unwrap();
    assert_eq!(book.levels(Side::Ask).len(), 2);
}

#[test]
fn levels_beyond_the_limit_are_cut_off_after_all_changes_of_a_message() {
    let mut book = Book::new(2);
    book.set([(dec!(1), dec!(1)), (dec!(2), dec!(1))], []).unwrap();
    book.change([(dec!(3), dec!(1)), (dec!(1), dec!(0))], []).unwrap();
    assert_eq!(book.levels(Side::Ask).map(|level| level.0).collect::<Vec<_>>(), [dec!(2), dec!(3)]);
    book.change([(dec!(1.5), dec!(1))], []).unwrap();
    assert_eq!(book.levels(Side::Ask).map(|level| level.0).collect::<Vec<_>>(), [dec!(1.5), dec!(2)]);
}

#[test]
fn a_book_is_invalid_before_a_snapshot_and_after_an_interruption_or_a_fault() {
    let mut book = Book::new(5);
    assert_eq!(book.change([(dec!(1), dec!(1))], []), Err(BookError::NoSnapshot));
    book.set([(dec!(2), dec!(1))], [(dec!(1), dec!(1))]).unwrap();
    let crossed = book.change([], [(dec!(2), dec!(1))]).unwrap_err();
    assert!(matches!(crossed, BookError::Crossed { .. }), "{crossed}");
    assert!(!book.is_valid());
    assert_eq!(
        (book.best_bid(), book.best_ask(), book.mid(), book.depth(Side::Ask, dec!(1))),
        (None, None, None, None)
    );
    assert_eq!(book.levels(Side::Ask).len(), 0);
    book.set([(dec!(2), dec!(1))], []).unwrap();
    assert_eq!((book.mid(), book.best_ask()), (None, Some((dec!(2), dec!(1)))));
    book.invalidate();
    assert_eq!(book.best_ask(), None);
    for level in [(dec!(0), dec!(1)), (dec!(-1), dec!(1)), (dec!(1), dec!(-1))] {
        book.set([], []).unwrap();
        assert!(matches!(book.change([], [level]), Err(BookError::NotALevel { .. })));
        assert!(!book.is_valid());
    }
}

#[test]
fn sums_that_have_too_many_digits_are_none() {
    let mut book = Book::new(5);
    book.set([(Decimal::MAX, Decimal::MAX)], [(dec!(1), dec!(1))]).unwrap();
    assert_eq!(book.depth(Side::Ask, Decimal::MAX), None);
    assert!(book.mid().is_some());
    assert_eq!(book.depth(Side::Bid, dec!(0)), None);
}
