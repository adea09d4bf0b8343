/** `npm run docs`: writes the generated parts of ARCHITECTURE.md anew. */
import fs from 'node:fs'
import path from 'node:path'
import { withGeneratedBlocks } from './diagram'

const file = path.resolve(import.meta.dirname, '../../ARCHITECTURE.md')
fs.writeFileSync(file, withGeneratedBlocks(fs.readFileSync(file, 'utf8')))
