-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Files that answer questions of pages. With sending they become submission_files (0010) of the record; received_at is then the
-- first moment of the day, since a record of a page keeps no finer time.

-- Files of a questionnaire that is not sent yet; bytes lie among the files under their SHA-256.
CREATE TABLE draft_files (
    draft_id      BIGINT NOT NULL,
    name          TEXT   NOT NULL,                     -- given by us: question, first 16 hex digits of the hash, ending of its kind
    sha256        BYTEA  NOT NULL,
    size          BIGINT NOT NULL,                     -- bytes
    type          TEXT   NOT NULL,                     -- sniffed
    PRIMARY KEY (draft_id, name)
);
CREATE INDEX draft_files_sum ON draft_files (sha256);
CREATE INDEX submission_files_sum ON submission_files (sha256);

-- Bytes that a draft or a withdrawn record named: erased when no row names them any more.
CREATE TABLE erasable_files (
    sha256        BYTEA  NOT NULL PRIMARY KEY
);
