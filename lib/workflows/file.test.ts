import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBuiltins } from './builtin.server'
import { type WorkflowDefinition, workflowDefinition } from './definition'
import { headed, readWorkflowFile, writeWorkflowFile } from './file'
import { VALID } from './fixtures'

const schemaUrl = 'http://localhost:3000/workflow.schema.json'

/** The problems of `text`, as `line:column sentence`. */
function problemsOf(text: string): string[] {
  const read = readWorkflowFile(text)
  return read.ok ? [] : read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

const SPOILT: [what: string, spoil: (text: string) => string, problems: string[]][] = [
  [
    'an empty file',
    () => '',
    ['1:1 This is no workflow: a workflow has fields, each on a line of its own, such as "key: report".'],
  ],
  [
    'a list',
    () => '- a\n- b\n',
    ['1:1 This is no workflow: a workflow has fields, each on a line of its own, such as "key: report".'],
  ],
  [
    'a quote that is not closed',
    (t) => t.replace('name: Refund', 'name: "Refund'),
    ['3:14 Something is missing here: a closing quote or bracket, a colon, or the space after it.'],
  ],
  [
    'a tab as indent',
    (t) => t.replace('  approvals: 1', '\tapprovals: 1'),
    [
      '78:1 A tab stands where spaces belong. Indent with spaces.',
      '79:24 A field begins where a value belongs. Put it on a line of its own, or the text in quotes.',
      '80:13 A field begins where a value belongs. Put it on a line of its own, or the text in quotes.',
    ],
  ],
  [
    'a line indented too far',
    (t) => t.replace('  approvals: 1', '    approvals: 1'),
    [
      '79:1 This line is not indented as those that it belongs to, or a quote or bracket before it is not closed. Look at both.',
      '80:1 This line is not indented as those that it belongs to, or a quote or bracket before it is not closed. Look at both.',
      '81:1 This line is not indented as those that it belongs to, or a quote or bracket before it is not closed. Look at both.',
    ],
  ],
  [
    'a colon in plain text',
    (t) => t.replace('name: Refund', 'name: Refund: the proposal'),
    ['3:7 A field begins where a value belongs. Put it on a line of its own, or the text in quotes.'],
  ],
  [
    'a field that stands there twice',
    (t) => `${t}model: other\n`,
    ['101:1 This field stands there twice. Remove one of the two.'],
  ],
  [
    'a tag',
    (t) => t.replace('model: gpt-5.5', 'model: !secret x'),
    ['10:8 Tags (!name) are not used here. Remove it, or put the text in quotes.'],
  ],
  [
    'an alias without its anchor',
    (t) => t.replace('model: gpt-5.5', 'model: *big'),
    ['10:8 This alias (*name) names no anchor (&name) before it. Write out what it stands for.'],
  ],
  [
    'two documents',
    (t) => `${t}---\nkey: two\n`,
    ['101:1 A second document begins here (---). A file holds one workflow.'],
  ],
  [
    'a misspelt field',
    (t) => t.replace('model: gpt', 'modle: gpt'),
    ['10:1 "modle" is not a field of a workflow. Did you mean "model"?'],
  ],
  [
    'a field in another spelling',
    (t) => t.replace('dueHours', 'due_hours'),
    ['80:3 "due_hours" is not a field of "review". Did you mean "dueHours"?'],
  ],
  [
    'a field that nobody knows',
    (t) => t.replace('model: gpt', 'zebra: 1\nmodel: gpt'),
    ['10:1 "zebra" is not a field of a workflow. Remove it.'],
  ],
  ['a field that is missing', (t) => t.replace('  dueHours: 24\n', ''), ['77:1 "dueHours" of "review" is missing.']],
  [
    'a word for a number',
    (t) => t.replace('approvals: 1', 'approvals: two'),
    ['78:14 "approvals" of "review" must be a number, and is "two".'],
  ],
  [
    'a fraction',
    (t) => t.replace('approvals: 1', 'approvals: 1.5'),
    ['78:14 "approvals" of "review" must be a whole number, and is 1.5.'],
  ],
  [
    'a number for text',
    (t) => t.replace('name: Refund', 'name: 2024'),
    ['3:7 "name" must be text, and is 2024. Put it in quotes.'],
  ],
  ['a field without a value', (t) => t.replace('name: Refund', 'name:'), ['3:1 "name" is empty, and must be text.']],
  [
    'yes for true',
    (t) => t.replace('requesterMayApprove: true', 'requesterMayApprove: yes'),
    ['79:24 "requesterMayApprove" of "review" must be true or false, and is "yes".'],
  ],
  [
    'a word that is not among the choices',
    (t) => t.replace('kind: json', 'kind: reprot'),
    [
      '5:7 "kind" must be report, fields, digest, draft, recommendation, action, or json, and is "reprot". Did you mean report?',
    ],
  ],
  [
    'a number that is too small',
    (t) => t.replace('dueHours: 24', 'dueHours: 0'),
    ['80:13 "dueHours" of "review" must be more than 0.'],
  ],
  [
    'a number that is too large',
    (t) => t.replace('approvals: 1', 'approvals: 11'),
    ['78:14 "approvals" of "review" must be at most 10.'],
  ],
  [
    'a key in capitals',
    (t) => t.replace('key: refund', 'key: Refund!'),
    ['2:6 "key" must begin with a small letter and have 2 to 41 small letters, digits and hyphens.'],
  ],
  [
    'a key that is a page',
    (t) => t.replace('key: refund', 'key: import'),
    ['2:6 The key "import" is the address of a page. Choose another.'],
  ],
  [
    'a text that is too long',
    (t) => t.replace('description: Pro', `description: ${'x'.repeat(301)}Pro`),
    ['4:14 "description" may have 300 characters, and has 336. Shorten it.'],
  ],
  [
    'a tool of an unknown type',
    (t) => t.replace('type: function', 'type: funktion'),
    [
      '13:11 "type" of entry 1 of "tools" must be function, mcp, web_search, file_search, or code_interpreter, and is "funktion". Did you mean function?',
    ],
  ],
  [
    'a tool without a type',
    (t) => t.replace('  - type: function\n    name: look_up_order', '  - name: look_up_order'),
    ['13:5 "type" of entry 1 of "tools" is missing.'],
  ],
  [
    'a risk that there is not',
    (t) => t.replace('risk: write', 'risk: writes'),
    ['35:11 "risk" of entry 2 of "tools" must be read, write, or forbidden, and is "writes". Did you mean write?'],
  ],
  [
    'an address that is not http',
    (t) => t.replace('http://127.0.0.1:4477/issue', 'ftp://127.0.0.1/issue'),
    ['36:10 "url" of entry 2 of "tools" must be an address that begins with http:// or https://.'],
  ],
  [
    'a secret of Holdpoint itself',
    (t) =>
      t.replace('issue-refund\n', 'issue-refund\n    secretHeader: { name: authorization, env: OPENAI_API_KEY }\n'),
    ['37:47 "OPENAI_API_KEY" opens Holdpoint itself, and no tool is given it. Name a variable of its own.'],
  ],
  [
    'two tools of one name',
    (t) => t.replace('name: issue_refund', 'name: look_up_order'),
    ['25:11 Two tools are called "look_up_order". Give each its own name.'],
  ],
  [
    'a field that tools do not have',
    (t) => t.replace('    touches:', '    touch:'),
    ['27:5 "touch" is not a field of entry 2 of "tools". Remove it.'],
  ],
  [
    'a type that JSON Schema does not have',
    (t) => t.replace('    parameters:\n      type: object', '    parameters:\n      type: objekt'),
    [
      '17:13 "type" of "parameters" of entry 1 of "tools" cannot stand in a JSON Schema: it must be array, boolean, integer, null, number, object, or string.',
    ],
  ],
  [
    'null without quotes',
    (t) => t.replace('type: [string, "null"]', 'type: [string, null]'),
    [
      '54:24 Entry 2 of "type" of "output.schema.properties.answer" cannot stand in a JSON Schema: it is empty. The word null needs quotes: "null".',
    ],
  ],
  [
    'a misspelt keyword of JSON Schema',
    (t) => t.replace('maxLength: 200', 'maxlenght: 200'),
    ['45:7 "maxlenght" means nothing in a JSON Schema. Did you mean "maxLength"?'],
  ],
  [
    'a pattern in a form that does not compile',
    (t) => t.replace('maxLength: 200', 'pattern: "[a"'),
    [
      '45:16 "pattern" of "inputSchema.properties.wish" is no regular expression. Is a bracket not closed, or a backslash too much?',
    ],
  ],
  [
    'a reference into nothing',
    (t) => t.replace('type: [string, "null"]', '$ref: "#/$defs/none"'),
    ['54:15 "#/$defs/none" is not in this schema. A reference reads like "#/$defs/name".'],
  ],
  [
    'an answer open to more fields',
    (t) =>
      t.replace(
        '    required: [answer, findings]\n    additionalProperties: false\n',
        '    required: [answer, findings]\n',
      ),
    ['51:5 "schema" of "output" needs "additionalProperties: false": the answer is asked for in strict mode.'],
  ],
  [
    'an answer with an optional field',
    (t) => t.replace('required: [answer, findings]', 'required: [answer]'),
    [
      '72:15 "schema" of "output" must list "findings" under "required": in strict mode all are. What may be missing is of the type [string, "null"].',
    ],
  ],
  [
    'a required field that is no property',
    (t) => t.replace('required: [answer, findings]', 'required: [answer, findings, fnidings]'),
    ['72:34 "fnidings" is required, but no property. Did you mean "findings"?'],
  ],
  [
    'a keyword that strict mode refuses',
    (t) => t.replace('type: [string, "null"]', 'oneOf: [{type: string}]'),
    ['54:9 "oneOf" is refused in the schema of an answer, which is asked for in strict mode. Use "anyOf".'],
  ],
  [
    'a form that is no object',
    (t) => t.replace('inputSchema:\n  type: object', 'inputSchema:\n  type: array'),
    ['40:3 "inputSchema" must describe an object: add "type: object".'],
  ],
  [
    'evidence in a property that the answer does not have',
    (t) => t.replace('claims: findings', 'claims: finding'),
    ['75:11 "finding" is no property of the answer. Did you mean "findings"?'],
  ],
  [
    'evidence whose text is no property',
    (t) => t.replace('text: claim', 'text: statement'),
    ['76:9 "statement" is no property of an entry of "findings". It has "claim" and "citations".'],
  ],
  [
    'evidence that is no list',
    (t) => t.replace('claims: findings', 'claims: answer'),
    ['75:11 "answer" of the answer is no list. Claims stand in a list.'],
  ],
  [
    'claims without citations',
    (t) => t.replace('required: [claim, citations]', 'required: [claim, quotes]').replace('citations:', 'quotes:'),
    ['75:11 An entry of "findings" needs "citations": a list of entries with "document" and "quote", both text.'],
  ],
  [
    'a check that forgets the entries of a list',
    (t) => t.replace('at: /findings/*/claim', 'at: /findings/claim'),
    ['92:9 "/findings" is a list: write * for each of its entries in place of "claim".'],
  ],
  [
    'a check of a property that is not there',
    (t) => t.replace('at: /findings/*/claim', 'at: /findings/*/clam'),
    ['92:9 "clam" is no property of "/findings/*". Did you mean "claim"?'],
  ],
  [
    'a check whose pattern does not compile',
    (t) => t.replace('pattern: "^[A-Z]"', 'pattern: "^[A-Z"'),
    [
      '93:36 "pattern" of "must" of entry 1 of "checks" is no regular expression. Is a bracket not closed, or a backslash too much?',
    ],
  ],
  [
    'a check of an unknown kind',
    (t) => t.replace('be: matching', 'be: like'),
    [
      '93:17 "be" of "must" of entry 1 of "checks" must be present, equal, one_of, at_most, at_least, or matching, and is "like".',
    ],
  ],
  [
    'two checks of one id',
    (t) => t.replace('id: short', 'id: capital'),
    ['94:9 Two checks have the id "capital". Give each its own.'],
  ],
  [
    'fewer documents allowed than needed',
    (t) => t.replace('min: 1', 'min: 60'),
    ['38:19 "min" of "documents" is 60, more than "max", which is 5. No job could be started.'],
  ],
  [
    'limits that contradict each other',
    (t) => t.replace('noProgressMinutes: 20', 'noProgressMinutes: 200'),
    [
      '84:22 "noProgressMinutes" of "limits" is 200, more than "deadlineMinutes", which is 120. The deadline would always pass first.',
    ],
  ],
  [
    'budgets that contradict each other',
    (t) => t.replace('perJobUsd: 2', 'perJobUsd: 200'),
    [
      '99:14 "perJobUsd" of "budget" is 200, more than "perDayUsd", which is 50. The budget of a day would always be used up first.',
    ],
  ],
  [
    'a character that cannot be stored',
    (t) => t.replace('model: gpt-5.5', 'model: "gpt\\0"'),
    ['10:8 "model" has a character that cannot be stored (NUL, or half of a pair). Remove it.'],
  ],
  [
    'several problems at once, in the order of their lines',
    (t) =>
      t
        .replace('approvals: 1', 'approvals: two')
        .replace('risk: write', 'risk: maybe')
        .replace('name: Refund', 'nmae: Refund'),
    [
      '3:1 "nmae" is not a field of a workflow. Did you mean "name"?',
      '35:11 "risk" of entry 2 of "tools" must be read, write, or forbidden, and is "maybe".',
      '78:14 "approvals" of "review" must be a number, and is "two".',
    ],
  ],
]

test('a file that says what it must is read, with defaults for the rest', () => {
  const read = readWorkflowFile(VALID)
  expect(read).toMatchObject({
    ok: true,
    definition: {
      key: 'refund',
      instructions: 'Read the complaint.\n\nPropose a refund.\n',
      tools: [
        { name: 'look_up_order', timeoutSeconds: 30 },
        { name: 'issue_refund', risk: 'write' },
      ],
      budget: { perJobUsd: 2, perDayUsd: 50, totalUsd: null },
      delivery: { kind: 'none' },
    },
  })
})

test.each(SPOILT)('%s is told with its place', (_what, spoil, problems) => {
  const text = spoil(VALID)
  expect(text).not.toBe(VALID)
  expect(problemsOf(text)).toEqual(problems)
})

test('a schema may be read as often as one likes, under whatever name it gives itself', () => {
  const named = (type: string) =>
    VALID.replace('inputSchema:\n', 'inputSchema:\n  $id: https://example.org/form\n').replace(
      'type: string\n      title',
      `type: ${type}\n      title`,
    )
  for (const type of ['string', 'number', 'string']) expect(problemsOf(named(type))).toEqual([])
})

test('what would unfold to far more than was written is refused, and so is what is nested without end', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'].map((pair) => pair.split(''))) {
    bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`)
  }
  expect(problemsOf(bomb.join('\n'))).toEqual(['1:1 The aliases (*name) unfold to too much. Write it out.'])
  expect(problemsOf('['.repeat(50_000))[0]).toMatch(/nested too deeply|indented/)
  expect(problemsOf(`name: ${'x'.repeat(500_000)}`)).toEqual([
    '1:1 The file has 500006 characters, and at most 400000 are read. Shorten it.',
  ])
})

test('an alias may stand for what was written before, and problems in it are told where it was written', () => {
  const aliased = VALID.replace('claim: { type: string }', 'claim: &text { type: string }').replace(
    'document: { type: string }',
    'document: *text',
  )
  const read = readWorkflowFile(aliased)
  expect(read.ok && read.definition).toEqual(valid())
})

function valid(): WorkflowDefinition {
  const read = readWorkflowFile(VALID)
  if (!read.ok) throw new Error('The example is spoilt.')
  return read.definition
}

const text = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((value) => !value.includes('\u0000') && value.isWellFormed())
const words = text.filter((value) => value.trim() !== '')
/** Several lines with all that YAML minds: indents, dashes, colons, hashes, white space at the end. */
const prose = fc
  .array(
    fc.oneof(
      words,
      fc.constantFrom('', '  - a: b', '# no comment', 'key: value ', '\ttab', '---', '"', "'", '|', '> x', '...', '%'),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((lines) => lines.join('\n'))
  .filter((value) => value.trim() !== '')
const amount = fc.double({ min: 0.01, max: 1_000_000, noNaN: true })
const hours = fc.double({ min: 0.01, max: 8_760, noNaN: true })
const fieldName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => name !== '__proto__' && !name.includes('\u0000') && name.isWellFormed())

const properties = fc.dictionary(
  fieldName,
  fc.record(
    {
      type: fc.constantFrom('string', 'number', 'boolean'),
      title: text,
      default: fc.oneof(text, fc.boolean(), fc.constant(null)),
      enum: fc.array(text, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['type'] },
  ),
  { maxKeys: 4 },
)
const objectSchema = properties.map((fields) => ({
  type: 'object',
  properties: fields,
  required: Object.keys(fields),
  additionalProperties: false,
}))
const risk = fc.constantFrom('read' as const, 'write' as const, 'forbidden' as const)
const tool = fc.oneof(
  fc.record({
    type: fc.constant('function' as const),
    description: words,
    parameters: objectSchema,
    risk,
    url: fc.webUrl({ validSchemes: ['http', 'https'] }),
    touches: text,
    timeoutSeconds: fc.integer({ min: 1, max: 600 }),
  }),
  fc.record({
    type: fc.constant('mcp' as const),
    serverUrl: fc.webUrl({ validSchemes: ['https'] }),
    risk,
    tools: fc.dictionary(fieldName, risk, { maxKeys: 3 }),
  }),
)

const definitions = fc
  .record({
    name: words,
    description: text,
    kind: fc.constantFrom('report', 'fields', 'digest', 'json'),
    instructions: prose,
    model: words,
    maxOutputTokens: fc.integer({ min: 1, max: 1_000_000 }),
    tools: fc.array(tool, { maxLength: 3 }),
    maxInputCharacters: fc.integer({ min: 1 }),
    documents: fc.constant({ min: 0, max: 50 }),
    inputSchema: objectSchema,
    output: objectSchema.map((schema) => ({ name: 'answer', schema })),
    evidence: fc.constant(null),
    review: fc.record({
      approvals: fc.integer({ min: 0, max: 10 }),
      requesterMayApprove: fc.boolean(),
      dueHours: hours,
      undoSeconds: fc.nat({ max: 86_400 }),
    }),
    limits: amount.map((minutes) => ({ deadlineMinutes: minutes, noProgressMinutes: minutes })),
    retry: fc.record({
      maxAttempts: fc.integer({ min: 1, max: 20 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      capSeconds: amount,
    }),
    budget: fc.record({ perJobUsd: fc.constant(null), perDayUsd: fc.option(amount), totalUsd: fc.constant(null) }),
  })
  .map(({ tools, ...rest }) =>
    workflowDefinition.parse({
      key: 'generated',
      ...rest,
      tools: tools.map((one, index) => ({ ...one, [one.type === 'mcp' ? 'serverLabel' : 'name']: `tool${index}` })),
    }),
  )

test('whatever a definition holds, its file reads as the same, its fields in their order', () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      const file = writeWorkflowFile(definition, { schemaUrl })
      const read = readWorkflowFile(file)
      expect(read.ok ? [] : [read.problems, file]).toEqual([])
      if (!read.ok) return
      expect(read.definition).toEqual(definition)
      expect(JSON.stringify(read.definition.inputSchema)).toBe(JSON.stringify(definition.inputSchema))
      expect(JSON.stringify(read.definition.output)).toBe(JSON.stringify(definition.output))
    }),
    { numRuns: 60 },
  )
})

test.each(readBuiltins().map((definition) => [definition.name, definition] as const))(
  '%s reads as the same when it was written out',
  (_name, definition) => {
    expect(readWorkflowFile(writeWorkflowFile(definition, { schemaUrl }))).toEqual({ ok: true, definition })
  },
)

test('a file says where its schema is, once', () => {
  const once = headed('key: a\n', 'https://one/schema.json')
  expect(once).toBe('# yaml-language-server: $schema=https://one/schema.json\nkey: a\n')
  expect(headed(once, 'https://two/schema.json')).toBe(
    '# yaml-language-server: $schema=https://two/schema.json\nkey: a\n',
  )
})
