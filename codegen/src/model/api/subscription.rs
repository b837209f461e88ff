//! Subscriptions of an API that is called over a socket.

use super::types::Type;
pub use crate::source::{Content, Topics};

/// A family of subscriptions (`x-subscription`).
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The name: `depth`.
    pub name: String,
    /// The name of the static that describes the family: `DEPTH`.
    pub const_name: String,
    /// The method of the notifications: `depth.update`.
    pub notification: String,
    /// The method that ends all subscriptions of the family on a connection.
    pub unsubscribe: String,
    /// The type of the `params` of a notification.
    pub ty: Type,
    /// The schema of these `params` in the spec: exact JSON text with its `$ref`s.
    pub schema: String,
    /// The meaning of the notifications.
    pub content: Content,
    /// The way in which subscriptions share a connection.
    pub topics: Topics,
    /// True if an empty list of topics subscribes to all of them.
    pub empty_is_all: bool,
    /// The JSON pointer to the topic in `params`.
    pub topic_at: Option<String>,
    /// The JSON pointer to the object whose keys are the topics.
    pub topic_keys_at: Option<String>,
    /// The JSON pointer to the flag of a whole state.
    pub snapshot_flag: Option<String>,
    /// True if the first notification of a topic is a whole state.
    pub first_is_snapshot: bool,
    /// The JSON pointers to the list of elements, and to the id of an element in it.
    pub elements: Option<(String, String)>,
    /// True if an element replaces the one before with its id.
    pub elements_change: bool,
    /// The thing that a notification is about.
    pub entity: Option<Entity>,
    /// The call after a reconnect.
    pub recovery: Option<Recovery>,
    /// The longest time between two notifications that the venue promises, in seconds.
    pub promised_interval: Option<u64>,
}

/// The thing that a notification is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entity {
    /// An object.
    Object {
        /// The JSON pointer to the object in `params`.
        at: String,
        /// The JSON pointer to the id in the object.
        id: String,
        /// The JSON pointer in `params` and the JSON of a notification after which the object is
        /// finished.
        done: Option<(String, String)>,
    },
    /// Each member of the object at this JSON pointer; its key is the id.
    Members(String),
}

/// The call that the client makes after a reconnect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The [`Operation::id`](super::Operation::id) of the query.
    pub query: String,
    /// The template of the `params` of a notification.
    pub template: String,
    /// The position of the topic among the parameters of the query.
    pub topic: Option<usize>,
    /// True if all topics are the parameters.
    pub topic_list: bool,
    /// The JSON of the parameters that are always the same, with their positions.
    pub values: Vec<(usize, String)>,
    /// The positions of parameters that have the value of a parameter of the subscription, and the
    /// position there.
    pub own: Vec<(usize, usize)>,
    /// The position of the highest id so far.
    pub last_id: Option<usize>,
    /// The ids are times: the number of their units per second, and the position of the present
    /// time.
    pub times: Option<(u32, usize)>,
    /// The number of elements from which on a response may have left some out.
    pub full_at: Option<u32>,
    /// The positions of offset and limit, and the size of a page.
    pub pages: Option<(usize, usize, u32)>,
    /// The JSON pointer to the elements in the result.
    pub elements_at: Option<String>,
    /// The JSON pointer to the id in an element.
    pub id_at: Option<String>,
}

impl std::fmt::Display for Recovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} as {}", self.query, self.template)?;
        for (name, position) in [("topic", self.topic), ("last-id", self.last_id)] {
            if let Some(position) = position {
                write!(f, " {name}={position}")?;
            }
        }
        if self.topic_list {
            write!(f, " topic-list")?;
        }
        for (position, json) in &self.values {
            write!(f, " {position}={json}")?;
        }
        for (position, of_subscription) in &self.own {
            write!(f, " {position}=own {of_subscription}")?;
        }
        if let Some((per_second, now)) = self.times {
            write!(f, " times={per_second}/s now={now}")?;
        }
        if let Some((offset, limit, size)) = self.pages {
            write!(f, " pages of {size} at {offset},{limit}")?;
        }
        if let Some(count) = self.full_at {
            write!(f, " full-at={count}")?;
        }
        for (name, place) in [("elements-at", &self.elements_at), ("id-at", &self.id_at)] {
            if let Some(place) = place {
                write!(f, " {name}={place}")?;
            }
        }
        Ok(())
    }
}

/// Writes everything but the type of the notifications.
impl std::fmt::Display for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, notification, unsubscribe, content, topics, .. } = self;
        write!(f, "{name}: {notification} until {unsubscribe} content={content:?} topics={topics:?}")?;
        let places = [
            ("topic-at", &self.topic_at),
            ("topic-keys-at", &self.topic_keys_at),
            ("snapshot-flag", &self.snapshot_flag),
        ];
        for (key, place) in places {
            if let Some(place) = place {
                write!(f, " {key}={place}")?;
            }
        }
        if self.empty_is_all {
            write!(f, " empty-list=all")?;
        }
        if self.first_is_snapshot {
            write!(f, " first-is-snapshot")?;
        }
        if let Some((at, id)) = &self.elements {
            write!(f, " elements={at}/*{id}{}", if self.elements_change { " that change" } else { "" })?;
        }
        match &self.entity {
            None => {}
            Some(Entity::Members(at)) => write!(f, " entity=members of {at}")?,
            Some(Entity::Object { at, id, done: None }) => write!(f, " entity={at}{id}")?,
            Some(Entity::Object { at, id, done: Some((place, value)) }) => {
                write!(f, " entity={at}{id} done when {place} is {value}")?;
            }
        }
        if let Some(seconds) = self.promised_interval {
            write!(f, " promised every {seconds} s")?;
        }
        match &self.recovery {
            Some(recovery) => write!(f, " recovery: {recovery}"),
            None => Ok(()),
        }
    }
}
