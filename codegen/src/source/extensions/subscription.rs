//! The extensions of an API that is called over a socket.

use super::rate_limits::Window;
use crate::source::located::Located;
use crate::source::object::Object;
use crate::source::refusal::Refusal;
use crate::source::shapes::subscriptions::{
    ELEMENTS_SHAPE, ENTITY_SHAPE, PAGES_SHAPE, RECOVERY_SHAPE, SOCKET_SHAPE, SUBSCRIPTION_SHAPE, TIMES_SHAPE,
};

/// `x-socket`: the calls and the notifications of the API travel over a socket.
pub(crate) struct Socket<'a> {
    /// The method that logs in.
    pub(crate) login: Option<&'a str>,
    /// Further methods that log a connection in.
    pub(crate) other_logins: Vec<&'a str>,
    /// The method that keeps a connection alive.
    pub(crate) ping: Option<&'a str>,
    /// The time without a message after which the client sends a ping.
    pub(crate) ping_interval: Option<Window>,
}

impl<'a> Socket<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &SOCKET_SHAPE);
        Ok(Self {
            login: object.text("login")?,
            other_logins: object.texts("other-logins")?,
            ping: object.text("ping")?,
            ping_interval: object.at.get("ping-interval").map(|at| Window::read(&at)).transpose()?,
        })
    }
}

/// The meaning of the notifications of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Each notification is the whole state of its topic.
    States,
    /// Notifications are deltas of a state, and sometimes the whole state.
    Deltas,
    /// Each notification counts once.
    Events,
}

/// The choices of `content`.
pub(crate) const CONTENTS: [(&str, Content); 3] =
    [("states", Content::States), ("deltas", Content::Deltas), ("events", Content::Events)];

/// The way in which subscriptions of one family share a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topics {
    /// A connection carries one subscription of the family.
    Single,
    /// The parameters are a list of topics; the lists of all subscriptions are merged.
    List,
    /// The parameters are one row, or a list of rows; the first element of a row is its topic.
    Rows,
    /// Some hosts take a list of rows, as for `Rows`. The others take one row, as for `Single`.
    RowsOrSingle,
    /// Each call makes a subscription of its own, whose id is its result.
    Ids,
}

/// The choices of `topics`.
pub(crate) const TOPICS: [(&str, Topics); 5] = [
    ("single", Topics::Single),
    ("list", Topics::List),
    ("rows", Topics::Rows),
    ("rows-or-single", Topics::RowsOrSingle),
    ("ids", Topics::Ids),
];

/// `x-subscription`: a call of the method subscribes to notifications.
pub(crate) struct Subscription<'a> {
    /// The name of the family.
    pub(crate) name: &'a str,
    /// The method of the notifications.
    pub(crate) notification: &'a str,
    /// The schema of the `params` of a notification.
    pub(crate) params: Located<'a>,
    /// The method that ends all subscriptions of the family on a connection.
    pub(crate) unsubscribe: &'a str,
    pub(crate) content: Content,
    pub(crate) topics: Topics,
    /// True if an empty list of topics subscribes to all of them.
    pub(crate) empty_is_all: bool,
    /// The place of the topic in `params`.
    pub(crate) topic_at: Option<&'a str>,
    /// The place of the object whose keys are the topics.
    pub(crate) topic_keys_at: Option<&'a str>,
    /// The place of the flag of a whole state.
    pub(crate) snapshot_flag: Option<&'a str>,
    pub(crate) first_is_snapshot: bool,
    pub(crate) elements: Option<Elements<'a>>,
    pub(crate) entity: Option<Entity<'a>>,
    pub(crate) recovery: Option<Recovery<'a>>,
    pub(crate) promised_interval: Option<Window>,
}

impl<'a> Subscription<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &SUBSCRIPTION_SHAPE);
        let inner = |key: &str| object.at.get(key);
        let topics = inner("topics").map(|_| object.need_choice("topics", &TOPICS)).transpose()?;
        Ok(Self {
            name: object.need_text("name")?,
            notification: object.need_text("notification")?,
            params: object.need("params")?,
            unsubscribe: object.need_text("unsubscribe")?,
            content: object.need_choice("content", &CONTENTS)?,
            topics: topics.unwrap_or(Topics::Single),
            empty_is_all: object.text("empty-list")?.is_some(),
            topic_at: object.text("topic-at")?,
            topic_keys_at: object.text("topic-keys-at")?,
            snapshot_flag: object.text("snapshot-flag")?,
            first_is_snapshot: object.flag("first-is-snapshot")?,
            elements: inner("elements").map(Elements::read).transpose()?,
            entity: inner("entity").map(Entity::read).transpose()?,
            recovery: inner("recovery").map(Recovery::read).transpose()?,
            promised_interval: inner("promised-interval").map(|at| Window::read(&at)).transpose()?,
        })
    }
}

/// The elements of a notification that have ids, such as trades.
pub(crate) struct Elements<'a> {
    /// The place of the list in `params`.
    pub(crate) at: &'a str,
    /// The place of the id in an element.
    pub(crate) id: &'a str,
    /// True if an element replaces the one before with its id.
    pub(crate) change: bool,
}

impl<'a> Elements<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &ELEMENTS_SHAPE);
        Ok(Self { at: object.need_text("at")?, id: object.need_text("id")?, change: object.flag("change")? })
    }
}

/// The thing that a notification is about, such as an order or the balance of an asset.
pub(crate) enum Entity<'a> {
    /// The object at a place, with its id at a place in it.
    Object {
        at: &'a str,
        id: &'a str,
        /// The place in `params` and the value of a notification after which the object is
        /// finished.
        done: Option<(&'a str, Located<'a>)>,
    },
    /// Each member of the object at a place; its key is the id.
    Members(&'a str),
}

impl<'a> Entity<'a> {
    /// Reads an entity.
    ///
    /// # Errors
    /// Returns a refusal if it has neither `members-of` nor `at` and `id`, if it has both, or if
    /// only one of `done-at` and `done` is there.
    pub(crate) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &ENTITY_SHAPE);
        let refuse = |message: &str| {
            let help = "write {members-of: /0}, or {at: /1, id: /id} with or without {done-at: /0, done: 3}";
            Refusal::new(&*object.at.pointer, message.to_owned(), help)
        };
        let done = object.text("done-at")?.zip(object.at.get("done"));
        if done.is_none() && (object.at.get("done-at").is_some() || object.at.get("done").is_some()) {
            return Err(refuse("`done-at` and `done` belong together"));
        }
        match (object.text("members-of")?, object.text("at")?, object.text("id")?) {
            (Some(members), None, None) if done.is_none() => Ok(Self::Members(members)),
            (None, Some(at), Some(id)) => Ok(Self::Object { at, id, done }),
            _ => Err(refuse("an entity is either an object with an id, or the members of an object")),
        }
    }
}

/// The call that the client makes after a reconnect, to learn of things that it missed.
pub(crate) struct Recovery<'a> {
    pub(crate) query: &'a str,
    /// The template of `params` of a notification.
    pub(crate) template: &'a str,
    /// The parameter that takes the topic.
    pub(crate) topic: Option<&'a str>,
    /// True if all topics are the parameters.
    pub(crate) topic_list: bool,
    /// Values of parameters that are always the same.
    pub(crate) values: Vec<(&'a str, Located<'a>)>,
    /// The parameters that take the value of a parameter of the subscription, and its name.
    pub(crate) own: Vec<(&'a str, Located<'a>)>,
    /// The parameter that takes the highest id so far.
    pub(crate) last_id: Option<&'a str>,
    /// The ids are times: the number of their units per second, and the parameter that takes the
    /// present time.
    pub(crate) times: Option<(u32, &'a str)>,
    /// The number of elements from which on a response may have left some out.
    pub(crate) full_at: Option<u32>,
    pub(crate) pages: Option<Pages<'a>>,
    pub(crate) elements_at: Option<&'a str>,
    pub(crate) id_at: Option<&'a str>,
}

/// The parameters of a page, and its size.
pub(crate) struct Pages<'a> {
    pub(crate) offset: &'a str,
    pub(crate) limit: &'a str,
    pub(crate) size: u32,
}

impl<'a> Recovery<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &RECOVERY_SHAPE);
        let pages = object.at.get("pages").map(|at| {
            let pages = Object::new(at, &PAGES_SHAPE);
            Ok(Pages {
                offset: pages.need_text("offset")?,
                limit: pages.need_text("limit")?,
                size: pages.need_count("size")?,
            })
        });
        let times = object.at.get("times").map(|at| {
            let times = Object::new(at, &TIMES_SHAPE);
            let unit = times.need_choice("unit", &[("s", 1), ("ms", 1000)])?;
            Ok((unit, times.need_text("now")?))
        });
        Ok(Self {
            query: object.need_text("query")?,
            template: object.need_text("as")?,
            topic: object.text("topic")?,
            topic_list: object.flag("topic-list")?,
            values: object.map("values")?,
            own: object.map("own")?,
            last_id: object.text("last-id")?,
            times: times.transpose()?,
            full_at: object.count("full-at")?,
            pages: pages.transpose()?,
            elements_at: object.text("elements-at")?,
            id_at: object.text("id-at")?,
        })
    }
}
