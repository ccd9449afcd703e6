import { asDeviceError, DeviceError } from '../../errors.ts'
import type { ReportLink } from '../../link/link.ts'
import { type BoardState, readState, relayCount, STATE_BYTES, switchRelay } from './codec.ts'

/** Lent by the maker of V-USB to everybody's gadgets: the texts tell whose this one is. */
export const usbIdentity = { vendorId: 0x16c0, productId: 0x05df } as const
export const manufacturer = 'www.dcttech.com'

/** An open board that proved what it is. Relays count from 1. */
export interface Board {
  readonly name: string
  readonly relays: number
  /** Bit 0 is relay 1. */
  read(): Promise<number>
  isOn(bits: number, relay: number): boolean
  /** Switches one relay and reads it back; rejects with `refused` when it did not obey. */
  set(relay: number, on: boolean): Promise<void>
}

/** Nothing is written before maker, product and a readable state have proved that it is this board. */
export async function openBoard(link: ReportLink): Promise<Board> {
  const relays = relayCount(link.texts.product)
  if (link.texts.manufacturer !== manufacturer || relays === undefined)
    throw new DeviceError(
      'wrong-device',
      `${link.name}: it calls itself "${link.texts.manufacturer ?? ''} ${link.texts.product ?? ''}"; expected ` +
        `"${manufacturer} USBRelay1" to "USBRelay8" (a clone "HIDRelay" cannot tell its state and is not driven)`,
    )
  const { name } = await readBoard(link)
  const write = writer(link)
  const read = async () => (await readBoard(link)).relays
  const isOn = (bits: number, relay: number) => ((bits >> (relay - 1)) & 1) === 1

  async function obeyed(relay: number, on: boolean): Promise<boolean> {
    return isOn(await read(), relay) === on
  }

  return {
    name,
    relays,
    read,
    isOn,
    async set(relay, on) {
      if (await write(switchRelay(relay, on), () => obeyed(relay, on))) return
      throw new DeviceError('refused', `${link.name}: relay ${relay} did not switch ${on ? 'on' : 'off'}`)
    },
  }
}

/**
 * Systems differ in which way a report reaches the board. The way that was seen to work is kept; a lamp may be told twice,
 * so both are tried.
 */
function writer({ sendFeature, writeOutput, closed }: ReportLink) {
  let ways = [sendFeature, writeOutput]
  return async (report: Uint8Array, obeyed: () => Promise<boolean>): Promise<boolean> => {
    for (const way of ways) {
      const taken = await way(report).then(
        () => true,
        (error) => {
          if (closed.aborted) throw error
          return false
        },
      )
      if (!taken || !(await obeyed())) continue
      ways = [way, ...ways.filter((other) => other !== way)]
      return true
    }
    return false
  }
}

/** Some systems give the answer to report 1 alone, others to report 0 alone. */
async function readBoard(link: ReportLink): Promise<BoardState> {
  for (const reportId of [1, 0]) {
    const answer = await link.getFeature(reportId, STATE_BYTES).catch((error) => {
      if (asDeviceError(error, 'refused', link.name).code !== 'refused') throw error
    })
    const state = answer && readState(answer)
    if (state) return state
  }
  throw new DeviceError('bad-answer', `${link.name}: it does not tell its name and the state of its relays`)
}
