//! What the page gives to the browser to be saved, read instead.

use super::Page;

impl Page {
    /// From now on files that the page gives out are kept for [`Page::saved`] and go to no disk.
    pub async fn keep_downloads(&self) -> anyhow::Result<()> {
        let keep = "(URL.createObjectURL = (blob) => {
            globalThis.saved = undefined;
            blob.text().then((text) => globalThis.saved = text);
            return 'blob:none';
        }, globalThis.saved = undefined, true)";
        self.see_that("downloads to be kept", keep).await
    }

    /// Waits for the file that was given out last, and takes it.
    pub async fn saved(&self) -> anyhow::Result<String> {
        self.see_that("a file", "typeof globalThis.saved === 'string'").await?;
        self.value("(() => { const { saved } = globalThis; globalThis.saved = undefined; return saved })()").await
    }
}
