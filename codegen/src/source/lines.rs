//! Lines of a text. As in YAML, a line ends with `\n`, `\r\n` or `\r`.

use super::node::Position;

/// Returns the position of each character, with the character.
pub(super) fn positions(text: &str) -> impl Iterator<Item = (Position, char)> {
    let mut position = Position::START;
    breaks(text).map(move |(c, ends_line)| {
        let at = position;
        position = match ends_line {
            true => Position::new(at.line + 1, 1),
            false => Position::new(at.line, at.column + 1),
        };
        (at, c)
    })
}

/// Returns the position behind the last character.
pub(super) fn end(text: &str) -> Position {
    breaks(text).fold(Position::START, |at, (_, ends_line)| match ends_line {
        true => Position::new(at.line + 1, 1),
        false => Position::new(at.line, at.column + 1),
    })
}

/// Returns the byte at which a position is; `None` if the text has no such line.
pub(super) fn byte_at(text: &str, at: Position) -> Option<usize> {
    let mut byte = 0;
    for (position, c) in positions(text) {
        if position == at {
            return Some(byte);
        }
        byte += c.len_utf8();
    }
    (end(text) == at).then_some(byte)
}

/// Returns a text with `indent` before each line except the first one.
pub(super) fn indented(text: &str, indent: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (c, ends_line) in breaks(text) {
        out.push(c);
        if ends_line {
            out.push_str(indent);
        }
    }
    out
}

/// Returns each character, with true if it ends its line.
pub(super) fn breaks(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut chars = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = chars.next()?;
        Some((c, c == '\n' || c == '\r' && chars.peek() != Some(&'\n')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_line_break_ends_one_line() {
        for text in ["a\né\n\nb", "a\r\né\r\n\r\nb", "a\ré\r\rb", "a\ré\r\n\nb"] {
            let of = |wanted| positions(text).find(|(_, c)| *c == wanted).map(|(at, _)| (at.line, at.column));
            assert_eq!([of('a'), of('é'), of('b')], [Some((1, 1)), Some((2, 1)), Some((4, 1))], "{text:?}");
            assert_eq!(end(text), Position::new(4, 2), "{text:?}");
            assert_eq!(byte_at(text, Position::new(4, 1)), text.find('b'), "{text:?}");
            assert_eq!(byte_at(text, Position::new(4, 2)), Some(text.len()), "{text:?}");
            assert_eq!(byte_at(text, Position::new(5, 1)), None, "{text:?}");
        }
        assert_eq!(indented("a\rb\r\nc\nd", "  "), "a\r  b\r\n  c\n  d");
        assert_eq!((end(""), byte_at("", Position::START)), (Position::START, Some(0)));
    }
}
