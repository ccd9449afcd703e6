import { afterAll, beforeAll, expect, test } from 'vitest'
import { readGlyphs } from '../../kiosk-agent/paper/glyphs/glyph-file.ts'
import { glyphFile } from '../../kiosk-agent/paper/glyphs/rare-glyphs.ts'
import { type DemoTerminal, startDemoTerminal } from '../support/demo-terminal.ts'

let demo: DemoTerminal
beforeAll(async () => {
  demo = await startDemoTerminal()
})
afterAll(() => demo?.[Symbol.asyncDispose]())

test('a visitor with a rare name is admitted, and the slip shows that very name', async () => {
  const { screen, logged } = demo
  await screen.act({ type: 'lay-card', person: 'ji' })
  await screen.act({ type: 'set-temperature', centiCelsius: 3650 })
  await screen.act({ type: 'show-code', code: 'YKMDEMO:ji' })
  const { session } = await screen.until((snapshot) => snapshot.session !== null, 'a session')
  await screen.send({ type: 'attest-mask', about: session?.id ?? null })
  const { outcome } = await screen.until(
    (snapshot) => snapshot.outcome?.slip === 'printed' || snapshot.outcome?.slip === 'failed',
    'the end of a slip',
  )
  expect(outcome).toMatchObject({ reasons: [], decision: 'admit', slip: 'printed' })

  const { items = [] } = screen.bench?.slips[0]?.paper ?? {}
  const [name = []] = items.flatMap((item) => (item.type === 'bitmap' && item.scale === 1 ? [item.rows] : []))
  const glyph = (await readGlyphs(glyphFile, '𬶏')).get('𬶏')
  const inked = (glyph?.rows ?? []).filter((row) => row !== 0)
  const dots = (row: number) => row.toString(2).padStart(24, '0').replaceAll('1', '#').replaceAll('0', '.')
  // The last character of the masked name ends at the right edge of the paper.
  const right = name.map((row) => row.slice(-24)).filter((row) => row.includes('#'))
  expect(right).toEqual(inked.map(dots))
  expect(logged.join()).not.toMatch(/[𠮷𬶏]/u)
})
