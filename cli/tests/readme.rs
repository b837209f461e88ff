//! What the README shows is what the command says: each `$ ` line of its `console` blocks is run,
//! and what follows it compared. Each has the environment that a reader has who pasted all lines
//! before it: what the README exports, and nothing else.
//!
//! `INSTA_UPDATE=always` writes what the command says now.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use venuekit_mock::Server;

use venuekit_test_support::Nobody;
/// The README with the output of its commands as it is now.
fn rerun(readme: &str, addresses: &[(&str, String)]) -> String {
    let (mut out, mut in_block, mut exports) = (String::new(), false, String::new());
    for line in readme.lines() {
        match line {
            "```console" => in_block = true,
            "```" => in_block = false,
            _ => {}
        }
        if in_block && line != "```console" && !line.starts_with("$ ") {
            continue;
        }
        out.push_str(line);
        out.push('\n');
        if let Some(command) = line.strip_prefix("$ ").filter(|_| in_block) {
            if command.starts_with("export ") {
                exports.push_str(&format!("{command}; "));
            } else {
                out.push_str(&run(&exports, command, addresses));
            }
        }
    }
    out
}

/// Runs a command with other addresses than those that are shown.
fn run(exports: &str, command: &str, addresses: &[(&str, String)]) -> String {
    let real = |text: String, (shown, real): &(&str, String)| text.replace(shown, real);
    let shown = |text: String, (shown, real): &(&str, String)| text.replace(real, shown);
    // The machine may be too busy for the usual timeout.
    let command = command.replace("venue call ", "venue --timeout 60 call ");
    let command = addresses.iter().fold(command, real);
    let folder = Path::new(env!("CARGO_BIN_EXE_venue")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {exports}{command}")])
        // Nobody's own credentials, and none that the README does not export: no test reaches a
        // venue.
        .env_clear()
        .env("PATH", format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()))
        .output()
        .unwrap();
    let text = addresses.iter().fold(String::from_utf8(output.stdout).unwrap(), shown);
    // A blank line between one command and the next.
    format!("{}\n\n", text.trim_end())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_readme_shows_what_the_command_says() {
    let server = Server::builder(&["btse-spot", "excore"]).start().await.unwrap();
    let nobody = Nobody::new();
    let addresses =
        [("http://127.0.0.1:9;", format!("{};", nobody.url())), ("127.0.0.1:8700", server.address().to_string())];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let now =
        tokio::task::spawn_blocking(move || rerun(&readme, &addresses)).await.unwrap().replace("\n\n```\n", "\n```\n");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, &now).unwrap();
    }
    let readme = std::fs::read_to_string(&path).unwrap();
    for (line, now) in readme.lines().zip(now.lines()) {
        assert_eq!(line, now);
    }
    assert_eq!(readme.len(), now.len());
}
