-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Self-scoring: what a unit says of each criterion, its evidence, and what its leader sealed. docs/adr/0053-self-scoring.md.

CREATE TABLE card_scores (
    card_id        BIGINT NOT NULL REFERENCES season_cards (id),
    code           TEXT   NOT NULL,                     -- of the criterion
    revision       BIGINT NOT NULL,                     -- goes up with each change, from 1
    inputs         TEXT   NOT NULL,                     -- JSON object: name of an input, number or text
    manual         DOUBLE PRECISION,                    -- points given by hand; null: none
    not_applicable BIGINT NOT NULL CHECK (not_applicable IN (0, 1)),
    note           TEXT   NOT NULL,                     -- explanation; may be empty
    points         DOUBLE PRECISION,                    -- as computed at saving; null: not to be computed
    saved_by       BIGINT NOT NULL,                     -- person; 0: by the program
    saved_at       BIGINT NOT NULL,                     -- UTC ms
    PRIMARY KEY (card_id, code)
);
CREATE TABLE card_files (
    id       BIGINT PRIMARY KEY,
    card_id  BIGINT NOT NULL REFERENCES season_cards (id),
    name     TEXT   NOT NULL,                           -- as it was sent
    type     TEXT   NOT NULL,                           -- by its first bytes
    size     BIGINT NOT NULL,                           -- bytes
    sha256   BYTEA  NOT NULL,
    added_by BIGINT NOT NULL,                           -- person
    added_at BIGINT NOT NULL,                           -- UTC ms
    UNIQUE (card_id, sha256)
);
CREATE TABLE card_evidence (
    card_id  BIGINT NOT NULL REFERENCES season_cards (id),
    code     TEXT   NOT NULL,                           -- of the criterion it proves
    kind     TEXT   NOT NULL CHECK (kind IN ('file', 'edition')),
    ref_id   BIGINT NOT NULL,                           -- of card_files, or of an edition
    added_by BIGINT NOT NULL,                           -- person
    added_at BIGINT NOT NULL,                           -- UTC ms
    PRIMARY KEY (card_id, code, kind, ref_id)
);
CREATE TABLE card_seals (
    id        BIGINT PRIMARY KEY,                       -- rising
    card_id   BIGINT NOT NULL REFERENCES season_cards (id),
    content   TEXT   NOT NULL,                          -- JSON: everything that was signed
    sha256    TEXT   NOT NULL,                          -- hex, of content; stands in the audit record too
    sealed_by BIGINT NOT NULL,                          -- person
    sealed_at BIGINT NOT NULL                           -- UTC ms
);
CREATE INDEX card_seals_card ON card_seals (card_id, id);
