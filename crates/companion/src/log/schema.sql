-- Moments are milliseconds since 1970 in UTC; flags are 0 and 1.

-- A task: what somebody asked for, its branch, its worktree.
CREATE TABLE tasks (
    id TEXT NOT NULL PRIMARY KEY,
    -- Grows with every change that a list shows, over all tasks.
    revision INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    repo TEXT NOT NULL,
    repo_id INTEGER NOT NULL,
    agent_id TEXT NOT NULL,
    model TEXT,
    custom_agent TEXT,
    base_ref TEXT NOT NULL,
    head_ref TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    archived_at INTEGER,
    -- The number of its newest event.
    last_seq INTEGER NOT NULL DEFAULT 0,
    session_count INTEGER NOT NULL DEFAULT 0,
    -- The session that the task's state is taken from: the oldest that is not over, else the newest.
    shown_session TEXT,
    -- The worktree; null until it is made.
    worktree TEXT,
    git_dir TEXT,
    base_sha TEXT,
    additions INTEGER,
    deletions INTEGER,
    changed_files INTEGER
) STRICT;
CREATE INDEX tasks_by_update ON tasks (updated_at);
CREATE INDEX tasks_by_branch ON tasks (owner, repo, head_ref);

-- A session: one run of an agent. The columns from `state` to `activity` are the fold of its events.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    task_id TEXT NOT NULL REFERENCES tasks (id),
    -- From 1 in its task.
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    prompt TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    started_at INTEGER,
    stop_requested_at INTEGER,
    completed_at INTEGER,
    error TEXT,
    activity TEXT,
    -- When its agent was about to be started; after that it is never started again.
    launched_at INTEGER,
    -- The agent's own name for the session.
    agent_session TEXT,
    UNIQUE (task_id, number)
) STRICT;

-- The log: numbered per task from 1 without gaps.
CREATE TABLE events (
    task_id TEXT NOT NULL REFERENCES tasks (id),
    seq INTEGER NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    timestamp INTEGER NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    ephemeral INTEGER NOT NULL,
    raw TEXT,
    PRIMARY KEY (task_id, seq)
) STRICT;
CREATE INDEX events_by_session ON events (task_id, session_id, seq);

-- Bearer tokens, by SHA-256 only.
CREATE TABLE tokens (
    id INTEGER NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    -- Whether a page got it for a pairing code: such a one goes when it is not used for long.
    is_page INTEGER NOT NULL DEFAULT 0,
    -- When it was used last, to the day; null before its first use.
    used_at INTEGER
) STRICT;

-- Single-use pairing codes, by SHA-256 only.
CREATE TABLE pairings (
    hash BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;

-- Starts that carried an Idempotency-Key.
CREATE TABLE starts (
    key TEXT NOT NULL PRIMARY KEY,
    body_hash BLOB NOT NULL,
    task_id TEXT NOT NULL REFERENCES tasks (id),
    created_at INTEGER NOT NULL
) STRICT;
