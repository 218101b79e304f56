-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Word documents of agencies that reports are filled into, and what each report was filled into. docs/adr/0055-report-templates.md.

CREATE TABLE report_templates (
    id         BIGINT PRIMARY KEY,
    unit_id    BIGINT NOT NULL REFERENCES units (id),   -- whose; units below may use it
    title      TEXT   NOT NULL,
    version    BIGINT NOT NULL,                         -- the newest of report_template_files
    retired    BIGINT NOT NULL CHECK (retired IN (0, 1)),
    made_by    BIGINT NOT NULL,                         -- person
    made_at    BIGINT NOT NULL                          -- UTC ms
);
CREATE TABLE report_template_files (
    template_id BIGINT NOT NULL REFERENCES report_templates (id),
    version     BIGINT NOT NULL,                        -- from 1; a version never changes
    name        TEXT   NOT NULL,                        -- of the file as it was sent
    sha256      TEXT   NOT NULL,
    size        BIGINT NOT NULL CHECK (size > 0),       -- bytes
    made_by     BIGINT NOT NULL,
    made_name   TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,                        -- UTC ms
    PRIMARY KEY (template_id, version)
);
ALTER TABLE reports ADD COLUMN template_id BIGINT REFERENCES report_templates (id);   -- null: a built-in report
ALTER TABLE reports ADD COLUMN template_version BIGINT;
