import { expect, test } from 'vitest'
import { builtinRules } from './builtin'
import type { Rule } from './types'
import { thenWords, toldWords, whenParts, whenWords } from './words'

const AS_THE_WORKFLOW = { firstSeconds: null, factor: null, capSeconds: null, maxAttempts: null }
const RULE: Rule = {
  id: 'a',
  signal: { kind: 'code', value: 'odd_code' },
  where: null,
  class: 'infrastructure',
  retry: AS_THE_WORKFLOW,
  stopsQueue: false,
  countsTries: true,
  tell: 'nobody',
  sentence: null,
}

test.each<[string, Rule['signal'], Rule['where']]>([
  ['Code odd_code', { kind: 'code', value: 'odd_code' }, null],
  ['Code odd_code when it is sent', { kind: 'code', value: 'odd_code' }, 'create'],
  ['Code odd_code when it is looked at', { kind: 'code', value: 'odd_code' }, 'look'],
  ['HTTP 5xx', { kind: 'http_status', value: '5xx' }, null],
  ['No connection, so that nothing was sent', { kind: 'http_status', value: 'none' }, 'create'],
  ['Incomplete: steered', { kind: 'incomplete', value: 'steered' }, null],
  ['Any check fails', { kind: 'check', value: '*' }, null],
  ['The check quotes fails', { kind: 'check', value: 'quotes' }, null],
  ['Holdpoint stopped it: gone', { kind: 'stop', value: 'gone' }, null],
])('says "%s"', (words, signal, where) => {
  expect(whenWords({ signal, where })).toBe(words)
  const theirs = whenParts({ signal, where }).filter(({ isTheirs }) => isTheirs)
  // What is set apart is the value as it was written, and nothing else.
  expect(theirs.every(({ text }) => text === signal.value)).toBe(true)
})

test.each<[string, Partial<Rule>]>([
  ['Tried again by itself, as its workflow says.', {}],
  [
    'Tried again by itself, first after 2 s, times 3 each time, at most 60 s apart, at most 5 attempts.',
    { retry: { firstSeconds: 2, factor: 3, capSeconds: 60, maxAttempts: 5 } },
  ],
  [
    'Tried again by itself, at once, at most 1 attempt.',
    { retry: { ...AS_THE_WORKFLOW, firstSeconds: 0, maxAttempts: 1 } },
  ],
  ['Tried again by itself, as its workflow says. It uses up no try.', { countsTries: false }],
  [
    'Sending of its workflow stops until a lead resumes it; the job waits. Leads are told.',
    { retry: null, stopsQueue: true, countsTries: false, tell: 'leads' },
  ],
  ['The job fails, and is not tried again by itself.', { retry: null }],
  ['The job fails.', { class: 'policy', retry: null }],
  ['Held for a person. Whoever asked for the job is told.', { class: 'unclassified', retry: null, tell: 'requester' }],
])('says "%s"', (words, change) => {
  expect(thenWords({ ...RULE, ...change })).toBe(words)
})

test('people read the sentence of the rule, else what Holdpoint has for the code or the status', () => {
  expect(toldWords({ ...RULE, sentence: 'Ours.' })).toBe('Ours.')
  expect(toldWords({ ...RULE, signal: { kind: 'code', value: 'server_error' } })).toBe(
    'OpenAI had an error of its own.',
  )
  expect(toldWords({ ...RULE, signal: { kind: 'http_status', value: '503' } })).toBe('OpenAI was overloaded.')
})

test('no two built-in rules read alike', () => {
  const read = builtinRules.map(whenWords)
  expect(new Set(read).size).toBe(read.length)
})
