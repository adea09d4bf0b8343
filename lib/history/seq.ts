/** The number of an event as an address gives it; null where it is none. */
export function seqOf(text: string): number | null {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}
