-- Figures for leads. Whatever changes them is appended with the change itself, by triggers, so that no code can forget
-- it, and folded about once a second into small tables. See docs/queues.md.

-- ------------------------------------------------------------------------------------------------ tables
-- Since when a job is in its state: the moment of its last event that changed it.
ALTER TABLE "job" ADD COLUMN "state_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

CREATE TABLE "figure_delta" (
    "xid" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "job_id" UUID NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "left_state" TEXT,
    "entered_state" TEXT,
    "command" TEXT,
    "stayed_ms" BIGINT,
    "lived_ms" BIGINT,
    "measure" TEXT,
    "times" INTEGER NOT NULL DEFAULT 1,
    "value" BIGINT,

    CONSTRAINT "figure_delta_pkey" PRIMARY KEY ("xid","id")
);

CREATE TABLE "figure_state" (
    "id" INTEGER NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "snapshot" TEXT NOT NULL,
    "swept_at" TIMESTAMPTZ(3),

    CONSTRAINT "figure_state_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "figure_fold" (
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "snapshot" TEXT NOT NULL,

    CONSTRAINT "figure_fold_pkey" PRIMARY KEY ("as_of")
);

CREATE TABLE "figure_gauge" (
    "workflow_key" TEXT NOT NULL,
    "standing" TEXT NOT NULL,
    "jobs" BIGINT NOT NULL,

    CONSTRAINT "figure_gauge_pkey" PRIMARY KEY ("workflow_key","standing")
);

CREATE TABLE "figure_rollup" (
    "grain" TEXT NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "measure" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,
    "bound" INTEGER NOT NULL,
    "times" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,

    CONSTRAINT "figure_rollup_pkey" PRIMARY KEY ("grain","workflow_key","measure","at","version","bound")
);

CREATE TABLE "job_flag" (
    "job_id" UUID NOT NULL,
    "flag" TEXT NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "job_flag_pkey" PRIMARY KEY ("flag","job_id")
);

ALTER TABLE "job_flag" ADD CONSTRAINT "job_flag_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE figure_delta
  ADD CONSTRAINT figure_delta_kind_is_known CHECK (kind IN ('move', 'flag', 'measure'));
ALTER TABLE figure_state
  ADD CONSTRAINT figure_state_is_one_row CHECK (id = 1);
ALTER TABLE figure_rollup
  ADD CONSTRAINT figure_rollup_grain_is_known CHECK (grain IN ('minute', 'hour', 'day', 'ever'));
ALTER TABLE job_flag
  ADD CONSTRAINT job_flag_is_known CHECK (flag IN ('stuck', 'expiring'));

-- Small, and changed every second.
ALTER TABLE figure_gauge SET (fillfactor = 50);
ALTER TABLE figure_state SET (fillfactor = 20);

-- ------------------------------------------------------------------------------------------------ since when
ALTER TABLE job DISABLE TRIGGER USER;
UPDATE job SET state_since = moved.at
  FROM (SELECT DISTINCT ON (job_id) job_id, at FROM event WHERE from_state IS DISTINCT FROM to_state ORDER BY job_id, seq DESC) moved
 WHERE moved.job_id = job.id;
ALTER TABLE job ENABLE TRIGGER USER;

CREATE FUNCTION job_knows_since_when() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
    NEW.state_since := NEW.changed_at;
  ELSE
    NEW.state_since := OLD.state_since;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER job_knows_since_when BEFORE INSERT OR UPDATE ON job FOR EACH ROW EXECUTE FUNCTION job_knows_since_when();

-- Serves the oldest that waits, of each workflow, and the look for what is stuck.
CREATE INDEX job_stands ON job (state, workflow_key, state_since) WHERE state IN ('queued', 'running', 'awaiting_review', 'failed');
-- Serves the list of what nobody has classified.
CREATE INDEX job_is_unclassified ON job (number DESC) WHERE failure_class = 'unclassified' AND state IN ('awaiting_review', 'failed');
-- Serve the lists behind the points of the charts: settled, asked for and sent in a stretch of time.
CREATE INDEX job_settled_then ON job (settled_at DESC, number DESC) WHERE settled_at IS NOT NULL;
CREATE INDEX job_asked_for_then ON job USING brin (created_at);
CREATE INDEX attempt_sent_then ON attempt USING brin (sent_at);

-- ------------------------------------------------------------------------------------------------ what is appended
CREATE FUNCTION job_is_unclassified(state text, failure_class text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(failure_class = 'unclassified' AND state IN ('awaiting_review', 'failed'), false)
$$;

CREATE FUNCTION job_moves_its_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  own bigint := pg_current_xact_id()::text::bigint;
  was boolean := TG_OP = 'UPDATE' AND job_is_unclassified(OLD.state, OLD.failure_class);
  now_is boolean := job_is_unclassified(NEW.state, NEW.failure_class);
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO figure_delta (xid, kind, job_id, workflow_key, at, entered_state, command)
    VALUES (own, 'move', NEW.id, NEW.workflow_key, NEW.changed_at, NEW.state, NEW.last_command);
  ELSIF NEW.state <> OLD.state THEN
    INSERT INTO figure_delta (xid, kind, job_id, workflow_key, at, left_state, entered_state, command, stayed_ms, lived_ms)
    VALUES (own, 'move', NEW.id, NEW.workflow_key, NEW.changed_at, OLD.state, NEW.state, NEW.last_command,
            figure_ms(OLD.state_since, NEW.changed_at), figure_ms(NEW.created_at, NEW.changed_at));
  END IF;
  IF was <> now_is THEN
    INSERT INTO figure_delta (xid, kind, job_id, workflow_key, at, measure, times)
    VALUES (own, 'flag', NEW.id, NEW.workflow_key, NEW.changed_at, 'unclassified', CASE WHEN now_is THEN 1 ELSE -1 END);
  END IF;
  RETURN NULL;
END $$;

-- Clocks of two hosts may differ: nothing lasts less than no time. What is not known stays null, which `greatest` alone
-- would make a zero of.
CREATE FUNCTION figure_ms(since timestamptz, until timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN since IS NOT NULL AND until IS NOT NULL THEN greatest(round(extract(epoch FROM until - since) * 1000)::bigint, 0) END
$$;

CREATE TRIGGER job_begins_its_figures AFTER INSERT ON job FOR EACH ROW EXECUTE FUNCTION job_moves_its_figures();
CREATE TRIGGER job_moves_its_figures AFTER UPDATE ON job FOR EACH ROW
  WHEN (OLD.state <> NEW.state OR OLD.failure_class IS DISTINCT FROM NEW.failure_class)
  EXECUTE FUNCTION job_moves_its_figures();

CREATE FUNCTION flag_moves_its_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  f job_flag := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO figure_delta (xid, kind, job_id, workflow_key, at, measure, times)
  VALUES (pg_current_xact_id()::text::bigint, 'flag', f.job_id, f.workflow_key, clock_timestamp(), f.flag, CASE WHEN TG_OP = 'DELETE' THEN -1 ELSE 1 END);
  RETURN NULL;
END $$;
CREATE TRIGGER flag_moves_its_figures AFTER INSERT OR DELETE ON job_flag FOR EACH ROW EXECUTE FUNCTION flag_moves_its_figures();

-- What an attempt came to, once it is settled. A cost or a count of tokens that is null is not known.
CREATE FUNCTION call_measures(a attempt) RETURNS TABLE (measure text, value bigint) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.measure, m.value FROM (VALUES
    ('cost', a.cost_micros),
    ('tokens_in', coalesce((a.usage ->> 'inputTokens')::bigint, CASE WHEN a.cost_micros = 0 THEN 0 END)),
    ('tokens_out', coalesce((a.usage ->> 'outputTokens')::bigint, CASE WHEN a.cost_micros = 0 THEN 0 END))
  ) m (measure, value)
  WHERE a.cost_lines IS NOT NULL
$$;

CREATE FUNCTION attempt_moves_its_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO figure_delta (xid, kind, job_id, workflow_key, at, measure, times, value)
  SELECT pg_current_xact_id()::text::bigint, 'measure', NEW.job_id, j.workflow_key, NEW.sent_at, c.measure, sum(c.times), c.value
    FROM job j, (SELECT measure, value, -1 AS times FROM call_measures(OLD) UNION ALL SELECT measure, value, 1 FROM call_measures(NEW)) c
   WHERE j.id = NEW.job_id
   GROUP BY j.workflow_key, c.measure, c.value HAVING sum(c.times) <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER attempt_moves_its_figures AFTER UPDATE OF cost_micros, cost_lines, usage ON attempt FOR EACH ROW
  WHEN (NEW.cost_lines IS NOT NULL)
  EXECUTE FUNCTION attempt_moves_its_figures();

-- What a person did in a round, once they have decided. What was not recorded is null.
CREATE FUNCTION work_measures(w review_work) RETURNS TABLE (measure text, value bigint) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.measure, m.value FROM (VALUES
    ('claim_to_decision', CASE WHEN w.claimed_at <= w.decided_at THEN figure_ms(w.claimed_at, w.decided_at) END),
    ('hands_on', w.hands_on_ms::bigint)
  ) m (measure, value)
  WHERE w.decided_at IS NOT NULL
$$;

CREATE FUNCTION work_moves_its_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  own bigint := pg_current_xact_id()::text::bigint;
  k text := (SELECT workflow_key FROM job WHERE id = NEW.job_id);
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO figure_delta (xid, kind, job_id, workflow_key, at, measure, times, value)
    SELECT own, 'measure', OLD.job_id, k, OLD.decided_at, m.measure, -1, m.value FROM work_measures(OLD) m;
  END IF;
  INSERT INTO figure_delta (xid, kind, job_id, workflow_key, at, measure, times, value)
  SELECT own, 'measure', NEW.job_id, k, NEW.decided_at, m.measure, 1, m.value FROM work_measures(NEW) m;
  RETURN NULL;
END $$;
CREATE TRIGGER work_begins_its_figures AFTER INSERT ON review_work FOR EACH ROW
  WHEN (NEW.decided_at IS NOT NULL) EXECUTE FUNCTION work_moves_its_figures();
CREATE TRIGGER work_moves_its_figures AFTER UPDATE ON review_work FOR EACH ROW
  WHEN (NEW.decided_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) EXECUTE FUNCTION work_moves_its_figures();

-- How long a closed round waited for its first claim: null where it was decided without one. Rounds that nobody took in
-- hand or decided are left out.
CREATE FUNCTION round_wait(r review_round) RETURNS TABLE (value bigint) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT figure_ms(r.opened_at, w.claimed_at)
    FROM (SELECT min(claimed_at) AS claimed_at FROM review_work WHERE round_id = r.id) w
   WHERE r.closed_at IS NOT NULL AND (w.claimed_at IS NOT NULL OR r.outcome NOT IN ('expire', 'adopt'))
$$;

-- What people made of a result that was held for them: of the last of the rounds that undo opened after one, which goes
-- on in its place. What was reopened later is another question, and left out.
CREATE FUNCTION round_measures(closed review_round) RETURNS TABLE (measure text) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.measure
    FROM (SELECT o.* FROM review_round o
           WHERE o.job_id = closed.job_id AND o.number <= closed.number AND o.opened_by <> 'undo'
           ORDER BY o.number DESC LIMIT 1) root
    LEFT JOIN result s ON s.id = closed.result_id
   CROSS JOIN LATERAL (VALUES
     ('decided', true),
     ('first_decided', NOT EXISTS (SELECT 1 FROM review_round e WHERE e.job_id = root.job_id AND e.kind = 'result' AND e.number < root.number)),
     ('first_pass', closed.outcome = 'approve' AND s.revision = 0
                    AND NOT EXISTS (SELECT 1 FROM review_round e WHERE e.job_id = root.job_id AND e.kind = 'result' AND e.number < root.number)),
     ('edited', s.revision > 0),
     ('changes_requested', closed.outcome = 'retry'),
     ('sample_decided', root.is_sample),
     ('sample_overturned', root.is_sample AND (closed.outcome <> 'approve' OR s.revision > 0))
   ) m (measure, counts)
   WHERE closed.kind = 'result' AND closed.closed_at IS NOT NULL AND closed.outcome <> 'expire' AND root.opened_by = 'hold' AND m.counts
$$;

CREATE FUNCTION round_moves_its_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  own bigint := pg_current_xact_id()::text::bigint;
  k text;
  v int;
  before review_round;
BEGIN
  SELECT w.key, w.version INTO k, v FROM job j JOIN workflow_version w ON w.id = j.workflow_version_id WHERE j.id = NEW.job_id;
  IF TG_OP = 'INSERT' AND NEW.opened_by = 'undo' THEN
    SELECT * INTO before FROM review_round WHERE job_id = NEW.job_id AND number < NEW.number ORDER BY number DESC LIMIT 1;
    INSERT INTO figure_delta (xid, kind, job_id, workflow_key, version, at, measure, times, value)
    SELECT own, 'measure', NEW.job_id, k, v, before.closed_at, m.measure, -1, 0 FROM round_measures(before) m;
  ELSIF TG_OP = 'INSERT' AND NEW.is_sample THEN
    INSERT INTO figure_delta (xid, kind, job_id, workflow_key, version, at, measure, times, value)
    VALUES (own, 'measure', NEW.job_id, k, v, NEW.opened_at, 'sample_drawn', 1, 0);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO figure_delta (xid, kind, job_id, workflow_key, at, measure, times, value)
    SELECT own, 'measure', NEW.job_id, k, NEW.closed_at, 'wait_to_claim', 1, w.value FROM round_wait(NEW) w;
    INSERT INTO figure_delta (xid, kind, job_id, workflow_key, version, at, measure, times, value)
    SELECT own, 'measure', NEW.job_id, k, v, NEW.closed_at, m.measure, 1, 0 FROM round_measures(NEW) m;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER round_begins_its_figures AFTER INSERT ON review_round FOR EACH ROW
  WHEN (NEW.opened_by = 'undo' OR NEW.is_sample) EXECUTE FUNCTION round_moves_its_figures();
CREATE TRIGGER round_moves_its_figures AFTER UPDATE OF closed_at ON review_round FOR EACH ROW
  WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL) EXECUTE FUNCTION round_moves_its_figures();

-- ------------------------------------------------------------------------------------------------ folding
-- A length of time falls into the bound b where 1.1^(b-1) <= ms < 1.1^b; 0 holds what took less than a millisecond. What
-- is read back is the middle of a bound, which is off by at most 4.9 %. -1: not known.
CREATE FUNCTION figure_bound(ms bigint) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN ms IS NULL THEN -1 WHEN ms < 1 THEN 0 ELSE 1 + floor(ln(ms::float8) / ln(1.1::float8))::int END
$$;

CREATE FUNCTION figure_is_length(measure text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT measure IN ('in_queued', 'in_running', 'in_review', 'to_completed', 'wait_to_claim', 'claim_to_decision', 'hands_on')
$$;

-- What a job's move from one state to another comes to.
CREATE FUNCTION move_measures(left_state text, entered_state text, command text, stayed_ms bigint, lived_ms bigint)
RETURNS TABLE (measure text, value bigint) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.measure, m.value FROM (VALUES
    ('arrived', 0::bigint, left_state IS NULL),
    ('started', 0, command = 'start'),
    ('completed', 0, entered_state = 'completed'),
    ('failed', 0, entered_state = 'failed'),
    ('expired', 0, entered_state = 'expired'),
    ('abandoned', 0, entered_state = 'abandoned'),
    ('in_queued', stayed_ms, left_state = 'queued'),
    ('in_running', stayed_ms, left_state = 'running'),
    ('in_review', stayed_ms, left_state = 'awaiting_review'),
    ('to_completed', lived_ms, entered_state = 'completed')
  ) m (measure, value, counts)
  WHERE m.counts
$$;

-- Minutes are kept for two days and two hours, hours for two months: no period that is shown reaches further back.
-- 'ever' is what Prometheus reads: a counter goes on from where it was.
CREATE FUNCTION figure_grains(at timestamptz) RETURNS TABLE (grain text, bucket timestamptz) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT g.grain, CASE WHEN g.grain = 'ever' THEN timestamptz 'epoch' ELSE date_trunc(g.grain, at, 'UTC') END
    FROM (VALUES ('minute', interval '50 hours'), ('hour', interval '62 days'), ('day', NULL), ('ever', NULL)) g (grain, kept)
   WHERE g.kept IS NULL OR at >= now() - g.kept
$$;

-- Adds every delta that the last fold did not see. Whether it saw one is told by the snapshot that it left behind, in
-- the transaction that counted: a fold that breaks off has counted nothing, and none counts twice. Deltas of its own
-- transaction are left for the next. Returns the moment as of which the figures now stand; null where another process
-- is folding.
CREATE FUNCTION holdpoint_fold_figures() RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  state figure_state;
  moment timestamptz(3);
  folded int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('holdpoint:figures', 0)) THEN RETURN NULL; END IF;
  SELECT * INTO state FROM figure_state WHERE id = 1 FOR UPDATE;
  -- A restored copy counts its transactions anew: what was seen can no longer be told.
  IF pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(state.snapshot::pg_snapshot) THEN
    RETURN holdpoint_rebuild_figures();
  END IF;
  moment := greatest(clock_timestamp(), state.as_of + interval '1 millisecond');

  WITH fresh AS MATERIALIZED (
    SELECT d.* FROM figure_delta d
     WHERE d.xid >= pg_snapshot_xmin(state.snapshot::pg_snapshot)::text::bigint
       AND NOT pg_visible_in_snapshot(d.xid::text::xid8, state.snapshot::pg_snapshot)
       AND d.xid <> coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0)
  ), stood AS (
    INSERT INTO figure_gauge AS g (workflow_key, standing, jobs)
    SELECT s.workflow_key, s.standing, sum(s.jobs) FROM (
      SELECT workflow_key, left_state AS standing, -1 AS jobs FROM fresh WHERE kind = 'move'
      UNION ALL SELECT workflow_key, entered_state, 1 FROM fresh WHERE kind = 'move'
      UNION ALL SELECT workflow_key, measure, times FROM fresh WHERE kind = 'flag') s
     WHERE s.standing IN ('queued', 'running', 'awaiting_review', 'failed', 'stuck', 'expiring', 'unclassified')
     GROUP BY s.workflow_key, s.standing HAVING sum(s.jobs) <> 0
    ON CONFLICT (workflow_key, standing) DO UPDATE SET jobs = g.jobs + excluded.jobs
  ), measured AS (
    SELECT f.workflow_key, 0 AS version, f.at, m.measure, 1 AS times, m.value
      FROM fresh f, move_measures(f.left_state, f.entered_state, f.command, f.stayed_ms, f.lived_ms) m WHERE f.kind = 'move'
    UNION ALL
    SELECT workflow_key, version, at, measure, times, value FROM fresh WHERE kind = 'measure'
  ), rolled AS (
    INSERT INTO figure_rollup AS r (grain, workflow_key, measure, at, version, bound, times, total)
    SELECT g.grain, k.workflow_key, m.measure, g.bucket, CASE WHEN k.workflow_key = '*' THEN 0 ELSE m.version END,
           CASE WHEN figure_is_length(m.measure) THEN figure_bound(m.value) WHEN m.value IS NULL THEN -1 ELSE 0 END,
           sum(m.times), sum(m.times * coalesce(m.value, 0))
      FROM measured m, figure_grains(m.at) g, (VALUES (false), (true)) a (of_all), LATERAL (SELECT CASE WHEN a.of_all THEN '*' ELSE m.workflow_key END AS workflow_key) k
     GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (grain, workflow_key, measure, at, version, bound) DO UPDATE SET times = r.times + excluded.times, total = r.total + excluded.total
  ), left_behind AS (
    INSERT INTO figure_fold (as_of, snapshot)
    SELECT moment, pg_current_snapshot()::text WHERE EXISTS (SELECT 1 FROM fresh)
    RETURNING snapshot
  )
  UPDATE figure_state SET as_of = moment, snapshot = coalesce((SELECT snapshot FROM left_behind), figure_state.snapshot) WHERE id = 1;
  RETURN moment;
END $$;

-- What time alone changes: which jobs are stuck, and which expire within the hour.
CREATE FUNCTION jobs_that_are_stuck(at timestamptz) RETURNS TABLE (job_id uuid, workflow_key text) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH patience AS MATERIALIZED (
    SELECT id, key, (definition -> 'limits' ->> 'noProgressMinutes')::float8 * interval '1 minute' AS lasts FROM workflow_version
  )
  -- It runs, and nothing has changed at the provider for longer than its workflow allows.
  SELECT j.id, j.workflow_key FROM patience p
    JOIN job j ON j.state = 'running' AND j.workflow_key = p.key AND j.workflow_version_id = p.id AND j.state_since < at - p.lasts
    JOIN attempt a ON a.job_id = j.id AND a.ended_at IS NULL
    LEFT JOIN attempt_watch w ON w.attempt_id = a.id
   WHERE coalesce(w.last_changed_at, a.sent_at) < at - p.lasts
  UNION ALL
  -- It may be sent, and neither it nor any other job of its workflow has been for as long.
  SELECT j.id, j.workflow_key FROM patience p
    JOIN job j ON j.state = 'queued' AND j.workflow_key = p.key AND j.workflow_version_id = p.id AND j.state_since < at - p.lasts
   WHERE coalesce(j.not_before, j.state_since) < at - p.lasts
     AND NOT EXISTS (SELECT 1 FROM queue_stop s WHERE s.workflow_key = p.key AND (s.resumed_at IS NULL OR s.resumed_at > at - p.lasts))
     AND NOT EXISTS (SELECT 1 FROM figure_rollup r WHERE r.grain = 'minute' AND r.workflow_key = p.key AND r.measure = 'started' AND r.at >= at - p.lasts)
$$;

CREATE FUNCTION jobs_that_expire_soon(at timestamptz) RETURNS TABLE (job_id uuid, workflow_key text) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT j.id, j.workflow_key FROM review_round r JOIN job j ON j.id = r.job_id
   WHERE r.closed_at IS NULL AND r.due_at > at AND r.due_at <= at + interval '1 hour'
     AND (r.at_deadline <> 'escalates' OR r.escalated_at IS NOT NULL)
  UNION ALL
  SELECT j.id, j.workflow_key FROM job j
   WHERE j.state IN ('queued', 'running') AND j.due_at > at AND j.due_at <= at + interval '1 hour'
     -- While its queue stands still no deadline passes.
     AND NOT EXISTS (SELECT 1 FROM queue_stop s WHERE s.workflow_key = j.workflow_key AND s.resumed_at IS NULL)
$$;

-- Brings the flags up to date as of `moment`. In a transaction of its own, before the fold that counts them. Returns how
-- many have changed; null where another process is at it.
CREATE FUNCTION holdpoint_sweep_flags(moment timestamptz) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  changed int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('holdpoint:figure flags', 0)) THEN RETURN NULL; END IF;
  WITH wanted AS MATERIALIZED (
    SELECT 'stuck' AS flag, s.job_id, s.workflow_key FROM jobs_that_are_stuck(moment) s
    UNION ALL SELECT 'expiring', e.job_id, e.workflow_key FROM jobs_that_expire_soon(moment) e
  ), gone AS (
    DELETE FROM job_flag f WHERE NOT EXISTS (SELECT 1 FROM wanted w WHERE w.flag = f.flag AND w.job_id = f.job_id) RETURNING 1
  ), come AS (
    INSERT INTO job_flag (job_id, flag, workflow_key, since) SELECT job_id, flag, workflow_key, moment FROM wanted
    ON CONFLICT (flag, job_id) DO NOTHING RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM come) INTO changed;
  UPDATE figure_state SET swept_at = moment WHERE id = 1;
  RETURN changed;
END $$;

-- Removes what nobody asks for any more: an hour of folds is kept for lists as of a moment.
CREATE FUNCTION holdpoint_tidy_figures() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  oldest figure_fold;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('holdpoint:figures', 0)) THEN RETURN; END IF;
  SELECT * INTO oldest FROM figure_fold WHERE as_of < now() - interval '1 hour' ORDER BY as_of DESC LIMIT 1;
  IF FOUND THEN
    DELETE FROM figure_fold WHERE as_of < oldest.as_of;
    DELETE FROM figure_delta WHERE xid < pg_snapshot_xmin(oldest.snapshot::pg_snapshot)::text::bigint;
  END IF;
  DELETE FROM figure_rollup WHERE (grain = 'minute' AND at < now() - interval '50 hours') OR (grain = 'hour' AND at < now() - interval '62 days');
  DELETE FROM figure_rollup WHERE times = 0 AND total = 0 AND at < now() - interval '1 hour';
END $$;

-- Counts everything anew, from the events and from what is kept of attempts and rounds. Nobody changes a job meanwhile.
CREATE FUNCTION holdpoint_rebuild_figures() RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moment timestamptz(3);
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('holdpoint:figures', 0));
  PERFORM pg_advisory_xact_lock(hashtextextended('holdpoint:figure flags', 0));
  LOCK TABLE job, event, attempt, review_round, review_work, job_flag IN SHARE MODE;
  DELETE FROM figure_delta;
  DELETE FROM figure_fold;
  DELETE FROM figure_gauge;
  DELETE FROM figure_rollup;

  INSERT INTO figure_gauge (workflow_key, standing, jobs)
  SELECT workflow_key, state, count(*) FROM job WHERE state IN ('queued', 'running', 'awaiting_review', 'failed') GROUP BY 1, 2
  UNION ALL SELECT workflow_key, 'unclassified', count(*) FROM job WHERE job_is_unclassified(state, failure_class) GROUP BY 1
  UNION ALL SELECT workflow_key, flag, count(*) FROM job_flag GROUP BY 1, 2;

  WITH moved AS (
    SELECT e.job_id, e.at, e.from_state, e.to_state, e.command, lag(e.at) OVER (PARTITION BY e.job_id ORDER BY e.seq) AS since
      FROM event e WHERE e.from_state IS DISTINCT FROM e.to_state
  ), chained AS (
    SELECT r.*, max(r.number) FILTER (WHERE r.opened_by <> 'undo') OVER upto AS root,
           min(r.number) FILTER (WHERE r.kind = 'result') OVER (PARTITION BY r.job_id) AS first_result,
           lead(r.opened_by) OVER (PARTITION BY r.job_id ORDER BY r.number) AS followed_by
      FROM review_round r WINDOW upto AS (PARTITION BY r.job_id ORDER BY r.number)
  ), judged AS (
    SELECT c.job_id, c.closed_at, c.outcome, c.root = c.first_result AS is_first, root.is_sample, s.revision
      FROM chained c
      JOIN review_round root ON root.job_id = c.job_id AND root.number = c.root
      LEFT JOIN result s ON s.id = c.result_id
     WHERE c.kind = 'result' AND c.closed_at IS NOT NULL AND c.outcome <> 'expire' AND root.opened_by = 'hold'
       AND c.followed_by IS DISTINCT FROM 'undo'
  ), measured AS (
    SELECT j.workflow_key, 0 AS version, v.at, m.measure, m.value
      FROM moved v JOIN job j ON j.id = v.job_id,
           move_measures(v.from_state, v.to_state, v.command, figure_ms(v.since, v.at), figure_ms(j.created_at, v.at)) m
    UNION ALL
    SELECT j.workflow_key, 0, a.sent_at, m.measure, m.value FROM attempt a JOIN job j ON j.id = a.job_id, call_measures(a) m
    UNION ALL
    SELECT j.workflow_key, 0, w.decided_at, m.measure, m.value FROM review_work w JOIN job j ON j.id = w.job_id, work_measures(w) m
    UNION ALL
    SELECT j.workflow_key, 0, r.closed_at, 'wait_to_claim', w.value FROM review_round r JOIN job j ON j.id = r.job_id, round_wait(r) w
    UNION ALL
    SELECT k.key, k.version, d.closed_at, m.measure, 0
      FROM judged d JOIN job j ON j.id = d.job_id JOIN workflow_version k ON k.id = j.workflow_version_id
     CROSS JOIN LATERAL (VALUES
       ('decided', true),
       ('first_decided', d.is_first),
       ('first_pass', d.is_first AND d.outcome = 'approve' AND d.revision = 0),
       ('edited', d.revision > 0),
       ('changes_requested', d.outcome = 'retry'),
       ('sample_decided', d.is_sample),
       ('sample_overturned', d.is_sample AND (d.outcome <> 'approve' OR d.revision > 0))) m (measure, counts)
     WHERE m.counts
    UNION ALL
    SELECT k.key, k.version, r.opened_at, 'sample_drawn', 0
      FROM review_round r JOIN job j ON j.id = r.job_id JOIN workflow_version k ON k.id = j.workflow_version_id
     WHERE r.is_sample AND r.opened_by <> 'undo'
  ), finest AS MATERIALIZED (
    -- No finer than figure_grains keeps it: else months of minutes would be sorted, and nothing of them stay.
    SELECT workflow_key, version,
           date_trunc(CASE WHEN at >= now() - interval '50 hours' THEN 'minute' WHEN at >= now() - interval '62 days' THEN 'hour' ELSE 'day' END, at, 'UTC') AS at,
           measure,
           CASE WHEN figure_is_length(measure) THEN figure_bound(value) WHEN value IS NULL THEN -1 ELSE 0 END AS bound,
           count(*) AS times, sum(coalesce(value, 0)) AS total
      FROM measured GROUP BY 1, 2, 3, 4, 5
  )
  INSERT INTO figure_rollup (grain, workflow_key, measure, at, version, bound, times, total)
  SELECT g.grain, k.workflow_key, m.measure, g.bucket, CASE WHEN k.workflow_key = '*' THEN 0 ELSE m.version END, m.bound, sum(m.times), sum(m.total)
    FROM finest m, figure_grains(m.at) g, (VALUES (false), (true)) a (of_all), LATERAL (SELECT CASE WHEN a.of_all THEN '*' ELSE m.workflow_key END AS workflow_key) k
   GROUP BY 1, 2, 3, 4, 5, 6;

  SELECT greatest(clock_timestamp(), as_of + interval '1 millisecond') INTO moment FROM figure_state WHERE id = 1;
  moment := coalesce(moment, clock_timestamp());
  INSERT INTO figure_fold (as_of, snapshot) VALUES (moment, pg_current_snapshot()::text);
  INSERT INTO figure_state (id, as_of, snapshot) VALUES (1, moment, pg_current_snapshot()::text)
  ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of, snapshot = excluded.snapshot;
  RETURN moment;
END $$;

-- ------------------------------------------------------------------------------------------------ who may
REVOKE ALL ON FUNCTION holdpoint_fold_figures(), holdpoint_sweep_flags(timestamptz), holdpoint_tidy_figures(), holdpoint_rebuild_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holdpoint_fold_figures(), holdpoint_sweep_flags(timestamptz), holdpoint_tidy_figures() TO holdpoint_app;
-- They are written by the triggers and the functions above alone.
GRANT SELECT ON figure_delta, figure_state, figure_fold, figure_gauge, figure_rollup, job_flag TO holdpoint_app;

-- What was there before.
SELECT holdpoint_rebuild_figures();
