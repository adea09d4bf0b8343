import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'

type Case = readonly [file: string, source: string]

/** The files that the rules of biome.json refuse, in a repository that holds nothing but these imports. */
async function refused(cases: readonly Case[]): Promise<string[]> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-imports-'))
  try {
    const rules = JSON.parse(fs.readFileSync('biome.json', 'utf8'))
    fs.writeFileSync(path.join(root, 'biome.json'), JSON.stringify({ ...rules, vcs: { enabled: false } }))
    for (const [file, source] of cases) {
      fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
      fs.writeFileSync(path.join(root, file), `import '${source}'\n`)
    }
    const report = await lint(root)
    return report.diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedImports')
      .map(({ location }) => location.path)
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
}

type Report = { diagnostics: { category: string; location: { path: string } }[] }

function lint(root: string): Promise<Report> {
  const biome = path.resolve('node_modules/@biomejs/biome/bin/biome')
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '--only=style/noRestrictedImports']
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root }, (_, stdout) => resolve(JSON.parse(stdout)))
  })
}

const FORBIDDEN: Case[] = [
  ['lib/jobs/x1.ts', '@/components/jobs/list'],
  ['lib/jobs/x2.ts', '../../app/layout'],
  ['lib/jobs/x3.ts', 'next/headers'],
  ['lib/jobs/x4.ts', 'openai'],
  ['lib/store/x5.server.ts', 'graphile-worker'],
  ['lib/engine/x6.ts', 'openai/resources'],
  ['lib/webhooks/x6.server.ts', 'openai'],
  ['lib/provider/x7.ts', 'graphile-worker'],
  ['lib/lifecycle/table.ts', './failure'],
  ['components/jobs/x8.tsx', '@/lib/store/db.server'],
  ['components/jobs/x9.tsx', '@/app/(app)/jobs/actions'],
  ['components/ui/x10.tsx', '@/lib/jobs/view'],
  ['components/ui/x11.tsx', '../jobs/state-mark'],
  ['app/x12.ts', 'openai'],
]

const ALLOWED: Case[] = [
  ['lib/provider/x13.server.ts', 'openai'],
  ['lib/webhooks/signature.test.ts', 'openai'],
  ['lib/engine/x14.server.ts', 'graphile-worker'],
  ['lib/access/session.server.ts', 'next/headers'],
  ['components/jobs/x15.tsx', '@/components/ui/button'],
  ['components/jobs/x16.tsx', '@/lib/jobs/view'],
  ['components/ui/x17.tsx', '@/components/ui/button'],
  ['app/(app)/jobs/page.tsx', '@/lib/store/db.server'],
]

test('imports that go against the directions are lint errors', async () => {
  expect((await refused(FORBIDDEN)).sort()).toEqual(FORBIDDEN.map(([file]) => file).sort())
})

test('imports that follow the directions are not', async () => {
  expect(await refused(ALLOWED)).toEqual([])
})
