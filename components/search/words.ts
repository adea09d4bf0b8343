/** What is said of a search as a whole. Pure. */
import type { SearchResult } from '@/lib/search/view'

const count = new Intl.NumberFormat('en')

/** "14 jobs", "10,000+ jobs", "More than 25 jobs". Empty on later pages, where nothing was counted. */
export function totalWords({ total, totalIsExact, exact, items }: SearchResult): string {
  if (total === null) return ''
  const all = total + exact.length
  if (totalIsExact) return all === 1 ? '1 job' : `${count.format(all)} jobs`
  if (total >= 10_000) return `${count.format(total)}+ jobs`
  return items.length === 0 ? '' : `More than ${count.format(all)} ${all === 1 ? 'job' : 'jobs'}`
}

/** A count in the side bar: "14", "10,000+". */
export function countWords({ count: amount, isExact }: { count: number; isExact: boolean }): string {
  return `${count.format(amount)}${isExact ? '' : '+'}`
}
