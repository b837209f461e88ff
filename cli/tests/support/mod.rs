//! Runs the command in an environment that contains only the variables of the test.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use venuekit::meta::{ExampleOf, VenueMeta};

/// The secret, which must never be shown.
pub(crate) const SECRET: &str = "s3cret-marked-7f1e9c";

/// The key.
pub(crate) const KEY: &str = "key-marked-11aa22";

/// An invocation of the command.
#[derive(Clone, Debug)]
pub(crate) struct Venue {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    input: String,
}

/// The result of an invocation.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Returns an invocation of `venue` with these arguments.
pub(crate) fn venue<A: Into<String>>(arguments: impl IntoIterator<Item = A>) -> Venue {
    Venue { arguments: arguments.into_iter().map(Into::into).collect(), environment: Vec::new(), input: String::new() }
}

/// Returns an invocation of `venue` with the arguments of this line.
pub(crate) fn words(line: &str) -> Venue {
    venue(line.split_whitespace())
}

impl Venue {
    /// Adds arguments.
    pub(crate) fn with<A: Into<String>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets the timeout of the call.
    pub(crate) fn within(self, timeout: Duration) -> Self {
        self.with(["--timeout".to_owned(), timeout.as_secs_f64().to_string()])
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the environment variables for the key and the secret of a venue.
    pub(crate) fn signed(self, venue: &VenueMeta) -> Self {
        let prefix = venue.venue.name().to_uppercase().replace('-', "_");
        self.env(&format!("{prefix}_KEY"), KEY).env(&format!("{prefix}_SECRET"), SECRET)
    }

    /// Sets the standard input.
    pub(crate) fn input(mut self, text: &str) -> Self {
        text.clone_into(&mut self.input);
        self
    }

    /// Starts the command with this stdout.
    pub(crate) fn started(&self, stdout: impl Into<Stdio>) -> Child {
        Command::new(env!("CARGO_BIN_EXE_venue"))
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs the command, and asserts that its output does not contain the secret.
    pub(crate) fn run(self) -> Ran {
        self.run_to(Stdio::piped())
    }

    /// Runs the command with this stdout.
    pub(crate) fn run_to(self, stdout: impl Into<Stdio>) -> Ran {
        let mut child = self.started(stdout);
        // The command may end without reading its input.
        let _ = child.stdin.take().unwrap().write_all(self.input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ran = Ran {
            code: output.status.code().unwrap_or_else(|| panic!("{:?} was killed", self.arguments)),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        for said in [&ran.stdout, &ran.stderr] {
            assert!(!said.contains(SECRET), "{:?} shows the secret: {said}", self.arguments);
            assert!(!said.contains("panicked"), "{:?}: {said}", self.arguments);
        }
        ran
    }

    /// Runs the command on another thread, so that the servers of the test keep running.
    pub(crate) async fn ran(self) -> Ran {
        tokio::task::spawn_blocking(|| self.run()).await.unwrap()
    }
}

impl Ran {
    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// Asserts that stderr contains this text and that stdout is empty.
    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "no `{part}` in {}", self.stderr);
        assert_eq!(self.stdout, "", "{}", self.stderr);
        self
    }

    /// Returns stderr as one JSON object.
    #[track_caller]
    pub(crate) fn error(&self) -> serde_json::Value {
        serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {}", self.stderr))
    }
}

/// Writes a file for a test, in a folder that cargo keeps for tests.
///
/// Another run of the same tests may write the file at the same time, with the same content.
/// Therefore the file is moved into place as a whole.
pub(crate) fn file(name: &str, content: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let whole = path.with_extension(std::process::id().to_string());
    std::fs::write(&whole, content).unwrap();
    std::fs::rename(whole, &path).unwrap();
    path
}

/// Writes a file that only its owner can read, as a file of credentials has to be.
pub(crate) fn private_file(name: &str, content: &str) -> PathBuf {
    let path = file(name, content);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    path
}

/// Says that a test does nothing, and why.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub(crate) fn skipped(reason: &str) {
    eprintln!("skipped, because {reason}");
}

/// Returns the venue of this name.
pub(crate) fn meta(name: &str) -> &'static VenueMeta {
    venuekit_venues::venue(name).unwrap()
}

/// Returns the first example response of an operation.
pub(crate) fn example(venue: &str, wanted: &str) -> &'static str {
    let is_response = |of: &ExampleOf| match of {
        ExampleOf::Response { operation, status, .. } => *operation == wanted && !status.starts_with(['3', '4', '5']),
        _ => false,
    };
    meta(venue).examples.iter().find(|example| is_response(&example.subject)).unwrap().json
}
