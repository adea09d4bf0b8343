import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { deliveryStateNames } from '@/lib/lifecycle/next-action'
import { stateNames } from '@/lib/lifecycle/table'
import { deliveryCodeWords, deliverySentence, type Standing, whatLeft } from './delivery-words'

const NO_WORDS = /^The reason it gave, or the network’s, is “/

describe('why a delivery did not get through', () => {
  test('is told in words of its own for every code that the senders give', () => {
    const files = fs.globSync([
      'lib/deliveries/*.ts',
      'lib/mail/*.ts',
      'lib/tools/post.server.ts',
      'lib/engine/deliver.server.ts',
    ])
    const sources = files.filter((file) => !file.includes('.test.')).map((file) => fs.readFileSync(file, 'utf8'))
    const codes = sources.flatMap((source) =>
      [...source.matchAll(/(?:refused|again|delivered)\('(\w+)'\)|code: '(\w+)'|code: '\w+' \| '(\w+)'/g)].map(
        ([, called, written, other]) => called ?? written ?? other ?? '',
      ),
    )
    expect(new Set(codes).size).toBeGreaterThan(15)
    expect(codes.filter((code) => NO_WORDS.test(deliveryCodeWords(code)))).toEqual([])
  })

  test.each(['ECONNREFUSED', 'ENOSPC', 'CERT_HAS_EXPIRED', 'EACCES', 'ENOTFOUND', 'SELF_SIGNED_CERT_IN_CHAIN'])(
    'is told in words for the system’s %s',
    (code) => {
      expect(deliveryCodeWords(code)).not.toMatch(NO_WORDS)
    },
  )

  test.each([
    ['http_500', 'The receiver answered with status 500. It failed by itself: whoever runs it must look.'],
    ['http_418', 'The receiver answered with status 418.'],
    [
      'smtp_550',
      'The mail server answered with 550. It does not take letters to this address: see whether it is right.',
    ],
    ['smtp_499', 'The mail server answered with 499. It may take the letter later.'],
    ['toString', 'The reason it gave, or the network’s, is “toString”.'],
    ['EWHATEVER', 'The reason it gave, or the network’s, is “EWHATEVER”.'],
    [null, ''],
  ])('of %s is “%s”', (code, words) => {
    expect(deliveryCodeWords(code)).toBe(words)
  })
})

function standing(over: Partial<Standing> = {}): Standing {
  return { state: 'pending', kind: 'http', code: null, reference: null, workerId: null, tries: 0, ...over }
}

describe('where a delivery stands', () => {
  test.each<[Partial<Standing>, string]>([
    [{}, 'It waits to be sent.'],
    [{ kind: 'by_hand' }, 'Somebody hands it over, then confirms that here.'],
    [{ tries: 3 }, 'It is about to be sent again, with the same bytes and under the same id.'],
    [{ jobState: 'awaiting_review' }, 'It is held back while its job is not accepted.'],
    [{ state: 'sending', workerId: 'w', tries: 1 }, 'It is being sent.'],
    [
      { state: 'sending', workerId: 'w', tries: 1, jobState: 'awaiting_review' },
      'It was being sent when the job was reopened; it may still arrive.',
    ],
    [
      { state: 'sending', workerId: 'w', tries: 1, jobState: 'abandoned' },
      'It was being sent when the job was abandoned; it may still arrive.',
    ],
    [
      { state: 'sending', tries: 2, code: 'timeout' },
      '2 tries did not get through. No answer came in time. It is tried again by itself.',
    ],
    [
      { state: 'sending', tries: 1, code: 'timeout', jobState: 'awaiting_review' },
      'One try did not get through. No answer came in time. It is not tried again while the job is looked at.',
    ],
    [
      { state: 'sending', tries: 1, code: 'timeout', isReplaced: true },
      'One try did not get through. No answer came in time. It is not tried again.',
    ],
    [{ state: 'delivered', kind: 'email', tries: 1 }, 'The mail server has it.'],
    [
      { state: 'delivered', kind: 'email', tries: 1, code: 'kept_in_folder' },
      'No mail server is set up: the letter is kept in the mail folder, and nothing left.',
    ],
    [
      { state: 'delivered', tries: 1, code: 'answer_cut' },
      'The receiver has it. Its answer was very long: only the first 1 MiB was kept.',
    ],
    [
      { state: 'delivered', kind: 'email', reference: 'line 7', code: 'timeout' },
      'Somebody confirmed that it arrived.',
    ],
    [{ state: 'delivered', kind: 'by_hand', reference: 'Monday' }, 'Somebody confirmed that it was handed over.'],
    [{ state: 'withdrawn' }, 'It was withdrawn: nothing was sent, or will be.'],
    [{ state: 'withdrawn', tries: 2 }, 'It was withdrawn after it had been tried: it will not be sent again.'],
  ])('%j: %s', (over, sentence) => {
    expect(deliverySentence(standing(over))).toBe(sentence)
  })

  test('has a sentence for each state of it and of its job', () => {
    for (const state of deliveryStateNames) {
      for (const jobState of stateNames) {
        expect(deliverySentence(standing({ state, jobState, tries: 1, workerId: 'w' }))).toMatch(/^[A-Z].*\.$/)
      }
    }
  })
})

describe('what has left', () => {
  test('is nothing where the letter was only kept, or nothing was tried', () => {
    expect(whatLeft({ state: 'delivered', kind: 'email', tries: 1, code: 'kept_in_folder' })).toBeNull()
    expect(whatLeft({ state: 'pending', kind: 'http', tries: 0, code: null })).toBeNull()
    expect(whatLeft({ state: 'failed', kind: 'http', tries: 0, code: null })).toBeNull()
    expect(whatLeft({ state: 'withdrawn', kind: 'http', tries: 0, code: null })).toBeNull()
  })

  test('may be more than is known', () => {
    expect(whatLeft({ state: 'unknown', kind: 'email', tries: 1, code: 'timeout' })).toContain('nobody knows')
    expect(whatLeft({ state: 'withdrawn', kind: 'email', tries: 1, code: 'timeout' })).toBe('Tried, and withdrawn')
    expect(whatLeft({ state: 'delivered', kind: 'by_hand', tries: 0, code: null })).toBe('Handed over')
  })
})
