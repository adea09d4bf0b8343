-- Each try of a delivery, not only the first, needs what allowed it.

CREATE FUNCTION delivery_may_be_tried(which uuid, accepted_at int) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  j job;
BEGIN
  SELECT * INTO j FROM job WHERE id = which FOR UPDATE;
  IF j.state <> 'completed' OR EXISTS (
    SELECT 1 FROM event e WHERE e.job_id = which AND e.seq > accepted_at AND e.command IN ('approve', 'accept', 'abandon', 'retry', 'undo')
  ) THEN
    RAISE EXCEPTION 'delivery_starts_only_while_accepted: what allowed it no longer stands' USING ERRCODE = 'check_violation';
  END IF;
END $$;

-- As before, and for each further try.
CREATE OR REPLACE FUNCTION delivery_goes_its_way() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  moving text[] := '{state,changed_seq,changed_at,tries,next_try_at,begun_at,worker_id,tried_at,http_status,code,answer_sha256,reference}';
  said text;
BEGIN
  IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
    RAISE EXCEPTION 'delivery_keeps_what_was_decided: its bytes, its destination and its id never change' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = OLD.state THEN
    IF OLD.state IN ('delivered', 'withdrawn', 'failed', 'unknown') OR NEW.changed_seq <> OLD.changed_seq OR NEW.tries < OLD.tries THEN
      RAISE EXCEPTION 'delivery_goes_its_way: a delivery that is % stays as it is', OLD.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.tries > OLD.tries THEN
      PERFORM delivery_may_be_tried(NEW.job_id, NEW.event_seq);
    END IF;
    RETURN NEW;
  END IF;
  SELECT command INTO said FROM event WHERE job_id = NEW.job_id AND seq = NEW.changed_seq AND xmin = pg_current_xact_id()::xid;
  IF (CASE OLD.state || ' ' || NEW.state
        WHEN 'pending sending' THEN said = 'dispatch'
        WHEN 'pending delivered' THEN said = 'confirm' AND NEW.kind = 'by_hand'
        WHEN 'pending withdrawn' THEN said IN ('withdraw', 'undo', 'abandon', 'retry', 'approve')
        WHEN 'sending delivered' THEN said = 'delivered'
        WHEN 'sending failed' THEN said = 'undelivered'
        WHEN 'sending unknown' THEN said = 'undelivered'
        WHEN 'failed pending' THEN said = 'redeliver'
        WHEN 'failed withdrawn' THEN said = 'withdraw'
        WHEN 'unknown pending' THEN said = 'redeliver'
        WHEN 'unknown delivered' THEN said = 'confirm'
        WHEN 'unknown withdrawn' THEN said = 'withdraw'
      END) IS NOT TRUE THEN
    RAISE EXCEPTION 'delivery_goes_its_way: % does not lead from % to %', coalesce(said, 'nothing'), OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state IN ('sending', 'pending') THEN
    PERFORM delivery_may_be_tried(NEW.job_id, NEW.event_seq);
  END IF;
  RETURN NEW;
END $$;