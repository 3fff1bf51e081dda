//! A host that only has files: it rewrites no address, and sends no header of its own but the media type.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use anyhow::ensure;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// The built site.
pub const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist");
/// The folder of the host that a site is put into unless told otherwise.
pub const SITE_PATH: &str = "/some/deep/path/";
/// A page of the same host that shows the site in a frame.
pub const FRAME_PATH: &str = "/frame.html";

/// What a host is told to serve.
#[derive(Debug, Clone)]
pub struct Site {
    folder: PathBuf,
    path: String,
    /// Files that are not in the folder, or other than there.
    files: BTreeMap<String, String>,
    headers: Vec<HeaderRule>,
}

/// Headers of the files whose path in the site fits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HeaderRule {
    /// A path such as `/index.html`; a `*` at its end stands for anything.
    pattern: String,
    name: HeaderName,
    value: HeaderValue,
}

/// A running host; it ends when dropped.
pub struct StaticHost {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    path: String,
    log: Arc<Mutex<Vec<(String, u16)>>>,
    server: JoinHandle<()>,
}

struct Hosted {
    site: Site,
    log: Arc<Mutex<Vec<(String, u16)>>>,
}

impl Site {
    /// The built site.
    pub fn dist() -> anyhow::Result<Self> {
        ensure!(Path::new(DIST).join("index.html").exists(), "the page was not built; run 'cargo xtask build'");
        Ok(Self::of(DIST))
    }

    /// The files of a folder.
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        let (files, headers) = (BTreeMap::new(), Vec::new());
        Self { folder: folder.into(), path: SITE_PATH.into(), files, headers }
    }

    /// Below another path of the host, which begins and ends with `/`.
    pub fn at(self, path: &str) -> Self {
        assert!(path.starts_with('/') && path.ends_with('/'), "'{path}' does not begin and end with '/'");
        Self { path: path.into(), ..self }
    }

    /// With this text in place of a file, such as `config.json`.
    pub fn with_file(mut self, name: &str, text: impl Into<String>) -> Self {
        self.files.insert(name.into(), text.into());
        self
    }

    /// With headers as a `_headers` file says them: a path, then indented `Name: value` rows.
    pub fn with_headers(mut self, rules: &str) -> anyhow::Result<Self> {
        let mut pattern = "";
        for row in rules.lines().filter(|row| !row.trim().is_empty() && !row.starts_with('#')) {
            match row.trim().split_once(": ") {
                Some((name, value)) if row.starts_with(char::is_whitespace) => {
                    let (name, value) = (name.parse()?, value.parse()?);
                    self.headers.push(HeaderRule { pattern: pattern.into(), name, value });
                }
                Some(_) | None => pattern = row.trim(),
            }
        }
        Ok(self)
    }

    /// With the headers of the folder's own `_headers`, as hosts that know such a file send them.
    pub fn with_its_headers(self) -> anyhow::Result<Self> {
        let rules = std::fs::read_to_string(self.folder.join("_headers"))?;
        self.with_headers(&rules)
    }

    /// Serves it on a free port of the loopback interface.
    pub async fn start(self) -> anyhow::Result<StaticHost> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let (path, log) = (self.path.clone(), Arc::default());
        let hosted = Arc::new(Hosted { site: self, log: Arc::clone(&log) });
        let app = Router::new().fallback(async |State(hosted): State<Arc<Hosted>>, request| answer(&hosted, &request));
        let server = tokio::spawn(async move {
            let served = axum::serve(listener, app.with_state(hosted)).await;
            served.expect("a loopback listener accepts until it is dropped");
        });
        Ok(StaticHost { address, path, log, server })
    }
}

impl StaticHost {
    /// Serves the built site below [`SITE_PATH`].
    pub async fn start() -> anyhow::Result<Self> {
        Site::dist()?.start().await
    }

    /// The site's own address.
    pub fn site(&self) -> String {
        format!("{}{}", self.address, self.path)
    }

    /// The paths that were asked for so far, without the query, and the statuses that they got.
    pub fn requests(&self) -> Vec<(String, u16)> {
        self.log.lock().expect("nothing panics while it holds the log").clone()
    }
}

impl Drop for StaticHost {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn answer(hosted: &Hosted, request: &Request) -> Response {
    let path = request.uri().path();
    let response = match request.method() {
        &Method::GET | &Method::HEAD => file(&hosted.site, path),
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    let mut log = hosted.log.lock().expect("nothing panics while it holds the log");
    log.push((path.to_owned(), response.status().as_u16()));
    response
}

fn file(site: &Site, path: &str) -> Response {
    if path == FRAME_PATH {
        let frame = format!("<!doctype html><iframe src=\"{}\"></iframe>", site.path);
        return ([("content-type", "text/html; charset=utf-8")], frame).into_response();
    }
    let missing = || (StatusCode::NOT_FOUND, [("content-type", "text/plain")], "not found\n").into_response();
    let Some(name) = path.strip_prefix(&site.path) else { return missing() };
    let name = if name.is_empty() { "index.html" } else { name };
    // Names with a percent sign are none of ours.
    if name.split('/').any(|part| part.is_empty() || part.starts_with("..")) || name.contains('%') {
        return missing();
    }
    let body = match site.files.get(name) {
        Some(text) => text.clone().into_bytes(),
        None => match std::fs::read(site.folder.join(name)) {
            Ok(body) => body,
            Err(_) => return missing(),
        },
    };
    let mut response = ([("content-type", media_type(name))], body).into_response();
    for HeaderRule { pattern, name: header, value } in &site.headers {
        let in_site = &path[site.path.len() - 1..];
        let fits = pattern.strip_suffix('*').map_or(pattern == in_site, |start| in_site.starts_with(start));
        if fits {
            response.headers_mut().append(header.clone(), value.clone());
        }
    }
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
