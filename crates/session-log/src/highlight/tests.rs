//! What gets which colour, and that no text is lost.

use proptest::prelude::*;

use super::{LANGUAGES, Language, Shade, State, pieces, state_after};

/// A line with a letter for each shade around its pieces; plain ones stay bare.
fn shown(language: Language, line: &str, state: State) -> (String, State) {
    let (pieces, after) = pieces(language, line, state);
    let piece = |piece: &super::Piece<'_>| {
        let letter = match piece.shade {
            Shade::Plain => return piece.text.to_owned(),
            Shade::Keyword => 'k',
            Shade::String => 's',
            Shade::Comment => 'c',
            Shade::Number => 'n',
            Shade::Type => 't',
            Shade::Function => 'f',
            Shade::Name => 'a',
            Shade::Meta => 'm',
        };
        format!("{letter}‹{}›", piece.text)
    };
    (pieces.iter().map(piece).collect(), after)
}

fn check(name: &str, lines: &[(&str, &str)]) {
    let language = Language::named(name).unwrap();
    let mut state = State::default();
    for (line, expected) in lines {
        let (line, after) = shown(language, line, state);
        assert_eq!(line, *expected, "{name}");
        state = after;
    }
    assert_eq!(state, state_after(language, lines.iter().map(|(line, _)| *line)));
}

#[test]
fn code_of_every_family_gets_its_colours() {
    check(
        "rust",
        &[
            ("#[test]", "m‹#[test]›"),
            ("pub fn a<'a>(x: &'a str) -> Vec<u8> {", "k‹pub› k‹fn› a<a‹'a›>(x: &a‹'a› k‹str›) -> t‹Vec›<k‹u8›> {"),
            ("let c = 'x'; // why", "k‹let› c = s‹'x'›; c‹// why›"),
            ("/* a /* b */", "c‹/* a /* b */›"),
            ("c */ println!(\"a\\\"b\", MAX, 0x1f)", "c‹c */› f‹println›!(s‹\"a\\\"b\"›, n‹MAX›, n‹0x1f›)"),
            ("let s = \"over", "k‹let› s = s‹\"over›"),
            ("lines\";", "s‹lines\"›;"),
        ],
    );
    check(
        "tsx",
        &[
            ("const a: Foo = `x ${y}", "k‹const› a: t‹Foo› = s‹`x ${y}›"),
            ("z`; // c", "s‹z`›; c‹// c›"),
            ("return <Row id={1}>{f(2)}</Row>", "k‹return› k‹<Row› id={n‹1›}>{f‹f›(n‹2›)}k‹</Row›>"),
            ("if (a<b) get('https://x')", "k‹if› (a<b) f‹get›(s‹'https://x'›)"),
        ],
    );
    check(
        "python",
        &[
            ("@cached", "m‹@cached›"),
            ("def f(x): # note", "k‹def› f‹f›(x): c‹# note›"),
            ("    \"\"\"Doc", "    s‹\"\"\"Doc›"),
            ("  more\"\"\"", "s‹  more\"\"\"›"),
            ("    return 'it''s' + 1.5e-3", "    k‹return› s‹'it''s'› + n‹1.5e-3›"),
        ],
    );
    check("go", &[("x := `raw\\` + \"s\"", "x := s‹`raw\\`› + s‹\"s\"›")]);
    check("sql", &[("select Name FROM t -- x", "k‹select› Name k‹FROM› t c‹-- x›")]);
    check("cpp", &[("#include <a.h>", "m‹#include› <a.h>"), ("int main() {", "k‹int› f‹main›() {")]);
}

#[test]
fn data_markup_and_shells_get_their_colours() {
    check("json", &[("  \"a\": [1, true, \"b\"]", "  a‹\"a\"›: [n‹1›, k‹true›, s‹\"b\"›]")]);
    check("yaml", &[("- name: x # c", "- a‹name›: x c‹# c›"), ("url: http://a#b", "a‹url›: http://a#b")]);
    check("toml", &[("[dep]", "[dep]"), ("a-b = \"1\" # c", "a‹a-b› = s‹\"1\"› c‹# c›")]);
    check(
        "html",
        &[
            ("<a href=\"x", "k‹<a› a‹href›=s‹\"x›"),
            ("y\">t &amp;</a>", "s‹y\"›k‹>›t &amp;k‹</a>›"),
            ("<!-- c", "c‹<!-- c›"),
            ("d --><br/>", "c‹d -->›k‹<br/>›"),
        ],
    );
    check("css", &[("  color: red; /* c */", "  a‹color›: red; c‹/* c */›")]);
    check(
        "sh",
        &[
            (
                "cd /a && grep -n \"$X\" f | sort --key=1 # c",
                "f‹cd› /a && f‹grep› a‹-n› s‹\"$X\"› f | f‹sort› a‹--key›=n‹1› c‹# c›",
            ),
            ("A=1 make", "a‹A›=n‹1› make"),
            ("if test $A; then echo 'a", "k‹if› f‹test› a‹$A›; k‹then› f‹echo› s‹'a›"),
        ],
    );
    check("diff", &[("@@ -1 +1 @@", "m‹@@ -1 +1 @@›"), ("-a", "k‹-a›"), ("+b", "s‹+b›"), (" c", " c")]);
    check(
        "md",
        &[
            ("# T", "k‹# T›"),
            ("- a `b` [c](d)", "m‹-› a s‹`b`› m‹[›cm‹](›a‹d›)"),
            ("```rs", "m‹```rs›"),
            ("let", "s‹let›"),
            ("```", "m‹```›"),
            ("x", "x"),
        ],
    );
}

#[test]
fn names_and_files_find_their_language() {
    let named = |name: &str| Language::named(name);
    assert_eq!(named("RS"), Language::of_path("src/main.rs"));
    assert_eq!(named("js"), Language::of_path("a/b.test.TSX"));
    assert_eq!(named("make"), Language::of_path("/x/Makefile"));
    assert_eq!(named("rust,ignore"), named("rust"));
    for unknown in ["", "brainfuck", "c a"] {
        assert_eq!(named(unknown), None, "{unknown}");
    }
    assert_eq!(Language::of_path("notes.txt"), None);
    assert!(Language::shell().is_some() && Language::json().is_some());
}

#[test]
fn hostile_lines_are_read_in_one_pass() {
    for unit in ["/*", "*/", "\"", "'", "`", "<a", "<!--", "](", "[", "`a", "#[", "$", "${", "@", "a-", "é", "'''"] {
        // As long as lines may be to get colours; a pass for each unit would be millions of steps, for each language.
        let line = unit.repeat(4_096 / unit.len());
        for index in 0..LANGUAGES.len() {
            let (pieces, _) = pieces(Language(index as u8), &line, State::default());
            assert_eq!(pieces.iter().map(|piece| piece.text.len()).sum::<usize>(), line.len());
        }
    }
}

proptest! {
    #[test]
    fn pieces_are_the_line(
        index in 0..LANGUAGES.len(),
        lines in prop::collection::vec(r#"([a-zA-Z_]{1,4}|[ \t"'`#/*<>=$@\\\[\](){}:;.!-]|"""|/\*|<!--|é|字|0x1|```){0,24}"#, 1..5),
    ) {
        let language = Language(index as u8);
        let mut state = State::default();
        for line in &lines {
            let (pieces, after) = pieces(language, line, state);
            let text: String = pieces.iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&text, line);
            prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
            prop_assert!(pieces.windows(2).all(|pair| pair[0].shade != pair[1].shade));
            state = after;
        }
    }
}
