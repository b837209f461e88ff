//! Tests `cargo xtask diff` as a user runs it, on test repositories.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod repository;

use std::fs;

use serde_json::Value;

use repository::{Repository, TINY, both, git, ids, reworded, temporary, venues, xtask, xtask_in};

#[test]
fn by_default_a_branch_is_compared_with_its_merge_base() {
    let tiny = both();
    let repository = Repository::new("branch", &[("tiny.yaml", &tiny), ("other.yaml", TINY), ("moved.yaml", TINY)]);
    let start = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.commit("on the branch", &[("tiny.yaml", TINY)]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.commit("meanwhile on main", &[("moved.yaml", &both())]);
    repository.git(&["checkout", "--quiet", "feature"]);

    let said = repository.json(&[]);
    assert_eq!((&said["base"]["name"], &said["base"]["commit"]), (&"main...".into(), &start.as_str().into()));
    assert_eq!((&said["head"]["kind"], &said["head"]["commit"]), (&"working-tree".into(), &Value::Null));
    assert_eq!((venues(&said), said["unchanged"].to_string()), (vec!["tiny"], r#"["moved","other"]"#.to_owned()));
    assert_eq!(ids(&said, "tiny"), ["operation-removed"]);

    // If the remote's main branch is known, it is used before the local one.
    repository.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repository.git(&["branch", "--quiet", "-D", "main"]);
    assert_eq!(repository.json(&[])["base"]["name"], "origin/main...");
    repository.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    assert_eq!(repository.json(&["--head", "feature"])["base"]["name"], "origin/HEAD...");
}

#[test]
fn uncommitted_and_untracked_specs_are_compared() {
    let repository = Repository::new("uncommitted", &[("tiny.yaml", &both()), ("other.yaml", TINY)]);
    let ran = repository.diff(&[]);
    assert!(ran.code == 0 && ran.stdout.ends_with("to the working tree\n\nnothing changed\n"), "{}", ran.stdout);
    repository.write("tiny.yaml", TINY);
    repository.write("untracked.yaml", TINY);
    repository.write("README.md", "no spec");
    let said = repository.json(&[]);
    assert_eq!(venues(&said), ["tiny", "untracked"]);
    assert_eq!((ids(&said, "tiny"), ids(&said, "untracked")), (vec!["operation-removed"], vec!["venue-added"]));
    assert_eq!(venues(&repository.json(&["--head", "HEAD"])), [""; 0]);
}

#[test]
fn two_revisions_are_compared_without_the_working_tree() {
    let repository = Repository::new("revisions", &[("tiny.yaml", &both())]);
    repository.git(&["tag", "v1"]);
    let second = repository.commit("second", &[("tiny.yaml", TINY)]);
    repository.write("tiny.yaml", "nonsense");
    let said = repository.json(&["--base", "v1", "--head", &second[..10]]);
    assert_eq!((&said["base"]["name"], &said["head"]["commit"]), (&"v1".into(), &second.as_str().into()));
    let change = &said["venues"][0]["changes"][0];
    assert_eq!(ids(&said, "tiny"), ["operation-removed"]);
    assert_eq!((&change["revision"], &change["file"]), (&"old".into(), &"specs/tiny.yaml".into()));
    assert_eq!((&change["wire"]["verdict"], &change["source"]["verdict"]), (&"breaking".into(), &"breaking".into()));
    assert_eq!(said["wire"].to_string(), r#"{"breaking":1,"risky":0,"safe":0}"#);
    assert_eq!(ids(&repository.json(&["--base", &second, "--head", "v1"]), "tiny"), ["operation-added"]);
}

#[test]
fn a_base_with_three_dots_is_the_merge_base() {
    let repository = Repository::new("dots", &[("tiny.yaml", TINY), ("other.yaml", TINY)]);
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.commit("on the branch", &[("tiny.yaml", &reworded(TINY))]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.commit("meanwhile on main", &[("other.yaml", &both())]);
    let left = repository.json(&["--base", "main...", "--head", "feature"]);
    assert_eq!((venues(&left), &left["documentation"]), (vec!["tiny"], &1.into()));
    let straight = repository.json(&["--base", "main", "--head", "feature"]);
    assert_eq!((venues(&straight), ids(&straight, "other")), (vec!["other", "tiny"], vec!["operation-removed"]));
}

#[test]
fn two_files_need_no_repository() {
    let (dir, _temporary) = temporary("files");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    fs::write(path("old.yaml"), both()).unwrap();
    fs::write(path("new.yaml"), TINY).unwrap();
    fs::write(path("unnamed"), TINY).unwrap();
    let (old, new, unnamed) = (path("old.yaml"), path("new.yaml"), path("unnamed"));
    let ran = xtask(&[&old, &new]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with(&format!("from {old} to {new}\n\n1 of 1 venue changed; wire: ")), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n\nnew  "), "{}", ran.stdout);
    assert!(ran.stdout.contains("  breaking  breaking  operation-removed  "), "{}", ran.stdout);
    assert!(xtask(&[&new, &unnamed]).stdout.ends_with("nothing changed\n"));

    let refused = |arguments: &[&str], why: &str| {
        let ran = xtask(arguments);
        assert!(ran.code == 2 && ran.stderr.contains(why), "{arguments:?}: {}", ran.stderr);
    };
    refused(&[&old], "expected two inputs, the old one and the new one, but found 1");
    refused(&[&old, &new, &unnamed], "but found 3");
    refused(&[&old, "btse-spot"], "`btse-spot` is not a file; help: give two inputs, or venues only");
    refused(&[&old, &new, "--base", "main"], "--base and --head are for revisions");
    refused(&[&old, &new, "--head=main"], "--base and --head are for revisions");
    refused(&[&old, &new, "--format", "markdown", "--links", "https://x.example"], "--links needs revisions");
    refused(&[&old, "missing.yaml"], "missing.yaml: cannot be read");
}

#[test]
fn only_the_named_venues_are_compared() {
    let repository = Repository::new("some", &[("btse-spot.yaml", &both()), ("tiny.yaml", TINY), ("gone.yaml", TINY)]);
    repository.write("btse-spot.yaml", TINY);
    repository.write("tiny.yaml", "nonsense");
    fs::remove_file(repository.0.join("specs/gone.yaml")).unwrap();
    assert_eq!(venues(&repository.json(&["btse-spot", "gone"])), ["btse-spot", "gone"]);
    let ran = repository.diff(&["btse"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert_eq!(
        ran.stderr,
        "error: specs/btse.yaml does not exist; did you mean `btse-spot`?\nvenues: btse-spot, gone, tiny\n"
    );
}

#[test]
fn an_unknown_revision_is_an_error_with_help() {
    let repository = Repository::new("unknown", &[("tiny.yaml", TINY)]);
    repository.git(&["update-ref", "refs/remotes/origin/release", "main"]);
    let blob = repository.git(&["rev-parse", "HEAD:specs/tiny.yaml"]);
    for (arguments, why) in [
        (
            vec!["--base", "v9"],
            "unknown revision `v9`; help: was it fetched? CI needs the full history (`fetch-depth: 0`",
        ),
        (vec!["--head", "v9"], "unknown revision `v9`"),
        (vec!["--base", "v9..."], "unknown revision `v9`"),
        (vec!["--base", "..."], "unknown revision ``"),
        (vec!["--base", "release"], "unknown revision `release`; help: did you mean `origin/release`?"),
        (vec!["--base=--output=stolen"], "`--output=stolen` is not a revision: it begins with a dash"),
        (vec!["--base", "^main"], "unknown revision `^main`"),
        (vec!["--base", "main..main"], "unknown revision `main..main`"),
        (vec!["--base", "HEAD:specs"], "unknown revision `HEAD:specs`"),
        (vec!["--base", &blob], "unknown revision `"),
    ] {
        let ran = repository.diff(&arguments);
        assert!(ran.code == 2 && ran.stdout.is_empty() && ran.stderr.contains(why), "{arguments:?}: {}", ran.stderr);
    }
    repository.git(&["update-ref", "-d", "refs/remotes/origin/release"]);
    repository.git(&["branch", "--quiet", "-m", "main", "trunk"]);
    let ran = repository.diff(&[]);
    assert!(
        ran.code == 2 && ran.stderr.contains("no main branch was found to compare with (origin/HEAD, "),
        "{}",
        ran.stderr
    );
    assert_eq!(repository.diff(&["--base", "trunk"]).code, 0);
}

#[test]
fn without_git_or_a_repository_the_error_says_so() {
    let (dir, _temporary) = temporary("no repository");
    fs::create_dir(dir.join("specs")).unwrap();
    let root = dir.to_str().unwrap();
    let ran = xtask(&["--root", root]);
    assert!(
        ran.code == 2 && ran.stderr.contains(" is not in a git repository; help: compare two files"),
        "{}",
        ran.stderr
    );
    let ran = xtask(&["--root", dir.join("nowhere").to_str().unwrap()]);
    assert!(ran.code == 2 && ran.stderr.contains("nowhere"), "{}", ran.stderr);
    let ran = xtask_in(&["--root", root], &[("PATH", "/nonexistent")]);
    assert!(ran.code == 2 && ran.stderr.contains("git is not installed"), "{}", ran.stderr);
    git(&dir, &["init", "--quiet"]);
    git(&dir, &["commit", "--quiet", "--allow-empty", "-m", "empty"]);
    let ran = xtask(&["--root", root]);
    assert!(ran.code == 2 && ran.stderr.contains("has no specs in either revision"), "{}", ran.stderr);
}

#[test]
fn root_selects_the_repository_and_the_directory_in_it() {
    let repository = Repository::new("root", &[("tiny.yaml", TINY)]);
    let other = Repository::new("root of another", &[("other.yaml", TINY)]);
    let dir = other.0.join(".git");
    let ran = xtask_in(&["--root", repository.root()], &[("GIT_DIR", dir.to_str().unwrap())]);
    assert!(ran.code == 0 && ran.stdout.ends_with("nothing changed\n"), "{}{}", ran.stdout, ran.stderr);
    let inner = Repository(repository.0.join("inner"), None);
    inner.write("deep.yaml", both());
    repository.commit("a directory with separate specs", &[]);
    inner.write("deep.yaml", TINY);
    assert_eq!(ids(&inner.json(&["--base", "HEAD"]), "deep"), ["operation-removed"]);
}

#[test]
fn a_shallow_clone_without_a_common_commit_is_an_error_with_help() {
    let repository = Repository::new("deep", &[("tiny.yaml", TINY)]);
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.commit("on the branch", &[("tiny.yaml", &both())]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.commit("meanwhile on main", &[("other.yaml", TINY)]);
    let (shallow, _temporary) = temporary("shallow");
    let from = format!("file://{}", repository.root());
    let options = ["clone", "--quiet", "--depth", "1", "--no-single-branch", "--branch", "feature"];
    git(&shallow, &[&options[..], &[&from, "."]].concat());
    let ran = xtask(&["--root", shallow.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains(
            "`origin/HEAD` and `HEAD` have no common commit in this clone; help: the clone is shallow: CI needs the full"
        ),
        "{}",
        ran.stderr
    );

    let unrelated = Repository::new("unrelated", &[("tiny.yaml", TINY)]);
    unrelated.git(&["checkout", "--quiet", "--orphan", "feature"]);
    unrelated.commit("without a past", &[]);
    let ran = unrelated.diff(&[]);
    assert!(
        ran.code == 2 && ran.stderr.contains("`main` and `HEAD` have no common commit in this clone; help: name"),
        "{}",
        ran.stderr
    );
}

#[test]
fn added_and_removed_venues_are_reported() {
    let repository = Repository::new("come and go", &[("gone.yaml", TINY), ("stays.yaml", TINY)]);
    fs::remove_file(repository.0.join("specs/gone.yaml")).unwrap();
    let come = repository.commit("one comes, one goes", &[("come.json", r#"{"openapi": "3.0.3"}"#)]);
    repository.git(&["reset", "--quiet", "--hard", "HEAD~"]);
    repository.write("come.yaml", TINY);
    fs::remove_file(repository.0.join("specs/gone.yaml")).unwrap();
    let said = repository.json(&[]);
    assert_eq!((venues(&said), said["unchanged"].to_string()), (vec!["come", "gone"], r#"["stays"]"#.to_owned()));
    let [new, gone] = [&said["venues"][0], &said["venues"][1]];
    assert_eq!((&new["old"], &new["new"]["file"]), (&Value::Null, &"specs/come.yaml".into()));
    assert_eq!((&gone["old"]["crate_version"], &gone["new"]), (&"0.1.0".into(), &Value::Null));
    let ran = repository.diff(&["--fail-on", "wire"]);
    assert!(ran.code == 1 && ran.stdout.contains("come  new, 0.1.0\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("gone  gone, was 0.1.0\n"), "{}", ran.stdout);
    // A missing directory of specs, before or after, is not an error either.
    assert_eq!(repository.diff(&["--base", &come, "--head", "main", "stays"]).code, 0);
    fs::remove_dir_all(repository.0.join("specs")).unwrap();
    assert_eq!(venues(&repository.json(&[])), ["gone", "stays"]);
}

#[test]
fn the_report_can_be_written_to_a_file() {
    let repository = Repository::new("output", &[("tiny.yaml", &both())]);
    repository.write("tiny.yaml", TINY);
    let file = repository.0.join("said.md");
    let ran = repository.diff(&["--format", "markdown", "--output", file.to_str().unwrap(), "--fail-on", "any"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert_eq!(ran.stderr, "error: 1 change breaks clients on the wire or code that uses the crates\n");
    assert!(
        fs::read_to_string(file)
            .unwrap()
            .starts_with("<!-- venuekit spec diff -->\n**1 change breaks clients on the wire")
    );
    let ran = repository.diff(&["--output", repository.0.join("no/where").to_str().unwrap()]);
    assert!(ran.code == 2 && ran.stderr.starts_with("error: cannot write "), "{}", ran.stderr);
}

#[test]
fn the_exit_code_is_1_for_a_breaking_change_or_a_low_version_and_2_for_a_failed_comparison() {
    let repository = Repository::new("codes", &[("tiny.yaml", &both()), ("other.yaml", TINY)]);
    repository.write("other.yaml", reworded(TINY));
    for on in ["wire", "source", "any", "none"] {
        assert_eq!(repository.diff(&["--fail-on", on]).code, 0, "{on}");
    }
    repository.write("tiny.yaml", TINY);
    for (on, code) in [("wire", 1), ("source", 1), ("any", 1), ("none", 0)] {
        assert_eq!(repository.diff(&["--fail-on", on]).code, code, "{on}");
    }
    assert_eq!(repository.diff(&[]).code, 0);
    let ran = repository.diff(&["--check-versions"]);
    assert_eq!(ran.code, 1);
    let fault = "tiny: `x-crate-version` is 0.1.0, but the changes need a major step: write 0.2.0";
    assert!(ran.stderr.lines().count() == 1 && ran.stderr.contains(fault), "{}", ran.stderr);
    repository.write("tiny.yaml", TINY.replace("0.1.0", "0.2.0"));
    repository.write("other.yaml", reworded(TINY).replace("0.1.0", "0.1.1"));
    assert_eq!(repository.diff(&["--check-versions"]).code, 0);

    // A fault of one spec does not hide the comparison of the others.
    repository.write("other.yaml", "a: [1");
    repository.write("latin.yaml", b"openapi: 3.0.3\ninfo: \xff\xfe\n");
    let ran = repository.diff(&["--fail-on", "any"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("other  could not be compared\n  specs/other.yaml:"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  breaking  breaking  operation-removed"), "{}", ran.stdout);
    let said: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(said[0], "error: latin could not be compared: specs/latin.yaml:2:7: this is not UTF-8 (the new one)");
    assert!(
        said.len() == 2 && said[1].starts_with("error: other could not be compared: specs/other.yaml:"),
        "{said:?}"
    );
    assert_eq!(repository.diff(&["--format", "csv"]).code, 2);
}

#[test]
fn what_cannot_be_read_is_never_unchanged() {
    let (dir, _temporary) = temporary("unreadable");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let write = |name: &str, text: &str| fs::write(path(name), text).unwrap();
    let head = "openapi: 3.0.3\ninfo: {title: Tiny, version: '1'}\n";
    write("wrong.yaml", &format!("{head}paths: []\n"));
    let ran = xtask(&[&path("wrong.yaml"), &path("wrong.yaml")]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("wrong.yaml:3:1: expected an object, not a list"), "{}", ran.stderr);
    assert!(!ran.stdout.contains("nothing changed"), "{}", ran.stdout);

    // A file behind a `$ref` is read and compared. Without it the rest is compared.
    let document = |paths: &str| {
        let schema = "{$ref: 'part.yaml#/Side'}";
        let content = format!("content: {{application/json: {{schema: {schema}}}}}");
        format!("{head}paths:\n  /a: {{post: {{requestBody: {{{content}}}, responses: {{}}}}}}\n{paths}")
    };
    fs::create_dir_all(dir.join("old")).unwrap();
    fs::create_dir_all(dir.join("new")).unwrap();
    write("old/a.yaml", &document("  /b: {get: {responses: {}}}\n"));
    write("new/a.yaml", &document("  /b: {get: {responses: {}}}\n"));
    write("old/part.yaml", "Side: {type: string, enum: [buy, sell]}\n");
    write("new/part.yaml", "Side: {type: string, enum: [buy]}\n");
    let ran = xtask(&[&path("old/a.yaml"), &path("new/a.yaml")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("  breaking  breaking  enum-value-removed"), "{}", ran.stdout);
    write("new/a.yaml", &document(""));
    fs::remove_file(path("new/part.yaml")).unwrap();
    let ran = xtask(&[&path("old/a.yaml"), &path("new/a.yaml")]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(
        ran.stdout.contains("operation-removed") && ran.stderr.contains("a.yaml:4"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
}

#[test]
fn a_document_of_no_crate_without_changes_is_unchanged() {
    let (dir, _temporary) = temporary("foreign");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let text = TINY.replace("x-crate-version: 0.1.0\n", "");
    fs::write(path("old.yaml"), &text).unwrap();
    fs::write(path("new.yaml"), format!("# The same.\n{text}")).unwrap();
    let ran = xtask(&[&path("old.yaml"), &path("new.yaml")]);
    assert!(ran.code == 0 && ran.stdout.ends_with("nothing changed\n"), "{}", ran.stdout);
}

#[test]
fn changes_can_be_shown_from_a_level_on() {
    let repository = Repository::new("levels", &[("tiny.yaml", TINY)]);
    repository.write("tiny.yaml", both());
    let ran = repository.diff(&["--level", "risky"]);
    assert!(ran.stdout.contains("1 change below `risky` not shown"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("operation-added"), "{}", ran.stdout);
    assert_eq!(repository.diff(&["--fail-on", "risky"]).code, 0);
    repository.write("tiny.yaml", both().replace("https://tiny.example", "https://other.example"));
    assert_eq!(repository.diff(&["--fail-on", "risky"]).code, 1);
}

#[test]
fn a_spec_that_the_generator_refuses_is_compared_on_the_wire() {
    let repository = Repository::new("faults", &[("tiny.yaml", &both())]);
    let strict = TINY.replace("x-crate-version", "x-strict: true\nx-crate-version");
    repository.write("tiny.yaml", strict.replace("summary: A ping", "sumary: A ping"));
    let ran = repository.diff(&[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for part in [
        "names in Rust and `x-` extensions were not compared: no crate can be generated from the new spec (",
        "; `cargo xtask codegen tiny` shows them)\n    specs/tiny.yaml:",
        "operation-removed",
    ] {
        assert!(ran.stdout.contains(part), "{part} in\n{}", ran.stdout);
    }
    assert!(repository.json(&[])["venues"][0]["new"]["faults"].as_u64() >= Some(1));
}

#[test]
fn only_places_whose_lines_are_committed_get_a_link() {
    let repository = Repository::new("links", &[("tiny.yaml", &both()), ("other.yaml", TINY)]);
    let first = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    let second = repository.commit("second", &[("tiny.yaml", TINY), ("other.yaml", &both())]);
    let url = "https://github.com/venuekit/venuekit";
    let links = || repository.diff(&["--format", "markdown", "--links", &format!("{url}/")]).stdout;
    let old = format!("]({url}/blob/{first}/specs/tiny.yaml#L14)");
    let new = format!("]({url}/blob/{second}/specs/other.yaml#L");
    let said = links();
    assert!(said.contains(&old) && said.contains(&new), "{said}");
    assert!(repository.diff(&["--format", "markdown", "--head", &second, "--links", url]).stdout.contains(&new));
    // After this edit, no commit has the lines of the file.
    repository.write("other.yaml", format!("# a line more\n{}", both()));
    let said = links();
    assert!(said.contains(&old) && !said.contains(&new) && said.contains("`specs/other.yaml:"), "{said}");
    assert!(!repository.diff(&["--format", "markdown"]).stdout.contains("]("));

    for (arguments, why) in [
        (["--format", "text", "--links", url], "--links is for --format markdown"),
        (["--format", "markdown", "--links", "venuekit/venuekit"], "--links takes the address of a repository"),
        (["--format", "markdown", "--links", "https://x) ![](y"], "--links takes the address of a repository"),
    ] {
        let ran = repository.diff(&arguments);
        assert!(ran.code == 2 && ran.stderr.contains(why), "{}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_not_followed() {
    let repository = Repository::new("symbolic", &[("tiny.yaml", TINY)]);
    let link = repository.0.join("specs/linked.yaml");
    std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
    let why = "error: linked could not be compared: specs/linked.yaml: a symbolic link is not followed";
    let ran = repository.diff(&[]);
    assert!(ran.code == 2 && ran.stderr.starts_with(why), "{}", ran.stderr);
    let linked = repository.commit("a link", &[]);
    let ran = repository.diff(&["--base", "HEAD~", "--head", &linked]);
    assert!(ran.code == 2 && ran.stderr.starts_with(why), "{}", ran.stderr);
}

/// The target of a link can be any text, also one that reads as a document.
#[cfg(unix)]
#[test]
fn a_symbolic_link_behind_a_ref_is_not_read_and_neither_is_its_target() {
    use std::os::unix::fs::symlink;
    let document = "openapi: 3.0.3\ninfo: {title: Acme, version: '1'}\npaths:\n  /a: {get: {responses: {'200': {description: Done., content: {application/json: {schema: {$ref: 'acme/part.yaml#/Side'}}}}}}}\n";
    let repository = Repository::new("behind", &[("acme.yaml", document)]);
    fs::create_dir_all(repository.0.join("specs/acme")).unwrap();
    let part = |values: &str| format!("Side: {{type: string, enum: [{values}]}}");
    repository.write("acme/part.yaml", part("buy, sell"));
    let file = repository.commit("a file", &[]);
    repository.write("acme/part.yaml", part("buy"));
    let changed = repository.commit("another file", &[]);
    let ran = repository.diff(&["--base", &file, "--head", &changed]);
    assert!(ran.stdout.contains("enum-value-removed"), "{}{}", ran.stdout, ran.stderr);

    let link = repository.0.join("specs/acme/part.yaml");
    fs::write(repository.0.join("elsewhere.yaml"), part("buy")).unwrap();
    for target in [format!("{{{}}}", part("buy")), "../../elsewhere.yaml".to_owned()] {
        fs::remove_file(&link).unwrap();
        symlink(target, &link).unwrap();
        let in_working_tree = repository.diff(&["--base", &file]);
        let linked = repository.commit("a link", &[]);
        for ran in [in_working_tree, repository.diff(&["--base", &file, "--head", &linked])] {
            assert!(ran.code == 2 && !ran.stdout.contains("enum-value-removed"), "{}{}", ran.stdout, ran.stderr);
        }
    }

    // A directory can be a link too.
    fs::rename(repository.0.join("specs/acme"), repository.0.join("real")).unwrap();
    fs::remove_file(repository.0.join("real/part.yaml")).unwrap();
    fs::write(repository.0.join("real/part.yaml"), part("buy")).unwrap();
    symlink("../real", repository.0.join("specs/acme")).unwrap();
    let ran = repository.diff(&["--base", &file]);
    assert!(ran.code == 2 && !ran.stdout.contains("enum-value-removed"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn two_documents_of_one_venue_are_an_error() {
    let repository = Repository::new("twice", &[("tiny.yaml", TINY), ("tiny.json", "{}")]);
    let ran = repository.diff(&["--head", "HEAD"]);
    let why = "error: main...: specs/tiny.json and specs/tiny.yaml describe one venue; keep one\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (2, why));
}

#[test]
fn a_file_name_stays_text_in_a_markdown_report() {
    let repository = Repository::new("names", &[("tiny.yaml", TINY)]);
    let name = "a|b\n](x) <b> `@user` $(id).yaml";
    repository.write(name, TINY.replace("summary", "sumary"));
    repository.commit("a name", &[]);
    let ran = repository.diff(&["--base", "HEAD~", "--format", "markdown", "--links", "https://x.example"]);
    assert!(ran.stdout.contains("\n### ``a|b ](x) <b> `@user` $(id)``\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n| ``a¦b ](x) <b> `@user` $(id)`` | "), "{}", ran.stdout);
    assert!(!ran.stdout.contains("codegen a|b"), "{}", ran.stdout);
    let path = "specs/a%7Cb%0A%5D%28x%29%20%3Cb%3E%20%60%40user%60%20%24%28id%29.yaml#L1)";
    assert!(ran.stdout.contains(path), "{}", ran.stdout);
}
