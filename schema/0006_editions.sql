-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Editions: frozen, numbered publications. Rows are never changed but for superseded_by; the bytes of package
-- and figures lie among the files under their SHA-256.

CREATE TABLE editions (
    id            BIGINT PRIMARY KEY,
    round_id      BIGINT NOT NULL REFERENCES rounds (id),
    number        BIGINT NOT NULL CHECK (number >= 1),
    title_vi      TEXT   NOT NULL,
    title_en      TEXT   NOT NULL,
    label         TEXT   NOT NULL,                     -- 'unweighted', 'simulated-unweighted'
    method        TEXT   NOT NULL,
    reason        TEXT   NOT NULL DEFAULT '',          -- of a correction
    n             BIGINT NOT NULL,                     -- answers counted
    simulated     BIGINT NOT NULL CHECK (simulated IN (0, 1)),
    package_sha   TEXT   NOT NULL,                     -- hex
    figures_sha   TEXT   NOT NULL,                     -- hex, results.json as in the package
    fingerprint   TEXT   NOT NULL,                     -- of the seal's public key
    published_at  BIGINT NOT NULL,                     -- UTC ms
    published_by  BIGINT NOT NULL,
    superseded_by BIGINT,
    UNIQUE (round_id, number)
);

-- Receipts counted in an edition, by hash, so that a receipt can be shown to have counted.
CREATE TABLE edition_receipts (
    edition_id    BIGINT NOT NULL REFERENCES editions (id),
    receipt_hash  TEXT   NOT NULL,
    PRIMARY KEY (edition_id, receipt_hash)
);
