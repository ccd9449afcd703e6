import type { Step } from '../../lib/frames.ts'

/**
 * One ESC/POS command as a printer's parser sees it. `name` is "ESC @", "GS (H"… ; "text" for printable bytes, "LF" and
 * the like for single controls, "unknown" for what no manual we follow describes.
 */
export interface EscposCommand {
  readonly name: string
  /** The bytes behind the opcode, lengths included; the text itself for "text". */
  readonly parameters: Uint8Array
}

const prefixes: Readonly<Record<number, string>> = { 16: 'DLE', 19: 'DC3', 27: 'ESC', 28: 'FS', 29: 'GS' }
const singles: Readonly<Record<number, string>> = { 0: 'NUL', 9: 'HT', 10: 'LF', 13: 'CR' }

/** How many parameter bytes follow an opcode. */
const fixedLengths: Readonly<Record<string, number>> = {
  ...{ 'ESC @': 0, 'ESC 2': 0, 'ESC i': 0, 'ESC m': 0, 'ESC v': 0, 'FS &': 0, 'FS .': 0 },
  ...{ 'ESC M': 1, 'ESC  ': 1, 'ESC 3': 1, 'ESC {': 1, 'ESC a': 1, 'ESC E': 1, 'ESC -': 1, 'ESC t': 1 },
  ...{
    'ESC R': 1,
    'ESC d': 1,
    'ESC J': 1,
    'ESC !': 1,
    'FS C': 1,
    'FS !': 1,
    'FS -': 1,
    'GS !': 1,
    'GS B': 1,
  },
  ...{
    'GS a': 1,
    'GS r': 1,
    'GS I': 1,
    'GS h': 1,
    'GS w': 1,
    'GS H': 1,
    'DLE \x04': 1,
    'DLE \x05': 1,
    'GS Z': 1,
  },
  ...{ 'ESC $': 2, 'ESC \\': 2, 'ESC c': 2, 'ESC B': 2, 'FS S': 2, 'GS L': 2, 'GS W': 2, 'ESC p': 3 },
}

/** The command at the front of the bytes; `more` while its parameters are still on the way. */
export function readCommand(bytes: Uint8Array): Step<EscposCommand> {
  const [first, second] = bytes
  if (first === undefined) return 'more'
  if (first >= 0x20) return { frame: { name: 'text', parameters: textAt(bytes) }, used: textAt(bytes).length }
  const prefix = prefixes[first]
  if (prefix === undefined) {
    const single = singles[first]
    return single ? command(single, bytes, { opcode: 1, parameters: 0 }) : unknown(bytes, 1)
  }
  if (second === undefined) return 'more'
  const opcode = `${prefix} ${String.fromCharCode(second)}`
  const fixed = fixedLengths[opcode]
  if (fixed !== undefined) return command(opcode, bytes, { opcode: 2, parameters: fixed })
  return variableOpcodes.has(opcode) ? variable(opcode, bytes) : unknown(bytes, 2)
}

const variableOpcodes = new Set([
  'GS (',
  'ESC (',
  'GS v',
  'GS V',
  'GS k',
  'GS e',
  'ESC Z',
  'DC3 P',
  'DLE \x14',
])

function variable(opcode: string, bytes: Uint8Array): Step<EscposCommand> {
  const third = bytes[2]
  if (third === undefined) return 'more'
  switch (opcode) {
    case 'GS (':
    case 'ESC (': {
      const length = word(bytes, 3)
      if (length === undefined) return 'more'
      return command(`${opcode}${String.fromCharCode(third)}`, bytes, { opcode: 3, parameters: 2 + length })
    }
    case 'GS v': {
      const [widthBytes, rows] = [word(bytes, 4), word(bytes, 6)]
      if (widthBytes === undefined || rows === undefined) return 'more'
      return command('GS v0', bytes, { opcode: 3, parameters: 5 + widthBytes * rows })
    }
    case 'GS V':
      return command('GS V', bytes, { opcode: 2, parameters: third === 0x41 || third === 0x42 ? 2 : 1 })
    case 'GS k':
      return barcode(third, bytes)
    case 'GS e':
      // Only "present" says how far.
      return command('GS e', bytes, { opcode: 2, parameters: third === 3 ? 2 : 1 })
    case 'ESC Z': {
      const length = word(bytes, 5)
      return length === undefined ? 'more' : command('ESC Z', bytes, { opcode: 2, parameters: 5 + length })
    }
    case 'DC3 P':
      return masungQr(bytes)
    case 'DLE \x14':
      return command('DLE \x14', bytes, { opcode: 2, parameters: third === 8 ? 8 : 3 })
    default:
      return unknown(bytes, 2)
  }
}

/** Old form: data up to 00. New form (from 41h): a length byte first. */
function barcode(system: number, bytes: Uint8Array): Step<EscposCommand> {
  if (system < 0x41) {
    const end = bytes.indexOf(0, 3)
    return end < 0 ? 'more' : command('GS k', bytes, { opcode: 2, parameters: end - 1 })
  }
  const length = bytes[3]
  return length === undefined ? 'more' : command('GS k', bytes, { opcode: 2, parameters: 2 + length })
}

/** DC3 P H: function 5 stands alone, 4 takes data up to 00, the others one number. */
function masungQr(bytes: Uint8Array): Step<EscposCommand> {
  const [, , h, step] = bytes
  if (h !== 0x48) return unknown(bytes, 2)
  if (step === undefined) return 'more'
  const end = bytes.indexOf(0, 5)
  if (step === 4 && end < 0) return 'more'
  const parameters = step === 5 ? 1 : step === 4 ? end - 2 : 2
  return command('DC3 PH', bytes, { opcode: 3, parameters })
}

function command(
  name: string,
  bytes: Uint8Array,
  length: { readonly opcode: number; readonly parameters: number },
): Step<EscposCommand> {
  const used = length.opcode + length.parameters
  if (bytes.length < used) return 'more'
  return { frame: { name, parameters: bytes.slice(length.opcode, used) }, used }
}

function unknown(bytes: Uint8Array, used: number): Step<EscposCommand> {
  return { frame: { name: 'unknown', parameters: bytes.slice(0, used) }, used }
}

function textAt(bytes: Uint8Array): Uint8Array {
  const end = bytes.findIndex((byte) => byte < 0x20)
  return bytes.slice(0, end < 0 ? bytes.length : end)
}

function word(bytes: Uint8Array, offset: number): number | undefined {
  const [low, high] = [bytes[offset], bytes[offset + 1]]
  return low === undefined || high === undefined ? undefined : low + 256 * high
}
