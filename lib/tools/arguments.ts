/** The arguments of a call: what a model or a person wrote, against the schema of the tool. Pure. */
import { sanitiseJson } from '@/lib/store/sanitise'
import type { FunctionTool, WorkflowDefinition } from '@/lib/workflows/definition'
import { type InputError, validateInput } from '@/lib/workflows/input'
import { compileSchema } from '@/lib/workflows/schema'

/** Longer ones are not looked at: in UTF-16 units. A person could not read them either. */
export const LONGEST_ARGUMENTS = 500_000

export type Arguments = { ok: true; value: Record<string, unknown> } | { ok: false; why: string }

/** Reads the arguments of a function call. Nothing here throws, whatever the text is. */
export function readArguments(tool: Pick<FunctionTool, 'parameters'>, text: string): Arguments {
  if (text.length > LONGEST_ARGUMENTS) return { ok: false, why: 'The arguments are too long.' }
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, why: 'The arguments are no JSON object.' }
  }
  if (namesTwice(text)) return { ok: false, why: 'The arguments name a field twice, or are nested too deeply.' }
  if (cannotBeShown(text)) return { ok: false, why: 'The arguments hold something that cannot be shown as it is.' }
  const why = firstProblem(tool, value)
  return why === null ? { ok: true, value: value as Record<string, unknown> } : { ok: false, why }
}

function firstProblem({ parameters }: Pick<FunctionTool, 'parameters'>, value: object): string | null {
  try {
    const validate = compileSchema(parameters, { every: false })
    if (validate(value)) return null
    const [error] = validate.errors ?? []
    const where = error?.instancePath ? ` at ${error.instancePath.slice(0, 200)}` : ''
    return `The arguments do not fit the tool${where}: ${error?.message ?? 'they have another form'}.`
  } catch {
    return 'The arguments could not be checked against the tool.'
  }
}

/** What is wrong with arguments that a person edited, a sentence a field. Pointers are below the arguments. */
export function problemsOfEdited(
  definition: WorkflowDefinition,
  tool: Pick<FunctionTool, 'parameters'>,
  edited: Record<string, unknown>,
): InputError[] {
  return validateInput({ ...definition, inputSchema: tool.parameters }, edited).map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^\/input/, ''),
    detail,
  }))
}

/**
 * True where JSON text names a field of one object twice, or is nested too deeply to tell. Readers differ in which of the
 * two they take: a person would allow one, and a server read the other.
 */
export function namesTwice(text: string): boolean {
  const value = parseJson(text)
  if (value === undefined) return false
  const strings = text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/gs)
  const written = [...strings].filter(([, colon]) => colon !== undefined).length
  try {
    return written !== countFields(value)
  } catch {
    return true
  }
}

function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inside = Object.values(value).reduce((sum: number, one) => sum + countFields(one), 0)
  return inside + (Array.isArray(value) ? 0 : Object.keys(value).length)
}

/**
 * True where JSON text holds what a person would see otherwise than a tool reads it: NUL and torn characters, keys that
 * look the same, more levels than are shown, numbers that become others when they are read.
 */
export function cannotBeShown(text: string): boolean {
  const value = parseJson(text)
  if (value === undefined) return false
  try {
    return JSON.stringify(sanitiseJson(value)) !== JSON.stringify(value) || hasLostNumber(value)
  } catch {
    // Nested deeper than can be walked.
    return true
  }
}

function hasLostNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLostNumber)
}

/** `text` as JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The same text for the same arguments, whatever their white space and the order of their keys. */
export function canonical(text: string): string {
  if (text.length > LONGEST_ARGUMENTS) return text
  const value = parseJson(text)
  if (value === undefined) return text
  try {
    return JSON.stringify(sorted(value))
  } catch {
    // Nested deeper than can be walked.
    return text
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, of]) => [key, sorted(of)] as const)
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)))
}
