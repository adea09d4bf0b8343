import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { definitionWithTools } from './fixtures'
import { planCalls } from './plan-calls'

const definition = definitionWithTools()
const fine = '{"to":"Dana","amount":5}'
const call = (name: unknown, args: unknown = fine, id: unknown = 'call_1') => ({
  type: 'function_call',
  call_id: id,
  name,
  arguments: args,
})
const request = (server_label: unknown, name: unknown, id: unknown = 'mcpr_1', args = '{}') => ({
  type: 'mcp_approval_request',
  id,
  server_label,
  name,
  arguments: args,
})
const planOf = (item: unknown) => {
  const [planned] = planCalls(definition, [item])
  return planned === undefined ? null : [planned.risk, planned.state, planned.code]
}

describe('a call', () => {
  test.each([
    ['that reads is made', call('look_up'), ['read', 'permitted', null]],
    ['that writes waits', call('pay'), ['write', 'waiting', null]],
    ['that is forbidden is refused', call('close_account'), ['forbidden', 'refused', 'forbidden']],
    ['that nobody offered is refused', call('rm -rf'), ['forbidden', 'refused', 'not_offered']],
    ['named like a built-in of the language is refused', call('constructor'), ['forbidden', 'refused', 'not_offered']],
    ['without a name is refused', call(undefined), ['forbidden', 'refused', 'not_offered']],
    ['whose arguments are no JSON is refused', call('pay', '{"to":'), ['write', 'refused', 'bad_arguments']],
    ['whose arguments are no object is refused', call('pay', '[1]'), ['write', 'refused', 'bad_arguments']],
    ['without arguments is refused', call('pay', null), ['write', 'refused', 'bad_arguments']],
    ['against the schema is refused', call('pay', '{"to":"D","amount":-1}'), ['write', 'refused', 'bad_arguments']],
    [
      'with a field too many is refused',
      call('look_up', '{"to":"D","amount":1,"x":1}'),
      ['read', 'refused', 'bad_arguments'],
    ],
    [
      'too long to be read is refused',
      call('pay', `{"to":"${'x'.repeat(600_000)}","amount":1}`),
      ['write', 'refused', 'bad_arguments'],
    ],
    [
      'whose arguments are an object is taken as one',
      call('pay', { to: 'Dana', amount: 5 }),
      ['write', 'waiting', null],
    ],
    ['without an id is refused', call('pay', fine, null), ['write', 'refused', 'bad_id']],
    ['with an empty id is refused', call('pay', fine, ''), ['write', 'refused', 'bad_id']],
    ['with a NUL in its id is refused', call('pay', fine, 'a\u0000b'), ['write', 'refused', 'bad_id']],
    [
      'that names a field twice is refused',
      call('pay', '{"to":"D","amount":1,"amount":9}'),
      ['write', 'refused', 'bad_arguments'],
    ],
    [
      'that names a field twice at a server is refused',
      request('crm', 'update', 'mcpr_1', '{"a":[{"b":1,"\\u0062":2}]}'),
      ['write', 'refused', 'bad_arguments'],
    ],
    [
      'whose texts look like fields is not',
      request('crm', 'update', 'mcpr_1', '{"a":"\\"b\\": \\"c\\":", "d": "x\\\\", "e": {}}'),
      ['write', 'waiting', null],
    ],
    [
      'too deep to be read is refused',
      request('crm', 'update', 'mcpr_1', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`),
      ['write', 'refused', 'bad_arguments'],
    ],
    ['at a server that reads unless told otherwise is made', request('docs', 'search'), ['read', 'permitted', null]],
    ['of a named tool there that writes waits', request('docs', 'edit'), ['write', 'waiting', null]],
    ['at a server that writes waits', request('crm', 'update'), ['write', 'waiting', null]],
    [
      'of a named tool there that is forbidden is refused',
      request('crm', 'wipe'),
      ['forbidden', 'refused', 'forbidden'],
    ],
    ['of a built-in of the language there waits', request('crm', '__proto__'), ['write', 'waiting', null]],
    [
      'at a server that forbids what it does not name is refused',
      request('bank', 'close'),
      ['forbidden', 'refused', 'forbidden'],
    ],
    ['at a server that nobody offered is refused', request('evil', 'x'), ['forbidden', 'refused', 'not_offered']],
  ])('%s', (_name, item, plan) => {
    expect(planOf(item)).toEqual(plan)
  })

  test('that has its output in the same answer is none of ours', () => {
    const items = [
      call('pay'),
      { type: 'function_call_output', call_id: 'call_1', output: 'done' },
      request('crm', 'update'),
      { type: 'mcp_call', approval_request_id: 'mcpr_1' },
      request('crm', 'update', 'mcpr_2'),
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_2', approve: true },
    ]
    expect(planCalls(definition, items)).toEqual([])
  })

  test('keeps its place, and of two with one id the second is refused', () => {
    const planned = planCalls(definition, [{ type: 'reasoning' }, call('pay'), null, call('look_up')])
    expect(planned.map(({ position, state, code }) => [position, state, code])).toEqual([
      [1, 'waiting', null],
      [3, 'refused', 'repeated_id'],
    ])
  })
})

test('whatever the model writes, planning does not throw, and nothing that writes goes on without a person', () => {
  const hostile = fc.oneof(
    fc.anything(),
    fc.record(
      {
        type: fc.constantFrom('function_call', 'mcp_approval_request', 'function_call_output', 'message'),
        call_id: fc.oneof(fc.constantFrom('a', 'b'), fc.anything()),
        id: fc.oneof(fc.constantFrom('a', 'b'), fc.anything()),
        name: fc.oneof(fc.constantFrom('pay', 'look_up', 'close_account', 'find'), fc.anything()),
        server_label: fc.oneof(fc.constantFrom('crm', 'docs', 'bank'), fc.anything()),
        arguments: fc.oneof(fc.constant(fine), fc.json(), fc.string({ unit: 'binary' }), fc.anything()),
      },
      { requiredKeys: ['type'] },
    ),
  )
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 8 }), (items) => {
      const planned = planCalls(definition, items)
      for (const { state, risk, callId, name, code } of planned) {
        expect(state === 'permitted' ? risk : 'read').toBe('read')
        expect(risk === 'forbidden' ? state : 'refused').toBe('refused')
        expect((state === 'refused') === (code !== null)).toBe(true)
        // What PostgreSQL refuses is not in them.
        expect(`${callId}${name}`).not.toContain('\u0000')
        expect(`${callId}${name}`.isWellFormed()).toBe(true)
      }
      const open = planned.filter(({ state }) => state !== 'refused').map(({ callId }) => callId)
      expect(new Set(open).size).toBe(open.length)
    }),
    { numRuns: 300 },
  )
})

describe('arguments that a person would see otherwise than the tool reads them', () => {
  const deep = `${'['.repeat(300)}1${']'.repeat(300)}`
  const open = definitionWithTools([
    {
      type: 'function',
      name: 'pay',
      risk: 'write',
      description: 'A tool.',
      url: 'https://tools.example/x',
      parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
    },
    { type: 'mcp', serverLabel: 'crm', serverUrl: 'https://crm.example/mcp', risk: 'write' },
  ])
  test.each([
    ['a number that is another one when it is read', '{"account":12345678901234567891}'],
    ['a number that is none when it is written', '{"amount":1e999}'],
    ['levels beyond those that are shown', `{"a":${deep}}`],
    ['NUL', '{"a":"x\\u0000y"}'],
    ['half a character', '{"a":"x\\ud800"}'],
    ['two keys that look the same', '{"a\\u0000":1,"a\u2400":2}'],
  ])('are refused: %s', (_name, text) => {
    expect(planCalls(open, [call('pay', text), request('crm', 'x', 'mcpr_1', text)])).toMatchObject([
      { state: 'refused', code: 'bad_arguments' },
      { state: 'refused', code: 'bad_arguments' },
    ])
  })

  test('are not those with emoji, fractions, negative and large whole numbers', () => {
    const text = '{"a":"😀","b":-0.25,"c":9007199254740991,"d":[1.5e10,{"e":null}]}'
    expect(planCalls(open, [call('pay', text)])).toMatchObject([{ state: 'waiting' }])
  })
})
