-- What many nodes share, and what large tables need.

-- What the database says of itself: which key sealed it.
CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- Work that one node does at a time: who has it, and until when, by the database's clock.
CREATE TABLE leases (
    name TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX account_pupils_by_pupil ON account_pupils (pupil_id);
CREATE INDEX auth_codes_by_session ON auth_codes (session_id);
CREATE INDEX access_tokens_by_session ON access_tokens (session_id);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX outbox_by_linking ON outbox (linking_id);
CREATE INDEX consents_by_linking ON consents (linking_id);
CREATE INDEX consents_by_profile ON consents (profile_id);
CREATE INDEX consents_by_account ON consents (account_id);
CREATE INDEX linkings_by_moved_by ON linkings (moved_by);
CREATE INDEX linkings_idle ON linkings (updated_at) WHERE step NOT IN ('linked', 'closed');
-- What the sweep looks for.
CREATE INDEX idempotency_over ON idempotency (expires_at);
CREATE INDEX sign_ins_over ON sign_ins (expires_at);
CREATE INDEX auth_codes_over ON auth_codes (expires_at);
CREATE INDEX access_tokens_over ON access_tokens (expires_at);
CREATE INDEX refresh_tokens_over ON refresh_tokens (expires_at);
CREATE INDEX contact_events_over ON contact_events (happened_at);
CREATE INDEX contacts_over ON contacts (touched_at);
CREATE INDEX outbox_over ON outbox (expires_at);
CREATE INDEX codes_over ON codes (expires_at);
CREATE INDEX max_updates_over ON max_updates (seen_at);
CREATE INDEX history_over ON history (happened_at);
