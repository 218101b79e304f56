-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Indices that people register here, and their figures as typed from a source. Nothing is overwritten: each time of entering is a sheet, and the
-- newest sheet that names a unit holds its figure. Loading data/published/ touches none of these tables.
CREATE TABLE index_registry (
    id         BIGINT PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE CHECK (code <> ''),    -- word in the address, as in published_indices
    unit_id    BIGINT NOT NULL REFERENCES units (id),      -- owner: who manages indices there enters the figures
    unit_kind  TEXT NOT NULL CHECK (unit_kind IN ('province', 'ministry', 'department', 'commune')),
    name_vi    TEXT NOT NULL CHECK (name_vi <> ''),
    name_en    TEXT NOT NULL CHECK (name_en <> ''),
    about_vi   TEXT NOT NULL,
    about_en   TEXT NOT NULL,
    value_vi   TEXT NOT NULL CHECK (value_vi <> ''),       -- what a figure counts: điểm, %
    value_en   TEXT NOT NULL CHECK (value_en <> ''),
    max_points DOUBLE PRECISION NOT NULL CHECK (max_points > 0),   -- figures lie from 0 to this
    made_by    BIGINT NOT NULL,                            -- person
    made_at    BIGINT NOT NULL                             -- UTC ms
);

CREATE TABLE index_sheets (
    index_id   BIGINT NOT NULL REFERENCES index_registry (id),
    year       BIGINT NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    revision   BIGINT NOT NULL CHECK (revision >= 1),      -- 1, 2 … within the year
    source     TEXT NOT NULL CHECK (source <> ''),         -- document that gives the figures
    url        TEXT NOT NULL,                              -- empty: no address
    source_day TEXT NOT NULL,                              -- day of the document
    reason     TEXT NOT NULL,                              -- why figures were corrected; empty: all were new
    made_by    BIGINT NOT NULL,                            -- person
    made_at    BIGINT NOT NULL,                            -- UTC ms
    PRIMARY KEY (index_id, year, revision)
);

CREATE TABLE index_figures (
    index_id   BIGINT NOT NULL,
    year       BIGINT NOT NULL,
    revision   BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL REFERENCES units (id),      -- as it was at the end of the year
    score      DOUBLE PRECISION,                           -- NULL: the figure was taken back
    PRIMARY KEY (index_id, year, unit_id, revision),
    FOREIGN KEY (index_id, year, revision) REFERENCES index_sheets (index_id, year, revision)
);
