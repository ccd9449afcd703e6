import { framedReader } from '../../lib/wire/framed-reader.ts'
import type { OpenWire, Vary } from '../../lib/wire/wire.ts'
import { type EscposCommand, readCommand } from './command-reader.ts'
import { type PrinterAnswer, printerAnswers } from './status.ts'

/**
 * Commands out, states in. Of what is printed nothing is shown but its length: text, pictures, codes, and whatever no manual
 * we follow describes. Silence ends nothing: a printer waits for the rest of a picture for ever.
 */
export const wire: OpenWire<unknown> = () => ({
  toDevice: framedReader({
    decode: readCommand,
    maxLength: LONGEST_COMMAND,
    gapMs: null,
    describe: commandText,
    harmless: harmlessCommand,
  }),
  fromDevice: framedReader({
    decode: printerAnswers.decode,
    describe: answerText,
    harmless: harmlessAnswer,
  }),
})

/** A picture of a whole slip at 80 mm. */
const LONGEST_COMMAND = 262_144

/** Commands whose parameters set something; those of all others may be what is printed. */
const settings = new Set([
  ...['NUL', 'HT', 'LF', 'CR', 'ESC @', 'ESC 2', 'ESC i', 'ESC m', 'ESC v', 'FS &', 'FS .', 'ESC M', 'ESC  '],
  ...[
    'ESC 3',
    'ESC {',
    'ESC a',
    'ESC E',
    'ESC -',
    'ESC t',
    'ESC R',
    'ESC d',
    'ESC J',
    'ESC !',
    'FS C',
    'FS !',
  ],
  ...['FS -', 'FS S', 'GS !', 'GS B', 'GS a', 'GS r', 'GS I', 'GS V', 'GS e', 'GS L', 'GS W', 'GS (H'],
  ...['ESC $', 'ESC \\', 'DLE \x04', 'DLE \x05', 'DLE \x14'],
])

function commandText({ name, parameters }: EscposCommand): string {
  const readable = name
    .replace('DLE \x04', 'DLE EOT')
    .replace('DLE \x05', 'DLE ENQ')
    .replace('DLE \x14', 'DLE DC4')
  if (name === 'text') return `text of ${parameters.length} bytes`
  if (settings.has(name)) return [readable, ...parameters].join(' ')
  return name === 'unknown'
    ? `${parameters.length} bytes no manual explains`
    : `${readable} with ${parameters.length} bytes`
}

/** Lengths stay, or the printer would take what follows for something else. */
function harmlessCommand({ name, parameters }: EscposCommand, vary: Vary, bytes: Uint8Array) {
  if (settings.has(name)) return undefined
  const from = bytes.length - parameters.length + headOf(name)
  const harmless = Uint8Array.from(bytes)
  const filler = name === 'GS v0' || name === 'unknown' ? 0 : 0x58
  const to = name === 'DC3 PH' && parameters[0] === 4 ? bytes.length - 1 : bytes.length
  if (from < to) harmless.set(vary(new Uint8Array(to - from).fill(filler)), from)
  return harmless
}

/** Parameters of a command that say what follows and how much of it. */
const headBytes: Readonly<Record<string, number>> = {
  ...{ 'GS (k': 5, 'GS v0': 5, 'ESC Z': 5, 'DC3 PH': 2, 'GS k': 2 },
}
const headOf = (name: string) => headBytes[name] ?? (name.includes(' (') ? 2 : 0)

function answerText(answer: PrinterAnswer): string {
  switch (answer.type) {
    case 'eot':
      return `status ${answer.byte.toString(2).padStart(8, '0')}`
    case 'asb':
      return `automatic status ${[...answer.bytes].map((byte) => byte.toString(2).padStart(8, '0')).join(' ')}`
    case 'byte':
      return `answer of one byte`
    case 'process-id':
      return `printed up to job ${answer.processId}`
    case 'cleared':
      return 'buffers cleared'
    case 'block':
      return `block of ${answer.bytes.length} bytes`
  }
}

/** A scanner on the printer's port sends bytes that look like answers: only those no code has are shown. */
function harmlessAnswer(answer: PrinterAnswer, vary: Vary, bytes: Uint8Array): Uint8Array | undefined {
  if (answer.type === 'byte' && answer.byte >= 0x20) return vary(Uint8Array.of(0))
  if (answer.type !== 'block') return undefined
  const filler = vary(new Uint8Array(bytes.length - 2).fill(0x58))
  return Uint8Array.from([bytes[0] ?? 0, ...filler, 0])
}
