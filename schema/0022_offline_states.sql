-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the offline page of a device last told of itself: counts, no answers (docs/adr/0023-offline-page.md).
CREATE TABLE offline_states (
    device_id    BIGINT PRIMARY KEY REFERENCES devices (id),
    told_at      BIGINT NOT NULL,                      -- UTC ms, by the server
    unsent       BIGINT NOT NULL CHECK (unsent >= 0),  -- finished interviews without a receipt
    drafts       BIGINT NOT NULL CHECK (drafts >= 0),  -- interviews begun
    oldest_at    BIGINT,                               -- UTC ms by the device: when the oldest unsent one was finished
    conflicts    BIGINT NOT NULL CHECK (conflicts >= 0), -- unsent ones the server put aside
    bytes        BIGINT NOT NULL CHECK (bytes >= 0),   -- of them, attachments included
    clock_off_ms BIGINT NOT NULL,                      -- the device's clock less the server's
    persistent   BIGINT NOT NULL CHECK (persistent IN (0, 1)), -- the browser promised not to clear its data by itself
    release      TEXT   NOT NULL                       -- of the page
);
