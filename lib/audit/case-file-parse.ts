/** Reads what is in a case file. Pure. */
import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import { isPlainZip } from './zip-layout'

/** A larger one is none of ours, or a trap. */
const MOST_BYTES = 2_000_000_000

/** It is no case file, or one that cannot be read. */
export class Unreadable extends Error {
  override name = 'Unreadable'
}

export type Files = Map<string, Uint8Array>

/** @throws {Unreadable} also where programs that unpack it could find other files in it than are checked here. */
export function filesOf(bytes: Uint8Array): Files {
  let total = 0
  const names = new Set<string>()
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        total += originalSize
        if (total > MOST_BYTES) throw new Unreadable('It unpacks to more than 2 GB.')
        if (names.has(name))
          throw new Unreadable(`It has a file twice: ${name}. Programs differ in which of them they take.`)
        if (!isPlainName(name)) throw new Unreadable(`It has a file whose name leads elsewhere: ${name}.`)
        names.add(name)
        return true
      },
    })
    if (!isPlainZip(bytes)) throw new Unreadable('It has bytes that its own directory does not list.')
    return new Map(Object.entries(files))
  } catch (error) {
    if (error instanceof Unreadable) throw error
    throw new Unreadable('It is no ZIP, or a damaged one.', { cause: error })
  }
}

/** Whether it stays in the folder that it is unpacked to, and is a name like any other for the programs that read it. */
function isPlainName(name: string): boolean {
  const parts = name.split('/')
  const isWithin =
    !name.includes('\\') && !/^[a-z]:/i.test(name) && parts.every((part) => !['', '.', '..'].includes(part))
  return isWithin && !parts.includes('__proto__') && !/\p{Cc}/u.test(name)
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
