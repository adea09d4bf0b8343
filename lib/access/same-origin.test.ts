import { expect, it } from 'vitest'
import { localPath, sameOrigin } from '@/lib/access/same-origin'

const asked = (headers: Record<string, string>) =>
  sameOrigin({ headers: new Headers({ host: 'holdpoint.example:3000', ...headers }) })

it.each([
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://holdpoint.example:3000' }, false],
  [{ origin: 'http://holdpoint.example:3000' }, true],
  [{ origin: 'http://holdpoint.example:3001' }, false],
  [{ origin: 'https://evil.example' }, false],
  [{ origin: 'null' }, false],
  [{ origin: 'https://proxied.example', 'x-forwarded-host': 'proxied.example' }, true],
  [{}, true],
])('takes a request with %j for one of this site: %s', (headers, expected) => {
  expect(asked(headers)).toBe(expected)
})

it.each([
  ['/jobs?state=failed#top', '/jobs?state=failed#top'],
  ['https://evil.example/', '/jobs'],
  ['//evil.example', '/jobs'],
  ['/\\evil.example', '/jobs'],
  ['/\t/evil.example', '/jobs'],
  ['javascript:alert(1)', '/jobs'],
  ['jobs', '/jobs'],
  ['', '/jobs'],
  [null, '/jobs'],
])('after signing in goes from %j to %s', (next, expected) => {
  expect(localPath(next)).toBe(expected)
})
