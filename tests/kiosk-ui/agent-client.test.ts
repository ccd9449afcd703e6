import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { showOn } from './measure.ts'
import { startScreenServer } from './screen-server.ts'
import { collecting, notAdmitted, reasons, snapshots, welcome } from './snapshots.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser?.close())

const viewport = { width: 1080, height: 1920 }
const openPage = (): Promise<Page> => browser.newPage({ viewport, reducedMotion: 'reduce' })

describe('The screen and its agent', () => {
  test('a button pressed twice sends one intent', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    await showOn(page, server, { snapshot: snapshots['checklist-mask-next'] ?? welcome })
    await page.getByRole('button', { name: '我已戴好' }).dblclick({ delay: 5 })
    await vi.waitFor(() => expect(server.intents).toHaveLength(1))
    await page.getByRole('button', { name: '我已戴好', disabled: false }).waitFor()
    expect(server.intents).toEqual([{ type: 'attest-mask', about: 'session-1' }])
    await page.close()
  })

  test('every control sends the intent it names, about what is on the screen', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    const press = async (name: string) => {
      const before = server.intents.length
      await page.getByRole('button', { name, disabled: false }).first().click()
      await vi.waitFor(() => expect(server.intents).toHaveLength(before + 1))
      return server.intents.at(-1)
    }
    await showOn(page, server, { snapshot: welcome })
    expect(await press('English')).toEqual({ type: 'set-language', language: 'en' })
    expect(await press('呼叫工作人员')).toEqual({ type: 'call-help' })
    await showOn(page, server, { snapshot: snapshots['checklist-card-done'] ?? welcome })
    expect(await press('没有手机')).toEqual({ type: 'no-phone', about: 'session-1' })
    expect(await press('取消')).toEqual({ type: 'cancel', about: 'session-1' })
    await showOn(page, server, { snapshot: snapshots['checklist-time-warning'] ?? welcome })
    expect(await press('继续办理')).toEqual({ type: 'more-time', about: 'session-1' })
    await showOn(page, server, { snapshot: notAdmitted([reasons['too-late']]) })
    expect(await press('结束并取走证件')).toEqual({ type: 'dismiss-outcome', about: 'outcome-1' })
    await showOn(page, server, { snapshot: snapshots['help-coming'] ?? welcome })
    expect(await press('不需要了，返回')).toEqual({ type: 'cancel-help' })
    await page.close()
  })

  test('a refused press is ignored when its visitor left, and told when it failed', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    await showOn(page, server, { snapshot: collecting([]) })
    const failure = page.getByText('刚才没有成功，请再按一次。')
    server.answerIntents(409)
    await page.getByRole('button', { name: '取消' }).click()
    await page.getByRole('button', { name: '取消', disabled: false }).waitFor()
    expect(await failure.count()).toBe(0)
    server.answerIntents(500)
    await page.getByRole('button', { name: '取消' }).click()
    await failure.waitFor()
    await page.close()
  })

  test('the sign-in token is used once and leaves the address bar and the history', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    await page.goto(`${server.origin}/?diagonal=21.5#token=one-time-secret`)
    await page.getByRole('heading', { name: '请放上身份证' }).waitFor()
    expect(server.signIns).toEqual(['one-time-secret'])
    expect(page.url()).toBe(`${server.origin}/?diagonal=21.5`)
    await page.reload()
    await page.getByRole('heading', { name: '请放上身份证' }).waitFor()
    expect(server.signIns).toHaveLength(1)
    await page.close()
  })

  test('an agent that dies covers the page; when it is back the page goes on, without a reload', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    await showOn(page, server, { snapshot: collecting([]) })
    await server.die()
    await page.getByRole('heading', { name: '连接中断，正在恢复' }).waitFor()
    expect(await page.locator('.page').getAttribute('inert')).not.toBeNull()
    server.show(notAdmitted([reasons['no-appointment']]))
    await server.revive()
    await page.getByRole('heading', { name: '没有查到您今天的预约' }).waitFor()
    expect(await page.getByText('连接中断').count()).toBe(0)
    expect(server.pageLoads()).toBe(1)
    await page.close()
  })

  test('a screen that is not signed in says so plainly, and comes back by a new link', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    server.knowScreen(false)
    await page.goto(server.origin)
    await page.getByRole('alert').getByText('屏幕没有登录，请找工作人员处理。').waitFor()
    server.knowScreen(true)
    await page.goto(`${server.origin}/#token=second`)
    await page.getByRole('heading', { name: '请放上身份证' }).waitFor()
    expect(server.signIns).toEqual(['second'])
    await page.close()
  })

  test('the time that is left is counted down on the screen itself', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    await showOn(page, server, { snapshot: collecting([]) })
    await page.getByRole('timer', { name: '剩余 56 秒' }).waitFor()
    await page.close()
  })

  test('the clock goes on between snapshots', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    await showOn(page, server, { snapshot: { ...welcome, at: '2026-03-18T10:42:58+08:00' } })
    await page.getByText('10:43').waitFor()
    await page.close()
  })

  test('a newer build of the screens is fetched once, when no visitor is in the middle of something', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    await page.clock.install()
    await page.goto(server.origin)
    await page.getByText('10:42').waitFor()
    await page.clock.runFor(61_000)
    server.show({ ...collecting([]), version: 900, build: 'newer' })
    await page.locator('[data-version="900"]').waitFor()
    await page.clock.runFor(2_000)
    expect(server.pageLoads()).toBe(1)
    server.show({ ...welcome, version: 901, build: 'newer' })
    await page.locator('[data-version="901"]').waitFor()
    await page.clock.runFor(2_000)
    await vi.waitFor(() => expect(server.pageLoads()).toBe(2))
    await page.locator('[data-version="901"]').waitFor()
    await page.clock.runFor(70_000)
    expect(server.pageLoads()).toBe(2)
    await page.close()
  })

  test('a stream that falls silent is a lost agent, even while the socket stands', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    await page.clock.install()
    await page.goto(server.origin)
    await page.getByText('10:42').waitFor()
    server.fallSilent()
    server.beReachable(false)
    await page.clock.runFor(12_500)
    const lost = page.getByRole('heading', { name: '连接中断，正在恢复' })
    await lost.waitFor()
    server.beReachable(true)
    await page.clock.runFor(6_000)
    await lost.waitFor({ state: 'detached' })
    await page.close()
  })

  test('a visit leaves nothing in the browser’s storage and asks nobody but its agent', async () => {
    await using server = await startScreenServer(welcome)
    const page = await openPage()
    const elsewhere: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(server.origin)) elsewhere.push(request.url())
    })
    for (const name of ['checklist-card-done', 'admitted-open', 'welcome'])
      await showOn(page, server, { snapshot: snapshots[name] ?? welcome, language: 'zh-Hant' })
    expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([
      0,
      0,
      '',
    ])
    expect(elsewhere).toEqual([])
    expect(await page.locator('body').textContent()).not.toContain('王*明')
    await page.close()
  })
})
