/** Whether anchors are a chain, signed, over the leaves that are kept, and those that were written down elsewhere. Pure. */
import type { Finding, FindingCode } from './findings'
import {
  type AnchorKeyFacts,
  anchorHash,
  FIRST,
  isSignedBy,
  type Leaf,
  leafText,
  merkleRoot,
  parseAnchor,
  type StoredAnchor,
} from './formats'

/** An anchor as it was written elsewhere. */
export type CopiedAnchor = StoredAnchor & { publicKey: string }

const tell = (code: FindingCode, sentence: string, more: Partial<Finding> = {}): Finding => ({
  code,
  job: null,
  sentence,
  ...more,
})

export type AnchorWalk = {
  /** The number and the hash of the anchor before. */
  last: { number: number; hash: string }
  keys: ReadonlyMap<string, AnchorKeyFacts>
  /** What was written elsewhere, by number; null: nothing is compared. */
  copies: ReadonlyMap<number, CopiedAnchor> | null
}

/** What is wrong with `anchor`, which follows on `walk.last`, and with its leaves. */
export function checkAnchor(
  anchor: StoredAnchor & { root: string; leaves: number; keyId: string; prevHash: string },
  leaves: readonly Leaf[],
  { last, keys, copies }: AnchorWalk,
): Finding[] {
  const { number, body, hash } = anchor
  const found: Finding[] = []
  const add = (code: FindingCode, sentence: string, more: Partial<Finding> = {}) =>
    found.push(tell(code, sentence, { anchor: number, ...more }))
  if (number !== last.number + 1) {
    add('anchor_removed', gapWords(last.number + 1, number - 1), { anchor: last.number + 1 })
  } else if (anchor.prevHash !== last.hash) {
    add('anchor_removed', `Anchor ${number} does not follow the one before it.`, {
      expected: last.hash,
      found: anchor.prevHash,
    })
  }
  const said = parseAnchor(body)
  const isAsItSays =
    said !== null &&
    said.anchor === number &&
    said.previous === anchor.prevHash &&
    said.root === anchor.root &&
    said.leaves === anchor.leaves &&
    said.key === anchor.keyId
  const actual = anchorHash(body)
  if (actual !== hash || !isAsItSays) {
    add('anchor_changed', `Anchor ${number} was changed.`, { expected: hash, found: actual })
  }
  const key = keys.get(anchor.keyId)
  if (key === undefined)
    add('key_not_trusted', `Anchor ${number} is signed with a key that is not known: ${anchor.keyId}.`)
  else if (!isSignedBy(key.publicKey, anchor))
    add('anchor_not_signed', `The signature of anchor ${number} does not hold.`)
  const root = merkleRoot(leaves.map(leafText))
  if (root !== (said?.root ?? anchor.root) || leaves.length !== (said?.leaves ?? anchor.leaves)) {
    add('leaves_changed', `What is kept of the jobs in anchor ${number} is not what was signed.`, {
      expected: said?.root ?? anchor.root,
      found: root,
    })
  }
  const copy = copies?.get(number)
  if (copy !== undefined && copy.hash !== hash) {
    add('copy_differs', `Anchor ${number} is not the one that was written elsewhere.`, {
      expected: copy.hash,
      found: hash,
    })
  }
  return found
}

export function gapWords(from: number, to: number): string {
  return from === to ? `Anchor ${from} is missing.` : `Anchors ${from} to ${to} are missing.`
}

/** Anchors that were written elsewhere and are past the last one of the store. */
export function cutAnchors(copies: ReadonlyMap<number, CopiedAnchor>, last: number): Finding[] {
  const past = [...copies.keys()].filter((number) => number > last).toSorted((one, other) => one - other)
  const [first] = past
  if (first === undefined) return []
  const sentence = `${gapWords(first, past.at(-1) ?? first)} ${past.length === 1 ? 'It was' : 'They were'} written elsewhere.`
  return [tell('anchor_removed', sentence, { anchor: first })]
}

/**
 * What was written elsewhere, of `text`: a JSON line for each anchor. `problems` are sentences about lines that are none, or
 * that do not follow on each other.
 */
export function parseCopies(text: string): { copies: Map<number, CopiedAnchor>; problems: string[] } {
  const copies = new Map<number, CopiedAnchor>()
  const problems: string[] = []
  let last: { number: number; hash: string } | null = null
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const copy = parseCopy(line)
    if (copy === null) {
      // One that broke off, when its machine did, is written again, whole, by the next; one at the end will be.
      const next = lines[index + 1]
      if (next === undefined || next === '' || !next.startsWith(line)) problems.push(`Line ${index + 1} is no anchor.`)
      continue
    }
    const said = parseAnchor(copy.body)
    const follows = last === null || (copy.number === last.number + 1 && said?.previous === last.hash)
    const isFirst = last !== null || copy.number > 1 || said?.previous === FIRST
    if (!follows || !isFirst) problems.push(`Line ${index + 1} does not follow the one before it.`)
    if (anchorHash(copy.body) !== copy.hash || said?.anchor !== copy.number || !isSignedBy(copy.publicKey, copy)) {
      problems.push(`Line ${index + 1} was changed: its hash or its signature does not hold.`)
    }
    copies.set(copy.number, copy)
    last = copy
  }
  return { copies, problems }
}

function parseCopy(line: string): CopiedAnchor | null {
  try {
    const value = JSON.parse(line) as Partial<CopiedAnchor> | null
    const isWhole =
      typeof value?.number === 'number' &&
      [value.body, value.hash, value.signature, value.publicKey].every((part) => typeof part === 'string')
    return isWhole ? (value as CopiedAnchor) : null
  } catch {
    return null
  }
}
