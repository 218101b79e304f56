-- SPDX-License-Identifier: AGPL-3.0-or-later
-- E-mail of notices: whose address is confirmed, what people want by mail, and the queue of what is to be sent. docs/adr/0070-mail.md.
-- No address lies here: it is opened from the account when a mail is sent.

CREATE TABLE mail_people (
    person_id BIGINT PRIMARY KEY REFERENCES people (id),
    email_key BYTEA,                                    -- keyed hash of the address that was confirmed; another one is not
    asked_key BYTEA,                                    -- of the address that a code was sent to
    asked_at  BIGINT,                                   -- UTC ms
    code_mail BIGINT NOT NULL DEFAULT 0,                -- the mail with that code; 0: none is waited for
    tries     BIGINT NOT NULL DEFAULT 0                 -- wrong codes typed
);
CREATE TABLE mail_choices (
    person_id   BIGINT NOT NULL REFERENCES people (id),
    topic_group TEXT   NOT NULL,                        -- of src/notice/topic.c
    how         TEXT   NOT NULL CHECK (how IN ('now', 'daily')),      -- no row: not by mail
    PRIMARY KEY (person_id, topic_group)
);
CREATE TABLE mails (
    id         BIGINT PRIMARY KEY,                      -- rising; its Message-ID is made from it
    person_id  BIGINT NOT NULL REFERENCES people (id),
    kind       TEXT   NOT NULL CHECK (kind IN ('notice', 'digest', 'code')),
    digest_at  BIGINT,                                  -- UTC ms: one digest a person and day; null: no digest
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'sending', 'handed', 'sent', 'unsure', 'dropped', 'failed')),
    runner     TEXT   NOT NULL DEFAULT '',              -- the data folder whose process sends it
    attempts   BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL,                         -- UTC ms
    fault      TEXT   NOT NULL DEFAULT '',              -- code of the last fault; names nobody
    made_at    BIGINT NOT NULL,                         -- UTC ms
    ended_at   BIGINT
);
CREATE UNIQUE INDEX mails_digest ON mails (person_id, digest_at);
CREATE INDEX mails_waiting ON mails (state, not_before);
CREATE TABLE mail_notices (
    mail_id   BIGINT NOT NULL REFERENCES mails (id),
    notice_id BIGINT NOT NULL,                          -- of notices; may be forgotten before the mail is sent
    PRIMARY KEY (mail_id, notice_id)
);
