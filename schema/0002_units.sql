-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Units through time. A unit is known by its id; names, codes, parents and subtypes hold for a period.
-- Periods are half open: from_day is the first day, to_day the first day after. '0001-01-01' means older than
-- the records, '9999-12-31' means still so. Rows are added and periods closed; nothing is overwritten.
CREATE TABLE units (
    id         BIGINT PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('nation', 'ministry', 'province', 'district', 'commune', 'department', 'other')),
    from_day   TEXT NOT NULL,
    to_day     TEXT NOT NULL,
    end_source TEXT NOT NULL,          -- why it ended: a legal act or a reason
    CHECK (from_day < to_day)
);

CREATE TABLE unit_versions (
    unit_id      BIGINT NOT NULL REFERENCES units (id),
    from_day     TEXT NOT NULL,
    to_day       TEXT NOT NULL,
    parent_id    BIGINT REFERENCES units (id),
    code         TEXT NOT NULL,
    name_vi      TEXT NOT NULL CHECK (name_vi <> ''),
    name_en      TEXT NOT NULL,        -- empty: none known
    full_name_vi TEXT NOT NULL,        -- empty: made from subtype and name
    subtype      TEXT NOT NULL,
    source       TEXT NOT NULL,        -- the act or list that says so
    PRIMARY KEY (unit_id, from_day),
    CHECK (from_day < to_day),
    CHECK (parent_id IS NULL OR parent_id <> unit_id)
);
CREATE INDEX unit_versions_parent ON unit_versions (parent_id);
CREATE INDEX unit_versions_code ON unit_versions (code);

CREATE TABLE unit_successions (
    old_unit BIGINT NOT NULL REFERENCES units (id),
    new_unit BIGINT NOT NULL REFERENCES units (id),
    on_day   TEXT NOT NULL,
    share    DOUBLE PRECISION NOT NULL CHECK (share > 0 AND share <= 1),   -- of the old unit
    basis    TEXT NOT NULL CHECK (basis IN ('whole', 'population', 'area', 'stated')),
    source   TEXT NOT NULL,
    PRIMARY KEY (old_unit, new_unit, on_day),
    CHECK (old_unit <> new_unit)
);
CREATE INDEX unit_successions_new ON unit_successions (new_unit);

-- One row. The stamp is a fresh random number after every change of units: the key of the tree kept in memory.
CREATE TABLE unit_stamps (
    id    BIGINT PRIMARY KEY CHECK (id = 1),
    stamp BIGINT NOT NULL
);
INSERT INTO unit_stamps (id, stamp) VALUES (1, 0);

-- Lists brought in by people, as received: looked at first, carried out after confirmation.
CREATE TABLE unit_imports (
    id         BIGINT PRIMARY KEY,
    made_at    BIGINT NOT NULL,        -- UTC ms
    person_id  BIGINT NOT NULL,
    file_name  TEXT NOT NULL,
    body       BYTEA NOT NULL,
    scope_unit BIGINT NOT NULL REFERENCES units (id),   -- rows must lie under this unit
    applied_at BIGINT                  -- UTC ms; NULL: only looked at
);
