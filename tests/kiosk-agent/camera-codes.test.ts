import { describe, expect, test } from 'vitest'
import { createCameraCodes } from '../../kiosk-agent/entry/camera-codes.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { doorBench, li, openDoor } from './support/door-bench.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const codeOf = base64(`YKM:${li.idNumber}`)

/** A visitor who has shown everything but the code. */
async function withoutCode() {
  const bench = await openDoor()
  bench.layCard(li)
  await bench.stand()
  bench.attest()
  const about = bench.view().session?.id ?? null
  const show = (bytes: string, of = about) => bench.send({ type: 'code-by-camera', about: of, bytes })
  const health = () => bench.view().session?.persons[0]?.checks.find(({ check }) => check === 'health')
  return { ...bench, about, show, health }
}

describe('A code that the screen read by camera', () => {
  test('is worth what a scanner reads: the visitor is admitted', async () => {
    const { show, outcome } = await withoutCode()
    expect(show(codeOf)).toBe('accepted')
    expect(await outcome()).toMatchObject({ decision: 'admit' })
  })

  test.each([
    ['is no health code', base64('https://example.com/')],
    ['is no text', Buffer.from([0x59, 0x4b, 0x00, 0xff, 0x0a]).toString('base64')],
    ['is empty', '===='],
  ])('admits nobody when it %s', async (_, bytes) => {
    const { show, health, outcome } = await withoutCode()
    show(bytes)
    expect(health()).toMatchObject({ state: 'attention' })
    expect(await outcome()).toBeNull()
  })

  test('is refused when it was meant for a visit that is over, and opens one where nobody stands', async () => {
    const { clock, show, send, about, view } = await withoutCode()
    send({ type: 'cancel', about })
    expect(show(codeOf)).toBe('stale')
    await clock.advance(1500)
    expect(show(codeOf, null)).toBe('accepted')
    expect(view().session?.id).not.toBe(about)
    expect(view().session?.persons[0]?.checks).toContainEqual(expect.objectContaining({ check: 'health' }))
  })

  test('counts once while it is held before the camera', async () => {
    const clock = fakeClock()
    const codes: unknown[] = []
    const camera = createCameraCodes({ clock, log: () => {}, onCode: (event) => codes.push(event) })
    camera.take(codeOf)
    await clock.advance(300)
    camera.take(codeOf)
    expect(codes).toEqual([{ type: 'code', bytes: Buffer.from(codeOf, 'base64') }])
    await clock.advance(1500)
    camera.take(codeOf)
    expect(codes).toHaveLength(2)
  })

  test('does nothing while the hall burns', async () => {
    const { fire, show, view } = await withoutCode()
    fire(true)
    show(codeOf, null)
    expect(view().session).toBeNull()
  })

  test('is refused by a terminal without a camera, whose screens are told that there is none', async () => {
    const bench = doorBench({ camera: false })
    await bench.ready
    expect(bench.send({ type: 'code-by-camera', about: null, bytes: codeOf })).toBe('stale')
    expect(bench.view().terminal.camera).toBe(false)
    expect(bench.view().session).toBeNull()
  })
})

describe('While the scanner is away', () => {
  test('codes are read by camera where there is one, and by staff where there is none', async () => {
    for (const [camera, notice] of [
      [true, 'codes-by-camera'],
      [false, 'no-health-checks'],
    ] as const) {
      const bench = doorBench({ camera })
      await bench.ready
      expect(bench.view().service.notices).toEqual([])
      bench.online.delete('code-scanner')
      bench.door.refresh()
      expect(bench.view().service).toMatchObject({ state: 'limited', notices: [notice] })
    }
  })
})
