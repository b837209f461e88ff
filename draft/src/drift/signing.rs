//! The values that signing fills in, and the security schemes.

use venuekit_json::Tree;

use crate::document::Lines;
use crate::facts::SchemeKind;

use super::finding::{Difference, Finding};
use super::schema::Comparison;
use super::specification::Node;

impl<'a> Comparison<'a, '_> {
    /// Returns the security schemes of the specification.
    fn spec_schemes(&self) -> Vec<Node<'a>> {
        let root = self.specification.root();
        let listed = root.child("components").and_then(|all| all.child("securitySchemes"));
        let listed = listed.or_else(|| root.child("x-security-schemes"));
        listed.iter().flat_map(Node::members).map(|(_, node)| self.specification.resolve(&node)).collect()
    }

    /// Checks that a scheme of the specification has a name, fills it in, or describes it, or that
    /// an operation has it as a parameter.
    pub(super) fn signing(&mut self, subject: &str, name: &str, at: Lines) {
        let schemes = self.spec_schemes();
        let operations = self.specification.operations();
        let is_parameter = operations
            .iter()
            .flat_map(|own| &own.parameters)
            .any(|parameter| parameter.text("name").is_some_and(|own| own.eq_ignore_ascii_case(name)));
        // HTTP authentication is sent in this header.
        let is_http = name.eq_ignore_ascii_case("authorization")
            && schemes.iter().any(|scheme| scheme.text("type") != Some("apiKey"));
        let holds = is_http || is_parameter || schemes.iter().any(|scheme| has_name(scheme, name));
        let finding = || Finding {
            at,
            kind: Difference::Missing,
            subject: subject.to_owned(),
            text: format!("no security scheme of the specification has, fills in or describes `{name}`"),
            pointer: "/components/securitySchemes".to_owned(),
        };
        self.check_named(holds, finding, &schemes.iter().collect::<Vec<_>>(), &[name]);
    }

    /// Compares the security schemes of a document that describes any.
    pub(super) fn schemes(&mut self) {
        let facts = self.facts;
        let named = facts.schemes.iter().filter(|scheme| scheme.is_stated).filter_map(|scheme| match &scheme.kind {
            SchemeKind::ApiKey { name, .. } => Some((name, scheme.at)),
            SchemeKind::Http(_) => None,
        });
        let named: Vec<(&String, Lines)> = named.collect();
        for (name, at) in &named {
            self.signing("security", name, *at);
        }
        for (name, at) in &facts.signing_headers {
            self.signing("security", name, *at);
        }
        self.http_schemes();
        let filled: Vec<&String> =
            facts.operations.iter().flat_map(|own| &own.filled).map(|(name, _, _)| name).collect();
        let listed = facts.signing_headers.iter().map(|(name, _)| name);
        let filled: Vec<&String> = filled.into_iter().chain(listed).collect();
        let stated = named.iter().map(|(_, at)| *at).reduce(Lines::to);
        self.fills(stated, &filled);
        let Some(at) = stated else { return };
        for scheme in self.spec_schemes() {
            let Some(own) = scheme.text("name") else { continue };
            let is = |name: &&String| name.eq_ignore_ascii_case(own);
            let holds = named.iter().any(|(name, _)| is(name)) || filled.iter().any(is);
            let finding = || Finding {
                at,
                kind: Difference::Undocumented,
                subject: "security".to_owned(),
                text: format!("the document does not have `{own}`"),
                pointer: scheme.pointer.clone(),
            };
            self.check_named(holds, finding, &[&scheme], &[own]);
        }
    }

    /// Compares the schemes of HTTP authentication, if the document describes any scheme.
    fn http_schemes(&mut self) {
        let facts = self.facts;
        let stated: Vec<_> = facts.schemes.iter().filter(|scheme| scheme.is_stated).collect();
        let Some(at) = stated.iter().map(|scheme| scheme.at).reduce(Lines::to) else { return };
        let schemes = self.spec_schemes();
        // OAuth sends a bearer token.
        let kind_of = |scheme: &Node<'a>| match scheme.text("type") {
            Some("http") => scheme.text("scheme").map(str::to_lowercase),
            Some("oauth2" | "openIdConnect") => Some("bearer".to_owned()),
            _ => None,
        };
        let kinds: Vec<String> = schemes.iter().filter_map(kind_of).collect();
        let carriers: Vec<&Node<'a>> = schemes.iter().collect();
        for scheme in &stated {
            let SchemeKind::Http(kind) = &scheme.kind else { continue };
            let is_named = schemes.iter().any(|own| has_name(own, "authorization"));
            let finding = || Finding {
                at: scheme.at,
                kind: Difference::Missing,
                subject: "security".to_owned(),
                text: format!("the specification does not have the scheme `{kind}` of HTTP authentication"),
                pointer: "/components/securitySchemes".to_owned(),
            };
            let holds = is_named || kinds.contains(&kind.to_lowercase());
            self.check_named(holds, finding, &carriers, &[kind]);
        }
        for scheme in &schemes {
            let Some(kind) = kind_of(scheme) else { continue };
            let is = |own: &&&crate::facts::Scheme| match &own.kind {
                SchemeKind::Http(own) => own.eq_ignore_ascii_case(&kind),
                SchemeKind::ApiKey { name, .. } => name.eq_ignore_ascii_case("authorization"),
            };
            let finding = || Finding {
                at,
                kind: Difference::Undocumented,
                subject: "security".to_owned(),
                text: format!("the document does not have the scheme `{kind}` of HTTP authentication"),
                pointer: scheme.pointer.clone(),
            };
            self.check_named(stated.iter().any(|own| is(&own)), finding, &[scheme], &[&kind]);
        }
    }

    /// Checks that the document has each value that a scheme of the specification fills in.
    fn fills(&mut self, stated: Option<Lines>, filled: &[&String]) {
        let facts = self.facts;
        let last = facts.operations.iter().map(|operation| operation.at).max().unwrap_or_default();
        let at = stated.unwrap_or(Lines { first: 1, last: last.last.max(1), ..last });
        let parameters = facts.operations.iter().flat_map(|own| &own.parameters).map(|own| &own.member.name);
        let known: Vec<&String> = filled.iter().copied().chain(parameters).collect();
        for scheme in self.spec_schemes() {
            let fills = scheme.tree.get("x-fills").into_iter().flat_map(Tree::elements).filter_map(Tree::as_text);
            for own in fills {
                let finding = || Finding {
                    at,
                    kind: Difference::Undocumented,
                    subject: "security".to_owned(),
                    text: format!("the document does not have `{own}`, which signing fills in"),
                    pointer: scheme.pointer.clone(),
                };
                let holds = known.iter().any(|name| name.eq_ignore_ascii_case(own));
                self.check_named(holds, finding, &[&scheme], &[own]);
            }
        }
    }
}

/// Returns whether a scheme has a name, fills it in, or describes it.
fn has_name(scheme: &Node<'_>, name: &str) -> bool {
    let is = |own: &str| own.eq_ignore_ascii_case(name);
    let fills = scheme.tree.get("x-fills").into_iter().flat_map(Tree::elements);
    let words = scheme.text("description").unwrap_or("");
    let mut words = words.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    scheme.text("name").is_some_and(is) || fills.filter_map(Tree::as_text).any(is) || words.any(is)
}
