//! Whether anybody looks at a page: put behind another tab, brought to the front, woken.

use super::Page;

impl Page {
    /// Puts the page behind another tab.
    pub async fn become_hidden(&self) -> anyhow::Result<()> {
        self.set_hidden(true).await
    }

    /// Brings the page to the front again.
    pub async fn become_shown(&self) -> anyhow::Result<()> {
        self.set_hidden(false).await
    }

    /// Tells the page to look at its connections now, as coming back from a sleep does.
    pub async fn wake(&self) -> anyhow::Result<()> {
        self.page.evaluate("void document.dispatchEvent(new Event('visibilitychange'))").await?;
        Ok(())
    }

    /// How long the page is open, by its own clock, in milliseconds.
    pub async fn age_ms(&self) -> anyhow::Result<f64> {
        Ok(self.page.evaluate("performance.now()").await?.into_value()?)
    }

    async fn set_hidden(&self, is_hidden: bool) -> anyhow::Result<()> {
        // A page without a window is always shown: what a browser says of itself is said in its place.
        let script = format!(
            "Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {is_hidden} }});
             void document.dispatchEvent(new Event('visibilitychange'))"
        );
        self.page.evaluate(script).await?;
        Ok(())
    }
}
