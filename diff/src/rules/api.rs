//! The API as a whole: servers, security, limits, errors.

use super::rule::{Case, NO_CODE, Rule, always, case, new, rule, rules};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static ENVIRONMENT_SWAPPED: Case =
    case("environment-swapped", "The old URL belongs to another environment now.")
        .wire(Breaking, "old clients call another environment now: real money or not")
        .source(Risky, "the same environment has another host");

pub(crate) static OLD_URL_UNLISTED: Case =
    case("old-url-unlisted", "The new spec does not list the old production URL.")
        .wire(Breaking, "old clients keep calling the old URL, which is not listed any more");

pub(crate) static LAST_PRODUCTION_SERVER: Case = case("last-production-server", "No production server is left.")
    .wire(Breaking, "old clients still call it")
    .source(Risky, "a client without its own URL cannot be built any more");

pub(crate) static LAST_TEST_SERVER: Case = case("last-test-server", "No test server is left.")
    .wire(Risky, "programs cannot test there any more")
    .source(Risky, "a client for tests cannot be built any more");

pub(crate) static BASE_PATH_STATED: Case = case("base-path-stated", "The old spec has no base path.")
    .wire(Safe, "nothing that is sent changes")
    .source(Risky, "a client whose base URL does not end with it cannot be built any more");

pub(crate) static BASE_PATH_GONE: Case = case("base-path-gone", "The new spec has no base path.")
    .wire(Safe, "nothing that is sent changes")
    .source(Safe, "any base URL is accepted");

pub(crate) static SIGNING_STATED: Case = case("signing-stated", "The old spec does not limit the host to one scheme.")
    .wire(Safe, "nothing that is sent changes")
    .source(Risky, "a client with credentials for another scheme cannot be built any more");

pub(crate) static SIGNING_GONE: Case = case("signing-gone", "The new spec does not limit the host to one scheme.")
    .wire(Safe, "nothing that is sent changes")
    .source(Safe, "credentials for any scheme are accepted");

pub(crate) static SIGNER_ADDED: Case = case("signer-added", "No crate signed before.")
    .wire(Safe, "the venue asks for the same as before")
    .source(Safe, "`Credentials` is new; users can still give their own signer")
    .adds(true);

pub(crate) static SIGNER_REMOVED: Case =
    case("signer-removed", "No crate signs any more.").wire(Safe, "the venue asks for the same as before");

pub(crate) static SCHEME_UNUSED: Case =
    case("scheme-unused", "No operation of the old spec asks for the scheme.").wire(Safe, "no operation asks for it");

pub(crate) static SCHEME_EXTENDED: Case =
    case("scheme-extended", "Old clients can get and send their credentials as before.")
        .wire(Safe, "old clients get and send their credentials as before");

pub(crate) static STILL_NAMED: Case =
    case("still-named", "Operations still ask for it, and nothing states how it is sent.")
        .wire(Risky, "nothing states any more how it is sent");

pub(crate) static CODE_FOR_OTHERS: Case =
    case("other-clients", "The crate is not generated.").wire(Risky, "a program may act on this code");

pub(crate) static NOTHING_SIGNED: Case = case("nothing-signed", "No operation is signed.")
    .wire(Safe, "no operation is signed")
    .source(Safe, "no operation is signed")
    .adds(false);

pub(crate) static WINDOW_WIDENED: Case = case("window-widened", "The default stays, and the maximum is not lower.")
    .wire(Safe, "the venue still accepts the windows of old clients");

pub(crate) static NEW_LOGIN: Case = case("new-login", "An operation of the old client is a login now.")
    .source(Breaking, "the client has no method for a login");

pub(crate) static ONLY_HEADER: Case =
    case("only-header", "Only the header with the count differs.").wire(Safe, "clients also count on their own");

pub(crate) static LONGER_CLOSING: Case =
    case("longer-closing", "Only the longest closing differs, and it is longer or new.")
        .wire(Risky, "old clients may send again before the venue opens the limit");

pub(crate) static SHORTER_CLOSING: Case =
    case("shorter-closing", "Only the longest closing differs, and it is shorter or gone.")
        .wire(Safe, "old clients wait for as long as the venue states");

pub(crate) static OLD_OPERATION_STAYS: Case =
    case("old-operation-stays", "The operation that returned the time before is still there.")
        .wire(Safe, "the operation that old clients call is still there");

pub(crate) static POINTERS_REORDERED: Case = case("pointers-reordered", "The same places are tried in another order.")
    .wire(Risky, "if several are present, old clients read another one");

pub(crate) static POINTER_ADDED: Case = case("pointer-added", "Another place is tried as well.")
    .wire(Risky, "old clients do not look there, and may miss it");

pub(crate) static POINTER_REMOVED: Case =
    case("pointer-removed", "Fewer places are tried, in the same order.").wire(Safe, "old clients look there as well");

pub(crate) static MESSAGE_MOVED: Case = case("message-moved", "The message is in another place.")
    .wire(Risky, "old clients do not find it; the code distinguishes errors");

pub(crate) static OUTCOME_WAS_UNKNOWN: Case =
    case("outcome-was-unknown", "The outcome of such a response was unknown, not a refusal.")
        .wire(Risky, "old clients take a success for an unknown outcome");

pub(crate) static REFUSAL_FIRST: Case = case("refusal-first", "The condition that decides now is a refusal.")
    .wire(Safe, "old clients are more careful than necessary");

rules! {
    VENUE_ADDED = new(
        "venue-added",
        "venue-removed",
        "A spec is new.",
        always(Safe, "no client calls it yet"),
        always(Safe, "a new crate"),
    );
    VENUE_REMOVED = rule(
        "venue-removed",
        "venue-added",
        "A spec is gone.",
        always(Breaking, "its client is not kept up to date any more"),
        always(Breaking, "the crate is gone"),
    );
    DEFAULT_SERVER_CHANGED = rule(
        "default-server-changed",
        "default-server-changed",
        "The first server of an environment, which clients call by default, has another URL.",
        always(Risky, "old clients keep calling the old URL"),
        NO_CODE,
    )
    .cases(&[&ENVIRONMENT_SWAPPED, &OLD_URL_UNLISTED]);
    SERVER_ADDED = rule(
        "server-added",
        "server-removed",
        "A server is new.",
        always(Safe, "old clients do not call it"),
        NO_CODE,
    );
    SERVER_REMOVED = rule(
        "server-removed",
        "server-added",
        "A server is gone.",
        always(Risky, "programs that chose it still call it"),
        always(Safe, "clients call the first server of an environment"),
    )
    .cases(&[&ENVIRONMENT_SWAPPED, &LAST_PRODUCTION_SERVER, &LAST_TEST_SERVER]);
    SERVER_VARIABLE_VALUE_ADDED = rule(
        "server-variable-value-added",
        "server-variable-value-removed",
        "A variable in the URL of a server can have one more value.",
        always(Safe, "old clients do not use it"),
        NO_CODE,
    );
    SERVER_VARIABLE_VALUE_REMOVED = rule(
        "server-variable-value-removed",
        "server-variable-value-added",
        "A variable in the URL of a server cannot have a value any more.",
        always(Risky, "programs that chose it still call that URL"),
        NO_CODE,
    );
    SERVER_PREFIX_MOVED = rule(
        "server-prefix-moved",
        "server-prefix-moved",
        "A prefix moved between the URL of the server and the paths.",
        always(Safe, "the URLs of all requests stay"),
        always(Risky, "a base URL that a program gives has to change"),
    );
    WEBHOOK_ADDED = rule(
        "webhook-added",
        "webhook-removed",
        "The venue can send one more request of its own (`webhooks`).",
        always(Safe, "old programs do not register for it"),
        NO_CODE,
    );
    WEBHOOK_REMOVED = rule(
        "webhook-removed",
        "webhook-added",
        "The venue does not send a request of its own any more (`webhooks`).",
        always(Breaking, "programs that wait for it receive nothing"),
        NO_CODE,
    );
    BASE_PATH_CHANGED = rule(
        "base-path-changed",
        "base-path-changed",
        "Base URLs have to end with another path.",
        always(Risky, "old clients keep calling the old path"),
        always(Risky, "the base URL that a program gives has to change"),
    )
    .cases(&[&BASE_PATH_STATED, &BASE_PATH_GONE]);
    ENVELOPE_CHANGED = rule(
        "envelope-changed",
        "envelope-changed",
        "JSON-RPC calls have another envelope.",
        always(Breaking, "old clients send the other envelope"),
        NO_CODE,
    );
    HOST_SIGNING_CHANGED = rule(
        "host-signing-changed",
        "host-signing-changed",
        "A host accepts requests that are signed by another scheme.",
        always(Breaking, "old clients sign by the old scheme, and are refused"),
        always(Risky, "a client with credentials for the old scheme cannot be built any more"),
    )
    .cases(&[&SIGNING_STATED, &SIGNING_GONE]);
    SIGNER_CHANGED = rule(
        "signer-changed",
        "signer-changed",
        "Requests are signed by another crate.",
        always(Breaking, "old clients sign in another way"),
        always(Breaking, "`Credentials` is another type"),
    )
    .cases(&[&SIGNER_ADDED, &SIGNER_REMOVED]);
    SECURITY_SCHEME_CHANGED = rule(
        "security-scheme-changed",
        "security-scheme-changed",
        "Credentials are sent under another name or in another place, or are got in another way.",
        always(Breaking, "old clients get or send their credentials as before, and are refused"),
        always(Safe, "the signing crate has to change too"),
    )
    .cases(&[&SCHEME_EXTENDED, &SCHEME_UNUSED]);
    SECURITY_SCHEME_ADDED = rule(
        "security-scheme-added",
        "security-scheme-removed",
        "A security scheme is defined.",
        always(Safe, "each operation that asks for it is a change of its own"),
        NO_CODE,
    );
    SECURITY_SCHEME_REMOVED = rule(
        "security-scheme-removed",
        "security-scheme-added",
        "The definition of a security scheme is gone.",
        always(Safe, "each operation that does not ask for it any more is a change of its own"),
        NO_CODE,
    )
    .cases(&[&STILL_NAMED]);
    SECURITY_SCOPE_ADDED = rule(
        "security-scope-added",
        "security-scope-removed",
        "A security scheme has one more scope.",
        always(Safe, "old clients do not ask for it"),
        NO_CODE,
    );
    SECURITY_SCOPE_REMOVED = rule(
        "security-scope-removed",
        "security-scope-added",
        "A scope of a security scheme is gone.",
        always(Risky, "old clients that ask for it may get no token"),
        NO_CODE,
    );
    PRIVATE_KEY_ADDED = new(
        "private-key-added",
        "private-key-removed",
        "Requests can be signed with a private key.",
        always(Safe, "old clients sign as before"),
        always(Safe, "tools take a private key"),
    );
    PRIVATE_KEY_REMOVED = rule(
        "private-key-removed",
        "private-key-added",
        "Requests cannot be signed with a private key any more.",
        always(Breaking, "old clients with a private key are refused"),
        always(Risky, "tools take no private key any more"),
    );
    KEY_ONLY_ADDED = new(
        "key-only-added",
        "key-only-removed",
        "Credentials need no secret for operations that need the key alone.",
        always(Safe, "old clients send the key as before"),
        always(Safe, "tools take a key without a secret"),
    );
    KEY_ONLY_REMOVED = rule(
        "key-only-removed",
        "key-only-added",
        "Credentials need a secret for every operation.",
        always(Safe, "old clients send the key as before"),
        always(Safe, "only tools ask for a secret, which the venue has given with the key"),
    );
    TOKEN_LOGIN_ADDED = new(
        "token-login-added",
        "token-login-removed",
        "A token can log a connection in.",
        always(Safe, "old clients log in as before"),
        always(Safe, "tools take a token"),
    );
    TOKEN_LOGIN_REMOVED = rule(
        "token-login-removed",
        "token-login-added",
        "No token can log a connection in any more.",
        always(Risky, "old clients that log in with a token may be refused"),
        always(Safe, "only tools take no token any more"),
    );
    RECV_WINDOW_ADDED = new(
        "recv-window-added",
        "recv-window-removed",
        "Signed requests can carry a receive window.",
        always(Safe, "old clients do not send one"),
        always(Safe, "calls can set one"),
    )
    .cases(&[&NOTHING_SIGNED]);
    RECV_WINDOW_REMOVED = rule(
        "recv-window-removed",
        "recv-window-added",
        "Signed requests cannot carry a receive window any more.",
        always(Risky, "old clients may still send one"),
        always(Risky, "a call that sets one is not sent any more"),
    )
    .cases(&[&NOTHING_SIGNED]);
    RECV_WINDOW_CHANGED = rule(
        "recv-window-changed",
        "recv-window-changed",
        "The receive window of signed requests has another default or maximum.",
        always(Risky, "requests of old clients may be refused, or accepted for longer than intended"),
        NO_CODE,
    )
    .cases(&[&WINDOW_WIDENED]);
    LIMIT_ADDED = rule(
        "limit-added",
        "limit-removed",
        "A rate limit is new.",
        always(Risky, "old clients do not follow it, and may be refused or banned"),
        NO_CODE,
    );
    LIMIT_REMOVED = rule(
        "limit-removed",
        "limit-added",
        "A rate limit is gone.",
        always(Safe, "old clients wait longer than necessary"),
        NO_CODE,
    );
    LIMIT_LOWERED = rule(
        "limit-lowered",
        "limit-raised",
        "A rate limit admits less.",
        always(Risky, "old clients send more, and may be refused or banned"),
        NO_CODE,
    );
    LIMIT_RAISED = rule(
        "limit-raised",
        "limit-lowered",
        "A rate limit admits more.",
        always(Safe, "old clients wait longer than necessary"),
        NO_CODE,
    );
    LIMIT_CHANGED = rule(
        "limit-changed",
        "limit-changed",
        "A rate limit counts in another way.",
        always(Risky, "old clients count in another way than the venue"),
        NO_CODE,
    )
    .cases(&[&ONLY_HEADER, &LONGER_CLOSING, &SHORTER_CLOSING]);
    SERVER_TIME_ADDED = new(
        "server-time-added",
        "server-time-removed",
        "An operation returns the venue's time.",
        always(Safe, "old clients do not request it"),
        always(Safe, "`sync_clock` is new"),
    );
    SERVER_TIME_REMOVED = rule(
        "server-time-removed",
        "server-time-added",
        "No operation returns the venue's time any more.",
        always(Risky, "old clients may still request it"),
        always(Breaking, "`sync_clock` is gone"),
    );
    SERVER_TIME_CHANGED = rule(
        "server-time-changed",
        "server-time-changed",
        "The venue's time is in another place, or in another unit.",
        always(Breaking, "old clients find no time, or a wrong one"),
        NO_CODE,
    )
    .cases(&[&OLD_OPERATION_STAYS]);
    ERROR_SHAPE_CHANGED = rule(
        "error-shape-changed",
        "error-shape-changed",
        "The code or the message of an error is in another place.",
        always(Breaking, "old clients do not find it, and cannot distinguish errors"),
        NO_CODE,
    )
    .cases(&[&POINTERS_REORDERED, &POINTER_ADDED, &POINTER_REMOVED, &MESSAGE_MOVED]);
    REFUSAL_CONDITION_ADDED = rule(
        "refusal-condition-added",
        "refusal-condition-removed",
        "More responses of status 2xx are errors.",
        always(Breaking, "old clients take the error for a success"),
        always(Risky, "such a response becomes an error"),
    );
    REFUSAL_CONDITION_REMOVED = rule(
        "refusal-condition-removed",
        "refusal-condition-added",
        "Fewer responses of status 2xx are errors.",
        always(Breaking, "old clients take a success for a refusal: an order that is placed again may be carried out \
             twice"),
        always(Risky, "such a response is not an error any more"),
    )
    .cases(&[&OUTCOME_WAS_UNKNOWN]);
    FAILURE_BECAME_UNKNOWN = rule(
        "failure-became-unknown",
        "failure-became-refusal",
        "An error of status 2xx leaves it open now whether the request was carried out.",
        always(Breaking, "old clients take it for a refusal: an order that is placed again may be carried out twice"),
        always(Risky, "its outcome becomes `Unknown`"),
    );
    FAILURE_BECAME_REFUSAL = rule(
        "failure-became-refusal",
        "failure-became-unknown",
        "An error of status 2xx means that the request was refused.",
        always(Safe, "old clients are more careful than necessary"),
        always(Risky, "its outcome becomes `Refused`"),
    );
    FAILURE_ORDER_CHANGED = rule(
        "failure-order-changed",
        "failure-order-changed",
        "If several conditions hold for a response, another condition decides about the outcome.",
        always(Breaking, "old clients take an unknown outcome for a refusal: an order that is placed again may be \
             carried out twice"),
        always(Risky, "such a response has another outcome"),
    )
    .cases(&[&REFUSAL_FIRST]);
    UNKNOWN_CODE_ADDED = rule(
        "unknown-code-added",
        "unknown-code-removed",
        "After this error code the outcome of a request is unknown.",
        always(Breaking, "old clients take it for a refusal: an order that is placed again may be carried out twice"),
        always(Risky, "its outcome becomes `Unknown`"),
    );
    UNKNOWN_CODE_REMOVED = rule(
        "unknown-code-removed",
        "unknown-code-added",
        "After this error code the outcome of a request is a refusal.",
        always(Safe, "old clients are more careful than necessary"),
        always(Risky, "its outcome becomes `Refused`"),
    );
    UNKNOWN_STATUS_ADDED = rule(
        "unknown-status-added",
        "unknown-status-removed",
        "After a response of this status the outcome of a request is unknown.",
        always(Breaking, "old clients take it for a refusal: an order that is placed again may be carried out twice"),
        always(Risky, "its outcome becomes `Unknown`"),
    );
    UNKNOWN_STATUS_REMOVED = rule(
        "unknown-status-removed",
        "unknown-status-added",
        "After a response of this status the outcome of a request is a refusal.",
        always(Safe, "old clients are more careful than necessary"),
        always(Risky, "its outcome becomes `Refused`"),
    );
    BATCH_ADDED = rule(
        "batch-added",
        "batch-removed",
        "The response has to have an element for each element of the request.",
        always(Breaking, "old clients call a batch refused although elements are missing in the response: an order \
             that is placed again may be carried out twice"),
        always(Risky, "if elements are missing, its outcome becomes `Unknown`"),
    );
    BATCH_REMOVED = rule(
        "batch-removed",
        "batch-added",
        "The response need not have an element for each element of the request.",
        always(Safe, "old clients are more careful than necessary"),
        always(Risky, "if elements are missing, its outcome becomes `Refused`"),
    );
    BATCH_CHANGED = rule(
        "batch-changed",
        "batch-changed",
        "The elements of a batch are counted in another list.",
        always(Breaking, "old clients count other elements, and may call a batch refused although elements are \
             missing"),
        always(Risky, "the outcome of a batch may change"),
    );
    PAGINATION_ADDED = rule(
        "pagination-added",
        "pagination-removed",
        "The spec describes the pages of a list (`x-pagination`).",
        always(Safe, "requests and responses stay the same"),
        always(Safe, "the operation gets the method `items()`"),
    );
    PAGINATION_REMOVED = rule(
        "pagination-removed",
        "pagination-added",
        "The spec does not describe the pages of a list (`x-pagination`) any more.",
        always(Risky, "old clients may ask for pages that the venue does not have"),
        always(Breaking, "the method `items()` is gone"),
    );
    PAGINATION_CHANGED = rule(
        "pagination-changed",
        "pagination-changed",
        "The pages of a list are asked for in another way.",
        always(Risky, "old clients ask for pages in the old way, and may miss items"),
        always(Risky, "`items()` asks for other pages"),
    );
    CLOCK_CODE_ADDED = rule(
        "clock-code-added",
        "clock-code-removed",
        "This error code means that the time of a request is off.",
        always(Risky, "old clients do not correct their clock after it"),
        NO_CODE,
    );
    CLOCK_CODE_REMOVED = rule(
        "clock-code-removed",
        "clock-code-added",
        "This error code does not mean any more that the time of a request is off.",
        always(Risky, "old clients correct their clock and may send again without a reason"),
        NO_CODE,
    );
    REFUSED_CODE_ADDED = rule(
        "refused-code-added",
        "refused-code-removed",
        "This error code means that a request was refused for another reason than a rate limit.",
        always(Risky, "if it comes with 429, old clients close the limit and may send again without a reason"),
        NO_CODE,
    );
    REFUSED_CODE_REMOVED = rule(
        "refused-code-removed",
        "refused-code-added",
        "This error code does not mean any more that a request was refused for another reason than a rate limit.",
        always(Risky, "if it comes with 429, old clients do not hold back"),
        NO_CODE,
    );
    ERROR_CODE_ADDED = rule(
        "error-code-added",
        "error-code-removed",
        "An error code is new.",
        always(Safe, "old clients pass on any code"),
        NO_CODE,
    )
    .cases(&[&CODE_FOR_OTHERS]);
    ERROR_CODE_REMOVED = rule(
        "error-code-removed",
        "error-code-added",
        "An error code is gone.",
        always(Safe, "old clients pass on any code"),
        NO_CODE,
    )
    .cases(&[&CODE_FOR_OTHERS]);
    SOCKET_ADDED = rule(
        "socket-added",
        "socket-removed",
        "The API is called over a socket.",
        always(Breaking, "old clients call it by HTTP requests"),
        always(Breaking, "the crate has other features, and its client has no HTTP transport"),
    );
    SOCKET_REMOVED = rule(
        "socket-removed",
        "socket-added",
        "The API is not called over a socket any more.",
        always(Breaking, "old clients call it over a socket"),
        always(Breaking, "the crate has other features, and its client has no connections"),
    );
    SOCKET_CHANGED = rule(
        "socket-changed",
        "socket-changed",
        "The login or the ping of a connection changes.",
        always(Risky, "old clients log in or stay connected in the old way"),
        NO_CODE,
    )
    .cases(&[&NEW_LOGIN]);
    PARAMETER_ORDER_BECAME_SIGNIFICANT = rule(
        "parameter-order-became-significant",
        "parameter-order-became-insignificant",
        "The venue refuses parameters in another order than the spec's.",
        always(Safe, "clients always send them in the order of the spec"),
        NO_CODE,
    );
    PARAMETER_ORDER_BECAME_INSIGNIFICANT = rule(
        "parameter-order-became-insignificant",
        "parameter-order-became-significant",
        "The venue takes parameters in any order.",
        always(Safe, "clients always send them in the order of the spec"),
        NO_CODE,
    );
}
