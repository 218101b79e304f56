-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Editions of millions of answers: their receipts are written piece by piece before the edition is there, and what a page of an edition
-- says of its files is stored once when the edition is frozen.

-- Receipts counted in an edition, by hash. Rows of an edition that is not there yet are work under way (edition_works) and count nothing;
-- therefore no foreign key.
CREATE TABLE edition_counted (
    edition_id    BIGINT NOT NULL,
    receipt_hash  TEXT   NOT NULL,
    PRIMARY KEY (edition_id, receipt_hash)
);
INSERT INTO edition_counted (edition_id, receipt_hash) SELECT edition_id, receipt_hash FROM edition_receipts;
DROP TABLE edition_receipts;

-- Editions whose receipts are being written; the row goes with the commit that makes the edition, or with the receipts when none comes.
CREATE TABLE edition_works (
    edition_id    BIGINT PRIMARY KEY,
    begun_at      BIGINT NOT NULL                      -- UTC ms
);

-- NULL: an edition of before, whose page computes them.
ALTER TABLE editions ADD COLUMN csv_sha TEXT;          -- hex, figures.csv as it is handed out
ALTER TABLE editions ADD COLUMN csv_bytes BIGINT;
ALTER TABLE editions ADD COLUMN json_bytes_vi BIGINT;  -- sizes of the answers of /api/v1/rounds/{code}/results
ALTER TABLE editions ADD COLUMN json_bytes_en BIGINT;
