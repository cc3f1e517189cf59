-- Who did what to which profile, pupil, account or linking. Ids alone, and no references: an entry outlives what it is about.
CREATE TABLE audit_entries (
    id TEXT PRIMARY KEY NOT NULL,
    happened_at BIGINT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('account', 'operator', 'service')),
    -- The account's id, or the operator's name.
    actor_id TEXT,
    action TEXT NOT NULL,
    profile_id TEXT,
    pupil_id TEXT,
    account_id TEXT,
    linking_id TEXT,
    session_id TEXT,
    -- An operator's.
    reason TEXT,
    -- A keyed hash of all of the above.
    mac TEXT NOT NULL
);
CREATE INDEX audit_entries_by_profile ON audit_entries (profile_id, happened_at) WHERE profile_id IS NOT NULL;
CREATE INDEX audit_entries_by_pupil ON audit_entries (pupil_id, happened_at) WHERE pupil_id IS NOT NULL;
CREATE INDEX audit_entries_by_account ON audit_entries (account_id, happened_at) WHERE account_id IS NOT NULL;
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, happened_at) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_entries_by_time ON audit_entries (happened_at);

-- The order of the entries: `link` is a keyed hash of the place, the link before and the entry's own.
CREATE TABLE audit_chain (
    place BIGINT PRIMARY KEY NOT NULL CHECK (place > 0),
    entry_id TEXT NOT NULL UNIQUE REFERENCES audit_entries (id),
    link TEXT NOT NULL
);

-- Entries without a place yet.
CREATE TABLE audit_waiting (
    entry_id TEXT PRIMARY KEY NOT NULL REFERENCES audit_entries (id)
);

-- Entries and their places are only added. REPLACE deletes without asking the triggers of DELETE.
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_chain_no_update BEFORE UPDATE ON audit_chain
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_chain_no_replace BEFORE INSERT ON audit_chain
WHEN EXISTS (SELECT 1 FROM audit_chain WHERE place = NEW.place OR entry_id = NEW.entry_id OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
