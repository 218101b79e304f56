-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What phones fetch of a version: its XForm, written once at publication, and the files it names. Bytes lie among the files
-- under their SHA-256; the MD5 is what the protocol of phones compares.
ALTER TABLE form_versions ADD COLUMN xform_sha256 BYTEA;         -- NULL: published before this table, made at the next start
ALTER TABLE form_versions ADD COLUMN xform_md5    BYTEA;
ALTER TABLE form_versions ADD COLUMN xform_size   BIGINT;        -- bytes
CREATE TABLE form_files (
    form_version BIGINT NOT NULL REFERENCES form_versions (id),
    name         TEXT   NOT NULL,                                -- as the questionnaire writes it, NFC
    sha256       BYTEA  NOT NULL,
    md5          BYTEA  NOT NULL,
    file_size    BIGINT NOT NULL,                                -- bytes
    author       BIGINT NOT NULL,                                -- 0: the system
    created_at   BIGINT NOT NULL,                                -- UTC ms
    PRIMARY KEY (form_version, name)
);
