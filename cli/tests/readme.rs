//! Tests that the README shows the real output of the command. Each `$ ` line of its `console`
//! blocks is run, and the text after it is compared with the output. Each command gets only the
//! environment that the README has exported before it.
//!
//! `INSTA_UPDATE=always` writes the present output.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

use venuekit_mock::Server;

use venuekit_test_support::RefusingPort;
/// Returns the README with the present output of its commands.
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

/// Runs a command with real addresses in place of the shown addresses.
fn run(exports: &str, command: &str, addresses: &[(&str, String)]) -> String {
    let real = |text: String, (shown, real): &(&str, String)| text.replace(shown, real);
    let shown = |text: String, (shown, real): &(&str, String)| text.replace(real, shown);
    // A busy machine may exceed the usual timeout.
    let command = command.replace("venue call ", "venue --timeout 60 call ");
    let command = addresses.iter().fold(command, real);
    let folder = Path::new(env!("CARGO_BIN_EXE_venue")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {exports}{command}")])
        // The command gets no credentials except the credentials that the README exports, so no
        // test reaches a venue.
        .env_clear()
        .env("PATH", format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()))
        .output()
        .unwrap();
    let text = addresses.iter().fold(String::from_utf8(output.stdout).unwrap(), shown);
    // A blank line separates two commands.
    format!("{}\n\n", text.trim_end())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_readme_shows_the_output_of_the_command() {
    let server = Server::builder(&["btse-spot", "excore"]).start().await.unwrap();
    let refusing_port = RefusingPort::new();
    let addresses = [
        ("http://127.0.0.1:9/spot;", format!("{}/spot;", refusing_port.url())),
        ("127.0.0.1:8700", server.address().to_string()),
    ];
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
