//! Pairs schemas by walking through both documents side by side.
//!
//! Two schemas at the same place form one pair, with all their uses. The change of a component is
//! therefore one change, however many operations use the component. The name and the place of a
//! schema do not matter.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use indexmap::IndexMap;
use venuekit_codegen::source::Located;

use super::matches::Matches;
use super::nulls::{NullChange, NullChanges};
use super::operations::Operations;
use super::schema_nested::nested;
use super::schema_parts::{Column, Part, Property, alternatives, columns, properties, repeated, requirements};
use super::schema_use::{MemberKind, SchemaUse, Step, UsedPair, of_operation};
use super::usage::Usage;
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::schema::relation::is_reshaped;
use crate::schema::resolved::ResolvedSchema;

/// The schemas of both documents.
#[derive(Debug)]
pub(crate) struct Schemas<'s> {
    pub(crate) pairs: Vec<SchemaPair<'s>>,
    /// The places where null was added or removed.
    pub(crate) nulls: Vec<NullChange>,
    /// True if there are more pairs than [`MAX_PAIRS`]. The others are not compared.
    pub(crate) is_cut: bool,
}

/// Two schemas at the same places.
#[derive(Debug)]
pub(crate) struct SchemaPair<'s> {
    pub(crate) old: ResolvedSchema<'s>,
    pub(crate) new: ResolvedSchema<'s>,
    /// All places in which they are used.
    pub(crate) usage: Usage,
    /// The first place, with all operations.
    pub(crate) subject: Subject,
    /// The first place around the component and its wrappers, with all operations.
    pub(crate) outer: Subject,
    /// The pointer of the first use in the new document: the schema, or a reference to it.
    pub(crate) site: String,
    /// True if old clients can leave the value out somewhere.
    pub(crate) left_out: bool,
    pub(crate) properties: Matches<Property<'s>>,
    pub(crate) alternatives: Matches<Part<'s>>,
    pub(crate) requirements: Matches<Part<'s>>,
    pub(crate) columns: Matches<Column<'s>>,
}

impl SchemaPair<'_> {
    /// Returns whether both are the component of the same name.
    pub(crate) fn is_same_component(&self) -> bool {
        self.old.component().is_some() && self.old.component() == self.new.component()
    }
}

/// The maximum number of compared pairs. No real spec reaches this number.
pub(crate) const MAX_PAIRS: usize = 50_000;

/// Pairs the schemas that operations use, then the components that no operation reaches.
pub(super) fn schemas<'s>(sides: &'s Sides<'s>, operations: &Operations<'s>) -> Schemas<'s> {
    let mut walk = Walk {
        sides,
        pairs: IndexMap::new(),
        components: HashSet::new(),
        nulls: NullChanges::default(),
        is_cut: false,
    };
    for operation in &operations.pairs {
        of_operation(operation).into_iter().for_each(|used| walk.follow(used));
    }
    let new: HashMap<&str, Located<'s>> = sides.new.component_schemas().into_iter().collect();
    for (name, old) in sides.old.component_schemas() {
        let Some(new) = new.get(name) else { continue };
        if !walk.is_reached(&old.pointer, &new.pointer) {
            let used = SchemaUse::new(None, "", Usage::unreached());
            let used = SchemaUse { schema: Some(name.to_owned()), ..used };
            walk.follow(UsedPair { old, new: new.clone(), used });
        }
    }
    let pairs = walk.pairs.into_values().map(|known| known.pair).collect();
    Schemas { pairs, nulls: walk.nulls.into_vec(), is_cut: walk.is_cut }
}

/// Two schemas at the same place.
struct VisitedSchemas<'s> {
    old: ResolvedSchema<'s>,
    new: ResolvedSchema<'s>,
    site: String,
}

/// A pair, and the pairs of schemas inside it.
struct KnownPair<'s> {
    pair: SchemaPair<'s>,
    inside: Rc<Vec<(Rc<VisitedSchemas<'s>>, Step<'s>)>>,
}

/// The properties of a use. The same pair is visited again for each different value.
type Visit = (usize, Usage, (bool, bool), bool, Option<(bool, bool)>);

struct Walk<'s> {
    sides: &'s Sides<'s>,
    pairs: IndexMap<(String, String), KnownPair<'s>>,
    /// The components among the visited pairs.
    components: HashSet<(String, String)>,
    nulls: NullChanges,
    is_cut: bool,
}

impl<'s> Walk<'s> {
    /// Visits two schemas, and all pairs of schemas inside them.
    fn follow(&mut self, UsedPair { old, new, used }: UsedPair<'s>) {
        let mut visited = HashSet::new();
        // A list is used in place of recursion, because the specs decide how deep references nest.
        let mut open = vec![(Rc::new(meeting(self.sides, old, new)), used)];
        while let Some((meeting, used)) = open.pop() {
            let Some((index, used)) = self.visit(&meeting, used) else { continue };
            if !visited.insert((index, used.usage, used.optional, used.left_out, used.setter) as Visit) {
                continue;
            }
            let Some(inside) = self.pairs.get_index(index).map(|(_, known)| Rc::clone(&known.inside)) else { continue };
            let steps = inside.iter().rev().map(|(meeting, step)| (Rc::clone(meeting), used.inside(step)));
            open.extend(steps.filter(|(_, used)| used.usage.is_any()));
        }
    }

    /// Returns whether a pair of components was visited, maybe inside wrappers.
    fn is_reached(&self, old: &str, new: &str) -> bool {
        self.components.contains(&(old.to_owned(), new.to_owned()))
    }

    /// Adds a use of two schemas. Returns the index of the pair, and the use as it is inside the
    /// schemas; `None` if there are too many pairs.
    fn visit(&mut self, meeting: &VisitedSchemas<'s>, used: SchemaUse) -> Option<(usize, SchemaUse)> {
        let VisitedSchemas { old, new, .. } = meeting;
        let outer = used.subject();
        let used = match (old.component(), new.component()) {
            (Some(_), Some(name)) => SchemaUse { schema: Some(name), within: String::new(), ..used },
            _ => used,
        };
        self.nulls.add(self.sides, (old, new), &used, outer.clone());
        let key = (old.identity().to_owned(), new.identity().to_owned());
        let index = match self.pairs.get_index_of(&key) {
            Some(index) => index,
            None if self.pairs.len() >= MAX_PAIRS => {
                self.is_cut = true;
                return None;
            }
            None => self.pairs.insert_full(key, known(self.sides, meeting, &used, &outer)).0,
        };
        if old.component().is_some() {
            self.components.insert((old.at.pointer.clone(), new.at.pointer.clone()));
        }
        let (_, KnownPair { pair, .. }) = self.pairs.get_index_mut(index)?;
        pair.usage = pair.usage.or(used.usage);
        pair.left_out |= used.left_out;
        if let Some(operation) = &used.operation {
            pair.subject.add_operation(operation);
            pair.outer.add_operation(operation);
        }
        Some((index, used))
    }
}

fn meeting<'s>(sides: &'s Sides<'s>, old: Located<'s>, new: Located<'s>) -> VisitedSchemas<'s> {
    let site = new.pointer.clone();
    VisitedSchemas {
        old: ResolvedSchema::new(sides.old.document, old),
        new: ResolvedSchema::new(sides.new.document, new),
        site,
    }
}

fn known<'s>(sides: &'s Sides<'s>, meeting: &VisitedSchemas<'s>, used: &SchemaUse, outer: &Subject) -> KnownPair<'s> {
    let (old, new) = ((sides.old.document, &meeting.old), (sides.new.document, &meeting.new));
    let pair = SchemaPair {
        old: meeting.old.clone(),
        new: meeting.new.clone(),
        usage: Usage::default(),
        subject: used.subject(),
        outer: outer.clone(),
        site: meeting.site.clone(),
        left_out: false,
        properties: properties(old, new),
        alternatives: alternatives(old, new),
        requirements: requirements(old, new),
        columns: columns(&meeting.old, &meeting.new),
    };
    let inside = inside(&pair).into_iter().map(|(old, new, step)| (Rc::new(self::meeting(sides, old, new)), step));
    KnownPair { inside: Rc::new(inside.collect()), pair }
}

/// Returns the pairs of schemas inside a pair.
fn inside<'s>(pair: &SchemaPair<'s>) -> Vec<(Located<'s>, Located<'s>, Step<'s>)> {
    let SchemaPair { old, new, .. } = pair;
    let alternatives = pair.alternatives.pairs.iter();
    let mut inside: Vec<_> =
        alternatives.map(|(before, after)| (before.found.clone(), after.found.clone(), Step::Alternative)).collect();
    if is_reshaped(old, new) {
        return inside;
    }
    inside.extend(pair.properties.pairs.iter().map(|(before, after)| {
        let step = Step::Property {
            name: after.name,
            optional: (!before.required, !after.required),
            // A property that is read-only in one document only was added to requests, or removed
            // from them.
            read_only: before.is_read_only() || after.is_read_only(),
            write_only: before.is_write_only() || after.is_write_only(),
            kind: MemberKind::Property,
        };
        (before.found.clone(), after.found.clone(), step)
    }));
    inside.extend(repeated(old, new).into_iter().map(|(name, before, after)| {
        let is_optional = |schema: &ResolvedSchema<'_>| !schema.required().contains(&name);
        let optional = (is_optional(old), is_optional(new));
        (
            before,
            after,
            Step::Property { name, optional, read_only: false, write_only: false, kind: MemberKind::Property },
        )
    }));
    inside.extend(nested(old, new));
    let old_columns = pair.columns.pairs.iter().map(|(before, _)| before).chain(&pair.columns.removed);
    let last_column = old_columns.map(|column| column.index).max();
    inside.extend(pair.columns.pairs.iter().filter_map(|(before, after)| {
        let optional = (!before.required, !after.required);
        let kind = if Some(before.index) == last_column { MemberKind::LastColumn } else { MemberKind::Column };
        let step = Step::Property { name: after.name, optional, read_only: false, write_only: false, kind };
        Some((before.at.get("schema")?, after.at.get("schema")?, step))
    }));
    inside
}
