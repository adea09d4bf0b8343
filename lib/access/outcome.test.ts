import { expect, it } from 'vitest'
import { errorFor, generalError, keepTyped, outcomeOf, typedOr } from '@/lib/access/outcome'
import { AccessRefused } from '@/lib/access/refused'

it('turns a refusal into a sentence at its field, and lets everything else rise', async () => {
  const refused = await outcomeOf(async () => {
    throw new AccessRefused('email_taken', 'Somebody here has that e-mail already.')
  })
  expect(errorFor(refused, 'email')).toBe('Somebody here has that e-mail already.')
  expect(errorFor(refused, 'name')).toBeUndefined()
  expect(generalError(refused)).toBeNull()
  const away = outcomeOf(async () => {
    throw new Error('the database is away')
  })
  await expect(away).rejects.toThrow('the database is away')
})

it('keeps what was typed for the next try', async () => {
  const form = new FormData()
  form.set('email', 'a@example.com')
  form.set('password', 'secret')
  const kept = keepTyped({ ok: false, message: 'No.', field: null }, form, ['email'])
  expect(typedOr(kept, 'email')).toBe('a@example.com')
  expect(JSON.stringify(kept)).not.toContain('secret')
})
