/** For tests: asks the sandbox as the engine would, without HTTP. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import type { DocumentText } from '@/lib/evidence/types'
import { builtins } from '@/lib/workflows/builtin'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { buildRequest } from '@/lib/workflows/request'
import { writeAnswer } from './answer'

export type Citation = { document: string; quote: string }

export function workflow(key: string): WorkflowDefinition {
  const found = builtins.find((one) => one.key === key)
  if (!found) throw new Error(`There is no workflow ${key}.`)
  return found
}

/** The answer to what the engine would send, without HTTP. */
export function ask<Result>(
  definition: WorkflowDefinition,
  input: Record<string, unknown>,
  documents: DocumentText[],
  { guidance = null, misquotes = false }: { guidance?: string | null; misquotes?: boolean } = {},
): Result {
  const request = buildRequest({ definition, input, documents, guidance, metadata: {} })
  const { name, schema } = request.text.format
  const answer = writeAnswer({ ...request, format: { name, schema } }, misquotes)
  const validate = new Ajv2020({ strict: false }).compile(schema)
  const value: unknown = JSON.parse(answer.text)
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true)
  return value as Result
}

export function documentOf(name: string, ...pages: string[]): DocumentText {
  return { id: name, name, pages: pages.map((text, index) => ({ page: index + 1, text })) }
}

export const lease = documentOf(
  'lease.md',
  `# Lease agreement

This lease is made between Anna Weiss (landlord) and Tom Reed (tenant) on 3 March 2025.

Monthly rent: $1,450.00
Payment is due on the 1st of each month. A late fee of 5 % is charged after the
fifth day of the month.

## Deposit

The tenant pays a deposit of $2,900. It is returned within 30 days after the tenant moves out, less damages & <unpaid> rent.`,
  `## Ending the lease

Either party may end this lease with a notice of 60 days in writing. Pets need the landlord's consent.`,
)
