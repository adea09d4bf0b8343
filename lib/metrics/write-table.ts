/** `npm run docs`: writes the table of metrics in docs/metrics.md anew. */
import fs from 'node:fs'
import path from 'node:path'
import { METRICS_BEGIN, METRICS_END, metricsTable } from './documents'

const file = path.resolve(import.meta.dirname, '../../docs/metrics.md')
const text = fs.readFileSync(file, 'utf8')
const [before = '', rest = ''] = text.split(METRICS_BEGIN)
const [, after = ''] = rest.split(METRICS_END)
fs.writeFileSync(file, `${before}${METRICS_BEGIN}\n${metricsTable()}\n${METRICS_END}${after}`)
