import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

/** Where every page begins, and the list of jobs, which most people have open all day. */
const FOLDERS = ['components/shell', 'components/theme', 'components/jobs/list', 'components/ui']

/** Packages that weigh more than what these pages do with them: the API checks, the pages only name. */
const TOO_HEAVY = ['zod', 'recharts', 'react-markdown', 'openai', 'ajv', 'diff', 'mammoth', 'unpdf']

/** Drawn where a result is read; a page without one does not bring them along. */
const ON_DEMAND = ['components/ui/markdown.tsx', 'components/ui/json-view.tsx']

test('the list and what stands around it import no heavy library', () => {
  const seen = new Map<string, string | null>()
  const waiting = FOLDERS.flatMap(clientFilesIn).map((file): [string, string | null] => [file, null])
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [file, from] = next
    if (seen.has(file)) continue
    seen.set(file, from)
    if (fs.existsSync(file)) for (const name of valuesFrom(file)) waiting.push([resolved(name, file), file])
  }
  expect(seen.size).toBeGreaterThan(50)
  const heavy = [...seen].filter(([name]) => TOO_HEAVY.includes(name))
  expect(heavy.map(([name, from]) => `${name} by ${from}`)).toEqual([])
})

function clientFilesIn(folder: string): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
    .map((name) => path.join(folder, name))
    .filter((file) => !ON_DEMAND.includes(file) && fs.readFileSync(file, 'utf8').startsWith("'use client'"))
}

/** What a file imports beside types, as it is written there. What it loads when it is needed is not among it. */
function valuesFrom(file: string): string[] {
  const text = fs.readFileSync(file, 'utf8')
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\b)([^;'"]*?)\s*from\s*'([^']+)'/gm)
  return [...statements].flatMap(([, names = '', from = '']) => {
    const inBraces = /^\{([^}]*)\}$/.exec(names.trim())?.[1]
    const isTypesAlone = inBraces?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '))
    return isTypesAlone === true ? [] : [from]
  })
}

function resolved(name: string, from: string): string {
  if (!name.startsWith('@/') && !name.startsWith('.')) return name
  const base = name.startsWith('@/') ? name.slice(2) : path.join(path.dirname(from), name)
  return [`${base}.ts`, `${base}.tsx`].find((file) => fs.existsSync(file)) ?? base
}
