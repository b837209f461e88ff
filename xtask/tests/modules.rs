//! Tests `cargo xtask modules` on small packages.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::process::Command;

use tempfile::TempDir;

const ABOVE: &str = "pub(crate) mod below; pub(crate) struct Above;";

/// Runs the command on a package with these files. Returns whether it succeeded, and its stdout.
fn run(files: &[(&str, &str)]) -> (bool, String) {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let manifest = "[package]\nname = \"tiny\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    for (path, text) in files.iter().chain(&[("Cargo.toml", manifest)]) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["modules", "tiny", "--root"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// Asserts that the command fails and prints exactly these imports.
#[track_caller]
fn assert_cycle(files: &[(&str, &str)], expected: &str) {
    let (succeeded, printed) = run(files);
    assert!(!succeeded, "{printed}");
    assert_eq!(printed.lines().filter(|line| line.contains(" imports from ")).collect::<Vec<_>>().join("\n"), expected);
}

#[track_caller]
fn assert_no_cycle(files: &[(&str, &str)]) {
    assert_eq!(run(files), (true, String::new()));
}

#[test]
fn two_files_that_import_each_other_are_a_cycle() {
    let names = "  src/a.rs imports from src/b.rs: B\n  src/b.rs imports from src/a.rs: A";
    for (root, a, b) in [
        ("mod a; mod b;", "use crate::b::B; pub(crate) struct A;", "use super::a::A; pub(crate) struct B;"),
        ("mod a; mod b;", "pub(crate) struct A(crate::b::B);", "pub(crate) struct B(Vec<super::a::A>);"),
        // Imports through a module's name, another name, a glob and a re-export of the root.
        ("mod a; mod b;", "use crate::b; pub(crate) struct A(b::B);", "use crate::a::A as C; pub(crate) struct B;"),
        ("mod a; mod b; use a::A;", "pub(crate) struct A(crate::b::B);", "use crate::A; pub(crate) struct B;"),
        ("mod a; mod b; use b::*;", "pub(crate) struct A(crate::B);", "use crate::a::A; pub(crate) struct B;"),
        // Imports within a function, in a macro's arguments and in its definition.
        (
            "mod a; mod b;",
            "pub(crate) fn A() { crate::b::B!() }",
            "macro_rules! B { () => { $crate::a::A() } } pub(crate) use B;",
        ),
        ("mod a; mod b;", "pub(crate) fn A() { use crate::b::B; }", "pub(crate) fn B() { vec![crate::a::A()]; }"),
        // An import in a module within a file.
        ("mod a; mod b;", "pub(crate) struct A; mod c { use crate::b::B; }", "use super::a::A; pub(crate) struct B;"),
    ] {
        assert_cycle(&[("src/lib.rs", root), ("src/a.rs", a), ("src/b.rs", b)], names);
    }
}

#[test]
fn a_parent_and_its_child_are_a_cycle_only_if_each_uses_items_of_the_other() {
    let below = "use super::Above; pub(crate) struct Below;";
    let names = "  src/above/below.rs imports from src/above/mod.rs: Above\n  \
                 src/above/mod.rs imports from src/above/below.rs: Below";
    let above = format!("{ABOVE} use below::Below;");
    assert_cycle(&[("src/lib.rs", "mod above;"), ("src/above/mod.rs", &above), ("src/above/below.rs", below)], names);
    assert_no_cycle(&[("src/lib.rs", "mod above;"), ("src/above/mod.rs", ABOVE), ("src/above/below.rs", below)]);
}

#[test]
fn a_re_export_is_an_import_of_the_file_that_defines_the_item() {
    // `user` imports an item that `above` re-exports from `below`. So `user` depends only on
    // `below`, and `above` may import from `user`.
    let above = "mod below; mod user; pub(crate) use below::Below; pub(crate) use user::User;";
    let user = "use super::Below; pub(crate) struct User(Below);";
    assert_no_cycle(&[
        ("src/lib.rs", "mod above;"),
        ("src/above/mod.rs", above),
        ("src/above/below.rs", "pub(crate) struct Below;"),
        ("src/above/user.rs", user),
    ]);
}

#[test]
fn a_cycle_of_three_files_in_a_program_is_found() {
    let files = [
        ("src/main.rs", "mod a; mod b; mod c; fn main() {}"),
        ("src/a.rs", "pub(crate) struct A(crate::b::B);"),
        ("src/b.rs", "pub(crate) struct B(crate::c::C);"),
        ("src/c.rs", "pub(crate) struct C(crate::a::A);"),
    ];
    let (succeeded, printed) = run(&files);
    assert!(!succeeded);
    assert!(printed.starts_with("3 files import each other:\n"), "{printed}");
}

#[test]
fn tests_other_crates_and_quoted_code_are_skipped() {
    assert_no_cycle(&[
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a.rs", "use std::fmt; pub(crate) struct A(crate::b::B); #[cfg(test)] mod tests;"),
        ("src/a/tests.rs", "use super::*;"),
        (
            "src/b.rs",
            "pub(crate) struct B; fn f() { quote!(crate::a::A); } #[cfg(all(test))] mod tests { use crate::a::A; }",
        ),
    ]);
}

#[test]
fn an_unknown_package_and_a_module_without_a_file_are_errors() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), "mod gone;").unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"tiny\"\n[workspace]\n").unwrap();
    let complaint = |package: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.args(["modules", package, "--root"]).arg(folder.path()).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(complaint("nobody"), "error: unknown package `nobody`\n");
    assert!(complaint("tiny").ends_with("src/lib.rs declares module `gone`, which has no file\n"));
}

#[test]
fn no_two_files_of_this_repository_import_each_other() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("modules").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(output.status.success());
}
