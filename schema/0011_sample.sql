-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Frames, designs, drawn samples. Files (a frame's CSV, a sample's document) lie under their SHA-256.

CREATE TABLE frames (
    id            BIGINT PRIMARY KEY,
    owner_unit    BIGINT NOT NULL REFERENCES units (id),
    title         TEXT   NOT NULL,
    file_name     TEXT   NOT NULL,                     -- as uploaded
    upload_sha    TEXT   NOT NULL,                     -- SHA-256, hex, of what was uploaded (.csv or .xlsx)
    sha256        TEXT   NOT NULL DEFAULT '',          -- of the CSV that is drawn from; the same for a .csv
    state         TEXT   NOT NULL CHECK (state IN ('reading', 'ready', 'faulty', 'erased')),
    row_count     BIGINT NOT NULL DEFAULT 0,
    columns       TEXT   NOT NULL DEFAULT '[]',        -- JSON: what each column holds; emptied by erasing
    faults        TEXT   NOT NULL DEFAULT '[]',        -- JSON: the first hundred
    fault_count   BIGINT NOT NULL DEFAULT 0,
    made_at       BIGINT NOT NULL,                     -- UTC ms
    made_by       BIGINT NOT NULL,                     -- person
    erased_at     BIGINT                               -- UTC ms; the file is gone, its hash stays
);

CREATE TABLE sample_designs (
    id            BIGINT PRIMARY KEY,
    frame_id      BIGINT NOT NULL REFERENCES frames (id),
    owner_unit    BIGINT NOT NULL REFERENCES units (id),
    design        TEXT   NOT NULL,                     -- JSON, see src/sample/README.md; may be unfinished
    faults        TEXT   NOT NULL DEFAULT '[]',        -- JSON: why the last draw was refused
    revision      BIGINT NOT NULL,
    made_at       BIGINT NOT NULL,
    made_by       BIGINT NOT NULL
);

-- A drawn sample never changes. What is done with its cases stands in the fieldwork's tables.
CREATE TABLE samples (
    id            BIGINT PRIMARY KEY,
    frame_id      BIGINT NOT NULL REFERENCES frames (id),
    owner_unit    BIGINT NOT NULL REFERENCES units (id),
    title         TEXT   NOT NULL,
    design        TEXT   NOT NULL,                     -- JSON as drawn
    seed          TEXT   NOT NULL,
    program       TEXT   NOT NULL,
    design_sha    TEXT   NOT NULL,
    frame_sha     TEXT   NOT NULL,
    list_sha      TEXT   NOT NULL,
    sha256        TEXT   NOT NULL,                     -- of generator, design, frame, seed and list
    document_sha  TEXT   NOT NULL,                     -- the document's file
    list_file     TEXT   NOT NULL,                     -- the list's file: as hashed, after a mark that spreadsheets want
    main_count    BIGINT NOT NULL,
    reserve_count BIGINT NOT NULL,
    drawn_at      BIGINT NOT NULL,                     -- UTC ms
    drawn_by      BIGINT NOT NULL
);

-- One row a case, for fieldwork and estimation. Holds what the design keeps of the frame, nothing else of it.
CREATE TABLE sample_cases (
    sample_id     BIGINT NOT NULL REFERENCES samples (id),
    number        BIGINT NOT NULL,                     -- in the list, from 1
    code          TEXT   NOT NULL,                     -- number and check digit
    reserve       BIGINT NOT NULL CHECK (reserve >= 0),-- 0: main sample; else its turn within its cell
    cell          TEXT   NOT NULL,                     -- units above and stratum: reserves are used within it
    line          BIGINT NOT NULL,                     -- of the frame
    weight        DOUBLE PRECISION NOT NULL,           -- elements of the frame it stands for
    parts         TEXT   NOT NULL,                     -- JSON: [{stratum, unit, n, pop, prob}] by stage
    keep          TEXT   NOT NULL,                     -- JSON object: the design's keep columns
    PRIMARY KEY (sample_id, number)
);
