-- SPDX-License-Identifier: AGPL-3.0-or-later
-- One-stop desks: a machine with large buttons at each desk, and a QR code for one's own phone. No row ties an answer to a desk: a draft
-- names its desk until it is sent, then the desk's counter goes up. Where results are wanted by desk, the questionnaire has a question
-- for it, and the desk answers that.

CREATE TABLE desks (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    name          TEXT   NOT NULL,
    key_hash      BYTEA  NOT NULL UNIQUE,              -- keyed hash of the 26 letters of the machine's address
    poster        TEXT   NOT NULL UNIQUE,              -- 8 letters in the address of the QR code: public
    rating        TEXT   NOT NULL,                     -- question of the one tap
    follow        TEXT   NOT NULL DEFAULT '',          -- questions asked after it, names joined by blanks
    given         TEXT   NOT NULL DEFAULT '{}',        -- answers known at the desk, as a record's
    made_at       BIGINT NOT NULL,                     -- UTC ms
    made_by       BIGINT NOT NULL,
    revoked_at    BIGINT,
    revoked_by    BIGINT NOT NULL DEFAULT 0,
    seen_at       BIGINT,                              -- the machine was last heard of, to the minute
    by_machine    BIGINT NOT NULL DEFAULT 0,           -- answers sent on the machine
    by_phone      BIGINT NOT NULL DEFAULT 0,           -- answers that came by the QR code
    day           TEXT   NOT NULL DEFAULT '',          -- day that today counts
    today         BIGINT NOT NULL DEFAULT 0            -- answers of that day, both ways
);
CREATE INDEX desks_round ON desks (round_id);

ALTER TABLE drafts ADD COLUMN desk_id BIGINT NOT NULL DEFAULT 0;      -- 0: none
ALTER TABLE drafts ADD COLUMN visit   TEXT   NOT NULL DEFAULT '';     -- of a machine: the id under which it is sent, by itself when nobody goes on
CREATE INDEX drafts_visit ON drafts (saved_at) WHERE visit <> '';
