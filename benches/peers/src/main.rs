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

use std::process::ExitCode;

use differences::Ledger;
use venue::Venue;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name)?.parse().ok());
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let calls: usize = number("--calls=").unwrap_or(if is_quick { 20 } else { 1_000 });
    let seed = number("--seed=").unwrap_or(7) as u64;
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    println!("{calls} calls of each operation through venuekit and through progenitor, seed {seed}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut ledger, mut faults) = (Ledger::default(), 0);
    for venue in Venue::all() {
        if wanted.is_empty() || wanted.iter().any(|name| *name == venue.name()) {
            let counts = runtime.block_on(venue.compare(calls, seed, &mut ledger));
            println!("  {counts}");
            faults += counts.faults;
        }
    }
    println!("documented differences, and how often they were seen:");
    ledger.print();
    let unseen = ledger.unseen();
    let has_stale = cfg!(feature = "all-venues") && !is_quick && wanted.is_empty() && !unseen.is_empty();
    if has_stale {
        println!("never seen: {unseen:?} (help: remove them from `differences.rs`, or make more calls)");
    }
    if faults == 0 && !has_stale { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
