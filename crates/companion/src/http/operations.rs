//! The one list of all calls: the router, the description and the tests are made from it.

use agent_tasks::{
    Branch, Capabilities, Event, EventQuery, EventWindow, LogFormat, LogQuery, NewPairing, NewTask, OutlineQuery,
    OutlineWindow, PairedToken, Repository, SearchQuery, SearchWindow, Steer, Task, TaskList, TaskQuery, User,
    paths::{self, Method},
};
use axum::routing::{MethodRouter, get, post};
use schemars::{Schema, SchemaGenerator};

use super::{
    App, capabilities, download, events, openapi, outline, pairings, repositories, search, sse, stream, tasks,
};

/// A call of the API.
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path below the base.
    pub path: &'static str,
    /// Its name for programs.
    pub id: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// The query string, if it takes one.
    pub query: Option<SchemaOf>,
    /// The body, if it takes one.
    pub body: Option<SchemaOf>,
    /// The answer when all is well.
    pub answer: Answer,
    /// The refusals that are its own; 400, 401, 403, 421 and 429 may come from every call.
    pub refusals: &'static [u16],
    /// What answers it.
    pub route: fn() -> MethodRouter<App>,
}

/// Makes the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The answer of a call when all is well.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media types it comes in, with the schema where it is JSON.
    pub contents: &'static [(&'static str, Option<SchemaOf>)],
}

const fn json(status: u16, contents: &'static [(&'static str, Option<SchemaOf>)]) -> Answer {
    Answer { status, contents }
}

fn of<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

fn inline<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

const JSON: &str = "application/json";

/// Every call of the API.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Method::Get,
        path: paths::TASKS,
        id: "listTasks",
        summary: "List my tasks in all repositories",
        query: Some(inline::<TaskQuery>),
        body: None,
        answer: json(200, &[(JSON, Some(of::<TaskList>))]),
        refusals: &[422],
        route: || get(tasks::list),
    },
    Operation {
        method: Method::Get,
        path: paths::REPO_TASKS,
        id: "listTasksOfRepository",
        summary: "List the tasks of a repository",
        query: Some(inline::<TaskQuery>),
        body: None,
        answer: json(200, &[(JSON, Some(of::<TaskList>))]),
        refusals: &[422],
        route: || get(tasks::list_of_repository),
    },
    Operation {
        method: Method::Post,
        path: paths::REPO_TASKS,
        id: "startTask",
        summary: "Start a task; an Idempotency-Key header makes it safe to repeat",
        query: None,
        body: Some(of::<NewTask>),
        answer: json(201, &[(JSON, Some(of::<Task>))]),
        refusals: &[404, 413, 415, 422, 507],
        route: || post(tasks::create),
    },
    Operation {
        method: Method::Get,
        path: paths::TASK,
        id: "getTask",
        summary: "Get a task with its sessions",
        query: None,
        body: None,
        answer: json(200, &[(JSON, Some(of::<Task>))]),
        refusals: &[404],
        route: || get(tasks::get),
    },
    Operation {
        method: Method::Get,
        path: paths::REPO_TASK,
        id: "getTaskOfRepository",
        summary: "Get a task of a repository with its sessions",
        query: None,
        body: None,
        answer: json(200, &[(JSON, Some(of::<Task>))]),
        refusals: &[404],
        route: || get(tasks::get_of_repository),
    },
    Operation {
        method: Method::Get,
        path: paths::EVENTS,
        id: "readEvents",
        summary: "Read a task's log: a window, or with Accept: text/event-stream all after Last-Event-ID and then live",
        query: Some(inline::<EventQuery>),
        body: None,
        answer: json(200, &[(JSON, Some(of::<EventWindow>)), (sse::MEDIA_TYPE, Some(of::<Event>))]),
        refusals: &[404, 422],
        route: || get(events::events),
    },
    Operation {
        method: Method::Get,
        path: paths::OUTLINE,
        id: "readOutline",
        summary: "Read what there is in a task's log, step by step, without the texts",
        query: Some(inline::<OutlineQuery>),
        body: None,
        answer: json(200, &[(JSON, Some(of::<OutlineWindow>))]),
        refusals: &[404, 422],
        route: || get(outline::outline),
    },
    Operation {
        method: Method::Get,
        path: paths::SEARCH,
        id: "searchLog",
        summary: "Find in a task's log; it answers soon, with what it has: asked again, it goes on",
        query: Some(inline::<SearchQuery>),
        body: None,
        answer: json(200, &[(JSON, Some(of::<SearchWindow>))]),
        refusals: &[404, 422],
        route: || get(search::search),
    },
    Operation {
        method: Method::Get,
        path: paths::LOG,
        id: "downloadLog",
        summary: "A task's whole log as a file: events or raw messages of calls, a line of JSON each, or text, plain or with colours",
        query: Some(inline::<LogQuery>),
        body: None,
        answer: json(200, &[(LogFormat::Jsonl.media_type(), None), (LogFormat::Text.media_type(), None)]),
        refusals: &[404, 422],
        route: || get(download::download),
    },
    Operation {
        method: Method::Post,
        path: paths::STEER,
        id: "steerTask",
        summary: "Follow up on a task, stop or pause it, or answer its permission request; an Idempotency-Key header makes a follow-up safe to repeat",
        query: None,
        body: Some(of::<Steer>),
        answer: json(202, &[]),
        refusals: &[404, 409, 413, 415, 422, 507],
        route: || post(tasks::steer),
    },
    Operation {
        method: Method::Get,
        path: paths::STREAM,
        id: "streamTasks",
        summary: "Follow the list of tasks: each task as it is now, then each as it changes",
        query: None,
        body: None,
        answer: json(200, &[(sse::MEDIA_TYPE, Some(of::<Task>))]),
        refusals: &[],
        route: || get(stream::stream),
    },
    Operation {
        method: Method::Get,
        path: paths::CAPABILITIES,
        id: "getCapabilities",
        summary: "What this server can do, and the agents on offer",
        query: None,
        body: None,
        answer: json(200, &[(JSON, Some(of::<Capabilities>))]),
        refusals: &[],
        route: || get(capabilities::capabilities),
    },
    Operation {
        method: Method::Post,
        path: paths::PAIRINGS,
        id: "pair",
        summary: "Trade a single-use pairing code for a token; needs no token",
        query: None,
        body: Some(of::<NewPairing>),
        answer: json(201, &[(JSON, Some(of::<PairedToken>))]),
        refusals: &[413, 415, 422],
        route: || post(pairings::create),
    },
    Operation {
        method: Method::Get,
        path: paths::USER,
        id: "getUser",
        summary: "Whose token this is",
        query: None,
        body: None,
        answer: json(200, &[(JSON, Some(of::<User>))]),
        refusals: &[],
        route: || get(capabilities::user),
    },
    Operation {
        method: Method::Get,
        path: paths::USER_REPOS,
        id: "listRepositories",
        summary: "List the repositories that tasks may work in",
        query: None,
        body: None,
        answer: json(200, &[(JSON, Some(of::<Vec<Repository>>))]),
        refusals: &[],
        route: || get(repositories::list),
    },
    Operation {
        method: Method::Get,
        path: paths::BRANCHES,
        id: "listBranches",
        summary: "List the branches of a repository",
        query: None,
        body: None,
        answer: json(200, &[(JSON, Some(of::<Vec<Branch>>))]),
        refusals: &[404],
        route: || get(repositories::branches),
    },
    Operation {
        method: Method::Get,
        path: paths::COMPARE,
        id: "compareBranches",
        summary: "What a task changed, as a unified diff: base...head with Accept: application/vnd.github.diff",
        query: None,
        body: None,
        answer: json(200, &[("text/plain", None)]),
        refusals: &[404, 406],
        route: || get(repositories::compare),
    },
    Operation {
        method: Method::Get,
        path: paths::OPENAPI,
        id: "getDescription",
        summary: "This description",
        query: None,
        body: None,
        answer: json(200, &[(JSON, None)]),
        refusals: &[],
        route: || get(openapi::serve),
    },
];
