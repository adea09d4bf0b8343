import { describe, expect, test } from 'vitest'
import { choiceOf, readChoices } from './choices'
import { kinds, kindsFor, noticeKinds } from './kinds'

describe('how somebody is told', () => {
  test('is what is usual for their roles, until they choose', () => {
    expect(choiceOf('review_waits', ['reviewer'], {})).toEqual({ app: true, email: true })
    expect(choiceOf('review_waits', ['lead'], {})).toEqual({ app: false, email: false })
    expect(choiceOf('review_waits', ['lead'], { review_waits: { app: true } })).toEqual({ app: true, email: false })
    expect(choiceOf('job_done', ['requester'], { job_done: { app: false, email: false } })).toEqual({
      app: false,
      email: false,
    })
  })

  test('is always in the app where somebody waits for this very person', () => {
    for (const kind of ['assigned', 'mentioned'] as const) {
      expect(choiceOf(kind, ['reviewer'], { [kind]: { app: false, email: false } })).toEqual({
        app: true,
        email: false,
      })
    }
  })

  test('is not at all without a role for it, whatever was chosen', () => {
    const wanted = { escalated: { app: true, email: true } }
    expect(choiceOf('escalated', ['reviewer'], wanted)).toEqual({ app: false, email: false })
    expect(choiceOf('escalated', ['owner'], wanted)).toEqual({ app: true, email: true })
    expect(choiceOf('mentioned', [], {})).toEqual({ app: false, email: false })
  })
})

test('what is stored and makes no sense counts as no choice, and kinds of a newer version are passed over', () => {
  expect(readChoices(null)).toEqual({})
  expect(readChoices({ job_done: 'no' })).toEqual({})
  expect(readChoices({ from_later: { app: true }, job_done: { email: false } })).toEqual({ job_done: { email: false } })
})

test('the settings list each kind that one may get, and no other', () => {
  expect(Object.keys(kinds).sort()).toEqual([...noticeKinds].sort())
  expect(kindsFor(['requester'])).toEqual([
    'job_done',
    'job_failed',
    'job_stopped',
    'queue_stopped',
    'mentioned',
    'reopened',
  ])
  expect(kindsFor(['owner']).sort()).toEqual([...noticeKinds].sort())
})
