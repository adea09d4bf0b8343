/** How a side of a comparison is named: `a2` is attempt 2 with what it gave, `a2r1` the first revision of that. Pure. */

export type SideId = { attempt: number; revision: number }

/** Numbers are 32-bit. */
const NAMED = /^a([1-9]\d{0,8})(?:r(\d{1,9}))?$/

/** The side that `text` names; null where it names none. Revision 0 is what the model gave. */
export function parseSideId(text: string): SideId | null {
  const found = NAMED.exec(text)
  return found === null ? null : { attempt: Number(found[1]), revision: Number(found[2] ?? 0) }
}

/** The name of a side, of the two that it may have the shorter one. */
export function sideId({ attempt, revision }: SideId): string {
  return revision === 0 ? `a${attempt}` : `a${attempt}r${revision}`
}

/** What a side is, for people. */
export function sideName({ attempt, revision }: SideId): string {
  return revision === 0 ? `Attempt ${attempt}` : `Revision ${revision} of attempt ${attempt}`
}

/**
 * Which two are compared where nobody has chosen: the newest with the one before it, among those with a result where
 * there are two such. `sides`: oldest first.
 */
export function defaultSides<Side extends { hash: string | null }>(
  sides: readonly Side[],
): { left: Side | null; right: Side | null } {
  const withResult = sides.filter(({ hash }) => hash !== null)
  const among = withResult.length > 1 ? withResult : sides
  return { left: among.at(-2) ?? null, right: among.at(-1) ?? null }
}
