/** What a workflow is made of. Versions of it are stored whole, are never changed, and a job keeps the one it ran under. */
import { z } from 'zod'

/** A JSON Schema (draft 2020-12 subset), kept as data. */
export type JsonSchema = { [key: string]: unknown }
const jsonSchema = z.record(z.string(), z.unknown()) as z.ZodType<JsonSchema>

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
    factor: z.number().min(1).max(10),
    capSeconds: z.number().positive(),
  }),
})

export type WorkflowDefinition = z.infer<typeof workflowDefinition>
export type ResultKind = WorkflowDefinition['kind']
