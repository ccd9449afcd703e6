import type { Page } from 'playwright-core'

/** What is wrong with the layout of the console as it stands now; empty when nothing is. */
export async function consoleFaults(page: Page): Promise<string[]> {
  return page.evaluate(findFaults)
}

// Runs in the page; a string, because these tests are checked without the browser's types.
const findFaults = `(() => {
  const faults = []
  const root = document.querySelector('.console')
  const mm = parseFloat(getComputedStyle(root).getPropertyValue('--mm')) || 4.02
  const isPhone = innerWidth <= 600
  const name = (element) =>
    element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? '') + ' "' +
    (element.textContent ?? '').trim().slice(0, 30) + '"'
  const isShown = (element) => {
    const box = element.getBoundingClientRect()
    return box.width > 1 && box.height > 1 && !element.closest('.unseen') && element.checkVisibility()
  }
  if (/undefined|NaN|\\[object|Invalid Date|\\{\\w+(:\\w+)?\\}/.test(root.innerText.replaceAll(/^.*\\{\\s*$/gm, '')))
    faults.push('broken text: ' + root.innerText)
  if (!root.querySelector('h1')) faults.push('no heading')
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is wider than the screen')
  const main = root.querySelector('.console-main')
  if (main.clientHeight < innerHeight * 0.45) faults.push('only ' + main.clientHeight + ' px are left for the screen')
  for (const element of root.querySelectorAll('*')) {
    if (!isShown(element) || element.closest('select')) continue
    const box = element.getBoundingClientRect()
    if (box.left < -1 || box.right > innerWidth + 1) faults.push(name(element) + ' leaves the screen')
    if (element instanceof SVGElement || element.matches('input, select, progress')) continue
    if (element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0)
      faults.push(name(element) + ' is too narrow for its content')
    const scrolls = getComputedStyle(element).overflowY !== 'visible'
    if (!scrolls && element.scrollHeight > element.clientHeight + 3 && element.clientHeight > 0)
      faults.push(name(element) + ' is too low for its content')
  }
  const controls = [...root.querySelectorAll('a, button, select, summary, .tick, input:not([type=checkbox], [type=file])')].filter(isShown)
  for (const control of controls) {
    const box = control.getBoundingClientRect()
    const primary = control.matches('.press-primary, .pad-keys button')
    const least = isPhone ? (primary ? 54 : 44) : (primary ? 16 : 11) * mm
    if (box.height < least - 0.5 || (box.width < least - 0.5 && !control.matches('.tick')))
      faults.push(name(control) + ' is only ' + Math.round(box.width) + ' x ' + Math.round(box.height) + ' px')
  }
  for (const [index, first] of controls.entries())
    for (const second of controls.slice(index + 1)) {
      if (first.contains(second) || second.contains(first)) continue
      const scroll = (element) => element.closest('.console-main')
      if (scroll(first) !== scroll(second)) continue
      const [a, b] = [first.getBoundingClientRect(), second.getBoundingClientRect()]
      const overlap = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
      if (overlap) faults.push(name(first) + ' lies over ' + name(second))
    }
  return faults
})()`
