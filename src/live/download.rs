//! A whole file that is read as it comes.

use gloo_net::http::Request;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader};

/// Why a download did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DownloadEnd {
    /// The server refuses, with this HTTP status and body.
    Refused(u16, String),
    /// The connection was cut, or never there.
    Cut,
    /// Nobody wants it any more.
    GivenUp,
}

/// Reads the file at `url` and hands on each piece; ends when `on_piece` says that no more is wanted, or when `abort` is
/// used, also while nothing comes.
///
/// # Errors
///
/// When not all of it was read. Pieces that were handed on until then are a part of the file.
pub async fn download(
    url: &str,
    token: &str,
    abort: &AbortController,
    mut on_piece: impl FnMut(&Uint8Array) -> bool,
) -> Result<(), DownloadEnd> {
    let request =
        Request::get(url).header("Authorization", &["Bearer ", token].concat()).abort_signal(Some(&abort.signal()));
    let response = request.send().await.map_err(|_| DownloadEnd::Cut)?;
    if !response.ok() {
        return Err(DownloadEnd::Refused(response.status(), response.text().await.unwrap_or_default()));
    }
    let body = response.body().ok_or(DownloadEnd::Cut)?;
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(|_| DownloadEnd::Cut)?;
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|_| DownloadEnd::Cut)?;
        let value = Reflect::get(&part, &"value".into()).map_err(|_| DownloadEnd::Cut)?;
        let Ok(piece) = value.dyn_into::<Uint8Array>() else { return Ok(()) };
        if !on_piece(&piece) {
            abort.abort();
            return Err(DownloadEnd::GivenUp);
        }
    }
}
