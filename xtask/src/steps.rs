//! Says what is being done and how long it took, and sums it up at the end.

use std::time::{Duration, Instant};

use anyhow::Context as _;

/// The steps of one command.
pub struct Steps {
    began: Instant,
    done: Vec<(String, Duration)>,
}

impl Steps {
    /// No step yet.
    pub fn new() -> Self {
        Self { began: Instant::now(), done: Vec::new() }
    }

    /// Does one step. The first that fails ends the command.
    pub fn step<T>(&mut self, title: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        println!("\n== {title}");
        let began = Instant::now();
        let outcome = work();
        let took = began.elapsed();
        match &outcome {
            Ok(_) => println!("== {title}: {}", shown(took)),
            Err(_) => println!("== {title}: failed after {}", shown(took)),
        }
        self.done.push((title.to_owned(), took));
        if outcome.is_err() {
            self.summarise("failed");
        }
        outcome.with_context(|| format!("the step '{title}' failed"))
    }

    /// Prints every step with its time.
    pub fn summarise(&self, outcome: &str) {
        println!("\n{:>9}  step", "time");
        for (title, took) in &self.done {
            println!("{:>9}  {title}", shown(*took));
        }
        println!("{:>9}  {outcome}", shown(self.began.elapsed()));
    }
}

/// A duration as a person says it.
pub fn shown(duration: Duration) -> String {
    match duration.as_secs() {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}
