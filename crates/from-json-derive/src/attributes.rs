//! What serde is told of a type, a variant or a field.

use syn::{Attribute, Ident, LitStr, Result, ext::IdentExt};

/// The attributes of one item.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) case: Case,
    pub(crate) rename: Option<String>,
    /// The field that names an enum's variant.
    pub(crate) tag: Option<String>,
    pub(crate) has_default: bool,
    pub(crate) is_flat: bool,
    /// Stands for every word that is not known.
    pub(crate) is_other: bool,
    pub(crate) is_untagged: bool,
}

/// How names are written on the wire.
#[derive(Default, Clone, Copy)]
pub(crate) enum Case {
    #[default]
    AsWritten,
    Snake,
    Camel,
}

impl Attributes {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut read = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
                let text = || meta.value()?.parse::<LitStr>().map(|text| text.value());
                match name.as_str() {
                    "default" => read.has_default = true,
                    "flatten" => read.is_flat = true,
                    "other" => read.is_other = true,
                    "untagged" => read.is_untagged = true,
                    "transparent" => {}
                    "rename" => read.rename = Some(text()?),
                    "tag" => read.tag = Some(text()?),
                    "skip_serializing_if" => drop(text()?),
                    "rename_all" => {
                        read.case = match text()?.as_str() {
                            "snake_case" => Case::Snake,
                            "camelCase" => Case::Camel,
                            _ => return Err(meta.error("FromJson knows snake_case and camelCase")),
                        }
                    }
                    _ => return Err(meta.error("FromJson does not know this attribute; write it by hand")),
                }
                Ok(())
            })?;
        }
        Ok(read)
    }
}

impl Case {
    /// The name of a field, which is in snake case.
    pub(crate) fn of_field(self, field: &Ident) -> String {
        let name = field.unraw().to_string();
        match self {
            Self::AsWritten | Self::Snake => name,
            Self::Camel => {
                let mut words = name.split('_');
                let first = words.next().unwrap_or_default().to_owned();
                words.fold(first, |camel, word| camel + &word[..1].to_uppercase() + &word[1..])
            }
        }
    }

    /// The name of a variant, which is in Pascal case.
    pub(crate) fn of_variant(self, variant: &Ident) -> String {
        let name = variant.to_string();
        match self {
            Self::AsWritten => name,
            Self::Camel => name[..1].to_lowercase() + &name[1..],
            Self::Snake => {
                let mut snake = String::new();
                for char in name.chars() {
                    if char.is_uppercase() && !snake.is_empty() {
                        snake.push('_');
                    }
                    snake.extend(char.to_lowercase());
                }
                snake
            }
        }
    }
}
