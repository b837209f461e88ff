//! `venue mock --record` and `--replay`: exchanges with a venue, without secrets.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use venuekit::meta::VenueMeta;
use venuekit::reqwest;
use venuekit::url::Url;
use venuekit_mock::{Exchange, Forward, ForwardedRequest, ForwardedResponse, Recorder, Recording, Replay};

use crate::failure::{Exit, Failure};
use crate::signals::Signals;
use crate::{credentials, output};

/// The maximum time of a request to the venue.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Records the exchanges of a venue at a base URL into a file, until a signal comes.
pub(crate) fn record(venue: &'static VenueMeta, port: u16, path: &Path, base_url: &str) -> Result<Exit, Failure> {
    let (forward, prefix) = forward(base_url, venue.venue.base_path())?;
    let secrets = credentials::texts(venue)?;
    let file = open(path).map_err(|error| Failure::Usage(format!("--record: {}: {error}", path.display())))?;
    let file = Mutex::new(file);
    let take = move |exchange: Exchange| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{exchange}").and_then(|()| file.flush())
    };
    run(async move {
        let recorder = Recorder::start(venue, port, prefix, secrets, forward, take).await?;
        output::line(&format!("{}  {}", venue.venue.name(), recorder.url()))?;
        Signals::listen()?.first().await;
        Ok(())
    })
}

/// Responds with the recorded responses of a file, until a signal comes.
pub(crate) fn replay(venue: &'static VenueMeta, port: u16, path: &Path) -> Result<Exit, Failure> {
    let unusable = |reason: String| Failure::Usage(format!("--replay: {}: {reason}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| unusable(error.to_string()))?;
    let recording = Recording::parse(&text).map_err(|error| unusable(error.to_string()))?;
    recording.check_venue(venue).map_err(|error| unusable(error.to_string()))?;
    run(async move {
        let replay = Replay::start(venue, recording, port).await?;
        output::line(&format!("{}  {}", venue.venue.name(), replay.url()))?;
        Signals::listen()?.first().await;
        Ok(())
    })
}

fn run(server: impl Future<Output = io::Result<()>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::NotSent(error.to_string()))?;
    runtime.block_on(server).map_err(|error| Failure::Usage(format!("the port cannot be served: {error}")))?;
    Ok(Exit::Done)
}

/// Opens a file to add to. Only its owner can read a new one: it has the data of an account.
fn open(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Returns the function that sends requests on to a venue, and the path of the URL before the base
/// path.
fn forward(base_url: &str, base_path: &str) -> Result<(Forward, String), Failure> {
    let refused = |reason: &str| Failure::Usage(format!("--base-url: {reason}"));
    let url = Url::parse(base_url).map_err(|_| refused("this is not a URL (help: https://host/path)"))?;
    let path = url.path().trim_end_matches('/');
    let Some(prefix) = path.strip_suffix(base_path.trim_end_matches('/')) else {
        return Err(refused(&format!("the path has to end with `{base_path}`, which requests need")));
    };
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(refused("expected http or https, without a user"));
    }
    // A redirect would carry key and signature to another host.
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| refused(&error.without_url().to_string()))?;
    let (origin, prefix) = (url.origin().ascii_serialization(), prefix.to_owned());
    let forward: Forward = Arc::new(move |request: ForwardedRequest| {
        let (client, target) = (client.clone(), format!("{origin}{}", request.target));
        Box::pin(async move {
            // The text of an error may have the URL, and the URL of some venues has the signature.
            let failed = |error: reqwest::Error| error.without_url().to_string();
            let method = reqwest::Method::from_bytes(request.method.as_bytes()).map_err(|error| error.to_string())?;
            let mut sent = client.request(method, target).body(request.body);
            for (name, value) in &request.headers {
                sent = sent.header(name, value);
            }
            let response = sent.send().await.map_err(failed)?;
            let status = response.status().as_u16();
            let headers = response.headers().iter();
            let headers = headers.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
            let headers = headers.collect();
            let body = response.bytes().await.map_err(failed)?.to_vec();
            Ok(ForwardedResponse { status, headers, body })
        })
    });
    Ok((forward, prefix))
}
