//! Several processes with one key, against a venue that counts and a real store, with faults.
//!
//! The short form runs all faults one after the other, in some 25 seconds. `cargo xtask soak-state`
//! runs the long form, and prints a table.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]
#![allow(clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod latency;
mod proxy;
#[path = "../support/mod.rs"]
mod support;
mod venue;
mod worker;

use std::process::Child;
use std::time::{Duration, Instant, SystemTime};

use proxy::{Mode, Switch};
use support::RedisServer;
use tokio::time::sleep;
use venue::{Arrivals, Arrived};
use worker::{FAST, Rate, SLOW, Settings};

const PROCESSES: usize = 8;

/// A process of the tests below; it does nothing in a run of the tests.
#[tokio::test]
#[ignore = "the other tests start it as a process"]
async fn worker_process() {
    if !worker::run().await {
        println!("not a process of a test");
    }
}

/// Processes, a store, and a venue.
struct World {
    redis: RedisServer,
    switch: Switch,
    arrivals: Arrivals,
    settings: Settings,
    processes: Vec<Child>,
}

impl World {
    async fn start(calls: u64, one_at_a_time: bool, rate: Rate) -> Option<Self> {
        let redis = RedisServer::start()?;
        let (store, switch) = proxy::start(redis.socket()).await;
        let (venue, arrivals) = venue::start().await;
        let is_fast = rate == FAST;
        let settings = Settings { venue, store, calls, clock_off: 0, one_at_a_time, at_once: 4, is_fast };
        let mut world = Self { redis, switch, arrivals, settings, processes: Vec::new() };
        for index in 0..PROCESSES {
            let process = world.spawn(index);
            world.processes.push(process);
        }
        Some(world)
    }

    /// Starts a process whose clock is up to 5 s off.
    fn spawn(&self, index: usize) -> Child {
        let clock_off = [-2_500, 2_500, 0][index % 3];
        Settings { clock_off, ..self.settings.clone() }.spawn()
    }

    /// Waits until the venue has answered so many requests more.
    async fn answered(&self, more: usize) {
        let until = self.arrivals.count() + more;
        while self.arrivals.count() < until {
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Kills a process without warning, and starts another in its place.
    fn kill_one(&mut self) {
        let index = usize::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_micros())
            .unwrap()
            % PROCESSES;
        self.processes[index].kill().unwrap();
        self.processes[index].wait().unwrap();
        self.processes[index] = self.spawn(index);
    }

    async fn fault(&mut self, fault: &Fault) {
        match fault {
            Fault::None => {}
            Fault::Kill => self.kill_one(),
            Fault::Flush => self.redis.command::<()>(&["SCRIPT", "FLUSH"]).await,
            Fault::Pause => {
                self.redis.signal("STOP");
                sleep(Duration::from_millis(1_500)).await;
                self.redis.signal("CONT");
            }
            Fault::Partition | Fault::Nonsense => {
                self.switch.set(if matches!(fault, Fault::Partition) { Mode::Drops } else { Mode::Nonsense });
                sleep(Duration::from_millis(1_500)).await;
                self.switch.set(Mode::Passes);
            }
            Fault::Restart => self.redis.restart(Duration::from_millis(100)),
        }
    }

    /// Waits until all processes have made their calls.
    async fn finish(&mut self) -> Vec<Arrived> {
        for process in &mut self.processes {
            let status = loop {
                match process.try_wait().unwrap() {
                    Some(status) => break status,
                    None => sleep(Duration::from_millis(20)).await,
                }
            };
            assert!(status.success(), "a process failed; its message is above");
        }
        let mut arrived = self.arrivals.all();
        arrived.sort_by_key(|request| request.at);
        arrived
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    Kill,
    Flush,
    Pause,
    Partition,
    Nonsense,
    Restart,
}

/// What was seen at the venue.
#[derive(Debug)]
struct Seen {
    answered: usize,
    most_orders: u64,
    most_weight: u64,
    /// The number of nonces that are not larger than one whose request had come before their call
    /// began.
    not_rising: usize,
    /// The number of nonces that came after a larger one.
    out_of_order: usize,
}

impl Seen {
    fn of(arrived: &[Arrived]) -> Self {
        let is_order = |request: &&Arrived| request.path == "/order";
        let orders: Vec<(SystemTime, u64)> = arrived.iter().filter(is_order).map(|order| (order.at, 1)).collect();
        let weight = |request: &Arrived| {
            let weight = if request.path == "/order" { 1 } else { worker::TICKER_WEIGHT };
            (request.at, weight)
        };
        let all: Vec<(SystemTime, u64)> = arrived.iter().map(weight).collect();
        let orders_by_arrival: Vec<&Arrived> = arrived.iter().filter(is_order).collect();
        let mut not_rising = 0;
        let mut highest = 0;
        let mut out_of_order = 0;
        for order in &orders_by_arrival {
            let came_before = orders_by_arrival.partition_point(|other| other.at < order.called_at);
            let before = orders_by_arrival[..came_before].iter().map(|other| other.nonce).max().unwrap_or(0);
            not_rising += usize::from(order.nonce <= before);
            out_of_order += usize::from(order.nonce < highest);
            highest = highest.max(order.nonce);
        }
        let mut nonces: Vec<u64> = orders_by_arrival.iter().map(|order| order.nonce).collect();
        nonces.sort_unstable();
        let count = nonces.len();
        nonces.dedup();
        not_rising += count - nonces.len();
        Self {
            answered: arrived.len(),
            most_orders: most_within(&orders, Duration::from_secs(1)),
            most_weight: most_within(&all, Duration::from_secs(2)),
            not_rising,
            out_of_order,
        }
    }

    fn check(&self, one_at_a_time: bool, rate: Rate) {
        assert!(self.most_orders <= rate.orders && self.most_weight <= rate.weight, "{self:?}");
        assert_eq!(self.not_rising, 0, "{self:?}");
        assert!(!one_at_a_time || self.out_of_order == 0, "{self:?}");
    }
}

/// Returns the largest weight within any window.
fn most_within(requests: &[(SystemTime, u64)], window: Duration) -> u64 {
    let (mut most, mut weight, mut first) = (0, 0, 0);
    for (at, more) in requests {
        weight += more;
        while at.duration_since(requests[first].0).unwrap_or_default() >= window {
            weight -= requests[first].1;
            first += 1;
        }
        most = most.max(weight);
    }
    most
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_processes_keep_the_limits_and_the_order_of_nonces_through_all_faults() {
    let Some(mut world) = World::start(40, false, SLOW).await else { return };
    for fault in
        [Fault::Kill, Fault::Flush, Fault::Pause, Fault::Kill, Fault::Partition, Fault::Nonsense, Fault::Restart]
    {
        world.answered(30).await;
        world.fault(&fault).await;
    }
    let seen = Seen::of(&world.finish().await);
    println!("{seen:?}");
    seen.check(false, SLOW);
    assert!(seen.answered >= 320 && seen.most_orders > SLOW.orders / 2, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_one_request_at_a_time_nonces_arrive_in_their_order_through_all_faults() {
    let Some(mut world) = World::start(8, true, SLOW).await else { return };
    for fault in [Fault::Kill, Fault::Pause, Fault::Flush, Fault::Partition] {
        world.answered(8).await;
        world.fault(&fault).await;
    }
    let seen = Seen::of(&world.finish().await);
    println!("{seen:?}");
    seen.check(true, SLOW);
    assert!(seen.answered >= 64, "{seen:?}");
}

/// Runs each fault for long, and prints a table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: cargo xtask soak-state"]
async fn soak() {
    let Some(redis) = RedisServer::start() else { return };
    latency::print(&redis).await;
    drop(redis);
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let calls = number("VENUEKIT_SOAK_CALLS", 2_000);
    // Few calls do not reach limits that are high.
    let rate = if calls < 500 { SLOW } else { FAST };
    println!(
        "| fault | mode | answered | most orders of {} | most weight of {} | nonces not rising | nonces out of order | seconds |",
        rate.orders, rate.weight
    );
    println!("|---|---|---|---|---|---|---|---|");
    let all = [Fault::None, Fault::Kill, Fault::Flush, Fault::Pause, Fault::Partition, Fault::Nonsense, Fault::Restart];
    for (one_at_a_time, calls) in [(false, calls), (true, calls / 10)] {
        for fault in all {
            let started = Instant::now();
            let Some(mut world) = World::start(calls, one_at_a_time, rate).await else { return };
            let total = usize::try_from(calls).unwrap() * PROCESSES;
            for _ in 0..5 {
                world.answered(total / 8).await;
                world.fault(&fault).await;
            }
            let seen = Seen::of(&world.finish().await);
            let mode = if one_at_a_time { "one at a time" } else { "as drawn" };
            let Seen { answered, most_orders, most_weight, not_rising, out_of_order } = seen;
            let seconds = started.elapsed().as_secs();
            println!(
                "| {fault:?} | {mode} | {answered} | {most_orders} | {most_weight} | {not_rising} | {out_of_order} | {seconds} |"
            );
            seen.check(one_at_a_time, rate);
        }
    }
}
