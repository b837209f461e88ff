//! Times and allocations of pieces of work, side by side in one run.

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
    pub const QUICK: Self = Self { rounds: 3, duration: Duration::from_micros(300) };
    pub const FULL: Self = Self { rounds: 2_000, duration: Duration::from_micros(500) };
}

/// Pieces of work that are compared with each other. The ratios are those to the first one.
pub struct Row {
    /// The name on the command line.
    pub name: &'static str,
    pub title: String,
    pub contestants: Vec<Contestant>,
}

/// A piece of work.
pub struct Contestant {
    pub name: &'static str,
    work: Box<dyn Work>,
}

trait Work {
    /// Makes the inputs of the next `laps` runs.
    fn prepare(&mut self, laps: usize);
    fn run(&mut self);
}

struct Plain<F>(F);

impl<T, F: FnMut() -> T> Work for Plain<F> {
    fn prepare(&mut self, _: usize) {}

    fn run(&mut self) {
        drop(std::hint::black_box((self.0)()));
    }
}

/// Work on an input that is made, and dropped, outside of the measurement.
struct OnInputs<I, M, F> {
    make: M,
    work: F,
    ready: Vec<I>,
    used: Vec<I>,
}

impl<I, M: FnMut() -> I, F: FnMut(&mut I)> Work for OnInputs<I, M, F> {
    fn prepare(&mut self, laps: usize) {
        self.used = Vec::with_capacity(laps);
        self.ready = std::iter::repeat_with(&mut self.make).take(laps).collect();
    }

    fn run(&mut self) {
        let mut input = self.ready.pop().unwrap();
        (self.work)(&mut input);
        self.used.push(std::hint::black_box(input));
    }
}

impl Contestant {
    pub fn new<T: 'static>(name: &'static str, work: impl FnMut() -> T + 'static) -> Self {
        Self { name, work: Box::new(Plain(work)) }
    }

    /// Creates a contestant whose inputs are made by `make`, which is not measured.
    pub fn on_inputs<I: 'static>(
        name: &'static str,
        make: impl FnMut() -> I + 'static,
        work: impl FnMut(&mut I) + 'static,
    ) -> Self {
        Self { name, work: Box::new(OnInputs { make, work, ready: Vec::new(), used: Vec::new() }) }
    }

    /// Gets ready for this number of runs.
    pub fn prepare(&mut self, laps: usize) {
        self.work.prepare(laps);
    }

    pub fn run(&mut self) {
        self.work.run();
    }
}

/// The cost of one run of a piece of work.
pub struct Cost {
    /// The time of one run in the fastest round, in microseconds.
    pub micros: f64,
    pub allocations: usize,
}

/// Measures all contestants in turns, so that a change of the machine's speed concerns all of them.
pub fn costs(effort: Effort, contestants: &mut [Contestant]) -> Vec<Cost> {
    let mut laps = Vec::new();
    for contestant in &mut *contestants {
        contestant.prepare(2);
        contestant.run();
        let started = Instant::now();
        contestant.run();
        let each = started.elapsed().max(Duration::from_nanos(50));
        laps.push((effort.duration.as_nanos() / each.as_nanos()).clamp(1, 10_000) as u32);
    }
    let mut fastest = vec![f64::INFINITY; contestants.len()];
    for _ in 0..effort.rounds {
        for ((contestant, laps), fastest) in contestants.iter_mut().zip(&laps).zip(&mut fastest) {
            contestant.prepare(*laps as usize);
            let started = Instant::now();
            for _ in 0..*laps {
                contestant.run();
            }
            *fastest = fastest.min(started.elapsed().as_secs_f64() * 1e6 / f64::from(*laps));
        }
    }
    let cost = |(contestant, micros): (&mut Contestant, f64)| {
        contestant.prepare(1);
        let region = Region::new(ALLOCATOR);
        contestant.run();
        let change = region.change();
        Cost { micros, allocations: change.allocations + change.reallocations }
    };
    contestants.iter_mut().zip(fastest).map(cost).collect()
}

/// Measures a row and prints its table. `instructions` has one number per contestant, or none.
pub fn compare(effort: Effort, row: &mut Row, instructions: &[u64]) {
    println!("{}", row.title);
    let costs = costs(effort, &mut row.contestants);
    for (index, (contestant, cost)) in row.contestants.iter().zip(&costs).enumerate() {
        let ratio = cost.micros / costs[0].micros;
        print!("  {:<44} {:>9.2} µs {ratio:>5.2}", contestant.name, cost.micros);
        if let Some(count) = instructions.get(index) {
            print!("  {count:>11} instructions {:>5.2}", *count as f64 / instructions[0] as f64);
        }
        println!("  {:>6} allocations", cost.allocations);
    }
}
