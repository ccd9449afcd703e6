import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { isOneOrTwoBytes } from '../../devices/receipt-printers/escpos/text.ts'
import { glyphCharacters, readGlyphs, writeGlyphs } from '../../kiosk-agent/paper/glyphs/glyph-file.ts'
import { glyphFile, rareGlyphs } from '../../kiosk-agent/paper/glyphs/rare-glyphs.ts'
import { createPrintJournal } from '../../kiosk-agent/paper/print-journal.ts'
import { standardRareCharacters } from '../glyphs/standard-rare-characters.ts'
import { printerSetup } from '../support/escpos-printer.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { openDoor } from './support/door-bench.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function fileOf(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hall-kiosk-glyphs-'))
  folders.push(folder)
  const file = join(folder, 'glyphs.bin')
  await writeFile(file, bytes)
  return file
}

const dot = { width: 12, rows: Array.from({ length: 24 }, (_, row) => (row === 5 ? 0x800000 : 0)) }
const line = { width: 24, rows: Array.from({ length: 24 }, () => 0xffffff) }

describe('The glyphs for rare characters', () => {
  test('are there for the rare characters of the standard table, and for all a printer has itself', async () => {
    const characters = await glyphCharacters(glyphFile)
    expect([...standardRareCharacters].filter((char) => isOneOrTwoBytes(char))).toEqual([])
    expect([...standardRareCharacters].filter((char) => !characters.has(char))).toEqual([])
    const basic = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
    const common = basic.filter((char) => !/[\p{C}\p{Z}]/u.test(char) && isOneOrTwoBytes(char))
    expect(common.filter((char) => !characters.has(char))).toEqual([])
  })

  test('are there for the letters of Vietnamese, Turkish and Polish names, but not for marks, emoji or private use', async () => {
    const characters = await glyphCharacters(glyphFile)
    expect([...'ĂăÂâĐđÊêÔôƠơƯưẠạẾếỄễỰựĞğİıŞşŁłŻżœß'].filter((char) => !characters.has(char))).toEqual([])
    expect([...'\u0301\ufe0f\u200d😀\ue000'].filter((char) => characters.has(char))).toEqual([])
  })

  test('hold ink, within their width', async () => {
    const characters = await glyphCharacters(glyphFile)
    const some = [...characters].filter((_, at) => at % 16 === 0)
    const glyphs = await readGlyphs(glyphFile, some)
    expect(glyphs.size).toBe(some.length)
    const wrong = [...glyphs].filter(([, { width, rows }]) => {
      const ink = rows.reduce((all, row) => all | row, 0)
      return ink === 0 || (width === 12 ? (ink & 0xfff) !== 0 : width !== 24)
    })
    expect(wrong.map(([char]) => char)).toEqual([])
  })

  test('are the ones that were looked at', async () => {
    const [file, readme] = await Promise.all([
      readFile(glyphFile),
      readFile(join(glyphFile, '..', 'README.md'), 'utf8'),
    ])
    expect(readme).toContain(createHash('sha256').update(file).digest('hex'))
  })

  test('come back as they were written, and only the ones asked for', async () => {
    const written = writeGlyphs(new Map([...[['𠮷', line] as const], ['é', dot], ['㐀', dot]]))
    expect(written.toString('hex', 0, 20)).toBe('484b473103000000' + '2c1d0000' + '0c800600' + 'f8764100')
    const read = await readGlyphs(await fileOf(written), '𠮷é一')
    expect(read).toEqual(new Map([...[['𠮷', line] as const], ['é', dot]]))
  })
})

describe('A file of glyphs that cannot be read', () => {
  /** What becomes of a slip with a rare name, through the real driver. */
  async function slipWith(file: string) {
    const setup = printerSetup()
    const printer = await setup.start()
    const [states, logged]: [string[], string[]] = [[], []]
    const source = rareGlyphs({ clock: fakeClock(), log: (message) => logged.push(message), file })
    let read = false
    const journal = createPrintJournal({
      printer: () => printer,
      clock: setup.clock,
      log: (message) => logged.push(message),
      record: async () => {},
      note: async () => {},
      ready: () => true,
      signal: new AbortController().signal,
      onChange: (_slipCode, state) => states.push(state),
      glyphs: (characters) =>
        source(characters).finally(() => {
          read = true
        }),
    })
    const document = [{ type: 'pair' as const, label: '姓名', value: '𠮷*' }]
    journal.print({ slipCode: 'A1', document: () => document, notAfter: setup.clock.monotonic() + 60_000 })
    // The file is a real one: until it was read, the time of the slip stands still.
    await vi.waitFor(() => expect(read).toBe(true))
    await setup.clock.until(journal.drained())
    expect(JSON.stringify(logged)).not.toContain('𠮷')
    return { states, logged, slips: setup.printer.slips.length }
  }

  test('whole, prints', async () => {
    expect(await slipWith(glyphFile)).toEqual({ states: ['printing', 'printed'], logged: [], slips: 1 })
  })

  test('missing, cut off, or something else, costs the slip and is logged', async () => {
    const cutOff = await fileOf(await readFile(glyphFile))
    await truncate(cutOff, (await stat(cutOff)).size - 1)
    const files = [
      '/nowhere/glyphs.bin',
      cutOff,
      await fileOf(Buffer.from('HKG1')),
      await fileOf(Buffer.from('nonsense, and more of it')),
    ]
    for (const file of files) {
      const { states, logged, slips } = await slipWith(file)
      expect(states).toEqual(['printing', 'failed'])
      expect(logged).toEqual(['no glyphs for rare characters: a slip that needs them cannot be printed'])
      expect(slips).toBe(0)
    }
  })

  test('by a disk that hangs is given up, so that the next slip has its turn', async () => {
    const clock = fakeClock()
    const reading = rareGlyphs({ clock, log: () => {}, file: glyphFile })(new Set('𠮷'))
    const failed = expect(reading).rejects.toThrow('could not be read within 3000 ms')
    await clock.advance(3000)
    await failed
  })
})

test('A slip that cannot be printed keeps nobody out', async () => {
  const { printer, visit, outcome } = await openDoor()
  printer.print = async () => ({ outcome: 'not-started', fault: 'unprintable', paperLow: false })
  await visit()
  expect(await outcome()).toMatchObject({ decision: 'admit', lane: 'open', slip: 'failed' })
})
