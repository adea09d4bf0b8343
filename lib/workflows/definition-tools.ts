/** The tools that a workflow gives to the model. */
import { z } from 'zod'
import { environmentName, httpHeaderSecret, httpUrl, jsonSchema } from './definition-parts'

/** What calling a tool may change: `read` runs by itself, `write` waits for a person, `forbidden` is never made. */
export const toolRisks = ['read', 'write', 'forbidden'] as const
export type ToolRisk = (typeof toolRisks)[number]

/** A tool of ours: an HTTP endpoint that the worker calls once for each permitted call. */
export const functionTool = z
  .object({
    type: z.literal('function'),
    name: z
      .string()
      .regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens and underscores')
      .describe('What the model calls it by.'),
    description: z.string().min(1).max(1_000).describe('For the model, and for the person who is asked.'),
    parameters: jsonSchema.describe('JSON Schema of the arguments: an object.'),
    risk: z.enum(toolRisks).describe('read: runs by itself. write: waits for a person. forbidden: is never made.'),
    url: httpUrl.describe('Where a call goes, by POST. Nowhere private unless the allow-list of the operator says so.'),
    touches: z
      .string()
      .max(300)
      .optional()
      .describe('What calling it touches, for the person who is asked: "Sends an e-mail to the tenant".'),
    secretHeader: httpHeaderSecret
      .optional()
      .describe('A header that goes with each call; its value comes from the environment of the worker.'),
    signingSecretEnv: environmentName
      .optional()
      .describe('The environment variable with the whsec_… secret that signs calls. Absent: one of Holdpoint’s own.'),
    timeoutSeconds: z.number().positive().max(600).default(30).describe('How long an answer may take.'),
  })
  .describe('A tool of your own: an HTTP endpoint.')
export type FunctionTool = z.infer<typeof functionTool>

/** Tools of a remote MCP server, which the provider calls; `write` asks us first, each time. */
export const mcpTool = z
  .object({
    type: z.literal('mcp'),
    serverLabel: z
      .string()
      .regex(
        /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/,
        'must begin with a letter and have at most 64 letters, digits, hyphens and underscores',
      )
      .describe('What the model calls the server by.'),
    serverUrl: httpUrl.describe('Where the server is, as the provider reaches it.'),
    description: z.string().max(1_000).optional().describe('What the server is for.'),
    touches: z.string().max(300).optional().describe('What its tools touch, for the person who is asked.'),
    authorizationEnv: environmentName
      .optional()
      .describe('The environment variable of the worker whose value authorizes us there.'),
    risk: z.enum(toolRisks).describe('The risk of every tool that "tools" does not name.'),
    tools: z.record(z.string(), z.enum(toolRisks)).default({}).describe('The risk of single tools, by name.'),
  })
  .describe('The tools of an MCP server, which the provider calls.')
export type McpTool = z.infer<typeof mcpTool>

/** Tools that run at the provider and change nothing outside of it. */
export const hostedTool = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('web_search'),
      allowedDomains: z.array(z.string()).max(100).optional().describe('Search nowhere else. Absent: everywhere.'),
    })
    .describe('Search in the web, at the provider.'),
  z
    .object({
      type: z.literal('file_search'),
      vectorStoreIds: z.array(z.string()).min(1).max(10).describe('The vector stores of the provider to search in.'),
    })
    .describe('Search in files that the provider stores.'),
  z.object({ type: z.literal('code_interpreter') }).describe('Running code, at the provider.'),
])
export type HostedTool = z.infer<typeof hostedTool>

export const workflowTool = z.discriminatedUnion('type', [functionTool, mcpTool, hostedTool])
export type WorkflowTool = z.infer<typeof workflowTool>
