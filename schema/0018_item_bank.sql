-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The item bank: questions kept for reuse, with their choices and translations, and where they are used.
CREATE TABLE bank_items (
    id          BIGINT PRIMARY KEY,
    unit_id     BIGINT NOT NULL REFERENCES units (id),       -- whose item; the nation's are for everybody who reads questionnaires
    subject     TEXT   NOT NULL,                  -- as typed: "Một cửa", "Trang thông tin"
    title       TEXT   NOT NULL,                  -- the question's words, of the newest version
    name        TEXT   NOT NULL,                  -- the name it would like in a questionnaire
    type        TEXT   NOT NULL,                  -- column type, "select_one muc5"
    role        TEXT   NOT NULL,                  -- td_role, may be empty
    code        TEXT   NOT NULL,                  -- td_code, may be empty
    version     BIGINT NOT NULL,                  -- the newest, from 1
    state       TEXT   NOT NULL CHECK (state IN ('kept', 'withdrawn')),
    made_by     BIGINT NOT NULL,
    made_at     BIGINT NOT NULL                   -- UTC ms, of the newest version
);
CREATE TABLE bank_versions (
    item_id     BIGINT NOT NULL REFERENCES bank_items (id),
    version     BIGINT NOT NULL,
    content     TEXT   NOT NULL,                  -- JSON: one row of survey, the rows of its list
    title       TEXT   NOT NULL,
    note        TEXT   NOT NULL,                  -- why it changed
    source      TEXT   NOT NULL,                  -- code of the questionnaire it was taken from
    made_by     BIGINT NOT NULL,
    made_at     BIGINT NOT NULL,                  -- UTC ms
    PRIMARY KEY (item_id, version)
);
CREATE TABLE bank_uses (
    draft_id    BIGINT NOT NULL REFERENCES form_drafts (id),
    name        TEXT   NOT NULL,                  -- of the question there
    item_id     BIGINT NOT NULL REFERENCES bank_items (id),
    version     BIGINT NOT NULL,
    PRIMARY KEY (draft_id, name)
);
CREATE INDEX bank_uses_item ON bank_uses (item_id);
