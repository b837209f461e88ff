//! `cargo xtask comment`: posts a Markdown file as a comment on a pull request, or updates the
//! comment of an earlier run.
//!
//! The first line of the comment identifies it. The program `gh` calls GitHub with its own token.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde::Deserialize;

use venuekit_diff::render::markdown::MARK;

/// The maximum number of characters of a comment on GitHub.
const LONGEST: usize = 65_536;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The repository of the pull request
    #[arg(long, value_name = "OWNER/NAME", value_parser = repository)]
    repo: String,
    /// The number of the pull request
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pr: u64,
    /// The Markdown file; its first line is `<!-- venuekit spec diff -->`
    #[arg(long, value_name = "FILE")]
    body: PathBuf,
    /// The account that the token belongs to; the comments of all others are left alone
    #[arg(long, value_name = "LOGIN", default_value = "github-actions[bot]")]
    author: String,
    /// The app that the comment was made with; empty for an account that is no app
    #[arg(long, value_name = "SLUG", default_value = "github-actions")]
    app: String,
    /// Update the earlier comment; post nothing if there is none
    #[arg(long)]
    only_update: bool,
}

/// The properties of a GitHub comment that are read here.
#[derive(Deserialize)]
struct Comment {
    id: u64,
    body: Option<String>,
    /// `None` if the account is gone.
    user: Option<User>,
    /// `None` if the comment was not made with the token of an app.
    performed_via_github_app: Option<App>,
}

#[derive(Deserialize)]
struct App {
    slug: Option<String>,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, String> {
    let Arguments { repo, pr, author, app, .. } = arguments;
    let body = serde_json::json!({ "body": read(&arguments.body)? }).to_string();

    let comments = format!("repos/{repo}/issues/{pr}/comments");
    let listed = gh(&["--method", "GET", "--paginate", &format!("{comments}?per_page=100")], None)?;
    match find(&listed, author, app)? {
        Some(id) => {
            let comment = format!("repos/{repo}/issues/comments/{id}");
            gh(&["--method", "PATCH", &comment, "--input", "-"], Some(&body))?;
            println!("{repo}#{pr}: updated comment {id}");
        }
        None if arguments.only_update => println!("{repo}#{pr}: the comment to update does not exist"),
        None => {
            gh(&["--method", "POST", &comments, "--input", "-"], Some(&body))?;
            println!("{repo}#{pr}: commented");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks that a text is OWNER/NAME, in the characters that GitHub allows. The text becomes part of
/// a path of GitHub's API, so any other text is an error.
fn repository(text: &str) -> Result<String, String> {
    let is_name = |name: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !matches!(name, "" | "." | "..") && name.chars().all(known)
    };
    match text.split_once('/') {
        Some((owner, name)) if is_name(owner) && is_name(name) => Ok(text.to_owned()),
        _ => Err("not a repository (expected OWNER/NAME)".to_owned()),
    }
}

/// Reads the body of the comment. Returns an error if the first line does not identify it, or if it
/// is longer than GitHub accepts.
fn read(path: &Path) -> Result<String, String> {
    let body = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    if !is_marked(&body) {
        return Err(format!(
            "{} does not start with the line `{MARK}`, by which the comment is found again",
            path.display()
        ));
    }
    let length = body.chars().count();
    if length > LONGEST {
        return Err(format!(
            "{} has {length} characters, and GitHub takes {LONGEST} in a comment; shorten it",
            path.display()
        ));
    }
    Ok(body)
}

fn is_marked(body: &str) -> bool {
    body.lines().next() == Some(MARK)
}

/// Returns the id of the first comment that has the identifying first line, and is written by
/// `author` with the token of `app`. Anybody can write that line, so both have to match too.
fn find(listed: &[u8], author: &str, app: &str) -> Result<Option<u64>, String> {
    // Some versions of `gh` print one array per page, others one array for all pages.
    let pages = serde_json::Deserializer::from_slice(listed).into_iter::<Vec<Comment>>();
    let pages = pages.collect::<Result<Vec<_>, _>>().map_err(|error| format!("gh listed no comments: {error}"))?;
    let is_ours = |comment: &Comment| {
        comment.body.as_deref().is_some_and(is_marked)
            && comment.user.as_ref().is_some_and(|user| user.login.eq_ignore_ascii_case(author))
            && comment.performed_via_github_app.as_ref().and_then(|app| app.slug.as_deref()).unwrap_or_default() == app
    };
    Ok(pages.into_iter().flatten().find(is_ours).map(|comment| comment.id))
}

/// Runs `gh api` and returns its output. The input goes through stdin, because an argument has a
/// maximum length and is visible to all processes.
fn gh(arguments: &[&str], input: Option<&str>) -> Result<Vec<u8>, String> {
    let command = format!("gh api {}", arguments.join(" "));
    let mut child = Command::new("gh")
        .arg("api")
        .args(arguments)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                "the program `gh` was not found; help: install the GitHub CLI, and give it a token in GH_TOKEN"
                    .to_owned()
            }
            _ => format!("cannot run gh: {error}"),
        })?;
    let stdin = child.stdin.take();
    // One thread writes the input while this one reads the output. Otherwise a full pipe could make
    // both programs wait for each other.
    let (written, output) = std::thread::scope(|scope| {
        let writer = stdin.zip(input).map(|(mut stdin, input)| scope.spawn(move || stdin.write_all(input.as_bytes())));
        let output = child.wait_with_output();
        let written = writer.is_none_or(|writer| matches!(writer.join(), Ok(Ok(()))));
        (written, output)
    });
    let output = output.map_err(|error| format!("cannot read the output of gh: {error}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{command}` failed ({}): {}", output.status, complaint.trim()));
    }
    if written { Ok(output.stdout) } else { Err(format!("`{command}` did not take its input")) }
}
