-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Files of several tables: questionnaires with repeats have a table of records and one of each repeat.

ALTER TABLE analysis_exports ADD COLUMN archive BIGINT NOT NULL DEFAULT 0 CHECK (archive IN (0, 1));   -- a .zip of one file a table
ALTER TABLE analysis_exports ADD COLUMN chosen  TEXT   NOT NULL DEFAULT '';   -- the table alone that was asked for; '-' the records; '' all
ALTER TABLE frozen_sets ADD COLUMN archive BIGINT NOT NULL DEFAULT 0 CHECK (archive IN (0, 1));        -- the data are a .zip of tables
