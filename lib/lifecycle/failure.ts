/** Failure classes: which class a signal falls into, by code, and what a class may do. Pure; imports nothing. */

export const failureClasses = [
  'infrastructure',
  'timeout',
  'malformed_input',
  'policy',
  'review_required',
  'unclassified',
] as const
export type FailureClass = (typeof failureClasses)[number]

/** Only these retry by themselves. Nothing else ever does, whatever a workflow says. */
export function retriesByItself(failureClass: FailureClass): boolean {
  return failureClass === 'infrastructure' || failureClass === 'timeout'
}
