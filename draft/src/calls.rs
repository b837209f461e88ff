//! Samples of calls: a command of curl, a request of HTTP, or a call of Python's `requests`.

use crate::media;

/// The methods of HTTP that operations have.
pub(crate) const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"];

/// A call that a sample shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    /// The media type that the tool sends if no header names one.
    pub(crate) default_media: Option<&'static str>,
}

impl Call {
    /// Returns the media type of the body: that of its header, or the one that the tool sends.
    pub(crate) fn media(&self) -> Option<String> {
        let stated = self.header("content-type").and_then(media::of_header);
        stated.or_else(|| self.default_media.map(str::to_owned))
    }

    /// Returns the value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Reads a `curl` command, an HTTP request or a call of `requests`. Returns `None` for any other
/// text.
pub(crate) fn read(text: &str) -> Option<Call> {
    curl(text).or_else(|| http(text)).or_else(|| python(text))
}

/// Reads `requests.post(BASE + '/v1/orders', json={..}, headers={..})`.
fn python(text: &str) -> Option<Call> {
    let at = text.match_indices("requests.").find_map(|(at, own)| {
        let rest = text.get(at + own.len()..)?;
        let name = rest.split('(').next()?.trim();
        let is_method = METHODS.contains(&name.to_ascii_uppercase().as_str()) || name == "request";
        (is_method && rest.contains('(')).then_some((at + own.len(), name))
    });
    let (start, name) = at?;
    let arguments = arguments(text.get(start + name.len()..)?);
    let mut call = Call { method: name.to_ascii_uppercase(), ..Call::default() };
    let mut plain = Vec::new();
    for argument in &arguments {
        let named = argument.split_once('=').filter(|(name, _)| {
            !name.trim().is_empty() && name.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        });
        match named {
            Some((name, value)) => match name.trim() {
                "json" if value.trim().starts_with(['{', '[']) => call.body = Some(value.trim().to_owned()),
                // `data` sends an object as a form.
                "data" if value.trim().starts_with('{') => {
                    call.body = Some(value.trim().to_owned());
                    call.default_media = Some(media::FORM);
                }
                "headers" => {
                    let inner = value.trim().trim_start_matches('{').trim_end_matches('}');
                    let names = inner.split(',').filter_map(|part| part.split_once(':'));
                    let names = names.map(|(name, value)| (name.trim().trim_matches(['"', '\'']), value.trim()));
                    call.headers.extend(names.map(|(name, value)| (name.to_owned(), value.to_owned())));
                }
                _ => {}
            },
            None => plain.push(literals(argument)),
        }
    }
    let mut plain = plain.into_iter();
    if name == "request" {
        call.method = plain.next()?.to_ascii_uppercase();
    }
    call.url = plain.next()?;
    (is_url(&call.url) && METHODS.contains(&call.method.as_str())).then_some(call)
}

/// Splits the arguments in the brackets at the beginning of a text.
fn arguments(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut own = String::new();
    let mut depth = 0usize;
    let mut quote: Option<char> = None;
    let mut before = ' ';
    for c in text.chars().skip(1) {
        match (quote, c) {
            (Some(open), c) if c == open && before != '\\' => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => break,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                out.push(std::mem::take(&mut own));
                before = c;
                continue;
            }
            _ => {}
        }
        before = c;
        own.push(c);
    }
    out.push(own);
    out
}

/// Returns the texts in quotes, joined: the part of a URL that does not depend on variables.
fn literals(text: &str) -> String {
    let mut out = String::new();
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => out.push(c),
            (None, '"' | '\'') => quote = Some(c),
            _ => {}
        }
    }
    out
}

fn curl(text: &str) -> Option<Call> {
    let start = text.lines().position(|line| line.trim_start().trim_start_matches("$ ").starts_with("curl"))?;
    let command: Vec<&str> = text.lines().skip(start).collect();
    let words = shell_words(&command.join("\n"));
    let mut call = Call::default();
    let mut at = 1;
    let mut is_get = false;
    while let Some(word) = words.get(at) {
        let value = || words.get(at + 1).cloned().unwrap_or_default();
        match word.as_str() {
            "-X" | "--request" => {
                call.method = value();
                at += 1;
            }
            "-H" | "--header" => {
                if let Some((name, text)) = value().split_once(':') {
                    call.headers.push((name.trim().to_owned(), text.trim().to_owned()));
                }
                at += 1;
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-urlencode" | "-F" | "--form" => {
                let own = value();
                if matches!(word.as_str(), "-F" | "--form") {
                    call.default_media = Some(media::MULTIPART);
                }
                call.body = Some(match call.body.take() {
                    Some(before) => format!("{before}&{own}"),
                    None => own,
                });
                at += 1;
            }
            "-G" | "--get" => is_get = true,
            word if word.starts_with("-X") && word.len() > 2 => call.method = word.get(2..).unwrap_or("").to_owned(),
            word if is_url(word) && call.url.is_empty() => call.url = word.to_owned(),
            _ => {}
        }
        at += 1;
    }
    if call.method.is_empty() {
        call.method = if call.body.is_some() && !is_get { "POST" } else { "GET" }.to_owned();
    }
    call.method.make_ascii_uppercase();
    if let Some(query) = call.body.take_if(|_| is_get) {
        // `-G` sends the data in the query.
        call.url.push(if call.url.contains('?') { '&' } else { '?' });
        call.url.push_str(&query);
    }
    (!call.url.is_empty()).then_some(call)
}

fn is_url(word: &str) -> bool {
    word.contains("://") || word.starts_with('/')
}

/// Splits a command of a shell into its words.
fn shell_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    let mut has_word = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"'), '\\') => word.extend(chars.next()),
            (Some(_), c) => word.push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                has_word = true;
            }
            (None, '\\') => match chars.next() {
                Some('\n' | '\r' | ' ') | None => {}
                Some(c) => word.push(c),
            },
            // A command ends with its line, unless quotes or a backslash go on.
            (None, c) if c.is_whitespace() => {
                if has_word || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                    has_word = false;
                }
            }
            (None, c) => word.push(c),
        }
    }
    if has_word || !word.is_empty() {
        words.push(word);
    }
    words
}

fn http(text: &str) -> Option<Call> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(4);
    // Words about the sample can stand before the request.
    let is_request = |line: &&str| {
        let mut words = line.split_whitespace();
        words.next().is_some_and(|method| METHODS.contains(&method)) && words.next().is_some_and(is_url)
    };
    let first = lines.find(is_request)?;
    let start = text.find(first)? + first.len();
    let mut words = first.split_whitespace();
    let (method, url) = (words.next()?, words.next()?);
    let lines = text.get(start..)?.lines();
    let mut call = Call { method: method.to_owned(), url: url.to_owned(), ..Call::default() };
    let mut body = Vec::new();
    for line in lines {
        match line.split_once(':') {
            Some((name, value)) if body.is_empty() && !name.contains([' ', '{', '"']) => {
                call.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            _ if body.is_empty() && matches!(line.trim().to_lowercase().as_str(), "" | "body" | "body:") => {}
            _ => body.push(line),
        }
    }
    call.body = (!body.is_empty()).then(|| body.join("\n"));
    Some(call)
}

/// Splits a URL into its origin and the rest.
pub(crate) fn split_url(url: &str) -> (&str, &str) {
    let Some(scheme) = url.find("://") else { return ("", url) };
    let rest = url.get(scheme + 3..).unwrap_or("");
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    (url.get(..scheme + 3 + end).unwrap_or(url), rest.get(end..).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_curl_and_of_http_are_read() {
        let call =
            read("# a comment\ncurl -X POST \\\n 'https://a.example/b?c=1' -H 'Key: x: y' -d '{\"d\": 1}'").unwrap();
        assert_eq!((call.method.as_str(), call.url.as_str()), ("POST", "https://a.example/b?c=1"));
        assert_eq!((call.header("key"), call.body.as_deref()), (Some("x: y"), Some("{\"d\": 1}")));
        let call = read("PUT /b HTTP/1.1\nHost: a.example\n\n{}").unwrap();
        assert_eq!((call.header("host"), call.body.as_deref()), (Some("a.example"), Some("{}")));
        assert_eq!(read("print(1)"), None);
        assert_eq!(read("curl -G https://a.example/b -d c=1 -d d=2").unwrap().url, "https://a.example/b?c=1&d=2");
        assert_eq!(read("curl https://a.example/b -F c=@d").unwrap().media().as_deref(), Some("multipart/form-data"));
        let call = read("requests.post('https://a.example/b', data={'c': 1})").unwrap();
        assert_eq!(call.media().as_deref(), Some("application/x-www-form-urlencoded"));
        let call = read("# place\n POST /b\n body\n {\"d\": 1}").unwrap();
        assert_eq!((call.method.as_str(), call.body.as_deref()), ("POST", Some(" {\"d\": 1}")));
        let call =
            read("import requests\nr = requests.post(BASE + '/b', json={'d': [1, 2]}, headers={'Key': k})").unwrap();
        assert_eq!((call.method.as_str(), call.url.as_str()), ("POST", "/b"));
        assert_eq!((call.header("key"), call.body.as_deref()), (Some("k"), Some("{'d': [1, 2]}")));
        assert_eq!(read("requests.request(\"delete\", 'https://a.example/b')").unwrap().method, "DELETE");
        assert_eq!(read("requests.get(url)"), None);
        assert_eq!(split_url("https://a.example/b/c"), ("https://a.example", "/b/c"));
    }
}
