//! Measures venuekit beside hand-written code and other libraries; `README.md` describes it.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod calls;
mod decoding;
mod floats;
mod hand;
mod instructions;
mod loopback;
mod measure;
mod orders;
mod responses;
mod signing;
mod streams;

use instructions::COUNT;
use measure::{Effort, Row};

fn rows() -> Vec<Row> {
    [orders::rows(), signing::rows(), decoding::rows(), calls::rows()].into_iter().flatten().collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if let Some(name) = arguments.iter().find_map(|argument| argument.strip_prefix(COUNT)) {
        return instructions::run_counted(&mut rows(), name);
    }
    let (is_quick, has_valgrind) = (has("--quick"), instructions::has_valgrind());
    let effort = if is_quick { Effort::QUICK } else { Effort::FULL };
    let wanted: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| name.starts_with(wanted));
    for mut row in rows().into_iter().filter(|row| is_wanted(row.name)) {
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
}
