-- What leaves after something of the same job has left says which delivery it corrects.

ALTER TABLE "delivery" ADD COLUMN "corrects_id" UUID;
ALTER TABLE "review_round" ADD COLUMN "delivery_corrects" UUID;
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_corrects_id_fkey" FOREIGN KEY ("corrects_id") REFERENCES "delivery"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- As before where nothing is corrected; else what is corrected is part of what a decision binds.
-- lib/deliveries/plan.ts computes the same.
CREATE FUNCTION delivery_hash(kind text, destination text, bytes_sha256 text, corrects uuid) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to(
    'holdpoint-delivery:' || CASE WHEN corrects IS NULL THEN '1' ELSE '2' END || chr(10) || kind || chr(10) || destination || chr(10) || bytes_sha256
      || CASE WHEN corrects IS NULL THEN '' ELSE chr(10) || corrects::text END, 'UTF8')), 'hex')
$$;

ALTER TABLE review_round
  DROP CONSTRAINT review_round_delivery_hash_covers_it,
  ADD CONSTRAINT review_round_delivery_hash_covers_it CHECK (
    delivery_hash IS NULL OR delivery_hash = delivery_hash(delivery_kind, delivery_to, delivery_sha256, delivery_corrects)),
  ADD CONSTRAINT review_round_corrects_by_what_leaves CHECK (delivery_corrects IS NULL OR delivery_hash IS NOT NULL);
ALTER TABLE delivery
  DROP CONSTRAINT delivery_hash_covers_it,
  ADD CONSTRAINT delivery_hash_covers_it CHECK (delivery_hash = delivery_hash(kind, destination, bytes_sha256, corrects_id));
DROP FUNCTION delivery_hash(text, text, text);

-- Whether a delivery reached its receiver, or may have: what was withdrawn before it left, what was refused, and a letter
-- that is only kept in a folder are corrected by nothing. A receiver that was asked and gave no answer, or failed at it, may
-- have taken the request all the same; one that refused the connection, was not found or could not prove who it is has not.
CREATE FUNCTION delivery_may_have_arrived(d delivery) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT d.code IS DISTINCT FROM 'kept_in_folder' AND (
    d.state IN ('delivered', 'unknown', 'sending')
    OR EXISTS (
      SELECT 1 FROM delivery_try t WHERE t.delivery_id = d.id AND (
        t."end" = 'unknown'
        OR d.kind = 'http' AND t."end" = 'again' AND coalesce(t.http_status, 500) >= 500
           AND t.code !~ '^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|sender_suspended|ERR_TLS_.*|.*CERT.*|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$')))
$$;

-- A round that lets a correction leave names a delivery of its own job that may have arrived. One that an earlier round
-- named stays named when that round is taken up again, also where it has turned out since that it did not arrive.
CREATE FUNCTION round_corrects_what_may_have_arrived() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.delivery_corrects IS NULL OR (TG_OP = 'UPDATE' AND NEW.delivery_corrects IS NOT DISTINCT FROM OLD.delivery_corrects) THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM delivery d WHERE d.id = NEW.delivery_corrects AND d.job_id = NEW.job_id AND d.kind = NEW.delivery_kind
       AND (delivery_may_have_arrived(d)
            OR EXISTS (SELECT 1 FROM review_round r WHERE r.job_id = NEW.job_id AND r.delivery_corrects = d.id))
  ) THEN
    RAISE EXCEPTION 'delivery_corrects_what_may_have_arrived: nothing of this job that this would correct has left' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER round_corrects_what_may_have_arrived BEFORE INSERT OR UPDATE OF delivery_corrects ON review_round
  FOR EACH ROW EXECUTE FUNCTION round_corrects_what_may_have_arrived();

-- The same of the outbox, where no round was asked; and a delivery corrects only an earlier one.
CREATE FUNCTION delivery_corrects_an_earlier_one() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.corrects_id IS NULL THEN RETURN NEW; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM delivery d WHERE d.id = NEW.corrects_id AND d.job_id = NEW.job_id AND d.kind = NEW.kind AND d.number < NEW.number
       AND (NEW.round_id IS NOT NULL OR delivery_may_have_arrived(d))
  ) THEN
    RAISE EXCEPTION 'delivery_corrects_what_may_have_arrived: nothing of this job that this would correct has left' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_corrects_an_earlier_one BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_corrects_an_earlier_one();

-- As before, and: a revision may correct another delivery, or none.
CREATE OR REPLACE FUNCTION review_round_keeps_its_policy() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moving text[] := '{due_at,closed_at,outcome,assignee_id,snoozed_until,snoozed_by,snooze_note_sha256,escalated_at}';
  -- A revision is about other bytes, so other bytes leave, and it may ask for more.
  revised text[] := '{result_id,result_hash,delivery_kind,delivery_to,delivery_sha256,delivery_hash,delivery_corrects,delivery_problem,approvals,step_roles,blind,individually,requester_may_approve,policy_rule,policy_label,risk}';
  is_revised boolean := NEW.result_hash IS DISTINCT FROM OLD.result_hash;
BEGIN
  IF OLD.closed_at IS NOT NULL
     OR to_jsonb(NEW) - moving - (CASE WHEN is_revised THEN revised ELSE '{}' END)
        <> to_jsonb(OLD) - moving - (CASE WHEN is_revised THEN revised ELSE '{}' END)
     OR (OLD.escalated_at IS NOT NULL AND NEW.escalated_at IS DISTINCT FROM OLD.escalated_at) THEN
    RAISE EXCEPTION 'review_round_keeps_its_policy: a closed round and the policy of an open one never change' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.approvals < OLD.approvals OR (OLD.blind AND NOT NEW.blind) OR (NEW.requester_may_approve AND NOT OLD.requester_may_approve)
     OR NOT roles_cover(NEW.step_roles, OLD.step_roles) OR (OLD.individually AND NOT NEW.individually) OR NEW.risk < OLD.risk THEN
    RAISE EXCEPTION 'review_round_keeps_its_policy: a revision never asks for less' USING ERRCODE = 'check_violation';
  END IF;
  IF is_revised AND OLD.blind THEN
    RAISE EXCEPTION 'blind_rounds_are_not_revised: nobody may change what others decide on unseen' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
