/** Calls of the model as they stood at a moment. Pure. */
import type { ToolCall } from '@/lib/generated/prisma/client'
import { type Then, wasKnown } from './then'

/** Those that had been asked for, each where it stood. */
export function callsThen<C extends ToolCall>(calls: readonly C[], then: Pick<Then, 'seq' | 'known'>): C[] {
  return calls.filter(({ createdAt }) => wasKnown(then, createdAt)).map((call) => callThen(call, then))
}

function callThen<C extends ToolCall>(call: C, then: Pick<Then, 'seq' | 'known'>): C {
  const unsent = {
    url: null,
    tries: 0,
    nextTryAt: null,
    sentAt: null,
    requestSha256: null,
    answeredAt: null,
    httpStatus: null,
    answerSha256: null,
  }
  if (call.decidedSeq !== null && call.decidedSeq > then.seq) {
    return { ...call, ...unsent, state: 'waiting', decidedSeq: null, reasonSha256: null, permittedSha256: null }
  }
  const isUnsent = call.sentAt !== null && !wasKnown(then, call.sentAt)
  if (isUnsent) return { ...call, ...unsent, state: 'permitted', code: null }
  const isUnanswered = call.sentAt !== null && !wasKnown(then, call.answeredAt)
  const wasAnswered = call.answeredAt !== null
  if (isUnanswered && wasAnswered) {
    return { ...call, state: 'sending', code: null, answeredAt: null, httpStatus: null, answerSha256: null }
  }
  return call
}
