import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { anchorWhatChanged } from '@/lib/audit/anchor.server'
import { expect, expectAccessible, LOOKS, test, wear } from './fixtures'
import { jobToDecide } from './jobs'
import { untilStill } from './settle'

const HOSTILE = 'Rent <script>alert(1)</script> \u202edne eht'

test('a lead takes a case file out, reads it, and somebody else checks it without the database', async ({
  page,
  signIn,
  browser,
  db,
}, info) => {
  const lead = await signIn('owner', 'Lena Brandt')
  const job = await jobToDecide(page, { title: HOSTILE })
  const main = page.getByRole('main')
  const kept = { html: info.outputPath('case.html'), zip: info.outputPath('case.zip'), key: info.outputPath('key.pem') }
  const shoot = async (name: string, on = page) => {
    for (const look of LOOKS) {
      await wear(on, look)
      await untilStill(on)
      await expectAccessible(on, look.rules)
      await info.attach(`${name}, ${look.name}`, { body: await on.screenshot(), contentType: 'image/png' })
      const wider = await on.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(wider, 'nothing is wider than the page').toBeLessThanOrEqual(0)
    }
    await wear(on, LOOKS[0])
  }

  await test.step('the page of the job says what the case file has, and how far it is signed', async () => {
    // Null while the worker makes an anchor.
    await expect.poll(() => anchorWhatChanged(db, () => new Date())).not.toBeNull()
    await page.goto(`/jobs/${job.number}`)
    await main.getByRole('button', { name: 'Case file…' }).click()
    const dialog = page.getByRole('dialog', { name: `Case file of #${job.number}` })
    await expect(dialog).toContainText(/All \d+ lines of its history are signed, by anchor \d+\./)
    await expect(dialog).toContainText('Nobody has taken it out yet.')
    await expect(dialog).toContainText(/One page \(HTML\), about [\d.]+ KB\./)
    await shoot('the dialog')
  })

  await test.step('both kinds are downloaded', async () => {
    for (const [label, file] of [
      ['Download to read', kept.html],
      ['Download to check', kept.zip],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: label }).click(),
      ])
      expect(download.suggestedFilename()).toMatch(new RegExp(`^job-${job.number}-case-file\\.(html|zip)$`))
      await download.saveAs(file)
    }
  })

  await test.step('the audit page has the key, and who took it out', async () => {
    await page.goto('/settings/audit')
    await expect(main.getByRole('heading', { name: 'Audit', level: 1 })).toBeVisible()
    await expect(main.getByText(`#${job.number}`).first()).toBeVisible()
    await expect(main.getByText(lead.name).first()).toBeVisible()
    fs.writeFileSync(kept.key, (await main.locator('pre').first().textContent()) ?? '')
    await shoot('the audit page')
  })

  await test.step('the command line checks it, and finds what somebody changes', async () => {
    const verify = (file: string) => {
      const args = ['--import', 'tsx', 'lib/cli/main.ts', 'audit', 'verify', file, '--key', kept.key]
      const env: NodeJS.ProcessEnv = { NODE_ENV: 'production', PATH: process.env.PATH }
      return promisify(execFile)(process.execPath, args, { env }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
      )
    }
    const fine = await verify(kept.zip)
    expect(fine.stdout).toContain('Nothing is wrong.')
    expect(fine.code).toBe(0)
    const bytes = fs.readFileSync(kept.zip)
    const at = Math.floor(bytes.length / 3)
    bytes[at] = (bytes[at] ?? 0) ^ 255
    fs.writeFileSync(kept.zip, bytes)
    expect((await verify(kept.zip)).code).toBe(1)
  })

  await test.step('the page of the case reads well, and runs nothing', async () => {
    const asked: string[] = []
    const plain = await browser.newContext()
    const reader = await plain.newPage()
    reader.on('request', (request) => asked.push(request.url()))
    reader.on('dialog', () => asked.push('a script ran'))
    await reader.goto(pathToFileURL(kept.html).href)
    await expect(reader.getByRole('heading', { level: 1 })).toContainText('<script>alert(1)</script>')
    await expect(reader.getByRole('heading', { level: 1 })).toContainText('U+202E')
    expect(asked).toEqual([pathToFileURL(kept.html).href])
    await plain.close()
    // What looks for flaws is a script too, which the page would not let run.
    const open = await browser.newContext({ bypassCSP: true })
    const looked = await open.newPage()
    await looked.goto(pathToFileURL(kept.html).href)
    await shoot('the page of the case', looked)
    await open.close()
  })
})
