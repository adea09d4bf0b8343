import { expect, it } from 'vitest'
import { ApiError, conditionalReader } from './conditional-fetch'

/** A server of one answer at a time, that notes what it was asked. */
function server(...answers: (() => Response | Promise<Response>)[]) {
  const asked: (string | null)[] = []
  const send: typeof fetch = async (_url, init) => {
    asked.push(new Headers(init?.headers).get('if-none-match'))
    const answer = answers.shift()
    if (answer === undefined) throw new Error('asked too often')
    return answer()
  }
  return { send, asked }
}

const json = (n: number, etag: string) => () => Response.json({ n }, { headers: { etag } })
const unchanged = () => new Response(null, { status: 304 })

it('asks with the ETag of the last answer, and gives back the same object when nothing changed', async () => {
  const { send, asked } = server(json(1, '"a"'), unchanged, json(2, '"b"'), unchanged)
  const read = conditionalReader(send)
  const first = await read('/x')
  expect(await read('/x')).toBe(first)
  expect(await read('/x')).toEqual({ n: 2 })
  await read('/x')
  expect(asked).toEqual([null, '"a"', '"a"', '"b"'])
})

it('keeps the answers of different addresses apart', async () => {
  const { send, asked } = server(json(1, '"a"'), json(2, '"b"'))
  const read = conditionalReader(send)
  await read('/x')
  await read('/y')
  expect(asked).toEqual([null, null])
})

it('forgets the oldest answers rather than grow for ever', async () => {
  const asked: (string | null)[] = []
  const read = conditionalReader(async (_url, init) => {
    asked.push(new Headers(init?.headers).get('if-none-match'))
    return Response.json({ n: 1 }, { headers: { etag: '"a"' } })
  })
  for (let page = 0; page < 21; page++) await read(`/${page}`)
  await read('/0')
  expect(asked.at(-1)).toBeNull()
  await read('/20')
  expect(asked.at(-1)).toBe('"a"')
})

it('throws what the API said, typed', async () => {
  const problem = { type: 'about:blank', title: 'The database is away', status: 503, detail: 'Try again.' }
  const { send } = server(() => Response.json(problem, { status: 503 }))
  const error = await conditionalReader(send)('/x').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ status: 503, problem })
})

it('throws status 0 where the server was not reached, with the cause', async () => {
  const cause = new TypeError('connection refused')
  const { send } = server(() => Promise.reject(cause))
  await expect(conditionalReader(send)('/x')).rejects.toMatchObject({ status: 0, cause })
})
