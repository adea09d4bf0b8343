import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { builtinRules } from '@/lib/rules/builtin'
import { commandTable, failureTable, lifecycleDiagram, withGeneratedBlocks } from './diagram'
import { commandNames, stateNames, transitions } from './table'

const ARCHITECTURE = path.resolve(import.meta.dirname, '../../ARCHITECTURE.md')

test('ARCHITECTURE.md says what the tables say (mend it with npm run docs)', () => {
  const written = fs.readFileSync(ARCHITECTURE, 'utf8')
  expect(written).toBe(withGeneratedBlocks(written))
})

test('the diagram has every state, and an arrow for every command that leads elsewhere', () => {
  const diagram = lifecycleDiagram()
  for (const state of stateNames) expect(diagram).toContain(` as ${state}\n`)
  const drawn = diagram.split('\n').flatMap((line) => {
    const [, from, to, commands] = /^ {2}(\S+) --> (\S+) : (.+)$/.exec(line) ?? []
    return commands === undefined ? [] : commands.split(', ').map((command) => `${from} ${command} ${to}`)
  })
  const expected = transitions().filter(({ from, to }) => from !== to)
  expect(drawn.sort()).toEqual(expected.map(({ from, command, to }) => `${from ?? '[*]'} ${command} ${to}`).sort())
})

test('the table has one row for each command', () => {
  const rows = commandTable().split('\n').slice(2)
  expect(rows.map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(commandNames)
})

test('every code that a rule names stands under its class', () => {
  const rows = new Map(
    failureTable()
      .split('\n')
      .slice(2)
      .map((row) => [/`(\w+)`/.exec(row)?.[1], row]),
  )
  for (const { class: failureClass, signal } of builtinRules) {
    if (signal.kind === 'http_status' || signal.kind === 'check') continue
    expect(rows.get(failureClass), signal.value).toContain(`\`${signal.value}\``)
  }
})

test('a text without the markers is refused, never left as it is', () => {
  expect(() => withGeneratedBlocks('# Architecture\n')).toThrow('lifecycle:begin')
})
