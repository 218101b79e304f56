-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The number of a phone's record follows from round, form and instance id (src/openrosa/known_store.c): it is found there. Every record
-- stood in this index too, at a random place each, so that each one stored wrote one more page.
DROP INDEX field_records_instance;
