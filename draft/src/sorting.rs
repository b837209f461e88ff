//! Sorts the samples of an operation into those of requests, of responses and of errors: by their
//! captions, by the members that the tables list, and by their order.

use crate::document::Lines;
use crate::facts::Confidence;
use crate::labels::LabelKind;
use crate::sample::Node;
use crate::signing;

/// A sample of JSON, before it is known what it shows.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) node: Node,
    pub(crate) at: Lines,
    /// The kind that its caption or its label states.
    pub(crate) kind: Option<LabelKind>,
    /// The last label is that of the request.
    pub(crate) is_below_request: bool,
    /// The last table is one of a response.
    pub(crate) is_below_response: bool,
    pub(crate) status: Option<String>,
}

/// A sample, and what it shows.
#[derive(Clone, Debug)]
pub(crate) struct Sorted {
    pub(crate) shown: Shown,
    /// `Body`, `Response` or `Errors`.
    pub(crate) kind: LabelKind,
    /// The confidence and the reason, if neither a text nor a table says it.
    pub(crate) guess: Option<(Confidence, &'static str)>,
}

/// The facts about the request that tell its samples from others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// The members that tables list, and whether they are required.
    pub(crate) names: Vec<(String, bool)>,
    /// The request has no body.
    pub(crate) reads: bool,
    /// The bodies that calls send.
    pub(crate) bodies: Vec<Node>,
}

/// Returns the members of an object, or of the first element of a list.
pub(crate) fn first_members(node: &Node) -> &[(String, Node)] {
    node.elements().first().unwrap_or(node).members()
}

/// Adds the names of the members of a sample, at any depth.
pub(crate) fn names(node: &Node, out: &mut Vec<String>, depth: usize) {
    if depth > 6 {
        return;
    }
    for (name, member) in node.members() {
        out.push(name.clone());
        names(member, out, depth + 1);
    }
    node.elements().iter().for_each(|element| names(element, out, depth + 1));
}

/// Sorts the samples of one operation, in their order.
pub(crate) fn sort(all: Vec<Shown>, request: &Request) -> Vec<Sorted> {
    let mut sorter = Sorter {
        request,
        bodies: request.bodies.clone(),
        response: None,
        states_response: all.iter().any(|own| own.kind == Some(LabelKind::Response) && is_success(own)),
    };
    let mut out = Vec::new();
    let mut rest = all.into_iter();
    while let Some(shown) = rest.next() {
        let follows = rest.clone().any(|own| is_open(&own) && own.node.tree() != shown.node.tree());
        let (kind, guess) = match shown.kind {
            Some(kind) => (kind, None),
            None => sorter.decide(&shown, follows),
        };
        sorter.note(&shown.node, kind);
        out.push(Sorted { shown, kind, guess });
    }
    out
}

fn is_success(shown: &Shown) -> bool {
    shown.status.as_ref().is_none_or(|status| status.starts_with('2'))
}

/// Returns whether a sample can be the response: one that is called so, or one without a caption.
fn is_open(shown: &Shown) -> bool {
    matches!(shown.kind, None | Some(LabelKind::Response)) && is_success(shown)
}

struct Sorter<'a> {
    request: &'a Request,
    /// The samples of the request that were found so far.
    bodies: Vec<Node>,
    /// The names in the first sample of the response.
    response: Option<Vec<String>>,
    /// A caption or a label names a response.
    states_response: bool,
}

impl Sorter<'_> {
    fn note(&mut self, node: &Node, kind: LabelKind) {
        match kind {
            LabelKind::Body => self.bodies.push(node.clone()),
            LabelKind::Errors => {}
            _ => {
                let names = || first_members(node).iter().map(|(name, _)| name.clone()).collect();
                self.response.get_or_insert_with(names);
            }
        }
    }

    fn is_listed(&self, name: &str) -> bool {
        self.request.names.iter().any(|(own, _)| own == name)
    }

    /// Decides what a sample without a caption shows. `follows` says that another one can be the
    /// response.
    fn decide(&self, shown: &Shown, follows: bool) -> (LabelKind, Option<(Confidence, &'static str)>) {
        let own = first_members(&shown.node);
        if self.request.reads || shown.status.is_some() {
            return (LabelKind::Response, None);
        }
        if self.bodies.iter().any(|body| body.tree() == shown.node.tree()) {
            return (LabelKind::Body, None);
        }
        if self.is_error(own) {
            return (LabelKind::Errors, Some((Confidence::Medium, "it has the members of an error only")));
        }
        if self.bodies.is_empty() { self.first(shown, own, follows) } else { self.further(shown, own, follows) }
    }

    /// Decides about a sample before which none is one of the request.
    fn first(
        &self,
        shown: &Shown,
        own: &[(String, Node)],
        follows: bool,
    ) -> (LabelKind, Option<(Confidence, &'static str)>) {
        let names = &self.request.names;
        let listed = own.iter().filter(|(name, _)| self.is_listed(name)).count();
        let sent = own.iter().filter(|(name, _)| self.is_listed(name) || signing::sends(name)).count();
        let has = |name: &String| own.iter().any(|(other, _)| other == name);
        let has_required = names.iter().filter(|(_, required)| *required).all(|(name, _)| has(name));
        let can_be_request = names.is_empty() || listed > 0;
        if shown.is_below_response {
            return (LabelKind::Response, None);
        }
        if listed > 0 && sent == own.len() || shown.is_below_request && can_be_request {
            return (LabelKind::Body, None);
        }
        let is_mostly = listed > 0 && has_required && listed * 3 >= own.len() * 2;
        if follows && (is_mostly || names.is_empty() && self.response.is_none()) {
            let confidence = if is_mostly { Confidence::High } else { Confidence::Medium };
            return (LabelKind::Body, Some((confidence, "another one follows it")));
        }
        // Tables list other members for the request.
        let guess = (can_be_request && self.response.is_none())
            .then_some((if is_mostly { Confidence::Medium } else { Confidence::Low }, "no sample follows it"));
        (LabelKind::Response, guess)
    }

    /// Decides about a sample behind one of the request.
    fn further(
        &self,
        shown: &Shown,
        own: &[(String, Node)],
        follows: bool,
    ) -> (LabelKind, Option<(Confidence, &'static str)>) {
        let in_body =
            |name: &str| self.bodies.iter().any(|body| first_members(body).iter().any(|(other, _)| other == name));
        let is_known = |name: &str| self.is_listed(name) || in_body(name) || signing::sends(name);
        let all_known = !own.is_empty() && own.iter().all(|(name, _)| is_known(name));
        if shown.is_below_response {
            return (LabelKind::Response, None);
        }
        if let Some(response) = &self.response {
            let shared = own.iter().filter(|(name, _)| response.contains(name)).count();
            let is_request = all_known && own.iter().filter(|(name, _)| in_body(name)).count() > shared;
            return (if is_request { LabelKind::Body } else { LabelKind::Response }, None);
        }
        if self.states_response {
            return (if all_known { LabelKind::Body } else { LabelKind::Response }, None);
        }
        if all_known && follows {
            return (LabelKind::Body, Some((Confidence::Low, "its members are those of the request")));
        }
        let confidence = if all_known { Confidence::Low } else { Confidence::High };
        (LabelKind::Response, Some((confidence, "it stands behind the sample of the request")))
    }

    /// Returns whether a sample behind the response has the members of an error only.
    fn is_error(&self, own: &[(String, Node)]) -> bool {
        let is_error = |name: &str| ERRORS.contains(&name.to_ascii_lowercase().replace('_', "").as_str());
        let is_code = |name: &str| is_error(name) && !matches!(name, "success" | "data" | "result" | "status");
        let is_other = self.response.as_ref().is_some_and(|names| !names.iter().all(|name| is_error(name)));
        is_other && own.iter().all(|(name, _)| is_error(name)) && own.iter().any(|(name, _)| is_code(name))
    }
}

/// The members of errors, in lower case and without underscores.
const ERRORS: [&str; 20] = [
    "code",
    "data",
    "detail",
    "details",
    "errcode",
    "errmsg",
    "errno",
    "error",
    "errorcode",
    "errormessage",
    "errors",
    "message",
    "msg",
    "path",
    "reason",
    "result",
    "retcode",
    "retmsg",
    "status",
    "success",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    /// Returns the kinds of samples without captions: `q` for a request, `a` for a response, `e`
    /// for an error.
    fn kinds(texts: &[&str], names: &[&str]) -> String {
        let shown = |text: &&str| Shown {
            node: sample::read(text, 1).pop().unwrap(),
            at: Lines::default(),
            kind: None,
            is_below_request: false,
            is_below_response: false,
            status: None,
        };
        let names = names.iter().map(|name| ((*name).to_owned(), true)).collect();
        let sorted = sort(texts.iter().map(shown).collect(), &Request { names, ..Request::default() });
        let letter = |own: &Sorted| match own.kind {
            LabelKind::Body => 'q',
            LabelKind::Errors => 'e',
            _ => 'a',
        };
        sorted.iter().map(letter).collect()
    }

    #[test]
    fn samples_without_captions_are_sorted_by_their_members_and_their_order() {
        assert_eq!(kinds(&[r#"{"a": 1}"#, r#"{"id": 1}"#], &[]), "qa");
        assert_eq!(kinds(&[r#"{"a": 1}"#, r#"{"a": 1}"#, r#"{"id": 1}"#], &[]), "qqa");
        assert_eq!(kinds(&[r#"{"id": 1}"#], &[]), "a");
        assert_eq!(kinds(&[r#"{"a": 1, "b": 2}"#, r#"{"id": 1, "a": 1, "b": 2}"#], &["a", "b"]), "qa");
        assert_eq!(
            kinds(&[r#"{"a": 1, "b": 2, "c": 3}"#, r#"{"a": 1, "b": 2}"#, r#"{"id": 1}"#], &["a", "b", "c"]),
            "qqa"
        );
        // The request has other members, so that both are responses.
        assert_eq!(kinds(&[r#"{"id": 1}"#, r#"{"id": 2, "x": 1}"#], &["a"]), "aa");
        assert_eq!(kinds(&[r#"{"a": 1}"#, r#"{"id": 1}"#, r#"{"code": 1, "msg": "x"}"#], &[]), "qae");
        assert_eq!(kinds(&[r#"{"a": 1}"#, r#"[{"id": 1}]"#, r#"[{"id": 1}, {"id": 2}]"#], &[]), "qaa");
    }
}
