import { expect, test } from 'vitest'
import { EnvError, parseEnv } from '@/lib/env.server'

function sentence(source: Record<string, string>): string {
  try {
    parseEnv(source)
  } catch (error) {
    expect(error).toBeInstanceOf(EnvError)
    return error instanceof Error ? error.message : ''
  }
  return ''
}

test.for([
  [{ PORT: 'abc' }, 'PORT must be a port number.'],
  [{ PORT: '70000' }, 'PORT must be between 1 and 65535.'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must start with postgres:// or postgresql://.'],
  [{ HOLDPOINT_POLL_MS: 'soon' }, 'HOLDPOINT_POLL_MS must be a whole number of milliseconds.'],
  [{ HOLDPOINT_SECRET: 'short' }, 'HOLDPOINT_SECRET must have at least 32 characters.'],
  [{ OPENAI_BASE_URL: 'file:///etc/passwd' }, 'OPENAI_BASE_URL must be an http or https address.'],
  [
    { HOLDPOINT_SMTP_URL: 'mail.example.com:25' },
    'HOLDPOINT_SMTP_URL must be an address such as smtp://user:password@mail.example.com:587, with special characters of the password percent-encoded.',
  ],
  [
    { HOLDPOINT_MAIL_FROM: 'nobody' },
    'HOLDPOINT_MAIL_FROM must be an e-mail address, or a name and one: Holdpoint <desk@example.com>.',
  ],
  [{ HOLDPOINT_HOST: 'every where' }, 'HOLDPOINT_HOST must be an address such as 0.0.0.0.'],
] as const)('%o is refused in one sentence', ([source, expected]) => {
  expect(sentence(source)).toBe(expected)
})

test('each value that cannot be used has its sentence, and no value is printed', () => {
  const said = sentence({ PORT: '0', HOLDPOINT_SECRET: 'hunter2' })
  expect(said).toBe('PORT must be between 1 and 65535. HOLDPOINT_SECRET must have at least 32 characters.')
  expect(said).not.toContain('hunter2')
})

test('an empty value counts as absent', () => {
  expect(parseEnv({ PORT: '', DATABASE_URL: '' })).toMatchObject({ PORT: 3000, HOLDPOINT_HOST: '127.0.0.1' })
})
