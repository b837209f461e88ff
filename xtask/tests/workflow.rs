//! Tests that the workflow `spec diff` runs nothing of a pull request: it reads the workflow, and
//! runs the scripts of its steps on a hostile pull request.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod repository;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use repository::{TINY, both, git, temporary};
use serde_json::Value;
use venuekit_codegen::source::Document;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows")
}

fn workflow(name: &str) -> Value {
    let text = fs::read_to_string(folder().join(name)).unwrap();
    Document::parse(name, &text).unwrap_or_else(|faults| panic!("{faults}")).root().to_value()
}

/// Returns the steps of all jobs of a workflow.
fn steps(workflow: &Value) -> Vec<Value> {
    let jobs = workflow["jobs"].as_object().unwrap().values();
    jobs.flat_map(|job| job["steps"].as_array().cloned().unwrap_or_default()).collect()
}

/// Returns the script of a step of the workflow.
fn script(name: &str) -> String {
    let steps = steps(&workflow("spec-diff.yml"));
    let step = steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("no step {name}"));
    step["run"].as_str().unwrap().to_owned()
}

#[test]
fn every_action_of_every_workflow_is_pinned_to_a_commit() {
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        for step in steps(&workflow(&name)) {
            let Some(uses) = step["uses"].as_str() else { continue };
            let (_, commit) = uses.split_once('@').unwrap();
            let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit, "{name}: {uses}");
        }
    }
}

#[test]
fn the_steps_keep_the_rules_that_the_workflow_states() {
    let workflow = workflow("spec-diff.yml");
    let types = &workflow["on"]["pull_request_target"]["types"];
    assert_eq!(*types, serde_json::json!(["opened", "synchronize", "reopened", "edited"]));
    // No filter: a required check that does not run never passes.
    assert_eq!(workflow["on"]["pull_request_target"].as_object().unwrap().len(), 1);
    assert_eq!(workflow["permissions"], serde_json::json!({}));
    let job = &workflow["jobs"]["diff"];
    assert_eq!(job["permissions"], serde_json::json!({ "contents": "read", "pull-requests": "write" }));
    assert!(job.get("if").is_none());
    let steps = steps(&workflow);
    let with_token: Vec<&Value> = steps.iter().filter(|step| step["env"].get("GH_TOKEN").is_some()).collect();
    assert_eq!(with_token.iter().map(|step| &step["name"]).collect::<Vec<_>>(), ["comment"]);
    assert_eq!(steps.iter().filter(|step| step.to_string().contains("github.token")).count(), 1);
    for step in &steps {
        let uses = step["uses"].as_str().unwrap_or_default();
        if uses.starts_with("actions/checkout@") {
            // Without `ref` and `repository` the workflow's own branch is checked out.
            assert_eq!(
                step["with"].as_object().unwrap().keys().collect::<Vec<_>>(),
                ["fetch-depth", "persist-credentials"]
            );
            assert_eq!(step["with"]["persist-credentials"], false);
        } else {
            assert!(uses.is_empty() || uses.starts_with("actions/cache/restore@"), "{uses}");
        }
        let run = step["run"].as_str().unwrap_or_default();
        // A value of the event would be part of the script.
        assert!(!run.contains("${{"), "{run}");
        let verbs = ["checkout", "switch", "worktree", "merge", "pull", "reset", "restore", "apply", "am", "archive"];
        for verb in verbs {
            assert!(!run.contains(&format!("git {verb}")), "git {verb} in {run}");
        }
        for program in ["bash", "sh", "eval", "source", "curl", "npm", "make", "python3"] {
            assert!(!run.split([' ', '\n', ';', '(']).any(|word| word == program), "{program} in {run}");
        }
    }
}

/// A pull request from a fork, and the place in which the workflow runs.
struct Run {
    /// The clone of the workflow's own branch.
    clone: PathBuf,
    /// The place of `cargo` and of the files of the runner.
    runner: PathBuf,
    head: String,
    /// A file that exists as soon as anything of the pull request was run.
    canary: PathBuf,
    _temporary: tempfile::TempDir,
}

impl Run {
    /// Returns a pull request that tries to be run in every way that git and cargo know.
    fn new() -> Self {
        let (dir, temporary) = temporary("workflow");
        let (origin, clone, runner) = (dir.join("origin"), dir.join("clone"), dir.join("runner"));
        let canary = dir.join("canary");
        for folder in [&origin, &clone, &runner] {
            fs::create_dir_all(folder).unwrap();
        }
        git(&origin, &["init", "--quiet"]);
        write(&origin.join("specs/tiny.yaml"), &both());
        git(&origin, &["add", "--all"]);
        git(&origin, &["commit", "--quiet", "-m", "base"]);
        git(&origin, &["checkout", "--quiet", "-b", "fork"]);
        let touch = format!("touch '{}'", canary.display());
        write(
            &origin.join("specs/tiny.yaml"),
            &TINY.replace("summary: A ping", "summary: '::set-output name=x::$(touch canary)'"),
        );
        write(
            &origin.join(".cargo/config.toml"),
            &format!("[alias]\nxtask = \"!{touch}\"\n[build]\nrustc-wrapper = \"./evil\"\n"),
        );
        write(
            &origin.join("build.rs"),
            &format!("fn main() {{ std::process::Command::new(\"sh\").args([\"-c\", \"{touch}\"]).status(); }}\n"),
        );
        write(&origin.join("rust-toolchain.toml"), "[toolchain]\npath = \"./evil\"\n");
        write(&origin.join(".gitattributes"), "*.yaml filter=evil diff=evil merge=evil\n");
        write(
            &origin.join(".gitmodules"),
            "[submodule \"evil\"]\npath = evil\nurl = ../evil\nupdate = !touch canary\n",
        );
        write(&origin.join("evil"), &format!("#!/bin/sh\n{touch}\n"));
        fs::set_permissions(origin.join("evil"), fs::Permissions::from_mode(0o755)).unwrap();
        symlink("/etc/hostname", origin.join("specs/linked.yaml")).unwrap();
        git(&origin, &["add", "--all"]);
        git(&origin, &["commit", "--quiet", "-m", "$(touch canary)"]);
        let head = git(&origin, &["rev-parse", "HEAD"]);
        git(&origin, &["update-ref", "refs/pull/7/head", &head]);
        git(&origin, &["checkout", "--quiet", "main"]);
        git(&origin, &["branch", "--quiet", "-D", "fork"]);
        git(&clone, &["clone", "--quiet", &format!("file://{}", origin.display()), "."]);
        // `cargo xtask` is the program of this repository, on the clone.
        let cargo = format!(
            "#!/bin/sh\nshift\ncase $1 in diff) exec '{}' \"$@\" --root \"$PWD\";; esac\nexit 9\n",
            env!("CARGO_BIN_EXE_xtask")
        );
        write(&runner.join("cargo"), &cargo);
        fs::set_permissions(runner.join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        Self { clone, runner, head, canary, _temporary: temporary }
    }

    fn step(&self, name: &str, environment: &[(&str, &str)]) -> Output {
        let file = |name: &str| self.runner.join(name);
        let path = format!("{}:{}", self.runner.display(), std::env::var("PATH").unwrap());
        let mut bash = Command::new("bash");
        // GitHub runs `shell: bash` with these options.
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script(name)]).current_dir(&self.clone);
        bash.env("PATH", path).env("GITHUB_OUTPUT", file("output")).env("GITHUB_STEP_SUMMARY", file("summary"));
        bash.env("RUNNER_TEMP", &self.runner).env("GITHUB_REPOSITORY", "venuekit/venuekit");
        bash.env("PR", "7").env("BASE_REF", "main").env("HEAD_SHA", &self.head);
        bash.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        bash.envs(environment.iter().copied()).output().unwrap()
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn nothing_of_a_hostile_pull_request_is_run_or_checked_out() {
    let run = Run::new();
    let before = git(&run.clone, &["rev-parse", "HEAD"]);
    let fetched = run.step("fetch the pull request, as data", &[]);
    assert!(fetched.status.success(), "{}", said(&fetched));
    let outputs = fs::read_to_string(run.runner.join("output")).unwrap();
    let base = outputs.lines().find_map(|line| line.strip_prefix("base_sha=")).unwrap().to_owned();
    assert_eq!(base, before);
    assert!(outputs.contains("touched=yes"), "{outputs}");

    let compared = run.step("compare", &[("BASE_SHA", &base)]);
    assert!(compared.status.success(), "{}", said(&compared));
    let comment = fs::read_to_string(run.runner.join("diff.md")).unwrap();
    assert!(comment.contains("operation-removed"), "{comment}");
    // The link was not followed: its venue could not be compared.
    assert!(comment.contains("a symbolic link is not followed"), "{comment}");
    // Commands to the runner are stopped before anything of a spec is printed.
    assert!(said(&compared).starts_with("::stop-commands::"), "{}", said(&compared));

    let versions = run.step("version steps", &[("BASE_SHA", &base)]);
    assert!(!versions.status.success(), "{}", said(&versions));
    assert!(said(&versions).starts_with("::stop-commands::"), "{}", said(&versions));

    assert!(!run.canary.exists() && !run.clone.join("canary").exists(), "something of the pull request was run");
    assert_eq!(git(&run.clone, &["rev-parse", "HEAD"]), before);
    assert_eq!(git(&run.clone, &["status", "--porcelain", "--ignored"]), "");
    assert_eq!(git(&run.clone, &["symbolic-ref", "HEAD"]), "refs/heads/main");
}

#[test]
fn a_head_that_is_not_part_of_the_pull_request_is_refused() {
    let mut run = Run::new();
    run.head = "1".repeat(40);
    let fetched = run.step("fetch the pull request, as data", &[]);
    assert!(!fetched.status.success() && said(&fetched).contains("is no longer part of the pull request"));
}
