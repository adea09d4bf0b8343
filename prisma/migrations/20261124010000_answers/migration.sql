ALTER TABLE "attempt" ADD COLUMN     "continues_id" UUID,
ADD COLUMN     "cost_lines" JSONB,
ADD COLUMN     "cost_micros" BIGINT,
ADD COLUMN     "previous_response_id" TEXT,
ADD COLUMN     "rules_version" INTEGER;

ALTER TABLE "job" ADD COLUMN     "budget_micros" BIGINT,
ADD COLUMN     "clock_at" TIMESTAMPTZ(3),
ADD COLUMN     "continues_id" UUID;

ALTER TABLE "workflow_version" ADD COLUMN     "author_id" TEXT,
ADD COLUMN     "note" TEXT,
ADD COLUMN     "source" TEXT;

CREATE TABLE "tool_call" (
    "id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "call_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "server_label" TEXT,
    "risk" TEXT NOT NULL,
    "arguments_sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "code" TEXT,
    "round_id" UUID,
    "decided_seq" INTEGER,
    "reason_sha256" TEXT,
    "permitted_sha256" TEXT,
    "url" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "answered_at" TIMESTAMPTZ(3),
    "http_status" INTEGER,
    "request_sha256" TEXT,
    "answer_sha256" TEXT,
    CONSTRAINT "tool_call_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "failure_rule_set" (
    "version" INTEGER NOT NULL,
    "rules" JSON NOT NULL,
    "note" TEXT NOT NULL,
    "author_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "failure_rule_set_pkey" PRIMARY KEY ("version")
);

CREATE TABLE "notice" (
    "id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "job_id" UUID,
    "kind" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "webhook_receipt" (
    "id" UUID NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,
    "event_at" TIMESTAMPTZ(3),
    "type" TEXT NOT NULL,
    "response_id" TEXT,
    "body_sha256" TEXT NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    "last_received_at" TIMESTAMPTZ(3) NOT NULL,
    "secret_index" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "attempt_id" UUID,
    "job_id" UUID,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    CONSTRAINT "webhook_receipt_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "webhook_refusal" (
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "webhook_refusal_pkey" PRIMARY KEY ("minute","reason")
);

CREATE TABLE "webhook_probe" (
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "sent_by" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3),
    "http_status" INTEGER,
    "error" TEXT,
    CONSTRAINT "webhook_probe_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "price" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "input_micros" BIGINT,
    "cached_micros" BIGINT,
    "output_micros" BIGINT,
    "call_micros" BIGINT,
    "source" TEXT NOT NULL,
    "author_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "price_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "day_budget" (
    "id" UUID NOT NULL,
    "micros" BIGINT,
    "note" TEXT NOT NULL,
    "author_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "day_budget_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "budget_account" (
    "key" TEXT NOT NULL,
    "reserved_micros" BIGINT NOT NULL,
    "spent_micros" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "budget_account_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "budget_entry" (
    "attempt_id" UUID NOT NULL,
    "account_key" TEXT NOT NULL,
    "reserved_micros" BIGINT NOT NULL,
    "settled_micros" BIGINT,
    "reserved_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    CONSTRAINT "budget_entry_pkey" PRIMARY KEY ("attempt_id","account_key")
);

CREATE TABLE "queue_stop" (
    "id" UUID NOT NULL,
    "workflow_key" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "message" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "job_id" UUID,
    "attempt_id" UUID,
    "resumed_at" TIMESTAMPTZ(3),
    "resumed_by" TEXT,
    "note" TEXT,
    CONSTRAINT "queue_stop_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "rate_limit" (
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "limit_requests" INTEGER,
    "remaining_requests" INTEGER,
    "requests_reset_at" TIMESTAMPTZ(3),
    "limit_tokens" INTEGER,
    "remaining_tokens" INTEGER,
    "tokens_reset_at" TIMESTAMPTZ(3),
    "blocked_until" TIMESTAMPTZ(3),
    "strikes" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("provider","model")
);

CREATE INDEX "tool_call_job_id_name_arguments_sha256_idx" ON "tool_call"("job_id", "name", "arguments_sha256");

CREATE UNIQUE INDEX "tool_call_attempt_id_position_key" ON "tool_call"("attempt_id", "position");

CREATE INDEX "notice_user_id_at_idx" ON "notice"("user_id", "at" DESC);

CREATE UNIQUE INDEX "webhook_receipt_webhook_id_key" ON "webhook_receipt"("webhook_id");

CREATE INDEX "webhook_receipt_received_at_idx" ON "webhook_receipt"("received_at" DESC);

CREATE INDEX "webhook_receipt_job_id_idx" ON "webhook_receipt"("job_id");

CREATE INDEX "webhook_receipt_response_id_idx" ON "webhook_receipt"("response_id");

CREATE INDEX "webhook_probe_sent_at_idx" ON "webhook_probe"("sent_at" DESC);

CREATE INDEX "price_kind_name_valid_from_idx" ON "price"("kind", "name", "valid_from" DESC);

CREATE INDEX "budget_entry_account_key_idx" ON "budget_entry"("account_key");

CREATE INDEX "queue_stop_workflow_key_since_idx" ON "queue_stop"("workflow_key", "since" DESC);

ALTER TABLE "tool_call" ADD CONSTRAINT "tool_call_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "tool_call" ADD CONSTRAINT "tool_call_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "tool_call" ADD CONSTRAINT "tool_call_round_id_fkey" FOREIGN KEY ("round_id") REFERENCES "review_round"("id") ON DELETE SET NULL ON UPDATE CASCADE;
