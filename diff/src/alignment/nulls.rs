//! Collects the places where null was added or removed, with their uses.

use indexmap::IndexMap;

use super::schema_use::SchemaUse;
use super::usage::Usage;
use crate::comparison::{Revision, Subject};
use crate::contract::Sides;
use crate::schema::resolved::ResolvedSchema;
use crate::schema::rust_type::RustType;
use crate::schema::wrapper::Wrapper;

/// A place where null was added or removed.
#[derive(Debug)]
pub(crate) struct NullChange {
    /// True if null was added.
    pub(crate) added: bool,
    /// The document of the keyword that allows null.
    pub(crate) revision: Revision,
    /// The place of that keyword.
    pub(crate) pointer: String,
    pub(crate) subject: Subject,
    pub(crate) usage: Usage,
    /// The uses in which null may matter to old clients. In all other uses, old clients read null
    /// as missing and do not send it.
    pub(crate) distinguished: Usage,
    /// True if the type in Rust changes somewhere.
    pub(crate) retyped: bool,
    /// True if each change of the type in Rust is to a `Maybe` or from a `Maybe`.
    pub(crate) maybe: bool,
    pub(crate) was: String,
    pub(crate) is: String,
}

/// The changes, by direction (true if null was added) and by the place of the keyword.
#[derive(Debug, Default)]
pub(super) struct NullChanges(IndexMap<(bool, String), NullChange>);

impl NullChanges {
    /// Adds the change of null between two schemas, if there is one. `used` says where the two
    /// schemas are used. The keyword that allows null can also be in a schema around them, such as
    /// an `allOf` with one element. Then the subject of the change is `outer`.
    pub(super) fn add<'s>(
        &mut self,
        sides: &'s Sides<'s>,
        (old, new): (&ResolvedSchema<'s>, &ResolvedSchema<'s>),
        used: &SchemaUse,
        outer: Subject,
    ) {
        // A schema that accepts any JSON value accepts null too. So adding or removing null changes
        // nothing there.
        let is_any = |schema: &ResolvedSchema<'_>| {
            let is_json = RustType::new(schema) == RustType::Json && schema.values().is_none();
            // In generated crates, an object without properties has the type `Json`, which accepts
            // null.
            is_json && (sides.is_generated() || schema.types().is_empty())
        };
        let (added, pointer, revision) = match (&old.null, &new.null) {
            (None, Some(pointer)) if !is_any(old) => (true, pointer, Revision::New),
            (Some(pointer), None) if !is_any(new) => (false, pointer, Revision::Old),
            _ => return,
        };
        let has_keyword_inside = |schema: &ResolvedSchema<'_>| {
            schema.null.as_deref().is_some_and(|null| is_inside(null, &schema.at.pointer))
        };
        let text = |text: String, null: bool| if null { format!("{text}, or null") } else { text };
        let change = self.0.entry((added, pointer.clone())).or_insert_with(|| NullChange {
            added,
            revision,
            pointer: pointer.clone(),
            subject: if has_keyword_inside(old) || has_keyword_inside(new) { used.subject() } else { outer },
            usage: Usage::default(),
            distinguished: Usage::default(),
            retyped: false,
            maybe: true,
            was: text(old.describe(sides.old.document), !added),
            is: text(new.describe(sides.new.document), added),
        });
        let optional = used.optional;
        change.usage = change.usage.or(used.usage);
        // Null may matter to old clients if the value was required. If null was removed, they may
        // still send it in requests, because they could not leave the value out. If null was added,
        // they cannot read it in responses, because they have no missing value to read it as. Both
        // requests and responses are counted here, although only one of them matters. This does no
        // harm: the change is safe in the other one anyway.
        //
        // Null also matters if it was removed from an optional property: that property was a
        // `Maybe` in Rust, which keeps null and missing apart.
        if !optional.0 || (!added && used.in_object) {
            change.distinguished = change.distinguished.or(used.usage);
        } else if !added && used.sent_as_null {
            // Null also matters if it was removed from an optional column that has another column
            // after it, but only in requests: old clients send null there if the caller leaves the
            // column out.
            change.distinguished.request |= used.usage.request;
        }
        // Null changes the type of a setter's argument only if the value is required: `T` or
        // `Option<T>`. The setter of an optional value takes `impl Optional<T>` in both cases.
        let argument = |null: &Option<String>, required: bool| null.is_some() && required;
        let wrapper = |null: &Option<String>, optional: bool| Wrapper::new(null.is_some(), optional, used.in_object);
        let (before, after) = (wrapper(&old.null, optional.0), wrapper(&new.null, optional.1));
        let retyped = used.usage.held
            && match used.setter {
                Some((was_required, is_required)) => {
                    argument(&old.null, was_required) != argument(&new.null, is_required)
                }
                None => before != after,
            };
        change.retyped |= retyped;
        change.maybe &= !retyped || used.setter.is_none() && [before, after].contains(&Wrapper::Maybe);
        used.operation.iter().for_each(|operation| change.subject.add_operation(operation));
    }

    pub(super) fn into_vec(self) -> Vec<NullChange> {
        self.0.into_values().collect()
    }
}

/// Returns whether a place is the same as another or inside it.
fn is_inside(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
