import { describe, expect, it } from 'vitest'
import type { ToolCallView } from '@/lib/jobs/view'
import { aJob, aRound } from '../fixtures'
import {
  answerErrors,
  askOfAnswers,
  changesOf,
  type Drafts,
  isEditable,
  leavingArguments,
  madeOtherwise,
  refusedAnswers,
  waitingCalls,
} from './answer-drafts'

const round = aRound({ number: 2, kind: 'permission', reason: 'Tool calls wait for a yes.' })

function aCall(over: Partial<ToolCallView> = {}): ToolCallView {
  return {
    id: 'one',
    attempt: 2,
    position: 1,
    kind: 'function',
    name: 'pay',
    serverLabel: null,
    risk: 'write',
    description: null,
    touches: null,
    parameters: {
      type: 'object',
      properties: { to: { type: 'string', title: 'To' }, amount: { type: 'number', title: 'Amount' } },
      required: ['to', 'amount'],
    },
    arguments: { to: 'Dana', amount: 5 },
    argumentsHash: 'a'.repeat(64),
    why: null,
    state: 'waiting',
    sentence: 'It waits for a person.',
    round: 2,
    by: null,
    reason: null,
    editedArguments: null,
    url: 'https://tools.example/pay',
    tries: 0,
    sentAt: null,
    answeredAt: null,
    httpStatus: null,
    answer: null,
    madeBefore: [],
    ...over,
  }
}

const one = aCall()
const two = aCall({ id: 'two', position: 2, argumentsHash: 'b'.repeat(64) })
const edited = (value: Record<string, unknown>): Drafts => ({ one: { choice: 'edit', edited: value, reason: '' } })
const denied = (reason: string): Drafts => ({ one: { choice: 'deny', edited: null, reason } })

describe('what waits', () => {
  it('is what waits in the open round, and nothing where none is open or it asks for something else', () => {
    const calls = [aCall({ round: 1, id: 'old' }), one, aCall({ id: 'read', state: 'permitted', round: null })]
    expect(waitingCalls(aJob({ calls, reviews: [round] }))).toEqual([one])
    expect(waitingCalls(aJob({ calls, reviews: [{ ...round, closedAt: round.openedAt }] }))).toEqual([])
    expect(waitingCalls(aJob({ calls, reviews: [{ ...round, kind: 'trouble' }] }))).toEqual([])
  })

  it('can be edited where the tool is ours and has a form', () => {
    expect(isEditable(one)).toBe(true)
    expect(isEditable(aCall({ kind: 'mcp' }))).toBe(false)
    expect(isEditable(aCall({ parameters: { type: 'object' } }))).toBe(false)
    expect(isEditable(aCall({ arguments: '{"to":' }))).toBe(false)
  })
})

describe('what keeps the answers from being sent', () => {
  it('is a call without an answer, a denial without a reason, and arguments that lack a field', () => {
    expect(answerErrors([one, two], {})).toEqual({
      one: { choice: expect.stringContaining('Choose') },
      two: { choice: expect.stringContaining('Choose') },
    })
    expect(answerErrors([one], denied('  ')).one?.reason).toContain('Give a reason')
    expect(answerErrors([one], edited({ to: 'Dana' })).one?.arguments).toEqual([
      { pointer: '/answers/one/amount', detail: 'Amount is missing. Fill it in.' },
    ])
    expect(answerErrors([one], edited({ to: 'Dana', amount: 4 }))).toEqual({})
    expect(answerErrors([one], denied('No.'))).toEqual({})
  })
})

describe('what is sent', () => {
  it('binds each answer to the arguments that were on the screen', () => {
    const drafts: Drafts = {
      ...edited({ to: 'Dana', amount: 4 }),
      two: { choice: 'deny', edited: null, reason: ' No. ' },
    }
    expect(askOfAnswers([one, two], drafts, { note: ' Fine. ', version: 7 })).toEqual({
      command: 'answer',
      expectedVersion: 7,
      note: 'Fine.',
      params: {
        answers: [
          { callId: 'one', allow: true, argumentsHash: 'a'.repeat(64), arguments: { to: 'Dana', amount: 4 } },
          { callId: 'two', allow: false, argumentsHash: 'b'.repeat(64), reason: 'No.' },
        ],
      },
    })
  })

  it('is what the model wrote where a change was changed back', () => {
    const drafts = edited({ amount: 5, to: 'Dana' })
    expect(askOfAnswers([one], drafts, { note: '', version: 7 }).params).toEqual({
      answers: [{ callId: 'one', allow: true, argumentsHash: 'a'.repeat(64) }],
    })
    expect(changesOf(one, { choice: 'edit', edited: { amount: 5, to: 'Dana' }, reason: '' })).toEqual([])
  })

  it('is nothing of an edit after the person chose to allow it as it is', () => {
    const draft = { choice: 'allow' as const, edited: { to: 'Eve', amount: 1 }, reason: '' }
    expect(leavingArguments(one, draft)).toEqual(one.arguments)
    expect(changesOf(one, draft)).toEqual([])
  })

  it('names each change by the title of its field', () => {
    expect(changesOf(one, { choice: 'edit', edited: { to: 'Dana', x: 1 }, reason: '' })).toEqual([
      { title: 'Amount', asked: '5', leaves: 'left out' },
      { title: 'x', asked: 'left out', leaves: '1' },
    ])
  })
})

it('puts the words of a refusal beside the call that they are about', () => {
  const errors = [
    { pointer: '/params/answers/1/arguments/amount', detail: 'Amount must be at least 0.' },
    { pointer: '/params/answers/0/reason', detail: 'Give a reason.' },
    { pointer: '/params/answers/9/reason', detail: 'Nobody.' },
    { pointer: '/note', detail: 'No.' },
  ]
  expect(refusedAnswers({ type: 'about:blank', title: 'x', status: 422, detail: 'x', errors }, [one, two])).toEqual({
    one: { reason: 'Give a reason.' },
    two: { arguments: [{ pointer: '/answers/two/amount', detail: 'Amount must be at least 0.' }] },
  })
})

it('tells of calls of the same tool that were made before with other arguments', () => {
  const at = '2026-11-23T09:00:00.000Z'
  const made = aCall({ id: 'made', attempt: 1, sentAt: at, state: 'answered' })
  const others = [aCall({ id: 'x', attempt: 1, name: 'other', sentAt: at }), aCall({ id: 'y', attempt: 1 })]
  expect(madeOtherwise([made, ...others, one], one)).toEqual([made])
  const same = aCall({ madeBefore: [{ attempt: 1, at, answered: true }] })
  expect(madeOtherwise([made, same], same)).toEqual([])
})
