/** For tests: what the SDK does by itself where nobody keeps it from retrying. The control arm of "one call an attempt". */
import OpenAI from 'openai'
import { rehearsalHeader } from './openai.server'
import type { Rehearsal, ResponseRequest } from './types'

/** One create with the SDK's defaults (`maxRetries: 2`). Throws nothing: only what reached the provider counts. */
export async function createBySdkDefaults(
  baseUrl: string,
  request: ResponseRequest,
  rehearsal?: Rehearsal,
): Promise<void> {
  const openai = new OpenAI({ apiKey: 'sandbox', baseURL: baseUrl, logLevel: 'off', timeout: 2_000 })
  const headers = rehearsal ? { [rehearsalHeader]: JSON.stringify(rehearsal) } : undefined
  const params = request as OpenAI.Responses.ResponseCreateParamsNonStreaming
  await openai.responses.create(params, { headers }).catch(() => null)
}
