-- What the operator's support looks at and does.

-- Each message with its way, for as long as people ask about it: the outbox forgets a message a day after its life. Neither what it
-- said nor to whom: the recipient is a keyed hash.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('sms', 'mail', 'max')),
    recipient_hash TEXT NOT NULL,
    -- The code that it bears.
    linking_id TEXT,
    nth BIGINT,
    queued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX messages_by_recipient ON messages (recipient_hash, queued_at);
CREATE INDEX messages_by_linking ON messages (linking_id);
CREATE INDEX messages_by_time ON messages (queued_at);

-- What happened to a message, in order; the same once more is counted. `answer` is a status of the provider's, or words of the program.
CREATE TABLE message_events (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    -- 1, 2, 3… on its way; -1, -2, -3… what people did with its code.
    place BIGINT NOT NULL,
    event TEXT NOT NULL,
    centre TEXT,
    answer TEXT,
    happened_at BIGINT NOT NULL,
    times BIGINT NOT NULL DEFAULT 1,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, place)
);

-- Deletions that one operator has asked for and another one has to confirm, one a profile. They go with the profile.
CREATE TABLE deletion_requests (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL UNIQUE REFERENCES profiles (id) ON DELETE CASCADE,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    -- From then on it is worth nothing.
    expires_at BIGINT NOT NULL
);
