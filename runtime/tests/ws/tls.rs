//! Connections with TLS.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_tungstenite::tungstenite::Message;
use venuekit::{Client, ClientBuilder, ErrorKind, Outcome, Retry};

use super::{LONG, READ, STATE, VENUE, call, list, next};

fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(include_bytes!("../support/tls/certificate.pem")).unwrap()
}

/// Starts a venue with TLS, which confirms each request and then sends a notification. Returns its
/// URL.
async fn start() -> String {
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../support/tls/key.pem")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("wss://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A client that does not trust the certificate ends the handshake.
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
            while let Some(Ok(Message::Text(text))) = socket.next().await {
                let request: Value = serde_json::from_str(&text).unwrap();
                let response = json!({"error": null, "result": "over TLS", "id": request["id"]});
                let notification = json!({"method": "state.update", "params": ["A", 1], "id": null});
                for message in [response, notification] {
                    socket.send(Message::text(message.to_string())).await.unwrap();
                }
            }
        }
    });
    url
}

/// Returns a client that trusts these certificates only.
fn client(url: &str, trusted: impl IntoIterator<Item = CertificateDer<'static>>) -> Client {
    let mut roots = RootCertStore::empty();
    trusted.into_iter().for_each(|certificate| roots.add(certificate).unwrap());
    let config = Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth());
    let builder = ClientBuilder::for_venue(&VENUE).base_url(url).timeout(LONG).retry(Retry::never());
    builder.socket(move |settings| settings.tls = Some(Arc::clone(&config))).build().unwrap()
}

#[tokio::test]
async fn calls_and_subscriptions_go_over_tls() {
    let url = start().await;
    let client = client(&url, [certificate()]);
    assert_eq!(call(&client, &READ, 1).await.unwrap(), json!("over TLS"));
    let mut states = list(&client, &STATE, &["A"]).await.unwrap();
    assert_eq!(next(&mut states).await, r#"snapshot ["A",1]"#);
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_named_and_nothing_is_sent() {
    let url = start().await;
    let error = call(&client(&url, []), &READ, 1).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent), "{error:?}");
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
}
