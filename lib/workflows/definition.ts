/**
 * What a workflow is made of. Versions of it are stored whole, are never changed, and a job keeps the one it ran under.
 * The descriptions are those of the published JSON Schema, and the messages of a rule end a sentence that begins with
 * the name of the field.
 */
import { z } from 'zod'
import { deliveryDefinition } from './definition-delivery'
import { jsonSchema, pointer } from './definition-parts'
import { workflowTool } from './definition-tools'

export type { DeliveryDefinition, DeliveryKind, TextSource } from './definition-delivery'
export type { JsonSchema } from './definition-parts'
export type { FunctionTool, HostedTool, McpTool, ToolRisk, WorkflowTool } from './definition-tools'

/** US dollars; null: no limit. */
const dollars = z.number().positive().max(1_000_000).nullable().default(null)

/** A check of the workflow's own: what must hold of one place in the answer. */
export const ownCheck = z
  .object({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,60}$/, 'must begin with a small letter and have only small letters, digits, - and _')
      .describe('Its name among the checks of this workflow.'),
    label: z.string().min(1).max(200).describe('As a statement that holds or does not: "The amount is at most 1000".'),
    at: z
      .string()
      .regex(/^(\/[^/]*)*$/, 'must be a JSON pointer, such as /fields/*/value')
      .describe('JSON pointer into the answer; a segment * means every element.'),
    must: z
      .discriminatedUnion('be', [
        z.object({ be: z.literal('present') }),
        z.object({
          be: z.literal('equal'),
          value: z
            .union([z.string(), z.number(), z.boolean(), z.null()], 'must be text, a number, true, false or null')
            .describe('What it must be.'),
        }),
        z.object({
          be: z.literal('one_of'),
          values: z
            .array(z.union([z.string(), z.number(), z.boolean()]))
            .min(1)
            .describe('What it may be.'),
        }),
        z.object({ be: z.literal('at_most'), value: z.number().describe('The largest number that holds.') }),
        z.object({ be: z.literal('at_least'), value: z.number().describe('The smallest number that holds.') }),
        z.object({
          be: z.literal('matching'),
          pattern: z.string().max(500).describe('A regular expression; it may match anywhere in the text.'),
        }),
      ])
      .describe('What must hold of what stands there.'),
  })
  .describe('A test of the answer.')
export type OwnCheck = z.infer<typeof ownCheck>

const plainValue = z.union(
  [z.string(), z.number(), z.boolean(), z.null()],
  'must be text, a number, true, false or null',
)

/** Who may be named for a step of a review. */
export const stepRoles = ['reviewer', 'support', 'lead', 'owner'] as const
export type StepRole = (typeof stepRoles)[number]

/** How urgently a round stands out in the inbox. */
export const risks = ['normal', 'raised', 'high'] as const
export type Risk = (typeof risks)[number]

const approvals = z.number().int().min(0).max(10)
const roles = z
  .array(z.enum(stepRoles))
  .max(10)
  .describe(
    'Named roles, in the order in which they approve; as many as "approvals". Absent or empty: anyone who reviews.',
  )
const blind = z.boolean().describe('Nobody sees what others decided before the round is over.')
const individually = z.boolean().describe('Each is decided by itself: never several at once.')

/** A rule over the result that asks for more than the policy which it stands in for. */
export const riskRule = z
  .object({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,60}$/, 'must begin with a small letter and have only small letters, digits, - and _')
      .describe('Its name among the rules of this workflow.'),
    label: z.string().min(1).max(200).describe('Why, for the reviewer: "The amount is above 1,000".'),
    when: z
      .discriminatedUnion('if', [
        z
          .object({
            if: z.literal('value'),
            at: pointer.describe(
              'JSON pointer into the answer; it holds if it holds for any element that * stands for.',
            ),
            is: z
              .discriminatedUnion('be', [
                z.object({ be: z.literal('present') }),
                z.object({ be: z.literal('equal'), value: plainValue.describe('What it is, exactly.') }),
                z.object({
                  be: z.literal('one_of'),
                  values: z.array(plainValue).min(1).describe('One of these it is, exactly.'),
                }),
                z.object({
                  be: z.literal('more_than'),
                  value: z.number().describe('A number written as text ("1,200.00") is not compared.'),
                }),
                z.object({
                  be: z.literal('less_than'),
                  value: z.number().describe('A number written as text ("1,200.00") is not compared.'),
                }),
                z.object({
                  be: z.literal('matching'),
                  pattern: z.string().max(500).describe('A regular expression; it may match anywhere in the text.'),
                }),
              ])
              .describe('What must be so of what stands there.'),
          })
          .describe('Something in the answer.'),
        z.object({ if: z.literal('claims_unsupported') }).describe('Any claim that no document carries.'),
        z
          .object({
            if: z.literal('checks_failed'),
            ids: z
              .array(z.string())
              .min(1)
              .optional()
              .describe('Only these: checks of this workflow, or those of every result.'),
          })
          .describe('Any check fails, or one of those that are named.'),
        z
          .object({
            if: z.literal('leaves'),
            outside: z
              .array(z.string())
              .min(1)
              .optional()
              .describe('Only to an e-mail address outside these domains; a part of a domain is another one.'),
          })
          .describe('Something will be delivered.'),
      ])
      .describe('When it applies.'),
    risk: z.enum(risks).optional().describe('How it stands out in the inbox. Absent: raised.'),
    ask: z
      .object({
        approvals: approvals.optional().describe('How many different people must approve.'),
        roles: roles.optional(),
        blind: blind.optional(),
        individually: individually.optional(),
        requesterMayApprove: z.literal(false).optional().describe('false: whoever asked for the job does not count.'),
        dueHours: z.number().positive().optional().describe('It is due after so many hours, more or fewer.'),
      })
      .describe('What it asks for in place of the policy above: never less.'),
  })
  .describe('A rule over the result.')
export type RiskRule = z.infer<typeof riskRule>

export const workflowDefinition = z.object({
  key: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{1,40}$/,
      'must begin with a small letter and have 2 to 41 small letters, digits and hyphens',
    )
    .describe('What programs know the workflow by. A file with another key is another workflow.'),
  name: z.string().min(1).max(80).describe('What people know the workflow by.'),
  description: z.string().max(300).describe('One sentence: what a person gets from it.'),
  kind: z
    .enum(['report', 'fields', 'digest', 'draft', 'recommendation', 'action', 'json'])
    .describe('Which reading view its results have.'),
  instructions: z.string().describe('What the model is told to do.'),
  model: z.string().describe('The model, by the name that the provider gives it.'),
  maxOutputTokens: z.number().int().positive().describe('The longest answer, reasoning included. It bounds the cost.'),
  reasoningEffort: z.enum(['minimal', 'low', 'medium', 'high']).optional().describe('Absent: as the model does it.'),
  serviceTier: z
    .enum(['auto', 'default', 'flex', 'priority'])
    .optional()
    .describe('How the provider handles the call, and at what price. Absent: as the project there says.'),
  truncation: z
    .enum(['auto', 'disabled'])
    .optional()
    .describe('auto: the provider drops from the middle of what is too long. Absent or disabled: it refuses.'),
  maxToolCalls: z
    .number()
    .int()
    .positive()
    .max(1_000)
    .optional()
    .describe('Calls of hosted tools in one response, at most.'),
  tools: z.array(workflowTool).max(32).default([]).describe('What the model may call, and what each call may change.'),
  maxInputCharacters: z
    .number()
    .int()
    .positive()
    .describe('More text than this (UTF-16 units, documents and input together) is refused before anything is paid.'),
  documents: z
    .object({
      min: z.number().int().min(0).describe('How many documents a job needs.'),
      max: z.number().int().min(0).max(50).describe('How many documents a job may have.'),
    })
    .describe('How many documents go with a job.'),
  inputSchema: jsonSchema.describe(
    'The form of a new job, as the JSON Schema of an object. "x-control": "textarea" asks for a large field.',
  ),
  output: z
    .object({
      name: z
        .string()
        .regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens and underscores')
        .describe('A name of the schema, for the model.'),
      schema: jsonSchema.describe('JSON Schema of the answer: an object in which every property is required.'),
    })
    .describe('What the model answers with, asked for in strict mode.'),
  evidence: z
    .object({
      claims: z.string().describe('The property of the answer that lists the claims; each has "citations".'),
      text: z.string().describe('The property, of each claim, that states it.'),
      value: z
        .string()
        .optional()
        .describe('A property, of each claim, that goes with the text. Where it is null nothing is claimed.'),
    })
    .nullable()
    .describe('Where in the answer the claims are that need evidence. null: nowhere.'),
  review: z
    .object({
      approvals: z
        .number()
        .int()
        .min(0)
        .max(10)
        .describe('How many different people must approve. 0: accepted by itself once every check passes.'),
      requesterMayApprove: z.boolean().describe('Whether whoever asked for the job counts among them.'),
      dueHours: z.number().positive().describe('A review is due after so many hours; then the job expires.'),
      undoSeconds: z.number().int().min(0).describe('How long the person who approved may take it back. 0: never.'),
      roles: roles.optional(),
      blind: blind.optional(),
      individually: individually.optional(),
      samplePercent: z
        .number()
        .min(0)
        .max(100)
        .optional()
        .describe('So many percent of what would be accepted by itself are held for one person. Absent: none.'),
      atDeadline: z
        .enum(['expires', 'escalates'])
        .optional()
        .describe('What happens when a review is overdue. It is never approved by that. Absent: it expires.'),
      escalateHours: z
        .number()
        .positive()
        .optional()
        .describe('Once escalated to the leads, it expires after so many hours more. Absent: 24.'),
      byRisk: z.array(riskRule).max(20).optional().describe('The first that applies chooses what is asked for.'),
    })
    .describe('Who must look at a result before it counts.'),
  limits: z
    .object({
      deadlineMinutes: z.number().positive().describe('From the start of a job to the end of its run.'),
      noProgressMinutes: z.number().positive().describe('No change at the provider for so long is a timeout.'),
    })
    .describe('How long a job may take.'),
  retry: z
    .object({
      maxAttempts: z
        .number()
        .int()
        .min(1)
        .max(20)
        .describe('Attempts in all before it stops and says so, since a person last asked for one.'),
      firstSeconds: z
        .number()
        .positive()
        .max(3_600)
        .optional()
        .describe('The first delay. Absent: as the installation says (HOLDPOINT_RETRY_MS).'),
      factor: z.number().min(1).max(10).describe('Each delay is so many times the one before.'),
      capSeconds: z.number().positive().describe('No delay is longer.'),
    })
    .describe('How failures that may pass by themselves are tried again.'),
  checks: z.array(ownCheck).max(50).default([]).describe('Tests of the answer beside those that every result gets.'),
  budget: z
    .object({
      perJobUsd: dollars.describe('All attempts of one job. What would pass it holds that job for a person.'),
      perDayUsd: dollars.describe('All jobs in one day (UTC). What would pass it stops the sending of this workflow.'),
      totalUsd: dollars.describe('All jobs ever. What would pass it stops the sending of this workflow.'),
    })
    .default({ perJobUsd: null, perDayUsd: null, totalUsd: null })
    .describe('Money in US dollars, reserved at its worst case before each call and settled after it. null: no limit.'),
  delivery: deliveryDefinition.default({ kind: 'none' }).describe('What leaves when a result is accepted.'),
})

export type WorkflowDefinition = z.infer<typeof workflowDefinition>
export type ResultKind = WorkflowDefinition['kind']
