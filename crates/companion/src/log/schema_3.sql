-- From version 2: what there is in each log, step by step. All of it can be had from the events again.

CREATE TABLE outlines (
    id INTEGER NOT NULL PRIMARY KEY,
    task_id TEXT NOT NULL UNIQUE REFERENCES tasks (id),
    -- The version of the fold that made it; another one makes it anew.
    fold INTEGER NOT NULL,
    -- The number of the event up to which all of it is told; 0 while it is being written in several transactions.
    last_seq INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    -- JSON; null when nothing was told.
    usage TEXT,
    intent TEXT
) STRICT;

CREATE TABLE outline_steps (
    outline_id INTEGER NOT NULL REFERENCES outlines (id),
    -- From 0, in the order of the steps' first events.
    place INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    -- What it is and where it stands, in two letters.
    code TEXT NOT NULL,
    -- Whether later events may name it.
    is_open INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    -- The place of the sub-agent's step that it is part of.
    parent INTEGER,
    -- JSON.
    summary TEXT NOT NULL,
    PRIMARY KEY (outline_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX outline_open ON outline_steps (outline_id, place) WHERE is_open;
-- The map of all steps is read from the index alone, and a place is found by a number of an event.
CREATE INDEX outline_map ON outline_steps (outline_id, seq, place, code, lines, parent);
