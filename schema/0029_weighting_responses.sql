-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Classes of the adjustment for non-response of a recipe of weights; a recipe without a row makes none. Written and removed with its recipe
-- (table weightings, which a later file makes: hence no reference). docs/adr/0051-non-response.md.

CREATE TABLE weighting_responses (
    weighting_id  BIGINT PRIMARY KEY,
    class         TEXT   NOT NULL CHECK (class <> '')      -- 'stratum', 'unit', or 'column:' and a column that the sample kept of its frame
);
