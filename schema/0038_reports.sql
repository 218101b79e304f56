-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Reports made in the console, kept with their hash. Bytes lie among the files.

CREATE TABLE reports (
    id            BIGINT PRIMARY KEY,
    unit_id       BIGINT NOT NULL REFERENCES units (id),   -- whose
    edition_id    BIGINT NOT NULL REFERENCES editions (id),
    kind          TEXT   NOT NULL,
    province      TEXT   NOT NULL DEFAULT '',              -- official code; 'all': a .zip of one each
    lang          TEXT   NOT NULL CHECK (lang IN ('vi', 'en')),
    format        TEXT   NOT NULL CHECK (format IN ('pdf', 'docx', 'xlsx', 'csv')),
    draft         BIGINT NOT NULL CHECK (draft IN (0, 1)), -- without a number
    sha256        TEXT   NOT NULL,
    size          BIGINT NOT NULL CHECK (size > 0),        -- bytes
    made_by       BIGINT NOT NULL,
    made_name     TEXT   NOT NULL,
    made_at       BIGINT NOT NULL                          -- UTC ms
);
CREATE INDEX reports_by_time ON reports (made_at);
