//! Emits subscriptions: a static that describes each family, and the function that subscribes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Api, Content, Entity, Envelope, Operation, Protocol, Recovery, Subscription, Topics};

use super::docs::doc_lines;
use super::tokens::{AdaptorFor, Scope, adaptor_for, ident, number, rust_type};

/// Returns the path of the static of a family, for use in other generated modules.
pub(super) fn family_path(subscription: &Subscription) -> TokenStream {
    let name = ident(&subscription.const_name);
    quote!(crate::operations::#name)
}

/// Returns the static of the call that ends the subscriptions of a family.
pub(super) fn unsubscribe(api: &Api, operation: &Operation, subscription: &Subscription) -> TokenStream {
    let (name, method) = (unsubscribe_name(subscription), &subscription.unsubscribe);
    let start = ident(if api.protocol == Protocol::JsonRpc(Envelope::Bare) { "rpc" } else { "json_rpc" });
    let security = (operation.security == crate::model::Security::Login)
        .then(|| quote!(.with_security(::venuekit::operation::Security::Login)));
    let limits = (!operation.limits.is_empty()).then(|| {
        let names = operation.limits.iter().filter_map(|index| api.limits.get(*index)).map(|limit| &limit.name);
        quote!(.with_limits(&[#(#names),*]))
    });
    let docs = format!(" Ends the subscriptions of [`{}`] on a connection.", subscription.const_name);
    quote! {
        #[doc = #docs]
        static #name: ::venuekit::operation::Operation = ::venuekit::operation::Operation::#start(#method, #method)
            #security #limits .with_idempotent(::venuekit::operation::Idempotent::Always);
    }
}

fn unsubscribe_name(subscription: &Subscription) -> proc_macro2::Ident {
    format_ident!("{}_UNSUBSCRIBE", subscription.const_name)
}

/// Returns the static of a family.
pub(super) fn family(api: &Api, operation: &Operation, subscription: &Subscription) -> TokenStream {
    let (name, title, notification) = (ident(&subscription.const_name), &subscription.name, &subscription.notification);
    let (subscribe, unsubscribe) = (ident(&operation.const_name), unsubscribe_name(subscription));
    let topics = match subscription.topics {
        Topics::Single => None,
        Topics::List => Some(quote!(.with_topics(::venuekit::operation::Topics::List))),
        Topics::Rows => Some(quote!(.with_topics(::venuekit::operation::Topics::Rows))),
        Topics::RowsOrSingle => Some(quote!(.with_topics(::venuekit::operation::Topics::RowsOrSingle))),
        Topics::Ids => Some(quote!(.with_topics(::venuekit::operation::Topics::Ids))),
    };
    let content = match subscription.content {
        Content::Events => None,
        Content::States => Some(quote!(.with_content(::venuekit::operation::Content::States))),
        Content::Deltas => {
            let flag = match &subscription.snapshot_flag {
                Some(place) => quote!(Some(#place)),
                None => quote!(None),
            };
            Some(quote!(.with_content(::venuekit::operation::Content::deltas(#flag))))
        }
    };
    let empty = subscription.empty_is_all.then(|| quote!(.with_empty_list_is_all()));
    let first = subscription.first_is_snapshot.then(|| quote!(.with_first_is_snapshot()));
    let topic = subscription.topic_at.as_ref().map(|place| quote!(.with_topic_at(#place)));
    let keys = subscription.topic_keys_at.as_ref().map(|place| quote!(.with_topic_keys_at(#place)));
    let elements = subscription.elements.as_ref().map(|(at, id)| match subscription.elements_change {
        true => quote!(.with_changing_elements(#at, #id)),
        false => quote!(.with_elements(#at, #id)),
    });
    let entity = subscription.entity.as_ref().map(|entity| {
        let entity = match entity {
            Entity::Members(at) => quote!(members(#at)),
            Entity::Object { at, id, done: None } => quote!(new(#at, #id)),
            Entity::Object { at, id, done: Some((place, json)) } => quote!(new(#at, #id).done_when(#place, #json)),
        };
        quote!(.with_entity(::venuekit::operation::Entity::#entity))
    });
    let recovery = subscription.recovery.as_ref().and_then(|found| recovery(api, found));
    let promised = subscription.promised_interval.map(|seconds| {
        let seconds = proc_macro2::Literal::u64_unsuffixed(seconds);
        quote!(.with_promised_interval(#seconds))
    });
    let docs = format!(" The subscriptions of [`{0}`](struct@{0}).", operation.type_name);
    quote! {
        #[doc = #docs]
        pub static #name: ::venuekit::operation::SubscriptionFamily =
            ::venuekit::operation::SubscriptionFamily::new(#title, &#subscribe, &#unsubscribe, &[#notification])
                #topics #content #empty #first #topic #keys #elements #entity #recovery #promised;
    }
}

fn recovery(api: &Api, recovery: &Recovery) -> Option<TokenStream> {
    let (query, template) = (ident(&api.operation(&recovery.query)?.const_name), &recovery.template);
    let topic = recovery.topic.map(number).map(|position| quote!(.with_topic(#position)));
    let topic_list = recovery.topic_list.then(|| quote!(.with_topic_list()));
    let values = recovery.values.iter().map(|(position, json)| {
        let position = number(*position);
        quote!(.with_value(#position, #json))
    });
    let last_id = recovery.last_id.map(number).map(|position| quote!(.with_last_id(#position)));
    let own = recovery.own.iter().map(|(position, of)| {
        let (position, of) = (number(*position), number(*of));
        quote!(.with_own(#position, #of))
    });
    let times = recovery.times.map(|(per_second, now)| {
        let (now, per_second) = (number(now), proc_macro2::Literal::u32_unsuffixed(per_second));
        quote!(.with_times(#now, #per_second))
    });
    let full_at = recovery.full_at.map(proc_macro2::Literal::u32_unsuffixed).map(|count| quote!(.with_full_at(#count)));
    let pages = recovery.pages.map(|(offset, limit, size)| {
        let (offset, limit, size) = (number(offset), number(limit), proc_macro2::Literal::u32_unsuffixed(size));
        quote!(.with_pages(#offset, #limit, #size))
    });
    let elements = recovery.elements_at.as_ref().map(|place| quote!(.with_elements_at(#place)));
    let id = recovery.id_at.as_ref().map(|place| quote!(.with_id_at(#place)));
    Some(quote! {
        .with_recovery(
            ::venuekit::operation::Recovery::new(&#query, #template)
                #topic #topic_list #(#values)* #(#own)* #last_id #times #full_at #pages #elements #id
        )
    })
}

/// Returns the function that subscribes, as the macro of operations takes it.
pub(super) fn send(api: &Api, subscription: &Subscription) -> TokenStream {
    let docs = doc_lines(&["Subscribes. Dropping the subscription ends it.".to_owned()]);
    let (ty, family) = (rust_type(&subscription.ty, Scope::Elsewhere), ident(&subscription.const_name));
    let subscribe = match adaptor_for(api, &subscription.ty, AdaptorFor::Response) {
        None => quote!(subscribe(&#family)),
        Some(adaptor) => quote!(subscribe_as::<#ty, #adaptor>(&#family)),
    };
    quote!(#docs fn subscribe() -> #ty { #subscribe })
}
