import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../config/read-config.ts'
import type { HallDocument } from '../../kiosk-agent/hall/hall-store.ts'
import { governingDocuments } from '../../kiosk-agent/hall-documents.ts'
import { logTo } from '../../kiosk-agent/log.ts'
import { openSettings, type Settings } from '../../kiosk-agent/settings.ts'
import { demoHall, epidemicRules } from '../support/visitor.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

const panel = { diagonalInches: 10, widthPx: 800, heightPx: 1280 }
const other = { ...panel, diagonalInches: 21.5 }
const path = () => join(temporaryFolder(), 'demo-1', 'settings.json')

describe("A site's settings", () => {
  test('are empty before anybody set anything, and leave no file', async () => {
    const file = path()
    expect((await openSettings(file)).current).toEqual({})
    expect(() => statSync(file)).toThrow('ENOENT')
  })

  test('are there at the next start, readable for this user alone, with no draft left', async () => {
    const file = path()
    await (await openSettings(file)).change({ panel })
    expect((await openSettings(file)).current).toEqual({ panel })
    expect(readdirSync(join(file, '..'))).toEqual(['settings.json'])
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('are the old ones when the machine stopped between writing and renaming, and can be changed again', async () => {
    const file = path()
    await (await openSettings(file)).change({ panel })
    writeFileSync(`${file}.new`, '{"panel":{"diagonalInches":')
    const settings = await openSettings(file)
    expect(settings.current).toEqual({ panel })
    await settings.change({ panel: other })
    expect((await openSettings(file)).current).toEqual({ panel: other })
  })

  test('are not changed by what is wrong', async () => {
    const file = path()
    const settings = await openSettings(file)
    await settings.change({ panel })
    const before = readFileSync(file, 'utf8')
    const wrong = { panel: { ...panel, widthPx: -1 } } satisfies Settings
    await expect(settings.change(wrong)).rejects.toBeInstanceOf(ConfigError)
    await expect(settings.change({ port: 1 } as never)).rejects.toThrow('port: this key is not known')
    expect(settings.current).toEqual({ panel })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('are what is on the disk, when the disk takes no more', async () => {
    const file = path()
    const settings = await openSettings(file)
    await settings.change({ panel })
    mkdirSync(`${file}.new`)
    await expect(settings.change({ panel: other })).rejects.toThrow('EISDIR')
    expect(settings.current).toEqual({ panel })
    rmSync(`${file}.new`, { recursive: true })
    await settings.change({ panel: other })
    expect((await openSettings(file)).current).toEqual({ panel: other })
  })

  test('end as the last change of many at once', async () => {
    const file = path()
    const settings = await openSettings(file)
    const sizes = Array.from({ length: 10 }, (_, at) => ({ ...panel, diagonalInches: at + 1 }))
    await Promise.all(sizes.map((size) => settings.change({ panel: size })))
    expect(settings.current).toEqual({ panel: sizes.at(-1) })
    expect((await openSettings(file)).current).toEqual({ panel: sizes.at(-1) })
  })
})

describe('The documents of a hall', () => {
  /** As much of a hall store as documents need. */
  function documents() {
    const rows = new Map<string, HallDocument>()
    return {
      rows,
      document: async (name: string) => rows.get(name),
      async putDocument(name: string, body: unknown, who: string, at: number) {
        const row = { name, version: (rows.get(name)?.version ?? 0) + 1, body, who, at }
        rows.set(name, row)
        return row
      },
    }
  }
  const seed = { hall: demoHall, rules: epidemicRules }

  test('are seeded once from the configuration', async () => {
    const store = documents()
    const first = await governingDocuments(store, seed, 5)
    expect(first).toEqual({ hall: demoHall, rules: { set: epidemicRules, version: 1 } })
    expect([...store.rows.values()].map(({ name, who, at }) => [name, who, at])).toEqual([
      ['hall', 'config', 5],
      ['rules/epidemic-2020', 'config', 5],
    ])
    await governingDocuments(store, seed, 6)
    expect([...store.rows.values()].every(({ version }) => version === 1)).toBe(true)
  })

  test('win over the files they were seeded from', async () => {
    const store = documents()
    await governingDocuments(store, seed, 5)
    await store.putDocument('hall', { ...demoHall, phone: '0769-54321' }, 'staff', 6)
    const stricter = { ...epidemicRules, health: { tries: 1 } }
    await store.putDocument('rules/epidemic-2020', stricter, 'staff', 6)
    const { hall, rules } = await governingDocuments(store, seed, 7)
    expect(hall.phone).toBe('0769-54321')
    expect(rules).toEqual({ set: stricter, version: 2 })
  })

  test("are governed by the rule set that the store's hall names", async () => {
    const store = documents()
    const calm = { ...epidemicRules, name: 'calm', asks: ['appointment', 'capacity'] }
    await store.putDocument('hall', { ...demoHall, rules: 'calm' }, 'staff', 6)
    await expect(governingDocuments(store, seed, 7)).rejects.toThrow('has no document "rules/calm"')
    await store.putDocument('rules/calm', calm, 'staff', 8)
    expect((await governingDocuments(store, seed, 9)).rules).toEqual({ set: calm, version: 1 })
  })

  test('stop the start when they are wrong, and say which document', async () => {
    const store = documents()
    await store.putDocument('hall', { ...demoHall, capacity: -5 }, 'staff', 6)
    await expect(governingDocuments(store, seed, 7)).rejects.toThrow(
      'hall store, document "hall": capacity: found -5; ',
    )
  })
})

describe('The log', () => {
  test('writes one line a fact, and tells why an error happened', () => {
    let text = ''
    const log = logTo({ write: (line: string) => (text += line) } as unknown as NodeJS.WritableStream)
    const cause = Object.assign(new Error('refused\nby peer'), { code: 'ECONNREFUSED' })
    log('no health result', { error: new Error('offline', { cause }), tries: 2 })
    log('started')
    const [first = '', second = '', rest] = text.split('\n')
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z no health result \{/)
    expect(JSON.parse(first.slice(first.indexOf('{')))).toEqual({
      error: {
        name: 'Error',
        message: 'offline',
        cause: { name: 'Error', code: 'ECONNREFUSED', message: 'refused\nby peer' },
      },
      tries: 2,
    })
    expect(second).toMatch(/Z started$/)
    expect(rest).toBe('')
  })
})
