import type { Kind } from '../kinds.ts'
import { candidate, evidenceOf } from './candidates.ts'
import type { Candidate, FoundPort } from './found.ts'
import { isDcttech, isPosScanner, looksLikeScanner, samIdentity } from './known-usb.ts'

/** What a port's own identity says. Not a byte is sent, and nothing is opened. */
export async function byIdentity(port: FoundPort): Promise<Candidate[]> {
  const { transport, path, usb, hid } = port
  if (transport === 'usb' && path === samIdentity)
    return [
      await candidate(
        port,
        { driver: 'sam-usb', options: {} },
        evidenceOf.identity(port, 'an ID card reader'),
      ),
    ]
  if (transport === 'hid' && isPosScanner(hid))
    return [
      await candidate(
        port,
        { driver: 'hid-pos', options: {} },
        evidenceOf.identity(port, 'a point-of-sale scanner'),
      ),
    ]
  if (transport === 'hid' && usb && isDcttech(usb)) {
    // Which light hangs on which relay nobody but a person knows.
    const options = { lights: { 'id-card-reader': 1 } }
    const board = usb.product ?? 'a relay board'
    return [
      await candidate(
        port,
        { driver: 'dcttech-hid-relay', options, toBeSet: ['lights'] },
        evidenceOf.identity(port, board),
      ),
    ]
  }
  return transport === 'file' ? [await printer(port)] : []
}

/** What a serial device's USB identity excludes: no relay board has the identity of a maker of scan heads. */
export function kindByIdentity({ transport, usb }: FoundPort): Kind | undefined {
  return transport === 'serial' && usb && looksLikeScanner(usb) ? 'code-scanner' : undefined
}

/** By what a printer tells of itself, the profile that knows it. */
const profiles: readonly (readonly [RegExp, string])[] = [
  [/TM-?T70/i, 'epson-tm-t70ii-ch'],
  [/TM-?T88V\b/i, 'epson-tm-t88v'],
  [/TM-?T88/i, 'epson-tm-t88iii'],
  [/BT-?T080/i, 'snbc-bt-t080'],
  [/KPM-?216/i, 'custom-kpm216h'],
  [/VKP-?80/i, 'custom-vkp80ii'],
  [/PPU-?231/i, 'citizen-ppu-231ii'],
  [/MS-?D347/i, 'masung-ms-d347'],
  [/(^|\D)58(\D|$)/, 'generic-58'],
]

/** A question would be the first page of an office printer, so a printer on USB is not asked. */
async function printer(port: FoundPort): Promise<Candidate> {
  const { usb, printer: id = '' } = port
  const words = [usb?.manufacturer, usb?.product, id].filter((word) => word !== undefined).join(' ')
  const [, profile] = profiles.find(([pattern]) => pattern.test(words)) ?? []
  return candidate(
    port,
    {
      driver: 'escpos',
      options: { profile: profile ?? 'generic-80' },
      toBeSet: profile?.startsWith('generic') === false ? [] : ['profile'],
    },
    evidenceOf.identity(port, usb?.product ?? 'a printer'),
  )
}
