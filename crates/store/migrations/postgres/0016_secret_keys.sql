-- The keys that hashes and sealed texts were made with. What the first has made bears no mark; what another one has made begins with
-- its number and a dot.
CREATE TABLE secret_keys (
    number BIGINT PRIMARY KEY CHECK (number > 0),
    -- A keyed hash of nothing.
    fingerprint TEXT NOT NULL UNIQUE,
    -- 0: dropped. Its number stays, for entries of the audit log bear it.
    in_use BIGINT NOT NULL
);
INSERT INTO secret_keys (number, fingerprint, in_use) SELECT 1, value, 1 FROM meta WHERE name = 'secret_key';

-- Which keys each running node has, until when by the database's clock.
CREATE TABLE key_holders (
    node TEXT PRIMARY KEY,
    writes_with BIGINT NOT NULL,
    reads_with BIGINT,
    expires_at BIGINT NOT NULL
);

-- The client that VK ID was asked as: only as that one the answer is accepted.
ALTER TABLE vk_sign_ins ADD COLUMN client_id TEXT;
