import { DeviceError } from '../errors.ts'
import { tcpRelayMaster } from '../gates/modbus-tcp-relay/codec.ts'
import { readRelays } from '../lib/modbus-relays.ts'
import { ask } from './ask.ts'
import { candidate, evidenceOf } from './candidates.ts'
import { listenOn } from './ear.ts'
import type { Identified } from './found.ts'
import type { IdentifyOptions } from './identify-port.ts'
import { framed, type Probe } from './probe.ts'
import { askStatus, isPrinter } from './probes/printers.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

const modbusPort = 502
/** As delivered. */
const unit = 1
const board = tcpRelayMaster(unit)

/** A printer says one byte, and so is asked nothing else. */
const printer: Probe = {
  kind: 'receipt-printer',
  bauds: [],
  asks: [askStatus],
  waitMs: 1000,
  settleMs: 300,
  proven: isPrinter,
  suggestions: [],
}

/** Reads eight relays. */
const relayBoard: Probe = {
  kind: 'gate',
  bauds: [],
  asks: [board.encode({ transaction: 1, body: readRelays })],
  waitMs: 1000,
  proven: framed(board, ({ body }) => body.type === 'bits'),
  suggestions: [],
}

/**
 * What answers at an address that somebody typed. Nothing is searched for in the network. Port 502 belongs to Modbus and is asked
 * for its relays; everybody else is asked whether it is a printer. Rejects with the DeviceError of a connection that fails.
 */
export async function identifyAddress(
  { host, port }: Address,
  { openLink, clock, signal }: Pick<IdentifyOptions, 'openLink' | 'clock' | 'signal'>,
): Promise<Identified> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new DeviceError('bad-config', `${host}: ${port} is no port; printers mostly have 9100`)
  const probe = port === modbusPort ? relayBoard : printer
  const link = await openLink({ type: 'tcp', host, port, onClose: 'reset' }, signal)
  try {
    const ear = listenOn(link, clock, signal)
    const proven = (await ask({ link, ear, clock, signal }, probe)) === 'proven'
    if (!proven) return { candidates: [], heard: ear.length > 0, withheld: [] }
  } finally {
    await link.close()
  }
  const found = evidenceOf.answeredAt(`${host}:${port}`)
  const place = { id: `tcp:${host}:${port}`, path: host, transport: 'tcp' } as const
  const proposed =
    probe === printer
      ? await candidate(
          place,
          {
            driver: 'escpos',
            options: { profile: 'generic-80', transport: { type: 'tcp', host, port } },
            toBeSet: ['profile'],
          },
          found,
        )
      : await candidate(place, { driver: 'modbus-tcp-relay', options: { host, port, unit } }, found)
  return { candidates: [proposed], heard: true, withheld: [] }
}
