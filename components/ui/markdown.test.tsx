import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { hostOf } from './link-host'
import { Markdown } from './markdown'

const html = (text: string) => renderToStaticMarkup(<Markdown>{text}</Markdown>)

describe('Markdown from a stranger', () => {
  it('fetches nothing: no image, however it is written', () => {
    const drawn = html(
      '![a](https://evil.example/a.png) <img src="https://evil.example/b.png"> ![b][1]\n\n[1]: //evil.example/c.png',
    )
    expect(drawn).not.toMatch(/<img|evil\.example/)
  })

  it('runs nothing: no HTML, no script, no handler', () => {
    const drawn = html(
      '<script>alert(1)</script>\n\n<div onclick="alert(1)" style="position:fixed">x</div>\n\n<iframe src="//x"></iframe>',
    )
    expect(drawn).not.toMatch(/<script|onclick|style=|<iframe/)
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'JaVaScRiPt:alert(1)', '/jobs/1', 'vbscript:x'])(
    'offers no link to %s, but keeps its words',
    (href) => {
      const drawn = html(`[the words](${href})`)
      expect(drawn).not.toContain('<a')
      expect(drawn).toContain('the words')
    },
  )

  it('says where a link goes, and tells that site nothing', () => {
    const drawn = html('[your bank](https://bank.example.evil.test/login)')
    expect(drawn).toContain('(bank.example.evil.test)')
    expect(drawn).toMatch(/rel="noopener noreferrer nofollow"/)
  })

  it('starts its headings below those of the page', () => {
    expect(html('# One\n\n## Two')).not.toMatch(/<h[123]/)
  })

  it('draws a task list without boxes that nobody can tick', () => {
    const drawn = html('- [x] done\n- [ ] open')
    expect(drawn).not.toContain('<input')
    expect(drawn).toContain('☑')
  })

  it('draws tables', () => {
    expect(html('| a | b |\n|---|---|\n| 1 | 2 |')).toContain('<td')
  })
})

describe('what nobody would see', () => {
  it('is named in Markdown too, in words, links and code', () => {
    const drawn = html('pay \u202e0001\u202c to [ad\u200bmin](https://a.test) `id\ufeff`')
    for (const name of ['U+202E', 'U+202C', 'U+200B', 'U+FEFF']) expect(drawn).toContain(`>${name}<`)
    expect(drawn.replace(/title="[^"]*"/g, '')).not.toMatch(/[\u202e\u202c\u200b\ufeff]/)
  })
})

describe('the host of a link', () => {
  it.each([
    ['https://user:pw@evil.test:8443/x', 'evil.test:8443'],
    ['https://xn--pple-43d.com/', 'xn--pple-43d.com'],
    ['https://аpple.com/', 'xn--pple-43d.com'],
    ['mailto:a@b.test', 'b.test'],
    ['mailto:a@b.test?subject=Hello', 'b.test'],
    ['mailto:a@b.test,c@evil.test', null],
    ['mailto:a@b.test?bcc=c@evil.test', null],
    ['mailto:a%40b.test@evil.test', null],
    ['ftp://x.test', null],
    ['not a link', null],
  ])('of %s is %s', (href, host) => {
    expect(hostOf(href)).toBe(host)
  })
})
