-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Rounds, one-time codes, drafts, answers and their packed counters.
-- Codes and answers share no key, no order and no time (docs/adr/0010-answers-unlinkable.md): ids of codes,
-- drafts, device marks and answers are random, an answer keeps only its day, a spent code is deleted.

CREATE TABLE rounds (
    id            BIGINT PRIMARY KEY,
    code          TEXT   NOT NULL UNIQUE,              -- in addresses: letters, digits, '-'
    slot          BIGINT NOT NULL UNIQUE CHECK (slot BETWEEN 1 AND 1048575),   -- its range of submissions.id
    title_vi      TEXT   NOT NULL,
    title_en      TEXT   NOT NULL DEFAULT '',
    intro_vi      TEXT   NOT NULL DEFAULT '',
    intro_en      TEXT   NOT NULL DEFAULT '',
    form_id       BIGINT NOT NULL,                     -- one version of a form
    owner_unit    BIGINT NOT NULL,
    state         TEXT   NOT NULL CHECK (state IN ('draft', 'open', 'paused', 'closed', 'published')),
    identity      TEXT   NOT NULL CHECK (identity IN ('open', 'code')),
    device_limit  BIGINT NOT NULL DEFAULT 1 CHECK (device_limit >= 0),  -- answers a device may send by pages; 0: any
    opens_at      BIGINT,                              -- UTC ms
    closes_at     BIGINT,                              -- UTC ms; planned end
    closed_at     BIGINT,                              -- UTC ms; when it was closed by hand
    created_at    BIGINT NOT NULL,
    simulated     BIGINT NOT NULL DEFAULT 0 CHECK (simulated IN (0, 1)),
    method        TEXT   NOT NULL DEFAULT '',
    unit_question TEXT   NOT NULL DEFAULT '',
    revision      BIGINT NOT NULL DEFAULT 1
);

-- The id is slot * 2^42 + 42 bits of the keyed hash of the receipt (or one of the three ids after it when that one is
-- taken): no order of arrival, a round lies together, and one tree serves a retry, a receipt and a round.
CREATE TABLE submissions (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    instance      BYTEA  NOT NULL,                     -- 16 bytes, keyed hash of the client's id
    sha256        BYTEA  NOT NULL,                     -- of the bytes as they came
    receipt_hash  BYTEA  NOT NULL,                     -- SHA-256 of the receipt
    day           TEXT   NOT NULL,                     -- no finer time is kept
    channel       TEXT   NOT NULL,
    unit_id       BIGINT NOT NULL DEFAULT 0,           -- 0: none
    flagged       BIGINT NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
    flag_reason   TEXT   NOT NULL DEFAULT '',
    withdrawn     BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    media         TEXT   NOT NULL,
    body          BYTEA  NOT NULL,                     -- original bytes; emptied by withdrawal
    answers       TEXT   NOT NULL                      -- JSON object of the relevant answers; emptied by withdrawal
);

-- Live figures: one packed row per (round, unit), unit 0 the whole round. See counters.c.
CREATE TABLE round_counters (
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    unit_id       BIGINT NOT NULL,
    stored        BIGINT NOT NULL,                     -- not withdrawn, flagged ones too
    flagged       BIGINT NOT NULL,                     -- of these
    packed        BYTEA  NOT NULL,
    revision      BIGINT NOT NULL,
    PRIMARY KEY (round_id, unit_id)
);

CREATE TABLE code_batches (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    label         TEXT   NOT NULL,
    unit_id       BIGINT NOT NULL DEFAULT 0,
    made          BIGINT NOT NULL CHECK (made > 0),
    made_on       TEXT   NOT NULL,
    valid_to      TEXT                                 -- last day; null: as long as the round is open
);

-- Unspent codes only: spending deletes the row, so that no row carries the order of use.
CREATE TABLE invitation_codes (
    id            BIGINT PRIMARY KEY,
    batch_id      BIGINT NOT NULL REFERENCES code_batches (id),
    round_id      BIGINT NOT NULL,
    long_hash     BYTEA  NOT NULL UNIQUE,              -- keyed hash of the 26 letters in link and QR
    short_hash    BYTEA  NOT NULL UNIQUE,              -- keyed hash of round and the 10 letters in print
    valid_to      TEXT   NOT NULL DEFAULT '9999-12-31'
);
CREATE INDEX invitation_codes_batch ON invitation_codes (batch_id);

CREATE TABLE drafts (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    token_hash    BYTEA  NOT NULL UNIQUE,
    resume_hash   BYTEA  NOT NULL UNIQUE,
    form_id       BIGINT NOT NULL,
    answers       TEXT   NOT NULL,                     -- JSON: {"answers":{…},"typed":{…}}
    page          TEXT   NOT NULL DEFAULT '',
    channel       TEXT   NOT NULL,
    started_at    BIGINT NOT NULL,                     -- UTC ms; goes with the draft
    saved_at      BIGINT NOT NULL,
    revision      BIGINT NOT NULL
);
CREATE INDEX drafts_round ON drafts (round_id);

-- How many answers a device sent by pages; apart from the answers, without a key to them.
CREATE TABLE device_marks (
    id            BIGINT PRIMARY KEY,
    hash          BYTEA  NOT NULL UNIQUE,              -- keyed hash of round and the device's cookie
    sent          BIGINT NOT NULL
);
