-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Lists of drafts name them without reading their criteria.
ALTER TABLE scheme_drafts ADD COLUMN title TEXT NOT NULL DEFAULT '';   -- of the definition, else its code
