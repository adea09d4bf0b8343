/** `npm run docs`: writes the published JSON Schema of a workflow's file anew. */
import fs from 'node:fs'
import path from 'node:path'
import { workflowFileSchemaText } from './json-schema'

fs.writeFileSync(path.resolve(import.meta.dirname, '../../public/workflow.schema.json'), workflowFileSchemaText())
