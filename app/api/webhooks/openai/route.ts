import { env } from '@/lib/env.server'
import { db } from '@/lib/store/db.server'
import { receiveWebhook } from '@/lib/webhooks/receive.server'
import { parseSecrets } from '@/lib/webhooks/signature'

export const dynamic = 'force-dynamic'

/** Takes a webhook of OpenAI. Its signature is what says who sent it: no session, no key, and no cookie counts here. */
export function POST(request: Request): Promise<Response> {
  const secrets = parseSecrets(env().OPENAI_WEBHOOK_SECRET)
  return receiveWebhook({ db: db(), secrets, now: () => new Date() }, request)
}
