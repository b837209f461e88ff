//! Tests `cargo xtask fuzz` as a user runs it.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

fn fuzz(arguments: &[&str]) -> (bool, String) {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests/published");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("fuzz").arg(documents).args(arguments).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn two_runs_with_one_seed_print_the_same_and_have_no_failure() {
    let run = || fuzz(&["--seed", "3", "--cases", "60"]);
    let (succeeded, said) = run();
    assert!(succeeded, "{said}");
    assert!(said.starts_with("seed 3, "), "{said}");
    assert!(said.contains("crates generated, ") && said.ends_with(", 0 failures\n"), "{said}");
    assert_eq!(run(), (succeeded, said));
}

#[test]
fn a_case_without_a_result_in_time_is_a_failure_that_can_be_run_again() {
    let (succeeded, said) = fuzz(&["--seed", "3", "--case", "5", "--bound", "0"]);
    assert!(!succeeded);
    assert!(said.contains("case 5, ") && said.contains("no result after 0 s"), "{said}");
    assert!(said.contains("--seed 3 --case 5"), "{said}");
}
