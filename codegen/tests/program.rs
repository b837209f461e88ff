//! Runs the program `venuekit-codegen` as a user does.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A document such as a venue publishes. One operation lacks a summary and an example, and the
/// other has a body that this generator does not support.
const PUBLISHED: &str = "openapi: 3.0.1
info: {title: Acme, version: '2'}
servers: [{url: 'https://acme.example'}]
paths:
  /book:
    get:
      operationId: getBook
      responses:
        '200': {description: The book., content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
  /orders:
    post:
      operationId: placeOrder
      requestBody:
        required: true
        content: {application/xml: {schema: {type: string}}}
      responses: {'200': {description: Placed.}}
components:
  schemas:
    Book:
      type: object
      properties:
        bids: {type: array, items: {$ref: '#/components/schemas/Level'}}
    Level:
      type: object
      properties:
        price: {type: number}
        venue: {type: quark}
";

const REMOVED: &str = "overlay: 1.0.0
info: {title: Acme, version: '1'}
actions:
  - {target: \"$.paths['/orders']\", remove: true}
";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
        fs::write(folder.path("acme.yaml"), PUBLISHED).unwrap();
        fs::write(folder.path("removed.yaml"), REMOVED).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the program in the folder. Returns its exit code, its stdout and its stderr.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_venuekit-codegen"));
        let output = command.args(arguments).current_dir(self.0.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    fn report(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path("report.json")).unwrap()).unwrap()
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn a_crate_is_written_and_checked_in_a_folder_with_files_of_the_user() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("acme/examples")).unwrap();
    fs::write(folder.path("acme/examples/mine.rs"), "fn main() {}\n").unwrap();
    let generate = ["generate", "acme.yaml", "--overlay", "removed.yaml", "--out", "acme", "--runtime-version", "0.1"];
    let (code, stdout, stderr) = folder.run(&generate);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.starts_with("acme: ") && stdout.ends_with(" written, 0 kept, 0 deleted\n"), "{stdout}");
    let manifest = fs::read_to_string(folder.path("acme/Cargo.toml")).unwrap();
    insta::assert_snapshot!("manifest", manifest);
    assert!(folder.path("acme/src/client.rs").is_file() && folder.path("acme/examples/mine.rs").is_file());

    let check: Vec<&str> = generate.iter().copied().chain(["--check"]).collect();
    assert_eq!(folder.run(&check), (Some(0), "acme is fresh\n".to_owned(), stderr));
    let client = folder.path("acme/src/client.rs");
    let changed = fs::read_to_string(&client).unwrap().replace("get_book", "take_book");
    fs::write(&client, &changed).unwrap();
    let (code, stdout, _) = folder.run(&check);
    assert!(code == Some(1) && stdout.contains("-    pub fn take_book"), "{stdout}");
    assert_eq!(fs::read_to_string(&client).unwrap(), changed);
    // A file that the generator no longer writes is deleted.
    fs::write(folder.path("acme/src/old.rs"), fs::read_to_string(&client).unwrap()).unwrap();
    let (code, stdout, _) = folder.run(&generate);
    assert!(code == Some(0) && stdout.contains("1 written, ") && stdout.contains(", 1 deleted"), "{stdout}");
}

#[test]
fn a_file_of_the_user_is_never_overwritten() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("acme")).unwrap();
    fs::write(folder.path("acme/Cargo.toml"), "[package]\n").unwrap();
    let (code, _, stderr) = folder.run(&["generate", "acme.yaml", "--overlay", "removed.yaml", "--out", "acme"]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("acme/Cargo.toml was not written by the generator"), "{stderr}");
    assert_eq!(fs::read_to_string(folder.path("acme/Cargo.toml")).unwrap(), "[package]\n");
    assert!(!folder.path("acme/src").exists());
}

#[test]
fn an_operation_that_has_to_be_left_out_is_an_error_unless_it_is_accepted_or_removed() {
    let folder = Folder::new();
    let generate = ["generate", "acme.yaml", "--out", "acme"];
    let (code, _, stderr) = folder.run(&generate);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("acme.yaml:15:") && stderr.contains("`POST /orders` is left out"), "{stderr}");
    assert!(stderr.contains("1 operations have to be left out") && !folder.path("acme").exists(), "{stderr}");
    let accepted: Vec<&str> = generate.iter().copied().chain(["--skip-unsupported"]).collect();
    assert_eq!(folder.run(&accepted).0, Some(0));
    assert!(fs::read_to_string(folder.path("acme/src/client.rs")).unwrap().contains("pub fn get_book"));
    let denied: Vec<&str> = accepted.iter().copied().chain(["--deny", "warnings"]).collect();
    let (code, _, stderr) = folder.run(&denied);
    assert!(code == Some(1) && stderr.contains("nothing was written"), "{stderr}");
}

#[test]
fn the_report_has_the_result_and_the_findings_of_each_operation() {
    let folder = Folder::new();
    let (code, ..) = folder.run(&["generate", "acme.yaml", "--out", "acme", "--report", "report.json"]);
    assert_eq!(code, Some(1));
    let report = folder.report();
    assert_eq!((&report["generated"], &report["of"]), (&1.into(), &2.into()));
    let messages = |operation: &Value, effect: &str| -> Vec<String> {
        let indices = operation[effect].as_array().into_iter().flatten();
        indices.map(|at| report["findings"][at.as_u64().unwrap() as usize]["message"].to_string()).collect()
    };
    let [book, place] = report["operations"].as_array().unwrap().as_slice() else { panic!("{report}") };
    assert_eq!(
        (&book["id"], &book["route"], &book["generated"]),
        (&"getBook".into(), &"GET /book".into(), &true.into())
    );
    // The finding is on a component that the operation reaches through another component.
    assert!(messages(book, "untyped").iter().any(|message| message.contains("quark")), "{report:#}");
    assert!(messages(book, "synthesised").iter().any(|message| message.contains("summary")), "{report:#}");
    assert_eq!((&place["id"], &place["generated"]), (&"placeOrder".into(), &false.into()));
    assert_eq!(messages(place, "left_out").len(), 1, "{report:#}");
    let level = report["findings"].as_array().unwrap().iter().find(|finding| finding["effect"] == "untyped").unwrap();
    assert_eq!((&level["file"], &level["line"]), (&"acme.yaml".into(), &27.into()));
}

#[test]
fn a_document_that_cannot_be_read_has_a_report_too() {
    let folder = Folder::new();
    fs::write(folder.path("acme.yaml"), "openapi: 3.0.1\ninfo: [").unwrap();
    let (code, _, stderr) = folder.run(&["generate", "acme.yaml", "--out", "acme", "--report", "report.json"]);
    assert!(code == Some(1) && stderr.contains("acme.yaml:3:"), "{stderr}");
    let report = folder.report();
    assert_eq!((&report["generated"], &report["findings"][0]["effect"]), (&0.into(), &"error".into()));
}

#[test]
fn the_errors_about_an_unreadable_file_name_the_file() {
    let folder = Folder::new();
    let (code, _, stderr) = folder.run(&["generate", "nowhere.yaml", "--out", "acme"]);
    assert!(code == Some(1) && stderr.starts_with("error: nowhere.yaml cannot be read: "), "{stderr}");
    fs::write(folder.path("latin.yaml"), b"openapi: 3.0.1\ninfo: \xff\n").unwrap();
    let (code, _, stderr) = folder.run(&["generate", "latin.yaml", "--out", "acme"]);
    assert!(code == Some(1) && stderr.starts_with("error: latin.yaml:2:7: this is not UTF-8"), "{stderr}");
}

#[test]
fn the_effective_document_is_printed() {
    let folder = Folder::new();
    let (code, stdout, _) = folder.run(&["effective", "acme.yaml", "--overlay", "removed.yaml"]);
    assert_eq!(code, Some(0));
    let document: Value = serde_json::from_str(&stdout).unwrap();
    assert!(document["paths"]["/orders"].is_null() && document["paths"]["/book"].is_object());
}

#[test]
fn a_crate_outside_the_workspace_has_the_same_sources_as_the_one_inside() {
    let folder = Folder::new();
    // The crate names the file of its spec, and no other part of the path on this machine.
    let spec = folder.path("specs/btse-spot.yaml");
    fs::create_dir(folder.path("specs")).unwrap();
    fs::copy(repository().join("specs/btse-spot.yaml"), &spec).unwrap();
    let (spec, path) = (spec.to_str().unwrap(), repository().to_str().unwrap());
    let (code, _, stderr) = folder.run(&["generate", spec, "--out", "btse", "--runtime-path", path]);
    assert_eq!(code, Some(0), "{stderr}");
    for file in ["client", "operations", "types", "meta", "lib"] {
        let text = |path: PathBuf| {
            let text = fs::read_to_string(path).unwrap();
            text.split_once('\n').unwrap().1.to_owned()
        };
        let ours = text(repository().join(format!("generated/btse-spot/src/{file}.rs")));
        let written = text(folder.path(&format!("btse/src/{file}.rs")));
        let other = written.lines().zip(ours.lines()).find(|(written, ours)| written != ours);
        assert_eq!(other, None, "{file}");
        assert_eq!(written.len(), ours.len(), "{file}");
    }
    let manifest = fs::read_to_string(folder.path("btse/Cargo.toml")).unwrap();
    assert!(manifest.contains(&format!("venuekit-auth-btse = {{ path = \"{path}/auth/btse\" }}")), "{manifest}");
}

#[test]
fn a_document_that_refers_to_a_file_beside_it_is_read_from_any_directory() {
    let folder = Folder::new();
    let reference = "{$ref: types/book.yaml#/Book}";
    fs::create_dir_all(folder.path("in/types")).unwrap();
    fs::write(folder.path("in/acme.yaml"), PUBLISHED.replace("{$ref: '#/components/schemas/Book'}", reference))
        .unwrap();
    fs::write(folder.path("in/types/book.yaml"), "Book: {type: object, properties: {beside: {type: string}}}").unwrap();
    let (code, effective, said) = folder.run(&["effective", "in/acme.yaml"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(effective.contains("\"beside\"") && !effective.contains("book.yaml"), "{effective}");
}

/// Findings are grouped by their effect, and the most important effects come first. Of each kind of
/// finding, the first is shown. Each operation that is left out is named.
#[test]
fn the_findings_are_grouped_and_verbose_lists_all() {
    let folder = Folder::new();
    let second = PUBLISHED.replace(
        "components:\n",
        "  /cancels:
    post:
      operationId: cancelOrder
      requestBody: {required: true, content: {application/xml: {schema: {type: string}}}}
      responses: {'200': {description: Cancelled.}}
components:\n",
    );
    fs::write(folder.path("acme.yaml"), second).unwrap();
    let generate = ["generate", "acme.yaml", "--out", "acme", "--skip-unsupported"];
    let (code, _, stderr) = folder.run(&generate);
    assert_eq!(code, Some(0), "{stderr}");
    insta::assert_snapshot!("grouped", stderr);
    let verbose: Vec<&str> = generate.iter().copied().chain(["--verbose"]).collect();
    let (_, _, stderr) = folder.run(&verbose);
    assert_eq!(stderr.matches("` is left out: ").count(), 2, "{stderr}");
    assert!(stderr.matches("the summary of the operation is made up").count() > 1, "{stderr}");
}

/// Returns all files in a folder, by their paths.
fn files(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                all.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    all.sort();
    all
}

#[test]
fn a_published_file_is_taken_in_byte_for_byte_and_generates_afterwards() {
    let folder = Folder::new();
    let published = PUBLISHED.replace('\n', "\r\n");
    fs::write(folder.path("download"), &published).unwrap();
    let (code, stdout, stderr) = folder.run(&["new", "acme-spot", "--from", "download", "--out", "clients/acme"]);
    assert_eq!(code, Some(0), "{stderr}");
    insta::assert_snapshot!("new", stdout);
    assert_eq!(fs::read_to_string(folder.path("specs/acme-spot.yaml")).unwrap(), published);
    let generate = ["generate", "specs/acme-spot.yaml", "--overlay", "specs/acme-spot.overlay.yaml", "--out"];
    let check: Vec<&str> = generate.iter().copied().chain(["clients/acme", "--check"]).collect();
    let (code, stdout, stderr) = folder.run(&check);
    assert_eq!((code, stdout.as_str()), (Some(0), "clients/acme is fresh\n"), "{stderr}");
    assert!(fs::read_to_string(folder.path("clients/acme/src/client.rs")).unwrap().contains("pub fn get_book"));
}

#[test]
fn a_venue_that_is_taken_in_overwrites_nothing_and_a_failure_leaves_nothing() {
    let folder = Folder::new();
    let new = ["new", "acme-spot", "--from", "acme.yaml", "--out", "clients/acme"];
    let assert_unchanged = |arguments: &[&str], expected: &str| {
        let before = files(folder.0.path());
        let (code, _, stderr) = folder.run(arguments);
        assert!(code == Some(1) && stderr.contains(expected), "{stderr}");
        assert_eq!(files(folder.0.path()), before);
    };
    for (existing, expected) in [
        ("specs/acme-spot.yaml", "specs/acme-spot.yaml exists already"),
        ("specs/acme-spot.overlay.yaml", "specs/acme-spot.overlay.yaml exists already"),
        ("clients/acme/Cargo.toml", "clients/acme has a crate already"),
        // The crate cannot be written where a file is.
        ("clients", "cannot"),
    ] {
        let path = folder.path(existing);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        assert_unchanged(&new, expected);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        fs::remove_file(&path).unwrap();
        for empty in ["specs", "clients/acme", "clients"] {
            let _ = fs::remove_dir(folder.path(empty));
        }
    }
    assert_unchanged(&["new", "Acme", "--from", "acme.yaml", "--out", "x"], "cannot be the name of a crate");
    assert_unchanged(&["new", "acme", "--from", "nowhere.json", "--out", "x"], "nowhere.json cannot be read");
    fs::write(folder.path("broken.json"), "{\"openapi\": ").unwrap();
    assert_unchanged(&["new", "acme", "--from", "broken.json", "--out", "x"], "specs/acme.json:1:13");
    let missing: Vec<&str> = new.iter().copied().chain(["--auth", "./signer"]).collect();
    assert_unchanged(&missing, "--auth ./signer: signer/Cargo.toml: ");
}

#[test]
fn files_beside_a_published_file_are_taken_into_a_folder_of_its_own() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("in/types")).unwrap();
    let published = PUBLISHED.replace("{$ref: '#/components/schemas/Book'}", "{$ref: types/book.yaml#/Book}");
    fs::write(folder.path("in/api.yml"), &published).unwrap();
    fs::write(folder.path("in/types/book.yaml"), "Book: {type: object, properties: {price: {type: string}}}").unwrap();
    fs::write(folder.path("in/other.yaml"), "unused: true").unwrap();
    let (code, _, stderr) = folder.run(&["new", "acme-spot", "--from", "in/api.yml", "--out", "clients/acme"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(
        files(&folder.path("specs")),
        ["acme-spot/acme-spot.overlay.yaml", "acme-spot/acme-spot.yml", "acme-spot/types/book.yaml"]
    );
    // A field of the other file is a decimal as well.
    let overlay = fs::read_to_string(folder.path("specs/acme-spot/acme-spot.overlay.yaml")).unwrap();
    assert!(overlay.contains("- price # by its name only"), "{overlay}");
}

/// Returns the published document with signed operations, and the crate that signs them.
fn signed(auth: &str) -> String {
    let document = PUBLISHED.replace("quark", "string");
    let scheme = "  securitySchemes: {sign: {type: apiKey, in: header, name: X-SIGN, x-signature: true}}\n";
    format!("x-auth: {auth}\nsecurity: [{{sign: []}}]\n{document}{scheme}")
}

const OWN_SIGNER: &str = "[package]\nname = \"acme-signer\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

#[test]
fn an_own_signer_is_a_dependency_and_a_missing_one_is_a_finding() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("signer")).unwrap();
    fs::write(folder.path("signer/Cargo.toml"), OWN_SIGNER).unwrap();
    let generate = |auth: &str| {
        fs::write(folder.path("acme.yaml"), signed(auth)).unwrap();
        folder.run(&["generate", "acme.yaml", "--overlay", "removed.yaml", "--out", "clients/acme"])
    };
    for (auth, expected) in [
        (
            "{package: acme-signer, path: ../signer}",
            "acme.yaml:1:38: there is no package at `../signer` to sign with: clients/signer/Cargo.toml: ",
        ),
        (
            "{package: other-signer, path: ../../signer}",
            "acme.yaml:1:19: the package at `../../signer` is `acme-signer`, not `other-signer`\n  at /x-auth/package\n  \
             help: write package: acme-signer",
        ),
        ("{package: acme-signer}", "acme.yaml:1:1: `x-auth` does not tell where the package `acme-signer` is"),
        ("{package: serde, version: '1'}", "the generated crate depends on `serde` for another purpose"),
        ("{package: acme-signer, version: newest}", "`newest` is not a version requirement: "),
    ] {
        let (code, _, stderr) = generate(auth);
        assert!(code == Some(1) && stderr.contains(expected), "{auth}: {stderr}");
        assert!(!folder.path("clients").exists());
    }
    let (code, _, stderr) = generate("{package: acme-signer, path: ../../signer}");
    assert_eq!(code, Some(0), "{stderr}");
    let manifest = fs::read_to_string(folder.path("clients/acme/Cargo.toml")).unwrap();
    assert!(manifest.contains("\nacme-signer = { path = \"../../signer\" }\n"), "{manifest}");
    let library = fs::read_to_string(folder.path("clients/acme/src/lib.rs")).unwrap();
    assert!(library.contains("pub use acme_signer::Credentials;"), "{library}");
}

#[test]
fn a_signer_that_no_operation_needs_is_a_warning_and_an_error_if_warnings_are_denied() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("signer")).unwrap();
    fs::write(folder.path("signer/Cargo.toml"), OWN_SIGNER).unwrap();
    let text = format!("x-auth: {{package: acme-signer, path: ../signer}}\n{}", PUBLISHED.replace("quark", "string"));
    fs::write(folder.path("acme.yaml"), text).unwrap();
    let arguments = ["generate", "acme.yaml", "--overlay", "removed.yaml", "--out", "acme"];
    let expected = "`x-auth` names a crate that signs, but no operation needs credentials\n  at /x-auth\n  \
                    help: list the schemes that an operation needs in its `security`, or leave `x-auth` out";
    let (code, _, stderr) = folder.run(&arguments);
    assert!(code == Some(0) && stderr.contains(&format!("acme.yaml:1:1: warning: {expected}")), "{stderr}");
    let (code, _, stderr) = folder.run(&[&arguments[..], &["--deny", "warnings"]].concat());
    assert!(code == Some(1) && stderr.contains(&format!("acme.yaml:1:1: {expected}")), "{stderr}");
}

#[test]
fn a_missing_crate_in_a_copy_of_the_repository_is_a_finding() {
    let folder = Folder::new();
    fs::write(folder.path("acme.yaml"), signed("acme")).unwrap();
    let generate = |path: &str| {
        let arguments = ["generate", "acme.yaml", "--overlay", "removed.yaml", "--out", "acme", "--runtime-path", path];
        folder.run(&arguments)
    };
    let (code, _, stderr) = generate(repository().to_str().unwrap());
    let expected = "acme.yaml:1:9: there is no crate `venuekit-auth-acme` to sign with: ";
    assert!(code == Some(1) && stderr.contains(expected), "{stderr}");
    assert!(stderr.contains("help: write one of altmarket, anboto, btse, "), "{stderr}");
    let (code, _, stderr) = generate("../nowhere");
    assert!(code == Some(1) && stderr.contains("--runtime-path ../nowhere: there is no package in "), "{stderr}");
}
