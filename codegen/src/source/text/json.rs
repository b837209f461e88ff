//! Reads JSON (RFC 8259), from files whose name ends with `.json`.
//!
//! This module exists because no other reader is suitable. The YAML reader refuses or changes some
//! JSON: pairs of `\u` escapes, U+007F, keys of more than 1024 characters, tabs. `serde_json` keeps
//! no positions. The crates that keep positions first build a whole tree, and most use recursion,
//! so the limits of a [`Builder`] would have no effect while they read. This reader hands over each
//! value as soon as it is read, and uses no recursion.

use super::builder::{Builder, Content};
use crate::source::node::{Kind, Position};
use crate::source::number::is_json_number;

/// Reads one JSON document, and hands its values to the builder.
pub(super) fn read(text: &str, builder: &mut Builder<'_>) {
    let mut reader = Reader { text, at: 0, place: Position::START };
    if let Err(fault) = reader.run(builder) {
        match fault {
            Fault::Reported => {}
            Fault::Syntax { at, message, help } => builder.fail(at, format!("this is not JSON: {message}"), help),
        }
    }
}

/// The reason why reading ends before the text does.
enum Fault {
    /// The builder has already added a finding.
    Reported,
    Syntax {
        at: Position,
        message: String,
        help: String,
    },
}

/// The tokens that may come next.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Value,
    /// An element, after a comma.
    Element,
    /// A value, or the end of the list that just began.
    FirstElement,
    /// A key, or the end of the object that just began.
    FirstKey,
    Key,
    Colon,
    /// A comma, or the end of the list or object.
    More,
}

/// The kind of a list or an object that has not ended yet.
#[derive(Clone, Copy, PartialEq)]
enum Bracket {
    List,
    Object,
}

struct Reader<'a> {
    text: &'a str,
    /// The offset of the next character, in bytes.
    at: usize,
    place: Position,
}

impl<'a> Reader<'a> {
    fn run(&mut self, builder: &mut Builder<'_>) -> Result<(), Fault> {
        let mut open: Vec<Bracket> = Vec::new();
        let mut next = Next::Value;
        self.skip_space();
        if self.peek().is_none() {
            return Ok(());
        }
        loop {
            self.skip_space();
            let place = self.place;
            let Some(c) = self.peek() else {
                return Err(self.unfinished(open.last().copied()));
            };
            match (next, c) {
                (Next::FirstElement | Next::More, ']') if open.last() == Some(&Bracket::List) => {
                    self.advance(1);
                    open.pop();
                    builder.end();
                    next = Next::More;
                }
                (Next::FirstKey | Next::More, '}') if open.last() == Some(&Bracket::Object) => {
                    self.advance(1);
                    open.pop();
                    builder.end();
                    next = Next::More;
                }
                (Next::Element | Next::Key, ']' | '}') => {
                    return Err(fault(
                        place,
                        format!("a value is missing before `{c}`"),
                        "leave out the comma before it",
                    ));
                }
                (Next::FirstKey | Next::Key, '"') => {
                    let name = self.string()?;
                    builder.key(place, &name);
                    next = Next::Colon;
                }
                (Next::FirstKey | Next::Key, _) => {
                    let message = "a key has to be text in double quotes".to_owned();
                    return Err(self.comment(c).unwrap_or_else(|| fault(place, message, "write \"key\": value")));
                }
                (Next::Colon, ':') => {
                    self.advance(1);
                    next = Next::Value;
                }
                (Next::Colon, _) => {
                    let message = format!("{} after a key, where a colon is expected", shown(c));
                    return Err(self.comment(c).unwrap_or_else(|| fault(place, message, "write \"key\": value")));
                }
                (Next::More, ',') => {
                    self.advance(1);
                    next = if open.last() == Some(&Bracket::Object) { Next::Key } else { Next::Element };
                }
                (Next::More, _) => {
                    let help = "check whether a comma, a quote or a closing bracket is missing";
                    let message = format!("{} where a comma or a closing bracket is expected", shown(c));
                    return Err(self.comment(c).unwrap_or_else(|| fault(place, message, help)));
                }
                (Next::Value | Next::Element | Next::FirstElement, '[') => {
                    self.advance(1);
                    go_on(builder.start(place, Content::list(), 0))?;
                    open.push(Bracket::List);
                    next = Next::FirstElement;
                }
                (Next::Value | Next::Element | Next::FirstElement, '{') => {
                    self.advance(1);
                    go_on(builder.start(place, Content::object(), 0))?;
                    open.push(Bracket::Object);
                    next = Next::FirstKey;
                }
                (Next::Value | Next::Element | Next::FirstElement, _) => {
                    let kind = self.scalar(c, builder)?;
                    go_on(builder.scalar(place, kind, 0))?;
                    next = Next::More;
                }
            }
            if open.is_empty() && next == Next::More {
                return self.nothing_more();
            }
        }
    }

    fn scalar(&mut self, first: char, builder: &mut Builder<'_>) -> Result<Kind, Fault> {
        let place = self.place;
        match first {
            '"' => Ok(Kind::String(self.string()?.into())),
            '-' | '+' | '.' | '0'..='9' => self.number(builder),
            c if c.is_alphabetic() => {
                let word = self.take(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
                match word {
                    "null" => Ok(Kind::Null),
                    "true" => Ok(Kind::Bool(true)),
                    "false" => Ok(Kind::Bool(false)),
                    _ => {
                        let help = "write true, false, null or a number; text needs double quotes";
                        Err(fault(place, format!("`{}` is not a value", shorten(word)), help))
                    }
                }
            }
            '\'' => Err(fault(place, "text in single quotes".to_owned(), "write double quotes")),
            c => {
                let help = "write a value: text in double quotes, a number, true, false, null, an object or a list";
                let message = format!("{} where a value is expected", shown(c));
                Err(self.comment(c).unwrap_or_else(|| fault(place, message, help)))
            }
        }
    }

    /// Reads a number. Its digits are kept as written.
    fn number(&mut self, builder: &mut Builder<'_>) -> Result<Kind, Fault> {
        let place = self.place;
        let text = self.take(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b'_'));
        if !is_json_number(text) {
            let help = "write digits without leading zeros, at most one point between digits, and an exponent at most";
            return Err(fault(place, format!("`{}` is not a number", shorten(text)), help));
        }
        if !text.parse::<f64>().is_ok_and(f64::is_finite) {
            let message = format!("`{}` is larger than any JSON reader can hold", shorten(text));
            builder.number(place, message, "put it in double quotes if it is text".to_owned(), None);
            return Ok(Kind::String(text.into()));
        }
        Ok(Kind::Number(text.into()))
    }

    /// Reads a text, from its opening quote to its closing quote.
    fn string(&mut self) -> Result<String, Fault> {
        self.advance(1);
        let mut text = String::new();
        loop {
            text.push_str(self.take(|b| b >= b' ' && b != b'"' && b != b'\\'));
            let place = self.place;
            match self.peek() {
                None => {
                    return Err(fault(place, "the file ends inside text".to_owned(), "close the double quotes"));
                }
                Some('"') => {
                    self.advance(1);
                    return Ok(text);
                }
                Some('\\') => text.push(self.escape()?),
                Some(c) => {
                    let message = format!("the character U+{:04X} has to be escaped in text", u32::from(c));
                    let help = format!("write it as an escape: {}", escaped(c));
                    return Err(fault(place, message, help));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let place = self.place;
        self.advance(1);
        let c = self.peek();
        let plain = match c {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(place),
            _ => {
                let shown = c.map(|c| format!("`\\{c}`")).unwrap_or_else(|| "`\\`".to_owned());
                let help = "a backslash begins an escape; write two for one in the text";
                return Err(fault(place, format!("{shown} is not an escape"), help));
            }
        };
        self.advance(1);
        Ok(plain)
    }

    /// Reads the rest of an escape such as `\u00e9`, from its `u` on. If it is the first half of a
    /// surrogate pair, reads the escape of the second half too.
    fn unicode(&mut self, place: Position) -> Result<char, Fault> {
        let first = self.four_digits(place)?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let half = |first: u32| {
            let help = "write both halves of the character, such as \\ud83d\\ude00, or the character itself";
            fault(place, format!("`\\u{first:04x}` is one half of a character"), help)
        };
        let is_low = |code: u32| (0xdc00..0xe000).contains(&code);
        if is_low(first) || !self.rest().starts_with("\\u") {
            return Err(half(first));
        }
        self.advance(1);
        let second = self.four_digits(place)?;
        if !is_low(second) {
            return Err(half(first));
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or_else(|| half(first))
    }

    /// Skips the `u` that comes next, and reads the four digits after it.
    fn four_digits(&mut self, place: Position) -> Result<u32, Fault> {
        self.advance(1);
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            let help = "write four hexadecimal digits, such as \\u00e9, or the character itself";
            return Err(fault(place, "`\\u` is not followed by four hexadecimal digits".to_owned(), help));
        };
        (0..4).for_each(|_| self.advance(1));
        Ok(code)
    }

    fn nothing_more(&mut self) -> Result<(), Fault> {
        self.skip_space();
        let Some(c) = self.peek() else { return Ok(()) };
        let message = format!("{} after the end of the document", shown(c));
        let help = "keep one value in the file; check whether a bracket closes too early";
        Err(self.comment(c).unwrap_or_else(|| fault(self.place, message, help)))
    }

    fn unfinished(&self, open: Option<Bracket>) -> Fault {
        let (what, help) = match open {
            Some(Bracket::List) => ("inside a list", "close the list with ]"),
            Some(Bracket::Object) => ("inside an object", "close the object with }"),
            None => ("before the value", "write the value"),
        };
        fault(self.place, format!("the file ends {what}"), help)
    }

    fn comment(&self, c: char) -> Option<Fault> {
        let help = "leave it out, or write it as a `description`";
        let found = c == '#' || self.rest().starts_with("//") || self.rest().starts_with("/*");
        found.then(|| fault(self.place, "there are no comments in JSON".to_owned(), help))
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.advance(1);
        }
    }

    fn take(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.byte().is_some_and(&belongs) {
            self.advance(1);
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves on by some bytes. Columns count characters. Lines end with `\n`, `\r\n` or `\r`, as in
    /// YAML.
    fn advance(&mut self, bytes: usize) {
        for _ in 0..bytes {
            let Some(byte) = self.byte() else { return };
            self.at += 1;
            match byte {
                b'\n' => self.place = Position::new(self.place.line + 1, 1),
                b'\r' if self.byte() != Some(b'\n') => {
                    self.place = Position::new(self.place.line + 1, 1);
                }
                // Only the first byte of a character counts. In UTF-8, all other bytes begin with
                // the bits 10.
                byte if byte & 0b1100_0000 != 0b1000_0000 => self.place.column += 1,
                _ => {}
            }
        }
    }
}

fn go_on(room: bool) -> Result<(), Fault> {
    if room { Ok(()) } else { Err(Fault::Reported) }
}

fn fault(at: Position, message: String, help: impl Into<String>) -> Fault {
    Fault::Syntax { at, message, help: help.into() }
}

fn shown(c: char) -> String {
    if c.is_control() || c.is_whitespace() || c == '\u{feff}' {
        format!("U+{:04X}", u32::from(c))
    } else {
        format!("`{c}`")
    }
}

fn shorten(text: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() { format!("{shown}..") } else { shown }
}

fn escaped(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c => format!("\\u{:04x}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::document::Document;
    use crate::source::findings::Findings;
    use crate::source::node::Kind;

    /// Returns the tree of a text, as JSON in one line.
    fn read(text: &str) -> String {
        let document = Document::parse("acme.json", text).unwrap_or_else(|findings| panic!("{text}: {findings}"));
        document.root().to_json()
    }

    /// Returns the line, the column, the message and the help of the only finding on a text.
    fn refused(text: &str) -> (usize, usize, String, String) {
        let findings = match Document::parse("acme.json", text) {
            Ok(document) => {
                let mut findings = Findings::new(&document);
                findings.of_text();
                findings.sorted()
            }
            Err(findings) => findings,
        };
        assert_eq!(findings.len(), 1, "{text}: {findings}");
        let finding = findings.iter().next().expect("there is one").clone();
        let help = finding.help.map(|help| help.to_string()).unwrap_or_default();
        assert!(!help.is_empty(), "{text}: {}", finding.message);
        for said in [&finding.message, &help] {
            assert!(!said.contains("YAML") && !said.contains('\''), "{text}: {said}");
        }
        (finding.location.line, finding.location.column, finding.message, help)
    }

    #[test]
    fn valid_json_is_read() {
        for (text, json) in [
            ("null", "null"),
            ("true", "true"),
            (" false ", "false"),
            ("\"a\"", "\"a\""),
            ("[]", "[]"),
            ("{}", "{}"),
            ("[[],{}]", "[[],{}]"),
            ("\t[\t1\t,\r\n2\n]\r", "[1,2]"),
            ("{\"a\":{\"b\":[1,{\"c\":null}]}}", "{\"a\":{\"b\":[1,{\"c\":null}]}}"),
            ("{\"\":1,\"<<\":2,\"200\":3,\"null\":4}", "{\"\":1,\"<<\":2,\"200\":3,\"null\":4}"),
            ("\u{feff}[1]", "[1]"),
            (
                "[\"yes\",\"~\",\"0x1F\",\"&a\",\"*a\",\"!t\",\"a: b\",\"# c\"]",
                "[\"yes\",\"~\",\"0x1F\",\"&a\",\"*a\",\"!t\",\"a: b\",\"# c\"]",
            ),
        ] {
            assert_eq!(read(text), json, "{text}");
        }
    }

    #[test]
    fn the_digits_of_numbers_stay_as_written() {
        for number in [
            "0",
            "-0",
            "0.10",
            "1518074034.9090531",
            "0.00000001000000000000",
            "1e5",
            "-1.5E-7",
            "1E+2",
            "12345678901234567890123",
        ] {
            assert_eq!(read(&format!("[{number}]")), format!("[{number}]"));
        }
    }

    #[test]
    fn escapes_and_characters_are_read() {
        for (text, meant) in [
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r#""\u0000\u001F\u00e9\uFFFF""#, "\0\u{1f}é\u{ffff}"),
            (r#""\ud83d\ude00\uD834\uDD1E""#, "😀𝄞"),
            (r#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10ffff}"),
            (r#""\\u0041\ud7ff\ue000""#, "\\u0041\u{d7ff}\u{e000}"),
            ("\"\u{7f}\u{80}\u{85}\u{2028}月😀\u{feff}\"", "\u{7f}\u{80}\u{85}\u{2028}月😀\u{feff}"),
        ] {
            let document = Document::parse("acme.json", text).unwrap_or_else(|findings| panic!("{text}: {findings}"));
            assert_eq!(document.root().as_str(), Some(meant), "{text}");
            let again = Document::parse("acme.json", &document.root().to_json());
            assert_eq!(again.map(|again| again.root().kind().clone()), Ok(Kind::String(meant.into())), "{text}");
        }
    }

    #[test]
    fn keys_can_be_long_and_can_have_escapes() {
        let long = "k".repeat(100_000);
        assert_eq!(read(&format!("{{\"{long}\": 1}}")), format!("{{\"{long}\":1}}"));
        assert_eq!(read(r#"{"\ud83d\ude00 \u0061": 1}"#), "{\"😀 a\":1}");
    }

    #[test]
    fn invalid_json_is_refused_at_the_place_of_its_fault() {
        for (text, line, column, message) in [
            ("[1,]", 1, 4, "a value is missing before `]`"),
            ("{\"a\":1,}", 1, 8, "a value is missing before `}`"),
            ("[,1]", 1, 2, "`,` where a value is expected"),
            ("[1,,2]", 1, 4, "`,` where a value is expected"),
            ("[}", 1, 2, "`}` where a value is expected"),
            ("]", 1, 1, "`]` where a value is expected"),
            ("[1 2]", 1, 4, "`2` where a comma or a closing bracket is expected"),
            ("[1}", 1, 3, "`}` where a comma or a closing bracket is expected"),
            ("{\"a\":1]", 1, 7, "`]` where a comma or a closing bracket is expected"),
            ("{\"a\" 1}", 1, 6, "`1` after a key, where a colon is expected"),
            ("{\"a\":}", 1, 6, "`}` where a value is expected"),
            ("{a:1}", 1, 2, "a key has to be text in double quotes"),
            ("{1:1}", 1, 2, "a key has to be text in double quotes"),
            ("{'a':1}", 1, 2, "a key has to be text in double quotes"),
            ("['a']", 1, 2, "text in single quotes"),
            ("[\n  01\n]", 2, 3, "`01` is not a number"),
            ("[-]", 1, 2, "`-` is not a number"),
            ("[+1]", 1, 2, "`+1` is not a number"),
            ("[.5]", 1, 2, "`.5` is not a number"),
            ("[5.]", 1, 2, "`5.` is not a number"),
            ("[1e]", 1, 2, "`1e` is not a number"),
            ("[1_000]", 1, 2, "`1_000` is not a number"),
            ("[0x1F]", 1, 2, "`0x1F` is not a number"),
            ("[1.2.3]", 1, 2, "`1.2.3` is not a number"),
            ("[-Infinity]", 1, 2, "`-Infinity` is not a number"),
            ("[NaN]", 1, 2, "`NaN` is not a value"),
            ("[True]", 1, 2, "`True` is not a value"),
            ("[nul]", 1, 2, "`nul` is not a value"),
            ("[truefalse]", 1, 2, "`truefalse` is not a value"),
            ("[1] // end", 1, 5, "there are no comments in JSON"),
            ("// start\n[1]", 1, 1, "there are no comments in JSON"),
            ("[1, /* two */ 2]", 1, 5, "there are no comments in JSON"),
            ("{# a\n}", 1, 2, "there are no comments in JSON"),
            ("[1] [2]", 1, 5, "`[` after the end of the document"),
            ("[1]]", 1, 4, "`]` after the end of the document"),
            ("1 2", 1, 3, "`2` after the end of the document"),
            ("[1", 1, 3, "the file ends inside a list"),
            ("[1,", 1, 4, "the file ends inside a list"),
            ("{\"a\":1", 1, 7, "the file ends inside an object"),
            ("{\"a\":", 1, 6, "the file ends inside an object"),
            ("[\"a", 1, 4, "the file ends inside text"),
            ("[\"a\\", 1, 4, "`\\` is not an escape"),
            ("[\"\\x41\"]", 1, 3, "`\\x` is not an escape"),
            ("[\"\\a\"]", 1, 3, "`\\a` is not an escape"),
            ("[\"\\u12\"]", 1, 3, "`\\u` is not followed by four hexadecimal digits"),
            ("[\"\\u00é9\"]", 1, 3, "`\\u` is not followed by four hexadecimal digits"),
            ("[\"\\u+123\"]", 1, 3, "`\\u` is not followed by four hexadecimal digits"),
            ("[\"a\\ud83d\"]", 1, 4, "`\\ud83d` is one half of a character"),
            ("[\"\\ude00\\ud83d\"]", 1, 3, "`\\ude00` is one half of a character"),
            ("[\"\\ud83d\\ud83d\"]", 1, 3, "`\\ud83d` is one half of a character"),
            ("[\"\\ud83d\\n\"]", 1, 3, "`\\ud83d` is one half of a character"),
            ("[\"\\ud83dx\"]", 1, 3, "`\\ud83d` is one half of a character"),
            ("[\"a\nb\"]", 1, 4, "the character U+000A has to be escaped in text"),
            ("[\"a\tb\"]", 1, 4, "the character U+0009 has to be escaped in text"),
            ("[\"\0\"]", 1, 3, "the character U+0000 has to be escaped in text"),
            ("[1,\u{a0}2]", 1, 4, "U+00A0 where a value is expected"),
            ("[\u{feff}1]", 1, 2, "U+FEFF where a value is expected"),
            ("\r\n\r\n  [\"月\", }", 3, 9, "a value is missing before `}`"),
            ("\r[\r?", 3, 1, "`?` where a value is expected"),
        ] {
            let (at_line, at_column, said, _) = refused(text);
            assert_eq!((at_line, at_column, said), (line, column, format!("this is not JSON: {message}")), "{text:?}");
        }
    }

    #[test]
    fn faults_other_than_of_syntax_are_found_in_json_too() {
        for (text, line, column, message) in [
            ("", 1, 1, "the file is empty"),
            (" \n", 1, 1, "the file is empty"),
            ("[\n1e999]", 2, 1, "`1e999` is larger than any JSON reader can hold"),
            ("{\"a\": 1,\n \"\\u0061\": 2}", 2, 2, "`a` is given twice, first on line 1"),
        ] {
            let (at_line, at_column, said, _) = refused(text);
            assert_eq!((at_line, at_column, said), (line, column, message.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn values_and_keys_have_the_same_positions_in_json_as_in_yaml() {
        let text = "{\n\t\"a\": [1, \"x\"],\r\n  \"月\": {\"b\": null, \"c\": {\"d\": 1.50}}\n}\n";
        let [json, yaml] = ["acme.json", "acme.yaml"].map(|file| {
            Document::parse(file, &text.replace('\t', "  ")).unwrap_or_else(|findings| panic!("{findings}"))
        });
        for pointer in ["", "/a", "/a/0", "/a/1", "/月", "/月/b", "/月/c", "/月/c/d", "/nowhere"] {
            let places = [&json, &yaml].map(|document| {
                let [value, key] = [document.location(pointer), document.key_location(pointer)];
                (value.line, value.column, key.line, key.column)
            });
            assert_eq!(places[0], places[1], "{pointer}");
        }
        assert_eq!(json.root(), yaml.root());
    }
}
