-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Schemes that are being written in the browser: what need not add up yet.
CREATE TABLE scheme_drafts (
    id           BIGINT PRIMARY KEY,
    scheme_id    BIGINT UNIQUE REFERENCES schemes (id),   -- of which it becomes the next version; null: a new scheme
    base_version BIGINT NOT NULL,                -- the version it was begun from, 0: none
    unit_id      BIGINT NOT NULL REFERENCES units (id),
    definition   TEXT   NOT NULL,                -- JSON of scheme/read.c, not settled
    before       TEXT   NOT NULL,                -- the same before the last change; empty: nothing to undo
    revision     BIGINT NOT NULL,                -- from 1, one more with each change
    made_by      BIGINT NOT NULL,
    made_at      BIGINT NOT NULL,                -- UTC ms
    changed_by   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL                 -- UTC ms
);
