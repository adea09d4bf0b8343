/** Which claims an approval passes over. Pure: the pages warn by it, and the command demands a reason by it. */

/**
 * The indexes of claims that nothing carries, unless this person marked them as supported, and of those that they
 * marked as contradicted or not verifiable. @param marks the newest verdict of this person, by the index of the claim.
 */
export function doubtfulAmong(
  claims: readonly { index: number; support: string }[],
  marks: ReadonlyMap<number, string>,
): number[] {
  return claims
    .filter(({ index, support }) => {
      const verdict = marks.get(index) ?? 'none'
      return verdict === 'none' ? support === 'none' : verdict !== 'supported'
    })
    .map(({ index }) => index)
}
