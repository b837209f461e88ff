//! Serves requests one by one on a port of this machine.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::http::{Connection, ReadError, Request, Response};

/// A server that ends when it is dropped.
#[derive(Debug)]
pub(super) struct Serving {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Serving {
    /// Starts a server that responds to each request by a function.
    pub(super) async fn start<F, R>(port: u16, respond: F) -> io::Result<Self>
    where
        F: Fn(Request) -> R + Send + Sync + 'static,
        R: Future<Output = Response> + Send,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let respond = Arc::new(respond);
        let task = tokio::spawn(async move {
            // The tasks in the set end when the set is dropped.
            let mut connections = JoinSet::new();
            while let Ok((stream, peer)) = listener.accept().await {
                let respond = Arc::clone(&respond);
                connections.spawn(async move {
                    let connection = Connection::new(stream, peer.ip());
                    // A connection that fails concerns only its client.
                    let _ = serve(connection, &*respond).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { address, task })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve<F, R>(mut connection: Connection, respond: &F) -> io::Result<()>
where
    F: Fn(Request) -> R,
    R: Future<Output = Response>,
{
    loop {
        let read = match connection.head().await {
            Ok((head, length)) => {
                let body = connection.body(&head, length).await;
                body.map(|body| Request { head, body })
            }
            Err(error) => Err(error),
        };
        match read {
            Ok(request) => {
                let keeps_alive = request.head.keeps_alive();
                let response = respond(request).await;
                write(&mut connection.stream, &response).await?;
                if !keeps_alive {
                    return Ok(());
                }
            }
            Err(ReadError::Closed) => return Ok(()),
            Err(ReadError::Refused(status, reason)) => {
                let response = Response::new(status, "text/plain", format!("{reason}\n"));
                return write(&mut connection.stream, &response).await;
            }
        }
    }
}

async fn write(stream: &mut TcpStream, response: &Response) -> io::Result<()> {
    stream.write_all(&[response.head(response.body.len()).as_slice(), &response.body].concat()).await?;
    stream.flush().await
}
