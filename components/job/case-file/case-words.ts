/** What is said of a case file. Pure. */
import type { CaseView } from '@/lib/audit/case-view'

/** How far it can be proven to somebody who trusts nobody. */
export function provenWords({ anchored, version }: Pick<CaseView, 'anchored' | 'version'>): string {
  if (anchored === null) {
    return 'No signed anchor has this job yet. One is made every minute: take it then, if it is to prove that nothing was left out.'
  }
  if (anchored.version < version) {
    return `Signed up to line ${anchored.version} of ${version} of its history, by anchor ${anchored.anchor}. The rest is chained, and signed within a minute.`
  }
  return `All ${version} lines of its history are signed, by anchor ${anchored.anchor}.`
}

export function erasedWords(count: number): string | null {
  if (count === 0) return null
  return count === 1
    ? 'One of the texts that it names was erased: only its hash is in it.'
    : `${count} of the texts that it names were erased: only their hashes are in it.`
}
