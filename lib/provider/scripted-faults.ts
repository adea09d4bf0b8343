/** For tests: how the scripted server misbehaves, by the names that the sandbox has for it. */
import type { Behaviour } from './rehearsal'
import { type Step, sendError, sendJson } from './scripted-server'

const html = '<html>503 upstream</html>'
const whole = JSON.stringify({ id: 'resp_1', object: 'response', status: 'queued', output: [] })

const refused =
  (status: number, error: { code?: string; type?: string; param?: string }, headers = {}): Step =>
  (response) =>
    sendError(response, status, error, headers)

const reset: Step = (response) => response.socket?.destroy()
const silence: Step = () => {}
const page: Step = (response) => response.writeHead(503, { 'content-type': 'text/html' }).end(html)
const garbled: Step = (response) => sendJson(response, 200, 'no response')
const partial: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(whole.length) })
  response.write(whole.slice(0, 20), () => response.socket?.destroy())
}

const noLimit = { code: 'rate_limit_exceeded', type: 'requests' }

/** What becomes of the next request. */
export const faultSteps: Partial<Record<Behaviour, Step>> = {
  create_400_context_length: refused(400, { code: 'context_length_exceeded', param: 'input' }),
  create_401: refused(401, { code: 'invalid_api_key' }),
  create_403: refused(403, {}),
  create_404: refused(404, { code: 'model_not_found' }),
  create_408: refused(408, { type: 'timeout' }),
  create_409: refused(409, { type: 'conflict_error' }),
  create_413: refused(413, { code: 'request_too_large' }),
  create_422: refused(422, {}),
  rate_limited: refused(429, noLimit, { 'retry-after': '2' }),
  create_429_slow_down: refused(429, { code: 'slow_down' }, { 'retry-after-ms': '2000' }),
  create_429_quota: refused(429, { code: 'insufficient_quota', type: 'insufficient_quota' }),
  error_500: refused(500, { type: 'server_error' }),
  create_503: refused(503, { type: 'service_unavailable_error' }),
  lost_answer: reset,
  create_silence: silence,
  create_503_page: page,
  create_garbled: garbled,
  create_partial: partial,
  look_401: refused(401, { code: 'invalid_api_key' }),
  look_404_once: refused(404, {}),
  look_429: refused(429, noLimit, { 'retry-after': '2' }),
  look_500: refused(500, { type: 'server_error' }),
  look_reset: reset,
  look_silence: silence,
  look_page: page,
  look_garbled: garbled,
  look_partial: partial,
}
