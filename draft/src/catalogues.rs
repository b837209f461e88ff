//! The values of enums that have sections of their own, such as `### Order status` below
//! `# Enumerations`. They belong to the members that link to the section, or that have its name.

use crate::columns::{Column, Columns};
use crate::document::Lines;
use crate::facts::{Confidence, Facts, Form, Member, Remark, RemarkKind, Schema};
use crate::inline;
use crate::links;
use crate::prose;
use crate::sections::{Item, ItemKind, Section};
use crate::table::Table;

/// The lists of values, and the rows that link to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogues {
    all: Vec<Catalogue>,
    /// The rows that link to a list, with its index.
    rows: Vec<(Lines, usize)>,
}

#[derive(Clone, Debug)]
struct Catalogue {
    heading: String,
    values: Vec<(String, Lines)>,
    /// The place of the values.
    at: Lines,
    /// The title or the table says that it lists the values of an enum.
    has_name: bool,
}

/// Finds the lists of values in sections of their own, and the rows that link to them. The type of
/// a row that only links to a list becomes the one of its values.
pub(crate) fn mark(documents: &mut [Vec<Section>]) -> Catalogues {
    let mut out = Catalogues { all: documents.iter().flatten().filter_map(catalogue).collect(), rows: Vec::new() };
    if out.all.is_empty() {
        return out;
    }
    for item in documents.iter_mut().flatten().flat_map(|section| &mut section.items) {
        let document = item.at.document;
        let ItemKind::Table { table, columns } = &mut item.kind else { continue };
        if !columns.has(Column::Name) {
            continue;
        }
        let index = columns.index(Column::Type);
        for row in &mut table.rows {
            let of = |cell: &str| {
                links::all(cell)
                    .into_iter()
                    .find_map(|link| out.all.iter().position(|own| links::is_anchor(link.anchor, &own.heading)))
            };
            let Some(own) = row.cells.iter().find_map(|cell| of(cell)) else { continue };
            out.rows.push((Lines::one(document, row.line), own));
            if let Some(cell) = index.and_then(|index| row.cells.get_mut(index)).filter(|cell| of(cell).is_some()) {
                let values = out.all.get(own).map(|own| own.values.as_slice()).unwrap_or_default();
                let is_number = values.iter().all(|(value, _)| value.chars().all(|c| c.is_ascii_digit()));
                let kind = if is_number { "integer" } else { "string" };
                let lower = inline::plain(cell).to_lowercase();
                let is_list = lower.starts_with('[') || lower.contains("array") || lower.contains("list of");
                *cell = if is_list { format!("array[{kind}]") } else { kind.to_owned() };
            }
        }
    }
    out
}

/// Returns the values that a section lists, if it lists nothing else.
fn catalogue(section: &Section) -> Option<Catalogue> {
    let has_route = section.items.iter().any(|item| matches!(item.kind, ItemKind::Route(_)));
    if section.is_schema || has_route || section.operation_id.is_some() || section.heading.is_empty() {
        return None;
    }
    let is_chapter = is_of_enums(&section.heading) || section.above.iter().any(|own| is_of_enums(own));
    let mut found: Option<(Vec<(String, Lines)>, Lines, bool)> = None;
    for item in &section.items {
        match &item.kind {
            ItemKind::Table { table, columns } => {
                let (values, has_name) = values_of(table, columns, item, &section.heading, is_chapter)?;
                // Several tables are no list of one enum.
                if found.replace((values, item.at, has_name)).is_some() {
                    return None;
                }
            }
            ItemKind::Code { .. } | ItemKind::Route(_) => return None,
            ItemKind::Line(_) => {}
        }
    }
    let (values, at, has_name) = found.or_else(|| told(section, is_chapter))?;
    Some(Catalogue { heading: section.heading.clone(), values, at, has_name })
}

/// Returns whether a heading is that of a chapter of enums.
fn is_of_enums(heading: &str) -> bool {
    let is_enum = |word: &String| {
        matches!(word.as_str(), "enum" | "enums" | "enumeration" | "enumerations" | "enumerated" | "constants")
    };
    inline::words(heading).iter().any(is_enum) || heading.contains("枚举")
}

/// Returns the values in the first column of a table, and whether the table says that it lists
/// those of an enum.
fn values_of(
    table: &Table,
    columns: &Columns,
    item: &Item,
    heading: &str,
    is_chapter: bool,
) -> Option<(Vec<(String, Lines)>, bool)> {
    let describes = [Column::Type, Column::Required, Column::Optional, Column::Place, Column::Method, Column::Path];
    if describes.iter().any(|own| columns.has(*own)) || !(1..=3).contains(&table.header.len()) {
        return None;
    }
    let head = inline::words(&inline::plain(table.header.first()?));
    let title = title(heading);
    let is_values = head.iter().any(|own| matches!(own.as_str(), "value" | "values" | "enum" | "constant" | "枚举值"))
        || !head.is_empty() && head.iter().all(|own| title.contains(own));
    let value = |row: &crate::table::Row| {
        let cell = inline::plain(row.cells.first()?).trim_matches(['"', '\'']).to_owned();
        is_value(&cell).then(|| (cell, Lines::one(item.at.document, row.line)))
    };
    let values = table.rows.iter().map(value).collect::<Option<Vec<(String, Lines)>>>()?;
    (values.len() > 1 && (is_values || is_chapter)).then_some((values, is_values || is_chapter))
}

/// Returns the values of a section that consists of a list or of one sentence.
fn told(section: &Section, is_chapter: bool) -> Option<(Vec<(String, Lines)>, Lines, bool)> {
    let lines = section.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Line(line) => Some((line, item)),
        _ => None,
    });
    let lines: Vec<(&String, &Item)> = lines.collect();
    if let [(line, item)] = lines.as_slice() {
        let values = prose::values(line, Some("string")).into_iter().map(|value| (value, item.at));
        let values: Vec<(String, Lines)> = values.collect();
        return (values.len() > 1).then_some((values, item.at, is_chapter));
    }
    let elements: Vec<&(&String, &Item)> = lines.iter().filter(|(_, item)| item.is_element).collect();
    let value = |(line, item): &&(&String, &Item)| {
        let span = line.trim_start().strip_prefix('`')?.split('`').next()?.trim().to_owned();
        is_value(&span).then_some((span, item.at))
    };
    let values = elements.iter().map(value).collect::<Option<Vec<(String, Lines)>>>()?;
    let at = values.iter().map(|(_, at)| *at).reduce(Lines::to)?;
    let others = lines.len() - elements.len();
    (values.len() > 1 && others <= 2).then_some((values, at, is_chapter))
}

/// Returns the words of a title that name the members with its values: `Order types` is that of
/// `order_type`.
fn title(heading: &str) -> Vec<String> {
    let is_other = |word: &String| {
        matches!(
            word.as_str(),
            "the"
                | "a"
                | "an"
                | "of"
                | "all"
                | "values"
                | "value"
                | "enum"
                | "enums"
                | "list"
                | "possible"
                | "supported"
                | "valid"
                | "enumeration"
        )
    };
    let mut words: Vec<String> =
        inline::words(&inline::plain(heading)).into_iter().filter(|word| !is_other(word)).collect();
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

fn singular(word: &str) -> String {
    let is_plural = word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    match word.strip_suffix("statuses") {
        Some(before) => format!("{before}status"),
        None if is_plural => word.trim_end_matches('s').to_owned(),
        None => word.to_owned(),
    }
}

fn is_value(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 40
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+'))
}

impl Catalogues {
    /// Adds the values to the members that link to a list, or have its name.
    pub(crate) fn fill(&self, facts: &mut Facts) {
        if self.all.is_empty() {
            return;
        }
        let mut found = Found { catalogues: self, used: Vec::new(), guesses: Vec::new(), remarks: Vec::new() };
        for operation in &mut facts.operations {
            operation.parameters.iter_mut().for_each(|own| found.member(&mut own.member, "", 0));
            operation.body.iter_mut().for_each(|own| found.schema(&mut own.schema, "", 0));
            let responses = operation.responses.iter_mut().filter_map(|own| own.schema.as_mut());
            responses.for_each(|schema| found.schema(schema, "", 0));
        }
        facts.schemas.iter_mut().for_each(|(name, schema)| found.schema(schema, name, 0));
        for method in &mut facts.methods {
            method.forms.iter_mut().flat_map(|(_, all)| all).for_each(|own| found.member(own, "", 0));
            method.result.iter_mut().for_each(|schema| found.schema(schema, "", 0));
        }
        let used: Vec<Lines> = found.used.iter().filter_map(|own| self.all.get(*own)).map(|own| own.at).collect();
        let (guesses, remarks) = (found.guesses, found.remarks);
        facts.remarks.retain(|own| !(own.kind == RemarkKind::Unread && used.contains(&own.at)));
        for (index, names) in guesses {
            let Some(own) = self.all.get(index) else { continue };
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            facts.remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::Medium),
                at: own.at,
                other: None,
                text: format!("these are the values of {}, by the name; no link says so", names.join(", ")),
            });
        }
        for remark in remarks {
            if !facts.remarks.contains(&remark) {
                facts.remarks.push(remark);
            }
        }
    }
}

struct Found<'a> {
    catalogues: &'a Catalogues,
    /// The lists that members have.
    used: Vec<usize>,
    /// The lists, and the names of the members that have them by their names.
    guesses: Vec<(usize, Vec<String>)>,
    remarks: Vec<Remark>,
}

impl Found<'_> {
    fn member(&mut self, member: &mut Member, owner: &str, depth: usize) {
        let all = &self.catalogues.all;
        let linked = self
            .catalogues
            .rows
            .iter()
            .find(|(at, _)| at.document == member.at.document && at.first == member.at.first && member.in_table);
        let linked = linked.map(|(_, index)| *index);
        let words = |name: &str| {
            let mut words = inline::words(name);
            if let Some(last) = words.last_mut() {
                *last = singular(last);
            }
            words
        };
        let (name, long) = (words(&member.name), words(&format!("{owner} {}", member.name)));
        let named = || {
            let is_same = |own: &Catalogue| own.has_name && [&name, &long].contains(&&title(&own.heading));
            all.iter().position(is_same)
        };
        let (member_name, at) = (member.name.clone(), member.at);
        if let Some(index) = linked.or_else(named)
            && let Some(own) = all.get(index)
            && let Some(schema) = scalar(&mut member.schema).filter(|schema| fits(schema, own))
        {
            let is_new = schema.values.is_empty();
            let other = schema.values.iter().find(|(value, _)| !own.values.iter().any(|(listed, _)| listed == value));
            if is_new {
                schema.values.clone_from(&own.values);
                if matches!(schema.form, Form::Any) {
                    schema.form = Form::Scalar { kind: "string", format: None };
                }
            } else if let Some((value, _)) = other.filter(|_| linked.is_some()) {
                self.remarks.push(Remark {
                    kind: RemarkKind::Contradiction,
                    at,
                    other: Some(own.at),
                    text: format!(
                        "`{member_name}` can be `{value}` here, and the list to which it links has no such value"
                    ),
                });
            }
            if is_new || linked.is_some() {
                self.used.push(index);
            }
            if is_new && linked.is_none() {
                match self.guesses.iter_mut().find(|(own, _)| *own == index) {
                    Some((_, names)) if !names.contains(&member_name) => names.push(member_name),
                    Some(_) => {}
                    None => self.guesses.push((index, vec![member_name])),
                }
            }
        }
        self.schema(&mut member.schema, "", depth + 1);
    }

    fn schema(&mut self, schema: &mut Schema, owner: &str, depth: usize) {
        if depth > 32 {
            return;
        }
        if let Some(inline) = &mut schema.inline {
            self.schema(inline, owner, depth + 1);
        }
        match &mut schema.form {
            Form::Object(members) | Form::Tuple(members) => {
                members.iter_mut().for_each(|own| self.member(own, owner, depth + 1));
            }
            Form::Array(items) | Form::Map(items) => self.schema(items, owner, depth + 1),
            Form::Choice { of, .. } => of.iter_mut().for_each(|one| self.schema(one, owner, depth + 1)),
            Form::Any | Form::Scalar { .. } | Form::Ref(_) => {}
        }
    }
}

/// Returns the scalar of a schema, or of the elements of a list.
fn scalar(schema: &mut Schema) -> Option<&mut Schema> {
    if matches!(schema.form, Form::Array(_)) {
        return match &mut schema.form {
            Form::Array(items) => scalar(items),
            _ => None,
        };
    }
    matches!(schema.form, Form::Scalar { kind: "string" | "integer", .. } | Form::Any).then_some(schema)
}

/// Returns whether the values have the type of a schema.
fn fits(schema: &Schema, own: &Catalogue) -> bool {
    let is_number = matches!(schema.form, Form::Scalar { kind: "integer", .. });
    !is_number || own.values.iter().all(|(value, _)| venuekit_json::is_number(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_the_members_with_its_values() {
        for (heading, wanted) in [
            ("Order status", "order status"),
            ("Order statuses", "order status"),
            ("Possible values of order types", "order type"),
            ("Time in force", "time in force"),
            ("Side enum", "side"),
        ] {
            assert_eq!(title(heading).join(" "), wanted, "{heading}");
        }
    }
}
