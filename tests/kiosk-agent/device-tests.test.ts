import { describe, expect, test } from 'vitest'
import { interpretEscpos } from '../../devices/receipt-printers/escpos/interpreter.ts'
import { sentinel, sentinelCard } from '../support/wire-scenes.ts'
import { deviceTestBench } from './support/device-test-bench.ts'

const by = 'ada'

describe('The test slip', () => {
  test('is printed with terminal, time and account, and passes when the scanner reads its very code', async () => {
    const { clock, tests, entries, controls, codes } = await deviceTestBench()
    expect(await tests.start({ device: 'printer', test: 'print-slip', by })).toBeUndefined()
    await clock.advance(4000)
    expect(tests.run).toMatchObject({ state: 'person', ask: 'scan-slip' })
    const [slip] = controls.printer.slips
    const { drawing } = interpretEscpos(slip?.bytes ?? new Uint8Array(), { widthDots: 576, qr: () => ['#'] })
    const text = JSON.stringify(drawing)
    for (const said of ['测试 測試 Test', '模拟', 'Entrance 1', '1 號入口', 'ada', '2026-03-02 09:00'])
      expect(text).toContain(said)
    const queued = entries.find((entry) => entry.type === 'test-slip')
    const slipCode = queued?.type === 'test-slip' ? queued.slipCode : ''
    await controls.scanner.show('HKT-222222')
    await clock.advance(1500)
    expect(tests.run?.state).toBe('person')
    await controls.scanner.show(slipCode)
    await clock.advance(500)
    expect(tests.run?.state).toBe('passed')
    expect(tests.run).not.toHaveProperty('ask')
    expect(codes()).toEqual(['slip-printed', 'other-code-read', 'own-code-read'])
    expect(entries.map(({ type }) => type).slice(0, 3)).toEqual(['test', 'test-slip', 'slip'])
    expect(entries.at(-1)).toEqual({
      type: 'test',
      device: 'printer',
      test: 'print-slip',
      by,
      state: 'passed',
    })
    expect(
      entries.filter((entry) => entry.type === 'slip').every((entry) => entry.slipCode === slipCode),
    ).toBe(true)
  })

  test('is printed only, and says so, where there is no scanner', async () => {
    const { clock, tests, codes } = await deviceTestBench(['printer'])
    await tests.start({ device: 'printer', test: 'print-slip', by })
    await clock.advance(4000)
    expect(tests.run?.state).toBe('passed')
    expect(codes()).toEqual(['slip-printed', 'no-scanner'])
  })

  test('that does not come out fails, and nobody is asked to scan it', async () => {
    const { clock, tests, controls, codes } = await deviceTestBench()
    controls.printer.setPaper('out')
    await tests.start({ device: 'printer', test: 'print-slip', by })
    await clock.advance(20_000)
    expect(tests.run?.state).toBe('failed')
    expect(codes()).toEqual(['slip-not-printed'])
  })

  test('is not printed when the ledger does not take it', async () => {
    const { clock, tests, controls, ledger } = await deviceTestBench()
    ledger.broken = true
    await expect(tests.start({ device: 'printer', test: 'print-slip', by })).rejects.toThrow('disk full')
    await clock.advance(5000)
    expect(controls.printer.slips).toEqual([])
    expect(tests.run).toBeNull()
  })
})

describe('The card test', () => {
  test('shows masked data only, and the number of the module', async () => {
    const { clock, tests, controls, entries, finding } = await deviceTestBench()
    await tests.start({ device: 'reader', test: 'read-card', by })
    await clock.advance(100)
    expect(tests.run).toMatchObject({ state: 'person', ask: 'lay-card' })
    controls.reader.layCard(sentinelCard)
    await clock.advance(2000)
    expect(tests.run?.state).toBe('passed')
    expect(finding('card-read')?.values).toMatchObject({ name: '甄*私', layout: 'resident' })
    expect(finding('sam-number')?.values).toEqual({ number: '05.03-20240101-0001234567-0987654321' })
    for (const kept of [tests.run, entries]) {
      expect(JSON.stringify(kept)).not.toContain(sentinel.name)
      expect(JSON.stringify(kept)).not.toContain(sentinel.idNumber)
    }
  })

  test('ends by itself when nobody lays a card down', async () => {
    const { clock, tests, codes } = await deviceTestBench()
    await tests.start({ device: 'reader', test: 'read-card', by })
    await clock.advance(61_000)
    expect(tests.run?.state).toBe('failed')
    expect(codes()).toContain('time-over')
  })
})

describe('The code test', () => {
  test.each([
    ['ascii', Buffer.from('YKM-8842'), 'not-own-code'],
    ['utf-8', Buffer.from('甄隐私'), 'not-own-code'],
    ['gb18030', Buffer.from('d5e7d2fecbbd', 'hex'), 'not-own-code'],
    ['ascii', Buffer.from('HKT-2A3B4C'), 'own-test-code'],
  ])('tells length and charset (%s), never what it says', async (charset, bytes, whose) => {
    const { clock, tests, controls, codes, finding } = await deviceTestBench()
    await tests.start({ device: 'scanner', test: 'read-code', by })
    await clock.advance(100)
    await controls.scanner.show(bytes)
    await clock.advance(2000)
    expect(tests.run?.state).toBe('passed')
    expect(finding('code-read')?.values).toEqual({ bytes: String(bytes.length), charset })
    expect(codes()).toContain(whose)
    expect(JSON.stringify(tests.run)).not.toMatch(/8842|隐私|2A3B4C/)
  })
})

describe('A head that reads only when it is told to', () => {
  test('has read the code that lay before it the moment the trigger came, and is let rest then', async () => {
    const { clock, tests, controls, codes } = await deviceTestBench(['triggered'])
    controls.triggered.lay('HKT-2A3B4C')
    await tests.start({ device: 'triggered', test: 'read-code', by })
    await clock.advance(2000)
    expect(codes()).toEqual(['code-read', 'own-test-code'])
    expect(controls.triggered.triggered).toBe(false)
  })

  test('is told again while a person takes their time, and reads the slip back', async () => {
    const { clock, tests, controls, entries } = await deviceTestBench(['triggered', 'printer'])
    await tests.start({ device: 'printer', test: 'print-slip', by })
    await clock.advance(4000)
    expect(tests.run?.ask).toBe('scan-slip')
    await controls.triggered.show('something else')
    await clock.advance(6000)
    expect(controls.triggered.triggered).toBe(true)
    const queued = entries.find((entry) => entry.type === 'test-slip')
    await controls.triggered.show(queued?.type === 'test-slip' ? queued.slipCode : '')
    await clock.advance(1000)
    expect(tests.run?.state).toBe('passed')
  })
})

describe('The gate test', () => {
  test('pulses once with the account in the ledger before it, and sees somebody pass', async () => {
    const { clock, tests, controls, entries, codes } = await deviceTestBench()
    let before: string[] = []
    controls.gate.onPulse(() => {
      before = entries.map((entry) =>
        entry.type === 'test-pulse' ? `${entry.state} ${entry.by}` : entry.type,
      )
    })
    await tests.start({ device: 'gate', test: 'pulse-gate', by })
    await clock.advance(1000)
    expect(tests.run).toMatchObject({ state: 'person', ask: 'walk-through' })
    controls.gate.walkThrough()
    await clock.advance(1000)
    expect(before).toEqual(['test', 'ordered ada'])
    expect(tests.run?.state).toBe('passed')
    expect(codes()).toEqual(['pulse-confirmed', 'passed'])
    expect(controls.gate.pulses).toBe(1)
    expect(entries.flatMap((entry) => (entry.type === 'test-pulse' ? [entry.state] : []))).toEqual([
      'ordered',
      'confirmed',
      'passed',
    ])
    expect(entries.some(({ type }) => type === 'grant' || type === 'passage')).toBe(false)
  })

  test('says when nobody walked', async () => {
    const { clock, tests, codes } = await deviceTestBench()
    await tests.start({ device: 'gate', test: 'pulse-gate', by })
    await clock.advance(10_000)
    expect(tests.run?.state).toBe('failed')
    expect(codes()).toEqual(['pulse-confirmed', 'nobody-passed'])
  })

  test('is refused while the fire alarm sounds, and sends nothing when it begins meanwhile', async () => {
    const { clock, tests, controls, ledger } = await deviceTestBench()
    controls.gate.setFire(true)
    await clock.advance(1000)
    expect(await tests.start({ device: 'gate', test: 'pulse-gate', by })).toBe('fire')
    controls.gate.setFire(false)
    await clock.advance(1000)
    ledger.broken = true
    await expect(tests.start({ device: 'gate', test: 'pulse-gate', by })).rejects.toThrow()
    await clock.advance(5000)
    expect(controls.gate.pulses).toBe(0)
  })

  test('is refused when the inputs cannot be read', async () => {
    const { clock, tests, controls, codes } = await deviceTestBench()
    controls.gate.silent(true)
    await clock.advance(300)
    await tests.start({ device: 'gate', test: 'pulse-gate', by })
    await clock.advance(20_000)
    expect(tests.run?.state).toBe('failed')
    expect(codes()).not.toContain('pulse-confirmed')
    expect(controls.gate.pulses).toBe(0)
  })
})

describe('The comparison with a clinical thermometer', () => {
  test('measures, tells the difference and offers the correction', async () => {
    const { clock, tests, controls, finding } = await deviceTestBench()
    controls.thermometer.setSkin({ bodyCentiCelsius: 3620 })
    await tests.start({ device: 'thermometer', test: 'compare-temperature', by, referenceCentiCelsius: 3670 })
    await clock.advance(6000)
    expect(tests.run?.state).toBe('failed')
    const difference = Number(finding('temperature-differs')?.values.difference)
    expect(Math.abs(difference + 50)).toBeLessThanOrEqual(5)
    expect(tests.run?.offsetCentiCelsius).toBe(-difference)
  })

  test('offers nothing that is no correction any more', async () => {
    const { clock, tests, controls, codes } = await deviceTestBench()
    controls.thermometer.setSkin({ bodyCentiCelsius: 3300 })
    await tests.start({ device: 'thermometer', test: 'compare-temperature', by, referenceCentiCelsius: 3670 })
    await clock.advance(6000)
    expect(codes()).toContain('offset-too-large')
    expect(tests.run).not.toHaveProperty('offsetCentiCelsius')
  })

  test('tells when nobody stands there, and when the head stands still', async () => {
    const { clock, tests, controls, codes } = await deviceTestBench()
    controls.thermometer.nobody()
    await tests.start({ device: 'thermometer', test: 'compare-temperature', by })
    await clock.advance(31_000)
    expect(codes()).toEqual(['no-temperature'])
  })
})

test('Lights shine one after the other, and each input that changes is told', async () => {
  const { clock, tests, controls, codes } = await deviceTestBench()
  await tests.start({ device: 'board', test: 'lights-and-inputs', by })
  await clock.advance(1000)
  expect(controls.board.isLit('id-card-reader')).toBe(true)
  expect(controls.board.isLit('code-scanner')).toBe(false)
  controls.board.pressCallButton()
  await clock.advance(30_000)
  expect(tests.run?.state).toBe('passed')
  expect(codes()?.filter((code) => code === 'light-lit')).toHaveLength(2)
  expect(codes()).toContain('input-seen')
  expect(controls.board.isLit('code-scanner')).toBe(false)
})

describe('Any test', () => {
  test('is one at a time, for a device it is made for', async () => {
    const { clock, tests } = await deviceTestBench()
    expect(await tests.start({ device: 'nobody', test: 'read-card', by })).toBe('unknown-device')
    expect(await tests.start({ device: 'gate', test: 'read-card', by })).toBe('no-such-test')
    await tests.start({ device: 'reader', test: 'read-card', by })
    await clock.advance(100)
    expect(await tests.start({ device: 'scanner', test: 'read-code', by })).toBe('busy')
  })

  test('can be cancelled, and the next can begin', async () => {
    const { clock, tests, entries } = await deviceTestBench()
    await tests.start({ device: 'reader', test: 'read-card', by })
    await clock.advance(100)
    expect(tests.cancel()).toBe(true)
    await clock.advance(100)
    expect(tests.run).toMatchObject({ state: 'cancelled' })
    expect(entries.at(-1)).toMatchObject({ type: 'test', state: 'cancelled' })
    expect(await tests.start({ device: 'scanner', test: 'read-code', by })).toBeUndefined()
    await tests.end()
    expect(tests.run).toBeNull()
  })

  test.each([
    ['reader', 'read-card'],
    ['scanner', 'read-code'],
    ['gate', 'pulse-gate'],
    ['thermometer', 'compare-temperature'],
    ['board', 'lights-and-inputs'],
  ] as const)('fails when the %s is lost in the middle', async (device, name) => {
    const { clock, tests, unplug, codes } = await deviceTestBench()
    await tests.start({ device, test: name, by })
    await clock.advance(700)
    unplug(device)
    await clock.advance(1500)
    expect(tests.run?.state).toBe('failed')
    expect(codes()).toContain('device-lost')
    expect(await tests.start({ device, test: name, by })).toBe('offline')
  })
})
