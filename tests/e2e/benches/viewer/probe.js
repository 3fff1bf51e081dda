// Runs in every page that is measured, before its own code: watches frames and long tasks, and knows where a viewer
// keeps its things. What is found where is written here only.

globalThis.probe = (() => {
    /** A tool above the log, or something in its menu, whose name holds one of these in any case. */
    const tool = (...names) => {
        const all = [...document.querySelectorAll('[role=toolbar] button, [role^=menuitem]')];
        const name = (it) => `${it.getAttribute('aria-label') ?? ''} ${it.textContent}`.toLowerCase();
        return all.find((it) => it.checkVisibility() && names.some((wanted) => name(it).includes(wanted))) ?? null;
    };
    const row = '.log-view-rows > :not([data-aside]), .row';
    const sight = {
        log: () => document.querySelector('[role=log]'),
        rows: () => document.querySelectorAll(row),
        row,
        /** A row whose content is still asked for. */
        absent: '.log-row-absent',
        findField: () => document.querySelector('search input'),
        findCount: () => document.querySelector('.find-bar-count'),
        levels: () => tool('detail'),
        collapseAll: () => tool('close all', 'collapse all'),
        expandAll: () => tool('open all', 'expand all'),
        /** The lines of output that the last command's header tells. */
        lineCount: () => {
            const told = [...document.querySelectorAll('.step-header-lines')].at(-1)?.textContent ?? '0';
            return Number(told.replace(/\D/g, ''));
        },
        step: (seq) => document.querySelector(`.step-header:has(a[href*="/steps/${seq}"])`),
    };
    const now = () => performance.timeOrigin + performance.now();

    // The browser does not count a program's memory to what a page holds.
    const programs = new Set();
    const kept = (made) => {
        const memory = (made.instance ?? made).exports.memory;
        if (memory instanceof WebAssembly.Memory) programs.add(memory);
        return made;
    };
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const original = WebAssembly[name];
        WebAssembly[name] = (...args) => original.apply(WebAssembly, args).then(kept);
    }
    const programBytes = () => [...programs].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

    /** The tasks of over 50 ms so far, in milliseconds. */
    const longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((it) => it.duration))).observe({
        type: 'longtask',
        buffered: true,
    });

    // A message sent in a frame comes when its work is done: style, layout and paint included.
    const channel = new MessageChannel();
    const watchers = new Set();
    let frameAt = 0;
    channel.port1.onmessage = () => watchers.forEach((watcher) => watcher(frameAt));
    const onFrame = (at) => {
        frameAt = at;
        if (watchers.size > 0) channel.port2.postMessage(0);
        requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);

    /** The moment at which `check` was true after a frame and the frame after it was done. */
    const seen = (check) =>
        new Promise((resolve) => {
            let wasTrue = false;
            const watcher = () => {
                if (!wasTrue) wasTrue = check();
                else {
                    watchers.delete(watcher);
                    resolve(performance.now());
                }
            };
            watchers.add(watcher);
        });

    /** The moment at which the next frame is done. */
    const painted = () => seen(() => true);

    /** Waits for the end of this frame's work: what is done then is seen by the next frame from its beginning. */
    const afterFrame = () =>
        new Promise((resolve) => {
            const watcher = () => {
                watchers.delete(watcher);
                resolve();
            };
            watchers.add(watcher);
        });

    /** What a stretch of time was like for who looks at the page. */
    class Recording {
        constructor(look) {
            this.frames = [];
            this.tasks = longTasks.length;
            this.seen = [];
            this.watcher = (at) => {
                this.frames.push(at);
                const found = look?.();
                if (found !== undefined) this.seen.push(found);
            };
            watchers.add(this.watcher);
        }

        stop() {
            watchers.delete(this.watcher);
            const gaps = this.frames.slice(1).map((at, index) => at - this.frames[index]);
            return {
                frames: this.frames.length,
                dropped: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / (1000 / 60)) - 1), 0),
                longest_frame_ms: Math.max(0, ...gaps),
                long_tasks: longTasks.slice(this.tasks),
                seen: this.seen,
            };
        }
    }

    /** How much of the log's screen shows no row, and how much only the place of one, in parts of 16. */
    const coverage = () => {
        const { left, top, height, width } = sight.log().getBoundingClientRect();
        const parts = 16;
        let [blank, absent] = [0, 0];
        for (let part = 0; part < parts; part++) {
            const x = left + Math.min(width / 2, 40);
            const found = document.elementFromPoint(x, top + ((part + 0.5) * height) / parts);
            const row = found?.closest(sight.row);
            if (!row) blank++;
            else if (row.matches(sight.absent) || row.querySelector(sight.absent)) absent++;
        }
        return { blank, absent };
    };

    /** The highest number that a line on the page starts with. */
    const lastNumber = () => {
        let last = -1;
        for (const row of sight.rows()) {
            const found = /^\s*(\d{7}) /.exec(row.textContent.slice(0, 12));
            if (found) last = Math.max(last, Number(found[1]));
        }
        return last;
    };

    const shows = (text) => sight.log()?.textContent.includes(text) ?? false;
    const isWhole = () => {
        const { blank, absent } = coverage();
        return blank + absent === 0;
    };

    const stepButton = (seq) => sight.step(seq)?.querySelector('[aria-expanded]');

    /** Presses, and tells how long it took to the next paint, in milliseconds. */
    const press = async (control) => {
        await painted();
        const began = performance.now();
        control.click();
        await afterFrame();
        return performance.now() - began;
    };

    /** The same for a control that may be in the menu of levels; `null` when there is none. */
    const pressLevel = async (name) => {
        if (!sight[name]() && sight.levels()) {
            sight.levels().click();
            await painted();
        }
        const control = sight[name]();
        return control ? press(control) : null;
    };

    /** Types a text into the find field and waits for so many hits. */
    const find = async (text, hits) => {
        await painted();
        const field = sight.findField();
        const tasks = longTasks.length;
        const type = (text) => {
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text);
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        };
        const told = () => {
            const status = sight.findCount()?.textContent.replace(/(\d)[,.\u202f\u00a0](?=\d{3})/g, '$1') ?? '';
            return (status.match(/\d+/g) ?? []).map(Number);
        };
        type('');
        await seen(() => told().every((number) => number === 0));
        const began = performance.now();
        let [first, all] = [null, null];
        type(text);
        await seen(() => {
            const numbers = told();
            if (numbers.some((number) => number > 0)) first ??= performance.now() - began;
            if (numbers.includes(hits)) all ??= performance.now() - began;
            return all !== null;
        });
        await painted();
        return { hits, first, all, long_tasks: longTasks.slice(tasks) };
    };

    return { stepButton, press, pressLevel, find, programBytes, afterFrame, sight, now, longTasks, seen, painted, Recording, coverage, lastNumber, shows, isWhole, recording: null };
})();
