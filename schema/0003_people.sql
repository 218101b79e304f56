-- SPDX-License-Identifier: AGPL-3.0-or-later
-- People, what they may do where, how they prove who they are. Times: UTC milliseconds. Days: ISO text.

CREATE TABLE people (
    id             BIGINT PRIMARY KEY,
    login          TEXT   NOT NULL UNIQUE CHECK (length(login) BETWEEN 3 AND 64),   -- lower case ASCII
    name           TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    name_key       BYTEA  NOT NULL,                    -- the name's place in Vietnamese order
    search         TEXT   NOT NULL,                    -- login, name and e-mail folded, for the list's search
    email          TEXT   NOT NULL DEFAULT '',
    phone          TEXT   NOT NULL DEFAULT '',
    unit_id        BIGINT NOT NULL REFERENCES units (id),                           -- where the person works
    lang           TEXT   NOT NULL DEFAULT 'vi' CHECK (lang IN ('vi', 'en')),
    demo           BIGINT NOT NULL DEFAULT 0 CHECK (demo IN (0, 1)),                -- made by init --demo
    created_at     BIGINT NOT NULL,
    created_by     BIGINT,                             -- person; NULL: made by a command
    disabled_at    BIGINT,
    last_sign_in   BIGINT,
    password_hash  TEXT,                               -- argon2id; NULL: the invitation is not taken yet
    password_at    BIGINT,
    must_change    BIGINT NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1)),
    totp_box       BYTEA,                              -- nonce and secretbox of the secret; NULL: not enrolled
    totp_at        BIGINT,
    totp_last_step BIGINT NOT NULL DEFAULT 0           -- 30 s step of the last code taken: a code works once
);
CREATE INDEX people_by_unit ON people (unit_id);

-- A right given: a role in a unit and its subtree for a period, and who gave it. Never changed, only revoked.
CREATE TABLE grants (
    id            BIGINT PRIMARY KEY,
    person_id     BIGINT NOT NULL REFERENCES people (id),
    role          TEXT   NOT NULL,
    unit_id       BIGINT NOT NULL REFERENCES units (id),
    from_day      TEXT   NOT NULL,
    to_day        TEXT,                                -- first day without it; NULL: until revoked
    giver_id      BIGINT REFERENCES people (id),       -- NULL: given by a command
    given_at      BIGINT NOT NULL,
    reason        TEXT   NOT NULL DEFAULT '',
    revoked_at    BIGINT,
    revoked_by    BIGINT REFERENCES people (id),
    revoke_reason TEXT   NOT NULL DEFAULT '',
    CHECK (to_day IS NULL OR to_day > from_day),
    CHECK (giver_id IS NULL OR giver_id <> person_id)  -- nobody gives to themselves
);
CREATE INDEX grants_by_person ON grants (person_id);
CREATE INDEX grants_by_unit ON grants (unit_id);

CREATE TABLE sessions (
    token_hash    TEXT   PRIMARY KEY,                  -- hex of SHA-256 of the cookie's value
    person_id     BIGINT NOT NULL REFERENCES people (id),
    second_passed BIGINT NOT NULL CHECK (second_passed IN (0, 1)),
    created_at    BIGINT NOT NULL,                     -- of the sign-in: 12 h at most
    seen_at       BIGINT NOT NULL,                     -- kept to the minute: 30 min idle at most
    confirmed_at  BIGINT NOT NULL DEFAULT 0,           -- last password with code
    address       TEXT   NOT NULL,
    agent         TEXT   NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id);

-- Ten codes of one use each, in place of the second factor. Keyed hashes.
CREATE TABLE recovery_codes (
    person_id BIGINT NOT NULL REFERENCES people (id),
    code_hash TEXT   NOT NULL,
    used_at   BIGINT,
    PRIMARY KEY (person_id, code_hash)
);

-- One-time links: invitation (24 h) and password reset (30 min). The token is stored hashed.
CREATE TABLE sign_in_links (
    token_hash TEXT   PRIMARY KEY,
    person_id  BIGINT NOT NULL REFERENCES people (id),
    purpose    TEXT   NOT NULL CHECK (purpose IN ('invite', 'reset')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    made_by    BIGINT REFERENCES people (id)           -- NULL: made by a command
);
CREATE INDEX sign_in_links_by_person ON sign_in_links (person_id);

-- Failed sign-ins by subject: hash of an account's name, of a network prefix, of a person's code.
CREATE TABLE sign_in_limits (
    subject  TEXT   PRIMARY KEY,
    failures BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);

-- Network prefixes from which a person has signed in: guessing from elsewhere does not make the owner wait here.
CREATE TABLE sign_in_places (
    person_id BIGINT NOT NULL REFERENCES people (id),
    prefix    TEXT   NOT NULL,
    last_at   BIGINT NOT NULL,
    PRIMARY KEY (person_id, prefix)
);
