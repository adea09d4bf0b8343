/** What is told of a case file before it is made: how large, how far it can be proven, who took it out. */
import { readNames } from '@/lib/jobs/people.server'
import type { Db } from '@/lib/store/db.server'
import { type CaseFile, caseSizes } from './case-file.server'
import type { CaseView } from './case-view'

export async function describeCase(db: Db, file: CaseFile): Promise<CaseView> {
  const { view, audit, content } = file
  const leaf = audit.leaves.at(-1)
  const [times, last] = await Promise.all([
    db.caseFileTaking.count({ where: { jobId: view.id } }),
    db.caseFileTaking.findFirst({ where: { jobId: view.id }, orderBy: { at: 'desc' } }),
  ])
  return {
    number: view.number,
    version: view.version,
    sizes: caseSizes(file),
    erased: [...content.values()].filter(({ size }) => size === null).length,
    anchored: leaf === undefined ? null : { anchor: leaf.anchor, version: leaf.version },
    taken: { times, last: last === null ? null : await takingOf(db, last) },
  }
}

type Taking = { userId: string | null; apiKeyId: string | null; at: Date; format: string }

async function takingOf(db: Db, { userId, apiKeyId, at, format }: Taking) {
  const names = await readNames(db, userId === null ? [] : [userId], apiKeyId === null ? [] : [apiKeyId])
  const by = userId !== null ? names.person(userId) : names.key(apiKeyId ?? '')
  return { by, at: at.toISOString(), format: format === 'zip' ? ('zip' as const) : ('html' as const) }
}
