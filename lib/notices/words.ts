/** What a notice says, made from its codes. Pure. */
import { type FailureClass, failureClasses, failureSentence } from '@/lib/lifecycle/failure'
import { stopWords } from '@/lib/money/stop-words'

export type NoticeWords = { heading: string; sentence: string }

/** `ownSentence` is that of the failure rule which decided, where a lead wrote one. */
export function jobStoppedWords(
  number: number | null,
  detail: { code: string; class?: string },
  ownSentence: string | null,
): NoticeWords {
  // What is not theirs to see is not told either: neither which job it was, nor why it stopped.
  if (number === null) return { heading: 'A job stopped', sentence: 'You may no longer see this job.' }
  return {
    heading: `Job ${number} stopped`,
    sentence: ownSentence ?? failureSentence(classOf(detail.class), detail.code),
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

/** What was stored by another version may name a class that is gone. */
function classOf(name: string | undefined): FailureClass {
  return failureClasses.find((known) => known === name) ?? 'unclassified'
}
