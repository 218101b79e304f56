-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Rankings of seasons: their rules, and editions that are published. docs/adr/0060-editions-of-indices.md.

CREATE TABLE league_rules (
    season_id BIGINT PRIMARY KEY REFERENCES seasons (id),
    rules     TEXT   NOT NULL,                          -- JSON: ties, groups, units without rank, seed
    revision  BIGINT NOT NULL,                          -- goes up with each change, from 1
    saved_by  BIGINT NOT NULL,                          -- person
    saved_at  BIGINT NOT NULL                           -- UTC ms
);
CREATE TABLE league_editions (
    id            BIGINT PRIMARY KEY,
    season_id     BIGINT NOT NULL REFERENCES seasons (id),
    number        BIGINT NOT NULL,                      -- 1, 2, …; a later one supersedes it
    title         TEXT   NOT NULL,                      -- of the season on that day
    reason        TEXT   NOT NULL,                      -- of a correction; empty with number 1
    units         BIGINT NOT NULL,                      -- with a rank
    package_sha   TEXT   NOT NULL,                      -- hex: the open package among the files, everything that is shown comes out of it
    package_bytes BIGINT NOT NULL,
    fingerprint   TEXT   NOT NULL,                      -- of the seal
    published_by  BIGINT NOT NULL,                      -- person; 0: by the program
    published_at  BIGINT NOT NULL,                      -- UTC ms
    UNIQUE (season_id, number)
);
