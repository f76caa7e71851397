-- The first schema. Instants are epoch seconds; JSON is text. Tables with long rows keep their rowid:
-- WITHOUT ROWID they fill the tree's inner pages too, and take events at a third of the speed.

CREATE TABLE events (
    id        TEXT NOT NULL PRIMARY KEY,
    type      TEXT NOT NULL,
    key       TEXT,
    created   INTEGER NOT NULL,
    received  INTEGER NOT NULL,
    livemode  INTEGER NOT NULL,
    status    TEXT NOT NULL,
    note      TEXT,
    body      TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_received ON events (received);

CREATE TABLE objects (
    key   TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL
) STRICT;

-- What can be asked about runs; the truth is in objects.state.
CREATE TABLE runs (
    run          TEXT PRIMARY KEY,
    key          TEXT NOT NULL,
    automation   TEXT NOT NULL,
    trigger      TEXT NOT NULL,
    object_id    TEXT NOT NULL,
    status       TEXT NOT NULL,
    started      INTEGER NOT NULL,
    finished     INTEGER,
    next_due     INTEGER,
    digest       TEXT NOT NULL,
    failed_steps INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_by_key ON runs (key);
CREATE INDEX runs_by_start ON runs (started);
CREATE INDEX runs_by_status ON runs (status, started);
CREATE INDEX runs_by_automation ON runs (automation, status);
CREATE INDEX runs_by_object ON runs (object_id);
CREATE INDEX runs_failed ON runs (started) WHERE failed_steps > 0;

CREATE TABLE timers (
    key        TEXT NOT NULL,
    timer      TEXT NOT NULL,
    due        INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (key, timer)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_by_due ON timers (due, key, timer, generation);

CREATE TABLE orders (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    id      TEXT NOT NULL UNIQUE,
    key     TEXT NOT NULL,
    created INTEGER NOT NULL,
    effect  TEXT NOT NULL
) STRICT;

CREATE TABLE journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key    TEXT NOT NULL,
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    run    TEXT,
    step   INTEGER,
    event  TEXT,
    data   TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_run ON journal (run) WHERE run IS NOT NULL;
CREATE INDEX journal_by_key ON journal (key);

CREATE TABLE automations (
    digest TEXT NOT NULL PRIMARY KEY,
    body   TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind   TEXT NOT NULL,
    data   TEXT NOT NULL
) STRICT;
