-- From version 1: tokens of pages can be told from others, and when they were used.
ALTER TABLE tokens ADD COLUMN is_page INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN used_at INTEGER;
UPDATE tokens SET is_page = 1 WHERE label LIKE 'page, paired %';
