/** A workflow as a YAML file: reading one that a person wrote, and writing one for people. Pure. */
import { Document, isMap, isScalar, visit, type YAMLSeq } from 'yaml'
import { withoutDefaults } from './defaults'
import type { WorkflowDefinition } from './definition'
import { ruleProblems } from './file-rules'
import { fieldProblems } from './file-words'
import { isRecord } from './schema-rules'
import { strictDefinition } from './strict'
import { type FileProblem, readYaml } from './yaml-source'

export type { FileProblem } from './yaml-source'

export type ReadFile = { ok: true; definition: WorkflowDefinition } | { ok: false; problems: FileProblem[] }

/** Reads the text of a workflow's file. All that is wrong with it comes back at once, in the order of its lines. */
export function readWorkflowFile(text: string): ReadFile {
  const { value, problems, placeOf } = readYaml(text)
  if (problems.length > 0) return { ok: false, problems }
  if (!isRecord(value)) {
    const message = 'This is no workflow: a workflow has fields, each on a line of its own, such as "key: report".'
    return { ok: false, problems: [{ line: 1, column: 1, message }] }
  }
  const found = [...fieldProblems(value), ...ruleProblems(value)]
  if (found.length === 0) return { ok: true, definition: strictDefinition.parse(value) }
  const placed = found.map(({ path, part, message }) => ({ ...placeOf(path, part), message }))
  return {
    ok: false,
    problems: placed.toSorted((one, other) => one.line - other.line || one.column - other.column),
  }
}

/** A problem as one line of text: `12:3  "risk" of …`. */
export function problemLine({ line, column, message }: FileProblem): string {
  return `${`${line}:${column}`.padEnd(8)}${message}`
}

/** An empty line stands before these, as between paragraphs. */
const SPACED = new Set([
  'instructions',
  'model',
  'tools',
  'maxInputCharacters',
  'inputSchema',
  'output',
  'evidence',
  'review',
  'limits',
  'retry',
  'checks',
  'budget',
  'delivery',
])

/** Lists that are longer than this, in characters, are written one entry a line. */
const LONGEST_LINE = 90

/**
 * `definition` as a file that `readWorkflowFile` reads as the same. `schemaUrl`: where an editor finds the JSON Schema
 * that helps to write it.
 */
export function writeWorkflowFile(definition: WorkflowDefinition, { schemaUrl }: { schemaUrl: string }): string {
  const document = new Document(withoutDefaults(definition), { aliasDuplicateObjects: false })
  visit(document, {
    Seq(_key, seq) {
      if (isShort(seq)) seq.flow = true
    },
  })
  for (const { key } of isMap(document.contents) ? document.contents.items : []) {
    if (isScalar(key) && SPACED.has(String(key.value))) key.spaceBefore = true
  }
  return headed(document.toString({ lineWidth: 0, blockQuote: 'literal', flowCollectionPadding: false }), schemaUrl)
}

function isShort(seq: YAMLSeq): boolean {
  const words = seq.items.map((item) => (isScalar(item) ? String(item.value) : null))
  if (words.some((word) => word === null || word.includes('\n'))) return false
  return words.join(', ').length <= LONGEST_LINE
}

const HEADER = /^# yaml-language-server: \$schema=.*\n/

/** `text` with a first line that tells an editor where the schema is, in place of one that says so already. */
export function headed(text: string, schemaUrl: string): string {
  return `# yaml-language-server: $schema=${schemaUrl}\n${text.replace(HEADER, '')}`
}
