/** What becomes of the calls in a model's answer: which wait for a person, which are made, which are refused. Pure. */
import { sanitiseText } from '@/lib/store/sanitise'
import type { ToolRisk, WorkflowDefinition } from '@/lib/workflows/definition'
import { cannotBeShown, LONGEST_ARGUMENTS, namesTwice, readArguments } from './arguments'
import { functionNamed, riskOnServer, serverLabelled } from './offered'

/** Why a call is refused by a rule, without a person. */
export type RefusalCode = 'forbidden' | 'not_offered' | 'bad_arguments' | 'bad_id' | 'repeated_id'

export type PlannedCall = {
  /** Its place among the output items. */
  position: number
  /** The provider's id of the call, or of the approval request. */
  callId: string
  kind: 'function' | 'mcp'
  name: string
  serverLabel: string | null
  risk: ToolRisk
  /** As the model wrote them. */
  argumentsText: string
} & ({ state: 'waiting' | 'permitted'; code: null } | { state: 'refused'; code: RefusalCode })

/** The API's own ids have some 60 characters. */
const LONGEST_ID = 200
const LONGEST_NAME = 200

type Item = Record<string, unknown>

/**
 * The calls in a model's output that wait for an answer of ours, in order. Nothing here throws, whatever the items are.
 * A call that was answered within the same output is none of ours.
 */
export function planCalls(definition: WorkflowDefinition, items: readonly unknown[]): PlannedCall[] {
  const answered = answeredIds(items)
  const seen = new Set<string>()
  return items.flatMap((value, position): PlannedCall[] => {
    const item = recordOf(value)
    const kind = item?.type === 'function_call' ? 'function' : item?.type === 'mcp_approval_request' ? 'mcp' : null
    if (item === null || kind === null) return []
    const id = kind === 'function' ? item.call_id : item.id
    if (typeof id === 'string' && answered.has(id)) return []
    return [planOne(definition, { item, kind, id, position }, seen)]
  })
}

function answeredIds(items: readonly unknown[]): Set<string> {
  const ids = items.map(recordOf).map((item) => {
    if (item?.type === 'function_call_output') return item.call_id
    return item?.type === 'mcp_approval_response' || item?.type === 'mcp_call' ? item.approval_request_id : null
  })
  return new Set(ids.filter((id) => typeof id === 'string'))
}

type Asked = { item: Item; kind: 'function' | 'mcp'; id: unknown; position: number }

function planOne(definition: WorkflowDefinition, { item, kind, id, position }: Asked, seen: Set<string>): PlannedCall {
  const name = textOf(item.name)
  const serverLabel = kind === 'mcp' ? textOf(item.server_label) : null
  const argumentsText = argumentsOf(item.arguments)
  const { risk, refused } = judge(definition, { kind, name, serverLabel, argumentsText })
  const planned = {
    position,
    callId: shown(textOf(id), LONGEST_ID),
    kind,
    name: shown(name, LONGEST_NAME),
    serverLabel: serverLabel === null ? null : shown(serverLabel, LONGEST_NAME),
    risk,
    argumentsText,
  }
  const code = refused ?? refusedId(id, seen)
  if (code !== null) return { ...planned, state: 'refused', code }
  return { ...planned, state: risk === 'read' ? 'permitted' : 'waiting', code: null }
}

type Call = Pick<PlannedCall, 'kind' | 'name' | 'serverLabel' | 'argumentsText'>

/** What the workflow says of a call: its risk, and why it is refused; null where it is not. */
function judge(
  definition: WorkflowDefinition,
  { kind, name, serverLabel, argumentsText }: Call,
): { risk: ToolRisk; refused: RefusalCode | null } {
  if (kind === 'mcp') {
    const server = serverLabelled(definition, serverLabel ?? '')
    if (server === null || name === '') return { risk: 'forbidden', refused: 'not_offered' }
    const risk = riskOnServer(server, name)
    if (risk === 'forbidden') return { risk, refused: 'forbidden' }
    const isUnreadable =
      argumentsText.length > LONGEST_ARGUMENTS || namesTwice(argumentsText) || cannotBeShown(argumentsText)
    return { risk, refused: isUnreadable ? 'bad_arguments' : null }
  }
  const tool = functionNamed(definition, name)
  if (tool === null) return { risk: 'forbidden', refused: 'not_offered' }
  if (tool.risk === 'forbidden') return { risk: 'forbidden', refused: 'forbidden' }
  return { risk: tool.risk, refused: readArguments(tool, argumentsText).ok ? null : 'bad_arguments' }
}

/** A call without an id of its own cannot be answered, and of two with the same id only the first. */
function refusedId(id: unknown, seen: Set<string>): RefusalCode | null {
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID || sanitiseText(id) !== id) return 'bad_id'
  if (seen.has(id)) return 'repeated_id'
  seen.add(id)
  return null
}

/** The API gives a string; some servers of it give the object itself. */
function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}

function shown(text: string, longest: number): string {
  return sanitiseText(text.slice(0, longest))
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const recordOf = (value: unknown): Item | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Item) : null
