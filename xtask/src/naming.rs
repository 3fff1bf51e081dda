//! Names the program's first part by what is in it. trunk names it by what cargo made, before it is split and
//! optimised; with other tools the content would change under a name that browsers keep for a year.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};

use crate::hash::short_hash;

/// How the names of the first part begin, and what they have between hash and ending.
const STEM: &str = "flightdeck-page-";
/// The ends of the names: the glue, and the program.
const ENDS: [&str; 2] = [".js", "_bg.wasm"];

/// Renames the files, in the site and in its page.
pub fn by_content(dist: &Path) -> anyhow::Result<()> {
    let index = dist.join("index.html");
    let mut html = fs::read_to_string(&index)?;
    for end in ENDS {
        let name = named_in(&html, end).with_context(|| format!("index.html names no {STEM}…{end}"))?;
        let content = fs::read(dist.join(&name)).with_context(|| format!("{name} is missing"))?;
        let renamed = format!("{STEM}{}{end}", short_hash(&content));
        html = html.replace(&format!("\"./{name}\""), &format!("\"./{renamed}\""));
        if html.contains(&name) && name != renamed {
            bail!("index.html names {name} in a way that is not known");
        }
        fs::rename(dist.join(&name), dist.join(&renamed))?;
    }
    Ok(fs::write(index, html)?)
}

fn named_in(html: &str, end: &str) -> Option<String> {
    let addresses = html.split("\"./").skip(1).filter_map(|rest| rest.split('"').next());
    addresses.filter(|name| name.starts_with(STEM)).find(|name| name.ends_with(end)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_what_is_in_it_wherever_the_page_names_it() {
        let dist = tempfile::tempdir().unwrap();
        let page =
            "<link href=\"./flightdeck-page-1.js\"><link href=\"./flightdeck-page-1_bg.wasm\"><link href=\"./x.js\">";
        fs::write(dist.path().join("index.html"), page).unwrap();
        fs::write(dist.path().join("flightdeck-page-1.js"), "glue").unwrap();
        fs::write(dist.path().join("flightdeck-page-1_bg.wasm"), "program").unwrap();
        by_content(dist.path()).unwrap();
        let html = fs::read_to_string(dist.path().join("index.html")).unwrap();
        for (end, content) in [(".js", "glue"), ("_bg.wasm", "program")] {
            let name = named_in(&html, end).unwrap();
            assert_eq!(fs::read_to_string(dist.path().join(&name)).unwrap(), content, "{name}");
            assert!(name.contains(&short_hash(content.as_bytes())) && hosting::caching::is_hashed(&name), "{name}");
        }
        assert!(by_content(Path::new("/nowhere")).is_err());
    }
}
