//! Finds the JSON pointers of values whose position in a text is known.

use std::ops::Range;

use venuekit_json::pointer;

/// The length in bytes from which a pointer gets no further segments. The keys of a venue can be of
/// any length, and many values can be below one of them.
const MOST: usize = 4 << 10;

/// Returns the JSON pointers of the values that start at these positions, which have to ascend. The
/// text has to be valid JSON. If no value starts at a position, the result ends before it.
pub(crate) fn pointers(json: &[u8], starts: &[usize]) -> Vec<String> {
    let mut walk = Walk { json, at: 0, inside: Vec::new() };
    let mut found = Vec::with_capacity(starts.len());
    while let Some(start) = starts.get(found.len())
        && let Some(at) = walk.next_value()
    {
        if at == *start {
            found.push(walk.pointer());
        }
        walk.step_into(at);
    }
    found
}

/// A walk over the values of a text, in their order.
struct Walk<'a> {
    json: &'a [u8],
    at: usize,
    /// The arrays and objects around the current value, the outermost first.
    inside: Vec<Container>,
}

enum Container {
    /// An array, and the index of its current element.
    Array(usize),
    /// An object, and the range of its current key, with its quotes.
    Object(Range<usize>),
}

impl Walk<'_> {
    /// Moves to the start of the next value, and returns its position; `None` at the end of the
    /// text.
    fn next_value(&mut self) -> Option<usize> {
        loop {
            let is_key = matches!(self.inside.last(), Some(Container::Object(key)) if key.is_empty());
            match (self.json.get(self.at)?, self.inside.last_mut()) {
                (b' ' | b'\t' | b'\n' | b'\r' | b':', _) => {}
                (b'}' | b']', _) => drop(self.inside.pop()),
                (b',', Some(Container::Array(index))) => *index += 1,
                (b',', Some(Container::Object(key))) => *key = 0..0,
                (b'"', Some(Container::Object(key))) if is_key => {
                    let end = string_end(self.json, self.at);
                    *key = self.at..end;
                    self.at = end;
                    continue;
                }
                _ => return Some(self.at),
            }
            self.at += 1;
        }
    }

    /// Moves into the array or the object that starts at `at`, or past any other value.
    fn step_into(&mut self, at: usize) {
        self.at = match self.json.get(at) {
            Some(b'[') => {
                self.inside.push(Container::Array(0));
                at + 1
            }
            Some(b'{') => {
                self.inside.push(Container::Object(0..0));
                at + 1
            }
            Some(b'"') => string_end(self.json, at),
            _ => {
                let rest = self.json.get(at..).unwrap_or_default();
                let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
                at + rest.iter().skip(1).position(is_end).map_or(rest.len(), |length| length + 1)
            }
        };
    }

    fn pointer(&self) -> String {
        let mut text = String::new();
        for container in &self.inside {
            if text.len() >= MOST {
                break;
            }
            text = match container {
                Container::Array(index) => format!("{text}/{index}"),
                Container::Object(key) => pointer::join(&text, &self.key(key)),
            };
        }
        text
    }

    /// Returns the text of a key, cut if it is too long for a pointer.
    fn key(&self, key: &Range<usize>) -> String {
        let end = key.end.min(key.start + MOST);
        let json = self.json.get(key.start..end).unwrap_or_default();
        serde_json::from_slice(json).unwrap_or_else(|_| String::from_utf8_lossy(json).into_owned())
    }
}

/// Returns the position after the string that starts at `at`.
fn string_end(json: &[u8], at: usize) -> usize {
    let mut bytes = json.iter().enumerate().skip(at + 1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the pointers of all values.
    fn all(json: &str) -> Vec<String> {
        let mut walk = Walk { json: json.as_bytes(), at: 0, inside: Vec::new() };
        let mut starts = Vec::new();
        while let Some(at) = walk.next_value() {
            starts.push(at);
            walk.step_into(at);
        }
        pointers(json.as_bytes(), &starts)
    }

    #[test]
    fn pointers_returns_the_pointer_of_each_value() {
        let json = r#" {"a/b" : [ 1 , -2.5e3,{"x\"]":"},\\","":null}, [ ],[[true]] ] , "\u0062~": "[1]"} "#;
        let expected = [
            "",
            "/a~1b",
            "/a~1b/0",
            "/a~1b/1",
            "/a~1b/2",
            "/a~1b/2/x\"]",
            "/a~1b/2/",
            "/a~1b/3",
            "/a~1b/4",
            "/a~1b/4/0",
            "/a~1b/4/0/0",
            "/b~0",
        ];
        assert_eq!(all(json), expected);
        for pointer in expected {
            assert_eq!(crate::json_find::find(json.as_bytes(), pointer).unwrap().len(), 1, "{pointer}");
        }
        assert_eq!(all("7"), [""]);
        assert_eq!(all(" [\n\"a\",{}]"), ["", "/0", "/1"]);
    }

    #[test]
    fn a_pointer_to_a_value_under_a_long_key_is_cut() {
        let key = "k".repeat(1_000_000);
        let json = format!(r#"{{"{key}":[0,1]}}"#);
        assert!(all(&json).iter().all(|pointer| pointer.len() < 2 * MOST));
    }

    #[test]
    fn pointers_ends_at_a_position_without_a_value_and_accepts_invalid_json() {
        assert_eq!(pointers(b"[10,20]", &[1, 2]), ["/0"]);
        for text in ["", "[", "{\"", "{\"a\\", "]", "}}", ",", "{\"a\":", "\"", "tru"] {
            assert!(pointers(text.as_bytes(), &[0, 1, 2, 9]).len() < 4, "{text}");
        }
    }
}
