//! `cargo xtask draft` and `cargo xtask drift`, run as a user runs them, on a test repository.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const DOCUMENT: &str = "# Market

## Ticker

`GET /v1/ticker`

Name | Type | Mandatory | Description
---- | ---- | --------- | -----------
symbol | STRING | YES | The pair.
";

/// Runs a command. Returns its exit code, its stdout and its stderr.
fn run(root: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(arguments).arg("--root").arg(root).current_dir(root).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_document_is_drafted_and_a_change_of_it_is_found() {
    let root = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let root = root.path();
    fs::create_dir_all(root.join("specs")).unwrap();
    fs::write(root.join("api.md"), DOCUMENT).unwrap();
    let (code, stdout, stderr) = run(root, &["draft", "api.md", "--venue", "acme"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("3 descriptions are to be written"), "{stdout}");
    assert!(fs::read_to_string(root.join("specs/acme.yaml")).unwrap().contains("x-source: \"api.md:9\""));
    assert!(fs::read_to_string(root.join("specs/acme.draft.md")).unwrap().contains("## To decide"));
    // Nothing is overwritten.
    let (code, _, stderr) = run(root, &["draft", "api.md", "--venue", "acme"]);
    assert!(code == Some(1) && stderr.contains("exists already"), "{stderr}");

    let (code, stdout, _) = run(root, &["drift", "acme", "--document", "api.md"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.starts_with("0 differences; "), "{stdout}");
    fs::write(root.join("new.md"), DOCUMENT.replace("symbol | STRING", "market | STRING")).unwrap();
    let (code, stdout, _) = run(root, &["drift", "acme", "--document", "new.md"]);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("new.md:9: missing: GET /v1/ticker: market: "), "{stdout}");
    let (code, stdout, _) = run(root, &["drift", "acme", "--document", "new.md", "--format", "json"]);
    assert!(code == Some(1) && stdout.contains("\"first_line\": 9"), "{stdout}");
    let (code, stdout, _) = run(root, &["drift", "acme", "--document", "new.md", "--format", "markdown"]);
    assert!(code == Some(1) && stdout.contains("| lines | subject | difference | specification |"), "{stdout}");

    fs::write(root.join("page.md"), "# News\n\nNothing changed.\n").unwrap();
    let (code, _, stderr) = run(root, &["drift", "acme", "--document", "page.md"]);
    assert!(code == Some(2) && stderr.contains("no operation was found"), "{stderr}");
    let (code, _, stderr) = run(root, &["draft", "page.md", "--venue", "other"]);
    assert!(code == Some(1) && !root.join("specs/other.yaml").exists(), "{stderr}");
}

/// Returns the block of code of a page that follows a mark.
fn block(page: &str, mark: &str) -> String {
    let (_, rest) = page.split_once(&format!("<!-- {mark} -->\n")).unwrap_or_else(|| panic!("{mark}"));
    let (fence, rest) = rest.split_once('\n').unwrap();
    let fence = &fence[..fence.chars().take_while(|c| *c == '`').count()];
    rest.split_once(&format!("{fence}\n")).unwrap().0.to_owned()
}

/// The page of the documentation shows the draft of its document, and its answers lead to a crate.
#[test]
fn the_page_on_new_venues_goes_from_prose_to_a_crate() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/add-a-venue.md")).unwrap();
    let root = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let root = root.path();
    let write = |path: &str, text: &str| {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
    };
    write("Cargo.toml", "[workspace]\nmembers = [\"auth/*\"]\n");
    write("README.md", "# Venues\n\n<!-- `cargo xtask codegen` writes this table -->\n<!-- end of the table -->\n");
    write("auth/tinyex/Cargo.toml", "[package]\nname = \"venuekit-auth-tinyex\"\n");
    write("tinyex.md", &block(&page, "prose"));
    fs::create_dir_all(root.join("specs")).unwrap();
    let (code, _, stderr) = run(root, &["draft", "tinyex.md", "--venue", "tinyex"]);
    assert_eq!(code, Some(0), "{stderr}");
    let drafted = fs::read_to_string(root.join("specs/tinyex.yaml")).unwrap();
    assert!(drafted.contains(&block(&page, "drafted")), "{drafted}");
    let report = fs::read_to_string(root.join("specs/tinyex.draft.md")).unwrap();
    assert!(report.contains(&block(&page, "contradictions")), "{report}");

    let suggested = fs::read_to_string(root.join("specs/tinyex.overlay.yaml")).unwrap();
    assert_eq!(suggested, block(&page, "suggested"));

    let version = "x-crate-version: \"0.1.0\"\n";
    let decided = drafted.replace(version, &format!("{version}{}", block(&page, "answers")));
    assert_ne!(decided, drafted);
    write("specs/tinyex.yaml", &decided);
    let (code, _, stderr) = run(root, &["codegen", "tinyex"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("9 descriptions are to be written"), "{stderr}");
    let library = fs::read_to_string(root.join("generated/tinyex/src/lib.rs")).unwrap();
    assert!(library.contains("pub use venuekit_auth_tinyex::Credentials;"), "{library}");
    let (code, stdout, _) = run(root, &["drift", "tinyex", "--document", "tinyex.md"]);
    assert_eq!(code, Some(0), "{stdout}");
}
