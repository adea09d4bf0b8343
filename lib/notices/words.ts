/** What a notice says, made from its codes. Pure. */
import { type FailureClass, failureClasses, failureSentence } from '@/lib/lifecycle/failure'
import { stopWords } from '@/lib/money/stop-words'
import type { NoticeKind } from './kinds'

export type NoticeWords = { heading: string; sentence: string }

/** What the sentence of a notice about a job is made from. */
export type WordFacts = {
  number: number
  /** The name of its workflow. */
  workflow: string
  /** Whether it is accepted now. */
  isDone: boolean
  detail: { code?: string; class?: string }
  /** The name of whoever did it; null: nobody, or a key. */
  by: string | null
  /** That of the failure rule which decided, where a lead wrote one. */
  ownSentence: string | null
  /** What leaves of it, as sentences; null: nothing does. */
  leaves: string | null
}

/** What is not theirs to see is not told either: neither which job it was, nor what became of it. */
export function hiddenWords(kind: NoticeKind): NoticeWords {
  if (kind === 'alert') return { heading: 'An alert', sentence: 'You may no longer see what it was about.' }
  return {
    heading: kind === 'job_stopped' ? 'A job stopped' : 'News of a job',
    sentence: 'You may no longer see this job.',
  }
}

/** The words of a notice about one job that its reader may see. */
export function jobWords(kind: Exclude<NoticeKind, 'queue_stopped' | 'alert'>, facts: WordFacts): NoticeWords {
  const { number, workflow, detail, ownSentence } = facts
  const by = facts.by ?? 'Somebody'
  switch (kind) {
    case 'job_stopped':
      return {
        heading: `Job ${number} stopped`,
        sentence: ownSentence ?? failureSentence(classOf(detail.class), detail.code ?? null),
      }
    case 'job_done':
      return { heading: `Job ${number} is done`, sentence: doneSentence(facts) }
    case 'job_failed':
      return failedWords(facts)
    case 'assigned':
      return { heading: `Job ${number} is assigned to you`, sentence: `${by} wants you to decide on it.` }
    case 'mentioned':
      return { heading: `${by} mentioned you at job ${number}`, sentence: 'The comment stands in its history.' }
    case 'review_waits':
      return {
        heading: `${workflow}: something waits for review`,
        sentence: 'Decide on it at the desk. You hear of this workflow again once you have looked.',
      }
    case 'due_soon':
      return {
        heading: `Job ${number} is due soon`,
        sentence:
          'You hold it, or it is assigned to you, and it is due within the hour. Decide, or let another have it.',
      }
    case 'escalated':
      return {
        heading: `The review of job ${number} is overdue`,
        sentence:
          'Nobody decided in time. It has another deadline, and is never approved by that: find somebody for it.',
      }
    case 'delivery_failed':
      return detail.code === 'unknown'
        ? {
            heading: `Nobody knows whether the delivery of job ${number} arrived`,
            sentence: 'Ask its receiver. Then confirm it, send it again or withdraw it.',
          }
        : {
            heading: `The delivery of job ${number} failed`,
            sentence: 'It is not tried again by itself. See why, then send it again or withdraw it.',
          }
    case 'changed_under_you':
      return changedWords(number, detail.code, by)
    case 'reopened':
      return {
        heading: `Job ${number} was reopened`,
        sentence:
          detail.code === 'decided'
            ? `${by} reopened it. What you decided stays in its history, and somebody decides anew.`
            : `${by} reopened it. What was decided stays in its history, and somebody decides anew.`,
      }
  }
}

function doneSentence({ isDone, by, leaves }: WordFacts): string {
  if (!isDone) return 'It was accepted, and is looked at again since.'
  const accepted = by === null ? 'It was accepted by the policy of its workflow.' : `${by} approved the result.`
  return leaves === null ? accepted : `${accepted} ${leaves}`
}

function failedWords({ number, detail, by, ownSentence }: WordFacts): NoticeWords {
  if (detail.code === 'expired') {
    return {
      heading: `Job ${number} expired`,
      sentence: 'Its deadline passed before anybody finished it. It can be retried.',
    }
  }
  if (detail.code === 'abandoned') {
    return {
      heading: `Job ${number} was abandoned`,
      sentence: `${by ?? 'Somebody'} abandoned it. The reason stands in its history.`,
    }
  }
  return {
    heading: `Job ${number} failed`,
    sentence: ownSentence ?? failureSentence(classOf(detail.class), detail.code ?? null),
  }
}

function changedWords(number: number, code: string | undefined, by: string): NoticeWords {
  switch (code) {
    case 'expired':
      return { heading: `Job ${number} expired`, sentence: 'You held it, and nobody decided in time.' }
    case 'release':
      return { heading: `${by} ended your claim on job ${number}`, sentence: 'Others may work on it now.' }
    case 'assign':
      return { heading: `${by} took job ${number} from you`, sentence: 'It is not assigned to you any more.' }
    case 'revise':
      return {
        heading: `${by} edited the result of job ${number}`,
        sentence: 'You held it. What you read is not the current result any more.',
      }
    case 'voided':
      return {
        heading: `${by} edited the result of job ${number}`,
        sentence: 'You had approved it. That does not count any more: it is decided anew, as it stands now.',
      }
    default:
      return { heading: `${by} decided on job ${number}`, sentence: 'You held it. Nothing is left for you to do.' }
  }
}

/** `isOver`: sending goes on again. Only leads can mend it, so only they are told how. */
export function queueStoppedWords(
  workflow: string,
  code: string,
  { isOver, isLead }: { isOver: boolean; isLead: boolean },
): NoticeWords {
  const { sentence, mend } = stopWords(code)
  if (isOver) return { heading: `Sending of ${workflow} stood still`, sentence: `${sentence} It goes on again.` }
  const whatNow = isLead ? mend : 'Nothing is lost. Its jobs are sent as soon as a lead resumes it.'
  return { heading: `Sending of ${workflow} stands still`, sentence: `${sentence} ${whatNow}` }
}

const LEAVES: Record<string, (destination: string) => string> = {
  email: (to) => `It leaves by e-mail to ${to}.`,
  http: (to) => `It is sent to ${to}.`,
  file: (to) => `It is written as a file: ${to}.`,
  by_hand: (to) => `It is handed over by hand: ${to}.`,
}

/** How a delivery leaves and where to, as a sentence. */
export function leavesWords(kind: string, destination: string): string {
  return LEAVES[kind]?.(destination) ?? `It leaves to ${destination}.`
}

/** What was stored by another version may name a class that is gone. */
function classOf(name: string | undefined): FailureClass {
  return failureClasses.find((known) => known === name) ?? 'unclassified'
}
