/**
 * What anchors are made of: leaves, a Merkle tree over them, a chain of signed bodies. Pure, and all that a stranger needs
 * to check one: docs/audit.md says the same in words.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'

/** What stands before the first anchor. */
export const FIRST = '0'.repeat(64)

/**
 * At most so many jobs in one anchor: to prove that a job is in it, all of its leaves are read; and one is taken within the
 * seconds that a transaction has.
 */
export const MOST_LEAVES = 1_024

/** One job in an anchor. `records`: a line for each record that no earlier anchor has, its name, a space and its hash. */
export type Leaf = { jobId: string; jobNumber: number; version: number; headHash: string; records: string }

export type AnchorBody = {
  v: 1
  anchor: number
  at: string
  /** The hash of the anchor before. */
  previous: string
  root: string
  leaves: number
  /** The id of the key that signs it. */
  key: string
}

export type StoredAnchor = { number: number; body: string; hash: string; signature: string }

export type AnchorKeyFacts = { id: string; publicKey: string; previousId: string | null; handover: string | null }

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** SHA-256 (lower-case hex) of a record: format, job, name and text, a line each. PostgreSQL: `record_hash`. */
export function recordHash(jobId: string, name: string, text: string): string {
  return sha256(`holdpoint-record:1\n${jobId}\n${name}\n${text}`).toString('hex')
}

/** The exact text of a leaf. */
export function leafText({ jobNumber, jobId, version, headHash, records }: Leaf): string {
  return `holdpoint-leaf:1\n${jobNumber}\n${jobId}\n${version}\n${headHash}\n${records}`
}

/** The records of a leaf, as pairs of name and hash. */
export function recordsOf(records: string): [name: string, hash: string][] {
  return records === ''
    ? []
    : records.split('\n').map((line) => {
        const [name = '', hash = ''] = line.split(' ')
        return [name, hash]
      })
}

// As RFC 6962 (Certificate Transparency) has it: 0 before a leaf and 1 before a node, so that neither passes for the other.
const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])
const leafHash = (text: string) => sha256(LEAF, text)
const nodeHash = (left: Buffer, right: Buffer) => sha256(NODE, left, right)

/** Where the left part of a tree over `count` leaves ends: the largest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}

function treeHash(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes
  if (only === undefined) return sha256('')
  if (hashes.length === 1) return only
  const split = splitOf(hashes.length)
  return nodeHash(treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)))
}

/** The root (lower-case hex) over the texts of leaves, in their order. */
export function merkleRoot(texts: readonly string[]): string {
  return treeHash(texts.map(leafHash)).toString('hex')
}

/** The hashes beside the way from the leaf at `index` up to the root, the lowest first. */
export function merkleProof(texts: readonly string[], index: number): string[] {
  const climb = (hashes: readonly Buffer[], at: number): Buffer[] => {
    if (hashes.length <= 1) return []
    const split = splitOf(hashes.length)
    const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
    return at < split ? [...climb(left, at), treeHash(right)] : [...climb(right, at - split), treeHash(left)]
  }
  return climb(texts.map(leafHash), index).map((hash) => hash.toString('hex'))
}

/** The root that `proof` leads to from the leaf with this text, at `index` of `count`; null where the proof has another length. */
export function rootByProof(
  text: string,
  { index, count, proof }: { index: number; count: number; proof: readonly string[] },
): string | null {
  const rest = proof.map((hash) => Buffer.from(hash, 'hex'))
  const climb = (at: number, size: number): Buffer | null => {
    if (size === 1) return leafHash(text)
    const beside = rest.pop()
    if (beside === undefined) return null
    const split = splitOf(size)
    const below = at < split ? climb(at, split) : climb(at - split, size - split)
    if (below === null) return null
    return at < split ? nodeHash(below, beside) : nodeHash(beside, below)
  }
  if (!Number.isInteger(index) || !Number.isInteger(count) || index < 0 || index >= count) return null
  const root = climb(index, count)
  return root === null || rest.length > 0 ? null : root.toString('hex')
}

/** SHA-256 (lower-case hex) of an anchor: format and exact body, a line each. */
export function anchorHash(body: string): string {
  return sha256(anchorText(body)).toString('hex')
}

const anchorText = (body: string) => `holdpoint-anchor:1\n${body}`
const handoverText = (publicKey: string) => `holdpoint-key:1\n${publicKey}`

/** Signs an anchor by its body. @param privateKey PEM. @returns Base64. */
export function signAnchor(body: string, privateKey: string): string {
  return sign(null, Buffer.from(anchorText(body)), createPrivateKey(privateKey)).toString('base64')
}

/** Whether this key signed this anchor. @param publicKey PEM. */
export function isSignedBy(publicKey: string, { body, signature }: Pick<StoredAnchor, 'body' | 'signature'>): boolean {
  return holds(anchorText(body), publicKey, signature)
}

/** Whether `signature` (Base64) is that of this key (PEM) over `text`. */
export function holds(text: string, publicKey: string, signature: string): boolean {
  try {
    return verify(null, Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature, 'base64'))
  } catch {
    // No key at all, or of another kind: it signed nothing of ours.
    return false
  }
}

/** A new Ed25519 key, as PEM. */
export function newKey(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

/** What a key is called: the first 16 digits of the SHA-256 of its DER form. Null where it is no key. */
export function keyIdOf(publicKey: string): string | null {
  try {
    const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' })
    return sha256(der).toString('hex').slice(0, 16)
  } catch {
    return null
  }
}

/** The word of the key before for the one that follows. @param privateKey of the one before. @returns Base64. */
export function handOver(nextPublicKey: string, privateKey: string): string {
  return sign(null, Buffer.from(handoverText(nextPublicKey)), createPrivateKey(privateKey)).toString('base64')
}

/**
 * What is wrong with `keys`, a sentence each: each has the id of its bytes, and each but the first was handed over by one
 * that was there before.
 */
export function keyProblems(keys: readonly AnchorKeyFacts[]): string[] {
  const byId = new Map(keys.map((key) => [key.id, key]))
  const firsts = keys.filter(({ previousId }) => previousId === null)
  const problems = keys.flatMap((key) => {
    const { id, publicKey, previousId } = key
    if (keyIdOf(publicKey) !== id) return [`The public key ${id} is not the one with this id.`]
    if (previousId === null) return []
    const before = byId.get(previousId)
    return before !== undefined && isHandedOver(key, before)
      ? []
      : [`The public key ${id} was not handed over by the key before it.`]
  })
  if (firsts.length > 1) {
    const ids = firsts.map(({ id }) => id).join(', ')
    problems.push(`There are ${firsts.length} keys that no other handed over: ${ids}.`)
  }
  if (byId.size < keys.length) problems.push('A public key is there twice.')
  return problems
}

/**
 * Those of `keys` that come from the one that was `given` (PEM): itself, by its bytes, and each that one of these handed
 * over to. What stands before it does not: whoever made that could have handed over to any key there is.
 */
export function reachedFrom(keys: readonly AnchorKeyFacts[], given: string): AnchorKeyFacts[] {
  const whole = keys.filter(({ id, publicKey }) => keyIdOf(publicKey) === id)
  const reached = whole.filter(({ publicKey }) => isSameKey(publicKey, given))
  // It grows while it is walked.
  for (const before of reached) {
    reached.push(...whole.filter((key) => !reached.includes(key) && isHandedOver(key, before)))
  }
  return reached
}

function isHandedOver({ publicKey, previousId, handover }: AnchorKeyFacts, before: AnchorKeyFacts): boolean {
  return previousId === before.id && handover !== null && holds(handoverText(publicKey), before.publicKey, handover)
}

function isSameKey(one: string, other: string): boolean {
  try {
    return createPublicKey(one).equals(createPublicKey(other))
  } catch {
    // What is no key is the same as none.
    return false
  }
}

/** Reads the body of an anchor; null where it is none. */
export function parseAnchor(body: string): AnchorBody | null {
  try {
    const said = JSON.parse(body) as Partial<AnchorBody> | null
    const isWhole =
      said?.v === 1 &&
      typeof said.anchor === 'number' &&
      typeof said.leaves === 'number' &&
      [said.at, said.previous, said.root, said.key].every((part) => typeof part === 'string')
    return isWhole ? (said as AnchorBody) : null
  } catch {
    return null
  }
}
