import { expect, test } from 'vitest'
import { WEBHOOK_PATH, webhookAddress } from './address'

test.each([
  ['https://holdpoint.example.org', 'https://holdpoint.example.org', null],
  ['  holdpoint.example.org ', 'https://holdpoint.example.org', null],
  ['https://holdpoint.example.org/', 'https://holdpoint.example.org', null],
  [`https://holdpoint.example.org:8443${WEBHOOK_PATH}`, 'https://holdpoint.example.org:8443', null],
  ['http://holdpoint.example.org', 'http://holdpoint.example.org', 'https addresses only'],
  ['http://localhost:3000', 'http://localhost:3000', 'inside your own network'],
  ['https://10.1.2.3', 'https://10.1.2.3', 'inside your own network'],
  ['https://172.31.0.1', 'https://172.31.0.1', 'inside your own network'],
  ['https://172.32.0.1', 'https://172.32.0.1', null],
  ['https://[::1]:3000', 'https://[::1]:3000', 'inside your own network'],
  ['https://intranet', 'https://intranet', 'inside your own network'],
])('%j is the address of %s', (typed, origin, doubt) => {
  const address = webhookAddress(typed)
  expect(address).toMatchObject({ ok: true, url: `${origin}${WEBHOOK_PATH}` })
  if (address.ok) expect(address.doubt ?? '').toContain(doubt ?? '')
  if (address.ok) expect(address.doubt === null).toBe(doubt === null)
})

test.each([
  ['', 'Type the address'],
  ['   ', 'Type the address'],
  ['https://', 'no address'],
  ['ftp://example.org', 'must begin with'],
  ['file:///etc/passwd', 'must begin with'],
  ['https://dana:secret@example.org', 'Leave the name and the password out'],
  ['https://example.org/elsewhere', 'Leave /elsewhere out'],
  ['https://example.org/api/webhooks/openai/more', 'Leave /api/webhooks/openai/more out'],
  ['https://example.org/?x=1', 'after the ?'],
  ['https://example.org/#x', 'after the ?'],
])('%j is none, and it is said why', (typed, why) => {
  expect(webhookAddress(typed)).toEqual({ ok: false, why: expect.stringContaining(why) })
})
