import fs from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { builtinFiles } from './builtin.server'
import { readWorkflowFile } from './file'
import { VALID } from './fixtures'
import { workflowFileSchema, workflowFileSchemaText } from './json-schema'

test('the published schema is the one of the code; "npm run docs" writes it', () => {
  expect(fs.readFileSync('public/workflow.schema.json', 'utf8')).toBe(workflowFileSchemaText())
})

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(workflowFileSchema())

test('files that can be imported fit the published schema', () => {
  for (const text of [VALID, ...builtinFiles().map(({ source }) => source)]) {
    expect(readWorkflowFile(text).ok).toBe(true)
    expect(validate(parse(text)) ? [] : validate.errors).toEqual([])
  }
})

test.each([
  ['a misspelt field', VALID.replace('model:', 'modle:')],
  ['a field that tools do not have', VALID.replace('    touches:', '    touch:')],
  ['a risk that there is not', VALID.replace('risk: write', 'risk: maybe')],
  ['a word for a number', VALID.replace('approvals: 1', 'approvals: two')],
])('%s does not', (_what, text) => {
  expect(validate(parse(text))).toBe(false)
})

test('every field is described, but for those that only say what kind of thing it is', () => {
  const silent: string[] = []
  const visit = (schema: unknown, at: string) => {
    if (typeof schema !== 'object' || schema === null) return
    for (const [name, property] of Object.entries((schema as { properties?: object }).properties ?? {})) {
      const says = property.description !== undefined || property.const !== undefined
      if (!says) silent.push(`${at}/${name}`)
    }
    for (const [key, inner] of Object.entries(schema)) visit(inner, `${at}/${key}`)
  }
  visit(workflowFileSchema(), '')
  expect(silent).toEqual([])
})
