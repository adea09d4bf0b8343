/** What is said of a call: to the model, and to people. Pure. */
import type { ToolCallView } from '@/lib/jobs/view'

export type OutputFacts = {
  state: string
  code: string | null
  httpStatus: number | null
  /** What a person said with their answer. */
  reason: string | null
  /** The arguments as a person changed them; null where they did not. */
  edited: string | null
  /** What the tool answered. */
  answer: string | null
  /** Why the arguments did not fit. */
  problem: string | null
}

const REFUSALS: Record<string, string> = {
  forbidden: 'This tool may not be used here. Go on without it.',
  not_offered: 'There is no such tool here. Go on without it.',
}

/** What the model reads as the output of a call; null where there is no answer yet. */
export function outputWords(facts: OutputFacts): string | null {
  switch (facts.state) {
    case 'denied':
      return `A reviewer did not allow this call. It was not made.\nTheir reason: ${facts.reason ?? 'none was kept.'}`
    case 'refused':
      return `This call was not made. ${REFUSALS[facts.code ?? ''] ?? facts.problem ?? 'Its arguments cannot be used.'}`
    case 'answered':
      return answeredWords(facts)
    default:
      return null
  }
}

function answeredWords({ httpStatus, reason, edited, answer }: OutputFacts): string {
  const isError = httpStatus !== null && (httpStatus < 200 || httpStatus > 299)
  const lines = [
    edited === null ? null : `A reviewer changed the arguments of this call. It was made with: ${edited}`,
    reason === null ? null : `The reviewer’s note: ${reason}`,
    isError ? `The tool answered with an error, HTTP ${httpStatus}:` : null,
  ].filter((line) => line !== null)
  const text = answer ?? '[the answer has been erased]'
  if (lines.length === 0) return text
  return [...lines, isError || text === '' ? text : `The tool answered:\n${text}`].join('\n')
}

export type SentenceFacts = Pick<ToolCallView, 'state' | 'kind' | 'tries' | 'httpStatus'> & {
  code: string | null
  by: string | null
  isEdited: boolean
}

const REFUSED: Record<string, string> = {
  forbidden: 'Refused: the workflow forbids this tool.',
  not_offered: 'Refused: the workflow has no such tool.',
  bad_arguments: 'Refused: its arguments do not fit the tool.',
  bad_id: 'Refused: it came without an id that can be answered.',
  repeated_id: 'Refused: it came with the id of another call.',
}

const FAILED: Record<string, string> = {
  private_address: 'Not made: its address is a private one, and the operator’s allow-list does not name it.',
  bad_address: 'Not made: its address cannot be used.',
  secret_missing: 'Not made: the worker’s environment lacks a secret that the tool needs.',
  redirect: 'Its address answered with a redirect, which is not followed.',
}

/** Where a call stands, as a sentence. */
export function callSentence({ state, kind, code, tries, httpStatus, by, isEdited }: SentenceFacts): string {
  const who = by === null ? 'the workflow, because it only reads' : by
  const how = isEdited ? ', with edited arguments' : ''
  switch (state) {
    case 'waiting':
      return 'It waits for a person.'
    case 'permitted':
      return kind === 'mcp'
        ? `Allowed by ${who}. The provider makes it.`
        : `Allowed by ${who}${how}. It is made when its turn comes.`
    case 'denied':
      return `Denied by ${by ?? 'a person'}. It was not made.`
    case 'refused':
      return REFUSED[code ?? ''] ?? 'Refused.'
    case 'sending':
      return tries > 1 ? `Try ${tries}: no answer so far.` : 'It is being made.'
    case 'answered':
      return `Allowed by ${who}${how}, made, and answered with HTTP ${httpStatus ?? 'nothing'}.`
    case 'failed':
      return FAILED[code ?? ''] ?? `No answer came in ${tries} tries. It may have taken effect.`
  }
}
