//! Follows `$ref`s, and refuses a `$ref` without a target.
//!
//! The check and the readers follow `$ref`s only through this module. Before the check, `bundle`
//! and some steps of `normal` follow `$ref`s themselves.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use super::document::{Document, Unresolved};
use super::findings::write_text;
use super::located::Located;
use super::nearest::nearest;
use super::node::Node;
use super::pointer::{pointer_join, pointer_segments};
use super::refusal::Refusal;
use crate::diagnostic::Help;

/// The maximum number of `$ref`s in a chain.
const MAX_HOPS: usize = 32;

/// A kind of component. `components` has a section for each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ComponentKind {
    Schema,
    Parameter,
    RequestBody,
    Response,
    Header,
    Example,
    SecurityScheme,
    ContentDescriptor,
    ErrorObject,
    ExamplePairing,
}

impl ComponentKind {
    const ALL: [Self; 10] = [
        Self::Schema,
        Self::Parameter,
        Self::RequestBody,
        Self::Response,
        Self::Header,
        Self::Example,
        Self::SecurityScheme,
        Self::ContentDescriptor,
        Self::ErrorObject,
        Self::ExamplePairing,
    ];

    /// Returns the key under `components`.
    pub(crate) fn section(self) -> &'static str {
        match self {
            Self::Schema => "schemas",
            Self::Parameter => "parameters",
            Self::RequestBody => "requestBodies",
            Self::Response => "responses",
            Self::Header => "headers",
            Self::Example => "examples",
            Self::SecurityScheme => "securitySchemes",
            Self::ContentDescriptor => "contentDescriptors",
            Self::ErrorObject => "errors",
            Self::ExamplePairing => "examplePairings",
        }
    }

    /// Returns the name in messages: `a schema`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Schema => "a schema",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::Response => "a response",
            Self::Header => "a header",
            Self::Example => "an example",
            Self::SecurityScheme => "a security scheme",
            Self::ContentDescriptor => "a content descriptor",
            Self::ErrorObject => "an error",
            Self::ExamplePairing => "an example pairing",
        }
    }

    /// Returns the kind that a section of `components` holds.
    fn from_section(section: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.section() == section)
    }

    /// Returns the pointer of a component.
    pub(crate) fn pointer(self, name: &str) -> String {
        pointer_join(&format!("/components/{}", self.section()), name)
    }

    /// Returns a `$ref` to some component of this kind, for messages.
    fn pattern(self) -> String {
        format!("#/components/{}/..", self.section())
    }
}

/// The object at a place, after its `$ref`s were followed.
#[derive(Clone)]
pub(crate) struct Resolved<'a> {
    pub(crate) at: Located<'a>,
    /// The name of the component that the `$ref`s lead to, if there is a `$ref`.
    pub(crate) component: Option<String>,
    /// The name and the place of the component that the first `$ref` names.
    pub(crate) first: Option<(String, Located<'a>)>,
}

/// The `$ref`s of a document.
pub(crate) struct References<'a> {
    document: &'a Document,
    /// The results of the method `hops`, by the JSON pointer of the component.
    hops: RefCell<HashMap<String, Option<usize>>>,
}

impl<'a> References<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self { document, hops: RefCell::default() }
    }

    /// Follows the `$ref`s at a place, and returns the object that they lead to.
    ///
    /// # Errors
    /// Returns the refusal of a `$ref` that does not lead to a component of this kind, or that
    /// leads into a cycle or through too many other `$ref`s.
    pub(crate) fn resolve(&self, place: Located<'a>, kind: ComponentKind) -> Result<Resolved<'a>, Refusal<'a>> {
        let mut resolved = Resolved { at: place.clone(), component: None, first: None };
        for _ in 0..=MAX_HOPS {
            let Some(reference) = resolved.at.get("$ref") else { return Ok(resolved) };
            let (name, at) = self.target(&reference, kind)?;
            let first = resolved.first.or_else(|| Some((name.clone(), at.clone())));
            resolved = Resolved { at, component: Some(name), first };
        }
        Err(self.endless(&place))
    }

    /// Checks where the `$ref` at `place` leads.
    ///
    /// # Errors
    /// Returns a refusal if the `$ref` does not lead to a component of this kind, or if it leads
    /// into a cycle or through too many other `$ref`s.
    pub(crate) fn judge(&self, place: &Located<'a>, kind: ComponentKind) -> Result<(), Refusal<'a>> {
        let Some(reference) = place.get("$ref") else { return Ok(()) };
        let (_, target) = self.target(&reference, kind)?;
        match self.hops(&target.pointer) {
            Some(hops) if hops <= MAX_HOPS => Ok(()),
            _ => Err(self.endless(place)),
        }
    }

    /// Returns the name and the place of the component that a `$ref` names. `reference` is the
    /// value of the `$ref`.
    fn target(&self, reference: &Located<'a>, kind: ComponentKind) -> Result<(String, Located<'a>), Refusal<'a>> {
        let place = reference.pointer.as_str();
        let Some(text) = reference.node.as_str() else {
            let message = format!("`$ref` has to be text, not {}", reference.node.kind_name());
            let help = move |document: &Document| format!("write {}", document.quoted(&kind.pattern())).into();
            return Err(Refusal::with_help(place, message, help));
        };
        let section = kind.section();
        let Some(pointer) = pointer_of(text) else {
            if let Some(Unresolved { message, help }) = self.document.unresolved(reference.node.position()) {
                return Err(Refusal::new(place, message.clone(), help.clone()));
            }
            let message = format!("`{text}` is not in this document");
            return Err(Refusal::with_help(place, message, move |document| {
                let written = document.quoted(&kind.pattern());
                format!("copy it to `components/{section}` and write {written}").into()
            }));
        };
        let segments = pointer_segments(&pointer).unwrap_or_default();
        let [components, found, name] = segments.as_slice() else {
            let message = format!("`{text}` names no component");
            return Err(Refusal::with_help(place, message, move |document| {
                format!("write {} and name it there", document.quoted(&kind.pattern())).into()
            }));
        };
        if components != "components" || found != section {
            let message = match ComponentKind::from_section(found).filter(|_| components == "components") {
                Some(other) => format!("{} is expected here, `{text}` is {}", kind.name(), other.name()),
                None => format!("{} is expected here, `{text}` names no component", kind.name()),
            };
            return Err(Refusal::with_help(place, message, move |document| {
                format!("write {}", document.quoted(&kind.pattern())).into()
            }));
        }
        match self.document.node(&pointer) {
            Some(node) => {
                let at = Located { pointer: pointer.into_owned(), node };
                Ok((name.clone(), at))
            }
            None => {
                let message = format!("there is no `{name}` under `components/{section}`");
                let name = name.clone();
                Err(Refusal::with_help(place, message, move |document| suggestion(document, kind, &name)))
            }
        }
    }

    /// Returns the refusal of a `$ref` that leads into a cycle or through too many other `$ref`s.
    fn endless(&self, place: &Located<'a>) -> Refusal<'a> {
        let pointer = pointer_join(&place.pointer, "$ref");
        let text = place.text("$ref").unwrap_or_default();
        match pointer_of(text).and_then(|target| self.hops(&target)) {
            Some(hops) => {
                let message = format!("`{text}` leads through {hops} `$ref`s, and {MAX_HOPS} are followed");
                Refusal::new(pointer, message, "refer to the component that says what it is")
            }
            None => {
                let help = "one of the components in the cycle must not be a `$ref`";
                Refusal::new(pointer, format!("`{text}` leads in a cycle of `$ref`s"), help)
            }
        }
    }

    /// Returns the number of `$ref`s in the chain whose first `$ref` names `target`; `None` if the
    /// chain leads into a cycle.
    ///
    /// The numbers are kept, so that each `$ref` is followed only once, even if many others lead to
    /// it.
    fn hops(&self, target: &str) -> Option<usize> {
        let mut known = self.hops.borrow_mut();
        let mut path = Vec::new();
        let mut next = Some(target.to_owned());
        let mut hops = Some(0);
        while let Some(pointer) = next {
            if let Some(found) = known.get(&pointer) {
                hops = *found;
                break;
            }
            // Until the end of the chain is found, each pointer of the path counts as part of a
            // cycle.
            known.insert(pointer.clone(), None);
            next = next_pointer(self.document, &pointer);
            path.push(pointer);
        }
        for pointer in path.into_iter().rev() {
            hops = hops.map(|hops| hops + 1);
            known.insert(pointer, hops);
        }
        known.get(target).copied().flatten()
    }
}

/// Follows the `$ref`s of a place as far as they lead, at most 32, to a value of any kind.
#[must_use]
pub fn follow<'a>(document: &'a Document, place: Located<'a>) -> Located<'a> {
    let mut at = place;
    for _ in 0..MAX_HOPS {
        let Some(pointer) = at.text("$ref").and_then(pointer_of) else { break };
        let Some(node) = document.node(&pointer) else { break };
        at = Located { pointer: pointer.into_owned(), node };
    }
    at
}

/// Returns whether the `$ref`s of the object at a pointer end at a value.
pub(super) fn ends(document: &Document, pointer: &str) -> bool {
    let Some(node) = document.node(pointer) else { return false };
    let end = follow(document, Located { pointer: pointer.to_owned(), node });
    end.node.get("$ref").is_none_or(|reference| reference.as_str().is_none())
}

/// Returns the JSON pointer that a `$ref` names; `None` if the `$ref` leads to another file.
fn pointer_of(reference: &str) -> Option<Cow<'_, str>> {
    // A pointer in the fragment of a URL is percent-encoded.
    Some(percent_encoding::percent_decode_str(reference.strip_prefix('#')?).decode_utf8_lossy())
}

/// Returns the JSON pointer that the `$ref` of the object at `pointer` names; `None` if there is no
/// `$ref`, or no value at that pointer.
fn next_pointer(document: &Document, pointer: &str) -> Option<String> {
    let next = pointer_of(document.node(pointer)?.get("$ref")?.as_str()?)?;
    document.node(&next)?;
    Some(next.into_owned())
}

/// Returns whether the `$ref`s from a component lead to a value.
fn is_sound(references: &References<'_>, pointer: &str) -> bool {
    match references.document.node(pointer).and_then(|node| node.get("$ref")) {
        None => true,
        Some(_) => next_pointer(references.document, pointer).is_some() && references.hops(pointer).is_some(),
    }
}

/// Returns the help that suggests the component that a `$ref` may mean. A component whose own
/// `$ref` leads nowhere is not suggested.
fn suggestion(document: &Document, kind: ComponentKind, name: &str) -> Help {
    let references = References::new(document);
    let components = document.node(&format!("/components/{}", kind.section())).and_then(Node::as_map);
    let names = components.into_iter().flat_map(|components| components.keys());
    match nearest(name, names.filter(|name| is_sound(&references, &kind.pointer(name)))) {
        Some(near) => write_text(format!("did you mean `{near}`?"), &format!("#{}", kind.pointer(near))),
        None => format!("write it under `components/{}`", kind.section()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(components: &str) -> Document {
        let text = format!("a: {{$ref: '#/components/schemas/A'}}\ncomponents: {{schemas: {{{components}}}}}\n");
        Document::parse("acme.yaml", &text).unwrap_or_else(|findings| panic!("{findings}"))
    }

    fn place(document: &Document) -> Located<'_> {
        Located { pointer: "/a".to_owned(), node: document.node("/a").expect("the place is there") }
    }

    /// Returns the message about the `$ref` of the document. Panics if `resolve` and `judge` give
    /// different messages.
    fn refused(components: &str) -> String {
        let document = document(components);
        let references = References::new(&document);
        let resolved = references.resolve(place(&document), ComponentKind::Schema).map(|resolved| resolved.component);
        let judged = references.judge(&place(&document), ComponentKind::Schema);
        let message = resolved.expect_err("the `$ref` has no target").message;
        assert_eq!(judged.expect_err("the `$ref` has no target").message, message);
        message
    }

    #[test]
    fn resolve_and_judge_refuse_a_reference_with_the_same_message() {
        assert_eq!(refused("B: {}"), "there is no `A` under `components/schemas`");
        let cycle = "A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}";
        assert_eq!(refused(cycle), "`#/components/schemas/A` leads in a cycle of `$ref`s");
        let link = |n: usize| format!("S{n}: {{$ref: '#/components/schemas/S{}'}}", n + 1);
        let chain = (0..40).map(link).collect::<Vec<_>>().join(", ");
        let message = refused(&format!("A: {{$ref: '#/components/schemas/S0'}}, {chain}, S40: {{}}"));
        assert_eq!(message, "`#/components/schemas/A` leads through 42 `$ref`s, and 32 are followed");
    }

    #[test]
    fn the_name_of_a_component_may_be_percent_encoded_in_a_reference() {
        let document = document("A: {$ref: '#/components/schemas/B%2EC'}, B.C: {type: string}");
        let references = References::new(&document);
        let resolved = references.resolve(place(&document), ComponentKind::Schema).expect("it leads somewhere");
        assert_eq!(resolved.component.as_deref(), Some("B.C"));
        assert_eq!(resolved.at.pointer, "/components/schemas/B.C");
        assert_eq!(follow(&document, place(&document)).pointer, "/components/schemas/B.C");
    }
}
