-- VK Messenger beside MAX: whose accounts a profile is bound to and since when, and the sign-ins under way at VK ID.

ALTER TABLE profiles ADD COLUMN max_at BIGINT;
-- Names of messenger accounts are kept masked only.
ALTER TABLE profiles ADD COLUMN max_name TEXT;
ALTER TABLE profiles ADD COLUMN vk_user BIGINT;
ALTER TABLE profiles ADD COLUMN vk_at BIGINT;
ALTER TABLE profiles ADD COLUMN vk_name TEXT;
-- One VK account, one profile.
CREATE UNIQUE INDEX profiles_by_vk_user ON profiles (vk_user);
UPDATE profiles SET max_at = COALESCE((SELECT linked_at FROM links WHERE profile_id = profiles.id), created_at)
WHERE max_user IS NOT NULL;

ALTER TABLE linkings ADD COLUMN vk_trouble TEXT;

-- At most one a linking: a new one puts an end to the one before.
CREATE TABLE vk_sign_ins (
    linking_id TEXT PRIMARY KEY NOT NULL REFERENCES linkings (id),
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

-- The history knows more kinds.
CREATE TABLE history_2 (
    id TEXT PRIMARY KEY NOT NULL,
    pupil_id TEXT NOT NULL REFERENCES pupils (id),
    -- Who did it; NULL: the bot, or an account that is gone.
    account_id TEXT REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('linked', 'in_max', 'in_vk', 'left_max', 'left_vk', 'unlinked', 'password_changed',
        'exported', 'deletion_asked', 'deletion_called_off')),
    device TEXT,
    happened_at BIGINT NOT NULL
);
INSERT INTO history_2 (id, pupil_id, account_id, kind, device, happened_at)
SELECT id, pupil_id, account_id, kind, device, happened_at FROM history;
DROP TABLE history;
ALTER TABLE history_2 RENAME TO history;
CREATE INDEX history_by_pupil ON history (pupil_id, happened_at);
CREATE INDEX history_by_account ON history (account_id);
