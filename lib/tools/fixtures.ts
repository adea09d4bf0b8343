/** For tests: tools of every risk. */
import { builtins } from '@/lib/workflows/builtin'
import { type WorkflowDefinition, workflowDefinition } from '@/lib/workflows/definition'

export const PARAMETERS = {
  type: 'object',
  properties: { to: { type: 'string', title: 'To' }, amount: { type: 'number', title: 'Amount', minimum: 0 } },
  required: ['to', 'amount'],
  additionalProperties: false,
}

/** A workflow with a function of each risk and three MCP servers. */
export function definitionWithTools(tools: unknown[] = TOOLS): WorkflowDefinition {
  return workflowDefinition.parse({ ...builtins[0], tools })
}

const tool = { type: 'function', description: 'A tool.', parameters: PARAMETERS, url: 'https://tools.example/x' }

export const TOOLS: unknown[] = [
  { ...tool, name: 'look_up', risk: 'read' },
  { ...tool, name: 'pay', risk: 'write' },
  { ...tool, name: 'close_account', risk: 'forbidden' },
  {
    type: 'mcp',
    serverLabel: 'crm',
    serverUrl: 'https://crm.example/mcp',
    authorizationEnv: 'CRM_TOKEN',
    risk: 'write',
    tools: { find: 'read', wipe: 'forbidden' },
  },
  { type: 'mcp', serverLabel: 'docs', serverUrl: 'https://docs.example/mcp', risk: 'read', tools: { edit: 'write' } },
  {
    type: 'mcp',
    serverLabel: 'bank',
    serverUrl: 'https://bank.example/mcp',
    risk: 'forbidden',
    tools: { balance: 'read', transfer: 'write' },
  },
  { type: 'mcp', serverLabel: 'shut', serverUrl: 'https://shut.example/mcp', risk: 'forbidden' },
  { type: 'web_search', allowedDomains: ['example.org'] },
  { type: 'file_search', vectorStoreIds: ['vs_1'] },
  { type: 'code_interpreter' },
]
