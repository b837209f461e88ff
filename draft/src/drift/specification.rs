//! A specification, as drift looks at it.

use venuekit_json::{Tree, pointer};

/// An object of a specification, with its JSON pointer.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) pointer: String,
}

impl<'a> Node<'a> {
    pub(crate) fn child(&self, name: &str) -> Option<Node<'a>> {
        let tree = self.tree.get(name)?;
        Some(Node { tree, pointer: pointer::join(&self.pointer, name) })
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.tree.get(name)?.as_text()
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = Node<'a>> {
        let pointer = self.pointer.clone();
        self.tree
            .elements()
            .iter()
            .enumerate()
            .map(move |(index, tree)| Node { tree, pointer: pointer::join(&pointer, &index.to_string()) })
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let pointer = self.pointer.clone();
        self.tree
            .members()
            .iter()
            .map(move |(name, tree)| (name.as_str(), Node { tree, pointer: pointer::join(&pointer, name) }))
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.tree.get(name), Some(Tree::Bool(true)))
    }

    /// Returns whether the object says that it differs from the document on purpose.
    pub(crate) fn deviates(&self) -> bool {
        self.tree.get("x-doc-deviation").is_some()
    }

    /// Returns whether the object states a difference of the member with this name: the text of its
    /// `x-doc-deviation`, or of its evidence if it has no such text, has the name in backticks.
    pub(crate) fn states(&self, name: &str) -> bool {
        let says = |text: &str| crate::inline::code_spans(text).iter().any(|span| span.eq_ignore_ascii_case(name));
        match self.text("x-doc-deviation") {
            Some(text) => says(text),
            None => {
                let all = self.tree.get("x-evidence").into_iter().flat_map(Tree::elements);
                all.filter_map(|one| one.get("says").and_then(Tree::as_text)).any(says)
            }
        }
    }

    /// Returns whether the object states that a fact with this name differs, such as that a member
    /// or a value is there: its `x-doc-deviation` has the name in backticks. Evidence states it
    /// too, if the document lacks the fact; it can also begin with the name.
    pub(crate) fn names(&self, name: &str, is_undocumented: bool) -> bool {
        let says = |text: &str| crate::inline::code_spans(text).iter().any(|span| span == name);
        let begins = |text: &str| {
            let rest = text.strip_prefix(name).filter(|_| !name.is_empty());
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        let evidence = self.tree.get("x-evidence").into_iter().flat_map(Tree::elements);
        let mut evidence = evidence.filter_map(|one| one.get("says").and_then(Tree::as_text));
        self.text("x-doc-deviation").is_some_and(says)
            || is_undocumented && evidence.any(|text| says(text) || begins(text))
    }

    /// Returns whether the object says that it differs from the document in being required.
    pub(crate) fn deviates_in_required(&self) -> bool {
        let words = self.text("x-doc-deviation").map(crate::inline::words).unwrap_or_default();
        words.iter().any(|word| matches!(word.as_str(), "required" | "optional" | "mandatory"))
    }

    /// Returns whether a text of the object is about types: `a list`, `text`, `null`.
    pub(crate) fn is_about_types(&self) -> bool {
        let is_type = |word: &String| TYPES.contains(&word.trim_end_matches('s'));
        let evidence = self.tree.get("x-evidence").into_iter().flat_map(Tree::elements);
        let mut texts = evidence.filter_map(|one| one.get("says")).chain(self.tree.get("x-doc-deviation"));
        texts.any(|own| own.as_text().is_some_and(|text| crate::inline::words(text).iter().any(is_type)))
    }

    /// Returns whether the object names another source, or says that it differs on purpose.
    pub(crate) fn has_other_source(&self) -> bool {
        self.deviates() || self.tree.get("x-evidence").is_some()
    }
}

/// Words for types, without the ending of the plural.
const TYPES: [&str; 18] = [
    "text", "string", "integer", "int", "long", "number", "numeric", "decimal", "float", "boolean", "bool", "list",
    "array", "object", "map", "null", "type", "form",
];

/// Returns the objects that state a difference of the member with this name.
pub(crate) fn stating<'n, 'a>(objects: &[&'n Node<'a>], name: &str) -> Vec<&'n Node<'a>> {
    objects.iter().filter(|object| object.states(name)).copied().collect()
}

/// A specification.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Specification<'a> {
    root: &'a Tree,
}

/// An operation of a specification.
#[derive(Clone, Debug)]
pub(crate) struct SpecOperation<'a> {
    pub(crate) method: String,
    /// The path without its name and its query.
    pub(crate) path: String,
    pub(crate) node: Node<'a>,
    pub(crate) parameters: Vec<Node<'a>>,
}

impl<'a> Specification<'a> {
    pub(crate) fn new(root: &'a Tree) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> Node<'a> {
        Node { tree: self.root, pointer: String::new() }
    }

    /// Follows the references of a node.
    pub(crate) fn resolve(&self, node: &Node<'a>) -> Node<'a> {
        let mut node = node.clone();
        for _ in 0..20 {
            let Some(target) = node.text("$ref").and_then(|target| target.strip_prefix('#')) else { break };
            let Some(tree) = self.root.at(target) else { break };
            node = Node { tree, pointer: target.to_owned() };
        }
        node
    }

    /// Returns the operations of an OpenAPI document.
    pub(crate) fn operations(&self) -> Vec<SpecOperation<'a>> {
        let mut out = Vec::new();
        let Some(paths) = self.root().child("paths") else { return out };
        for (path, item) in paths.members() {
            let path = path.split(['#', '?']).next().unwrap_or(path);
            for method in ["get", "post", "put", "delete", "patch", "head"] {
                let Some(node) = item.child(method) else { continue };
                let shared = item.child("parameters");
                let own = node.child("parameters");
                let parameters = shared
                    .iter()
                    .chain(&own)
                    .flat_map(Node::elements)
                    .map(|parameter| self.resolve(&parameter))
                    .collect();
                out.push(SpecOperation {
                    method: method.to_ascii_uppercase(),
                    path: path.to_owned(),
                    node,
                    parameters,
                });
            }
        }
        out
    }

    /// Returns the paths of the servers, before the path of an operation.
    pub(crate) fn bases(&self) -> Vec<String> {
        let servers = self.root().child("servers");
        let urls = servers.iter().flat_map(Node::elements).filter_map(|server| server.text("url").map(str::to_owned));
        urls.map(|url| crate::calls::split_url(&url).1.trim_end_matches('/').to_owned()).collect()
    }

    /// Returns the JSON types that a schema allows; empty for any type.
    pub(crate) fn types(&self, node: &Node<'a>) -> Vec<String> {
        let mut out = Vec::new();
        self.add_types(node, &mut out, 0);
        if out.iter().any(|own| own == "any") {
            return Vec::new();
        }
        out
    }

    fn add_types(&self, node: &Node<'a>, out: &mut Vec<String>, depth: usize) {
        let node = self.resolve(node);
        if depth > 8 {
            out.push("any".to_owned());
            return;
        }
        match node.tree.get("type") {
            Some(Tree::Text(own)) => out.push(own.clone()),
            Some(Tree::Array(all)) => out.extend(all.iter().filter_map(Tree::as_text).map(str::to_owned)),
            _ => {
                let choices = self.choices(&node);
                if choices.is_empty() {
                    let is_object = node.tree.get("properties").is_some();
                    out.push(if is_object { "object" } else { "any" }.to_owned());
                }
                choices.iter().for_each(|choice| self.add_types(choice, out, depth + 1));
            }
        }
    }

    /// Returns the alternatives of a schema; empty if it has none.
    pub(crate) fn choices(&self, node: &Node<'a>) -> Vec<Node<'a>> {
        ["oneOf", "anyOf", "allOf"]
            .iter()
            .filter_map(|key| node.child(key))
            .flat_map(|all| all.elements().collect::<Vec<_>>())
            .collect()
    }

    /// Returns the values of an enum, or of the elements of a list.
    pub(crate) fn values(&self, node: &Node<'a>) -> Vec<String> {
        let mut out = Vec::new();
        self.add_values(node, &mut out, 0);
        out
    }

    /// Returns the values of the enums in the properties of a schema, at any depth.
    pub(crate) fn inner_values(&self, node: &Node<'a>) -> Vec<String> {
        let mut out = Vec::new();
        self.add_inner(node, &mut out, 0);
        out
    }

    fn add_inner(&self, node: &Node<'a>, out: &mut Vec<String>, depth: usize) {
        if depth > 6 {
            return;
        }
        for object in self.objects(node, 0) {
            for (_, property) in object.child("properties").iter().flat_map(Node::members) {
                out.extend(self.values(&property));
                self.add_inner(&property, out, depth + 1);
            }
        }
        self.items(node).iter().for_each(|items| self.add_inner(items, out, depth + 1));
    }

    fn add_values(&self, node: &Node<'a>, out: &mut Vec<String>, depth: usize) {
        let node = self.resolve(node);
        if depth > 8 {
            return;
        }
        out.extend(node.tree.get("enum").into_iter().flat_map(Tree::elements).filter_map(Tree::scalar));
        let spellings = node.tree.get("x-enum-spellings").into_iter().flat_map(Tree::elements);
        out.extend(spellings.flat_map(Tree::elements).filter_map(Tree::scalar));
        self.choices(&node).iter().for_each(|choice| self.add_values(choice, out, depth + 1));
        if let Some(items) = node.child("items") {
            self.add_values(&items, out, depth + 1);
        }
    }

    /// Returns the value of a keyword of a schema, or of one of its alternatives.
    pub(crate) fn keyword(&self, node: &Node<'a>, key: &str) -> Option<&'a Tree> {
        self.keyword_at(node, key, 0)
    }

    fn keyword_at(&self, node: &Node<'a>, key: &str, depth: usize) -> Option<&'a Tree> {
        // Since OpenAPI 3.1, an exclusive bound is a number.
        let exclusive = match key {
            "minimum" => "exclusiveMinimum",
            "maximum" => "exclusiveMaximum",
            _ => key,
        };
        let own = |node: &Node<'a>| {
            let mut found = [key, exclusive].into_iter().filter_map(|key| node.tree.get(key));
            found.find(|value| key == "default" || matches!(value, Tree::Number(_)))
        };
        let resolved = self.resolve(node);
        own(node).or_else(|| own(&resolved)).or_else(|| {
            let choices = if depth > 8 { Vec::new() } else { self.choices(&resolved) };
            choices.iter().find_map(|choice| self.keyword_at(choice, key, depth + 1))
        })
    }

    /// Returns the objects that a schema allows: itself, its alternatives, and the elements of
    /// lists of them.
    pub(crate) fn objects(&self, node: &Node<'a>, depth: usize) -> Vec<Node<'a>> {
        let node = self.resolve(node);
        if depth > 8 {
            return Vec::new();
        }
        if node.tree.get("properties").is_some() || node.tree.get("additionalProperties").is_some() {
            return vec![node];
        }
        let is_object = node.text("type") == Some("object");
        let mut out: Vec<Node<'a>> = if is_object { vec![node.clone()] } else { Vec::new() };
        out.extend(self.choices(&node).iter().flat_map(|choice| self.objects(choice, depth + 1)));
        out
    }

    /// Returns the schemas of the elements, if a schema allows a list.
    pub(crate) fn items(&self, node: &Node<'a>) -> Vec<Node<'a>> {
        let node = self.resolve(node);
        let mut out: Vec<Node<'a>> = node.child("items").into_iter().collect();
        out.extend(self.choices(&node).iter().flat_map(|choice| {
            let choice = self.resolve(choice);
            choice.child("items").into_iter().collect::<Vec<_>>()
        }));
        out
    }
}
