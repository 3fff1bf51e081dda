//! Makes of the built page a site for any static host: its policy where hosts look for it, and a check that it
//! works from any folder.

use std::{fs, path::Path};

use agent_tasks::presets::{PRESETS_FILE, PagePresets};
use anyhow::{Context as _, bail};
use hosting::{Policy, caching};

use crate::compress::files;

/// Of Netlify and Cloudflare Pages.
const HEADERS_FILE: &str = "_headers";
/// Settings for servers of one's own.
const HOSTING_FOLDER: &str = "hosting";
const NGINX: (&str, &str) = ("nginx.conf", include_str!("site/nginx.conf"));
const CADDY: (&str, &str) = ("Caddyfile", include_str!("site/Caddyfile"));
/// The policy follows it: it must come before anything that it is about.
const FIRST_META: &str = "<meta charset=\"utf-8\">";

/// Adds to the page in `dist` what static hosts need.
pub fn complete(dist: &Path) -> anyhow::Result<()> {
    let policy = Policy::of_static_host();
    let index = dist.join("index.html");
    let html = with_policy(&fs::read_to_string(&index)?, &policy)?;
    let complaints = complaints(&html);
    if !complaints.is_empty() {
        bail!("the site would not work from every folder: {}", complaints.join("; "));
    }
    fs::write(&index, html)?;
    let presets = serde_json::to_string_pretty(&PagePresets::default())?;
    fs::write(dist.join(PRESETS_FILE), presets + "\n")?;
    let mut names = Vec::new();
    for path in files(dist)? {
        names.push(path.strip_prefix(dist)?.display().to_string());
    }
    let hosting = dist.join(HOSTING_FOLDER);
    fs::create_dir_all(&hosting)?;
    for (name, template) in [NGINX, CADDY] {
        fs::write(hosting.join(name), filled(template, &policy))?;
    }
    fs::write(dist.join(HEADERS_FILE), headers(&names, &policy)).context("the headers cannot be written")
}

/// The page with its policy, for hosts that send no headers.
fn with_policy(html: &str, policy: &Policy) -> anyhow::Result<String> {
    let Some((before, after)) = html.split_once(FIRST_META) else {
        bail!("index.html lacks {FIRST_META}, which the policy follows");
    };
    Ok(format!("{before}{FIRST_META}\n    {}{after}", policy.meta()))
}

/// `_headers`: a block for all files, and one for each file, because a host that finds a header in two blocks
/// sends both values.
fn headers(names: &[String], policy: &Policy) -> String {
    let mut text = format!(
        "/*\n  Content-Security-Policy: {policy}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n"
    );
    for name in std::iter::once("").chain(names.iter().map(String::as_str)) {
        text += &format!("/{name}\n  Cache-Control: {}\n", caching::of(name));
    }
    text
}

fn filled(template: &str, policy: &Policy) -> String {
    template.replace("POLICY", &policy.to_string()).replace("FOREVER", caching::FOREVER)
}

/// What in the page depends on where it lies, or is loaded without a hash.
fn complaints(html: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for tag in html.split('<').filter_map(|part| part.split('>').next()) {
        let Some(address) = attribute(tag, "href").or_else(|| attribute(tag, "src")) else { continue };
        if !address.starts_with("./") {
            complaints.push(format!("'{address}' is not relative to the page"));
        }
        if attribute(tag, "integrity").or_else(|| attribute(tag, "data-integrity")).is_none_or(str::is_empty) {
            complaints.push(format!("'{address}' has no integrity"));
        }
    }
    if html.contains("<base") {
        complaints.push("there is a <base>".into());
    }
    complaints
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head>\n    <meta charset=\"utf-8\">\n    <link rel=\"stylesheet\" href=\"./a-1.css\" integrity=\"x\"/>\n\
        <script src=\"./start-1.js\" integrity=\"x\" type=\"module\"></script>\
        <link rel=\"preload\" href=\"./page-1_bg.wasm\" data-integrity=\"x\" as=\"fetch\"></head>";

    #[test]
    fn a_page_that_works_anywhere_is_told_from_others() {
        assert_eq!(complaints(PAGE), Vec::<String>::new());
        for (right, wrong) in [
            ("./a-1.css", "/a-1.css"),
            ("./start-1.js", "https://cdn.test/start-1.js"),
            ("./page-1_bg.wasm", "page-1_bg.wasm"),
            (" integrity=\"x\"/", "/"),
            (" integrity=\"x\" type", " type"),
            ("data-integrity=\"x\"", "data-integrity=\"\""),
            ("<head>", "<head><base target=\"x\">"),
        ] {
            let page = PAGE.replace(right, wrong);
            assert_eq!(complaints(&page).len(), 1, "{wrong}: {:?}", complaints(&page));
        }
    }

    #[test]
    fn every_host_gets_the_same_policy() {
        let policy = Policy::of_static_host();
        let value = policy.to_string();
        let said = |text: &str, before: &str, after: &str| {
            let (_, rest) = text.split_once(before).expect(before);
            rest.split_once(after).expect(after).0.to_owned()
        };
        assert_eq!(said(&headers(&[], &policy), "Content-Security-Policy: ", "\n"), value);
        assert_eq!(said(&filled(NGINX.1, &policy), "add_header Content-Security-Policy \"", "\" always;\n"), value);
        assert_eq!(said(&filled(CADDY.1, &policy), "header Content-Security-Policy \"", "\"\n"), value);
        let page = with_policy(PAGE, &policy).unwrap();
        let in_page = said(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\">");
        assert_eq!(in_page, value.replace("frame-ancestors 'none'; ", ""));
        assert!(value.contains("frame-ancestors 'none'; "), "the headers say who may frame it");
        assert_eq!(hosting::without_meta(&page), PAGE);
        assert!(with_policy("<head>", &policy).is_err());
    }

    #[test]
    fn each_file_has_one_rule_for_how_long_it_is_kept() {
        let names = ["config.json", "index.html", "start-aea257747998a6d7.js"].map(str::to_owned);
        let text = headers(&names, &Policy::of_static_host());
        let rules = text.split_once("/\n").map(|(_, rules)| rules).unwrap();
        assert_eq!(
            rules,
            "  Cache-Control: no-cache\n/config.json\n  Cache-Control: no-cache\n/index.html\n  \
             Cache-Control: no-cache\n/start-aea257747998a6d7.js\n  \
             Cache-Control: public, max-age=31536000, immutable\n"
        );
    }
}
