-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The live index of service quality: events of files of administrative procedures, packed counters. docs/adr/0061-service-events.md.

CREATE TABLE service_tokens (
    id            BIGINT PRIMARY KEY,
    key_hash      BYTEA  NOT NULL UNIQUE,             -- SHA-256 of the key; the key itself is nowhere
    name          TEXT   NOT NULL,                    -- the system that sends
    unit_id       BIGINT NOT NULL REFERENCES units (id),     -- it sends for this unit and those below
    made_by       BIGINT NOT NULL,                    -- person
    made_at       BIGINT NOT NULL,                    -- UTC ms
    revoked_by    BIGINT,
    revoked_at    BIGINT,                             -- UTC ms; null: in force
    revoke_reason TEXT   NOT NULL
);
CREATE TABLE service_desks (
    unit_id BIGINT NOT NULL REFERENCES units (id),
    slot    BIGINT NOT NULL,                          -- from 1 within the unit, as in packed events
    code    TEXT   NOT NULL,                          -- as the agency names the desk
    PRIMARY KEY (unit_id, slot),
    UNIQUE (unit_id, code)
);
CREATE TABLE service_files (
    id      BIGINT PRIMARY KEY,                       -- keyed hash of unit and file number; neighbours are of one unit
    unit_id BIGINT NOT NULL REFERENCES units (id),
    events  BYTEA  NOT NULL                           -- every event and revision, 20 bytes each: src/service/events.c
);
CREATE TABLE service_months (
    month   BIGINT NOT NULL,                          -- 202611
    unit_id BIGINT NOT NULL REFERENCES units (id),    -- of its own files alone
    total   BYTEA  NOT NULL,                          -- sums, packed: src/service/counts.c
    PRIMARY KEY (month, unit_id)
);
CREATE TABLE service_days (
    unit_id BIGINT NOT NULL REFERENCES units (id),
    month   BIGINT NOT NULL,
    cells   BYTEA  NOT NULL,                          -- a cell a day and desk, packed
    PRIMARY KEY (unit_id, month)
);
CREATE TABLE service_corrections (
    arrived_on TEXT   NOT NULL,                       -- day
    unit_id    BIGINT NOT NULL REFERENCES units (id),
    month      BIGINT NOT NULL,                       -- an earlier one, which the events of that day changed
    cells      BYTEA  NOT NULL,                       -- by how much, packed
    PRIMARY KEY (arrived_on, unit_id, month)
);
CREATE TABLE service_simulations (
    id      BIGINT PRIMARY KEY,
    files   BIGINT NOT NULL,
    seed    BIGINT NOT NULL,
    made_at BIGINT NOT NULL                           -- UTC ms; any row here, and every page says that figures are simulated
);
