import { ApiError } from '@/components/jobs/conditional-fetch'
import { failureWords } from '@/components/jobs/list/refresh-words'

/** What is said where no item came back: only a server that refused has certainly taken none. */
export function notTakenWords(error: unknown): { title: string; description: string } {
  const status = error instanceof ApiError ? error.status : 0
  const failure = error instanceof ApiError && status > 0 ? failureWords(error) : null
  if (failure !== null && status < 500) return { title: 'Nothing was taken', description: `${failure}. Try again.` }
  return {
    title: failure ?? 'No answer came',
    description: 'An item may or may not have been taken. Look under “Mine” before you try again.',
  }
}
