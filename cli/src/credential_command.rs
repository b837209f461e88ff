//! Runs the command of a profile that prints the credentials.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

/// The largest output of a command. A private key of RSA with 4096 bits has about 3 KiB.
const MAX_BYTES: usize = 64 << 10;

/// The reason why the output of a command cannot be used. It never has a part of the output.
#[derive(Debug)]
pub(crate) struct Failed {
    /// The rest of the sentence `the command ..`.
    pub(crate) reason: String,
    /// The advice for the user.
    pub(crate) help: String,
}

impl Failed {
    fn new(reason: String) -> Self {
        Self { reason, help: "run it in a terminal to see why".to_owned() }
    }
}

/// Runs a command, and returns its output. It has no input, and its errors are not shown, because
/// they may have a secret.
///
/// # Errors
///
/// Returns an error if the command cannot be run, fails, takes too long or prints too much.
pub(crate) fn output(program: &str, arguments: &[String], limit: Duration) -> Result<Zeroizing<Vec<u8>>, Failed> {
    let unusable = |error: io::Error| Failed::new(format!("cannot be run: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(unusable)?;
    runtime.block_on(async {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // A command that takes too long is ended when it is dropped.
        let child = command.kill_on_drop(true).spawn().map_err(unusable)?;
        match tokio::time::timeout(limit, ended(child)).await {
            Ok(ended) => ended,
            Err(_) => Err(Failed {
                reason: format!("did not end within {} s", limit.as_secs_f64()),
                help:
                    "run it in a terminal to see whether it asks for something; credential-timeout gives it more time"
                        .to_owned(),
            }),
        }
    })
}

async fn ended(mut child: Child) -> Result<Zeroizing<Vec<u8>>, Failed> {
    let unread = |error: io::Error| Failed::new(format!("cannot be read: {error}"));
    // It has the full size from the beginning, so that no copy of a secret is left behind.
    let mut printed = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
    if let Some(stdout) = child.stdout.take() {
        let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        stdout.take(most).read_to_end(&mut printed).await.map_err(unread)?;
    }
    if printed.len() > MAX_BYTES {
        return Err(Failed::new(format!("printed more than {MAX_BYTES} bytes")));
    }
    let status = child.wait().await.map_err(unread)?;
    if status.success() { Ok(printed) } else { Err(Failed::new(format!("failed: {status}"))) }
}
