//! Tests which operations only read.

use venuekit_codegen::model::Api;

use super::support::{accepted, openapi, openrpc};

/// Returns the ids of the operations that only read.
fn reads(api: &Api) -> Vec<&str> {
    let reads = api.operations.iter().filter(|operation| operation.only_reads());
    reads.map(|operation| operation.id.as_str()).collect()
}

#[test]
fn operations_that_may_change_something_do_not_count_as_reads() {
    let operation = |path: &str, method: &str, id: &str, more: &str| {
        format!(
            "{path}: {{{method}: {{operationId: {id}, summary: S, responses: {{'204': {{description: D}}}}{more}}}}}\n"
        )
    };
    let paths = [
        operation("/a", "get", "read", ""),
        operation("/b", "get", "notAgain", ", x-idempotent: false"),
        operation("/c", "get", "moves", ", x-moves-funds: true"),
        operation("/d", "delete", "cancel", ", x-idempotent: true"),
        operation("/e", "post", "cancelByPost", ", x-idempotent: true"),
        operation("/f", "post", "place", ""),
        operation("/g", "get", "said", ", x-reads-only: false"),
        operation("/h", "post", "readByPost", ", x-idempotent: true, x-reads-only: true"),
    ];
    assert_eq!(reads(&accepted(&openapi(&paths.concat(), ""))), ["read", "readByPost"]);

    let method = |name: &str, more: &str| {
        format!(
            "- {{name: {name}, summary: S, params: [], result: {{name: r, schema: {{type: string}}}}, \
             examples: [{{name: e, params: [], result: {{name: r, value: a}}}}]{more}}}\n"
        )
    };
    let methods = [
        method("read", ", x-idempotent: true, x-reads-only: true"),
        method("cancelWithoutCodes", ", x-idempotent: true"),
        method("place", ""),
        method("cancel", ", x-idempotent: true, x-gone-codes: [1]"),
        method("credit", ", x-idempotent: true, x-done-codes: [2], x-reads-only: false"),
        method("transfer", ", x-idempotent: true, x-moves-funds: true"),
    ];
    assert_eq!(reads(&accepted(&openrpc(&methods.concat(), ""))), ["read"]);
}
