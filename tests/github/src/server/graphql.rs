//! GraphQL: documents are validated and executed by a GraphQL library against GitHub's own schema.

use std::sync::{Mutex, OnceLock};

use apollo_compiler::{
    ExecutableDocument, Schema,
    resolvers::{Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue},
    response::JsonMap,
    validation::Valid,
};
use serde_json::{Value, json};

use super::{answer::Answer, fault::NO_PERMISSION, headers::Refused, operations::Call};
use crate::{Access, NodeId, NodeKind, Pull, Repository, User, World, contract};

/// The most nodes that may be asked for at once.
const NODES_MAX: usize = 100;
/// What the published schema is wrong in itself with; it counts as right with its first definitions.
const KNOWN_MISTAKE: &str = "duplicate definitions for the";
const UNKNOWN_NODE: &str = "Could not resolve to a node with the global id of";

/// Answers a query. What the schema does not allow is told.
pub fn answer(call: &mut Call<'_>, body: &Value) -> Result<Answer, Refused> {
    let schema = schema();
    let refused = |message: String| {
        let answer = Answer::json(200, json!({ "errors": [{ "message": message }] }));
        Refused { answer, complaint: Some(format!("GraphQL: {message}")) }
    };
    if let Some(name) = body.as_object().and_then(|fields| fields.keys().find(|name| !is_known_field(name))) {
        return Err(refused(format!("a request has no field '{name}'")));
    }
    let Some(query) = body["query"].as_str() else {
        return Err(refused("A query attribute must be specified and must be a string.".into()));
    };
    let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql")
        .map_err(|errors| refused(errors.errors.to_string()))?;
    let variables = match serde_json_bytes::Value::from(body["variables"].clone()) {
        serde_json_bytes::Value::Object(variables) => variables,
        _ => JsonMap::new(),
    };
    let root = Root {
        world: call.world,
        may_see_pulls: call.token.pulls >= Access::Read,
        user: call.token.user,
        refusals: Mutex::default(),
        errors: Mutex::default(),
    };
    let execution = Execution::new(schema, &document).raw_variable_values(&variables);
    let execution = execution.operation_name(body["operationName"].as_str());
    let response = execution.and_then(|execution| execution.execute_sync(&root));
    let response = response.map_err(|error| refused(error.message().to_string()))?;
    if let Some(message) = root.refusals.into_inner().unwrap_or_default().into_iter().next() {
        return Err(refused(message));
    }
    let mut response = serde_json::to_value(response).expect("a response of GraphQL is JSON");
    let errors = root.errors.into_inner().unwrap_or_default();
    if !errors.is_empty() {
        response["errors"] = errors.into();
    }
    Ok(Answer::json(200, response))
}

/// Fails with a sentence that names the command to run where the schema is not installed.
pub fn see_schema() -> anyhow::Result<()> {
    contract::installed(contract::GRAPHQL).map(drop)
}

fn is_known_field(name: &str) -> bool {
    ["query", "variables", "operationName"].contains(&name)
}

/// The schema, read once per process.
fn schema() -> &'static Valid<Schema> {
    static SCHEMA: OnceLock<Valid<Schema>> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = contract::read(contract::GRAPHQL).unwrap_or_else(|error| panic!("{error:#}"));
        match Schema::parse_and_validate(text, "schema.graphql") {
            Ok(schema) => schema,
            Err(read) => {
                let mistakes: Vec<String> = read.errors.iter().map(|mistake| mistake.error.to_string()).collect();
                let unknown = mistakes.iter().find(|mistake| !mistake.starts_with(KNOWN_MISTAKE));
                assert_eq!(unknown, None, "GitHub's GraphQL schema cannot be read");
                Valid::assume_valid(read.partial)
            }
        }
    })
}

/// The type `Query`.
struct Root<'a> {
    world: &'a World,
    may_see_pulls: bool,
    user: u64,
    /// Why the whole query is refused.
    refusals: Mutex<Vec<String>>,
    /// What GitHub says of nodes that it answers with null.
    errors: Mutex<Vec<Value>>,
}

/// An object as JSON; `__typename` names its type.
struct Node<'a> {
    fields: Value,
    root: &'a Root<'a>,
}

impl Root<'_> {
    /// The node with this id, or null with an error.
    fn node(&self, id: &str, path: Value) -> ResolvedValue<'_> {
        let found = NodeId::read(id).and_then(|NodeId { kind, number }| match kind {
            NodeKind::User => self.world.user(number).map(user),
            NodeKind::Repository => self.world.repository(number).map(|found| repository(self.world, found)),
            NodeKind::PullRequest => {
                self.world.pulls.iter().find(|pull| pull.id == number).map(|found| pull(self.world, found))
            }
        });
        match found {
            None => self.null_with("NOT_FOUND", &format!("{UNKNOWN_NODE} '{id}'."), path),
            Some(node) if node["__typename"] == "PullRequest" && !self.may_see_pulls => {
                self.null_with("FORBIDDEN", NO_PERMISSION, path)
            }
            Some(node) => self.object(node),
        }
    }

    fn null_with(&self, kind: &str, message: &str, path: Value) -> ResolvedValue<'_> {
        let error = json!({ "type": kind, "path": path, "message": message });
        self.errors.lock().expect("nothing panics while it notes an error").push(error);
        ResolvedValue::null()
    }

    /// Refuses the whole query.
    fn refuse(&self, message: String) -> FieldError {
        self.refusals.lock().expect("nothing panics while it notes a refusal").push(message.clone());
        FieldError { message }
    }

    fn refuse_field(&self, of: &str, field: &str) -> FieldError {
        self.refuse(format!("the stand-in does not serve '{of}.{field}'; teach it"))
    }

    fn object(&self, fields: Value) -> ResolvedValue<'_> {
        if fields.is_null() { ResolvedValue::null() } else { ResolvedValue::object(Node { fields, root: self }) }
    }

    /// A value with all that is in it.
    fn resolved(&self, value: Value) -> ResolvedValue<'_> {
        match value {
            Value::Object(_) => self.object(value),
            Value::Array(items) => {
                ResolvedValue::list(items.into_iter().map(|item| self.resolved(item)).collect::<Vec<_>>())
            }
            leaf => ResolvedValue::leaf(serde_json_bytes::Value::from(leaf)),
        }
    }
}

impl ObjectValue for Root<'_> {
    fn type_name(&self) -> &str {
        "Query"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let argument =
            |name: &str| info.arguments().get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        match info.field_name() {
            "viewer" => Ok(self.object(self.world.user(self.user).map(user).unwrap_or_default())),
            "node" => Ok(self.node(&argument("id"), json!(["node"]))),
            "nodes" => {
                let ids = info.arguments().get("ids").and_then(|ids| ids.as_array()).cloned().unwrap_or_default();
                if ids.len() > NODES_MAX {
                    let count = ids.len();
                    let message = format!("You may not provide more than {NODES_MAX} node ids; you provided {count}.");
                    return Err(self.refuse(message));
                }
                let nodes = ids
                    .iter()
                    .enumerate()
                    .map(|(index, id)| self.node(id.as_str().unwrap_or_default(), json!(["nodes", index])));
                Ok(ResolvedValue::list(nodes.collect::<Vec<_>>()))
            }
            "repository" => {
                let (owner, name) = (argument("owner"), argument("name"));
                Ok(match self.world.repository_named(&owner, &name) {
                    Some(found) => self.object(repository(self.world, found)),
                    None => {
                        let message = format!("Could not resolve to a Repository with the name '{owner}/{name}'.");
                        self.null_with("NOT_FOUND", &message, json!(["repository"]))
                    }
                })
            }
            other => Err(self.refuse_field("Query", other)),
        }
    }
}

impl ObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        self.fields["__typename"].as_str().unwrap_or_default()
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        match self.fields.get(info.field_name()) {
            Some(value) => Ok(self.root.resolved(value.clone())),
            None => Err(self.root.refuse_field(self.type_name(), info.field_name())),
        }
    }
}

fn user(user: &User) -> Value {
    json!({
        "__typename": "User", "id": user.node_id().modern(), "databaseId": user.id, "login": user.login,
        "name": user.login, "url": format!("https://github.com/{}", user.login),
        "avatarUrl": format!("https://avatars.githubusercontent.com/u/{}", user.id)
    })
}

fn repository(world: &World, repository: &Repository) -> Value {
    let owner = world.users.iter().find(|user| user.login == repository.owner);
    let owner = owner.map_or_else(|| user(&User::new(repository.id, &repository.owner)), user);
    json!({
        "__typename": "Repository", "id": repository.node_id().modern(), "databaseId": repository.id,
        "name": repository.name, "nameWithOwner": repository.full_name(), "owner": owner,
        "isPrivate": repository.is_private, "url": format!("https://github.com/{}", repository.full_name()),
        "defaultBranchRef": { "__typename": "Ref", "name": repository.default_branch() }
    })
}

fn pull(world: &World, pull: &Pull) -> Value {
    let in_repository = world.repository(pull.repository).map(|found| repository(world, found)).unwrap_or_default();
    let address = in_repository["url"].as_str().unwrap_or_default();
    let checks = pull.checks.as_ref().map(|state| json!({ "__typename": "StatusCheckRollup", "state": state }));
    let commit = json!({ "__typename": "Commit", "statusCheckRollup": checks });
    let commits = json!({
        "__typename": "PullRequestCommitConnection", "totalCount": 1,
        "nodes": [{ "__typename": "PullRequestCommit", "commit": commit }]
    });
    json!({
        "__typename": "PullRequest", "id": pull.node_id().modern(), "databaseId": pull.id, "fullDatabaseId": pull.id.to_string(),
        "number": pull.number, "title": pull.title, "url": format!("{address}/pull/{}", pull.number),
        "state": pull.state(), "isDraft": pull.is_draft, "merged": pull.is_merged, "headRefName": pull.head,
        "baseRefName": pull.base, "repository": in_repository, "commits": commits
    })
}
