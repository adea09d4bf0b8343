/** Words that many people read in a list. Pure. */

/** Whether there is a character in it that nobody can see, or that turns the order of letters. */
export function hiddenCharacterIn(text: string): boolean {
  return !text.isWellFormed() || /[\p{Cc}\p{Cf}\p{Co}\u2028\u2029\u115f\u1160\u3164]/u.test(text)
}
