-- The pupil's id in the city's register, which the diary's calendar goes by.
ALTER TABLE pupils ADD COLUMN diary_person TEXT;
