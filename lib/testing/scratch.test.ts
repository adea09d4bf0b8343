import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { scratchInMemory } from '@/lib/testing/scratch'

function folder(): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-scratch-'))
  onTestFinished(() => fs.rmSync(made, { recursive: true }))
  return made
}

test('a run has a folder of its own, and removes it with all that is in it', () => {
  const within = folder()
  const scratch = scratchInMemory(within, 0)
  fs.writeFileSync(path.join(scratch?.folder ?? '', 'some'), 'words')
  expect(fs.readdirSync(within)).toEqual([`holdpoint-tests-${process.pid}`])
  scratch?.remove()
  expect(fs.readdirSync(within)).toEqual([])
})

test('what a killed run left is removed, and what another run uses is not', () => {
  const within = folder()
  const { pid } = spawnSync(process.execPath, ['--version'])
  for (const name of [
    `holdpoint-tests-${pid}`,
    `holdpoint-tests-${process.pid}`,
    `holdpoint-tests-${process.ppid}`,
    'holdpoint-tests-of-mine',
  ]) {
    fs.mkdirSync(path.join(within, name, 'postgres'), { recursive: true })
  }
  scratchInMemory(within, 0)?.remove()
  expect(fs.readdirSync(within).sort()).toEqual([`holdpoint-tests-${process.ppid}`, 'holdpoint-tests-of-mine'])
})

test('where there is no memory to spare, there is none', () => {
  expect(scratchInMemory('/no/such/folder', 0)).toBeNull()
  expect(scratchInMemory(folder(), os.totalmem())).toBeNull()
})
