import type { ReactNode } from 'react'
import { JsonView } from '@/components/ui/json-view'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import type { JsonSchema, WorkflowDefinition } from '@/lib/workflows/definition'
import {
  checkWords,
  documentWords,
  dollarWords,
  kindWords,
  numberWords,
  retryWords,
  spanWords,
} from '@/lib/workflows/words'
import { Fact, Facts } from './facts'
import { PolicyView, type SampleFigures } from './policy-view'
import { ToolList } from './tool-list'

export type DefinitionViewProps = {
  definition: WorkflowDefinition
  /** What became of the samples of this workflow; null where none are drawn. */
  samples: SampleFigures | null
  /** Where its policy is edited; null for somebody who may not, and for an earlier version. */
  editHref: string | null
}

/** One version of a workflow, for reading: what it asks, what it gives, and what it may do. */
export function DefinitionView({ definition, samples, editHref }: DefinitionViewProps) {
  const { documents, evidence, output, tools } = definition
  return (
    <div className="flex flex-col gap-4">
      <Section id="does" title="What it does">
        <p className="text-read">{definition.description}</p>
        <Facts>
          <Fact label="Gives">{kindWords[definition.kind]}</Fact>
          <Fact label="Model">{definition.model}</Fact>
          <Fact label="Longest answer">{numberWords(definition.maxOutputTokens)} tokens</Fact>
          <Fact label="Documents">{documentWords(documents)}</Fact>
          <Fact label="Most text">{numberWords(definition.maxInputCharacters)} characters</Fact>
          {definition.reasoningEffort && <Fact label="Reasoning">{definition.reasoningEffort}</Fact>}
          {definition.serviceTier && <Fact label="Service tier">{definition.serviceTier}</Fact>}
          {definition.truncation && <Fact label="Truncation">{definition.truncation}</Fact>}
          {definition.maxToolCalls && <Fact label="Calls at the provider, at most">{definition.maxToolCalls}</Fact>}
        </Facts>
      </Section>
      <PolicyView definition={definition} samples={samples} editHref={editHref} />
      <Section id="checked" title="What is checked">
        <Facts>
          <Fact label="Evidence">
            {evidence === null ? (
              'none is asked for'
            ) : (
              <>
                each entry of <code className="text-sm">{evidence.claims}</code> with quotes from the documents
              </>
            )}
          </Fact>
        </Facts>
        <Checks checks={definition.checks} />
      </Section>
      <Section id="tools" title="Tools">
        {tools.length === 0 ? <p className="text-muted">None: it can only answer.</p> : <ToolList tools={tools} />}
      </Section>
      <Section id="limits" title="Time and money">
        <Facts>
          <Fact label="Deadline">{spanWords(definition.limits.deadlineMinutes * 60)} after it was asked for</Fact>
          <Fact label="Given up when nothing changes for">{spanWords(definition.limits.noProgressMinutes * 60)}</Fact>
          <Fact label="Tried again">{retryWords(definition.retry)}</Fact>
          <Fact label="Budget of one job">{dollarWords(definition.budget.perJobUsd)}</Fact>
          <Fact label="Budget of one day">{dollarWords(definition.budget.perDayUsd)}</Fact>
          <Fact label="Budget in all">{dollarWords(definition.budget.totalUsd)}</Fact>
        </Facts>
      </Section>
      <Section id="instructions" title="Instructions" hint="What the model is told to do.">
        <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
          {definition.instructions}
        </p>
      </Section>
      <Section id="form" title="The form" hint="What somebody is asked who starts a job.">
        <Fields schema={definition.inputSchema} />
      </Section>
      <Section id="answer" title="The answer" hint="What the model must answer with, property by property.">
        <JsonView value={output.schema} />
      </Section>
    </div>
  )
}

function Section({ id, title, hint, children }: { id: string; title: string; hint?: string; children: ReactNode }) {
  return (
    <Panel aria-labelledby={`section-${id}`}>
      <PanelHeader id={`section-${id}`} title={title} hint={hint} />
      <PanelBody className="flex flex-col gap-3">{children}</PanelBody>
    </Panel>
  )
}

function Checks({ checks }: { checks: WorkflowDefinition['checks'] }) {
  if (checks.length === 0) {
    return <p className="text-muted">Beside the checks that every answer gets, it has none of its own.</p>
  }
  return (
    <div>
      <h3 className="mb-1 font-medium">Checks of its own</h3>
      <ul className="flex flex-col gap-1">
        {checks.map((check) => (
          <li key={check.id}>
            {check.label} <code className="text-xs text-muted wrap-anywhere">{checkWords(check)}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}

type Property = { title?: unknown; description?: unknown; type?: unknown; enum?: unknown }

function Fields({ schema }: { schema: JsonSchema }) {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Property>)
  const required = Array.isArray(schema.required) ? schema.required : []
  if (properties.length === 0) return <p className="text-muted">No fields: only documents.</p>
  return (
    <Table label="Fields of the form">
      <THead>
        <Tr>
          <Th>Field</Th>
          <Th>Kind</Th>
          <Th>What is said about it</Th>
        </Tr>
      </THead>
      <TBody>
        {properties.map(([name, property]) => (
          <Tr key={name} className="align-top">
            <Td>
              <span className="font-medium">{typeof property.title === 'string' ? property.title : name}</span>{' '}
              <code className="text-xs text-faint">{name}</code>
            </Td>
            <Td className="whitespace-nowrap text-muted">
              {kindOf(property)}, {required.includes(name) ? 'required' : 'optional'}
            </Td>
            <Td className="min-w-48 text-muted">
              {typeof property.description === 'string' ? property.description : 'nothing'}
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'yes or no',
  array: 'list',
  object: 'group',
}

function kindOf({ type, enum: choices }: Property): string {
  if (Array.isArray(choices)) return `one of ${choices.length}`
  return [type]
    .flat()
    .map((one) => TYPES[String(one)] ?? String(one))
    .join(' or ')
}
