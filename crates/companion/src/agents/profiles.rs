//! Which agents can be started: the built-in launch profiles, the user's own, and the rehearsal agent.

mod built_in;

use std::ffi::OsStr;

use agent_tasks::capabilities::{AgentOffer, MissingAgent};

use self::built_in::{BUILT_IN, BuiltIn};
use super::{Profile, spawn::find};
use crate::config::Config;

/// The id of the agent that only plays a script.
pub const REHEARSAL_ID: &str = "rehearsal";
/// The subcommand of the companion's own program that is the rehearsal agent.
pub const REHEARSAL_COMMAND: &str = "rehearsal-agent";

/// The agents of this machine.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Those that can be started, the default first, the rehearsal agent last.
    pub found: Vec<Offered>,
    /// Those that are known and not there.
    pub missing: Vec<MissingAgent>,
}

/// An agent that can be started.
#[derive(Debug, Clone)]
pub struct Offered {
    /// For the page.
    pub offer: AgentOffer,
    /// How to start it.
    pub profile: Profile,
}

impl Catalogue {
    /// The agent that a task named, or the default when it named none.
    pub fn get(&self, id: Option<&str>) -> Option<&Offered> {
        match id {
            Some(id) => self.found.iter().find(|agent| agent.offer.id == id),
            None => self.found.first(),
        }
    }
}

/// Looks for the agents of `config` and the built-in ones in the folders of `path`.
pub fn catalogue(config: &Config, path: &OsStr) -> Catalogue {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for profile in &config.agent {
        if find(&profile.command, path).is_some() {
            let offer = offer(&profile.id, &profile.name, "from your configuration file");
            found.push(Offered { offer, profile: profile.clone() });
        } else {
            let install = format!(
                "'{}' is not on PATH: install it, or correct `command` of this agent in the configuration file.",
                profile.command
            );
            missing.push(MissingAgent { id: profile.id.clone(), name: shown_name(profile), install });
        }
    }
    let is_own = |id: &str| config.agent.iter().any(|profile| profile.id == id);
    for agent in BUILT_IN.iter().filter(|agent| !is_own(agent.id)) {
        match agent.profile(path) {
            Some(profile) => {
                found.push(Offered { offer: offer(agent.id, agent.name, agent.description), profile });
            }
            None => missing.push(agent.missing()),
        }
    }
    if !is_own(REHEARSAL_ID) {
        found.extend(rehearsal());
    }
    Catalogue { found, missing }
}

impl BuiltIn {
    /// The first of its launch forms that is there.
    fn profile(&self, path: &OsStr) -> Option<Profile> {
        let is_there = |program: &str| find(program, path).is_some();
        let form = self.forms.iter().find(|form| is_there(form.command) && form.needs.is_none_or(is_there))?;
        Some(Profile {
            id: self.id.into(),
            name: self.name.into(),
            command: form.command.into(),
            args: form.args.iter().map(ToString::to_string).collect(),
            env: self.env.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
            pass_env: self.pass_env.iter().map(ToString::to_string).collect(),
            mode: None,
        })
    }

    fn missing(&self) -> MissingAgent {
        MissingAgent { id: self.id.into(), name: self.name.into(), install: self.install.into() }
    }
}

fn rehearsal() -> Option<Offered> {
    let program = std::env::current_exe().ok()?;
    let mut offer = offer(
        REHEARSAL_ID,
        "Rehearsal",
        "Plays a script with real commands and real edits. No model is involved, nothing is understood.",
    );
    offer.rehearsal = true;
    let profile = Profile {
        id: REHEARSAL_ID.into(),
        name: "Rehearsal".into(),
        command: program.to_str()?.to_owned(),
        args: vec![REHEARSAL_COMMAND.into()],
        env: [].into(),
        pass_env: vec![],
        mode: None,
    };
    Some(Offered { offer, profile })
}

fn offer(id: &str, name: &str, description: &str) -> AgentOffer {
    AgentOffer {
        id: id.into(),
        name: if name.is_empty() { id } else { name }.into(),
        description: Some(description.into()),
        rehearsal: false,
        models: vec![],
    }
}

fn shown_name(profile: &Profile) -> String {
    if profile.name.is_empty() { profile.id.clone() } else { profile.name.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn folder_with(programs: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for program in programs {
            let file = folder.path().join(program);
            std::fs::write(&file, "").unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    fn check(programs: &[&str], config: &str, expected: &[&str]) -> Catalogue {
        let folder = folder_with(programs);
        let catalogue = catalogue(&toml::from_str(config).unwrap(), folder.path().as_os_str());
        let ids: Vec<_> = catalogue.found.iter().map(|agent| agent.offer.id.as_str()).collect();
        assert_eq!(ids, expected, "{programs:?}");
        assert!(catalogue.missing.iter().all(|agent| !ids.contains(&agent.id.as_str()) && !agent.install.is_empty()));
        catalogue
    }

    #[test]
    fn only_what_is_there_is_offered_and_real_agents_come_first() {
        assert!(check(&[], "", &["rehearsal"]).get(None).unwrap().offer.rehearsal);
        let catalogue = check(&["opencode", "gemini"], "", &["gemini", "opencode", "rehearsal"]);
        let opencode = &catalogue.get(Some("opencode")).unwrap().profile;
        assert_eq!(opencode.args, ["acp"]);
        assert_eq!(opencode.env["OPENCODE_SERVER_PASSWORD"], "{random}");
        assert!(catalogue.get(Some("claude")).is_none());
    }

    #[test]
    fn an_adapter_comes_through_npx_only_for_those_who_have_the_agent() {
        check(&["npx"], "", &["rehearsal"]);
        let catalogue = check(&["npx", "claude"], "", &["claude", "rehearsal"]);
        assert_eq!(catalogue.get(None).unwrap().profile.command, "npx");
        let catalogue = check(&["npx", "claude", "claude-agent-acp"], "", &["claude", "rehearsal"]);
        assert_eq!(catalogue.get(None).unwrap().profile.command, "claude-agent-acp");
    }

    #[test]
    fn a_profile_of_the_users_takes_the_place_of_a_built_in_one() {
        let config = "[[agent]]\nid = 'gemini'\ncommand = 'ssh'\nargs = ['box', 'gemini', '--acp']";
        let catalogue = check(&["ssh", "gemini"], config, &["gemini", "rehearsal"]);
        assert_eq!(catalogue.get(None).unwrap().profile.command, "ssh");
        check(&["gemini"], config, &["rehearsal"]);
    }
}
