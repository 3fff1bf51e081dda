//! The page on a host that has nothing but its files.

use e2e::{FRAME_PATH, Page, StaticHost};

#[tokio::test(flavor = "multi_thread")]
async fn a_host_with_nothing_but_files_serves_it_from_any_folder() -> anyhow::Result<()> {
    let host = StaticHost::start().await?;
    let page = Page::blank().await?;
    for fragment in ["", "#/tasks/0193"] {
        page.while_requests_fail(async {
            page.open(&format!("{}{fragment}", host.site())).await?;
            page.see("Flightdeck").await?;
            page.see_that("the page has started", "document.querySelectorAll('main').length === 1").await
        })
        .await?;
    }
    // Its policy comes with it: nothing that it needs was refused, and a stranger is.
    page.see_that("a request to a stranger is refused by the policy", A_STRANGER_IS_REFUSED).await?;
    let complaints = page.complaints();
    assert!(complaints.iter().all(|complaint| complaint.contains("stranger.test")), "{complaints:#?}");
    page.close().await
}

/// Asks a stranger for something, once, and tells whether the policy has refused it.
const A_STRANGER_IS_REFUSED: &str = "(() => {
    if (globalThis.refused === undefined) {
        globalThis.refused = [];
        addEventListener('securitypolicyviolation', (event) => globalThis.refused.push(event.effectiveDirective));
        fetch('https://stranger.test/').catch(() => {});
    }
    return globalThis.refused.includes('connect-src');
})()";

#[tokio::test(flavor = "multi_thread")]
async fn inside_a_frame_there_is_nothing_to_click() -> anyhow::Result<()> {
    let host = StaticHost::start().await?;
    let page = Page::blank().await?;
    page.open(&format!("{}{FRAME_PATH}", host.address)).await?;
    page.see_that("the page knows that it is framed", "frames[0].document.documentElement.dataset.framed === ''")
        .await?;
    let nothing = "frames[0].document.body.innerText.trim() === '' && \
        frames[0].document.querySelectorAll('a, button, input, select, textarea, [tabindex]').length === 0";
    page.see_that("nothing is shown in the frame", nothing).await?;
    page.close().await
}
