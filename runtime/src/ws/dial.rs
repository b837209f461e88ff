//! Opens a connection.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use http::HeaderValue;
use http::header::USER_AGENT;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;

use super::settings::SocketSettings;
use crate::error::outcome::BoxError;

/// An open connection.
pub(super) type Wire = WebSocketStream<ByteStream>;

/// The size of the buffer for reading. A message that is longer is read in several steps.
const READ_BUFFER: usize = 64 << 10;

/// Opens connections to one URL.
#[derive(Debug)]
pub(super) struct Dialer {
    url: Url,
    settings: SocketSettings,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Dialer {
    /// Creates a dialer for a URL of `ws://` or `wss://`.
    pub(super) fn new(url: Url, settings: SocketSettings) -> Self {
        Self { url, settings, tls: OnceLock::new() }
    }

    pub(super) async fn dial(&self) -> Result<Wire, BoxError> {
        let host = self.url.host_str().ok_or("the URL has no host")?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = self.url.port_or_known_default().ok_or("the URL has no port")?;
        let tcp = TcpStream::connect((host, port)).await?;
        tcp.set_nodelay(true)?;
        let stream = if self.url.scheme() == "wss" {
            let name = ServerName::try_from(host.to_owned())?;
            let connector = TlsConnector::from(self.tls()?);
            ByteStream::Tls(Box::new(connector.connect(name, tcp).await?))
        } else {
            ByteStream::Plain(tcp)
        };
        let mut request = self.url.as_str().into_client_request()?;
        if let Some(agent) = &self.settings.user_agent {
            request.headers_mut().insert(USER_AGENT, HeaderValue::try_from(agent)?);
        }
        let limit = Some(self.settings.max_message_bytes);
        let config =
            WebSocketConfig::default().read_buffer_size(READ_BUFFER).max_message_size(limit).max_frame_size(limit);
        let (wire, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(wire)
    }

    fn tls(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        if let Some(config) = self.settings.tls.as_ref().or_else(|| self.tls.get()) {
            return Ok(Arc::clone(config));
        }
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_platform_verifier()?
            .with_no_client_auth();
        Ok(Arc::clone(self.tls.get_or_init(|| Arc::new(config))))
    }
}

/// A stream of bytes, encrypted or not.
#[derive(Debug)]
pub(super) enum ByteStream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for ByteStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for ByteStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
