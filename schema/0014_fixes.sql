-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What tells a repeated request from another one, and the right key from a wrong one.

-- Keyed hash (key of the installation, round) of the bytes as they came, where the stored body is not these bytes because
-- they held an invitation's code (docs/adr/0010-answers-unlinkable.md). NULL: sha256 is that of the bytes as they came.
ALTER TABLE submissions ADD COLUMN sent BYTEA;

-- A value that only the installation's master key gives: another key is noticed before anything is made with it.
CREATE TABLE key_checks (
    purpose       TEXT   PRIMARY KEY,
    value         BYTEA  NOT NULL
);
