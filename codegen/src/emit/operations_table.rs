//! The list of the operations: a table in the README, and links in the documentation.

use indexmap::IndexMap;

use crate::model::{Api, Operation, Route, Security};

use super::home::Home;
use super::markdown;

/// The smallest number of operations that has one table per tag.
const LONG: usize = 12;

/// Returns the section of the README with a line per operation; `None` if there are none. Without
/// links, because the README is read outside the documentation too.
pub(super) fn in_readme(api: &Api, home: &Home) -> Option<String> {
    const HEAD: &str = "| method | route | | security |\n|---|---|---|---|\n";
    api.callable().next()?;
    let row = |operation: &Operation| {
        let route = match &operation.route {
            Route::Http { method, path } => format!("{method} {path}"),
            Route::Rpc { method } => method.clone(),
        };
        let summary = operation.docs.summary.as_deref().map(markdown::line).unwrap_or_default();
        let security = match operation.security {
            Security::Public => "public",
            Security::Key if operation.schemes.iter().any(Vec::is_empty) => "public, or key",
            Security::Key => "key",
            Security::Signed => "signed",
            Security::Login => "login",
        };
        let name = format!("`{}`", operation.method_name);
        markdown::row(&[name, markdown::code(&route), summary, security.to_owned()])
    };
    let mut text = "## Operations\n\nEach operation is a method of `Client`.\n\n".to_owned();
    if api.operations.len() < LONG || api.operations.iter().all(|operation| operation.tag.is_none()) {
        text.push_str(HEAD);
        text.extend(api.callable().map(row));
        text.push('\n');
    } else {
        let mut sections: IndexMap<&str, String> = IndexMap::new();
        for operation in api.callable() {
            let tag = operation.tag.as_deref().unwrap_or("Others");
            sections.entry(tag).or_default().push_str(&row(operation));
        }
        for (tag, rows) in sections {
            text.push_str(&format!("### {}\n\n{HEAD}{rows}\n", markdown::inline(tag)));
        }
    }
    if let Some(guide) = home.orders_guide().filter(|_| api.callable().any(is_about_orders)) {
        text.push_str(&format!(
            "[Orders]({guide}) says how to round and check an order, and how to find one whose response was lost.\n\n"
        ));
    }
    Some(text)
}

/// Returns the section of the crate's documentation with a link per operation; empty if there are
/// none.
pub(super) fn links(api: &Api) -> String {
    let link = |operation: &Operation| format!("[`{name}`](Client::{name})", name = operation.method_name);
    let links: Vec<String> = api.callable().map(link).collect();
    if links.is_empty() {
        return String::new();
    }
    format!(
        "\n## Methods of the client\n\nThe methods of [`Client`] make the calls. The types in [`operations`] have \
         the route, the values and an example of each.\n\n{}\n",
        links.join(",\n")
    )
}

/// Returns whether an operation places, changes or cancels orders, by its name or by the spec.
fn is_about_orders(operation: &Operation) -> bool {
    let mut words = operation.method_name.split('_');
    operation.cancels || !operation.only_reads() && words.any(|word| matches!(word, "order" | "orders"))
}
