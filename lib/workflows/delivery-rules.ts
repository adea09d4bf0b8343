/** What a delivery must keep to among the rest of a workflow. Pure. */
import { readSecret } from '@/lib/tools/tool-environment'
import { schemaAtPointer, typesOf, typeWords, type ValueType } from './answer-paths'
import type { FieldProblem } from './file-words'
import { isRecord } from './schema-rules'
import type { Path } from './yaml-source'

type Json = Record<string, unknown>

const isPointer = (text: string) => text === '' || text.startsWith('/')

/** What is wrong with `delivery` of `workflow`; what cannot be read is passed over. */
export function deliveryProblems(workflow: Json): FieldProblem[] {
  const { delivery } = workflow
  if (!isRecord(delivery)) return []
  const path: Path = ['delivery']
  switch (delivery.kind) {
    case 'http':
      return [
        ...placeProblems(workflow, 'result', delivery.body, [...path, 'body']),
        ...environmentProblems(delivery, path),
      ]
    case 'file':
      return placeProblems(workflow, 'result', delivery.content, [...path, 'content'])
    case 'email':
      return [
        ...(['to', 'subject', 'text'] as const).flatMap((field) =>
          sourceProblems(workflow, delivery[field], [...path, field]),
        ),
        ...addressProblems(workflow, delivery.to, [...path, 'to']),
      ]
    default:
      return []
  }
}

function environmentProblems({ secretHeader, signingSecretEnv }: Json, path: Path): FieldProblem[] {
  const named: [value: unknown, path: Path][] = [
    [isRecord(secretHeader) ? secretHeader.env : undefined, [...path, 'secretHeader', 'env']],
    [signingSecretEnv, [...path, 'signingSecretEnv']],
  ]
  return named.flatMap(([value, at]): FieldProblem[] => {
    if (typeof value !== 'string' || readSecret(value, () => 'a value') !== undefined) return []
    const message = `"${value}" opens Holdpoint itself, and no delivery carries it. Name a variable of its own.`
    return [{ path: at, message }]
  })
}

const WHOLE = { input: 'the form', result: 'the answer' } as const

/** A text comes from one place, which can hold one. */
function sourceProblems(workflow: Json, source: unknown, path: Path): FieldProblem[] {
  if (!isRecord(source)) return []
  return (['input', 'result'] as const).flatMap((from) => {
    const at = [...path, from]
    const problems = placeProblems(workflow, from, source[from], at)
    if (problems.length > 0) return problems
    const types = typesAt(workflow, from, source[from])
    if (types === null || types.some((type) => type === 'string' || type === 'number')) return []
    return [
      {
        path: at,
        message: `At "${source[from]}" of ${WHOLE[from]} stands ${typeWords(types)}, and an e-mail needs text.`,
      },
    ]
  })
}

function placeProblems(workflow: Json, from: 'input' | 'result', pointer: unknown, path: Path): FieldProblem[] {
  const root = schemaOf(workflow, from)
  if (typeof pointer !== 'string' || !isPointer(pointer) || root === null) return []
  if (pointer.split('/').includes('*')) {
    return [{ path, message: '* stands for many entries, and here one is needed. Write its number, such as 0.' }]
  }
  const placed = schemaAtPointer(pointer, root, WHOLE[from])
  return placed.ok ? [] : [{ path, message: placed.problem }]
}

function typesAt(workflow: Json, from: 'input' | 'result', pointer: unknown): ValueType[] | null {
  const root = schemaOf(workflow, from)
  if (typeof pointer !== 'string' || root === null) return null
  const placed = schemaAtPointer(pointer, root, WHOLE[from])
  return placed.ok ? typesOf(root, placed.schema) : null
}

function schemaOf({ inputSchema, output }: Json, from: 'input' | 'result'): Json | null {
  const schema = from === 'input' ? inputSchema : isRecord(output) ? output.schema : null
  return isRecord(schema) ? schema : null
}

/** Without an address nothing could be sent, and that would come out only once it was approved. */
function addressProblems({ inputSchema }: Json, to: unknown, path: Path): FieldProblem[] {
  if (!isRecord(to)) return []
  if (typeof to.value === 'string' && !/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(to.value)) {
    return [{ path: [...path, 'value'], message: `"${to.value}" is no e-mail address. One is needed.` }]
  }
  const field = typeof to.input === 'string' ? /^\/([^/]+)$/.exec(to.input)?.[1] : undefined
  if (field === undefined || !isRecord(inputSchema)) return []
  const names = isRecord(inputSchema.properties) ? Object.keys(inputSchema.properties) : []
  const required = Array.isArray(inputSchema.required) ? inputSchema.required : []
  if (!names.includes(field) || required.includes(field)) return []
  const message = `"${field}" may be left out of the form, and without it nothing can be sent. List it under "required".`
  return [{ path: [...path, 'input'], message }]
}
