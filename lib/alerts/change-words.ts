/** What a change of a rule changed, as short sentences. Pure. */
import type { RuleInput } from './view'
import { minutes, thresholdWords } from './words'

/** `before` null: it was added. `after` null: it cannot be read any more. */
export function changeWords(before: RuleInput | null, after: RuleInput | null): string[] {
  if (after === null) return ['Changed in a way that this version cannot read']
  if (before === null) return [`Added, from ${thresholdWords(after.kind, after.threshold)}`]
  const words: string[] = []
  if (before.isOn !== after.isOn) words.push(after.isOn ? 'Switched on' : 'Switched off')
  if (before.threshold !== after.threshold) {
    const [from, to] = [thresholdWords(before.kind, before.threshold), thresholdWords(after.kind, after.threshold)]
    words.push(`Threshold from ${from} to ${to}`)
  }
  if (before.minutes !== after.minutes && after.minutes !== null) words.push(`Over ${minutes(after.minutes)}`)
  if (before.least !== after.least && after.least !== null)
    words.push(`Of at least ${after.least.toLocaleString('en')} calls`)
  if (before.workflowKey !== after.workflowKey) {
    words.push(after.workflowKey === null ? 'For each workflow' : `For ${after.workflowKey} alone`)
  }
  if (before.people.join() !== after.people.join()) {
    words.push(after.people.length === 0 ? 'Tells every lead' : `Tells ${peopleWords(after.people.length)}`)
  }
  if (before.byEmail !== after.byEmail) words.push(after.byEmail ? 'By e-mail too' : 'No e-mail')
  if (before.address !== after.address) {
    words.push(after.address === null ? 'No signed request' : `Signed request to ${after.address}`)
  }
  return words.length === 0 ? ['Removed'] : words
}

const peopleWords = (people: number) => (people === 1 ? 'one chosen person' : `${people} chosen people`)
