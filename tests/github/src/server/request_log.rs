//! Every request that was made, for tests to count.

use std::{
    sync::{Mutex, MutexGuard},
    time::Instant,
};

use serde_json::Value;

/// A request, as it was made and answered.
#[derive(Debug, Clone)]
pub struct Request {
    /// In upper case.
    pub method: String,
    /// Without the query, and without `/api/v3`.
    pub path: String,
    /// Names and values, without percent encoding.
    pub query: Vec<(String, String)>,
    /// Whether it asked only for what is new, with `If-None-Match`.
    pub is_conditional: bool,
    /// The id of its operation; none where there is none.
    pub operation: Option<String>,
    /// The JSON that it sent.
    pub body: Option<Value>,
    /// The status that it was answered with; none while it waits.
    pub status: Option<u16>,
    /// When it came.
    pub at: Instant,
}

impl Request {
    /// The value of a parameter of its query.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The requests so far.
#[derive(Default)]
pub struct RequestLog(Mutex<Log>);

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    preflights: usize,
}

impl RequestLog {
    /// Notes a request; its place, to say later how it ended.
    pub fn note(&self, request: Request) -> usize {
        let requests = &mut self.lock().requests;
        requests.push(request);
        requests.len() - 1
    }

    /// Notes the status of an answer.
    pub fn note_status(&self, place: usize, status: u16) {
        self.lock().requests[place].status = Some(status);
    }

    /// Notes that a browser asked whether it may ask.
    pub fn note_preflight(&self) {
        self.lock().preflights += 1;
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// How often a browser asked whether it may ask.
    pub fn preflights(&self) -> usize {
        self.lock().preflights
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().expect("nothing panics while it holds the log")
    }
}
