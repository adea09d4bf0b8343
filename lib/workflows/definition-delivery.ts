/** What a workflow delivers. */
import { z } from 'zod'
import { environmentName, httpHeaderSecret, httpUrl, pointer } from './definition-parts'

/** Where a text of a delivery comes from. */
export const textSource = z.union(
  [
    z.strictObject({ value: z.string().min(1).max(1_000).describe('The text.') }).describe('This very text.'),
    z
      .strictObject({ input: pointer.describe('Where in the form.') })
      .describe('A place in the input of the job, by JSON pointer.'),
    z
      .strictObject({ result: pointer.describe('Where in the answer.') })
      .describe('A place in the accepted result, by JSON pointer.'),
  ],
  'must have one field: "value" with the text itself, or "input" or "result" with a JSON pointer such as /subject',
)
export type TextSource = z.infer<typeof textSource>

/** What leaves when a result is accepted, and where to. */
export const deliveryDefinition = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }).describe('Nothing leaves.'),
  z
    .object({
      kind: z.literal('http'),
      url: httpUrl.describe('Where it goes, by POST, signed. Nowhere private unless the operator allows it.'),
      body: pointer
        .optional()
        .describe('The place in the result that is sent. Absent: the whole result in an envelope.'),
      signingSecretEnv: environmentName.optional().describe('The whsec_… secret that signs. Absent: Holdpoint’s own.'),
      secretHeader: httpHeaderSecret.optional().describe('A header whose value comes from the environment.'),
      timeoutSeconds: z.number().positive().max(120).optional().describe('How long an answer may take. Absent: 30.'),
    })
    .describe('A signed HTTP request (Standard Webhooks).'),
  z
    .object({
      kind: z.literal('email'),
      to: textSource.describe('The address that it goes to.'),
      subject: textSource.describe('Its subject.'),
      text: textSource.describe('Its text.'),
    })
    .describe('An e-mail.'),
  z
    .object({
      kind: z.literal('file'),
      folder: z
        .string()
        .regex(/^[a-zA-Z0-9_-]+(\/[a-zA-Z0-9_-]+){0,4}$/, 'must be a folder such as approved/letters')
        .describe('Below the folder for deliveries of the operator.'),
      content: pointer
        .optional()
        .describe('The place in the result that is written as text. Absent: all of it, as JSON.'),
    })
    .describe('A file in a folder.'),
  z
    .object({
      kind: z.literal('by_hand'),
      instructions: z.string().min(1).max(1_000).describe('What somebody does with it, who then confirms it.'),
    })
    .describe('Somebody hands it over, and confirms that with a reference.'),
])
export type DeliveryDefinition = z.infer<typeof deliveryDefinition>
export type DeliveryKind = DeliveryDefinition['kind']
