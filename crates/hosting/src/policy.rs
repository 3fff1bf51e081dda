//! The content security policy of the page, read from `shell/policy.txt`.

use std::fmt;

/// The one file that says what the page may do.
const POLICY: &str = include_str!("../../../shell/policy.txt");
/// What a line of that file begins with that is for static hosts only.
const HOSTED: &str = "hosted:";
/// The directives that browsers ignore in a `<meta>`: only a header can say them.
const HEADER_ONLY: [&str; 1] = ["frame-ancestors"];
/// The start of the `<meta>` that carries a policy.
const META: &str = "<meta http-equiv=\"Content-Security-Policy\"";

/// A content security policy. Shows itself as the value of its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    directives: Vec<Directive>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Directive {
    name: String,
    sources: Vec<String>,
}

impl Policy {
    /// Of the page that a companion serves.
    pub fn of_companion() -> Self {
        Self::read(POLICY, false)
    }

    /// Of the page on a static host, which may talk to companions on the reader's machine.
    pub fn of_static_host() -> Self {
        Self::read(POLICY, true)
    }

    /// The same with one more place that the page may talk to: an origin, as CSP writes it.
    pub fn connecting_to(mut self, origin: &str) -> Self {
        self.add("connect-src", std::iter::once(origin));
        self
    }

    /// The `<meta>` for hosts that send no headers. It lacks what only a header can say: who may frame the
    /// page. The page's start script sees to that.
    pub fn meta(&self) -> String {
        let kept = self.directives.iter().filter(|directive| !HEADER_ONLY.contains(&directive.name.as_str()));
        let directives: Vec<String> = kept.map(ToString::to_string).collect();
        format!("{META} content=\"{}\">", directives.join("; "))
    }

    fn read(text: &str, is_hosted: bool) -> Self {
        let mut policy = Self { directives: Vec::new() };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (only_hosted, directive) = line.strip_prefix(HOSTED).map_or((false, line), |rest| (true, rest));
            let mut words = directive.split_whitespace();
            if let Some(name) = words.next().filter(|_| is_hosted || !only_hosted) {
                policy.add(name, words);
            }
        }
        policy
    }

    fn add<'a>(&mut self, name: &str, sources: impl Iterator<Item = &'a str>) {
        let index = self.directives.iter().position(|directive| directive.name == name).unwrap_or_else(|| {
            self.directives.push(Directive { name: name.to_owned(), sources: Vec::new() });
            self.directives.len() - 1
        });
        let known = &mut self.directives[index].sources;
        for source in sources {
            if known.iter().all(|known| known != source) {
                known.push(source.to_owned());
            }
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let directives: Vec<String> = self.directives.iter().map(ToString::to_string).collect();
        out.write_str(&directives.join("; "))
    }
}

impl fmt::Display for Directive {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)?;
        self.sources.iter().try_for_each(|source| write!(out, " {source}"))
    }
}

/// The page without the `<meta>` of its policy: for a host that sends the header. Both together would allow
/// only what each of them allows.
pub fn without_meta(html: &str) -> String {
    let Some((before, rest)) = html.split_once(META) else { return html.to_owned() };
    let after = rest.split_once('>').map_or("", |(_, after)| after);
    format!("{}{}", before.trim_end_matches([' ', '\n']), after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; frame-src 'none'; \
        object-src 'none'; require-trusted-types-for 'script'; trusted-types default";

    #[test]
    fn the_policy_is_this_and_nothing_else() {
        let start = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
            img-src 'self' data:; font-src 'self'; connect-src 'self' https://api.github.com";
        assert_eq!(Policy::of_companion().to_string(), format!("{start}; {REST}"));
        let hosted = "https://*.ghe.com http://127.0.0.1:* http://localhost:*";
        assert_eq!(Policy::of_static_host().to_string(), format!("{start} {hosted}; {REST}"));
    }

    #[test]
    fn a_further_place_is_added_once_and_changes_nothing_else() {
        let plain = Policy::of_companion();
        let more =
            plain.clone().connecting_to("https://github.example.org").connecting_to("https://github.example.org");
        let expected = plain.to_string().replace("api.github.com;", "api.github.com https://github.example.org;");
        assert_eq!(more.to_string(), expected);
        assert_eq!(plain.clone().connecting_to("https://api.github.com"), plain);
    }

    #[test]
    fn the_meta_says_all_but_who_may_frame_the_page() {
        let policy = Policy::of_static_host();
        let said = policy.meta();
        let said = said.strip_prefix("<meta http-equiv=\"Content-Security-Policy\" content=\"").unwrap();
        let expected = policy.to_string().replace("frame-ancestors 'none'; ", "");
        assert_eq!(said.strip_suffix("\">").unwrap(), expected);
    }

    #[test]
    fn the_meta_can_be_taken_out_again() {
        let html = "<head>\n    <meta charset=\"utf-8\">\n    <title>x</title></head>";
        let meta = Policy::of_static_host().meta();
        let with_meta = html.replace("\n    <title>", &format!("\n    {meta}\n    <title>"));
        assert_ne!(with_meta, html);
        assert_eq!(without_meta(&with_meta), html);
        assert_eq!(without_meta(html), html);
    }
}
