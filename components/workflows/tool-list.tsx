import { JsonView } from '@/components/ui/json-view'
import type { WorkflowTool } from '@/lib/workflows/definition'
import { riskWords, spanWords, toolName, toolRisk } from '@/lib/workflows/words'
import { RiskBadge } from './risk-badge'

/** What the model may call, with what each call may change and where it goes. */
export function ToolList({ tools }: { tools: readonly WorkflowTool[] }) {
  return (
    <ul className="flex flex-col divide-y divide-line">
      {tools.map((tool) => (
        <li key={`${tool.type} ${toolName(tool)}`} className="flex flex-col gap-1 py-3 first:pt-0 last:pb-0">
          <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
            <code className="wrap-anywhere">{toolName(tool)}</code>
            <RiskBadge risk={toolRisk(tool)} />
            <span className="text-sm font-normal text-muted">{riskWords[toolRisk(tool)].means}</span>
          </h3>
          <Tool tool={tool} />
        </li>
      ))}
    </ul>
  )
}

function Tool({ tool }: { tool: WorkflowTool }) {
  switch (tool.type) {
    case 'function':
      return (
        <>
          <p>{tool.description}</p>
          {tool.touches && <p className="text-muted">Touches: {tool.touches}</p>}
          {tool.risk !== 'forbidden' && (
            <p className="text-sm text-muted wrap-anywhere">
              Called by POST at <code>{tool.url}</code>, which has {spanWords(tool.timeoutSeconds)} to answer
              {tool.secretHeader && (
                <>
                  , with the header <code>{tool.secretHeader.name}</code> from <code>{tool.secretHeader.env}</code>
                </>
              )}
              {tool.signingSecretEnv && (
                <>
                  , signed with <code>{tool.signingSecretEnv}</code>
                </>
              )}
              .
            </p>
          )}
          <details>
            <summary className="w-fit cursor-pointer text-sm text-accent-ink">Its arguments</summary>
            <JsonView value={tool.parameters} />
          </details>
        </>
      )
    case 'mcp': {
      const named = Object.entries(tool.tools)
      return (
        <>
          {tool.description && <p>{tool.description}</p>}
          {tool.touches && <p className="text-muted">Touches: {tool.touches}</p>}
          <p className="text-sm text-muted wrap-anywhere">
            An MCP server at <code>{tool.serverUrl}</code>, which the provider calls
            {tool.authorizationEnv && (
              <>
                {' '}
                with what <code>{tool.authorizationEnv}</code> holds
              </>
            )}
            . Its tools: {riskWords[tool.risk].label.toLowerCase()}
            {named.length > 0 &&
              `, but for ${named.map(([name, risk]) => `${name} (${riskWords[risk].label.toLowerCase()})`).join(', ')}`}
            .
          </p>
        </>
      )
    }
    case 'web_search':
      return (
        <p className="text-muted">
          At the provider{tool.allowedDomains ? `, only in ${tool.allowedDomains.join(', ')}` : ''}. Changes nothing.
        </p>
      )
    case 'file_search':
      return (
        <p className="text-muted wrap-anywhere">
          At the provider, in {tool.vectorStoreIds.join(', ')}. Changes nothing.
        </p>
      )
    case 'code_interpreter':
      return <p className="text-muted">Runs code at the provider. Changes nothing outside of it.</p>
  }
}
