-- What leads set of a queue, who waits for a turn, failures that are alike, and the retry of many: what the database
-- itself enforces of it.

-- ------------------------------------------------------------------------------------------------ the life cycle
INSERT INTO lifecycle_transition (id, command, from_state, to_state)
SELECT (SELECT max(id) FROM lifecycle_transition) + place, command, state, state
  FROM (VALUES (1, 'prioritise', 'queued'), (2, 'prioritise', 'running'), (3, 'prioritise', 'awaiting_review'),
               (4, 'reschedule', 'queued'), (5, 'reschedule', 'running'), (6, 'reschedule', 'awaiting_review')) moves (place, command, state);

-- ------------------------------------------------------------------------------------------------ queues
ALTER TABLE queue_control
  ADD CONSTRAINT queue_control_limits_are_positive CHECK (most_live >= 1 AND sends_per_minute >= 1);
ALTER TABLE queue_change
  ADD CONSTRAINT queue_change_kind_is_known CHECK (kind IN ('stopped', 'paused', 'resumed', 'drained', 'opened', 'limited', 'retried')),
  ADD CONSTRAINT queue_change_by_people_says_why CHECK (kind NOT IN ('paused', 'drained', 'opened', 'limited', 'retried') OR (user_id IS NOT NULL AND note <> ''));
ALTER TABLE queue_stop
  ADD CONSTRAINT queue_stop_by_a_person_says_why CHECK (reason <> 'paused' OR (stopped_by IS NOT NULL AND stop_note <> ''));

-- Every workflow has its row: whoever starts an attempt locks it.
INSERT INTO queue_control (workflow_key) SELECT key FROM workflow;
CREATE FUNCTION workflow_has_a_queue() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO queue_control (workflow_key) VALUES (NEW.key) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER workflow_has_a_queue AFTER INSERT ON workflow FOR EACH ROW EXECUTE FUNCTION workflow_has_a_queue();

-- What is set of a queue changes together with a line of its history that says so.
CREATE FUNCTION queue_control_changes_with_its_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM queue_change c
     WHERE c.workflow_key = NEW.workflow_key AND c.xmin = pg_current_xact_id()::xid AND c.user_id IS NOT NULL
       AND CASE WHEN NEW.takes_jobs <> OLD.takes_jobs THEN c.kind = CASE WHEN NEW.takes_jobs THEN 'opened' ELSE 'drained' END
                ELSE c.kind = 'limited' AND (c.after ->> 'mostLive')::int IS NOT DISTINCT FROM NEW.most_live
                     AND (c.after ->> 'sendsPerMinute')::int IS NOT DISTINCT FROM NEW.sends_per_minute END
  ) THEN
    RAISE EXCEPTION 'queue_control_changes_with_its_history: nobody is said to have changed the queue of %', NEW.workflow_key USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER queue_control_changes_with_its_history AFTER UPDATE ON queue_control DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.takes_jobs, OLD.most_live, OLD.sends_per_minute) IS DISTINCT FROM (NEW.takes_jobs, NEW.most_live, NEW.sends_per_minute))
  EXECUTE FUNCTION queue_control_changes_with_its_history();
CREATE TRIGGER queue_control_is_never_removed BEFORE DELETE ON queue_control FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER queue_change_is_append_only BEFORE UPDATE OR DELETE ON queue_change FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER queue_change_is_never_truncated BEFORE TRUNCATE ON queue_change FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER queue_change_tells_of_change AFTER INSERT ON queue_change FOR EACH STATEMENT EXECUTE FUNCTION tell_of_changed_jobs();

-- A stop and its end are lines of the history, whoever writes them.
CREATE FUNCTION queue_stop_stands_in_the_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO queue_change (id, workflow_key, at, user_id, kind, before, after, note)
    VALUES (gen_random_uuid(), NEW.workflow_key, NEW.since, NEW.stopped_by, CASE WHEN NEW.reason = 'paused' THEN 'paused' ELSE 'stopped' END,
            '{}', jsonb_build_object('reason', NEW.reason), NEW.stop_note);
  ELSIF OLD.resumed_at IS NULL AND NEW.resumed_at IS NOT NULL THEN
    INSERT INTO queue_change (id, workflow_key, at, user_id, kind, before, after, note)
    VALUES (gen_random_uuid(), NEW.workflow_key, NEW.resumed_at, NEW.resumed_by, 'resumed', jsonb_build_object('reason', NEW.reason), '{}', NEW.note);
  END IF;
  RETURN NULL;
END $$;
INSERT INTO queue_change (id, workflow_key, at, user_id, kind, before, after, note)
SELECT gen_random_uuid(), workflow_key, since, NULL, 'stopped', '{}', jsonb_build_object('reason', reason), NULL FROM queue_stop
UNION ALL
SELECT gen_random_uuid(), workflow_key, resumed_at, resumed_by, 'resumed', jsonb_build_object('reason', reason), '{}', note FROM queue_stop WHERE resumed_at IS NOT NULL;
CREATE TRIGGER queue_stop_stands_in_the_history AFTER INSERT OR UPDATE ON queue_stop FOR EACH ROW EXECUTE FUNCTION queue_stop_stands_in_the_history();

-- ------------------------------------------------------------------------------------------------ turns
ALTER TABLE queue_wait
  ADD CONSTRAINT queue_wait_reason_is_known CHECK (why IN ('place', 'rate', 'provider'));
-- Serves "who is next": those that wait for a place or for the rate, in their order.
CREATE INDEX queue_wait_in_turn ON queue_wait (workflow_key, priority DESC, number) WHERE why IN ('place', 'rate');

-- Serves "how many wait" of a queue: those that are queued are few beside those that are done.
CREATE INDEX job_waits_to_be_sent ON job (workflow_key) WHERE state = 'queued';

-- Only what is queued waits for a turn.
CREATE FUNCTION queue_wait_ends_with_queued() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM queue_wait WHERE job_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_wait_ends_with_queued AFTER UPDATE ON job FOR EACH ROW
  WHEN (OLD.state = 'queued' AND NEW.state <> 'queued') EXECUTE FUNCTION queue_wait_ends_with_queued();

-- Why a job waits stands on its page and in lists. That it asked again, or was called, does not.
CREATE TRIGGER queue_wait_tells_of_change AFTER INSERT ON queue_wait FOR EACH ROW EXECUTE FUNCTION tell_of_changed_jobs();
CREATE TRIGGER queue_wait_tells_of_another_reason AFTER UPDATE ON queue_wait FOR EACH ROW
  WHEN (OLD.why IS DISTINCT FROM NEW.why) EXECUTE FUNCTION tell_of_changed_jobs();

-- As before; and of what waits to be sent, the more urgent is looked at first.
CREATE OR REPLACE FUNCTION holdpoint_wake(job_id uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  k text := 'job:' || job_id::text;
  earlier timestamptz;
  place int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(k, 0));
  SELECT run_at INTO earlier FROM graphile_worker._private_jobs WHERE key = k AND locked_at IS NULL AND attempts < max_attempts;
  SELECT CASE WHEN j.state = 'queued' THEN -j.priority ELSE 0 END INTO place FROM public.job j WHERE j.id = holdpoint_wake.job_id;
  PERFORM graphile_worker.add_job('reconcile', json_build_object('jobId', job_id), run_at := least(at, earlier), job_key := k,
    job_key_mode := 'replace', priority := coalesce(place, 0));
END $$;

-- Calls those that are next to ask for their turn again, and says how many. Who was called and has not asked since is
-- not called again for a while, and then after the others: perhaps it cannot ask.
CREATE FUNCTION holdpoint_call_next(which text, at_most int, at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  called int := 0;
  waiting uuid;
BEGIN
  FOR waiting IN
    SELECT w.job_id FROM queue_wait w
     WHERE w.workflow_key = which AND w.why IN ('place', 'rate')
       AND (w.called_at IS NULL OR w.called_at < now() - interval '30 seconds')
     ORDER BY w.called_at IS NOT NULL, w.priority DESC, w.number LIMIT at_most FOR UPDATE SKIP LOCKED
  LOOP
    -- Whoever holds it wakes or moves it now. To wait for them could be to wait in a circle.
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended('job:' || waiting::text, 0));
    UPDATE queue_wait SET called_at = greatest(at, now()) WHERE job_id = waiting;
    PERFORM public.holdpoint_wake(waiting, at);
    called := called + 1;
  END LOOP;
  RETURN called;
END $$;

-- A call that ended leaves its place to whoever is next. At commit, after every row that the transaction locks.
CREATE FUNCTION attempt_leaves_its_place() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  which text;
BEGIN
  SELECT workflow_key INTO which FROM job WHERE id = NEW.job_id;
  IF EXISTS (SELECT 1 FROM queue_wait w WHERE w.workflow_key = which AND w.why IN ('place', 'rate')) THEN
    PERFORM holdpoint_call_next(which, 1, now());
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER attempt_leaves_its_place AFTER UPDATE ON attempt DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND OLD.provider_status <> 'unknown' AND (NEW.ended_at IS NOT NULL OR NEW.provider_status = 'unknown'))
  EXECUTE FUNCTION attempt_leaves_its_place();

-- As before; and who waits for a turn of its queue is called, and asks by itself only once in a while.
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
              OR (g.run_at <= now() + interval '20 minutes' AND EXISTS (
                SELECT 1 FROM public.queue_wait w WHERE w.job_id = j.id AND w.why IN ('place', 'rate')))
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

-- ------------------------------------------------------------------------------------------------ failures
ALTER TABLE failure_group
  ADD CONSTRAINT failure_group_state_is_known CHECK (state IN ('open', 'resolved', 'ignored')),
  ADD CONSTRAINT failure_group_until_while_ignored CHECK (ignored_until IS NULL OR state = 'ignored');
ALTER TABLE failure_group_change
  ADD CONSTRAINT failure_group_change_by_people_says_why CHECK (user_id IS NULL OR note <> '');
CREATE TRIGGER failure_group_change_is_append_only BEFORE UPDATE OR DELETE ON failure_group_change FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER failure_group_change_is_never_truncated BEFORE TRUNCATE ON failure_group_change FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

-- The same in lib/failures/fingerprint.ts.
CREATE FUNCTION failure_fingerprint(workflow_key text, class text, code text, signal text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT left(encode(sha256(convert_to(workflow_key || chr(10) || class || chr(10) || code || chr(10) || signal, 'UTF8')), 'hex'), 24)
$$;

-- Serves the jobs that a failure holds up now, and the selection of a batch.
CREATE INDEX job_stands_failed ON job (workflow_key, failure_class, failure_code, number DESC)
  WHERE failure_class IS NOT NULL AND state IN ('failed', 'awaiting_review');

-- A job that asks for leave has not failed.
CREATE FUNCTION job_stands_failed(j job) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT j.failure_class IS NOT NULL AND j.state IN ('failed', 'awaiting_review') AND j.failure_code IS DISTINCT FROM 'asks_permission'
$$;

CREATE FUNCTION job_counts_its_failures() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  stood boolean := job_stands_failed(OLD);
  stands boolean := job_stands_failed(NEW);
  is_met boolean := NEW.version <> OLD.version AND NEW.last_command IN ('fail', 'hold', 'requeue') AND NEW.failure_class IS NOT NULL
    AND NEW.failure_code IS DISTINCT FROM 'asks_permission';
  is_same boolean := (OLD.failure_class, OLD.failure_code, OLD.failure_signal) IS NOT DISTINCT FROM (NEW.failure_class, NEW.failure_code, NEW.failure_signal);
BEGIN
  IF stood AND NOT (stands AND is_same) THEN
    INSERT INTO failure_delta (job_id, workflow_key, failure_class, code, signal, at, seen, standing)
    VALUES (OLD.id, OLD.workflow_key, OLD.failure_class, coalesce(OLD.failure_code, ''), coalesce(OLD.failure_signal, ''), NEW.changed_at, 0, -1);
  END IF;
  IF is_met OR (stands AND NOT (stood AND is_same)) THEN
    INSERT INTO failure_delta (job_id, workflow_key, failure_class, code, signal, at, seen, standing)
    VALUES (NEW.id, NEW.workflow_key, NEW.failure_class, coalesce(NEW.failure_code, ''), coalesce(NEW.failure_signal, ''), NEW.changed_at,
            is_met::int, (stands AND NOT (stood AND is_same))::int);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER job_counts_its_failures AFTER UPDATE ON job FOR EACH ROW
  WHEN (OLD.failure_class IS NOT NULL OR NEW.failure_class IS NOT NULL) EXECUTE FUNCTION job_counts_its_failures();

-- Counts everything anew from the history and the jobs: for stores that have a past, and to show that the fold is right.
CREATE FUNCTION recount_failures() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- Whoever folds or appends meanwhile waits.
  LOCK TABLE failure_delta IN ACCESS EXCLUSIVE MODE;
  DELETE FROM failure_delta;
  DELETE FROM failure_hour;
  UPDATE failure_group SET seen = 0, standing = 0;
  WITH met AS (
    SELECT failure_fingerprint(j.workflow_key, f ->> 'class', coalesce(f ->> 'code', ''), coalesce(f ->> 'signal', '')) AS id,
           j.workflow_key, f ->> 'class' AS class, coalesce(f ->> 'code', '') AS code, coalesce(f ->> 'signal', '') AS signal, e.at
      FROM event e JOIN job j ON j.id = e.job_id CROSS JOIN LATERAL (SELECT e.body::jsonb -> 'failure') said (f)
     WHERE e.command IN ('fail', 'hold', 'requeue') AND f ->> 'class' IS NOT NULL AND f ->> 'code' IS DISTINCT FROM 'asks_permission'
  ), hours AS (
    INSERT INTO failure_hour (group_id, hour, seen) SELECT id, date_trunc('hour', at, 'UTC'), count(*) FROM met GROUP BY 1, 2
  )
  INSERT INTO failure_group (id, workflow_key, failure_class, code, signal, first_seen_at, last_seen_at, seen)
  SELECT id, workflow_key, class, code, signal, min(at), max(at), count(*) FROM met GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, first_seen_at = excluded.first_seen_at, last_seen_at = excluded.last_seen_at;
  INSERT INTO failure_group (id, workflow_key, failure_class, code, signal, first_seen_at, last_seen_at, standing)
  SELECT failure_fingerprint(j.workflow_key, j.failure_class, coalesce(j.failure_code, ''), coalesce(j.failure_signal, '')), j.workflow_key,
         j.failure_class, coalesce(j.failure_code, ''), coalesce(j.failure_signal, ''), min(j.changed_at), max(j.changed_at), count(*)
    FROM job j WHERE j.failure_class IS NOT NULL AND j.state IN ('failed', 'awaiting_review') AND job_stands_failed(j)
   GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (id) DO UPDATE SET standing = excluded.standing;
END $$;
SELECT recount_failures();

-- ------------------------------------------------------------------------------------------------ batches
ALTER TABLE retry_batch
  ADD CONSTRAINT retry_batch_state_is_known CHECK (state IN ('draft', 'running', 'paused', 'cancelled', 'done')),
  ADD CONSTRAINT retry_batch_started_with_a_note CHECK (state = 'draft' OR (note <> '' AND started_at IS NOT NULL)),
  ADD CONSTRAINT retry_batch_rate_is_positive CHECK (per_minute >= 1);
ALTER TABLE retry_batch_item
  ADD CONSTRAINT retry_batch_item_outcome_is_known CHECK (outcome IN ('ready', 'excluded', 'retried', 'refused', 'moved_on', 'left')),
  ADD CONSTRAINT retry_batch_item_says_why CHECK (outcome IN ('ready', 'retried') OR code IS NOT NULL);
-- Serves the worker: what is under way, and who is next of it.
CREATE INDEX retry_batch_is_under_way ON retry_batch (started_at) WHERE state = 'running';
CREATE INDEX retry_batch_item_is_ready ON retry_batch_item (batch_id, position) WHERE outcome = 'ready';

-- The selection is frozen when the batch is made.
CREATE FUNCTION retry_batch_is_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT state FROM retry_batch WHERE id = NEW.batch_id) IS DISTINCT FROM 'draft' THEN
    RAISE EXCEPTION 'retry_batch_is_frozen: no job is added to a batch that was started' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER retry_batch_is_frozen BEFORE INSERT ON retry_batch_item FOR EACH ROW EXECUTE FUNCTION retry_batch_is_frozen();

-- Each job of a batch has one end, and one that was retried is retried by an event of this very transaction.
CREATE FUNCTION retry_batch_item_ends_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moving text[] := '{outcome,code,sentence,at,event_seq}';
BEGIN
  IF OLD.outcome <> 'ready' OR NEW.outcome IN ('ready', 'excluded') OR to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
    RAISE EXCEPTION 'retry_batch_item_ends_once: what became of a job of a batch never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.outcome = 'retried' AND NOT EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = NEW.job_id AND e.seq = NEW.event_seq AND e.command = 'retry'
      AND e.body::jsonb ->> 'batch' = NEW.batch_id::text AND e.xmin = pg_current_xact_id()::xid
  ) THEN
    RAISE EXCEPTION 'retry_batch_item_ends_once: no retry of job % names this batch', NEW.job_number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER retry_batch_item_ends_once BEFORE UPDATE ON retry_batch_item FOR EACH ROW EXECUTE FUNCTION retry_batch_item_ends_once();

-- Only what was never started may be thrown away.
CREATE FUNCTION retry_batch_is_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'retry_batch' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'retry_batch_is_kept: a batch that was started is never removed' USING ERRCODE = 'insufficient_privilege';
    END IF;
  ELSIF (SELECT state FROM retry_batch WHERE id = OLD.batch_id) IS DISTINCT FROM 'draft' THEN
    RAISE EXCEPTION 'retry_batch_is_kept: a batch that was started is never removed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER retry_batch_is_kept BEFORE DELETE ON retry_batch FOR EACH ROW EXECUTE FUNCTION retry_batch_is_kept();
CREATE TRIGGER retry_batch_item_is_kept BEFORE DELETE ON retry_batch_item FOR EACH ROW EXECUTE FUNCTION retry_batch_is_kept();
CREATE TRIGGER retry_batch_change_is_append_only BEFORE UPDATE OR DELETE ON retry_batch_change FOR EACH ROW EXECUTE FUNCTION history_is_append_only();

-- ------------------------------------------------------------------------------------------------ the application's role
GRANT SELECT ON queue_control, queue_change, queue_wait, failure_group, failure_hour, failure_delta, failure_group_change, retry_batch,
  retry_batch_item, retry_batch_change TO holdpoint_app;
GRANT INSERT ON queue_control, queue_change, queue_wait, failure_group, failure_hour, failure_delta, failure_group_change, retry_batch,
  retry_batch_item, retry_batch_change TO holdpoint_app;
GRANT UPDATE ON queue_control, queue_wait, failure_group, failure_hour, retry_batch, retry_batch_item TO holdpoint_app;
GRANT DELETE ON queue_wait, failure_delta, retry_batch, retry_batch_item TO holdpoint_app;
GRANT USAGE ON SEQUENCE failure_delta_id_seq TO holdpoint_app;
REVOKE ALL ON FUNCTION holdpoint_call_next(text, int, timestamptz), recount_failures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holdpoint_call_next(text, int, timestamptz) TO holdpoint_app;
