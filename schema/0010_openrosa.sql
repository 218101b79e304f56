-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Phones of interviewers (OpenRosa): who may send, what came, its files, findings, what was put aside.
-- docs/adr/0014-field-records.md says what is kept of an interview and why.

-- Why a record does not count: '' it counts, 'late', 'encrypted', 'excluded', 'superseded' (by a later revision).
ALTER TABLE submissions ADD COLUMN left_out TEXT NOT NULL DEFAULT '';

-- An interviewer's phone. The key is known to the phone alone.
CREATE TABLE devices (
    id            BIGINT PRIMARY KEY,
    key_hash      BYTEA  UNIQUE,                       -- SHA-256 of the 43 letters; null: signs in with its account (Basic)
    name          TEXT   NOT NULL,                     -- interviewer or device
    person_id     BIGINT NOT NULL DEFAULT 0,           -- account of the interviewer; 0: none
    from_day      TEXT   NOT NULL,
    to_day        TEXT   NOT NULL DEFAULT '9999-12-31',-- last day
    made_at       BIGINT NOT NULL,                     -- UTC ms
    made_by       BIGINT NOT NULL DEFAULT 0,           -- person; 0: a command
    revoked_at    BIGINT,
    revoked_by    BIGINT NOT NULL DEFAULT 0,
    revoke_reason TEXT   NOT NULL DEFAULT '',
    seen_at       BIGINT                               -- last request, to the minute
);
CREATE INDEX devices_person ON devices (person_id);

CREATE TABLE device_rounds (
    device_id     BIGINT NOT NULL REFERENCES devices (id),
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    PRIMARY KEY (device_id, round_id)
);
CREATE INDEX device_rounds_round ON device_rounds (round_id);

-- What an interview keeps beside its record. The XML is submissions.body.
CREATE TABLE field_records (
    submission_id BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    form_id       TEXT   NOT NULL,                     -- with instance_id: what a retry is known by
    instance_id   TEXT   NOT NULL,                     -- without one in the XML: 'sha256:' and its hash
    version_id    BIGINT NOT NULL REFERENCES form_versions (id),
    device_id     BIGINT NOT NULL REFERENCES devices (id),
    phone         TEXT   NOT NULL DEFAULT '',          -- deviceID of the request
    code          TEXT   NOT NULL,                     -- told to the interviewer: '4F2A-91'
    received_at   BIGINT NOT NULL,                     -- UTC ms
    last_post     BIGINT NOT NULL CHECK (last_post IN (0, 1)),  -- a post without *isIncomplete* has come
    state         TEXT   NOT NULL CHECK (state IN ('whole', 'waiting_files')),
    hold          TEXT   NOT NULL DEFAULT '' CHECK (hold IN ('', 'late', 'encrypted', 'excluded')),
    deprecated_id TEXT   NOT NULL DEFAULT '',          -- instance id that this one replaces
    first_id      BIGINT NOT NULL,                     -- first of the revisions; its own when there is one
    revision      BIGINT NOT NULL DEFAULT 1,
    posts         BIGINT NOT NULL DEFAULT 1,           -- posts that brought something new
    checked       BIGINT NOT NULL DEFAULT 0,           -- posts seen by the check; fewer than posts: it is to be done
    settled_at    BIGINT,                              -- UTC ms; a person decided whether it counts
    settled_by    TEXT   NOT NULL DEFAULT '',          -- name of the account
    settled       TEXT   NOT NULL DEFAULT '' CHECK (settled IN ('', 'count', 'leave_out')),
    settle_reason TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX field_records_instance ON field_records (form_id, instance_id);
CREATE INDEX field_records_round ON field_records (round_id, received_at);
CREATE INDEX field_records_first ON field_records (first_id);
CREATE INDEX field_records_deprecated ON field_records (form_id, deprecated_id) WHERE deprecated_id <> '';
CREATE INDEX field_records_unchecked ON field_records (submission_id) WHERE checked < posts;

-- Files of a record; their bytes lie among the files under their SHA-256. Of several under one name the first stands,
-- the others are kept beside it.
CREATE TABLE submission_files (
    submission_id BIGINT NOT NULL,
    name          TEXT   NOT NULL,                     -- base name, NFC, at most 255 bytes
    sha256        BYTEA  NOT NULL,
    sent_name     TEXT   NOT NULL,                     -- as it came
    size          BIGINT NOT NULL,                     -- bytes
    type          TEXT   NOT NULL,                     -- sniffed
    beside        BIGINT NOT NULL CHECK (beside IN (0, 1)),
    received_at   BIGINT NOT NULL,                     -- UTC ms
    PRIMARY KEY (submission_id, name, sha256)
);

-- Findings. by_check 1: made from the bytes, made anew by a new check; 0: seen when the posts came.
CREATE TABLE submission_flags (
    submission_id BIGINT NOT NULL,
    flag          TEXT   NOT NULL,
    node          TEXT   NOT NULL DEFAULT '',          -- question, or name of a file
    place         TEXT   NOT NULL DEFAULT '',          -- of repeats: '2', '2.1'
    by_check      BIGINT NOT NULL CHECK (by_check IN (0, 1)),
    expected      TEXT   NOT NULL DEFAULT '',
    found         TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (submission_id, flag, node, place)
);

-- Bytes that became no record. The same bytes for the same reason stand once.
CREATE TABLE submission_quarantine (
    id            BIGINT PRIMARY KEY,
    device_id     BIGINT NOT NULL REFERENCES devices (id),
    round_id      BIGINT NOT NULL DEFAULT 0,           -- 0: none was found
    submission_id BIGINT NOT NULL DEFAULT 0,           -- the record it contradicts or came with
    reason        TEXT   NOT NULL CHECK (reason IN ('conflict', 'unknown_form', 'unknown_version', 'plain_beside')),
    form_id       TEXT   NOT NULL,
    version       TEXT   NOT NULL,
    instance_id   TEXT   NOT NULL,
    name          TEXT   NOT NULL DEFAULT '',          -- of a file; '': the XML
    sha256        BYTEA  NOT NULL,
    size          BIGINT NOT NULL,                     -- bytes
    body          BYTEA,                               -- the XML; null: a file, under its SHA-256 among the files
    received_at   BIGINT NOT NULL,                     -- UTC ms, of the first time
    times         BIGINT NOT NULL DEFAULT 1,
    settled_at    BIGINT,                              -- a person has looked at it
    settled_by    TEXT   NOT NULL DEFAULT '',
    settle_reason TEXT   NOT NULL DEFAULT '',
    UNIQUE (device_id, reason, sha256, name)
);

-- What the phone's log (audit.csv) says about an interview.
CREATE TABLE field_times (
    submission_id BIGINT PRIMARY KEY,
    interview_ms  BIGINT NOT NULL,                     -- form open, without pauses
    pause_ms      BIGINT NOT NULL,
    pauses        BIGINT NOT NULL,
    revisits      BIGINT NOT NULL,                     -- questions come back to
    night         BIGINT NOT NULL CHECK (night IN (0, 1)),   -- a part lies between 22:00 and 05:00
    started_at    BIGINT,                              -- UTC ms by the phone's clock
    ended_at      BIGINT,
    questions     TEXT   NOT NULL                      -- JSON: [{"node","seconds","visits"}]
);
