//! The parts of a document that a call needs.

use serde_json::Value;

pub struct Document(Value);

/// A parameter of an operation.
pub struct Parameter<'d> {
    pub name: &'d str,
    /// The schema, resolved.
    pub schema: &'d Value,
    pub is_required: bool,
    pub is_in_path: bool,
    /// True if a list is one value with commas.
    pub is_joined: bool,
}

/// An operation of a document.
pub struct Operation<'d> {
    pub id: &'d str,
    pub parameters: Vec<Parameter<'d>>,
    /// The schema of the body, and whether it is required.
    pub body: Option<(&'d Value, bool)>,
    /// The documented statuses, each with the schema of its body. `4XX` is 400, and `5XX` is 500.
    pub responses: Vec<(u16, Option<&'d Value>)>,
}

impl Document {
    pub fn new(json: &str) -> Self {
        Self(serde_json::from_str(json).unwrap())
    }

    /// Returns the path of the first server.
    pub fn base_path(&self) -> &str {
        let url = self.0["servers"][0]["url"].as_str().unwrap();
        let host_and_path = url.split_once("://").unwrap().1;
        host_and_path.find('/').map_or("", |at| host_and_path[at..].trim_end_matches('/'))
    }

    /// Follows a reference.
    pub fn resolved<'d>(&'d self, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str() {
            Some(pointer) => self.resolved(self.0.pointer(pointer.trim_start_matches('#')).unwrap()),
            None => value,
        }
    }

    pub fn operations(&self) -> Vec<Operation<'_>> {
        let items = self.0["paths"].as_object().into_iter().flat_map(|paths| paths.values());
        let operations = items.flat_map(|item| item.as_object().into_iter().flat_map(|item| item.values()));
        operations.filter_map(|operation| self.operation(operation)).collect()
    }

    fn operation<'d>(&'d self, operation: &'d Value) -> Option<Operation<'d>> {
        let json = |content: &'d Value| content.pointer("/content/application~1json/schema");
        let parameters = operation["parameters"].as_array().into_iter().flatten().map(|parameter| {
            let parameter = self.resolved(parameter);
            let schema = self.resolved(&parameter["schema"]);
            let is_joined = schema["type"] == "array" && parameter["explode"] == false;
            let name = parameter["name"].as_str().unwrap();
            let (is_required, is_in_path) = (parameter["required"] == true, parameter["in"] == "path");
            Parameter { name, schema, is_required, is_in_path, is_joined }
        });
        let body = operation.get("requestBody").map(|body| self.resolved(body));
        let responses = operation["responses"].as_object().into_iter().flatten().map(|(status, response)| {
            let status = status.replace("XX", "00").parse().unwrap();
            (status, json(self.resolved(response)))
        });
        Some(Operation {
            id: operation.get("operationId")?.as_str()?,
            parameters: parameters.collect(),
            body: body.and_then(|body| Some((json(body)?, body["required"] == true))),
            responses: responses.collect(),
        })
    }
}
