-- What the inbox reads at every poll of every reviewer: all that waits, without the wide rows beside it.
CREATE INDEX job_awaits_review ON job (id) INCLUDE (number, workflow_key, requester_id) WHERE state = 'awaiting_review';
-- Who holds a place now: ended claims are many, and are not looked at.
CREATE INDEX review_claim_is_held ON review_claim (round_id, lease_until) INCLUDE (user_id) WHERE released_at IS NULL;
-- Who has approved in a round that asks for more people.
CREATE INDEX decision_endorses ON decision (round_id) INCLUDE (user_id, result_hash, delivery_hash) WHERE command = 'endorse' AND voided_at IS NULL;
-- Who looks at anything now.
CREATE INDEX presence_is_fresh ON presence (at);
