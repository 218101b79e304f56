-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Questionnaires being written in the console. A draft is the rows of its workbook; publishing writes the workbook and makes a version
-- (form_versions). Every change is a revision with all rows, so that changes can be undone and people working at once see each other's.
CREATE TABLE form_drafts (
    id           BIGINT PRIMARY KEY,
    owner_unit   BIGINT NOT NULL REFERENCES units (id),
    title        TEXT   NOT NULL,                  -- of the newest revision, for lists
    form_id      TEXT   NOT NULL,                  -- likewise; may be empty
    base_version BIGINT REFERENCES form_versions (id),       -- the version it was begun from
    state        TEXT   NOT NULL CHECK (state IN ('open', 'published', 'dropped')),
    published    BIGINT REFERENCES form_versions (id),       -- what it became
    revision     BIGINT NOT NULL,                  -- the newest
    created_by   BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,                  -- UTC ms
    changed_by   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL                   -- UTC ms
);
CREATE TABLE form_draft_revisions (
    draft_id     BIGINT NOT NULL REFERENCES form_drafts (id),
    revision     BIGINT NOT NULL,                  -- from 1; old ones are taken away
    content      TEXT   NOT NULL,                  -- JSON: sheets, columns, rows
    act          TEXT   NOT NULL,                  -- what was done: "add", "move" …
    subject      TEXT   NOT NULL,                  -- to what: a name or label
    undo_to      BIGINT NOT NULL,                  -- revision whose content undoing brings back; 0: none
    redo_to      BIGINT NOT NULL,                  -- likewise for doing again
    made_by      BIGINT NOT NULL,
    made_at      BIGINT NOT NULL,                  -- UTC ms
    PRIMARY KEY (draft_id, revision)
);
-- Choices, pictures and sounds that go with the draft; their bytes lie among the files.
CREATE TABLE form_draft_files (
    draft_id     BIGINT NOT NULL REFERENCES form_drafts (id),
    name         TEXT   NOT NULL,
    sha256       BYTEA  NOT NULL,
    size         BIGINT NOT NULL,                  -- bytes
    PRIMARY KEY (draft_id, name)
);
