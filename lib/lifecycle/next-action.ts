/** The kinds of next required action, the most urgent first: their order is the rank by which the inbox sorts. */
export const nextActionKinds = [
  'resolve_unknown',
  'look_into_trouble',
  'answer_permission',
  'decide',
  'retry_or_abandon',
  'wait_backoff',
  'wait_send',
  'wait_run',
  'none',
] as const
export type NextActionKind = (typeof nextActionKinds)[number]
