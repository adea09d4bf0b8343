/**
 * The stories that generated histories repeat: every state, every kind of round, every class of failure, every standing
 * of a delivery, told by the commands that lead there. Pure.
 */
import type { WorkflowKey } from './material'
import { WITH_TOOLS, workflowKeys } from './material'
import type { Turn } from './provider'
import type { Part, Stage } from './stage.server'

/**
 * `waiting`: for people. `unfinished`: something would go on by itself, if it were not kept from it. `settled`: nothing
 * happens any more.
 */
export type Ending = 'waiting' | 'unfinished' | 'settled'

export type Story = {
  name: string
  workflow: WorkflowKey
  ending: Ending
  /** How often it is among those with the same ending. */
  weight: number
  /** Where it must have happened just now: in milliseconds at most. */
  withinMs?: number
  tell: (stage: Stage) => Promise<void>
}

const refused = (httpStatus: number, code: string | null): Turn => ({ kind: 'refused', httpStatus, code })
const failed = (code: string): Turn => ({
  kind: 'ends',
  ends: { status: 'failed', error: { code, message: 'It did not come to an end.' } },
})
const incomplete = (reason: string): Turn => ({ kind: 'ends', ends: { status: 'incomplete', reason } })
const says = (what: 'refusal' | 'misquoted' | 'off_schema'): Turn => ({
  kind: 'ends',
  ends: { status: 'completed', says: what },
})

/** In the words of the list of reasons, so that a claim that nothing carries stands in no story's way. */
const KNOWN = { params: { reason: 'known' } }

/** A digest that passes its checks is accepted by its policy: so that people see one, a quote of it is wrong. */
async function toReview(stage: Stage, workflow: WorkflowKey): Promise<void> {
  await stage.create(workflow)
  if (workflow === 'digest') stage.turns(says('misquoted'))
  await stage.run()
  stage.pass(17)
}

async function approve(stage: Stage, workflow: WorkflowKey, part: Part = 'first'): Promise<void> {
  await stage.opened(part)
  stage.pass(2)
  if (workflow === 'recommendation') {
    await stage.choose(part)
    stage.pass(1)
  }
  await stage.give(part, 'approve', KNOWN)
  if (workflow !== 'action') return
  stage.pass(25)
  await stage.opened('second')
  stage.pass(1)
  await stage.give('second', 'approve', KNOWN)
}

const delivers = (workflow: WorkflowKey) => workflow === 'reply' || workflow === 'action'

async function toDelivery(stage: Stage, workflow: WorkflowKey): Promise<void> {
  await toReview(stage, workflow)
  await approve(stage, workflow)
  stage.pass(1)
}

type Telling = Pick<Story, 'name' | 'ending' | 'weight' | 'withinMs'> & {
  /** By which workflows it is lived; absent: by all. Each story takes the engine some hundred queries. */
  of?: readonly WorkflowKey[]
  tell: (stage: Stage, workflow: WorkflowKey) => Promise<void>
}

const MINUTES = 60_000

/** Lived by the six workflows. */
const COMMON: Telling[] = [
  { name: 'waits', ending: 'waiting', weight: 24, tell: toReview },
  {
    name: 'waits, claimed and marked',
    ending: 'waiting',
    weight: 2,
    withinMs: 4 * MINUTES,
    async tell(stage, workflow) {
      await toReview(stage, workflow)
      await stage.opened('first')
      await stage.give('first', 'claim')
      stage.pass(0.5)
      if (workflow !== 'extraction') {
        await stage.give('first', 'mark', { params: { marks: [{ claim: 0, verdict: 'supported' }] } })
      }
      stage.pass(0.2)
    },
  },
  {
    name: 'waits, snoozed',
    ending: 'waiting',
    weight: 2,
    async tell(stage, workflow) {
      await toReview(stage, workflow)
      const until = new Date(stage.due().getTime() - 30 * MINUTES).toISOString()
      await stage.give('first', 'snooze', { note: 'The customer answers tomorrow.', params: { until } })
    },
  },
  {
    name: 'waits, assigned and discussed',
    of: ['digest', 'reply', 'action'],
    ending: 'waiting',
    weight: 2,
    async tell(stage, workflow) {
      await toReview(stage, workflow)
      await stage.give('lead', 'assign', { params: { assignee: 'story-first-person' } })
      stage.pass(6)
      await stage.give('first', 'comment', { note: 'I ask the warehouse first.' })
      stage.pass(3)
      await stage.give('support', 'comment', { note: 'They have it since Monday.' })
    },
  },
  {
    name: 'waits, its claims looked at',
    of: ['report', 'recommendation'],
    ending: 'waiting',
    weight: 2,
    async tell(stage, workflow) {
      await toReview(stage, workflow)
      await stage.opened('second')
      await stage.give('second', 'claim')
      stage.pass(3)
      await stage.give('second', 'release')
    },
  },
  {
    name: 'approved',
    ending: 'settled',
    weight: 30,
    async tell(stage, workflow) {
      await toDelivery(stage, workflow)
      if (delivers(workflow)) await stage.send('delivered')
    },
  },
  {
    name: 'approved after changes were asked for',
    ending: 'settled',
    weight: 6,
    async tell(stage, workflow) {
      await toReview(stage, workflow)
      await stage.opened('first')
      await stage.give('first', 'retry', { params: { guidance: 'Say it shorter.', reason: 'wrong' } })
      if (workflow === 'digest') stage.turns(says('misquoted'))
      await stage.run()
      stage.pass(30)
      await approve(stage, workflow)
      stage.pass(1)
      if (delivers(workflow)) await stage.send('delivered')
    },
  },
  {
    name: 'revised and approved',
    ending: 'settled',
    weight: 4,
    async tell(stage, workflow) {
      await toReview(stage, workflow)
      await stage.revised('first')
      stage.pass(2)
      await approve(stage, workflow)
      stage.pass(1)
      if (delivers(workflow)) await stage.send('delivered')
    },
  },
  {
    name: 'reopened and upheld',
    ending: 'settled',
    weight: 2,
    async tell(stage, workflow) {
      await toDelivery(stage, workflow)
      if (delivers(workflow)) await stage.send('delivered')
      stage.pass(600)
      await stage.give('support', 'reopen', { note: 'The customer complains.' })
      stage.pass(40)
      await stage.give('second', 'uphold', { note: 'It stands as it is.' })
    },
  },
  {
    name: 'abandoned',
    of: ['report', 'extraction', 'action'],
    ending: 'settled',
    weight: 4,
    async tell(stage, workflow) {
      await toReview(stage, workflow)
      await stage.give('first', 'abandon', { note: 'The customer has called.', params: { reason: 'not_needed' } })
    },
  },
  {
    name: 'expired in review',
    of: ['report', 'reply', 'action'],
    ending: 'settled',
    weight: 2,
    async tell(stage, workflow) {
      await toReview(stage, workflow)
      stage.pass(60 * 49)
      await stage.step()
    },
  },
  {
    name: 'failed: the provider had errors',
    of: ['report', 'action'],
    ending: 'settled',
    weight: 2,
    async tell(stage, workflow) {
      await stage.create(workflow)
      stage.turns(failed('server_error'), ...Array.from({ length: 5 }, () => refused(500, null)))
      await stage.run()
    },
  },
  {
    name: 'failed: it could not be used',
    of: ['extraction', 'reply'],
    ending: 'settled',
    weight: 1,
    async tell(stage, workflow) {
      await stage.create(workflow)
      stage.turns(refused(400, 'context_length_exceeded'))
      await stage.run()
    },
  },
  {
    name: 'failed: policy',
    of: ['digest', 'recommendation'],
    ending: 'settled',
    weight: 1,
    async tell(stage, workflow) {
      await stage.create(workflow)
      stage.turns(failed('invalid_prompt'))
      await stage.run()
    },
  },
  { name: 'waits to be sent', ending: 'unfinished', weight: 2, tell: (stage, workflow) => stage.create(workflow) },
  {
    name: 'runs',
    ending: 'unfinished',
    weight: 2,
    async tell(stage, workflow) {
      await stage.create(workflow)
      stage.turns({ kind: 'runs' })
      stage.pass(0.2)
      await stage.step()
      stage.pass(0.5)
      await stage.step()
    },
  },
]

/** Lived by one workflow each. */
const RARE: [WorkflowKey, Telling][] = [
  ['report', trouble('unclassified', failed('generated_unheard_of'))],
  ['reply', trouble('incomplete', incomplete('max_output_tokens'))],
  ['extraction', trouble('cancelled elsewhere', { kind: 'ends', ends: { status: 'cancelled' } })],
  [
    'report',
    {
      name: 'waits: the answer was lost',
      ending: 'waiting',
      weight: 4,
      async tell(stage, workflow) {
        await stage.create(workflow)
        stage.turns({ kind: 'lost' })
        await stage.run()
      },
    },
  ],
  [
    'action',
    {
      name: 'waits for a second person',
      ending: 'waiting',
      weight: 10,
      async tell(stage, workflow) {
        await toReview(stage, workflow)
        await stage.opened('first')
        await stage.give('first', 'approve', KNOWN)
      },
    },
  ],
  [
    WITH_TOOLS,
    {
      name: 'waits for leave',
      ending: 'waiting',
      weight: 10,
      async tell(stage, workflow) {
        await stage.create(workflow)
        stage.turns({ kind: 'calls' })
        await stage.run()
      },
    },
  ],
  [
    WITH_TOOLS,
    {
      name: 'approved after a call was denied',
      ending: 'settled',
      weight: 6,
      async tell(stage, workflow) {
        await stage.create(workflow)
        stage.turns({ kind: 'calls' })
        await stage.run()
        stage.pass(8)
        await stage.answer('first', false)
        await stage.run()
        stage.pass(8)
        await approve(stage, workflow)
      },
    },
  ],
  [
    'digest',
    {
      name: 'accepted by its policy',
      ending: 'settled',
      weight: 40,
      async tell(stage, workflow) {
        await stage.create(workflow)
        await stage.run()
      },
    },
  ],
  [
    'report',
    {
      name: 'approved after errors of the provider',
      ending: 'settled',
      weight: 8,
      async tell(stage, workflow) {
        await stage.create(workflow)
        stage.turns(failed('vector_store_timeout'), refused(500, null))
        await stage.run()
        stage.pass(12)
        await approve(stage, workflow)
      },
    },
  ],
  [
    'report',
    {
      name: 'undone, then approved',
      ending: 'settled',
      weight: 2,
      async tell(stage, workflow) {
        await toReview(stage, workflow)
        await stage.give('first', 'approve', KNOWN)
        stage.pass(0.1)
        await stage.give('first', 'undo')
        stage.pass(4)
        await stage.give('first', 'approve', KNOWN)
      },
    },
  ],
  [
    'reply',
    {
      name: 'asked again after the answer was lost',
      ending: 'settled',
      weight: 3,
      async tell(stage, workflow) {
        await stage.create(workflow)
        stage.turns({ kind: 'lost' })
        await stage.run()
        stage.pass(9)
        await stage.give('support', 'retry', { params: { mayBePaidTwice: true } })
        await stage.run()
        stage.pass(9)
        await approve(stage, workflow)
        stage.pass(1)
        await stage.send('delivered')
      },
    },
  ],
  ['reply', delivery('may have arrived', 'unknown')],
  ['action', delivery('was refused', 'failed')],
  [
    'action',
    {
      name: 'delivery withdrawn',
      ending: 'settled',
      weight: 2,
      async tell(stage, workflow) {
        await toDelivery(stage, workflow)
        await stage.send('failed')
        stage.pass(30)
        await stage.give('support', 'withdraw', { note: 'They did it by hand.' })
      },
    },
  ],
  [
    'action',
    {
      name: 'delivery sent again',
      ending: 'settled',
      weight: 2,
      async tell(stage, workflow) {
        await toDelivery(stage, workflow)
        await stage.send('failed')
        stage.pass(30)
        await stage.give('support', 'redeliver', { note: 'Their server is mended.' })
        stage.pass(1)
        await stage.send('delivered')
      },
    },
  ],
  ['action', { name: 'waits to leave', ending: 'unfinished', weight: 2, tell: toDelivery }],
  ['reply', { name: 'waits to leave', ending: 'unfinished', weight: 2, tell: toDelivery }],
  [
    'action',
    {
      name: 'leaves',
      ending: 'unfinished',
      weight: 2,
      async tell(stage, workflow) {
        await toDelivery(stage, workflow)
        await stage.send(null)
      },
    },
  ],
]

function trouble(what: string, turn: Turn): Telling {
  return {
    name: `waits: ${what}`,
    ending: 'waiting',
    weight: 4,
    async tell(stage, workflow) {
      await stage.create(workflow)
      stage.turns(turn)
      await stage.run()
    },
  }
}

function delivery(what: string, end: 'unknown' | 'failed'): Telling {
  return {
    name: `its delivery ${what}`,
    ending: 'settled',
    weight: 0.5,
    async tell(stage, workflow) {
      await toDelivery(stage, workflow)
      await stage.send(end)
    },
  }
}

/** Every story. */
export const stories: readonly Story[] = [
  ...workflowKeys.flatMap((workflow) =>
    COMMON.filter(({ of }) => of === undefined || of.includes(workflow)).map((telling) => storyOf(workflow, telling)),
  ),
  ...RARE.map(([workflow, telling]) => storyOf(workflow, telling)),
]

function storyOf(workflow: WorkflowKey, { tell, of: _, ...telling }: Telling): Story {
  return { ...telling, workflow, tell: (stage) => tell(stage, workflow) }
}
