//! What a page costs its browser: time of its main thread, memory, nodes; and long gestures.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chromiumoxide::cdp::{
    browser_protocol::{
        input::{GestureSourceType, SynthesizeScrollGestureParams},
        network::DisableParams,
        page::AddScriptToEvaluateOnNewDocumentParams,
        performance::EnableParams,
    },
    js_protocol::{
        heap_profiler::CollectGarbageParams,
        runtime::{EvaluateParams, GetHeapUsageParams},
    },
};
use serde::de::DeserializeOwned;

use super::Page;

/// What a page holds in memory, after its garbage was collected, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Held {
    /// JavaScript's objects and the browser's own for the page.
    pub heap: f64,
    /// Buffers: a program's memory, arrays of bytes, long strings.
    pub buffers: f64,
}

impl Held {
    /// Both.
    pub fn total(self) -> f64 {
        self.heap + self.buffers
    }
}

impl Page {
    /// Prepares for being measured: `script` runs in every document before its own, and the browser keeps no copy of
    /// what the page loads.
    pub async fn prepare_to_measure(&self, script: &str) -> anyhow::Result<()> {
        self.page.execute(DisableParams::default()).await?;
        self.page.execute(EnableParams::default()).await?;
        self.page.execute(AddScriptToEvaluateOnNewDocumentParams::new(script)).await?;
        Ok(())
    }

    /// What a promise gives in the page; it has half a minute.
    pub async fn promised<T: DeserializeOwned>(&self, expression: &str) -> anyhow::Result<T> {
        let read = EvaluateParams::builder().expression(expression).await_promise(true).return_by_value(true);
        let read = read.build().map_err(|error| anyhow!(error))?;
        let given = self.page.evaluate(read).await?;
        // Nothing, as the browser tells it, is not there.
        let value = given.value().cloned().unwrap_or_default();
        serde_json::from_value(value).with_context(|| format!("this gave something else: {expression}"))
    }

    /// How long the page's main thread has worked since the document began, whatever at.
    pub async fn worked(&self) -> anyhow::Result<Duration> {
        let metrics = self.page.metrics().await?;
        let found = metrics.iter().find(|metric| metric.name == "TaskDuration");
        Ok(Duration::from_secs_f64(found.context("the browser tells no TaskDuration")?.value))
    }

    /// What it holds once its garbage was collected.
    pub async fn held(&self) -> anyhow::Result<Held> {
        self.page.execute(CollectGarbageParams::default()).await?;
        let usage = self.page.execute(GetHeapUsageParams::default()).await?.result;
        Ok(Held { heap: usage.used_size + usage.embedder_heap_used_size, buffers: usage.backing_storage_size })
    }

    /// Turns the wheel over a point for some time; a negative speed goes up.
    pub async fn wheel(&self, x: f64, y: f64, px_per_second: i64, time: Duration) -> anyhow::Result<()> {
        let distance = -(px_per_second as f64) * time.as_secs_f64();
        let gesture = SynthesizeScrollGestureParams::builder().x(x).y(y).y_distance(distance);
        let gesture = gesture.speed(px_per_second.abs()).gesture_source_type(GestureSourceType::Mouse);
        self.page.execute(gesture.build().map_err(|error| anyhow!(error))?).await?;
        Ok(())
    }
}
