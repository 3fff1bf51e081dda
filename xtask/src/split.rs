//! Splits the program into parts on trunk's way from cargo to wasm-bindgen: trunk finds this program by the name
//! `wasm-bindgen` and calls it. Only here is the program still in the shape that can be split.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use wasm_split_cli_support::{Options, transform};

use crate::{
    command::{command, see_success},
    hash::short_hash,
    workspace::Workspace,
};

/// The name under which trunk calls.
const WASM_BINDGEN: &str = "wasm-bindgen";
/// What the page's crate is built with, so that it asks for its later parts.
pub const FEATURE: &str = "split";
/// Keeps in the program what tells its parts from each other.
const RUSTFLAGS: (&str, &str) = ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-C link-args=--emit-relocs");
/// What brings the later parts. trunk links every file of this folder with its hash.
const JOINT: &str = "shell/later.js";
const SNIPPETS: &str = "snippets";
/// How the joint's functions are called that bring a part; its name follows.
const LOADER: &str = "__wasm_split_load_";
/// Which files each part is made of, for after trunk.
const PARTS_FILE: &str = "parts.json";

/// A program that was split off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitOff {
    /// As the splitter wrote it.
    pub path: PathBuf,
    /// The parts that need it.
    pub wanted_by: Vec<String>,
}

/// Makes trunk build a program of several parts.
pub fn in_parts(workspace: &Workspace, trunk: &mut Command) -> anyhow::Result<()> {
    let folder = workspace.target.join("tools/split");
    let stand_in = folder.join(WASM_BINDGEN);
    fs::create_dir_all(&folder)?;
    if stand_in.symlink_metadata().is_ok() {
        fs::remove_file(&stand_in)?;
    }
    symlink(std::env::current_exe()?, &stand_in)?;
    let inherited = workspace.path()?;
    let path = std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&inherited)))?;
    trunk.args(["--features", FEATURE]).env("PATH", path).env(RUSTFLAGS.0, RUSTFLAGS.1);
    Ok(())
}

/// Whether trunk called this program by its other name.
pub fn is_called(program: &str) -> bool {
    Path::new(program).file_name().is_some_and(|name| name == WASM_BINDGEN)
}

/// Does what trunk expects of wasm-bindgen, with the first part of the program.
pub fn bind(args: &[String]) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    let Some(call) = Call::read(args) else {
        return see_success(real(&workspace)?.args(args));
    };
    let joint = fs::read(workspace.root.join(JOINT)).with_context(|| format!("cannot read {JOINT}"))?;
    let joint_name = format!("{SNIPPETS}/later-{}.js", short_hash(&joint));
    let first = split(&workspace, &call.wasm, &format!("./{joint_name}"))?;
    let args = call.others.iter().map(OsString::from).chain([first.into_os_string(), "--keep-lld-exports".into()]);
    see_success(real(&workspace)?.args(args))?;
    // What an earlier build left there would be linked as well.
    let snippets = call.out_dir.join(SNIPPETS);
    if snippets.exists() {
        fs::remove_dir_all(&snippets)?;
    }
    fs::create_dir_all(&snippets)?;
    fs::write(call.out_dir.join(joint_name), joint)?;
    Ok(())
}

/// The programs that were split off; those that several parts need come first.
pub fn split_off(workspace: &Workspace) -> anyhow::Result<Vec<SplitOff>> {
    let folder = folder(workspace);
    let parts = fs::read_to_string(folder.join(PARTS_FILE)).context("nothing was split: the parts are missing")?;
    Ok(by_program(&folder, &serde_json::from_str(&parts)?))
}

fn by_program(folder: &Path, parts: &BTreeMap<String, Vec<String>>) -> Vec<SplitOff> {
    let mut programs = BTreeMap::<&str, Vec<String>>::new();
    for (part, names) in parts {
        for name in names {
            programs.entry(name).or_default().push(part.clone());
        }
    }
    let split_off = |(name, wanted_by)| SplitOff { path: folder.join(name).with_extension("wasm"), wanted_by };
    let mut programs: Vec<_> = programs.into_iter().map(split_off).collect();
    programs.sort_by_key(|program| std::cmp::Reverse(program.wanted_by.len()));
    programs
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("split")
}

/// Writes all parts; the path of the first one, which imports the joint by its name.
fn split(workspace: &Workspace, wasm: &Path, joint_name: &str) -> anyhow::Result<PathBuf> {
    let (program, folder) = (fs::read(wasm)?, folder(workspace));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    // The splitter's own joint is written there, and left there.
    fs::create_dir_all(folder.join(SNIPPETS))?;
    let first = folder.join("first.wasm");
    let mut options = Options::new(&program);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.link_name = joint_name;
    let parts = transform(options).map_err(|report| anyhow::anyhow!("{report:#}"))?.prefetch_map;
    let joint = fs::read_to_string(workspace.root.join(JOINT))?;
    if let Some(part) = parts.keys().find(|part| !joint.contains(&format!("{LOADER}{part} "))) {
        bail!("{JOINT} lacks {LOADER}{part}, which brings a part of the program");
    }
    fs::write(folder.join(PARTS_FILE), serde_json::to_string(&parts)?)?;
    Ok(first)
}

fn real(workspace: &Workspace) -> anyhow::Result<Command> {
    command(workspace, &workspace.tools.join("bin").join(WASM_BINDGEN).display().to_string())
}

/// What trunk asks of wasm-bindgen.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    wasm: PathBuf,
    out_dir: PathBuf,
    /// All arguments but the program's path.
    others: Vec<String>,
}

impl Call {
    /// `None` for a question such as `--version`.
    fn read(args: &[String]) -> Option<Self> {
        let is_wasm = |arg: &&String| !arg.starts_with('-') && arg.ends_with(".wasm");
        let wasm = args.iter().find(is_wasm)?;
        let out_dir = args.iter().find_map(|arg| arg.strip_prefix("--out-dir="))?;
        let others = args.iter().filter(|arg| *arg != wasm).cloned().collect();
        Some(Self { wasm: wasm.into(), out_dir: out_dir.into(), others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: &str) -> Option<Call> {
        Call::read(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_program_to_bind_is_told_from_a_question() {
        assert_eq!(call("--version"), None);
        let expected = Call {
            wasm: "/t/page.wasm".into(),
            out_dir: "/t/out".into(),
            others: ["--target=web", "--out-dir=/t/out", "--no-typescript"].map(str::to_owned).to_vec(),
        };
        assert_eq!(call("--target=web --out-dir=/t/out /t/page.wasm --no-typescript"), Some(expected));
    }

    #[test]
    fn what_several_parts_need_comes_first() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let parts = [("files", &["chunk_1", "split_files"]), ("later", &["chunk_1", "split_later"])];
        let parts = parts.map(|(part, needs)| (part.to_owned(), names(needs)));
        let program =
            |name: &str, wanted_by: &[&str]| SplitOff { path: Path::new("/t").join(name), wanted_by: names(wanted_by) };
        let expected = [
            program("chunk_1.wasm", &["files", "later"]),
            program("split_files.wasm", &["files"]),
            program("split_later.wasm", &["later"]),
        ];
        assert_eq!(by_program(Path::new("/t"), &parts.into()), expected);
    }

    #[test]
    fn only_the_other_name_is_a_call_by_trunk() {
        assert!(is_called("/t/tools/split/wasm-bindgen"));
        assert!(!is_called("/t/debug/xtask"));
    }
}
