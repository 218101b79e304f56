-- SPDX-License-Identifier: AGPL-3.0-or-later
-- E-mail and telephone of accounts are sealed: a copy of the database alone shows neither.

-- Nonce and secretbox of {"email":…,"phone":…} under a key of this installation and this person; NULL: neither is known.
ALTER TABLE people ADD COLUMN contact_box BYTEA;
-- Keyed hash of the e-mail address in lower case: whoever knows the address finds the account. NULL: none.
ALTER TABLE people ADD COLUMN email_key BYTEA;
CREATE INDEX people_by_email ON people (email_key);
-- people.email and people.phone stay empty from here on. SQL has no key: the program seals what older versions left there,
-- and takes the address out of people.search, right after the migration (person_contact_fill).
