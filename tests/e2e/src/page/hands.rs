//! What a person does to a page: mouse, keys, and the browser's buttons.

use anyhow::{Context as _, anyhow, ensure};
use chromiumoxide::{
    cdp::browser_protocol::{
        dom::{FocusParams, GetContentQuadsParams, ScrollIntoViewIfNeededParams},
        input::{
            DispatchKeyEventParams, DispatchKeyEventType, DispatchMouseEventParams, DispatchMouseEventType,
            InsertTextParams,
        },
    },
    layout::Point,
};
use serde_json::{Value, json};

use super::Page;
use crate::wait::until;

impl Page {
    /// Presses what has this role and name, with the mouse, where a person would.
    pub async fn click_role(&self, role: &str, name: &str) -> anyhow::Result<()> {
        let point = self.place_to_press(role, name).await?;
        self.page.click(point).await?;
        Ok(())
    }

    /// Presses it twice in a row, at the same place, as people with a nervous finger do.
    pub async fn double_click_role(&self, role: &str, name: &str) -> anyhow::Result<()> {
        let point = self.place_to_press(role, name).await?;
        self.page.click(point).await?;
        self.page.click(point).await?;
        Ok(())
    }

    async fn place_to_press(&self, role: &str, name: &str) -> anyhow::Result<Point> {
        until(&format!("a {role} named '{name}' that can be pressed"), async || {
            self.see_enabled(role, name).await?;
            Ok(Some(self.middle_of(role, name).await?))
        })
        .await
    }

    /// Turns the mouse's wheel over what has this role and name; a negative distance goes up.
    pub async fn turn_wheel(&self, role: &str, name: &str, distance_px: f64) -> anyhow::Result<()> {
        let Point { x, y } = self.middle_of(role, name).await?;
        let wheel = DispatchMouseEventParams::builder().r#type(DispatchMouseEventType::MouseWheel).x(x).y(y);
        let wheel = wheel.delta_x(0.0).delta_y(distance_px).build().map_err(|error| anyhow!(error))?;
        self.page.execute(wheel).await?;
        Ok(())
    }

    /// Scrolls the whole page to this distance from its top.
    pub async fn scroll_to(&self, top_px: u32) -> anyhow::Result<()> {
        self.page.evaluate(format!("void scrollTo(0, {top_px})")).await?;
        Ok(())
    }

    async fn middle_of(&self, role: &str, name: &str) -> anyhow::Result<Point> {
        let node = self.query(role, name).await?.context("it is not there")?;
        self.page.execute(ScrollIntoViewIfNeededParams::builder().backend_node_id(node).build()).await?;
        let quads = self.page.execute(GetContentQuadsParams::builder().backend_node_id(node).build()).await?;
        let quad = quads.quads.first().context("it is not visible")?.inner().clone();
        ensure!(quad.len() == 8, "it has no four corners");
        Ok(Point { x: (quad[0] + quad[4]) / 2.0, y: (quad[1] + quad[5]) / 2.0 })
    }

    /// Types into the text field with this label.
    pub async fn type_into(&self, label: &str, text: &str) -> anyhow::Result<()> {
        let node = self.find("textbox", label).await?;
        self.page.execute(FocusParams::builder().backend_node_id(node).build()).await?;
        self.page.execute(InsertTextParams::new(text)).await?;
        Ok(())
    }

    /// Puts text into the field with this label at once, as pasting does.
    pub async fn set_value(&self, label: &str, text: &str) -> anyhow::Result<()> {
        self.find("textbox", label).await?;
        let set = "function (text) {
            this.value = text;
            this.dispatchEvent(new Event('input', { bubbles: true }));
        }";
        self.call("textbox", label, set, json!([{ "value": text }])).await.map(drop)
    }

    /// Opens or closes what is behind the line that holds this text.
    pub async fn click_text(&self, text: &str) -> anyhow::Result<()> {
        self.see(text).await?;
        let press = format!(
            "[...document.querySelectorAll('summary, [aria-expanded]')].find((line) => line.innerText.includes({})).click()",
            json!(text)
        );
        self.page.evaluate(press).await?;
        Ok(())
    }

    /// Chooses the option whose text holds `option` in the list with this label.
    pub async fn choose(&self, label: &str, option: &str) -> anyhow::Result<()> {
        let choose = "function (wanted) {
            const option = [...this.options].find((option) => option.text.includes(wanted));
            if (!option) return [...this.options].map((option) => option.text).join(', ');
            this.value = option.value;
            this.dispatchEvent(new Event('input', { bubbles: true }));
            this.dispatchEvent(new Event('change', { bubbles: true }));
            return null;
        }";
        until(&format!("the option '{option}' of '{label}'"), async || {
            let others = self.call("combobox", label, choose, json!([{ "value": option }])).await?;
            if others.is_null() { Ok(Some(())) } else { Err(anyhow!("there are: {others}")) }
        })
        .await
    }

    /// Presses a key, such as `Enter`, `Escape` or `Tab`, with Ctrl held down or not.
    pub async fn press(&self, key: &str, with_control: bool) -> anyhow::Result<()> {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Tab" => 9,
            other => i64::from(other.bytes().next().unwrap_or_default()),
        };
        for kind in [DispatchKeyEventType::RawKeyDown, DispatchKeyEventType::KeyUp] {
            let event =
                DispatchKeyEventParams::builder().r#type(kind).key(key).code(key).windows_virtual_key_code(code);
            let event = event.modifiers(if with_control { 2 } else { 0 }).build().map_err(|error| anyhow!(error))?;
            self.page.execute(event).await?;
        }
        Ok(())
    }

    /// Goes forward, as the browser's button does.
    pub async fn go_forward(&self) -> anyhow::Result<()> {
        self.page.evaluate("history.forward()").await?;
        Ok(())
    }

    /// Goes back, as the browser's button does.
    pub async fn go_back(&self) -> anyhow::Result<()> {
        self.page.evaluate("history.back()").await?;
        Ok(())
    }

    async fn see_enabled(&self, role: &str, name: &str) -> anyhow::Result<()> {
        let is_disabled = "function () { return Boolean(this.disabled || this.ariaDisabled === 'true') }";
        let is_disabled = self.call(role, name, is_disabled, json!([])).await?;
        ensure!(is_disabled == Value::Bool(false), "it is disabled");
        Ok(())
    }
}
