/**
 * The kinds of output that this version knows, as the SDK's types name them. Tests beside this file and in
 * `lib/provider` compare both lists with the installed SDK and fail when a release adds or removes one.
 */

/** `reading`: set for reading. `raw`: named, and shown as it came. */
type ItemKind = { label: string; view: 'reading' | 'raw' }

/** Every type of an output item. */
export const ITEM_TYPES = {
  message: { label: 'Message', view: 'reading' },
  reasoning: { label: 'Reasoning, summarised', view: 'reading' },
  web_search_call: { label: 'Search on the web', view: 'reading' },
  file_search_call: { label: 'Search in files', view: 'reading' },
  code_interpreter_call: { label: 'Code run by the model', view: 'reading' },
  function_call: { label: 'Tool call', view: 'reading' },
  function_call_output: { label: 'Tool output', view: 'reading' },
  custom_tool_call: { label: 'Tool call', view: 'reading' },
  custom_tool_call_output: { label: 'Tool output', view: 'reading' },
  mcp_list_tools: { label: 'Tools offered by a server', view: 'reading' },
  mcp_call: { label: 'Tool call to a server', view: 'reading' },
  mcp_approval_request: { label: 'Asks leave to call a server', view: 'reading' },
  mcp_approval_response: { label: 'Answer to a request for leave', view: 'reading' },
  image_generation_call: { label: 'Image made by the model', view: 'raw' },
  computer_call: { label: 'Step on a computer', view: 'raw' },
  computer_call_output: { label: 'What the computer showed', view: 'raw' },
  local_shell_call: { label: 'Command for a local shell', view: 'raw' },
  local_shell_call_output: { label: 'Output of a local shell', view: 'raw' },
  shell_call: { label: 'Command for a shell', view: 'raw' },
  shell_call_output: { label: 'Output of a shell', view: 'raw' },
  apply_patch_call: { label: 'Change to a file', view: 'raw' },
  apply_patch_call_output: { label: 'Outcome of a change to a file', view: 'raw' },
  program: { label: 'Program that calls tools', view: 'raw' },
  program_output: { label: 'Output of a program', view: 'raw' },
  tool_search_call: { label: 'Search for tools', view: 'raw' },
  tool_search_output: { label: 'Tools that were found', view: 'raw' },
  additional_tools: { label: 'Tools added on the way', view: 'raw' },
  compaction: { label: 'Earlier steps, compacted', view: 'raw' },
} as const satisfies Record<string, ItemKind>

export type ItemType = keyof typeof ITEM_TYPES

/** What an item of that type is called and how it is shown; null for a type that this version does not know. */
export function itemKind(type: string): ItemKind | null {
  return Object.hasOwn(ITEM_TYPES, type) ? ITEM_TYPES[type as ItemType] : null
}

/** Every kind of annotation on a text, by what it cites. */
export const ANNOTATION_TYPES = {
  url_citation: 'a page on the web',
  file_citation: 'a file that was searched',
  container_file_citation: 'a file made by code',
  file_path: 'a file',
} as const satisfies Record<string, string>

export type AnnotationType = keyof typeof ANNOTATION_TYPES

/** True for a kind of annotation that this version can check. */
export function isAnnotationType(type: string): type is AnnotationType {
  return Object.hasOwn(ANNOTATION_TYPES, type)
}
