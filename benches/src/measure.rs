//! Times and allocations, side by side in one run.

use std::alloc::System;
use std::time::{Duration, Instant};

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The number of measurements, and the duration of each.
#[derive(Clone, Copy)]
pub struct Effort {
    rounds: usize,
    duration: Duration,
}

impl Effort {
    pub const QUICK: Self = Self { rounds: 15, duration: Duration::from_micros(300) };
    pub const FULL: Self = Self { rounds: 2_000, duration: Duration::from_micros(500) };
}

/// A named piece of work.
pub struct Contestant<'a> {
    pub name: &'static str,
    pub run: Box<dyn FnMut() + 'a>,
}

impl<'a> Contestant<'a> {
    pub fn new<T>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Self {
        Self { name, run: Box::new(move || drop(std::hint::black_box(work()))) }
    }
}

/// Measures all contestants in turns, so that a change of the machine's speed concerns all of them,
/// and prints a table. The ratios are those to the first contestant.
pub fn compare(title: &str, effort: Effort, mut contestants: Vec<Contestant<'_>>) {
    let mut laps = Vec::new();
    for contestant in &mut contestants {
        (contestant.run)();
        let started = Instant::now();
        (contestant.run)();
        let each = started.elapsed().max(Duration::from_nanos(50));
        laps.push((effort.duration.as_nanos() / each.as_nanos()).clamp(1, 100_000) as u32);
    }
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contestants.len()];
    for _ in 0..effort.rounds {
        for ((contestant, laps), times) in contestants.iter_mut().zip(&laps).zip(&mut times) {
            let started = Instant::now();
            for _ in 0..*laps {
                (contestant.run)();
            }
            times.push(started.elapsed().as_secs_f64() * 1e6 / f64::from(*laps));
        }
    }
    println!("{title}");
    let mut first = None;
    for (contestant, times) in contestants.iter_mut().zip(&mut times) {
        let fastest = times.iter().copied().fold(f64::INFINITY, f64::min);
        let region = Region::new(ALLOCATOR);
        (contestant.run)();
        let change = region.change();
        let allocations = change.allocations + change.reallocations;
        let ratio = fastest / *first.get_or_insert(fastest);
        println!("  {:<44} {fastest:>9.2} µs  {ratio:>5.2}  {allocations:>6} allocations", contestant.name);
    }
}
