/** What a workflow is made of. Versions of it are stored whole, are never changed, and a job keeps the one it ran under. */
import { z } from 'zod'

/** A JSON Schema (draft 2020-12 subset), kept as data. */
export type JsonSchema = { [key: string]: unknown }
const jsonSchema = z.record(z.string(), z.unknown()) as z.ZodType<JsonSchema>

/** What calling a tool may change: `read` runs by itself, `write` waits for a person, `forbidden` is never made. */
export const toolRisks = ['read', 'write', 'forbidden'] as const
export type ToolRisk = (typeof toolRisks)[number]

/** A name that the environment of the worker knows; a secret itself never stands in a workflow. */
const environmentName = z.string().regex(/^[A-Z][A-Z0-9_]{1,80}$/)

/** A tool of ours: an HTTP endpoint that the worker calls once for each permitted call. */
export const functionTool = z.object({
  type: z.literal('function'),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  /** For the model, and for the person who is asked. */
  description: z.string().min(1).max(1_000),
  /** JSON Schema of the arguments: an object. */
  parameters: jsonSchema,
  risk: z.enum(toolRisks),
  /** Where a call goes, by POST. Nowhere private unless the operator's allow-list says so. */
  url: z.url({ protocol: /^https?$/ }),
  /** What calling it touches, in words for the person who is asked: "sends an e-mail to the tenant". */
  touches: z.string().max(300).optional(),
  /** A header whose value comes from the environment of the worker. */
  secretHeader: z.object({ name: z.string().regex(/^[A-Za-z0-9-]{1,64}$/), env: environmentName }).optional(),
  /** The environment variable with the `whsec_…` secret that signs calls; HOLDPOINT_SECRET's own where absent. */
  signingSecretEnv: environmentName.optional(),
  timeoutSeconds: z.number().positive().max(600).default(30),
})
export type FunctionTool = z.infer<typeof functionTool>

/** Tools of a remote MCP server, which the provider calls; `write` asks us first, each time. */
export const mcpTool = z.object({
  type: z.literal('mcp'),
  serverLabel: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/),
  serverUrl: z.url({ protocol: /^https?$/ }),
  description: z.string().max(1_000).optional(),
  touches: z.string().max(300).optional(),
  /** The environment variable whose value authorizes us there. */
  authorizationEnv: environmentName.optional(),
  /** Of every tool that `tools` does not name. */
  risk: z.enum(toolRisks),
  tools: z.record(z.string(), z.enum(toolRisks)).default({}),
})
export type McpTool = z.infer<typeof mcpTool>

/** Tools that run at the provider and change nothing outside of it. */
export const hostedTool = z.discriminatedUnion('type', [
  z.object({ type: z.literal('web_search'), allowedDomains: z.array(z.string()).max(100).optional() }),
  z.object({ type: z.literal('file_search'), vectorStoreIds: z.array(z.string()).min(1).max(10) }),
  z.object({ type: z.literal('code_interpreter') }),
])
export type HostedTool = z.infer<typeof hostedTool>

export const workflowTool = z.union([functionTool, mcpTool, hostedTool])
export type WorkflowTool = z.infer<typeof workflowTool>

/** US dollars; null: no limit. */
const dollars = z.number().positive().max(1_000_000).nullable().default(null)

/** A check of the workflow's own: what must hold of one place in the answer. */
export const ownCheck = z.object({
  id: z.string().regex(/^[a-z][a-z0-9_-]{0,60}$/),
  /** As a statement that holds or does not: "The amount is at most 1000". */
  label: z.string().min(1).max(200),
  /** JSON pointer into the answer; a segment `*` means every element. */
  at: z.string().regex(/^(\/[^/]*)*$/),
  must: z.discriminatedUnion('be', [
    z.object({ be: z.literal('present') }),
    z.object({ be: z.literal('equal'), value: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
    z.object({ be: z.literal('one_of'), values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1) }),
    z.object({ be: z.literal('at_most'), value: z.number() }),
    z.object({ be: z.literal('at_least'), value: z.number() }),
    z.object({ be: z.literal('matching'), pattern: z.string().max(500) }),
  ]),
})
export type OwnCheck = z.infer<typeof ownCheck>

export const workflowDefinition = z.object({
  key: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  name: z.string().min(1).max(80),
  /** One sentence: what a person gets from it. */
  description: z.string().max(300),
  /** Which reading view its results have. */
  kind: z.enum(['report', 'fields', 'digest', 'json']),
  /** What the model is told to do. */
  instructions: z.string(),
  model: z.string(),
  maxOutputTokens: z.number().int().positive(),
  reasoningEffort: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
  serviceTier: z.enum(['auto', 'default', 'flex', 'priority']).optional(),
  truncation: z.enum(['auto', 'disabled']).optional(),
  /** Calls of hosted tools in one response, at most. */
  maxToolCalls: z.number().int().positive().max(1_000).optional(),
  /** What the model may call, and what each call may change. */
  tools: z.array(workflowTool).max(32).default([]),
  /** More text than this (UTF-16 code units, documents and input together) is refused before anything is paid. */
  maxInputCharacters: z.number().int().positive(),
  documents: z.object({ min: z.number().int().min(0), max: z.number().int().min(0).max(50) }),
  /** The form: an object schema. `x-control: "textarea"` asks for a large field. */
  inputSchema: jsonSchema,
  /** Asked of the model in strict mode. */
  output: z.object({ name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), schema: jsonSchema }),
  /**
   * Where the claims are: `claims` names an array property of the output, `text` the property (of each element) that
   * states the claim. Each element has `citations: [{ document, quote }]`. Where `value` names a property too, the claim
   * reads "text: value", and an element whose value is null states nothing and needs no evidence.
   */
  evidence: z.object({ claims: z.string(), text: z.string(), value: z.string().optional() }).nullable(),
  review: z.object({
    /** How many different people must approve. 0: accepted by policy once every check passes. */
    approvals: z.number().int().min(0).max(10),
    requesterMayApprove: z.boolean(),
    /** A round opened by this workflow is due after so many hours; then the job expires. */
    dueHours: z.number().positive(),
    /** How long the person who approved may take it back. */
    undoSeconds: z.number().int().min(0),
  }),
  limits: z.object({
    /** From creation to the end of the run; the job expires after it. */
    deadlineMinutes: z.number().positive(),
    /** No change at the provider for so long: our timeout. */
    noProgressMinutes: z.number().positive(),
  }),
  retry: z.object({
    /** Attempts in all before it stops and says so, since a person last asked for one. */
    maxAttempts: z.number().int().min(1).max(20),
    /** First delay; HOLDPOINT_RETRY_MS where absent. */
    firstSeconds: z.number().positive().max(3_600).optional(),
    factor: z.number().min(1).max(10),
    capSeconds: z.number().positive(),
  }),
  /** Tests of the answer beside those that every result gets. */
  checks: z.array(ownCheck).max(50).default([]),
  /** Money, reserved at its worst case before each call and settled after it. */
  budget: z
    .object({
      /** All attempts of one job together. What would pass it holds that job for a person. */
      perJobUsd: dollars,
      /** All jobs of the workflow in one day (UTC). What would pass it stops the workflow's sending. */
      perDayUsd: dollars,
      /** All jobs of the workflow ever. What would pass it stops the workflow's sending. */
      totalUsd: dollars,
    })
    .default({ perJobUsd: null, perDayUsd: null, totalUsd: null }),
  /** What leaves when a result is accepted: nothing. */
  delivery: z.object({ kind: z.literal('none') }).default({ kind: 'none' }),
})

export type WorkflowDefinition = z.infer<typeof workflowDefinition>
export type ResultKind = WorkflowDefinition['kind']
