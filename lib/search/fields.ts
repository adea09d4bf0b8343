/** What a search can be narrowed by: the names, what may stand behind each, and the words for people. Pure. */
import { failureClasses } from '@/lib/lifecycle/failure'
import {
  providerStatuses,
  providerStatusNames,
  roundKindNames,
  roundKinds,
  stateNames,
  states,
} from '@/lib/lifecycle/table'

/** One of a fixed list. `hint` says what it means. */
export type Choice = { value: string; label: string; hint?: string }

/** `known`: values that the installation has, such as its workflows. */
export type KnownKind = 'workflow' | 'person' | 'model' | 'code'

export type Field = {
  label: string
  /** What it does, as a sentence. */
  help: string
  example: string
} & (
  | { kind: 'choice'; choices: readonly Choice[] }
  | { kind: 'known'; of: KnownKind }
  | { kind: 'text' }
  | { kind: 'amount'; unit: 'whole' | 'dollars'; most: number }
  | { kind: 'day' }
)

const INT = 2_147_483_647

const CLASS_HINTS: Record<(typeof failureClasses)[number], string> = {
  infrastructure: 'the network, or OpenAI itself',
  timeout: 'it took too long',
  malformed_input: 'what was sent cannot be used',
  policy: 'refused, or filtered',
  review_required: 'finished, and a person must look',
  unclassified: 'a code that no rule knows',
}

export const fields = {
  state: {
    label: 'State',
    help: 'Where the job stands for people.',
    example: 'state:failed,expired',
    kind: 'choice',
    choices: stateNames.map((value) => ({ value, label: states[value].label, hint: states[value].help })),
  },
  is: {
    label: 'Is',
    help: 'What is true of the job now.',
    example: 'is:overdue',
    kind: 'choice',
    choices: [
      { value: 'mine', label: 'Mine', hint: 'you asked for it' },
      { value: 'open', label: 'Open', hint: 'not settled' },
      { value: 'settled', label: 'Settled', hint: 'completed, failed, expired or abandoned' },
      { value: 'stuck', label: 'Stuck', hint: 'nothing has moved for too long' },
      { value: 'overdue', label: 'Overdue', hint: 'its due time has passed' },
      { value: 'expiring', label: 'Expiring soon', hint: 'due within four hours' },
      { value: 'unclassified', label: 'Unclassified', hint: 'stopped by a code that no rule knows' },
      { value: 'paused', label: 'Paused', hint: 'sending of its workflow stands still' },
      { value: 'reopened', label: 'Reopened', hint: 'somebody opened it again after a decision' },
    ],
  },
  workflow: {
    label: 'Workflow',
    help: 'The kind of job, by its key.',
    example: 'workflow:report',
    kind: 'known',
    of: 'workflow',
  },
  version: {
    label: 'Version',
    help: 'The version of the workflow that it ran under.',
    example: 'version:3',
    kind: 'amount',
    unit: 'whole',
    most: INT,
  },
  class: {
    label: 'Failure class',
    help: 'Why it stopped, by class.',
    example: 'class:timeout',
    kind: 'choice',
    choices: failureClasses.map((value) => ({ value, label: value.replaceAll('_', ' '), hint: CLASS_HINTS[value] })),
  },
  code: {
    label: 'Error code',
    help: 'Why it stopped, by the exact code.',
    example: 'code:server_error',
    kind: 'known',
    of: 'code',
  },
  requester: {
    label: 'Requester',
    help: 'Who asked for it: a name, an e-mail address, or me.',
    example: 'requester:me',
    kind: 'known',
    of: 'person',
  },
  reviewer: {
    label: 'Decided by',
    help: 'Who decided in one of its rounds: a name, an e-mail address, or me.',
    example: 'reviewer:me',
    kind: 'known',
    of: 'person',
  },
  model: {
    label: 'Model',
    help: 'The model that one of its attempts was sent to.',
    example: 'model:gpt-5',
    kind: 'known',
    of: 'model',
  },
  'provider-status': {
    label: 'At OpenAI',
    help: 'What OpenAI says of its newest attempt.',
    example: 'provider-status:incomplete',
    kind: 'choice',
    choices: providerStatusNames.map((value) => ({ value, label: value, hint: providerStatuses[value].help })),
  },
  round: {
    label: 'Round',
    help: 'What its open review round waits for.',
    example: 'round:permission',
    kind: 'choice',
    choices: roundKindNames.map((value) => ({ value, label: value, hint: roundKinds[value] })),
  },
  reference: {
    label: 'Reference',
    help: 'Its reference, exactly; capitals make no difference.',
    example: 'reference:CASE-48211',
    kind: 'text',
  },
  number: {
    label: 'Number',
    help: 'Its number, or a bound for it.',
    example: 'number:>1000',
    kind: 'amount',
    unit: 'whole',
    most: INT,
  },
  before: {
    label: 'Asked for before',
    help: 'Asked for before that day began (UTC).',
    example: 'before:2026-03-01',
    kind: 'day',
  },
  after: {
    label: 'Asked for from',
    help: 'Asked for on that day (UTC) or later.',
    example: 'after:7d',
    kind: 'day',
  },
  'settled-before': {
    label: 'Settled before',
    help: 'Settled before that day began (UTC).',
    example: 'settled-before:2026-03-01',
    kind: 'day',
  },
  'settled-after': {
    label: 'Settled from',
    help: 'Settled on that day (UTC) or later.',
    example: 'settled-after:yesterday',
    kind: 'day',
  },
  cost: {
    label: 'Cost',
    help: 'What all its attempts cost together, in US dollars. Jobs whose cost is not known never match.',
    example: 'cost:>2',
    kind: 'amount',
    unit: 'dollars',
    most: 1_000_000_000,
  },
  tokens: {
    label: 'Tokens',
    help: 'Tokens of all its attempts. Jobs where they are not known never match.',
    example: 'tokens:>100000',
    kind: 'amount',
    unit: 'whole',
    most: Number.MAX_SAFE_INTEGER,
  },
  attempts: {
    label: 'Attempts',
    help: 'How often it was sent.',
    example: 'attempts:>1',
    kind: 'amount',
    unit: 'whole',
    most: INT,
  },
  rounds: {
    label: 'Rounds',
    help: 'How many review rounds it has had.',
    example: 'rounds:>1',
    kind: 'amount',
    unit: 'whole',
    most: INT,
  },
  priority: {
    label: 'Priority',
    help: 'Its priority.',
    example: 'priority:>0',
    kind: 'amount',
    unit: 'whole',
    most: INT,
  },
  has: {
    label: 'Has',
    help: 'What belongs to the job.',
    example: 'has:delivery',
    kind: 'choice',
    choices: [
      { value: 'result', label: 'A result' },
      { value: 'revision', label: 'A revision', hint: 'somebody edited its result' },
      { value: 'delivery', label: 'A delivery', hint: 'something left, or is to leave' },
      { value: 'document', label: 'A document' },
      { value: 'reference', label: 'A reference' },
      { value: 'failure', label: 'A failure' },
      { value: 'comment', label: 'A comment' },
    ],
  },
  in: {
    label: 'Words in',
    help: 'Where the words must stand.',
    example: 'in:title,result',
    kind: 'choice',
    choices: [
      { value: 'title', label: 'Title and reference' },
      { value: 'input', label: 'Input' },
      { value: 'documents', label: 'Documents' },
      { value: 'result', label: 'Results' },
      { value: 'notes', label: 'Notes', hint: 'notes, comments, error codes, where deliveries go' },
    ],
  },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof fields
export const fieldNames = Object.keys(fields) as FieldName[]

/** Other names that people try. */
export const otherNames: Record<string, FieldName> = {
  'decided-by': 'reviewer',
  by: 'requester',
  status: 'state',
  ref: 'reference',
}

/** The field of that name; null where there is none. */
export function fieldNamed(name: string): FieldName | null {
  const small = name.toLowerCase()
  if (Object.hasOwn(fields, small)) return small as FieldName
  return Object.hasOwn(otherNames, small) ? (otherNames[small] ?? null) : null
}

export const fieldOf = (name: FieldName): Field => fields[name]
