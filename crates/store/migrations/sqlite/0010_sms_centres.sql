-- Several SMS centres: which one has a message is known before it gets it, so that no other one gets it too.

-- Which centre has it.
ALTER TABLE outbox ADD COLUMN centre TEXT;
-- When it was given to that centre, and when its receipt came.
ALTER TABLE outbox ADD COLUMN handed_at BIGINT;
ALTER TABLE outbox ADD COLUMN receipt_at BIGINT;
-- The centre's id for it as receipts are compared with it: without case and zeros before it.
ALTER TABLE outbox ADD COLUMN provider_key TEXT;
-- The recipient as receipts are compared with it: a keyed hash of the number's last ten digits. The number itself is erased.
ALTER TABLE outbox ADD COLUMN recipient_key TEXT;
-- The centre that said no last: another one goes first.
ALTER TABLE outbox ADD COLUMN refused_by TEXT;
-- How often it was refused with a status that nobody knows, and how often a receipt said that it was not delivered.
ALTER TABLE outbox ADD COLUMN unknown_refusals BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN undelivered BIGINT NOT NULL DEFAULT 0;
DROP INDEX outbox_by_provider;
CREATE INDEX outbox_by_provider ON outbox (centre, provider_key);
CREATE INDEX outbox_by_centre ON outbox (centre, handed_at);

-- Receipts that came before the answer that tells the message's id. One that names the id twice, in two ways, has two rows.
DROP TABLE receipts;
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
