//! A schema from a sample, with the facts of the tables about it.

use crate::document::Lines;
use crate::facts::{Form, Member, Remark, RemarkKind, Schema};
use crate::infer::unify;
use crate::members::{self, MemberRow};
use crate::prose::Bounds;

/// Adds the members of tables to the schema that samples show. Where the two contradict each other,
/// the sample is kept, and the contradiction is a remark.
pub(crate) fn refine(
    shown: Option<Schema>,
    rows: &[MemberRow],
    named: &[(String, Vec<MemberRow>)],
    at: Lines,
) -> (Schema, Vec<Remark>) {
    let mut remarks = Vec::new();
    let has_dot = |name: &str| shown.as_ref().is_some_and(|schema| best(schema, &[name], 0) > 0);
    let rows = &members::nested(rows, has_dot);
    let Some(mut schema) = shown.filter(|schema| !matches!(schema.form, Form::Any)) else {
        let mut schema = members::schema(rows, at);
        for (name, rows) in named {
            let Some(member) = find(&mut schema, name, 0) else {
                remarks.extend(unread(name, rows));
                continue;
            };
            let inner = members::schema(rows, member.at);
            member.schema.form = match member.schema.form {
                Form::Array(_) => Form::Array(Box::new(inner)),
                _ => inner.form,
            };
        }
        return (schema, remarks);
    };
    attach(&mut schema, members::members(rows), &mut remarks);
    for (name, rows) in named {
        let table = members::members(rows);
        let names: Vec<&str> = table.iter().map(|member| member.name.as_str()).collect();
        if let Some(member) = find(&mut schema, name, 0) {
            let shown_before = member.schema.clone();
            if let Some(row) = positions(&mut member.schema, table.len()) {
                row.form = Form::Tuple(table);
                continue;
            }
            match first_object(&mut member.schema, 0).filter(|_| best(&shown_before, &names, 0) == 0) {
                Some(own) => merge(own, &table, &mut remarks),
                None if best(&shown_before, &names, 0) > 0 => {
                    attach(&mut member.schema, table.clone(), &mut remarks);
                }
                None => remarks.extend(unread(name, rows)),
            }
        } else if best(&schema, &names, 0) * 2 > names.len() {
            attach(&mut schema, table, &mut remarks);
        } else {
            remarks.extend(unread(name, rows));
        }
    }
    (schema, remarks)
}

/// Returns a remark about a table below a name that no member has.
fn unread(name: &str, rows: &[MemberRow]) -> Option<Remark> {
    let at = rows.iter().map(|row| row.at).reduce(Lines::to)?;
    Some(Remark::unread(at, format!("a table about `{name}`: no member with this name was found")))
}

/// Returns the rows of a list of rows, if each of them has as many values as a table.
fn positions(schema: &mut Schema, count: usize) -> Option<&mut Schema> {
    let Form::Array(row) = &mut schema.form else { return None };
    match &row.form {
        Form::Array(value) if count > 1 && matches!(value.form, Form::Scalar { .. }) => Some(row),
        _ => None,
    }
}

/// Returns whether a table is about a member: its caption is the member's name, or the singular of
/// it.
fn is_about(caption: &str, member: &str) -> bool {
    let (caption, member) = (caption.to_lowercase(), member.to_lowercase());
    let plural = member.strip_prefix(&caption).is_some_and(|rest| matches!(rest, "s" | "es"));
    let changed =
        caption.strip_suffix('y').and_then(|stem| member.strip_prefix(stem)).is_some_and(|rest| rest == "ies");
    caption == member || !caption.is_empty() && (plural || changed)
}

/// Returns the members of the first object in a schema.
fn first_object(schema: &mut Schema, depth: usize) -> Option<&mut Vec<Member>> {
    match &mut schema.form {
        Form::Object(members) => Some(members),
        Form::Array(items) | Form::Map(items) if depth < 32 => first_object(items, depth + 1),
        _ => None,
    }
}

fn find<'a>(schema: &'a mut Schema, name: &str, depth: usize) -> Option<&'a mut Member> {
    if depth > 32 {
        return None;
    }
    match &mut schema.form {
        Form::Object(members) => {
            let exact = members.iter().position(|member| member.name.eq_ignore_ascii_case(name));
            if let Some(index) = exact.or_else(|| members.iter().position(|member| is_about(name, &member.name))) {
                return members.get_mut(index);
            }
            members.iter_mut().find_map(|member| find(&mut member.schema, name, depth + 1))
        }
        Form::Array(items) | Form::Map(items) => find(items, name, depth + 1),
        Form::Choice { of, .. } => of.iter_mut().find_map(|one| find(one, name, depth + 1)),
        _ => None,
    }
}

/// Returns how many of the names an object has, for the object with the most of them.
fn best(schema: &Schema, names: &[&str], depth: usize) -> usize {
    if depth > 32 {
        return 0;
    }
    match &schema.form {
        Form::Object(members) => {
            let own = members.iter().filter(|member| names.contains(&member.name.as_str())).count();
            members.iter().map(|member| best(&member.schema, names, depth + 1)).fold(own, usize::max)
        }
        Form::Array(items) | Form::Map(items) => best(items, names, depth + 1),
        Form::Choice { of, .. } => of.iter().map(|one| best(one, names, depth + 1)).max().unwrap_or(0),
        _ => 0,
    }
}

/// Adds the members of a table to the objects that they describe best.
fn attach(schema: &mut Schema, table: Vec<Member>, remarks: &mut Vec<Remark>) {
    let names: Vec<String> = table.iter().map(|member| member.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let most = best(schema, &names, 0);
    if most == 0 {
        return;
    }
    attach_at(schema, &table, &names, most, remarks, 0);
}

fn attach_at(
    schema: &mut Schema,
    table: &[Member],
    names: &[&str],
    most: usize,
    remarks: &mut Vec<Remark>,
    depth: usize,
) -> bool {
    if depth > 32 {
        return false;
    }
    match &mut schema.form {
        Form::Object(members) => {
            let own = members.iter().filter(|member| names.contains(&member.name.as_str())).count();
            if own == most {
                merge(members, table, remarks);
                return true;
            }
            members.iter_mut().any(|member| attach_at(&mut member.schema, table, names, most, remarks, depth + 1))
        }
        Form::Array(items) | Form::Map(items) => attach_at(items, table, names, most, remarks, depth + 1),
        Form::Choice { of, .. } => {
            let mut found = false;
            for one in of {
                found |= attach_at(one, table, names, most, remarks, depth + 1);
            }
            found
        }
        _ => false,
    }
}

fn merge(members: &mut Vec<Member>, table: &[Member], remarks: &mut Vec<Remark>) {
    for stated in table {
        let Some(index) = members.iter().position(|member| member.name == stated.name) else {
            members.push(Member { required: Some(stated.required.unwrap_or(false)), ..stated.clone() });
            continue;
        };
        let Some(shown) = members.get_mut(index) else { continue };
        let at = shown.at;
        if contradicts(&stated.schema, &shown.schema) {
            remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at: stated.at,
                other: Some(at),
                text: format!(
                    "`{}` is {} in the table and {} in the sample; the draft has the sample's",
                    stated.name,
                    stated.schema.type_name(),
                    shown.schema.type_name()
                ),
            });
            shown.other_type = Some(Box::new(stated.schema.clone()));
        } else {
            let own = std::mem::take(&mut shown.schema);
            shown.schema = join(own, &stated.schema, remarks);
        }
        shown.at = stated.at;
        shown.schema.at = stated.at;
        shown.note = stated.note.clone();
        shown.is_conditional = stated.is_conditional;
        shown.states_type |= stated.states_type;
        shown.in_table = true;
        if stated.required.is_some() {
            shown.required = stated.required;
            shown.states_required = true;
        }
    }
    for shown in members.iter_mut().filter(|shown| !table.iter().any(|stated| stated.name == shown.name)) {
        // One sample does not show that a value is always there, if the table leaves it out.
        shown.required = shown.required.map(|required| required && shown.states_required);
        if let Some(first) = table.first() {
            remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at: first.at,
                other: Some(shown.at),
                text: format!("`{}` is in the sample and not in the table", shown.name),
            });
        }
    }
}

/// Returns the schema of a sample with what the table adds to it: a format, and the elements of a
/// list that is empty in the sample.
fn join(mut shown: Schema, stated: &Schema, remarks: &mut Vec<Remark>) -> Schema {
    let nullable = shown.nullable || stated.nullable;
    match (&mut shown.form, &stated.form) {
        (Form::Object(own), Form::Object(table)) if !table.is_empty() => {
            merge(own, table, remarks);
            return Schema { nullable, ..shown };
        }
        (Form::Array(own), Form::Array(table)) if !matches!(own.form, Form::Any) => {
            **own = join(std::mem::take(own), table, remarks);
            return Schema { nullable, ..shown };
        }
        _ => {}
    }
    match (&shown.form, &stated.form) {
        (Form::Scalar { kind: a, .. }, Form::Scalar { kind: b, .. }) if a == b => {
            Schema { at: shown.at, nullable: shown.nullable || stated.nullable, ..stated.clone() }
        }
        (Form::Scalar { kind: "integer", .. }, Form::Scalar { kind: "number", .. }) => {
            Schema { at: shown.at, nullable: shown.nullable || stated.nullable, ..stated.clone() }
        }
        // A table without types can list values.
        (Form::Scalar { .. }, Form::Any) => Schema {
            nullable,
            values: if shown.values.is_empty() { stated.values.clone() } else { shown.values.clone() },
            default: shown.default.clone().or_else(|| stated.default.clone()),
            bounds: if stated.bounds == Bounds::default() { shown.bounds.clone() } else { stated.bounds.clone() },
            ..shown
        },
        (Form::Any, _) => Schema { nullable: shown.nullable || stated.nullable, ..stated.clone() },
        (Form::Array(items), Form::Array(_)) if matches!(items.form, Form::Any) => unify(shown, stated.clone()),
        _ => Schema { nullable: shown.nullable || stated.nullable, ..shown },
    }
}

/// Returns whether a sample contradicts the type of a table.
pub(crate) fn contradicts(stated: &Schema, shown: &Schema) -> bool {
    let (Some(stated), Some(shown)) = (kind(stated), kind(shown)) else { return false };
    stated != shown && !(stated == "number" && shown == "integer")
}

fn kind(schema: &Schema) -> Option<&'static str> {
    match &schema.form {
        Form::Scalar { kind, .. } => Some(kind),
        Form::Array(_) | Form::Tuple(_) => Some("array"),
        Form::Map(_) | Form::Object(_) => Some("object"),
        Form::Any | Form::Ref(_) | Form::Choice { .. } => None,
    }
}
