import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exampleRequest } from './contract'
import { createBySdkDefaults } from './control-arm'
import { createProvider } from './openai.server'
import { faultSteps } from './scripted-faults'
import { type ScriptedServer, startScriptedServer } from './scripted-server'

let server: ScriptedServer
beforeEach(async () => {
  server = await startScriptedServer()
})
afterEach(() => server.close())

const faults = ['lost_answer', 'error_500', 'create_503_page', 'create_408', 'create_409'] as const

/** The server answers this way each time, however often it is asked. */
function misbehave(behaviour: (typeof faults)[number]): void {
  for (let nth = 0; nth < 5; nth += 1) server.next(faultSteps[behaviour] ?? (() => {}))
}

describe('one paid call', () => {
  it.each(faults)('is made once through our border, whatever happens: %s', async (behaviour) => {
    misbehave(behaviour)
    await createProvider({ name: 'x', apiKey: 'k', baseUrl: server.baseUrl }).create(exampleRequest())
    expect(server.received).toHaveLength(1)
  })

  it.each(faults)('is made three times by the SDK as it comes: %s', async (behaviour) => {
    misbehave(behaviour)
    await createBySdkDefaults(server.baseUrl, exampleRequest())
    expect(server.received).toHaveLength(3)
  })
})
