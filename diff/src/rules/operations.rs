//! Operations.

use super::rule::{Case, NO_CODE, NO_WIRE, Rule, always, case, new, rule, rules};
use super::shared::OLD_NAME_REUSED;
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static WAS_DEPRECATED: Case = case("was-deprecated", "The old spec marked it deprecated.")
    .wire(Breaking, "old clients still call it, although it was marked deprecated");

pub(crate) static METHOD_CALLS_ANOTHER: Case =
    case("method-calls-another", "The method of another operation has its name and its types.")
        .source(Risky, "`{}` calls another operation now");

pub(crate) static METHOD_REUSED: Case =
    case("method-reused", "The method of another operation has its name, with other types.")
        .source(Breaking, "`{}` is another operation now");

pub(crate) static METHOD_STAYS: Case = case("method-stays", "Only the id changes, not the name of the method.")
    .source(Risky, "the method keeps its name; calls by name and logs do not");

pub(crate) static SIGNATURE_ADDED: Case = case("signature-added", "It needed a key before, and needs a signature now.")
    .wire(Breaking, "old clients send no signature, and are refused")
    .source(Safe, "the credentials are already given");

pub(crate) static SCHEME_MISSING: Case = case("scheme-missing", "It asks for a scheme that it did not ask for before.")
    .wire(Breaking, "old clients do not send what it asks for");

pub(crate) static SCOPE_MISSING: Case = case("scope-missing", "It asks for a scope that it did not ask for before.")
    .wire(Risky, "the keys of old clients may not have the scope");

pub(crate) static SCHEMES_SUFFICE: Case = case("schemes-suffice", "Everything that sufficed before suffices now.")
    .wire(Safe, "the requests of old clients suffice");

pub(crate) static SETTER_WITHOUT_OPTION: Case =
    case("setter-without-option", "The optional property decides now whether a request may be sent again.")
        .source(Breaking, "the setter of `{}` does not take an option any more");

pub(crate) static ONLY_WITH_PROPERTY: Case =
    case("only-with-property", "Requests with a certain property may still be sent again.")
        .source(Risky, "it is sent again automatically only with `{}`");

pub(crate) static NOT_CHECKED: Case =
    case("not-checked", "The venue's document does not state the constraint, so no client checks it.")
        .wire(Risky, "the venue may refuse requests of old clients")
        .source(Safe, "only the documentation of the crate changes");

pub(crate) static WAS_NOT_CHECKED: Case =
    case("was-not-checked", "The venue's document did not state the constraint, so no client checked it.")
        .source(Safe, "only the documentation of the crate changes");

pub(crate) static CALLED_BY_NAME: Case = case("called-by-name", "The crate is generated; its client sends names.")
    .wire(Safe, "clients send names if they can");

rules! {
    OPERATION_ADDED = new(
        "operation-added",
        "operation-removed",
        "An operation is new.",
        always(Safe, "old clients do not call it"),
        always(Safe, "a new method"),
    );
    OPERATION_REMOVED = rule(
        "operation-removed",
        "operation-added",
        "An operation is gone.",
        always(Breaking, "old clients still call it"),
        always(Breaking, "the method is gone"),
    )
    .cases(&[&WAS_DEPRECATED, &METHOD_CALLS_ANOTHER, &METHOD_REUSED]);
    CALL_FORM_ADDED = new(
        "call-form-added",
        "call-form-removed",
        "A path or a JSON-RPC method can be called in one more form.",
        always(Safe, "old clients do not call it in this form"),
        always(Safe, "a new method of the client"),
    );
    CALL_FORM_REMOVED = rule(
        "call-form-removed",
        "call-form-added",
        "A path or a JSON-RPC method cannot be called in this form any more.",
        always(Breaking, "old clients still call it in this form"),
        always(Breaking, "the method of the client is gone"),
    )
    .cases(&[&WAS_DEPRECATED, &METHOD_CALLS_ANOTHER, &METHOD_REUSED]);
    OPERATION_RENAMED = rule(
        "operation-renamed",
        "operation-renamed",
        "An operation has another name in Rust.",
        NO_WIRE,
        always(Breaking, "the method has another name"),
    )
    .cases(&[&METHOD_STAYS, &OLD_NAME_REUSED]);
    OPERATION_MOVED = rule(
        "operation-moved",
        "operation-moved",
        "An operation has another path, HTTP method or JSON-RPC method.",
        always(Breaking, "old clients call it where it was"),
        NO_CODE,
    );
    OPERATION_DEPRECATED = rule(
        "operation-deprecated",
        "operation-reactivated",
        "An operation is marked deprecated.",
        always(Safe, "it works as before"),
        always(Safe, "a warning of the compiler"),
    );
    OPERATION_REACTIVATED = rule(
        "operation-reactivated",
        "operation-deprecated",
        "An operation is not marked deprecated any more.",
        always(Safe, "it works as before"),
        always(Safe, "one warning fewer"),
    );
    CALLS_BY_POSITION_ALLOWED = rule(
        "calls-by-position-allowed",
        "calls-by-position-refused",
        "The parameters of a method can be sent by position as well as by name.",
        always(Safe, "callers by name call as before"),
        NO_CODE,
    );
    CALLS_BY_POSITION_REFUSED = rule(
        "calls-by-position-refused",
        "calls-by-position-allowed",
        "The parameters of a method cannot be sent by position any more.",
        always(Breaking, "callers by position are refused"),
        NO_CODE,
    )
    .cases(&[&CALLED_BY_NAME]);
    CALLS_BY_NAME_ALLOWED = rule(
        "calls-by-name-allowed",
        "calls-by-name-refused",
        "The parameters of a method can be sent by name as well as by position.",
        always(Safe, "callers by position call as before"),
        NO_CODE,
    );
    CALLS_BY_NAME_REFUSED = rule(
        "calls-by-name-refused",
        "calls-by-name-allowed",
        "The parameters of a method cannot be sent by name any more.",
        always(Breaking, "callers by name are refused"),
        NO_CODE,
    );
    SECURITY_RAISED = rule(
        "security-raised",
        "security-lowered",
        "An operation needs a key or a signature that it did not need before.",
        always(Breaking, "old clients send none, and are refused"),
        always(Risky, "it fails without credentials"),
    )
    .cases(&[&SIGNATURE_ADDED]);
    SECURITY_LOWERED = rule(
        "security-lowered",
        "security-raised",
        "An operation does not need the key or signature any more.",
        always(Safe, "old clients send more than necessary"),
        NO_CODE,
    )
    .cases(&[&SCHEME_MISSING, &SCOPE_MISSING]);
    SECURITY_CHANGED = rule(
        "security-changed",
        "security-changed",
        "An operation asks for other security schemes.",
        always(Breaking, "old clients do not send all that it asks for"),
        NO_CODE,
    )
    .cases(&[&SCHEMES_SUFFICE, &SCOPE_MISSING]);
    SUBSCRIPTION_ADDED = rule(
        "subscription-added",
        "subscription-removed",
        "A call of an operation subscribes to notifications.",
        always(Risky, "old clients do not read the notifications"),
        always(Breaking, "`send` returns a subscription"),
    );
    SUBSCRIPTION_REMOVED = rule(
        "subscription-removed",
        "subscription-added",
        "A call of an operation does not subscribe any more.",
        always(Breaking, "old clients wait for notifications"),
        always(Breaking, "`send` returns the response"),
    );
    SUBSCRIPTION_CHANGED = rule(
        "subscription-changed",
        "subscription-changed",
        "The method, the topics or the meaning of the notifications of a subscription change.",
        always(Breaking, "old clients tell notifications apart by the old description, and may lose some"),
        NO_CODE,
    );
    WEIGHT_RAISED = rule(
        "weight-raised",
        "weight-lowered",
        "A call counts more against the limits.",
        always(Risky, "old clients count too little, and may be refused or banned"),
        NO_CODE,
    );
    WEIGHT_LOWERED = rule(
        "weight-lowered",
        "weight-raised",
        "A call counts less against the limits.",
        always(Safe, "old clients wait longer than necessary"),
        NO_CODE,
    );
    WEIGHT_CHANGED = rule(
        "weight-changed",
        "weight-changed",
        "Some calls count more against the limits, others less.",
        always(Risky, "old clients may count too little"),
        NO_CODE,
    );
    OPERATION_LIMIT_ADDED = rule(
        "operation-limit-added",
        "operation-limit-removed",
        "A call counts against one more limit.",
        always(Risky, "old clients do not count it there, and may be refused or banned"),
        NO_CODE,
    );
    OPERATION_LIMIT_REMOVED = rule(
        "operation-limit-removed",
        "operation-limit-added",
        "A call does not count against a limit any more.",
        always(Safe, "old clients wait longer than necessary"),
        NO_CODE,
    );
    IDEMPOTENCY_LOST = rule(
        "idempotency-lost",
        "idempotency-gained",
        "A request whose outcome is unknown may not be sent again any more.",
        always(Breaking, "old clients send it again: it may be carried out twice"),
        always(Risky, "it is not sent again automatically any more"),
    )
    .cases(&[&SETTER_WITHOUT_OPTION, &ONLY_WITH_PROPERTY]);
    IDEMPOTENCY_GAINED = rule(
        "idempotency-gained",
        "idempotency-lost",
        "A request whose outcome is unknown may be sent again.",
        always(Safe, "old clients leave that to the program"),
        always(Risky, "it is sent again automatically"),
    )
    .cases(&[&SETTER_WITHOUT_OPTION]);
    IDEMPOTENCY_CHANGED = rule(
        "idempotency-changed",
        "idempotency-changed",
        "A request may be sent again if it carries another property.",
        always(Breaking, "old clients send it again by the old property: it may be carried out twice"),
        always(Risky, "it is sent again automatically in other cases"),
    )
    .cases(&[&SETTER_WITHOUT_OPTION]);
    CONSTRAINT_ADDED = rule(
        "constraint-added",
        "constraint-removed",
        "The values of a request have to keep one more constraint.",
        always(Breaking, "old clients send requests that break it"),
        always(Risky, "calls that break it are not sent any more"),
    )
    .cases(&[&NOT_CHECKED]);
    CONSTRAINT_REMOVED = rule(
        "constraint-removed",
        "constraint-added",
        "The values of a request do not have to keep a constraint any more.",
        always(Safe, "old clients keep it"),
        always(Risky, "calls that break it are sent"),
    )
    .cases(&[&WAS_NOT_CHECKED]);
    CONSTRAINT_TIGHTENED = rule(
        "constraint-tightened",
        "constraint-loosened",
        "A constraint between values excludes more requests.",
        always(Breaking, "old clients send requests that it excludes now"),
        always(Risky, "calls that it excludes now are not sent any more"),
    )
    .cases(&[&NOT_CHECKED]);
    CONSTRAINT_LOOSENED = rule(
        "constraint-loosened",
        "constraint-tightened",
        "A constraint between values excludes fewer requests.",
        always(Safe, "old clients exclude more than necessary"),
        always(Risky, "calls that it excluded are sent"),
    )
    .cases(&[&WAS_NOT_CHECKED]);
    CONSTRAINT_CHANGED = rule(
        "constraint-changed",
        "constraint-changed",
        "A constraint between values excludes other requests.",
        always(Breaking, "old clients send requests that it excludes now"),
        always(Risky, "calls that it excludes now are not sent any more"),
    )
    .cases(&[&NOT_CHECKED]);
    CONSTRAINT_CHECKED = rule(
        "constraint-checked",
        "constraint-unchecked",
        "A constraint between values is checked before a request is sent.",
        always(Risky, "old clients send requests that break it"),
        always(Risky, "calls that break it are not sent any more"),
    );
    CONSTRAINT_UNCHECKED = rule(
        "constraint-unchecked",
        "constraint-checked",
        "A constraint between values is documentation only.",
        always(Safe, "old clients keep it"),
        always(Risky, "calls that break it are sent"),
    );
    DONE_CODE_ADDED = rule(
        "done-code-added",
        "done-code-removed",
        "This error code proves to a retry that an earlier attempt was carried out.",
        always(Risky, "old clients report a failure"),
        always(Risky, "its outcome becomes `Applied`"),
    );
    DONE_CODE_REMOVED = rule(
        "done-code-removed",
        "done-code-added",
        "This error code does not prove any more that an earlier attempt was carried out.",
        always(Breaking, "old clients report a failed request as carried out"),
        always(Risky, "its outcome is not `Applied` any more"),
    );
    GONE_CODE_ADDED = rule(
        "gone-code-added",
        "gone-code-removed",
        "This error code means, after a retry of a cancel, that there is nothing to cancel.",
        always(Safe, "old clients report an unknown outcome"),
        always(Risky, "its outcome becomes `Gone`"),
    );
    GONE_CODE_REMOVED = rule(
        "gone-code-removed",
        "gone-code-added",
        "This error code does not mean any more that there is nothing to cancel.",
        always(Breaking, "old clients report an order as cancelled that may be open"),
        always(Risky, "its outcome is not `Gone` any more"),
    );
    READS_GAINED = rule(
        "reads-gained",
        "reads-lost",
        "A call of an operation is known to change nothing at the venue.",
        NO_WIRE,
        always(Breaking, "the type of the call is `Call<_, Reads>`, which code may name"),
    );
    READS_LOST = rule(
        "reads-lost",
        "reads-gained",
        "A call of an operation is not known any more to change nothing at the venue.",
        NO_WIRE,
        always(Breaking, "the call has no `lenient()` any more"),
    );
    FUNDS_MARKED = rule(
        "funds-marked",
        "funds-unmarked",
        "An operation is marked as moving funds.",
        NO_WIRE,
        always(Safe, "tools ask for confirmation first"),
    );
    FUNDS_UNMARKED = rule(
        "funds-unmarked",
        "funds-marked",
        "An operation is not marked as moving funds any more.",
        NO_WIRE,
        always(Risky, "tools do not ask for confirmation any more"),
    );
    CANCEL_MARKED = rule(
        "cancel-marked",
        "cancel-unmarked",
        "An operation counts as a cancel: by `x-cancels`, by its method or by its id.",
        NO_WIRE,
        always(Safe, "clients do not check the bounds of its values any more"),
    );
    CANCEL_UNMARKED = rule(
        "cancel-unmarked",
        "cancel-marked",
        "An operation does not count as a cancel any more.",
        NO_WIRE,
        always(Risky, "a client that checks bounds may refuse to send it"),
    );
}
