/** For tests: a webhook as the SDK verifies it. */
import OpenAI from 'openai'

/** The event. @throws where the signature does not hold. */
export async function verifyWebhook(
  body: string,
  headers: Record<string, string | string[] | undefined>,
  secret: string,
): Promise<unknown> {
  const openai = new OpenAI({ apiKey: 'unused', webhookSecret: secret })
  const plain = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
  return openai.webhooks.unwrap(body, Object.fromEntries(plain) as Record<string, string>, secret)
}
