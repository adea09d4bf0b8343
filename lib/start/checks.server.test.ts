import { expect, inject, test } from 'vitest'
import { requireDatabase } from '@/lib/start/checks.server'
import { freePort } from '@/lib/start/postgres.server'

/** The sentence about a database whose address is made from one that works. */
async function sentence(change: (url: URL) => void): Promise<string> {
  const url = new URL(inject('postgresUrl'))
  change(url)
  return requireDatabase(url.href).then(
    () => '',
    (error: Error) => error.message,
  )
}

test('a database that answers is fine', async () => {
  expect(await sentence(() => {})).toBe('')
})

test('a database that is away is one sentence, without its password', async () => {
  const port = await freePort(null)
  const said = await sentence((url) => {
    url.port = String(port)
    url.password = 'hunter2'
  })
  expect(said).toMatch(
    new RegExp(
      `^The database at 127.0.0.1:${port}/postgres cannot be reached \\(nothing listens there, ECONNREFUSED\\): `,
    ),
  )
  expect(said).not.toContain('hunter2')
})

test('a wrong password and a missing database are told apart', async () => {
  const wrong = await sentence((url) => {
    url.password = 'hunter2'
  })
  expect(wrong).toContain('refuses the password')
  const missing = await sentence((url) => {
    url.pathname = '/nowhere'
  })
  expect(missing).toContain('has no database of that name')
})
