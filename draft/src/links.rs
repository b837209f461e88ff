//! Links of a document to its own sections: `[The order](#the-order-object)`.

/// A link within a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link<'a> {
    /// The text before the link.
    pub(crate) before: &'a str,
    /// The link itself.
    pub(crate) text: &'a str,
    /// The text after the link.
    pub(crate) after: &'a str,
    /// The anchor: the part of the target after `#`.
    pub(crate) anchor: &'a str,
}

/// Returns the links of a text to sections of the document.
pub(crate) fn all(text: &str) -> Vec<Link<'_>> {
    let of = |(middle, mark): (usize, &str)| {
        let open = text.get(..middle)?.rfind('[')?;
        let from = middle + mark.len();
        let close = from + text.get(from..)?.find(')')?;
        let target = text.get(from..close)?.split_whitespace().next()?;
        // A page of another host has other sections.
        let (page, anchor) = target.split_once('#')?;
        let is_own = !page.contains("://") && !anchor.is_empty();
        let (before, own, after) = (text.get(..open)?, text.get(open..=close)?, text.get(close + 1..)?);
        is_own.then_some(Link { before, text: own, after, anchor })
    };
    text.match_indices("](").filter_map(of).collect()
}

/// Returns the anchor that a renderer of Markdown gives to a heading: `The order object` has
/// `the-order-object`.
fn anchor_of(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

/// Returns whether an anchor is that of a heading.
pub(crate) fn is_anchor(anchor: &str, heading: &str) -> bool {
    !heading.is_empty() && fold(anchor) == key(heading)
}

/// Returns an anchor in the form in which anchors are compared.
pub(crate) fn fold(anchor: &str) -> String {
    anchor.to_lowercase().replace(['_', '.'], "-")
}

/// Returns the anchor of a heading in the form in which anchors are compared.
pub(crate) fn key(heading: &str) -> String {
    fold(&anchor_of(heading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_sections_of_the_document() {
        let anchors = |text: &'static str| all(text).iter().map(|own| own.anchor).collect::<Vec<&str>>().join(" ");
        assert_eq!(anchors("array of [orders](#the-order-object)"), "the-order-object");
        assert_eq!(anchors("[a](#a), [b](rest.html#b \"B\")"), "a b");
        for text in ["[a](https://a.example/#a)", "[a](rest.html)", "[a](#)", "a](#b)", "[a](#b"] {
            assert_eq!(anchors(text), "", "{text}");
        }
        assert!(is_anchor("the-order-object-v2", "The `order` object (v2)"));
        assert!(is_anchor("the-order_status", "The order_status"));
    }
}
