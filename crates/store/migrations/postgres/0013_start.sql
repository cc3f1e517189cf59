-- The tables as SQLite has them after its migration of the same number: from here on both have one for each change.
-- Times are UTC milliseconds, flags are 0 and 1, hashes are keyed (HMAC-SHA256) and in hex, sealed_ columns are
-- encrypted with a key derived from secret_key.

-- What the database says of itself: which key sealed it.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Work that one node does at a time: who has it, and until when, by the database's clock.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    diary_user TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role TEXT NOT NULL,
    sealed_diary_tokens TEXT
);

CREATE TABLE profiles (
    id TEXT PRIMARY KEY,
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
    -- One MAX account, one profile; names of messenger accounts are kept masked only.
    max_user BIGINT UNIQUE,
    max_name TEXT,
    max_at BIGINT,
    -- One VK account, one profile.
    vk_user BIGINT UNIQUE,
    vk_name TEXT,
    vk_at BIGINT,
    -- The MAX account that an unlinked profile was linked in.
    former_max_user BIGINT,
    created_at BIGINT NOT NULL,
    -- Deletion was asked for: when it is due, and the language in which it will be told.
    deletes_at BIGINT,
    deletion_language TEXT,
    CHECK (phone IS NOT NULL OR email_key IS NOT NULL)
);
CREATE INDEX profiles_to_delete ON profiles (deletes_at) WHERE deletes_at IS NOT NULL;

CREATE TABLE pupils (
    id TEXT PRIMARY KEY,
    diary_student TEXT NOT NULL UNIQUE,
    -- The pupil's id in the city's register, which the diary's calendar goes by.
    diary_person TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    middle_name TEXT,
    class_name TEXT NOT NULL,
    school TEXT,
    birth_date TEXT,
    gender TEXT,
    -- The profile that the pupil was linked to last.
    former_profile TEXT REFERENCES profiles (id)
);
CREATE INDEX pupils_by_former_profile ON pupils (former_profile);

-- Whose diaries an account opens; replaced at each sign-in.
CREATE TABLE account_pupils (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    pupil_id TEXT NOT NULL REFERENCES pupils (id),
    place BIGINT NOT NULL,
    PRIMARY KEY (account_id, pupil_id)
);
CREATE INDEX account_pupils_by_pupil ON account_pupils (pupil_id);

-- Sign-ins under way at the diary.
CREATE TABLE sign_ins (
    state_hash TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    client_state TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_over ON sign_ins (expires_at);

-- A session is a family of tokens: what comes of one authorization code.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    client_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- The newest generation of tokens, and the newest that the app has shown to hold.
    generation BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    ended_at BIGINT,
    device TEXT,
    -- When its tokens were renewed last.
    seen_at BIGINT
);
CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE TABLE auth_codes (
    code_hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX auth_codes_by_session ON auth_codes (session_id);
CREATE INDEX auth_codes_over ON auth_codes (expires_at);

CREATE TABLE access_tokens (
    token_hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    generation BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX access_tokens_by_session ON access_tokens (session_id);
CREATE INDEX access_tokens_over ON access_tokens (expires_at);

CREATE TABLE refresh_tokens (
    token_hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    generation BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    rotated_at BIGINT
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_over ON refresh_tokens (expires_at);

-- What linkings are found by stands beside `state`, as a copy of what the step says.
CREATE TABLE linkings (
    id TEXT PRIMARY KEY,
    pupil_id TEXT NOT NULL REFERENCES pupils (id),
    version BIGINT NOT NULL,
    -- The version at which the person's present choice arose; requests based on an older one are stale.
    moved_at_version BIGINT NOT NULL,
    -- The account that made the newest change.
    moved_by TEXT REFERENCES accounts (id),
    step TEXT NOT NULL CHECK (step IN ('contact', 'code', 'taken', 'password', 'details', 'exists', 'recovery', 'profile',
        'max', 'linked', 'closed')),
    -- The step with all that is known there: what the type `mostik_linking::Step` says, as JSON.
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    contact TEXT,
    -- How many codes it has sent.
    codes BIGINT NOT NULL DEFAULT 0,
    profile_id TEXT REFERENCES profiles (id),
    ticket_hash TEXT UNIQUE,
    ticket_digits_hash TEXT,
    max_user BIGINT
);
CREATE UNIQUE INDEX linkings_one_open ON linkings (pupil_id) WHERE step NOT IN ('linked', 'closed');
CREATE INDEX linkings_idle ON linkings (updated_at) WHERE step NOT IN ('linked', 'closed');
CREATE INDEX linkings_by_pupil ON linkings (pupil_id, created_at);
CREATE INDEX linkings_by_max_user ON linkings (max_user);
CREATE INDEX linkings_by_profile ON linkings (profile_id);
CREATE INDEX linkings_by_contact ON linkings (contact);
CREATE INDEX linkings_by_ticket_digits ON linkings (ticket_digits_hash);
CREATE INDEX linkings_by_moved_by ON linkings (moved_by);

-- One profile, one pupil, and the other way round.
CREATE TABLE links (
    pupil_id TEXT PRIMARY KEY REFERENCES pupils (id),
    profile_id TEXT NOT NULL UNIQUE REFERENCES profiles (id),
    linking_id TEXT NOT NULL REFERENCES linkings (id),
    linked_at BIGINT NOT NULL
);
CREATE INDEX links_by_linking ON links (linking_id);

CREATE TABLE codes (
    linking_id TEXT NOT NULL REFERENCES linkings (id),
    nth BIGINT NOT NULL,
    -- What it proves: the contact, that a password may be set anew, or that a linked profile is the person's.
    purpose TEXT NOT NULL CHECK (purpose IN ('contact', 'recovery', 'owner')),
    code_hash TEXT NOT NULL,
    channel TEXT NOT NULL,
    contact TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (linking_id, nth)
);
CREATE INDEX codes_over ON codes (expires_at);

-- One row per number (keyed hash): locked while its events are counted.
CREATE TABLE contacts (
    contact TEXT PRIMARY KEY,
    touched_at BIGINT NOT NULL
);
CREATE INDEX contacts_over ON contacts (touched_at);
CREATE TABLE contact_events (
    id TEXT PRIMARY KEY,
    contact TEXT NOT NULL REFERENCES contacts (contact),
    kind TEXT NOT NULL CHECK (kind IN ('send', 'failure')),
    happened_at BIGINT NOT NULL
);
CREATE INDEX contact_events_by_contact ON contact_events (contact, kind, happened_at);
CREATE INDEX contact_events_over ON contact_events (happened_at);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
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
    -- Its place among the queued ones to its recipient.
    place BIGINT NOT NULL DEFAULT 0,
    -- 1: the linking was told that the message is late.
    said_delayed BIGINT NOT NULL DEFAULT 0,
    -- Which SMS centre has it, when it was given to that, and when its receipt came.
    centre TEXT,
    handed_at BIGINT,
    receipt_at BIGINT,
    -- The centre's id for it, as written and as receipts are compared with it: without case and zeros before it.
    provider_id TEXT,
    provider_key TEXT,
    -- The recipient as receipts are compared with it: a keyed hash of the number's last ten digits.
    recipient_key TEXT,
    -- The centre that said no last: another one goes first.
    refused_by TEXT,
    -- How often it was refused with a status that nobody knows, and how often a receipt said that it was not delivered.
    unknown_refusals BIGINT NOT NULL DEFAULT 0,
    undelivered BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_due ON outbox (kind, state, next_at);
CREATE INDEX outbox_by_recipient ON outbox (recipient, kind, state);
CREATE INDEX outbox_by_linking ON outbox (linking_id);
CREATE INDEX outbox_by_provider ON outbox (centre, provider_key);
CREATE INDEX outbox_by_centre ON outbox (centre, handed_at);
CREATE INDEX outbox_over ON outbox (expires_at);

-- Receipts that came before the answer that tells the message's id. One that names the id twice, in two ways, has two rows.
CREATE TABLE receipts (
    receipt TEXT NOT NULL,
    centre TEXT NOT NULL,
    provider_key TEXT NOT NULL,
    -- A hash for each address that the receipt bears; none: it names nobody.
    recipient_keys TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'undelivered', 'expired')),
    received_at BIGINT NOT NULL,
    PRIMARY KEY (receipt, provider_key)
);
CREATE INDEX receipts_by_provider ON receipts (centre, provider_key);

-- What a legal representative agreed to: when, to which wording, from which account.
CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profiles (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    linking_id TEXT NOT NULL REFERENCES linkings (id),
    wording TEXT NOT NULL,
    given_at BIGINT NOT NULL
);
CREATE INDEX consents_by_profile ON consents (profile_id);
CREATE INDEX consents_by_account ON consents (account_id);
CREATE INDEX consents_by_linking ON consents (linking_id);

-- MAX: where long polling stands, and which updates were handled.
CREATE TABLE max_markers (
    bot TEXT PRIMARY KEY,
    marker BIGINT NOT NULL
);
CREATE TABLE max_updates (
    update_key TEXT PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
CREATE INDEX max_updates_over ON max_updates (seen_at);

-- Whether a person's dialog with the bot runs, by MAX's newest word: moments of its clock, for words come late and out of
-- order. The person is a keyed hash.
CREATE TABLE max_dialogs (
    user_hash TEXT PRIMARY KEY,
    running BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
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
CREATE INDEX idempotency_over ON idempotency (expires_at);

CREATE TABLE history (
    id TEXT PRIMARY KEY,
    pupil_id TEXT NOT NULL REFERENCES pupils (id),
    -- Who did it; NULL: the bot, or an account that is gone.
    account_id TEXT REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('linked', 'in_max', 'in_vk', 'left_max', 'left_vk', 'unlinked', 'password_changed',
        'exported', 'deletion_asked', 'deletion_called_off')),
    device TEXT,
    happened_at BIGINT NOT NULL
);
CREATE INDEX history_by_pupil ON history (pupil_id, happened_at);
CREATE INDEX history_by_account ON history (account_id);
CREATE INDEX history_over ON history (happened_at);

-- Sign-ins at VK ID, at most one a linking: a new one puts an end to the one before.
CREATE TABLE vk_sign_ins (
    linking_id TEXT PRIMARY KEY REFERENCES linkings (id),
    -- The profile that the person was shown; no other is bound.
    profile_id TEXT NOT NULL REFERENCES profiles (id),
    -- Who began it: when that session ends, so does this.
    session_id TEXT NOT NULL REFERENCES sessions (id),
    language TEXT NOT NULL,
    -- Until VK ID sends the browser back.
    state_hash TEXT UNIQUE,
    sealed_state TEXT,
    -- From then on, until the person has answered: what the answer bears, and whose account VK ID has named.
    answer_hash TEXT UNIQUE,
    vk_user BIGINT,
    vk_name TEXT,
    expires_at BIGINT NOT NULL,
    CHECK ((state_hash IS NULL) <> (answer_hash IS NULL))
);
CREATE INDEX vk_sign_ins_by_session ON vk_sign_ins (session_id);
CREATE INDEX vk_sign_ins_by_profile ON vk_sign_ins (profile_id);

-- The way from MAX into the app: a page, from there a link with a one-time handle, then a grant of the app's own.
CREATE TABLE launches (
    page_hash TEXT PRIMARY KEY,
    max_user BIGINT NOT NULL,
    -- Who it is, and the number if MAX has proven it.
    sealed_person TEXT NOT NULL,
    page_expires_at BIGINT NOT NULL,
    handle_hash TEXT UNIQUE,
    handle_expires_at BIGINT,
    grant_hash TEXT UNIQUE,
    grant_expires_at BIGINT,
    accepted_at BIGINT
);
CREATE INDEX launches_by_max_user ON launches (max_user);

-- The way from a signed-in device to another one: at most one that lives a session, taken once, by who may see the pupil.
CREATE TABLE hand_offs (
    id TEXT PRIMARY KEY,
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
