//! `README.md`, which is also the crate's documentation: its example compiles as a doctest.

use crate::model::{Api, ExampleCall, Operation, Security};

use super::credentials;
use super::error_table::ErrorTable;
use super::examples::{literal, whole_call};
use super::home::Home;
use super::{markdown, operations_table, rate_limits};

pub(super) fn readme(api: &Api, home: &Home) -> String {
    let venue = &api.venue;
    let mut text = format!("<!-- {} -->\n\n# {}\n\n", home.marker(&venue.spec_file), venue.package);
    text.push_str(&format!(
        "Typed client of the {} (version {}), exact to the last digit. Prices are decimals, new values of enums are kept, \
         the signed request is the sent request, and every error states whether the request may have reached the venue.\n\n",
        markdown::inline(&venue.title),
        markdown::inline(&venue.api_version)
    ));
    text.push_str(&example(api, home));
    text.push_str(&outcome(api));
    text.push_str(&subscriptions(api).unwrap_or_default());
    text.push_str(&unknown_statuses(api).unwrap_or_default());
    text.push_str(&elements(api));
    text.push_str(&operations_table::in_readme(api, home).unwrap_or_default());
    if let Some(description) = &venue.description {
        text.push_str(&format!("## The venue\n\n{}\n\n", markdown::paragraphs(description)));
    }
    text.push_str(&rate_limits::section(api).unwrap_or_default());
    text.push_str(&codes(api).unwrap_or_default());
    text.push_str("## Features\n\n");
    if api.socket.is_none() {
        text.push_str(
            "`reqwest` (on by default): the HTTP transport; a program with its own `transport(..)` builds without it.\n\n",
        );
    }
    text.push_str(
        "`meta`: the API as data (operations, parameters, schemas, examples) and calls by name with JSON in and out.\n\n`jiff`: times convert from and to `jiff::Timestamp`.\n\n`blocking`: calls from code that is not async, `client.operation().send().wait()`.\n\n\
         ## Licence\n\nMIT OR Apache-2.0, at your option.\n",
    );
    text
}

/// Returns a section about the error codes; `None` if none are known.
fn codes(api: &Api) -> Option<String> {
    let table = ErrorTable::new(api);
    (!table.is_empty()).then(|| {
        format!(
            "## Error codes\n\nThe venue may send other codes too. The module `error_codes` has a constant for each of \
             these, to compare with `error.api_error()`.\n\n{}\n",
            table.in_readme()
        )
    })
}

/// Returns the paragraphs about errors, and about the options of a call.
fn outcome(api: &Api) -> String {
    let recv_window = if api.recv_window.is_some() { " `.recv_window(..)`," } else { "" };
    format!(
        "A required value that is left out is a compile error that names it. When a call fails, first check the \
         outcome of the request: `error.outcome()` is `NotSent`, `Refused`, `Unknown` (it may have happened), `Applied` (a retry proved that it had), or `Gone` (a retry of a cancel found nothing to cancel, for an unknown reason); \
         `error.status()`, `error.api_error()`, `error.body()` and `error.retry_after()` have the details.\n\n\
         `send()` returns the value. `send().with_response()` also returns status, headers and raw bytes. Options of one call follow `send()`: `.timeout(..)`,{recv_window} `.header(..)`. An optional value is set directly or as an `Option`. \
         The venue checks the documented bounds of values (a maximum, a longest text); `Client::builder().check_bounds(true)` checks them before a request is sent, except in cancels.\n\n\
         If one element of a list cannot be read, the call is an error. For a call that changes nothing at the venue, `send().lenient()` drops such elements instead, and `errors()` has them.\n\n"
    )
}

fn example(api: &Api, home: &Home) -> String {
    let venue = &api.venue;
    let candidates = api.callable().filter(|operation| {
        operation.body.is_none() && operation.response.is_some() && operation.subscription.is_none()
    });
    let mut candidates: Vec<&Operation> = candidates.collect();
    // Public operations come first, then reads. An operation with parameters is a better example
    // than one without.
    candidates.sort_by_key(|operation| {
        (
            operation.security != Security::Public,
            !operation.only_reads(),
            !operation.parameters.iter().any(|parameter| parameter.required),
        )
    });
    let found = candidates.into_iter().find_map(|operation| Some((operation, call(api, operation)?)));
    let is_public = found.as_ref().is_none_or(|(operation, _)| operation.security == Security::Public);
    let schemes = credentials::schemes(api);
    let alternative = found.as_ref().and_then(|(operation, _)| operation.schemes.first());
    let given = schemes.iter().filter(|scheme| alternative.is_some_and(|names| names.contains(&scheme.name)));
    let (parameters, setters) = credentials::example(given.copied());
    let call = found.map(|(_, call)| call).unwrap_or_default();

    let path = api.base_path.as_deref().unwrap_or("/");
    let scheme = if api.socket.is_some() { "wss" } else { "https" };
    let host = if api.servers.is_empty() {
        format!(".base_url(\"{scheme}://exchange.example{path}\")")
    } else {
        String::new()
    };
    let (names, arguments, credentials) = match (&api.auth, is_public) {
        (Some(_), false) => (
            "{Client, Credentials}",
            "key: String, secret: String".to_owned(),
            ".credentials(Credentials::new(key, secret)?)".to_owned(),
        ),
        (None, false) if !schemes.is_empty() => {
            ("{Client, Credentials}", parameters, format!(".credentials(Credentials::new(){setters})"))
        }
        _ => ("Client", String::new(), String::new()),
    };
    let mut text = format!(
        "```toml\n[dependencies]\n{package} = {source}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n```\n\n{other_sources}\
         ```rust,no_run\nuse {krate}::{names};\n\n# async fn run({arguments}) -> Result<(), Box<dyn std::error::Error>> {{\n\
         let client = Client::builder(){host}{credentials}.build()?;\n{call}# Ok(())\n# }}\n```\n\n",
        package = venue.package,
        source = home.in_dependencies(api),
        other_sources = home.other_sources(api),
        krate = venue.krate,
    );
    if let Some(auth) = api.auth.as_ref().filter(|_| is_public) {
        let needing = if api.socket.is_some() { "Operations with a login" } else { "Signed operations" };
        text.push_str(&format!(
            "{needing} need credentials: `Client::builder().credentials(Credentials::new(key, secret)?)`, with the `Credentials` of this crate. The crate \
             `{}` documents the signed text and the settings.\n\n",
            auth.package
        ));
    }
    if !schemes.is_empty() {
        text.push_str(
            "`Credentials` has a setter for each security scheme of the venue. Give those that you have. A bearer token can come from a function, \
             which is called before each attempt.\n\n",
        );
    }
    if api.key_only {
        text.push_str(
            "Operations with the security *key* need no secret: `Credentials::key_only(key)?` is enough for them.\n\n",
        );
    }
    if api.token_login {
        text.push_str(
            "A token can log a connection in, in place of a key and its secret: `Credentials::from_token(token, source)?`.\n\n",
        );
    }
    if api.servers.is_empty() {
        text.push_str(&format!(
            "The venue has no public host: set the URL of yours with `base_url(..)`, including its path (`{path}`).\n\n"
        ));
    } else {
        text.push_str("`base_url(..)` selects another host, such as a mock.");
        if let Some(path) = &api.base_path {
            text.push_str(&format!(" Its path has to end with `{path}`, which requests need."));
        }
        text.push_str(" `environment(Environment::Test)` selects the venue's test host, if it has one.\n\n");
    }
    text
}

/// Returns a section about subscriptions; `None` if there are none.
fn subscriptions(api: &Api) -> Option<String> {
    let subscribing = || api.operations.iter().filter(|operation| operation.subscription.is_some());
    // One whose required values all have an example is a better example.
    let operation = subscribing().find(|operation| call(api, operation).is_some()).or_else(|| subscribing().next())?;
    let example = whole_call(api, operation).replacen("```no_run", "```rust,no_run", 1);
    Some(format!(
        "## Subscriptions\n\nAn operation that subscribes returns a subscription, which is a stream of events. Dropping it ends it at the venue. \
         After `Event::Interrupted`, nothing that came before is current, until `Event::Snapshot` or `Event::Resumed`. The client connects again by \
         itself, logs in again, and makes its subscriptions again.\n\n{example}\n\n"
    ))
}

/// Returns the paragraph about the statuses that leave the outcome unknown; `None` if there are
/// none.
fn unknown_statuses(api: &Api) -> Option<String> {
    let has_some = |operation: &&Operation| !operation.unknown_statuses.is_empty();
    let entry = |operation: &Operation| {
        let statuses: Vec<String> = operation.unknown_statuses.iter().map(u16::to_string).collect();
        format!("`{}` ({})", operation.method_name, statuses.join(", "))
    };
    let entries: Vec<String> = api.operations.iter().filter(has_some).map(entry).collect();
    (!entries.is_empty()).then(|| {
        format!(
            "**At these operations some statuses of 4xx do not mean that nothing happened:** {}. The outcome is \
             `Unknown` then, as after 408 and 5xx. Any other 4xx is a refusal, unless its code leaves the outcome open.\n\n",
            entries.join(", ")
        )
    })
}

/// Returns the paragraph about failed elements of a batch; an empty text if no operation sends a
/// batch.
fn elements(api: &Api) -> String {
    let Some(operation) = api.operations.iter().find(|operation| api.judges_elements(operation)) else {
        return String::new();
    };
    let example = whole_call(api, operation).replacen("```no_run", "```rust,no_run", 1);
    let batches = api.operations.iter().filter(|operation| operation.batch.is_some());
    let batches: Vec<String> = batches.map(|operation| format!("`{}`", operation.method_name)).collect();
    let counts = if batches.is_empty() {
        String::new()
    } else {
        format!(
            "An element that the response lacks is not among them, and may have been carried out. `element_counts()` of the response or the error \
             has the number of elements in the request and the number in the response ({}).\n\n",
            batches.join(", ")
        )
    };
    format!(
        "## Failed elements of a batch\n\nThe elements of a batch can fail one by one. A batch with some successful elements is a success, and \
         `send().with_response()` tells the elements that failed. If every element failed, the call is an error, and `error.failed_elements()` tells them.\n\n\
         {example}\n\nEach has `index()`, `pointer()`, `outcome()`, `code()`, `message()` and `json()`. If its `outcome()` is `Unknown`, it may have been carried out.\n\n{counts}"
    )
}

fn call(api: &Api, operation: &Operation) -> Option<String> {
    let mut setters = String::new();
    let example = ExampleCall::short(operation);
    if !example.keeps_constraints() {
        return None;
    }
    for parameter in example.parameters() {
        setters.push_str(&format!(".{}({})", parameter.name, literal(api, parameter)?));
    }
    let types = format!("{}::types::", api.venue.krate);
    let (imports, setters) = match setters.contains(&types) {
        true => (format!("use {}::types;\n\n", api.venue.krate), setters.replace(&types, "types::")),
        false => (String::new(), setters),
    };
    Some(format!(
        "{imports}let response = client.{}(){setters}.send().await?;\nprintln!(\"{{response:#?}}\");\n",
        operation.method_name
    ))
}
