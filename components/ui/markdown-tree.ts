/** What becomes of a Markdown tree between reading and drawing. Walks without recursion: a tree may be deep. Pure. */
import { splitHidden } from './hidden-characters'

/** As much of the nodes of Markdown and HTML trees as is needed here. */
type TreeNode = {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: TreeNode[]
}

/** What is drawn is walked by recursion from here on. No text that people write comes near it. */
const DEEPEST = 100

/** Cuts branches that are too deep, so that nothing after it runs out of stack; what they say is kept as text. */
export function refuseDepth(tree: TreeNode): void {
  const left = [{ node: tree, depth: 0 }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, depth } = next
    if (node.children === undefined) continue
    if (depth >= DEEPEST) node.children = [{ type: 'text', value: wordsOf(node) }]
    else for (const child of node.children) left.push({ node: child, depth: depth + 1 })
  }
}

function wordsOf(branch: TreeNode): string {
  const words: string[] = []
  const left = [branch]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.value !== undefined) words.push(node.value)
    for (const child of [...(node.children ?? [])].reverse()) left.push(child)
  }
  return words.join(' ')
}

/** Puts a `mark` in the place of characters that nobody would see; its title holds them. */
export function markHidden(tree: TreeNode): void {
  const left = [tree]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.children === undefined) continue
    node.children = node.children.flatMap(piecesOf)
    left.push(...node.children)
  }
}

function piecesOf(node: TreeNode): TreeNode[] {
  if (node.type !== 'text' || node.value === undefined) return [node]
  return splitHidden(node.value).map(({ text, hidden }) =>
    hidden
      ? { type: 'element', tagName: 'mark', properties: { title: text }, children: [] }
      : { type: 'text', value: text },
  )
}
