/** The peer, at the versions of the lock file beside this, in a folder of its own: nothing of it gets into the product. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { WORK } from '../store'

const FROM = path.join('bench', 'peer')
export const PEER = path.resolve(WORK, 'peer')

/** Installs it where it is not there yet. @throws where npm cannot. */
export function installPeer(): void {
  const wanted = fs.readFileSync(path.join(FROM, 'package-lock.json'), 'utf8')
  const mark = path.join(PEER, 'installed')
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted) return
  console.log('Installing pg-boss and its dashboard …')
  fs.rmSync(PEER, { recursive: true, force: true })
  fs.mkdirSync(PEER, { recursive: true })
  for (const name of ['package.json', 'package-lock.json'])
    fs.copyFileSync(path.join(FROM, name), path.join(PEER, name))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: PEER,
    stdio: 'inherit',
  })
  fs.writeFileSync(mark, wanted)
}

/** The version that is installed, for the record. */
export function versionOf(name: string): string {
  const file = path.join(PEER, 'node_modules', name, 'package.json')
  return (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version
}
