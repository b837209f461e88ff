//! Tests the inputs of `cargo xtask diff`: the standard input, `REV:path`, directories, overlays.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod repository;

use std::fs;

use repository::{Repository, TINY, both, ids, temporary, venues, xtask, xtask_with};
use serde_json::Value;

fn json(arguments: &[&str]) -> Value {
    let ran = xtask(&[arguments, &["--format", "json"]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn a_dash_is_the_standard_input_on_either_side() {
    let (dir, _temporary) = temporary("dash");
    let file = dir.join("tiny.yaml").to_str().unwrap().to_owned();
    fs::write(&file, TINY).unwrap();
    let ran = xtask_with(&["-", &file], &both());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with(&format!("from the standard input to {file}\n")), "{}", ran.stdout);
    assert!(ran.stdout.contains("\ntiny  ") && ran.stdout.contains("operation-removed"), "{}", ran.stdout);
    assert!(ran.stdout.contains("stdin.yaml:"), "{}", ran.stdout);
    let ran = xtask_with(&[&file, "-"], &both());
    assert!(ran.stdout.contains("\ntiny  ") && ran.stdout.contains("operation-added"), "{}", ran.stdout);
    // JSON is told by its first character, because the standard input has no file name.
    let json = r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}}"#;
    assert!(xtask_with(&[&file, "-"], json).stdout.contains("operation-removed"));
    for (arguments, input, why) in [
        (["-", "-"], "", "both inputs are the standard input; help: give one of them as a file"),
        ([&file, "-"], "a: [1", "stdin.yaml:2:1: this is not YAML"),
    ] {
        let ran = xtask_with(&arguments, input);
        assert!(ran.code == 2 && ran.stderr.contains(why), "{}", ran.stderr);
    }
}

#[test]
fn a_file_of_a_commit_is_compared_with_any_other_input() {
    let repository = Repository::new("commits", &[("tiny.yaml", &both())]);
    repository.git(&["tag", "v1"]);
    let second = repository.commit("second", &[("tiny.yaml", TINY)]);
    let root = ["--root", repository.root()];
    let at = |arguments: &[&str]| json(&[arguments, &root].concat());
    let said = at(&["v1:specs/tiny.yaml", &format!("{second}:specs/tiny.yaml")]);
    assert_eq!((ids(&said, "tiny"), &said["base"]["name"]), (vec!["operation-removed"], &"v1:specs/tiny.yaml".into()));
    assert_eq!(said["head"]["commit"], second.as_str());
    assert_eq!(said["venues"][0]["changes"][0]["file"], "specs/tiny.yaml");
    let file = repository.0.join("specs/tiny.yaml");
    let mixed = at(&["v1:./specs/tiny.yaml", file.to_str().unwrap()]);
    assert_eq!(ids(&mixed, "tiny"), ["operation-removed"]);
    let directory = at(&["v1:specs", repository.0.join("specs").to_str().unwrap()]);
    assert_eq!(ids(&directory, "tiny"), ["operation-removed"]);

    for (name, why) in [
        ("v9:specs/tiny.yaml", "unknown revision `v9`"),
        ("v1:specs/none.yaml", "specs/none.yaml does not exist in v1"),
        ("-x:specs/tiny.yaml", "unexpected argument"),
        (":specs/tiny.yaml", "unknown revision ``"),
        ("v1:../secret.yaml", "outside repository"),
        ("v1:specs", "only one of v1:specs and "),
    ] {
        let ran = repository.diff(&[name, file.to_str().unwrap()]);
        assert!(ran.code == 2 && ran.stdout.is_empty() && ran.stderr.contains(why), "{name}: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_of_a_commit_is_not_followed_and_not_read_as_text() {
    let repository = Repository::new("linked", &[("tiny.yaml", TINY)]);
    std::os::unix::fs::symlink("tiny.yaml", repository.0.join("specs/other.yaml")).unwrap();
    // The text of this link would be a valid document behind a `$ref`.
    std::os::unix::fs::symlink("Side: {type: string}", repository.0.join("specs/part.yaml")).unwrap();
    let reference = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {post: {requestBody: {content: \
                     {application/json: {schema: {$ref: 'part.yaml#/Side'}}}}, responses: {}}}\n";
    repository.commit("links", &[("refers.yaml", reference)]);
    let ran = repository.diff(&["HEAD:specs/other.yaml", "HEAD:specs/tiny.yaml"]);
    assert!(ran.code == 2 && ran.stderr.contains("a symbolic link is not followed"), "{}", ran.stderr);
    let ran = repository.diff(&["HEAD:specs/refers.yaml", "HEAD:specs/refers.yaml"]);
    assert!(ran.code == 2 && ran.stderr.contains("part.yaml"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn the_specs_of_two_directories_are_compared_with_the_overlays_beside_them() {
    let (dir, _temporary) = temporary("directories");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    for name in ["old/own", "new", "empty"] {
        fs::create_dir_all(path(name)).unwrap();
    }
    for (name, text) in [
        ("old/tiny.yaml", both()),
        ("old/own/own.yaml", TINY.to_owned()),
        ("old/own/part.yaml", "not a venue".to_owned()),
        ("new/tiny.yaml", both()),
        ("new/tiny.overlay.yaml", OVERLAY.to_owned()),
        ("new/come.yaml", TINY.to_owned()),
    ] {
        fs::write(path(name), text).unwrap();
    }
    let said = json(&[&path("old"), &path("new")]);
    assert_eq!((venues(&said), &said["base"]["kind"]), (vec!["come", "own", "tiny"], &"directory".into()));
    assert_eq!((ids(&said, "tiny"), ids(&said, "own")), (vec!["operation-removed"], vec!["venue-removed"]));
    for (arguments, why) in [
        (vec![path("old"), path("new/tiny.yaml")], "is a directory; help: give two documents, or two directories"),
        (vec![path("empty"), path("empty")], "have no specs"),
        (
            vec![path("old"), path("new"), "--new-overlay".to_owned(), path("new/tiny.overlay.yaml")],
            "are for two documents; help: in a directory, the overlay of acme.yaml is acme.overlay.yaml beside it",
        ),
    ] {
        let ran = xtask(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(ran.code == 2 && ran.stderr.contains(why), "{}", ran.stderr);
    }
}

const OVERLAY: &str = "overlay: 1.0.0
info: {title: What we know, version: '1'}
actions:
  - target: $.paths['/time']
    remove: true
";

#[test]
fn overlays_are_applied_to_the_side_that_they_are_given_for() {
    let repository = Repository::new("overlays", &[("tiny.yaml", &both())]);
    fs::write(repository.0.join("known.yaml"), OVERLAY).unwrap();
    repository.commit("an overlay", &[]);
    let file = repository.0.join("specs/tiny.yaml").to_str().unwrap().to_owned();
    let overlay = repository.0.join("known.yaml").to_str().unwrap().to_owned();
    let root = ["--root", repository.root()];
    let at = |arguments: &[&str]| json(&[&[file.as_str(), &file], arguments, &root].concat());
    assert_eq!(venues(&at(&[])), [""; 0]);
    assert_eq!(ids(&at(&["--new-overlay", &overlay]), "tiny"), ["operation-removed"]);
    assert_eq!(ids(&at(&["--old-overlay", "HEAD:known.yaml"]), "tiny"), ["operation-added"]);
    assert_eq!(venues(&at(&["--old-overlay", &overlay, "--new-overlay", &overlay])), [""; 0]);
    let ran = repository.diff(&["tiny", "--new-overlay", &overlay]);
    assert!(ran.code == 2 && ran.stderr.contains("are for two documents"), "{}", ran.stderr);
}

#[test]
fn a_venue_is_a_venue_even_beside_a_directory_of_its_name() {
    let repository = Repository::new("venue", &[("tiny.yaml", &both())]);
    repository.write("tiny.yaml", TINY);
    let said = repository.json(&["tiny"]);
    assert_eq!(ids(&said, "tiny"), ["operation-removed"]);
}
