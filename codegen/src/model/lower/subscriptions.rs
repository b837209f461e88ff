//! Lowers `x-socket` and `x-subscription`.

use super::lowering::Lowering;
use super::open_recovery::OpenRecovery;
use crate::model::api::{Entity, ExampleOf, Operation, Recovery, Socket, Subscription};
use crate::model::names::compound;
use crate::source::extensions as source;

/// Returns the socket of an API.
pub(super) fn socket(socket: &source::Socket<'_>) -> Socket {
    let mut other_logins: Vec<String> = socket.other_logins.iter().map(|id| (*id).to_owned()).collect();
    // Their order has no meaning.
    other_logins.sort();
    Socket {
        login: socket.login.map(str::to_owned),
        other_logins,
        ping: socket.ping.map(str::to_owned),
        ping_interval: socket.ping_interval.map(|interval| interval.seconds),
    }
}

impl<'a> Lowering<'a> {
    /// Returns the subscription of a method. Its recovery is added by
    /// [`settle_recoveries`](Self::settle_recoveries), because it names the parameters of another
    /// method.
    pub(super) fn subscription(&mut self, found: &source::Subscription<'a>, method: &str) -> Subscription {
        let pointer = found.params.pointer.clone();
        let words = self.words("subscription", found.name, None, &pointer);
        let of = ExampleOf::Response { operation: method.to_owned(), status: "notification".to_owned() };
        let ty = self.schema(&found.params, &compound(&words.pascal(), "Notification"), &of);
        self.response_roots.push(ty.clone());
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let const_name = format!("{}_FAMILY", words.screaming());
        let entity = found.entity.as_ref().map(|entity| match entity {
            source::Entity::Members(at) => Entity::Members((*at).to_owned()),
            source::Entity::Object { at, id, done } => Entity::Object {
                at: (*at).to_owned(),
                id: (*id).to_owned(),
                done: done.as_ref().map(|(at, value)| ((*at).to_owned(), value.node.to_json())),
            },
        });
        if let Some(recovery) = &found.recovery {
            self.recoveries.push(open_recovery(recovery, method));
        }
        Subscription {
            name: found.name.to_owned(),
            const_name,
            notification: found.notification.to_owned(),
            unsubscribe: found.unsubscribe.to_owned(),
            ty,
            schema: found.params.node.to_json(),
            content: found.content,
            topics: found.topics,
            empty_is_all: found.empty_is_all,
            topic_at: owned(found.topic_at),
            topic_keys_at: owned(found.topic_keys_at),
            snapshot_flag: owned(found.snapshot_flag),
            first_is_snapshot: found.first_is_snapshot,
            elements: found.elements.as_ref().map(|found| (found.at.to_owned(), found.id.to_owned())),
            elements_change: found.elements.as_ref().is_some_and(|found| found.change),
            entity,
            recovery: None,
            promised_interval: found.promised_interval.map(|interval| interval.seconds),
        }
    }

    /// Adds the recoveries to the subscriptions, once all operations are known.
    pub(super) fn settle_recoveries(&mut self, operations: &mut [Operation]) {
        for open in std::mem::take(&mut self.recoveries) {
            let Some(query) = operations.iter().find(|operation| operation.id == open.recovery.query) else { continue };
            let position_in = |operation: &Operation, name: &str| {
                operation.parameters.iter().position(|parameter| parameter.wire == name)
            };
            let position = |name: &str| position_in(query, name);
            let subscribing = operations.iter().find(|operation| operation.id == open.operation);
            let of_subscription = |name: &str| position_in(subscribing?, name);
            let settled = Recovery {
                topic: open.topic.as_deref().and_then(position),
                last_id: open.last_id.as_deref().and_then(position),
                own: open.own.iter().filter_map(|(name, of)| Some((position(name)?, of_subscription(of)?))).collect(),
                times: open.times.as_ref().and_then(|(unit, now)| Some((*unit, position(now)?))),
                values: open.values.iter().filter_map(|(name, json)| Some((position(name)?, json.clone()))).collect(),
                pages: open
                    .pages
                    .as_ref()
                    .and_then(|(offset, limit, size)| Some((position(offset)?, position(limit)?, *size))),
                ..open.recovery
            };
            let subscribing = operations.iter_mut().find(|operation| operation.id == open.operation);
            if let Some(subscription) = subscribing.and_then(|operation| operation.subscription.as_mut()) {
                subscription.recovery = Some(settled);
            }
        }
    }
}

fn open_recovery(recovery: &source::Recovery<'_>, method: &str) -> OpenRecovery {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    OpenRecovery {
        operation: method.to_owned(),
        topic: owned(recovery.topic),
        last_id: owned(recovery.last_id),
        own: recovery
            .own
            .iter()
            .filter_map(|(name, of)| Some(((*name).to_owned(), of.node.as_str()?.to_owned())))
            .collect(),
        times: recovery.times.map(|(unit, now)| (unit, now.to_owned())),
        values: recovery.values.iter().map(|(name, value)| ((*name).to_owned(), value.node.to_json())).collect(),
        pages: recovery.pages.as_ref().map(|pages| (pages.offset.to_owned(), pages.limit.to_owned(), pages.size)),
        recovery: Recovery {
            query: recovery.query.to_owned(),
            template: recovery.template.to_owned(),
            topic: None,
            topic_list: recovery.topic_list,
            values: Vec::new(),
            own: Vec::new(),
            last_id: None,
            times: None,
            full_at: recovery.full_at,
            pages: None,
            elements_at: owned(recovery.elements_at),
            id_at: owned(recovery.id_at),
        },
    }
}
