//! The names of a venue's markets, for completions: from the venue's own list, which is kept in the
//! user's folder for caches.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fs, io};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::Environment;
use venuekit::wire::Json;
use venuekit_json::Tree;

use crate::failure::changes;
use crate::value::{json_type, resolve, schema};
use crate::{folders, pages};

/// The time for which a list is used before it is asked for again.
const TIME_TO_LIVE: Duration = Duration::from_secs(24 * 3_600);

/// The maximum depth of nested schemas. A type that contains itself has no end.
const MAX_DEPTH: usize = 16;

/// The names that venues give to the property with the name of a market, the best first.
const NAMES: [&str; 5] = ["symbol", "name", "market", "id", "instrument"];

/// Returns whether a parameter or a property of this name has a market as its value.
pub(crate) fn is_market(name: &str) -> bool {
    let name = name.to_lowercase().replace(['_', '-'], "");
    let name = name.strip_suffix("list").or(name.strip_suffix("name")).or(name.strip_suffix('s')).unwrap_or(&name);
    matches!(name, "symbol" | "market" | "instrument" | "pair" | "currencypair")
}

/// Returns the operation that lists the markets: a read whose response has properties with
/// `x-market-rule`, and which needs no values, or only those of a page; `None` if there is none.
pub(crate) fn list_operation(venue: &VenueMeta) -> Option<&'static OperationMeta> {
    let is_list = |meta: &&OperationMeta| {
        let needs_none = pages::needs_pages_only(meta.operation);
        let reads = needs_none && meta.operation.body().is_none() && !changes(meta.operation);
        reads && meta.response_schema.is_some_and(|json| has_rules(venue, &schema(venue, json), 0))
    };
    venue.operations.iter().find(is_list)
}

/// Returns whether a schema or a schema in it has the rules of a market.
fn has_rules(venue: &VenueMeta, schema: &Value, depth: usize) -> bool {
    let inside = |schema: &Value| depth < MAX_DEPTH && has_rules(venue, &resolve(venue, schema), depth + 1);
    let properties = schema.get("properties").and_then(Value::as_object);
    let alternatives = schema.get("oneOf").and_then(Value::as_array);
    schema.get("x-market-rule").is_some()
        || properties.is_some_and(|properties| properties.values().any(inside))
        || alternatives.is_some_and(|alternatives| alternatives.iter().any(inside))
        || ["items", "additionalProperties"].into_iter().any(|key| schema.get(key).is_some_and(inside))
}

/// Returns the markets in the examples of the parameters of a venue.
pub(crate) fn examples(meta: &VenueMeta) -> Vec<String> {
    let subscriptions = meta.subscriptions.iter().map(|subscription| &subscription.operation);
    let parameters = meta.operations.iter().chain(subscriptions).flat_map(|operation| operation.parameters);
    let examples = parameters.filter(|parameter| is_market(parameter.name)).filter_map(|parameter| parameter.example);
    let mut texts: Vec<String> = examples.flat_map(texts).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Returns the texts of a JSON value that is a text or a list of texts.
fn texts(json: &str) -> Vec<String> {
    let one = serde_json::from_str(json).map(|text| vec![text]);
    one.or_else(|_| serde_json::from_str(json)).unwrap_or_default()
}

/// Returns the names of the markets in a list of this schema.
pub(crate) fn names(venue: &VenueMeta, schema: &Value, response: &Tree) -> Vec<String> {
    let mut names = Vec::new();
    collect(venue, schema, response, 0, &mut names);
    names.sort_unstable();
    names.dedup();
    names
}

fn collect(venue: &VenueMeta, schema: &Value, tree: &Tree, depth: usize, names: &mut Vec<String>) {
    if depth > MAX_DEPTH || !has_rules(venue, schema, 0) {
        return;
    }
    match tree {
        Tree::Array(elements) => {
            let items = resolve(venue, schema.get("items").unwrap_or(&Value::Null));
            for element in elements {
                let name = NAMES.iter().find_map(|name| match element.get(name) {
                    Some(Tree::Text(text)) => Some(text.clone()),
                    _ => None,
                });
                match name {
                    Some(name) => names.push(name),
                    None => collect(venue, &items, element, depth + 1, names),
                }
            }
        }
        Tree::Object(members) => {
            let of_each = schema.get("additionalProperties").map(|schema| resolve(venue, schema));
            for (name, value) in members {
                let property = schema.get("properties").and_then(|all| all.get(name.as_str()));
                match (property, &of_each) {
                    (Some(property), _) => collect(venue, &resolve(venue, property), value, depth + 1, names),
                    // An object by market.
                    (None, Some(schema)) if json_type(schema) == "object" && has_rules(venue, schema, 0) => {
                        names.push(name.clone());
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The number of names that a hint has.
const NEAREST: usize = 3;

/// The likeness of two names from which one may have been meant: 1 for equal ones.
const LIKE: f64 = 0.75;

/// Returns a hint about a market, if the list of known markets does not have it, or if it is empty;
/// `None` if there is nothing to say. `parameter`: the name of its parameter.
fn hint(venue: &VenueMeta, parameter: &str, market: &str, known: &[String]) -> Option<String> {
    if market.trim().is_empty() {
        let some: Vec<&str> = known.iter().take(NEAREST).map(String::as_str).collect();
        let some = if some.is_empty() { String::new() } else { format!(", such as {}", some.join(", ")) };
        return Some(format!("`{parameter}` is empty: name a market{some}"));
    }
    if known.is_empty() || known.iter().any(|name| name == market) {
        return None;
    }
    let wanted = letters(market);
    let likeness = known.iter().map(|name| (strsim::jaro_winkler(&letters(name), &wanted), name));
    let mut near: Vec<(f64, &String)> = likeness.filter(|(like, _)| *like >= LIKE).collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let near: Vec<&str> = near.iter().take(NEAREST).map(|(_, name)| name.as_str()).collect();
    let near = if near.is_empty() { String::new() } else { format!("; nearest: {}", near.join(", ")) };
    Some(format!("the list of markets that {} last sent does not have `{market}`{near}", venue.venue.name()))
}

/// Returns the letters and digits of a name in lower case. They matter most: venues write the same
/// market as BTC-USD, BTCUSD and btc_usd.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// Returns a hint about a market that is written in another form than the markets in the examples
/// of the venue's document: with other separators, or in another case; `None` if there is nothing
/// to say.
fn form_hint(venue: &VenueMeta, market: &str) -> Option<String> {
    let form = |name: &str| {
        let separators: BTreeSet<char> = name.chars().filter(|c| !c.is_alphanumeric()).collect();
        (separators, name.contains(char::is_uppercase), name.contains(char::is_lowercase))
    };
    let examples = examples(venue);
    if examples.iter().any(|example| form(example) == form(market)) {
        return None;
    }
    let likeness = |example: &String| strsim::jaro_winkler(&letters(example), &letters(market));
    let example = examples.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    let name = venue.venue.name();
    Some(format!("the document of {name} writes markets as in `{example}`, and not as in `{market}`"))
}

/// The place of a venue's list: markets differ between hosts.
#[derive(Clone, Debug)]
pub(crate) struct Host<'a> {
    pub(crate) venue: &'a VenueMeta,
    pub(crate) base_url: Option<&'a str>,
    pub(crate) environment: Environment,
}

/// A list of markets in the folder for caches.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Known {
    /// The seconds since 1970 at which the venue sent it.
    at: u64,
    pub(crate) markets: Vec<String>,
}

impl Known {
    /// Returns whether the list is so old that it is asked for again. The clock may have been set
    /// back since.
    pub(crate) fn is_old(&self) -> bool {
        !(self.at..self.at.saturating_add(TIME_TO_LIVE.as_secs())).contains(&now())
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl Host<'_> {
    fn path(&self) -> Option<PathBuf> {
        let host = match (self.base_url, self.environment) {
            (Some(url), _) => url.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect(),
            (None, Environment::Test) => "test".to_owned(),
            (None, _) => "production".to_owned(),
        };
        // A file name has at most 255 bytes.
        let host: String = host.chars().take(128).collect();
        Some(folders::cache()?.join("markets").join(format!("{}.{host}.json", self.venue.venue.name())))
    }

    /// Returns the list that is kept; `None` if there is none.
    pub(crate) fn known(&self) -> Option<Known> {
        serde_json::from_str(&fs::read_to_string(self.path()?).ok()?).ok()
    }

    /// Returns a hint about the first of these markets that is empty, or that the kept list does
    /// not have. `given`: the names of the values, and the values. `is_nothing`: whether nothing
    /// came; an empty name may mean all markets.
    pub(crate) fn hint(&self, given: &[(String, Json)], is_nothing: bool) -> Option<String> {
        let known = self.known().map(|known| known.markets).unwrap_or_default();
        given.iter().find_map(|(name, value)| {
            let texts = texts(value.get());
            let mut texts = texts.iter().filter(|text| is_nothing || !text.trim().is_empty());
            texts.find_map(|text| hint(self.venue, name, text, &known))
        })
    }

    /// Returns a hint about the first of these markets that may be the reason why nothing comes. If
    /// no list is kept, it is about the form of its name.
    pub(crate) fn hint_of_silence(&self, given: &[(String, Json)]) -> Option<String> {
        let of_form =
            || given.iter().flat_map(|(_, value)| texts(value.get())).find_map(|text| form_hint(self.venue, &text));
        self.hint(given, true).or_else(|| if self.known().is_none() { of_form() } else { None })
    }

    /// Keeps the markets of a response. Another command may read the file at the same time, so it
    /// is moved into place as a whole.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub(crate) fn keep(&self, markets: Vec<String>) -> io::Result<()> {
        let Some(path) = self.path().filter(|_| !markets.is_empty()) else { return Ok(()) };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_string(&Known { at: now(), markets })?;
        let part = path.with_extension(std::process::id().to_string());
        fs::write(&part, text)?;
        fs::rename(part, path)
    }
}

#[cfg(test)]
mod tests {
    use venuekit::meta::ExampleOf;
    use venuekit_venues::VENUES;

    use super::*;

    #[test]
    fn the_markets_of_each_venue_are_found_in_its_own_list() {
        let mut found = String::new();
        for venue in VENUES {
            let Some(operation) = list_operation(venue) else {
                found.push_str(&format!("{}: no list\n", venue.venue.name()));
                continue;
            };
            let id = operation.operation.id();
            let example = venue.examples.iter().find(|example| match example.subject {
                ExampleOf::Response { operation, status, .. } => operation == id && !status.starts_with(['4', '5']),
                _ => false,
            });
            let schema = schema(venue, operation.response_schema.unwrap());
            let markets = names(venue, &schema, &Tree::parse(example.unwrap().json).unwrap());
            found.push_str(&format!("{} {id}: {}\n", venue.venue.name(), markets.join(" ")));
        }
        insta::assert_snapshot!(found);
    }

    #[test]
    fn a_market_that_is_not_listed_has_the_nearest_names_and_an_empty_one_some() {
        let known = ["BTC-USD", "BTC-EUR", "ETH-USD", "LTC-USDT", "XRP-BTC"].map(str::to_owned);
        let hint = |market: &str| hint(VENUES[0], "symbol", market, &known);
        for (market, nearest) in [("btcusd", "BTC-USD"), ("BTC-UDS", "BTC-USD"), ("LTC_USDT", "LTC-USDT")] {
            let hint = hint(market).unwrap();
            assert!(hint.contains(&format!("does not have `{market}`; nearest: {nearest}")), "{hint}");
        }
        assert!(hint("QQQ").unwrap().ends_with("does not have `QQQ`"));
        assert_eq!(hint("BTC-USD"), None);
        let empty = "`symbol` is empty: name a market";
        assert_eq!(hint(" ").as_deref(), Some(&*format!("{empty}, such as BTC-USD, BTC-EUR, ETH-USD")));
        assert_eq!(super::hint(VENUES[0], "symbol", "", &[]).as_deref(), Some(empty));
        assert_eq!(super::hint(VENUES[0], "symbol", "X", &[]), None);
    }

    #[test]
    fn a_market_in_another_form_than_the_examples_has_one_of_them() {
        let hint = |venue: &str, market: &str| form_hint(venuekit_venues::venue(venue).unwrap(), market);
        for (venue, market, example) in [
            ("excore-ws", "LTC-USDT", "LTC_USDT"),
            ("excore-ws", "ltc_usdt", "LTC_USDT"),
            ("btse-spot", "BTCUSD", "BTC-USD"),
        ] {
            let hint = hint(venue, market).unwrap_or_else(|| panic!("{venue} {market}"));
            assert!(hint.contains(&format!("as in `{example}`, and not as in `{market}`")), "{hint}");
        }
        assert_eq!(hint("excore-ws", "DOGE_USDT"), None);
        assert_eq!(hint("btse-spot", "DOGE-USD"), None);
    }

    #[test]
    fn parameters_with_markets_are_told_from_others() {
        for name in ["symbol", "Market", "market_list", "markets", "market_name", "currencyPair"] {
            assert!(is_market(name), "{name}");
        }
        for name in ["side", "marketOrderId", "symbolId", "assets", "asset"] {
            assert!(!is_market(name), "{name}");
        }
    }
}
