import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { DeliveryView, JobView } from '@/lib/jobs/view'
import { aJob, anEvent } from '../fixtures'
import { AlreadySent } from './already-sent'
import { Deliveries } from './deliveries'
import { type DeliveryCommand, deliveryCommands } from './delivery-facts'

function aDelivery(over: Partial<DeliveryView> = {}): DeliveryView {
  return {
    id: '01a20bd9-0000-7000-8000-000000000001',
    number: 1,
    corrects: null,
    kind: 'email',
    destination: 'dana@example.org',
    state: 'pending',
    sentence: 'It waits to be sent.',
    round: 1,
    acceptedSeq: 4,
    changedSeq: 4,
    resultHash: 'c'.repeat(64),
    hash: 'd'.repeat(64),
    againstConfirming: null,
    messageId: 'dlv_1',
    bytesHash: 'e'.repeat(64),
    size: 812,
    createdAt: '2026-11-23T10:00:00.000Z',
    notBefore: '2999-01-01T00:00:00.000Z',
    changedAt: '2026-11-23T10:00:00.000Z',
    nextTryAt: null,
    tries: 0,
    httpStatus: null,
    code: null,
    answer: null,
    reference: null,
    log: [],
    ...over,
  }
}

const EVERYTHING: JobView['allowedCommands'] = ['redeliver', 'withdraw', 'confirm', 'undo']

describe('what can be done about a delivery', () => {
  test.each<[string, Partial<DeliveryView>, DeliveryCommand[]]>([
    ['that waits', {}, ['withdraw']],
    ['by hand that waits', { kind: 'by_hand' }, ['confirm', 'withdraw']],
    ['by hand that cannot be confirmed now', { kind: 'by_hand', againstConfirming: 'Not now.' }, ['withdraw']],
    ['under way', { state: 'sending' }, []],
    ['that failed', { state: 'failed' }, ['redeliver', 'withdraw']],
    ['that may have arrived', { state: 'unknown' }, ['confirm', 'redeliver', 'withdraw']],
    ['that arrived', { state: 'delivered' }, []],
    ['that was withdrawn', { state: 'withdrawn' }, []],
  ])('one %s', (_what, over, commands) => {
    const delivery = aDelivery(over)
    expect(deliveryCommands({ allowedCommands: EVERYTHING, deliveries: [delivery] }, delivery)).toEqual(commands)
    expect(deliveryCommands({ allowedCommands: [], deliveries: [delivery] }, delivery)).toEqual([])
  })

  test('one that another acceptance replaced is not sent again', () => {
    const delivery = aDelivery({ state: 'failed' })
    const deliveries = [delivery, aDelivery({ id: 'newer', number: 2, acceptedSeq: 9 })]
    expect(deliveryCommands({ allowedCommands: EVERYTHING, deliveries }, delivery)).toEqual(['withdraw'])
  })
})

const drawn = (job: JobView, commands: JobView['allowedCommands'] = []) =>
  renderToStaticMarkup(
    <Deliveries
      job={job}
      commands={commands}
      onCommand={() => {}}
      giveJobCommand={async () => ({ ok: true, command: 'withdraw' })}
    />,
  )

describe('the deliveries of a job', () => {
  test('are not there where nothing ever left', () => {
    expect(drawn(aJob({ state: 'completed' }))).toBe('')
  })

  test('can be undone while the time runs, by whoever may', () => {
    const job = aJob({ state: 'completed', deliveries: [aDelivery()] })
    expect(drawn(job, ['undo'])).toMatch(/Leaves in .*Undo</)
    expect(drawn(job)).not.toContain('Undo<')
  })

  test('are not counted down while their job is looked at again', () => {
    const page = drawn(aJob({ deliveries: [aDelivery()] }), ['undo'])
    expect(page).not.toContain('Leaves in')
    expect(page).toContain('It waits to be sent.')
  })

  test('say in the place of the button why they cannot be confirmed', () => {
    const delivery = aDelivery({ kind: 'by_hand', againstConfirming: 'It cannot be confirmed now: <b>why</b>.' })
    const page = drawn(aJob({ deliveries: [delivery], allowedCommands: EVERYTHING }))
    expect(page).toContain('It cannot be confirmed now: &lt;b&gt;why&lt;/b&gt;.')
    expect(page).not.toContain('Confirm delivery…')
    const free = aJob({ deliveries: [{ ...delivery, againstConfirming: null }], allowedCommands: EVERYTHING })
    expect(drawn(free)).toContain('Confirm delivery…')
  })

  test('tell what a person did about them, in the words of the history', () => {
    const event = anEvent({ seq: 7, command: 'withdraw', sentence: 'Sam withdrew it.', note: 'Not <b>needed</b>.' })
    const page = drawn(
      aJob({ state: 'completed', deliveries: [aDelivery({ state: 'withdrawn', changedSeq: 7 })], events: [event] }),
    )
    expect(page).toContain('Sam withdrew it')
    expect(page).toContain('Not &lt;b&gt;needed&lt;/b&gt;.')
  })

  test('name hidden characters in where they go and in what was written down', () => {
    const page = drawn(
      aJob({
        state: 'completed',
        deliveries: [aDelivery({ kind: 'file', destination: '/approved/\u202Etxt.exe', reference: 'R\u200B-7' })],
      }),
    )
    expect(page).not.toContain('\u202E')
    expect(page).not.toContain('\u200B')
  })
})

describe('above the decision after a reopen', () => {
  const shown = (over: Partial<DeliveryView>, state: JobView['state'] = 'awaiting_review') =>
    renderToStaticMarkup(<AlreadySent job={aJob({ state, deliveries: [aDelivery(over)] })} />)

  test('stands what has left, and to whom', () => {
    const page = shown({ state: 'delivered', tries: 1 })
    expect(page).toContain('Some of this has left already')
    expect(page).toMatch(/Sent by e-mail to .*dana@example\.org/)
    expect(page).toContain('Upholding sends nothing.')
  })

  test('stands what may have arrived', () => {
    expect(shown({ state: 'unknown', tries: 1 })).toContain('nobody knows whether it arrived')
  })

  test('stands what is held back, and what becomes of it', () => {
    const page = shown({})
    expect(page).toContain('What was accepted has not left yet')
    expect(page).toContain('Upholding lets what is held back go on; any other decision withdraws it.')
  })

  test('stands nothing where a letter was only kept, was undone, or its job is accepted', () => {
    expect(shown({ state: 'delivered', tries: 1, code: 'kept_in_folder' })).toBe('')
    expect(shown({ state: 'withdrawn' })).toBe('')
    expect(shown({ state: 'delivered', tries: 1 }, 'completed')).toBe('')
  })
})
