//! Responds with recorded responses.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use venuekit::meta::VenueMeta;

use super::exchange::{Exchange, Recording};
use super::serving::Serving;
use crate::http::{Request, Response};

/// A server that responds to requests as it was recorded, until it is dropped.
///
/// A request gets the response of the first exchange with the same method, path, query and body
/// that has not been used yet; after the last one, it gets that one again. Keys, signatures, times
/// and the ids of JSON-RPC calls do not matter. A request that was not recorded gets status 501,
/// and is in [`unknown`](Self::unknown).
pub struct Replay {
    serving: Serving,
    base_path: &'static str,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    exchanges: Vec<Exchange>,
    used: Vec<bool>,
    unknown: Vec<String>,
}

impl Replay {
    /// Starts a server with a recording of a venue on a port of this machine; 0 is a free one.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound, and when the recording is one of another venue
    /// ([`InvalidInput`](io::ErrorKind::InvalidInput)).
    pub async fn start(venue: &'static VenueMeta, recording: Recording, port: u16) -> io::Result<Self> {
        recording.check_venue(venue).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let exchanges = recording.exchanges().to_vec();
        let state = State { used: vec![false; exchanges.len()], exchanges, unknown: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let respond = move |request: Request| {
            let response = shared.lock().unwrap_or_else(PoisonError::into_inner).respond(venue, &request);
            async move { response }
        };
        let serving = Serving::start(port, respond).await?;
        Ok(Self { serving, base_path: venue.venue.base_path(), state })
    }

    /// Returns the base URL for the client.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.serving.address, self.base_path)
    }

    /// Returns the requests that were not recorded, each as its method and its path.
    pub fn unknown(&self) -> Vec<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).unknown.clone()
    }

    /// Returns the exchanges that no request has used.
    pub fn unused(&self) -> Vec<Exchange> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state
            .exchanges
            .iter()
            .zip(&state.used)
            .filter(|(_, used)| !**used)
            .map(|(exchange, _)| exchange.clone())
            .collect()
    }
}

impl State {
    fn respond(&mut self, venue: &VenueMeta, request: &Request) -> Response {
        let (asked, _) = Exchange::of_request(venue, request);
        let fitting: Vec<usize> =
            self.exchanges.iter().enumerate().filter(|(_, known)| known.fits(&asked)).map(|(index, _)| index).collect();
        let next = fitting.iter().find(|index| self.used.get(**index) == Some(&false)).or(fitting.last());
        let Some((index, exchange)) = next.and_then(|index| Some((*index, self.exchanges.get(*index)?))) else {
            self.unknown.push(format!("{} {}", asked.method, asked.path));
            let text = format!(
                "{} {} was not recorded with these values; record it, or call what was recorded\n",
                asked.method, asked.path
            );
            return Response::new(501, "text/plain", text);
        };
        let body = with_id(&exchange.response, &request.body);
        let response = Response { status: exchange.status, headers: exchange.headers.clone(), body: body.into_bytes() };
        if let Some(used) = self.used.get_mut(index) {
            *used = true;
        }
        response
    }
}

/// Returns a response of JSON-RPC with the id of the request; any other response as it is.
fn with_id(response: &str, request: &[u8]) -> String {
    use venuekit_json::Tree;
    let request = Tree::parse(&String::from_utf8_lossy(request)).ok();
    let id = request.filter(|request| request.get("method").is_some()).and_then(|request| request.get("id").cloned());
    match (id, Tree::parse(response)) {
        (Some(id), Ok(mut tree)) if tree.get("id").is_some() => {
            let _ = tree.set("id", id);
            tree.to_json()
        }
        _ => response.to_owned(),
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay").field("address", &self.serving.address).finish_non_exhaustive()
    }
}
