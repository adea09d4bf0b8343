/** The life cycle and the failure classes as Markdown, made from their tables. Pure. ARCHITECTURE.md carries the result. */
import { builtinRules } from '@/lib/rules/builtin'
import { decide } from '@/lib/rules/decide'
import { callSignal } from '@/lib/rules/signals'
import type { SignalKind } from '@/lib/rules/types'
import { type FailureClass, failureClasses, retriesByItself } from './failure'
import { type Command, commandInfo, commandNames, type Giver, stateNames, states, transitions } from './table'

/** A Mermaid state diagram of every command that leads to another state; same-state commands stand in the table only. */
export function lifecycleDiagram(): string {
  const arrows = new Map<string, Command[]>()
  for (const { command, from, to } of transitions()) {
    if (from === to) continue
    const arrow = `${from ?? '[*]'} --> ${to}`
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), command])
  }
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...stateNames.map((state) => `  state "${states[state].label}" as ${state}`),
    ...[...arrows].map(([arrow, commands]) => `  ${arrow} : ${commands.join(', ')}`),
    '  classDef settled stroke-dasharray: 4 3',
    `  class ${stateNames.filter((state) => states[state].settled).join(',')} settled`,
    '```',
  ].join('\n')
}

/** Every state: its word, whether it is settled, and who moves the job on. */
export function stateTable(): string {
  return table(
    ['State', 'People read', 'Settled', 'Who moves it on'],
    stateNames.map((state) => {
      const { label, settled, help } = states[state]
      return [`\`${state}\``, label, settled ? 'yes' : 'no', help]
    }),
  )
}

/** Every command: who gives it, from where to where, in which rounds, what it does to the round, and what it needs. */
export function commandTable(): string {
  return table(
    ['Command', 'By', 'From', 'To', 'Round', 'Note', 'Needs'],
    commandNames.map((command) => {
      const { by, from, to, rounds, round, note, needs } = commandInfo(command)
      const where = rounds === undefined ? '' : ` (only ${rounds.join(', ')})`
      return [
        `\`${command}\``,
        by.map(giverWords).join(', '),
        from.length === 0 ? '–' : from.length === stateNames.length ? 'any' : from.join(', '),
        to === 'same' ? 'the same' : to,
        `${round === 'none' ? '–' : round}${where}`,
        note,
        needs,
      ]
    }),
  )
}

/** Every failure class, as the built-in rules fill it: the statuses of a refused call, codes, and reasons of our own. */
export function failureTable(): string {
  return table(
    [
      'Class',
      'Retries by itself',
      'HTTP status of a refused call without a code that a rule names',
      'Codes',
      'Reasons of our own',
    ],
    failureClasses.map((failureClass) => [
      `\`${failureClass}\``,
      retriesByItself(failureClass) ? 'yes' : 'never',
      ranges(statusesOf(failureClass)),
      values(failureClass, ['code', 'incomplete']),
      values(failureClass, ['stop', 'check']),
    ]),
  )
}

/** The generated parts of ARCHITECTURE.md, by the name of their markers. */
export const generatedBlocks: Record<string, () => string> = {
  lifecycle: () => [lifecycleDiagram(), stateTable(), commandTable()].join('\n\n'),
  failures: failureTable,
}

/**
 * `markdown` with every generated block as it should be, between `<!-- name:begin -->` and `<!-- name:end -->`.
 * @throws where a pair of markers is missing: a block that nobody sees would drift unseen.
 */
export function withGeneratedBlocks(markdown: string): string {
  return Object.entries(generatedBlocks).reduce((text, [name, make]) => {
    const begin = `<!-- ${name}:begin -->`
    const end = `<!-- ${name}:end -->`
    const [before, after] = [text.indexOf(begin), text.indexOf(end)]
    if (before < 0 || after < before) throw new Error(`The markers ${begin} and ${end} are missing.`)
    return `${text.slice(0, before + begin.length)}\n${make()}\n${text.slice(after)}`
  }, markdown)
}

const giverWords = (giver: Giver) =>
  giver === 'own requester' ? 'requester (own job)' : giver === 'decider' ? 'who decided' : giver

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => (cell === '' ? '–' : cell)).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

function statusesOf(failureClass: FailureClass): number[] {
  const errors = Array.from({ length: 200 }, (_, index) => 400 + index)
  return errors.filter((httpStatus) => {
    const { ruleId, ...verdict } = decide(callSignal('create', { httpStatus, code: null }), builtinRules)
    return ruleId !== null && verdict.class === failureClass
  })
}

/** What the rules of a class name; a star stands for what stops the queue. */
function values(failureClass: FailureClass, kinds: readonly SignalKind[]): string {
  const named = builtinRules.filter((rule) => rule.class === failureClass && kinds.includes(rule.signal.kind))
  const words = named.map(({ signal, stopsQueue }) => {
    const value = signal.kind === 'check' ? 'checks_failed' : signal.value
    return `\`${value}\`${stopsQueue ? ' (stops the queue)' : ''}`
  })
  return [...new Set(words)].sort().join(' ')
}

function ranges(numbers: number[]): string {
  const found: [number, number][] = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else found.push([number, number])
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}
