'use client'
import { ImageOff } from 'lucide-react'
import { ForeignLink } from '@/components/ui/foreign-link'
import { JsonView } from '@/components/ui/json-view'
import { CodeText } from '../code-text'
import { Box, FirstOf, Labelled } from './trace-parts'
import type { CodeOutput, TraceEntry } from './trace-shapes'

/** The code that the model ran, and what it printed and made. */
export function CodeBody({ entry }: { entry: TraceEntry & { kind: 'code' } }) {
  const { code, outputs } = entry
  return (
    <>
      {code === null || code === '' ? (
        <p className="text-muted">The code did not come with it.</p>
      ) : (
        <CodeText text={code} portion={1_500} className="mt-1" />
      )}
      {outputs === null && (
        <p className="mt-2 text-muted">What it printed is not known: the provider did not send its outputs.</p>
      )}
      {outputs?.length === 0 && <p className="mt-2 text-muted">It printed nothing and made no file.</p>}
      {outputs !== null && outputs.length > 0 && (
        <FirstOf
          items={outputs}
          shown={5}
          noun="outputs"
          wrap={(children) => children}
          draw={(output, index) => <Output key={index} output={output} />}
        />
      )}
    </>
  )
}

function Output({ output }: { output: CodeOutput }) {
  switch (output.kind) {
    case 'logs':
      return (
        <Labelled label="It printed">
          {output.text === '' ? (
            <p className="text-muted">Nothing.</p>
          ) : (
            <CodeText text={output.text} portion={1_500} className="mt-1" />
          )}
        </Labelled>
      )
    case 'image':
      return (
        <Labelled label="It made an image, which is not loaded here">
          <p className="mt-1 flex min-w-0 items-baseline gap-1.5">
            <ImageOff aria-hidden className="size-3.5 shrink-0 translate-y-0.5 text-faint" />
            <ForeignLink href={output.url} />
          </p>
        </Labelled>
      )
    case 'other':
      return (
        <Labelled label="An output of a kind that this version does not know">
          <Box>
            <JsonView value={output.data} depth={1} />
          </Box>
        </Labelled>
      )
  }
}
