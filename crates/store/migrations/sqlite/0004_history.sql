-- What happened to a pupil's link, and from which devices people are signed in.

ALTER TABLE sessions ADD COLUMN device TEXT;
-- When its tokens were renewed last.
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;
CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE TABLE history (
    id TEXT PRIMARY KEY NOT NULL,
    pupil_id TEXT NOT NULL REFERENCES pupils (id),
    -- Who did it; NULL: the bot, or an account that is gone.
    account_id TEXT REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('linked', 'in_max', 'unlinked', 'password_changed', 'exported', 'deletion_asked',
        'deletion_called_off')),
    device TEXT,
    happened_at BIGINT NOT NULL
);
CREATE INDEX history_by_pupil ON history (pupil_id, happened_at);
CREATE INDEX history_by_account ON history (account_id);
