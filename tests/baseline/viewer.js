// The least that a log viewer can be, written with care: what Flightdeck's is measured against. It reads the whole log
// by the companion's own stream, keeps its text in one buffer of bytes with an index of lines, and shows the lines near
// the screen in a few rows that are used again and again. No steps, no colours, no markdown.

const ROW_PX = 18;
/** Rows made above and below the screen. */
const SPARE_ROWS = 10;
/** How near to the end counts as being there, in pixels. */
const END_PX = 24;
/** What is shown of a line, in bytes: longer ones take the browser long to lay out. */
const SHOWN_BYTES_MAX = 4096;
const LINE_FEED = 10;
const ANSI = /\x1b\[[0-9;]*[A-Za-z]/g;

const log = document.getElementById('log');
const space = document.getElementById('space');
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The text of the whole log, and where each line ends. */
class Lines {
    constructor() {
        this.text = new Uint8Array(1 << 16);
        this.length = 0;
        this.ends = new Uint32Array(1 << 10);
        this.count = 0;
    }

    /** Adds text; its last line may go on with the next one. */
    push(text) {
        const most = this.length + text.length * 3;
        if (most > this.text.length) this.text = grown(this.text, most);
        const from = this.length;
        this.length += encoder.encodeInto(text, this.text.subarray(from)).written;
        const added = this.text.subarray(0, this.length);
        for (let at = added.indexOf(LINE_FEED, from); at >= 0; at = added.indexOf(LINE_FEED, at + 1)) this.end(at);
    }

    /** Ends the line that is open, if one is. */
    close() {
        if (this.shown > this.count) this.push('\n');
    }

    /** How many there are to show: the last one may be open. */
    get shown() {
        return this.count + (this.start(this.count) < this.length ? 1 : 0);
    }

    start(index) {
        return index === 0 ? 0 : this.ends[index - 1] + 1;
    }

    end(at) {
        if (this.count === this.ends.length) this.ends = grown(this.ends, this.count + 1);
        this.ends[this.count++] = at;
    }

    line(index, most) {
        const start = this.start(index);
        const end = index < this.count ? this.ends[index] : this.length;
        return decoder.decode(this.text.subarray(start, Math.min(end, start + most)));
    }
}

function grown(array, most) {
    const larger = new array.constructor(Math.max(array.length * 2, most));
    larger.set(array);
    return larger;
}

let lines = new Lines();
/** Messages and thoughts that came in pieces: the whole says nothing new. */
let told = new Set();
let isFollowing = true;
let isScheduled = false;
/** The scroll position that we set ourselves. */
let placed = 0;
/** The rows, the one for line n at n modulo their number; what each shows. */
let rows = [];

/** The text of an event, in lines. */
function take({ type, data }) {
    switch (type) {
        case 'user.message':
            return say(`> ${data.content}`);
        case 'assistant.message_delta':
            told.add(data.messageId);
            return lines.push(data.deltaContent);
        case 'assistant.reasoning_delta':
            told.add(data.reasoningId);
            return lines.push(data.deltaContent);
        case 'assistant.message':
        case 'assistant.reasoning':
            return told.delete(data.messageId ?? data.reasoningId) ? lines.close() : say(data.content);
        case 'tool.execution_start':
            return say(`$ ${data.command ?? data.title ?? data.toolName}`);
        case 'tool.execution_partial_result':
            return lines.push(data.partialOutput);
        case 'tool.execution_complete':
            return complete(data);
        case 'assistant.plan':
            return data.entries.forEach((entry) => say(`[${entry.status}] ${entry.content}`));
        default:
            return say(`${type} ${data.message ?? ''}`);
    }
}

function complete({ result, error }) {
    lines.close();
    if (result?.content) say(result.content);
    for (const part of result?.contents ?? []) {
        if (part.type === 'text') say(part.text);
        else if (part.type === 'diff') say(`${part.path}\n${part.newText}`);
        else if (part.type === 'terminal') say(`exit ${part.exitCode}`);
    }
    if (error) say(error.message);
}

function say(text) {
    lines.close();
    lines.push(text);
    lines.close();
}

/** Reads the log's stream to its end, which for a companion is the end of the connection. */
async function read({ api, task, token }, signal) {
    const headers = { Accept: 'text/event-stream', Authorization: `Bearer ${token}` };
    const answer = await fetch(`${api}/agents/tasks/${task}/events`, { headers, signal });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const pieces = (rest + value).split('\n\n');
        rest = pieces.pop();
        for (const piece of pieces) {
            const [kind, , json] = piece.split('\n');
            if (kind === 'event: event') take(JSON.parse(json.slice('data: '.length)));
        }
        schedule();
    }
}

function schedule() {
    if (isScheduled) return;
    isScheduled = true;
    requestAnimationFrame(() => {
        isScheduled = false;
        const height = lines.shown * ROW_PX;
        space.style.height = `${height}px`;
        if (isFollowing) log.scrollTop = placed = Math.max(0, height - log.clientHeight);
        show();
    });
}

function show() {
    const wanted = Math.ceil(log.clientHeight / ROW_PX) + 2 * SPARE_ROWS;
    while (rows.length < wanted) {
        const element = document.createElement('div');
        element.className = 'row';
        log.append(element);
        rows.push({ element, line: -1 });
    }
    const first = Math.max(0, Math.floor(log.scrollTop / ROW_PX) - SPARE_ROWS);
    const last = Math.min(lines.shown, first + rows.length);
    for (let line = first; line < last; line++) {
        const row = rows[line % rows.length];
        if (row.line === line) continue;
        // A line that is still open is shown anew each time.
        row.line = line < lines.count ? line : -1;
        row.element.textContent = lines.line(line, SHOWN_BYTES_MAX).replace(ANSI, '');
        row.element.style.transform = `translateY(${line * ROW_PX}px)`;
    }
}

log.addEventListener('scroll', () => {
    if (Math.abs(log.scrollTop - placed) > 1) {
        isFollowing = log.scrollTop + log.clientHeight >= log.scrollHeight - END_PX;
    }
    show();
}, { passive: true });
new ResizeObserver(schedule).observe(log);

let reading = new AbortController();

globalThis.viewer = {
    /** Reads another log. */
    open(task) {
        reading.abort();
        reading = new AbortController();
        [lines, told, isFollowing] = [new Lines(), new Set(), true];
        rows.forEach((row) => row.element.remove());
        rows = [];
        read({ ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))), task }, reading.signal)
            .catch((error) => error.name === 'AbortError' || console.error(error));
    },
    get lines() {
        return lines.count;
    },
    /** Counts the hits of a text in all lines; tells how long the first took, and all, in milliseconds. */
    find(text) {
        const began = performance.now();
        let [hits, first] = [0, null];
        for (let line = 0; line < lines.count; line++) {
            const shown = lines.line(line, Infinity);
            for (let at = shown.indexOf(text); at >= 0; at = shown.indexOf(text, at + text.length)) {
                hits++;
                first ??= performance.now() - began;
            }
        }
        return { hits, first, all: performance.now() - began };
    },
};
const { task } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
if (task) viewer.open(task);
