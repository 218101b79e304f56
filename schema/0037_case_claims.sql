-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Answers that name a case of fieldwork and are not its answer, or were not always: why, and what a person decided. Only rounds with
-- fieldwork have such rows (docs/adr/0016). A row goes with the withdrawal of its answer.

CREATE TABLE case_claims (
    submission_id BIGINT PRIMARY KEY,
    case_id       BIGINT NOT NULL,                     -- 0: marked by an older version; its code stands in the answer
    round_id      BIGINT NOT NULL,
    source        TEXT   NOT NULL CHECK (source IN ('open', 'sent')),     -- open: by the public interface, which asks for no right
    state         TEXT   NOT NULL CHECK (state IN ('waiting', 'risen', 'tied', 'refused', 'was')),
    left_at       BIGINT,                              -- UTC ms; a person left the answer out of the results
    settled_by    BIGINT NOT NULL DEFAULT 0,           -- person
    settled_at    BIGINT,                              -- UTC ms
    reason        TEXT   NOT NULL DEFAULT '',
    revision      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX case_claims_case ON case_claims (case_id);
CREATE INDEX case_claims_round ON case_claims (round_id, state);

-- Answers of cases that were left out before: their cases are not complete.
INSERT INTO case_claims (submission_id, case_id, round_id, source, state, left_at)
    SELECT l.submission_id, l.case_id, l.round_id, 'sent', 'was', MAX(v.made_at) FROM case_links l
    JOIN record_states s ON s.submission_id = l.submission_id AND s.excluded = 1
    JOIN record_versions v ON v.submission_id = l.submission_id AND v.question = ''
    GROUP BY l.submission_id, l.case_id, l.round_id;
INSERT INTO case_claims (submission_id, case_id, round_id, source, state, left_at)
    SELECT l.submission_id, l.case_id, l.round_id, 'sent', 'was', COALESCE(f.settled_at, 1) FROM case_links l
    JOIN submissions s ON s.id = l.submission_id AND s.left_out = 'excluded'
    LEFT JOIN field_records f ON f.submission_id = l.submission_id
    WHERE l.submission_id NOT IN (SELECT submission_id FROM case_claims);
DELETE FROM case_links WHERE submission_id IN (SELECT submission_id FROM case_claims);

INSERT INTO case_claims (submission_id, case_id, round_id, source, state, left_at)
    SELECT s.id, 0, s.round_id, 'open', 'waiting', (SELECT MAX(v.made_at) FROM record_versions v
        JOIN record_states r ON r.submission_id = v.submission_id AND r.excluded = 1 WHERE v.submission_id = s.id AND v.question = '')
    FROM submissions s WHERE s.flagged = 1 AND s.flag_reason = 'case_claimed' AND s.withdrawn = 0;
