//! An address that refuses connections.

use tokio::net::TcpSocket;

/// An address where connections are refused.
///
/// Its socket is bound and does not listen. The port stays bound, so that no other process can use
/// it.
#[derive(Debug)]
pub struct RefusingPort(TcpSocket);

impl RefusingPort {
    /// Binds a free port.
    #[must_use]
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    /// Returns the bound port.
    pub fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Returns `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port())
    }
}

impl Default for RefusingPort {
    fn default() -> Self {
        Self::new()
    }
}
