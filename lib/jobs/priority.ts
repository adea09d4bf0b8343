/** The priority of a job, for people. Pure. */

/** What is offered; the API takes any whole number from -100 to 100. */
export const PRIORITIES = [
  { value: 10, label: 'High' },
  { value: 0, label: 'Normal' },
  { value: -10, label: 'Low' },
] as const

/** "high (10)", "normal", "−3". */
export function priorityWords(priority: number): string {
  if (priority === 0) return 'normal'
  const named = PRIORITIES.find(({ value }) => value === priority)
  const number = String(priority).replace('-', '−')
  return named === undefined ? number : `${named.label.toLowerCase()} (${number})`
}
