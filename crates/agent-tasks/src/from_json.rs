//! Reading a type from JSON in little code. serde's readers are general and weigh kilobytes per type; the
//! page has some forty types and carries these instead: the same result, of a tree, without reasons.

pub use from_json_derive::FromJson;
pub use serde_json::Value;

/// A type that can be read from JSON.
pub trait FromJson: Sized {
    /// The value that `json` says; `None` when it does not fit.
    fn from_json(json: &Value) -> Option<Self>;

    /// The value of a field that is not there; `None` when it has to be.
    fn absent() -> Option<Self> {
        None
    }
}

/// A field of an object.
pub fn field<T: FromJson>(json: &Value, name: &str) -> Option<T> {
    json.get(name).map_or_else(T::absent, T::from_json)
}

/// A field that may be missing.
pub fn field_or_default<T: FromJson + Default>(json: &Value, name: &str) -> Option<T> {
    json.get(name).map_or_else(|| Some(T::default()), T::from_json)
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Value) -> Option<Self> {
        if json.is_null() { Some(None) } else { T::from_json(json).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Value) -> Option<Self> {
        let mut all = Vec::new();
        for item in json.as_array()? {
            all.push(T::from_json(item)?);
        }
        Some(all)
    }
}

impl FromJson for String {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_str().map(str::to_owned)
    }
}

impl FromJson for Value {
    fn from_json(json: &Value) -> Option<Self> {
        Some(json.clone())
    }
}

impl FromJson for bool {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_bool()
    }
}

impl FromJson for f64 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_f64()
    }
}

impl FromJson for i64 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_i64()
    }
}

impl FromJson for u64 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()
    }
}

impl FromJson for u32 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()?.try_into().ok()
    }
}

impl FromJson for usize {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()?.try_into().ok()
    }
}
