-- Rules that the database itself enforces over calls of the model, failure rules, webhooks and money.

-- ------------------------------------------------------------------------------------------------ the life cycle
-- Three moves more: proceed (calls that need nobody's leave), postpone (a queue that stood still), hold from queued.
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
  (16, 'approve', 'awaiting_review', 'completed'),
  (17, 'endorse', 'awaiting_review', 'awaiting_review'),
  (18, 'answer', 'awaiting_review', 'queued'),
  (19, 'uphold', 'awaiting_review', 'completed'),
  (20, 'undo', 'completed', 'awaiting_review'),
  (21, 'retry', 'awaiting_review', 'queued'),
  (22, 'retry', 'failed', 'queued'),
  (23, 'retry', 'expired', 'queued'),
  (24, 'retry', 'abandoned', 'queued'),
  (25, 'abandon', 'queued', 'abandoned'),
  (26, 'abandon', 'running', 'abandoned'),
  (27, 'abandon', 'awaiting_review', 'abandoned'),
  (28, 'abandon', 'failed', 'abandoned'),
  (29, 'abandon', 'expired', 'abandoned'),
  (30, 'reopen', 'completed', 'awaiting_review'),
  (31, 'reopen', 'abandoned', 'awaiting_review'),
  (32, 'reopen', 'expired', 'awaiting_review'),
  (33, 'reopen', 'failed', 'awaiting_review'),
  (34, 'wait', 'awaiting_review', 'awaiting_review'),
  (35, 'comment', 'queued', 'queued'),
  (36, 'comment', 'running', 'running'),
  (37, 'comment', 'awaiting_review', 'awaiting_review'),
  (38, 'comment', 'completed', 'completed'),
  (39, 'comment', 'failed', 'failed'),
  (40, 'comment', 'expired', 'expired'),
  (41, 'comment', 'abandoned', 'abandoned');

-- As before, and: only two classes are tried again by themselves, and no run goes on over a call that waits.
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
    IF r.kind <> (CASE WHEN command IN ('approve', 'endorse', 'uphold') THEN 'result' WHEN command = 'answer' THEN 'permission'
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
    SELECT count(DISTINCT d.user_id) INTO counted FROM decision d
     WHERE d.round_id = r.id AND d.command IN ('approve', 'endorse') AND d.voided_at IS NULL
       AND d.result_hash = r.result_hash
       AND (r.requester_may_approve OR d.user_id IS DISTINCT FROM NEW.requester_id);
    IF counted < r.approvals THEN
      RAISE EXCEPTION 'approval_needs_its_people: the policy of this round asks for % different people, % have approved exactly this result', r.approvals, counted USING ERRCODE = 'check_violation';
    END IF;
  ELSIF command = 'accept' THEN
    IF (SELECT approvals FROM workflow_version WHERE id = NEW.workflow_version_id) > 0 THEN
      RAISE EXCEPTION 'accept_only_where_policy_asks_for_nobody: this workflow asks for people' USING ERRCODE = 'check_violation';
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

-- As before, without what stands in a queue that a lead must resume: resuming wakes it, and until then no deadline
-- does. A queued job that waits for its turn under the rate limit asks again within two minutes.
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
   LIMIT at_most
$$;

-- ------------------------------------------------------------------------------------------------ calls of the model
ALTER TABLE tool_call
  ADD CONSTRAINT tool_call_kind_is_known CHECK (kind IN ('function', 'mcp')),
  ADD CONSTRAINT tool_call_risk_is_known CHECK (risk IN ('read', 'write', 'forbidden')),
  ADD CONSTRAINT tool_call_state_is_known CHECK (state IN ('waiting', 'permitted', 'denied', 'refused', 'sending', 'answered', 'failed')),
  ADD CONSTRAINT tool_call_that_is_forbidden_is_never_made CHECK (risk <> 'forbidden' OR state = 'refused'),
  ADD CONSTRAINT tool_call_that_writes_needs_a_person CHECK (
    risk <> 'write' OR state IN ('waiting', 'refused') OR (round_id IS NOT NULL AND decided_seq IS NOT NULL)),
  ADD CONSTRAINT tool_call_waits_in_its_round CHECK (state <> 'waiting' OR round_id IS NOT NULL),
  ADD CONSTRAINT tool_call_is_made_with_permitted_arguments CHECK (state IN ('waiting', 'denied', 'refused') OR permitted_sha256 IS NOT NULL),
  ADD CONSTRAINT tool_call_is_stored_before_it_is_made CHECK (state <> 'sending' OR (request_sha256 IS NOT NULL AND sent_at IS NOT NULL)),
  ADD CONSTRAINT tool_call_answer_is_kept CHECK ((state = 'answered') = (answer_sha256 IS NOT NULL)),
  ADD CONSTRAINT tool_call_of_mcp_is_made_elsewhere CHECK (kind <> 'mcp' OR state NOT IN ('sending', 'answered', 'failed'));

-- What the model asked for never changes; where a call stands changes along these steps, once.
CREATE FUNCTION tool_call_goes_its_way() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moving text[] := '{state,code,tries,next_try_at,sent_at,http_status}';
  before jsonb := jsonb_strip_nulls(to_jsonb(OLD) - moving);
BEGIN
  IF NEW.round_id IS DISTINCT FROM OLD.round_id
     OR EXISTS (SELECT 1 FROM jsonb_each(before) b WHERE to_jsonb(NEW) -> b.key IS DISTINCT FROM to_jsonb(OLD) -> b.key)
     OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at) THEN
    RAISE EXCEPTION 'tool_call_keeps_what_was_asked: a call and its answer are never changed' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT ((OLD.state = 'waiting' AND NEW.state IN ('permitted', 'denied'))
       OR (OLD.state = 'permitted' AND NEW.state = 'sending')
       OR (OLD.state = 'sending' AND NEW.state IN ('sending', 'answered', 'failed'))) THEN
    RAISE EXCEPTION 'tool_call_is_made_once: % does not lead to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tool_call_goes_its_way BEFORE UPDATE ON tool_call FOR EACH ROW EXECUTE FUNCTION tool_call_goes_its_way();

CREATE FUNCTION tool_call_comes_with_its_payload() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  a record;
BEGIN
  SELECT job_id, payload_sha256, xmin = pg_current_xact_id()::xid AS is_new INTO a FROM attempt WHERE id = NEW.attempt_id;
  IF a.job_id IS DISTINCT FROM NEW.job_id OR a.payload_sha256 IS NULL OR NOT a.is_new
     OR NOT EXISTS (SELECT 1 FROM trace_item t WHERE t.attempt_id = NEW.attempt_id AND t.position = NEW.position) THEN
    RAISE EXCEPTION 'tool_call_comes_with_its_payload: a call is one that the model asked for in this answer' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state NOT IN ('waiting', 'refused') AND NOT (NEW.state = 'permitted' AND NEW.risk = 'read') THEN
    RAISE EXCEPTION 'tool_call_starts_undecided: a new call waits, is refused, or only reads' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tool_call_comes_with_its_payload BEFORE INSERT ON tool_call FOR EACH ROW EXECUTE FUNCTION tool_call_comes_with_its_payload();

-- At commit: what a person decided of a call stands in the history, as the answer in the round in which it waited.
CREATE FUNCTION tool_call_is_answered_in_its_round() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.round_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM review_round r WHERE r.id = NEW.round_id AND r.job_id = NEW.job_id AND r.kind = 'permission' AND r.attempt_id = NEW.attempt_id
  ) THEN
    RAISE EXCEPTION 'tool_call_waits_in_its_round: this round does not ask for it' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.decided_seq IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event e JOIN review_round r ON r.id = NEW.round_id JOIN job j ON j.id = NEW.job_id
     WHERE e.job_id = NEW.job_id AND e.seq = NEW.decided_seq AND e.command = 'answer'
       -- Allowing is for a person, and for another than asked where the policy says so.
       AND (NEW.state = 'denied' OR EXISTS (
         SELECT 1 FROM decision d JOIN user_account u ON u.id = d.user_id
          WHERE d.job_id = NEW.job_id AND d.event_seq = NEW.decided_seq AND d.command = 'answer'
            AND (r.requester_may_approve OR d.user_id IS DISTINCT FROM j.requester_id)))
       AND (e.body::jsonb -> 'round' ->> 'number')::int = r.number
       AND e.body::jsonb -> 'calls' @> jsonb_build_array(jsonb_build_object(
             'id', NEW.id::text, 'allowed', NEW.state <> 'denied',
             'arguments', CASE WHEN NEW.state = 'denied' THEN NEW.arguments_sha256 ELSE NEW.permitted_sha256 END))
  ) THEN
    RAISE EXCEPTION 'tool_call_is_answered_in_its_round: no answer in the history is about this call with these arguments' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tool_call_is_answered_in_its_round AFTER INSERT OR UPDATE ON tool_call
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tool_call_is_answered_in_its_round();

-- A page that shows a call hears where it stands.
CREATE TRIGGER tool_call_tells_of_change AFTER INSERT OR UPDATE ON tool_call FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_jobs();

CREATE TRIGGER tool_call_is_never_removed BEFORE DELETE ON tool_call FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER tool_call_is_never_truncated BEFORE TRUNCATE ON tool_call FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

-- ------------------------------------------------------------------------------------------------ rules, prices, limits
CREATE TRIGGER failure_rule_set_is_immutable BEFORE UPDATE OR DELETE ON failure_rule_set FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER failure_rule_set_is_never_truncated BEFORE TRUNCATE ON failure_rule_set FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER price_is_immutable BEFORE UPDATE OR DELETE ON price FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER price_is_never_truncated BEFORE TRUNCATE ON price FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER day_budget_is_immutable BEFORE UPDATE OR DELETE ON day_budget FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER day_budget_is_never_truncated BEFORE TRUNCATE ON day_budget FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

ALTER TABLE price
  ADD CONSTRAINT price_is_of_a_model_or_a_tool CHECK (
    (kind = 'model' AND input_micros >= 0 AND output_micros >= 0 AND call_micros IS NULL AND (cached_micros IS NULL OR cached_micros >= 0))
    OR (kind = 'tool' AND call_micros >= 0 AND input_micros IS NULL AND cached_micros IS NULL AND output_micros IS NULL)),
  ADD CONSTRAINT price_says_where_it_is_from CHECK (length(source) > 0);
ALTER TABLE day_budget ADD CONSTRAINT day_budget_is_positive CHECK (micros IS NULL OR micros > 0);
ALTER TABLE budget_account ADD CONSTRAINT budget_account_is_never_below_zero CHECK (reserved_micros >= 0 AND spent_micros >= 0);
ALTER TABLE budget_entry ADD CONSTRAINT budget_entry_settles_once CHECK (
  reserved_micros >= 0 AND (settled_micros IS NULL OR settled_micros >= 0) AND (settled_micros IS NULL) = (settled_at IS NULL));
CREATE FUNCTION budget_entry_settles_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL
     OR (to_jsonb(NEW) - '{settled_at,settled_micros}'::text[]) <> (to_jsonb(OLD) - '{settled_at,settled_micros}'::text[]) THEN
    RAISE EXCEPTION 'budget_entry_settles_once: what was reserved is settled once and stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER budget_entry_settles_once BEFORE UPDATE ON budget_entry FOR EACH ROW EXECUTE FUNCTION budget_entry_settles_once();

-- As before, and: a cost that nobody knew may be seen later, and then says how it came about.
CREATE OR REPLACE FUNCTION attempt_keeps_what_it_was() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  may_change text[] := CASE
    WHEN OLD.ended_at IS NULL THEN '{provider_status,request_id,failure_class,failure_code,outcome,provider_copy_until}'::text[]
    WHEN OLD.provider_status IN ('sending', 'unknown') THEN '{provider_status}'::text[]
    ELSE '{}'::text[] END
    || CASE WHEN OLD.cost_micros IS NULL THEN '{cost_lines}'::text[] ELSE '{}'::text[] END;
  before jsonb := jsonb_strip_nulls(to_jsonb(OLD) - may_change);
BEGIN
  IF EXISTS (SELECT 1 FROM jsonb_each(before) b WHERE to_jsonb(NEW) -> b.key IS DISTINCT FROM to_jsonb(OLD) -> b.key)
     OR (OLD.ended_at IS NOT NULL AND NEW IS NOT DISTINCT FROM OLD) THEN
    RAISE EXCEPTION 'attempt_keeps_what_it_was: what was sent and what came back is never overwritten' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE UNIQUE INDEX workflow_stands_still_once ON queue_stop (workflow_key) WHERE resumed_at IS NULL;
CREATE FUNCTION queue_stop_is_only_resumed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.resumed_at IS NOT NULL OR NEW.resumed_at IS NULL OR NEW.resumed_by IS NULL
     OR (to_jsonb(NEW) - '{resumed_at,resumed_by,note}'::text[]) <> (to_jsonb(OLD) - '{resumed_at,resumed_by,note}'::text[]) THEN
    RAISE EXCEPTION 'queue_stop_is_only_resumed: a stop is ended once, by somebody' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER queue_stop_is_only_resumed BEFORE UPDATE ON queue_stop FOR EACH ROW EXECUTE FUNCTION queue_stop_is_only_resumed();
CREATE TRIGGER queue_stop_tells_of_change AFTER INSERT OR UPDATE ON queue_stop FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_jobs();

-- Wakes every queued or running job of a workflow whose sending was resumed, and says how many.
CREATE FUNCTION holdpoint_wake_workflow(which text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  woken int := 0;
  waiting uuid;
BEGIN
  FOR waiting IN SELECT id FROM public.job WHERE workflow_key = which AND state IN ('queued', 'running') ORDER BY id LOOP
    PERFORM public.holdpoint_wake(waiting, now());
    woken := woken + 1;
  END LOOP;
  RETURN woken;
END $$;

-- Serves the worker that asks what became of calls that were let go.
CREATE INDEX attempt_was_let_go ON attempt (ended_at) WHERE payload_sha256 IS NULL AND response_id IS NOT NULL;

-- Serves dry runs of rules and the codes that nobody mapped: what failed in the last 30 days.
CREATE INDEX attempt_failed_last ON attempt (sent_at DESC) WHERE failure_class IS NOT NULL OR rules_version IS NOT NULL;

-- ------------------------------------------------------------------------------------------------ webhooks
ALTER TABLE webhook_receipt
  ADD CONSTRAINT webhook_receipt_state_is_known CHECK (state IN ('matched', 'open', 'adopted', 'not_ours', 'recorded')),
  ADD CONSTRAINT webhook_receipt_names_its_job CHECK ((attempt_id IS NULL) = (job_id IS NULL));
CREATE INDEX webhook_receipt_is_open ON webhook_receipt (next_try_at) WHERE state = 'open';
CREATE TRIGGER webhook_receipt_is_never_removed BEFORE DELETE ON webhook_receipt FOR EACH ROW EXECUTE FUNCTION history_is_append_only();

-- ------------------------------------------------------------------------------------------------ the application's role
GRANT SELECT ON ALL TABLES IN SCHEMA public TO holdpoint_app;
GRANT INSERT ON tool_call, failure_rule_set, notice, webhook_receipt, webhook_refusal, webhook_probe, price, day_budget,
  budget_account, budget_entry, queue_stop, rate_limit TO holdpoint_app;
GRANT UPDATE ON tool_call, notice, webhook_receipt, webhook_refusal, webhook_probe, budget_account, budget_entry, queue_stop,
  rate_limit TO holdpoint_app;
REVOKE ALL ON FUNCTION holdpoint_wake_workflow(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holdpoint_wake_workflow(text) TO holdpoint_app;
