//! Where a reader is in the log, and going elsewhere in it.

use super::Page;

/// The text of the row at the top of the screen, and how far into it the screen begins.
const PLACE: &str = "(() => {
    const top = document.querySelector('.log-view-scroll').getBoundingClientRect().top;
    const rows = [...document.querySelectorAll('.log-view-rows > :not([data-aside])')];
    const row = rows.find((row) => row.getBoundingClientRect().bottom > top);
    return [row.innerText, Math.round(row.getBoundingClientRect().top - top)];
})()";
/// Whether two looks in a row see the same place.
const RESTS: &str = "(() => {
    const top = document.querySelector('.log-view-scroll').scrollTop;
    const isSame = window.restedAt === top;
    window.restedAt = top;
    return isSame;
})()";

impl Page {
    /// The text of the row at the top of the log's screen, and how many pixels of it are above.
    pub async fn log_place(&self) -> anyhow::Result<(String, i64)> {
        self.value(PLACE).await
    }

    /// Waits until the log's scroll bar rests.
    pub async fn see_log_rest(&self) -> anyhow::Result<()> {
        self.see_that("the log to rest", RESTS).await
    }

    /// Goes to another address of the page that is open, as its own links do: `#/…`.
    pub async fn go_to(&self, fragment: &str) -> anyhow::Result<()> {
        let go = format!("((location.hash = {}), true)", serde_json::json!(fragment));
        self.see_that("the way there", &go).await
    }
}
