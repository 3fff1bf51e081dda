-- From version 3: what each event was when it was written, so that a flipped bit is seen. Null in older events.
ALTER TABLE events ADD COLUMN sum INTEGER;
