/** The job number that was typed: "1042", "#1042", "1,042". @returns null for anything else. */
export function jobNumberIn(words: string): number | null {
  const match = /^#?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})$/.exec(words.trim())
  return match === null ? null : Number(match[1]?.replaceAll(',', ''))
}
