-- Since when an operator has blocked an account of the diary, or a profile.
ALTER TABLE accounts ADD COLUMN blocked_at BIGINT;
ALTER TABLE profiles ADD COLUMN blocked_at BIGINT;
