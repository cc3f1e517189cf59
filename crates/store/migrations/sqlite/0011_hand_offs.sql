-- The way from a signed-in device to another one: at most one that lives a session, taken once, by who may see the pupil.
CREATE TABLE hand_offs (
    id TEXT PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    -- Who made it: when that session ends, so does this.
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    pupil_id TEXT NOT NULL REFERENCES pupils (id) ON DELETE CASCADE,
    place TEXT NOT NULL CHECK (place IN ('diary', 'linking', 'security')),
    created_at BIGINT NOT NULL,
    -- Until when it can be opened; a newer one of the session brings that forward.
    expires_at BIGINT NOT NULL,
    -- Once an app has opened it: until when the person may sign in there.
    seen_until BIGINT,
    taken_at BIGINT,
    taken_by_device TEXT
);
CREATE INDEX hand_offs_by_session ON hand_offs (session_id);
CREATE INDEX hand_offs_by_pupil ON hand_offs (pupil_id);
