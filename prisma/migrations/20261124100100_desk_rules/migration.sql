-- Rules that the database itself enforces over the reviewer's desk and the outbox.

-- ------------------------------------------------------------------------------------------------ the life cycle
-- The moves that lib/lifecycle/table.ts allows. A test fails when the two differ.
DELETE FROM lifecycle_transition;
INSERT INTO lifecycle_transition (id, command, from_state, to_state) VALUES
  (1, 'create', NULL, 'queued'),
  (2, 'start', 'queued', 'running'),
  (3, 'requeue', 'running', 'queued'),
  (4, 'proceed', 'running', 'queued'),
  (5, 'postpone', 'queued', 'queued'),
  (6, 'postpone', 'running', 'running'),
  (7, 'hold', 'queued', 'awaiting_review'),
  (8, 'hold', 'running', 'awaiting_review'),
  (9, 'accept', 'running', 'completed'),
  (10, 'fail', 'queued', 'failed'),
  (11, 'fail', 'running', 'failed'),
  (12, 'expire', 'queued', 'expired'),
  (13, 'expire', 'running', 'expired'),
  (14, 'expire', 'awaiting_review', 'expired'),
  (15, 'adopt', 'awaiting_review', 'running'),
  (16, 'escalate', 'awaiting_review', 'awaiting_review'),
  (17, 'approve', 'awaiting_review', 'completed'),
  (18, 'endorse', 'awaiting_review', 'awaiting_review'),
  (19, 'answer', 'awaiting_review', 'queued'),
  (20, 'uphold', 'awaiting_review', 'completed'),
  (21, 'undo', 'completed', 'awaiting_review'),
  (22, 'retry', 'awaiting_review', 'queued'),
  (23, 'retry', 'failed', 'queued'),
  (24, 'retry', 'expired', 'queued'),
  (25, 'retry', 'abandoned', 'queued'),
  (26, 'abandon', 'queued', 'abandoned'),
  (27, 'abandon', 'running', 'abandoned'),
  (28, 'abandon', 'awaiting_review', 'abandoned'),
  (29, 'abandon', 'failed', 'abandoned'),
  (30, 'abandon', 'expired', 'abandoned'),
  (31, 'reopen', 'completed', 'awaiting_review'),
  (32, 'reopen', 'abandoned', 'awaiting_review'),
  (33, 'reopen', 'expired', 'awaiting_review'),
  (34, 'reopen', 'failed', 'awaiting_review'),
  (35, 'wait', 'awaiting_review', 'awaiting_review'),
  (36, 'claim', 'awaiting_review', 'awaiting_review'),
  (37, 'release', 'awaiting_review', 'awaiting_review'),
  (38, 'assign', 'awaiting_review', 'awaiting_review'),
  (39, 'snooze', 'awaiting_review', 'awaiting_review'),
  (40, 'mark', 'awaiting_review', 'awaiting_review'),
  (41, 'revise', 'awaiting_review', 'awaiting_review'),
  (42, 'dispatch', 'completed', 'completed'),
  (43, 'delivered', 'queued', 'queued'),
  (44, 'delivered', 'running', 'running'),
  (45, 'delivered', 'awaiting_review', 'awaiting_review'),
  (46, 'delivered', 'completed', 'completed'),
  (47, 'delivered', 'failed', 'failed'),
  (48, 'delivered', 'expired', 'expired'),
  (49, 'delivered', 'abandoned', 'abandoned'),
  (50, 'undelivered', 'queued', 'queued'),
  (51, 'undelivered', 'running', 'running'),
  (52, 'undelivered', 'awaiting_review', 'awaiting_review'),
  (53, 'undelivered', 'completed', 'completed'),
  (54, 'undelivered', 'failed', 'failed'),
  (55, 'undelivered', 'expired', 'expired'),
  (56, 'undelivered', 'abandoned', 'abandoned'),
  (57, 'redeliver', 'completed', 'completed'),
  (58, 'withdraw', 'awaiting_review', 'awaiting_review'),
  (59, 'withdraw', 'completed', 'completed'),
  (60, 'confirm', 'awaiting_review', 'awaiting_review'),
  (61, 'confirm', 'completed', 'completed'),
  (62, 'comment', 'queued', 'queued'),
  (63, 'comment', 'running', 'running'),
  (64, 'comment', 'awaiting_review', 'awaiting_review'),
  (65, 'comment', 'completed', 'completed'),
  (66, 'comment', 'failed', 'failed'),
  (67, 'comment', 'expired', 'expired'),
  (68, 'comment', 'abandoned', 'abandoned');

ALTER TABLE job DROP CONSTRAINT job_next_kind_is_known;
ALTER TABLE job ADD CONSTRAINT job_next_kind_is_known CHECK (next_kind IN ('resolve_unknown', 'look_into_trouble', 'answer_permission',
  'decide', 'retry_or_abandon', 'wait_backoff', 'wait_send', 'wait_run', 'none', 'settle_delivery', 'hand_over', 'wait_deliver'));

-- ------------------------------------------------------------------------------------------------ rounds and decisions
ALTER TABLE review_round
  ADD CONSTRAINT review_round_names_a_role_for_each_step CHECK (cardinality(step_roles) IN (0, approvals) AND step_roles <@ '{reviewer,support,lead,owner}'::text[]),
  ADD CONSTRAINT review_round_deadline_is_known CHECK (at_deadline IN ('expires', 'escalates')),
  ADD CONSTRAINT review_round_risk_is_known CHECK (risk BETWEEN 0 AND 2),
  ADD CONSTRAINT review_round_says_what_leaves CHECK (
    (delivery_hash IS NULL AND delivery_kind IS NULL AND delivery_to IS NULL AND delivery_sha256 IS NULL)
    OR (delivery_hash IS NOT NULL AND delivery_kind IS NOT NULL AND delivery_to IS NOT NULL AND delivery_sha256 IS NOT NULL
        AND delivery_problem IS NULL AND kind = 'result')),
  ADD CONSTRAINT review_round_snooze_says_who CHECK (snoozed_until IS NULL OR snoozed_by IS NOT NULL);

-- What a decision lets leave: kind, destination and bytes. lib/deliveries/plan.ts computes the same.
CREATE FUNCTION delivery_hash(kind text, destination text, bytes_sha256 text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to('holdpoint-delivery:1' || chr(10) || kind || chr(10) || destination || chr(10) || bytes_sha256, 'UTF8')), 'hex')
$$;
ALTER TABLE review_round ADD CONSTRAINT review_round_delivery_hash_covers_it CHECK (
  delivery_hash IS NULL OR delivery_hash = delivery_hash(delivery_kind, delivery_to, delivery_sha256));

-- How many different people have approved exactly what the round is about, and exactly what it lets leave. A key without
-- a person counts for nobody, and whoever asked counts only where the policy says so.
CREATE FUNCTION people_who_approved(r review_round, requester text) RETURNS int LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT count(DISTINCT d.user_id)::int FROM decision d
   WHERE d.round_id = r.id AND d.command IN ('approve', 'endorse') AND d.voided_at IS NULL
     AND d.result_hash = r.result_hash AND d.delivery_hash IS NOT DISTINCT FROM r.delivery_hash
     AND (cardinality(r.step_roles) = 0 OR d.step < cardinality(r.step_roles))
     AND (r.requester_may_approve OR d.user_id IS DISTINCT FROM requester)
$$;

CREATE OR REPLACE FUNCTION review_round_keeps_its_policy() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moving text[] := '{due_at,closed_at,outcome,assignee_id,snoozed_until,snoozed_by,snooze_note_sha256,escalated_at}';
  -- A revision is about other bytes, so other bytes leave, and it may ask for more.
  revised text[] := '{result_id,result_hash,delivery_kind,delivery_to,delivery_sha256,delivery_hash,delivery_problem,approvals,step_roles,blind,individually,requester_may_approve,policy_rule,policy_label,risk}';
  is_revised boolean := NEW.result_hash IS DISTINCT FROM OLD.result_hash;
BEGIN
  IF OLD.closed_at IS NOT NULL
     OR to_jsonb(NEW) - moving - (CASE WHEN is_revised THEN revised ELSE '{}' END)
        <> to_jsonb(OLD) - moving - (CASE WHEN is_revised THEN revised ELSE '{}' END)
     OR (OLD.escalated_at IS NOT NULL AND NEW.escalated_at IS DISTINCT FROM OLD.escalated_at) THEN
    RAISE EXCEPTION 'review_round_keeps_its_policy: a closed round and the policy of an open one never change' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.approvals < OLD.approvals OR (OLD.blind AND NOT NEW.blind) OR (NEW.requester_may_approve AND NOT OLD.requester_may_approve)
     OR (cardinality(OLD.step_roles) > 0 AND cardinality(NEW.step_roles) = 0) THEN
    RAISE EXCEPTION 'review_round_keeps_its_policy: a revision never asks for less' USING ERRCODE = 'check_violation';
  END IF;
  IF is_revised AND OLD.blind THEN
    RAISE EXCEPTION 'blind_rounds_are_not_revised: nobody may change what others decide on unseen' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- As before, and: a round of a result asks for the roles and the blindness of its workflow, unless a rule over the result chose.
CREATE FUNCTION review_round_asks_for_its_roles() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  review jsonb := (SELECT v.definition::jsonb -> 'review' FROM job j JOIN workflow_version v ON v.id = j.workflow_version_id WHERE j.id = NEW.job_id);
BEGIN
  IF NEW.kind = 'result' AND NEW.policy_rule IS NULL AND (
    to_jsonb(NEW.step_roles) <> coalesce(review -> 'roles', '[]'::jsonb)
    OR (coalesce((review ->> 'blind')::boolean, false) AND NOT NEW.blind)) THEN
    RAISE EXCEPTION 'review_round_asks_for_its_roles: this workflow asks for other people' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_round_asks_for_its_roles BEFORE INSERT ON review_round FOR EACH ROW EXECUTE FUNCTION review_round_asks_for_its_roles();

-- As before, and: the result that a round is about changes only by a revision that stands in the history.
CREATE OR REPLACE FUNCTION round_agrees_with_its_job() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM check_that_job_stands(NEW.job_id);
  IF TG_OP = 'INSERT' AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = NEW.opened_by AND e.to_state = 'awaiting_review'
      AND e.body::jsonb -> 'round' = jsonb_build_object('number', NEW.number, 'kind', NEW.kind)
      AND e.body::jsonb ->> 'result' IS NOT DISTINCT FROM NEW.result_hash
  ) THEN
    RAISE EXCEPTION 'review_round_opens_by_its_event: no event opens round % as it is', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.result_hash IS DISTINCT FROM NEW.result_hash AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = 'revise' AND e.body::jsonb ->> 'result' = NEW.result_hash
      AND (e.body::jsonb -> 'round' ->> 'number')::int = NEW.number
  ) THEN
    RAISE EXCEPTION 'review_round_is_revised_by_its_event: no event revises the result of round %', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.closed_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = NEW.outcome AND e.from_state = 'awaiting_review'
      AND e.to_state <> 'awaiting_review' AND (e.body::jsonb -> 'round' ->> 'number')::int = NEW.number
  ) THEN
    RAISE EXCEPTION 'review_round_closes_by_its_event: no event closes round % by %', NEW.number, NEW.outcome USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE UNIQUE INDEX round_has_one_approval_a_step ON decision (round_id, step) WHERE command IN ('approve', 'endorse') AND voided_at IS NULL;

-- As before, and: a decision binds what leaves, and stands at its step, by somebody who holds the role of that step.
CREATE OR REPLACE FUNCTION decision_binds_the_open_round() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  r review_round;
  held text[];
  wanted text;
BEGIN
  SELECT * INTO r FROM review_round WHERE id = NEW.round_id FOR UPDATE;
  IF r.id IS NULL OR r.job_id <> NEW.job_id OR r.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'decision_needs_an_open_round: this round is closed' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.command IN ('approve', 'endorse', 'uphold') AND NEW.result_hash IS DISTINCT FROM r.result_hash THEN
    RAISE EXCEPTION 'decision_binds_the_exact_hash: this is not the result that the round is about' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.command IN ('approve', 'endorse') THEN
    IF NEW.delivery_hash IS DISTINCT FROM r.delivery_hash THEN
      RAISE EXCEPTION 'decision_binds_the_exact_delivery: this is not what the round lets leave' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.step IS NULL OR NEW.step <> (
      SELECT count(*) FROM decision d WHERE d.round_id = r.id AND d.command IN ('approve', 'endorse') AND d.voided_at IS NULL
    ) THEN
      RAISE EXCEPTION 'decision_stands_at_its_step: approval % of this round is given out of turn', NEW.step USING ERRCODE = 'check_violation';
    END IF;
    wanted := r.step_roles[NEW.step + 1];
    IF wanted IS NOT NULL THEN
      SELECT roles INTO held FROM user_account WHERE id = NEW.user_id AND deactivated_at IS NULL;
      IF (wanted = ANY (held) OR 'owner' = ANY (held) OR ('lead' = ANY (held) AND wanted IN ('reviewer', 'support'))) IS NOT TRUE THEN
        RAISE EXCEPTION 'decision_needs_its_role: this step asks for the role %', wanted USING ERRCODE = 'check_violation';
      END IF;
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- As before, and: a revision voids what was approved before it.
CREATE OR REPLACE FUNCTION decision_stands_in_the_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  e event;
BEGIN
  SELECT * INTO e FROM event WHERE job_id = NEW.job_id AND seq = NEW.event_seq;
  IF (e.command = NEW.command
      AND (e.body::jsonb -> 'round' ->> 'number')::int = (SELECT number FROM review_round WHERE id = NEW.round_id)
      AND CASE WHEN NEW.user_id IS NULL THEN e.actor_kind = 'api_key' AND e.actor_id = NEW.api_key_id::text
               ELSE e.actor_kind = 'person' AND e.actor_id = NEW.user_id END
      AND (NEW.user_id IS NULL OR EXISTS (SELECT 1 FROM user_account WHERE id = NEW.user_id))
      AND (NEW.api_key_id IS NULL OR EXISTS (SELECT 1 FROM api_key WHERE id = NEW.api_key_id))) IS NOT TRUE THEN
    RAISE EXCEPTION 'decision_stands_in_the_history: event % is not this decision', NEW.event_seq USING ERRCODE = 'check_violation';
  END IF;
  -- An undo that follows it, or a revision of what it was about.
  IF NEW.voided_at IS NOT NULL AND NOT (
    (e.to_state = 'completed' AND EXISTS (
      SELECT 1 FROM event u WHERE u.job_id = NEW.job_id AND u.command = 'undo' AND u.seq > e.seq AND NOT EXISTS (
        SELECT 1 FROM event x WHERE x.job_id = NEW.job_id AND x.seq > e.seq AND x.seq < u.seq
          AND x.command NOT IN ('comment', 'withdraw'))))
    OR (e.command IN ('approve', 'endorse') AND EXISTS (
      SELECT 1 FROM event u WHERE u.job_id = NEW.job_id AND u.seq > e.seq
        AND (u.command = 'revise' OR (u.command = 'undo' AND e.command = 'endorse'))))
  ) THEN
    RAISE EXCEPTION 'decision_is_voided_by_undo: no undo and no revision follows this decision' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- As before, and: approving commits what leaves, undoing comes before anything has left, and nothing leaves after an
-- abandon.
CREATE OR REPLACE FUNCTION job_agrees_with_its_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  old_state text := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.state END;
  command text := NEW.last_command;
  said jsonb;
  r review_round;
  counted int;
  accepted jsonb;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.version = OLD.version THEN RETURN NULL; END IF;
  SELECT e.body::jsonb INTO said FROM event e
   WHERE e.job_id = NEW.id AND e.seq = NEW.version AND e.hash = NEW.head_hash AND e.command = NEW.last_command
     AND e.from_state IS NOT DISTINCT FROM old_state AND e.to_state = NEW.state;
  IF said IS NULL OR (said ->> 'at')::timestamptz IS DISTINCT FROM NEW.changed_at
     OR (said ->> 'dueAt')::timestamptz IS DISTINCT FROM NEW.due_at
     OR (said ->> 'settledAt')::timestamptz IS DISTINCT FROM NEW.settled_at THEN
    RAISE EXCEPTION 'job_agrees_with_its_history: version % of job % has no event that says so', NEW.version, NEW.number USING ERRCODE = 'check_violation';
  END IF;
  PERFORM check_that_job_stands(NEW.id);

  IF old_state = 'awaiting_review' OR NEW.state = 'awaiting_review' THEN
    SELECT * INTO r FROM review_round WHERE job_id = NEW.id AND number = (said -> 'round' ->> 'number')::int;
    IF r.id IS NULL OR r.kind IS DISTINCT FROM said -> 'round' ->> 'kind' THEN
      RAISE EXCEPTION 'command_names_its_round: % of job % names no round of it', command, NEW.number USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'awaiting_review' AND r.closed_at IS NOT NULL AND EXISTS (SELECT 1 FROM job WHERE id = NEW.id AND version = NEW.version) THEN
      RAISE EXCEPTION 'command_names_its_round: % of job % names a closed round', command, NEW.number USING ERRCODE = 'check_violation';
    END IF;
    IF old_state <> 'awaiting_review' AND r.opened_by <> command THEN
      RAISE EXCEPTION 'command_opens_its_round: round % was not opened by %', r.number, command USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> 'awaiting_review' AND r.outcome IS DISTINCT FROM command THEN
      RAISE EXCEPTION 'command_closes_its_round: round % was not closed by %', r.number, command USING ERRCODE = 'check_violation';
    END IF;
    IF r.kind <> (CASE WHEN command IN ('approve', 'endorse', 'uphold', 'revise', 'mark') THEN 'result' WHEN command = 'answer' THEN 'permission'
                       WHEN command IN ('adopt', 'wait') AND r.kind <> 'trouble' THEN 'unknown' ELSE r.kind END) THEN
      RAISE EXCEPTION 'command_fits_its_round: % is not for a round of kind %', command, r.kind USING ERRCODE = 'check_violation';
    END IF;
  END IF;

  IF command = 'uphold' THEN
    IF r.opened_by <> 'reopen' THEN
      RAISE EXCEPTION 'uphold_answers_a_reopen: this round was not opened by reopen' USING ERRCODE = 'check_violation';
    END IF;
    SELECT e.body::jsonb INTO accepted FROM event e
     WHERE e.job_id = NEW.id AND e.seq < NEW.version AND (e.command = 'undo' OR e.command IN ('accept', 'approve', 'uphold'))
     ORDER BY e.seq DESC LIMIT 1;
    IF accepted ->> 'command' IS NOT DISTINCT FROM 'undo' OR accepted ->> 'result' IS DISTINCT FROM r.result_hash THEN
      RAISE EXCEPTION 'uphold_keeps_what_was_accepted: this is not the result that was accepted last' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command = 'approve' THEN
    counted := people_who_approved(r, NEW.requester_id);
    IF counted < r.approvals THEN
      RAISE EXCEPTION 'approval_needs_its_people: the policy of this round asks for % different people, % have approved exactly this result', r.approvals, counted USING ERRCODE = 'check_violation';
    END IF;
    IF r.delivery_problem IS NOT NULL THEN
      RAISE EXCEPTION 'approval_needs_a_delivery_that_can_leave: %', r.delivery_problem USING ERRCODE = 'check_violation';
    END IF;
    IF r.delivery_hash IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM delivery d WHERE d.job_id = NEW.id AND d.round_id = r.id AND d.delivery_hash = r.delivery_hash
        AND d.event_seq = NEW.version
    ) THEN
      RAISE EXCEPTION 'approval_commits_its_delivery: what round % lets leave is not in the outbox', r.number USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command = 'accept' THEN
    IF (SELECT approvals FROM workflow_version WHERE id = NEW.workflow_version_id) > 0 THEN
      RAISE EXCEPTION 'accept_only_where_policy_asks_for_nobody: this workflow asks for people' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command = 'undo' THEN
    IF EXISTS (
      SELECT 1 FROM delivery d WHERE d.job_id = NEW.id AND d.state <> 'withdrawn' AND d.event_seq = (
        SELECT max(e.seq) FROM event e WHERE e.job_id = NEW.id AND e.command = 'approve')
    ) THEN
      RAISE EXCEPTION 'undo_before_anything_leaves: what was approved has left, or still may' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command IN ('abandon', 'retry') THEN
    IF EXISTS (SELECT 1 FROM delivery d WHERE d.job_id = NEW.id AND d.state = 'pending') THEN
      RAISE EXCEPTION 'nothing_leaves_after_abandon: a delivery of job % still waits to be sent', NEW.number USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command = 'requeue' THEN
    IF (said -> 'failure' ->> 'class' IN ('infrastructure', 'timeout')) IS NOT TRUE THEN
      RAISE EXCEPTION 'only_infrastructure_and_timeouts_retry: failures of the class % never retry by themselves', said -> 'failure' ->> 'class' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command = 'answer' THEN
    IF EXISTS (SELECT 1 FROM tool_call c WHERE c.round_id = r.id AND c.state = 'waiting') THEN
      RAISE EXCEPTION 'answer_leaves_no_call_waiting: a call of round % has no answer', r.number USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command = 'proceed' THEN
    IF NOT EXISTS (SELECT 1 FROM tool_call c WHERE c.attempt_id = NEW.continues_id)
       OR EXISTS (SELECT 1 FROM tool_call c WHERE c.attempt_id = NEW.continues_id AND c.state = 'waiting') THEN
      RAISE EXCEPTION 'proceed_needs_calls_that_wait_for_nobody: a call of job % waits for a person', NEW.number USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command = 'start' THEN
    IF NOT EXISTS (SELECT 1 FROM attempt a WHERE a.job_id = NEW.id AND a.fence = NEW.fence) THEN
      RAISE EXCEPTION 'start_commits_its_attempt: job % starts without an attempt of fence %', NEW.number, NEW.fence USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- ------------------------------------------------------------------------------------------------ the desk
ALTER TABLE review_claim ADD CONSTRAINT review_claim_ends_after_it_began CHECK (lease_until >= claimed_at);
CREATE UNIQUE INDEX person_holds_one_place_in_a_round ON review_claim (round_id, user_id) WHERE released_at IS NULL;
ALTER TABLE claim_mark
  ADD CONSTRAINT claim_mark_verdict_is_known CHECK (verdict IN ('supported', 'contradicted', 'not_verifiable', 'none')),
  ADD CONSTRAINT claim_mark_is_of_a_claim CHECK (claim >= 0);
CREATE FUNCTION claim_mark_stands_in_the_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM event e JOIN review_round r ON r.id = NEW.round_id AND r.job_id = NEW.job_id AND r.closed_at IS NULL AND r.result_hash = NEW.result_hash
     WHERE e.job_id = NEW.job_id AND e.seq = NEW.event_seq AND e.command = 'mark' AND e.actor_id = NEW.user_id
  ) THEN
    RAISE EXCEPTION 'claim_mark_stands_in_the_history: no event of this round marks this claim' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claim_mark_stands_in_the_history BEFORE INSERT ON claim_mark FOR EACH ROW EXECUTE FUNCTION claim_mark_stands_in_the_history();
CREATE TRIGGER claim_mark_is_immutable BEFORE UPDATE OR DELETE ON claim_mark FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER claim_mark_is_never_truncated BEFORE TRUNCATE ON claim_mark FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
ALTER TABLE review_work ADD CONSTRAINT review_work_is_never_negative CHECK (hands_on_ms IS NULL OR hands_on_ms >= 0);

-- Serves the inbox: the open rounds.
CREATE INDEX review_round_is_open ON review_round (due_at, job_id) WHERE closed_at IS NULL;
-- Serves the inbox: completed jobs whose delivery asks for somebody.
CREATE INDEX job_delivery_asks ON job (next_kind, next_due_at) WHERE state = 'completed' AND next_kind <> 'none';
-- Serves the rate at which people overturn samples.
CREATE INDEX review_round_is_a_sample ON review_round (opened_at DESC) WHERE is_sample;
CREATE INDEX notice_is_due_by_email ON notice (at) WHERE email_state = 'due';

INSERT INTO review_reason (key, label, commands, position) VALUES
  ('wrong', 'The facts are wrong', '{retry,abandon}', 1),
  ('unsupported', 'The documents do not carry it', '{retry,abandon}', 2),
  ('incomplete', 'Something is missing', '{retry,abandon}', 3),
  ('tone', 'The tone or form is not right', '{retry}', 4),
  ('not_needed', 'It is no longer needed', '{abandon}', 5),
  ('known', 'I know it from elsewhere', '{approve}', 6),
  ('not_important', 'It does not matter for this', '{approve}', 7);

-- ------------------------------------------------------------------------------------------------ the outbox
ALTER TABLE delivery
  ADD CONSTRAINT delivery_state_is_known CHECK (state IN ('pending', 'sending', 'unknown', 'delivered', 'failed', 'withdrawn')),
  ADD CONSTRAINT delivery_kind_is_known CHECK (kind IN ('http', 'email', 'file', 'by_hand')),
  ADD CONSTRAINT delivery_hash_covers_it CHECK (delivery_hash = delivery_hash(kind, destination, bytes_sha256)),
  ADD CONSTRAINT delivery_by_hand_is_confirmed CHECK (kind <> 'by_hand' OR (state IN ('pending', 'delivered', 'withdrawn') AND (state <> 'delivered' OR reference IS NOT NULL)));
CREATE UNIQUE INDEX acceptance_has_one_delivery ON delivery (job_id, event_seq) WHERE event_seq > 0;
CREATE INDEX delivery_is_unfinished ON delivery (job_id) WHERE state IN ('pending', 'sending');

-- The boundary. A row of the outbox exists only together with the acceptance that allows it, by the people that its
-- round asks for, on exactly this result and exactly these bytes.
CREATE FUNCTION delivery_needs_its_decisions() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  j job;
  r review_round;
  e record;
  counted int;
BEGIN
  SELECT * INTO j FROM job WHERE id = NEW.job_id FOR UPDATE;
  IF j.id IS NULL OR j.state <> 'completed' THEN
    RAISE EXCEPTION 'delivery_needs_an_accepted_job: job % is %, and only what was accepted leaves', j.number, j.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> 'pending' OR NEW.tries <> 0 OR NEW.changed_seq <> NEW.event_seq OR NEW.reference IS NOT NULL THEN
    RAISE EXCEPTION 'delivery_starts_pending: a new delivery waits to be sent' USING ERRCODE = 'check_violation';
  END IF;
  SELECT command, body::jsonb AS body, xmin = pg_current_xact_id()::xid AS is_new INTO e FROM event WHERE job_id = NEW.job_id AND seq = NEW.event_seq;
  IF (e.is_new AND e.command IN ('approve', 'accept') AND NEW.event_seq = j.version
      AND e.body ->> 'result' = NEW.result_hash AND e.body -> 'delivery' ->> 'hash' = NEW.delivery_hash) IS NOT TRUE THEN
    RAISE EXCEPTION 'delivery_comes_with_its_acceptance: nothing that is being accepted now lets this leave' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM blob WHERE sha256 = NEW.bytes_sha256) THEN
    RAISE EXCEPTION 'delivery_has_its_bytes: the bytes that would leave are not stored' USING ERRCODE = 'check_violation';
  END IF;
  IF e.command = 'accept' THEN
    IF NEW.round_id IS NOT NULL OR (SELECT approvals FROM workflow_version WHERE id = j.workflow_version_id) > 0 THEN
      RAISE EXCEPTION 'delivery_needs_its_decisions: this workflow asks for people, and nobody decided' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO r FROM review_round WHERE id = NEW.round_id AND job_id = NEW.job_id AND number = (e.body -> 'round' ->> 'number')::int FOR UPDATE;
  IF r.id IS NULL OR r.result_hash IS DISTINCT FROM NEW.result_hash OR r.delivery_hash IS DISTINCT FROM NEW.delivery_hash THEN
    RAISE EXCEPTION 'delivery_is_what_was_decided_on: the round is about another result, or lets something else leave' USING ERRCODE = 'check_violation';
  END IF;
  counted := people_who_approved(r, j.requester_id);
  IF counted < r.approvals THEN
    RAISE EXCEPTION 'delivery_needs_its_decisions: the policy of round % asks for % different people, % have approved exactly this', r.number, r.approvals, counted USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_needs_its_decisions BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_needs_its_decisions();

-- What leaves never changes; where it stands changes along these steps, each by an event of the same transaction.
CREATE FUNCTION delivery_goes_its_way() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moving text[] := '{state,changed_seq,changed_at,tries,next_try_at,begun_at,worker_id,tried_at,http_status,code,answer_sha256,reference}';
  j job;
  said text;
BEGIN
  IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
    RAISE EXCEPTION 'delivery_keeps_what_was_decided: its bytes, its destination and its id never change' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = OLD.state THEN
    IF OLD.state IN ('delivered', 'withdrawn', 'failed', 'unknown') OR NEW.changed_seq <> OLD.changed_seq THEN
      RAISE EXCEPTION 'delivery_goes_its_way: a delivery that is % stays as it is', OLD.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT command INTO said FROM event WHERE job_id = NEW.job_id AND seq = NEW.changed_seq AND xmin = pg_current_xact_id()::xid;
  IF (CASE OLD.state || ' ' || NEW.state
        WHEN 'pending sending' THEN said = 'dispatch'
        WHEN 'pending delivered' THEN said = 'confirm' AND NEW.kind = 'by_hand'
        WHEN 'pending withdrawn' THEN said IN ('withdraw', 'undo', 'abandon', 'retry', 'approve')
        WHEN 'sending delivered' THEN said = 'delivered'
        WHEN 'sending failed' THEN said = 'undelivered'
        WHEN 'sending unknown' THEN said = 'undelivered'
        WHEN 'failed pending' THEN said = 'redeliver'
        WHEN 'failed withdrawn' THEN said = 'withdraw'
        WHEN 'unknown pending' THEN said = 'redeliver'
        WHEN 'unknown delivered' THEN said = 'confirm'
        WHEN 'unknown withdrawn' THEN said = 'withdraw'
      END) IS NOT TRUE THEN
    RAISE EXCEPTION 'delivery_goes_its_way: % does not lead from % to %', coalesce(said, 'nothing'), OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state IN ('sending', 'pending') THEN
    SELECT * INTO j FROM job WHERE id = NEW.job_id FOR UPDATE;
    IF j.state <> 'completed' OR EXISTS (
      SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.seq > NEW.event_seq AND e.command IN ('approve', 'accept', 'abandon', 'retry', 'undo')
    ) THEN
      RAISE EXCEPTION 'delivery_starts_only_while_accepted: what allowed it no longer stands' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_goes_its_way BEFORE UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_goes_its_way();
CREATE TRIGGER delivery_is_never_removed BEFORE DELETE ON delivery FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER delivery_is_never_truncated BEFORE TRUNCATE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER delivery_try_is_immutable BEFORE UPDATE OR DELETE ON delivery_try FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER delivery_try_is_never_truncated BEFORE TRUNCATE ON delivery_try FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

-- Pages hear of it.
CREATE TRIGGER delivery_tells_of_change AFTER INSERT OR UPDATE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_jobs();

-- As before, and what was accepted and has not left yet.
CREATE OR REPLACE FUNCTION holdpoint_unwoken(at_most int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT j.id FROM public.job j
   WHERE j.state IN ('queued', 'running', 'awaiting_review')
     AND NOT (j.state = 'queued' AND EXISTS (
       SELECT 1 FROM public.queue_stop s WHERE s.workflow_key = j.workflow_key AND s.resumed_at IS NULL))
     AND NOT EXISTS (
       SELECT 1 FROM graphile_worker._private_jobs g
        WHERE g.key = 'job:' || j.id::text AND g.attempts < g.max_attempts
          AND (g.locked_at IS NOT NULL OR (
            (j.due_at IS NULL OR g.run_at <= greatest(j.due_at, now()) + interval '10 seconds'
              OR (j.state = 'running' AND EXISTS (
                SELECT 1 FROM public.queue_stop s WHERE s.workflow_key = j.workflow_key AND s.resumed_at IS NULL)))
            AND (j.state <> 'queued' OR g.attempts > 0 OR g.run_at <= greatest(j.not_before, now()) + interval '130 seconds'
              OR EXISTS (SELECT 1 FROM public.attempt a WHERE a.job_id = j.id AND a.ended_at IS NULL)
              -- A call of the model has its next try then.
              OR EXISTS (SELECT 1 FROM public.tool_call c WHERE c.job_id = j.id AND c.state = 'sending' AND c.next_try_at > now())))))
  UNION
  SELECT a.job_id FROM public.attempt a
   WHERE a.ended_at IS NULL
     AND NOT EXISTS (
       SELECT 1 FROM graphile_worker._private_jobs g
        WHERE g.key = 'job:' || a.job_id::text AND g.attempts < g.max_attempts)
  UNION
  -- What was accepted and has not left yet.
  SELECT d.job_id FROM public.delivery d JOIN public.job j ON j.id = d.job_id
   WHERE ((d.state = 'pending' AND j.state = 'completed') OR d.state = 'sending') AND d.kind <> 'by_hand'
     AND NOT EXISTS (
       SELECT 1 FROM graphile_worker._private_jobs g
        WHERE g.key = 'job:' || d.job_id::text AND g.attempts < g.max_attempts)
   LIMIT at_most
$$;

-- ------------------------------------------------------------------------------------------------ the application's role
GRANT SELECT ON ALL TABLES IN SCHEMA public TO holdpoint_app;
GRANT INSERT ON review_claim, claim_mark, review_work, presence, review_reason, saved_note, user_preference, delivery, delivery_try TO holdpoint_app;
GRANT UPDATE ON review_claim, review_work, presence, review_reason, saved_note, user_preference, delivery TO holdpoint_app;
GRANT DELETE ON presence, saved_note TO holdpoint_app;
