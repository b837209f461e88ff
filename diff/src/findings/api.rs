//! The extensions of the API as a whole.

use venuekit_codegen::model::{
    self, Api, Envelope, Protocol, RecvWindow, ServerTime, SigningCrate, SigningSource, TimeUnit,
};

use super::places::{api, of_api, removed_from_api};
use crate::alignment::operations::Operations;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::rules;

/// Compares the extensions of the API, except limits and errors.
pub(super) fn extensions(sides: &Sides<'_>, operations: &Operations<'_>) -> Findings {
    let mut findings = Findings::default();
    let Some((old, new)) = sides.apis() else { return findings };
    for finding in [
        signer(old, new),
        base_path(old, new),
        envelope(old, new),
        recv_window(old, new),
        private_key(old, new),
        key_only(old, new),
        token_login(old, new),
        parameter_order(old, new),
        socket(old, new),
        server_time(old, new, operations),
    ] {
        findings.add(finding.into());
    }
    findings
}

fn signer(old: &Api, new: &Api) -> Option<Finding> {
    if old.auth == new.auth {
        return None;
    }
    let text = |auth: &Option<SigningCrate>| match auth {
        Some(SigningCrate { package, source: SigningSource::Venuekit(_) }) => package.clone(),
        Some(SigningCrate { package, source: SigningSource::Other { version, path } }) => {
            [Some(package), version.as_ref(), path.as_ref()]
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join(" ")
        }
        None => "the user's own".to_owned(),
    };
    let finding = of_api(&rules::SIGNER_CHANGED, "/x-auth", new.auth.is_some());
    let finding = finding.case_if(old.auth.is_none(), &rules::SIGNER_ADDED);
    let finding = finding.case_if(new.auth.is_none(), &rules::SIGNER_REMOVED);
    Some(finding.was(text(&old.auth)).is(text(&new.auth)))
}

fn base_path(old: &Api, new: &Api) -> Option<Finding> {
    if old.base_path == new.base_path {
        return None;
    }
    let text = |path: &Option<String>| path.clone().unwrap_or_default();
    let finding = of_api(&rules::BASE_PATH_CHANGED, "/x-base-path", new.base_path.is_some());
    let finding = finding.case_if(old.base_path.is_none(), &rules::BASE_PATH_STATED);
    let finding = finding.case_if(new.base_path.is_none(), &rules::BASE_PATH_GONE);
    Some(finding.was(text(&old.base_path)).is(text(&new.base_path)))
}

fn envelope(old: &Api, new: &Api) -> Option<Finding> {
    let text = |envelope: Envelope| match envelope {
        Envelope::V2 => "JSON-RPC 2.0",
        Envelope::Bare => "bare",
    };
    match (old.protocol, new.protocol) {
        (Protocol::JsonRpc(before), Protocol::JsonRpc(after)) if before != after => {
            let finding = of_api(&rules::ENVELOPE_CHANGED, "/x-envelope", after == Envelope::Bare);
            Some(finding.was(text(before)).is(text(after)))
        }
        _ => None,
    }
}

fn recv_window(old: &Api, new: &Api) -> Option<Finding> {
    let text = |window: &RecvWindow| {
        let ms = |value: Option<u64>| value.map_or_else(|| "not stated".to_owned(), |value| format!("{value} ms"));
        format!("default {}, maximum {}", ms(window.default), ms(window.max))
    };
    let pointer = "/x-recv-window";
    // Only signed requests carry it.
    let signs = |api: &Api| api.operations.iter().any(|operation| operation.security == model::Security::Signed);
    match (&old.recv_window, &new.recv_window) {
        (None, Some(window)) => {
            let finding = api(&rules::RECV_WINDOW_ADDED, pointer).is(text(window));
            Some(finding.case_if(!signs(new), &rules::NOTHING_SIGNED))
        }
        (Some(window), None) => {
            let finding = removed_from_api(&rules::RECV_WINDOW_REMOVED, pointer).was(text(window));
            Some(finding.case_if(!signs(old), &rules::NOTHING_SIGNED))
        }
        (Some(before), Some(after)) if before != after => {
            let is_wider = after.max.is_none_or(|after| before.max.is_some_and(|before| before <= after));
            let finding = api(&rules::RECV_WINDOW_CHANGED, pointer).was(text(before)).is(text(after));
            Some(finding.case_if(before.default == after.default && is_wider, &rules::WINDOW_WIDENED))
        }
        _ => None,
    }
}

fn private_key(old: &Api, new: &Api) -> Option<Finding> {
    match (old.private_key, new.private_key) {
        (false, true) => Some(api(&rules::PRIVATE_KEY_ADDED, "/x-private-key")),
        (true, false) => Some(removed_from_api(&rules::PRIVATE_KEY_REMOVED, "/x-private-key")),
        _ => None,
    }
}

fn key_only(old: &Api, new: &Api) -> Option<Finding> {
    match (old.key_only, new.key_only) {
        (false, true) => Some(api(&rules::KEY_ONLY_ADDED, "/x-key-only")),
        (true, false) => Some(removed_from_api(&rules::KEY_ONLY_REMOVED, "/x-key-only")),
        _ => None,
    }
}

fn token_login(old: &Api, new: &Api) -> Option<Finding> {
    match (old.token_login, new.token_login) {
        (false, true) => Some(api(&rules::TOKEN_LOGIN_ADDED, "/x-token-login")),
        (true, false) => Some(removed_from_api(&rules::TOKEN_LOGIN_REMOVED, "/x-token-login")),
        _ => None,
    }
}

fn socket(old: &Api, new: &Api) -> Option<Finding> {
    let pointer = "/x-socket";
    match (&old.socket, &new.socket) {
        (None, Some(after)) => Some(api(&rules::SOCKET_ADDED, pointer).is(after.to_string())),
        (Some(before), None) => Some(removed_from_api(&rules::SOCKET_REMOVED, pointer).was(before.to_string())),
        (Some(before), Some(after)) if before != after => {
            let is_new = |operation: &model::Operation| {
                let by_id = |api: &Api| api.operation(&operation.id).is_some_and(|operation| api.is_login(operation));
                !old.is_login(operation) && by_id(new)
            };
            let finding =
                api(&rules::SOCKET_CHANGED, pointer).case_if(old.operations.iter().any(is_new), &rules::NEW_LOGIN);
            Some(finding.was(before.to_string()).is(after.to_string()))
        }
        _ => None,
    }
}

fn parameter_order(old: &Api, new: &Api) -> Option<Finding> {
    let pointer = "/x-parameter-order";
    match (old.parameter_order_significant, new.parameter_order_significant) {
        (false, true) => Some(api(&rules::PARAMETER_ORDER_BECAME_SIGNIFICANT, pointer)),
        (true, false) => Some(removed_from_api(&rules::PARAMETER_ORDER_BECAME_INSIGNIFICANT, pointer)),
        _ => None,
    }
}

fn server_time(old: &Api, new: &Api, operations: &Operations<'_>) -> Option<Finding> {
    let text = |time: &ServerTime| {
        let unit = match time.unit {
            TimeUnit::Milliseconds => "ms",
            TimeUnit::Microseconds => "us",
            TimeUnit::Nanoseconds => "ns",
            TimeUnit::Seconds => "s",
            TimeUnit::Iso8601 => "iso8601",
            TimeUnit::DotnetTicks => "dotnet-ticks",
        };
        let parts = [time.operation.as_str(), time.pointer.as_str(), unit];
        parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let pointer = "/x-server-time";
    match (&old.server_time, &new.server_time) {
        (None, Some(time)) => Some(api(&rules::SERVER_TIME_ADDED, pointer).is(text(time))),
        (Some(time), None) => Some(removed_from_api(&rules::SERVER_TIME_REMOVED, pointer).was(text(time))),
        (Some(before), Some(after)) => {
            let place = |api: &Api, time: &ServerTime| {
                api.operation(&time.operation).map(|operation| operation.pointer.clone())
            };
            let old_place = place(old, before);
            let stays = operations.pairs.iter().find(|pair| Some(&pair.old.at.pointer) == old_place.as_ref());
            let stays = stays.map(|pair| pair.new.at.pointer.clone());
            let is_same = stays == place(new, after);
            if is_same && before.pointer == after.pointer && before.unit == after.unit {
                return None;
            }
            let finding = api(&rules::SERVER_TIME_CHANGED, pointer).was(text(before)).is(text(after));
            Some(finding.case_if(!is_same && stays.is_some(), &rules::OLD_OPERATION_STAYS))
        }
        (None, None) => None,
    }
}
