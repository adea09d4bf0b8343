-- CreateTable
CREATE TABLE "anchor_key" (
    "id" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "previous_id" TEXT,
    "handover" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "anchor_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "anchor" (
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "root" TEXT NOT NULL,
    "leaves" INTEGER NOT NULL,
    "key_id" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "signature" TEXT NOT NULL,

    CONSTRAINT "anchor_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "anchor_leaf" (
    "anchor" INTEGER NOT NULL,
    "job_id" UUID NOT NULL,
    "job_number" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "head_hash" TEXT NOT NULL,
    "records" TEXT NOT NULL,

    CONSTRAINT "anchor_leaf_pkey" PRIMARY KEY ("anchor","job_id")
);

-- CreateTable
CREATE TABLE "anchor_pending" (
    "id" BIGSERIAL NOT NULL,
    "job_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "anchor_pending_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "anchor_copy" (
    "host" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "problem" TEXT,

    CONSTRAINT "anchor_copy_pkey" PRIMARY KEY ("host","path")
);

-- CreateTable
CREATE TABLE "case_file_taking" (
    "id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "format" TEXT NOT NULL,
    "user_id" TEXT,
    "api_key_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_file_taking_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "claim_mark_job_id_idx" ON "claim_mark"("job_id");

-- CreateIndex
CREATE INDEX "anchor_leaf_job_id_anchor_idx" ON "anchor_leaf"("job_id", "anchor");

-- CreateIndex
CREATE INDEX "case_file_taking_job_id_at_idx" ON "case_file_taking"("job_id", "at" DESC);

-- CreateIndex
CREATE INDEX "case_file_taking_at_idx" ON "case_file_taking"("at" DESC);

-- ------------------------------------------------------------------------------------------------ what waits for an anchor
-- Written by the transaction that changes a job, and drained by the one that anchors it: a transaction that commits late
-- leaves its row for the next anchor. (The greatest number seen would miss it.)
CREATE FUNCTION job_waits_for_its_anchor() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO anchor_pending (job_id) VALUES (NEW.job_id);
  RETURN NULL;
END $$;
CREATE TRIGGER event_waits_for_its_anchor AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION job_waits_for_its_anchor();
-- What comes without an event: a payload after the end of its job, answers to calls.
CREATE TRIGGER payload_waits_for_its_anchor AFTER UPDATE ON attempt
  FOR EACH ROW WHEN (OLD.payload_sha256 IS DISTINCT FROM NEW.payload_sha256) EXECUTE FUNCTION job_waits_for_its_anchor();
CREATE TRIGGER tool_call_waits_for_its_anchor AFTER UPDATE ON tool_call
  FOR EACH ROW WHEN (OLD.request_sha256 IS DISTINCT FROM NEW.request_sha256 OR OLD.answer_sha256 IS DISTINCT FROM NEW.answer_sha256)
  EXECUTE FUNCTION job_waits_for_its_anchor();

CREATE FUNCTION delivery_try_waits_for_its_anchor() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO anchor_pending (job_id) SELECT job_id FROM delivery WHERE id = NEW.delivery_id;
  RETURN NULL;
END $$;
CREATE TRIGGER delivery_try_waits_for_its_anchor AFTER INSERT ON delivery_try FOR EACH ROW EXECUTE FUNCTION delivery_try_waits_for_its_anchor();

-- Whatever was there before there were anchors.
INSERT INTO anchor_pending (job_id) SELECT id FROM job ORDER BY number;

-- ------------------------------------------------------------------------------------------------ records
-- What rows say of a job beside its events, as texts that never change once they are there: an anchor keeps their hashes,
-- so that a row that is changed or removed afterwards shows. `blobs` are the hashes of bytes that it names.
CREATE FUNCTION epoch_ms(moment timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (extract(epoch FROM moment) * 1000)::bigint
$$;
CREATE FUNCTION text_sha256(content text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to(content, 'UTF8')), 'hex')
$$;

CREATE VIEW job_record AS
SELECT j.id AS job_id, 'asked' AS name,
       jsonb_build_array(j.number, v.key, v.version, v.sha256, text_sha256(v.definition::text), j.title, j.reference,
                         j.requester_id, j.requester_key_id, epoch_ms(j.created_at), d.list)::text AS text,
       d.blobs AS blobs
  FROM job j JOIN workflow_version v ON v.id = j.workflow_version_id
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_array(d.name, d.media_type, d.sha256, d.text_sha256) ORDER BY x.position), '[]') AS list,
           coalesce(array_agg(d.sha256 ORDER BY x.position) FILTER (WHERE d.id IS NOT NULL), '{}')
             || coalesce(array_agg(d.text_sha256 ORDER BY x.position) FILTER (WHERE d.id IS NOT NULL), '{}') AS blobs
      FROM job_document x LEFT JOIN document d ON d.id = x.document_id WHERE x.job_id = j.id) d
UNION ALL
SELECT job_id, 'attempt-' || number,
       jsonb_build_array(fence, provider, model, request_sha256, epoch_ms(sent_at))::text, ARRAY[request_sha256]
  FROM attempt
UNION ALL
SELECT job_id, 'payload-' || number, jsonb_build_array(response_id, payload_sha256)::text, ARRAY[payload_sha256]
  FROM attempt WHERE payload_sha256 IS NOT NULL
UNION ALL
SELECT r.job_id, 'result-' || coalesce(a.number::text, '?') || '.' || r.revision,
       jsonb_build_array(r.sha256, r.kind, text_sha256(r.text), text_sha256(r.json::text), text_sha256(r.evidence::text),
                         text_sha256(r.checks::text), r.created_by, epoch_ms(r.created_at))::text, ARRAY[r.sha256]
  FROM result r LEFT JOIN attempt a ON a.id = r.attempt_id
UNION ALL
SELECT job_id, 'round-' || number, jsonb_build_array(kind, reason, opened_by, epoch_ms(opened_at))::text, '{}'
  FROM review_round
UNION ALL
SELECT job_id, 'round-' || number || '-end',
       jsonb_build_array(outcome, epoch_ms(closed_at), result_hash, approvals, requester_may_approve, to_jsonb(step_roles), blind,
                         policy_rule, policy_label, delivery_kind, delivery_to, delivery_sha256, delivery_hash)::text,
       array_remove(ARRAY[delivery_sha256], NULL)
  FROM review_round WHERE closed_at IS NOT NULL
UNION ALL
SELECT d.job_id, 'decision-' || d.event_seq,
       jsonb_build_array(r.number, d.command, d.user_id, d.api_key_id, d.result_hash, d.delivery_hash, d.step, d.reason_key,
                         d.note_sha256, epoch_ms(d.at))::text, array_remove(ARRAY[d.note_sha256], NULL)
  FROM decision d LEFT JOIN review_round r ON r.id = d.round_id
UNION ALL
SELECT c.job_id, 'call-' || coalesce(a.number::text, '?') || '.' || c.position,
       jsonb_build_array(c.call_id, c.kind, c.name, c.server_label, c.risk, c.arguments_sha256, epoch_ms(c.created_at))::text,
       ARRAY[c.arguments_sha256]
  FROM tool_call c LEFT JOIN attempt a ON a.id = c.attempt_id
UNION ALL
SELECT c.job_id, 'call-' || coalesce(a.number::text, '?') || '.' || c.position || '-leave',
       jsonb_build_array(c.decided_seq, c.permitted_sha256, c.reason_sha256)::text,
       array_remove(ARRAY[c.permitted_sha256, c.reason_sha256], NULL)
  FROM tool_call c LEFT JOIN attempt a ON a.id = c.attempt_id
 WHERE c.permitted_sha256 IS NOT NULL OR c.decided_seq IS NOT NULL
UNION ALL
SELECT c.job_id, 'call-' || coalesce(a.number::text, '?') || '.' || c.position || '-request',
       jsonb_build_array(c.url, c.request_sha256)::text, ARRAY[c.request_sha256]
  FROM tool_call c LEFT JOIN attempt a ON a.id = c.attempt_id WHERE c.request_sha256 IS NOT NULL
UNION ALL
SELECT c.job_id, 'call-' || coalesce(a.number::text, '?') || '.' || c.position || '-answer',
       jsonb_build_array(c.answer_sha256)::text, ARRAY[c.answer_sha256]
  FROM tool_call c LEFT JOIN attempt a ON a.id = c.attempt_id WHERE c.answer_sha256 IS NOT NULL
UNION ALL
SELECT d.job_id, 'delivery-' || d.number,
       jsonb_build_array(r.number, d.event_seq, d.result_hash, d.kind, d.destination, d.bytes_sha256, d.delivery_hash, d.message_id,
                         epoch_ms(d.created_at))::text, ARRAY[d.bytes_sha256]
  FROM delivery d LEFT JOIN review_round r ON r.id = d.round_id
UNION ALL
SELECT d.job_id, 'delivery-' || d.number || '-try-' || t.number,
       jsonb_build_array(epoch_ms(t.at), t."end", t.http_status, t.code, t.answer_sha256)::text,
       array_remove(ARRAY[t.answer_sha256], NULL)
  FROM delivery_try t JOIN delivery d ON d.id = t.delivery_id;

-- What the hash of a record covers: format, job, name and text.
CREATE FUNCTION record_hash(job_id uuid, name text, content text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to('holdpoint-record:1' || chr(10) || job_id::text || chr(10) || name || chr(10) || content, 'UTF8')), 'hex')
$$;

-- ------------------------------------------------------------------------------------------------ anchors
CREATE FUNCTION anchor_continues_the_chain() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said jsonb := NEW.body::jsonb;
  before record;
BEGIN
  SELECT number, hash INTO before FROM anchor ORDER BY number DESC LIMIT 1;
  IF NEW.number <> coalesce(before.number, 0) + 1 OR NEW.prev_hash <> coalesce(before.hash, repeat('0', 64)) THEN
    RAISE EXCEPTION 'anchor_continues_the_chain: anchor % does not follow the one before it', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.hash <> text_sha256('holdpoint-anchor:1' || chr(10) || NEW.body)
     OR (said ->> 'anchor')::int <> NEW.number OR said ->> 'previous' <> NEW.prev_hash OR said ->> 'root' <> NEW.root
     OR (said ->> 'leaves')::int <> NEW.leaves OR said ->> 'key' <> NEW.key_id OR (said ->> 'at')::timestamptz <> NEW.at THEN
    RAISE EXCEPTION 'anchor_hash_covers_its_body: the hash of anchor % is not that of its body', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.leaves <> (SELECT count(*) FROM anchor_leaf l WHERE l.anchor = NEW.number) OR NEW.leaves = 0 THEN
    RAISE EXCEPTION 'anchor_has_its_leaves: anchor % comes with the leaves that it counts', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER anchor_continues_the_chain BEFORE INSERT ON anchor FOR EACH ROW EXECUTE FUNCTION anchor_continues_the_chain();

-- Leaves come before their anchor, in its transaction; none is added to one that stands.
CREATE FUNCTION anchor_leaf_comes_with_its_anchor() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added l WHERE EXISTS (SELECT 1 FROM anchor a WHERE a.number = l.anchor)) THEN
    RAISE EXCEPTION 'anchor_leaf_comes_with_its_anchor: nothing is added to an anchor afterwards' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER anchor_leaf_comes_with_its_anchor AFTER INSERT ON anchor_leaf
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION anchor_leaf_comes_with_its_anchor();
CREATE TRIGGER anchor_is_append_only BEFORE UPDATE OR DELETE ON anchor FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER anchor_is_never_truncated BEFORE TRUNCATE ON anchor FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER anchor_leaf_is_append_only BEFORE UPDATE OR DELETE ON anchor_leaf FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER anchor_leaf_is_never_truncated BEFORE TRUNCATE ON anchor_leaf FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER anchor_key_is_append_only BEFORE UPDATE OR DELETE ON anchor_key FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER anchor_key_is_never_truncated BEFORE TRUNCATE ON anchor_key FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER case_file_taking_is_append_only BEFORE UPDATE OR DELETE ON case_file_taking FOR EACH ROW EXECUTE FUNCTION history_is_append_only();
CREATE TRIGGER case_file_taking_is_never_truncated BEFORE TRUNCATE ON case_file_taking FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

ALTER TABLE case_file_taking ADD CONSTRAINT case_file_has_a_format CHECK (format IN ('html', 'zip'));

GRANT SELECT ON anchor, anchor_leaf, anchor_key, anchor_pending, anchor_copy, case_file_taking, job_record TO holdpoint_app;
GRANT INSERT ON anchor, anchor_leaf, anchor_key, anchor_pending, anchor_copy, case_file_taking TO holdpoint_app;
GRANT UPDATE ON anchor_copy TO holdpoint_app;
GRANT DELETE ON anchor_pending TO holdpoint_app;
GRANT USAGE ON SEQUENCE anchor_pending_id_seq TO holdpoint_app;
