//! Tests `specs/diff.toml`: other levels, and accepted changes.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod repository;

use std::fs;

use repository::{Repository, TINY, both};

const ACCEPT: &str = "[[accept]]
rule = \"operation-removed\"
venue = \"tiny\"
place = \"time\"
until = 2999-12-31
why = \"the venue delisted it\"
";

fn removed(policy: &str) -> Repository {
    let repository = Repository::new("policy", &[("tiny.yaml", &both()), ("other.yaml", TINY)]);
    repository.write("tiny.yaml", TINY);
    repository.write("diff.toml", policy);
    repository
}

#[test]
fn an_accepted_change_is_shown_and_does_not_fail_the_command() {
    let repository = removed(ACCEPT);
    let ran = repository.diff(&["--fail-on", "any"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("; 1 accepted\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  accepted until 2999-12-31: the venue delisted it\n"), "{}", ran.stdout);
    // The crate needs its step all the same.
    assert_eq!(repository.diff(&["--check-versions"]).code, 1);
    let markdown = repository.diff(&["--format", "markdown"]).stdout;
    assert!(markdown.contains("1 change is accepted by the project. "), "{markdown}");
    assert!(markdown.contains(" · accepted until 2999-12-31: the venue delisted it · "), "{markdown}");
    let change = &repository.json(&[])["venues"][0]["changes"][0];
    assert_eq!(change["accepted"].to_string(), r#"{"until":"2999-12-31","why":"the venue delisted it"}"#);
}

#[test]
fn an_exception_that_expired_or_matches_nothing_is_said() {
    let expired = ACCEPT.replace("2999-12-31", "2020-01-31");
    let elsewhere = ACCEPT.replace("\"time\"", "\"clock\"");
    let repository = removed(&format!("{expired}{elsewhere}"));
    let ran = repository.diff(&["--fail-on", "any"]);
    assert_eq!(ran.code, 1);
    let notes = [
        "specs/diff.toml:2: `operation-removed` at `time` of tiny: the exception expired on 2020-01-31 and no longer \
         counts; help: delete it, or decide anew",
        "specs/diff.toml:8: `operation-removed` at `clock` of tiny: the exception matches no change; help: delete it",
    ];
    for note in notes {
        assert!(ran.stdout.contains(&format!("\n{note}\n")), "{}", ran.stdout);
    }
    let markdown = repository.diff(&["--format", "markdown"]).stdout;
    assert!(
        markdown.contains("- `specs/diff.toml:2: `") || markdown.contains("the exception expired on"),
        "{markdown}"
    );
    let said = repository.json(&[])["notes"].clone();
    assert_eq!(said[0], "specs/diff.toml differs from that of the old revision; help: review its changes first");
    assert_eq!((&said[1], &said[2]), (&notes[0].into(), &notes[1].into()));
    repository.commit("the policy is not new", &[]);
    assert_eq!(repository.json(&["--base", "HEAD"])["notes"][0], notes[0]);
    // If another venue is compared only, nothing is known about this exception.
    repository.write("diff.toml", &elsewhere);
    let ran = repository.diff(&["other"]);
    assert!(!ran.stdout.contains("matches no change"), "{}", ran.stdout);
}

#[test]
fn a_level_of_the_project_replaces_that_of_the_rule() {
    let level =
        "[[level]]\nrule = \"operation-removed\"\nwire = \"safe\"\nsource = \"risky\"\nwhy = \"it never worked\"\n";
    let repository = removed(level);
    assert_eq!(repository.diff(&["--fail-on", "any"]).code, 0);
    assert_eq!(repository.diff(&["--fail-on", "risky"]).code, 1);
    let change = &repository.json(&[])["venues"][0]["changes"][0];
    assert_eq!((&change["wire"]["verdict"], &change["source"]["verdict"]), (&"safe".into(), &"risky".into()));
    let reason = change["wire"]["reason"].as_str().unwrap();
    assert!(reason.starts_with("it never worked (specs/diff.toml:2; otherwise breaking: "), "{reason}");
    assert_eq!(repository.json(&[])["venues"][0]["version"]["step"], "minor");
}

#[test]
fn the_policy_is_that_of_the_new_revision_or_the_named_file() {
    let repository = removed(ACCEPT);
    let with = repository.commit("with a policy", &[]);
    fs::remove_file(repository.0.join("specs/diff.toml")).unwrap();
    let accepted = |arguments: &[&str]| repository.diff(arguments).stdout.contains("1 accepted");
    let first = format!("{with}~");
    assert!(accepted(&["--base", &first, "--head", &with]));
    assert!(!accepted(&["--base", &first]));
    let named = repository.0.join("mine.toml");
    fs::write(&named, ACCEPT).unwrap();
    let named = named.to_str().unwrap();
    assert!(accepted(&["--base", &first, "--policy", named]));
    // Two inputs have no policy of their own.
    let inputs = [format!("{first}:specs/tiny.yaml"), format!("{with}:specs/tiny.yaml")];
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    assert!(!accepted(&inputs));
    assert!(accepted(&[&inputs[..], &["--policy", named]].concat()));
}

#[test]
fn the_report_says_that_a_policy_is_faulty_and_applies_nothing_of_it() {
    let fault = "specs/diff.toml:8: `operation-gone` is not a rule; help: did you mean `";
    let repository = removed(&format!("{ACCEPT}{}", ACCEPT.replace("operation-removed", "operation-gone")));
    let ran = repository.diff(&["--fail-on", "none"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.starts_with(&format!("error: {fault}")), "{}", ran.stderr);
    assert!(ran.stdout.contains(&format!("\n{fault}")), "{}", ran.stdout);
    assert!(ran.stdout.contains("operation-removed") && !ran.stdout.contains("accepted until"), "{}", ran.stdout);
    let json: serde_json::Value = serde_json::from_str(&repository.diff(&["--format", "json"]).stdout).unwrap();
    assert!(json["notes"][0].as_str().unwrap().starts_with(fault), "{}", json["notes"]);
    // The workflow writes the report of this format into a file, and comments with it.
    let file = repository.0.join("comment.md");
    let ran = repository.diff(&["--format", "markdown", "--output", file.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let comment = fs::read_to_string(file).unwrap();
    assert!(comment.contains("operation-gone") && comment.contains("none of its levels"), "{comment}");
    // In the old revision it does not matter.
    repository.commit("the policy is faulty", &[]);
    repository.write("diff.toml", ACCEPT);
    assert_eq!(repository.diff(&["--base", "HEAD"]).code, 0);
}

#[test]
fn a_named_policy_that_is_faulty_is_an_error_and_nothing_is_compared() {
    let repository = removed("");
    let named = repository.0.join("mine.toml");
    fs::write(&named, ACCEPT.replace("operation-removed", "operation-gone")).unwrap();
    let ran = repository.diff(&["--policy", named.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("mine.toml:2: `operation-gone` is not a rule"), "{}", ran.stderr);
    let ran = repository.diff(&["--policy", "nowhere.toml"]);
    assert!(ran.code == 2 && ran.stderr.contains("nowhere.toml: cannot be read"), "{}", ran.stderr);
}
