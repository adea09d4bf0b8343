/** The tools that the model is offered, as the API takes them. Pure. */
import type { RequestTool } from '@/lib/provider/types'
import type { HostedTool, JsonSchema, McpTool, ToolRisk, WorkflowDefinition } from '@/lib/workflows/definition'
import { strictModeProblems } from '@/lib/workflows/schema-rules'
import { type ReadEnv, readSecret } from './tool-environment'

export type OfferedTools = {
  /** As they are stored with the request: in place of a secret stands the name of its variable. */
  tools: RequestTool[]
  /** What authorizes us at MCP servers, by the text that stands for it in `tools`. Never stored: see `withSecrets`. */
  secrets: Readonly<Record<string, string>>
  /** Variables that the workflow names and this environment does not have. */
  missing: string[]
}

/**
 * What the API is offered for `definition`. A forbidden tool is not offered; where a server cannot be told to leave
 * one out, it must ask first, and is refused.
 */
export function requestTools(definition: Pick<WorkflowDefinition, 'tools'>, readEnv: ReadEnv): OfferedTools {
  const offered: OfferedTools & { secrets: Record<string, string> } = { tools: [], secrets: {}, missing: [] }
  for (const tool of definition.tools) {
    if (tool.type === 'mcp') offerServer(tool, readEnv, offered)
    else if (tool.type !== 'function') offered.tools.push(hosted(tool))
    else if (tool.risk !== 'forbidden') {
      const { name, description, parameters } = tool
      offered.tools.push({ type: 'function', name, description, parameters, strict: isStrict(parameters) })
    }
  }
  return offered
}

/** Where strict mode does not take a schema, the model may miss it; the arguments are checked here all the same. */
function isStrict(schema: JsonSchema): boolean {
  return schema.type === 'object' && strictModeProblems(schema, []).length === 0
}

/** `request` as it is sent: with the secrets that what is stored of it only names. */
export function withSecrets<Request extends { tools?: RequestTool[] }>(
  request: Request,
  secrets: OfferedTools['secrets'],
): Request {
  if (request.tools === undefined) return request
  const tools = request.tools.map((tool) => {
    if (tool.type !== 'mcp' || typeof tool.authorization !== 'string') return tool
    const { authorization: named, ...rest } = tool
    // What is missing here is left out: its name would be no key to anything.
    return Object.hasOwn(secrets, named) ? { ...tool, authorization: secrets[named] } : rest
  })
  return { ...request, tools }
}

function offerServer(
  server: McpTool,
  readEnv: ReadEnv,
  offered: { tools: RequestTool[]; secrets: Record<string, string>; missing: string[] },
): void {
  const { serverLabel, serverUrl, description, authorizationEnv } = server
  const allowed = allowedNames(server)
  if (allowed?.length === 0) return
  if (authorizationEnv !== undefined) {
    const secret = readSecret(authorizationEnv, readEnv)
    if (secret === undefined) offered.missing.push(authorizationEnv)
    else offered.secrets[placeOf(authorizationEnv)] = secret
  }
  offered.tools.push({
    type: 'mcp',
    server_label: serverLabel,
    server_url: serverUrl,
    ...(description === undefined ? {} : { server_description: description }),
    ...(allowed === null ? {} : { allowed_tools: allowed }),
    ...(authorizationEnv === undefined ? {} : { authorization: placeOf(authorizationEnv) }),
    require_approval: approval(server),
  })
}

/** What is stored where the secret of this variable goes. */
function placeOf(variable: string): string {
  return `[secret from ${variable}]`
}

/** The API has a list of what may be called, and none of what may not: only where the rest is forbidden does it help. */
function allowedNames(server: McpTool): string[] | null {
  if (server.risk !== 'forbidden') return null
  return [...namesOf(server, 'read'), ...namesOf(server, 'write')]
}

/** Whatever is not known to read only must ask, each time. */
function approval(server: McpTool): unknown {
  const asking = [...namesOf(server, 'write'), ...namesOf(server, 'forbidden')]
  const reading = namesOf(server, 'read')
  if (server.risk === 'read') return asking.length === 0 ? 'never' : { always: { tool_names: asking } }
  return reading.length === 0 ? 'always' : { never: { tool_names: reading } }
}

function namesOf({ tools }: McpTool, risk: ToolRisk): string[] {
  return Object.entries(tools).flatMap(([name, its]) => (its === risk ? [name] : []))
}

function hosted(tool: HostedTool): RequestTool {
  switch (tool.type) {
    case 'web_search':
      return {
        type: 'web_search',
        ...(tool.allowedDomains === undefined ? {} : { filters: { allowed_domains: tool.allowedDomains } }),
      }
    case 'file_search':
      return { type: 'file_search', vector_store_ids: tool.vectorStoreIds }
    case 'code_interpreter':
      return { type: 'code_interpreter', container: { type: 'auto' } }
  }
}
