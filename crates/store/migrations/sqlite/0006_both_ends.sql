-- Both ends of the bridge: MAX proves a number in place of an SMS, digits in place of a link, the way back from MAX into the
-- app, and the profile that a pupil was linked to before.

-- Nine digits that do what the ticket does.
ALTER TABLE linkings ADD COLUMN ticket_digits_hash TEXT;
ALTER TABLE linkings ADD COLUMN sealed_ticket_digits TEXT;
-- The number that MAX has proven where another was expected.
ALTER TABLE linkings ADD COLUMN sealed_trouble_phone TEXT;
-- 1: the contact is a number that MAX has proven for max_user.
ALTER TABLE linkings ADD COLUMN proven_in_max BIGINT;
-- 1: the contact was not typed by the person but known to the service: it is shown masked.
ALTER TABLE linkings ADD COLUMN contact_known BIGINT;
CREATE INDEX linkings_by_ticket_digits ON linkings (ticket_digits_hash);
CREATE INDEX linkings_by_pupil ON linkings (pupil_id, created_at);

-- The profile that the pupil was linked to last.
ALTER TABLE pupils ADD COLUMN former_profile TEXT REFERENCES profiles (id);
CREATE INDEX pupils_by_former_profile ON pupils (former_profile);
-- The MAX account that an unlinked profile was linked in.
ALTER TABLE profiles ADD COLUMN former_max_user BIGINT;

-- The way from MAX into the app: a page (door), from there a link with a one-time handle, then a grant of the app's own.
CREATE TABLE launches (
    door_hash TEXT PRIMARY KEY NOT NULL,
    max_user BIGINT NOT NULL,
    -- Who it is, and the number if MAX has proven it.
    sealed_person TEXT NOT NULL,
    door_expires_at BIGINT NOT NULL,
    handle_hash TEXT UNIQUE,
    handle_expires_at BIGINT,
    grant_hash TEXT UNIQUE,
    grant_expires_at BIGINT,
    accepted_at BIGINT
);
CREATE INDEX launches_by_max_user ON launches (max_user);
