/** The keys of the inbox and of the desk: one table, from which the pages listen, the buttons are marked and the map is drawn. Pure. */

/** Where a key does something. */
export type KeyPlace = 'inbox' | 'desk' | 'moment'

export type KeyInfo = {
  /** What arrives as `KeyboardEvent.key`, in lower case. */
  keys: readonly string[]
  /** What stands on the key, for people. */
  shown: readonly string[]
  /** What it does, as a short sentence without a full stop. */
  says: string
  group: 'Go' | 'Decide' | 'Read' | 'Help'
  places: readonly KeyPlace[]
  /** Holding it down goes on and on: never for what decides something. */
  repeats?: true
}

const everywhere: readonly KeyPlace[] = ['inbox', 'desk']

export const KEYS = {
  next: { keys: ['j'], shown: ['J'], says: 'Next item', group: 'Go', places: everywhere, repeats: true },
  previous: { keys: ['k'], shown: ['K'], says: 'Previous item', group: 'Go', places: everywhere, repeats: true },
  select: {
    keys: ['x'],
    shown: ['X'],
    says: 'Select the item, to decide on several together',
    group: 'Go',
    places: ['inbox'],
  },
  open: { keys: ['enter'], shown: ['Enter'], says: 'Open the item', group: 'Go', places: ['inbox'] },
  skip: { keys: ['n'], shown: ['N'], says: 'Go on to the next item without deciding', group: 'Go', places: ['desk'] },
  search: { keys: ['/'], shown: ['/'], says: 'Search', group: 'Go', places: everywhere },
  claim: { keys: ['c'], shown: ['C'], says: 'Claim it, or release it', group: 'Decide', places: everywhere },
  approve: { keys: ['a'], shown: ['A'], says: 'Approve', group: 'Decide', places: everywhere },
  edit: { keys: ['e'], shown: ['E'], says: 'Edit the result', group: 'Decide', places: ['desk'] },
  request: { keys: ['r'], shown: ['R'], says: 'Request changes', group: 'Decide', places: everywhere },
  abandon: { keys: ['b'], shown: ['B'], says: 'Abandon', group: 'Decide', places: everywhere },
  comment: { keys: ['m'], shown: ['M'], says: 'Comment', group: 'Decide', places: ['desk'] },
  undo: {
    keys: ['u'],
    shown: ['U'],
    says: 'Take the last approval back, while there is time',
    group: 'Decide',
    places: ['desk'],
  },
  supported: { keys: ['1'], shown: ['1'], says: 'Mark the claim as supported', group: 'Read', places: ['desk'] },
  contradicted: { keys: ['2'], shown: ['2'], says: 'Mark the claim as contradicted', group: 'Read', places: ['desk'] },
  notVerifiable: {
    keys: ['3'],
    shown: ['3'],
    says: 'Mark the claim as not verifiable',
    group: 'Read',
    places: ['desk'],
  },
  nextClaim: {
    keys: [']', 'arrowdown'],
    shown: [']', '↓'],
    says: 'Next claim',
    group: 'Read',
    places: ['desk'],
    repeats: true,
  },
  previousClaim: {
    keys: ['[', 'arrowup'],
    shown: ['[', '↑'],
    says: 'Previous claim',
    group: 'Read',
    places: ['desk'],
    repeats: true,
  },
  firstMoment: { keys: ['home'], shown: ['Home'], says: 'First event', group: 'Go', places: ['moment'] },
  earlier: {
    keys: ['k', 'arrowleft'],
    shown: ['K', '←'],
    says: 'The event before',
    group: 'Go',
    places: ['moment'],
    repeats: true,
  },
  later: {
    keys: ['j', 'arrowright'],
    shown: ['J', '→'],
    says: 'The next event',
    group: 'Go',
    places: ['moment'],
    repeats: true,
  },
  lastMoment: { keys: ['end'], shown: ['End'], says: 'Last event', group: 'Go', places: ['moment'] },
  map: { keys: ['?'], shown: ['?'], says: 'Show these keys', group: 'Help', places: [...everywhere, 'moment'] },
} as const satisfies Record<string, KeyInfo>

export type KeyName = keyof typeof KEYS
export const keyNames = Object.keys(KEYS) as KeyName[]

/** What must be known of a key that was pressed. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat' | 'isComposing'> & {
  /** The keyboard needs AltGr for the character: then `ctrlKey` and `altKey` say nothing. */
  hasAltGraph: boolean
  /** It goes to a field, a dialog, a menu or a list of choices. */
  isTaken: boolean
  /** The focus is on something that scrolls or steps with the arrow keys itself. */
  ownsArrows: boolean
  /** The focus is on a link or a button, which Enter presses. */
  ownsEnter: boolean
}

/** Which of the keys of a place was pressed; null where none was, or where it belongs to something else. */
export function keyOf(press: Press, place: KeyPlace): KeyName | null {
  if (press.isTaken || press.isComposing || press.metaKey) return null
  if ((press.ctrlKey || press.altKey) && !press.hasAltGraph) return null
  const key = press.key.toLowerCase()
  if (press.ownsArrows && key.startsWith('arrow')) return null
  if (press.ownsEnter && key === 'enter') return null
  const name = keyNames.find((one) => {
    const info: KeyInfo = KEYS[one]
    return info.places.includes(place) && info.keys.includes(key)
  })
  if (name === undefined) return null
  const info: KeyInfo = KEYS[name]
  return press.repeat && info.repeats !== true ? null : name
}
