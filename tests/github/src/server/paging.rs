//! Pages of a list, and the `Link` header that leads from one to the next.

use super::asked::Asked;

/// Rows on a page unless the client says otherwise.
const PER_PAGE: usize = 30;
/// The most rows on a page.
pub const PER_PAGE_MAX: usize = 100;

/// Which links a list gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// `first` and `prev` from the second page on, `next` and `last` before the last one; none for a single page.
    Usual,
    /// Of a user's tasks: `first` always, `next` when there is more, `last` on the last page only.
    Tasks,
    /// Of a repository's tasks: the same with `prev`.
    RepositoryTasks,
}

/// One page of a list.
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// The `Link` header; empty where there is none.
    pub link: String,
}

/// The page of the rows that the client asks for.
pub fn page<T>(asked: &Asked, rows: Vec<T>, links: Links) -> Page<T> {
    let number =
        |name: &str, default: usize| asked.query_value(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let per_page = number("per_page", PER_PAGE).clamp(1, PER_PAGE_MAX);
    let page = number("page", 1).max(1);
    let last = rows.len().div_ceil(per_page).max(1);
    let has_more = page < last;
    let (is_usual, has_prev) = match links {
        Links::Usual => (true, page > 1),
        Links::Tasks => (false, false),
        Links::RepositoryTasks => (false, page > 1),
    };
    let rels = [
        ("prev", page.saturating_sub(1), has_prev),
        ("next", page + 1, has_more),
        ("last", last, has_more == is_usual && (!is_usual || last > 1)),
        ("first", 1, !is_usual || page > 1),
    ];
    let rels = rels.iter().filter(|(_, _, is_there)| *is_there);
    let link = rels.map(|(rel, page, _)| format!("<{}>; rel=\"{rel}\"", address(asked, *page)));
    let link = link.collect::<Vec<_>>().join(", ");
    Page { rows: rows.into_iter().skip((page - 1).saturating_mul(per_page)).take(per_page).collect(), link }
}

/// The address of this request with another page.
fn address(asked: &Asked, page: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(asked.query.iter().filter(|(name, _)| name != "page"));
    query.append_pair("page", &page.to_string());
    format!("{}{}?{}", asked.base, asked.path, query.finish())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Method};

    use super::*;

    fn asked(query: &[(&str, &str)]) -> Asked {
        Asked {
            method: Method::GET,
            path: "/x".into(),
            query: query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            headers: HeaderMap::new(),
            bytes: Vec::new(),
            base: "http://h".into(),
        }
    }

    fn rels(query: &[(&str, &str)], links: Links) -> Vec<String> {
        let Page { link, .. } = page(&asked(query), (0..25).collect(), links);
        link.split(", ")
            .filter_map(|link| Some(link.split_once("rel=\"")?.1.trim_end_matches('"').to_owned()))
            .collect()
    }

    #[test]
    fn links_are_those_of_github() {
        let ten = ("per_page", "10");
        assert_eq!(rels(&[ten], Links::Usual), ["next", "last"]);
        assert_eq!(rels(&[ten, ("page", "2")], Links::Usual), ["prev", "next", "last", "first"]);
        assert_eq!(rels(&[ten, ("page", "3")], Links::Usual), ["prev", "first"]);
        assert_eq!(rels(&[], Links::Usual), Vec::<String>::new());
        assert_eq!(rels(&[ten], Links::Tasks), ["next", "first"]);
        assert_eq!(rels(&[ten, ("page", "3")], Links::Tasks), ["last", "first"]);
        assert_eq!(rels(&[ten, ("page", "2")], Links::RepositoryTasks), ["prev", "next", "first"]);
        assert_eq!(rels(&[], Links::RepositoryTasks), ["last", "first"]);
    }

    #[test]
    fn pages_hold_their_rows() {
        let asked = asked(&[("per_page", "10"), ("page", "3"), ("state", "queued,idle")]);
        let Page { rows, link } = page(&asked, (0..25).collect(), Links::Tasks);
        assert_eq!(rows, [20, 21, 22, 23, 24]);
        assert!(link.contains("<http://h/x?per_page=10&state=queued%2Cidle&page=1>; rel=\"first\""), "{link}");
    }
}
