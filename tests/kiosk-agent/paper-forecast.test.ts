import { describe, expect, onTestFinished, test } from 'vitest'
import { readProfile } from '../../devices/receipt-printers/escpos/read-profile.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { openLedger } from '../../kiosk-agent/ledger/ledger.ts'
import {
  followPaper,
  paperForecast,
  readPaperUse,
  unusedPaper,
} from '../../kiosk-agent/paper/paper-forecast.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

type SlipEntry = Extract<Entry, { type: 'slip' }>

let codes = 0
const slip = (mm: number | undefined, more: Partial<SlipEntry> = {}): Entry => ({
  ...{ type: 'slip', slipCode: `A${++codes}`, copy: 1, state: 'printed' },
  ...(mm === undefined ? {} : { mm }),
  ...more,
})
const paper = (state: 'full' | 'low' | 'out'): Entry => ({ type: 'paper', paper: state })
const slips = (count: number, mm: number) => Array.from({ length: count }, () => slip(mm))
const forecast = (...entries: Entry[]) => paperForecast(followPaper(unusedPaper, entries), 2000)

describe('How long the paper lasts', () => {
  test('is not known before the near-end sensor tells', () => {
    expect(forecast(paper('full'), ...slips(50, 100))).toMatchObject({
      sinceChangeMm: 5000,
      slipMm: 100,
      slipsLeft: undefined,
    })
    expect(forecast(...slips(50, 100)).slipsLeft).toBeUndefined()
  })

  test('is told in slips from then on, and goes down with each', () => {
    const before = [paper('full'), ...slips(50, 100), paper('low')]
    expect(forecast(...before).slipsLeft).toBe(20)
    expect(forecast(...before, ...slips(5, 100)).slipsLeft).toBe(15)
    expect(forecast(...before, ...slips(40, 100)).slipsLeft).toBe(0)
    expect(forecast(...before, paper('out')).slipsLeft).toBe(0)
  })

  test('counts what broken slips took, but learns the length of a slip from whole ones', () => {
    const broken = slip(40, { state: 'incomplete', fault: 'paper-out' })
    const use = forecast(paper('low'), slip(100), broken, slip(100))
    expect(use).toMatchObject({ sinceLowMm: 240, slipMm: 100, slipsLeft: 17 })
  })

  test('takes a slip’s worth for gone when the agent died over one', () => {
    const died = slip(undefined, { state: 'unknown', fault: 'restart' })
    expect(forecast(paper('low'), slip(100), died)).toMatchObject({ sinceLowMm: 200 })
  })

  test('does not count a slip twice when its proof comes late', () => {
    const late = slip(100, { late: true, evidence: 'process-id' })
    expect(forecast(paper('low'), slip(100, { state: 'unknown' }), late).sinceChangeMm).toBe(100)
  })

  test.each(['low', 'out'] as const)('begins anew with the roll: paper %s, then full', (end) => {
    const use = forecast(paper('full'), ...slips(9, 100), paper(end), paper('full'), slip(100))
    expect(use).toMatchObject({ paper: 'full', sinceChangeMm: 100, sinceLowMm: undefined })
  })

  test('does not take a restart of the agent for a new roll', () => {
    const use = forecast(paper('full'), ...slips(9, 100), paper('full'), slip(100))
    expect(use.sinceChangeMm).toBe(1000)
    expect(forecast(paper('low'), slip(100), paper('low'), slip(100)).sinceLowMm).toBe(200)
  })

  test('follows slips that become longer', () => {
    const { slipMm = 0 } = forecast(...slips(100, 100), ...slips(60, 200))
    expect(slipMm).toBeGreaterThan(190)
  })

  test('is not guessed where the driver does not say how long the tail is', () => {
    const use = followPaper(unusedPaper, [slip(100), paper('low')])
    expect(paperForecast(use, undefined).slipsLeft).toBeUndefined()
  })

  test('comes out of the ledger, also when it is asked again later', async () => {
    const path = `${temporaryFolder()}/ledger.sqlite`
    const ledger = await openLedger({ path, terminalId: 'demo-1', simulated: true, build: 'test' })
    onTestFinished(() => ledger.close())
    await ledger.append(paper('full'), ...slips(3, 100), paper('low'))
    const first = await readPaperUse(ledger)
    expect(paperForecast(first.use, 2000).slipsLeft).toBe(20)
    await ledger.append(slip(100), { type: 'help', what: 'called' })
    const second = await readPaperUse(ledger, first)
    expect(paperForecast(second.use, 2000).slipsLeft).toBe(19)
    expect((await readPaperUse(ledger)).use).toEqual(second.use)
  })

  test('rests on a tail that every profile names', () => {
    expect(readProfile('masung-ms-d347').nearEndTailMm).toBe(2000)
  })
})
