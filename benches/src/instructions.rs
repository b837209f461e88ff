//! Instructions of pieces of work, counted by valgrind, and their comparison with earlier counts.
//!
//! This program runs itself under callgrind, which counts inside `counted` only. `iai-callgrind`
//! and `gungraun` do the same with a macro, a harness and a runner that has to be installed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::measure::{Contestant, Row};

/// The change from which a workload is listed as moved.
const MOVED: f64 = 0.05;

/// The file with the counts of earlier runs.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.txt");

/// The ten workloads whose counts are kept: the row, and the name of the contestant.
const KEPT: [(&str, &str); 10] = [
    ("order-btse", "venuekit"),
    ("order-jex", "venuekit"),
    ("order-excore", "venuekit"),
    ("signing-btse", "venuekit"),
    ("signing-jex", "venuekit"),
    ("decoding-book", "exact, venuekit"),
    ("decoding-jex-book", "exact, venuekit"),
    ("decoding-klines", "exact, venuekit"),
    ("decoding-orders", "exact, venuekit"),
    ("call-orders", "the call"),
];

/// The number of runs before the counted ones, which fill caches and tables.
const WARM_UP: u32 = 5;
const RUNS: u32 = 10;

/// Returns whether valgrind is installed.
pub fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The argument with which this program runs itself under valgrind; one piece of work follows it.
pub const COUNT: &str = "--count=";

/// Runs a piece of work, named `row/contestant`, so that callgrind counts it.
pub fn run_counted(rows: &mut [Row], name: &str) {
    let contestants = rows.iter_mut().flat_map(|row| {
        let row_name = row.name;
        row.contestants.iter_mut().map(move |contestant| (format!("{row_name}/{}", contestant.name), contestant))
    });
    let Some((_, contestant)) = contestants.into_iter().find(|(other, _)| other == name) else {
        panic!("there is no piece of work `{name}`");
    };
    contestant.prepare((WARM_UP + RUNS) as usize);
    for _ in 0..WARM_UP {
        contestant.run();
    }
    for _ in 0..RUNS {
        counted(contestant);
    }
}

/// The function inside which callgrind counts.
#[inline(never)]
fn counted(contestant: &mut Contestant) {
    contestant.run();
}

/// Counts the instructions of one piece of work.
pub fn count(row: &str, contestant: &str) -> u64 {
    let program = std::env::current_exe().unwrap();
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg("--toggle-collect=*instructions*counted*")
        .arg(program)
        .arg(format!("{COUNT}{row}/{contestant}"))
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report.lines().find_map(|line| line.split_once("Collected : "));
    let Some((_, collected)) = collected.filter(|_| output.status.success()) else {
        panic!("valgrind failed: {report}");
    };
    collected.trim().parse::<u64>().unwrap() / u64::from(RUNS)
}

/// Counts all contestants of a row.
pub fn count_row(row: &Row) -> Vec<u64> {
    row.contestants.iter().map(|contestant| count(row.name, contestant.name)).collect()
}

/// Counts the kept workloads and prints them beside the counts of the file. Writes the file if
/// `writes` is true.
///
/// It is never a failure: the counts depend on the processor, the compiler and the versions of
/// other crates.
pub fn compare_kept(writes: bool) {
    let earlier = read(Path::new(FILE));
    let counts: Vec<(&str, u64)> = KEPT.iter().map(|(row, contestant)| (*row, count(row, contestant))).collect();
    println!("{:<20} {:>12} {:>12} {:>9}", "instructions", "in the file", "now", "change");
    let mut moved = 0;
    for (name, now) in &counts {
        let Some(before) = earlier.get(*name) else {
            println!("{name:<20} {:>12} {now:>12} {:>9}", "-", "new");
            continue;
        };
        let change = *now as f64 / *before as f64 - 1.0;
        let is_moved = change.abs() > MOVED;
        moved += u32::from(is_moved);
        let mark = if is_moved { "  moved by more than 5 %" } else { "" };
        println!("{name:<20} {before:>12} {now:>12} {:>8.1}%{mark}", change * 100.0);
    }
    println!("{moved} of {} workloads moved by more than 5 %", counts.len());
    if writes {
        let lines: String = counts.iter().map(|(name, count)| format!("{name} {count}\n")).collect();
        std::fs::write(FILE, lines).unwrap();
        println!("written to {FILE}");
    }
}

fn read(file: &Path) -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let entry = |line: &str| line.split_once(' ').map(|(name, count)| (name.to_owned(), count.parse().unwrap()));
    text.lines().filter_map(entry).collect()
}
