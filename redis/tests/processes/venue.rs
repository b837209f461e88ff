//! A venue that counts: it responds to each request, and keeps the time at which it came.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request that was answered.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) at: SystemTime,
    pub(crate) path: String,
    pub(crate) nonce: u64,
    /// The time at which the process began the call, by the clock of the machine.
    pub(crate) called_at: SystemTime,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Arrivals(Arc<Mutex<Vec<Arrived>>>);

impl Arrivals {
    pub(crate) fn all(&self) -> Vec<Arrived> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// Starts the venue. Returns its URL, and the requests that it answers.
pub(crate) async fn start() -> (String, Arrivals) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let arrivals = Arrivals::default();
    let seen = arrivals.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, seen.clone()));
        }
    });
    (url, arrivals)
}

async fn serve(mut stream: TcpStream, arrivals: Arrivals) {
    let mut received = Vec::new();
    let mut piece = [0; 4096];
    loop {
        while let Some(end) = received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let at = SystemTime::now();
            let head = String::from_utf8_lossy(&received[..end]).into_owned();
            received.drain(..end + 4);
            let header = |name: &str| {
                let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                line.and_then(|value| value.parse::<u64>().ok()).unwrap_or(0)
            };
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let called_at = SystemTime::UNIX_EPOCH + Duration::from_micros(header("x-called-at"));
            let nonce = header("x-nonce");
            arrivals.0.lock().unwrap().push(Arrived { at, path, nonce, called_at });
            // A response takes up to 7 ms.
            let some = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().subsec_micros() % 8;
            tokio::time::sleep(Duration::from_millis(some.into())).await;
            if stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n1")
                .await
                .is_err()
            {
                return;
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return,
            Ok(length) => received.extend_from_slice(&piece[..length]),
        }
    }
}
