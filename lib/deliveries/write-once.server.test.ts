import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { writeOnce } from './write-once.server'

const bytes = new TextEncoder().encode('what was approved')
const written = { kind: 'delivered', httpStatus: null, answer: null, code: null }
const refused = (code: string) => ({ kind: 'refused', code, httpStatus: null, answer: null })

function folder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-write-'))
}

test('a file is there whole, alone, in folders that are made for it', async () => {
  const root = path.join(folder(), 'not', 'yet')
  expect(await writeOnce(root, path.join(root, 'a', 'b', '1.json'), bytes)).toEqual(written)
  expect(fs.readdirSync(path.join(root, 'a', 'b'))).toEqual(['1.json'])
  expect(fs.readFileSync(path.join(root, 'a', 'b', '1.json'))).toEqual(Buffer.from(bytes))
})

test('the same bytes again are written already, and other bytes are refused', async () => {
  const root = folder()
  const file = path.join(root, '1.json')
  await writeOnce(root, file, bytes)
  expect(await writeOnce(root, file, bytes)).toEqual(written)
  expect(await writeOnce(root, file, new TextEncoder().encode('something else'))).toEqual(refused('other_file'))
  expect(await writeOnce(root, file, new TextEncoder().encode('what was altered!'))).toEqual(refused('other_file'))
  expect(fs.readFileSync(file)).toEqual(Buffer.from(bytes))
})

test('many that write one name at once leave one whole file, and nothing half', async () => {
  const root = folder()
  const file = path.join(root, 'a', '1.json')
  const others = new TextEncoder().encode('what was altered!')
  const ends = await Promise.all(
    Array.from({ length: 20 }, (_, index) => writeOnce(root, file, index % 2 === 0 ? bytes : others)),
  )
  const stands = fs.readFileSync(file)
  const isFirst = stands.equals(bytes)
  expect(isFirst || stands.equals(others)).toBe(true)
  expect(ends.map(({ kind }) => kind)).toEqual(
    Array.from({ length: 20 }, (_, index) => ((index % 2 === 0) === isFirst ? 'delivered' : 'refused')),
  )
  expect(fs.readdirSync(path.join(root, 'a'))).toEqual(['1.json'])
})

test.each(['../1.json', 'a/../../1.json', '', 'a/..', '/etc/1.json'])(
  'a path leaves its folder never: %j',
  async (name) => {
    const root = path.join(folder(), 'root')
    const file = name.startsWith('/') ? name : `${root}/${name}`
    expect(await writeOnce(root, file, bytes)).toEqual(refused('outside_folder'))
    expect(fs.existsSync(path.join(root, '..', '1.json'))).toBe(false)
  },
)

test('a link below the folder leads nowhere', async () => {
  const elsewhere = folder()
  const root = folder()
  fs.symlinkSync(elsewhere, path.join(root, 'a'))
  expect(await writeOnce(root, path.join(root, 'a', '1.json'), bytes)).toEqual(refused('outside_folder'))
  expect(await writeOnce(root, path.join(root, 'a', 'b', '1.json'), bytes)).toEqual(refused('outside_folder'))
  fs.symlinkSync(path.join(elsewhere, '2.json'), path.join(root, '2.json'))
  expect(await writeOnce(root, path.join(root, '2.json'), bytes)).toEqual(refused('other_file'))
  expect(fs.readdirSync(elsewhere)).toEqual([])
})

test('a folder under the name of the file is left alone', async () => {
  const root = folder()
  fs.mkdirSync(path.join(root, '1.json'))
  expect(await writeOnce(root, path.join(root, '1.json'), bytes)).toEqual(refused('other_file'))
})

test('a folder of the operator that is itself a link is used', async () => {
  const real = folder()
  const root = path.join(folder(), 'link')
  fs.symlinkSync(real, root)
  expect(await writeOnce(root, path.join(root, 'a', '1.json'), bytes)).toEqual(written)
  expect(fs.readdirSync(path.join(real, 'a'))).toEqual(['1.json'])
})

test('where nothing can be written, it can be tried again', async () => {
  const root = path.join(folder(), 'a-file')
  fs.writeFileSync(root, '')
  expect(await writeOnce(root, path.join(root, 'a', '1.json'), bytes)).toMatchObject({ kind: 'again' })
})
