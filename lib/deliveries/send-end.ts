/** What became of one try to send something. */

export type SendEnd =
  | { kind: 'delivered'; httpStatus: number | null; answer: Uint8Array | null; code: string | null }
  /** Not done, and safe to repeat under the same id. */
  | { kind: 'again'; code: string; httpStatus: number | null; answer: Uint8Array | null; retryAfterMs: number | null }
  /** Never as it stands: a person must look. */
  | { kind: 'refused'; code: string; httpStatus: number | null; answer: Uint8Array | null }
  /** It may have arrived, and another could be a second letter: never repeated by itself. */
  | { kind: 'unknown'; code: string }

export const delivered = (code: string | null = null): SendEnd => ({
  kind: 'delivered',
  httpStatus: null,
  answer: null,
  code,
})
export const again = (code: string): SendEnd => ({
  kind: 'again',
  code,
  httpStatus: null,
  answer: null,
  retryAfterMs: null,
})
export const refused = (code: string): SendEnd => ({ kind: 'refused', code, httpStatus: null, answer: null })
