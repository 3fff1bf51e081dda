//! What assistive technology reads, in its order.

use chromiumoxide::cdp::browser_protocol::accessibility::{AxNode, GetFullAxTreeParams};

use super::Page;

/// Something on a page, as assistive technology is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is: `heading`, `button` …
    pub role: String,
    /// What it is called; empty when it has no name.
    pub name: String,
}

impl Page {
    /// Everything on the page that has a role for people, in the order in which it is read.
    pub async fn reading_order(&self) -> anyhow::Result<Vec<Told>> {
        let tree = self.page.execute(GetFullAxTreeParams::default()).await?.result.nodes;
        let mut told = Vec::new();
        let mut next: Vec<&AxNode> = tree.first().into_iter().collect();
        while let Some(node) = next.pop() {
            if !node.ignored {
                told.push(Told { role: text(&node.role), name: text(&node.name) });
            }
            let children = node.child_ids.iter().flatten().rev();
            next.extend(children.filter_map(|id| tree.iter().find(|node| node.node_id == *id)));
        }
        Ok(told)
    }
}

fn text(value: &Option<chromiumoxide::cdp::browser_protocol::accessibility::AxValue>) -> String {
    let text = value.as_ref().and_then(|value| value.value.as_ref()).and_then(|value| value.as_str());
    text.unwrap_or_default().to_owned()
}
