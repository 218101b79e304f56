-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Versions of questionnaires. The author's bytes lie among the files under their SHA-256 and are kept for ever; the
-- compiled program is made from them again at each start.
CREATE TABLE form_versions (
    id           BIGINT PRIMARY KEY,
    form_id      TEXT   NOT NULL,                  -- with version: the key, compared byte by byte
    version      TEXT   NOT NULL,
    title_vi     TEXT   NOT NULL,
    title_en     TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
    owner_unit   BIGINT NOT NULL,
    author       BIGINT NOT NULL,                  -- 0: the system
    questions    BIGINT NOT NULL,
    sha256       BYTEA  NOT NULL,
    file_size    BIGINT NOT NULL,                  -- bytes
    program      TEXT   NOT NULL,                  -- version of the compiler that accepted it
    created_at   BIGINT NOT NULL,                  -- UTC ms
    published_at BIGINT,                           -- UTC ms
    UNIQUE (form_id, version)
);
