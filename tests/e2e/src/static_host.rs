//! A host that only has files: it sends no header of its own and rewrites no address.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::ensure;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// The built site.
const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist");
/// The folder that the site is put into.
pub const SITE_PATH: &str = "/some/deep/path/";
/// A page of the same host that shows the site in a frame.
pub const FRAME_PATH: &str = "/frame.html";
/// The largest head of a request, in bytes.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// A running host. It ends with the test.
pub struct StaticHost {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// Whether it has lost what the page loads later.
    has_no_later: Arc<AtomicBool>,
}

impl StaticHost {
    /// Serves the built site below [`SITE_PATH`].
    pub async fn start() -> anyhow::Result<Self> {
        let dist = PathBuf::from(DIST);
        ensure!(dist.join("index.html").exists(), "the page was not built; run 'cargo xtask build'");
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let has_no_later = Arc::new(AtomicBool::new(false));
        let has_lost = Arc::clone(&has_no_later);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, dist.clone(), has_lost.load(Ordering::Relaxed)));
            }
        });
        Ok(Self { address, has_no_later })
    }

    /// From now on it lacks the second part of the page's program, as after a new deployment, or has it again.
    pub fn lose_later(&self, is_lost: bool) {
        self.has_no_later.store(is_lost, Ordering::Relaxed);
    }

    /// The site's own address.
    pub fn site(&self) -> String {
        format!("{}{SITE_PATH}", self.address)
    }
}

async fn answer(mut stream: TcpStream, dist: PathBuf, has_no_later: bool) -> std::io::Result<()> {
    let mut head = vec![0; HEAD_BYTES_MAX];
    let length = stream.read(&mut head).await?;
    let head = String::from_utf8_lossy(&head[..length]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let is_lost = has_no_later && path.contains("/later-") && path.ends_with(".wasm");
    let (status, media_type, body) = match file(path, &dist).filter(|_| !is_lost) {
        Some((media_type, body)) => ("200 OK", media_type, body),
        None => ("404 Not Found", "text/plain", Vec::new()),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await
}

fn file(path: &str, dist: &Path) -> Option<(&'static str, Vec<u8>)> {
    if path == FRAME_PATH {
        return Some(("text/html", format!("<!doctype html><iframe src=\"{SITE_PATH}\"></iframe>").into_bytes()));
    }
    let name = match path.strip_prefix(SITE_PATH)? {
        "" => "index.html",
        name if name.contains("..") => return None,
        name => name,
    };
    let media_type = match name.rsplit('.').next()? {
        "html" => "text/html",
        "js" => "text/javascript",
        "css" => "text/css",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "json" => "application/json",
        _ => "application/octet-stream",
    };
    Some((media_type, std::fs::read(dist.join(name)).ok()?))
}
