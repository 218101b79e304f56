-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Notices to people, written with the act they tell of. The sentence is made from the catalogue when it is read: here lie only what it names. docs/adr/0069-notices.md.

CREATE TABLE notices (
    id        BIGINT PRIMARY KEY,                       -- rising
    person_id BIGINT NOT NULL REFERENCES people (id),   -- who reads it
    topic     TEXT   NOT NULL,                          -- of src/notice/topic.c
    href      TEXT   NOT NULL,                          -- address on this site
    title     TEXT   NOT NULL DEFAULT '',               -- what it is about, as people named it: a season, a round
    word      TEXT   NOT NULL DEFAULT '',               -- key of a text that the sentence names: "job.kind.report.make"
    unit_id   BIGINT NOT NULL DEFAULT 0,                -- that the sentence names; 0: none
    day       TEXT,                                     -- that the sentence names
    n         BIGINT NOT NULL DEFAULT 0,                -- that the sentence names
    once      TEXT,                                     -- told once to this person, however often it is written; null: each time
    made_at   BIGINT NOT NULL,                          -- UTC ms
    read_at   BIGINT                                    -- UTC ms; null: unread
);
CREATE UNIQUE INDEX notices_once ON notices (person_id, once);
CREATE INDEX notices_person ON notices (person_id, id);
CREATE INDEX notices_unread ON notices (person_id) WHERE read_at IS NULL;
