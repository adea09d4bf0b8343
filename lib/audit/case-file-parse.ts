/** Reads what is in a case file. Pure. */
import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'

/** A larger one is none of ours, or a trap. */
const MOST_BYTES = 2_000_000_000

/** It is no case file, or one that cannot be read. */
export class Unreadable extends Error {
  override name = 'Unreadable'
}

export type Files = Map<string, Uint8Array>

export function filesOf(bytes: Uint8Array): Files {
  let total = 0
  try {
    const files = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        total += originalSize
        if (total > MOST_BYTES) throw new Unreadable('It unpacks to more than 2 GB.')
        return true
      },
    })
    return new Map(Object.entries(files))
  } catch (error) {
    if (error instanceof Unreadable) throw error
    throw new Unreadable('It is no ZIP, or a damaged one.', { cause: error })
  }
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function textOf(files: Files, path: string): string {
  const bytes = files.get(path)
  if (bytes === undefined) throw new Unreadable(`It has no ${path}.`)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

export function jsonOf<T>(files: Files, path: string): T {
  return parsed<T>(textOf(files, path), path)
}

export function jsonLinesOf<T>(files: Files, path: string): T[] {
  return textOf(files, path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parsed<T>(line, path))
}

export function parsed<T>(text: string, path: string): T {
  try {
    const value = JSON.parse(text) as T | null
    if (value !== null && typeof value === 'object') return value
  } catch (error) {
    throw new Unreadable(`${path} cannot be read.`, { cause: error })
  }
  throw new Unreadable(`${path} has not what it should have.`)
}
