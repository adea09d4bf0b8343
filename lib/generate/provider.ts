/**
 * The provider of the stories: it calls nobody, and answers as the sandbox would, from the documents of the job, or stops
 * in the way that the story asks for.
 */
import type { CreateOutcome, LookOutcome, Provider, ProviderError, ResponseRequest, Seen } from '@/lib/provider/types'
import { type Answer, askFirst, continueAnswer, writeAnswer } from '@/lib/sandbox/answer'
import { readCreate } from '@/lib/sandbox/request'
import { describeResponse, type Ends, type StoredResponse } from '@/lib/sandbox/response'
import { planCalls } from '@/lib/sandbox/tools'

/** Attempts of generated histories bear it: no worker has such a provider, so none of them is ever asked about. */
export const GENERATED = 'generated'

/** What becomes of one call. */
export type Turn =
  | { kind: 'ends'; ends: Ends }
  | { kind: 'calls' }
  /** Still under way, however long one waits. */
  | { kind: 'runs' }
  | { kind: 'refused'; httpStatus: number; code: string | null }
  | { kind: 'lost' }

type Kept = { stored: StoredResponse; answer: Answer; runs: boolean }

const NO_ERROR: ProviderError = {
  httpStatus: null,
  code: null,
  type: null,
  param: null,
  message: null,
  retryAfterMs: null,
}

/** @param now the clock of the stories. */
export class StoryProvider implements Provider {
  readonly name = GENERATED
  /** What becomes of the next calls, in order; they are answered where nothing is said. */
  turns: Turn[] = []
  readonly #kept = new Map<string, Kept>()
  #count = 0

  constructor(private readonly now: () => Date) {}

  async create(request: ResponseRequest): Promise<CreateOutcome> {
    const turn: Turn = this.turns.shift() ?? { kind: 'ends', ends: { status: 'completed' } }
    if (turn.kind === 'lost') {
      return { ...this.#exchange(null), kind: 'lost', error: { ...NO_ERROR, code: 'ECONNRESET' } }
    }
    if (turn.kind === 'refused') {
      const { httpStatus, code } = turn
      return { ...this.#exchange(httpStatus), kind: 'refused', error: { ...NO_ERROR, httpStatus, code } }
    }
    this.#count += 1
    const tail = `gen${String(this.#count).padStart(21, '0')}`
    const id = `resp_${tail}`
    const { input, format, ...body } = readCreate(JSON.stringify(request))
    const before = request.previous_response_id === undefined ? undefined : this.#kept.get(request.previous_response_id)
    const text = typeof input === 'string' ? input : ''
    const misquotes = turn.kind === 'ends' && turn.ends.status === 'completed' && turn.ends.says === 'misquoted'
    const answer = before
      ? continueAnswer(before.answer, [])
      : short(writeAnswer({ instructions: request.instructions, input: text, format }, misquotes))
    const calls = turn.kind === 'calls'
    const stored: StoredResponse = {
      id,
      acceptedAt: this.now().getTime(),
      cancelledAt: null,
      seconds: 40,
      queuedMs: 1_000,
      ends: turn.kind === 'ends' ? turn.ends : { status: 'completed', ...(calls ? { says: 'calls' as const } : {}) },
      behaviour: 'none',
      // Not whose attempt it was: the payload is shared by all who live the same story.
      request: { ...body, instructions: null, text: null, metadata: {} },
    }
    const asked = calls ? askFirst(answer, planCalls(body.tools.slice(0, 1), text, tail)) : answer
    this.#kept.set(id, { stored, answer: asked, runs: turn.kind === 'runs' })
    return { ...this.#exchange(200), kind: 'accepted', seen: seenOf(describeResponse(stored, asked, 'queued')) }
  }

  async retrieve(responseId: string): Promise<LookOutcome> {
    const kept = this.#find(responseId)
    const at = kept.stored.cancelledAt !== null ? 'cancelled' : kept.runs ? 'in_progress' : 'ended'
    return { ...this.#exchange(200), kind: 'seen', seen: seenOf(describeResponse(kept.stored, kept.answer, at)) }
  }

  async cancel(responseId: string): Promise<LookOutcome> {
    const kept = this.#find(responseId)
    kept.stored = { ...kept.stored, cancelledAt: this.now().getTime() }
    return this.retrieve(responseId)
  }

  #find(responseId: string): Kept {
    const kept = this.#kept.get(responseId)
    if (kept === undefined) throw new Error(`no story knows the response ${responseId}`)
    return kept
  }

  #exchange(httpStatus: number | null) {
    return { httpStatus, requestId: null, milliseconds: 240 }
  }
}

/** What it looked through is not shown again: the histories are many. */
function short(answer: Answer): Answer {
  return {
    ...answer,
    search: { queries: answer.search.queries.slice(0, 2), results: answer.search.results.slice(0, 2) },
  }
}

function seenOf(body: Record<string, unknown>): Seen {
  return {
    responseId: String(body.id),
    status: body.status as Seen['status'],
    raw: new TextEncoder().encode(JSON.stringify(body)),
    body,
  }
}
