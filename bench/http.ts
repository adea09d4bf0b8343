/** The same through the built product: its web server, its API, its keys. */
import { freePort, launch, type Product } from '@/e2e/product'
import { approvalOf, type Decidable, decideAtWork, decideTogether } from './decisions'
import { type Measured, measureOf, timed } from './measure'
import type { Bench, Reviewer } from './store'

const INBOX_TARGET_MS = 100
const DECISION_TARGET_MS = 150
const ROUNDS = 4

/** Starts the built product over the store of the bench. */
export async function startProduct({ url, dataDir }: Bench): Promise<Product> {
  return launch(dataDir, await freePort(), { DATABASE_URL: url, HOLDPOINT_POLL_MS: '30000' })
}

export async function httpMeasures(bench: Bench, product: Product): Promise<Measured[]> {
  const { reviewers } = bench
  const ask = async (key: string, path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${product.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    })
    const body = await answer.text()
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${body.slice(0, 300)}`)
  }
  const inbox = (key: string) => ask(key, '/api/v1/review')
  // The first requests load code and connect; they say nothing about the others.
  for (const { key } of reviewers.slice(0, 5)) await inbox(key)
  const alone: number[] = []
  for (const { key } of reviewers) alone.push(await timed(() => inbox(key)))
  const together: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    together.push(...(await Promise.all(reviewers.map(({ key }) => timed(() => inbox(key))))))
  }
  const decide = (one: Decidable, { key }: Reviewer) =>
    ask(key, `/api/v1/jobs/${one.jobId}/commands`, { method: 'POST', body: JSON.stringify(approvalOf(one)) })
  const working = await decideAtWork(bench, decide)
  const decisions = await decideTogether(bench, decide)
  return [
    measureOf('inbox by the API, one after another', alone, { target: INBOX_TARGET_MS }),
    measureOf('inbox by the API, 50 at once', together, { target: INBOX_TARGET_MS }),
    measureOf('a decision by the API, 50 at work', working, { target: DECISION_TARGET_MS }),
    measureOf('a decision by the API, 50 at once', decisions, { target: DECISION_TARGET_MS }),
  ]
}
