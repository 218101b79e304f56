-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Seasons of indices: a locked scheme, a calendar, a card for each unit with its state, and every step that was done. docs/adr/0052-seasons.md.

CREATE TABLE seasons (
    id                BIGINT PRIMARY KEY,
    unit_id           BIGINT NOT NULL REFERENCES units (id),       -- who runs it: the owner of the scheme
    scheme_id         BIGINT NOT NULL REFERENCES schemes (id),
    scheme_version    BIGINT NOT NULL,                  -- locked at the opening
    title             TEXT   NOT NULL,
    year              BIGINT NOT NULL,                  -- this, kind and label: of the scheme at the opening
    unit_kind         TEXT   NOT NULL,                  -- province, ministry, department, commune
    label             TEXT   NOT NULL,                  -- "minh họa"; may be empty
    starts_day        TEXT   NOT NULL,                  -- day: the first of self-scoring
    self_until        TEXT   NOT NULL,                  -- days: the last of each window, the next begins the day after
    appraisal_until   TEXT   NOT NULL,
    explanation_until TEXT   NOT NULL,
    objection_until   TEXT   NOT NULL,
    council_until     TEXT   NOT NULL,
    made_by           BIGINT NOT NULL,                  -- person; 0: by the program
    made_at           BIGINT NOT NULL                   -- UTC ms
);
CREATE TABLE season_cards (
    id             BIGINT PRIMARY KEY,                  -- rising in the order of the opening
    season_id      BIGINT NOT NULL REFERENCES seasons (id),
    unit_id        BIGINT NOT NULL REFERENCES units (id),
    state          TEXT   NOT NULL,                     -- of src/season/machine.c
    extended_until TEXT,                                -- day: the last one for this card in its state; null: as the calendar says
    changed_at     BIGINT NOT NULL,                     -- UTC ms, of the last step
    UNIQUE (season_id, unit_id)
);
CREATE TABLE season_events (
    id        BIGINT PRIMARY KEY,                       -- rising
    card_id   BIGINT NOT NULL REFERENCES season_cards (id),
    step      TEXT   NOT NULL,                          -- of src/season/machine.c, or open, extend
    to_state  TEXT   NOT NULL,                          -- the state afterwards
    until_day TEXT,                                     -- day: of an extension
    reason    TEXT   NOT NULL,                          -- may be empty
    made_by   BIGINT NOT NULL,                          -- person; 0: by the program
    made_at   BIGINT NOT NULL                           -- UTC ms
);
CREATE INDEX season_events_card ON season_events (card_id, id);
