//! Calls each operation of four venues through venuekit and through a client that progenitor
//! generated, and compares requests and responses; `../README.md` describes it.
#![allow(clippy::unwrap_used, reason = "a comparison fails by panicking")]

mod differences;
mod document;
mod draw;
mod json;
mod progenitor;
mod request;
mod venue;

use differences::Ledger;
use venue::Venue;

/// Compares the clients, and prints the result. Returns false if they differ in any other way than
/// documented. `arguments`: `--quick`, `--calls=N`, `--seed=N`, and names of venues.
pub fn compare(arguments: &[String]) -> bool {
    let number = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name)?.parse().ok());
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let calls: usize = number("--calls=").unwrap_or(if is_quick { 20 } else { 1_000 });
    let seed = number("--seed=").unwrap_or(7) as u64;
    println!("{calls} calls of each operation through venuekit and through progenitor, seed {seed}");
    let all = Venue::all();
    let is_named = |venue: &&Venue| arguments.iter().any(|argument| argument == venue.name());
    let mut wanted: Vec<&Venue> = all.iter().filter(is_named).collect();
    let is_partial = !wanted.is_empty() || cfg!(not(feature = "all-venues")) || is_quick;
    if wanted.is_empty() {
        wanted = all.iter().collect();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut ledger, mut faults) = (Ledger::default(), 0);
    for venue in wanted {
        let counts = runtime.block_on(venue.compare(calls, seed, &mut ledger));
        println!("  {counts}");
        faults += counts.faults;
    }
    println!("documented differences, and how often they were seen:");
    ledger.print();
    let unseen = ledger.unseen();
    let has_stale = !is_partial && !unseen.is_empty();
    if has_stale {
        println!("never seen: {unseen:?} (help: remove them from `differences.rs`, or make more calls)");
    }
    faults == 0 && !has_stale
}
