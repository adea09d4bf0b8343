import { expect, it } from 'vitest'
import { nameProvider, ProviderNotConfigured } from './current.server'

it('a key alone means OpenAI', () => {
  expect(nameProvider({ OPENAI_API_KEY: 'sk-x' })).toBe('openai')
})

it('another server is named by its host', () => {
  expect(nameProvider({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://gpu.example:8000/v1' })).toBe('gpu.example:8000')
  expect(nameProvider({ OPENAI_BASE_URL: 'https://gpu.example/v1' })).toBe('gpu.example')
})

it('the sandbox is named only by the one who started it', () => {
  const settings = { OPENAI_BASE_URL: 'http://127.0.0.1:4000/v1' }
  expect(nameProvider({ ...settings, HOLDPOINT_PROVIDER: 'sandbox' })).toBe('sandbox')
  expect(nameProvider(settings)).toBe('127.0.0.1:4000')
})

it('nothing set is said in a sentence', () => {
  expect(() => nameProvider({})).toThrow(ProviderNotConfigured)
  expect(() => nameProvider({ HOLDPOINT_PROVIDER: 'sandbox', OPENAI_API_KEY: 'sk-x' })).toThrow(ProviderNotConfigured)
})
