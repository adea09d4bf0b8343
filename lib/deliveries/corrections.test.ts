import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { DeliveryDefinition } from '@/lib/workflows/definition'
import { correctedBy, letterHead, type SentBefore } from './corrections'
import { type DeliveryContext, deliveryHash, planDelivery } from './plan'
import { readableBytes } from './readable'

const ID = '0199aaaa-0000-7000-8000-0000000000d1'

const sentBefore = (over: Partial<SentBefore> = {}): SentBefore => ({
  id: ID,
  number: 1,
  messageId: 'dlv_0199aaaa000070008000000000000d1',
  kind: 'http',
  destination: 'https://example.com/hook',
  resultHash: 'cd'.repeat(32),
  at: new Date('2026-03-03T22:30:00Z'),
  isKnown: true,
  letter: null,
  ...over,
})

const context = (sent: SentBefore[], json: unknown = { text: 'It is on its way.' }): DeliveryContext => ({
  job: { id: '0199aaaa-0000-7000-8000-000000000001', number: 1042, title: 'Deposit', reference: 'REF-7' },
  workflow: { key: 'reply', version: 3, name: 'Reply' },
  input: { email: 'Dana@example.com' },
  result: { hash: 'ab'.repeat(32), text: JSON.stringify(json), json },
  at: new Date('2026-11-02T10:00:00Z'),
  mailFrom: 'The desk <desk@example.com>',
  folder: '/var/deliveries',
  sent,
})

function planOf(delivery: DeliveryDefinition, given: DeliveryContext) {
  const { plan, problem } = planDelivery(delivery, given)
  if (plan === null) throw new Error(problem ?? 'There is no plan.')
  return plan
}

const envelope: DeliveryDefinition = { kind: 'http', url: 'https://example.com/hook' }
const email: DeliveryDefinition = {
  kind: 'email',
  to: { input: '/email' },
  subject: { value: 'About your deposit' },
  text: { result: '/text' },
}

describe('what leaves after something has left', () => {
  test('says in its envelope which webhook-id it corrects, and whether that arrived', () => {
    const sent = planOf(envelope, context([sentBefore()]))
    expect(JSON.parse(new TextDecoder().decode(sent.bytes)).corrects).toEqual({
      webhookId: 'dlv_0199aaaa000070008000000000000d1',
      delivery: 1,
      resultHash: 'cd'.repeat(32),
      at: '2026-03-03T22:30:00.000Z',
      arrived: true,
    })
    const unknown = planOf(envelope, context([sentBefore({ isKnown: false })]))
    expect(JSON.parse(new TextDecoder().decode(unknown.bytes)).corrects.arrived).toBeNull()
  })

  test('says nothing of it where nothing has left', () => {
    const plan = planOf(envelope, context([]))
    expect(plan.corrects).toBeNull()
    expect(JSON.parse(new TextDecoder().decode(plan.bytes))).not.toHaveProperty('corrects')
  })

  test('names it for what is decided on, though the body has no room for it', () => {
    const alone: DeliveryDefinition = { ...envelope, body: '/text' }
    const [first, second] = [planOf(alone, context([])), planOf(alone, context([sentBefore()]))]
    expect(second.bytes).toEqual(first.bytes)
    expect(second.corrects?.id).toBe(ID)
  })

  test('corrects the newest', () => {
    const newer = sentBefore({ id: 'newer', number: 2 })
    expect(planOf(envelope, context([newer, sentBefore()])).corrects?.number).toBe(2)
  })

  test('is another letter, which says so in words and refers to the one before', () => {
    const first = planOf(email, context([]))
    const letter = letterHead(first.bytes)
    const second = planOf(
      email,
      context([sentBefore({ kind: 'email', destination: 'dana@example.com', resultHash: 'ab'.repeat(32), letter })]),
    )
    const { headers = [], text } = readableBytes('email', second.bytes)
    const of = (name: string) => headers.find(([known]) => known === name)?.[1]
    expect(of('Subject')).toBe('Correction: About your deposit')
    expect(text).toBe(
      'This letter takes the place of our letter of 3 March 2026, “About your deposit”.\n\nIt is on its way.',
    )
    expect(of('In-Reply-To')).toBe(letter?.messageId)
    expect(of('References')).toBe(letter?.messageId)
    expect(of('Message-ID')).not.toBe(letter?.messageId)
  })

  test('refers to the whole thread when a correction is corrected', () => {
    const letter = { messageId: '<two@example.com>', references: ['<one@example.com>'], subject: 'Correction: It' }
    const plan = planOf(
      email,
      context([sentBefore({ kind: 'email', destination: 'dana@example.com', number: 2, letter })]),
    )
    expect(letterHead(plan.bytes)?.references).toEqual(['<one@example.com>', '<two@example.com>'])
  })

  test('does not say that a letter arrived of which nobody knows, nor what stood in one that is erased', () => {
    const sent = sentBefore({ kind: 'email', destination: 'dana@example.com', isKnown: false })
    const { headers = [], text } = readableBytes('email', planOf(email, context([sent])).bytes)
    expect(text).toMatch(/^This letter takes the place of our letter of 3 March 2026, if it reached you\.\n/)
    expect(headers.map(([name]) => name)).not.toContain('In-Reply-To')
  })

  test('tells nobody of a letter that they never had', () => {
    const sent = sentBefore({ kind: 'email', destination: 'somebody@example.com' })
    const plan = planOf(email, context([sent]))
    expect(plan.corrects).toBeNull()
    expect(readableBytes('email', plan.bytes).text).toBe('It is on its way.')
    expect(correctedBy([sent], { kind: 'email', destination: 'Somebody@example.com' })).toBe(sent)
  })

  test('names in the file the one that it corrects, and to whoever hands it over what was handed over', () => {
    const file = planOf({ kind: 'file', folder: 'letters' }, context([sentBefore({ kind: 'file', destination: '/x' })]))
    expect(file.destination).toBe('/var/deliveries/letters/1042-abababababab-corrects-cdcdcdcdcdcd.json')
    const hand = planOf(
      { kind: 'by_hand', instructions: 'Read it to the tenant.\nBe kind.' },
      context([sentBefore({ kind: 'by_hand', destination: 'Read it to the tenant.' })]),
    )
    expect(hand.destination).toBe('Correct what was handed over on 3 March 2026 (delivery 1): Read it to the tenant.')
  })

  test('binds which one it corrects by its hash', () => {
    const plan = { kind: 'http', destination: 'https://example.com/hook', bytesSha256: 'ab12' }
    const expected = createHash('sha256').update(`holdpoint-delivery:2\nhttp\nhttps://example.com/hook\nab12\n${ID}`)
    expect(deliveryHash({ ...plan, corrects: { id: ID } })).toBe(expected.digest('hex'))
    expect(deliveryHash({ ...plan, corrects: { id: ID } })).not.toBe(deliveryHash(plan))
  })
})
