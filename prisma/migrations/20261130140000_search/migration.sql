-- Search: one row a job of what it can be found by, the words of documents once for all jobs that have them, and a list
-- of jobs to look at again. Written by triggers in the transactions that change a job, read by the duty of the workers.

-- Trusted since PostgreSQL 13: the owner of a database may add it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateTable
CREATE TABLE "job_search" (
    "job_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "label" TEXT NOT NULL,
    "words" tsvector,
    "cut" BOOLEAN NOT NULL DEFAULT false,
    "cost_micros" BIGINT,
    "tokens" BIGINT,
    "indexed_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_search_pkey" PRIMARY KEY ("job_id")
);

-- CreateTable
CREATE TABLE "search_document" (
    "text_sha256" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "words" tsvector NOT NULL,
    "cut" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "search_document_pkey" PRIMARY KEY ("text_sha256","part")
);

-- CreateTable
CREATE TABLE "search_due" (
    "id" BIGSERIAL NOT NULL,
    "job_id" UUID NOT NULL,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "search_due_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "sort" TEXT NOT NULL DEFAULT 'newest',
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_view_pin" (
    "view_id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "pinned_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pin_pkey" PRIMARY KEY ("user_id","view_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "job_search_number_key" ON "job_search"("number");

-- CreateIndex
CREATE INDEX "search_has_words" ON "job_search" USING GIN ("words");

-- CreateIndex
CREATE INDEX "search_has_label" ON "job_search" USING GIN ("label" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "document_has_words" ON "search_document" USING GIN ("words");

-- CreateIndex
CREATE INDEX "saved_view_owner_id_idx" ON "saved_view"("owner_id");

-- CreateIndex
CREATE INDEX "saved_view_pin_view_id_idx" ON "saved_view_pin"("view_id");

-- AddForeignKey
ALTER TABLE "job_search" ADD CONSTRAINT "job_search_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_view_pin" ADD CONSTRAINT "saved_view_pin_view_id_fkey" FOREIGN KEY ("view_id") REFERENCES "saved_view"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The words stand outside of the row, so that a page of rows holds many: counting and sorting reads no words.
ALTER TABLE job_search SET (toast_tuple_target = 256);

-- New words wait in a list that each search goes through as well: it is kept short.
ALTER INDEX search_has_words SET (gin_pending_list_limit = 1024);
ALTER INDEX search_has_label SET (gin_pending_list_limit = 512);

-- "reference:", whatever its capitals; "class:" and "code:", newest first. Most jobs are in none of the three.
CREATE INDEX job_has_reference ON job (lower(reference)) WHERE reference IS NOT NULL;
CREATE INDEX job_has_failure_class ON job (failure_class, number DESC) WHERE failure_class IS NOT NULL;
CREATE INDEX job_has_failure_code ON job (failure_code, number DESC) WHERE failure_code IS NOT NULL;
-- The newest list of shared views.
CREATE INDEX saved_view_is_shared ON saved_view (name) WHERE shared;

ALTER TABLE saved_view
  ADD CONSTRAINT saved_view_has_a_name CHECK (name <> '' AND length(name) <= 80),
  ADD CONSTRAINT saved_view_filter_is_short CHECK (length(filter) <= 2000),
  ADD CONSTRAINT saved_view_sort_is_known CHECK (sort IN ('newest', 'oldest'));

-- The words of a title and a reference, nearly as lib/search finds them: until a worker has read the job.
CREATE FUNCTION search_label_words(label text) RETURNS tsvector LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT setweight(to_tsvector('simple', regexp_replace(label, '[^[:alnum:]]+', ' ', 'g')), 'A')
$$;

-- A job can be found by its title and reference as soon as it is there; by everything else a moment later.
CREATE FUNCTION search_takes_new_jobs() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO job_search (job_id, number, label, words)
  SELECT id, number, label, search_label_words(label)
    FROM (SELECT id, number, left(lower(title || E'\n' || coalesce(reference, '')), 2000) AS label FROM new_rows) n
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER search_takes_new_jobs AFTER INSERT ON job
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION search_takes_new_jobs();

-- What says nothing that can be searched for is left out; a command that nobody thought of is not. A start says which
-- model is asked, and that what the job costs is not known any more.
CREATE FUNCTION search_follows_events() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO search_due (job_id)
  SELECT DISTINCT job_id FROM new_rows
   WHERE command NOT IN ('claim', 'release', 'assign', 'mark', 'dispatch', 'delivered', 'undelivered', 'postpone', 'escalate');
  RETURN NULL;
END $$;
CREATE TRIGGER search_follows_events AFTER INSERT ON event
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION search_follows_events();

-- A result may come without an event: late, after its job was given up.
CREATE FUNCTION search_follows_results() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO search_due (job_id) SELECT DISTINCT job_id FROM new_rows;
  RETURN NULL;
END $$;
CREATE TRIGGER search_follows_results AFTER INSERT ON result
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION search_follows_results();

-- And so may what an attempt cost, and why it failed.
CREATE FUNCTION search_follows_attempts() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO search_due (job_id) VALUES (NEW.job_id);
  RETURN NULL;
END $$;
CREATE TRIGGER search_follows_attempts AFTER UPDATE OF cost_micros, failure_code ON attempt FOR EACH ROW
  WHEN (OLD.cost_micros IS DISTINCT FROM NEW.cost_micros OR OLD.failure_code IS DISTINCT FROM NEW.failure_code)
  EXECUTE FUNCTION search_follows_attempts();

-- What was erased can no longer be found from the moment on in which it was erased. A job names each of the bytes that
-- its words are from by the first half of their hash, so that it is found by them.
CREATE FUNCTION search_forgets_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  source tsquery := format(E'''\x01b%s''', left(NEW.sha256, 32))::tsquery;
BEGIN
  DELETE FROM search_document WHERE text_sha256 = NEW.sha256;
  WITH without AS (
    UPDATE job_search SET words = search_label_words(label), indexed_at = NULL WHERE words @@ source RETURNING job_id)
  INSERT INTO search_due (job_id) SELECT job_id FROM without;
  RETURN NULL;
END $$;
CREATE TRIGGER search_forgets_erased AFTER UPDATE OF erased_at ON blob FOR EACH ROW
  WHEN (OLD.erased_at IS DISTINCT FROM NEW.erased_at) EXECUTE FUNCTION search_forgets_erased();

-- Those of these bytes that are not erased, and will not be before the transaction ends: whoever keeps words of them does
-- so before whatever erases them looks for what is kept. Share locks alone; the application may change no blob.
CREATE FUNCTION holdpoint_hold_blobs(hashes text[]) RETURNS SETOF text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT sha256 FROM blob WHERE sha256 = ANY (hashes) AND erased_at IS NULL ORDER BY sha256 FOR SHARE
$$;
REVOKE ALL ON FUNCTION holdpoint_hold_blobs(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holdpoint_hold_blobs(text[]) TO holdpoint_app;

-- What is there already. Its words are looked at by the workers, the newest first.
INSERT INTO job_search (job_id, number, label)
SELECT id, number, left(lower(title || E'\n' || coalesce(reference, '')), 2000) FROM job;
INSERT INTO search_due (job_id) SELECT id FROM job ORDER BY number DESC;

GRANT SELECT ON job_search, search_document, search_due, saved_view, saved_view_pin TO holdpoint_app;
GRANT INSERT, UPDATE ON job_search, search_due, saved_view TO holdpoint_app;
GRANT INSERT ON search_document, saved_view_pin TO holdpoint_app;
GRANT DELETE ON search_document, search_due, saved_view, saved_view_pin TO holdpoint_app;
GRANT USAGE ON SEQUENCE search_due_id_seq TO holdpoint_app;
