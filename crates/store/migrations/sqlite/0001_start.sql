-- Times are UTC milliseconds, flags are 0 and 1, hashes are keyed (HMAC-SHA256) and in hex, sealed_ columns are
-- encrypted with a key derived from secret_key. Only forms that SQLite and PostgreSQL share.

CREATE TABLE accounts (
    id TEXT PRIMARY KEY NOT NULL,
    diary_user TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role TEXT NOT NULL,
    sealed_diary_tokens TEXT
);

CREATE TABLE pupils (
    id TEXT PRIMARY KEY NOT NULL,
    diary_student TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    class_name TEXT NOT NULL,
    school TEXT,
    birth_date TEXT
);

-- Whose diaries an account opens; replaced at each sign-in.
CREATE TABLE account_pupils (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    pupil_id TEXT NOT NULL REFERENCES pupils (id),
    place BIGINT NOT NULL,
    PRIMARY KEY (account_id, pupil_id)
);

-- Sign-ins under way at the diary.
CREATE TABLE sign_ins (
    state_hash TEXT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    client_state TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- A session is a family of tokens: what comes of one authorization code.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    client_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The newest generation of tokens, and the newest that the app has shown to hold.
    generation BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE TABLE auth_codes (
    code_hash TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE access_tokens (
    token_hash TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    generation BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE refresh_tokens (
    token_hash TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    generation BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    rotated_at BIGINT
);

CREATE TABLE profiles (
    id TEXT PRIMARY KEY NOT NULL,
    phone TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role TEXT NOT NULL,
    class_name TEXT,
    -- One MAX account, one profile.
    max_user BIGINT UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE linkings (
    id TEXT PRIMARY KEY NOT NULL,
    pupil_id TEXT NOT NULL REFERENCES pupils (id),
    version BIGINT NOT NULL,
    -- The version at which the person's present choice arose; requests based on an older one are stale.
    moved_at_version BIGINT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('contact', 'code', 'taken', 'profile', 'max', 'linked', 'closed')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    phone TEXT,
    nth BIGINT NOT NULL DEFAULT 0,
    resend_at BIGINT,
    delivery TEXT,
    profile_id TEXT REFERENCES profiles (id),
    ticket_hash TEXT UNIQUE,
    sealed_ticket TEXT,
    ticket_expires_at BIGINT,
    sealed_return_handle TEXT,
    max_user BIGINT,
    opened_at BIGINT,
    trouble TEXT,
    trouble_phone TEXT,
    linked_at BIGINT,
    closed_reason TEXT
);
CREATE UNIQUE INDEX linkings_one_open ON linkings (pupil_id) WHERE step NOT IN ('linked', 'closed');
CREATE INDEX linkings_by_max_user ON linkings (max_user);

-- One profile, one pupil, and the other way round.
CREATE TABLE links (
    pupil_id TEXT PRIMARY KEY NOT NULL REFERENCES pupils (id),
    profile_id TEXT NOT NULL UNIQUE REFERENCES profiles (id),
    linking_id TEXT NOT NULL REFERENCES linkings (id),
    linked_at BIGINT NOT NULL
);

CREATE TABLE codes (
    linking_id TEXT NOT NULL REFERENCES linkings (id),
    nth BIGINT NOT NULL,
    code_hash TEXT NOT NULL,
    phone TEXT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (linking_id, nth)
);

-- One row per number (keyed hash): locked while its events are counted.
CREATE TABLE contacts (
    contact TEXT PRIMARY KEY NOT NULL,
    touched_at BIGINT NOT NULL
);
CREATE TABLE contact_events (
    id TEXT PRIMARY KEY NOT NULL,
    contact TEXT NOT NULL REFERENCES contacts (contact),
    kind TEXT NOT NULL CHECK (kind IN ('send', 'failure')),
    happened_at BIGINT NOT NULL
);
CREATE INDEX contact_events_by_contact ON contact_events (contact, kind, happened_at);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sms', 'max')),
    recipient TEXT NOT NULL,
    -- Erased as soon as the message is handed over or given up.
    sealed_payload TEXT,
    linking_id TEXT,
    nth BIGINT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'failed', 'dropped')),
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    provider_id TEXT
);
CREATE INDEX outbox_due ON outbox (kind, state, next_at);
CREATE INDEX outbox_by_provider ON outbox (provider_id);

-- Delivery receipts; one may arrive before its message's provider_id is stored.
CREATE TABLE receipts (
    provider_id TEXT PRIMARY KEY NOT NULL,
    delivered BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);

-- MAX: where long polling stands, and which updates were handled.
CREATE TABLE max_markers (
    bot TEXT PRIMARY KEY NOT NULL,
    marker BIGINT NOT NULL
);
CREATE TABLE max_updates (
    update_key TEXT PRIMARY KEY NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE idempotency (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    idempotency_key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    -- While unanswered: until when the first request is believed to be alive.
    claimed_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    status BIGINT,
    sealed_answer TEXT,
    PRIMARY KEY (account_id, idempotency_key)
);
