/** Which keys a case file is believed by, and whether one of them signed it. Pure. */
import { type Files, jsonOf, Unreadable } from './case-file-parse'
import { manifestText } from './case-format'
import type { Finding, FindingCode } from './findings'
import { type AnchorKeyFacts, holds, keyIdOf, keyProblems, reachedFrom } from './formats'

export type Tell = (code: FindingCode, sentence: string, more?: Partial<Finding>) => void

type Keys = ReadonlyMap<string, AnchorKeyFacts>

export type Trust = {
  /** Those that may have signed anchors, by their ids. */
  keys: Keys
  /** The id of the key that signed the list of files; null where none did that may. */
  signedBy: string | null
}

/**
 * Without a key from elsewhere those inside are believed. With one only it counts, and those that it handed over to, one
 * after another: one of them must have signed the list of files. Then older keys count for older anchors, because what was
 * signed has them too.
 * @param given a public key (PEM) from elsewhere. @throws {Unreadable} where that is none.
 */
export function trustOf(
  files: Files,
  {
    keys,
    anchors,
    given,
    tell,
  }: { keys: readonly AnchorKeyFacts[]; anchors: number; given: string | null; tell: Tell },
): Trust {
  for (const sentence of keyProblems(keys)) tell('key_not_trusted', sentence)
  const all = byId(keys)
  const signers = given === null ? all : byId(signersFrom(keys, given, tell))
  // Only before an installation has its first key is there nobody to sign.
  const isSigned = given !== null || keys.length > 0 || anchors > 0
  if (isSigned && !files.has('manifest.signature.json')) {
    tell('anchor_not_signed', 'The list of files is not signed: somebody removed its signature, or altered the file.')
  }
  const signedBy = signerOf(files, { all, signers, tell })
  return { keys: signedBy === null ? signers : all, signedBy }
}

const byId = (keys: readonly AnchorKeyFacts[]): Keys => new Map(keys.map((key) => [key.id, key]))

function signersFrom(keys: readonly AnchorKeyFacts[], given: string, tell: Tell): AnchorKeyFacts[] {
  const expected = keyIdOf(given)
  if (expected === null) throw new Unreadable('What --key names is no public key.')
  const signers = reachedFrom(keys, given)
  if (keys.length === 0) {
    tell('key_not_trusted', 'It has no keys: nothing in it is signed with the one that was given.', { expected })
  } else if (signers.length === 0) {
    const found = keys.map(({ id }) => id).join(', ')
    tell('key_not_trusted', 'It is signed with other keys than the one that was given.', { expected, found })
  }
  return signers
}

/** @returns the id of the key that signed the list of files; null where there is no signature, or none that counts. */
function signerOf(files: Files, { all, signers, tell }: { all: Keys; signers: Keys; tell: Tell }): string | null {
  const list = files.get('manifest.json')
  if (!files.has('manifest.signature.json') || list === undefined) return null
  const { key: id, signature } = jsonOf<{ key: string; signature: string }>(files, 'manifest.signature.json')
  const key = all.get(id)
  if (key === undefined || !holds(manifestText(list), key.publicKey, signature)) {
    tell('anchor_not_signed', 'The signature of the list of files does not hold.')
    return null
  }
  if (!signers.has(id)) {
    const sentence = 'The list of files is signed with a key that does not come from the one that was given.'
    tell('key_not_trusted', sentence, { expected: [...signers.keys()].join(', ') || 'another key', found: id })
    return null
  }
  return id
}
