import fc from 'fast-check'
import { expect, it } from 'vitest'
import { indentJson, looksLikeJson } from './broken-json'

it('sets out what there is of a JSON answer, up to where it breaks off', () => {
  expect(indentJson('{"title":"Rent, {and} pets","findings":[{"claim":"It is d')).toBe(
    ['{', '  "title": "Rent, {and} pets",', '  "findings": [', '    {', '      "claim": "It is d'].join('\n'),
  )
})

it('sets out whole JSON as everyone does', () => {
  const value = { a: [1, { b: 'x\\"y' }, []], c: {}, d: null }
  expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2))
})

it('keeps a text that is set out already', () => {
  expect(indentJson('{\n "a": 1,\n')).toBe('{\n "a": 1,\n')
})

it('changes nothing but white space outside of strings, wherever the text breaks off', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, at) => {
      const cut = JSON.stringify(JSON.parse(json)).slice(0, at)
      expect(withoutSpace(indentJson(cut))).toBe(withoutSpace(cut))
    }),
  )
})

it('keeps what JSON has no place for apart from what stands beside it', () => {
  expect(indentJson('{"a": 1, oops "b":2}')).toBe(['{', '  "a": 1,', '  oops "b": 2', '}'].join('\n'))
})

it('tells JSON from prose', () => {
  for (const text of ['{"a', '[{', ' {\n "a": 1', '{}', '[1, 2']) expect(looksLikeJson(text)).toBe(true)
  for (const text of ['The rent', '[a link](https://x)', '{curly} words', '']) expect(looksLikeJson(text)).toBe(false)
})

const withoutSpace = (text: string) => text.replace(/\s/g, '')
