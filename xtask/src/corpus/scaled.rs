//! Makes a document larger: its paths and its schemas are repeated under other names. This shows
//! how the time and the memory of a generation grow.

use venuekit_codegen::Spec;
use venuekit_codegen::source::load_to_compare;
use venuekit_json::Tree;

/// The sections of schemas, with the beginning of the references to them.
const SCHEMAS: [(&[&str], &str); 2] =
    [(&["components", "schemas"], "#/components/schemas/"), (&["definitions"], "#/definitions/")];

/// Returns a document of OpenAPI as JSON, with its paths and schemas `times` times. Each copy of a
/// path ends with `/copyN` and refers to the copies of the schemas, whose names end with `CopyN`.
///
/// # Errors
/// If the document cannot be read, or has no paths.
pub(super) fn scaled(spec: &Spec, times: usize) -> Result<String, String> {
    let document = load_to_compare(spec).map_err(|findings| findings.to_string())?;
    let mut root = Tree::parse(&document.root().to_json()).map_err(|error| error.to_string())?;
    let paths = at(&mut root, &["paths"]).cloned().ok_or_else(|| format!("{} has no paths", spec.document.name))?;
    for copy in 1..times {
        if let (Some(all), Tree::Object(paths)) = (at(&mut root, &["paths"]), &paths) {
            append(all, paths, |path| format!("{}/copy{copy}", path.trim_end_matches('/')), copy);
        }
    }
    for (section, _) in SCHEMAS {
        let Some(all) = at(&mut root, section) else { continue };
        let Tree::Object(schemas) = all.clone() else { continue };
        for copy in 1..times {
            append(all, &schemas, |name| format!("{name}Copy{copy}"), copy);
        }
    }
    Ok(root.to_json())
}

/// Returns the value at names of members.
fn at<'t>(root: &'t mut Tree, names: &[&str]) -> Option<&'t mut Tree> {
    names.iter().try_fold(root, |tree, name| match tree {
        Tree::Object(members) => members.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value),
        _ => None,
    })
}

/// Appends copies of members, with other names.
fn append(all: &mut Tree, members: &[(String, Tree)], name: impl Fn(&str) -> String, copy: usize) {
    let Tree::Object(all) = all else { return };
    all.extend(members.iter().map(|(own, value)| {
        let mut value = value.clone();
        rename(&mut value, copy);
        (name(own), value)
    }));
}

/// Renames the operation ids and the references to schemas inside a value.
fn rename(value: &mut Tree, copy: usize) {
    match value {
        Tree::Array(elements) => elements.iter_mut().for_each(|element| rename(element, copy)),
        Tree::Object(members) => {
            for (name, value) in members {
                match value {
                    Tree::Text(id) if name == "operationId" => id.push_str(&format!("Copy{copy}")),
                    value => rename(value, copy),
                }
            }
        }
        Tree::Text(text) => {
            let is_name = |name: &str| !name.is_empty() && !name.contains('/');
            if SCHEMAS.iter().any(|(_, prefix)| text.strip_prefix(prefix).is_some_and(is_name)) {
                text.push_str(&format!("Copy{copy}"));
            }
        }
        Tree::Null | Tree::Bool(_) | Tree::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use venuekit_codegen::read_with_notes;

    use super::*;

    #[test]
    fn a_document_that_is_scaled_has_as_many_times_the_operations_and_types() {
        let text = "\
openapi: 3.0.0
info: {title: Acme, version: '1'}
servers: [{url: 'https://api.acme.example'}]
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
components:
  schemas:
    Order: {type: object, properties: {price: {type: number, example: 1.50}, inner: {$ref: '#/components/schemas/Order'}}}
";
        for times in [1, 2, 5] {
            let json = scaled(&Spec::new("acme.yaml", text), times).unwrap();
            assert!(json.contains("1.50"), "{json}");
            let reading = read_with_notes(&Spec::new("acme.json", json)).unwrap();
            assert_eq!([reading.api.operations.len(), reading.api.types.len()], [times, times]);
        }
    }
}
