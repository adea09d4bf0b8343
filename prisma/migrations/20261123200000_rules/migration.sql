-- Rules that the database itself enforces, whoever writes and however. Their names read as what they forbid.
-- Every function names its search_path: pg_temp, searched first by default, would put a session's own temporary tables
-- in the place of ours.

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

CREATE FUNCTION job_starts_queued() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.state <> 'queued' OR NEW.version <> 1 OR NEW.last_command <> 'create' OR NEW.fence <> 0 THEN
    RAISE EXCEPTION 'job_starts_queued: a job is made queued, at version 1, by the command create' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER job_starts_queued BEFORE INSERT ON job FOR EACH ROW EXECUTE FUNCTION job_starts_queued();

-- A job changes only together with the next version, and only along a row of the table.
CREATE FUNCTION job_moves_by_command() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.workflow_version_id <> OLD.workflow_version_id
     OR NEW.workflow_key <> OLD.workflow_key OR NEW.created_at <> OLD.created_at
     OR NEW.requester_id IS DISTINCT FROM OLD.requester_id OR NEW.requester_key_id IS DISTINCT FROM OLD.requester_key_id THEN
    RAISE EXCEPTION 'job_origin_never_changes: what a job is and who asked for it never change' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.version = OLD.version THEN
    IF NEW IS DISTINCT FROM OLD THEN
      RAISE EXCEPTION 'job_changes_only_by_command: job % changes only together with an event', OLD.number USING ERRCODE = 'check_violation';
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

-- At commit: a round is open exactly while the job awaits review, due when the job is; what runs has a live attempt.
CREATE FUNCTION check_that_job_stands(which uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  j job;
  open_rounds int;
  due_otherwise int;
BEGIN
  SELECT * INTO j FROM job WHERE id = which;
  SELECT count(*), count(*) FILTER (WHERE due_at IS DISTINCT FROM j.due_at) INTO open_rounds, due_otherwise
    FROM review_round WHERE job_id = which AND closed_at IS NULL;
  IF open_rounds <> (CASE WHEN j.state = 'awaiting_review' THEN 1 ELSE 0 END) THEN
    RAISE EXCEPTION 'job_awaits_review_exactly_while_a_round_is_open: job % is % with % open rounds', j.number, j.state, open_rounds USING ERRCODE = 'check_violation';
  END IF;
  IF due_otherwise > 0 THEN
    RAISE EXCEPTION 'review_round_is_due_with_its_job: the open round of job % is due at another time', j.number USING ERRCODE = 'check_violation';
  END IF;
  IF j.state = 'running' AND NOT EXISTS (SELECT 1 FROM attempt WHERE job_id = which AND ended_at IS NULL) THEN
    RAISE EXCEPTION 'job_runs_with_a_live_attempt: job % is running, and no attempt of it is', j.number USING ERRCODE = 'check_violation';
  END IF;
END $$;

-- At commit: the event of this version stands and says what the columns say, and the Needs of the command hold.
CREATE FUNCTION job_agrees_with_its_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
                       WHEN command IN ('adopt', 'wait') THEN 'unknown' ELSE r.kind END) THEN
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
  ELSIF command = 'start' THEN
    IF NOT EXISTS (SELECT 1 FROM attempt a WHERE a.job_id = NEW.id AND a.fence = NEW.fence) THEN
      RAISE EXCEPTION 'start_commits_its_attempt: job % starts without an attempt of fence %', NEW.number, NEW.fence USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER job_agrees_with_its_history AFTER INSERT OR UPDATE ON job
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION job_agrees_with_its_history();

-- A round opened or closed by itself, without a command on its job that says so, does not commit either.
CREATE FUNCTION round_agrees_with_its_job() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM check_that_job_stands(NEW.job_id);
  IF TG_OP = 'INSERT' AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = NEW.opened_by AND e.to_state = 'awaiting_review'
      AND e.body::jsonb -> 'round' = jsonb_build_object('number', NEW.number, 'kind', NEW.kind)
      AND e.body::jsonb ->> 'result' IS NOT DISTINCT FROM NEW.result_hash
  ) THEN
    RAISE EXCEPTION 'review_round_opens_by_its_event: no event opens round % as it is', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.closed_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.command = NEW.outcome AND e.from_state = 'awaiting_review'
      AND e.to_state <> 'awaiting_review' AND (e.body::jsonb -> 'round' ->> 'number')::int = NEW.number
  ) THEN
    RAISE EXCEPTION 'review_round_closes_by_its_event: no event closes round % by %', NEW.number, NEW.outcome USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER round_agrees_with_its_job AFTER INSERT OR UPDATE ON review_round
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION round_agrees_with_its_job();

-- ------------------------------------------------------------------------------------------------ history
-- What the hash of an event covers: format, job, sequence, the hash before it, and the exact body.
CREATE FUNCTION event_hash(job_id uuid, seq int, prev_hash text, body text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to('holdpoint-event:1' || chr(10) || job_id::text || chr(10) || seq::text || chr(10) || prev_hash || chr(10) || body, 'UTF8')), 'hex')
$$;

CREATE FUNCTION event_continues_the_chain() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
CREATE FUNCTION event_belongs_to_its_job() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM job j WHERE j.id = NEW.job_id AND j.version >= NEW.seq) THEN
    RAISE EXCEPTION 'event_belongs_to_its_job: event % stands past the version of its job', NEW.seq USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_belongs_to_its_job AFTER INSERT ON event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION event_belongs_to_its_job();

CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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

-- Each start makes one attempt, and nothing else makes one.
CREATE UNIQUE INDEX attempt_has_its_own_fence ON attempt (job_id, fence) WHERE fence > 0;
CREATE FUNCTION attempt_comes_with_its_start() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.fence NOT BETWEEN 1 AND (SELECT count(*) FROM event e WHERE e.job_id = NEW.job_id AND e.command = 'start') THEN
    RAISE EXCEPTION 'attempt_comes_with_its_start: no start of this job has the fence %', NEW.fence USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER attempt_comes_with_its_start AFTER INSERT ON attempt
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION attempt_comes_with_its_start();

-- A late answer may add to an attempt that has ended; what stands there stays.
CREATE FUNCTION attempt_keeps_what_it_was() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  may_change text[] := CASE
    WHEN OLD.ended_at IS NULL THEN '{provider_status,request_id,failure_class,failure_code,outcome,provider_copy_until}'
    WHEN OLD.provider_status IN ('sending', 'unknown') THEN '{provider_status}'
    ELSE '{}' END;
  before jsonb := jsonb_strip_nulls(to_jsonb(OLD) - may_change);
BEGIN
  IF EXISTS (SELECT 1 FROM jsonb_each(before) b WHERE to_jsonb(NEW) -> b.key IS DISTINCT FROM to_jsonb(OLD) -> b.key)
     OR (OLD.ended_at IS NOT NULL AND NEW IS NOT DISTINCT FROM OLD) THEN
    RAISE EXCEPTION 'attempt_keeps_what_it_was: what was sent and what came back is never overwritten' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attempt_keeps_what_it_was BEFORE UPDATE ON attempt FOR EACH ROW EXECUTE FUNCTION attempt_keeps_what_it_was();

CREATE FUNCTION attempt_ends_with_its_run() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM check_that_job_stands(NEW.job_id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER attempt_ends_with_its_run AFTER UPDATE ON attempt
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at) EXECUTE FUNCTION attempt_ends_with_its_run();

-- ------------------------------------------------------------------------------------------------ what came back
-- Results and trace come in the transaction that stores the payload of their attempt: its row was written by it.
CREATE FUNCTION result_is_what_came_back() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  a record;
BEGIN
  SELECT job_id, payload_sha256, xmin = pg_current_xact_id()::xid AS is_new INTO a FROM attempt WHERE id = NEW.attempt_id;
  IF a.job_id IS DISTINCT FROM NEW.job_id THEN
    RAISE EXCEPTION 'result_is_of_its_job: this attempt is of another job' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.revision = 0 AND (a.payload_sha256 IS DISTINCT FROM NEW.sha256 OR NOT a.is_new) THEN
    RAISE EXCEPTION 'result_is_what_came_back: this is not the payload that its attempt just stored' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.revision <> 0 AND (NEW.created_by IS NULL OR NOT EXISTS (
    SELECT 1 FROM review_round WHERE attempt_id = NEW.attempt_id AND kind = 'result' AND closed_at IS NULL
  )) THEN
    RAISE EXCEPTION 'result_is_revised_in_its_round: only somebody who reviews it revises a result' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER result_is_what_came_back BEFORE INSERT ON result FOR EACH ROW EXECUTE FUNCTION result_is_what_came_back();

CREATE FUNCTION trace_comes_with_its_payload() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM added t JOIN attempt a ON a.id = t.attempt_id
     WHERE a.payload_sha256 IS NULL OR a.xmin <> pg_current_xact_id()::xid
  ) THEN
    RAISE EXCEPTION 'trace_comes_with_its_payload: nothing is added to a trace afterwards' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER trace_comes_with_its_payload AFTER INSERT ON trace_item
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION trace_comes_with_its_payload();

-- A job commits together with its first event, so whatever comes before that event comes with the job.
CREATE FUNCTION document_comes_with_its_job() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM event e WHERE e.job_id = NEW.job_id) THEN
    RAISE EXCEPTION 'document_comes_with_its_job: the documents of a job are those that it was made with' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER document_comes_with_its_job BEFORE INSERT ON job_document FOR EACH ROW EXECUTE FUNCTION document_comes_with_its_job();

-- Chunks of 1 MiB, the last one shorter, as in lib/store/blobs.server.ts; whole, they are the bytes of the hash.
CREATE FUNCTION blob_chunk_fits_its_blob() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  remains bigint := (SELECT size FROM blob b WHERE b.sha256 = NEW.sha256) - NEW.position::bigint * 1048576;
BEGIN
  IF TG_WHEN = 'BEFORE' THEN
    IF NEW.position < 0 OR coalesce(remains, 0) <= 0 OR octet_length(NEW.bytes) <> least(remains, 1048576) THEN
      RAISE EXCEPTION 'blob_chunk_fits_its_blob: chunk % is not a part of these bytes', NEW.position USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF remains <= 1048576 AND NEW.sha256 IS DISTINCT FROM (
    SELECT encode(sha256(string_agg(c.bytes, ''::bytea ORDER BY c.position)), 'hex') FROM blob_chunk c WHERE c.sha256 = NEW.sha256
  ) THEN
    RAISE EXCEPTION 'blob_is_what_its_hash_says: the SHA-256 of these bytes is another' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER blob_chunk_fits_its_blob BEFORE INSERT ON blob_chunk FOR EACH ROW EXECUTE FUNCTION blob_chunk_fits_its_blob();
CREATE CONSTRAINT TRIGGER blob_is_what_its_hash_says AFTER INSERT ON blob_chunk
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION blob_chunk_fits_its_blob();

-- ------------------------------------------------------------------------------------------------ rounds and decisions
ALTER TABLE review_round
  ADD CONSTRAINT review_round_kind_is_known CHECK (kind IN ('result', 'permission', 'unknown', 'trouble')),
  ADD CONSTRAINT review_round_opened_by_a_command CHECK (opened_by IN ('hold', 'reopen', 'undo')),
  ADD CONSTRAINT review_round_asks_for_somebody CHECK (approvals >= 1),
  ADD CONSTRAINT review_round_of_a_result_has_one CHECK (kind <> 'result' OR (result_id IS NOT NULL AND result_hash IS NOT NULL)),
  ADD CONSTRAINT review_round_closes_with_an_outcome CHECK ((closed_at IS NULL) = (outcome IS NULL));
CREATE UNIQUE INDEX job_has_one_open_round ON review_round (job_id) WHERE closed_at IS NULL;

CREATE FUNCTION review_round_keeps_its_policy() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.job_id <> OLD.job_id OR NEW.number <> OLD.number OR NEW.kind <> OLD.kind
     OR NEW.reason <> OLD.reason OR NEW.attempt_id IS DISTINCT FROM OLD.attempt_id
     OR NEW.opened_by <> OLD.opened_by OR NEW.opened_at <> OLD.opened_at OR NEW.approvals <> OLD.approvals
     OR NEW.requester_may_approve <> OLD.requester_may_approve THEN
    RAISE EXCEPTION 'review_round_keeps_its_policy: a closed round and the policy of an open one never change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_round_keeps_its_policy BEFORE UPDATE ON review_round FOR EACH ROW EXECUTE FUNCTION review_round_keeps_its_policy();

CREATE FUNCTION review_round_is_about_its_job() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM job j JOIN workflow_version v ON v.id = j.workflow_version_id
     WHERE j.id = NEW.job_id AND NEW.approvals >= v.approvals AND (v.requester_may_approve OR NOT NEW.requester_may_approve)
  ) THEN
    RAISE EXCEPTION 'review_round_asks_what_its_workflow_asks: the policy of a round is no weaker than that of the workflow' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.attempt_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.id = NEW.attempt_id AND a.job_id = NEW.job_id))
     OR (NEW.result_id IS NULL) <> (NEW.result_hash IS NULL)
     OR (NEW.result_id IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM result x WHERE x.id = NEW.result_id AND x.job_id = NEW.job_id AND x.attempt_id = NEW.attempt_id
         AND x.sha256 = NEW.result_hash)) THEN
    RAISE EXCEPTION 'review_round_is_about_its_job: a round is about an attempt and a result of its job, by its hash' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_round_is_about_its_job BEFORE INSERT OR UPDATE ON review_round FOR EACH ROW EXECUTE FUNCTION review_round_is_about_its_job();

CREATE UNIQUE INDEX decision_has_its_own_event ON decision (job_id, event_seq) WHERE event_seq > 0;
CREATE UNIQUE INDEX person_approves_once_a_round ON decision (round_id, user_id) WHERE command IN ('approve', 'endorse') AND voided_at IS NULL;

-- A decision is given in the open round, locked while it is, on exactly what that round is about.
CREATE FUNCTION decision_binds_the_open_round() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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

CREATE FUNCTION decision_is_only_voided() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL OR (to_jsonb(NEW) - 'voided_at') <> (to_jsonb(OLD) - 'voided_at') THEN
    RAISE EXCEPTION 'decision_is_only_voided: a decision is never changed; it can be voided once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_is_only_voided BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_is_only_voided();

-- At commit: a decision is the command that an event tells of, by somebody who exists; an undo, and only that, voids it.
CREATE FUNCTION decision_stands_in_the_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
  IF NEW.voided_at IS NOT NULL AND (e.to_state = 'completed' AND EXISTS (
    SELECT 1 FROM event u WHERE u.job_id = NEW.job_id AND u.command = 'undo' AND u.seq > e.seq AND NOT EXISTS (
      SELECT 1 FROM event x WHERE x.job_id = NEW.job_id AND x.seq > e.seq AND x.seq < u.seq AND x.command <> 'comment')
  )) IS NOT TRUE THEN
    RAISE EXCEPTION 'decision_is_voided_by_undo: no undo follows this decision' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER decision_stands_in_the_history AFTER INSERT OR UPDATE ON decision
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION decision_stands_in_the_history();

-- ------------------------------------------------------------------------------------------------ news for open pages
-- A list's ETag follows these notices, which PostgreSQL delivers in commit order. Looks and heartbeats send none.
CREATE FUNCTION tell_of_changed_jobs() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('holdpoint_jobs', '');
  RETURN NULL;
END $$;
CREATE TRIGGER job_tells_of_change AFTER INSERT OR UPDATE ON job FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_jobs();
CREATE TRIGGER attempt_tells_of_change AFTER INSERT OR UPDATE ON attempt FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_jobs();

-- ------------------------------------------------------------------------------------------------ wake-ups
-- The application may not touch the job engine's tables. It wakes a job through here, in the transaction that needs it.
-- A wake-up never pushes an earlier one back: who wakes the same job at the same time waits, and sees what was set. The
-- lock is taken after that of the job's row wherever both are.
CREATE FUNCTION holdpoint_wake(job_id uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  k text := 'job:' || job_id::text;
  earlier timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(k, 0));
  SELECT run_at INTO earlier FROM graphile_worker._private_jobs WHERE key = k AND locked_at IS NULL AND attempts < max_attempts;
  PERFORM graphile_worker.add_job('reconcile', json_build_object('jobId', job_id), run_at := least(at, earlier), job_key := k, job_key_mode := 'replace');
END $$;

-- Unfinished jobs that nothing is going to wake in time: what the sweeper looks for. A queued job is due when it may be
-- sent, every job when its deadline passes; ten seconds are left for clocks that differ. One whose wake-ups fail
-- (attempts > 0) comes back by itself, later each time.
CREATE FUNCTION holdpoint_unwoken(at_most int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT j.id FROM public.job j
   WHERE j.state IN ('queued', 'running', 'awaiting_review')
     AND NOT EXISTS (
       SELECT 1 FROM graphile_worker._private_jobs g
        WHERE g.key = 'job:' || j.id::text AND g.attempts < g.max_attempts
          AND (g.locked_at IS NOT NULL OR (
            (j.due_at IS NULL OR g.run_at <= greatest(j.due_at, now()) + interval '10 seconds')
            AND (j.state <> 'queued' OR g.attempts > 0 OR g.run_at <= greatest(j.not_before, now()) + interval '10 seconds'
              OR EXISTS (SELECT 1 FROM public.attempt a WHERE a.job_id = j.id AND a.ended_at IS NULL)))))
  UNION
  SELECT a.job_id FROM public.attempt a
   WHERE a.ended_at IS NULL
     AND NOT EXISTS (
       SELECT 1 FROM graphile_worker._private_jobs g
        WHERE g.key = 'job:' || a.job_id::text AND g.attempts < g.max_attempts)
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
  -- Nobody is taken for dead before a living worker would have beaten.
  patience interval := greatest(dead_after, interval '8 seconds');
  dead text[];
BEGIN
  SELECT array_agg(DISTINCT g.locked_by) INTO dead FROM graphile_worker._private_jobs g
   WHERE g.locked_by IS NOT NULL AND g.locked_at < now() - patience
     AND NOT EXISTS (
       SELECT 1 FROM public.worker w
        WHERE g.locked_by = ANY (w.lock_ids) AND w.stopped_at IS NULL AND w.beat_at > now() - patience);
  IF dead IS NULL THEN RETURN 0; END IF;
  PERFORM graphile_worker.force_unlock_workers(dead);
  RETURN cardinality(dead);
END $$;

-- ------------------------------------------------------------------------------------------------ the application's role
-- Copies of a database do not inherit this: each function's own search_path is what keeps temporary tables out.
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
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
