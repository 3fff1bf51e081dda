//! A task: what someone asked for, the branch it happens on, and its sessions.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{FromJson, PullArtifact, Session, State, Timestamp};

/// The identifier of a task: text that a server made (a UUID at GitHub and here).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TaskId(pub String);

impl TaskId {
    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TaskId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// A task as a list shows it; with `sessions` when one task was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Task {
    /// Unique among all tasks of the server.
    pub id: TaskId,
    /// The task's address in the API. GitHub leaves it out in some lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The task's address for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html_url: Option<String>,
    /// A short title, derived from the prompt.
    #[serde(default)]
    pub name: String,
    /// Who started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<Reference>,
    /// `user` or `organization`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator_type: Option<String>,
    /// The repository's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Reference>,
    /// The repository it works in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<RepositoryReference>,
    /// The state of its newest session.
    pub state: State,
    /// How many sessions it has.
    #[serde(default)]
    pub session_count: u32,
    /// What it made: its branch, its pull request.
    #[serde(default)]
    pub artifacts: Vec<Artifact>,
    /// When it was archived; absent while it is in the list.
    #[serde(default)]
    pub archived_at: Option<Timestamp>,
    /// When anything of it changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// The custom agent it runs with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_agent: Option<CustomAgent>,
    /// Companion: the launch profile it runs with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// Companion: what the agent is doing now, or the last thing it said, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// Companion: when somebody asked to stop the newest session; kept until that session is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_requested_at: Option<Timestamp>,
    /// Companion: when the newest session began to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// Companion: when the newest session was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// Companion: why the newest session failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<SessionError>,
    /// The sessions, oldest first. Only with a single task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions: Option<Vec<Session>>,
}

impl Task {
    /// Whether everything of its session is halted. Only a companion does that; GitHub's own word for it is idle.
    pub fn is_paused(&self) -> bool {
        self.state == State::Idle && self.agent_id.is_some()
    }

    /// `owner/name` of the repository, where the server tells it.
    pub fn repository_name(&self) -> Option<&str> {
        self.repository.as_ref()?.full_name.as_deref()
    }

    /// The branch it works on, with what changed there.
    pub fn branch(&self) -> Option<&BranchArtifact> {
        self.artifacts.iter().find_map(|artifact| match artifact {
            Artifact::Branch(branch) => Some(branch),
            Artifact::Pull(_) | Artifact::Other(_) => None,
        })
    }

    /// The pull request it opened.
    pub fn pull(&self) -> Option<&PullArtifact> {
        self.artifacts.iter().find_map(|artifact| match artifact {
            Artifact::Pull(pull) => Some(pull),
            Artifact::Branch(_) | Artifact::Other(_) => None,
        })
    }
}

/// A thing that the server names by number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reference {
    /// The number.
    #[serde(default)]
    pub id: i64,
    /// The account's name, where it is known: GitHub tells numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
}

impl Reference {
    /// What has number `id`.
    pub fn numbered(id: i64) -> Self {
        Self { id, login: None }
    }
}

/// The repository of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RepositoryReference {
    /// The repository's number.
    #[serde(default)]
    pub id: i64,
    /// `owner/name`, where it is known: GitHub tells numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
}

/// A custom agent of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CustomAgent {
    /// The name of its file without the ending: `reviewer` for `.github/agents/reviewer.agent.md`.
    #[serde(default)]
    pub id: String,
}

/// Why a session failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionError {
    /// One sentence for people.
    pub message: String,
}

/// Something that a task made.
#[derive(Debug, Clone, PartialEq)]
pub enum Artifact {
    /// The branch.
    Branch(BranchArtifact),
    /// The pull request.
    Pull(PullArtifact),
    /// A kind that this version does not know, as it came.
    Other(Value),
}

/// A branch and what changed on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BranchArtifact {
    /// The task's branch.
    pub head_ref: String,
    /// The branch it started from.
    pub base_ref: String,
    /// Companion: lines added since the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additions: Option<u64>,
    /// Companion: lines removed since the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletions: Option<u64>,
    /// Companion: files touched since the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_files: Option<u64>,
}

/// The wire form of an artifact: `{provider, type, data}`.
#[derive(Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct WireArtifact {
    /// Always `github`: its description allows nothing else, also for a branch on a companion's machine.
    provider: String,
    /// `branch` or `pull`; newer servers say `github_resource` and put `pull` into the data.
    r#type: String,
    /// Depends on the type.
    data: Value,
}

impl Serialize for Artifact {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let wire = |kind: &str, data: Value| WireArtifact { provider: "github".into(), r#type: kind.into(), data };
        let as_value = |value: serde_json::Result<Value>| value.map_err(serde::ser::Error::custom);
        match self {
            Self::Branch(branch) => wire("branch", as_value(serde_json::to_value(branch))?).serialize(out),
            Self::Pull(pull) => wire("pull", as_value(serde_json::to_value(pull))?).serialize(out),
            Self::Other(value) => value.serialize(out),
        }
    }
}

impl<'de> Deserialize<'de> for Artifact {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(input)?;
        Ok(Self::from_json(&value).unwrap_or(Self::Other(value)))
    }
}

impl FromJson for Artifact {
    fn from_json(json: &Value) -> Option<Self> {
        let data = &json["data"];
        let kind = match json["type"].as_str() {
            Some("github_resource") => data["type"].as_str(),
            kind => kind,
        };
        let known = match kind {
            Some("branch") => BranchArtifact::from_json(data).map(Self::Branch),
            Some("pull") => PullArtifact::from_json(data).map(Self::Pull),
            _ => None,
        };
        Some(known.unwrap_or_else(|| Self::Other(json.clone())))
    }
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskList {
    /// The tasks of this page, in the order asked for.
    pub tasks: Vec<Task>,
    /// How many tasks are not archived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_active_count: Option<u64>,
    /// How many tasks are archived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_archived_count: Option<u64>,
}

/// The body that starts a task.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewTask {
    /// What to do; see [`crate::Prompt`] for its limits.
    pub prompt: String,
    /// The model; the agent's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The custom agent, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_agent: Option<String>,
    /// Whether to open a pull request when done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_pull_request: Option<bool>,
    /// The branch to start from; the repository's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_ref: Option<String>,
    /// An existing branch to continue on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_ref: Option<String>,
    /// Companion: the launch profile; the companion's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_official_example_is_read_though_it_lacks_addresses() {
        let task: Task = serde_json::from_value(json!({
            "id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "name": "Fix the login button", "creator": {"id": 1},
            "creator_type": "user", "owner": {"id": 1}, "repository": {"id": 1296269}, "state": "completed",
            "session_count": 1, "artifacts": [{"provider": "github", "type": "pull", "data": {"id": 42}}],
            "archived_at": null, "created_at": "2025-01-01T00:00:00Z", "updated_at": "2025-01-01T01:00:00Z"
        }))
        .unwrap();
        assert_eq!(task.pull().unwrap().id, 42);
        assert_eq!(task.html_url, None);
    }

    #[test]
    fn an_artifact_of_a_new_kind_is_kept_as_it_came() {
        let wire = json!({"provider": "github", "type": "deployment", "data": {"id": 7}});
        let artifact: Artifact = serde_json::from_value(wire.clone()).unwrap();
        assert_eq!(serde_json::to_value(artifact).unwrap(), wire);
    }

    #[test]
    fn a_pull_request_is_found_under_both_names() {
        for wire in [
            json!({"provider": "github", "type": "pull", "data": {"id": 42}}),
            json!({"provider": "github", "type": "github_resource", "data": {"id": 42, "type": "pull"}}),
        ] {
            assert!(matches!(serde_json::from_value(wire).unwrap(), Artifact::Pull(PullArtifact { id: 42, .. })));
        }
    }
}
