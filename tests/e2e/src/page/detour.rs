//! Requests that the browser sends elsewhere than the page asked: so a page that speaks with GitHub.com itself, by its
//! own address and under its own policy, is answered by a stand-in.

use chromiumoxide::cdp::browser_protocol::fetch::{
    ContinueRequestParams, EnableParams, EventRequestPaused, RequestPattern, RequestStage,
};
use futures_util::StreamExt as _;

use super::Page;

impl Page {
    /// From now on the browser sends what the page asks of the origin `from` to the origin `to`. The page cannot
    /// tell; a policy that forbids `from` still does.
    pub async fn send_elsewhere(&self, from: &str, to: &str) -> anyhow::Result<()> {
        let mut paused = self.page.event_listener::<EventRequestPaused>().await?;
        let (page, from, to) = (self.page.clone(), from.to_owned(), to.to_owned());
        let pattern = format!("{from}/*");
        tokio::spawn(async move {
            while let Some(event) = paused.next().await {
                let mut go_on = ContinueRequestParams::new(event.request_id.clone());
                go_on.url = event.request.url.strip_prefix(&from).map(|rest| format!("{to}{rest}"));
                // Fails for a request that the page gave up meanwhile.
                drop(page.execute(go_on).await);
            }
        });
        let pattern = RequestPattern::builder().url_pattern(pattern).request_stage(RequestStage::Request).build();
        self.page.execute(EnableParams::builder().pattern(pattern).build()).await?;
        Ok(())
    }
}
