//! GitHub's official OpenAPI description of `api.github.com`: which operation a request is, and what it and its
//! answers may hold.

mod components;
mod operation;
mod parameter;
mod sample;
mod schema;
mod unknown;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, OnceLock},
};

use anyhow::Context as _;
use serde_json::value::RawValue;

use self::components::Components;
pub use self::operation::Operation;
use crate::contract;

/// The description. Thirteen megabytes of JSON are only skimmed; an operation is read when it is first asked for.
pub struct Description {
    /// Operations by path template, then by method in lower case; not read yet.
    paths: BTreeMap<String, BTreeMap<String, Box<RawValue>>>,
    components: Components,
    /// Those that were read.
    operations: Mutex<HashMap<(String, String), Arc<Operation>>>,
}

/// A request's operation, with what its path holds.
#[derive(Debug, Clone)]
pub struct Described {
    /// What the description says of it.
    pub operation: Arc<Operation>,
    /// The names and values of the path's parameters, without percent encoding.
    pub path_values: Vec<(String, String)>,
}

/// Why a request has no operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDescribed {
    /// No operation has this path.
    Path,
    /// The path has only operations with these methods, in upper case.
    Method(Vec<String>),
}

impl Description {
    /// The description, loaded once per process.
    ///
    /// Fails with a sentence that names the command which installs it.
    pub fn shared() -> anyhow::Result<&'static Self> {
        static SHARED: OnceLock<Result<Description, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::load().map_err(|error| format!("{error:#}")));
        shared.as_ref().map_err(|error| anyhow::anyhow!(error.clone()))
    }

    fn load() -> anyhow::Result<Self> {
        let text = contract::read(contract::OPENAPI)?;
        let mut whole: HashMap<String, Box<RawValue>> =
            serde_json::from_str(&text).context("GitHub's description is no JSON object")?;
        let mut take = |name: &str| whole.remove(name).with_context(|| format!("GitHub's description lacks '{name}'"));
        let paths = serde_json::from_str(take("paths")?.get())?;
        let components = Components::new(serde_json::from_str(take("components")?.get())?);
        Ok(Self { paths, components, operations: Mutex::default() })
    }

    /// The operation of a request. `method` is in upper or lower case, `path` has no host and no query.
    pub fn find(&self, method: &str, path: &str) -> Result<Described, NotDescribed> {
        let method = method.to_lowercase();
        let mut fitting: Vec<_> =
            self.paths.keys().filter_map(|template| Some((template, fit(template, path)?))).collect();
        // Literal segments come before parameters: `/user/repos` is not the user called `repos`.
        fitting.sort_by_key(|(template, _)| template.split('/').map(is_parameter).collect::<Vec<_>>());
        let mut methods = Vec::new();
        for (template, path_values) in fitting {
            let operation = self.operation(&method, template);
            match operation.filter(|operation| operation.allows(&path_values)) {
                Some(operation) => return Ok(Described { operation, path_values: decoded(path_values) }),
                None if path_values.iter().any(|(_, value)| value.contains('/')) => {}
                None => methods.extend(self.paths[template].keys().map(|method| method.to_uppercase())),
            }
        }
        Err(if methods.is_empty() { NotDescribed::Path } else { NotDescribed::Method(methods) })
    }

    /// The operation with this method in lower case and this path template.
    pub fn operation(&self, method: &str, template: &str) -> Option<Arc<Operation>> {
        let raw = self.paths.get(template)?.get(method)?;
        let key = (method.to_owned(), template.to_owned());
        let mut operations = self.operations.lock().expect("nothing panics while it reads an operation");
        let read = || Arc::new(Operation::read(method, template, raw, &self.components));
        Some(Arc::clone(operations.entry(key).or_insert_with(read)))
    }
}

/// The path's values if it fits the template. The last parameter may hold `/`; [`Operation::allows`] says whether
/// it really may.
fn fit(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let mut rest = path;
    let mut wanted = template.split('/').peekable();
    while let Some(segment) = wanted.next() {
        let (here, after) = match (rest.split_once('/'), wanted.peek()) {
            (Some((here, after)), Some(_)) => (here, after),
            (None, None) => (rest, ""),
            (Some(_), None) if is_parameter(segment) => (rest, ""),
            (Some(_), None) | (None, Some(_)) => return None,
        };
        match segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) {
            Some(name) if !here.is_empty() => values.push((name.to_owned(), here.to_owned())),
            None if segment == here => {}
            Some(_) | None => return None,
        }
        rest = after;
    }
    Some(values)
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

fn decoded(values: Vec<(String, String)>) -> Vec<(String, String)> {
    let decode = |value: &str| percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned();
    values.into_iter().map(|(name, value)| (name, decode(&value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_its_template() {
        let values = fit("/repos/{owner}/{repo}/contents/{path}", "/repos/o/r/contents/.github/agents").unwrap();
        assert_eq!(values[2], ("path".into(), ".github/agents".into()));
        assert_eq!(fit("/user", "/user"), Some(Vec::new()));
        assert_eq!(fit("/user", "/user/"), None);
        assert_eq!(fit("/user/{id}", "/user/"), None);
        assert_eq!(fit("/user/{id}/x", "/user/1"), None);
    }
}
