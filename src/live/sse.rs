//! An incremental parser of `text/event-stream`, as the HTML standard defines it. Pure: bytes in, events out.
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>

/// The most bytes of one line or of one event's data; beyond it the stream is broken on purpose, so that a
/// server gone wrong cannot fill the memory.
pub const EVENT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// An event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SseEvent {
    /// The stream's last event id at this event; empty when none was told.
    pub id: String,
    /// The event's name; `message` unless told otherwise.
    pub name: String,
    /// The data lines, joined by LF.
    pub data: String,
}

/// A stream outgrew [`EVENT_BYTES_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// What is known of a stream between two chunks.
#[derive(Debug, Default)]
pub struct SseParser {
    /// The line that is not whole yet.
    line: Vec<u8>,
    /// Whether the last byte was a CR: a LF right after it belongs to the same line end.
    after_cr: bool,
    /// How much of a byte order mark has been passed; three when it is too late for one.
    mark_bytes: usize,
    id: String,
    name: String,
    data: String,
    has_data: bool,
    retry_ms: Option<u64>,
}

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

impl SseParser {
    /// Takes the next bytes; whole events go to `on_event`.
    pub fn push(&mut self, chunk: &[u8], mut on_event: impl FnMut(SseEvent)) -> Result<(), TooLong> {
        let mut rest = self.without_mark(chunk);
        while !rest.is_empty() {
            if self.after_cr {
                self.after_cr = false;
                if rest[0] == b'\n' {
                    rest = &rest[1..];
                    continue;
                }
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.line.extend_from_slice(rest);
                break;
            };
            self.after_cr = rest[end] == b'\r';
            let ending = &rest[..end];
            rest = &rest[end + 1..];
            if self.line.is_empty() {
                self.take_line(&String::from_utf8_lossy(ending), &mut on_event);
            } else {
                let mut line = std::mem::take(&mut self.line);
                line.extend_from_slice(ending);
                self.take_line(&String::from_utf8_lossy(&line), &mut on_event);
            }
        }
        if self.line.len() + self.data.len() > EVENT_BYTES_MAX { Err(TooLong) } else { Ok(()) }
    }

    /// The reconnection delay that the server asked for.
    pub fn retry_ms(&self) -> Option<u64> {
        self.retry_ms
    }

    /// The chunk without the byte order mark that may open the stream, however it is cut.
    fn without_mark<'a>(&mut self, chunk: &'a [u8]) -> &'a [u8] {
        let mut rest = chunk;
        while self.mark_bytes < BYTE_ORDER_MARK.len() && !rest.is_empty() {
            if rest[0] != BYTE_ORDER_MARK[self.mark_bytes] {
                // It was no mark: what was held back is part of the first line.
                self.line.extend_from_slice(&BYTE_ORDER_MARK[..self.mark_bytes]);
                self.mark_bytes = BYTE_ORDER_MARK.len();
                break;
            }
            self.mark_bytes += 1;
            rest = &rest[1..];
        }
        rest
    }

    fn take_line(&mut self, line: &str, on_event: &mut impl FnMut(SseEvent)) {
        if line.is_empty() {
            return self.dispatch(on_event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.data.push_str(value);
                self.has_data = true;
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry_ms = value.parse().ok();
            }
            // A comment has an empty field name; other fields are of a newer standard.
            _ => {}
        }
    }

    fn dispatch(&mut self, on_event: &mut impl FnMut(SseEvent)) {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        if !std::mem::take(&mut self.has_data) {
            return;
        }
        let name = if name.is_empty() { "message".to_owned() } else { name };
        on_event(SseEvent { id: self.id.clone(), name, data });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(chunks: &[&[u8]]) -> Vec<SseEvent> {
        let (mut parser, mut events) = (SseParser::default(), Vec::new());
        for chunk in chunks {
            parser.push(chunk, |event| events.push(event)).unwrap();
        }
        events
    }

    /// Parses `text` whole, byte by byte and cut in two at every offset: always the same events.
    #[track_caller]
    fn check(text: &[u8], expected: &[(&str, &str, &str)]) {
        let expected: Vec<SseEvent> = expected
            .iter()
            .map(|&(id, name, data)| SseEvent { id: id.into(), name: name.into(), data: data.into() })
            .collect();
        assert_eq!(parse(&[text]), expected);
        assert_eq!(parse(&text.chunks(1).collect::<Vec<_>>()), expected);
        for offset in 0..=text.len() {
            assert_eq!(parse(&[&text[..offset], &text[offset..]]), expected, "cut at {offset}");
        }
    }

    /// The standard read slowly: the whole text at once, line by line.
    fn plainly(text: &[u8]) -> Vec<SseEvent> {
        let text = String::from_utf8_lossy(text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)).into_owned();
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let (mut id, mut name, mut data) = (String::new(), String::new(), None::<String>);
        let mut events = Vec::new();
        // What comes after the last line end is no line.
        let lines = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
        for line in lines.split('\n') {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "" if line.is_empty() => {
                    let name = std::mem::take(&mut name);
                    if let Some(data) = data.take() {
                        let name = if name.is_empty() { "message".to_owned() } else { name };
                        events.push(SseEvent { id: id.clone(), name, data });
                    }
                }
                "event" => value.clone_into(&mut name),
                "data" => {
                    data = Some(data.map_or_else(|| value.to_owned(), |data| [&data, value].join("\n")));
                }
                "id" if !value.contains('\0') => value.clone_into(&mut id),
                _ => {}
            }
        }
        events
    }

    #[test]
    fn any_stream_cut_anywhere_is_read_as_the_standard_says() {
        let parts: [&[u8]; 24] = [
            b"data",
            b"data:",
            b"data: ",
            b"event: ",
            b"id: ",
            b"id:",
            b":",
            b"\n",
            b"\n\n",
            b"\r",
            b"\r\n",
            b" ",
            b"a",
            b"b: c",
            b"\0",
            b"\xEF\xBB\xBF",
            b"\xEF",
            b"\xFF",
            "\u{e9}".as_bytes(),
            "\u{2028}".as_bytes(),
            b"retry: 5",
            b"retry",
            b"foo: bar",
            b"12",
        ];
        let count = promises::cases(300, 10_000);
        let mut dice = promises::Dice::new(promises::seed());
        let mut cuts = 0;
        for _ in 0..count {
            let picked = (0..dice.below(30)).map(|_| parts[dice.below(parts.len() as u64) as usize]);
            let text = picked.collect::<Vec<_>>().concat();
            let expected = plainly(&text);
            assert_eq!(parse(&text.chunks(1).collect::<Vec<_>>()), expected, "{:?}", String::from_utf8_lossy(&text));
            for offset in 0..=text.len() {
                let read = parse(&[&text[..offset], &text[offset..]]);
                assert_eq!(read, expected, "{:?} cut at {offset}", String::from_utf8_lossy(&text));
                cuts += 1;
            }
        }
        let said = format!("{count} streams with each line end, marks and torn letters: 0 differences in {cuts} cuts");
        promises::tell("C4", cuts, true, &said);
    }

    #[test]
    fn all_line_ends_are_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["id: 1", "event: task", "data: a", "", "data: b", "", ""].join(end);
            check(text.as_bytes(), &[("1", "task", "a"), ("1", "message", "b")]);
        }
        check(
            b"data: a\r\rdata: b\n\r\ndata: c\r\n\n",
            &[("", "message", "a"), ("", "message", "b"), ("", "message", "c")],
        );
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_once() {
        check(b"\xEF\xBB\xBFdata: a\n\n", &[("", "message", "a")]);
        check(b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\ndata: b\n\n", &[("", "message", "b")]);
        check(b"\xEF\xBBdata: a\n\ndata: b\n\n", &[("", "message", "b")]);
    }

    #[test]
    fn one_space_after_the_colon_is_not_data() {
        check(
            b"data:a\n\ndata: a\n\ndata:  a\n\n",
            &[("", "message", "a"), ("", "message", "a"), ("", "message", " a")],
        );
    }

    #[test]
    fn data_lines_are_joined_and_empty_data_is_an_event() {
        check(b"data: a\ndata\ndata: b: c\n\n", &[("", "message", "a\n\nb: c")]);
        check(b"data\n\ndata:\n\n", &[("", "message", ""), ("", "message", "")]);
    }

    #[test]
    fn an_id_holds_until_the_next_and_one_with_nul_is_ignored() {
        check(
            b"id: 1\ndata: a\n\nid: 2\0\ndata: b\n\nid\ndata: c\n\n",
            &[("1", "message", "a"), ("1", "message", "b"), ("", "message", "c")],
        );
    }

    #[test]
    fn comments_unknown_fields_and_events_without_data_are_silent() {
        check(b": keep-alive\n\n:\nfoo: bar\nevent: lost\n\nid: 7\n\ndata: a\n\n", &[("7", "message", "a")]);
    }

    #[test]
    fn an_unfinished_event_is_never_told() {
        check(b"data: a\n\ndata: b\n", &[("", "message", "a")]);
    }

    #[test]
    fn text_beyond_ascii_survives_every_cut() {
        check("event: é\ndata: 🦀 ü\u{2028}x\n\n".as_bytes(), &[("", "é", "🦀 ü\u{2028}x")]);
        check(b"data: a\xFFb\n\n", &[("", "message", "a\u{FFFD}b")]);
    }

    #[test]
    fn only_digits_are_a_delay() {
        let mut parser = SseParser::default();
        parser.push(b"retry: 1x\n", |_| {}).unwrap();
        assert_eq!(parser.retry_ms(), None);
        parser.push(b"retry: 1500\n", |_| {}).unwrap();
        assert_eq!(parser.retry_ms(), Some(1500));
    }

    #[test]
    fn a_line_without_end_breaks_the_stream() {
        let mut parser = SseParser::default();
        let chunk = vec![b'x'; EVENT_BYTES_MAX / 2 + 1];
        assert_eq!(parser.push(&chunk, |_| {}), Ok(()));
        assert_eq!(parser.push(&chunk, |_| {}), Err(TooLong));
    }
}
