import { describe, expect, it } from 'vitest'
import type { EventView, ToolCallView } from '@/lib/jobs/view'
import { aJob, anEvent } from './fixtures'
import { whatIsNext } from './what-is-next'

const BY_ITSELF = 'It is sent when its turn comes.'

/** A queued job with these calls, put there by `command`. */
function queued(command: EventView['command'], ...calls: Partial<ToolCallView>[]) {
  const nextAction = { ...aJob().nextAction, kind: 'wait_send' as const, what: BY_ITSELF }
  const events = [anEvent(), anEvent({ seq: 2, command, from: 'awaiting_review', to: 'queued' })]
  const full = calls.map((call) => ({ attempt: 1, kind: 'function', state: 'permitted', ...call }) as ToolCallView)
  // A comment moves nothing.
  return aJob({ state: 'queued', nextAction, calls: full, events: [...events, comment()] })
}

const comment = () => anEvent({ seq: 3, command: 'comment', from: 'queued', to: 'queued' })

describe('what is next', () => {
  it('says that calls are being made for as long as one of them is', () => {
    expect(whatIsNext(queued('answer', {}))).toMatch(/^The allowed call is being made/)
    expect(whatIsNext(queued('proceed', {}, { state: 'sending' }))).toMatch(/^The allowed calls are being made/)
    expect(whatIsNext(queued('answer', { state: 'answered' }, { state: 'denied' }))).toBe(BY_ITSELF)
  })

  it('says nothing of calls that a retry left behind, or that the provider makes', () => {
    expect(whatIsNext(queued('retry', {}))).toBe(BY_ITSELF)
    expect(whatIsNext(queued('answer', { kind: 'mcp' }))).toBe(BY_ITSELF)
    expect(whatIsNext(queued('answer', {}, { attempt: 2, state: 'answered' }))).toBe(BY_ITSELF)
  })

  it('leaves what a lead must do in front of it', () => {
    const job = queued('answer', {})
    const resume = { ...job.nextAction, kind: 'wait_resume' as const, what: 'Resume sending of its workflow.' }
    expect(whatIsNext({ ...job, nextAction: resume })).toBe('Resume sending of its workflow.')
  })
})
