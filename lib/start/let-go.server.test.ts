import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import { expect, test } from 'vitest'

// Answers half a second after it was asked, says where it listens, and stops as Next does: it waits for all connections.
const SERVER = `
  const server = require('node:http').createServer((_, answer) => setTimeout(() => answer.end('done'), 500))
  server.keepAliveTimeout = 3_600_000
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(143)))
  server.on('request', () => console.log('asked'))
`

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal}: what is being answered is answered, and a connection that is kept for later holds nothing up`, async () => {
    const child = spawn(process.execPath, ['--import', './lib/start/let-go.ts', '-e', SERVER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const agent = new http.Agent({ keepAlive: true })
    try {
      const [port] = await once(child.stdout, 'data')
      const asking = once(http.get({ host: '127.0.0.1', port: Number(port), agent }), 'response')
      await once(child.stdout, 'data')
      const left = once(child, 'exit')
      child.kill(signal)
      const [answer] = (await asking) as [http.IncomingMessage]
      expect((await answer.toArray()).join('')).toBe('done')
      expect(await left).toEqual([143, null])
    } finally {
      child.kill('SIGKILL')
      agent.destroy()
    }
  })
