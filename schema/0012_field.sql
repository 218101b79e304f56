-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Fieldwork: cases of a drawn sample in a round, who interviews them, what came of each attempt. Contact data is sealed
-- and erased after the round; what stays says nothing of who a case was.

CREATE TABLE field_rounds (
    round_id      BIGINT PRIMARY KEY REFERENCES rounds (id),
    sample_id     BIGINT NOT NULL REFERENCES samples (id),
    due_day       TEXT   NOT NULL,                     -- last day of fieldwork
    erase_days    BIGINT NOT NULL CHECK (erase_days BETWEEN 0 AND 365),   -- contact data goes so many days after the round's end
    erased_at     BIGINT,                              -- UTC ms; contact data is gone
    opened_at     BIGINT NOT NULL,
    opened_by     BIGINT NOT NULL
);

CREATE TABLE field_cases (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES field_rounds (round_id),
    number        BIGINT NOT NULL,                     -- of sample_cases
    code          TEXT   NOT NULL,                     -- number and check digit
    unit_id       BIGINT NOT NULL DEFAULT 0,           -- commune or province; 0: none
    cell          TEXT   NOT NULL,                     -- where its reserves are
    place         TEXT   NOT NULL,                     -- kept columns and the place in the last unit's list, for people
    reserve       BIGINT NOT NULL,                     -- 0: main sample; else its turn
    active        BIGINT NOT NULL CHECK (active IN (0, 1)),   -- main sample, and reserves in use
    replaces      BIGINT NOT NULL DEFAULT 0,           -- case that this reserve stands for
    reason        TEXT   NOT NULL DEFAULT '',          -- why
    weight        DOUBLE PRECISION NOT NULL,
    interviewer   BIGINT NOT NULL DEFAULT 0,           -- person; 0: nobody yet
    disposition   TEXT   NOT NULL DEFAULT '',          -- outcome of the last attempt, see disposition.c
    attempts      BIGINT NOT NULL DEFAULT 0,
    last_at       BIGINT,                              -- UTC ms, of the last attempt
    callback_at   BIGINT,                              -- UTC ms, agreed time
    contact       BYTEA,                               -- nonce and secretbox of name, address, telephone; null: none, or erased
    phone_tail    TEXT   NOT NULL DEFAULT '',          -- last three digits, shown in lists; erased with contact
    UNIQUE (round_id, number)
);
CREATE INDEX field_cases_mine ON field_cases (interviewer, round_id);
CREATE INDEX field_cases_unit ON field_cases (round_id, unit_id);

CREATE TABLE field_attempts (
    id            BIGINT PRIMARY KEY,
    case_id       BIGINT NOT NULL REFERENCES field_cases (id),
    person_id     BIGINT NOT NULL,
    at            BIGINT NOT NULL,                     -- UTC ms
    mode          TEXT   NOT NULL CHECK (mode IN ('visit', 'phone', 'desk')),   -- desk: a supervisor's correction
    disposition   TEXT   NOT NULL,
    callback_at   BIGINT,
    note          TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX field_attempts_case ON field_attempts (case_id);

-- Which answer is a case's (module collect). Only rounds with fieldwork have such rows: docs/adr/0016.
CREATE TABLE case_links (
    case_id       BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL,
    submission_id BIGINT NOT NULL UNIQUE
);
ALTER TABLE drafts ADD COLUMN case_id BIGINT NOT NULL DEFAULT 0;   -- interview for a case
