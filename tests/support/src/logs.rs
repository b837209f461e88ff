//! Collects log lines of all levels.

use std::fmt::{self, Write};
use std::sync::{Arc, LazyLock, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// The lines that this thread logs through `tracing` while this value lives.
#[derive(Debug)]
pub struct Logs {
    lines: Lines,
    _guard: DefaultGuard,
}

#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Logs {
    /// Starts to collect the lines of this thread.
    #[must_use]
    pub fn capture() -> Self {
        // With a single subscriber in the process, tracing asks only the first thread that reaches
        // a log line, and caches the result for all threads. A thread of another test has no
        // subscriber and would disable the line, so two subscribers always exist.
        static OTHERS: LazyLock<[Dispatch; 2]> = LazyLock::new(|| [(); 2].map(|()| Dispatch::new(Lines::default())));
        LazyLock::force(&OTHERS);
        let lines = Lines::default();
        Self { lines: lines.clone(), _guard: tracing::subscriber::set_default(lines) }
    }

    /// Returns the lines collected so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.0.lock().unwrap().clone()
    }

    /// Returns the lines of the level `WARN` collected so far.
    pub fn warnings(&self) -> Vec<String> {
        self.lines().into_iter().filter(|line| line.starts_with("WARN")).collect()
    }

    /// Returns the lines that all threads have logged through the `log` crate, as reqwest does,
    /// since the first call of this function.
    pub fn of_the_log_crate() -> Vec<String> {
        static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
        static START: Once = Once::new();

        struct Log;

        impl log::Log for Log {
            fn enabled(&self, _: &log::Metadata<'_>) -> bool {
                true
            }

            fn log(&self, record: &log::Record<'_>) {
                LINES.lock().unwrap().push(format!("{} {} {}", record.level(), record.target(), record.args()));
            }

            fn flush(&self) {}
        }

        START.call_once(|| {
            log::set_logger(&Log).unwrap();
            log::set_max_level(log::LevelFilter::Trace);
        });
        LINES.lock().unwrap().clone()
    }
}

impl Lines {
    fn push(&self, metadata: &Metadata<'_>, fields: impl FnOnce(&mut Line)) {
        let mut line = Line(format!("{} {} {}", metadata.level(), metadata.target(), metadata.name()));
        fields(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.push(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line("RECORD".to_owned());
        values.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.push(event.metadata(), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
