import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { WEBHOOK_SECRET } from '@/lib/testing/webhooks'
import { parseSecrets, sign, TOLERANCE_SECONDS, verify } from './signature'

const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`
const keysOf = (...secrets: string[]) => parseSecrets(secrets.join(' ')).keys
const bytes = (text: string) => new TextEncoder().encode(text)
const now = new Date('2026-11-24T10:00:00.900Z')
const seconds = (count: number) => new Date(now.getTime() + count * 1_000)
const signed = (body: Uint8Array, secret = WEBHOOK_SECRET, at = now, id = 'evt_1') =>
  new Headers(sign(body, keysOf(secret)[0] as Uint8Array, id, at))

/** What OpenAI's own SDK says of the same webhook. */
function sdkBelieves(body: Uint8Array, headers: Headers, secret: string): Promise<boolean> {
  const { webhooks } = new OpenAI({ apiKey: 'none' })
  return webhooks.verifySignature(new TextDecoder().decode(body), headers, secret).then(
    () => true,
    () => false,
  )
}

describe('the signature of a webhook', () => {
  test('is what OpenAI’s SDK believes, of any body, id and key', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.stringMatching(/^[\x21-\x7e]{1,60}$/),
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        async (text, id, key) => {
          const secret = `whsec_${Buffer.from(key).toString('base64')}`
          const headers = signed(bytes(text), secret, new Date(), id)
          expect(await sdkBelieves(bytes(text), headers, secret)).toBe(true)
          expect(verify(bytes(text), headers, keysOf(secret), new Date())).toMatchObject({ ok: true, id })
        },
      ),
      { numRuns: 50 },
    )
  })

  test('is of exactly these bytes: one changed bit of the body, the id, the time or the signature is refused', () => {
    const body = bytes('{"type":"response.completed","data":{"id":"resp_é😀"}}')
    const good = signed(body)
    expect(verify(body, good, keysOf(WEBHOOK_SECRET), now).ok).toBe(true)
    for (let at = 0; at < body.byteLength; at += 1) {
      const altered = body.with(at, (body[at] ?? 0) ^ 1)
      expect(verify(altered, good, keysOf(WEBHOOK_SECRET), now)).toEqual({ ok: false, why: 'bad_signature' })
    }
    for (const [name, value] of [
      ['webhook-id', 'evt_2'],
      ['webhook-timestamp', String(Math.floor(now.getTime() / 1_000) - 1)],
      ['webhook-signature', `v1,${Buffer.alloc(32).toString('base64')}`],
    ] as const) {
      const headers = new Headers(good)
      headers.set(name, value)
      expect(verify(body, headers, keysOf(WEBHOOK_SECRET), now)).toEqual({ ok: false, why: 'bad_signature' })
    }
  })

  test.each([
    ['webhook-id', ''],
    ['webhook-timestamp', ''],
    ['webhook-timestamp', '-5'],
    ['webhook-timestamp', '1e9'],
    ['webhook-timestamp', '99999999999999'],
    ['webhook-signature', ''],
    ['webhook-id', 'x'.repeat(201)],
  ])('without a usable %s (%j) is none', (name, value) => {
    const headers = signed(bytes('{}'))
    if (value === '') headers.delete(name)
    else headers.set(name, value)
    expect(verify(bytes('{}'), headers, keysOf(WEBHOOK_SECRET), now)).toEqual({ ok: false, why: 'no_signature' })
  })

  test.each([
    [-TOLERANCE_SECONDS, 'fits'],
    [-TOLERANCE_SECONDS - 1, 'too_old'],
    [TOLERANCE_SECONDS, 'fits'],
    [TOLERANCE_SECONDS + 1, 'too_new'],
  ])('made %i s from now %s', (offset, what) => {
    const verdict = verify(
      bytes('{}'),
      signed(bytes('{}'), WEBHOOK_SECRET, seconds(offset)),
      keysOf(WEBHOOK_SECRET),
      now,
    )
    expect(verdict.ok ? 'fits' : verdict.why).toBe(what)
  })

  test('of a forgery is told from a stale copy of a real one', () => {
    const old = signed(bytes('{}'), secretOf(9), seconds(-9_999))
    expect(verify(bytes('{}'), old, keysOf(WEBHOOK_SECRET), now)).toEqual({ ok: false, why: 'bad_signature' })
  })

  test('may be one of several, of other kinds too', () => {
    const headers = signed(bytes('{}'))
    const mine = headers.get('webhook-signature')
    headers.set('webhook-signature', `v1a,abc v1,nonsense v1,${Buffer.alloc(32, 1).toString('base64')} ${mine}`)
    expect(verify(bytes('{}'), headers, keysOf(WEBHOOK_SECRET), now).ok).toBe(true)
    headers.set('webhook-signature', `${'v1,x '.repeat(40)}${mine}`)
    expect(verify(bytes('{}'), headers, keysOf(WEBHOOK_SECRET), now).ok).toBe(false)
  })
})

describe('the secrets that are set', () => {
  test('are all believed during a rotation, and it is told which one it was', () => {
    const keys = keysOf(secretOf(1), secretOf(2))
    expect(verify(bytes('{}'), signed(bytes('{}'), secretOf(1)), keys, now)).toMatchObject({ secretIndex: 0 })
    expect(verify(bytes('{}'), signed(bytes('{}'), secretOf(2)), keys, now)).toMatchObject({ secretIndex: 1 })
    expect(verify(bytes('{}'), signed(bytes('{}'), secretOf(3)), keys, now).ok).toBe(false)
    expect(verify(bytes('{}'), signed(bytes('{}')), [], now).ok).toBe(false)
  })

  test.each([
    [undefined, 0, 0],
    ['', 0, 0],
    [' , ', 0, 0],
    [secretOf(1), 1, 0],
    [`${secretOf(1)},${secretOf(2)}`, 2, 0],
    [`${secretOf(1)} \n${secretOf(2)}, `, 2, 0],
    ['a-secret-without-the-prefix', 1, 0],
    ['short', 0, 1],
    ['whsec_', 0, 1],
    ['whsec_!!!!', 0, 1],
    [`whsec_…${'a'.repeat(40)} ${secretOf(1)}`, 1, 1],
  ])('in %j are %i that can be used and %i that cannot', (value, usable, unusable) => {
    const { keys, unusable: bad } = parseSecrets(value)
    expect([keys.length, bad]).toEqual([usable, unusable])
  })

  test('without the prefix are taken as they are, as the SDK takes them', async () => {
    const secret = 'a-secret-without-the-prefix'
    const headers = signed(bytes('{}'), secret, new Date())
    expect(await sdkBelieves(bytes('{}'), headers, secret)).toBe(true)
  })
})
