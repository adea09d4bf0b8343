/** What the parts of a workflow must keep to among each other. Pure. */
import { readSecret } from '@/lib/tools/tool-environment'
import { notThere, plain, propertyNames, propertyOf, schemaAtPointer } from './answer-paths'
import { deliveryProblems } from './delivery-rules'
import { type FieldProblem, nameOf } from './file-words'
import { reviewProblems } from './policy-rules'
import { badPattern, capital, isPattern, isRecord, schemaProblems, strictModeProblems } from './schema-rules'
import type { Path } from './yaml-source'

type Json = Record<string, unknown>

/**
 * What is wrong with `workflow` beyond the form of its fields. It may still have problems of form: what cannot be read
 * is passed over, so that all problems are told at once.
 */
export function ruleProblems(workflow: Json): FieldProblem[] {
  return [
    ...textProblems(workflow, []),
    ...plainProblems(workflow),
    ...schemasOf(workflow).flatMap(({ schema, path }) => schemaProblems(schema, path)),
    ...answerProblems(workflow),
    ...toolProblems(workflow),
    ...checkProblems(workflow),
    ...reviewProblems(workflow),
    ...deliveryProblems(workflow),
    ...numberProblems(workflow),
  ]
}

/** The database cannot store these, and no screen shows them. */
function textProblems(value: unknown, path: Path): FieldProblem[] {
  if (typeof value === 'string') {
    if (!value.includes('\u0000') && value.isWellFormed()) return []
    const message = `${capital(nameOf(path))} has a character that cannot be stored (NUL, or half of a pair). Remove it.`
    return [{ path, message }]
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => textProblems(one, [...path, index]))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, one]) => {
    const at = [...path, key]
    const named = key === '__proto__' || key.includes('\u0000') || !key.isWellFormed()
    const message = 'A field cannot have this name.'
    return [...(named ? [{ path: at, part: 'key' as const, message }] : []), ...textProblems(one, at)]
  })
}

function plainProblems(workflow: Json): FieldProblem[] {
  const problems: FieldProblem[] = []
  for (const field of ['name', 'instructions', 'model']) {
    const value = workflow[field]
    // An empty name is a problem of form already.
    if (typeof value === 'string' && value.trim() === '' && !(field === 'name' && value === '')) {
      problems.push({ path: [field], message: `"${field}" is empty. Write something.` })
    }
  }
  if (workflow.key === 'import') {
    problems.push({ path: ['key'], message: 'The key "import" is the address of a page. Choose another.' })
  }
  return problems
}

function schemasOf(workflow: Json): { schema: Json; path: Path }[] {
  const output = isRecord(workflow.output) ? workflow.output : {}
  const tools = Array.isArray(workflow.tools) ? workflow.tools : []
  const candidates: { schema: unknown; path: Path }[] = [
    { schema: workflow.inputSchema, path: ['inputSchema'] },
    { schema: output.schema, path: ['output', 'schema'] },
    ...tools.map((tool, index) => ({
      schema: isRecord(tool) ? tool.parameters : undefined,
      path: ['tools', index, 'parameters'],
    })),
  ]
  return candidates.flatMap(({ schema, path }) => (isRecord(schema) ? [{ schema, path }] : []))
}

function answerProblems(workflow: Json): FieldProblem[] {
  const path = ['output', 'schema']
  const schema = isRecord(workflow.output) ? workflow.output.schema : undefined
  if (!isRecord(schema)) return []
  return [...strictModeProblems(schema, path), ...evidenceProblems(workflow, schema)]
}

function evidenceProblems(workflow: Json, answer: Json): FieldProblem[] {
  const { evidence, documents } = workflow
  if (!isRecord(evidence) || typeof evidence.claims !== 'string') return []
  const problems: FieldProblem[] = []
  if (isRecord(documents) && documents.max === 0) {
    const message =
      '"evidence" asks for quotes from documents, but "max" of "documents" is 0. Allow some, or write "evidence: null".'
    problems.push({ path: ['evidence'], part: 'key', message })
  }
  const list = propertyOf(answer, answer, evidence.claims)
  if (list === null) {
    const path = ['evidence', 'claims']
    return [...problems, { path, message: notThere(evidence.claims, 'the answer', propertyNames(answer, answer)) }]
  }
  const claim = isRecord(list.items) ? plain(answer, list.items) : null
  if (list.type !== 'array' || claim === null) {
    const message = `"${evidence.claims}" of the answer is no list. Claims stand in a list.`
    return [...problems, { path: ['evidence', 'claims'], message }]
  }
  const names = propertyNames(answer, claim)
  for (const field of ['text', 'value'] as const) {
    const property = evidence[field]
    if (typeof property !== 'string' || names.includes(property)) continue
    problems.push({ path: ['evidence', field], message: notThere(property, `an entry of "${evidence.claims}"`, names) })
  }
  if (!hasCitations(answer, claim)) {
    const message = `An entry of "${evidence.claims}" needs "citations": a list of entries with "document" and "quote", both text.`
    problems.push({ path: ['evidence', 'claims'], message })
  }
  return problems
}

function hasCitations(answer: Json, claim: Json): boolean {
  const citations = propertyOf(answer, claim, 'citations')
  const entry = citations !== null && isRecord(citations.items) ? plain(answer, citations.items) : null
  return (
    citations?.type === 'array' &&
    entry !== null &&
    ['document', 'quote'].every((name) => propertyOf(answer, entry, name)?.type === 'string')
  )
}

function toolProblems(workflow: Json): FieldProblem[] {
  const tools = Array.isArray(workflow.tools) ? workflow.tools : []
  const seen = new Set<string>()
  return tools.flatMap((tool, index): FieldProblem[] => {
    if (!isRecord(tool)) return []
    const environment = environmentProblems(tool, ['tools', index])
    if (environment.length > 0) return environment
    const field = tool.type === 'function' ? 'name' : tool.type === 'mcp' ? 'serverLabel' : 'type'
    const name = tool[field]
    if (typeof name !== 'string') return []
    const path = ['tools', index, field]
    if (!seen.has(`${field} ${name}`)) {
      seen.add(`${field} ${name}`)
      return []
    }
    if (field === 'type') return [{ path, message: `"${name}" stands there twice. Once is enough.` }]
    return [{ path, message: `Two tools are called "${name}". Give each its own name.` }]
  })
}

/** A call would go out without what these hold: no tool is ever given them. */
function environmentProblems(tool: Json, path: Path): FieldProblem[] {
  const header = isRecord(tool.secretHeader) ? tool.secretHeader.env : undefined
  const named: [value: unknown, path: Path][] = [
    [header, [...path, 'secretHeader', 'env']],
    [tool.signingSecretEnv, [...path, 'signingSecretEnv']],
    [tool.authorizationEnv, [...path, 'authorizationEnv']],
  ]
  return named.flatMap(([value, at]): FieldProblem[] => {
    if (typeof value !== 'string' || readSecret(value, () => 'a value') !== undefined) return []
    return [
      { path: at, message: `"${value}" opens Holdpoint itself, and no tool is given it. Name a variable of its own.` },
    ]
  })
}

function checkProblems(workflow: Json): FieldProblem[] {
  const checks = Array.isArray(workflow.checks) ? workflow.checks : []
  const answer = isRecord(workflow.output) && isRecord(workflow.output.schema) ? workflow.output.schema : null
  const seen = new Set<unknown>()
  return checks.flatMap((check, index): FieldProblem[] => {
    if (!isRecord(check)) return []
    const problems: FieldProblem[] = []
    const path = ['checks', index]
    if (typeof check.id === 'string' && seen.has(check.id)) {
      problems.push({ path: [...path, 'id'], message: `Two checks have the id "${check.id}". Give each its own.` })
    }
    seen.add(check.id)
    const { must } = check
    if (isRecord(must) && typeof must.pattern === 'string' && !isPattern(must.pattern)) {
      const at = [...path, 'must', 'pattern']
      problems.push({ path: at, message: badPattern(at) })
    }
    if (typeof check.at === 'string' && /^(\/|$)/.test(check.at) && answer !== null) {
      const placed = schemaAtPointer(check.at, answer, 'the answer')
      if (!placed.ok) problems.push({ path: [...path, 'at'], message: placed.problem })
    }
    return problems
  })
}

function numberProblems(workflow: Json): FieldProblem[] {
  const problems: FieldProblem[] = []
  const number = (group: string, field: string) => {
    const value = isRecord(workflow[group]) ? workflow[group][field] : undefined
    return typeof value === 'number' ? value : null
  }
  const expectOrder = (group: string, small: string, large: string, why: string) => {
    const one = number(group, small)
    const other = number(group, large)
    if (one === null || other === null || one <= other) return
    problems.push({
      path: [group, small],
      message: `"${small}" of "${group}" is ${one}, more than "${large}", which is ${other}. ${why}`,
    })
  }
  expectOrder('documents', 'min', 'max', 'No job could be started.')
  expectOrder('limits', 'noProgressMinutes', 'deadlineMinutes', 'The deadline would always pass first.')
  expectOrder('retry', 'firstSeconds', 'capSeconds', 'No delay may be longer than the cap.')
  expectOrder('budget', 'perJobUsd', 'perDayUsd', 'The budget of a day would always be used up first.')
  expectOrder('budget', 'perDayUsd', 'totalUsd', 'The whole budget would always be used up first.')
  expectOrder('budget', 'perJobUsd', 'totalUsd', 'The whole budget would always be used up first.')
  return problems
}
