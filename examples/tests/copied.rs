//! Copies each example out of the repository, as `README.md` says.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// The commands of the README for the example `quoter`.
fn commands() -> [String; 2] {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let line = |start: &str| readme.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
    [line("cp -r "), line("sed -i.bak ")]
}

#[test]
fn each_example_is_a_whole_package_outside_of_the_repository() {
    let repository = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let home = tempfile::tempdir().unwrap();
    let mut copied = 0;
    for entry in fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap() {
        let entry = entry.unwrap();
        if !entry.path().join("Cargo.toml").exists() {
            continue;
        }
        let name = entry.file_name().into_string().unwrap();
        for command in commands() {
            let command = command.replace("quoter", &name);
            let mut shell = Command::new("sh");
            shell.args(["-c", &command]).current_dir(repository).env("HOME", home.path());
            assert!(shell.status().unwrap().success(), "{command}");
        }
        let folder = home.path().join(&name);
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(!manifest.contains("../") && !manifest.contains("workspace"), "{manifest}");
        // With the versions of the repository, everything is on this machine.
        fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        // It builds nothing: the program is built as a member of the workspace.
        let mut tree = Command::new(env!("CARGO"));
        tree.args(["tree", "--offline", "--edges", "normal,dev"]).current_dir(&folder);
        let output = tree.output().unwrap();
        let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success() && stdout.starts_with(&format!("{name} v")), "{name}: {stdout}{stderr}");
        copied += 1;
    }
    assert_eq!(copied, 5);
}
