import { describe, expect, it } from 'vitest'
import { aJob, anAttempt, aRound } from '../fixtures'
import { askOf, type Draft, draftErrors, emptyDraft, errorsOf, localField, parametersOf } from './command-ask'
import { newsSince, offered, whoDidWhat } from './command-words'

const now = Date.parse('2026-11-23T12:00:00.000Z')
const later = localField(now + 3_600_000)
const draft = (over: Partial<Draft> = {}): Draft => ({ ...emptyDraft(later), ...over })
const seen = { version: 7, resultHash: 'f'.repeat(64), deliveryHash: null }
const unknownRound = aRound({ number: 1, kind: 'unknown', reason: 'The request was sent, and its answer was lost.' })
const none = parametersOf('abandon', aJob())

describe('what is sent', () => {
  it('binds an approval to the hash and the version that were on the screen', () => {
    const ask = askOf('approve', draft(), parametersOf('approve', aJob()), seen)
    expect(ask).toEqual({ command: 'approve', expectedVersion: 7, resultHash: 'f'.repeat(64) })
  })

  it('sends guidance and an edited input with a retry, and only what was filled in', () => {
    const parameters = parametersOf('retry', aJob())
    expect(askOf('retry', draft(), parameters, seen)).toEqual({ command: 'retry', expectedVersion: 7 })
    const filled = draft({ guidance: ' Cite page 2. ', input: { question: 'And the deposit?' }, note: ' late ' })
    expect(askOf('retry', filled, parameters, seen)).toMatchObject({
      note: 'late',
      params: { guidance: 'Cite page 2.', input: { question: 'And the deposit?' } },
    })
  })

  it('names no version with a comment: it is welcome whatever has happened', () => {
    expect(askOf('comment', draft({ note: 'Hm.' }), none, seen)).toEqual({ command: 'comment', note: 'Hm.' })
  })

  it('asks for a new due time after an expiry, and tells it in UTC', () => {
    const parameters = parametersOf('retry', aJob({ state: 'expired' }))
    expect(parameters.dueAt).toBe(true)
    expect(askOf('retry', draft(), parameters, seen).params).toEqual({ dueAt: '2026-11-23T13:00:00.000Z' })
  })
})

describe('what keeps it from being sent', () => {
  const errors = (command: Parameters<typeof draftErrors>[0], over: Partial<Draft>, parameters = none) =>
    draftErrors(command, draft(over), parameters, aJob().inputSchema, now)

  it('is a missing reason, where the table asks for one', () => {
    expect(errors('abandon', { note: '  ' }).note).toContain('reason')
    expect(errors('abandon', { note: 'A double.' })).toEqual({})
    expect(errors('approve', {})).toEqual({})
  })

  it('is a resend without the words "may be paid twice" confirmed', () => {
    const parameters = parametersOf('retry', aJob({ reviews: [unknownRound] }))
    expect(errors('retry', {}, parameters).mayBePaidTwice).toBeDefined()
    expect(errors('retry', { mayBePaidTwice: true }, parameters)).toEqual({})
    expect(parametersOf('retry', aJob()).mayBePaidTwice).toBe(false)
  })

  it('is sending at once beside an older call, without the same words', () => {
    const job = aJob({ attempts: [anAttempt({ providerStatus: 'in_progress', seenFinalAt: null })] })
    const first = parametersOf('retry', job, draft())
    expect(first).toMatchObject({ oldCall: true, mayBePaidTwice: false })
    expect(askOf('retry', draft(), first, seen).params).toEqual({ oldCall: 'cancel' })
    const atOnce = parametersOf('retry', job, draft({ oldCall: 'pay' }))
    expect(errors('retry', { oldCall: 'pay' }, atOnce).mayBePaidTwice).toBeDefined()
    expect(askOf('retry', draft({ oldCall: 'pay', mayBePaidTwice: true }), atOnce, seen).params).toEqual({
      oldCall: 'pay',
      mayBePaidTwice: true,
    })
  })

  it('is another attempt beside a call that has no id to be cancelled by, without the same words', () => {
    const sending = anAttempt({ providerStatus: 'sending', responseId: null, endedAt: null, seenFinalAt: null })
    const parameters = parametersOf('retry', aJob({ state: 'abandoned', attempts: [sending] }))
    expect(parameters).toMatchObject({ oldCall: true, mayBePaidTwice: true })
  })

  it('is a due time that has passed, or none', () => {
    const parameters = parametersOf('wait', aJob())
    expect(errors('wait', { dueAt: localField(now - 60_000) }, parameters).dueAt).toContain('passed')
    expect(errors('wait', { dueAt: '' }, parameters).dueAt).toBeDefined()
    expect(errors('wait', {}, parameters)).toEqual({})
  })
})

it('puts the words of a refusal beside their fields', () => {
  const problem = { type: 'about:blank', title: 'Unusable', status: 422, detail: 'Two things.' }
  const errors = [
    { pointer: '/note', detail: 'Give a reason.' },
    { pointer: '/params/input/input/question', detail: 'Question is empty.' },
    { pointer: '/params/input/audience', detail: 'Audience is too long.' },
  ]
  expect(errorsOf({ ...problem, errors })).toEqual({
    note: 'Give a reason.',
    input: [
      { pointer: '/input/question', detail: 'Question is empty.' },
      { pointer: '/input/audience', detail: 'Audience is too long.' },
    ],
  })
})

it('offers nothing that the server does not allow, and nothing that only a worker does', () => {
  expect(offered([])).toEqual([])
  expect(offered(['start', 'answer', 'abandon', 'comment', 'create'])).toEqual(['answer', 'abandon', 'comment'])
})

it('says who was faster', () => {
  const by = { kind: 'person', id: 'dana', name: 'Dana' } as const
  const lost = { state: 'completed', at: null } as const
  expect(whoDidWhat({ ...lost, command: 'approve', by })).toBe('Dana approved it')
  expect(whoDidWhat({ ...lost, command: 'expire', by: null })).toBe('Holdpoint recorded that its deadline passed')
  expect(whoDidWhat({ ...lost, command: 'not known here', by })).toBe('Dana changed it')
})

describe('who is told of a comment', () => {
  const kim = { id: 'u1', name: 'Kim Lane' }

  it('is everybody who was chosen and whose name still stands there, once', () => {
    const note = 'Please look, @Kim Lane, and @Nobody.'
    const filled = draft({ note, mentions: [kim, kim, { id: 'u2', name: 'Lee' }] })
    expect(askOf('comment', filled, none, seen)).toEqual({ command: 'comment', note, params: { mentions: ['u1'] } })
  })
})

describe('a reason of the list', () => {
  it('stands for the note that an abandon asks for, and is sent with it', () => {
    expect(draftErrors('abandon', draft(), none, {}, now)).toHaveProperty('note')
    const chosen = draft({ reason: 'not_needed' })
    expect(draftErrors('abandon', chosen, none, {}, now)).toEqual({})
    expect(askOf('abandon', chosen, none, seen).params).toEqual({ reason: 'not_needed' })
  })

  it('is asked for where an approval passes over a claim that nothing carries', () => {
    const over = { ...parametersOf('approve', aJob()), doubtful: 1 }
    expect(draftErrors('approve', draft(), over, {}, now)).toHaveProperty('note')
    expect(draftErrors('approve', draft({ reason: 'known' }), over, {}, now)).toEqual({})
    expect(draftErrors('approve', draft({ note: 'I know it.' }), over, {}, now)).toEqual({})
  })

  it('is not sent with what takes none', () => {
    expect(askOf('comment', draft({ note: 'Hm.', reason: 'known' }), none, seen).params).toBeUndefined()
  })
})

describe('what the desk asks beside', () => {
  it('wants to hear what should be different when changes are requested', () => {
    const changes = parametersOf('retry', aJob(), undefined, true)
    expect(draftErrors('retry', draft(), changes, {}, now)).toHaveProperty('guidance')
    expect(draftErrors('retry', draft({ guidance: 'Shorter.' }), changes, {}, now)).toEqual({})
  })

  it('snoozes until a time, with a reason, and assigns to a person or to nobody', () => {
    const snooze = parametersOf('snooze', aJob())
    expect(draftErrors('snooze', draft(), snooze, {}, now)).toHaveProperty('note')
    expect(askOf('snooze', draft({ note: 'Waits for Kim.' }), snooze, seen).params).toEqual({
      until: '2026-11-23T13:00:00.000Z',
    })
    const assign = parametersOf('assign', aJob())
    expect(askOf('assign', draft({ assignee: 'u1' }), assign, seen).params).toEqual({ assignee: 'u1' })
    expect(askOf('assign', draft(), assign, seen).params).toEqual({ assignee: null })
  })
})

describe('what is news to somebody who reads', () => {
  const event = (seq: number, command: string, isHidden = false) =>
    ({ seq, command, isHidden }) as Parameters<typeof newsSince>[0][number]

  it('is what changes what is decided on, not talk, claims or marks, and nothing that a blind round hides', () => {
    const events = [
      event(1, 'hold'),
      event(2, 'claim'),
      event(3, 'mark'),
      event(4, 'endorse', true),
      event(5, 'revise'),
    ]
    expect(newsSince(events, 1).map(({ seq }) => seq)).toEqual([5])
    expect(newsSince(events, 0).map(({ seq }) => seq)).toEqual([1, 5])
    expect(newsSince(events, 5)).toEqual([])
  })
})
