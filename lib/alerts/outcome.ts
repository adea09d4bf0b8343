/** What came of something that a person asked for on the pages of alerts and workers. */

/** `message` is a sentence; `errors` are by name of field. */
export type AlertOutcome =
  | { ok: true; message: string }
  | { ok: false; message: string; errors: Readonly<Record<string, string>> }
