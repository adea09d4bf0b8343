/** Which tool of a workflow a name stands for, and what calling it may change. Pure. */
import type { FunctionTool, McpTool, ToolRisk, WorkflowDefinition } from '@/lib/workflows/definition'

type Tools = Pick<WorkflowDefinition, 'tools'>

/** The function tool of that name; null where the workflow has none. */
export function functionNamed({ tools }: Tools, name: string): FunctionTool | null {
  const found = tools.find((tool) => tool.type === 'function' && tool.name === name)
  return found?.type === 'function' ? found : null
}

/** The MCP server of that label; null where the workflow has none. */
export function serverLabelled({ tools }: Tools, label: string): McpTool | null {
  const found = tools.find((tool) => tool.type === 'mcp' && tool.serverLabel === label)
  return found?.type === 'mcp' ? found : null
}

/** The risk of one tool of an MCP server. Names come from outside: `constructor` is one like any other. */
export function riskOnServer(server: McpTool, name: string): ToolRisk {
  return (Object.hasOwn(server.tools, name) ? server.tools[name] : undefined) ?? server.risk
}
