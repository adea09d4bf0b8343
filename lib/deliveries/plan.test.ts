import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText, oneLine } from '@/lib/mail/message'
import type { DeliveryDefinition } from '@/lib/workflows/definition'
import { type DeliveryContext, type DeliveryPlan, deliveryHash, planDelivery } from './plan'
import { readableBytes } from './readable'

const JSON_RESULT = {
  to: 'dana@example.com',
  subject: 'Your deposit',
  text: 'Dear Dana,\nit is on its way.',
  action: { amount: 1850.5, tags: ['a', 'b'] },
  list: [{ to: 'one@example.com' }, { to: 'two@example.com' }],
  flag: true,
  empty: ' ',
}

function context(over: Partial<DeliveryContext> = {}, json: unknown = JSON_RESULT): DeliveryContext {
  const text = json === null ? 'Only text.' : JSON.stringify(json)
  return {
    job: { id: '0199aaaa-0000-7000-8000-000000000001', number: 1042, title: 'Deposit', reference: 'REF-7' },
    workflow: { key: 'reply', version: 3, name: 'Reply' },
    input: { tenant: { email: 'tenant@example.com' }, subject: 'About your letter' },
    result: { hash: createHash('sha256').update(text).digest('hex'), text, json },
    at: new Date('2026-03-02T10:00:00Z'),
    mailFrom: 'The desk <desk@example.com>',
    folder: '/var/lib/holdpoint/deliveries',
    sent: [],
    ...over,
  }
}

const email: DeliveryDefinition = {
  kind: 'email',
  to: { result: '/to' },
  subject: { result: '/subject' },
  text: { result: '/text' },
}

function planOf(delivery: DeliveryDefinition, given = context()): DeliveryPlan {
  const planned = planDelivery(delivery, given)
  if (planned.plan === null) throw new Error(planned.problem ?? 'There is no plan.')
  return planned.plan
}

function problemOf(delivery: DeliveryDefinition, given = context()): string | null {
  const planned = planDelivery(delivery, given)
  expect(planned.plan).toBeNull()
  return planned.problem
}

const textOf = ({ bytes }: DeliveryPlan) => new TextDecoder().decode(bytes)

test('a workflow that delivers nothing has no plan and no problem', () => {
  expect(planDelivery({ kind: 'none' }, context())).toEqual({ plan: null, problem: null })
})

test('what a decision binds is the hash of kind, destination and bytes', () => {
  const expected = createHash('sha256').update('holdpoint-delivery:1\nemail\ndana@example.com\nab12').digest('hex')
  expect(deliveryHash({ kind: 'email', destination: 'dana@example.com', bytesSha256: 'ab12' })).toBe(expected)
})

test.each<DeliveryDefinition>([
  { kind: 'http', url: 'https://example.com/hook' },
  { kind: 'http', url: 'https://example.com/hook', body: '/action' },
  email,
  { kind: 'file', folder: 'approved/letters' },
  { kind: 'by_hand', instructions: 'Call them.' },
])('the same job, result and time give the same bytes: $kind', (delivery) => {
  expect(planOf(delivery)).toEqual(planOf(delivery, structuredClone(context())))
})

test('a result that is nested too deeply to be written is a problem', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
  expect(
    problemOf({ kind: 'file', folder: 'approved' }, { ...context(), result: { hash: 'ab', text: '', json: deep } }),
  ).toBe('The result is nested too deeply to be sent. Revise it, or request changes.')
})

describe('by HTTP', () => {
  test('the whole result goes in an envelope that says whose it is', () => {
    const plan = planOf({ kind: 'http', url: 'https://example.com/hook' })
    const { result } = context()
    expect(plan).toMatchObject({ kind: 'http', destination: 'https://example.com/hook', mediaType: 'application/json' })
    expect(JSON.parse(textOf(plan))).toEqual({
      type: 'holdpoint.result.accepted',
      job: { id: '0199aaaa-0000-7000-8000-000000000001', number: 1042, title: 'Deposit', reference: 'REF-7' },
      workflow: { key: 'reply', version: 3 },
      resultHash: result.hash,
      result: JSON_RESULT,
    })
  })

  test('a result that is no JSON goes as its text', () => {
    const plan = planOf({ kind: 'http', url: 'https://example.com/' }, context({}, null))
    expect(JSON.parse(textOf(plan)).result).toBe('Only text.')
  })

  test('a place in the result goes alone', () => {
    const plan = planOf({ kind: 'http', url: 'https://example.com/', body: '/action' })
    expect(textOf(plan)).toBe('{"amount":1850.5,"tags":["a","b"]}')
    expect(readableBytes('http', plan.bytes)).toEqual({
      text: JSON.stringify(JSON_RESULT.action, null, 2),
      isJson: true,
    })
  })

  test('a place that the result does not have is a problem, and so is a URL with a password', () => {
    expect(problemOf({ kind: 'http', url: 'https://example.com/', body: '/nothing' })).toBe(
      'The body of the request is missing: the result has nothing at /nothing. Revise the result, or request changes.',
    )
    expect(problemOf({ kind: 'http', url: 'https://me:secret@example.com/' })).toMatch(/name or password/)
  })
})

describe('by e-mail', () => {
  test('a letter is one message that people can read', () => {
    const plan = planOf(email)
    expect(plan).toMatchObject({ kind: 'email', destination: 'dana@example.com', mediaType: 'message/rfc822' })
    const { headers, text } = readableBytes('email', plan.bytes)
    expect(headers).toEqual([
      ['From', 'The desk <desk@example.com>'],
      ['To', 'dana@example.com'],
      ['Message-ID', `<0199aaaa-0000-7000-8000-000000000001.${context().result.hash.slice(0, 32)}@example.com>`],
      ['Date', 'Mon, 02 Mar 2026 10:00:00 +0000'],
      ['Subject', 'Your deposit'],
      ['Content-Transfer-Encoding', 'quoted-printable'],
      ['MIME-Version', '1.0'],
      ['Content-Type', 'text/plain; charset=utf-8'],
    ])
    expect(text).toBe(JSON_RESULT.text)
  })

  test('its texts come from the workflow, the input or the result', () => {
    const plan = planOf({
      kind: 'email',
      to: { input: '/tenant/email' },
      subject: { value: 'Ein Gruß 你好 — =?UTF-8?Q?sly?=' },
      text: { result: '/action/amount' },
    })
    expect(plan.destination).toBe('tenant@example.com')
    const { headers, text } = readableBytes('email', plan.bytes)
    expect(headers?.find(([name]) => name === 'Subject')?.[1]).toBe('Ein Gruß 你好 — =?UTF-8?Q?sly?=')
    expect(text).toBe('1850.5')
  })

  test.each([
    'dana@example.com, eve@example.com',
    'dana@example.com; eve@example.com',
    'Dana <dana@example.com>',
    '"dana@example.com, eve"@example.com',
    'dana@example.com\r\nBcc: eve@example.com',
    'dana@example.com\0',
    'dana@\u202eexample.com',
    'däna@example.com',
    'dana@exa mple.com',
    'dana@@example.com',
    'dana@[127.0.0.1]',
    'dana@example..com',
    '@example.com',
    'dana',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(10_000)}`,
    'dana@example.com(comment)',
    '\ud800@example.com',
  ])('an address that is not one plain address is a problem: %j', (to) => {
    const problem = problemOf(email, context({}, { ...JSON_RESULT, to }))
    expect(problem).toMatch(/^The e-mail would go to “.*”, which is not one plain address such as dana@example\.com\. /)
    expect(problem?.isWellFormed()).toBe(true)
    expect(problem).not.toMatch(/[\r\n\0\u202e]/)
    expect((problem ?? '').length).toBeLessThan(300)
  })

  test.each<[string, DeliveryDefinition, RegExp]>([
    [
      'several values',
      { ...email, to: { result: '/list/*/to' } },
      /^The address of the e-mail is not clear: .* \/list\/\*\/to\./,
    ],
    [
      'none',
      { ...email, to: { input: '/nobody' } },
      /^The address of the e-mail is missing: the input of the job has nothing at \/nobody\./,
    ],
    [
      'something else',
      { ...email, text: { result: '/flag' } },
      /^The text of the e-mail must be a text, but \/flag of the result is true\./,
    ],
    ['a list', { ...email, text: { result: '/list' } }, /is a list\./],
    ['nothing but spaces', { ...email, subject: { result: '/empty' } }, /^The subject of the e-mail is empty/],
    ['a subject of controls', { ...email, subject: { value: '\u202e\0\u0001' } }, /nothing that can be read/],
    ['a long subject', { ...email, subject: { value: 'x'.repeat(251) } }, /has 251 characters, and at most 250 fit/],
  ])('%s in place of a text is a problem that says where', (_what, delivery, problem) => {
    expect(problemOf(delivery)).toMatch(problem)
  })

  test('a result that is no JSON has no place for an address', () => {
    expect(problemOf(email, context({}, null))).toMatch(/^The address of the e-mail is missing/)
  })

  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc.string({
      unit: fc.constantFrom(
        '\r',
        '\n',
        '\0',
        '\u202e',
        '\ud83d',
        '\udc00',
        '=?',
        '?=',
        ': ',
        ' ',
        '.',
        'é',
        '你',
        'A',
        '\u2028',
      ),
    }),
    fc.constant('\r\nBcc: eve@example.com\r\n\r\n<script>'),
    fc.constant('x'.repeat(10_000)),
    fc.constant('=?UTF-8?Q?a=0D=0ABcc:_eve@example.com?='),
    fc.constant('你'.repeat(10_000)),
  )

  test('whatever a subject and a text are, the letter has its eight headers, and says what they say', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (subject, text, name) => {
        const given = context({ mailFrom: 'desk@example.com' }, { ...JSON_RESULT, subject, text })
        given.job.title = name
        const planned = planDelivery(email, given)
        if (planned.plan === null) {
          const line = oneLine(subject)
          expect(line === '' || line.length > 250 || subject.trim() === '' || text.trim() === '').toBe(true)
          return
        }
        const message = Buffer.from(planned.plan.bytes).toString('latin1')
        expect(message).toMatch(/^[\t\r\n -~]*$/)
        expect(message.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
        expect(message.split('\r\n').every((line) => line.length <= 998)).toBe(true)
        const { headers, text: read } = readableBytes('email', planned.plan.bytes)
        expect(headers?.map(([key]) => key)).toEqual([
          'From',
          'To',
          'Message-ID',
          'Date',
          'Subject',
          'Content-Transfer-Encoding',
          'MIME-Version',
          'Content-Type',
        ])
        expect(headers?.[1]).toEqual(['To', 'dana@example.com'])
        expect(headers?.[4]).toEqual(['Subject', oneLine(subject)])
        expect(read).toBe(cleanText(text))
        expect(planDelivery(email, structuredClone(given))).toEqual(planned)
      }),
      { numRuns: 500 },
    )
  })
})

describe('into a file', () => {
  test('the result is written as JSON, under the number of the job and the hash', () => {
    const plan = planOf({ kind: 'file', folder: 'approved/letters' })
    const short = context().result.hash.slice(0, 12)
    expect(plan.destination).toBe(`/var/lib/holdpoint/deliveries/approved/letters/1042-${short}.json`)
    expect(plan.mediaType).toBe('application/json')
    expect(textOf(plan)).toBe(`${JSON.stringify(JSON_RESULT, null, 2)}\n`)
  })

  test('a place in the result is written as text', () => {
    const plan = planOf({ kind: 'file', folder: 'approved', content: '/text' })
    expect(plan.destination).toMatch(/approved\/1042-[0-9a-f]{12}\.txt$/)
    expect(textOf(plan)).toBe(JSON_RESULT.text)
    expect(problemOf({ kind: 'file', folder: 'approved', content: '/list' })).toMatch(
      /^The text of the file must be a text/,
    )
  })

  test('a result that is no JSON is written as it is', () => {
    const plan = planOf({ kind: 'file', folder: 'approved' }, context({}, null))
    expect(plan).toMatchObject({ mediaType: 'text/plain; charset=utf-8', destination: expect.stringMatching(/\.txt$/) })
    expect(textOf(plan)).toBe('Only text.')
  })
})

test('what is handed over by hand goes where the first line of the instructions says', () => {
  const plan = planOf({ kind: 'by_hand', instructions: '  Read it to them\u202e on the telephone.\nThen note when.' })
  expect(plan).toMatchObject({ kind: 'by_hand', destination: 'Read it to them on the telephone.' })
  expect(readableBytes('by_hand', plan.bytes)).toEqual({ text: JSON.stringify(JSON_RESULT, null, 2), isJson: true })
})
