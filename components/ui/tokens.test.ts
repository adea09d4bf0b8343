import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, type Oklch, parseOklch } from './contrast'

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8')

/** The OKLCH tokens of one theme, by name. */
function theme(selector: string): Map<string, Oklch> {
  const block = css.split(`\n${selector} {`)[1]?.split('\n}')[0] ?? ''
  const found = new Map<string, Oklch>()
  for (const [, name, value] of block.matchAll(/--([\w-]+): (oklch\([^)]*\));/g)) {
    const colour = parseOklch(value ?? '')
    if (name !== undefined && colour !== null) found.set(name, colour)
  }
  return found
}

const grounds = ['canvas', 'surface', 'raised', 'sunken']
const tones = ['accent', 'attention', 'danger', 'success', 'informative']

describe.each([
  ['light', theme(':root')],
  ['dark', theme('.dark')],
])('the %s theme', (_name, tokens) => {
  const colour = (name: string): Oklch => {
    const found = tokens.get(name)
    if (found === undefined) throw new Error(`no token ${name}`)
    return found
  }
  const at = (one: string, other: string) => contrast(colour(one), colour(other))

  it.each(['ink', 'muted', 'faint'])('sets %s readably on every ground, and under the pointer', (text) => {
    for (const ground of [...grounds, 'hover'])
      expect(at(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  })

  it('sets the text of a solid button readably', () => {
    expect(at('inverse', 'ink')).toBeGreaterThanOrEqual(7)
  })

  it.each(tones)('sets %s text readably on every ground and on its own fill', (tone) => {
    for (const ground of [...grounds, 'hover', `${tone}-soft`]) {
      expect(at(`${tone}-ink`, ground), `${tone}-ink on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(tones)('lets ordinary text stand on the %s fill', (tone) => {
    for (const text of ['ink', 'muted']) expect(at(text, `${tone}-soft`), text).toBeGreaterThanOrEqual(4.5)
  })

  it.each([...tones, 'line-strong'])('draws the %s mark visibly on every ground', (mark) => {
    for (const ground of grounds) expect(at(mark, ground), `${mark} on ${ground}`).toBeGreaterThanOrEqual(3)
  })
})

it('gives both themes the same tokens', () => {
  expect([...theme('.dark').keys()]).toEqual([...theme(':root').keys()])
})
