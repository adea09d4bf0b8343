import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { PageHeader } from '@/components/ui/page-header'
import { ImportForm } from '@/components/workflows/import-form'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole } from '@/lib/access/can'
import { originOf } from '@/lib/access/same-origin'
import { requireActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { exportWorkflow } from '@/lib/workflows/catalogue.server'
import { checkWorkflowFile, publishWorkflowFile } from '../actions'

export const metadata: Metadata = { title: 'Import a workflow' }

type Search = Promise<Record<string, string | string[] | undefined>>

/** A workflow's file, to be published. `?from=` begins with the current version of a workflow. */
export default async function ImportPage({ searchParams }: { searchParams: Search }) {
  const { from } = await searchParams
  const actor = await requireActor('/workflows/import')
  if (!hasRole(actor, 'lead')) {
    return (
      <NotForYou
        page="Import a workflow"
        title="This page is for leads and owners"
        hint="A workflow decides what leaves without a person. Ask a lead to publish the change."
      />
    )
  }
  const schemaUrl = `${originOf(await headers())}/workflow.schema.json`
  const file = typeof from === 'string' ? await exportWorkflow(db(), sanitiseText(from), null, schemaUrl) : null
  return (
    <>
      <PageHeader
        title={file === null ? 'Import a workflow' : `Change the workflow ${file.key}`}
        hint={
          <>
            A workflow is a YAML file. Export one as a start, or read <Schema />, which editors understand.
          </>
        }
      />
      <ImportForm initial={file?.text ?? ''} check={checkWorkflowFile} publish={publishWorkflowFile} />
    </>
  )
}

function Schema() {
  return (
    <Link href="/workflow.schema.json" prefetch={false} className="text-accent-ink underline">
      its JSON Schema
    </Link>
  )
}
