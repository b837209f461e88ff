//! Tests `cargo xtask codegen` as a user runs it, on test repositories.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const TINY: &str = "openapi: 3.0.3
info: {title: Tiny, version: '1'}
x-crate-version: 0.1.0
servers: [{url: 'https://tiny.example', x-environment: production}]
paths:
  /ping:
    get:
      operationId: ping
      summary: A ping
      security: []
      responses:
        '200': {description: Pong., content: {application/json: {schema: {type: object}, example: {}}}}
";

/// Returns the document with a signed operation, and the crate that signs it.
fn signed(auth: &str) -> String {
    let document = TINY.replace("x-crate-version", &format!("x-auth: {auth}\nx-crate-version"));
    let document = document.replace("security: []", "security: [{sign: []}]");
    let scheme = "{sign: {type: apiKey, in: header, name: X-SIGN, x-signature: true}}";
    format!("{document}components:\n  securitySchemes: {scheme}\n")
}

const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// A repository with specs.
struct Repository(PathBuf, #[expect(dead_code, reason = "it is there to be dropped")] TempDir);

impl Repository {
    fn new(name: &str, specs: &[(&str, &str)]) -> Self {
        let temporary = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let root = temporary.path().join(name);
        fs::create_dir_all(root.join("specs")).unwrap();
        for (file, text) in specs {
            fs::write(root.join("specs").join(file), text).unwrap();
        }
        Self(root, temporary)
    }

    /// Runs the command. Returns whether it succeeded, its stdout and its stderr.
    fn codegen(&self, arguments: &[&str]) -> (bool, String, String) {
        self.codegen_in(arguments, &[])
    }

    fn codegen_in(&self, arguments: &[&str], environment: &[(&str, &str)]) -> (bool, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("codegen")
            .args(arguments)
            .arg("--root")
            .arg(&self.0)
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// Returns all files under generated/ with their text. The text of a link is its target.
    fn generated(&self) -> BTreeMap<String, String> {
        fn walk(dir: &Path, base: &Path, files: &mut BTreeMap<String, String>) {
            for entry in fs::read_dir(dir).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, base, files);
                } else {
                    let name = path.strip_prefix(base).unwrap().to_string_lossy().into_owned();
                    files.insert(name, content(&path));
                }
            }
        }
        let mut files = BTreeMap::new();
        walk(&self.0.join("generated"), &self.0.join("generated"), &mut files);
        files
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Returns the text of a file, or the target of a link.
fn content(path: &Path) -> String {
    match fs::read_link(path) {
        Ok(target) => format!("link to {}", target.display()),
        Err(_) => fs::read_to_string(path).unwrap_or_default(),
    }
}

fn ours(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)
}

/// Returns a test repository with the specs of this repository.
fn real(name: &str) -> Repository {
    let repository = Repository::new(name, &[]);
    for entry in fs::read_dir(ours("specs")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), repository.0.join("specs").join(entry.file_name())).unwrap();
    }
    for licence in LICENCES {
        fs::copy(ours(licence), repository.0.join(licence)).unwrap();
    }
    repository
}

const OVERLAY: &str = "overlay: 1.0.0
info: {title: Extensions of Tiny, version: 1.0.0}
actions:
  - target: $.paths['/ping'].get
    update: {x-rust-name: heartbeat}
";

#[test]
fn the_overlay_beside_a_spec_is_applied_and_the_file_of_the_venue_stays_as_it_is() {
    let repository = Repository::new("overlay", &[("tiny.yaml", TINY), ("tiny.overlay.yaml", OVERLAY)]);
    let (done, _, stderr) = repository.codegen(&[]);
    assert!(done, "{stderr}");
    let files = repository.generated();
    assert!(files["tiny/src/client.rs"].contains("pub fn heartbeat"));
    assert!(!files.keys().any(|path| path.starts_with("tiny.overlay")));
    assert_eq!(content(&repository.0.join("specs/tiny.yaml")), TINY);
    let (done, stdout, _) = repository.codegen(&["--print-effective", "tiny"]);
    assert!(done && stdout.contains("\"x-rust-name\": \"heartbeat\"") && stdout.starts_with('{'), "{stdout}");
    repository.write("specs/tiny.overlay.yaml", &OVERLAY.replace("/ping", "/pong"));
    let (done, _, stderr) = repository.codegen(&["--check"]);
    assert!(!done && stderr.contains("specs/tiny.overlay.yaml:4:13"), "{stderr}");
    assert!(stderr.contains("`$.paths['/pong'].get` selects nothing"), "{stderr}");
}

#[test]
fn an_overlay_without_its_spec_is_an_error() {
    let repository = Repository::new("orphan", &[("tiny.yaml", TINY), ("tyni.overlay.yaml", OVERLAY)]);
    let (done, _, stderr) = repository.codegen(&[]);
    assert!(!done && stderr.contains("tyni.overlay.yaml is an overlay, and there is no spec tyni"), "{stderr}");
}

#[test]
fn two_generations_give_the_same_bytes_wherever_and_whenever_they_run() {
    let (here, there) = (real("determinism/here"), real("determinism/there/further down"));
    // The second run has other modification times of the specs, and another directory, language and
    // time zone.
    for entry in fs::read_dir(there.0.join("specs")).unwrap() {
        let file = fs::File::options().write(true).open(entry.unwrap().path()).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(86_400)).unwrap();
    }
    let elsewhere = [
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "ar_EG"),
        ("TZ", "Pacific/Kiritimati"),
        ("SOURCE_DATE_EPOCH", "1"),
        ("HOME", "/nowhere"),
    ];
    assert!(here.codegen(&[]).0);
    assert!(there.codegen_in(&[], &elsewhere).0);
    let first = here.generated();
    assert!(first.len() > 40, "{} generated files (expected more than 40)", first.len());
    assert_eq!(first, there.generated());
    assert!(here.codegen(&[]).1.lines().filter(|line| line.contains(" 0 written, ")).count() >= 6);
    assert_eq!(first, here.generated());
}

#[test]
fn the_committed_crates_are_those_of_the_specs() {
    let repository = real("committed");
    assert!(repository.codegen(&[]).0);
    for (path, text) in repository.generated() {
        assert_eq!(content(&ours("generated").join(&path)), text, "{path}");
    }
}

#[test]
fn every_file_is_marked_with_the_command_and_the_spec() {
    let repository = Repository::new("marked", &[("tiny.yaml", TINY)]);
    assert!(repository.codegen(&[]).0);
    for (path, text) in repository.generated() {
        let line = text.lines().next().unwrap();
        assert!(line.contains("@generated by `cargo xtask codegen` from "), "{path}: {line}");
        assert!(line.contains("specs/tiny.yaml") || path.starts_with("venues/"), "{path}: {line}");
    }
}

#[test]
fn a_run_lists_the_files_that_it_wrote_kept_and_deleted() {
    let repository = Repository::new("says", &[("tiny.yaml", TINY)]);
    let (done, said, _) = repository.codegen(&[]);
    assert!(
        done && said
            .starts_with("tiny    7 written, 0 kept, 0 deleted\nvenues  3 written, 0 kept, 0 deleted\ndone in "),
        "{said}"
    );
    repository.write("generated/tiny/src/old.rs", "// @generated by `cargo xtask codegen` from specs/tiny.yaml\n");
    repository.write("generated/tiny/src/types.rs", "");
    let (done, said, _) = repository.codegen(&["tiny"]);
    assert!(done && said.starts_with("tiny    1 written, 6 kept, 1 deleted\n"), "{said}");
    assert!(!repository.generated().contains_key("tiny/src/old.rs"));
}

#[test]
fn a_file_that_codegen_did_not_write_is_never_deleted() {
    let repository = Repository::new("foreign", &[("tiny.yaml", TINY)]);
    repository.write("generated/tiny/notes.txt", "mine");
    let (done, _, complaint) = repository.codegen(&[]);
    assert!(!done && complaint.contains("notes.txt was not written by codegen"), "{complaint}");
    assert_eq!(repository.generated().len(), 1, "codegen wrote a file beside a file that it did not write");
}

#[test]
#[cfg(unix)]
fn each_crate_has_links_to_the_licences_and_they_are_deleted_with_it() {
    let repository = Repository::new("licences", &[("tiny.yaml", TINY), ("other.yaml", TINY)]);
    for licence in LICENCES {
        repository.write(licence, "the text of the licence");
    }
    assert!(repository.codegen(&[]).0);
    let generated = repository.generated();
    for (folder, licence) in ["other", "tiny", "venues"].iter().flat_map(|folder| LICENCES.map(|name| (folder, name))) {
        assert_eq!(generated[&format!("{folder}/{licence}")], format!("link to ../../{licence}"));
        let read = fs::read_to_string(repository.0.join("generated").join(folder).join(licence)).unwrap();
        assert_eq!(read, "the text of the licence");
    }
    assert!(repository.codegen(&["--check"]).0);

    // A copy, or a link to another target, is stale.
    let mit = repository.0.join("generated/tiny/LICENSE-MIT");
    fs::remove_file(&mit).unwrap();
    for stale in ["the text of the licence", "../../LICENSE-MIT"] {
        fs::write(&mit, stale).unwrap();
        assert!(
            !repository.codegen(&["--check"]).0,
            "`--check` accepts a file with the text `{stale}` in place of the link"
        );
    }
    fs::remove_file(&mit).unwrap();
    std::os::unix::fs::symlink("../LICENSE-MIT", &mit).unwrap();
    let (fresh, diff, _) = repository.codegen(&["--check"]);
    assert!(!fresh && diff.contains("-../LICENSE-MIT\n") && diff.contains("+../../LICENSE-MIT\n"), "{diff}");
    assert!(repository.codegen(&[]).0);
    assert_eq!(repository.generated(), generated);

    fs::remove_file(repository.0.join("specs/other.yaml")).unwrap();
    assert!(repository.codegen(&[]).0);
    assert!(!repository.0.join("generated/other").exists());
    assert_eq!(fs::read_to_string(repository.0.join("LICENSE-MIT")).unwrap(), "the text of the licence");

    // A licence that codegen did not write is never deleted.
    repository.write("generated/other/LICENSE-MIT", "another licence");
    let (done, _, complaint) = repository.codegen(&[]);
    assert!(!done && complaint.contains("generated/other/LICENSE-MIT was not written by codegen"), "{complaint}");
}

#[test]
fn the_crate_of_a_deleted_spec_is_deleted() {
    let repository = Repository::new("gone", &[("tiny.yaml", TINY), ("other.yaml", TINY)]);
    assert!(repository.codegen(&[]).0);
    fs::remove_file(repository.0.join("specs/other.yaml")).unwrap();
    let (fresh, diff, _) = repository.codegen(&["--check"]);
    assert!(!fresh && diff.contains("+++ /dev/null"));
    assert!(repository.codegen(&[]).0);
    assert!(!repository.0.join("generated/other").exists());
    assert!(!repository.generated()["venues/src/lib.rs"].contains("other"));
}

#[test]
fn check_writes_nothing_and_shows_a_diff_and_the_command_that_updates_the_files() {
    let repository = Repository::new("check", &[("tiny.yaml", TINY)]);
    assert!(repository.codegen(&[]).0);
    assert_eq!(repository.codegen(&["--check"]).1, "generated/ is fresh\n");
    let path = "generated/tiny/src/types.rs";
    let stale = repository.generated()["tiny/src/types.rs"].replace("The types of", "The sorts of");
    repository.write(path, &stale);
    let before = repository.generated();
    let (fresh, diff, complaint) = repository.codegen(&["tiny", "--check"]);
    assert!(!fresh);
    assert!(diff.contains(&format!("--- a/{path}\n+++ b/{path}\n@@ ")), "{diff}");
    assert!(diff.contains("-//! The sorts of") && diff.contains("+//! The types of"), "{diff}");
    assert_eq!(complaint, "1 file is stale; help: run `cargo xtask codegen tiny`\n");
    assert_eq!(before, repository.generated());
    assert!(repository.codegen(&["tiny"]).0 && repository.codegen(&["--check"]).0);
}

#[test]
fn faults_of_all_specs_are_listed_in_one_run_and_nothing_is_written() {
    let requred = TINY.replace("summary: A ping", "sumary: A ping").replace("x-crate", "x-strict: true\nx-crate");
    let dangling = TINY.replace("{type: object}", "{$ref: '#/components/schemas/Nowhere'}");
    let dangling = dangling.replace("x-crate", "x-strict: true\nx-crate");
    let specs =
        [("one.yaml", requred.as_str()), ("two.yaml", dangling.as_str()), ("three.yaml", "a: [1"), ("good.yaml", TINY)];
    let repository = Repository::new("faults", &specs);
    fs::write(repository.0.join("specs/four.yaml"), b"openapi: 3.0.3\ninfo: \xff\xfe\n").unwrap();
    let (done, said, complaint) = repository.codegen(&[]);
    assert!(!done && said.is_empty());
    for part in [
        "specs/one.yaml:10:",
        "did you mean `summary`",
        "specs/two.yaml:13:",
        "Nowhere",
        "specs/three.yaml:",
        "specs/four.yaml:2:7: this is not UTF-8",
        "nothing was written",
    ] {
        assert!(complaint.contains(part), "{part} in\n{complaint}");
    }
    assert!(repository.generated().is_empty());
}

#[test]
fn only_the_named_venues_are_read_and_generated() {
    let repository = Repository::new("some", &[("tiny.yaml", TINY), ("other.yaml", "not a spec")]);
    assert!(repository.codegen(&["tiny"]).0);
    assert!(repository.generated().keys().all(|path| !path.starts_with("other")));
}

#[test]
fn an_unknown_venue_is_refused_with_the_nearest_and_all_names() {
    let repository = Repository::new("unknown", &[("btse-spot.yaml", TINY), ("tiny.yaml", TINY)]);
    let (done, _, complaint) = repository.codegen(&["btse"]);
    assert!(!done);
    assert_eq!(
        complaint,
        "error: specs/btse.yaml does not exist; did you mean `btse-spot`?\nvenues: btse-spot, tiny\n"
    );
}

#[test]
fn missing_and_ambiguous_specs_and_a_file_in_place_of_a_directory_are_errors() {
    let none = Repository::new("none", &[]);
    assert!(none.codegen(&[]).2.contains("has no specs"));
    fs::remove_dir(none.0.join("specs")).unwrap();
    assert!(none.codegen(&[]).2.contains("cannot list"));
    let twice = Repository::new("twice", &[("tiny.yaml", TINY), ("tiny.json", "{}")]);
    assert!(twice.codegen(&[]).2.contains("describe one venue; keep one"));
    let blocked = Repository::new("blocked", &[("tiny.yaml", TINY)]);
    blocked.write("generated/tiny", "a file where a directory has to be");
    let (done, _, complaint) = blocked.codegen(&[]);
    assert!(!done && complaint.contains("generated/tiny"), "{complaint}");
}

#[test]
fn a_missing_signing_crate_is_a_finding_and_nothing_is_written() {
    let signed = signed("tinny");
    let repository = Repository::new("signing", &[("tiny.yaml", &signed)]);
    let manifest = |auth: &str| format!("[package]\nname = \"venuekit-auth-{auth}\"\n");
    repository.write("Cargo.toml", "[workspace]\nmembers = [\"auth/*\"]\n");
    repository.write("auth/tiny/Cargo.toml", &manifest("tiny"));
    let (succeeded, _, said) = repository.codegen(&[]);
    assert!(!succeeded);
    assert!(
        said.starts_with(
            "specs/tiny.yaml:3:9: there is no crate `venuekit-auth-tinny` to sign with\n  at /x-auth\n  \
             help: write the crate auth/tinny, package `venuekit-auth-tinny` (docs/add-a-venue.md); \
             the existing signing crates are: tiny\n"
        ),
        "{said}"
    );
    assert_eq!(repository.generated(), BTreeMap::new());

    // A dependency in the manifest is not enough: the folder of the crate must exist.
    let listed = "[workspace]\nmembers = [\"auth/*\"]\n\n[workspace.dependencies]\n";
    let line = "venuekit-auth-tinny = { path = \"auth/tinny\" }\n";
    repository.write("Cargo.toml", &format!("{listed}{line}"));
    let (succeeded, _, said) = repository.codegen(&[]);
    assert!(!succeeded && said.contains("no crate `venuekit-auth-tinny`"), "{said}");
    repository.write("auth/tinny/Cargo.toml", &manifest("tinny"));
    let (succeeded, _, said) = repository.codegen(&[]);
    assert!(succeeded, "{said}");
    let written = content(&repository.0.join("Cargo.toml"));
    assert_eq!(written, format!("{listed}{line}venuekit-auth-tiny = {{ path = \"auth/tiny\" }}\n"));
}

/// Only the spec, the signing crate and the profile are written by hand.
#[test]
fn a_new_venue_is_added_to_every_list_by_the_command() {
    let marks = ["<!-- `cargo xtask codegen` writes this table -->\n", "<!-- end of the table -->\n"];
    let repository = Repository::new("lists", &[("tiny.yaml", TINY)]);
    repository.write("README.md", &format!("# Venues\n\n{}{}\nThe end.\n", marks[0], marks[1]));
    repository.write("Cargo.toml", "[workspace]\nmembers = [\"auth/*\", \"generated/*\"]\n");
    repository.write("mock/src/venues/tiny.rs", "");
    let features = ["[features]\n# `cargo xtask codegen` writes these features.\n", "# The end of these features.\n"];
    repository.write("mock/Cargo.toml", &format!("[package]\nname = \"mock\"\n\n{}{}", features[0], features[1]));
    let (succeeded, said, complaint) = repository.codegen(&[]);
    assert!(succeeded, "{complaint}");
    for path in ["README.md", "mock/Cargo.toml", "mock/src/venues/mod.rs"] {
        assert!(said.contains(&format!("\n{path} written\n")), "{said}");
    }
    let read = |path: &str| content(&repository.0.join(path));
    let before = [read("README.md"), read("Cargo.toml"), read("mock/src/venues/mod.rs")];

    let other = signed("other").replace("title: Tiny", "title: A | B");
    repository.write("specs/other-spot.yaml", &other);
    repository.write("auth/other/Cargo.toml", "[package]\nname = \"venuekit-auth-other\"\n");
    repository.write("mock/src/venues/other_spot.rs", "");
    let (fresh, diff, complaint) = repository.codegen(&["--check"]);
    assert!(!fresh, "{diff}");
    for path in ["README.md", "Cargo.toml", "mock/Cargo.toml", "mock/src/venues/mod.rs", "generated/venues/src/lib.rs"]
    {
        assert!(diff.contains(&format!("+++ b/{path}\n")), "{diff}\n{complaint}");
    }
    let (succeeded, _, complaint) = repository.codegen(&["other-spot"]);
    assert!(succeeded, "{complaint}");
    let row = "| `other-spot` | A \\| B 1 | 1 | 0 | [`venuekit-other-spot`](generated/other-spot/README.md) |\n";
    assert_eq!(read("README.md"), before[0].replace("| `tiny` |", &format!("{row}| `tiny` |")));
    let line = "\n[workspace.dependencies]\nvenuekit-auth-other = { path = \"auth/other\" }\n";
    assert_eq!(read("Cargo.toml"), format!("{}{line}", before[1]));
    let (other, tiny) = ("#[cfg(feature = \"other-spot\")]\n", "#[cfg(feature = \"tiny\")]\n");
    let registry = before[2]
        .replace(&format!("{tiny}mod tiny;"), &format!("{other}mod other_spot;\n{tiny}mod tiny;"))
        .replace("    (\"tiny\",", "    (\"other-spot\", cfg!(feature = \"other-spot\")),\n    (\"tiny\",")
        .replace(
            &format!("        {tiny}        \"tiny\" =>"),
            &format!(
                "        {other}        \"other-spot\" => Some(&other_spot::PROFILE),\n        {tiny}        \"tiny\" =>"
            ),
        );
    assert_eq!(read("mock/src/venues/mod.rs"), registry);
    let features = "all-venues = [\"other-spot\", \"tiny\"]\nother-spot = [\"venuekit-venues/other-spot\"]\n";
    assert!(read("mock/Cargo.toml").contains(features), "{}", read("mock/Cargo.toml"));
    assert!(repository.codegen(&["--check"]).0);
}

#[test]
fn a_profile_without_a_venue_is_an_error() {
    let repository = Repository::new("profiles", &[("tiny.yaml", TINY)]);
    repository.write("mock/src/venues/gone.rs", "");
    let (succeeded, _, complaint) = repository.codegen(&[]);
    assert!(!succeeded && complaint.contains("mock/src/venues/gone.rs is a profile without a venue"), "{complaint}");
    assert_eq!(repository.generated(), BTreeMap::new());
}

#[test]
fn a_crate_of_a_name_that_is_taken_is_a_finding_and_nothing_is_written() {
    let specs = [("auth-tiny.yaml", TINY), ("mock.yaml", TINY), ("venues.yaml", TINY)];
    let repository = Repository::new("taken", &specs);
    repository.write("Cargo.toml", "[workspace]\nmembers = [\"auth/*\", \"stand-in\", \"generated/*\"]\n");
    repository.write("auth/tiny/Cargo.toml", "[package]\nname = \"venuekit-auth-tiny\"\n");
    repository.write("stand-in/Cargo.toml", "[package]\nname = \"venuekit-mock\"\n");
    let (succeeded, _, said) = repository.codegen(&[]);
    assert!(!succeeded);
    for (file, package, folder) in [
        ("auth-tiny", "venuekit-auth-tiny", "auth/tiny"),
        ("mock", "venuekit-mock", "stand-in"),
        ("venues", "venuekit-venues", "generated/venues"),
    ] {
        let finding = format!(
            "specs/{file}.yaml:1:1: the file's name gives its crate the name `{package}`, which the package in {folder} has\n  \
             help: give the file another name\n"
        );
        assert!(said.contains(&finding), "{said}");
    }
    assert_eq!(repository.generated(), BTreeMap::new());
}
