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
  const of = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
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
  lines.push(
    signedBy === null
      ? 'The files for reading (job.json, reviews.json and the like) are not signed: believe events, records and content.'
      : `All files are listed and signed with the key ${signedBy}.`,
  )
  lines.push(
    key === null
      ? `The signatures were checked with the key that is inside (${keys.at(-1)?.id ?? 'none'}). Whoever altered the file could have put another there: have the key from the people who run the installation (holdpoint audit key, or Settings, Audit) and give it with --key.`
      : 'The signatures were checked with the key that was given.',
  )
  lines.push('It cannot be told from here whether the job has gone on since.')
  lines.push(
    found.length === 0
      ? 'Nothing is wrong.'
      : `${of(found.length, 'thing')} ${found.length === 1 ? 'is' : 'are'} wrong.`,
  )
  return lines
}
