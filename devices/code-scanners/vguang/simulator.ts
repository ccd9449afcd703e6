import { frames } from '../../lib/frames.ts'
import { encodeCode } from '../../lib/lines.ts'
import { type HeadSimulation, type ScannerControls, simulatedHead } from '../../lib/simulated-head.ts'
import type { Simulator } from '../../simulation.ts'
import { blockBytes, Command, heartbeat, obeyed, type VguangReply, vguangHead } from './codec.ts'

export interface VguangSimulation extends HeadSimulation {
  readonly prefix?: string
  readonly aimId?: boolean
  readonly aim?: string
  /** Replies fill whole blocks, as on heads that pass USB reports through. */
  readonly blocks?: boolean
}

export interface VguangControls extends ScannerControls {
  readonly scanning: boolean
  readonly lit: boolean
  /** The text some heads send by themselves, bare or as if it were a code. */
  heartbeat(how: 'bare' | 'framed'): Promise<void>
  /** A head that hears and says nothing. */
  silent(silent: boolean): void
  /** A head that answers every command with a refusal. */
  refusing(refusing: boolean): void
  /** Every check byte is wrong. */
  garble(garbled: boolean): void
}

const flagRefused = 0x01

/** A Vguang head made of software. As delivered it does not scan until it is told to. */
export function simulateVguang(options: VguangSimulation = {}): Simulator<VguangControls> {
  const { prefix = '', aimId = false, aim = ']Q1' } = options
  const format = { prefix: Buffer.from(prefix, 'hex'), aimId, maxLength: Infinity }
  const head = simulatedHead(options)
  const state = { scanning: false, lit: false, silent: false, refusing: false, garbled: false }

  function framed(reply: VguangReply): Uint8Array {
    const bytes = vguangHead.encode(reply)
    if (state.garbled) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff
    if (!options.blocks) return bytes
    const padded = new Uint8Array(Math.ceil(bytes.length / blockBytes) * blockBytes)
    padded.set(bytes)
    return padded
  }

  const code = (data: Uint8Array) => framed({ command: Command.code, flag: obeyed, data })

  async function obey(command: number, value: number) {
    if (state.silent) return
    if (!state.refusing && command === Command.scan) state.scanning = value === 0
    if (!state.refusing && command === Command.light) state.lit = value === 1
    await head.send(framed({ command, flag: state.refusing ? flagRefused : obeyed, data: new Uint8Array() }))
  }

  return {
    attach(far) {
      head.attach(far)
      const listen = async () => {
        for await (const { command, data } of frames(far.bytes, vguangHead)) await obey(command, data[0] ?? 0)
      }
      void listen()
    },
    controls: {
      get scanning() {
        return state.scanning
      },
      get lit() {
        return state.lit
      },
      show: (shown) =>
        head.show(shown, (bytes) =>
          state.scanning && !state.silent ? code(encodeCode(format, { bytes, aim })) : undefined,
        ),
      heartbeat: (how) => head.send(how === 'bare' ? Buffer.from(heartbeat) : code(Buffer.from(heartbeat))),
      silent(silent) {
        state.silent = silent
      },
      refusing(refusing) {
        state.refusing = refusing
      },
      garble(garbled) {
        state.garbled = garbled
      },
    },
  }
}
