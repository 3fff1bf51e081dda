//! What turns text into markup, code or commands, and what hides unfinished work.

use crate::{
    planted,
    rule::Rule,
    see_none,
    source::{Source, sources},
};

const RULES: [Rule; 5] = [
    Rule {
        why: "text becomes nodes, never markup or code",
        within: &["src", "crates", "shell", "index.html"],
        except: &[],
        never: &[
            "inner_html",
            "set_inner_html",
            "insert_adjacent_html",
            "outer_html",
            "set_outer_html",
            "srcdoc=",
            ".srcdoc",
            "set_srcdoc",
            "eval(",
            "document.write",
            "create_contextual_fragment",
            "Function::new",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "new Function",
            "document.writeln",
        ],
    },
    Rule {
        why: "the content security policy forbids inline styles and scripts",
        within: &["src", "index.html"],
        except: &[],
        never: &["style=\"", "style={", "style=move", "style=format!", "<style", "<script>", "onclick=", "javascript:"],
    },
    Rule {
        why: "the companion runs no shell",
        within: &["crates/companion/src"],
        except: &[],
        never: &["\"sh\"", "\"bash\"", "\"zsh\"", "/bin/sh", "/bin/bash", "sh -c", "cmd.exe"],
    },
    Rule {
        why: "git is started in git/command.rs only, with its cleared environment",
        within: &["crates/companion/src"],
        except: &["crates/companion/src/git/command.rs"],
        never: &["Command::new(\"git\")"],
    },
    Rule {
        why: "finish it, or leave it out",
        within: &["src", "crates", "xtask/src", "tests"],
        except: &[],
        never: &["todo!", "unimplemented!", "#[ignore", "dbg!"],
    },
];

fn complaints(sources: &[Source]) -> Vec<String> {
    RULES.iter().flat_map(|rule| rule.complaints(sources)).collect()
}

#[test]
fn there_is_no_sink_no_shell_and_no_stub() {
    see_none(complaints(&sources()));
}

#[test]
fn each_sink_is_seen() {
    for (path, text) in [
        ("src/session/message.rs", "<div inner_html=html/>"),
        ("shell/start.js", "node.innerHTML = text"),
        ("src/app.rs", "js_sys::eval(\"x\")"),
        ("src/ui/bar.rs", "<div style={width}>"),
        ("index.html", "<script>start()</script>"),
        ("crates/companion/src/agents/spawn.rs", "Command::new(\"sh\")"),
        ("crates/companion/src/tasks.rs", "Command::new(\"git\")"),
        ("crates/session-log/src/find.rs", "todo!()"),
        ("tests/web/main.rs", "#[ignore]"),
    ] {
        assert_eq!(complaints(&planted(path, text)).len(), 1, "{path}: {text}");
    }
}
