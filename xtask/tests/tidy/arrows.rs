//! Who may name whom: the arrows between crates and between the rooms of the page and of the companion.

use crate::{
    planted,
    rule::Rule,
    see_none,
    source::{Source, sources},
};

const RULES: [Rule; 17] = [
    Rule {
        why: "ui is a kit without a domain",
        within: &["src/ui"],
        except: &[],
        never: &[
            "agent_tasks",
            "session_log",
            "crate::store",
            "crate::tasks",
            "crate::session",
            "crate::connections",
            "crate::files",
            "crate::api",
            "crate::live",
            "crate::app",
        ],
    },
    Rule {
        why: "the store knows no DOM, no network and no clock",
        within: &["src/store"],
        except: &[],
        never: &[
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "gloo_net",
            "gloo_timers",
            "leptos::html",
            "leptos_router",
            "Date::",
            "SystemTime",
            "Instant",
            "window()",
            "document()",
            "now()",
            "crate::api",
            "crate::live",
            "crate::app",
            "crate::tasks",
            "crate::session",
            "crate::connections",
            "crate::files",
            "crate::ui",
        ],
    },
    Rule {
        why: "api and live return values and call back; they know no store and no view",
        within: &["src/api", "src/live"],
        except: &[],
        never: &[
            "crate::store",
            "crate::app",
            "crate::tasks",
            "crate::session",
            "crate::connections",
            "crate::files",
            "crate::ui",
            "session_log",
            "leptos",
        ],
    },
    Rule {
        why: "feature folders get state and callbacks as props; app.rs sends requests and opens streams",
        within: &["src/tasks", "src/session", "src/connections", "src/files"],
        except: &[],
        never: &[
            "gloo_net",
            "fetch_with_str",
            "fetch_with_request",
            "Request::",
            "EventSource",
            "WebSocket",
            "ReadableStream",
            "crate::api",
            "crate::live",
            "crate::app",
        ],
    },
    Rule {
        why: "features do not know each other",
        within: &["src/tasks"],
        except: &[],
        never: &["crate::session", "crate::connections", "crate::files"],
    },
    Rule {
        why: "features do not know each other",
        within: &["src/session"],
        except: &[],
        never: &["crate::tasks", "crate::connections", "crate::files"],
    },
    Rule {
        why: "features do not know each other",
        within: &["src/connections"],
        except: &[],
        never: &["crate::tasks", "crate::session", "crate::files"],
    },
    Rule {
        why: "features do not know each other; what is chosen goes to app.rs, which reads it",
        within: &["src/files"],
        except: &[],
        never: &["crate::tasks", "crate::session", "crate::connections", "array_buffer", "Importer"],
    },
    Rule {
        why: "only the client asks which edition a server speaks, others ask what it can do; addresses are made by edition",
        within: &["src"],
        except: &["src/api", "src/app/servers.rs"],
        never: &[".edition", "== Edition::", "!= Edition::", "Edition::Companion =>", "Edition::Github =>"],
    },
    Rule {
        why: "only live.rs knows streams",
        within: &["src"],
        except: &["src/live"],
        never: &["ReadableStream", "ReadableStreamDefaultReader", "EventSource"],
    },
    Rule {
        why: "the shared crates name no framework, no browser, no runtime, no clock",
        within: &["crates/agent-tasks/src", "crates/session-log/src", "crates/acp-events/src", "crates/log-files/src"],
        // Tests read recordings.
        except: &["crates/acp-events/src/shown.rs", "crates/acp-events/src/transcripts.rs"],
        never: &[
            "leptos",
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "gloo_net",
            "tokio",
            "axum",
            "std::net",
            "std::fs",
            "std::process",
            "SystemTime",
            "Instant",
            "now_utc",
            "now_local",
        ],
    },
    Rule {
        why: "paths of the API exist in agent-tasks only; use its functions",
        within: &["src", "crates"],
        except: &["crates/agent-tasks/", "crates/companion/tests/", "crates/companion/openapi.json"],
        never: &["\"/agents/", "}/agents/", "\"/user\"", "\"/user/", "\"/repos/", "}/repos/"],
    },
    Rule {
        why: "the page's policy is written in shell/policy.txt only",
        within: &["src", "crates", "xtask/src", "index.html"],
        except: &["crates/hosting/", "crates/companion/tests/"],
        never: &["default-src", "script-src", "frame-ancestors"],
    },
    Rule {
        why: "rules about states exist in agent-tasks only",
        within: &["src", "crates"],
        except: &["crates/agent-tasks/"],
        never: &["fn can_stop", "fn can_steer", "fn can_archive", "fn may_stop", "fn may_steer", "fn may_archive"],
    },
    Rule {
        why: "agents and git know neither tasks nor HTTP nor the database",
        within: &["crates/companion/src/agents", "crates/companion/src/git"],
        except: &[],
        never: &["axum", "rusqlite", "crate::tasks", "crate::http", "crate::routes", "crate::log"],
    },
    Rule {
        why: "the log knows neither HTTP nor agents nor tasks; of git only what a worktree is",
        within: &["crates/companion/src/log"],
        except: &[],
        never: &[
            "axum",
            "session_log",
            "crate::http",
            "crate::routes",
            "crate::agents",
            "crate::tasks",
            "crate::derived",
            "git::Repository",
        ],
    },
    Rule {
        why: "what is derived from the log needs the log and its fold alone",
        within: &["crates/companion/src/derived"],
        except: &[],
        never: &["axum", "crate::http", "crate::routes", "crate::agents", "crate::tasks", "crate::git"],
    },
];

/// A manifest, and what it must not depend on. A name ending in `-` stands for all that start so.
const NEVER_DEPENDS: [(&str, &[&str]); 6] = [
    (
        "crates/agent-tasks/Cargo.toml",
        &[
            "leptos",
            "leptos_",
            "web-sys",
            "js-sys",
            "gloo-",
            "wasm-bindgen",
            "tokio",
            "axum",
            "chrono",
            "session-log",
            "companion",
            "flightdeck",
        ],
    ),
    (
        "crates/session-log/Cargo.toml",
        &[
            "leptos",
            "leptos_",
            "web-sys",
            "js-sys",
            "gloo-",
            "wasm-bindgen",
            "tokio",
            "axum",
            "chrono",
            "time",
            "companion",
            "flightdeck",
        ],
    ),
    // What the page reads files with is no more than this.
    (
        "crates/acp-events/Cargo.toml",
        &["leptos", "web-sys", "js-sys", "gloo-", "wasm-bindgen", "tokio", "serde", "session-log", "companion"],
    ),
    (
        "crates/log-files/Cargo.toml",
        &["leptos", "web-sys", "js-sys", "gloo-", "wasm-bindgen", "tokio", "serde", "session-log", "companion"],
    ),
    (
        "Cargo.toml",
        &[
            "tokio",
            "axum",
            "hyper",
            "reqwest",
            "rusqlite",
            "companion",
            "agent-client-protocol",
            "agent-client-protocol-schema",
        ],
    ),
    ("crates/companion/Cargo.toml", &["leptos", "leptos_", "web-sys", "js-sys", "gloo-", "wasm-bindgen", "flightdeck"]),
];

fn manifest_complaints(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, never) in NEVER_DEPENDS {
        let Some(manifest) = sources.iter().find(|source| source.path == path) else { continue };
        let table: toml::Table = manifest.text.parse().unwrap();
        let Some(dependencies) = table.get("dependencies").and_then(toml::Value::as_table) else { continue };
        let is_never = |name: &str| {
            never.iter().any(|word| name == *word || (word.ends_with(['-', '_']) && name.starts_with(word)))
        };
        complaints.extend(
            dependencies.keys().filter(|name| is_never(name)).map(|name| format!("{path}: depends on '{name}'")),
        );
    }
    complaints
}

fn complaints(sources: &[Source]) -> Vec<String> {
    RULES.iter().flat_map(|rule| rule.complaints(sources)).chain(manifest_complaints(sources)).collect()
}

#[test]
fn nothing_names_what_it_must_not_know() {
    see_none(complaints(&sources()));
}

#[test]
fn each_arrow_can_be_broken() {
    for (path, text) in [
        ("src/ui/badge.rs", "use agent_tasks::State;"),
        ("src/store/tasks.rs", "let now = js_sys::Date::now();"),
        ("src/store.rs", "use web_sys::Window;"),
        ("src/api/request.rs", "use crate::store::Tasks;"),
        ("src/live.rs", "use leptos::prelude::*;"),
        ("src/tasks/list.rs", "gloo_net::http::Request::get(url)"),
        ("src/app/actions.rs", "let edition = client.address().edition;"),
        ("src/session/header.rs", "Edition::Github => view! {"),
        ("src/tasks/list.rs", "use crate::session::LogView;"),
        ("src/session/header.rs", "use crate::tasks::Badge;"),
        ("src/session/header.rs", "use crate::files::FilePage;"),
        ("src/connections/pair.rs", "use crate::session::Log;"),
        ("src/files/file_page.rs", "use crate::session::LogPanel;"),
        ("crates/log-files/src/lib.rs", "use std::fs::File;"),
        ("src/app.rs", "web_sys::EventSource::new(url)"),
        ("crates/session-log/src/lib.rs", "use tokio::task;"),
        ("crates/companion/src/http/headers.rs", "\"default-src 'self'\""),
        ("crates/companion/src/http.rs", ".route(\"/agents/tasks\", get(list))"),
        ("src/api.rs", "format!(\"{base}/agents/tasks\")"),
        ("src/tasks/row.rs", "fn can_stop(state: &State) -> bool {"),
        ("crates/companion/src/agents/run.rs", "use crate::tasks::Task;"),
        ("crates/companion/src/log/write.rs", "use axum::Json;"),
        ("crates/companion/src/log/write.rs", "use session_log::LogDocument;"),
        ("crates/companion/src/derived/outlines.rs", "use crate::tasks::Tasks;"),
        ("Cargo.toml", "[dependencies]\ntokio = \"1\""),
        ("crates/acp-events/Cargo.toml", "[dependencies]\nsession-log = \"1\""),
        ("crates/companion/Cargo.toml", "[dependencies]\nleptos_router = \"0.8\""),
    ] {
        assert_eq!(complaints(&planted(path, text)).len(), 1, "{path}: {text}");
    }
}
