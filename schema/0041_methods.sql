-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Satisfaction methods that people make: versions by code, each a table of src/method. Those shipped with the program are no rows.
-- Until it is approved a version may change; after that never, for rounds and editions name it. docs/adr/0040-methods.md.

CREATE TABLE methods (
    id            BIGINT PRIMARY KEY,
    ref           TEXT   NOT NULL UNIQUE,              -- what rounds and editions name: the code, from version 2 on CODE.VERSION
    code          TEXT   NOT NULL,
    version       BIGINT NOT NULL CHECK (version >= 1),
    unit_id       BIGINT NOT NULL REFERENCES units (id),                -- who owns it
    title_vi      TEXT   NOT NULL,
    title_en      TEXT   NOT NULL DEFAULT '',
    body          TEXT   NOT NULL,                     -- CSV as of method.csv in a package
    from_ref      TEXT   NOT NULL DEFAULT '',          -- what it was copied from; empty: from nothing
    revision      BIGINT NOT NULL DEFAULT 1,           -- goes up with each change
    made_at       BIGINT NOT NULL,                     -- UTC ms
    made_by       BIGINT NOT NULL,                     -- person
    changed_at    BIGINT NOT NULL,                     -- UTC ms
    approved_at   BIGINT,                              -- UTC ms; null: a draft
    approved_by   BIGINT,                              -- person
    UNIQUE (code, version)
);
