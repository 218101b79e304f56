-- SPDX-License-Identifier: AGPL-3.0-or-later
-- How answers of a round are weighted: recipes, by version. The newest is the one in force; an edition names the one it was published with.
-- A recipe is never changed; all go together while no edition names one. docs/adr/0033-weighted-editions.md.

CREATE TABLE weightings (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    version       BIGINT NOT NULL CHECK (version >= 1),
    design        TEXT   NOT NULL CHECK (design IN ('none', 'stated', 'sample', 'simulated')),   -- where the sample comes from
    units         TEXT   NOT NULL DEFAULT '',          -- question that names the sampling unit; empty: none
    margins       TEXT   NOT NULL DEFAULT '',          -- CSV: code of the domain, its population; empty: base weights as they are
    source        TEXT   NOT NULL DEFAULT '',          -- of the margins, for people
    cap           DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (cap = 0 OR cap > 1),   -- medians of the weights; 0: not trimmed
    made_at       BIGINT NOT NULL,                     -- UTC ms
    made_by       BIGINT NOT NULL,                     -- person; 0: a command
    UNIQUE (round_id, version)
);
ALTER TABLE editions ADD COLUMN weighting_id BIGINT REFERENCES weightings (id);   -- null: unweighted
