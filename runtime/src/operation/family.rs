//! A family of subscriptions, as its spec describes it.

use std::time::Duration;

use super::operation::Operation;
use super::recovery::Recovery;

/// A family of subscriptions of a venue that is called over a WebSocket, such as all subscriptions
/// to order books.
#[derive(Debug)]
pub struct SubscriptionFamily {
    pub(crate) name: &'static str,
    pub(crate) subscribe: &'static Operation,
    pub(crate) unsubscribe: &'static Operation,
    pub(crate) notifications: &'static [&'static str],
    pub(crate) topics: Topics,
    pub(crate) empty_list_is_all: bool,
    pub(crate) topic: Option<TopicAt>,
    pub(crate) content: Content,
    pub(crate) first_is_snapshot: bool,
    pub(crate) elements: Option<Elements>,
    pub(crate) entity: Option<Entity>,
    pub(crate) recovery: Option<Recovery>,
    pub(crate) promised_interval: Option<Duration>,
}

impl SubscriptionFamily {
    /// Describes a family by its name, the operations that subscribe and unsubscribe, and the
    /// methods of its notifications. A connection carries one subscription of it, and each
    /// notification counts once.
    pub const fn new(
        name: &'static str,
        subscribe: &'static Operation,
        unsubscribe: &'static Operation,
        notifications: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            subscribe,
            unsubscribe,
            notifications,
            topics: Topics::Single,
            empty_list_is_all: false,
            topic: None,
            content: Content::Events,
            first_is_snapshot: false,
            elements: None,
            entity: None,
            recovery: None,
            promised_interval: None,
        }
    }

    /// Sets how the subscriptions of one connection become one call.
    #[must_use]
    pub const fn with_topics(mut self, topics: Topics) -> Self {
        self.topics = topics;
        self
    }

    /// States that an empty list of topics subscribes to all of them. Otherwise it is an error.
    #[must_use]
    pub const fn with_empty_list_is_all(mut self) -> Self {
        self.empty_list_is_all = true;
        self
    }

    /// Sets the JSON pointer to the topic in the `params` of a notification. The topic is a text.
    #[must_use]
    pub const fn with_topic_at(mut self, pointer: &'static str) -> Self {
        self.topic = Some(TopicAt::Text(pointer));
        self
    }

    /// Sets the JSON pointer to an object in the `params` of a notification, whose keys are topics.
    #[must_use]
    pub const fn with_topic_keys_at(mut self, pointer: &'static str) -> Self {
        self.topic = Some(TopicAt::Keys(pointer));
        self
    }

    /// Sets the relation of the notifications to the state that they are about.
    #[must_use]
    pub const fn with_content(mut self, content: Content) -> Self {
        self.content = content;
        self
    }

    /// States that the first notification of a topic is a snapshot.
    #[must_use]
    pub const fn with_first_is_snapshot(mut self) -> Self {
        self.first_is_snapshot = true;
        self
    }

    /// Sets the JSON pointer to a list in the `params` of a notification, and the pointer from one
    /// of its elements to its id, by which an element is delivered once.
    #[must_use]
    pub const fn with_elements(mut self, list: &'static str, id: &'static str) -> Self {
        self.elements = Some(Elements { list, id, change: false });
        self
    }

    /// Sets the JSON pointer to a list in the `params` of a notification, and the pointer from one
    /// of its elements to its id. An element replaces the one before with its id, as candles do.
    #[must_use]
    pub const fn with_changing_elements(mut self, list: &'static str, id: &'static str) -> Self {
        self.elements = Some(Elements { list, id, change: true });
        self
    }

    /// Sets the entity that a notification is about, such as an order.
    #[must_use]
    pub const fn with_entity(mut self, entity: Entity) -> Self {
        self.entity = Some(entity);
        self
    }

    /// Sets the query that shows what was missed while there was no connection.
    #[must_use]
    pub const fn with_recovery(mut self, recovery: Recovery) -> Self {
        self.recovery = Some(recovery);
        self
    }

    /// Sets the time in seconds within which the venue promises a notification.
    #[must_use]
    pub const fn with_promised_interval(mut self, seconds: u64) -> Self {
        self.promised_interval = Some(Duration::from_secs(seconds));
        self
    }

    /// Returns the name: `depth`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the operation that subscribes.
    pub const fn subscribe(&self) -> &'static Operation {
        self.subscribe
    }

    /// Returns the operation that ends all subscriptions of the family on a connection.
    pub const fn unsubscribe(&self) -> &'static Operation {
        self.unsubscribe
    }

    /// Returns the methods of the notifications.
    pub const fn notifications(&self) -> &'static [&'static str] {
        self.notifications
    }

    /// Returns how the subscriptions of one connection become one call.
    pub const fn topics(&self) -> Topics {
        self.topics
    }

    /// Returns the relation of the notifications to the state that they are about.
    pub const fn content(&self) -> Content {
        self.content
    }

    /// Returns the JSON pointer to the list of elements in a notification, and the pointer from an
    /// element to its id, if an element is delivered once.
    pub const fn elements(&self) -> Option<(&'static str, &'static str)> {
        match self.elements {
            Some(Elements { list, id, change: false }) => Some((list, id)),
            _ => None,
        }
    }

    /// Returns whether an element of a notification replaces the one before with its id.
    #[cfg(feature = "ws")]
    pub(crate) fn elements_change(&self) -> bool {
        self.elements.is_some_and(|elements| elements.change)
    }

    /// Returns the query that shows what was missed while there was no connection.
    pub const fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    /// Returns whether the entities of the family end, as orders do. A query for the open ones does
    /// not return an entity that began and ended meanwhile, nor the last changes of one that ended.
    #[cfg(feature = "ws")]
    pub(crate) fn entities_end(&self) -> bool {
        self.entity.is_some_and(|entity| entity.done_when.is_some())
    }

    /// Returns the time within which the venue promises a notification.
    pub const fn promised_interval(&self) -> Option<Duration> {
        self.promised_interval
    }
}

/// The way in which the subscriptions of one connection become one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Topics {
    /// One connection carries one subscription of the family.
    Single,
    /// Each parameter is a topic: `["BTC_USDT", "ETH_USDT"]`.
    List,
    /// Each subscription is a row, and the first element of the row is its topic: `["BTC_USDT", 5]`
    /// for one subscription, `[["BTC_USDT", 5], ["ETH_USDT", 5]]` for several.
    Rows,
    /// As `Rows` if the setting of the client says that the host takes several rows in one call,
    /// otherwise as `Single`.
    RowsOrSingle,
    /// Each call makes a subscription of its own. Its result is an id, which is the topic of its
    /// notifications, and the only parameter of the call that ends it.
    Ids,
}

/// The place of the topic in a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TopicAt {
    Text(&'static str),
    Keys(&'static str),
}

/// The relation of notifications to the state that they are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// Each notification has the whole state of its topic. Only the latest one matters.
    States,
    /// Notifications are changes since the last snapshot.
    Deltas {
        /// The JSON pointer to the flag in `params` that is true for a snapshot.
        snapshot_flag: Option<&'static str>,
    },
    /// Each notification counts once.
    Events,
}

impl Content {
    /// Returns the content of notifications that are changes. `snapshot_flag` is the JSON pointer
    /// to the flag in `params` that is true for a snapshot.
    pub const fn deltas(snapshot_flag: Option<&'static str>) -> Self {
        Self::Deltas { snapshot_flag }
    }
}

/// The place of elements with ids in a notification.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements {
    pub(crate) list: &'static str,
    pub(crate) id: &'static str,
    /// True if an element replaces the one before with its id; false if it is delivered once.
    pub(crate) change: bool,
}

/// The entity that a notification is about: an order, or the balances of assets.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "ws"), expect(dead_code, reason = "only connections read all fields"))]
pub struct Entity {
    pub(crate) at: &'static str,
    /// The pointer from the entity to its id; `None` if the entities are members of an object.
    pub(crate) id: Option<&'static str>,
    pub(crate) done_when: Option<(&'static str, &'static str)>,
}

impl Entity {
    /// Describes an object at a JSON pointer into `params`, and the pointer from it to its id.
    pub const fn new(at: &'static str, id: &'static str) -> Self {
        Self { at, id: Some(id), done_when: None }
    }

    /// Describes the members of an object at a JSON pointer into `params`. The keys are the ids.
    pub const fn members(at: &'static str) -> Self {
        Self { at, id: None, done_when: None }
    }

    /// States that an entity ends with the notification that has this JSON at this pointer into
    /// `params`.
    #[must_use]
    pub const fn done_when(mut self, pointer: &'static str, json: &'static str) -> Self {
        self.done_when = Some((pointer, json));
        self
    }
}
