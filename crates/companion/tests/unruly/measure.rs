//! What is measured while a mode is played: how soon another session answers, and how much memory is in use.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use agent_tasks::TaskId;
use tokio::task::JoinHandle;

use crate::{companion::Companion, processes};

/// How often it is asked.
const ASK_EVERY: Duration = Duration::from_millis(10);

/// A measurement under way.
pub struct Measure {
    is_over: Arc<AtomicBool>,
    asking: JoinHandle<(Vec<Duration>, u64)>,
    memory_before: u64,
    memory: std::thread::JoinHandle<u64>,
}

/// What was measured.
pub struct Measured {
    /// How soon the other session answered, at the 99th percentile.
    pub p99: Duration,
    /// How often it was asked.
    pub asked: usize,
    /// How many events it logged meanwhile.
    pub progress: u64,
    /// How much more memory than before was in use at the most, in bytes.
    pub growth: u64,
}

impl Measure {
    /// Begins to ask for the log of `other`, again and again.
    pub fn begin(companion: &Arc<Companion>, other: TaskId) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (asker, asked_over) = (Arc::clone(companion), Arc::clone(&is_over));
        let asking = tokio::spawn(async move {
            let first = asker.log(&other, 0).await.last_seq;
            let (mut last, mut times) = (first, Vec::new());
            while !asked_over.load(Ordering::Relaxed) {
                let begun = Instant::now();
                last = asker.log(&other, last).await.last_seq;
                times.push(begun.elapsed());
                tokio::time::sleep(ASK_EVERY).await;
            }
            (times, last - first)
        });
        let (pid, watched_over) = (companion.pid(), Arc::clone(&is_over));
        let memory = std::thread::spawn(move || {
            let mut most = 0;
            while !watched_over.load(Ordering::Relaxed) {
                most = most.max(processes::memory(pid));
                std::thread::sleep(ASK_EVERY);
            }
            most
        });
        Self { is_over, asking, memory_before: processes::memory(pid), memory }
    }

    /// Ends it.
    pub async fn end(self) -> Measured {
        self.is_over.store(true, Ordering::Relaxed);
        let (mut times, progress) = self.asking.await.unwrap();
        times.sort();
        let p99 = times.get(times.len().saturating_sub(1) * 99 / 100).copied().unwrap_or_default();
        let growth = self.memory.join().unwrap().saturating_sub(self.memory_before);
        Measured { p99, asked: times.len(), progress, growth }
    }
}
