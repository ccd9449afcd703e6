import { systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import { encodeCode } from '../../lib/lines.ts'
import { type HeadSimulation, type ScannerControls, simulatedHead } from '../../lib/simulated-head.ts'
import type { Simulator } from '../../simulation.ts'
import { codeBytesInPacket, Opcode, type SsiPacket, Status, ssiDecoder } from './codec.ts'

export interface ZebraSsiSimulation extends HeadSimulation {
  readonly prefix?: string
  readonly aimId?: boolean
  readonly aim?: string
  /** `presentation`: reads by itself. `host`: reads one code in a session the host started. */
  readonly mode?: 'presentation' | 'host'
  readonly revision?: string
  /** A packet that is not acknowledged is sent again after so long, twice. */
  readonly resendMs?: number
}

export interface ZebraSsiControls extends ScannerControls {
  readonly session: boolean
  /** Packets that nobody acknowledged, even sent again. */
  readonly abandoned: number
  /** A decoder that hears and says nothing. */
  silent(silent: boolean): void
  /** Refuses commands with this cause. */
  refuse(cause: number | undefined): void
  /** The next so many acknowledgements do not arrive. */
  loseAcknowledgements(count: number): void
  /** The next so many packets of a code arrive with a wrong check. */
  garble(count: number): void
}

/** Type byte of a QR code. */
const qrCode = 0x1c
const attempts = 3

/** A decoder made of software that speaks SSI, with acknowledgement switched on as delivered. */
export function simulateZebraSsi(options: ZebraSsiSimulation = {}): Simulator<ZebraSsiControls> {
  const { prefix = '', aimId = false, aim = ']Q1', mode = 'presentation', resendMs = 500 } = options
  const { clock = systemClock, noise = new Uint8Array(), repeats = 0, repeatEveryMs = 100 } = options
  const { revision = 'PAABLS00-001-R00 20 02' } = options
  const format = { prefix: Buffer.from(prefix, 'hex'), aimId, maxLength: Infinity }
  const head = simulatedHead(options)
  const state = { session: false, silent: false, abandoned: 0, lostAcks: 0, garbled: 0 }
  let refusal: number | undefined
  let acknowledged: (() => void) | undefined

  async function obey({ opcode }: SsiPacket) {
    if (state.silent) return
    if (opcode === Opcode.acknowledge) {
      if (state.lostAcks > 0) state.lostAcks--
      else acknowledged?.()
      return
    }
    if (refusal !== undefined) return say(Opcode.refuse, Uint8Array.of(refusal))
    if (opcode === Opcode.requestRevision) return say(Opcode.replyRevision, Buffer.from(revision))
    if (opcode === Opcode.startSession) state.session = true
    if (opcode === Opcode.stopSession) state.session = false
    await say(Opcode.acknowledge, new Uint8Array())
  }

  const say = (opcode: number, data: Uint8Array) => head.send(ssiDecoder.encode({ opcode, status: 0, data }))

  /** False: nobody acknowledged, and the rest of the code is not sent. */
  async function deliver(data: Uint8Array, status: number): Promise<boolean> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const again = attempt > 0 ? Status.sentAgain : 0
      const packet = ssiDecoder.encode({ opcode: Opcode.decodeData, status: status | again, data })
      if (state.garbled > 0) {
        state.garbled--
        packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 0xff
      }
      const answered = Promise.withResolvers<boolean>()
      acknowledged = () => answered.resolve(true)
      await head.send(Buffer.concat([noise, packet]))
      const enough = new AbortController()
      const tooLate = clock.sleep(resendMs, enough.signal).then(
        () => false,
        () => false,
      )
      const heard = await Promise.race([answered.promise, tooLate])
      enough.abort()
      if (heard) return true
    }
    state.abandoned++
    return false
  }

  async function read(code: Uint8Array) {
    if (state.silent || (mode === 'host' && !state.session)) return
    state.session = false
    const bytes = encodeCode(format, { bytes: code, aim })
    for (let from = 0; from < bytes.length; from += codeBytesInPacket) {
      const part = bytes.subarray(from, from + codeBytesInPacket)
      const more = from + codeBytesInPacket < bytes.length ? Status.moreFollow : 0
      if (!(await deliver(Uint8Array.of(qrCode, ...part), more))) return
    }
  }

  return {
    attach(far) {
      head.attach(far)
      const listen = async () => {
        for await (const packet of frames(far.bytes, ssiDecoder)) await obey(packet)
      }
      void listen()
    },
    controls: {
      get session() {
        return state.session
      },
      get abandoned() {
        return state.abandoned
      },
      async show(code) {
        for (let reading = 0; reading <= repeats; reading++) {
          if (reading > 0) await clock.sleep(repeatEveryMs)
          await read(typeof code === 'string' ? Buffer.from(code) : code)
        }
      },
      silent(silent) {
        state.silent = silent
      },
      refuse(cause) {
        refusal = cause
      },
      loseAcknowledgements(count) {
        state.lostAcks = count
      },
      garble(count) {
        state.garbled = count
      },
    },
  }
}
