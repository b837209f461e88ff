//! The allocations of a book. It is the only test of its file, because an allocator counts those of
//! all threads.

use peak_alloc::PeakAlloc;
use venuekit::book::{Book, Side};
use venuekit::{Decimal, dec};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

#[test]
fn an_update_allocates_nothing_in_the_steady_state() {
    let mut book = Book::new(20);
    let level = |at: i64, amount: i64| (Decimal::new(at, 1), Decimal::new(amount, 2));
    let update = |book: &mut Book, round: i64| {
        let (ask, bid) = (1000 + round % 40, 999 - round % 40);
        book.change([level(ask, round % 7), level(ask + 1, 5)], [level(bid, round % 5), level(bid - 1, 5)]).unwrap();
    };
    book.set((0..20).map(|at| level(1000 + at, 1)), (0..20).map(|at| level(999 - at, 1))).unwrap();
    (0..100).for_each(|round| update(&mut book, round));
    let raised = || {
        ALLOCATOR.reset_peak_usage();
        let before = ALLOCATOR.current_usage();
        (0..10_000).for_each(|round| update(&mut book, round));
        assert!(book.mid().is_some() && book.depth(Side::Ask, dec!(1)).is_some());
        ALLOCATOR.peak_usage() - before
    };
    // A single allocation of the book, freed or not, would raise the peak each time. One of the
    // thread that waits for this test does so once.
    let rounds: Vec<usize> = std::iter::repeat_with(raised).take(5).collect();
    assert!(rounds.contains(&0), "{rounds:?}");
}
