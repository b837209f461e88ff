//! Samples of JSON as people write them: with comments, trailing and missing commas, ellipses,
//! words behind a value, and the constants of Python.

use venuekit_json::Tree;

/// The maximum depth of nested arrays and objects.
const MAX_DEPTH: usize = 64;

/// A value of a sample, with its line and the comment behind it.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) line: usize,
    pub(crate) comment: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Returns a member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(members) => members.iter().find(|(own, _)| own == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Removes a member of an object.
    pub(crate) fn remove(&mut self, name: &str) {
        if let Value::Object(members) = &mut self.value {
            members.retain(|(own, _)| own != name);
        }
    }

    pub(crate) fn members(&self) -> &[(String, Node)] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn elements(&self) -> &[Node] {
        match &self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value without lines and comments.
    pub(crate) fn tree(&self) -> Tree {
        match &self.value {
            Value::Null => Tree::Null,
            Value::Bool(value) => Tree::Bool(*value),
            Value::Number(digits) => Tree::Number(digits.clone()),
            Value::Text(text) => Tree::Text(text.clone()),
            Value::Array(elements) => Tree::Array(elements.iter().map(Self::tree).collect()),
            Value::Object(members) => {
                Tree::Object(members.iter().map(|(name, node)| (name.clone(), node.tree())).collect())
            }
        }
    }

    /// Returns the name of the JSON type.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(digits) if is_integer(digits) => "integer",
            Value::Number(_) => "number",
            Value::Text(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        }
    }
}

pub(crate) fn is_integer(digits: &str) -> bool {
    !digits.contains(['.', 'e', 'E'])
}

/// Reads the objects and arrays of a sample. The first line of the text has the number `line`.
/// Text around them is skipped. Returns an empty list if there are none.
pub(crate) fn read(text: &str, line: usize) -> Vec<Node> {
    let mut reader = Reader { chars: text.chars().collect(), at: 0, line };
    let mut out = Vec::new();
    loop {
        while let Some(c) = reader.peek() {
            if matches!(c, '{' | '[') {
                break;
            }
            // A line of another kind, such as `HTTP/1.1 200 OK`.
            if !reader.skip_space_and_comments() {
                reader.next();
            }
        }
        if reader.peek().is_none() || out.len() > 32 {
            return out;
        }
        match reader.value(0) {
            Some(node) => out.push(node),
            None => return out,
        }
    }
}

/// Reads a sample that is one text, number or constant.
pub(crate) fn scalar(text: &str, line: usize) -> Option<Node> {
    let value = match Tree::parse(text.trim()).ok()? {
        Tree::Text(text) => Value::Text(text),
        Tree::Number(digits) => Value::Number(digits),
        Tree::Bool(value) => Value::Bool(value),
        _ => return None,
    };
    Some(Node { value, line, comment: None })
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.chars.get(self.at + by).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn rest_of_line(&mut self) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '\n') {
            out.push(c);
            self.next();
        }
        out.trim().to_owned()
    }

    /// Reads a comment. Returns `None` if there is none.
    fn comment(&mut self) -> Option<String> {
        match (self.peek(), self.ahead(1)) {
            (Some('/'), Some('/')) => Some(self.rest_of_line().trim_start_matches('/').trim().to_owned()),
            (Some('#'), _) => Some(self.rest_of_line().trim_start_matches('#').trim().to_owned()),
            (Some('/'), Some('*')) => {
                let mut out = String::new();
                self.at += 2;
                while let Some(c) = self.next() {
                    if c == '*' && self.peek() == Some('/') {
                        self.next();
                        break;
                    }
                    out.push(c);
                }
                Some(out.trim().to_owned())
            }
            _ => None,
        }
    }

    fn skip_space_and_comments(&mut self) -> bool {
        let start = self.at;
        loop {
            match self.peek() {
                Some(c) if c.is_whitespace() => {
                    self.next();
                }
                _ => match self.comment() {
                    Some(_) => {}
                    None => return self.at > start,
                },
            }
        }
    }

    /// Skips to the next element: space, commas, ellipses, comments.
    fn skip_between(&mut self) {
        loop {
            self.skip_space_and_comments();
            match self.peek() {
                Some(',' | ';' | '…') => {
                    self.next();
                }
                Some('.') if self.ahead(1) == Some('.') => {
                    self.next();
                }
                Some('.') if self.at.checked_sub(1).and_then(|at| self.chars.get(at)) == Some(&'.') => {
                    self.next();
                }
                _ => return,
            }
        }
    }

    /// Reads what stands behind a value on its line: a comma, a comment, or words that explain it.
    fn behind(&mut self, in_object: bool) -> Option<String> {
        loop {
            match self.peek()? {
                ' ' | '\t' | ',' => {
                    self.next();
                }
                '/' | '#' => return self.comment(),
                c if c.is_alphabetic() => {
                    let start = (self.at, self.line);
                    let words = self.words();
                    // Words before a colon are the next name; a bare word in a list is an element.
                    let ends = matches!(self.peek(), None | Some('\n' | '\r'));
                    if ends && (in_object || words.contains(' ') || !is_constant(&words)) {
                        return Some(words);
                    }
                    (self.at, self.line) = start;
                    return None;
                }
                _ => return None,
            }
        }
    }

    fn words(&mut self) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek() {
            if matches!(c, '\n' | '\r' | ',' | ':' | '}' | ']' | '{' | '[' | '"') {
                break;
            }
            out.push(c);
            self.next();
        }
        out.trim().to_owned()
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        self.skip_space_and_comments();
        let line = self.line;
        let value = match self.peek()? {
            '{' if depth < MAX_DEPTH => self.object(depth)?,
            '[' if depth < MAX_DEPTH => self.array(depth)?,
            '{' | '[' => return None,
            quote @ ('"' | '\'' | '“' | '”' | '`') => Value::Text(self.text(quote)?),
            _ => bare(self.bare()?),
        };
        Some(Node { value, line, comment: None })
    }

    fn text(&mut self, quote: char) -> Option<String> {
        self.next();
        let close = if quote == '“' { '”' } else { quote };
        let mut out = String::new();
        loop {
            match self.next()? {
                c if c == close => return Some(out),
                '\\' => match self.next()? {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'u' => {
                        let digits: String = (0..4).filter_map(|_| self.next()).collect();
                        out.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
                    }
                    c => out.push(c),
                },
                // A text without its closing quote ends with its line.
                '\n' => return Some(out.trim_end().trim_end_matches(',').to_owned()),
                c => out.push(c),
            }
        }
    }

    fn bare(&mut self) -> Option<String> {
        let mut out = String::new();
        while let Some(c) = self.peek() {
            let is_comment = matches!((c, self.ahead(1)), ('/', Some('/' | '*'))) && out.ends_with([' ', '\t']);
            if matches!(c, ',' | '}' | ']' | '\n' | '\r' | '{' | '[' | '"') || is_comment || c == '#' {
                break;
            }
            out.push(c);
            self.next();
        }
        let out = out.trim().to_owned();
        (!out.is_empty()).then_some(out)
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut members: Vec<(String, Node)> = Vec::new();
        loop {
            self.skip_between();
            match self.peek() {
                None => return None,
                Some('}') => {
                    self.next();
                    return Some(Value::Object(members));
                }
                Some(']') => return None,
                Some(_) => {}
            }
            let line = self.line;
            let name = match self.peek()? {
                quote @ ('"' | '\'' | '“' | '”' | '`') => self.text(quote)?,
                _ => {
                    let name = self.words();
                    if name.is_empty() {
                        // A sign that is no JSON.
                        self.next();
                        continue;
                    }
                    name
                }
            };
            self.skip_space_and_comments();
            if self.peek() == Some('=') && self.ahead(1) == Some('>') {
                self.next();
            } else if self.peek() != Some(':') {
                // Words without a value explain something.
                continue;
            }
            self.next();
            while matches!(self.peek(), Some(' ' | '\t')) {
                self.next();
            }
            if matches!(self.peek(), Some(',' | '}')) {
                members.push((name, Node { value: Value::Null, line, comment: None }));
                continue;
            }
            let mut node = self.value(depth + 1)?;
            node.comment = self.behind(true);
            node.line = line;
            if !members.iter().any(|(own, _)| *own == name) {
                members.push((name, node));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut elements = Vec::new();
        loop {
            self.skip_between();
            match self.peek() {
                None => return None,
                Some(']') => {
                    self.next();
                    return Some(Value::Array(elements));
                }
                Some('}') => return None,
                Some(_) => {}
            }
            let start = self.at;
            let mut node = self.value(depth + 1)?;
            if self.at == start {
                return None;
            }
            // `{...}` stands for more elements.
            let own = self.chars.get(start..self.at).unwrap_or_default();
            let is_dot = |c: &char| matches!(c, '.' | '…');
            let is_gap = own.iter().all(|c| is_dot(c) || c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']'));
            let is_gap = is_gap && own.iter().any(is_dot);
            node.comment = self.behind(false);
            if !is_gap {
                elements.push(node);
            }
        }
    }
}

fn is_constant(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "True" | "False" | "None")
}

fn bare(text: String) -> Value {
    let first = text.split_whitespace().next().unwrap_or("");
    match first {
        "null" | "None" | "nil" | "undefined" => Value::Null,
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        _ if venuekit_json::is_number(first) => Value::Number(first.to_owned()),
        _ => Value::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Vec<String> {
        read(text, 1).iter().map(|node| node.tree().to_json()).collect()
    }

    #[test]
    fn samples_are_read_as_people_write_them() {
        assert_eq!(json("{\"a\": 1, // one\n 'b': [1, 2,], c: True,}"), [r#"{"a":1,"b":[1,2],"c":true}"#]);
        assert_eq!(json("{\"a\": 1\n \"b\": \"2\"\n}"), [r#"{"a":1,"b":"2"}"#]);
        assert_eq!(json("{\"a\": [1, ...], ...\n}"), [r#"{"a":[1]}"#]);
        assert_eq!(json("[{\"a\": 1}, {...}]"), [r#"[{"a":1}]"#]);
        assert_eq!(json("[[1492358400,  time\n \"7000\", open\n \"8\" close\n]]"), [r#"[[1492358400,"7000","8"]]"#]);
        assert_eq!(json("HTTP/1.1 200 OK\n\n{\"a\": {}} {\"b\": <id>}"), [r#"{"a":{}}"#, r#"{"b":"<id>"}"#]);
        assert_eq!(json("no sample"), Vec::<String>::new());
        assert_eq!(json("{\"a\": "), Vec::<String>::new());
    }

    #[test]
    fn values_have_their_line_and_their_comment() {
        let nodes = read("{\n  \"a\": 1, // first\n  \"b\": [\n    \"x\" // second\n  ]\n}", 10);
        let a = nodes[0].get("a").unwrap();
        assert_eq!((a.line, a.comment.as_deref()), (11, Some("first")));
        let x = &nodes[0].get("b").unwrap().elements()[0];
        assert_eq!((x.line, x.comment.as_deref()), (13, Some("second")));
    }
}
