-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Paper forms: printed, received in batches, typed twice, settled, accepted. Quality checks of a round and their settling.
-- Re-checks (phúc tra): a random share of interviews asked again. docs/adr/0019-paper-forms.md.

-- Serial numbers handed out by printing, so that no number of a round is printed twice.
CREATE TABLE paper_prints (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    unit_id       BIGINT NOT NULL,                     -- for whom
    first_serial  BIGINT NOT NULL CHECK (first_serial >= 1),
    last_serial   BIGINT NOT NULL CHECK (last_serial >= first_serial),
    lang          TEXT   NOT NULL,
    made_by       BIGINT NOT NULL,                     -- person; 0: a command
    made_at       BIGINT NOT NULL,                     -- UTC ms
    UNIQUE (round_id, first_serial)
);

-- Forms that came back together.
CREATE TABLE paper_batches (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    unit_id       BIGINT NOT NULL,                     -- who sent them; rights are asked here
    label         TEXT   NOT NULL,
    first_serial  BIGINT NOT NULL CHECK (first_serial >= 1),
    last_serial   BIGINT NOT NULL CHECK (last_serial >= first_serial),
    stated        BIGINT NOT NULL CHECK (stated >= 0), -- forms by the handover slip
    handed_by     TEXT   NOT NULL DEFAULT '',          -- who brought them
    received_by   BIGINT NOT NULL,                     -- person
    received_at   BIGINT NOT NULL                      -- UTC ms
);
CREATE INDEX paper_batches_round ON paper_batches (round_id);

CREATE TABLE paper_forms (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    batch_id      BIGINT NOT NULL REFERENCES paper_batches (id),
    serial        BIGINT NOT NULL,
    state         TEXT   NOT NULL CHECK (state IN ('registered', 'first', 'second', 'settled', 'accepted', 'void')),
    missing_pages TEXT   NOT NULL DEFAULT '',          -- '2,3'
    settled_by    BIGINT NOT NULL DEFAULT 0,           -- person; 0 with settled_at: both entries were the same
    settled_at    BIGINT,
    final_answers TEXT   NOT NULL DEFAULT '',          -- JSON {question: text} after settling
    accepted_by   BIGINT NOT NULL DEFAULT 0,
    accepted_at   BIGINT,
    submission_id BIGINT NOT NULL DEFAULT 0,           -- the answer it became
    void_reason   TEXT   NOT NULL DEFAULT '',          -- blank, torn, not of this round
    revision      BIGINT NOT NULL DEFAULT 1,
    UNIQUE (round_id, serial)
);
CREATE INDEX paper_forms_batch ON paper_forms (batch_id, serial);

-- Serial numbers that came again, in another batch or the same.
CREATE TABLE paper_duplicates (
    batch_id      BIGINT NOT NULL REFERENCES paper_batches (id),
    serial        BIGINT NOT NULL,
    form_id       BIGINT NOT NULL REFERENCES paper_forms (id),   -- the one that was there before
    PRIMARY KEY (batch_id, serial)
);

-- What one clerk typed; kept for good.
CREATE TABLE paper_entries (
    form_id       BIGINT NOT NULL REFERENCES paper_forms (id),
    pass          BIGINT NOT NULL CHECK (pass IN (1, 2)),
    person_id     BIGINT NOT NULL,                     -- 0: released, the next clerk goes on
    state         TEXT   NOT NULL CHECK (state IN ('draft', 'done')),
    answers       TEXT   NOT NULL,                     -- JSON {question: text} of what could be read
    typed         TEXT   NOT NULL,                     -- JSON {question: text} of what could not
    section       BIGINT NOT NULL DEFAULT 0,           -- where the clerk was
    started_at    BIGINT NOT NULL,                     -- UTC ms
    saved_at      BIGINT NOT NULL,
    done_at       BIGINT,
    revision      BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (form_id, pass)
);
CREATE INDEX paper_entries_person ON paper_entries (person_id, state);

-- Answers that break a rule of the questionnaire and stand like that on paper. pass 0: kept when settling.
CREATE TABLE paper_keeps (
    form_id       BIGINT NOT NULL REFERENCES paper_forms (id),
    pass          BIGINT NOT NULL CHECK (pass IN (0, 1, 2)),
    question      TEXT   NOT NULL,
    fault         TEXT   NOT NULL,                     -- required, type, choice, constraint …
    reason        TEXT   NOT NULL,
    person_id     BIGINT NOT NULL,
    PRIMARY KEY (form_id, pass, question)
);

-- Questions where the two entries differ, and what was decided. wrong: a bit each for the first and second entry.
CREATE TABLE paper_differences (
    form_id       BIGINT NOT NULL REFERENCES paper_forms (id),
    question      TEXT   NOT NULL,
    first_value   TEXT   NOT NULL,
    second_value  TEXT   NOT NULL,
    final_value   TEXT,                                -- null: not settled yet
    wrong         BIGINT NOT NULL DEFAULT 0,
    person_id     BIGINT NOT NULL DEFAULT 0,           -- who settled
    settled_at    BIGINT,
    PRIMARY KEY (form_id, question)
);

-- Thresholds of a round's checks where they differ from the defaults.
CREATE TABLE quality_thresholds (
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    name          TEXT   NOT NULL,
    value         DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (round_id, name)
);

CREATE TABLE quality_runs (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    made_by       BIGINT NOT NULL,                     -- person; 0: a command
    made_at       BIGINT NOT NULL,                     -- UTC ms
    answers       BIGINT NOT NULL,                     -- records looked at
    took_ms       BIGINT NOT NULL,
    figures       TEXT   NOT NULL                      -- JSON: interviewers, ages, matches, time
);
CREATE INDEX quality_runs_round ON quality_runs (round_id, made_at);

-- One check's finding about one answer or one interviewer; what a person decided stays through later runs.
CREATE TABLE quality_flags (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    kind          TEXT   NOT NULL,
    submission_id BIGINT NOT NULL DEFAULT 0,           -- 0: about an interviewer
    interviewer   TEXT   NOT NULL DEFAULT '',
    detail        TEXT   NOT NULL,                     -- JSON: figures behind it
    score         DOUBLE PRECISION NOT NULL,           -- how far past the threshold: sorts the list
    last_run      BIGINT NOT NULL REFERENCES quality_runs (id),
    state         TEXT   NOT NULL CHECK (state IN ('open', 'kept', 'left_out')),
    settled_by    BIGINT NOT NULL DEFAULT 0,           -- person
    settled_at    BIGINT,
    reason        TEXT   NOT NULL DEFAULT '',
    revision      BIGINT NOT NULL DEFAULT 1,
    UNIQUE (round_id, kind, submission_id, interviewer)
);
CREATE INDEX quality_flags_answer ON quality_flags (submission_id);

-- A draw of interviews to be asked again.
CREATE TABLE rechecks (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    share         DOUBLE PRECISION NOT NULL CHECK (share > 0 AND share <= 1),
    seed          BIGINT NOT NULL,
    mode          TEXT   NOT NULL CHECK (mode IN ('telephone', 'visit', 'form')),
    questions     TEXT   NOT NULL,                     -- asked again: names joined by blanks
    shown         TEXT   NOT NULL DEFAULT '',          -- answers the checker sees to find the respondent
    population    BIGINT NOT NULL,                     -- interviews at the time of the draw
    made_by       BIGINT NOT NULL,
    made_at       BIGINT NOT NULL                      -- UTC ms
);
CREATE INDEX rechecks_round ON rechecks (round_id);

CREATE TABLE recheck_cases (
    id            BIGINT PRIMARY KEY,
    recheck_id    BIGINT NOT NULL REFERENCES rechecks (id),
    submission_id BIGINT NOT NULL,
    interviewer   TEXT   NOT NULL,
    number        BIGINT NOT NULL,                     -- 1 … in the draw
    state         TEXT   NOT NULL CHECK (state IN ('open', 'draft', 'done', 'not_reached')),
    checker       BIGINT NOT NULL DEFAULT 0,           -- person
    answers       TEXT   NOT NULL DEFAULT '{}',        -- JSON {question: text}
    typed         TEXT   NOT NULL DEFAULT '{}',
    note          TEXT   NOT NULL DEFAULT '',          -- why not reached
    saved_at      BIGINT,
    done_at       BIGINT,
    revision      BIGINT NOT NULL DEFAULT 1,
    UNIQUE (recheck_id, submission_id),
    UNIQUE (recheck_id, number)
);
