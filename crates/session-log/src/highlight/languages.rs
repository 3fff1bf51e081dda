//! What is known of each language: one row of a table.

/// How a language writes things.
pub(super) struct Table {
    /// What a fence or a file's name calls it.
    pub names: &'static str,
    /// Its words.
    pub keywords: &'static str,
    /// What starts a comment up to the line's end.
    pub line_comments: &'static str,
    /// What encloses a comment.
    pub block_comment: Option<(&'static str, &'static str)>,
    /// What encloses a text on one line.
    pub quotes: &'static str,
    /// What encloses a text that may go over lines.
    pub long_quotes: &'static str,
    /// Its peculiarities.
    pub traits: u16,
}

/// Comments are in comments.
pub(super) const NESTED: u16 = 1;
/// Three quotes enclose a text over lines.
pub(super) const TRIPLE: u16 = 2;
/// A single quote may begin a lifetime, a label or a character.
pub(super) const LIFETIME: u16 = 4;
/// Letters of its words may be large or small.
pub(super) const CASELESS: u16 = 8;
/// A dash may be part of a word.
pub(super) const DASHED: u16 = 16;
/// A word at the start of a line before `:` or `=` is the name of a field.
pub(super) const KEYED: u16 = 32;
/// The first word is a command, `$` begins a variable, a dash an option.
pub(super) const SHELL: u16 = 64;
/// Text with tags in it.
pub(super) const MARKUP: u16 = 128;
/// Code with tags in it.
pub(super) const TAGGED: u16 = 256;
/// A line's first characters say what it is.
pub(super) const DIFF: u16 = 512;
/// Markdown.
pub(super) const PROSE: u16 = 1024;
/// `#` at the start of a line begins a directive, or `#[` an attribute.
pub(super) const HASHED: u16 = 2048;
/// `$` and `@` may begin a name.
pub(super) const SIGILS: u16 = 4096;
/// A capital letter says nothing.
pub(super) const NO_TYPES: u16 = 8192;

const C_COMMENT: Option<(&str, &str)> = Some(("/*", "*/"));

macro_rules! languages {
    ($([$names:literal, $keywords:literal, $line:literal, $block:expr, $quotes:literal, $long:literal, $traits:expr],)*) => {
        /// Every language that is known.
        pub(super) static LANGUAGES: &[Table] = &[$(Table {
            names: $names,
            keywords: $keywords,
            line_comments: $line,
            block_comment: $block,
            quotes: $quotes,
            long_quotes: $long,
            traits: $traits,
        }),*];
    };
}

languages! {
    ["rust rs", "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type union unsafe use where while bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64", "//", C_COMMENT, "", "\"", NESTED | LIFETIME | HASHED],
    ["javascript js jsx mjs cjs typescript ts tsx mts cts", "abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function if implements import in infer instanceof interface is keyof let namespace never new null number object of private protected public readonly return satisfies static string super switch symbol this throw true try type typeof undefined unknown var void while with yield", "//", C_COMMENT, "\"'", "`", TAGGED | SIGILS],
    ["python py pyi pyw python3", "and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield", "#", None, "\"'", "", TRIPLE | SIGILS],
    ["go golang", "any bool break byte case chan const continue default defer else error fallthrough false float32 float64 for func go goto if import int int8 int16 int32 int64 interface iota map nil package range return rune select string struct switch true type uint uint8 uint16 uint32 uint64 uintptr var", "//", C_COMMENT, "\"'", "`", 0],
    ["c h cpp cc cxx c++ hpp hh hxx ino m mm objc cu glsl", "alignas alignof auto bool break case catch char class const constexpr continue decltype default delete do double else enum explicit extern false float for friend goto if inline int long mutable namespace new noexcept nullptr operator override private protected public register return short signed sizeof static struct switch template this throw true try typedef typename union unsigned using virtual void volatile wchar_t while", "//", C_COMMENT, "\"'", "", HASHED],
    ["java kotlin kt kts scala groovy gradle dart", "abstract as assert boolean break by byte case catch char class companion const constructor continue data def default do double else enum extends false final finally float for fun if implements import in init instanceof int interface internal is late lateinit lazy long match module native new null object open operator override package private protected public record required return sealed short static super suspend switch synchronized this throw throws trait true try type typealias val var void volatile when while with yield", "//", C_COMMENT, "\"'", "", TRIPLE | SIGILS],
    ["swift", "actor as associatedtype async await break case catch class continue default defer deinit do else enum extension fallthrough false fileprivate for func guard if import in init inout internal is let mutating nil open operator override private protocol public repeat rethrows return self Self some static struct subscript super switch throw throws true try typealias var weak where while", "//", C_COMMENT, "\"", "", NESTED | TRIPLE | SIGILS],
    ["csharp cs c# fsharp", "abstract as async await base bool break byte case catch char class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get goto if implicit in init int interface internal is lock long namespace new null object operator out override params private protected public readonly record ref return sealed set short sizeof static string struct switch this throw true try typeof uint ulong unsafe using value var virtual void volatile when where while yield", "//", C_COMMENT, "\"'", "", HASHED],
    ["ruby rb rake gemspec rakefile gemfile crystal cr elixir ex exs", "alias and begin break case class def defined defmodule defp do else elsif end ensure false fn for if import in module next nil not or private protected public raise redo require rescue retry return self super then true undef unless until use when while with yield", "#", None, "", "\"'`", SIGILS],
    ["php", "abstract and array as bool break case catch class clone const continue declare default do echo else elseif enum extends false final finally float fn for foreach function global if implements import include include_once instanceof int interface isset list match mixed namespace new null or print private protected public readonly require require_once return self static string switch this throw trait true try unset use var void while yield", "// #", C_COMMENT, "", "\"'", SIGILS],
    ["sql psql mysql sqlite pgsql plsql", "add all alter and as asc autoincrement begin between bigint blob boolean by case cascade check column commit constraint create cross date default delete desc distinct drop else end exists false foreign from full group having if in index inner insert int integer into is join key left like limit not null numeric offset on or order outer primary references replace returning right rollback select set table text then timestamp trigger true union unique update using values varchar view when where with", "--", C_COMMENT, "\"`", "'", CASELESS | NO_TYPES],
    ["sh bash shell zsh console terminal shellsession ksh fish env bashrc zshrc profile", "break case continue declare do done elif else esac eval exec exit export fi for function if in local readonly return set shift source then trap unset until while", "#", None, "", "\"'", SHELL | DASHED | NO_TYPES],
    ["powershell ps1 psm1 pwsh bat cmd", "begin break catch class continue do else elseif end exit filter finally for foreach function if in param process return switch throw try until while", "# REM", Some(("<#", "#>")), "\"'", "", SHELL | DASHED | CASELESS],
    ["json jsonc json5 jsonl ndjson webmanifest ipynb", "true false null", "//", C_COMMENT, "\"", "", KEYED],
    ["yaml yml", "true false null yes no on off", "#", None, "\"'", "", KEYED | DASHED | SIGILS | NO_TYPES],
    ["toml ini conf cfg properties editorconfig lock", "true false", "# ;", None, "\"'", "", KEYED | TRIPLE | DASHED | NO_TYPES],
    ["html htm xml svg xhtml vue svelte astro plist xaml csproj rss", "", "", Some(("<!--", "-->")), "", "\"'", MARKUP | DASHED],
    ["css scss sass less", "and from important not only to", "//", C_COMMENT, "\"'", "", KEYED | DASHED | SIGILS | NO_TYPES],
    ["markdown md mdx", "", "", Some(("<!--", "-->")), "", "", PROSE],
    ["diff patch", "", "", None, "", "", DIFF],
    ["dockerfile containerfile docker", "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR", "#", None, "\"'", "", CASELESS | DASHED | SIGILS | NO_TYPES],
    ["makefile make mk gnumakefile justfile just", "define else endef endif export ifdef ifeq ifndef ifneq include override private unexport vpath", "#", None, "\"'", "", KEYED | DASHED | SIGILS | NO_TYPES],
    ["lua luau", "and break do else elseif end false for function goto if in local nil not or repeat return self then true until while", "--", Some(("--[[", "]]")), "\"'", "", 0],
    ["haskell hs elm purescript ml mli ocaml", "as case class data deriving do else end forall fun if import in infix infixl infixr instance let match module newtype of open rec then type val where with", "--", Some(("{-", "-}")), "\"", "", NESTED],
    ["zig", "allowzero and anyerror anytype asm async await bool break catch comptime const continue defer else enum errdefer error export extern false fn for if inline noalias null or orelse packed pub resume return struct suspend switch test true try undefined union unreachable usize var void volatile while u8 u16 u32 u64 i8 i16 i32 i64 f32 f64", "//", None, "\"'", "", SIGILS],
    ["r rmd", "break else FALSE for function if in Inf NA NaN next NULL repeat return TRUE while library", "#", None, "\"'", "", 0],
    ["perl pl pm t", "and bless die do else elsif eval for foreach if last local my next no not or our package print qw require return shift sub undef unless until use while", "#", None, "", "\"'", SIGILS],
    ["hcl terraform tf tfvars proto protobuf graphql gql nix cmake", "bool data enum extend extends false fragment implements import in inherit inherits input int32 int64 interface let locals message module mutation null oneof optional option output package provider query reserved resource returns rpc scalar service string subscription syntax terraform then true type union variable with", "# //", C_COMMENT, "\"", "", KEYED | DASHED | SIGILS],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_language() {
        let mut names: Vec<&str> = LANGUAGES.iter().flat_map(|table| table.names.split(' ')).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for table in LANGUAGES {
            assert!(table.quotes.is_ascii() && table.long_quotes.is_ascii(), "{}", table.names);
            // Spaces part words: two of them would make an empty one.
            assert!(![table.names, table.keywords, table.line_comments].iter().any(|words| words.contains("  ")));
        }
        assert!(LANGUAGES.len() < 256, "a language is one byte");
    }
}
