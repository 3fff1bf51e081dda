//! What the page gives to the browser to be saved, read instead.

use super::Page;

impl Page {
    /// From now on files that the page gives out are kept for [`Page::saved`] and go to no disk.
    pub async fn keep_downloads(&self) -> anyhow::Result<()> {
        let keep = "(() => {
            const address = URL.createObjectURL;
            URL.createObjectURL = (blob) => {
                blob.text().then((text) => globalThis.saved = text);
                return address.call(URL, blob);
            };
            // A link for saving is pressed by the page itself.
            HTMLAnchorElement.prototype.click = () => {};
            return true;
        })()";
        self.see_that("downloads to be kept", keep).await
    }

    /// Waits for the file that was given out last, and takes it.
    pub async fn saved(&self) -> anyhow::Result<String> {
        self.see_that("a file", "typeof globalThis.saved === 'string'").await?;
        self.value("(() => { const { saved } = globalThis; globalThis.saved = undefined; return saved })()").await
    }
}
