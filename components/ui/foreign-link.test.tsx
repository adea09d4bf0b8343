import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { ForeignLink } from './foreign-link'

const html = (href: string) => renderToStaticMarkup(<ForeignLink href={href} />)
const words = (href: string) => html(href).replace(/<[^>]*>/g, '')

it('shows the host as the browser will understand it, and tells that site nothing', () => {
  expect(words('https://bank.example@evil.test/login?x#y')).toBe('evil.test/login?x#y')
  expect(words('https://аpple.com/')).toBe('xn--pple-43d.com')
  expect(html('https://a.test/')).toMatch(/rel="noopener noreferrer nofollow"/)
})

it.each([
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:x',
  'data:text/html,x',
  '//a.test',
  '/jobs/1',
  'https://',
  '',
])('is only text where it is no address of the web: %j', (href) => {
  expect(html(href)).not.toContain('<a')
})

it('names what would turn it round', () => {
  expect(words('javascript:\u202eexe.gnp')).toContain('U+202E')
})
