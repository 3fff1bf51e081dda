//! Find in a log that the page has not loaded, and the outline beside it.

use anyhow::ensure;
use e2e::story;

/// The texts that the browser marks as the hit that is looked at.
const PRESENT: &str = "[...(CSS.highlights.get('log-hit-present') ?? [])].map((mark) => {
    const range = document.createRange();
    range.setStart(mark.startContainer, mark.startOffset);
    range.setEnd(mark.endContainer, mark.endOffset);
    return range.toString();
}).join()";

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_step_that_is_closed_is_found_and_shown() -> anyhow::Result<()> {
    story("find", async |stage| {
        stage.open().await?;
        stage.start_task("Count every leaf", "long-output").await?;
        let page = &stage.page;
        page.click_role("link", "Count every leaf").await?;
        page.see_in_header("Count every leaf", "Done").await?;
        page.see_in_log("That was all of them.").await?;
        page.reload().await?;
        page.see_in_log("20000 lines").await?;

        page.click_role("button", "Find").await?;
        page.type_into("Find in the log", "line 12345:").await?;
        page.see("1 of 1").await?;
        page.see_in_log("line 12345: the quick brown fox").await?;
        page.see_that("the mark of the hit", &format!("({PRESENT}) === 'line 12345:'")).await?;
        page.see("Jump to the end").await?;
        page.screenshot("find").await?;

        page.set_value("Find in the log", "fox").await?;
        page.see("of 20,000").await?;
        page.click_role("button", "All hits").await?;
        page.see_role("listbox", "All hits").await?;
        page.screenshot("find-list").await?;
        page.press("Escape", false).await?;
        page.see_no("All hits").await?;

        // A window of this width has room for it.
        page.see_role("navigation", "Outline").await?;
        page.click_role("button", "Message That was all of them.").await?;
        page.see_in_log("That was all of them.").await?;
        page.screenshot("outline").await?;
        let rows = page.count("*").await?;
        ensure!(rows <= 1_000, "{rows} elements are in the page");
        Ok(())
    })
    .await
}
