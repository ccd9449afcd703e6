import type { Page } from 'playwright-core'
import type { Language, Snapshot } from '../../kiosk-agent/api/contract.ts'
import type { ScreenServer } from './screen-server.ts'

let version = 1

/** Shows a snapshot on an open page and waits until it is painted with its fonts. */
export async function showOn(
  page: Page,
  server: ScreenServer,
  { snapshot, language = 'zh-Hans' }: { readonly snapshot: Snapshot; readonly language?: Language },
): Promise<void> {
  version++
  server.show({ ...snapshot, language, version })
  if (page.url() === 'about:blank') await page.goto(server.origin)
  await page.waitForSelector(`[data-version="${version}"]`)
  await page.evaluate(painted)
}

const painted = `(async () => {
  await document.fonts.ready
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
})()`

/** What is wrong with the layout of the page as it stands now; empty when nothing is. */
export async function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(findFaults)
}

// Runs in the page; a string, because these tests are checked without the browser's types.
const findFaults = `(() => {
  const faults = []
  const frame = document.querySelector('.frame')
  const edge = frame.getBoundingClientRect()
  const mm = parseFloat(getComputedStyle(frame).getPropertyValue('--mm'))
  const name = (element) => element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? '')
  const text = frame.innerText
  if (/undefined|NaN|\\[object|Invalid Date/.test(text)) faults.push('broken text: ' + text)
  if (!frame.querySelector('h1, h2')) faults.push('no heading')
  const main = frame.querySelector('.main')
  if (main && main.scrollHeight > main.clientHeight + 1)
    faults.push('main is ' + (main.scrollHeight - main.clientHeight) + ' px too high')
  for (const element of frame.querySelectorAll('*')) {
    if (element.closest('.unseen')) continue
    const box = element.getBoundingClientRect()
    if (box.width === 0) continue
    if (box.left < edge.left - 1 || box.right > edge.right + 1) faults.push(name(element) + ' leaves the screen')
    if (element instanceof SVGElement) continue
    if (element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0)
      faults.push(name(element) + ' is too narrow for its content: ' + element.textContent)
    const parent = element.parentElement.getBoundingClientRect()
    if (element.parentElement !== frame && !element.matches('.overlay, .not-sent') && box.bottom > parent.bottom + 2)
      faults.push(name(element) + ' hangs ' + (box.bottom - parent.bottom) + ' px out of ' + name(element.parentElement))
  }
  for (const button of frame.querySelectorAll('button')) {
    const box = button.getBoundingClientRect()
    const least = (button.matches('.button-primary, .button-on-blue') ? 16 : 11) * mm - 0.5
    if (box.height < least || box.width < least)
      faults.push(name(button) + ' is only ' + box.width / mm + ' x ' + box.height / mm + ' mm')
  }
  return faults
})()`
