-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Of records of phones only the later revisions are looked up by their first one; every record stood in that index, at a random place each.
DROP INDEX field_records_first;
CREATE INDEX field_records_first ON field_records (first_id) WHERE first_id <> submission_id;
