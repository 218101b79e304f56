-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Dashboards that leaders put together: which tiles, how large, in which order, with targets and thresholds. Figures are never kept here.

CREATE TABLE panels (
    id            BIGINT PRIMARY KEY,
    unit_id       BIGINT NOT NULL REFERENCES units (id),   -- tiles tell of it or of units below it
    owner         BIGINT NOT NULL,                     -- person whose it is
    name          TEXT   NOT NULL CHECK (name <> ''),
    shared        BIGINT NOT NULL CHECK (shared IN (0, 1)),    -- whoever may read dashboards of the unit sees it
    changed_at    BIGINT NOT NULL                      -- UTC ms
);
CREATE INDEX panels_owner ON panels (owner);

CREATE TABLE panel_tiles (
    id            BIGINT PRIMARY KEY,
    panel_id      BIGINT NOT NULL REFERENCES panels (id),
    position      BIGINT NOT NULL,                     -- 1, 2 …
    kind          TEXT   NOT NULL CHECK (kind IN ('index', 'ranking', 'service', 'published', 'field')),
    source        TEXT   NOT NULL,                     -- code of the published index, or of the round; else empty
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    wide          BIGINT NOT NULL CHECK (wide IN (0, 1)),      -- the whole width
    target        DOUBLE PRECISION,                    -- in the unit of the figure; NULL: none
    amber         DOUBLE PRECISION,                    -- below: amber
    red           DOUBLE PRECISION                     -- below: red
);
CREATE INDEX panel_tiles_panel ON panel_tiles (panel_id, position);
