//! The log viewer in a browser, against the least that a viewer can be (`tests/baseline`): the same logs, the same
//! browser, one after the other; medians. `cargo xtask bench` runs it; `--only NAME` runs a part of it.

mod agent;
mod find;
mod folds;
mod heap;
mod live;
mod open;
mod scroll;
mod stand;
mod table;

use anyhow::{Context as _, bail};

use stand::Stand;
use table::Table;

/// Runs of each measurement unless told otherwise.
const RUNS: usize = 3;
/// What runs as the agent that writes lines.
const AGENT: &str = "agent";

/// What the command line asks for.
#[derive(Debug, Clone)]
struct Options {
    /// The part to run; all of them when absent.
    only: Option<String>,
    /// Runs of each measurement.
    runs: usize,
    /// Whether ten minutes are streamed rather than one.
    is_long: bool,
}

/// The parts, by the names that `--only` takes.
const PARTS: [&str; 6] = ["open", "live", "scroll", "find", "folds", "heap"];

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1).peekable();
    if args.peek().is_some_and(|arg| arg == AGENT) {
        return agent::write_lines();
    }
    let options = options(args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(&options))
}

fn options(mut args: impl Iterator<Item = String>) -> anyhow::Result<Options> {
    let mut options = Options { only: None, runs: RUNS, is_long: false };
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--only" => options.only = Some(value()?),
            "--runs" => options.runs = value()?.parse().context("--runs takes a number")?,
            "--long" => options.is_long = true,
            // cargo says so to every bench.
            "--bench" => {}
            _ => bail!("no such option: {arg}; there are --only NAME, --runs N and --long"),
        }
    }
    if let Some(only) = &options.only
        && !PARTS.contains(&only.as_str())
    {
        bail!("there is no part '{only}'; there are {}", PARTS.join(", "));
    }
    Ok(options)
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let stand = Stand::set_up().await?;
    let mut table = Table::default();
    for part in PARTS {
        if options.only.as_ref().is_some_and(|only| only != part) {
            continue;
        }
        eprintln!("measuring: {part}");
        let measured = match part {
            "open" => open::measure(&stand, options.runs, &mut table).await,
            "live" => live::measure(&stand, options.runs, &mut table).await,
            "scroll" => scroll::measure(&stand, options.runs, &mut table).await,
            "find" => find::measure(&stand, options.runs, &mut table).await,
            "folds" => folds::measure(&stand, options.runs, &mut table).await,
            "heap" => heap::measure(&stand, options.is_long, &mut table).await,
            _ => Ok(()),
        };
        // One part that breaks leaves the figures of the others.
        if let Err(error) = measured {
            eprintln!("{part} broke off: {error:#}\nthe companion wrote: {}", stand.companion.log());
            table.say(format!("{part}: broke off: {error:#}"));
        }
    }
    table.print();
    stand.end().await
}
