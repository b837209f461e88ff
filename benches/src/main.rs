//! Measures venuekit beside hand-written code and other libraries; `README.md` describes it.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod calls;
mod compilation;
#[cfg(feature = "curves")]
mod curves;
mod decoding;
mod floats;
mod generation;
mod hand;
mod instructions;
mod loopback;
mod measure;
mod orders;
mod processes;
mod responses;
mod signing;
mod streams;

use std::path::Path;
use std::process::ExitCode;

use instructions::COUNT;
use measure::{Effort, Row};

fn rows() -> Vec<Row> {
    [orders::rows(), signing::rows(), decoding::rows(), calls::rows()].into_iter().flatten().collect()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if let Some(name) = arguments.iter().find_map(|argument| argument.strip_prefix(COUNT)) {
        instructions::run_counted(&mut rows(), name);
        return ExitCode::SUCCESS;
    }
    let given = arguments.iter().find_map(|argument| argument.strip_prefix("--document=")).map(Path::new);
    // These start other programs for minutes, so they run only if they are named.
    let builds = [
        ("generation", generation::measure as fn(Option<&Path>)),
        ("compilation", compilation::measure),
        ("programs", |_| compilation::programs()),
        #[cfg(feature = "curves")]
        ("curves", |_| curves::write()),
    ];
    let (is_quick, has_valgrind) = (has("--quick"), instructions::has_valgrind());
    let effort = if is_quick { Effort::QUICK } else { Effort::FULL };
    let wanted: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| name.starts_with(wanted));
    let others: &[&str] = match cfg!(feature = "peers") {
        true => &["peers", "loopback", "streams", "instructions"],
        false => &["loopback", "streams", "instructions"],
    };
    let rows = rows();
    let named = builds.iter().map(|(name, _)| *name).chain(rows.iter().map(|row| row.name));
    let known: Vec<&str> = named.chain(others.iter().copied()).collect();
    let is_unknown = |wanted: &&&str| known.iter().all(|name| !name.starts_with(**wanted));
    // The row `peers` also takes the names of venues.
    if let Some(unknown) = wanted.iter().find(is_unknown).filter(|_| !has("peers")) {
        eprintln!("error: there is no row `{unknown}` in this build; its rows: {}", known.join(", "));
        return ExitCode::from(2);
    }
    for (_, measure) in builds.iter().filter(|(name, _)| has(name)) {
        measure(given);
    }
    #[cfg(feature = "peers")]
    if is_wanted("peers") {
        assert!(venuekit_peers::compare(&arguments), "the clients of venuekit and of progenitor differ");
    }
    for mut row in rows.into_iter().filter(|row| is_wanted(row.name)) {
        let counts = if is_quick || !has_valgrind { Vec::new() } else { instructions::count_row(&row) };
        measure::compare(effort, &mut row, &counts);
    }
    if is_wanted("loopback") {
        loopback::measure(is_quick);
    }
    if is_wanted("streams") {
        streams::measure(is_quick);
    }
    if is_wanted("instructions") {
        if has_valgrind {
            instructions::compare_kept(has("--write"));
        } else {
            println!("instructions are not counted: valgrind is not installed");
        }
    }
    ExitCode::SUCCESS
}
