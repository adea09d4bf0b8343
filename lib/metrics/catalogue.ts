/**
 * Every metric of our own: its name, what it says, and its labels. What is exported, what the documents list and what
 * the alert rules ask for are held against this. Pure.
 *
 * Labels have few values by their nature: workflows, states, hosts of workers, kinds. None is written by a customer or
 * a model, but for the keys of workflows, which leads choose.
 */

export type MetricType = 'gauge' | 'counter' | 'histogram'
export type Metric = { name: string; type: MetricType; help: string; labels: readonly string[] }

export const catalogue = [
  {
    name: 'holdpoint_jobs',
    type: 'gauge',
    help: 'Unfinished jobs by workflow and state: queued, running or awaiting_review.',
    labels: ['workflow', 'state'],
  },
  {
    name: 'holdpoint_job_moves_total',
    type: 'counter',
    help: 'Jobs that came, were sent, and ended, by workflow and move: arrived, started, completed, failed, expired or abandoned. A job that is reopened can end again.',
    labels: ['workflow', 'move'],
  },
  {
    name: 'holdpoint_stage_seconds',
    type: 'histogram',
    help: 'How long each part of the way took, by workflow and stage: in_queued, in_running, in_review, to_completed or wait_to_claim. What is not known is left out.',
    labels: ['workflow', 'stage'],
  },
  {
    name: 'holdpoint_tokens_total',
    type: 'counter',
    help: 'Tokens of the calls that ended, by workflow and direction: in or out. Of calls that told none, nothing.',
    labels: ['workflow', 'direction'],
  },
  {
    name: 'holdpoint_oldest_job_age_seconds',
    type: 'gauge',
    help: 'How long the oldest unfinished job has been in its state, by workflow and state. Absent where there is none.',
    labels: ['workflow', 'state'],
  },
  {
    name: 'holdpoint_jobs_expiring',
    type: 'gauge',
    help: 'Unfinished jobs that expire within the hour, by workflow. Not what stands still, nor what escalates instead.',
    labels: ['workflow'],
  },
  {
    name: 'holdpoint_jobs_unclassified',
    type: 'gauge',
    help: 'Unfinished jobs that ended in a way that no failure rule names, by workflow.',
    labels: ['workflow'],
  },
  {
    name: 'holdpoint_review_rounds',
    type: 'gauge',
    help: 'Open review rounds by workflow and kind: result, permission, unknown (a lost answer) or trouble (stuck).',
    labels: ['workflow', 'kind'],
  },
  {
    name: 'holdpoint_queue_stopped',
    type: 'gauge',
    help: 'Whether sending of the workflow stands still: 1 or 0.',
    labels: ['workflow'],
  },
  {
    name: 'holdpoint_deliveries_unsettled',
    type: 'gauge',
    help: 'Deliveries of accepted jobs that have not arrived, by state: pending, sending, unknown or failed.',
    labels: ['state'],
  },
  {
    name: 'holdpoint_calls_live',
    type: 'gauge',
    help: 'Calls that are live, by what the provider said last: sending, queued, in_progress, unknown.',
    labels: ['provider_status'],
  },
  {
    name: 'holdpoint_calls_ended_recently',
    type: 'gauge',
    help: 'Calls that ended within the last hour, by workflow and outcome: succeeded, or the class of the failure.',
    labels: ['workflow', 'outcome'],
  },
  {
    name: 'holdpoint_spent_usd_total',
    type: 'counter',
    help: 'What the calls of a workflow have cost, in US dollars. Of a call whose cost is not known, its worst case.',
    labels: ['workflow'],
  },
  {
    name: 'holdpoint_budget_used_ratio',
    type: 'gauge',
    help: 'What is spent and reserved of a budget, from 0 to 1: of a workflow, its day, or the whole day (no workflow). Absent where there is no budget.',
    labels: ['budget', 'workflow'],
  },
  {
    name: 'holdpoint_webhook_last_received_timestamp_seconds',
    type: 'gauge',
    help: 'When a webhook of a response was last received. Absent where none ever was.',
    labels: [],
  },
  {
    name: 'holdpoint_webhooks_refused_recently',
    type: 'gauge',
    help: 'Webhooks that were refused within the last hour, by reason.',
    labels: ['reason'],
  },
  {
    name: 'holdpoint_workers',
    type: 'gauge',
    help: 'Workers that beat, by version.',
    labels: ['version'],
  },
  {
    name: 'holdpoint_worker_last_beat_timestamp_seconds',
    type: 'gauge',
    help: 'When a worker of the host last beat: of those that beat within the hour.',
    labels: ['host'],
  },
  {
    name: 'holdpoint_worker_jobs_held',
    type: 'gauge',
    help: 'Jobs that workers of the host work on right now.',
    labels: ['host'],
  },
  {
    name: 'holdpoint_workers_gone',
    type: 'gauge',
    help: 'Workers that fell silent and did not leave, after which none was started on their host, until somebody says that they will not come back.',
    labels: [],
  },
  {
    name: 'holdpoint_alerts_open',
    type: 'gauge',
    help: 'Open alerts by kind, and whether somebody has acknowledged them.',
    labels: ['kind', 'acknowledged'],
  },
  {
    name: 'holdpoint_alert_check_timestamp_seconds',
    type: 'gauge',
    help: 'When the rules of alerts were last looked at. Absent where they never were.',
    labels: [],
  },
  {
    name: 'holdpoint_alert_messages_due',
    type: 'gauge',
    help: 'Signed requests of alerts that have not arrived yet.',
    labels: [],
  },
] as const satisfies readonly Metric[]

export type MetricName = (typeof catalogue)[number]['name']
