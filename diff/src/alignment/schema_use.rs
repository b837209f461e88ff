//! The use of a pair of schemas at one place.

use venuekit_codegen::source::Located;

use super::labels;
use super::operations::OperationPair;
use super::usage::Usage;
use crate::comparison::{Subject, property_path};

/// The use of a pair of schemas at one place. Of two values, the first belongs to the old document.
#[derive(Clone, Debug)]
pub(crate) struct SchemaUse {
    pub(crate) operation: Option<String>,
    /// The component schema around the place.
    pub(crate) schema: Option<String>,
    pub(crate) within: String,
    pub(crate) usage: Usage,
    /// True if the value may be missing.
    pub(crate) optional: (bool, bool),
    /// True if old clients can leave the value out.
    pub(crate) left_out: bool,
    /// For the argument of a setter: true if it is required.
    pub(crate) setter: Option<(bool, bool)>,
    /// True if it is a property of an object, where null differs from a missing value.
    pub(crate) in_object: bool,
    /// True if old clients send null if the value is missing: in a row, for a column that has
    /// another one after it.
    pub(crate) sent_as_null: bool,
}

/// The kind of a member of a schema, in the old document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberKind {
    /// A property of an object.
    Property,
    /// A column of a row with another column after it.
    Column,
    LastColumn,
}

/// The step from a schema to one inside it.
#[derive(Clone, Debug)]
pub(crate) enum Step<'d> {
    Property {
        name: &'d str,
        optional: (bool, bool),
        read_only: bool,
        write_only: bool,
        kind: MemberKind,
    },
    Items,
    Values,
    /// An alternative of the same value.
    Alternative,
    /// Another schema of the same value.
    SameValue,
    /// Elements or properties inside, by their label.
    Inside(&'static str),
}

impl SchemaUse {
    pub(crate) fn new(operation: Option<String>, within: impl Into<String>, usage: Usage) -> Self {
        Self {
            operation,
            schema: None,
            within: within.into(),
            usage,
            optional: (false, false),
            left_out: false,
            setter: None,
            in_object: false,
            sent_as_null: false,
        }
    }

    pub(crate) fn subject(&self) -> Subject {
        Subject {
            operations: self.operation.iter().cloned().collect(),
            schema: self.schema.clone(),
            within: self.within.clone(),
        }
    }

    /// Returns the use of a schema inside.
    pub(crate) fn inside(&self, step: &Step<'_>) -> Self {
        match step {
            Step::Property { name, optional, read_only, write_only, kind } => Self {
                within: property_path(&self.within, self.schema.is_some(), name),
                usage: Usage { held: true, ..self.usage.of_property(*read_only, *write_only) },
                optional: *optional,
                left_out: optional.0,
                setter: None,
                in_object: *kind == MemberKind::Property,
                sent_as_null: optional.0 && *kind == MemberKind::Column,
                ..self.clone()
            },
            Step::Items => self.element("[]"),
            Step::Values => self.element("{}"),
            Step::Alternative | Step::SameValue => self.clone(),
            Step::Inside(label) => self.element(label),
        }
    }

    fn element(&self, suffix: &str) -> Self {
        Self {
            within: format!("{}{suffix}", self.within),
            optional: (false, false),
            left_out: false,
            setter: None,
            in_object: false,
            sent_as_null: false,
            ..self.clone()
        }
    }
}

/// Two schemas that are used at one place.
#[derive(Debug)]
pub(crate) struct UsedPair<'d> {
    pub(crate) old: Located<'d>,
    pub(crate) new: Located<'d>,
    pub(crate) used: SchemaUse,
}

/// Returns the schemas that an operation uses directly.
pub(super) fn of_operation<'s>(pair: &OperationPair<'s>) -> Vec<UsedPair<'s>> {
    let mut uses = Vec::new();
    let mut push = |old: &Option<Located<'s>>, new: &Option<Located<'s>>, used: SchemaUse| {
        if let (Some(old), Some(new)) = (old.clone(), new.clone()) {
            uses.push(UsedPair { old, new, used });
        }
    };
    let used = |within: String, usage: Usage| SchemaUse::new(Some(pair.new.name.clone()), within, usage);
    for (before, after) in &pair.parameters.pairs {
        let usage = Usage { joined: after.joined, ..Usage::in_request(before.json || after.json) };
        // In the middle of a JSON-RPC call, null stands for a missing value.
        let can_be_missing = before.place.position().is_none();
        push(
            &before.schema,
            &after.schema,
            SchemaUse {
                optional: (!before.required && can_be_missing, !after.required && can_be_missing),
                left_out: !before.required,
                setter: Some((before.required, after.required)),
                ..used(labels::parameter(after), usage)
            },
        );
    }
    if let (Some(before), Some(after), Some(contents)) = (&pair.old.body, &pair.new.body, &pair.body) {
        let setter = Some((before.required, after.required));
        for (before, after) in &contents.pairs {
            let used = used("body".to_owned(), Usage::in_request(before.json));
            push(&before.schema, &after.schema, SchemaUse { setter, ..used });
        }
    }
    for response in pair.response_pairs() {
        let label = labels::response(response.new);
        for (before, after) in &response.contents.pairs {
            push(&before.schema, &after.schema, used(label.clone(), Usage::in_response(response.is_success())));
        }
        for (before, after) in &response.headers.pairs {
            let within = format!("{label} header {}", before.name);
            push(&before.schema, &after.schema, used(within, Usage::in_header()));
        }
    }
    uses
}
