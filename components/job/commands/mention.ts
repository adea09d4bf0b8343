/** Mentions in a text: which name is being typed, and what choosing one makes of it. Pure. */
export type MentionPerson = { id: string; name: string }

/** More names than this are found faster by another letter. */
const OFFERED = 6

export type Typed = {
  /** Where the @ stands. */
  at: number
  /** What stands between it and the cursor. */
  query: string
}

/** The mention that is being typed at `cursor`; null where none is. An @ within a word, as of an e-mail, begins none. */
export function typedMention(text: string, cursor: number): Typed | null {
  const before = text.slice(0, cursor)
  const [, lead, query] = /(^|[\s([{"'“‘])@([^\s@][^\n@]{0,39}|)$/u.exec(before) ?? []
  if (lead === undefined || query === undefined) return null
  return { at: before.length - query.length - 1, query }
}

/** Those whose name fits: first where it begins so, then where another word of it does. */
export function fittingPeople(people: readonly MentionPerson[], query: string): MentionPerson[] {
  const typed = fold(query.trim())
  const rank = ({ name }: MentionPerson) => {
    const folded = fold(name)
    if (folded.startsWith(typed)) return 0
    return folded.split(/\s+/).some((word) => word.startsWith(typed)) ? 1 : 2
  }
  return people
    .map((person) => ({ person, place: rank(person) }))
    .filter(({ place }) => place < 2)
    .sort((a, b) => a.place - b.place || a.person.name.localeCompare(b.person.name, 'en'))
    .slice(0, OFFERED)
    .map(({ person }) => person)
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The text with the whole name in place of what was typed of it, and where the cursor stands then. */
export function withMention(
  text: string,
  { at, query }: Typed,
  { name }: MentionPerson,
): { text: string; cursor: number } {
  const after = text.slice(at + 1 + query.length)
  const space = after.startsWith(' ') ? '' : ' '
  return { text: `${text.slice(0, at)}@${name}${space}${after}`, cursor: at + name.length + 2 }
}

/** Of the people who were chosen, those whose name still stands in the text after an @. */
export function stillMentioned(text: string, chosen: readonly MentionPerson[]): MentionPerson[] {
  return chosen.filter(({ name }, index) => {
    const isFirst = chosen.findIndex((other) => other.id === chosen[index]?.id) === index
    return isFirst && text.includes(`@${name}`)
  })
}
