-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Figures of indices as others published them, year by year, each with its source. Filled from data/published/ only:
-- loading again replaces them. A figure that no source gives is NULL, never zero.
CREATE TABLE published_indices (
    code       TEXT PRIMARY KEY,                   -- word in the address: par-index-provinces
    position   BIGINT NOT NULL,
    unit_kind  TEXT NOT NULL,                      -- kind of the units it ranks; empty: several
    name_vi    TEXT NOT NULL CHECK (name_vi <> ''),
    name_en    TEXT NOT NULL CHECK (name_en <> ''),
    about_vi   TEXT NOT NULL,
    about_en   TEXT NOT NULL,
    value_vi   TEXT NOT NULL,                      -- what a figure counts: điểm, %
    value_en   TEXT NOT NULL,
    max_points DOUBLE PRECISION NOT NULL
);

CREATE TABLE published_sources (
    source_key TEXT PRIMARY KEY,
    title_vi   TEXT NOT NULL CHECK (title_vi <> ''),
    title_en   TEXT NOT NULL CHECK (title_en <> ''),
    url        TEXT NOT NULL                       -- empty: no address was kept
);

CREATE TABLE published_values (
    index_code TEXT NOT NULL REFERENCES published_indices (code),
    year       BIGINT NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    period_vi  TEXT NOT NULL,                      -- part of the year, as printed; empty: the whole year
    period_en  TEXT NOT NULL,
    level      TEXT NOT NULL CHECK (level IN ('average', 'unit', 'region', 'aspect', 'department', 'district', 'commune')),
    unit       TEXT NOT NULL,                      -- as printed in that year; empty: the source names none
    unit_en    TEXT NOT NULL,
    unit_id    BIGINT REFERENCES units (id),       -- the unit as it was in that year; NULL: not a unit or not known
    area       TEXT NOT NULL,                      -- province in which it was scored; empty: the country
    component  TEXT NOT NULL,                      -- part of the score; empty: the whole
    score      DOUBLE PRECISION,                   -- in the index's own points or percent
    max_points DOUBLE PRECISION,                   -- of the component
    rank       BIGINT CHECK (rank >= 1),
    rank_of    BIGINT CHECK (rank_of >= rank),
    note_vi    TEXT NOT NULL,
    note_en    TEXT NOT NULL,
    derived    BIGINT NOT NULL CHECK (derived IN (0, 1)),   -- worked out from other published figures
    source_key TEXT NOT NULL REFERENCES published_sources (source_key),
    PRIMARY KEY (index_code, year, level, area, unit, component)
);
CREATE INDEX published_values_unit ON published_values (unit_id);

CREATE TABLE published_facts (
    index_code TEXT NOT NULL REFERENCES published_indices (code),
    year       BIGINT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('scheme', 'sample', 'groups', 'conflict')),
    text_vi    TEXT NOT NULL CHECK (text_vi <> ''),
    text_en    TEXT NOT NULL CHECK (text_en <> ''),
    source_key TEXT REFERENCES published_sources (source_key),
    PRIMARY KEY (index_code, year, kind, text_vi)
);
