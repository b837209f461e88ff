//! A venue on a WebSocket whose messages the test writes.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

use super::LONG;

/// A venue that accepts connections one by one.
pub(crate) struct Venue {
    listener: TcpListener,
    pub(crate) url: String,
}

/// A connection of the client, seen from the venue.
pub(crate) struct Peer {
    pub(crate) socket: WebSocketStream<TcpStream>,
    /// The headers of the handshake.
    pub(crate) headers: Vec<(String, String)>,
    /// The path of the handshake.
    pub(crate) path: String,
}

/// A request of the client.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) id: u64,
    pub(crate) method: String,
    /// The parameters as JSON.
    pub(crate) params: String,
}

impl Venue {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/v3/", listener.local_addr().unwrap());
        Self { listener, url }
    }

    pub(crate) async fn accept(&self) -> Peer {
        let (mut headers, mut path) = (Vec::new(), String::new());
        let look = |request: &Request, response: Response| {
            path = request.uri().to_string();
            let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
            headers = request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
            Ok(response)
        };
        let accepting = async {
            let (stream, _) = self.listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            tokio_tungstenite::accept_hdr_async(stream, look).await.unwrap()
        };
        let socket = timeout(LONG, accepting).await.expect("a client connects");
        Peer { socket, headers, path }
    }
}

impl Peer {
    /// Returns the next message of the client; `None` when it closes the connection.
    pub(crate) async fn message(&mut self) -> Option<Message> {
        timeout(LONG, self.socket.next()).await.expect("the client sends or closes")?.ok()
    }

    /// Returns the next request of the client.
    pub(crate) async fn call(&mut self) -> Call {
        loop {
            match self.message().await.expect("the client sends a request") {
                Message::Text(text) => {
                    let json: Value = serde_json::from_str(&text).unwrap();
                    let (id, method) = (json["id"].as_u64().unwrap(), json["method"].as_str().unwrap().to_owned());
                    return Call { id, method, params: json["params"].to_string() };
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("expected a request, found {other:?}"),
            }
        }
    }

    /// Returns the next request, which has to be this one.
    pub(crate) async fn expect(&mut self, method: &str, params: &str) -> Call {
        let call = self.call().await;
        assert_eq!((&*call.method, &*call.params), (method, params));
        call
    }

    /// Takes the next request, which has to be this one, and confirms it.
    pub(crate) async fn confirm(&mut self, method: &str, params: &str) {
        let call = self.expect(method, params).await;
        self.result(&call, r#"{"status":"success"}"#).await;
    }

    /// Returns the next request, which has to be the login.
    pub(crate) async fn expect_login(&mut self) -> Call {
        let call = self.call().await;
        assert_eq!(call.method, "server.sign");
        call
    }

    /// Takes the login, and confirms it. Returns its parameters.
    pub(crate) async fn confirm_login(&mut self) -> Vec<Value> {
        let call = self.expect_login().await;
        self.result(&call, r#"{"status":"success"}"#).await;
        serde_json::from_str(&call.params).unwrap()
    }

    pub(crate) async fn send(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.unwrap();
    }

    pub(crate) async fn result(&mut self, call: &Call, result: &str) {
        self.send(format!(r#"{{"error":null,"result":{result},"id":{}}}"#, call.id)).await;
    }

    pub(crate) async fn error(&mut self, call: &Call, code: i64, message: &str) {
        let error = format!(r#"{{"code":{code},"message":"{message}"}}"#);
        self.send(format!(r#"{{"error":{error},"result":null,"id":{}}}"#, call.id)).await;
    }

    pub(crate) async fn notify(&mut self, method: &str, params: &str) {
        self.send(format!(r#"{{"method":"{method}","params":{params},"id":null}}"#)).await;
    }
}
