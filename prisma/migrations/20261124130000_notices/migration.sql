-- Serves the look-up of what a person was told and has not read, at every hold.
CREATE INDEX notice_is_unread ON notice (user_id, kind) WHERE read_at IS NULL;
