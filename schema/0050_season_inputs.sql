-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Inputs of criteria that are not left to units (surveys, estimates, data): given by whoever runs the season. docs/adr/0059-season-inputs.md.

CREATE TABLE season_inputs (
    season_id      BIGINT NOT NULL REFERENCES seasons (id),
    unit_id        BIGINT NOT NULL REFERENCES units (id),
    code           TEXT   NOT NULL,                     -- of the criterion
    revision       BIGINT NOT NULL,                     -- goes up with each change, from 1
    inputs         TEXT   NOT NULL,                     -- JSON object: name of an input, number or text
    manual         DOUBLE PRECISION,                    -- points given by hand; null: none
    source         TEXT   NOT NULL,                     -- where the figures come from, as it is shown
    saved_by       BIGINT NOT NULL,                     -- person; 0: by the program
    saved_at       BIGINT NOT NULL,                     -- UTC ms
    PRIMARY KEY (season_id, unit_id, code)
);
