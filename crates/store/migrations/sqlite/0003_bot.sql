-- The bot: messages to one person keep their order, and nothing is said to who has stopped the bot.

-- A message's place among the queued ones to its recipient.
ALTER TABLE outbox ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
CREATE INDEX outbox_by_recipient ON outbox (recipient, kind, state);

-- Whether a person's dialog with the bot runs, by MAX's newest word: moments of its clock, for words come late and out of
-- order. The person is a keyed hash.
CREATE TABLE max_dialogs (
    user_hash TEXT PRIMARY KEY NOT NULL,
    running BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
