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
use crate::format::Output;
use crate::sections::{Cell, Rows};
use crate::signals::Signals;
use crate::view::View;
use crate::{credentials, output};

/// The maximum time of a request to the venue.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The columns of the table of the server.
const COLUMNS: [&str; 2] = ["venue", "url"];

/// The form in which the URL of the server is printed.
#[derive(Debug)]
pub(crate) struct Form {
    /// The format that the user asks for; `None` if they ask for none.
    pub(crate) format: Option<Output>,
    pub(crate) view: View,
}

impl Form {
    fn check(&self) -> Result<(), Failure> {
        self.view.check_names(&COLUMNS.map(str::to_owned))
    }

    /// Prints the URL, before the server gets its first request.
    fn print(&self, venue: &VenueMeta, url: &str) -> Result<(), Failure> {
        let name = venue.venue.name();
        let Some(format) = self.format.or(self.view.has_columns().then_some(Output::Table)) else {
            return output::line(&format!("{name}  {url}")).map_err(Failure::Output);
        };
        let json = serde_json::json!([{ "venue": name, "url": url }]).to_string();
        let rows =
            Rows { names: COLUMNS.map(str::to_owned).to_vec(), rows: vec![[name, url].map(Cell::from).to_vec()] };
        let shown = self.view.list(self.view.format(Some(format), format), &json, rows).map_err(Failure::Output)?;
        output::line(&shown.text).map_err(Failure::Output)?;
        shown.tell();
        Ok(())
    }
}

/// Records the exchanges of a venue at a base URL into a file, until a signal comes.
pub(crate) fn record(
    venue: &'static VenueMeta,
    port: u16,
    path: &Path,
    base_url: &str,
    form: &Form,
) -> Result<Exit, Failure> {
    form.check()?;
    let (forward, prefix) = forward(base_url, venue.venue.base_path())?;
    let secrets = credentials::texts(venue)?;
    let file = open(path).map_err(|error| Failure::Usage(format!("--record: {}: {error}", path.display())))?;
    let file = Mutex::new(file);
    let take = move |exchange: Exchange| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{exchange}").and_then(|()| file.flush())
    };
    run(async move {
        let recorder = Recorder::start(venue, port, prefix, secrets, forward, take).await.map_err(not_served)?;
        form.print(venue, &recorder.url())?;
        Signals::listen().map_err(not_served)?.first().await;
        Ok(())
    })
}

/// Responds with the recorded responses of a file, until a signal comes.
pub(crate) fn replay(venue: &'static VenueMeta, port: u16, path: &Path, form: &Form) -> Result<Exit, Failure> {
    form.check()?;
    let unusable = |reason: String| Failure::Usage(format!("--replay: {}: {reason}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| unusable(error.to_string()))?;
    let recording = Recording::parse(&text).map_err(|error| unusable(error.to_string()))?;
    recording.check_venue(venue).map_err(|error| unusable(error.to_string()))?;
    run(async move {
        let replay = Replay::start(venue, recording, port).await.map_err(not_served)?;
        form.print(venue, &replay.url())?;
        Signals::listen().map_err(not_served)?.first().await;
        Ok(())
    })
}

fn not_served(error: io::Error) -> Failure {
    Failure::Usage(format!("the port cannot be served: {error}"))
}

fn run(server: impl Future<Output = Result<(), Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::NotSent(error.to_string()))?;
    runtime.block_on(server)?;
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
