//! `flightdeck serve`: from the command line to a server that answers, and back to nothing left running.

use std::{
    io::Write,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::Arc,
};

use agent_tasks::pairing::PAIRING_FRAGMENT;
use anyhow::{Context, bail};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use crate::{
    access::Access,
    agents::{self, Supervisor},
    config::Config,
    folder::Folder,
    git::Repository,
    http::{App, Hosts, Site, app},
    log::{
        Log,
        check::{self, Health},
    },
    origin::Origin,
    server::{self, ConnectionLimits},
    tasks::{AcpRunner, Setup, Tasks, WATCH_EVERY},
};

/// What `serve` was told.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4180)]
    pub port: u16,
    /// The data folder; the user's own when absent
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A repository that tasks may work in; may be given several times. A sample is made when absent
    #[arg(long, value_name = "PATH")]
    pub repo: Vec<PathBuf>,
    /// A TOML file with launch profiles and limits
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The origin of a page on another host that may use the API, like https://deck.example.org; may be given
    /// several times
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<Origin>,
    /// An origin that the page may talk to besides this companion and GitHub: a GitHub Enterprise host, another
    /// companion; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    pub connect: Vec<Origin>,
    /// Do not open a browser
    #[arg(long)]
    pub no_open: bool,
}

/// Serves until the process is told to end.
pub async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    agents::prepare();
    let config = args.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    let guests = [&config.page.allow_origin[..], &args.allow_origin].concat();
    let site = site(&[&config.page.connect[..], &args.connect].concat())?;
    let folder = Folder::open(args.data)?;
    let _lock = folder.lock()?;
    let repositories = open_repositories(&args.repo, &folder).await?;
    let listener = bind(args.port).await?;
    let port = listener.local_addr()?.port();
    let log = open_log(&folder.database())?;
    let supervisor = Supervisor::choose(&folder.running(), config.supervision.cgroups);
    supervisor.start_keeper(&folder.running());
    let setup = Setup {
        log: log.clone(),
        catalogue: agents::catalogue(&config, &std::env::var_os("PATH").unwrap_or_default()),
        repositories,
        limits: config.limits,
        data_dir: folder.path().to_owned(),
        runner: Arc::new(AcpRunner(supervisor)),
    };
    let signals = Signals::listen()?;
    let tasks = Tasks::start(setup).await?;
    tasks.watch(WATCH_EVERY);
    tasks.forget_old(config.keep);
    let ending = CancellationToken::new();
    let state = App {
        tasks: tasks.clone(),
        access: Access::new(log),
        hosts: Arc::new(Hosts::loopback(port).with_guests(guests)),
        site: Arc::new(site),
        limiter: Arc::default(),
        tails: Arc::default(),
        ending: ending.clone(),
    };
    let access = state.access.clone();
    let address = state.hosts.address().to_owned();
    let serving = tokio::spawn(server::run(listener, app(state), ConnectionLimits::of_this_process(), ending.clone()));
    folder.write_address(&address)?;
    announce(&address, &access, args.no_open).await?;
    signals.told_to_end().await;
    tracing::info!("stopping the sessions that run, then ending");
    tasks.shut_down().await;
    ending.cancel();
    serving.await.context("the server broke off")
}

/// Opens the database after a look at it.
fn open_log(path: &Path) -> anyhow::Result<Log> {
    let health = check::see_whole(path)?;
    let log = Log::open(path)?;
    match health {
        Health::Whole => {}
        Health::Unseen => check::look_in_background(path),
        Health::JournalDamaged(kept) => eprintln!(
            "What was written to the database last, before it was cut short, is damaged: some events may be missing. \
             A copy of it as it was found is {}.",
            kept.display()
        ),
        Health::MovedAside(aside) => eprintln!(
            "The database was damaged. It is kept as {}, and a new one was begun: the tasks so far are not in it. \
             Their branches and worktrees are untouched.",
            aside.display()
        ),
    }
    Ok(log)
}

/// The link that pairs a page with the companion at `address`.
pub async fn pairing_link(address: &str, access: &Access) -> anyhow::Result<String> {
    let code = access.new_pairing().await?;
    Ok(format!("{address}/#{PAIRING_FRAGMENT}={code}"))
}

/// The page, which may also talk to `connect`.
fn site(connect: &[Origin]) -> anyhow::Result<Site> {
    if let Some(origin) = connect.iter().find(|origin| origin.is_ipv6()) {
        bail!("the page cannot be let to {origin}: no policy can name an IPv6 address; use a host name instead");
    }
    let name = nix::unistd::gethostname().unwrap_or_default();
    Ok(Site::new(connect, &name.to_string_lossy()))
}

async fn open_repositories(paths: &[PathBuf], folder: &Folder) -> anyhow::Result<Vec<Repository>> {
    if paths.is_empty() {
        let sample = Repository::create_sample(&folder.path().join("sample")).await;
        return Ok(vec![
            sample.context("the sample repository could not be made; is git installed? Or name one with --repo")?,
        ]);
    }
    let mut repositories: Vec<Repository> = Vec::new();
    for path in paths {
        let opened = Repository::open(path).await;
        let repository = opened.with_context(|| format!("--repo {} cannot be used", path.display()))?;
        if let Some(twin) = repositories.iter().find(|known| known.full_name() == repository.full_name()) {
            if twin.path == repository.path {
                continue;
            }
            let name = repository.full_name();
            bail!("two repositories are called {name}; serve one of them, or rename the folder of the other");
        }
        repositories.push(repository);
    }
    Ok(repositories)
}

async fn bind(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.with_context(|| {
        format!("port {port} is not free; stop what uses it, or take another with --port (0 takes a free one)")
    })
}

/// Two lines on stdout, which scripts rely on: the address, then a pairing link.
async fn announce(address: &str, access: &Access, no_open: bool) -> anyhow::Result<()> {
    let link = pairing_link(address, access).await?;
    let mut out = std::io::stdout();
    writeln!(out, "{address}\n{link}")?;
    out.flush()?;
    eprintln!(
        "Flightdeck is at {address}. The link above opens it once, within five minutes; `flightdeck link` prints a new one."
    );
    if !no_open {
        open_browser(&link);
    }
    Ok(())
}

/// Tries to show the page. Whoever has no browser has the link.
fn open_browser(link: &str) {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let opener = match (cfg!(target_os = "macos"), has_display) {
        (true, _) => "open",
        (false, true) => "xdg-open",
        (false, false) => return,
    };
    let quiet = std::process::Stdio::null;
    let spawned = tokio::process::Command::new(opener).arg(link).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
    if let Err(error) = spawned {
        tracing::debug!(%error, opener, "no browser was opened");
    }
}

/// Being told to end: Ctrl+C, or a service manager.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From here on the signals no longer end the process by themselves.
    fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn told_to_end(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
