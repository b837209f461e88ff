//! Processes, and the processor time and memory that they use.

use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4;

/// The resources that a process used, with the processes that it started.
#[derive(Clone, Copy)]
pub struct Used {
    /// Processor time, of the user and of the system.
    pub cpu: Duration,
    /// Peak memory of the largest process, in bytes.
    pub memory: u64,
}

impl Used {
    /// Returns the processor time in seconds.
    pub fn seconds(&self) -> f64 {
        self.cpu.as_secs_f64()
    }

    /// Returns the peak memory in megabytes.
    pub fn megabytes(&self) -> u64 {
        self.memory / 1_000_000
    }
}

/// Runs a command to its end. Panics with its output if it fails.
pub fn run(command: &mut Command) -> Used {
    // The errors go through: a pipe that nobody reads could fill up and stop the process.
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let child = command.spawn().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let end = child.wait4().unwrap();
    assert!(end.status.success(), "{command:?} failed");
    Used { cpu: end.rusage.utime + end.rusage.stime, memory: end.rusage.maxrss }
}

/// Runs commands in turns, and returns the run of each that took the least processor time.
pub fn least(rounds: usize, commands: &mut [&mut dyn FnMut() -> Used]) -> Vec<Used> {
    let mut least: Vec<Used> = commands.iter_mut().map(|command| command()).collect();
    for _ in 1..rounds {
        for (least, command) in least.iter_mut().zip(&mut *commands) {
            let used = command();
            if used.cpu < least.cpu {
                *least = used;
            }
        }
    }
    least
}
