/** What a checked case file proves, and what it cannot, for people. Pure. */
import type { CaseManifest } from './case-format'
import type { Finding } from './findings'
import type { AnchorKeyFacts, Leaf } from './formats'

export type Told = {
  manifest: CaseManifest
  events: number
  newest: (Leaf & { anchor: number }) | null
  key: string | null
  keys: readonly AnchorKeyFacts[]
  signedBy: string | null
  found: readonly Finding[]
}

export function summaryOf({ manifest, events, newest, key, keys, signedBy, found }: Told): string[] {
  const { job, entries, erased } = manifest
  const lines = [
    `Job ${job.number}, version ${job.version}: ${of(events, 'event')} and ${of(entries.length, 'file')} were checked.`,
  ]
  if (erased.length > 0) lines.push(`The bytes of ${of(erased.length, 'hash')} were erased, and are not in it.`)
  lines.push(
    newest === null
      ? 'No anchor has this job yet: that nothing was left out or made anew is not proven. Take the case file again in a minute.'
      : newest.version < events
        ? `Anchors have it up to event ${newest.version}. What follows is chained, and not signed yet.`
        : `Anchor ${newest.anchor} has all of it, signed.`,
  )
  lines.push(signedWords(signedBy), keyWords({ key, keys, signedBy }))
  lines.push('It cannot be told from here whether the job has gone on since.')
  lines.push(endWords({ found, signedBy }))
  return lines
}

const of = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

function signedWords(signedBy: string | null): string {
  return signedBy === null
    ? 'No signature of the list of files counts: whoever passed the file on could have altered anything that no anchor has, and what is for reading (job.json, reviews.json and the like).'
    : `All files are listed and signed with the key ${signedBy}.`
}

function keyWords({ key, keys, signedBy }: Pick<Told, 'key' | 'keys' | 'signedBy'>): string {
  if (key !== null) {
    return signedBy === null
      ? 'Nothing in it is proven by the key that was given.'
      : 'The signatures were checked with the key that was given.'
  }
  const newest = keys.at(-1)
  return newest === undefined
    ? 'It has no key and no signature: it was taken before the first anchor, or somebody removed them. Only that its parts fit each other was checked.'
    : `The signatures were checked with the key that is inside (${newest.id}). Whoever altered the file could have put another there: have the key from the people who run the installation (holdpoint audit key, or Settings, Audit) and give it with --key.`
}

function endWords({ found, signedBy }: Pick<Told, 'found' | 'signedBy'>): string {
  if (found.length > 0) return `${of(found.length, 'thing')} ${found.length === 1 ? 'is' : 'are'} wrong.`
  return signedBy === null
    ? 'Nothing is wrong in what could be checked, and who made it is not proven.'
    : 'Nothing is wrong.'
}
