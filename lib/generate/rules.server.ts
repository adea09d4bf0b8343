/** The rules that triggers enforce over what comes in one by one, asked of all that was copied in at once. */
import type pg from 'pg'

type Rule = { name: string; broken: string }

/** Each counts what breaks it, among the jobs with a number from $1 on. */
const OURS = 'SELECT id FROM job WHERE number >= $1'
const RULES: Rule[] = [
  {
    name: 'event_continues_the_chain',
    broken: `SELECT count(*) FROM (
      SELECT e.*, lag(hash, 1, repeat('0', 64)) OVER w AS before, lag(to_state) OVER w AS stood, row_number() OVER w AS place
        FROM event e WHERE job_id IN (${OURS}) WINDOW w AS (PARTITION BY job_id ORDER BY seq)) e
     WHERE prev_hash <> before OR seq <> place OR from_state IS DISTINCT FROM stood`,
  },
  {
    name: 'event_hash_covers_its_body',
    broken: `SELECT count(*) FROM event WHERE job_id IN (${OURS}) AND hash <> event_hash(job_id, seq, prev_hash, body)`,
  },
  {
    name: 'event_columns_repeat_its_body',
    broken: `SELECT count(*) FROM (SELECT e.*, body::jsonb AS said FROM event e WHERE job_id IN (${OURS})) e
     WHERE said ->> 'command' <> command OR said ->> 'from' IS DISTINCT FROM from_state OR said ->> 'to' <> to_state
        OR said -> 'actor' ->> 'kind' <> actor_kind OR said -> 'actor' ->> 'id' IS DISTINCT FROM actor_id
        OR said ->> 'transport' <> transport OR (said ->> 'at')::timestamptz <> at`,
  },
  {
    name: 'job_moves_by_the_table',
    broken: `SELECT count(*) FROM event e WHERE job_id IN (${OURS}) AND NOT EXISTS (
      SELECT 1 FROM lifecycle_transition t WHERE t.command = e.command AND t.to_state = e.to_state
         AND t.from_state IS NOT DISTINCT FROM e.from_state)`,
  },
  {
    name: 'job_agrees_with_its_history',
    broken: `SELECT count(*) FROM job j LEFT JOIN event e ON e.job_id = j.id AND e.seq = j.version AND e.hash = j.head_hash
       AND e.command = j.last_command AND e.to_state = j.state AND e.at = j.changed_at
       AND (e.body::jsonb ->> 'dueAt')::timestamptz IS NOT DISTINCT FROM j.due_at
       AND (e.body::jsonb ->> 'settledAt')::timestamptz IS NOT DISTINCT FROM j.settled_at
     WHERE j.number >= $1 AND (e.seq IS NULL OR j.fence <> (SELECT count(*) FROM event s WHERE s.job_id = j.id AND s.command = 'start')
        OR j.version <> (SELECT count(*) FROM event s WHERE s.job_id = j.id))`,
  },
  {
    name: 'job_awaits_review_exactly_while_a_round_is_open',
    broken: `SELECT count(*) FROM job j WHERE number >= $1 AND (state = 'awaiting_review')::int <> (
      SELECT count(*) FROM review_round r WHERE r.job_id = j.id AND r.closed_at IS NULL AND r.due_at IS NOT DISTINCT FROM j.due_at)`,
  },
  {
    name: 'job_runs_with_a_live_attempt',
    broken: `SELECT count(*) FROM job j WHERE number >= $1 AND state = 'running'
       AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.job_id = j.id AND a.ended_at IS NULL)`,
  },
  {
    name: 'start_commits_its_attempt',
    broken: `SELECT count(*) FROM job j WHERE number >= $1 AND fence <> (SELECT count(*) FROM attempt a WHERE a.job_id = j.id)`,
  },
  {
    name: 'review_round_agrees_with_its_history',
    broken: `SELECT count(*) FROM review_round r WHERE job_id IN (${OURS}) AND (
       NOT EXISTS (SELECT 1 FROM event e WHERE e.job_id = r.job_id AND e.command = r.opened_by AND e.to_state = 'awaiting_review'
                      AND e.body::jsonb -> 'round' = jsonb_build_object('number', r.number, 'kind', r.kind))
       OR (r.closed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event e WHERE e.job_id = r.job_id AND e.command = r.outcome
                      AND e.from_state = 'awaiting_review' AND e.to_state <> 'awaiting_review'
                      AND (e.body::jsonb -> 'round' ->> 'number')::int = r.number))
       OR (r.result_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM result x WHERE x.id = r.result_id AND x.job_id = r.job_id
                      AND x.attempt_id = r.attempt_id AND x.sha256 = r.result_hash)))`,
  },
  {
    name: 'decision_stands_in_the_history',
    broken: `SELECT count(*) FROM decision d JOIN review_round r ON r.id = d.round_id WHERE d.job_id IN (${OURS}) AND NOT EXISTS (
      SELECT 1 FROM event e JOIN user_account u ON u.id = d.user_id WHERE e.job_id = d.job_id AND e.seq = d.event_seq
         AND e.command = d.command AND e.actor_id = d.user_id AND (e.body::jsonb -> 'round' ->> 'number')::int = r.number)`,
  },
  {
    name: 'approval_needs_its_people',
    broken: `SELECT count(*) FROM review_round r JOIN job j ON j.id = r.job_id
     WHERE j.number >= $1 AND r.outcome = 'approve' AND people_who_approved(r, j.requester_id) < r.approvals
       AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.round_id = r.id AND d.voided_at IS NOT NULL)`,
  },
  {
    name: 'delivery_comes_with_its_acceptance',
    broken: `SELECT count(*) FROM delivery d LEFT JOIN review_round r ON r.id = d.round_id WHERE d.job_id IN (${OURS}) AND (
       NOT EXISTS (SELECT 1 FROM event e WHERE e.job_id = d.job_id AND e.seq = d.event_seq AND e.command IN ('approve', 'accept')
                      AND e.body::jsonb ->> 'result' = d.result_hash AND e.body::jsonb -> 'delivery' ->> 'hash' = d.delivery_hash)
       OR NOT EXISTS (SELECT 1 FROM event e WHERE e.job_id = d.job_id AND e.seq = d.changed_seq)
       OR NOT EXISTS (SELECT 1 FROM blob b WHERE b.sha256 = d.bytes_sha256)
       OR r.delivery_hash IS DISTINCT FROM d.delivery_hash)`,
  },
  {
    name: 'claim_mark_stands_in_the_history',
    broken: `SELECT count(*) FROM claim_mark m WHERE job_id IN (${OURS}) AND NOT EXISTS (
      SELECT 1 FROM event e WHERE e.job_id = m.job_id AND e.seq = m.event_seq AND e.command = 'mark' AND e.actor_id = m.user_id)`,
  },
  {
    name: 'what_is_named_by_its_hash_is_stored',
    broken: `SELECT count(*) FROM (
        SELECT input_sha256 AS sha256 FROM job WHERE number >= $1 UNION SELECT guidance_sha256 FROM job WHERE number >= $1
        UNION SELECT request_sha256 FROM attempt WHERE job_id IN (${OURS}) UNION SELECT payload_sha256 FROM attempt WHERE job_id IN (${OURS})
        UNION SELECT sha256 FROM result WHERE job_id IN (${OURS}) UNION SELECT note_sha256 FROM decision WHERE job_id IN (${OURS})
        UNION SELECT delivery_sha256 FROM review_round WHERE job_id IN (${OURS})
        UNION SELECT snooze_note_sha256 FROM review_round WHERE job_id IN (${OURS})
        UNION SELECT arguments_sha256 FROM tool_call WHERE job_id IN (${OURS})) named
      WHERE sha256 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.sha256 = named.sha256)`,
  },
]

export const ruleNames = RULES.map(({ name }) => name)

/** Says of each rule that is broken how often, for the jobs with a number from `first` on. */
export async function brokenRules(client: pg.ClientBase, first: number): Promise<{ name: string; times: number }[]> {
  const broken: { name: string; times: number }[] = []
  for (const rule of RULES) {
    const { rows } = await client.query<{ count: string }>(rule.broken, [first])
    const times = Number(rows[0]?.count)
    if (times > 0) broken.push({ name: rule.name, times })
  }
  return broken
}
