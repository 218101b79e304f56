-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Cleaning, coding, frozen data sets and exports. What was answered stays in submissions; here stands what counts.

-- Module collect: what counts of a record that cleaning changed. Records without a row count as they were answered.
-- The keyed hash of each row is part of the sum over the round's answers (see counters.h).
CREATE TABLE record_states (
    submission_id BIGINT PRIMARY KEY REFERENCES submissions (id),
    answers       TEXT   NOT NULL,                     -- JSON object as in submissions.answers; '' : as answered
    unit_id       BIGINT NOT NULL,                     -- that the answers name now; 0: none
    excluded      BIGINT NOT NULL CHECK (excluded IN (0, 1)),
    revision      BIGINT NOT NULL                      -- number of the last version
);

-- Each correction and decision, never changed; only the values of a withdrawn record are emptied.
CREATE TABLE record_versions (
    submission_id BIGINT NOT NULL REFERENCES submissions (id),
    number        BIGINT NOT NULL CHECK (number >= 1), -- 1, 2, 3 … of the record
    question      TEXT   NOT NULL,                     -- '' : whether the record counts
    value         TEXT   NOT NULL,                     -- the answer from now on, '' none; of a decision 'in' or 'out'
    before        TEXT   NOT NULL,                     -- what it was
    reason        TEXT   NOT NULL CHECK (reason <> ''),
    rule          TEXT   NOT NULL,                     -- code of the rule that found it; '' none
    batch         BIGINT NOT NULL,                     -- versions made by one act
    person_id     BIGINT NOT NULL,
    person_name   TEXT   NOT NULL,
    made_at       BIGINT NOT NULL,                     -- UTC ms
    PRIMARY KEY (submission_id, number)
);
CREATE INDEX record_versions_batch ON record_versions (batch);

-- Module analysis: rules of a round; a change is another version of all of them.
CREATE TABLE cleaning_rule_sets (
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    number        BIGINT NOT NULL CHECK (number >= 1),
    rules         TEXT   NOT NULL,                     -- JSON array
    saved_by      BIGINT NOT NULL,
    saved_name    TEXT   NOT NULL,
    saved_at      BIGINT NOT NULL,                     -- UTC ms
    PRIMARY KEY (round_id, number)
);

CREATE TABLE cleaning_runs (
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    number        BIGINT NOT NULL CHECK (number >= 1),
    rule_set      BIGINT NOT NULL,
    records       BIGINT NOT NULL,                     -- looked at
    found         TEXT   NOT NULL,                     -- JSON object: how many by rule
    run_by        BIGINT NOT NULL,
    run_at        BIGINT NOT NULL,                     -- UTC ms
    PRIMARY KEY (round_id, number)
);

-- What the last run found, and what somebody decided about it. The value stays in the record.
CREATE TABLE cleaning_findings (
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    rule          TEXT   NOT NULL,
    submission_id BIGINT NOT NULL REFERENCES submissions (id),
    state         TEXT   NOT NULL CHECK (state IN ('open', 'accepted', 'corrected', 'excluded')),
    reason        TEXT   NOT NULL,                     -- of accepting
    person_name   TEXT   NOT NULL,
    settled_at    BIGINT,                              -- UTC ms
    PRIMARY KEY (round_id, rule, submission_id)
);
CREATE INDEX cleaning_findings_state ON cleaning_findings (round_id, state, rule, submission_id);
CREATE INDEX cleaning_findings_record ON cleaning_findings (submission_id);

-- Coding of one open question of a round by two people who do not see each other's codes.
CREATE TABLE code_frames (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    question      TEXT   NOT NULL,
    first_coder   BIGINT NOT NULL REFERENCES people (id),
    second_coder  BIGINT NOT NULL REFERENCES people (id),
    made_by       BIGINT NOT NULL,
    made_at       BIGINT NOT NULL,                     -- UTC ms
    revision      BIGINT NOT NULL,
    UNIQUE (round_id, question),
    CHECK (first_coder <> second_coder)
);

CREATE TABLE frame_codes (
    frame_id      BIGINT NOT NULL REFERENCES code_frames (id),
    code          TEXT   NOT NULL,
    parent        TEXT   NOT NULL,                     -- '' : at the top
    position      BIGINT NOT NULL,
    label_vi      TEXT   NOT NULL CHECK (label_vi <> ''),
    label_en      TEXT   NOT NULL,
    PRIMARY KEY (frame_id, code),
    CHECK (parent <> code)
);

CREATE TABLE answer_codes (
    frame_id      BIGINT NOT NULL REFERENCES code_frames (id),
    submission_id BIGINT NOT NULL REFERENCES submissions (id),
    slot          BIGINT NOT NULL CHECK (slot IN (1, 2, 3)),   -- first coder, second coder, settled by a third
    code          TEXT   NOT NULL,
    person_id     BIGINT NOT NULL,
    coded_at      BIGINT NOT NULL,                     -- UTC ms
    PRIMARY KEY (frame_id, submission_id, slot),
    FOREIGN KEY (frame_id, code) REFERENCES frame_codes (frame_id, code)
);
CREATE INDEX answer_codes_record ON answer_codes (submission_id);

-- Frozen data sets: rows are never changed; the bytes lie among the files under their SHA-256.
CREATE TABLE frozen_sets (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    number        BIGINT NOT NULL CHECK (number >= 1),
    rule_set      BIGINT NOT NULL,                     -- 0: no rules
    records       BIGINT NOT NULL,                     -- that count
    excluded      BIGINT NOT NULL,
    corrected     BIGINT NOT NULL,
    versions      BIGINT NOT NULL,                     -- of records, so far
    round_sum     TEXT   NOT NULL,                     -- hex: the sum over the answers at that moment
    data_sha      TEXT   NOT NULL,                     -- hex; CSV
    codebook_sha  TEXT   NOT NULL,                     -- hex; DDI
    manifest_sha  TEXT   NOT NULL,                     -- hex; JSON: all of this, and each exclusion with its reason
    note          TEXT   NOT NULL,
    made_by       BIGINT NOT NULL,
    made_name     TEXT   NOT NULL,
    made_at       BIGINT NOT NULL,                     -- UTC ms
    UNIQUE (round_id, number)
);
-- The frozen set an edition was made from; NULL: none stood for the answers of that moment.
ALTER TABLE editions ADD COLUMN frozen_set BIGINT;

-- Files made for download: bytes lie in the folder exports under the token, and go when they expire.
CREATE TABLE analysis_exports (
    id            BIGINT PRIMARY KEY,
    token         TEXT   NOT NULL UNIQUE,              -- 128 random bits
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    format        TEXT   NOT NULL,
    labels        TEXT   NOT NULL,                     -- 'vi', 'en'; '' : codes
    records       BIGINT NOT NULL,
    size          BIGINT NOT NULL,                     -- bytes
    sha256        TEXT   NOT NULL,                     -- hex
    made_by       BIGINT NOT NULL,
    made_name     TEXT   NOT NULL,
    made_at       BIGINT NOT NULL,                     -- UTC ms
    expires_at    BIGINT NOT NULL                      -- UTC ms
);
CREATE INDEX analysis_exports_round ON analysis_exports (round_id, made_at);
