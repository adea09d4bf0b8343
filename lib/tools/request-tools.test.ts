import { expect, test } from 'vitest'
import { definitionWithTools, PARAMETERS } from './fixtures'
import { requestTools, withSecrets } from './request-tools'

const environment: Record<string, string> = { CRM_TOKEN: 'crm-secret', OPENAI_API_KEY: 'sk-secret' }
const readEnv = (name: string) => environment[name]
const offered = requestTools(definitionWithTools(), readEnv)

test('functions are offered, strict where their schema allows it; forbidden ones are not', () => {
  const functions = offered.tools.filter(({ type }) => type === 'function')
  expect(functions).toEqual(
    ['look_up', 'pay'].map((name) => ({
      type: 'function',
      name,
      description: 'A tool.',
      parameters: PARAMETERS,
      strict: true,
    })),
  )
  const optional = { ...PARAMETERS, required: ['to'] }
  const url = 'https://tools.example/x'
  const loose = { type: 'function', name: 'x', description: 'd', risk: 'read', url, parameters: optional }
  expect(requestTools(definitionWithTools([loose]), readEnv).tools).toMatchObject([{ strict: false }])
})

test('what a server may change decides what it must ask for', () => {
  const server = (label: string) => offered.tools.find(({ server_label }) => server_label === label)
  expect(server('crm')).toMatchObject({ require_approval: { never: { tool_names: ['find'] } } })
  expect(server('crm')).not.toHaveProperty('allowed_tools')
  expect(server('docs')).toMatchObject({ require_approval: { always: { tool_names: ['edit'] } } })
  expect(server('bank')).toMatchObject({
    allowed_tools: ['balance', 'transfer'],
    require_approval: { never: { tool_names: ['balance'] } },
  })
  expect(server('shut')).toBeUndefined()
})

test('hosted tools are offered as the API names them', () => {
  expect(offered.tools.slice(-3)).toEqual([
    { type: 'web_search', filters: { allowed_domains: ['example.org'] } },
    { type: 'file_search', vector_store_ids: ['vs_1'] },
    { type: 'code_interpreter', container: { type: 'auto' } },
  ])
})

test('a secret is in what is sent, and only its name in what is stored', () => {
  const stored = { input: '[secret from CRM_TOKEN]', tools: offered.tools }
  expect(JSON.stringify(stored)).not.toContain('crm-secret')
  const sent = withSecrets(stored, offered.secrets)
  expect(sent.tools.find(({ server_label }) => server_label === 'crm')?.authorization).toBe('crm-secret')
  expect(sent.input).toBe('[secret from CRM_TOKEN]')
  expect(JSON.stringify(stored)).not.toContain('crm-secret')
})

test('a variable that is absent is told, and one that opens Holdpoint itself is never read', () => {
  const server = { type: 'mcp', serverLabel: 'a', serverUrl: 'https://a.example/', risk: 'write' }
  const asking = (authorizationEnv: string) => definitionWithTools([{ ...server, authorizationEnv }])
  for (const name of ['OPENAI_API_KEY', 'NOT_THERE', 'HOLDPOINT_SECRET', 'DATABASE_URL']) {
    const { secrets, missing } = requestTools(asking(name), (asked) => environment[asked] ?? `value of ${asked}`)
    expect({ name, secrets, missing }).toEqual(
      name === 'NOT_THERE'
        ? { name, secrets: { '[secret from NOT_THERE]': 'value of NOT_THERE' }, missing: [] }
        : { name, secrets: {}, missing: [name] },
    )
  }
  const { tools, secrets, missing } = requestTools(asking('NOT_THERE'), readEnv)
  expect(missing).toEqual(['NOT_THERE'])
  expect(withSecrets({ tools }, secrets).tools[0]).not.toHaveProperty('authorization')
})
