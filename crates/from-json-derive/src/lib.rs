//! `#[derive(FromJson)]` writes `agent_tasks::FromJson` for a type. It obeys the attributes that the type
//! has for serde, so that names on the wire stand in one place; one that it does not know is an error.

mod attributes;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Fields, FieldsNamed, Result, Variant, parse_macro_input};

use attributes::Attributes;

/// Writes `FromJson` for a struct or an enum.
#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let container = Attributes::read(&input.attrs)?;
    let body = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                let fields = read_fields(fields, &container)?;
                quote! { json.as_object()?; Some(Self { #fields }) }
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                quote! { Some(Self(from_json::FromJson::from_json(json)?)) }
            }
            _ => {
                return Err(Error::new_spanned(&input.ident, "a struct with named fields, or with one without a name"));
            }
        },
        Data::Enum(data) => match &container.tag {
            Some(tag) => tagged(data.variants.iter(), tag, &container)?,
            None => words(data.variants.iter(), &container)?,
        },
        Data::Union(_) => return Err(Error::new_spanned(&input.ident, "not a union")),
    };
    let name = &input.ident;
    Ok(quote! {
        const _: () = {
            use ::agent_tasks::from_json;
            impl from_json::FromJson for #name {
                fn from_json(json: &from_json::Value) -> Option<Self> { #body }
            }
        };
    })
}

/// `name: read it,` for each field.
fn read_fields(fields: &FieldsNamed, container: &Attributes) -> Result<TokenStream> {
    let mut all = TokenStream::new();
    for field in &fields.named {
        let attributes = Attributes::read(&field.attrs)?;
        let ident = field.ident.as_ref().expect("a named field has a name");
        let wire = attributes.rename.clone().unwrap_or_else(|| container.case.of_field(ident));
        all.extend(if attributes.is_flat {
            quote! { #ident: from_json::FromJson::from_json(json)?, }
        } else {
            let read = if container.has_default || attributes.has_default { "field_or_default" } else { "field" };
            let read = format_ident!("{read}");
            quote! { #ident: from_json::#read(json, #wire)?, }
        });
    }
    Ok(all)
}

/// An enum whose variants are words.
fn words<'a>(variants: impl Iterator<Item = &'a Variant>, container: &Attributes) -> Result<TokenStream> {
    let (mut known, mut other) = (TokenStream::new(), quote! { _ => None, });
    for variant in variants {
        let (ident, attributes) = (&variant.ident, Attributes::read(&variant.attrs)?);
        let wire = attributes.rename.unwrap_or_else(|| container.case.of_variant(ident));
        known.extend(quote! { #wire => Some(Self::#ident), });
        if attributes.is_other {
            other = quote! { _ => Some(Self::#ident), };
        }
    }
    Ok(quote! { match json.as_str()? { #known #other } })
}

/// An enum that names its variant in a field, with one untagged variant for what does not fit.
fn tagged<'a>(variants: impl Iterator<Item = &'a Variant>, tag: &str, container: &Attributes) -> Result<TokenStream> {
    let (mut known, mut other) = (TokenStream::new(), quote! { None });
    for variant in variants {
        let (ident, attributes) = (&variant.ident, Attributes::read(&variant.attrs)?);
        let wire = attributes.rename.clone().unwrap_or_else(|| container.case.of_variant(ident));
        match &variant.fields {
            Fields::Named(fields) => {
                let fields = read_fields(fields, &attributes)?;
                known.extend(quote! { #wire => (|| Some(Self::#ident { #fields }))(), });
            }
            _ if attributes.is_untagged => other = quote! { from_json::FromJson::from_json(json).map(Self::#ident) },
            _ => return Err(Error::new_spanned(ident, "a variant with named fields, or an untagged one")),
        }
    }
    Ok(quote! {
        let known = match json.get(#tag).and_then(from_json::Value::as_str).unwrap_or_default() {
            #known
            _ => None,
        };
        known.or_else(|| #other)
    })
}
