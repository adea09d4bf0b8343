/** Reads how a request goes on from what was said before: by an id of ours, or by the items themselves. Pure. */
import type { Answer } from './answer'
import { ApiError, type CreateBody } from './request'
import type { AnsweredCall, WaitingCall } from './tools'

export type Thread = {
  /** What people and documents say in it. */
  input: string
  /** The calls whose answers it brings. */
  answered: AnsweredCall[]
}

type Item = Record<string, unknown>

/**
 * @param previous the answer of the response that is continued, or null.
 * @throws {ApiError} 400 where an answer belongs to no call, or a call has no answer, as the API refuses it.
 */
export function readThread({ input }: Pick<CreateBody, 'input'>, previous: Answer | null): Thread {
  const items = typeof input === 'string' ? [] : input
  const calls = [...(previous?.calls ?? []), ...items.flatMap(readCall)]
  const answers = items.flatMap(readAnswer)
  const answered = answers.map((answer) => {
    const call = calls.find(({ id, kind }) => id === answer.id && kind === answer.kind)
    if (!call) throw invalid(`No tool call found for ${words[answer.kind]} with call_id ${answer.id}.`)
    return { ...call, said: answer.said, isAllowed: answer.isAllowed }
  })
  const open = calls.find(({ id }) => !answers.some((answer) => answer.id === id))
  if (open) throw invalid(`No tool output found for ${open.kind} call ${open.id}.`)
  return { input: typeof input === 'string' ? input : items.map(readMessage).join('\n').trim(), answered }
}

const words = { function: 'function call output', mcp: 'approval response' }

function invalid(message: string): ApiError {
  return new ApiError(400, message.slice(0, 300), { param: 'input' })
}

function readCall(item: Item): WaitingCall[] {
  const name = textOf(item.name)
  const given = textOf(item.arguments)
  if (item.type === 'function_call') return [{ kind: 'function', id: textOf(item.call_id), name, arguments: given }]
  if (item.type !== 'mcp_approval_request') return []
  return [{ kind: 'mcp', id: textOf(item.id), name, arguments: given, server: textOf(item.server_label) }]
}

function readAnswer(item: Item): { kind: WaitingCall['kind']; id: string; said: string; isAllowed: boolean }[] {
  if (item.type === 'function_call_output') {
    return [{ kind: 'function', id: textOf(item.call_id), said: contentOf(item.output), isAllowed: true }]
  }
  if (item.type !== 'mcp_approval_response') return []
  const id = textOf(item.approval_request_id)
  return [{ kind: 'mcp', id, said: textOf(item.reason), isAllowed: item.approve === true }]
}

/** What a message of a person says; nothing of any other item. */
function readMessage(item: Item): string {
  const isMessage = (item.type ?? 'message') === 'message' && item.role !== 'assistant'
  return isMessage ? contentOf(item.content) : ''
}

function contentOf(content: unknown): string {
  if (!Array.isArray(content)) return textOf(content)
  return content.map((part: unknown) => (isItem(part) ? textOf(part.text) : '')).join('')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null
}
