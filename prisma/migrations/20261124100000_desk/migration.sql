-- The reviewer's desk, review policies, and the outbox.
ALTER TABLE "decision" ADD COLUMN     "delivery_hash" TEXT,
ADD COLUMN     "reason_key" TEXT,
ADD COLUMN     "step" INTEGER;
ALTER TABLE "notice" ADD COLUMN     "email_at" TIMESTAMPTZ(3),
ADD COLUMN     "email_code" TEXT,
ADD COLUMN     "email_state" TEXT,
ADD COLUMN     "email_tries" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "review_round" ADD COLUMN     "assignee_id" TEXT,
ADD COLUMN     "at_deadline" TEXT NOT NULL DEFAULT 'expires',
ADD COLUMN     "blind" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "delivery_hash" TEXT,
ADD COLUMN     "delivery_kind" TEXT,
ADD COLUMN     "delivery_problem" TEXT,
ADD COLUMN     "delivery_sha256" TEXT,
ADD COLUMN     "delivery_to" TEXT,
ADD COLUMN     "escalate_hours" DOUBLE PRECISION NOT NULL DEFAULT 24,
ADD COLUMN     "escalated_at" TIMESTAMPTZ(3),
ADD COLUMN     "individually" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "is_sample" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "policy_label" TEXT,
ADD COLUMN     "policy_rule" TEXT,
ADD COLUMN     "risk" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "snooze_note_sha256" TEXT,
ADD COLUMN     "snoozed_by" TEXT,
ADD COLUMN     "snoozed_until" TIMESTAMPTZ(3),
ADD COLUMN     "step_roles" TEXT[] DEFAULT ARRAY[]::TEXT[];
CREATE TABLE "review_claim" (
    "id" UUID NOT NULL,
    "round_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),
    CONSTRAINT "review_claim_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "claim_mark" (
    "id" UUID NOT NULL,
    "round_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "result_hash" TEXT NOT NULL,
    "claim" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "event_seq" INTEGER NOT NULL,
    CONSTRAINT "claim_mark_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "review_work" (
    "round_id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "job_id" UUID NOT NULL,
    "offered_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3),
    "claimed_at" TIMESTAMPTZ(3),
    "skipped_at" TIMESTAMPTZ(3),
    "decided_at" TIMESTAMPTZ(3),
    "decision" TEXT,
    "hands_on_ms" INTEGER,
    CONSTRAINT "review_work_pkey" PRIMARY KEY ("round_id","user_id")
);
CREATE TABLE "presence" (
    "job_id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "presence_pkey" PRIMARY KEY ("job_id","user_id")
);
CREATE TABLE "review_reason" (
    "key" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "commands" TEXT[],
    "position" INTEGER NOT NULL,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),
    CONSTRAINT "review_reason_pkey" PRIMARY KEY ("key")
);
CREATE TABLE "saved_note" (
    "id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "saved_note_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "user_preference" (
    "user_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "user_preference_pkey" PRIMARY KEY ("user_id","key")
);
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "round_id" UUID,
    "number" INTEGER NOT NULL,
    "event_seq" INTEGER NOT NULL,
    "result_hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "bytes_sha256" TEXT NOT NULL,
    "delivery_hash" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "changed_seq" INTEGER NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    "begun_at" TIMESTAMPTZ(3),
    "worker_id" UUID,
    "tried_at" TIMESTAMPTZ(3),
    "http_status" INTEGER,
    "code" TEXT,
    "answer_sha256" TEXT,
    "reference" TEXT,
    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "delivery_try" (
    "delivery_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "milliseconds" INTEGER,
    "end" TEXT NOT NULL,
    "http_status" INTEGER,
    "code" TEXT,
    "answer_sha256" TEXT,
    CONSTRAINT "delivery_try_pkey" PRIMARY KEY ("delivery_id","number")
);
CREATE INDEX "review_claim_round_id_idx" ON "review_claim"("round_id");
CREATE INDEX "review_claim_user_id_lease_until_idx" ON "review_claim"("user_id", "lease_until");
CREATE INDEX "claim_mark_round_id_idx" ON "claim_mark"("round_id");
CREATE INDEX "review_work_user_id_idx" ON "review_work"("user_id");
CREATE INDEX "saved_note_user_id_idx" ON "saved_note"("user_id");
CREATE UNIQUE INDEX "delivery_message_id_key" ON "delivery"("message_id");
CREATE UNIQUE INDEX "delivery_job_id_number_key" ON "delivery"("job_id", "number");
ALTER TABLE "review_claim" ADD CONSTRAINT "review_claim_round_id_fkey" FOREIGN KEY ("round_id") REFERENCES "review_round"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "claim_mark" ADD CONSTRAINT "claim_mark_round_id_fkey" FOREIGN KEY ("round_id") REFERENCES "review_round"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review_work" ADD CONSTRAINT "review_work_round_id_fkey" FOREIGN KEY ("round_id") REFERENCES "review_round"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "delivery_try" ADD CONSTRAINT "delivery_try_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "delivery"("id") ON DELETE RESTRICT ON UPDATE CASCADE;