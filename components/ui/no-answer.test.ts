import { expect, test } from 'vitest'
import { answering, answerOf } from './no-answer'

const SENTENCE = 'No answer came. It may or may not have been done: look before you try again.'

async function unreachable(): Promise<{ ok: true; message: string }> {
  throw new TypeError('Failed to fetch')
}

test('an answer is given on as it is', async () => {
  expect(await answerOf(async () => ({ ok: true, message: 'Paused.' }))).toEqual({ ok: true, message: 'Paused.' })
})

test('where no answer came, that is said instead of failing', async () => {
  expect(await answerOf(unreachable)).toMatchObject({ ok: false, message: SENTENCE, errors: {} })
})

test('what was typed into a form stays where no answer came', async () => {
  const form = new FormData()
  form.set('usd', '12.50')
  form.append('file', new Blob(['no text']))
  expect(await answering(unreachable)(null, form)).toMatchObject({ message: SENTENCE, typed: { usd: '12.50' } })
})

test('an action that leads elsewhere still does', async () => {
  const elsewhere = Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;push;/queues;307;' })
  await expect(
    answerOf(async () => {
      throw elsewhere
    }),
  ).rejects.toBe(elsewhere)
})
