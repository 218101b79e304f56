-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Tables of the analysis desk kept under a name: the question, never its figures. Who may analyse the round sees shared ones.

CREATE TABLE desk_tables (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    name          TEXT   NOT NULL CHECK (name <> ''),
    query         TEXT   NOT NULL,                     -- as in an address: "round=…&what=…"
    owner         BIGINT NOT NULL,                     -- person who keeps it
    shared        BIGINT NOT NULL CHECK (shared IN (0, 1)),
    saved_at      BIGINT NOT NULL                      -- UTC ms; of the last change
);
CREATE INDEX desk_tables_owner ON desk_tables (owner);
CREATE INDEX desk_tables_round ON desk_tables (round_id);
