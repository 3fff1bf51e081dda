//! Which texts may name a branch: the rules of `git check-ref-format`, without starting git.

/// Bytes of the longest branch name: a ref is a file, and file names end at 255 bytes.
const BRANCH_NAME_BYTES_MAX: usize = 240;

/// Whether `name` may be a branch. Stricter than git in one point: no name starts with `-`, and `HEAD` and
/// `@` are none.
pub fn is_branch_name(name: &str) -> bool {
    let bad_whole = name.is_empty()
        || name.len() > BRANCH_NAME_BYTES_MAX
        || matches!(name, "HEAD" | "@")
        || name.starts_with('-')
        || name.ends_with('.')
        || name.contains("..")
        || name.contains("@{");
    let bad_char =
        |char: char| char.is_ascii_control() || matches!(char, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\');
    let bad_part = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    !bad_whole && !name.contains(bad_char) && !name.split('/').any(bad_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 10] =
        ["main", "agents/01J", "feature/x-1", "ünï", "a.b", "a@b", "x{y}", "a'b\"c", "$(id)", "a;b&c|d`e`"];

    const HOSTILE: [&str; 62] = [
        "",
        "-",
        "--",
        "-x",
        "--upload-pack=touch x",
        "--exec=x",
        "--output=/tmp/x",
        "-c",
        "--help",
        "--all",
        "@",
        "HEAD",
        "@{-1}",
        "@{u}",
        "main@{1}",
        "a..b",
        "..",
        ".",
        "./a",
        "../a",
        "a/../b",
        "a/./b",
        "a/..",
        ".hidden",
        "a/.b",
        "a//b",
        "/a",
        "a/",
        "//",
        "a.lock",
        "a.lock/b",
        "a/b.lock",
        "a.",
        "a/b.",
        "a b",
        " a",
        "a ",
        "a\tb",
        "a\nb",
        "a\r",
        "a\0b",
        "\u{7f}",
        "\u{1b}[31m",
        "a~1",
        "a^",
        "a^{tree}",
        "a:b",
        ":a",
        "HEAD:x",
        ":/fix",
        "a?b",
        "a*",
        "*",
        "refs/heads/*",
        "[a",
        "a[b]",
        "a\\b",
        "\\",
        "^main",
        "main^0",
        "~",
        "+main:x",
    ];

    #[test]
    fn ordinary_names_pass() {
        for name in GOOD {
            assert!(is_branch_name(name), "{name:?}");
        }
    }

    #[test]
    fn hostile_names_are_refused() {
        for name in HOSTILE {
            assert!(!is_branch_name(name), "{name:?}");
        }
        assert!(!is_branch_name(&"x".repeat(BRANCH_NAME_BYTES_MAX + 1)));
    }

    #[test]
    fn git_refuses_no_name_that_passes_here() {
        for name in GOOD {
            let git =
                std::process::Command::new("git").args(["check-ref-format", &format!("refs/heads/{name}")]).status();
            assert!(git.unwrap().success(), "{name:?}");
        }
    }
}
