import fs from 'node:fs'
import { expect, it } from 'vitest'
import { ANNOTATION_TYPES, ITEM_TYPES, isAnnotationType, itemKind } from './item-types'

/** The types of the installed SDK, without comments. */
const source = fs
  .readFileSync('node_modules/openai/resources/responses/responses.d.ts', 'utf8')
  .replace(/\/\*[\s\S]*?\*\//g, '')

it('knows every type of output item of the installed SDK, and no other', () => {
  const union = /export type ResponseOutputItem = ([^;]+);/.exec(source)?.[1] ?? ''
  const types = literalsOf(union, 'ResponseOutputItem')
  expect(types.length).toBeGreaterThan(20)
  expect(Object.keys(ITEM_TYPES).sort()).toEqual(types.sort())
})

it('knows every kind of annotation of the installed SDK, and no other', () => {
  const union = /annotations: Array<([^>]+)>/.exec(interfaceBody('ResponseOutputText'))?.[1] ?? ''
  expect(Object.keys(ANNOTATION_TYPES).sort()).toEqual(literalsOf(union, 'ResponseOutputText').sort())
})

it('does not know a type that only every object has', () => {
  for (const type of ['constructor', '__proto__', 'toString', '', 'output_audio']) {
    expect(itemKind(type)).toBeNull()
    expect(isAnnotationType(type)).toBe(false)
  }
})

/** The `type: '…'` of each member of a union; `Owner.Name` stands in the namespace `owner`. */
function literalsOf(union: string, owner: string): string[] {
  return union.split('|').map((member) => {
    const name = member.trim()
    expect(name, 'a member of the union is a name').toMatch(/^[\w.]+$/)
    return typeLiteral(name.replace(`${owner}.`, ''), name.includes('.') ? namespaceBody(owner) : source)
  })
}

/** The `type` that the interface gives itself, or the one that it extends. */
function typeLiteral(name: string, scope: string): string {
  const body = interfaceBody(name, scope)
  const own = /^ {4,8}type: '([^']+)';/m.exec(body)?.[1]
  if (own !== undefined) return own
  const parent = new RegExp(`interface ${name} extends (\\w+) `).exec(scope)?.[1]
  if (parent === undefined) throw new Error(`${name} has no type of one literal: this reader must learn its form`)
  return typeLiteral(parent, source)
}

function interfaceBody(name: string, scope = source): string {
  return blockAfter(new RegExp(`interface ${name} (?:extends \\w+ )?\\{`), scope)
}

function namespaceBody(name: string): string {
  return blockAfter(new RegExp(`export declare namespace ${name} \\{`), source)
}

function blockAfter(opening: RegExp, scope: string): string {
  const found = opening.exec(scope)
  if (found === null) throw new Error(`the SDK's types have no ${opening.source}`)
  const start = found.index + found[0].length
  let depth = 1
  let end = start
  for (; depth > 0 && end < scope.length; end += 1) {
    if (scope[end] === '{') depth += 1
    if (scope[end] === '}') depth -= 1
  }
  return scope.slice(start, end - 1)
}
