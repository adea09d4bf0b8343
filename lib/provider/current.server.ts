/** Which provider this process talks to. */
import { env } from '@/lib/env.server'
import { createProvider } from './openai.server'
import type { Provider } from './types'

/** Neither a key, nor the address of a server, nor the sandbox is set. */
export class ProviderNotConfigured extends Error {
  override name = 'ProviderNotConfigured'
}

export type ProviderSettings = {
  OPENAI_API_KEY?: string | undefined
  OPENAI_BASE_URL?: string | undefined
  /** 'sandbox' where `npm start` brought one up; its address is then in OPENAI_BASE_URL. */
  HOLDPOINT_PROVIDER?: string | undefined
}

/**
 * The name that jobs, pages and logs show for the provider: 'sandbox', 'openai', or the host of another server.
 * @throws {ProviderNotConfigured} in one sentence that says what to set.
 */
export function nameProvider(settings: ProviderSettings): string {
  if (settings.HOLDPOINT_PROVIDER === 'sandbox') {
    if (settings.OPENAI_BASE_URL) return 'sandbox'
    throw new ProviderNotConfigured('HOLDPOINT_PROVIDER is sandbox, but OPENAI_BASE_URL does not say where it listens.')
  }
  if (settings.OPENAI_BASE_URL) return new URL(settings.OPENAI_BASE_URL).host
  if (settings.OPENAI_API_KEY) return 'openai'
  throw new ProviderNotConfigured(
    'No provider is set: give OPENAI_API_KEY, or OPENAI_BASE_URL, or start with npm start.',
  )
}

/** Some servers of the API take no key at all, yet the SDK insists on one. */
const noKey = 'none'

let current: Provider | undefined

/**
 * The provider of this process, made on first use.
 * @throws {ProviderNotConfigured} where none is set; {EnvError} where a value makes no sense.
 */
export function provider(): Provider {
  if (current) return current
  const { OPENAI_API_KEY, OPENAI_BASE_URL } = env()
  const name = nameProvider({ OPENAI_API_KEY, OPENAI_BASE_URL, HOLDPOINT_PROVIDER: process.env.HOLDPOINT_PROVIDER })
  // The sandbox is never shown a real key.
  const apiKey = name === 'sandbox' ? name : (OPENAI_API_KEY ?? noKey)
  current = createProvider({ name, apiKey, ...(OPENAI_BASE_URL ? { baseUrl: OPENAI_BASE_URL } : {}) })
  return current
}

/** The provider of this process; null where none is set, as on a host that has only the web server. */
export function providerIfSet(): Provider | null {
  try {
    return provider()
  } catch (error) {
    if (error instanceof ProviderNotConfigured) return null
    throw error
  }
}
