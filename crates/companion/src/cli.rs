//! The command line: a contract that scripts may rely on.

use std::path::PathBuf;

use anyhow::bail;
use clap::{Parser, Subcommand};

use crate::{
    access::{Access, LABEL_CHARS_MAX},
    agents,
    config::Config,
    folder::Folder,
    http,
    log::Log,
    serve::{ServeArgs, pairing_link, serve},
};

/// One Agents page for every coding agent.
#[derive(Debug, Parser)]
#[command(name = "flightdeck", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the page and its API on this machine
    Serve(ServeArgs),
    /// Print a new pairing link for the companion that runs
    Link {
        /// The data folder; the user's own when absent
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Make, list and revoke the tokens of the API
    #[command(subcommand)]
    Token(TokenCommand),
    /// List the launch profiles: found, or how to install them
    Agents {
        /// A TOML file with launch profiles
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Be the agent that plays scripts: speaks ACP on standard input and output
    #[command(hide = true)]
    RehearsalAgent,
    /// Wait for the companion's end, then end what it left of the sessions noted in the folder
    #[command(hide = true, name = agents::KEEPER_COMMAND)]
    Keeper { folder: PathBuf },
    /// Print the OpenAPI description
    #[command(hide = true)]
    Openapi,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and print it, once
    New {
        /// What to call it
        #[arg(long)]
        label: String,
        /// The data folder; the user's own when absent
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// List the tokens, without the tokens
    List {
        /// The data folder; the user's own when absent
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Revoke a token
    Revoke {
        /// Its number in the list, or its label
        token: String,
        /// The data folder; the user's own when absent
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

/// Does what the command line says.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    if matches!(cli.command, Command::RehearsalAgent) {
        // An agent is a plain program of its own, with no runtime.
        return agents::rehearse();
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(obey(cli.command))
}

async fn obey(command: Command) -> anyhow::Result<()> {
    match command {
        Command::RehearsalAgent => agents::rehearse(),
        Command::Serve(args) => serve(args).await,
        Command::Link { data } => link(data).await,
        Command::Token(TokenCommand::New { label, data }) => new_token(&label, data).await,
        Command::Token(TokenCommand::List { data }) => list_tokens(data).await,
        Command::Token(TokenCommand::Revoke { token, data }) => revoke_token(&token, data).await,
        Command::Agents { config } => list_agents(config),
        Command::Keeper { folder } => agents::keep(folder).await,
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&http::document())?);
            Ok(())
        }
    }
}

fn access(folder: &Folder) -> anyhow::Result<Access> {
    Ok(Access::new(Log::open(&folder.database())?))
}

async fn link(data: Option<PathBuf>) -> anyhow::Result<()> {
    let folder = Folder::find(data)?;
    let Some(address) = folder.address() else {
        bail!("no companion runs with the data folder {}; start one with `flightdeck serve`", folder.path().display());
    };
    println!("{}", pairing_link(&address, &access(&folder)?).await?);
    Ok(())
}

async fn new_token(label: &str, data: Option<PathBuf>) -> anyhow::Result<()> {
    let label = label.trim();
    if label.is_empty() || label.chars().count() > LABEL_CHARS_MAX || label.chars().any(char::is_control) {
        bail!("a label has 1 to {LABEL_CHARS_MAX} characters and no control characters; choose another one");
    }
    println!("{}", access(&Folder::open(data)?)?.new_token(label).await?);
    Ok(())
}

async fn list_tokens(data: Option<PathBuf>) -> anyhow::Result<()> {
    for token in access(&Folder::find(data)?)?.tokens().await? {
        println!("{}\t{}\t{}", token.id, token.created_at, token.label);
    }
    Ok(())
}

async fn revoke_token(token: &str, data: Option<PathBuf>) -> anyhow::Result<()> {
    match access(&Folder::find(data)?)?.revoke(token).await? {
        0 => bail!("there is no token '{token}'; `flightdeck token list` shows what there is"),
        count => eprintln!("revoked {count}"),
    }
    Ok(())
}

fn list_agents(config: Option<PathBuf>) -> anyhow::Result<()> {
    let config = config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    let catalogue = agents::catalogue(&config, &std::env::var_os("PATH").unwrap_or_default());
    for agent in catalogue.found {
        println!("{}\t{}\tfound", agent.offer.id, agent.offer.name);
    }
    for agent in catalogue.missing {
        println!("{}\t{}\tnot found: {}", agent.id, agent.name, agent.install);
    }
    Ok(())
}
