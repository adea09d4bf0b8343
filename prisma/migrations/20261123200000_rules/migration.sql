-- Rules that the database itself enforces, whoever writes and however. Their names read as what they forbid.

-- ------------------------------------------------------------------------------------------------ the life cycle
-- The moves that lib/lifecycle/table.ts allows. A test fails when the two differ.
INSERT INTO lifecycle_transition (id, command, from_state, to_state) VALUES
  (1, 'create', NULL, 'queued'),
  (2, 'start', 'queued', 'running'),
  (3, 'requeue', 'running', 'queued'),
  (4, 'hold', 'running', 'awaiting_review'),
  (5, 'accept', 'running', 'completed'),
  (6, 'fail', 'queued', 'failed'),
  (7, 'fail', 'running', 'failed'),
  (8, 'expire', 'queued', 'expired'),
  (9, 'expire', 'running', 'expired'),
  (10, 'expire', 'awaiting_review', 'expired'),
  (11, 'adopt', 'awaiting_review', 'running'),
  (12, 'approve', 'awaiting_review', 'completed'),
  (13, 'endorse', 'awaiting_review', 'awaiting_review'),
  (14, 'answer', 'awaiting_review', 'queued'),
  (15, 'uphold', 'awaiting_review', 'completed'),
  (16, 'undo', 'completed', 'awaiting_review'),
  (17, 'retry', 'awaiting_review', 'queued'),
  (18, 'retry', 'failed', 'queued'),
  (19, 'retry', 'expired', 'queued'),
  (20, 'retry', 'abandoned', 'queued'),
  (21, 'abandon', 'queued', 'abandoned'),
  (22, 'abandon', 'running', 'abandoned'),
  (23, 'abandon', 'awaiting_review', 'abandoned'),
  (24, 'abandon', 'failed', 'abandoned'),
  (25, 'abandon', 'expired', 'abandoned'),
  (26, 'reopen', 'completed', 'awaiting_review'),
  (27, 'reopen', 'abandoned', 'awaiting_review'),
  (28, 'reopen', 'expired', 'awaiting_review'),
  (29, 'reopen', 'failed', 'awaiting_review'),
  (30, 'wait', 'awaiting_review', 'awaiting_review'),
  (31, 'comment', 'queued', 'queued'),
  (32, 'comment', 'running', 'running'),
  (33, 'comment', 'awaiting_review', 'awaiting_review'),
  (34, 'comment', 'completed', 'completed'),
  (35, 'comment', 'failed', 'failed'),
  (36, 'comment', 'expired', 'expired'),
  (37, 'comment', 'abandoned', 'abandoned');

ALTER TABLE job
  ADD CONSTRAINT job_state_is_known CHECK (state IN ('queued', 'running', 'awaiting_review', 'completed', 'failed', 'expired', 'abandoned')),
  ADD CONSTRAINT job_settled_exactly_in_settled_states CHECK ((settled_at IS NOT NULL) = (state IN ('completed', 'failed', 'expired', 'abandoned'))),
  ADD CONSTRAINT job_version_counts_events CHECK (version >= 1),
  ADD CONSTRAINT job_failure_class_is_known CHECK (failure_class IS NULL OR failure_class IN ('infrastructure', 'timeout', 'malformed_input', 'policy', 'review_required', 'unclassified')),
  ADD CONSTRAINT job_title_is_not_empty CHECK (length(title) > 0),
  ADD CONSTRAINT job_next_kind_is_known CHECK (next_kind IN ('resolve_unknown', 'look_into_trouble', 'answer_permission', 'decide', 'retry_or_abandon', 'wait_backoff', 'wait_send', 'wait_run', 'none'));

CREATE FUNCTION job_starts_queued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'queued' OR NEW.version <> 1 OR NEW.last_command <> 'create' OR NEW.fence <> 0 THEN
    RAISE EXCEPTION 'job_starts_queued: a job is made queued, at version 1, by the command create' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER job_starts_queued BEFORE INSERT ON job FOR EACH ROW EXECUTE FUNCTION job_starts_queued();

-- Every life-cycle column changes only together with the next version, and only along a row of the table.
CREATE FUNCTION job_moves_by_command() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.workflow_version_id <> OLD.workflow_version_id
     OR NEW.workflow_key <> OLD.workflow_key OR NEW.created_at <> OLD.created_at
     OR NEW.requester_id IS DISTINCT FROM OLD.requester_id OR NEW.requester_key_id IS DISTINCT FROM OLD.requester_key_id THEN
    RAISE EXCEPTION 'job_origin_never_changes: what a job is and who asked for it never change' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.version = OLD.version THEN
    IF NEW.state <> OLD.state OR NEW.head_hash <> OLD.head_hash OR NEW.last_command <> OLD.last_command
       OR NEW.changed_at <> OLD.changed_at OR NEW.settled_at IS DISTINCT FROM OLD.settled_at
       OR NEW.due_at IS DISTINCT FROM OLD.due_at OR NEW.fence <> OLD.fence
       OR NEW.input_sha256 <> OLD.input_sha256 OR NEW.guidance_sha256 IS DISTINCT FROM OLD.guidance_sha256 THEN
      RAISE EXCEPTION 'job_changes_only_by_command: job % changes its life cycle only together with an event', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'job_version_counts_events: job % is at version %, the next is %', OLD.number, OLD.version, OLD.version + 1 USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM lifecycle_transition t WHERE t.command = NEW.last_command AND t.from_state = OLD.state AND t.to_state = NEW.state) THEN
    RAISE EXCEPTION 'job_moves_by_the_table: % does not lead from % to %', NEW.last_command, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.fence <> OLD.fence + (CASE WHEN NEW.last_command = 'start' THEN 1 ELSE 0 END) THEN
    RAISE EXCEPTION 'job_fence_rises_with_start: each start raises the fence by one, nothing else does' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER job_moves_by_command BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION job_moves_by_command();

-- At commit: the event of this version stands, the round agrees with the state, and the Needs of the command hold.
CREATE FUNCTION job_agrees_with_its_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_state text := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.state END;
  now_state text;
  open_rounds int;
  r review_round;
  counted int;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.version = OLD.version THEN RETURN NULL; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.id AND e.seq = NEW.version AND e.hash = NEW.head_hash
      AND e.command = NEW.last_command AND e.from_state IS NOT DISTINCT FROM old_state AND e.to_state = NEW.state
  ) THEN
    RAISE EXCEPTION 'job_agrees_with_its_history: version % of job % has no event that says so', NEW.version, NEW.number USING ERRCODE = 'check_violation';
  END IF;

  SELECT state INTO now_state FROM job WHERE id = NEW.id;
  SELECT count(*) INTO open_rounds FROM review_round WHERE job_id = NEW.id AND closed_at IS NULL;
  IF open_rounds <> (CASE WHEN now_state = 'awaiting_review' THEN 1 ELSE 0 END) THEN
    RAISE EXCEPTION 'job_awaits_review_exactly_while_a_round_is_open: job % is % with % open rounds', NEW.number, now_state, open_rounds USING ERRCODE = 'check_violation';
  END IF;

  IF NEW.last_command IN ('approve', 'uphold') THEN
    SELECT * INTO r FROM review_round WHERE job_id = NEW.id ORDER BY number DESC LIMIT 1;
    IF r.id IS NULL OR r.kind <> 'result' OR (r.outcome IS DISTINCT FROM NEW.last_command AND now_state = NEW.state) THEN
      RAISE EXCEPTION 'job_completes_in_a_result_round: % closes a round of kind result', NEW.last_command USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.last_command = 'uphold' AND r.opened_by <> 'reopen' THEN
      RAISE EXCEPTION 'uphold_answers_a_reopen: this round was not opened by reopen' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.last_command = 'approve' THEN
      SELECT count(DISTINCT d.user_id) INTO counted FROM decision d
       WHERE d.round_id = r.id AND d.command IN ('approve', 'endorse') AND d.voided_at IS NULL
         AND d.result_hash = r.result_hash
         AND (r.requester_may_approve OR d.user_id IS DISTINCT FROM NEW.requester_id);
      IF counted < r.approvals THEN
        RAISE EXCEPTION 'approval_needs_its_people: the policy of this round asks for % different people, % have approved exactly this result', r.approvals, counted USING ERRCODE = 'check_violation';
      END IF;
    END IF;
  ELSIF NEW.last_command = 'accept' THEN
    IF (SELECT approvals FROM workflow_version WHERE id = NEW.workflow_version_id) > 0 THEN
      RAISE EXCEPTION 'accept_only_where_policy_asks_for_nobody: this workflow asks for people' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.last_command = 'start' THEN
    IF NOT EXISTS (SELECT 1 FROM attempt a WHERE a.job_id = NEW.id AND a.fence = NEW.fence) THEN
      RAISE EXCEPTION 'start_commits_its_attempt: job % starts without an attempt of fence %', NEW.number, NEW.fence USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER job_agrees_with_its_history AFTER INSERT OR UPDATE ON job
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION job_agrees_with_its_history();

-- A round opened or closed by itself, without a command on its job, does not commit either.
CREATE FUNCTION round_agrees_with_its_job() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  job_state text;
  open_rounds int;
BEGIN
  SELECT state INTO job_state FROM job WHERE id = NEW.job_id;
  SELECT count(*) INTO open_rounds FROM review_round WHERE job_id = NEW.job_id AND closed_at IS NULL;
  IF open_rounds <> (CASE WHEN job_state = 'awaiting_review' THEN 1 ELSE 0 END) THEN
    RAISE EXCEPTION 'job_awaits_review_exactly_while_a_round_is_open: the job is % with % open rounds', job_state, open_rounds USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER round_agrees_with_its_job AFTER INSERT OR UPDATE ON review_round
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION round_agrees_with_its_job();

-- ------------------------------------------------------------------------------------------------ history
-- What the hash of an event covers: format, job, sequence, the hash before it, and the exact body.
CREATE FUNCTION event_hash(job_id uuid, seq int, prev_hash text, body text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to('holdpoint-event:1' || chr(10) || job_id::text || chr(10) || seq::text || chr(10) || prev_hash || chr(10) || body, 'UTF8')), 'hex')
$$;

CREATE FUNCTION event_continues_the_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  expected text := repeat('0', 64);
  said jsonb := NEW.body::jsonb;
BEGIN
  IF NEW.seq > 1 THEN
    SELECT hash INTO expected FROM event WHERE job_id = NEW.job_id AND seq = NEW.seq - 1;
  END IF;
  IF NEW.seq < 1 OR expected IS NULL OR NEW.prev_hash <> expected THEN
    RAISE EXCEPTION 'event_continues_the_chain: event % does not follow the one before it', NEW.seq USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.hash <> event_hash(NEW.job_id, NEW.seq, NEW.prev_hash, NEW.body) THEN
    RAISE EXCEPTION 'event_hash_covers_its_body: the hash of event % is not that of its body', NEW.seq USING ERRCODE = 'check_violation';
  END IF;
  IF said ->> 'command' IS DISTINCT FROM NEW.command OR said ->> 'from' IS DISTINCT FROM NEW.from_state
     OR said ->> 'to' IS DISTINCT FROM NEW.to_state OR said -> 'actor' ->> 'kind' IS DISTINCT FROM NEW.actor_kind
     OR said -> 'actor' ->> 'id' IS DISTINCT FROM NEW.actor_id OR said ->> 'transport' IS DISTINCT FROM NEW.transport THEN
    RAISE EXCEPTION 'event_columns_repeat_its_body: the columns of event % differ from its body', NEW.seq USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM lifecycle_transition t WHERE t.command = NEW.command AND t.from_state IS NOT DISTINCT FROM NEW.from_state AND t.to_state = NEW.to_state) THEN
    RAISE EXCEPTION 'event_is_a_row_of_the_table: % does not lead from % to %', NEW.command, NEW.from_state, NEW.to_state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER event_continues_the_chain BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_continues_the_chain();

-- An event that its job does not know of does not commit.
CREATE FUNCTION event_belongs_to_its_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM job j WHERE j.id = NEW.job_id AND j.version >= NEW.seq) THEN
    RAISE EXCEPTION 'event_belongs_to_its_job: event % stands past the version of its job', NEW.seq USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_belongs_to_its_job AFTER INSERT ON event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION event_belongs_to_its_job();

CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'history_is_append_only: % is never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER event_is_never_truncated BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER result_is_immutable BEFORE UPDATE OR DELETE ON result FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER result_is_never_truncated BEFORE TRUNCATE ON result FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER decision_is_never_removed BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER decision_is_never_truncated BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER workflow_version_is_immutable BEFORE UPDATE OR DELETE ON workflow_version FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER workflow_version_is_never_truncated BEFORE TRUNCATE ON workflow_version FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER job_is_never_removed BEFORE DELETE ON job FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER job_is_never_truncated BEFORE TRUNCATE ON job FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER attempt_is_never_removed BEFORE DELETE ON attempt FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER attempt_is_never_truncated BEFORE TRUNCATE ON attempt FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER review_round_is_never_removed BEFORE DELETE ON review_round FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER review_round_is_never_truncated BEFORE TRUNCATE ON review_round FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

-- ------------------------------------------------------------------------------------------------ attempts
ALTER TABLE attempt
  ADD CONSTRAINT attempt_provider_status_is_known CHECK (provider_status IN ('sending', 'unknown', 'queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')),
  ADD CONSTRAINT attempt_with_an_answer_has_an_id CHECK (provider_status IN ('sending', 'unknown', 'failed') OR response_id IS NOT NULL);
CREATE UNIQUE INDEX job_has_one_live_attempt ON attempt (job_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX attempt_response_is_its_own ON attempt (response_id, provider) WHERE response_id IS NOT NULL;

CREATE FUNCTION attempt_keeps_what_it_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.job_id <> OLD.job_id OR NEW.number <> OLD.number OR NEW.fence <> OLD.fence
     OR NEW.request_sha256 <> OLD.request_sha256 OR NEW.sent_at <> OLD.sent_at OR NEW.model <> OLD.model OR NEW.provider <> OLD.provider
     OR (OLD.response_id IS NOT NULL AND NEW.response_id IS DISTINCT FROM OLD.response_id)
     OR (OLD.payload_sha256 IS NOT NULL AND NEW.payload_sha256 IS DISTINCT FROM OLD.payload_sha256)
     OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
    RAISE EXCEPTION 'attempt_keeps_what_it_was: what was sent and what came back is never overwritten' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attempt_keeps_what_it_was BEFORE UPDATE ON attempt FOR EACH ROW EXECUTE FUNCTION attempt_keeps_what_it_was();

-- ------------------------------------------------------------------------------------------------ rounds and decisions
ALTER TABLE review_round
  ADD CONSTRAINT review_round_kind_is_known CHECK (kind IN ('result', 'permission', 'unknown', 'trouble')),
  ADD CONSTRAINT review_round_opened_by_a_command CHECK (opened_by IN ('hold', 'reopen', 'undo')),
  ADD CONSTRAINT review_round_asks_for_somebody CHECK (approvals >= 1),
  ADD CONSTRAINT review_round_of_a_result_has_one CHECK (kind <> 'result' OR (result_id IS NOT NULL AND result_hash IS NOT NULL)),
  ADD CONSTRAINT review_round_closes_with_an_outcome CHECK ((closed_at IS NULL) = (outcome IS NULL));
CREATE UNIQUE INDEX job_has_one_open_round ON review_round (job_id) WHERE closed_at IS NULL;

CREATE FUNCTION review_round_keeps_its_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.job_id <> OLD.job_id OR NEW.number <> OLD.number OR NEW.kind <> OLD.kind
     OR NEW.opened_by <> OLD.opened_by OR NEW.opened_at <> OLD.opened_at OR NEW.approvals <> OLD.approvals
     OR NEW.requester_may_approve <> OLD.requester_may_approve THEN
    RAISE EXCEPTION 'review_round_keeps_its_policy: a closed round and the policy of an open one never change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_round_keeps_its_policy BEFORE UPDATE ON review_round FOR EACH ROW EXECUTE FUNCTION review_round_keeps_its_policy();

CREATE UNIQUE INDEX person_approves_once_a_round ON decision (round_id, user_id) WHERE command IN ('approve', 'endorse') AND voided_at IS NULL;

-- A decision is given in the open round, locked while it is, on exactly what that round is about.
CREATE FUNCTION decision_binds_the_open_round() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  r review_round;
BEGIN
  SELECT * INTO r FROM review_round WHERE id = NEW.round_id FOR UPDATE;
  IF r.id IS NULL OR r.job_id <> NEW.job_id OR r.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'decision_needs_an_open_round: this round is closed' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.command IN ('approve', 'endorse', 'uphold') AND NEW.result_hash IS DISTINCT FROM r.result_hash THEN
    RAISE EXCEPTION 'decision_binds_the_exact_hash: this is not the result that the round is about' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_binds_the_open_round BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION decision_binds_the_open_round();

CREATE FUNCTION decision_is_only_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL OR (to_jsonb(NEW) - 'voided_at') <> (to_jsonb(OLD) - 'voided_at') THEN
    RAISE EXCEPTION 'decision_is_only_voided: a decision is never changed; it can be voided once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_is_only_voided BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_is_only_voided();

-- ------------------------------------------------------------------------------------------------ news for open pages
-- A list's ETag follows these notices, which PostgreSQL delivers in commit order. Looks and heartbeats send none.
CREATE FUNCTION tell_of_changed_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('holdpoint_jobs', '');
  RETURN NULL;
END $$;
CREATE TRIGGER job_tells_of_change AFTER INSERT OR UPDATE ON job FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_jobs();
CREATE TRIGGER attempt_tells_of_change AFTER INSERT OR UPDATE ON attempt FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_jobs();

-- ------------------------------------------------------------------------------------------------ wake-ups
-- The application may not touch the job engine's tables. It wakes a job through here, in the transaction that needs it.
-- A wake-up never pushes an earlier one back.
CREATE FUNCTION holdpoint_wake(job_id uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  k text := 'job:' || job_id::text;
  earlier timestamptz;
BEGIN
  SELECT run_at INTO earlier FROM graphile_worker._private_jobs WHERE key = k AND locked_at IS NULL AND attempts < max_attempts;
  PERFORM graphile_worker.add_job('reconcile', json_build_object('jobId', job_id), run_at := least(at, earlier), job_key := k, job_key_mode := 'replace');
END $$;

-- Unfinished jobs that nothing is going to wake: what the sweeper looks for.
CREATE FUNCTION holdpoint_unwoken(at_most int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT u.id FROM (
    SELECT id FROM public.job WHERE state IN ('queued', 'running', 'awaiting_review')
    UNION
    SELECT job_id FROM public.attempt WHERE ended_at IS NULL
  ) u
   WHERE NOT EXISTS (
     SELECT 1 FROM graphile_worker._private_jobs g
      WHERE g.key = 'job:' || u.id::text AND g.attempts < g.max_attempts)
   LIMIT at_most
$$;
-- Serves the sweeper: unfinished jobs are few beside those that are done.
CREATE INDEX job_is_unfinished ON job (id) WHERE state IN ('queued', 'running', 'awaiting_review');
-- Serves "95 % of these take under …": the attempts that completed last.
CREATE INDEX attempt_completed_last ON attempt (seen_final_at DESC) WHERE provider_status = 'completed';

-- The job engine keeps what a killed worker held locked for four hours. Whoever lives unlocks what nobody alive holds.
CREATE FUNCTION holdpoint_unlock_dead(dead_after interval) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  dead text[];
BEGIN
  SELECT array_agg(DISTINCT g.locked_by) INTO dead FROM graphile_worker._private_jobs g
   WHERE g.locked_by IS NOT NULL AND g.locked_at < now() - dead_after
     AND NOT EXISTS (
       SELECT 1 FROM public.worker w
        WHERE g.locked_by = ANY (w.lock_ids) AND w.stopped_at IS NULL AND w.beat_at > now() - dead_after);
  IF dead IS NULL THEN RETURN 0; END IF;
  PERFORM graphile_worker.force_unlock_workers(dead);
  RETURN cardinality(dead);
END $$;

-- ------------------------------------------------------------------------------------------------ the application's role
-- The owner migrates and runs the job engine. The application reads and adds, and changes only what may change.
GRANT USAGE ON SCHEMA public TO holdpoint_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO holdpoint_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO holdpoint_app;
GRANT INSERT ON blob, blob_chunk, document, job_document, workflow, workflow_version, job, attempt, attempt_watch, trace_item,
  result, review_round, decision, event, observation, idempotency_key, worker, setting,
  user_account, session, account, verification, one_time_link, api_key TO holdpoint_app;
GRANT UPDATE ON workflow, job, attempt, attempt_watch, review_round, decision, worker, setting,
  user_account, session, account, verification, one_time_link, api_key TO holdpoint_app;
GRANT DELETE ON session, account, verification, idempotency_key, worker TO holdpoint_app;
REVOKE ALL ON FUNCTION holdpoint_wake(uuid, timestamptz), holdpoint_unwoken(int), holdpoint_unlock_dead(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holdpoint_wake(uuid, timestamptz), holdpoint_unwoken(int), holdpoint_unlock_dead(interval) TO holdpoint_app;
