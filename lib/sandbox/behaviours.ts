/** How the sandbox can be asked to behave, in words for the form. Imports no I/O: the form runs in the browser. */
import { type Behaviour, behaviours, type RehearsedAttempts } from '@/lib/provider/rehearsal'
import { texts } from './behaviour-texts'
import { failedTexts } from './failed-texts'

export const behaviourGroups = {
  well: 'It ends well',
  early: 'Stops early',
  unusable: 'Answers, but not usably',
  fails: 'Fails at OpenAI',
  refused: 'Refused at the door',
  lost: 'Lost on the way',
  looks: 'Cannot be looked at',
  person: 'Needs a person',
  slow: 'Slow',
  webhooks: 'Webhooks',
} as const
export type BehaviourGroup = keyof typeof behaviourGroups

/** What is written down of one behaviour. */
export type RawText = {
  group: BehaviourGroup
  label: string
  /** What people see of one attempt that goes this way. */
  sees: string
  /** Which attempts do it where nothing else is chosen. Absent: every one, and there is nothing to choose. */
  attempts?: RehearsedAttempts
  /** The job tries again by itself: until its tries are used up, or, where a try costs none, until its deadline. */
  heals?: 'by tries' | 'until its deadline'
}

export type BehaviourText = {
  group: BehaviourGroup
  /** The choice on the form. */
  label: string
  /** What people should then see happen, with the attempts that are meant by default. */
  expect: string
  /** Which attempts do it by default; null where there is no choice. */
  attempts: RehearsedAttempts | null
}

const raw: Record<Behaviour, RawText> = { ...texts, ...failedTexts }

export const behaviourTexts = Object.fromEntries(
  behaviours.map((behaviour) => {
    const { group, label, attempts } = raw[behaviour]
    return [behaviour, { group, label, expect: expectationOf(behaviour), attempts: attempts ?? null }]
  }),
) as Record<Behaviour, BehaviourText>

/** What people should see happen; `attempts` is the behaviour's own default where absent. */
export function expectationOf(behaviour: Behaviour, attempts?: RehearsedAttempts): string {
  const text = raw[behaviour]
  if (text.attempts === undefined) return text.sees
  return `${text.sees} ${afterwards(attempts ?? text.attempts, text.heals)}`
}

function afterwards(attempts: RehearsedAttempts, heals: RawText['heals']): string {
  if (attempts === 'first') {
    return heals === undefined
      ? 'It is not sent again by itself. When a person retries it, the second attempt works.'
      : 'The job tries again by itself, and the second attempt works.'
  }
  switch (heals) {
    case undefined:
      return 'It is not sent again by itself, and when a person retries it, it goes the same way.'
    case 'by tries':
      return 'Every attempt goes this way, so the job fails once its tries are used up.'
    case 'until its deadline':
      return 'Every attempt goes this way. That uses up no try, so the job goes on trying until its deadline passes.'
  }
}

/** Whether an attempt of a job behaves in the way that was asked for. */
export function isMeant(behaviour: Behaviour, attempts: RehearsedAttempts | undefined, isFirst: boolean): boolean {
  const which = raw[behaviour].attempts === undefined ? 'every' : (attempts ?? raw[behaviour].attempts)
  return which === 'every' || isFirst
}
