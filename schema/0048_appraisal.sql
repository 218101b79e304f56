-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Appraisal of cards: who appraises what, verdicts in two rounds, explanations, objections and what the council decided. docs/adr/0058-appraisal.md.

ALTER TABLE seasons ADD COLUMN four_eyes DOUBLE PRECISION NOT NULL DEFAULT 0.5;   -- a change of so many points waits for a second appraiser

CREATE TABLE season_appraisers (
    season_id BIGINT NOT NULL REFERENCES seasons (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    domain    TEXT   NOT NULL,                          -- code of a criterion at the top; empty: all
    unit_id   BIGINT NOT NULL,                          -- one that is scored; 0: all
    added_by  BIGINT NOT NULL,                          -- person
    added_at  BIGINT NOT NULL,                          -- UTC ms
    PRIMARY KEY (season_id, person_id, domain, unit_id)
);
CREATE TABLE season_conflicts (
    season_id   BIGINT NOT NULL REFERENCES seasons (id),
    person_id   BIGINT NOT NULL REFERENCES people (id),
    unit_id     BIGINT NOT NULL REFERENCES units (id),  -- whose card this person stays away from, as declared
    reason      TEXT   NOT NULL,
    declared_at BIGINT NOT NULL,                        -- UTC ms
    PRIMARY KEY (season_id, person_id, unit_id)
);
CREATE TABLE card_verdicts (
    card_id        BIGINT NOT NULL REFERENCES season_cards (id),
    code           TEXT   NOT NULL,                     -- of the criterion
    round          BIGINT NOT NULL CHECK (round IN (1, 2)),
    revision       BIGINT NOT NULL,                     -- goes up with each change, from 1
    kind           TEXT   NOT NULL CHECK (kind IN ('accept', 'points', 'ask')),
    points         DOUBLE PRECISION,                    -- of kind points: 0 to the maximum, without the sign of a penalty
    claimed        DOUBLE PRECISION,                    -- what the rule gave from the unit's inputs; null: nothing
    reason         TEXT   NOT NULL,                     -- may be empty when accepted
    score_revision BIGINT NOT NULL,                     -- of the unit's score that was judged; another one since: to be judged again
    large          BIGINT NOT NULL CHECK (large IN (0, 1)),    -- waits for a second appraiser
    made_by        BIGINT NOT NULL,                     -- person; 0: by the program
    made_at        BIGINT NOT NULL,                     -- UTC ms
    confirmed_by   BIGINT NOT NULL,                     -- person; 0: nobody
    confirmed_at   BIGINT NOT NULL,                     -- UTC ms; 0: not confirmed
    PRIMARY KEY (card_id, code, round)
);
CREATE TABLE card_answers (
    card_id  BIGINT NOT NULL REFERENCES season_cards (id),
    code     TEXT   NOT NULL,                           -- of the criterion that was asked about
    revision BIGINT NOT NULL,
    answer   TEXT   NOT NULL,
    saved_by BIGINT NOT NULL,                           -- person; 0: by the program
    saved_at BIGINT NOT NULL,                           -- UTC ms
    PRIMARY KEY (card_id, code)
);
CREATE TABLE card_objections (
    card_id    BIGINT NOT NULL REFERENCES season_cards (id),
    code       TEXT   NOT NULL,                         -- of the criterion
    revision   BIGINT NOT NULL,
    reason     TEXT   NOT NULL,
    saved_by   BIGINT NOT NULL,                         -- person; 0: by the program
    saved_at   BIGINT NOT NULL,                         -- UTC ms
    decision   TEXT   NOT NULL CHECK (decision IN ('', 'accept', 'reject', 'points')),
    points     DOUBLE PRECISION,                        -- of decision points: 0 to the maximum
    why        TEXT   NOT NULL,                         -- of the decision
    decided_by BIGINT NOT NULL,                         -- person; 0: nobody
    decided_at BIGINT NOT NULL,                         -- UTC ms; 0: not decided
    PRIMARY KEY (card_id, code)
);
