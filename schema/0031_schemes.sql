-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Schemes of indices: criteria with points and rules, as JSON, version by version.
CREATE TABLE schemes (
    id          BIGINT PRIMARY KEY,
    unit_id     BIGINT NOT NULL REFERENCES units (id),       -- whose scheme; the nation's are read by everybody who reads indices
    code        TEXT   NOT NULL,
    title       TEXT   NOT NULL,                  -- this and what follows down to leaves: of the newest version
    year        BIGINT NOT NULL,                  -- of the evaluation; 0: not said
    unit_kind   TEXT   NOT NULL,                  -- province, ministry, department, commune or the owner's own word; may be empty
    label       TEXT   NOT NULL,                  -- "minh họa"; may be empty
    points      DOUBLE PRECISION NOT NULL,        -- the maximum
    criteria    BIGINT NOT NULL,                  -- all of the tree
    leaves      BIGINT NOT NULL,                  -- those that are scored
    version     BIGINT NOT NULL,                  -- the newest, from 1
    copied_from BIGINT REFERENCES schemes (id),   -- last year's
    made_by     BIGINT NOT NULL,                  -- 0: by the program
    made_at     BIGINT NOT NULL,                  -- UTC ms, of the newest version
    locked_by   BIGINT,
    locked_at   BIGINT,                           -- UTC ms; from then on a new version needs a reason
    UNIQUE (unit_id, code)
);
CREATE TABLE scheme_versions (
    scheme_id   BIGINT NOT NULL REFERENCES schemes (id),
    version     BIGINT NOT NULL,
    definition  TEXT   NOT NULL,                  -- JSON of scheme/read.c
    reason      TEXT   NOT NULL,                  -- why it was changed; may be empty before the lock
    made_by     BIGINT NOT NULL,
    made_at     BIGINT NOT NULL,                  -- UTC ms
    PRIMARY KEY (scheme_id, version)
);
