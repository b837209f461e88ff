//! The faults that a mock can apply, and their form as text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The header with which a request asks for a fault.
pub const FAULT_HEADER: &str = "x-mock-fault";

/// The name and the description of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultInfo {
    /// The name. One name, `503`, stands for all statuses from 500 to 599.
    pub name: &'static str,
    /// The effect on the client.
    pub effect: &'static str,
    /// The value and its default; empty if the fault takes none.
    pub value: &'static str,
    /// The default time at which the fault is applied: `before` or `after` the venue carries out
    /// the request. `socket` for faults of a connection over a WebSocket.
    pub applied: &'static str,
}

/// Declares all faults in one table. The documentation of [`Fault`] and the list [`Fault::ALL`] are
/// made from it.
macro_rules! faults {
    ($($name:literal, $what:literal, $value:literal, $applied:literal;)*) => {
        /// A fault, the time at which it is applied, and the requests to which it is applied.
        ///
        /// As text:
        /// `NAME[=VALUE][,before|,after][,on=OPERATION][,after=N][,times=N][,share=SHARE]`, as in
        /// `latency=250,share=0.1`, `503,after` or `cut,on=placeOrder,times=1`.
        ///
        /// - `on=OPERATION`: only requests of this operation, named by its id.
        /// - `after=N`: not the first `N` of these requests.
        /// - `times=N`: at most `N` requests.
        /// - `share=SHARE`: a fraction of the requests that are left, from 0 to 1.
        ///
        /// | name | what the client sees | value | applied |
        /// |---|---|---|---|
        $(#[doc = concat!("| `", $name, "` | ", $what, " | ", $value, " | ", $applied, " |")])*
        ///
        /// *Before*: the venue does not carry out the request. Only `skew` differs: the venue then
        /// checks the request with a clock that is off. *After*: the venue has carried out the
        /// request, and the client gets a damaged response or none. The table gives the default.
        ///
        /// Faults that only change the venue's response (`latency`, `slow`, `content-type`, `huge`,
        /// `garbage`, `enum`, `spelling`, `extra`) take `after` only. The other faults whose
        /// default is *after* also take `before`. `429`, `418`, `rejected`, `5..` and `redirect`
        /// also take `after`.
        ///
        /// *Socket*: the fault is for venues that are called over a WebSocket. It is applied to a
        /// round, in which the mock sends the notifications of all subscriptions of a connection;
        /// `refuse-login` is applied to logins. A round counts as a request of the operation
        /// `notifications`, at which `on=` can aim. `stall` and `slow` are applied to rounds too:
        /// after `stall`, notifications stop and responses still come, and with `slow` frames come
        /// byte by byte.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Fault {
            pub(crate) kind: Kind,
            pub(crate) before: bool,
            share: f64,
            on: Option<String>,
            skipped: u64,
            times: Option<u64>,
            text: Cow<'static, str>,
        }

        impl Fault {
            /// The names of all faults. One name, `503`, stands for all statuses from 500 to 599.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// All faults, in the order of [`NAMES`](Self::NAMES).
            pub const ALL: &'static [FaultInfo] =
                &[$(FaultInfo { name: $name, effect: $what, value: $value, applied: $applied }),*];
        }
    };
}

faults! {
    "latency", "the response comes late", "ms, 1000", "after";
    "429", "the venue's refusal, with `Retry-After`", "seconds, 1", "before";
    "418", "the venue's ban of a client that continues after a 429", "seconds, 1", "before";
    "rejected", "the venue's refusal of an order or a cancel, in the venue's own form", "", "before";
    "unsure", "the venue's response that leaves the outcome open", "", "after";
    "503", "an HTML page with this status; any status from 500 to 599", "", "before";
    "redirect", "307 to another address", "URL, `http://127.0.0.1:9/elsewhere`", "before";
    "cut", "the response ends in the middle", "", "after";
    "hang", "there is no response, and the connection stays open", "", "after";
    "stall", "the response stops in the middle, and the connection stays open", "", "after";
    "slow", "the head of the response comes byte by byte", "ms per byte, 20", "after";
    "reset", "the connection is reset in place of a response", "", "after";
    "reset-early", "the connection is reset before the body is read", "", "before";
    "close", "the connection is closed in place of a response", "", "after";
    "content-type", "the right response, with another content type", "type, `text/html`", "after";
    "huge", "the response, followed by spaces", "bytes, 67108864", "after";
    "garbage", "the right status, with a body that is not JSON", "", "after";
    "enum", "every value of an enumeration is unknown", "", "after";
    "spelling", "every value of an enumeration has another spelling that the spec lists", "", "after";
    "extra", "objects have unknown properties, and rows unknown columns", "", "after";
    "skew", "the venue's clock is off", "ms, 30000", "before";
    "drop", "the connection is closed in place of notifications", "", "socket";
    "half-open", "nothing comes any more, not even a response, and the connection stays open", "", "socket";
    "duplicate", "each notification comes twice", "", "socket";
    "reorder", "the notifications of a round come in the opposite order", "", "socket";
    "gap", "the notifications of a round are missing", "", "socket";
    "cut-frame", "a notification ends in the middle of its frame, and the connection is closed", "", "socket";
    "huge-frame", "a notification is followed by spaces in its frame", "bytes, 67108864", "socket";
    "flood", "a round has the notifications of many rounds", "rounds, 1000", "socket";
    "refuse-login", "the login of a connection is refused", "", "socket";
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Latency(Duration),
    Refuse { status: u16, retry_after: u64 },
    Reject,
    Unsure,
    Page(u16),
    Redirect(String),
    Cut,
    Hang,
    Stall,
    Slow(Duration),
    Reset,
    ResetEarly,
    Close,
    ContentType(String),
    Huge(u64),
    Garbage,
    Enum,
    Spelling,
    Extra,
    Skew(i64),
    Drop,
    HalfOpen,
    Duplicate,
    Reorder,
    Gap,
    CutFrame,
    HugeFrame(u64),
    Flood(u64),
    RefuseLogin,
}

impl Kind {
    fn parse(name: &str, value: Option<&str>) -> Result<Self, String> {
        let number = |default: u64, most: u64| match value {
            None => Ok(default),
            Some(text) => match text.parse::<u64>() {
                Ok(number) if number <= most => Ok(number),
                _ => Err(format!("`{text}` is not a value of `{name}` (expected a whole number up to {most})")),
            },
        };
        let millis = |default| number(default, 3_600_000).map(Duration::from_millis);
        let text = |default: &str| value.unwrap_or(default).to_owned();
        let kind = match name {
            "latency" => return millis(1000).map(Self::Latency),
            "429" => return Ok(Self::Refuse { status: 429, retry_after: number(1, 1_000_000)? }),
            "418" => return Ok(Self::Refuse { status: 418, retry_after: number(1, 1_000_000)? }),
            "redirect" => return Ok(Self::Redirect(text("http://127.0.0.1:9/elsewhere"))),
            "slow" => return millis(20).map(Self::Slow),
            "content-type" => return Ok(Self::ContentType(text("text/html"))),
            "huge" => return number(64 << 20, 16 << 30).map(Self::Huge),
            "huge-frame" => return number(64 << 20, 1 << 30).map(Self::HugeFrame),
            "flood" => return number(1000, 1_000_000).map(Self::Flood),
            "skew" => {
                let skew = value.unwrap_or("30000");
                let skew = skew.parse::<i64>().ok().filter(|skew| skew.unsigned_abs() <= 1_000_000_000_000);
                return skew.map(Self::Skew).ok_or_else(|| {
                    "`skew` takes a number of milliseconds; negative if the clock is behind".to_owned()
                });
            }
            "rejected" => Self::Reject,
            "unsure" => Self::Unsure,
            "cut" => Self::Cut,
            "hang" => Self::Hang,
            "stall" => Self::Stall,
            "reset" => Self::Reset,
            "reset-early" => Self::ResetEarly,
            "close" => Self::Close,
            "garbage" => Self::Garbage,
            "enum" => Self::Enum,
            "spelling" => Self::Spelling,
            "extra" => Self::Extra,
            "drop" => Self::Drop,
            "half-open" => Self::HalfOpen,
            "duplicate" => Self::Duplicate,
            "reorder" => Self::Reorder,
            "gap" => Self::Gap,
            "cut-frame" => Self::CutFrame,
            "refuse-login" => Self::RefuseLogin,
            name => match name.parse() {
                Ok(status @ 500..=599) => Self::Page(status),
                _ => {
                    let known = Fault::NAMES.join(", ");
                    return Err(format!(
                        "unknown fault `{name}` (expected one of {known}; 503 stands for any status from 500 to 599)"
                    ));
                }
            },
        };
        if value.is_some() {
            return Err(format!("`{name}` takes no value"));
        }
        Ok(kind)
    }

    fn is_before(&self) -> bool {
        matches!(
            self,
            Self::Refuse { .. } | Self::Reject | Self::Page(_) | Self::Redirect(_) | Self::ResetEarly | Self::Skew(_)
        )
    }

    /// Returns whether the fault is for connections over a WebSocket only.
    pub(crate) fn is_of_socket(&self) -> bool {
        matches!(self, Self::RefuseLogin) || self.is_of_rounds() && !matches!(self, Self::Stall | Self::Slow(_))
    }

    /// Returns whether the fault can be applied to the notifications of a connection.
    pub(crate) fn is_of_rounds(&self) -> bool {
        matches!(
            self,
            Self::Stall
                | Self::Slow(_)
                | Self::Drop
                | Self::HalfOpen
                | Self::Duplicate
                | Self::Reorder
                | Self::Gap
                | Self::CutFrame
                | Self::HugeFrame(_)
                | Self::Flood(_)
        )
    }

    /// Returns whether the venue does not carry out a request to which the fault is applied
    /// *before*.
    pub(crate) fn replaces(&self) -> bool {
        matches!(
            self,
            Self::Refuse { .. }
                | Self::Reject
                | Self::Unsure
                | Self::Page(_)
                | Self::Redirect(_)
                | Self::Cut
                | Self::Hang
                | Self::Stall
                | Self::Reset
                | Self::ResetEarly
                | Self::Close
        )
    }
}

/// Faults without a value, as constants. All other faults are made from their text.
impl Fault {
    /// The response ends in the middle.
    pub const CUT: Self = Self::plain(Kind::Cut, "cut");
    /// There is no response, and the connection stays open.
    pub const HANG: Self = Self::plain(Kind::Hang, "hang");
    /// The response stops in the middle, and the connection stays open.
    pub const STALL: Self = Self::plain(Kind::Stall, "stall");
    /// The connection is reset in place of a response.
    pub const RESET: Self = Self::plain(Kind::Reset, "reset");
    /// The connection is closed in place of a response.
    pub const CLOSE: Self = Self::plain(Kind::Close, "close");
    /// The right status, with a body that is not JSON.
    pub const GARBAGE: Self = Self::plain(Kind::Garbage, "garbage");
    /// The venue's response that leaves the outcome open.
    pub const UNSURE: Self = Self::plain(Kind::Unsure, "unsure");

    /// Creates a fault that is applied after the request is carried out.
    const fn plain(kind: Kind, name: &'static str) -> Self {
        Self { kind, before: false, share: 1.0, on: None, skipped: 0, times: None, text: Cow::Borrowed(name) }
    }

    /// Applies the fault before the request is carried out, so that it is not carried out. Faults
    /// that only change the venue's response stay as they are.
    #[must_use]
    pub fn before(mut self) -> Self {
        if self.kind.replaces() && !self.before {
            self.before = true;
            self.text = Cow::Owned(format!("{},before", self.text));
        }
        self
    }

    /// Sets the fraction of the requests to which the fault is applied, from 0 (none) to 1 (all).
    /// Values outside this range are clamped, and NaN is 0.
    #[must_use]
    pub fn on_share(mut self, share: f64) -> Self {
        self.share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        self
    }

    /// Returns the fraction of the requests to which the fault is applied.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// Aims the fault at the requests of one operation, named by its id.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.on = Some(operation.into());
        self
    }

    /// Sets the maximum number of requests to which the fault is applied. By default there is none.
    #[must_use]
    pub fn at_most(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Sets the number of requests that the fault leaves out before it is applied.
    #[must_use]
    pub fn skipping(mut self, requests: u64) -> Self {
        self.skipped = requests;
        self
    }

    /// Returns the operation at which the fault is aimed; `None` if it is applied to all.
    pub fn operation(&self) -> Option<&str> {
        self.on.as_deref()
    }

    /// Returns the maximum number of requests to which the fault is applied; `None` if there is
    /// none.
    pub fn times(&self) -> Option<u64> {
        self.times
    }

    /// Returns the number of requests that the fault leaves out before it is applied.
    pub fn after(&self) -> u64 {
        self.skipped
    }

    /// Returns the fault as text with its aim: `cut,on=placeOrder,times=1`. `Display` writes the
    /// fault without its aim.
    pub fn aimed(&self) -> String {
        let mut text = self.text.clone().into_owned();
        if let Some(operation) = &self.on {
            text.push_str(&format!(",on={operation}"));
        }
        if self.skipped > 0 {
            text.push_str(&format!(",after={}", self.skipped));
        }
        if let Some(times) = self.times {
            text.push_str(&format!(",times={times}"));
        }
        if self.share < 1.0 {
            text.push_str(&format!(",share={}", self.share));
        }
        text
    }

    /// Returns true if the fault is only for venues that are called over a WebSocket.
    pub fn is_of_socket(&self) -> bool {
        self.kind.is_of_socket()
    }

    /// Returns true if the fault is applied before the request is carried out.
    pub fn is_before(&self) -> bool {
        self.before
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let wrong = |why: String| FaultError(why);
        let mut parts = text.split(',').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let (name, value) = first.split_once('=').map_or((first, None), |(name, value)| (name, Some(value)));
        let kind = Kind::parse(name, value).map_err(wrong)?;
        let mut fault = Self {
            before: kind.is_before(),
            kind,
            share: 1.0,
            on: None,
            skipped: 0,
            times: None,
            text: Cow::Owned(first.to_owned()),
        };
        let count = |part: &str, text: &str| {
            let number = text.parse::<u64>().ok();
            number.ok_or_else(|| wrong(format!("`{part}` is not valid (expected a whole number)")))
        };
        for part in parts {
            match part.split_once('=') {
                None if part == "before" && (fault.kind.replaces() || fault.before) => fault.before = true,
                None if part == "after" && fault.kind.replaces() && fault.kind != Kind::ResetEarly => {
                    fault.before = false
                }
                None if part == "after" && !fault.before && !fault.is_of_socket() => {}
                Some(("share", share)) => {
                    let share = share.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
                    fault.share =
                        share.ok_or_else(|| wrong(format!("`{part}` is not valid (expected a share from 0 to 1)")))?;
                    continue;
                }
                Some(("on", operation)) if !operation.is_empty() => {
                    fault.on = Some(operation.to_owned());
                    continue;
                }
                Some(("times", times)) => {
                    fault.times = Some(count(part, times)?);
                    continue;
                }
                Some(("after", requests)) => {
                    fault.skipped = count(part, requests)?;
                    continue;
                }
                _ => return Err(wrong(format!("`{name}` does not take `{part}`"))),
            }
            fault.text = Cow::Owned(format!("{},{part}", fault.text));
        }
        if fault.kind == Kind::ResetEarly && fault.on.is_some() {
            let reason =
                "`reset-early` does not take `on=`: it is applied before the body, which may name the operation";
            return Err(wrong(reason.to_owned()));
        }
        Ok(fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The reason why a text is not a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultError(String);

impl FaultError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_fault() {
        for name in Fault::NAMES {
            let fault: Fault = name.parse().unwrap();
            assert_eq!(fault.to_string(), *name);
        }
    }

    #[test]
    fn the_table_describes_every_fault() {
        assert!(Fault::NAMES.iter().eq(Fault::ALL.iter().map(|info| &info.name)));
        for info in Fault::ALL {
            let fault: Fault = info.name.parse().unwrap();
            let applied = match (fault.is_of_socket(), fault.is_before()) {
                (true, false) => "socket",
                (false, true) => "before",
                (false, false) => "after",
                (true, true) => panic!("{info:?}"),
            };
            assert_eq!(info.applied, applied, "{info:?}");
            // The default value of the fault.
            let default = info.value.rsplit(' ').next().unwrap().trim_matches('`');
            match format!("{}={default}", info.name).parse::<Fault>() {
                Ok(given) => assert_eq!((given.kind, info.value.is_empty()), (fault.kind, false), "{info:?}"),
                Err(error) => assert!(info.value.is_empty(), "{info:?}: {error}"),
            }
        }
    }

    #[test]
    fn the_parts_of_a_fault_are_read() {
        let fault: Fault = "cut, before,share=0.25".parse().unwrap();
        assert_eq!((fault.kind.clone(), fault.is_before(), fault.share()), (Kind::Cut, true, 0.25));
        assert!(!"503,after".parse::<Fault>().unwrap().is_before());
        assert_eq!("latency=5".parse::<Fault>().unwrap().kind, Kind::Latency(Duration::from_millis(5)));
        assert_eq!("skew=-5".parse::<Fault>().unwrap().kind, Kind::Skew(-5));
    }

    #[test]
    fn an_aim_is_read_and_written_and_is_no_part_of_the_fault() {
        for text in ["cut,on=placeOrder,after=2,times=1,share=0.5", "503,after,on=order.put_limit", "hang,times=3"] {
            let fault: Fault = text.parse().unwrap();
            assert_eq!(fault.aimed(), text);
            assert!(!fault.to_string().contains('.') && text.starts_with(&fault.to_string()), "{fault}");
        }
        assert_eq!("cut,times=1,on=a".parse::<Fault>().unwrap(), Fault::CUT.on("a").at_most(1));
        assert_eq!("cut,before,after=4".parse::<Fault>().unwrap(), Fault::CUT.before().skipping(4));
        for constant in
            [Fault::CUT, Fault::HANG, Fault::STALL, Fault::RESET, Fault::CLOSE, Fault::GARBAGE, Fault::UNSURE]
        {
            assert_eq!(constant.to_string().parse::<Fault>().unwrap(), constant);
        }
    }

    #[test]
    fn an_unknown_fault_and_an_invalid_value_or_option_are_refused() {
        for text in [
            "",
            "nonsense",
            "404",
            "cut=1",
            "latency=x",
            "cut,share=2",
            "cut,later",
            "huge,before",
            "reset-early,after",
            "cut,on=",
            "cut,times=",
            "cut,times=-1",
            "cut,after=x",
            "reset-early,on=placeOrder",
            "drop=1",
            "drop,after",
            "gap,before",
            "flood=x",
        ] {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
    }
}
