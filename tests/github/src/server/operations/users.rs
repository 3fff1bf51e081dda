//! Users.

use serde_json::{Value, json};

use super::{Answer, Call, renamed};
use crate::User;

/// `GET /user`.
pub fn authenticated(call: &mut Call<'_>) -> Answer {
    match call.world.user(call.token.user) {
        Some(user) => Answer::json(200, shown(user, call.example("get", "/user"))),
        None => Answer::error(401, "Bad credentials"),
    }
}

/// `GET /user/{account_id}`.
pub fn by_id(call: &mut Call<'_>, id: u64) -> Answer {
    match call.world.user(id) {
        Some(user) => Answer::json(200, shown(user, call.example("get", "/user/{account_id}"))),
        None => Answer::not_found(),
    }
}

fn shown(user: &User, example: Value) -> Value {
    let mut shown = renamed(example, "octocat", &user.login);
    shown["id"] = json!(user.id);
    shown["node_id"] = json!(user.node_id().modern());
    shown["login"] = json!(user.login);
    shown["name"] = json!(user.login);
    shown
}
