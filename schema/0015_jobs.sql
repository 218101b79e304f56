-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Work too long for a request: queued with the request's commit, done by one thread, kept with its outcome.

CREATE TABLE jobs (
    id            BIGINT PRIMARY KEY,
    kind          TEXT   NOT NULL,                     -- "edition.publish"
    args          TEXT   NOT NULL DEFAULT '{}',        -- JSON object, as the kind reads it; no answers, no secrets
    subject       TEXT   NOT NULL DEFAULT '',          -- what it works on, as people call it
    unit_id       BIGINT NOT NULL,                     -- whose right decides who may see, stop and start it again
    owner         BIGINT NOT NULL,                     -- who asked for it; 0: a command
    owner_name    TEXT   NOT NULL,
    role          TEXT   NOT NULL DEFAULT '',
    address       TEXT   NOT NULL DEFAULT '',
    state         TEXT   NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'stopped')),
    runner        TEXT   NOT NULL DEFAULT '',          -- the data folder whose process works on it
    attempts      BIGINT NOT NULL DEFAULT 0,
    not_before    BIGINT NOT NULL,                     -- UTC ms; later after a failure that may pass
    mark          TEXT   NOT NULL DEFAULT '',          -- where a run that was cut off goes on; the kind's own
    result        TEXT   NOT NULL DEFAULT '',          -- address of what came out, on this site
    error_kind    TEXT   NOT NULL DEFAULT '',          -- of the last failure
    error         TEXT   NOT NULL DEFAULT '',
    created_at    BIGINT NOT NULL,                     -- UTC ms
    started_at    BIGINT,
    ended_at      BIGINT
);
CREATE INDEX jobs_waiting ON jobs (state, not_before);
