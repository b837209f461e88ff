//! A proxy between the processes and the store, with faults.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// The behaviour of the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mode {
    Passes = 0,
    /// Accepts connections and bytes, and passes none on, as a partition.
    Drops = 1,
    /// Responds to everything with something else.
    Nonsense = 2,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Switch(Arc<AtomicU8>);

impl Switch {
    pub(crate) fn set(&self, mode: Mode) {
        self.0.store(mode as u8, Ordering::SeqCst);
    }

    fn is(&self, mode: Mode) -> bool {
        self.0.load(Ordering::SeqCst) == mode as u8
    }
}

/// Starts a proxy to the socket of a store. Returns its URL.
pub(crate) async fn start(socket: PathBuf) -> (String, Switch) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let switch = Switch::default();
    let mode = switch.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(pass(stream, socket.clone(), mode.clone()));
        }
    });
    (url, switch)
}

async fn pass(mut client: TcpStream, socket: PathBuf, mode: Switch) {
    let _ = client.set_nodelay(true);
    let Ok(mut store) = UnixStream::connect(&socket).await else { return };
    let (mut from_client, mut from_store) = ([0; 16 << 10], [0; 16 << 10]);
    let mut turn = 0_usize;
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let Ok(length @ 1..) = read else { return };
                if mode.is(Mode::Nonsense) {
                    const NONSENSE: [&[u8]; 6] =
                        [b"+OK\r\n", b":7\r\n", b"*4\r\n:1\r\n:0\r\n:0\r\n$1\r\nx\r\n", b"*2\r\n:1\r\n$-1\r\n", b"?\xff\x00garbage\r\n", b"-ERR no\r\n"];
                    turn += 1;
                    if client.write_all(NONSENSE[turn % NONSENSE.len()]).await.is_err() {
                        return;
                    }
                    continue;
                }
                wait_while_dropping(&mode).await;
                if store.write_all(&from_client[..length]).await.is_err() {
                    return;
                }
            }
            read = store.read(&mut from_store) => {
                let Ok(length @ 1..) = read else { return };
                wait_while_dropping(&mode).await;
                if client.write_all(&from_store[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Holds the bytes back while the network drops them. Then they arrive late, as those that TCP
/// sends again.
async fn wait_while_dropping(mode: &Switch) {
    while mode.is(Mode::Drops) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
