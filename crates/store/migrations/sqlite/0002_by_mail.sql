-- Profiles by e-mail, with a password, made by a parent. Tables whose checks or columns change are made anew and take the
-- old name: a form that SQLite and PostgreSQL share. A linking's contact is a phone number or an address.

ALTER TABLE pupils ADD COLUMN middle_name TEXT;
ALTER TABLE pupils ADD COLUMN gender TEXT;

CREATE TABLE profiles_2 (
    id TEXT PRIMARY KEY NOT NULL,
    phone TEXT UNIQUE,
    -- As typed, and as it is compared.
    email TEXT,
    email_key TEXT UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    middle_name TEXT,
    birth_date TEXT,
    gender TEXT,
    role TEXT NOT NULL,
    class_name TEXT,
    -- A PHC string of argon2id.
    password_hash TEXT,
    -- One MAX account, one profile.
    max_user BIGINT UNIQUE,
    created_at BIGINT NOT NULL,
    -- Deletion was asked for: when it is due, and the language in which it will be told.
    deletes_at BIGINT,
    deletion_language TEXT,
    CHECK (phone IS NOT NULL OR email_key IS NOT NULL)
);
INSERT INTO profiles_2 (id, phone, first_name, last_name, role, class_name, max_user, created_at)
SELECT id, phone, first_name, last_name, role, class_name, max_user, created_at FROM profiles;

CREATE TABLE linkings_2 (
    id TEXT PRIMARY KEY NOT NULL,
    pupil_id TEXT NOT NULL REFERENCES pupils (id),
    version BIGINT NOT NULL,
    -- The version at which the person's present choice arose; requests based on an older one are stale.
    moved_at_version BIGINT NOT NULL,
    -- The account that made the newest change.
    moved_by TEXT REFERENCES accounts (id),
    step TEXT NOT NULL CHECK (step IN ('contact', 'code', 'taken', 'password', 'details', 'exists', 'recovery', 'profile',
        'max', 'linked', 'closed')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    channel TEXT CHECK (channel IN ('sms', 'mail')),
    contact TEXT,
    nth BIGINT NOT NULL DEFAULT 0,
    resend_at BIGINT,
    delivery TEXT,
    profile_id TEXT REFERENCES profiles_2 (id),
    -- Of a profile that is not made yet.
    password_hash TEXT,
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
INSERT INTO linkings_2 (id, pupil_id, version, moved_at_version, step, created_at, updated_at, channel, contact, nth,
    resend_at, delivery, profile_id, ticket_hash, sealed_ticket, ticket_expires_at, sealed_return_handle, max_user,
    opened_at, trouble, trouble_phone, linked_at, closed_reason)
SELECT id, pupil_id, version, moved_at_version, step, created_at, updated_at,
    CASE WHEN phone IS NULL THEN NULL ELSE 'sms' END, phone, nth, resend_at, delivery, profile_id, ticket_hash,
    sealed_ticket, ticket_expires_at, sealed_return_handle, max_user, opened_at, trouble, trouble_phone, linked_at,
    closed_reason FROM linkings;

CREATE TABLE links_2 (
    pupil_id TEXT PRIMARY KEY NOT NULL REFERENCES pupils (id),
    profile_id TEXT NOT NULL UNIQUE REFERENCES profiles_2 (id),
    linking_id TEXT NOT NULL REFERENCES linkings_2 (id),
    linked_at BIGINT NOT NULL
);
INSERT INTO links_2 (pupil_id, profile_id, linking_id, linked_at)
SELECT pupil_id, profile_id, linking_id, linked_at FROM links;

CREATE TABLE codes_2 (
    linking_id TEXT NOT NULL REFERENCES linkings_2 (id),
    nth BIGINT NOT NULL,
    -- What it proves: the contact, that a password may be set anew, or that a linked profile is the person's.
    purpose TEXT NOT NULL CHECK (purpose IN ('contact', 'recovery', 'owner')),
    -- Its place among this linking's codes of that purpose, from 1.
    place BIGINT NOT NULL,
    code_hash TEXT NOT NULL,
    channel TEXT NOT NULL,
    contact TEXT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (linking_id, nth)
);
INSERT INTO codes_2 (linking_id, nth, purpose, place, code_hash, channel, contact, tries, expires_at)
SELECT linking_id, nth, 'contact', nth, code_hash, 'sms', phone, tries, expires_at FROM codes;

DROP TABLE codes;
DROP TABLE links;
DROP TABLE linkings;
DROP TABLE profiles;
ALTER TABLE profiles_2 RENAME TO profiles;
ALTER TABLE linkings_2 RENAME TO linkings;
ALTER TABLE links_2 RENAME TO links;
ALTER TABLE codes_2 RENAME TO codes;
CREATE UNIQUE INDEX linkings_one_open ON linkings (pupil_id) WHERE step NOT IN ('linked', 'closed');
CREATE INDEX linkings_by_max_user ON linkings (max_user);
CREATE INDEX linkings_by_profile ON linkings (profile_id);
CREATE INDEX linkings_by_contact ON linkings (contact);
CREATE INDEX profiles_to_delete ON profiles (deletes_at) WHERE deletes_at IS NOT NULL;
CREATE INDEX links_by_linking ON links (linking_id);

CREATE TABLE outbox_2 (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sms', 'mail', 'max')),
    -- Both are erased as soon as the message is handed over or given up.
    recipient TEXT,
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
INSERT INTO outbox_2 (id, kind, recipient, sealed_payload, linking_id, nth, state, attempts, created_at, expires_at,
    next_at, provider_id)
SELECT id, kind, CASE WHEN state = 'queued' THEN recipient END, sealed_payload, linking_id, nth, state, attempts, created_at,
    expires_at, next_at, provider_id FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_2 RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (kind, state, next_at);
CREATE INDEX outbox_by_provider ON outbox (provider_id);

-- What a legal representative agreed to: when, to which wording, from which account.
CREATE TABLE consents (
    id TEXT PRIMARY KEY NOT NULL,
    profile_id TEXT NOT NULL REFERENCES profiles (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    linking_id TEXT NOT NULL REFERENCES linkings (id),
    wording TEXT NOT NULL,
    given_at BIGINT NOT NULL
);
