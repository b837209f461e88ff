//! Tests `cargo xtask busy` as a user runs it, with the program `true` or `false` in place of
//! cargo.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use tempfile::TempDir;

/// Runs the command. Returns whether it succeeded, its stdout and its stderr.
fn busy(cargo: &str) -> (bool, String, String) {
    let root = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["busy", "--suites", "2", "--spinning", "1", "--rounds", "2", "--root"])
        .arg(root.path())
        .env("CARGO", cargo)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_result_of_each_run_in_each_round_is_printed() {
    let (done, said, complaint) = busy("true");
    let lines: Vec<&str> = said.lines().map(|line| line.split(" in ").next().unwrap()).collect();
    let expected =
        ["round 1, run 1: passed", "round 1, run 2: passed", "round 2, run 1: passed", "round 2, run 2: passed"];
    assert!(done, "{complaint}");
    assert_eq!((lines, complaint.as_str()), (expected.to_vec(), ""));
}

#[test]
fn tests_that_do_not_build_are_not_run() {
    let (done, said, complaint) = busy("false");
    assert!(!done && said.is_empty());
    assert!(complaint.starts_with("error: the tests do not build; help: read "), "{complaint}");
}
