import { describe, expect, test } from 'vitest'
import { documentOf } from './fixtures'
import { readAnswer } from './send-file'

describe('the answer to an upload', () => {
  test('201 brings the document', () => {
    const document = documentOf('a.txt')
    expect(readAnswer(201, JSON.stringify(document), 'a.txt')).toEqual({ ok: true, document })
  })

  test('a problem says its own sentence; what is wrong with the file is not worth another try', () => {
    const body = JSON.stringify({ type: 'x', title: 'No', status: 422, detail: 'scan.pdf has no text.' })
    expect(readAnswer(422, body, 'scan.pdf')).toEqual({
      ok: false,
      detail: 'scan.pdf has no text.',
      again: false,
      lost: false,
    })
    expect(readAnswer(503, body, 'scan.pdf')).toMatchObject({ again: true })
  })

  test('signed out, it says what to do, and can be tried again', () => {
    expect(readAnswer(401, '{"detail":"Sign in, or send an API key."}', 'a.txt')).toMatchObject({
      detail: expect.stringContaining('a.txt was not added: you are signed out.'),
      again: true,
    })
  })

  test.each([
    [502, '<html>Bad gateway</html>'],
    [201, '{"id": 1}'],
    [500, ''],
  ])('%i with %j is no document: the file and the status are named', (status, body) => {
    expect(readAnswer(status, body, 'a.txt')).toEqual({
      ok: false,
      detail: `a.txt was not added: the server answered ${status}.`,
      again: true,
      lost: false,
    })
  })
})
