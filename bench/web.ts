/** The built web server alone, over a store of the bench: no worker changes anything meanwhile. */
import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '@/e2e/product'
import { type Running, startNode, until } from './processes'
import { type Bench, PASSWORD, type Reviewer } from './store'

export type Web = Running & { url: string }

export const isBuilt = () => fs.existsSync(path.join('.next', 'BUILD_ID'))

/** @throws where there is no build. */
export function requireBuild(): void {
  if (!isBuilt()) throw new Error('there is no build. Run npm run build first.')
}

export async function startWeb({ url, dataDir }: Pick<Bench, 'url' | 'dataDir'>): Promise<Web> {
  requireBuild()
  const port = await freePort()
  const running = startNode(['--import', 'tsx', 'lib/start/part.ts', 'web'], {
    PORT: String(port),
    DATABASE_URL: url,
    HOLDPOINT_DATA_DIR: dataDir,
    // It is named on the pages, and never asked.
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    OPENAI_API_KEY: 'none',
  })
  const address = `http://127.0.0.1:${port}`
  await until(`the web server:\n${running.printed()}`, () => answers(`${address}/api/health/live`), 120, 200)
  return { ...running, url: address }
}

export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => null)
  await response?.arrayBuffer()
  return response?.ok === true
}

/** The cookie of a reviewer who signed in with a password. */
export async function signedIn(web: Pick<Web, 'url'>, { email }: Pick<Reviewer, 'email'>): Promise<string> {
  const response = await fetch(`${web.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: web.url },
    body: JSON.stringify({ email, password: PASSWORD }),
  })
  if (!response.ok)
    throw new Error(`signing in was answered ${response.status}: ${(await response.text()).slice(0, 200)}`)
  await response.arrayBuffer()
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

export type Answer = { status: number; etag: string | null; text: string }

/** The server said that it, or its database, had too much to do. */
export class TooBusy extends Error {
  override name = 'TooBusy'
}

/** A good answer, or that nothing changed. @throws {TooBusy} for 503; {Error} for any other. */
export async function read(url: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { headers, redirect: 'manual' })
  const text = await response.text()
  if (response.status === 503) throw new TooBusy(`${url} was answered 503: ${text.slice(0, 200)}`)
  if (response.status !== 304 && !response.ok)
    throw new Error(`${url} was answered ${response.status}: ${text.slice(0, 200)}`)
  return { status: response.status, etag: response.headers.get('etag'), text }
}
