'use client'
import { Callout } from '@/components/ui/callout'
import { JsonView } from '@/components/ui/json-view'
import { PlainText } from '@/components/ui/plain-text'
import { LongText } from '../long-text'
import { sliceText } from '../slice-text'
import { Box, FirstOf, Value } from './trace-parts'
import type { CallError, OfferedTool, TraceEntry } from './trace-shapes'

/** What a tool was given, what it gave back, and what went wrong. */
export function CallBody({ entry }: { entry: TraceEntry & { kind: 'call' } }) {
  return (
    <>
      <Value label="Arguments" value={entry.input} />
      {entry.error !== null && <ErrorNote error={entry.error} title="The call failed" />}
      <Value label="Output" value={entry.output} />
    </>
  )
}

export function OutputBody({ output }: { output: unknown }) {
  if (output === undefined || output === null || output === '') return <p className="text-muted">It is empty.</p>
  return <Value label="Output" value={output} />
}

/** The tools that a server offered to the model, or why it offered none. */
export function ToolsBody({ entry }: { entry: TraceEntry & { kind: 'tools' } }) {
  const { tools, error } = entry
  return (
    <>
      {error !== null && <ErrorNote error={error} title="The server did not list its tools" />}
      {tools.length === 0 && error === null && <p className="text-muted">It offers none.</p>}
      <FirstOf
        items={tools}
        shown={5}
        noun="tools"
        wrap={(children) => <ul className="mt-1 flex flex-col gap-2">{children}</ul>}
        draw={(tool, index) => <Tool key={index} tool={tool} />}
      />
    </>
  )
}

function Tool({ tool }: { tool: OfferedTool }) {
  return (
    <li className="rounded-md border border-line bg-surface px-3 py-2">
      <code className="text-sm wrap-anywhere">
        <PlainText>{sliceText(tool.name, 300)}</PlainText>
      </code>
      {tool.description !== null && <LongText text={tool.description} portion={400} className="text-sm text-muted" />}
      {typeof tool.schema === 'object' && tool.schema !== null && <JsonView value={tool.schema} depth={0} />}
    </li>
  )
}

function ErrorNote({ error, title }: { error: CallError; title: string }) {
  return (
    <Callout tone="danger" title={title} className="mt-2">
      {error.code !== null && (
        <code className="text-sm text-muted wrap-anywhere">
          <PlainText>{sliceText(error.code, 200)}</PlainText>
        </code>
      )}
      {error.message !== null && <LongText text={error.message} portion={1_500} className="text-sm" />}
      {error.data !== null && (
        <Box>
          <JsonView value={error.data} depth={1} />
        </Box>
      )}
    </Callout>
  )
}
