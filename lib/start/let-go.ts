// Loaded first into the web server (node --import), before tsx: it can import nothing of ours. A server that is told to
// stop finishes what it is answering, but then waits until the other side closes the connection: up to 75 s. Here the
// connections are let go as soon as nothing is asked over them.
import { subscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:http'

const LOOK_EVERY_MS = 100
const servers = new Set<Server>()
let isWaiting = false

function letGo() {
  setInterval(() => {
    for (const server of servers) server.closeIdleConnections()
  }, LOOK_EVERY_MS).unref()
}

subscribe('http.server.request.start', (message) => {
  const { server } = message as { server: Server }
  servers.add(server)
  // Only now: a listener before the server has its own would keep a signal from ending a start.
  if (isWaiting) return
  isWaiting = true
  process.once('SIGTERM', letGo)
  process.once('SIGINT', letGo)
})
