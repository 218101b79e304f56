-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The audit chain: each record's hash covers its fields and the hash of the one before.
CREATE TABLE audit_records (
    seq        BIGINT PRIMARY KEY,             -- 1, 2, 3 … without gaps
    at         BIGINT NOT NULL,                -- UTC ms
    actor_id   BIGINT NOT NULL,                -- 0: nobody signed in, or the system
    actor_name TEXT NOT NULL,
    role       TEXT NOT NULL,
    unit_id    BIGINT NOT NULL,                -- 0: none
    address    TEXT NOT NULL,                  -- of the client; empty for respondents
    request    TEXT NOT NULL,
    action     TEXT NOT NULL,                  -- noun.verb
    object     TEXT NOT NULL,                  -- noun:id
    detail     TEXT NOT NULL,                  -- JSON object or empty
    failed     BIGINT NOT NULL CHECK (failed IN (0, 1)),
    search     TEXT NOT NULL,                  -- folded text for searching; not part of the chain
    prev       BYTEA NOT NULL,                 -- hash of the record before; 32 zero bytes for the first
    hash       BYTEA NOT NULL
);
CREATE INDEX audit_records_actor ON audit_records (actor_id, seq);
CREATE INDEX audit_records_action ON audit_records (action, seq);
CREATE INDEX audit_records_unit ON audit_records (unit_id, seq);
