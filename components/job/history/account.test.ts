import { describe, expect, test } from 'vitest'
import { accountOf } from '@/lib/history/account'
import type { EventView, JobView } from '@/lib/jobs/view'
import { aJob, anEvent } from '../fixtures'

let seq = 0
const event = (over: Partial<EventView>): EventView => {
  seq += 1
  return anEvent({ seq, at: new Date(Date.UTC(2026, 2, 3, 10, 0, seq)).toISOString(), ...over })
}
const ask = () => event({ command: 'create', sentence: 'Dana asked for the job.' })
const start = (attempt: number) =>
  event({ command: 'start', attempt, sentence: `Attempt ${attempt} was committed and sent to the model.` })
const requeue = (attempt: number) =>
  event({
    command: 'requeue',
    attempt,
    sentence: `Attempt ${attempt} stopped: OpenAI failed. It is tried again by itself.`,
  })
const hold = (over: Partial<EventView> = {}) =>
  event({ command: 'hold', sentence: 'It stopped for people: The policy of its workflow asks for a person.', ...over })
const claim = (name: string) =>
  event({ command: 'claim', sentence: `${name} claimed it.`, by: { kind: 'person', id: name, name } })

const textOf = (job: JobView) =>
  accountOf(job).map(({ heading, lines }) => `${heading}: ${lines.map(({ text }) => text).join(' | ')}`)

describe('what happened', () => {
  test('is told in parts that follow one another, each sentence with the event that it rests on', () => {
    const events = [
      ask(),
      start(1),
      hold(),
      event({ command: 'approve', sentence: 'Rosa approved the result; it may leave.', note: 'Fine.' }),
      event({ command: 'reopen', sentence: 'Sam reopened the job.' }),
    ]
    const parts = accountOf(aJob({ events }))
    expect(parts.map(({ kind }) => kind)).toEqual(['asked', 'tried', 'decided', 'reopened'])
    expect(parts[1]?.lines).toMatchObject([
      {
        text: 'Attempt 1 was sent to the model. It stopped for people: The policy of its workflow asks for a person.',
        seq: events[2]?.seq,
      },
    ])
    expect(parts[2]?.lines).toMatchObject([{ seq: events[3]?.seq, note: 'Fine.' }])
    expect(parts[3]?.lines[0]?.text).toBe('Sam reopened the job. What was decided before stays as it was.')
  })

  test('names where a delivery went, what it corrects, and a letter that went nowhere', () => {
    const job = (over: object) =>
      aJob({
        events: [
          ask(),
          event({ command: 'dispatch', delivery: 2, sentence: 'What was accepted began to leave.' }),
          event({ command: 'delivered', delivery: 2, sentence: 'The receiver has it.' }),
        ],
        deliveries: [
          { number: 2, kind: 'email', destination: 'dana@example.org', corrects: 1, code: null, ...over },
        ] as unknown as JobView['deliveries'],
      })
    expect(textOf(job({}))[1]).toBe(
      'Sent: Delivery 2, which corrects delivery 1, was sent by e-mail to dana@example.org. The receiver has it.',
    )
    const sentence = 'No mail server is set up: the letter is kept in the mail folder, and nothing left.'
    expect(textOf(job({ corrects: null, code: 'kept_in_folder', sentence }))[1]).toBe(
      `Sent: Delivery 2 went nowhere. ${sentence}`,
    )
  })

  test('says that words have been erased, and that somebody is not known any more', () => {
    const events = [
      ask(),
      hold(),
      event({ command: 'abandon', sentence: 'somebody who is no longer here abandoned the job.', isNoteErased: true }),
    ]
    expect(textOf(aJob({ events })).at(-1)).toBe(
      'Decided: somebody who is no longer here abandoned the job. The words that came with it have been erased.',
    )
  })

  test('tells nothing of what a blind round keeps to itself', () => {
    const events = [ask(), hold(), event({ command: 'mark', isHidden: true, sentence: 'Somebody did something.' })]
    const text = textOf(aJob({ events })).join()
    expect(text).not.toContain('Somebody')
    expect(text).toContain('What one event of a blind round says is told when it is over.')
  })

  test('of two hundred events stays short: claims are counted, and tries in a row are one sentence', () => {
    const tries = Array.from({ length: 40 }, (_, index) => [start(index + 1), requeue(index + 1)]).flat()
    const claims = Array.from({ length: 60 }, (_, index) => [
      claim(index % 2 === 0 ? 'Ana' : 'Ben'),
      event({ command: 'release', sentence: 'released', by: { kind: 'person', id: 'a', name: 'Ana' } }),
    ]).flat()
    const events = [ask(), ...tries, start(41), hold(), ...claims]
    expect(events.length).toBeGreaterThan(200)
    const lines = accountOf(aJob({ events })).flatMap((part) => part.lines)
    expect(lines).toHaveLength(4)
    expect(lines[1]?.text).toBe(
      'It was sent to the model 40 times before the last. 40 times it stopped and was tried again by itself, the last time so: Attempt 40 stopped: OpenAI failed. It is tried again by itself.',
    )
    expect(lines[3]?.text).toBe('Beside that it was claimed 60 times and released 60 times, by Ana and Ben.')
  })
})
