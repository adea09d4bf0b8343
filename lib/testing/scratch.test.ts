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
  expect(fs.readdirSync(within)).toEqual([path.basename(scratch?.folder ?? '')])
  scratch?.remove()
  expect(fs.readdirSync(within)).toEqual([])
})

test('what a killed run left is removed, and what another run uses is not', () => {
  const within = folder()
  const { pid } = spawnSync(process.execPath, ['--version'])
  const ours = path.basename(scratchInMemory(within, 0)?.folder ?? '')
  const nameOf = (pid: number | undefined) => ours.replace(/\d+$/, `${pid}`)
  // Of a container that sees other processes: whether it runs still cannot be told.
  const elsewhere = `holdpoint-tests-1-${pid}`
  for (const name of [ours, nameOf(pid), nameOf(process.ppid), elsewhere]) {
    fs.mkdirSync(path.join(within, name, 'postgres'), { recursive: true })
  }
  const scratch = scratchInMemory(within, 0)
  expect(fs.readdirSync(path.join(within, ours)), 'of a run before that had the same number').toEqual([])
  scratch?.remove()
  expect(fs.readdirSync(within).toSorted()).toEqual([nameOf(process.ppid), elsewhere].toSorted())
})

test('where there is no memory to spare, there is none', () => {
  expect(scratchInMemory('/no/such/folder', 0)).toBeNull()
  expect(scratchInMemory(folder(), os.totalmem())).toBeNull()
})
