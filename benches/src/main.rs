//! Measures venuekit beside hand-written code and other libraries; `README.md` describes it.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod calls;
mod decoding;
mod floats;
mod measure;
mod responses;

use measure::Effort;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let once = arguments.iter().find_map(|argument| argument.strip_prefix("--once="));
    let rows: Vec<&str> = arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with('-')).collect();
    if let Some(name) = once {
        return decoding::once(name);
    }
    let effort = if is_quick { Effort::QUICK } else { Effort::FULL };
    let is_wanted = |row: &str| rows.is_empty() || rows.contains(&row);
    if is_wanted("decoding") {
        decoding::measure(effort);
    }
    if is_wanted("calls") {
        calls::measure(effort);
    }
}
