//! Reads from texts, headings, tables and paths which operations need credentials.

use crate::below::{self, Below};
use crate::columns::{Column, TableKind};
use crate::document::Lines;
use crate::facts::{Access, Confidence, Facts, Remark, RemarkKind};
use crate::inline;
use crate::marks::{LOCKS, is_column, is_key};
use crate::paths;
use crate::permits;
use crate::sections::{ItemKind, Section};
use crate::table::{Row, Table};

/// Nouns for operations, in sentences about several of them.
const OPERATIONS: [&str; 18] = [
    "endpoint",
    "endpoints",
    "method",
    "methods",
    "call",
    "calls",
    "request",
    "requests",
    "operation",
    "operations",
    "route",
    "routes",
    "api",
    "apis",
    "resource",
    "resources",
    "command",
    "commands",
];

/// Reads the value of a fact such as `Auth: required`, or a cell of such a column.
pub(crate) fn of_value(text: &str) -> Option<Access> {
    if has_lock(text) {
        return Some(Access::Signed);
    }
    let plain = inline::plain(text).to_lowercase();
    if is_rate(&plain) {
        return None;
    }
    let trimmed = plain.trim().trim_end_matches('.').trim();
    let words = inline::words(trimmed);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let has = |all: &[&str]| words.iter().any(|word| all.contains(word));
    if matches!(trimmed, "✓" | "✔" | "✅" | "☑" | "●" | "x" | "✔️" | "*") {
        return Some(Access::Signed);
    }
    if matches!(trimmed, "" | "-" | "–" | "—" | "✗" | "✘" | "×" | "❌" | "○")
        || has(&["no", "none", "public", "false", "n", "not", "optional", "open"])
    {
        return Some(Access::Public);
    }
    if matches!(words.as_slice(), ["api", "key"] | ["key"] | ["apikey"] | ["key", "only"] | ["api", "key", "only"])
        || has(&["market_data", "user_stream"])
    {
        return Some(Access::Key);
    }
    let is_signed = has(&[
        "yes",
        "y",
        "true",
        "required",
        "private",
        "signed",
        "sign",
        "hmac",
        "signature",
        "auth",
        "authenticated",
        "authentication",
        "trade",
        "trading",
        "read",
        "write",
        "withdraw",
        "transfer",
        "general",
        "user",
        "bearer",
        "jwt",
        "oauth",
        "oauth2",
        "basic",
        "token",
        "key",
        "mandatory",
        "spot",
        "margin",
        "futures",
        "account",
    ]) || words.iter().any(|word| word.starts_with("hmac"));
    is_signed.then_some(Access::Signed)
}

/// Returns whether a text states a rate, such as `30 requests / second`: `Private` before it names
/// the operations of a limit.
fn is_rate(text: &str) -> bool {
    let counts = text.split_whitespace().any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let has_window = ["second", "minute", "hour", "day", "/s", "/m", "per ", "每", "秒"];
    counts && has_window.iter().any(|part| text.contains(part))
}

fn has_lock(text: &str) -> bool {
    LOCKS.iter().any(|lock| text.contains(lock))
}

/// Returns the access that a heading of an operation, or its route, states.
pub(crate) fn of_title(text: &str) -> Option<Access> {
    if has_lock(text) {
        return Some(Access::Signed);
    }
    let upper = text.replace(['（', '）', '[', ']'], " ").to_uppercase();
    let words: Vec<&str> = upper.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let has = |word: &str| words.contains(&word);
    if has("HMAC")
        || has("SIGNED")
        || has("TRADE") && text.contains(['(', '（'])
        || has("USER_DATA")
        || has("MARGIN") && text.contains('(')
    {
        return Some(Access::Signed);
    }
    if has("MARKET_DATA") || has("USER_STREAM") {
        return Some(Access::Key);
    }
    marked(text)
}

/// Returns the access that a mark in brackets or behind a dash states: `Place an order (private)`.
fn marked(text: &str) -> Option<Access> {
    let open = text.rfind(['(', '（', '[', '–', '—', '·']).or_else(|| text.rfind(" - "))?;
    let mark = text.get(open..)?.to_lowercase();
    let words = inline::words(&mark);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["private" | "auth" | "authenticated" | "authentication" | "signed" | "signature"]
        | ["private" | "signed" | "authenticated", "endpoint" | "api" | "method"]
        | ["requires" | "needs", "authentication" | "auth" | "signature" | "signing"]
        | ["auth" | "authentication" | "signature", "required" | "needed"]
        | ["需要签名" | "需签名" | "签名" | "私有" | "需要鉴权" | "需要认证" | "私有接口"] => {
            Some(Access::Signed)
        }
        ["公共" | "公开" | "无需签名" | "不需要签名" | "公共接口"] => Some(Access::Public),
        ["public"] | ["public", "endpoint" | "api" | "method"] | ["no", "auth" | "authentication" | "signature"] => {
            Some(Access::Public)
        }
        _ => None,
    }
}

/// Returns the access that a heading states for the operations below it: `Private endpoints`.
fn of_group(heading: &str) -> Option<Access> {
    if has_lock(heading) {
        return Some(Access::Signed);
    }
    if let Some(access) = marked(heading) {
        return Some(access);
    }
    let words = inline::words(heading);
    let nouns = [
        "rest",
        "http",
        "https",
        "data",
        "v1",
        "v2",
        "v3",
        "v4",
        "v5",
        "the",
        "reference",
        "group",
        "section",
        "only",
        "spot",
        "futures",
        "trading",
        "account",
        "interface",
        "interfaces",
        "and",
    ];
    let is_noun = |word: &String| {
        OPERATIONS.contains(&word.as_str())
            || nouns.contains(&word.as_str())
            || word.chars().all(|c| c.is_ascii_digit())
    };
    let mut marks = words.iter().filter(|word| !is_noun(word));
    let (mark, more) = (marks.next()?, marks.next());
    if more.is_some() || words.len() > 5 {
        return None;
    }
    match mark.as_str() {
        "private" | "authenticated" | "signed" | "私有" | "私有接口" => Some(Access::Signed),
        "public" | "unauthenticated" | "公共" | "公共接口" | "公开接口" => Some(Access::Public),
        _ => None,
    }
}

/// Returns whether a line says that an operation needs credentials, and whether the next line names
/// the schemes.
pub(crate) fn of_line(line: &str) -> Option<(Access, bool)> {
    let plain = inline::plain(line);
    let lower = plain.to_lowercase();
    let lower = lower.trim();
    let contains = |all: &[&str]| all.iter().any(|part| lower.contains(part));
    if contains(&[
        "not require authentication",
        "no authentication",
        "not require any authentication",
        "without authentication",
        "not need authentication",
        "authentication is not",
        "authentication not required",
        "requires no auth",
        "needs no key",
        "needs no api key",
        "no api key",
        "not require an api key",
        "not require a signature",
        "is a public endpoint",
        "endpoint is public",
        "method is public",
        "is publicly",
    ]) {
        return Some((Access::Public, false));
    }
    let must = contains(&["must be authenticated", "must be sign", "must sign"]);
    let needs = lower.starts_with("requires authentication")
        || lower.starts_with("authentication required")
        || lower.starts_with("requires auth")
        || contains(&[
            "this operation requires authentication",
            "endpoint requires authentication",
            "method requires authentication",
            "request requires authentication",
            "call requires authentication",
            "requires authentication.",
            "needs authentication",
            "authentication is required",
            "authentication is mandatory",
            "requires a valid api key",
            "requires an api key",
            "requires a signature",
            "requires a signed",
            "needs a signature",
            "needs an api key",
            "is a private endpoint",
            "is a private method",
            "endpoint is private",
            "method is private",
            "call is private",
            "is a signed endpoint",
            "endpoint is signed",
            "requests are signed",
            "signed request is",
            "only for authenticated",
        ]);
    let is_own = sentences(&plain).into_iter().all(|sentence| of_sentence(sentence).is_none());
    if (must || needs) && is_own {
        return Some((Access::Signed, must && lower.ends_with(':')));
    }
    if let Some((key, value)) = plain.split_once([':', '：']).filter(|(key, _)| is_key(key)) {
        // `Authentication:` alone announces the schemes.
        let _ = key;
        return of_value(value).filter(|_| !value.trim().is_empty()).map(|access| (access, false));
    }
    let words = inline::words(lower);
    let all = |known: &[&str]| !words.is_empty() && words.iter().all(|word| known.contains(&word.as_str()));
    if has_lock(line) && words.len() <= 6 || words.len() <= 3 && all(&["private", "signed", "endpoint", "api", "auth"])
    {
        return Some((Access::Signed, false));
    }
    (words.len() <= 2 && words.iter().any(|word| word == "public") && all(&["public", "endpoint", "api"]))
        .then_some((Access::Public, false))
        .or_else(|| sentences(&plain).into_iter().find_map(permits::of_sentence).map(|access| (access, false)))
}

/// Returns the access that a row of facts states: `Authentication | required`. The header of a
/// table without a header row is a row too.
pub(crate) fn of_facts(table: &Table) -> Option<(Access, Option<usize>)> {
    let of = |cells: &[String]| match cells {
        [name, value, ..] if is_key(name) => of_value(value),
        _ => None,
    };
    if table.header.len() == 2
        && let Some(access) = of(&table.header)
        && !is_column(table.header.get(1).map_or("", String::as_str))
    {
        // `| Auth | Weight |` has its values in the next row.
        let values = table.rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
        let is_header = values.first().and_then(|cell| of_value(cell)).is_some();
        if !is_header {
            return Some((access, None));
        }
    }
    table.rows.iter().find_map(|row| of(&row.cells).map(|access| (access, Some(row.line))))
}

/// The access that a text states for several operations.
#[derive(Clone, Copy, Debug)]
struct Scope {
    /// The level of the heading. Operations below it have this access.
    level: usize,
    access: Access,
    at: Lines,
}

/// The operations that a sentence speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// The operations of this section.
    Section,
    /// All operations.
    All,
}

/// Returns the access that a sentence states for several operations.
fn of_sentence(sentence: &str) -> Option<(Access, Reach)> {
    let lower = inline::plain(sentence).to_lowercase();
    let words = inline::words(&lower);
    let is_noun = |word: &String| OPERATIONS.contains(&word.as_str());
    let noun = words.iter().position(is_noun)?;
    let before = words.get(..noun).unwrap_or_default();
    let after: Vec<&str> = words.get(noun..).unwrap_or_default().iter().map(String::as_str).collect();
    let contains = |all: &[&str]| all.iter().any(|part| lower.contains(part));
    if contains(&["this operation", "this endpoint", "this request", "this method", "this call", "this api"]) {
        return None;
    }
    let is_section = contains(&[
        "in this section",
        "of this section",
        "in this chapter",
        "of this chapter",
        "on this page",
        "in this group",
        "endpoint below",
        "method below",
        "listed below",
        "described below",
        "endpoints below",
        "methods below",
        "calls below",
        "requests below",
        "operations below",
        "following endpoints",
        "following methods",
        "following calls",
        "following requests",
        "following operations",
        "endpoints here",
        "these endpoints",
        "these methods",
        "these calls",
        "these requests",
        "these operations",
    ]);
    let plain = ["all", "every", "each", "any", "the", "our", "of", "api", "rest", "http", "other", "these", "those"];
    let is_all = before.iter().any(|word| matches!(word.as_str(), "all" | "every" | "each"))
        && before.iter().all(|word| plain.contains(&word.as_str()));
    if !is_section && !is_all {
        return None;
    }
    let is_public = contains(&[
        "not require auth",
        "no authentication",
        "without authentication",
        "are public",
        "is public",
        "no api key",
        "need no key",
        "needs no key",
        "no key",
        "not need",
        "not require",
        "unauthenticated",
    ]);
    if is_public {
        return Some((Access::Public, if is_section { Reach::Section } else { Reach::All }));
    }
    let has = |all: &[&str]| after.iter().any(|word| all.contains(word));
    let states = contains(&["are private", "is private", "are signed", "is signed", "be signed", "be authenticated"])
        || contains(&["are authenticated", "require signing", "need signing", "sign every", "sign each", "sign all"])
        || has(&["require", "requires", "need", "needs", "must", "have", "has"])
            && has(&["authentication", "authenticated", "signature", "signed", "key", "authorization", "credentials"])
        || is_section && before.iter().any(|word| matches!(word.as_str(), "private" | "signed" | "authenticated"));
    // A sentence about private operations does not say which of them are private.
    let is_conditional = !is_section && has(&["if", "private", "unless", "except"]);
    (states && !is_conditional).then_some((Access::Signed, if is_section { Reach::Section } else { Reach::All }))
}

/// Returns the access in a short paragraph below the title of several operations, such as `Requires
/// a signature.` The text about authentication speaks about something else.
fn of_remark(heading: &str, text: &str) -> Option<Access> {
    let title = heading.to_lowercase();
    let is_about = ["auth", "sign", "key", "credential", "签名", "鉴权"].iter().any(|part| title.contains(part));
    let is_short = inline::words(text).len() <= REMARK && sentences(text).len() == 1;
    if is_about || title.is_empty() || !is_short {
        return None;
    }
    of_line(text).filter(|(_, announces)| !announces).map(|(access, _)| access)
}

/// The maximum number of words of a remark on the access of several operations.
const REMARK: usize = 6;

/// Returns the paragraphs of a section: their text, and their lines.
pub(crate) fn paragraphs(section: &Section) -> Vec<(String, Lines)> {
    let mut out: Vec<(usize, String, Lines)> = Vec::new();
    for item in &section.items {
        let ItemKind::Line(line) = &item.kind else { continue };
        match out.last_mut().filter(|(block, _, at)| *block == item.block && at.document == item.at.document) {
            Some((_, text, at)) => {
                text.push(' ');
                text.push_str(line);
                *at = at.to(item.at);
            }
            None => out.push((item.block, line.clone(), item.at)),
        }
    }
    out.into_iter().map(|(_, text, at)| (text, at)).collect()
}

/// Returns the sentences of a text.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let ends = text.char_indices().zip(text.chars().skip(1).map(Some).chain([None]));
    for ((at, c), next) in ends {
        if matches!(c, '.' | '!' | '?' | ';') && next.is_none_or(char::is_whitespace) {
            out.extend(text.get(start..at + c.len_utf8()).map(str::trim));
            start = at + c.len_utf8();
        }
    }
    out.extend(text.get(start..).map(str::trim).filter(|rest| !rest.is_empty()));
    out
}

/// An operation that a table lists, with its access. The path is in its normal form.
#[derive(Clone, Debug)]
struct Listed {
    method: String,
    path: String,
    access: Access,
    at: Lines,
}

/// Gives each operation the access that headings, sentences and tables state for several of them,
/// or that its path shows.
pub(crate) fn spread(sections: &[Section], facts: &mut Facts) {
    let mut scopes: Vec<Scope> = Vec::new();
    let mut all: Option<(Access, Lines)> = None;
    let mut listed: Vec<Listed> = Vec::new();
    let mut found: Vec<(Lines, Access, Lines)> = Vec::new();
    let mut paths: Vec<(Below, Lines)> = Vec::new();
    for section in sections {
        scopes.retain(|scope| scope.level < section.level);
        let is_operation = facts
            .operations
            .iter()
            .any(|own| own.at.document == section.at.document && own.at.first == section.at.first);
        if let Some(access) = of_group(&section.heading).filter(|_| !is_operation) {
            scopes.push(Scope { level: section.level, access, at: Lines { last: section.at.first, ..section.at } });
        }
        if !is_operation {
            for (text, at) in paragraphs(section) {
                for (access, reach) in sentences(&text).into_iter().filter_map(of_sentence) {
                    match reach {
                        Reach::Section => scopes.push(Scope { level: section.level, access, at }),
                        Reach::All => all = all.or(Some((access, at))),
                    }
                }
                if let Some(access) = of_remark(&section.heading, &text) {
                    scopes.push(Scope { level: section.level, access, at });
                }
            }
        }
        for (text, at) in paragraphs(section) {
            paths.extend(sentences(&text).into_iter().flat_map(below::of_sentence).map(|own| (own, at)));
        }
        let scope = scopes.last().copied();
        if let Some(scope) = scope {
            found.push((section.at, scope.access, scope.at));
        }
        if is_operation {
            // A sentence at the end of an operation is about those that follow.
            for (text, at) in paragraphs(section) {
                let below = sentences(&text).into_iter().filter(|own| own.to_lowercase().contains(" below"));
                if let Some((access, Reach::Section)) = below.filter_map(of_sentence).next() {
                    scopes.push(Scope { level: section.level.saturating_sub(1), access, at });
                }
            }
        }
        for item in &section.items {
            if let ItemKind::Table { table, columns } = &item.kind
                && columns.kind != TableKind::Members
            {
                for row in &table.rows {
                    let at = Lines::one(item.at.document, row.line);
                    let own = columns.has(Column::Access).then(|| of_value(columns.get(row, Column::Access))).flatten();
                    let access = own.map(|access| (access, at)).or(scope.map(|scope| (scope.access, scope.at)));
                    if let (Some((method, path)), Some((access, at))) = (route_of(table, row), access) {
                        listed.push(Listed { method, path: normal(&path), access, at });
                    }
                }
            }
        }
    }
    // "All paths except those under /public need a key."
    let others = paths.iter().find(|(own, _)| own.path.is_empty());
    all = all.or(others.map(|(own, at)| (own.access, *at)));
    let mut remarks = Vec::new();
    for operation in &mut facts.operations {
        let name = operation.name();
        let path = normal(&operation.path);
        let row = listed
            .iter()
            .find(|own| own.method == operation.method && (own.path.ends_with(&path) || path.ends_with(&own.path)));
        let below =
            found.iter().find(|(at, _, _)| at.document == operation.at.document && at.first == operation.at.first);
        // The longest path is the most specific one.
        let by_path = paths.iter().filter_map(|(own, at)| Some((own.fits(&operation.path)?, own.access, *at)));
        let by_path = by_path.reduce(|best, own| if own.0 > best.0 { own } else { best });
        let stated = row.map(|own| (own.access, own.at)).or(below.map(|(_, access, at)| (*access, *at)));
        let stated = stated.or(by_path.map(|(_, access, at)| (access, at)));
        if let (Some((own, at)), Some((other, there))) = (operation.access, stated)
            && (own == Access::Public) != (other == Access::Public)
        {
            let word = |access| if access == Access::Public { "public" } else { "private" };
            remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at,
                other: Some(there),
                text: format!("`{name}` is {} here and {} there; the draft has the first", word(own), word(other)),
            });
        }
        if operation.access.is_some() {
            continue;
        }
        let shown = path.split('/').find_map(|segment| match segment {
            "private" => Some(Access::Signed),
            "public" => Some(Access::Public),
            _ => None,
        });
        if let Some(stated) = stated {
            operation.access = Some(stated);
        } else if let Some(access) = shown {
            operation.access = Some((access, operation.route_at));
            let word = if access == Access::Public { "public" } else { "private" };
            remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::High),
                at: operation.route_at,
                other: None,
                text: format!("`{name}` is {word}, by its path"),
            });
        } else if let Some((access, at)) = all {
            operation.access = Some((access, at));
            if access != Access::Public {
                remarks.push(Remark {
                    kind: RemarkKind::Guess(Confidence::Medium),
                    at,
                    other: Some(operation.route_at),
                    text: format!("`{name}` needs credentials: a sentence says so of all operations"),
                });
            }
        }
    }
    facts.remarks.extend(remarks);
}

/// Returns a path in lower case, with one name for all its parameters.
pub(crate) fn normal(path: &str) -> String {
    let segment = |segment: &str| {
        if paths::is_parameter(segment) { "{}".to_owned() } else { segment.to_lowercase() }
    };
    let segments: Vec<String> = paths::split_query(path).0.split('/').map(segment).collect();
    segments.join("/")
}

/// Returns whether a table lists operations.
pub(crate) fn lists_routes(table: &Table) -> bool {
    table.rows.iter().any(|row| route_of(table, row).is_some())
}

/// Returns the method and the path in the cells of a row.
pub(crate) fn route_of(table: &Table, row: &Row) -> Option<(String, String)> {
    let cells: Vec<String> = row.cells.iter().take(table.header.len()).map(|cell| inline::plain(cell)).collect();
    let whole = cells.iter().find_map(|cell| crate::sections::route(cell));
    if let Some(route) = whole {
        return Some((route.method, route.target));
    }
    let method = cells
        .iter()
        .map(|cell| cell.to_ascii_uppercase())
        .find(|cell| crate::calls::METHODS.contains(&cell.as_str()))?;
    let path = cells.iter().find(|cell| cell.starts_with('/') && !cell.contains(' '))?;
    Some((method, path.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lines_and_cells_tell_whether_credentials_are_needed() {
        assert_eq!(of_title("Place an order (private)"), Some(Access::Signed));
        assert_eq!(of_title("Place an order 🔒"), Some(Access::Signed));
        assert_eq!(of_title("Ticker [public]"), Some(Access::Public));
        assert_eq!(of_title("Cancel (all of them)"), None);
        assert_eq!(of_group("Private REST endpoints"), Some(Access::Signed));
        assert_eq!(of_group("Public API"), Some(Access::Public));
        assert_eq!(of_group("Public trades"), None);
        let line = |text| of_line(text).map(|(access, _)| access);
        assert_eq!(line("**Authentication:** required"), Some(Access::Signed));
        assert_eq!(line("Auth: none"), Some(Access::Public));
        assert_eq!(line("Permission: Trade"), Some(Access::Signed));
        assert_eq!(line("This endpoint does not require authentication."), Some(Access::Public));
        assert_eq!(line("*Private*"), Some(Access::Signed));
        // A rate limit of private operations is not a mark.
        assert_eq!(line("Private: **30 requests / second / account**"), None);
        assert_eq!(line("Private: 5 orders per minute"), None);
        assert_eq!(line("Signed: 每秒10次"), None);
        assert_eq!(line("Auth: OAuth 2"), Some(Access::Signed));
        assert_eq!(line("Returns the private key's orders"), None);
        assert_eq!(of_value("API key"), Some(Access::Key));
        assert_eq!(of_value("HMAC-SHA256"), Some(Access::Signed));
        assert_eq!(of_value(""), Some(Access::Public));
        assert_eq!(of_value("later"), None);
    }

    #[test]
    fn a_short_remark_below_a_title_is_about_its_operations() {
        let signed = Some(Access::Signed);
        assert_eq!(of_remark("Orders", "Requires a signature."), signed);
        assert_eq!(of_remark("Orders", "Authentication required"), signed);
        assert_eq!(of_remark("Orders", "No authentication."), Some(Access::Public));
        assert_eq!(of_remark("Authentication", "Requires a signature."), None);
        assert_eq!(of_remark("", "Requires a signature."), None);
        assert_eq!(of_remark("Orders", "Requires a signature. Send it as a header."), None);
    }

    #[test]
    fn sentences_tell_it_for_several_operations() {
        let signed = |reach| Some((Access::Signed, reach));
        assert_eq!(of_sentence("The endpoints in this section are private."), signed(Reach::Section));
        assert_eq!(of_sentence("All of these endpoints require authentication."), signed(Reach::Section));
        assert_eq!(of_sentence("Every request must be signed."), signed(Reach::All));
        assert_eq!(of_sentence("All endpoints require an API key"), signed(Reach::All));
        assert_eq!(of_sentence("All requests to private endpoints must be signed."), None);
        assert_eq!(of_sentence("All private requests must be signed."), None);
        assert_eq!(of_sentence("The endpoints below are public"), Some((Access::Public, Reach::Section)));
        assert_eq!(of_sentence("Public endpoints need no key."), None);
    }
}
