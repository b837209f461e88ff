//! The headers and parameters that text about authentication names.

use crate::access::{paragraphs, sentences};
use crate::calls;
use crate::columns::{Column, Columns};
use crate::document::Lines;
use crate::facts::Place;
use crate::inline;
use crate::labels::LabelKind;
use crate::sections::{Item, ItemKind, Section};
use crate::table::Table;

/// The role of a value that signing fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Signature,
    Key,
    /// A time, a nonce, a passphrase, or another value that the signing crate knows.
    Nonce,
}

/// A value that signing sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hint {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) role: Role,
    pub(crate) at: Lines,
}

/// What the text about authentication says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signing {
    pub(crate) hints: Vec<Hint>,
    /// The scheme of HTTP authentication: `bearer` or `basic`.
    pub(crate) http: Option<(String, Lines)>,
    /// Values in bodies, and other values that are sent with the signature.
    pub(crate) filled: Vec<(String, Lines)>,
    /// The words that show that requests need credentials.
    pub(crate) mentions: Vec<(String, Lines)>,
}

/// Returns whether a heading is about authentication.
pub(crate) fn is_title(heading: &str) -> bool {
    let words = inline::words(heading);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    has(&[
        "auth",
        "authentication",
        "authenticate",
        "authenticating",
        "authorization",
        "authorisation",
        "authorizing",
        "signing",
        "sign",
        "signature",
        "signatures",
        "signed",
        "hmac",
        "credentials",
        "security",
    ]) || has(&["api", "access"]) && has(&["key", "keys"])
        || words.join(" ").contains("private request")
        || ["签名", "鉴权", "认证", "验签"].iter().any(|part| heading.contains(part))
}

/// Returns whether a section describes how requests are signed.
pub(crate) fn is_signing(section: &Section) -> bool {
    is_title(&section.heading) || section.above.iter().skip(usize::from(section.level > 2)).any(|own| is_title(own))
}

/// Returns whether a name is that of a signature.
pub(crate) fn is_signature(name: &str) -> bool {
    inline::words(name)
        .iter()
        .any(|word| matches!(word.as_str(), "sign" | "signature" | "hmac" | "sig" | "signed" | "digest"))
}

/// Returns whether a name is that of a header with a key or a token: `X-V-Token`.
fn is_token(name: &str) -> bool {
    let words = inline::words(name);
    let is_other = words.iter().any(|word| word.starts_with("idempoten") || matches!(word.as_str(), "csrf" | "xsrf"));
    name.contains(['-', '_']) && !is_other && words.last().is_some_and(|word| matches!(word.as_str(), "key" | "token"))
}

/// Returns the role of a parameter, by its name.
pub(crate) fn role(name: &str, place: Place) -> Option<Role> {
    let words = inline::words(name);
    let has = |word: &str| words.iter().any(|own| own == word);
    let joined = words.concat();
    if place == Place::Header {
        if is_signature(name) {
            return Some(Role::Signature);
        }
        if has("nonce") || has("timestamp") || has("ts") || has("passphrase") {
            return Some(Role::Nonce);
        }
        let is_idempotency = has("idempotency") || has("idempotent");
        let is_key = (joined.ends_with("key") || has("apikey") || joined.ends_with("keyid")) && !is_idempotency;
        return is_key.then_some(Role::Key);
    }
    match joined.as_str() {
        "signature" | "sign" => Some(Role::Signature),
        "timestamp" | "nonce" => Some(Role::Nonce),
        _ => None,
    }
}

/// Returns whether a parameter of the query is one that signing can send, by its name.
pub(crate) fn sends(name: &str) -> bool {
    role(name, Place::Query).or_else(|| query_key(name, None)).is_some() || role(name, Place::Header).is_some()
}

/// Returns whether two headers begin alike: `X-TRN-KEY` and `X-TRN-RECV-WINDOW`.
fn is_alike(name: &str, other: &str) -> bool {
    let start = |name: &str| {
        let parts: Vec<String> = name.to_ascii_uppercase().split('-').map(str::to_owned).collect();
        let count = if parts.first().is_some_and(|first| first == "X") { 2 } else { 1 };
        (parts.len() > count).then(|| parts.into_iter().take(count).collect::<Vec<String>>())
    };
    start(name).is_some_and(|own| start(other).as_ref() == Some(&own))
}

/// Returns the role of a value, by the text about it.
fn role_of_note(note: &str) -> Option<Role> {
    let words = inline::words(&inline::plain(note));
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    if has(&["signature", "signed", "hmac", "hash", "digest"]) {
        return Some(Role::Signature);
    }
    if has(&["timestamp", "nonce", "time", "milliseconds", "passphrase", "window", "version"]) {
        return Some(Role::Nonce);
    }
    (has(&["key", "apikey"])).then_some(Role::Key)
}

/// Headers that every request can have.
fn is_usual(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "content-type" | "accept" | "user-agent" | "content-length" | "host" | "connection" | "accept-language"
    )
}

/// Returns the name in a cell or at the beginning of a line. A name has no spaces.
fn name_in(text: &str) -> Option<String> {
    let span = inline::code_spans(text).into_iter().next();
    let plain = span.unwrap_or_else(|| inline::plain(text));
    let name = plain.split([' ', ':', '：', '=', '(', ',']).next().unwrap_or("").trim_matches(['"', '\'']);
    let is_name = name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    (is_name && !is_algorithm(name)).then(|| name.to_owned())
}

fn is_algorithm(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ["HMAC", "SHA", "MD5", "RSA", "ED25519", "ECDSA", "BASE64", "HEX"].iter().any(|own| upper.starts_with(own))
}

/// Returns the place that a text names: the last one that is mentioned in it.
fn place_in(text: &str) -> Option<Option<Place>> {
    let words = inline::words(&inline::plain(text));
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    // A scheme can be in the query, and not in a body: `in the query string or the body`.
    if has(&["query", "querystring"]) && has(&["or"]) && has(&["body", "payload", "form"]) {
        return Some(Some(Place::Query));
    }
    // A text in Chinese has no spaces around its words.
    if !text.is_ascii() && (text.to_lowercase().contains("header") || text.contains("请求头")) {
        return Some(Some(Place::Header));
    }
    words.iter().rev().find_map(|word| match word.as_str() {
        "header" | "headers" => Some(Some(Place::Header)),
        "query" | "querystring" | "parameter" | "parameters" | "params" => Some(Some(Place::Query)),
        "cookie" | "cookies" => Some(Some(Place::Cookie)),
        // A body has no scheme.
        "body" | "payload" | "form" => Some(None),
        _ => None,
    })
}

/// Returns the names of headers in backticks, each with the remark behind it.
fn noted(sentence: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = sentence.split('`').collect();
    let pairs = parts.iter().zip(parts.iter().skip(1)).skip(1).step_by(2);
    let of = |(span, behind): (&&str, &&str)| {
        let name = name_in(span).filter(|name| name.contains('-') && !is_usual(name))?;
        let behind = behind.trim_start();
        let note = match behind.strip_prefix('(') {
            Some(inner) => inner.split(')').next().unwrap_or(""),
            None => behind.trim_start_matches([',', ':', '-', '–', ' ']).split(',').next().unwrap_or(""),
        };
        Some((name, note.to_owned()))
    };
    pairs.filter_map(of).collect()
}

impl Signing {
    fn add(&mut self, name: &str, place: Option<Place>, role: Option<Role>, at: Lines) {
        let Some(role) = role.filter(|_| !is_usual(name)) else { return };
        let is_known = self.hints.iter().any(|own| own.name.eq_ignore_ascii_case(name))
            || self.filled.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        if is_known {
            return;
        }
        match place {
            Some(place) if role != Role::Nonce => self.hints.push(Hint { name: name.to_owned(), place, role, at }),
            _ => self.filled.push((name.to_owned(), at)),
        }
    }

    /// Reads `Authorization: Bearer TOKEN` and the like.
    fn authorization(&mut self, value: &str, at: Lines) {
        let words = inline::words(value);
        let kind = if words.iter().any(|word| word == "bearer") {
            "bearer"
        } else if words.iter().any(|word| word == "basic") {
            "basic"
        } else {
            let role = role_of_note(value).unwrap_or(Role::Key);
            self.add("Authorization", Some(Place::Header), Some(role), at);
            return;
        };
        self.http.get_or_insert_with(|| (kind.to_owned(), at));
    }

    fn table(&mut self, table: &Table, columns: &Columns, before: &str, label: Option<Place>, document: usize) {
        let has_headers = columns.has(Column::Header)
            || table.header.first().is_some_and(|name| inline::words(name).iter().any(|word| word == "header"));
        for row in &table.rows {
            let Some(name) = row.cells.first().and_then(|cell| name_in(cell)) else { continue };
            let at = Lines::one(document, row.line);
            let note = row.cells.get(1..).unwrap_or_default().join(" ");
            let own = columns.has(Column::Place).then(|| place_in(columns.get(row, Column::Place))).flatten();
            let place = if has_headers { Some(Some(Place::Header)) } else { own };
            let place = place.or_else(|| label.map(Some)).or_else(|| place_in(before));
            let place = place.unwrap_or_else(|| name.contains('-').then_some(Place::Header));
            if name.eq_ignore_ascii_case("authorization") {
                self.authorization(&note, at);
                continue;
            }
            let is_header = place == Some(Place::Header);
            let by_name = role(&name, place.unwrap_or(Place::Query)).or_else(|| query_key(&name, place));
            // A table of headers in text about signing lists nothing else.
            let by_note = is_header.then(|| role_of_note(&note).or(has_headers.then_some(Role::Nonce))).flatten();
            self.add(&name, place, by_name.or(by_note), at);
        }
    }

    /// Reads the scheme of HTTP authentication that a sentence names.
    fn http_scheme(&mut self, sentence: &str, at: Lines) {
        let lower = inline::plain(sentence).to_lowercase();
        let names_bearer = ["bearer token", "bearer auth", "http bearer"].iter().any(|own| lower.contains(own));
        if lower.contains("bearer") && lower.contains("authorization") || names_bearer {
            self.http.get_or_insert_with(|| ("bearer".to_owned(), at));
        } else if lower.contains("basic auth") || lower.contains("http basic") {
            self.http.get_or_insert_with(|| ("basic".to_owned(), at));
        }
    }

    /// Reads the scheme of HTTP authentication that the sample of a call shows.
    fn call(&mut self, item: &Item) {
        let ItemKind::Code { text, .. } = &item.kind else { return };
        let Some(call) = calls::read(text) else { return };
        let words = inline::words(call.header("authorization").unwrap_or(""));
        if let Some(kind @ ("bearer" | "basic")) = words.first().map(String::as_str) {
            self.http.get_or_insert_with(|| (kind.to_owned(), item.at));
        }
    }

    /// Reads a sentence about values that each call of JSON-RPC has in `params`.
    fn params(&mut self, sentence: &str, at: Lines) {
        let words = inline::words(&inline::plain(sentence));
        if !words.iter().any(|word| word == "params") {
            return;
        }
        for name in inline::code_spans(sentence).iter().filter_map(|span| name_in(span)) {
            let by_name = if is_signature(&name) { Some(Role::Signature) } else { role(&name, Place::Query) };
            let by_name = by_name.or_else(|| query_key(&name, None)).or(is_token(&name).then_some(Role::Key));
            self.add(&name, Some(Place::Query), by_name, at);
        }
    }

    fn sentence(&mut self, sentence: &str, at: Lines) {
        let lower = inline::plain(sentence).to_lowercase();
        self.http_scheme(sentence, at);
        // A sentence after the one about headers names more of them.
        let spans = inline::code_spans(sentence);
        for name in spans.iter().filter_map(|span| name_in(span)).filter(|name| name.contains('-')) {
            if self.hints.iter().any(|own| own.place == Place::Header && is_alike(&own.name, &name)) {
                let own = role(&name, Place::Header).or_else(|| role_of_note(sentence));
                self.add(&name, Some(Place::Header), own, at);
            }
        }
        let Some(place) = place_in(sentence) else { return };
        let has_header = lower.contains("header");
        let place = if has_header { Some(Place::Header) } else { place };
        for name in inline::code_spans(sentence).iter().filter_map(|span| name_in(span)) {
            if name.eq_ignore_ascii_case("authorization") {
                self.authorization(sentence, at);
                continue;
            }
            let own = role(&name, place.unwrap_or(Place::Query)).or_else(|| query_key(&name, place));
            let token = (has_header && is_token(&name)).then_some(Role::Key);
            self.add(&name, place, own.or(token), at);
        }
        if has_header {
            // `LK-ID` (your key)
            for (name, note) in noted(sentence) {
                let own = role(&name, Place::Header).or_else(|| role_of_note(&note));
                let is_other = self.hints.iter().any(|own| own.place == Place::Header && is_alike(&own.name, &name));
                self.add(&name, Some(Place::Header), own.or(is_other.then_some(Role::Nonce)), at);
            }
            let plain = inline::plain(sentence);
            let words = plain.split([' ', ',', ';', ':', '.', '(', ')', '"', '、', '，', '。', '：', '；']);
            for word in words.filter(|word| word.contains(['-', '_']) && !is_algorithm(word)) {
                if let Some(name) = name_in(word) {
                    self.add(&name, place, role(&name, Place::Header), at);
                }
            }
        }
    }

    /// Reads an element of a list, or a line such as `LK-KEY: your key`.
    fn line(&mut self, line: &str, near_header: bool, at: Lines) {
        let Some(name) = name_in(line) else { return };
        let is_first = inline::plain(line).starts_with(&name);
        if !is_first || !(near_header || name.contains('-')) || is_usual(&name) {
            return;
        }
        if name.eq_ignore_ascii_case("authorization") {
            self.authorization(line, at);
            return;
        }
        let has_mark = name.contains(['-', '_']) || inline::code_spans(line).first() == Some(&name);
        let is_upper = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if has_mark || is_upper || line.contains(':') {
            let is_other = self.hints.iter().any(|own| is_alike(&own.name, &name));
            let note =
                line.split_once([':', '：']).filter(|_| name.contains('-')).and_then(|(_, note)| role_of_note(note));
            let own = role(&name, Place::Header).or(note).or(is_other.then_some(Role::Nonce));
            self.add(&name, Some(Place::Header), own, at);
        }
    }

    fn code(&mut self, text: &str, first: usize, at: Lines) {
        if let Some(call) = calls::read(text) {
            for (name, value) in call.headers {
                if name.eq_ignore_ascii_case("authorization") {
                    self.authorization(&value, at);
                } else {
                    self.add(&name, Some(Place::Header), role(&name, Place::Header), at);
                }
            }
        }
        let has_headers = text.to_lowercase().contains("header");
        for (index, line) in text.lines().enumerate() {
            let at = Lines::one(at.document, first + index);
            let trimmed = line.trim();
            if let Some((name, value)) = trimmed.split_once(':')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && name.len() > 1
            {
                if name.eq_ignore_ascii_case("authorization") {
                    self.authorization(value, at);
                } else if name.contains('-') || has_headers {
                    self.add(name, Some(Place::Header), role(name, Place::Header), at);
                }
            }
            // `headers = {"X-KEY": key, "X-SIGN": sign}` and `headers["X-KEY"] = key`.
            for quote in ['"', '\''] {
                let parts: Vec<&str> = trimmed.split(quote).collect();
                for (part, behind) in parts.iter().zip(parts.iter().skip(1)).skip(1).step_by(2) {
                    let is_named = behind.trim_start().starts_with([':', ']', ',']) && !part.contains(' ');
                    let fits = part.contains('-') || has_headers && role(part, Place::Header).is_some();
                    if is_named && fits && name_in(part).as_deref() == Some(*part) {
                        self.add(part, Some(Place::Header), role(part, Place::Header), at);
                    }
                }
            }
        }
    }
}

/// A key in the query or in a body, by its name.
fn query_key(name: &str, place: Option<Place>) -> Option<Role> {
    let joined = inline::words(name).concat();
    let is_key = matches!(joined.as_str(), "apikey" | "accesskey" | "accesskeyid" | "publickey" | "key" | "apikeyid");
    (is_key && place != Some(Place::Header)).then_some(Role::Key)
}

/// The words that show that requests need credentials.
const WORDS: [&str; 15] = [
    "签名",
    "鉴权",
    "密钥",
    "hmac",
    "api key",
    "api-key",
    "apikey",
    "api secret",
    "secret key",
    "signature",
    "bearer",
    "access token",
    "authenticat",
    "be signed",
    "private key",
];

/// Reads the table after a line that announces the headers of signed requests, in a section with
/// another title.
fn announced(section: &Section, out: &mut Signing) {
    let mut before: Option<&str> = None;
    let mut is_below = false;
    for item in &section.items {
        match &item.kind {
            ItemKind::Line(line) if announces(line) => before = Some(line),
            // The sentence goes on below the table: "and a parameter `nonce`".
            ItemKind::Line(line) if is_below => {
                let sends = |name: &String| role(name, Place::Query).is_some();
                let all = sentences(line);
                let own = all.iter().filter(|own| inline::code_spans(own).iter().any(sends));
                own.for_each(|sentence| out.sentence(sentence, item.at));
            }
            ItemKind::Table { table, columns } => {
                if let Some(line) = before.take() {
                    is_below = true;
                    out.table(table, columns, line, Some(Place::Header), item.at.document);
                }
            }
            ItemKind::Line(_) | ItemKind::Code { .. } | ItemKind::Route(_) => {}
        }
    }
}

/// Returns whether a line says that signed or private requests have headers.
fn announces(line: &str) -> bool {
    let lower = inline::plain(line).to_lowercase();
    let is_about = |all: &[&str]| all.iter().any(|part| lower.contains(part));
    is_about(&["header", "请求头"])
        && is_about(&["sign", "private", "authenticat", "credential", "签名", "私有", "鉴权"])
}

/// Reads the text about authentication. `is_operation` tells which sections describe operations.
pub(crate) fn read(sections: &[Section], is_rpc: bool, is_operation: impl Fn(&Section) -> bool) -> Signing {
    let mut out = Signing::default();
    // The names in the texts that are signed.
    let mut signs: Vec<String> = Vec::new();
    for section in sections {
        let is_own = is_signing(section) && !is_operation(section) && !section.is_schema;
        for (text, at) in paragraphs(section) {
            let lower = inline::plain(&text).to_lowercase().replace("access_token", "access token");
            if let Some(word) = WORDS.iter().find(|word| lower.contains(**word))
                && !out.mentions.iter().any(|(own, _)| own == word)
            {
                out.mentions.push(((*word).to_owned(), at));
            }
            let is_text = !section.is_schema && !is_operation(section);
            // A text about headers of which one is a signature is about signing, whatever its
            // title.
            let signs =
                || inline::code_spans(&text).iter().filter_map(|span| name_in(span)).any(|name| is_signature(&name));
            // A header that is named after a key or a token is about them too.
            let has_key =
                || inline::code_spans(&text).iter().filter_map(|span| name_in(span)).any(|own| is_token(&own));
            let is_about = is_text && lower.contains("header") && (signs() || has_key());
            for sentence in sentences(&text) {
                if is_rpc && is_text {
                    out.params(sentence, at);
                }
                // An operation can name its header: "Requires authentication: add the header
                // `X-Token`."
                let is_named = is_operation(section) && {
                    let lower = sentence.to_lowercase();
                    lower.contains("header") && lower.contains("authenticat") && has_key()
                };
                if is_own || is_about || is_named {
                    out.sentence(sentence, at);
                } else if is_text {
                    out.http_scheme(sentence, at);
                }
            }
        }
        if !is_own {
            section.items.iter().for_each(|item| out.call(item));
            if !is_operation(section) && !section.is_schema {
                announced(section, &mut out);
            }
            continue;
        }
        let mut near_header = inline::words(&section.heading).iter().any(|word| word.starts_with("header"));
        let mut before = section.heading.clone();
        for item in &section.items {
            match &item.kind {
                ItemKind::Line(line) => {
                    let is_about = line.to_lowercase().contains("header");
                    near_header |= is_about;
                    if !is_about {
                        out.line(line, near_header, item.at);
                    }
                    before.push(' ');
                    before.push_str(line);
                }
                ItemKind::Table { table, columns } => {
                    let label = item.label.place.filter(|_| item.label.kind == LabelKind::Request);
                    out.table(table, columns, &before, label, item.at.document);
                }
                ItemKind::Code { text, first, .. } => out.code(text, *first, item.at),
                ItemKind::Route(_) => {}
            }
        }
        signs.extend(parts(section));
    }
    let sent: Vec<String> = out.filled.iter().map(|(own, _)| own.clone()).collect();
    out.filled.retain(|(own, _)| !(signs.contains(own) && sent.iter().any(|other| is_part_of(own, other))));
    out
}

/// Returns the names in the texts that are signed, such as `timestamp + method + path`.
fn parts(section: &Section) -> Vec<String> {
    let of = |text: &str| {
        let is_joined = text.matches('+').count() > 1 || text.matches("||").count() > 1;
        let names = text.split(['+', '|', '=', '(', ')', ',', '"', '\'', '`']).map(str::trim);
        let names = names.filter(|own| is_joined && name_in(own).as_deref() == Some(*own));
        names.map(str::to_owned).collect::<Vec<String>>()
    };
    let texts = section.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Line(line) => Some(line.as_str()),
        ItemKind::Code { text, .. } => Some(text.as_str()),
        ItemKind::Table { .. } | ItemKind::Route(_) => None,
    });
    texts.flat_map(str::lines).flat_map(of).collect()
}

/// Returns whether a name is that of the value of a header: `timestamp` and `X-TIMESTAMP`.
fn is_part_of(name: &str, header: &str) -> bool {
    let (own, all) = (inline::words(name), inline::words(header));
    !name.contains('-') && header.contains('-') && all.len() > own.len() && all.ends_with(&own)
}
