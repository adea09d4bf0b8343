import fs from 'node:fs'
import { describe, expect, test } from 'vitest'

// Decisions are records of a day and may name what is gone.
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/alerts.md',
  'docs/api.md',
  'docs/audit.md',
  'docs/metrics.md',
  'docs/operations.md',
  'docs/queue-control.md',
  'docs/queues.md',
  'docs/rules.md',
  'docs/support.md',
  'docs/workflows.md',
]

const read = (file: string) => fs.readFileSync(file, 'utf8')
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)]

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document)

  test('names only files that are there', () => {
    const named = all(text, /`((?:app|components|docs|e2e|lib|prisma|public|\.ci)\/[\w./()[\]-]*)/g).map(
      ([, path = '']) => path,
    )
    const linked = all(text, /\]\(((?!https?:|#|docs\/images)[^)#]+)/g).map(
      ([, path = '']) => `${document.startsWith('docs/') ? 'docs/' : ''}${path}`,
    )
    expect([...named, ...linked].filter((path) => !fs.existsSync(path))).toEqual([])
  })

  test('names only scripts that npm can run', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = all(text, /npm run (?:-s )?([a-z][a-z-]*)/g).map(([, script = '']) => script)
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })

  test('quotes only tests that are there', () => {
    const quoted = all(text, /`([\w./-]+\.(?:test|soak|spec)\.tsx?)`: “([^”]+)”/g)
    expect(quoted.filter(([, file = '', title = '']) => !read(file).includes(title)).map(([whole]) => whole)).toEqual(
      [],
    )
  })

  test('names only anchors that are there', () => {
    const links = all(text, /\]\((?!https?:)([^)#]*)#([^)]+)\)/g)
    const missing = links.filter(([, file = '', anchor]) => {
      const target = file === '' ? document : `${document.startsWith('docs/') ? 'docs/' : ''}${file}`
      const anchors = all(read(target), /^#+ (.+)$/gm).map(([, title = '']) => anchorOf(title))
      return anchor === undefined || !anchors.includes(anchor)
    })
    expect(missing.map(([whole]) => whole)).toEqual([])
  })
})

/** As GitHub makes the anchor of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')
}

test('the README has every name of the environment that is read', () => {
  const names = all(read('lib/env.server.ts'), /^ {2}([A-Z][A-Z_]+):/gm).map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name) => !read('README.md').includes(`| \`${name}\` |`))).toEqual([])
})
