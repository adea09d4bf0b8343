/** What the generated jobs are about: their input, and what they are called. */
import type { CreateJob } from '@/lib/jobs/view'

export type WorkflowKey = 'report' | 'extraction' | 'digest' | 'reply' | 'recommendation' | 'action' | typeof WITH_TOOLS

/** Made for the generated jobs that wait for leave to make calls: none of the built-in workflows has tools. */
export const WITH_TOOLS = 'generated-tools'

export const workflowKeys = ['report', 'extraction', 'digest', 'reply', 'recommendation', 'action'] as const

/** In `public/samples`: the documents of every generated job. */
export const documentNames = ['returns-policy.md', 'support-thread.md'] as const

/** Addresses below `.invalid` lead nowhere, whatever is sent there. */
export const inputs: Record<WorkflowKey, CreateJob['input']> = {
  report: { question: 'Is the customer owed a full refund, and who pays for the return?' },
  extraction: { fields: 'Order number\nDate of delivery\nRefund period\nWarranty period' },
  digest: { focus: 'What has been promised to the customer, and by when' },
  reply: {
    message: 'My machine arrived damaged. Who pays for the return, and when do I get my refund?',
    email: 'customer@generated.invalid',
    name: 'Ms Farkas',
  },
  recommendation: {
    question: 'How do we settle the complaint about the damaged machine?',
    options: 'A full refund\nA replacement\nA repair under the warranty',
  },
  action: {
    request: 'Refund the machine that arrived damaged, with the delivery charge.',
    order: 'KC-90377',
    type: 'refund',
  },
  [WITH_TOOLS]: { question: 'Is the customer owed a full refund, and who pays for the return?' },
}

/** Of one clone: the words of its job alone, so that a search finds it and no other. */
export function inputOf(
  workflow: WorkflowKey,
  input: Record<string, unknown>,
  number: number,
): Record<string, unknown> {
  const field = ABOUT[workflow]
  return { ...input, [field]: `${String(input[field])}\nOur file: ${fileOf(number)}` }
}

/** The name of the customer’s file, which stands in the input of the job with this number and nowhere else. */
export const fileOf = (number: number) => `HF-${String(number).padStart(8, '0')}`

const ABOUT: Record<WorkflowKey, string> = {
  report: 'question',
  extraction: 'fields',
  digest: 'focus',
  reply: 'message',
  recommendation: 'question',
  action: 'request',
  [WITH_TOOLS]: 'question',
}

const NAMES = ['Farkas', 'Okafor', 'Lindqvist', 'Moreau', 'Tanaka', 'Silva', 'Novak', 'Haddad', 'Keller', 'Byrne']
/** For one title in ten: names that few jobs share, as they are in life. */
const STARTS = [
  'Al',
  'Bel',
  'Cor',
  'Dra',
  'Er',
  'Fen',
  'Gal',
  'Hol',
  'Is',
  'Jor',
  'Kal',
  'Lun',
  'Mar',
  'Nev',
  'Or',
  'Pel',
]
const ENDS = [
  'bach',
  'czyk',
  'dottir',
  'eaux',
  'ford',
  'grave',
  'hurst',
  'inski',
  'jaer',
  'kova',
  'lund',
  'mann',
  'nell',
]

const nameOf = (pick: number) =>
  pick % 10 === 0
    ? `${STARTS[Math.floor(pick / 10) % STARTS.length]}${ENDS[Math.floor(pick / 160) % ENDS.length]}`
    : (NAMES[pick % NAMES.length] ?? '')

const THINGS = ['espresso machine', 'grinder', 'milk frother', 'display case', 'water filter', 'kettle', 'scale']

const TITLES: Record<WorkflowKey, (name: string, thing: string, number: number) => string> = {
  report: (name, thing) => `What ${name} is owed for a damaged ${thing}`,
  extraction: (_name, _thing, number) => `Dates and periods of order KC-${number}`,
  digest: (_name, _thing, number) => `Where case ${number} stands`,
  reply: (name, thing) => `Answer to ${name} on the ${thing}`,
  recommendation: (name, thing) => `How to settle the complaint of ${name} (${thing})`,
  action: (name, thing, number) => `Refund of the ${thing}, order KC-${number}, ${name}`,
  [WITH_TOOLS]: (name, thing) => `What ${name} is owed for a ${thing}, with a look into the books`,
}

/** @param pick a whole number, from which name, thing and number follow. */
export function titleOf(workflow: WorkflowKey, pick: number): string {
  const name = nameOf(pick)
  const thing = THINGS[Math.floor(pick / 10) % THINGS.length] ?? ''
  return TITLES[workflow](name, thing, 10_000 + (pick % 90_000))
}
