//! `cargo xtask new`, run as a user runs it, on a test repository.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const PUBLISHED: &str = "{
  \"openapi\": \"3.0.1\",
  \"info\": {\"title\": \"Acme\", \"version\": \"2\"},
  \"servers\": [{\"url\": \"https://acme.example\"}],
  \"paths\": {\"/ticker\": {\"get\": {\"operationId\": \"getTicker\", \"responses\": {\"200\": {\"description\": \"Ok.\"}}}}}
}
";

const README: &str = "# Venues

<!-- `cargo xtask codegen` writes this table -->
<!-- end of the table -->
";

struct Repository(PathBuf, #[expect(dead_code, reason = "it is there to be dropped")] TempDir);

impl Repository {
    fn new() -> Self {
        let temporary = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let root = temporary.path().join("repository");
        let repository = Self(root, temporary);
        repository.write("Cargo.toml", "[workspace]\nmembers = [\"auth/*\"]\n");
        repository.write("README.md", README);
        repository.write("download/openapi.json", PUBLISHED);
        fs::create_dir_all(repository.0.join("specs")).unwrap();
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs a command. Returns whether it succeeded, its stdout and its stderr.
    fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.args(arguments).arg("--root").arg(&self.0).current_dir(&self.0).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    fn new_venue(&self, arguments: &[&str]) -> (bool, String, String) {
        let all: Vec<&str> =
            ["new", "acme", "--from", "download/openapi.json"].iter().chain(arguments).copied().collect();
        self.run(&all)
    }

    /// Returns all files with their texts.
    fn files(&self) -> BTreeMap<PathBuf, String> {
        fn walk(dir: &Path, files: &mut BTreeMap<PathBuf, String>) {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, files);
                } else {
                    files.insert(path.clone(), fs::read_to_string(&path).unwrap());
                }
            }
        }
        let mut files = BTreeMap::new();
        walk(&self.0, &mut files);
        files
    }
}

#[test]
fn a_new_venue_has_its_file_an_overlay_and_a_crate_and_is_in_the_lists() {
    let repository = Repository::new();
    let (succeeded, stdout, stderr) = repository.new_venue(&[]);
    assert!(succeeded, "{stderr}");
    assert!(stdout.contains("specs/acme.json written\nspecs/acme.overlay.yaml written\n"), "{stdout}");
    assert!(stdout.contains("\nleft to decide, in specs/acme.overlay.yaml:\n"), "{stdout}");
    let files = repository.files();
    let text = |path: &str| files.get(&repository.0.join(path)).unwrap_or_else(|| panic!("{path}")).as_str();
    assert_eq!(text("specs/acme.json"), PUBLISHED);
    assert!(text("specs/acme.overlay.yaml").contains("update: {x-environment: production}"));
    assert!(text("generated/acme/src/client.rs").contains("pub fn get_ticker"));
    assert!(text("README.md").contains("| `acme` | Acme 2 | 1 | 1 | "), "{}", text("README.md"));
    let (succeeded, stdout, stderr) = repository.run(&["codegen", "--check"]);
    assert!(succeeded, "{stdout}{stderr}");
}

#[test]
fn an_existing_venue_is_not_touched() {
    let repository = Repository::new();
    assert!(repository.new_venue(&[]).0);
    let before = repository.files();
    let (succeeded, _, stderr) = repository.new_venue(&[]);
    assert!(!succeeded);
    assert_eq!(
        stderr,
        "error: specs/acme.json exists already\n  help: choose another name; for the next release of a venue, replace \
         its file and run `cargo xtask diff`\n"
    );
    assert_eq!(repository.files(), before);
    // A folder with a crate of another origin is a reason too.
    repository.write("generated/other/Cargo.toml", "[package]\nname = \"other\"\n");
    let (succeeded, _, stderr) = repository.run(&["new", "other", "--from", "download/openapi.json"]);
    assert!(!succeeded && stderr.starts_with("error: generated/other exists already"), "{stderr}");
}

#[test]
fn a_failure_leaves_the_repository_as_it_was() {
    let repository = Repository::new();
    let before = repository.files();
    // The signing crate does not exist.
    let (succeeded, _, stderr) = repository.new_venue(&["--auth", "acme"]);
    assert!(!succeeded && stderr.contains("there is no crate `venuekit-auth-acme` to sign with"), "{stderr}");
    assert_eq!(repository.files(), before);
    let (succeeded, _, stderr) = repository.new_venue(&["--auth", "auth/acme"]);
    assert!(!succeeded && stderr.contains("--auth auth/acme: auth/acme/Cargo.toml: "), "{stderr}");
    // The crate of the facade cannot be written.
    repository.write("generated/venues", "a file where a folder has to be");
    let before = repository.files();
    let (succeeded, _, stderr) = repository.new_venue(&[]);
    assert!(!succeeded && stderr.contains("generated/venues"), "{stderr}");
    assert_eq!(repository.files(), before);
    assert!(!repository.0.join("generated/acme").exists());
}

#[test]
fn a_signer_in_a_folder_is_a_dependency_of_the_crate() {
    let repository = Repository::new();
    repository.write("auth/own/Cargo.toml", "[package]\nname = \"acme-signer\"\nversion = \"0.1.0\"\n");
    let scheme = "{\"type\": \"apiKey\", \"in\": \"header\", \"name\": \"X-SIGN\", \"x-signature\": true}";
    let signed = PUBLISHED.replacen(
        "{\n",
        &format!("{{\n  \"security\": [{{\"sign\": []}}],\n  \"components\": {{\"securitySchemes\": {{\"sign\": {scheme}}}}},\n"),
        1,
    );
    repository.write("download/openapi.json", &signed);
    let (succeeded, _, stderr) = repository.new_venue(&["--auth", "auth/own"]);
    assert!(succeeded, "{stderr}");
    let files = repository.files();
    let text = |path: &str| files.get(&repository.0.join(path)).unwrap().as_str();
    assert!(text("specs/acme.overlay.yaml").contains("{x-auth: {package: acme-signer, path: \"../../auth/own\"}}"));
    assert!(text("generated/acme/Cargo.toml").contains("\nacme-signer = { path = \"../../auth/own\" }\n"));
    assert!(repository.run(&["codegen", "--check"]).0);
    // The folder goes, and the spec stays.
    fs::remove_dir_all(repository.0.join("auth")).unwrap();
    let (succeeded, _, stderr) = repository.run(&["codegen"]);
    let expected = "specs/acme.overlay.yaml:";
    assert!(!succeeded && stderr.starts_with(expected) && stderr.contains("there is no package at "), "{stderr}");
}

#[test]
fn files_beside_the_published_file_come_with_it_and_are_no_venues() {
    let repository = Repository::new();
    let responses = "\"responses\": {\"200\": {\"$ref\": \"common.json#/ok\"}}";
    let published = PUBLISHED.replace("\"responses\": {\"200\": {\"description\": \"Ok.\"}}", responses);
    repository.write("download/openapi.json", &published);
    repository.write("download/common.json", "{\"ok\": {\"description\": \"Ok.\"}}");
    let (succeeded, _, stderr) = repository.new_venue(&[]);
    assert!(succeeded, "{stderr}");
    for file in ["acme.json", "acme.overlay.yaml", "common.json"] {
        assert!(repository.0.join("specs/acme").join(file).is_file(), "{file}");
    }
    let (succeeded, stdout, stderr) = repository.run(&["codegen", "--check", "acme"]);
    assert!(succeeded, "{stdout}{stderr}");
}

/// Returns the block of code of a page that follows a mark.
fn block<'p>(page: &'p str, mark: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("<!-- {mark} -->\n```")).unwrap_or_else(|| panic!("{mark}"));
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("```\n").unwrap().0
}

/// The page of the documentation shows what the command writes and prints, and its actions lead to
/// a signed call.
#[test]
fn the_page_on_new_venues_shows_what_the_command_does() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/add-a-venue.md")).unwrap();
    let repository = Repository::new();
    repository.write("openapi.yaml", block(&page, "published"));
    let (succeeded, stdout, stderr) = repository.run(&["new", "tinyex", "--from", "openapi.yaml"]);
    assert!(succeeded, "{stderr}");
    let path = repository.0.join("specs/tinyex.overlay.yaml");
    let overlay = fs::read_to_string(&path).unwrap();
    assert_eq!(block(&page, "overlay"), overlay);
    let (_, decisions) = stdout.split_once("left to decide, in specs/tinyex.overlay.yaml:\n\n").unwrap();
    assert_eq!(block(&page, "decisions"), decisions);

    repository.write("auth/tinyex/Cargo.toml", "[package]\nname = \"venuekit-auth-tinyex\"\n");
    fs::write(&path, overlay + block(&page, "decided")).unwrap();
    let (succeeded, _, stderr) = repository.run(&["codegen", "tinyex"]);
    assert!(succeeded, "{stderr}");
    let library = fs::read_to_string(repository.0.join("generated/tinyex/src/lib.rs")).unwrap();
    assert!(library.contains("pub use venuekit_auth_tinyex::Credentials;"), "{library}");
    let operations = fs::read_to_string(repository.0.join("generated/tinyex/src/operations.rs")).unwrap();
    // The call of the page gives the body only.
    assert!(operations.contains("body") && !operations.contains("x_nonce"), "{operations}");
}

/// The page writes a spec by hand, whose operations need the key only. Its step on signing makes
/// them signed.
#[test]
fn the_page_on_new_venues_makes_an_operation_of_a_handwritten_spec_signed() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/add-a-venue.md")).unwrap();
    let repository = Repository::new();
    let security = |spec: &str| {
        repository.write("specs/tinyex.yaml", spec);
        let (succeeded, _, stderr) = repository.run(&["codegen", "tinyex"]);
        assert!(succeeded, "{stderr}");
        let operations = fs::read_to_string(repository.0.join("generated/tinyex/src/operations.rs")).unwrap();
        ["Security::Key", "Security::Signed"].map(|security| operations.contains(security))
    };
    let spec = block(&page, "spec");
    assert_eq!(security(spec), [true, false]);
    let key = "      description: The API key.\n";
    let signed = spec
        .replace("      security: [{key: []}]\n", block(&page, "signed"))
        .replace(key, &format!("{key}{}", block(&page, "signature")));
    assert_eq!(security(&signed), [false, true]);
}
