//! The commands of the README: `cargo xtask run | test | build | contract | bench`.

mod bench;
mod browser;
mod command;
mod compress;
mod contract;
mod hash;
mod later;
mod naming;
mod page;
mod real_agents;
mod reliability;
mod run;
mod schema;
mod site;
mod split;
mod steps;
mod test;
mod tools;
mod weight;
mod workspace;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};

const USAGE: &str = "\
cargo xtask run [--repo PATH]… [--port N] [--data DIR]   build everything, start the companion, print a link
cargo xtask test [--agents]                              everything that CI does; --agents: with two real agents too
cargo xtask build                                        the static site, in dist/
cargo xtask contract                                     GitHub's official API description, for the tests
cargo xtask bench [--only NAME] [--runs N] [--long]      figures: weight, document, and of the viewer: open, live,
                                                         scroll, find, folds, heap
cargo xtask bench reliability                            the long form of every test of reliability, and its table";

fn main() -> ExitCode {
    let mut args = std::env::args();
    let program = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let outcome = if split::is_called(&program) { split::bind(&args) } else { dispatch(&args) };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> anyhow::Result<()> {
    let Some((command, rest)) = args.split_first() else { bail!("say what to do:\n{USAGE}") };
    match (command.as_str(), rest) {
        ("run", rest) => run::run(&run_options(rest)?),
        ("test", []) => test::test(test::Agents::Rehearsed),
        ("test", [flag]) if flag == "--agents" => test::test(test::Agents::Real),
        ("build", []) => page::build_alone(),
        ("contract", []) => contract::see_contract(&workspace::Workspace::find()?).map(drop),
        ("bench", [name]) if name == "reliability" => {
            let mut steps = steps::Steps::new();
            reliability::bench(&workspace::Workspace::find()?, &mut steps)?;
            steps.summarise("done");
            Ok(())
        }
        ("bench", rest) => bench::bench(&bench::Options::read(rest)?),
        ("help" | "--help" | "-h", _) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such command: {}\n{USAGE}", args.join(" ")),
    }
}

fn run_options(args: &[String]) -> anyhow::Result<run::Options> {
    let mut options = run::Options::default();
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        let mut value = || args.next().with_context(|| format!("{flag} needs a value\n{USAGE}"));
        match flag.as_str() {
            "--repo" => options.repos.push(PathBuf::from(value()?)),
            "--data" => options.data = Some(PathBuf::from(value()?)),
            "--port" => options.port = value()?.parse().context("--port takes a number from 0 to 65535")?,
            _ => bail!("no such option: {flag}\n{USAGE}"),
        }
    }
    Ok(options)
}
