import { ApiError } from '@/components/jobs/conditional-fetch'
import { span } from '@/components/ui/relative-time'

export type RefreshState = {
  /** When the rows on the screen were read, in milliseconds since 1970; 0: never. */
  readAt: number
  error: Error | null
  /** Why it is not refreshing now, though nothing failed. */
  paused: 'selection' | 'menu' | null
}

/** How old the list is, in a few words. */
export function freshWords({ readAt, paused }: RefreshState, now: number): string {
  if (readAt === 0) return 'checking now'
  const age = Math.max(0, now - readAt)
  const checked = age < 2_000 ? 'checked just now' : `checked ${span(age)} ago`
  if (paused === 'selection') return `${checked}, held while rows are selected`
  if (paused === 'menu') return `${checked}, held while a menu is open`
  return checked
}

/** Why the last refresh failed and what to do, for the person who waits; null where it did not. */
export function failureWords(error: Error | null): string | null {
  if (error === null) return null
  if (!(error instanceof ApiError)) return 'The answer could not be read'
  if (error.status === 0) return 'The server was not reached'
  if (error.status === 401) return 'You are signed out'
  if (error.status === 403) return 'You may no longer see this'
  if (error.status === 503) return 'The server’s database is away'
  return `The server answered ${error.status}`
}
