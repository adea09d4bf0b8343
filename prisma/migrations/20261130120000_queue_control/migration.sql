ALTER TABLE "job" ADD COLUMN "failure_signal" TEXT;
ALTER TABLE "attempt" ADD COLUMN "failure_signal" TEXT;
ALTER TABLE "queue_stop" ADD COLUMN "stopped_by" TEXT, ADD COLUMN "stop_note" TEXT;
CREATE TABLE "queue_control" (
    "workflow_key" TEXT NOT NULL,
    "takes_jobs" BOOLEAN NOT NULL DEFAULT true,
    "most_live" INTEGER,
    "sends_per_minute" INTEGER,
    "next_send_at" TIMESTAMPTZ(3),
    CONSTRAINT "queue_control_pkey" PRIMARY KEY ("workflow_key")
);
CREATE TABLE "queue_change" (
    "id" UUID NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "user_id" TEXT,
    "kind" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "note" TEXT,
    CONSTRAINT "queue_change_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "queue_wait" (
    "job_id" UUID NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "called_at" TIMESTAMPTZ(3),
    CONSTRAINT "queue_wait_pkey" PRIMARY KEY ("job_id")
);
CREATE TABLE "failure_group" (
    "id" TEXT NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "failure_class" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "signal" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "seen" BIGINT NOT NULL DEFAULT 0,
    "standing" INTEGER NOT NULL DEFAULT 0,
    "state" TEXT NOT NULL DEFAULT 'open',
    "state_at" TIMESTAMPTZ(3),
    "ignored_until" TIMESTAMPTZ(3),
    CONSTRAINT "failure_group_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "failure_hour" (
    "group_id" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "seen" INTEGER NOT NULL,
    CONSTRAINT "failure_hour_pkey" PRIMARY KEY ("group_id","hour")
);
CREATE TABLE "failure_delta" (
    "id" BIGSERIAL NOT NULL,
    "job_id" UUID NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "failure_class" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "signal" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "seen" INTEGER NOT NULL,
    "standing" INTEGER NOT NULL,
    CONSTRAINT "failure_delta_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "failure_group_change" (
    "id" UUID NOT NULL,
    "group_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "user_id" TEXT,
    "state" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),
    "note" TEXT,
    CONSTRAINT "failure_group_change_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "retry_batch" (
    "id" UUID NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "group_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "is_cut" BOOLEAN NOT NULL DEFAULT false,
    "note" TEXT,
    "per_minute" INTEGER,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "next_at" TIMESTAMPTZ(3),
    CONSTRAINT "retry_batch_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "retry_batch_item" (
    "batch_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "job_id" UUID NOT NULL,
    "job_number" INTEGER NOT NULL,
    "job_version" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "code" TEXT,
    "sentence" TEXT,
    "paid_micros" BIGINT NOT NULL,
    "paid_unknown" INTEGER NOT NULL,
    "worst_micros" BIGINT,
    "at" TIMESTAMPTZ(3),
    "event_seq" INTEGER,
    CONSTRAINT "retry_batch_item_pkey" PRIMARY KEY ("batch_id","position")
);
CREATE TABLE "retry_batch_change" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "user_id" TEXT,
    "kind" TEXT NOT NULL,
    "note" TEXT,
    CONSTRAINT "retry_batch_change_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "queue_change_workflow_key_at_id_idx" ON "queue_change"("workflow_key", "at" DESC, "id" DESC);
CREATE INDEX "failure_group_workflow_key_last_seen_at_idx" ON "failure_group"("workflow_key", "last_seen_at" DESC);
CREATE INDEX "failure_group_last_seen_at_id_idx" ON "failure_group"("last_seen_at" DESC, "id");
CREATE INDEX "failure_hour_hour_idx" ON "failure_hour"("hour");
CREATE INDEX "failure_group_change_group_id_at_idx" ON "failure_group_change"("group_id", "at" DESC);
CREATE INDEX "retry_batch_workflow_key_created_at_idx" ON "retry_batch"("workflow_key", "created_at" DESC);
CREATE INDEX "retry_batch_group_id_created_at_idx" ON "retry_batch"("group_id", "created_at" DESC);
CREATE INDEX "retry_batch_item_job_id_idx" ON "retry_batch_item"("job_id");
CREATE UNIQUE INDEX "retry_batch_item_batch_id_job_id_key" ON "retry_batch_item"("batch_id", "job_id");
CREATE INDEX "retry_batch_change_batch_id_at_idx" ON "retry_batch_change"("batch_id", "at");
ALTER TABLE "retry_batch_item" ADD CONSTRAINT "retry_batch_item_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "retry_batch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "retry_batch_change" ADD CONSTRAINT "retry_batch_change_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "retry_batch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
