import { describe, expect, it } from 'vitest'
import { KEYS, type KeyInfo, keyNames, keyOf, type Press } from './keys'

const press = (key: string, change: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  isComposing: false,
  hasAltGraph: false,
  isTaken: false,
  ownsArrows: false,
  ownsEnter: false,
  ...change,
})

const PLACES = ['inbox', 'desk', 'moment'] as const

describe('keyOf', () => {
  it('finds each key of the table at its places, and nowhere else', () => {
    for (const name of keyNames) {
      const info: KeyInfo = KEYS[name]
      for (const place of PLACES) {
        for (const key of info.keys) {
          const found = keyOf(press(key), place)
          if (info.places.includes(place)) expect(found, `${name} at the ${place}`).toBe(name)
          else expect(found, `${name} at the ${place}`).not.toBe(name)
        }
      }
    }
  })

  it('gives no key to two things at one place', () => {
    for (const place of PLACES) {
      const keys = keyNames.flatMap((name) => {
        const info: KeyInfo = KEYS[name]
        return info.places.includes(place) ? [...info.keys] : []
      })
      expect(new Set(keys).size).toBe(keys.length)
    }
  })

  it('takes a capital letter for the same key', () => {
    expect(keyOf(press('A'), 'desk')).toBe('approve')
  })

  it.each([
    ['while somebody types, or a dialog is open', { isTaken: true }],
    ['while a character is being composed', { isComposing: true }],
    ['with Ctrl', { ctrlKey: true }],
    ['with Alt', { altKey: true }],
    ['with ⌘', { metaKey: true }],
    ['while it is held down', { repeat: true }],
  ])('decides nothing %s', (_when, change) => {
    expect(keyOf(press('a', change), 'desk')).toBeNull()
  })

  it('goes on from item to item while the key is held down', () => {
    expect(keyOf(press('j', { repeat: true }), 'desk')).toBe('next')
  })

  it('takes a character that the keyboard makes with AltGr', () => {
    expect(keyOf(press(']', { ctrlKey: true, altKey: true, hasAltGraph: true }), 'desk')).toBe('nextClaim')
  })

  it('leaves the arrow keys to what scrolls by them, and Enter to the button that has the focus', () => {
    expect(keyOf(press('ArrowDown', { ownsArrows: true }), 'desk')).toBeNull()
    expect(keyOf(press('ArrowDown'), 'desk')).toBe('nextClaim')
    expect(keyOf(press('Enter', { ownsEnter: true }), 'inbox')).toBeNull()
    expect(keyOf(press('Enter'), 'inbox')).toBe('open')
  })
})
