//! Accepts connections, receives requests, sends responses, and applies faults.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::shared::Shared;
use super::socket;
use crate::fault::{FAULT_HEADER, Fault, FaultError, Kind};
use crate::fault_set::Target;
use crate::http::{Connection, Head, ReadError, Request, Response};

/// The maximum number of connections at once. More connections wait.
const MAX_CONNECTIONS: usize = 1024;

/// The path of the faults of all venues on the port.
const CONTROL: &str = "/_mock/faults";

pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // The tasks in the set end when the set is dropped.
    let mut connections = JoinSet::new();
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    serve(stream, peer.ip(), &shared).await;
                    drop(permit);
                });
            }
            // Too many files are open, or the other side has closed the connection already.
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, peer: IpAddr, shared: &Shared) {
    // If this fails, responses are late, but correct.
    let _ = stream.set_nodelay(true);
    let mut connection = Connection::new(stream, peer);
    loop {
        let (head, length) = match connection.head().await {
            Ok(read) => read,
            Err(broken) => return refuse(connection, shared, broken).await,
        };
        if head.path == CONTROL {
            let body = match connection.body(&head, length).await {
                Ok(body) => body,
                Err(broken) => return refuse(connection, shared, broken).await,
            };
            return refuse_with(connection, control(shared, &head, &body)).await;
        }
        let Some(engine) = shared.engines.iter().find(|engine| engine.has(&head.path)) else {
            let names: Vec<&str> = shared.engines.iter().map(|engine| engine.meta.venue.name()).collect();
            shared.log.write(format!(
                "{} {}: 404, the path does not begin with a venue of this server",
                head.method, head.path
            ));
            let why = format!("the path has to begin with the name of a venue of this server: {}\n", names.join(", "));
            return refuse_with(connection, Response::new(404, "text/plain", why)).await;
        };
        let asked = head.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(FAULT_HEADER));
        let asked: Vec<String> = asked.map(|(_, text)| text.clone()).collect();
        let target = Target { number: shared.faults.number(), venue: engine.meta.venue.name(), asked: &asked };
        let is_socket = socket::is_upgrade(&head);
        match shared.faults.early(target).and_then(|faults| fit(faults, &asked, is_socket)) {
            Ok(faults) if faults.is_empty() => {}
            Ok(faults) => {
                engine.reset_early(&head, &faults);
                return connection.reset();
            }
            Err(error) => return refuse_fault(connection, shared, &head, &error).await,
        }
        if is_socket {
            return socket::serve(connection, &head, engine, shared, &asked).await;
        }
        let body = match connection.body(&head, length).await {
            Ok(body) => body,
            Err(broken) => return refuse(connection, shared, broken).await,
        };
        let request = Request { head, body };
        let faults = match shared.faults.late(target, engine.operation_of(&request)) {
            Ok(faults) => faults,
            Err(error) => return refuse_fault(connection, shared, &request.head, &error).await,
        };
        let mut response = engine.respond(&request, &faults);
        if !request.head.keeps_alive() {
            response.set("Connection", "close");
        }
        let is = |kind: &Kind| faults.iter().any(|fault| fault.kind == *kind);
        for fault in &faults {
            if let Kind::Latency(latency) = fault.kind {
                tokio::time::sleep(latency).await;
            }
        }
        if is(&Kind::Hang) {
            return connection.closed().await;
        }
        if is(&Kind::Reset) {
            return connection.reset();
        }
        if is(&Kind::Close) {
            return;
        }
        if request.head.method == "HEAD" {
            response.body.clear();
        }
        if send(&mut connection, &response, &faults).await.is_err() {
            return;
        }
        if is(&Kind::Stall) {
            return connection.closed().await;
        }
        if is(&Kind::Cut) || !request.head.keeps_alive() {
            return;
        }
    }
}

async fn send(connection: &mut Connection, response: &Response, faults: &[Fault]) -> io::Result<()> {
    let half = faults.iter().any(|fault| matches!(fault.kind, Kind::Cut | Kind::Stall));
    let slow = faults.iter().find_map(|fault| if let Kind::Slow(pause) = fault.kind { Some(pause) } else { None });
    let spaces = faults.iter().find_map(|fault| if let Kind::Huge(bytes) = fault.kind { Some(bytes) } else { None });
    // `Content-Length` announces 64 more bytes, so that a cut or stalled response is incomplete
    // even if its body is empty.
    let more = usize::from(half) * 64;
    let announced = response.body.len() + more + usize::try_from(spaces.unwrap_or(0)).unwrap_or(usize::MAX / 2);
    let head = response.head(announced);
    let body = if half { response.body.get(..response.body.len() / 2).unwrap_or_default() } else { &response.body };
    let stream = &mut connection.stream;
    match slow {
        None => stream.write_all(&[head.as_slice(), body].concat()).await?,
        Some(pause) => {
            for byte in head {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(pause).await;
            }
            stream.write_all(body).await?;
        }
    }
    let mut left = if half { 0 } else { spaces.unwrap_or(0) };
    while left > 0 {
        const CHUNK: [u8; 16 * 1024] = [b' '; 16 * 1024];
        let size = usize::try_from(left).unwrap_or(CHUNK.len()).min(CHUNK.len());
        stream.write_all(CHUNK.get(..size).unwrap_or_default()).await?;
        left -= size as u64;
    }
    stream.flush().await
}

/// Responds to a malformed or too large request. Does nothing if the connection is closed or the
/// request did not arrive in time.
async fn refuse(connection: Connection, shared: &Shared, broken: ReadError) {
    if let ReadError::Refused(status, why) = broken {
        shared.log.write(format!("{status}: {why}"));
        refuse_with(connection, Response::new(status, "text/plain", format!("{why}\n"))).await;
    }
}

/// Responds to a request that asks for a fault that does not exist.
async fn refuse_fault(connection: Connection, shared: &Shared, head: &Head, error: &FaultError) {
    shared.log.write(format!("{} {}: {FAULT_HEADER}: {error}", head.method, head.path));
    refuse_with(connection, Response::new(400, "text/plain", format!("{FAULT_HEADER}: {error}\n"))).await;
}

/// Responds and closes the connection. The request may not have been read completely.
async fn refuse_with(mut connection: Connection, mut response: Response) {
    response.set("Connection", "close");
    // This fails if the other side has closed the connection.
    if send(&mut connection, &response, &[]).await.is_ok() {
        // A close with unread bytes would reset the connection, perhaps before the client has read
        // the response.
        let _ = connection.stream.shutdown().await;
        let _ = tokio::time::timeout(Duration::from_secs(1), connection.closed()).await;
    }
}

/// Returns the response to a request about the faults. GET lists them, one per line; POST adds
/// those of its body, one per line; DELETE removes all.
fn control(shared: &Shared, head: &Head, body: &[u8]) -> Response {
    let respond = |status, text: String| Response::new(status, "text/plain", text);
    let (faults, log) = (&shared.faults, &shared.log);
    match head.method.as_str() {
        "GET" => {}
        "DELETE" => {
            faults.clear(None);
            log.write(format!("{CONTROL}: all faults are removed"));
        }
        "POST" => {
            let text = String::from_utf8_lossy(body);
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let added: Result<Vec<Fault>, String> = lines.map(|line| shared.fault(line)).collect();
            match added {
                Ok(added) => {
                    for fault in added {
                        log.write(format!("{CONTROL}: {} is added", fault.aimed()));
                        faults.add(fault, None);
                    }
                }
                Err(why) => return respond(400, format!("{why}\n")),
            }
        }
        _ => return respond(405, format!("{CONTROL} takes GET, POST and DELETE\n")),
    }
    respond(200, faults.waiting(None).iter().map(|fault| fault.aimed() + "\n").collect())
}

/// Returns an error if a request that opens no WebSocket asks for a fault of one.
fn fit(faults: Vec<Fault>, asked: &[String], is_socket: bool) -> Result<Vec<Fault>, FaultError> {
    for text in asked.iter().filter(|_| !is_socket) {
        if text.parse::<Fault>()?.is_of_socket() {
            return Err(FaultError::new(format!("`{text}` is for a WebSocket, and this request opens none")));
        }
    }
    Ok(faults)
}
