//! Tests `cargo xtask comment` as a user runs it, with a script in place of `gh`.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const BODY: &str = "<!-- venuekit spec diff -->\n### Nothing \"breaks\" \u{2713}\n\n`$(id)` \\ $HOME\n";

/// The script in place of `gh`. It counts its calls and records the arguments (one per line) and
/// the stdin of each. In call N it responds with the files N.stdout, N.stderr and N.status.
const GH: &str = r#"here=$(dirname "$0")
n=$(($(cat "$here/calls" 2>/dev/null || echo 0) + 1))
echo "$n" >"$here/calls"
printf '%s\n' "$@" >"$here/$n.arguments"
cat >"$here/$n.stdin"
cat "$here/$n.stderr" >&2 2>/dev/null
cat "$here/$n.stdout" || exit 99
exit "$(cat "$here/$n.status" 2>/dev/null || echo 0)"
"#;

/// A directory with the body of a comment and the script in place of `gh`.
struct Place(PathBuf, #[expect(dead_code, reason = "it is there to be dropped")] TempDir);

impl Place {
    fn new(name: &str) -> Self {
        let temporary = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let place = temporary.path().join(name);
        fs::create_dir_all(&place).unwrap();
        symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/comment/gh"), place.join("gh")).unwrap();
        let place = Self(place, temporary);
        place.write("body.md", BODY).write("gh.sh", GH);
        place
    }

    fn write(&self, file: &str, text: &str) -> &Self {
        fs::write(self.0.join(file), text).unwrap();
        self
    }

    /// Sets the output of `gh` when it lists the comments.
    fn lists(self, text: &str) -> Self {
        self.write("1.stdout", text);
        self
    }

    /// Sets the output of the second call of `gh`.
    fn then(self, text: &str) -> Self {
        self.write("2.stdout", text);
        self
    }

    /// Returns the arguments and the stdin of a call.
    fn call(&self, number: usize) -> (String, String) {
        let read = |part: &str| fs::read_to_string(self.0.join(format!("{number}.{part}"))).unwrap();
        (read("arguments").trim_end().replace('\n', " "), read("stdin"))
    }

    fn calls(&self) -> usize {
        fs::read_to_string(self.0.join("calls")).map_or(0, |text| text.trim().parse().unwrap())
    }

    /// Runs the command on pull request 7. Returns whether it succeeded, its stdout and its stderr.
    fn comment(&self, more: &[&str]) -> (bool, String, String) {
        let path = std::env::var("PATH").unwrap();
        let mut arguments = vec!["--repo", "venuekit/venuekit", "--pr", "7", "--body", "body.md"];
        arguments.extend(more);
        self.run(&arguments, &format!("{}:{path}", self.0.display()))
    }

    fn run(&self, arguments: &[&str], path: &str) -> (bool, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("comment")
            .args(arguments)
            .current_dir(&self.0)
            .env("PATH", path)
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }
}

/// Returns a comment as GitHub lists it, with more properties than the command reads. A comment of
/// the bot was made with the token of GitHub Actions.
fn comment(id: u64, login: &str, body: &str) -> serde_json::Value {
    let app =
        if login == BOT { serde_json::json!({"id": 15368, "slug": "github-actions"}) } else { serde_json::Value::Null };
    made_with(app, id, login, body)
}

fn made_with(app: serde_json::Value, id: u64, login: &str, body: &str) -> serde_json::Value {
    let user = serde_json::json!({"login": login, "id": 1, "type": "Bot"});
    serde_json::json!({
        "id": id, "node_id": "IC_1", "user": user, "body": body, "reactions": {"+1": 0}, "performed_via_github_app": app,
    })
}

fn page(comments: &[serde_json::Value]) -> String {
    serde_json::Value::from(comments).to_string()
}

const BOT: &str = "github-actions[bot]";
const LIST: &str = "api --method GET --paginate repos/venuekit/venuekit/issues/7/comments?per_page=100";
const POST: &str = "api --method POST repos/venuekit/venuekit/issues/7/comments --input -";

/// Returns the JSON that `gh` must receive.
fn sent(body: &str) -> serde_json::Value {
    serde_json::json!({ "body": body })
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn without_an_earlier_comment_a_new_one_is_made_with_the_exact_body() {
    let place = Place::new("create").lists("[]").then("{}");
    let (done, said, complaint) = place.comment(&[]);
    assert!(done, "{complaint}");
    assert_eq!(said, "venuekit/venuekit#7: commented\n");
    assert_eq!(place.call(1), (LIST.to_owned(), String::new()));
    assert_eq!(place.call(2).0, POST);
    assert_eq!(json(&place.call(2).1), sent(BODY));
}

#[test]
fn an_earlier_comment_is_updated_in_place() {
    let earlier = comment(42, BOT, "<!-- venuekit spec diff -->\r\nold");
    let place = Place::new("update").lists(&page(&[comment(41, BOT, "Thanks!"), earlier])).then("{}");
    let (done, said, complaint) = place.comment(&[]);
    assert!(done, "{complaint}");
    assert_eq!(said, "venuekit/venuekit#7: updated comment 42\n");
    assert_eq!(place.call(2).0, "api --method PATCH repos/venuekit/venuekit/issues/comments/42 --input -");
    assert_eq!(json(&place.call(2).1), sent(BODY));
    assert_eq!(place.calls(), 2);
}

#[test]
fn the_comment_is_found_on_a_later_page_however_gh_separates_pages() {
    let others: Vec<_> = (1..=100).map(|id| comment(id, "somebody", "a word")).collect();
    let last = page(&[comment(101, BOT, BODY)]);
    for (name, between) in [("pages/joined", ""), ("pages/lines", "\n\n")] {
        let place = Place::new(name).lists(&format!("{}{between}{last}", page(&others))).then("{}");
        assert_eq!(place.comment(&[]).1, "venuekit/venuekit#7: updated comment 101\n");
    }
    let place = Place::new("pages/merged").lists(&page(&[others, vec![comment(101, BOT, BODY)]].concat())).then("{}");
    assert_eq!(place.comment(&[]).1, "venuekit/venuekit#7: updated comment 101\n");
}

#[test]
fn only_a_comment_with_the_right_author_and_first_line_is_updated() {
    let gone = serde_json::json!({"id": 3, "user": null, "body": BODY});
    let empty = serde_json::json!({"id": 4, "user": {"login": BOT}, "body": null});
    let foreign = [
        comment(1, "mallory", BODY),
        comment(2, "github-actions", BODY),
        gone,
        empty,
        comment(5, BOT, &format!("> {BODY}")),
        comment(6, BOT, &format!("Quoted:\n{BODY}")),
        comment(7, BOT, "<!-- venuekit spec diff --> and more"),
    ];
    let place = Place::new("foreign").lists(&page(&foreign)).then("{}");
    assert_eq!(place.comment(&[]).1, "venuekit/venuekit#7: commented\n");
    assert_eq!(place.call(2).0, POST);

    let place = Place::new("author").lists(&page(&[comment(1, BOT, BODY), comment(2, "Venue-Bot", BODY)])).then("{}");
    assert_eq!(place.comment(&["--author", "venue-bot", "--app", ""]).1, "venuekit/venuekit#7: updated comment 2\n");
}

#[test]
fn only_a_comment_of_the_right_app_is_updated() {
    let null = serde_json::Value::Null;
    let other = serde_json::json!({"id": 1, "slug": "other-app"});
    let without_slug = serde_json::json!({"id": 2});
    let foreign = [null, other.clone(), without_slug];
    let foreign: Vec<_> = (1..).zip(foreign).map(|(id, app)| made_with(app, id, BOT, BODY)).collect();
    let place = Place::new("apps/foreign").lists(&page(&foreign)).then("{}");
    assert_eq!(place.comment(&[]).1, "venuekit/venuekit#7: commented\n");
    let place =
        Place::new("apps/other").lists(&page(&[comment(8, BOT, BODY), made_with(other, 9, BOT, BODY)])).then("{}");
    assert_eq!(place.comment(&["--app", "other-app"]).1, "venuekit/venuekit#7: updated comment 9\n");
}

#[test]
fn a_repository_may_have_all_characters_that_github_allows() {
    let place = Place::new("names").lists("[]").then("{}");
    let path = format!("{}:{}", place.0.display(), std::env::var("PATH").unwrap());
    let (done, said, complaint) = place.run(&["--repo", "O-1/.na.me_2", "--pr", "12", "--body", "body.md"], &path);
    assert!(done, "{complaint}");
    assert_eq!(said, "O-1/.na.me_2#12: commented\n");
    assert_eq!(place.call(2).0, "api --method POST repos/O-1/.na.me_2/issues/12/comments --input -");
}

#[test]
fn only_update_makes_no_new_comment_and_updates_an_earlier_one() {
    let place = Place::new("only/none").lists(&page(&[comment(1, "mallory", BODY)]));
    let (done, said, _) = place.comment(&["--only-update"]);
    assert!(done);
    assert_eq!(said, "venuekit/venuekit#7: the comment to update does not exist\n");
    assert_eq!(place.calls(), 1);
    let place = Place::new("only/one").lists(&page(&[comment(1, BOT, BODY)])).then("{}");
    assert_eq!(place.comment(&["--only-update"]).1, "venuekit/venuekit#7: updated comment 1\n");
}

#[test]
fn the_longest_body_passes_and_a_longer_one_is_refused_before_anything_is_sent() {
    let mark = BODY.lines().next().unwrap().to_owned() + "\n";
    // Each character has four bytes, so the body is longer than the buffer of a pipe.
    let longest = mark.clone() + &"\u{1f4c8}".repeat(65_536 - mark.len());
    let place = Place::new("long").lists("[]").then("{}");
    place.write("body.md", &longest);
    let (done, _, complaint) = place.comment(&[]);
    assert!(done, "{complaint}");
    assert_eq!(json(&place.call(2).1), sent(&longest));

    let place = Place::new("longer");
    place.write("body.md", &(longest + "."));
    let (done, _, complaint) = place.comment(&[]);
    assert!(!done);
    assert_eq!(complaint, "error: body.md has 65537 characters, and GitHub takes 65536 in a comment; shorten it\n");
    assert_eq!(place.calls(), 0);
}

#[test]
fn a_body_without_the_marker_or_without_text_is_refused() {
    for (name, body) in [("none", "### Changes\n"), ("late", "\n<!-- venuekit spec diff -->\n"), ("empty", "")] {
        let place = Place::new(&format!("unmarked/{name}"));
        place.write("body.md", body);
        let (done, _, complaint) = place.comment(&[]);
        assert!(!done && complaint.contains("body.md does not start with the line `<!-- venuekit spec diff -->`"));
        assert_eq!(place.calls(), 0);
    }
    let place = Place::new("unreadable");
    fs::remove_file(place.0.join("body.md")).unwrap();
    assert!(place.comment(&[]).2.starts_with("error: cannot read body.md: "));
    fs::write(place.0.join("body.md"), b"<!-- venuekit spec diff -->\n\xff").unwrap();
    assert!(place.comment(&[]).2.starts_with("error: cannot read body.md: "));
}

#[test]
fn the_message_of_gh_is_printed_for_each_call_that_fails() {
    let place = Place::new("failure/list").lists(r#"{"message": "Not Found"}"#);
    place.write("1.stderr", "gh: Not Found (HTTP 404)\n").write("1.status", "1");
    let (done, said, complaint) = place.comment(&[]);
    assert!(!done && said.is_empty());
    assert_eq!(complaint, format!("error: `gh {LIST}` failed (exit status: 1): gh: Not Found (HTTP 404)\n"));
    assert_eq!(place.calls(), 1);

    let place = Place::new("failure/post").lists("[]").then("{}");
    place.write("2.stderr", "gh: Resource not accessible by integration (HTTP 403)\n").write("2.status", "1");
    let (done, said, complaint) = place.comment(&[]);
    assert!(!done && said.is_empty());
    assert!(complaint.ends_with("failed (exit status: 1): gh: Resource not accessible by integration (HTTP 403)\n"));
}

#[test]
fn the_message_of_gh_is_printed_if_it_fails_without_reading_its_input() {
    let place = Place::new("failure/deaf").lists("[]");
    // Each character has six bytes in JSON, so the input is longer than the buffer of a pipe.
    place.write("body.md", &(BODY.to_owned() + &"\u{1}".repeat(60_000)));
    place.write("gh.sh", &GH.replace("cat >\"$here/$n.stdin\"", "[ $n = 1 ] || { echo 'no token' >&2; exit 4; }"));
    let (done, _, complaint) = place.comment(&[]);
    assert!(!done);
    assert_eq!(complaint, format!("error: `gh {POST}` failed (exit status: 4): no token\n"));
    // If `gh` succeeds without reading its input, the comment was not sent.
    place.write("gh.sh", &GH.replace("cat >\"$here/$n.stdin\"", "exec <&-"));
    fs::remove_file(place.0.join("calls")).unwrap();
    place.write("2.stdout", "{}");
    assert_eq!(place.comment(&[]).2, format!("error: `gh {POST}` did not take its input\n"));
}

#[test]
fn a_response_that_is_not_a_list_of_comments_is_an_error_and_nothing_is_posted() {
    for (name, listed) in
        [("text", "<html>"), ("object", "{}"), ("cut", "[{\"id\": 1"), ("strange", "[{\"id\": \"x\"}]")]
    {
        let place = Place::new(&format!("answer/{name}")).lists(listed);
        let (done, _, complaint) = place.comment(&[]);
        assert!(!done && complaint.starts_with("error: gh listed no comments: "), "{complaint}");
        assert_eq!(place.calls(), 1);
    }
}

#[test]
fn a_missing_or_broken_gh_is_an_error() {
    let place = Place::new("none");
    fs::remove_file(place.0.join("gh")).unwrap();
    let arguments = ["--repo", "venuekit/venuekit", "--pr", "7", "--body", "body.md"];
    let (done, _, complaint) = place.run(&arguments, &place.0.to_string_lossy());
    assert!(!done);
    assert_eq!(
        complaint,
        "error: the program `gh` was not found; help: install the GitHub CLI, and give it a token in GH_TOKEN\n"
    );
    place.write("gh", GH);
    let (done, _, complaint) = place.run(&arguments, &place.0.to_string_lossy());
    assert!(!done && complaint.starts_with("error: cannot run gh: "), "{complaint}");
}

#[test]
fn an_invalid_repository_or_number_is_refused_before_anything_is_sent() {
    let place = Place::new("arguments").lists("[]").then("{}");
    let path = place.0.to_string_lossy().into_owned();
    for repo in [
        "",
        "venuekit",
        "/venuekit",
        "venuekit/",
        "a/b/c",
        "../x",
        "a/..",
        "a b/c",
        "a/b?c",
        "a/b#c",
        "a/{repo}",
        "ä/b",
    ] {
        let (done, _, complaint) = place.run(&["--repo", repo, "--pr", "7", "--body", "body.md"], &path);
        assert!(!done && complaint.contains("--repo <OWNER/NAME>"), "{repo}: {complaint}");
    }
    for pr in ["0", "-1", "seven", "7/comments", "99999999999999999999"] {
        let (done, _, complaint) = place.run(&["--repo", "a/b", &format!("--pr={pr}"), "--body", "body.md"], &path);
        assert!(!done && complaint.contains("--pr <N>"), "{pr}: {complaint}");
    }
    assert_eq!(place.calls(), 0);
}
