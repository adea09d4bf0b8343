/** A test that prints an error or a warning fails: what nobody reads in a passing run hides what is broken. */
import { afterEach, beforeEach, expect } from 'vitest'

const printed: unknown[][] = []
const originals = { error: console.error, warn: console.warn }

beforeEach(() => {
  printed.length = 0
  console.error = (...words: unknown[]) => {
    printed.push(words)
    originals.error(...words)
  }
  console.warn = (...words: unknown[]) => {
    printed.push(words)
    originals.warn(...words)
  }
})

afterEach(() => {
  console.error = originals.error
  console.warn = originals.warn
  const count = printed.length
  printed.length = 0
  if (count > 0) expect.fail(`The test printed ${count} error(s) or warning(s), shown above.`)
})
