-- One row: the whole state of the machine as versioned JSON (mostik_flow::stored).
CREATE TABLE state (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    stored   TEXT    NOT NULL,
    saved_at INTEGER NOT NULL -- milliseconds since 1970, the device's clock
) STRICT;

-- Facts about this installation. `installation`: 16 random bytes, base64url; first part of every idempotency key.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
