//! The permissions that a token needs, and what trying them has shown.

use agent_tasks::Permission;
use leptos::prelude::*;

use crate::ui::{Mark, Symbol};

/// Name, access and purpose of each; with what was found where they were tried.
#[component]
pub fn PermissionTable(
    /// The permissions.
    permissions: Vec<Permission>,
    /// Whether they were tried.
    #[prop(optional)]
    is_tried: bool,
) -> impl IntoView {
    let row = |permission: Permission| {
        let found = is_tried.then(|| view! { <td>{found(permission.is_granted)}</td> });
        view! {
            <tr>
                <th scope="row">{permission.name}</th>
                <td>{permission.access}</td>
                <td>{permission.purpose}</td>
                {found}
            </tr>
        }
    };
    view! {
        <table class="permission-table">
            <thead>
                <tr>
                    <th scope="col">"Permission"</th>
                    <th scope="col">"Access"</th>
                    <th scope="col">"For"</th>
                    {is_tried.then(|| view! { <th scope="col">"Found"</th> })}
                </tr>
            </thead>
            <tbody>{permissions.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn found(is_granted: Option<bool>) -> AnyView {
    match is_granted {
        Some(true) => view! { <Mark symbol=Symbol::Check word="Granted" tone="success"/> }.into_any(),
        Some(false) => view! { <Mark symbol=Symbol::Cross word="Missing" tone="danger"/> }.into_any(),
        None => "shows when used".into_any(),
    }
}
