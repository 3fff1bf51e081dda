//! The built-in launch profiles. The commands and flags are those that were tried, or that the public
//! registry of ACP agents names.

/// A known agent.
pub struct BuiltIn {
    /// What a task names.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// One line on what it is.
    pub description: &'static str,
    /// How it can be started; the first that is there is taken.
    pub forms: &'static [Form],
    /// Variables to set.
    pub env: &'static [(&'static str, &'static str)],
    /// Variables of its own to pass on: keys, addresses, folders.
    pub pass_env: &'static [&'static str],
    /// How to install it.
    pub install: &'static str,
}

/// One way to start an agent.
pub struct Form {
    /// The program.
    pub command: &'static str,
    /// Its arguments.
    pub args: &'static [&'static str],
    /// Another program that has to be there.
    pub needs: Option<&'static str>,
}

const fn form(command: &'static str, args: &'static [&'static str]) -> Form {
    Form { command, args, needs: None }
}

/// All of them, in the order in which they are offered.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        id: "claude",
        name: "Claude Code",
        description: "Anthropic's coding agent, through its ACP adapter",
        forms: &[
            form("claude-agent-acp", &[]),
            form("claude-code-acp", &[]),
            Form {
                command: "npx",
                args: &["--yes", "@agentclientprotocol/claude-agent-acp@0.100.0"],
                needs: Some("claude"),
            },
        ],
        env: &[],
        pass_env: &[
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_BASE_URL",
            "ANTHROPIC_MODEL",
            "CLAUDE_CONFIG_DIR",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CODE_USE_VERTEX",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
        ],
        install: "npm install -g @agentclientprotocol/claude-agent-acp (Node 22 or newer), then log in once with `claude`",
    },
    BuiltIn {
        id: "codex",
        name: "Codex",
        description: "OpenAI's coding agent, through its ACP adapter",
        forms: &[
            form("codex-acp", &[]),
            Form { command: "npx", args: &["--yes", "@agentclientprotocol/codex-acp@2.6.0"], needs: Some("codex") },
        ],
        env: &[],
        pass_env: &["OPENAI_API_KEY", "OPENAI_BASE_URL", "CODEX_API_KEY", "CODEX_HOME"],
        install: "npm install -g @agentclientprotocol/codex-acp, then log in once with `codex login`",
    },
    BuiltIn {
        id: "copilot",
        name: "Copilot CLI",
        description: "GitHub's coding agent for the terminal",
        forms: &[form("copilot", &["--acp"])],
        env: &[],
        pass_env: &[
            "GH_TOKEN",
            "GITHUB_TOKEN",
            "COPILOT_GITHUB_TOKEN",
            "COPILOT_HOME",
            "COPILOT_MODEL",
            "COPILOT_OFFLINE",
            "COPILOT_PROVIDER_API_KEY",
            "COPILOT_PROVIDER_BASE_URL",
        ],
        install: "npm install -g @github/copilot, then log in once with `copilot`",
    },
    BuiltIn {
        id: "gemini",
        name: "Gemini CLI",
        description: "Google's coding agent",
        forms: &[form("gemini", &["--acp"])],
        env: &[],
        pass_env: &[
            "GEMINI_API_KEY",
            "GOOGLE_API_KEY",
            "GOOGLE_CLOUD_PROJECT",
            "GOOGLE_CLOUD_LOCATION",
            "GOOGLE_GENAI_USE_VERTEXAI",
            "GOOGLE_GEMINI_BASE_URL",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GEMINI_CLI_HOME",
        ],
        install: "npm install -g @google/gemini-cli, then log in once with `gemini`",
    },
    // It opens an HTTP server on loopback; without a password every local web page could use it.
    BuiltIn {
        id: "opencode",
        name: "OpenCode",
        description: "An open coding agent for any model",
        forms: &[form("opencode", &["acp"])],
        env: &[("OPENCODE_SERVER_PASSWORD", "{random}")],
        pass_env: &[
            "OPENCODE_CONFIG",
            "OPENCODE_CONFIG_DIR",
            "OPENCODE_CONFIG_CONTENT",
            "OPENCODE_DISABLE_AUTOUPDATE",
            "OPENCODE_DISABLE_MODELS_FETCH",
            "OPENCODE_DISABLE_LSP_DOWNLOAD",
            "OPENCODE_DISABLE_DEFAULT_PLUGINS",
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "OPENROUTER_API_KEY",
            "GEMINI_API_KEY",
        ],
        install: "npm install -g opencode-ai, then log in once with `opencode auth login`",
    },
    BuiltIn {
        id: "qwen",
        name: "Qwen Code",
        description: "Alibaba's coding agent",
        forms: &[form("qwen", &["--acp"])],
        env: &[],
        pass_env: &["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "DASHSCOPE_API_KEY"],
        install: "npm install -g @qwen-code/qwen-code (Node 22 or newer), then log in once with `qwen`",
    },
    BuiltIn {
        id: "goose",
        name: "Goose",
        description: "An open coding agent for any model",
        forms: &[form("goose", &["acp"])],
        env: &[],
        pass_env: &[
            "GOOSE_PROVIDER",
            "GOOSE_MODEL",
            "GOOSE_MODE",
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "OPENROUTER_API_KEY",
            "GOOGLE_API_KEY",
        ],
        install: "Install Goose as its documentation says, then run `goose configure` once",
    },
    BuiltIn {
        id: "auggie",
        name: "Auggie",
        description: "Augment's coding agent",
        forms: &[form("auggie", &["--acp"])],
        env: &[],
        pass_env: &["AUGMENT_SESSION_AUTH", "AUGMENT_API_TOKEN", "AUGMENT_API_URL"],
        install: "npm install -g @augmentcode/auggie, then log in once with `auggie login`",
    },
    BuiltIn {
        id: "droid",
        name: "Factory Droid",
        description: "Factory's coding agent",
        forms: &[form("droid", &["exec", "--output-format", "acp"])],
        env: &[],
        pass_env: &["FACTORY_API_KEY"],
        install: "Install Droid as Factory's documentation says, then log in once with `droid`",
    },
    BuiltIn {
        id: "kimi",
        name: "Kimi CLI",
        description: "Moonshot's coding agent",
        forms: &[form("kimi", &["acp"])],
        env: &[],
        pass_env: &["KIMI_API_KEY", "KIMI_BASE_URL", "MOONSHOT_API_KEY"],
        install: "uv tool install kimi-cli, then log in once with `kimi`",
    },
    BuiltIn {
        id: "vibe",
        name: "Mistral Vibe",
        description: "Mistral's coding agent",
        forms: &[form("vibe-acp", &[])],
        env: &[],
        pass_env: &["MISTRAL_API_KEY", "VIBE_HOME"],
        install: "uv tool install mistral-vibe, then log in once with `vibe`",
    },
    BuiltIn {
        id: "cagent",
        name: "cagent",
        description: "Docker's runner of agents",
        forms: &[form("cagent", &["acp"])],
        env: &[],
        pass_env: &["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GOOGLE_API_KEY", "MISTRAL_API_KEY"],
        install: "Install cagent as Docker's documentation says",
    },
    BuiltIn {
        id: "qoder",
        name: "Qoder CLI",
        description: "Qoder's coding agent",
        forms: &[form("qodercli", &["--acp"])],
        env: &[],
        pass_env: &["QODER_PERSONAL_ACCESS_TOKEN"],
        install: "npm install -g @qoder-ai/qodercli, then log in once with `qodercli`",
    },
    BuiltIn {
        id: "junie",
        name: "Junie",
        description: "JetBrains' coding agent",
        forms: &[form("junie", &["--acp=true"])],
        env: &[],
        pass_env: &["JUNIE_API_KEY"],
        install: "Install the Junie CLI as JetBrains' documentation says, then log in once with `junie`",
    },
];
