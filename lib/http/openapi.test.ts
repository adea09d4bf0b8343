import fs from 'node:fs'
import { expect, test } from 'vitest'
import { openApiDocument } from './openapi'

type Paths = Record<string, Record<string, unknown>>

test('the OpenAPI document names every route of the API, and no other', () => {
  const paths = openApiDocument('0').paths as Paths
  const files = fs.globSync('app/api/v1/**/route.ts')
  const routes = files.map(
    (file) =>
      `/${file
        .replace(/^app\//, '')
        .replace(/\/route\.ts$/, '')
        .replaceAll(/\[(\w+)\]/g, '{$1}')}`,
  )
  expect(Object.keys(paths).toSorted()).toEqual(routes.toSorted())
  for (const file of files) {
    const route = `/${file
      .replace(/^app\//, '')
      .replace(/\/route\.ts$/, '')
      .replaceAll(/\[(\w+)\]/g, '{$1}')}`
    const methods = [...fs.readFileSync(file, 'utf8').matchAll(/export function (GET|POST|PUT|PATCH|DELETE)/g)].map(
      (match) => match[1]?.toLowerCase(),
    )
    expect(Object.keys(paths[route] ?? {}).toSorted(), route).toEqual(methods.toSorted())
  }
})

test('the OpenAPI document can be sent as JSON and resolves its references', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument('0'))) as {
    components: { schemas: Record<string, unknown> }
  }
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    (match) => match[1] as string,
  )
  expect(refs.length).toBeGreaterThan(10)
  for (const name of refs) expect(document.components.schemas).toHaveProperty(name)
})
