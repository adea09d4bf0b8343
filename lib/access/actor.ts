import type { Role } from '@/lib/lifecycle/table'

/** Who is asking: a person in a browser, or an API key, which may stand for a person or for a service. */
export type Actor = {
  kind: 'person' | 'api_key'
  /** The person; null for a service key, which counts for nobody where distinct people are asked for. */
  userId: string | null
  apiKeyId: string | null
  name: string
  email: string | null
  roles: readonly Role[]
}
