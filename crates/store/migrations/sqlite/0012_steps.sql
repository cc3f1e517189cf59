-- A linking's step, with all that is known there, is one JSON column: what the type `mostik_linking::Step` says. The columns
-- that only some steps used go; those that linkings are found by stay, as copies of what the step says.

ALTER TABLE linkings ADD COLUMN state TEXT NOT NULL DEFAULT '{"step":"contact"}';
-- How many codes it has sent.
ALTER TABLE linkings RENAME COLUMN nth TO codes;

-- The newest code, as the steps bear it that await one.
CREATE TABLE sent_codes_12 (linking_id TEXT PRIMARY KEY NOT NULL, purpose TEXT NOT NULL, sent TEXT NOT NULL);
INSERT INTO sent_codes_12 (linking_id, purpose, sent)
SELECT l.id, c.purpose, json_object('nth', c.nth, 'place', c.place, 'expires_at', c.expires_at,
    'resend_at', COALESCE(l.resend_at, c.expires_at), 'tries', c.tries, 'delivery', COALESCE(l.delivery, 'sent'))
FROM linkings l JOIN codes c ON c.linking_id = l.id AND c.nth = l.codes;

-- The contact, as its type writes it.
CREATE TABLE contacts_12 (linking_id TEXT PRIMARY KEY NOT NULL, contact TEXT NOT NULL);
INSERT INTO contacts_12 (linking_id, contact)
SELECT id, CASE WHEN channel = 'sms' THEN json_object('channel', 'sms', 'phone', contact)
    ELSE json_object('channel', 'mail', 'email', contact) END
FROM linkings WHERE contact IS NOT NULL;

-- The link that stands.
CREATE TABLE links_12 (linking_id TEXT PRIMARY KEY NOT NULL, link TEXT NOT NULL);
INSERT INTO links_12 (linking_id, link)
SELECT l.id, json_object('contact', json(c.contact), 'profile', l.profile_id,
    'linked_at', COALESCE(l.linked_at, k.linked_at),
    'owner_code', (SELECT json(s.sent) FROM sent_codes_12 s WHERE s.linking_id = l.id AND s.purpose = 'owner'),
    'vk_trouble', l.vk_trouble)
FROM linkings l JOIN links k ON k.linking_id = l.id JOIN contacts_12 c ON c.linking_id = l.id;

UPDATE linkings SET state = CASE step
    WHEN 'contact' THEN json_object('step', step)
    WHEN 'code' THEN json_object('step', step, 'contact', (SELECT json(c.contact) FROM contacts_12 c WHERE c.linking_id = id),
        'known', json(CASE WHEN contact_known IS NULL THEN 'false' ELSE 'true' END),
        'sent', (SELECT json(s.sent) FROM sent_codes_12 s WHERE s.linking_id = id))
    WHEN 'taken' THEN json_object('step', step, 'contact', (SELECT json(c.contact) FROM contacts_12 c WHERE c.linking_id = id))
    WHEN 'password' THEN json_object('step', step, 'email', contact)
    WHEN 'details' THEN json_object('step', step, 'email', contact, 'password', password_hash)
    WHEN 'exists' THEN json_object('step', step, 'email', contact, 'profile', profile_id)
    WHEN 'recovery' THEN json_object('step', step, 'email', contact, 'profile', profile_id,
        'sent', (SELECT json(s.sent) FROM sent_codes_12 s WHERE s.linking_id = id))
    WHEN 'profile' THEN json_object('step', step, 'contact', (SELECT json(c.contact) FROM contacts_12 c WHERE c.linking_id = id),
        'profile', profile_id, 'proven_in_max', CASE WHEN proven_in_max IS NULL THEN NULL ELSE max_user END)
    WHEN 'max' THEN json_object('step', step,
        'aim', CASE
            WHEN profile_id IS NULL THEN json_object('aim', 'number')
            WHEN EXISTS (SELECT 1 FROM links_12 k WHERE k.linking_id = id)
                THEN json_object('aim', 'offer', 'link', (SELECT json(k.link) FROM links_12 k WHERE k.linking_id = id))
            ELSE json_object('aim', 'join', 'contact', (SELECT json(c.contact) FROM contacts_12 c WHERE c.linking_id = id),
                'profile', profile_id, 'vk_trouble', vk_trouble) END,
        'ticket', json_object('hash', ticket_hash, 'sealed', sealed_ticket, 'digits_hash', COALESCE(ticket_digits_hash, ''),
            'sealed_digits', COALESCE(sealed_ticket_digits, ''), 'expires_at', ticket_expires_at),
        'visitor', CASE WHEN max_user IS NULL OR opened_at IS NULL THEN NULL
            ELSE json_object('user', max_user, 'at', opened_at) END,
        'trouble', CASE trouble
            WHEN 'number_differs' THEN json_object('trouble', trouble, 'masked', trouble_phone, 'number', sealed_trouble_phone)
            WHEN 'number_foreign' THEN json_object('trouble', trouble, 'masked', trouble_phone)
            ELSE CASE WHEN trouble IS NULL THEN NULL ELSE json_object('trouble', trouble) END END,
        'return_handle', sealed_return_handle)
    WHEN 'linked' THEN json_object('step', step, 'link', (SELECT json(k.link) FROM links_12 k WHERE k.linking_id = id),
        'return_handle', sealed_return_handle)
    ELSE json_object('step', 'closed', 'reason', closed_reason) END;

DROP TABLE links_12;
DROP TABLE contacts_12;
DROP TABLE sent_codes_12;

-- What a step does not say is not kept beside it either.
UPDATE linkings SET contact = NULL, profile_id = NULL WHERE step = 'closed';
UPDATE linkings SET max_user = NULL WHERE NOT (step = 'profile' AND proven_in_max IS NOT NULL)
    AND NOT (step = 'max' AND opened_at IS NOT NULL);
UPDATE linkings SET ticket_hash = NULL, ticket_digits_hash = NULL WHERE step <> 'max';

ALTER TABLE linkings DROP COLUMN channel;
ALTER TABLE linkings DROP COLUMN resend_at;
ALTER TABLE linkings DROP COLUMN delivery;
ALTER TABLE linkings DROP COLUMN password_hash;
ALTER TABLE linkings DROP COLUMN sealed_ticket;
ALTER TABLE linkings DROP COLUMN ticket_expires_at;
ALTER TABLE linkings DROP COLUMN sealed_return_handle;
ALTER TABLE linkings DROP COLUMN opened_at;
ALTER TABLE linkings DROP COLUMN trouble;
ALTER TABLE linkings DROP COLUMN trouble_phone;
ALTER TABLE linkings DROP COLUMN linked_at;
ALTER TABLE linkings DROP COLUMN closed_reason;
ALTER TABLE linkings DROP COLUMN vk_trouble;
ALTER TABLE linkings DROP COLUMN sealed_ticket_digits;
ALTER TABLE linkings DROP COLUMN sealed_trouble_phone;
ALTER TABLE linkings DROP COLUMN proven_in_max;
ALTER TABLE linkings DROP COLUMN contact_known;
ALTER TABLE codes DROP COLUMN tries;
ALTER TABLE codes DROP COLUMN place;

-- 1: the linking was told that the message is late.
ALTER TABLE outbox ADD COLUMN said_delayed BIGINT NOT NULL DEFAULT 0;

-- The page between MAX and the app is called what it is.
ALTER TABLE launches RENAME COLUMN door_hash TO page_hash;
ALTER TABLE launches RENAME COLUMN door_expires_at TO page_expires_at;
