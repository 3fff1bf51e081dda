//! Each promise with its number. What no test measures is in the list too: the table says so.

/// A promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Its name.
    pub id: &'static str,
    /// What is promised.
    pub text: &'static str,
}

const fn promise(id: &'static str, text: &'static str) -> Promise {
    Promise { id, text }
}

/// All of them, in the order of the table.
pub const PROMISES: &[Promise] = &[
    promise("C1", "a cut: reconnecting shown in 3 s, exact again 3 s after the return"),
    promise("C2", "kill -9 during a stream: the page's log is the database's"),
    promise("C3", "events repeated, permuted and cut fold to the same; a gap is refetched"),
    promise("C4", "the stream parser, cut at every byte: 0 differences from a plain one"),
    promise("C10", "a start that is repeated starts once"),
    promise("C13", "asleep, frozen, from the history: the server's state in 3 s"),
    promise("C28", "a new server under an old page: the page offers to reload"),
    promise("S1", "kill -9: 0 acknowledged events lost or repeated, whole file, back in 2 s"),
    promise("S1b", "ready in 2 s with a log of 1 GB"),
    promise("S2", "5,000 events/s committed at full durability"),
    promise("S3", "SQLite of 3.51.3 or newer, one writer, synchronous=FULL"),
    promise("S4", "full disk: stays up, reads; starts get 507; works 10 s after space is back"),
    promise("S5", "locked database: 503 with Retry-After; works 2 s after the lock is gone"),
    promise("S6", "flipped bits: nothing wrong shown as right, nothing deleted"),
    promise("S7", "an update of the schema survives kill -9 at every statement"),
    promise("S8", "what ran at a crash is failed in 5 s, its work kept"),
    promise("S9", "an Idempotency-Key makes one start, also across a crash"),
    promise("S10", "a repeated answer has one effect"),
    promise("S11", "Stop: stopping in 200 ms, 0 processes left in 5 s"),
    promise("S12", "20 stops at once: one end"),
    promise("S13", "kill -9 of the companion leaves no process; never a stranger's is ended"),
    promise("S14", "the strongest layer of supervision, shown"),
    promise("S15", "100 sessions at once: memory under 1 GB, calls p99 250 ms"),
    promise("S16", "an agent's garbage: memory grows by 64 MB at most, others answer in 500 ms"),
    promise("S17", "a reader of 1 byte/s is dropped, holds 1 MiB at most, comes back without a gap"),
    promise("S18", "1,000 readers: 256 MB over idle at most, p99 250 ms from commit to reader"),
    promise("S19", "any Last-Event-ID gives exactly what is later; one of another log a reset"),
    promise("S20", "any text is one event of a stream"),
    promise("S21", "a log over its limit keeps its first and last part and says so"),
    promise("S35", "the OpenAPI description is true: no 5xx, no mismatch"),
    promise("FUZZ", "framing, translation, stream parser and fold, fuzzed for a minute each: no finding"),
];
