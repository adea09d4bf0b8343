/** What a provider's codes may look like once they are ours: they are stored, matched on, and shown as they are. */
const CODE = /^[\w.:-]{1,100}$/

/** Stands for a code that no provider has a reason to send. */
export const UNREADABLE_CODE = 'unreadable_code'

/** A code as a provider wrote it, null where it wrote none. A number counts as its digits. Pure. */
export function readCode(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  const code = typeof value === 'number' ? String(value) : value
  return typeof code === 'string' && CODE.test(code) ? code : UNREADABLE_CODE
}
