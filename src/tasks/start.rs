//! A task to start: what was typed and chosen, cut to what the server takes.

use agent_tasks::{Branch, NewTask, Prompt};

use super::offer::Offer;
use crate::store::{Connection, ConnectionId, Connections, Draft, Remote};

/// A task to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Where.
    pub connection: ConnectionId,
    /// The repository's owner.
    pub owner: String,
    /// The repository's name.
    pub repo: String,
    /// What to do.
    pub task: NewTask,
}

impl Start {
    /// The task that the draft says, or a sentence on what is missing. A field that the server does not take
    /// is left out.
    pub fn build(
        draft: &Draft,
        connections: &Connections,
        branches: &[Branch],
        custom_agents: &[String],
    ) -> Result<Self, String> {
        let prompt = Prompt::parse(&draft.prompt).map_err(|error| capitalised(&error.to_string()))?;
        let choices = &draft.choices;
        let offer = Offer::of(choices, connections).ok_or_else(|| no_repository(connections))?;
        if offer.prompt_bytes > 0 && prompt.as_str().len() > offer.prompt_bytes {
            return Err(format!("This server takes prompts of {} bytes at most. Shorten it.", offer.prompt_bytes));
        }
        let branch = choices.chosen_branch(&offer.repository, branches).to_owned();
        let is_continued = choices.is_continued && offer.can_continue(choices, branches);
        let base_ref = if is_continued { offer.repository.default_branch.clone() } else { branch.clone() };
        let custom_agent = custom_agents.iter().find(|name| **name == choices.custom_agent);
        let agent = choices.chosen_agent(&offer.agents).filter(|_| offer.agents.len() > 1);
        Ok(Self {
            connection: offer.connection,
            owner: offer.repository.owner.login.clone(),
            repo: offer.repository.name.clone(),
            task: NewTask {
                prompt: prompt.as_str().to_owned(),
                model: offer.model(choices).cloned(),
                custom_agent: custom_agent.filter(|_| offer.fields.custom_agent).cloned(),
                create_pull_request: offer.fields.create_pull_request.then_some(choices.opens_pull_request),
                base_ref: Some(base_ref),
                head_ref: is_continued.then_some(branch),
                agent_id: agent.map(|agent| agent.id.clone()),
            },
        })
    }
}

/// Why there is nothing to work in, and what to do.
fn no_repository(connections: &Connections) -> String {
    let is_loading = |connection: &Connection| connection.repositories == Remote::Loading;
    let failure = connections.open().find_map(|connection| match &connection.repositories {
        Remote::Failed(sentence) => Some(sentence.clone()),
        Remote::Loading | Remote::Ready(_) => None,
    });
    if connections.open().any(is_loading) {
        return "The repositories are still being read. Try again in a moment.".to_owned();
    }
    failure.unwrap_or_else(|| {
        "There is no repository to work in. Start the companion with “--repo” and the path of one, or give the \
         GitHub token access to one."
            .to_owned()
    })
}

fn capitalised(fragment: &str) -> String {
    let mut chars = fragment.chars();
    chars.next().map(|first| format!("{}{}.", first.to_ascii_uppercase(), chars.as_str())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Choices, Standing};
    use agent_tasks::capabilities::StartFields;
    use agent_tasks::{Edition, Repository, ServerAddress};
    use serde_json::json;

    fn connections(capabilities: serde_json::Value) -> Connections {
        let mut connections = Connections::default();
        let id = connections.add("", ServerAddress::of_base("https://a/api", Edition::Companion).unwrap(), false);
        let connection = connections.get_mut(id).unwrap();
        connection.standing = Standing::Open { is_remembered: false };
        let repository: Repository = serde_json::from_value(json!({
            "id": 1, "name": "r", "full_name": "o/r", "default_branch": "trunk", "private": true,
            "owner": {"id": 1, "login": "o", "type": "User"}
        }))
        .unwrap();
        connection.repositories = Remote::Ready(vec![repository]);
        connection.capabilities = Remote::Ready(serde_json::from_value(capabilities).unwrap());
        connections
    }

    fn capabilities(start: StartFields, agents: &[&str]) -> serde_json::Value {
        let agents: Vec<_> =
            agents.iter().map(|id| json!({"id": id, "name": id, "models": ["big", "small"]})).collect();
        serde_json::to_value(json!({
            "server": "s", "version": "1", "calls": {}, "start": start, "agents": agents, "limits": {"prompt_bytes": 10}
        }))
        .unwrap()
    }

    fn draft() -> Draft {
        let choices = Choices {
            base_ref: "dev".into(),
            is_continued: true,
            agent_id: "two".into(),
            model: "small".into(),
            custom_agent: "reviewer".into(),
            opens_pull_request: true,
            ..Choices::default()
        };
        Draft { prompt: "  Fix it ".into(), choices }
    }

    fn build(connections: &Connections) -> NewTask {
        let branch = serde_json::from_value(json!({"name": "dev", "commit": {"sha": "1"}, "protected": false}));
        Start::build(&draft(), connections, &[branch.unwrap()], &["reviewer".into()]).unwrap().task
    }

    #[test]
    fn what_a_server_takes_is_sent() {
        let all = StartFields { custom_agent: true, create_pull_request: true, head_ref: true };
        let sent = build(&connections(capabilities(all, &["one", "two"])));
        let expected = NewTask {
            prompt: "Fix it".into(),
            model: Some("small".into()),
            custom_agent: Some("reviewer".into()),
            create_pull_request: Some(true),
            base_ref: Some("trunk".into()),
            head_ref: Some("dev".into()),
            agent_id: Some("two".into()),
        };
        assert_eq!(sent, expected);
    }

    #[test]
    fn what_a_server_does_not_take_is_never_sent() {
        let sent = build(&connections(capabilities(StartFields::default(), &[])));
        let expected = NewTask { prompt: "Fix it".into(), base_ref: Some("dev".into()), ..NewTask::default() };
        assert_eq!(sent, expected);
    }

    #[test]
    fn the_default_branch_is_never_gone_on_with() {
        let all = StartFields { head_ref: true, ..StartFields::default() };
        let known = connections(capabilities(all, &["one"]));
        let sent = Start::build(&draft(), &known, &[], &[]).unwrap().task;
        assert_eq!((sent.base_ref.as_deref(), sent.head_ref, sent.agent_id), (Some("trunk"), None, None));
    }

    #[test]
    fn what_is_missing_is_said() {
        let known = connections(capabilities(StartFields::default(), &[]));
        let why = |prompt: &str, connections: &Connections| {
            Start::build(&Draft { prompt: prompt.into(), ..draft() }, connections, &[], &[]).unwrap_err()
        };
        assert_eq!(why(" ", &known), "The prompt is empty; write what the agent should do.");
        assert!(why("Fix it again", &known).contains("10 bytes at most"));
        assert!(why("Fix it", &Connections::default()).contains("--repo"));
    }
}
