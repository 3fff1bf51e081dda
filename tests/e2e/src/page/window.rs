//! The window that a page is in: its size, its colours, its picture.

use std::path::PathBuf;

use chromiumoxide::{
    cdp::browser_protocol::{
        browser::{PermissionDescriptor, PermissionSetting, SetPermissionParams},
        emulation::{MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams},
    },
    page::ScreenshotParams,
};

use super::Page;
use crate::wait::until;

impl Page {
    /// Makes the window as narrow as a phone.
    pub async fn become_phone(&self) -> anyhow::Result<()> {
        self.page.execute(SetDeviceMetricsOverrideParams::new(390, 844, 2.0, true)).await?;
        Ok(())
    }

    /// Answers for the browser's user what the pages of an origin ask: `loopback-network` and the like.
    pub async fn answer_permission(&self, origin: &str, name: &str, is_granted: bool) -> anyhow::Result<()> {
        let setting = if is_granted { PermissionSetting::Granted } else { PermissionSetting::Denied };
        let mut answer = SetPermissionParams::new(PermissionDescriptor::new(name), setting);
        answer.origin = Some(origin.to_owned());
        self.window.browser.execute(answer).await?;
        Ok(())
    }

    /// Shows this tab: a browser takes no clicks for the others.
    pub async fn come_to_front(&self) -> anyhow::Result<()> {
        self.page.bring_to_front().await?;
        Ok(())
    }

    /// Gives the window a size.
    pub async fn resize(&self, width: i64, height: i64) -> anyhow::Result<()> {
        self.page.execute(SetDeviceMetricsOverrideParams::new(width, height, 1.0, false)).await?;
        Ok(())
    }

    /// Asks for the dark scheme, as the system's settings do.
    pub async fn become_dark(&self) -> anyhow::Result<()> {
        let scheme = MediaFeature::new("prefers-color-scheme", "dark");
        self.page.execute(SetEmulatedMediaParams::builder().feature(scheme).build()).await?;
        Ok(())
    }

    /// Saves what is on screen as `target/screenshots/{name}.png`.
    pub async fn screenshot(&self, name: &str) -> anyhow::Result<PathBuf> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
        let folder = target.join("screenshots");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{name}.png"));
        // A colour on its way to another is no picture of the page.
        until("transitions to end", async || {
            let is_still = "!document.getAnimations().some((change) => change instanceof CSSTransition)";
            Ok(self.page.evaluate(is_still).await?.into_value::<bool>()?.then_some(()))
        })
        .await?;
        self.page.save_screenshot(ScreenshotParams::builder().build(), &path).await?;
        Ok(path)
    }
}
