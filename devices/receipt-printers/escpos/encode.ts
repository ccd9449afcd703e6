import { transform } from 'receiptline'
import { DeviceError } from '../../errors.ts'
import type { PrintDocument } from '../../kinds.ts'
import { type Confirmation, escposCommands } from './commands.ts'
import { toMarkup } from './markup.ts'
import type { PrinterProfile } from './profile.ts'
import type { Glyphs } from './text.ts'

export interface EncodeOptions {
  /** 4 characters, printable ASCII: what the printer sends back when it is done. */
  readonly processId: string
  /** What to ask for behind the cut; left out, the best the profile is known to have. */
  readonly confirm?: Confirmation['type'] | undefined
  /** Glyphs of what the printer's own font lacks; a line that needs one is drawn. */
  readonly drawn?: Glyphs | undefined
}

/**
 * The bytes of one job: reset, content, one cut, confirmation request. Pure. Throws a DeviceError `unsupported` that
 * names the character (or the QR code) which this printer cannot print.
 */
export function encode(document: PrintDocument, profile: PrinterProfile, options: EncodeOptions): Uint8Array {
  const { processId, confirm = bestConfirmation(profile), drawn } = options
  if (!/^[\x20-\x7e]{4}$/.test(processId))
    throw new DeviceError('unsupported', 'a process id has 4 printable ASCII characters')
  const confirmation: Confirmation =
    confirm === 'process-id' ? { type: confirm, processId } : { type: confirm }
  const result = transform(toMarkup(document, profile, drawn), {
    cpl: profile.columns,
    encoding: profile.encoding,
    spacing: true,
    cutting: true,
    gradient: false,
    threshold: 128,
    command: escposCommands(profile, confirmation),
  })
  // receiptline answers with one character a byte.
  return Buffer.from(result, 'latin1')
}

function bestConfirmation({ status }: PrinterProfile): Confirmation['type'] {
  if (status.gsH48 === true) return 'process-id'
  return status.gsr ? 'reached' : 'none'
}
