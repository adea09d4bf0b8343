-- Workers: how one ended, whether something starts another in its place, and who asked it to leave.
ALTER TABLE "worker" ADD COLUMN "ended_how" TEXT;
ALTER TABLE "worker" ADD COLUMN "is_kept" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "worker" ADD COLUMN "leave_requested_at" TIMESTAMPTZ(3);
ALTER TABLE "worker" ADD COLUMN "leave_requested_by" TEXT;
ALTER TABLE "worker" ADD CONSTRAINT worker_is_asked_to_leave_by_somebody
  CHECK (leave_requested_at IS NULL OR leave_requested_by IS NOT NULL);

-- CreateTable
CREATE TABLE "alert_rule" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "workflow_key" TEXT,
    "threshold" DOUBLE PRECISION NOT NULL,
    "minutes" INTEGER,
    "least" INTEGER,
    "is_on" BOOLEAN NOT NULL,
    "people" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "by_email" BOOLEAN NOT NULL,
    "address" TEXT,
    "is_built_in" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_rule_change" (
    "rule_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB NOT NULL,
    "note" TEXT,

    CONSTRAINT "alert_rule_change_pkey" PRIMARY KEY ("rule_id","version")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "rule_id" UUID NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "workflow_key" TEXT,
    "threshold" DOUBLE PRECISION NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "worst" DOUBLE PRECISION NOT NULL,
    "detail" JSONB NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "clear_since" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "note" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "closed_how" TEXT,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_message" (
    "id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "what" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "http_status" INTEGER,
    "code" TEXT,

    CONSTRAINT "alert_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_check" (
    "id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "alert_check_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "worker_beat_at_idx" ON "worker"("beat_at" DESC);

-- CreateIndex
CREATE INDEX "alert_opened_at_id_idx" ON "alert"("opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "alert_message_message_id_key" ON "alert_message"("message_id");

-- CreateIndex
CREATE UNIQUE INDEX "alert_message_alert_id_what_key" ON "alert_message"("alert_id", "what");

-- AddForeignKey
ALTER TABLE "alert_rule_change" ADD CONSTRAINT "alert_rule_change_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "alert_rule"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "alert_rule"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_message" ADD CONSTRAINT "alert_message_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alert"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ------------------------------------------------------------------------------------------------ rules
ALTER TABLE alert_rule ADD CONSTRAINT alert_rule_has_a_threshold CHECK (threshold > 0 AND threshold < 1e9);
ALTER TABLE alert ADD CONSTRAINT alert_is_acknowledged_by_somebody CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL));
ALTER TABLE alert ADD CONSTRAINT alert_says_how_it_closed CHECK ((closed_at IS NULL) = (closed_how IS NULL));
ALTER TABLE alert_message ADD CONSTRAINT alert_message_ends_once CHECK ((state = 'due') = (ended_at IS NULL));
ALTER TABLE alert_check ADD CONSTRAINT alert_check_is_one_row CHECK (id = 1);
CREATE UNIQUE INDEX alert_has_one_cause ON alert (rule_id, subject) WHERE closed_at IS NULL;
-- Serves the sender of messages, and "what was not told".
CREATE INDEX alert_message_is_due ON alert_message (next_try_at) WHERE state = 'due';
-- Serves "failure rate" and "unclassified seen": the calls that ended last.
CREATE INDEX attempt_ended_last ON attempt (ended_at DESC) WHERE ended_at IS NOT NULL;

-- What was changed of a rule, and by whom, stays as it was written.
CREATE TRIGGER alert_rule_change_is_append_only BEFORE UPDATE OR DELETE ON alert_rule_change FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER alert_rule_change_is_never_truncated BEFORE TRUNCATE ON alert_rule_change FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

-- Which jobs the job engine has locked, by the worker that works on them. Its tables are closed to the application.
CREATE FUNCTION holdpoint_held() RETURNS TABLE (worker_id uuid, job_id uuid, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT w.id, substr(g.key, 5)::uuid, g.locked_at
    FROM graphile_worker._private_jobs g
    JOIN public.worker w ON g.locked_by = ANY (w.lock_ids)
   WHERE g.locked_at IS NOT NULL AND g.key LIKE 'job:%'
   ORDER BY g.locked_at
   LIMIT 1000
$$;

INSERT INTO alert_rule (id, kind, threshold, minutes, least, is_on, by_email, is_built_in) VALUES
  (gen_random_uuid(), 'no_worker', 1, NULL, NULL, true, true, true),
  (gen_random_uuid(), 'worker_gone', 2, NULL, NULL, true, true, true),
  (gen_random_uuid(), 'nothing_moves', 30, NULL, NULL, true, true, true),
  (gen_random_uuid(), 'oldest_waiting', 60, NULL, NULL, true, true, true),
  (gen_random_uuid(), 'oldest_review', 1440, NULL, NULL, true, true, true),
  (gen_random_uuid(), 'failure_rate', 0.5, 60, 10, true, true, true),
  (gen_random_uuid(), 'unclassified_seen', 1, 60, NULL, true, true, true),
  (gen_random_uuid(), 'budget_used', 0.8, NULL, NULL, true, true, true),
  (gen_random_uuid(), 'webhooks_silent', 30, NULL, NULL, true, true, true);

GRANT SELECT ON alert_rule, alert_rule_change, alert, alert_message, alert_check TO holdpoint_app;
GRANT INSERT ON alert_rule, alert_rule_change, alert, alert_message, alert_check TO holdpoint_app;
GRANT UPDATE ON alert_rule, alert_check TO holdpoint_app;
-- What an alert was about, and what was told of it, stays.
GRANT UPDATE (last_seen_at, value, worst, detail, clear_since, acknowledged_at, acknowledged_by, note, closed_at, closed_how) ON alert TO holdpoint_app;
GRANT UPDATE (state, tries, next_try_at, ended_at, http_status, code) ON alert_message TO holdpoint_app;
REVOKE ALL ON FUNCTION holdpoint_held() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holdpoint_held() TO holdpoint_app;
