-- Mended rules over rounds, decisions and what leaves. Rules of before that are left out here stand as they were.

-- What a role may do beside itself, as everywhere.
CREATE FUNCTION role_covers(held text, wanted text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT held = wanted OR held = 'owner' OR (held = 'lead' AND wanted IN ('reviewer', 'support'))
$$;
-- Whether whoever satisfies `asked`, in its order, has satisfied every step of `base` too: as in lib/review/stricter.ts.
CREATE FUNCTION roles_cover(asked text[], base text[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  step int := 1;
  role text;
BEGIN
  FOREACH role IN ARRAY coalesce(asked, '{}') LOOP
    IF step <= cardinality(base) AND role_covers(role, base[step]) THEN step := step + 1; END IF;
  END LOOP;
  RETURN step > cardinality(base);
END $$;

ALTER TABLE review_round ADD CONSTRAINT review_round_names_its_roles CHECK (step_roles IS NOT NULL);

-- As before, and: a revision names roles that cover those of before, and may neither be decided with others nor look less risky.
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
     OR NOT roles_cover(NEW.step_roles, OLD.step_roles) OR (OLD.individually AND NOT NEW.individually) OR NEW.risk < OLD.risk THEN
    RAISE EXCEPTION 'review_round_keeps_its_policy: a revision never asks for less' USING ERRCODE = 'check_violation';
  END IF;
  IF is_revised AND OLD.blind THEN
    RAISE EXCEPTION 'blind_rounds_are_not_revised: nobody may change what others decide on unseen' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- As before, and: a rule that chose the policy of a round is one of its workflow, and has only added to it.
CREATE OR REPLACE FUNCTION review_round_asks_for_its_roles() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  review jsonb := (SELECT v.definition::jsonb -> 'review' FROM job j JOIN workflow_version v ON v.id = j.workflow_version_id WHERE j.id = NEW.job_id);
BEGIN
  IF NEW.kind = 'result' AND (
    NOT roles_cover(NEW.step_roles, ARRAY(SELECT jsonb_array_elements_text(coalesce(review -> 'roles', '[]'::jsonb))))
    OR (NEW.policy_rule IS NULL AND to_jsonb(NEW.step_roles) IS DISTINCT FROM coalesce(review -> 'roles', '[]'::jsonb))
    OR (coalesce((review ->> 'blind')::boolean, false) AND NOT NEW.blind)
    OR (coalesce((review ->> 'individually')::boolean, false) AND NOT NEW.individually)) THEN
    RAISE EXCEPTION 'review_round_asks_for_its_roles: this workflow asks for other people' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.policy_rule IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements(coalesce(review -> 'byRisk', '[]'::jsonb)) rule WHERE rule ->> 'id' = NEW.policy_rule) THEN
    RAISE EXCEPTION 'review_round_names_a_rule_of_its_workflow: there is no rule %', NEW.policy_rule USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- As before, and: whose a round is, until when it is away, and that it was escalated stand in the history.
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
  IF TG_OP = 'UPDATE' AND NEW.assignee_id IS DISTINCT FROM OLD.assignee_id AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = 'assign' AND e.body::jsonb ->> 'person' IS NOT DISTINCT FROM NEW.assignee_id
      AND (e.body::jsonb -> 'round' ->> 'number')::int = NEW.number
  ) OR TG_OP = 'UPDATE' AND NEW.snoozed_until IS DISTINCT FROM OLD.snoozed_until AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = 'snooze'
      AND (e.body::jsonb ->> 'until')::timestamptz IS NOT DISTINCT FROM NEW.snoozed_until
      AND (e.body::jsonb -> 'round' ->> 'number')::int = NEW.number
  ) OR TG_OP = 'UPDATE' AND NEW.escalated_at IS DISTINCT FROM OLD.escalated_at AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = 'escalate' AND e.at = NEW.escalated_at
      AND (e.body::jsonb -> 'round' ->> 'number')::int = NEW.number
  ) THEN
    RAISE EXCEPTION 'review_round_changes_by_its_event: no event assigns, snoozes or escalates round % so', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.closed_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = NEW.outcome AND e.from_state = 'awaiting_review'
      AND e.to_state <> 'awaiting_review' AND (e.body::jsonb -> 'round' ->> 'number')::int = NEW.number
  ) THEN
    RAISE EXCEPTION 'review_round_closes_by_its_event: no event closes round % by %', NEW.number, NEW.outcome USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- As before. The lock keeps other decisions out, and lets in what only refers to the round: a reader who notes that it was
-- opened would wait for the decision, and the decision for their note.
CREATE OR REPLACE FUNCTION decision_binds_the_open_round() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  r review_round;
  held text[];
  wanted text;
BEGIN
  SELECT * INTO r FROM review_round WHERE id = NEW.round_id FOR NO KEY UPDATE;
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

-- As before, and: between an approval and its undo, what an earlier acceptance let leave may come to its end.
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
          AND x.command NOT IN ('comment', 'withdraw', 'delivered', 'undelivered', 'confirm'))))
    OR (e.command IN ('approve', 'endorse') AND EXISTS (
      SELECT 1 FROM event u WHERE u.job_id = NEW.job_id AND u.seq > e.seq
        AND (u.command = 'revise' OR (u.command = 'undo' AND e.command = 'endorse'))))
  ) THEN
    RAISE EXCEPTION 'decision_is_voided_by_undo: no undo and no revision follows this decision' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- As before, and: what was tried once is not taken back, though it waits to be tried anew.
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
      SELECT 1 FROM delivery d WHERE d.job_id = NEW.id AND (d.state <> 'withdrawn' OR d.tries > 0) AND d.event_seq = (
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
