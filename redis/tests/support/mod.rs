//! A real server of Redis or Valkey, on a unix socket in a temporary folder.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A server that ends with the value.
#[derive(Debug)]
pub struct RedisServer {
    program: &'static str,
    folder: TempDir,
    child: Child,
    settings: Vec<String>,
}

impl RedisServer {
    /// Starts a server without persistence. Returns `None`, and prints a line, if no program of
    /// Redis or Valkey is installed.
    pub fn start() -> Option<Self> {
        Self::start_with(&["--port", "0", "--save", ""])
    }

    pub fn start_with(settings: &[&str]) -> Option<Self> {
        let program = program()?;
        let folder = TempDir::new().unwrap();
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let child = spawn(program, &folder, &settings);
        let server = Self { program, folder, child, settings };
        server.wait();
        Some(server)
    }

    /// Starts a server that also listens on a port. `settings` gets the port. Another process may
    /// take the port first; then another one is tried.
    pub fn start_on_port(settings: impl Fn(u16) -> Vec<String>) -> Option<(Self, u16)> {
        let program = program()?;
        loop {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let folder = TempDir::new().unwrap();
            // With one address, the server ends if it does not get the port.
            let settings = [vec!["--bind".to_owned(), "127.0.0.1".to_owned()], settings(port)].concat();
            let child = spawn(program, &folder, &settings);
            let mut server = Self { program, folder, child, settings };
            while server.child.try_wait().unwrap().is_none() {
                if UnixStream::connect(server.socket()).is_ok() {
                    return Some((server, port));
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Kills the server, and starts it anew, as empty as its settings make it.
    pub fn restart(&mut self, pause: Duration) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::thread::sleep(pause);
        self.child = spawn(self.program, &self.folder, &self.settings);
        self.wait();
    }

    /// Sends a signal: `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(status.unwrap().success());
    }

    fn wait(&self) {
        // The socket is there before the server listens.
        while UnixStream::connect(self.socket()).is_err() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Runs commands, and returns the last response.
    pub async fn command<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let client = redis::Client::open(self.url()).unwrap();
        let long = Some(Duration::from_secs(120));
        let config = redis::AsyncConnectionConfig::new().set_connection_timeout(long).set_response_timeout(long);
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await.unwrap();
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(word);
        }
        command.query_async(&mut connection).await.unwrap()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the name of the program of the server. Prints a line if there is none.
fn program() -> Option<&'static str> {
    let is_there = |program: &&str| Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
    let program = ["redis-server", "valkey-server"].into_iter().find(is_there);
    if program.is_none() {
        println!("skipped: neither redis-server nor valkey-server is installed");
    }
    program
}

fn spawn(program: &str, folder: &TempDir, settings: &[String]) -> Child {
    let socket = folder.path().join("redis.sock");
    let _ = std::fs::remove_file(&socket);
    Command::new(program)
        .args(["--unixsocket", &socket.display().to_string(), "--dir", &folder.path().display().to_string()])
        .args(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}
